package front

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jsh/ptytest"
)

// Process groups of jobs (POSIX.1-2024 XCU 2.11).
func TestGroups(t *testing.T) {
	rule(t, "each pipeline is one process group, led by its first process", all, func(s *session) {
		s.Line("sleep 1000 | sleep 1001 | sleep 1002")
		pgid := s.WaitForegroundJob("sleep")
		ps := s.waitGroup(pgid, "sleep", "sleep", "sleep")
		if ps[0].Pid != pgid {
			t.Errorf("%s: group %d is led by none of %v", s.shell, pgid, ps)
		}
		for _, p := range ps {
			if p.Sid != s.Pid() || p.PPid != s.Pid() {
				t.Errorf("%s: %v", s.shell, p)
			}
		}
		s.interrupt("sleep")
		s.noneLeft()
	})
	rule(t, "two jobs are two process groups, and neither is the shell's", all, func(s *session) {
		a, b := s.background("sleep 1000 &"), s.background("sleep 1001 &")
		if a == b || a == s.Pid() || b == s.Pid() {
			t.Errorf("%s: groups %d and %d, shell %d", s.shell, a, b, s.Pid())
		}
	})
	rule(t, "a pipeline whose leader dies first stays one group", all, func(s *session) {
		for range 10 {
			s.Line("true | sleep 1000 | sleep 1001")
			pgid := s.WaitForegroundJob("sleep")
			s.waitGroup(pgid, "sleep", "sleep")
			s.interrupt("sleep")
			s.expect("echo $?", "130")
		}
		s.noneLeft()
	})
	rule(t, "a pipeline whose leader dies first is still stopped and continued as one", all, func(s *session) {
		s.Line("true | sleep 1000 | cat")
		s.WaitForegroundJob("cat")
		pgid := s.stop("cat")
		s.waitStopped(pgid)
		s.Line("fg")
		s.WaitForegroundJob("cat")
		s.waitRunning(pgid)
		s.interrupt("cat")
		s.noneLeft()
	})
	rule(t, "a pipeline of 100 stages is one process group", all, func(s *session) {
		line := "echo through" + strings.Repeat(" | cat", 100)
		s.mention(line, "through")
		s.Run("x=" + strings.Repeat("'| cat '", 99))
		s.Line(`eval "sleep 1000 $x"`)
		pgid := s.WaitForegroundJob("cat")
		s.waitGroup(pgid, append(slices.Repeat([]string{"cat"}, 99), "sleep")...)
		s.stop("cat")
		s.waitStopped(pgid)
		s.Line("fg")
		s.WaitForegroundJob("cat")
		s.waitRunning(pgid)
		s.interrupt("cat")
		s.waitNoGroup(pgid)
		s.noneLeft()
	})
	rule(t, "an AND-OR list with & is one process group", all, func(s *session) {
		s.Run("mkfifo gate")
		pgid := s.background("cat gate && sleep 1001 || sleep 1002 &")
		if p := s.find("cat"); p.Pgid != pgid {
			t.Errorf("%s: cat is in group %d, the job in %d", s.shell, p.Pgid, pgid)
		}
		s.Run(": > gate")
		if p := s.find("sleep"); p.Pgid != pgid {
			t.Errorf("%s: sleep is in group %d, the job in %d", s.shell, p.Pgid, pgid)
		}
		s.Line("fg")
		s.WaitForegroundJob("sleep")
		s.Key(ptytest.CtrlC)
		s.WaitPrompt()
		s.waitNoGroup(pgid)
		s.noneLeft()
	})
	rule(t, "a subshell is a job whose inner processes are in its group", all, func(s *session) {
		s.Line("(sleep 1000; sleep 1001)")
		pgid := s.WaitForegroundJob("sleep")
		sleep := s.find("sleep")
		if sleep.Pgid != pgid || sleep.PPid != pgid {
			t.Errorf("%s: %v in a job of group %d", s.shell, sleep, pgid)
		}
		s.stop("sleep")
		s.waitStopped(pgid)
		s.Line("fg")
		s.WaitForegroundJob("sleep")
		s.waitRunning(pgid)
		s.interrupt("sleep")
		s.waitNoGroup(pgid)
		s.expect("echo $?", "130")
	})
	rule(t, "a subshell in a pipeline is in the pipeline's group", all, func(s *session) {
		s.Line("(sleep 1000; true) | { cat; true; }")
		pgid := s.WaitForegroundJob("sleep")
		for _, comm := range []string{"sleep", "cat"} {
			if p := s.find(comm); p.Pgid != pgid {
				t.Errorf("%s: %v in a job of group %d", s.shell, p, pgid)
			}
		}
		s.interrupt("sleep")
		s.noneLeft()
	})
	rule(t, "jobs of a subshell are in its group: it has no job control", bashToo, func(s *session) {
		s.Line("(sleep 1000 & sleep 1001; wait)")
		pgid := s.WaitForegroundJob("sleep")
		s.WaitFor("both in one group", func() bool {
			n := 0
			for _, p := range s.living(pgid) {
				if p.Comm == "sleep" {
					n++
				}
			}
			return n == 2
		})
		s.interrupt("sleep")
		// 2.12: without job control the first ignores SIGINT; it is ours to end.
		s.kill(-pgid, 15)
		s.waitNoGroup(pgid)
	})
	rule(t, "a command substitution runs in the shell's group, and ^C ends it with the line", bashToo, func(s *session) {
		s.Line("echo $(sleep 1000) second; echo third")
		if p := s.find("sleep"); p.Pgid != s.Pid() {
			t.Errorf("%s: %v", s.shell, p)
		}
		s.Key(ptytest.CtrlC)
		s.WaitPrompt()
		s.notWritten("second$")
		s.notWritten("^third")
		s.noneLeft()
	})
	rule(t, "^Z does not hang a command substitution", bashToo, func(s *session) {
		s.Line("echo $(sleep 1000)")
		s.find("sleep")
		s.Key(ptytest.CtrlZ)
		s.Key(ptytest.CtrlC)
		s.WaitPrompt()
		s.noneLeft()
	})
	rule(t, "$! and the number and process ID that & writes are those of the last process", bashToo, func(s *session) {
		m := s.match("sleep 1000 | sleep 1001 &", `\[1\] (\d+)`)
		s.expect("echo $!", m[1])
		pid, _ := strconv.Atoi(m[1])
		if p, _ := ptytest.Proc(pid); p.Pgid == pid {
			t.Errorf("%s: %v leads the group", s.shell, p)
		}
	})
	rule(t, "a command that cannot be run leaves the rest of the pipeline its group and the shell its terminal", all, func(s *session) {
		s.Run("echo nothing > empty; chmod +x empty; echo '#!/no/such/interpreter' > broken; chmod +x broken")
		for _, line := range []string{"nosuch | cat", "./broken | cat", "cat < nosuchfile | cat", "true | ./broken", "nosuch | nosuch2", "./broken"} {
			s.Run(line)
			s.WaitForegroundShell()
		}
		s.Line("nosuch | sleep 1000 | sleep 1001")
		pgid := s.WaitForegroundJob("sleep")
		s.waitGroup(pgid, "sleep", "sleep")
		s.interrupt("sleep")
		s.noneLeft()
	})
	rule(t, "set +m and set -m turn job control off and on", bashToo, func(s *session) {
		s.Run("set +m")
		s.Line("sleep 1000")
		if p := s.find("sleep"); p.Pgid != s.Pid() {
			t.Errorf("%s: without job control %v", s.shell, p)
		}
		s.Key(ptytest.CtrlC)
		s.WaitPrompt()
		s.Run("set -m")
		s.Line("sleep 1001")
		s.stop("sleep")
		s.mention("jobs", s.stoppedLine(1, "+", "SIGTSTP", "sleep 1001"))
	})
	rule(t, "without job control a background job does not get ^C and reads nothing", bashToo, func(s *session) {
		s.Run("set +m")
		s.Run("sleep 1000 &")
		sleep := s.find("sleep")
		if p := sleep; p.Pgid != s.Pid() {
			t.Errorf("%s: %v", s.shell, p)
		}
		s.mention("cat & wait $!; echo en''d", "end")
		s.Line("cat")
		s.WaitFor("cat", func() bool { return s.find("cat").Pid != 0 })
		s.Key(ptytest.CtrlC)
		s.WaitPrompt()
		if p, ok := ptytest.Proc(sleep.Pid); !ok || p.Zombie() {
			t.Errorf("%s: ^C ended the background job", s.shell)
		}
		s.kill(sleep.Pid, 9)
	})
}

