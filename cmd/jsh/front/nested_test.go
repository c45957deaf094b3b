package front

import (
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"

	"jsh/ptytest"
	"jsh/screen/grid"
)

// Shells in shells. Inner and outer shell have the same prompt; who has the
// terminal tells them apart.
func TestNestedShells(t *testing.T) {
	pairs := [][2]string{{"jsh", "jsh"}, {"bash", "jsh"}, {"jsh", "bash"}, {"dash", "jsh"}, {"jsh", "dash"}}
	for _, p := range pairs {
		inner, outer := p[0], p[1]
		nested := func(name string, f func(s *session, command string)) {
			t.Helper()
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				command := strings.Join(ptytest.FindShell(t, inner).Argv, " ")
				f(open(t, outer, ptytest.Options{}), command)
			})
		}
		nested(inner+" in "+outer+" has its own jobs and gives the terminal back", func(s *session, command string) {
			s.enter(command)
			s.playInner()
			s.leave()
		})
		nested(inner+" in the background of "+outer+" stops, and works after fg", func(s *session, command string) {
			pgid := s.background(command + " &")
			s.waitStopped(pgid)
			s.Run("true")
			s.mention("jobs", `\[1\] ?\+ +Stopped.*`)
			s.Line("fg")
			s.WaitForeground("the inner shell in the foreground", func(fg int) bool { return fg == pgid })
			s.WaitPrompt()
			s.playInner()
			s.leave()
		})
		if inner != "dash" {
			nested("suspend in "+inner+" goes back to "+outer+", and fg to it", func(s *session, command string) {
				pgid := s.enter(command)
				for range 3 {
					s.Run("suspend")
					s.WaitForegroundShell()
					s.waitStopped(pgid)
					s.Line("fg")
					s.WaitForeground("the inner shell in the foreground", func(fg int) bool { return fg == pgid })
					s.WaitPrompt()
				}
				s.playInner()
				s.leave()
			})
		}
		if inner == "jsh" {
			// bash stops only itself, and nobody is told.
			nested("suspend in "+inner+" below a program of "+outer+" stops that program too", func(s *session, command string) {
				s.Line("sh -c '" + command + "; true'")
				s.WaitForegroundJob(inner)
				s.WaitPrompt()
				for range 3 {
					s.Run("suspend")
					s.WaitForegroundShell()
					s.Line("fg")
					s.WaitForegroundJob(inner)
					s.WaitPrompt()
				}
				s.playInner()
				s.leave()
			})
		}
		if outer == "dash" {
			continue // it does not restore the modes that the killed shell left
		}
		nested("kill -9 of "+inner+" leaves "+outer+" a terminal that can be used", func(s *session, command string) {
			pgid := s.enter(command)
			s.kill(pgid, syscall.SIGKILL)
			s.WaitForegroundShell()
			s.Type("\r")
			s.mention("echo still $((1+1))", "still 2")
			s.Line("cat")
			s.WaitForegroundJob("cat")
			s.Type("typed\r")
			s.WaitText("^typed\ntyped$")
			s.interrupt("cat")
		})
	}
	rule(t, "kill -9 of an inner shell lets its stopped job be ended by the kernel", onlyJsh, func(s *session) {
		// The stopped job's group becomes orphaned: SIGHUP and SIGCONT
		// (POSIX XSH, _exit).
		inner := s.enter(ptytest.JSH(t) + " --plain")
		job := s.stopped("1000")
		s.kill(inner, syscall.SIGKILL)
		s.waitNoGroup(job)
		s.WaitPrompt()
		s.noneLeft()
	})
	rule(t, "kill -9 of an inner shell leaves its foreground job the kernel's rules and the outer shell the terminal", onlyJsh, func(s *session) {
		inner := s.enter(ptytest.JSH(t) + " --plain")
		s.Line("sleep 1000")
		job := s.WaitForeground("sleep", func(fg int) bool { return fg != inner && fg != s.Pid() })
		s.waitGroup(job, "sleep")
		s.kill(inner, syscall.SIGKILL)
		s.WaitPrompt()
		s.WaitForegroundShell()
		s.mention("echo still $((1+1))", "still 2")
		s.waitRunning(job)
		s.kill(job, syscall.SIGKILL)
	})
	rule(t, "exec in an inner shell gives the program its place", bashToo, func(s *session) {
		pgid := s.enter(ptytest.JSH(t) + " --plain")
		s.Line("exec cat")
		if got := s.WaitForegroundJob("cat"); got != pgid {
			t.Errorf("%s: group %d, not %d", s.shell, got, pgid)
		}
		s.interrupt("cat")
		s.noneLeft()
	})
}

// enter starts an inner shell and waits for its prompt.
func (s *session) enter(command string) (pgid int) {
	s.t.Helper()
	s.Line(command)
	pgid = s.WaitForeground("an inner shell in the foreground", func(fg int) bool { return fg > 0 && fg != s.Pid() })
	s.WaitPrompt()
	return pgid
}

// leave ends the inner shell.
func (s *session) leave() {
	s.t.Helper()
	s.Line("exit")
	s.WaitForegroundShell()
	s.WaitPrompt()
	s.mention("echo outer $((1+1))", "outer 2")
	s.noneLeft()
}

