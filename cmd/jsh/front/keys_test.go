package front

import (
	"testing"

	"jsh/ptytest"
)

// The terminal's keys and the foreground process group (POSIX.1-2024 XBD
// 11.1.4 and 11.1.9, XCU 2.11).
func TestKeys(t *testing.T) {
	rule(t, "^C ends every process of the foreground pipeline and nothing else", all, func(s *session) {
		bg := s.background("sleep 1000 &")
		s.Line("sleep 1001 | cat")
		fg := s.interrupt("cat")
		s.waitNoGroup(fg)
		if len(s.living(bg)) != 1 {
			t.Errorf("%s: ^C ended the background job", s.shell)
		}
		s.expect("echo $?", "130")
		s.Run("kill %1")
		s.waitNoGroup(bg)
	})
	rule(t, "^Z stops every process of the foreground pipeline and nothing else", all, func(s *session) {
		bg := s.background("sleep 1000 &")
		s.Line("sleep 1001 | cat")
		fg := s.stop("cat")
		s.waitStopped(fg)
		s.waitRunning(bg)
		s.expect("echo $?", "148")
	})
	rule(t, `^\ ends the foreground group with SIGQUIT`, all, func(s *session) {
		s.Line("sleep 1000")
		fg := s.WaitForegroundJob("sleep")
		s.Key(ptytest.CtrlSlash)
		s.WaitPrompt()
		s.waitNoGroup(fg)
		s.expect("echo $?", "131")
	})
	rule(t, "keys at the prompt end and stop nothing", onlyJsh, func(s *session) {
		// bash and dash do the same; but bash loses a byte typed right after the
		// ^C, and dash echoes ^Z, so that the same keys cannot be typed at them.
		bg := s.background("sleep 1000 &")
		s.Type("half a line")
		s.Key(ptytest.CtrlC)
		s.WaitText(`half a line\^C$`)
		s.Key(ptytest.CtrlZ)
		s.Key(ptytest.CtrlSlash)
		s.Key(ptytest.CtrlC)
		s.Type("echo b$((1+1))")
		s.Key(ptytest.Enter)
		s.WaitText("^b2$")
		s.waitRunning(bg)
	})
	rule(t, "the job has the terminal before its first instruction", all, func(s *session) {
		for range 20 {
			s.expect("whoreads", "mine")
		}
	})
	rule(t, "a pipeline has the terminal before the first instruction of each stage", bashToo, func(s *session) {
		// dash gives the terminal from the parent and the child alike too, but
		// a later stage may run before the first has been waited for.
		for range 20 {
			s.expect("whoreads | cat; true | whoreads", "mine\nmine")
		}
	})
	rule(t, "the shell has the terminal again when the job is over", all, func(s *session) {
		s.Run("true")
		s.WaitForegroundShell()
		s.Line("sleep 1000")
		s.stop("sleep")
		s.WaitForegroundShell()
	})
}