// Notices (2.11).
func TestNotices(t *testing.T) {
	rule(t, "a job that ended is told before the next prompt, not earlier", all, func(s *session) {
		s.Run("mkfifo gate")
		pid := s.background("sh -c 'read x < gate' &")
		s.Line("echo go > gate; cat")
		s.WaitForegroundJob("cat")
		s.WaitFor("its end", func() bool { p, ok := ptytest.Proc(pid); return !ok || p.Zombie() })
		s.Type("still here\r")
		s.WaitText("still here\nstill here")
		s.notWritten("Done")
		s.Key(ptytest.CtrlD)
		s.WaitPrompt()
		s.WaitText("Done")
		s.noneLeft()
	})
	rule(t, "how a job ended is in its notice", onlyJsh, func(s *session) {
		for _, c := range []struct{ line, want string }{
			{"true", "[1]+ Done"},
			{"sh -c 'exit 3'", "[1]+ Done(3)"},
			{"sh -c 'kill -9 $$'", "[1]+ Killed (SIGKILL)"},
			{"sh -c 'kill $$'", "[1]+ Terminated (SIGTERM)"},
		} {
			s.Run(c.line + " &")
			s.WaitFor("the notice", func() bool { s.Run("true"); return strings.Contains(s.Screen(), c.want) })
			s.Run("clear")
		}
	})
	rule(t, "set -b tells at once and leaves the line being typed", onlyJsh, func(s *session) {
		s.Run("set -b")
		s.Run("mkfifo gate")
		s.Run("sh -c 'read x < gate' &")
		s.Run("(sleep 1000) &")
		s.Type("echo half")
		s.WaitText("echo half$")
		s.kill(s.find("sleep").Pid, 15)
		s.WaitText(`^\[2\]\+ +Terminated \(SIGTERM\) .*\nready> echo half$`)
		s.Type(" done\r")
		s.WaitText(`^half done`)
		s.WaitPrompt()
		s.Run("echo go > gate")
	})
	rule(t, "a stop is told at once, with the signal's name", onlyJsh, func(s *session) {
		s.Line("sleep 100")
		s.stop("sleep")
		s.WaitText(`^\^Z\n\[1\]\+ Stopped \(SIGTSTP\)  sleep 100\nready>`)
		s.Run("sh -c 'kill -STOP $$'")
		s.WaitText(`^\[2\]\+ Stopped \(SIGSTOP\)  sh -c 'kill -STOP \$\$'\nready>`)
	})
	rule(t, "a program that a signal ended is told in words", onlyJsh, func(s *session) {
		s.match("sh -c 'kill -SEGV $$'", `Segmentation fault \(SIGSEGV.*\)  sh -c 'kill -SEGV \$\$'`)
		s.expect("echo $?", "139")
		s.match("sh -c 'kill -9 $$'", `Killed \(SIGKILL\)  sh -c 'kill -9 \$\$'`)
		s.expect("sh -c 'kill -PIPE $$'", "")
	})
	rule(t, "the status of a job that a signal ended is 128 and its number", all, func(s *session) {
		for _, sig := range []int{1, 2, 3, 6, 9, 13, 15, 10} {
			s.Run(fmt.Sprintf("sh -c 'kill -%d $$'", sig))
			s.expect("echo $?", strconv.Itoa(128+sig))
		}
	})
}
