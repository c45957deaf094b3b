package front

import (
	"strconv"
	"testing"

	"jsh/ptytest"
)

// pausesAt waits for the pause before a call, and returns what stands there.
func (s *session) pausesAt(call string) string {
	s.t.Helper()
	return s.WaitText(`^slow: ` + call + `.*(?:\n.*){0,2}\[Enter, q\] *\z`)[0]
}

func TestSlow(t *testing.T) {
	start := func(s *session, line string) {
		s.Run("slow on")
		s.Line(line)
	}
	step := func(s *session, calls ...string) {
		for _, c := range calls {
			s.pausesAt(c)
			s.Key(ptytest.Enter)
		}
	}
	rule(t, "each Enter makes one call, and the keyboard moves", onlyJsh, func(s *session) {
		start(s, "echo one | cat")
		s.pausesAt(`fork\(\)`)
		if n := len(s.Session()); n != 1 {
			s.t.Errorf("%d processes before fork", n)
		}
		s.Key(ptytest.Enter)
		s.pausesAt(`setpgid\(0, 0\)`)
		var child ptytest.ProcInfo
		for _, p := range s.Session() {
			if p.Pid != s.Pid() {
				child = p
			}
		}
		if child.Pgid != s.Pid() || child.PPid != s.Pid() {
			s.t.Errorf("after fork: %+v", child)
		}
		s.Key(ptytest.Enter)
		s.pausesAt(`tcsetpgrp`)
		if p, _ := ptytest.Proc(child.Pid); p.Pgid != child.Pid || s.Foreground() != s.Pid() {
			s.t.Errorf("after setpgid: %+v, foreground %d", p, s.Foreground())
		}
		s.Key(ptytest.Enter)
		s.pausesAt(`fork\(\)`)
		if s.Foreground() != child.Pid {
			s.t.Errorf("after tcsetpgrp the foreground group is %d, not %d", s.Foreground(), child.Pid)
		}
		s.Key(ptytest.Enter)
		step(s, `setpgid\(0, `+strconv.Itoa(child.Pid)+`\)`)
		s.pausesAt(`execve`)
		if g := s.living(child.Pid); len(g) != 2 {
			s.t.Errorf("the group: %v", g)
		}
		s.Key(ptytest.Enter)
		s.WaitText(`^one\n(?:.*\n)*slow: tcsetpgrp`)
		s.pausesAt(`waitpid\(\)`)
		if g := s.Group(child.Pid); len(g) != 2 || !g[0].Zombie() || !g[1].Zombie() || s.Foreground() != s.Pid() {
			s.t.Errorf("before the wait: %v, foreground %d", g, s.Foreground())
		}
		s.Key(ptytest.Enter)
		s.WaitText(`^slow: waitpid\(\) told of ` + strconv.Itoa(child.Pid) + `, \d+: Done\.`)
		s.WaitPrompt()
		s.noneLeft()
		s.Line("slow off; echo $?")
		s.WaitPrompt()
		s.expect("echo fast | cat", "fast")
	})
	for n := range []string{`fork\(\)`, `setpgid`, `tcsetpgrp`, `fork\(\)`, `setpgid`, `execve`} {
		rule(t, "^C at pause "+strconv.Itoa(n+1)+" leaves the line, and nothing behind", onlyJsh, func(s *session) {
			start(s, "sleep 1000 | sleep 1000; echo not''reached")
			for i, c := range []string{`fork\(\)`, `setpgid`, `tcsetpgrp`, `fork\(\)`, `setpgid`, `execve`} {
				s.pausesAt(c)
				if i == n {
					break
				}
				s.Key(ptytest.Enter)
			}
			s.Key(ptytest.CtrlC)
			s.WaitPrompt()
			s.expect("slow off; echo $?; jobs", "0")
			s.noneLeft()
			if grep(s.Screen(), `^notreached`) != "" {
				s.t.Error("the rest of the line ran")
			}
		})
		rule(t, "a hang-up at pause "+strconv.Itoa(n+1)+" leaves nothing behind", onlyJsh, func(s *session) {
			start(s, "sleep 1000 | sleep 1000")
			for i, c := range []string{`fork\(\)`, `setpgid`, `tcsetpgrp`, `fork\(\)`, `setpgid`, `execve`} {
				s.pausesAt(c)
				if i == n {
					break
				}
				s.Key(ptytest.Enter)
			}
			s.Hangup()
		})
	}
	rule(t, "q makes the rest at once, before the keyboard moves and after", onlyJsh, func(s *session) {
		start(s, "echo one | cat")
		s.pausesAt(`fork\(\)`)
		s.Type("q\r")
		s.WaitText(`^one$`)
		s.WaitPrompt()
		s.Line("echo two | cat")
		step(s, `fork\(\)`, `setpgid`, `tcsetpgrp`)
		s.pausesAt(`fork\(\)`)
		s.Type("q\r")
		s.WaitText(`^two$`)
		s.WaitPrompt()
		s.noneLeft()
	})
	rule(t, "job control is as always once the programs run", onlyJsh, func(s *session) {
		start(s, "sleep 1000 | cat")
		s.pausesAt(`fork\(\)`)
		s.Type("q\r")
		s.stop("sleep")
		s.mention("jobs", `\[1\]\+ Stopped \(SIGTSTP\)  sleep 1000 \| cat`)
		s.Line("fg")
		s.interrupt("sleep")
		s.expect("echo $?", "130")
		s.noneLeft()
	})
	rule(t, "so it is when every step was paused at", onlyJsh, func(s *session) {
		start(s, "sleep 1000 | cat")
		step(s, `fork\(\)`, `setpgid`, `tcsetpgrp`, `fork\(\)`, `setpgid`, `execve`)
		pgid := s.WaitForegroundJob("sleep")
		s.waitGroup(pgid, "sleep", "cat")
		s.Key(ptytest.CtrlZ)
		s.WaitPrompt()
		s.mention("jobs", `\[1\]\+ Stopped \(SIGTSTP\)  sleep 1000 \| cat`)
		s.Line("fg")
		s.interrupt("sleep")
		s.expect("echo $?", "130")
		s.noneLeft()
	})
	rule(t, "^C at the last pause drops nothing that was started", onlyJsh, func(s *session) {
		start(s, "sh -c 'exit 7'")
		step(s, `fork\(\)`, `setpgid`, `tcsetpgrp`, `execve`)
		s.pausesAt(`waitpid\(\)`)
		s.Key(ptytest.CtrlC)
		s.WaitPrompt()
		s.expect("echo $?", "7")
		s.noneLeft()
	})
	rule(t, "^Z at a pause is held back, and the pipeline goes on", onlyJsh, func(s *session) {
		start(s, "echo one | cat")
		step(s, `fork\(\)`, `setpgid`, `tcsetpgrp`)
		s.pausesAt(`fork\(\)`)
		s.Key(ptytest.CtrlZ)
		s.WaitText(`\^Z`)
		s.Type("q\r")
		s.WaitText(`^one$`)
		s.WaitPrompt()
		s.noneLeft()
	})
	rule(t, "subshells, redirections, ignored signals and scripts without #! are as always", onlyJsh, func(s *session) {
		s.Run("printf 'echo \"script $1\"\\n' >script; chmod +x script; printf '\\177ELF\\0' >broken; chmod +x broken")
		for _, c := range []struct{ line, out string }{
			{"(cd /; pwd) | cat", `^/$`},
			{"cat <script 3>&1 >&3 | wc -l", `^1$`},
			{"./script a", `^script a$`},
			{"trap '' USR1; sh -c 'kill -USR1 $$; echo lives'", `^lives$`},
			{"./broken; echo status $?", `^status 126$`},
			{"X=5 sh -c 'echo $X $#' sh a b", `^5 2$`},
		} {
			s.Run("slow on")
			s.Line(c.line)
			s.pausesAt(`fork\(\)`)
			s.Type("q\r")
			s.WaitText(c.out)
			s.WaitPrompt()
			s.Run("slow off; clear")
		}
		s.noneLeft()
	})
	rule(t, "background jobs and builtins start as always", onlyJsh, func(s *session) {
		s.Run("slow on")
		s.match("sleep 1000 &", `\[1\] \d+`)
		s.expect("echo one", "one")
		s.expect("slow", "slow is on")
		s.mention("slow maybe", `jsh: slow: maybe: on or off`)
		s.Run("kill %1")
	})
}
