package front

import (
	"testing"

	"jsh/ptytest"
)

// The question of the lecture: after
//
//	find / -name xyz > tmp    ^Z    bg    ls *x* | grep y    ^C
//
// who is dead? find, ls and grep are slow stand-ins here, under their names.
func TestWhoDiesOfInterrupt(t *testing.T) {
	rule(t, "exactly ls and grep die of ^C; find goes on", all, func(s *session) {
		s.Run("mkdir bin; for p in find ls grep; do cp $(command -v sleep) bin/$p; done; touch 1x 2x 3x; PATH=$HOME/bin:$PATH")
		s.Line("find 1000 > tmp") // slow: it sleeps for 1000 seconds
		find := s.stop("find")
		s.waitStopped(find)
		s.Run("bg")
		s.waitRunning(find)
		s.Line("ls 1001 | grep 1002")
		pipe := s.WaitForegroundJob("grep")
		ps := s.waitGroup(pipe, "grep", "ls")
		if ls := s.find("ls"); ls.Pid != pipe {
			t.Errorf("%s: ls is not the leader of %v", s.shell, ps)
		}
		s.Key(ptytest.CtrlC)
		s.WaitPrompt()
		s.waitNoGroup(pipe)
		s.expect("echo $?", "130")
		if left := s.living(find); len(left) != 1 || left[0].Comm != "find" || left[0].Stopped() {
			t.Errorf("%s: find is %v", s.shell, left)
		}
		s.mention("jobs", `\[1\] ?\+ +Running +find 1000 1?> ?tmp( &)?`)
		s.WaitForegroundShell()
	})
}