// playInner runs, stops, continues and ends a job in the inner shell.
func (s *session) playInner() {
	s.t.Helper()
	inner := s.Foreground()
	s.Line("sleep 1000")
	job := s.WaitForeground("sleep in the foreground", func(fg int) bool { return fg != inner && fg != s.Pid() })
	s.waitGroup(job, "sleep")
	s.Key(ptytest.CtrlZ)
	s.WaitPrompt()
	s.waitStopped(job)
	if fg := s.Foreground(); fg != inner {
		s.t.Errorf("after ^Z group %d has the terminal, not the inner shell's %d", fg, inner)
	}
	s.Line("fg")
	s.WaitForeground("sleep in the foreground again", func(fg int) bool { return fg == job })
	s.waitRunning(job)
	s.Key(ptytest.CtrlC)
	s.WaitPrompt()
	s.waitNoGroup(job)
}

// waitForKeys waits until a program waits for keys: the terminal is raw, and
// some process of the group is blocked in read or in one of the calls that wait
// for input. Before that less can lose a ^Z, by a race of its own.
func (s *session) waitForKeys(pgid int) {
	s.t.Helper()
	s.WaitFor("the program to wait for keys", func() bool {
		waits := false
		for _, p := range s.living(pgid) {
			switch call := systemCall(p.Pid); {
			case p.State == 'R' || len(call) == 0:
				return false
			case slices.Contains([]string{"0", "7", "23", "270", "271"}, call[0]):
				waits = true
			}
		}
		return waits && s.Modes().Lflag&syscall.ICANON == 0
	})
}

// Full-screen programs: started, stopped, continued, left.
func TestFullScreenPrograms(t *testing.T) {
	for _, c := range []struct {
		program, line, comm string
		shows               string // on its screen
		quit                string
	}{
		{"vim", "vim -u NONE -c 'set nomore' text", "vim", "line seven", ":q!\r"},
		{"less", "less text", "less", "line seven", "q"},
		{"top", "top -d 100", "top", "PID", "q"},
		{"man", "man ./page.1", "man", "(END)", "q"},
	} {
		rule(t, c.program+" is stopped and continued, and screen and modes are right afterwards", onlyJsh, func(s *session) {
			if _, err := exec.LookPath(c.program); err != nil {
				s.t.Skip(c.program + " is not installed")
			}
			s.Run("for i in one two three four five six seven; do echo line $i; done > text")
			s.Run("printf '.TH PAGE 1\\n.SH NAME\\npage \\\\- a page\\n' > page.1")
			s.Run("stty -a > before")
			if c.program == "man" && strings.Contains(s.Run("MANPAGER=cat man ./page.1 2>&1 | head -5"), "minimized") {
				s.t.Skip("man is a stub here: the system was minimized")
			}
			s.Line(c.line)
			for range 3 {
				pgid := s.WaitForegroundJob(c.comm)
				s.WaitScreen(c.shows, func(g *grid.Grid) bool { return strings.Contains(g.Text(), c.shows) })
				s.waitForKeys(pgid)
				s.Key(ptytest.CtrlZ)
				s.waitStopped(pgid)
				s.WaitForegroundShell()
				s.WaitPrompt()
				s.expect("stty -a > now; cmp before now && echo same", "same")
				s.mention("jobs", `\[1\]\+ Stopped \(SIG(TSTP|STOP)\)  `+c.program+".*")
				s.Line("fg")
			}
			pgid := s.WaitForegroundJob(c.comm)
			s.WaitScreen(c.shows, func(g *grid.Grid) bool { return strings.Contains(g.Text(), c.shows) })
			s.waitForKeys(pgid)
			s.Type(c.quit)
			s.WaitForegroundShell()
			s.WaitPrompt()
			s.expect("stty -a > now; cmp before now && echo same", "same")
			if c.program != "top" { // it has no screen of its own
				s.notWritten(c.shows)
				s.WaitText("^ready> fg$")
			}
			s.noneLeft()
		})
	}
}

// Programs that run another one for the user.
func TestSudoAndSSH(t *testing.T) {
	for _, c := range []struct{ program, check, line string }{
		{"sudo", "sudo -n true", "sudo -n sleep 1000"},
		{"ssh", "ssh -o BatchMode=yes -o ConnectTimeout=2 localhost true", "ssh -o BatchMode=yes localhost sleep 1000"},
	} {
		rule(t, "a job under "+c.program+" is stopped, continued and ended", onlyJsh, func(s *session) {
			if _, err := exec.LookPath(c.program); err != nil {
				s.t.Skip(c.program + " is not installed")
			}
			if out, err := exec.Command("sh", "-c", c.check).CombinedOutput(); err != nil {
				s.t.Skipf("%s: %v: %s", c.check, err, out)
			}
			s.Line(c.line)
			pgid := s.WaitForegroundJob(c.program)
			if c.program == "sudo" {
				s.find("sleep")
				s.Key(ptytest.CtrlZ)
			} else {
				s.waitForKeys(pgid)
				s.kill(-pgid, syscall.SIGTSTP) // ssh sends the key to the other side
			}
			s.WaitPrompt()
			s.Line("fg")
			s.WaitForegroundJob(c.program)
			s.waitRunning(pgid)
			s.Key(ptytest.CtrlC)
			s.WaitPrompt()
			s.noneLeft()
		})
	}
}
