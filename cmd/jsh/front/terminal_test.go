package front

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"jsh/ptytest"
)

// Background jobs and the terminal (XBD 11.1.4).
func TestBackgroundAndTerminal(t *testing.T) {
	rule(t, "a background job that reads from the terminal stops by SIGTTIN", all, func(s *session) {
		pgid := s.background("cat &")
		s.waitStopped(pgid)
		s.Run("true")
		s.WaitText("^" + s.stoppedLine(1, "+", "SIGTTIN", "cat") + "$")
		s.Line("fg")
		s.WaitForegroundJob("cat")
		s.Type("line\r")
		s.WaitText("^line\n.*line")
		s.Key(ptytest.CtrlD)
		s.WaitPrompt()
		s.noneLeft()
	})
	rule(t, "a background job that writes with tostop set stops by SIGTTOU", all, func(s *session) {
		s.Run("stty tostop")
		pgid := s.background("/bin/echo hidden &")
		s.waitStopped(pgid)
		s.Run("true")
		s.WaitText("^" + s.stoppedLine(1, "+", "SIGTTOU", "/bin/echo hidden") + "$")
		s.match("fg", "/bin/echo hidden\nhidden")
		s.noneLeft()
	})
	rule(t, "a background job that writes without tostop goes on", all, func(s *session) {
		s.mention("/bin/echo seen & wait", "seen")
		s.noneLeft()
	})
	rule(t, "a background job that wants to change the modes stops by SIGTTOU", all, func(s *session) {
		pgid := s.background("stty -echo &")
		s.waitStopped(pgid)
		if s.Modes().Lflag&unix.ECHO == 0 && s.dash() {
			t.Error("the modes were changed")
		}
		s.Run("kill -9 %1")
	})
}

// The terminal's modes over the life of a job (2.11).
func TestModes(t *testing.T) {
	canonical := func(s *session) {
		s.t.Helper()
		s.Run("stty -a > modes")
		m := s.Run("grep -ow '.icanon\\|icanon\\|-opost\\|opost' modes | xargs")
		// bash may still tell of the job that was killed, before or after it.
		if !slices.Contains(strings.Split(m, "\n"), "opost icanon") {
			s.t.Errorf("%s: the modes for the next job are %q", s.shell, m)
		}
	}
	// 2.11 asks for it; bash and dash continue the job in the shell's modes.
	rule(t, "the modes that a stopped program set are undone at the prompt and given back by fg before SIGCONT", onlyJsh, func(s *session) {
		for _, sig := range []string{"TSTP", "STOP"} {
			for range 5 {
				s.Run("rawstop " + sig)
				canonical(s)
				s.Line("fg")
				s.WaitText("^waiting")
				s.WaitText("^as left")
				s.notWritten("^changed")
				s.Key(ptytest.CtrlC)
				s.WaitPrompt()
				s.Run("clear")
			}
		}
	})
	rule(t, "the modes of a killed program are undone", bashToo, func(s *session) {
		for _, sig := range []unix.Signal{unix.SIGKILL, unix.SIGINT, unix.SIGTERM} {
			s.Line("rawstop")
			pgid := s.WaitForegroundJob("rawstop")
			s.WaitText("^waiting")
			s.kill(-pgid, sig)
			s.WaitPrompt()
			canonical(s)
			s.Run("clear")
		}
	})
	rule(t, "the modes that an exiting program left stay", all, func(s *session) {
		s.Run("stty -echo")
		if s.jsh() { // its line editor echoes by itself
			s.match("stty -a", `.*\s-echo\s.*`)
			s.Line("cat")
		} else {
			s.Type("cat\r")
		}
		s.WaitForegroundJob("cat")
		s.Type("quiet\r")
		s.Key(ptytest.CtrlD)
		s.WaitForegroundShell()
		s.WaitText("quiet$")
	})
	rule(t, "an editor that was started in the background does not leave behind the modes of the line editor, which it found", onlyJsh, func(s *session) {
		s.Run("mkfifo go")
		pgid := s.background(`sh -c 'read x <go; m=$(stty -g); kill -STOP $$; stty "$m"' &`)
		s.WaitFor("the line editor's modes", func() bool { return s.Modes().Lflag&unix.ICANON == 0 })
		if err := os.WriteFile(filepath.Join(s.Home(), "go"), []byte("x\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		s.waitStopped(pgid)
		s.Line("fg")
		s.WaitPrompt()
		s.noneLeft()
		canonical(s)
	})
	rule(t, "the modes set with stty hold for all later jobs", bashToo, func(s *session) {
		s.Run("stty erase '^X'")
		s.Line("sleep 1000")
		s.stop("sleep")
		s.match("stty -a", `.*erase = \^X.*`)
		s.Run("kill -9 %1")
		s.match("stty -a", `.*erase = \^X.*`)
	})
	rule(t, "a stopped editor in the background does not spoil the modes when it is killed", bashToo, func(s *session) {
		s.Run("rawstop STOP")
		s.Run("kill -9 %1; wait")
		s.Run("true")
		canonical(s)
	})
	rule(t, "the modes of a program killed in a command substitution are undone, and those set in one stay", onlyJsh, func(s *session) {
		s.Line("echo $(rawstop)")
		pid := s.find("rawstop").Pid
		s.WaitFor("raw modes", func() bool { return s.Modes().Lflag&unix.ICANON == 0 && s.Modes().Oflag&unix.OPOST == 0 })
		s.kill(pid, unix.SIGKILL)
		s.WaitPrompt()
		canonical(s)
		s.Run("x=$(stty tostop)")
		s.Line("sleep 1000")
		s.stop("sleep")
		s.match("stty -a", `.*\stostop\s.*`)
	})
	rule(t, "without job control the modes of a killed program are undone all the same", bashToo, func(s *session) {
		s.Run("set +m")
		s.Line("rawstop")
		pid := s.find("rawstop").Pid
		s.WaitText("^waiting")
		s.kill(pid, unix.SIGKILL)
		s.WaitPrompt()
		canonical(s)
	})
}
