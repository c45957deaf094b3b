package front

import (
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"jsh/ptytest"
)

// lacking opens a jsh that lacks a rule.
func lacking(t *testing.T, rule string) *session {
	t.Helper()
	t.Parallel()
	s := open(t, "jsh", ptytest.Options{Argv: []string{ptytest.JSH(t), "--without", rule}})
	if !strings.Contains(s.Screen(), "lacks a rule") || !strings.Contains(s.Screen(), "[without "+rule+"] ") {
		t.Errorf("neither banner nor prompt says what is missing:\n%s", s.Screen())
	}
	return s
}

// waitAsleep waits until that many sleeps of the session sleep.
func (s *session) waitAsleep(n int) {
	s.t.Helper()
	s.WaitFor("sleep to sleep", func() bool {
		asleep := 0
		for _, p := range s.Session() {
			if c := systemCall(p.Pid); p.Comm == "sleep" && len(c) > 0 && (c[0] == "230" || c[0] == "35") {
				asleep++
			}
		}
		return asleep == n
	})
}

func TestAShellWithoutOwnGroupsLosesItsBackgroundJobsToCtrlC(t *testing.T) {
	s := lacking(t, "own-group")
	s.Run("sleep 1000 &")
	back := s.find("sleep")
	if back.Pgid != s.Pid() {
		t.Errorf("%v is not in the shell's group %d", back, s.Pid())
	}
	s.Line("sleep 50")
	s.waitAsleep(2)
	s.Key(ptytest.CtrlC)
	s.WaitPrompt()
	s.WaitGone(back.Pid)
	s.Run("jobs") // the notice came before a prompt, or comes now
	if !strings.Contains(s.Screen(), "Interrupt (SIGINT)  sleep 1000") {
		s.t.Errorf("the shell does not tell that the job is dead:\n%s", s.Screen())
	}
	s.mention("echo still $((1+1))", "still 2")
}

func TestAShellWithoutOwnGroupsCanBeLeftWithAStoppedJob(t *testing.T) {
	s := lacking(t, "own-group")
	s.Line("sleep 1000")
	s.waitAsleep(1)
	// The shell leads the session, so its group is orphaned: ^Z stops nobody.
	s.kill(s.find("sleep").Pid, unix.SIGSTOP)
	s.WaitPrompt()
	s.mention("jobs", `.*Stopped \(SIGSTOP\) +sleep 1000`)
	s.mention("fg", ".*has no process group.*")
	s.Run("kill -CONT %1")
	s.WaitState(s.find("sleep").Pid, "S")
	s.Run("kill %1")
	s.noneLeft()
}

func TestAShellThatDoesNotGiveTheTerminalAwayHasItsJobsStopped(t *testing.T) {
	s := lacking(t, "tcsetpgrp")
	s.mention("cat", `\[1\]\+ Stopped \(SIGTTIN\) +cat`)
	s.mention("fg", `\[1\]\+ Stopped \(SIGTTIN\) +cat`)
	s.Run("kill -KILL %1")
	s.Line("sleep 1000")
	pid := s.find("sleep").Pid
	if fg := s.Foreground(); fg != s.Pid() {
		t.Errorf("group %d has the terminal, the shell is %d", fg, s.Pid())
	}
	s.Key(ptytest.CtrlC)
	s.WaitText("that \\^C came to the shell")
	s.Key(ptytest.CtrlC)
	s.Key(ptytest.CtrlC)
	s.WaitFor("two more", func() bool {
		p, ok := ptytest.Proc(pid)
		if ok && !p.Zombie() {
			s.Key(ptytest.CtrlC) // two that come at once are one signal
		}
		return !ok
	})
	s.WaitPrompt()
	s.mention("echo still $((1+1))", "still 2")
}

func TestAShellThatDoesNotRestoreModesKeepsWhatAKilledJobLeft(t *testing.T) {
	s := lacking(t, "restore-modes")
	s.Run("stty sane")
	s.Run("sh -c 'stty raw -echo; kill -9 $$'")
	s.Line("sleep 1000")
	s.WaitForegroundJob("sleep")
	m := s.Modes()
	if m.Lflag&(unix.ECHO|unix.ICANON) != 0 {
		t.Error("the modes were restored")
	}
	if m.Lflag&unix.ISIG == 0 {
		t.Error("the signal keys are dead: there is no way out")
	}
	s.interrupt("sleep")
	s.Run("stty sane")
	s.Line("sleep 1000")
	s.WaitForegroundJob("sleep")
	if s.Modes().Lflag&(unix.ECHO|unix.ICANON) == 0 {
		t.Error("stty sane did not help")
	}
	s.interrupt("sleep")
}

func TestAShellThatDoesNotReapKeepsZombiesUntilWait(t *testing.T) {
	s := lacking(t, "reap")
	s.Run("true & true &")
	s.WaitFor("two zombies", func() bool { return len(s.Zombies()) == 2 })
	s.mention("ls /dev/null | cat", "/dev/null")
	s.Run(":")
	if n := len(s.Zombies()); n != 2 {
		t.Errorf("%d zombies", n)
	}
	s.mention("jobs", `\[1\]- Running +true &`)
	s.claims(s.why("%1")[0], "zombie, parent-neglects, $wait")
	s.Run("wait")
	s.WaitFor("no zombie", func() bool { return len(s.Zombies()) == 0 })
}

func TestWithoutTakesOnlyRulesAndOnlyForSomebodyWhoTypes(t *testing.T) {
	jsh := ptytest.JSH(t)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--without", "mercy"}, "no such rule"},
		{[]string{"--without"}, "which rule?"},
		{[]string{"--without=reap", "-c", ":"}, "only an interactive shell"},
	} {
		out, err := exec.Command(jsh, c.args...).CombinedOutput()
		ee, ok := err.(*exec.ExitError)
		if !ok || ee.ExitCode() != 2 || !strings.Contains(string(out), c.want) {
			t.Errorf("%v: %v %s", c.args, err, out)
		}
	}
}
