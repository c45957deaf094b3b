package front

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"jsh/ptytest"
)

// stopped starts sleep with an argument and stops it; it returns the group.
func (s *session) stopped(arg string) int {
	s.t.Helper()
	s.Line("sleep " + arg)
	return s.stop("sleep")
}

// POSIX.1-2024, jobs.
func TestJobsPage(t *testing.T) {
	rule(t, "jobs writes number, mark, state and command", all, func(s *session) {
		s.stopped("1001")
		s.background("sleep 1002 &")
		out := s.Run("jobs")
		want := s.stoppedLine(1, "+", "SIGTSTP", "sleep 1001") + "\n" + `\[2\] ?- +Running +sleep 1002( &)?`
		if grep(out, want) == "" {
			t.Errorf("%s: %q", s.shell, out)
		}
		if s.jsh() && out != "[1]+ Stopped (SIGTSTP)  sleep 1001\n[2]- Running            sleep 1002 &" {
			t.Errorf("%q", out)
		}
	})
	rule(t, "jobs -l adds the process group ID", all, func(s *session) {
		pgid := s.stopped("1001")
		if !strings.Contains(s.Run("jobs -l"), strconv.Itoa(pgid)) {
			t.Errorf("%s: %d is missing: %s", s.shell, pgid, s.Run("jobs -l"))
		}
	})
	rule(t, "jobs -p writes process group IDs alone", all, func(s *session) {
		a := s.stopped("1001")
		b := s.background("sleep 1002 | cat &")
		s.expect("jobs -p", fmt.Sprintf("%d\n%d", a, b))
		s.expect("jobs -p %2", strconv.Itoa(b))
	})
	rule(t, "jobs -r and -s choose by state", bashToo, func(s *session) {
		s.stopped("1001")
		s.background("sleep 1002 &")
		s.match("jobs -r", `\[2\]- +Running +sleep 1002 &`)
		s.match("jobs -s", s.stoppedLine(1, "+", "SIGTSTP", "sleep 1001"))
	})
	rule(t, "jobs writes how a job ended, once", all, func(s *session) {
		pid := s.background("sleep 1000 &")
		s.waitGroup(pid, "sleep")
		s.kill(pid, 15)
		s.waitNoGroup(pid)
		s.mention("jobs", `\[1\] ?\+ +Terminated.*`)
		s.expect("jobs", "")
	})
	rule(t, "an unknown job ID is an error", all, func(s *session) {
		s.match("jobs %7", `.*%7.*`)
		s.mention("echo $?", "[12]")
	})
	rule(t, "the current job is the one stopped last, else the one started last", all, func(s *session) {
		s.background("sleep 1001 &")
		s.background("sleep 1002 &")
		s.mention("jobs", `\[2\] ?\+ .*1002.*`)
		s.Line("fg %1")
		s.stop("sleep")
		s.mention("jobs", `\[1\] ?\+ .*1001.*`)
		s.mention("jobs", `\[2\] ?- .*1002.*`)
		s.Line("fg %2")
		s.stop("sleep")
		s.mention("jobs", `\[2\] ?\+ .*1002.*`)
		s.mention("jobs", `\[1\] ?- .*1001.*`)
	})
	rule(t, "jobs in a command substitution shows the shell's jobs", bashToo, func(s *session) {
		s.background("sleep 1001 &")
		s.mention(`echo "$(jobs)"`, `\[1\] ?\+ +Running +sleep 1001.*`)
		s.mention(`jobs | cat`, `\[1\] ?\+ +Running +sleep 1001.*`)
	})
}

// POSIX.1-2024, fg and bg.
func TestFgAndBgPages(t *testing.T) {
	rule(t, "fg writes the command and continues the current job in the foreground", all, func(s *session) {
		pgid := s.stopped("1000")
		s.Line("fg")
		s.WaitForegroundJob("sleep")
		s.waitRunning(pgid)
		s.WaitText("^sleep 1000")
		s.Key(ptytest.CtrlC)
		s.WaitPrompt()
		s.noneLeft()
	})
	rule(t, "fg brings a running background job to the keyboard", all, func(s *session) {
		pgid := s.background("sleep 1000 &")
		s.Line("fg %1")
		if got := s.interrupt("sleep"); got != pgid {
			t.Errorf("%s: group %d", s.shell, got)
		}
		s.expect("echo $?", "130")
		s.noneLeft()
	})
	rule(t, "fg takes the job off the list and its process ID off the known ones", onlyJsh, func(s *session) {
		// bash and dash keep them; 2.11 says that both shall be removed.
		pgid := s.background("sleep 1000 &")
		s.Line("fg %1")
		s.WaitForegroundJob("sleep")
		s.kill(pgid, 15)
		s.WaitPrompt()
		s.expect(fmt.Sprintf("wait %d; echo $?", pgid), "127")
	})
	rule(t, "fg's status is the job's", all, func(s *session) {
		s.Run("sh -c 'kill -STOP $$; exit 7'")
		s.match("fg; echo $?", "sh -c.*7")
	})
	rule(t, "fg with no jobs is an error", all, func(s *session) {
		s.match("fg", ".+")
		s.mention("echo $?", "[12]")
	})
	rule(t, "fg %n takes job n, %name and %?text by its command", all, func(s *session) {
		a, b := s.stopped("1001"), s.stopped("1002")
		for _, c := range []struct {
			id  string
			job int
		}{{"%1", a}, {"%2", b}, {"%+", b}, {"%-", a}, {"%?1001", a}, {"'%sleep 1002'", b}, {"%%", b}} {
			s.Line("fg " + c.id)
			if got := s.stop("sleep"); got != c.job {
				t.Errorf("%s: fg %s took group %d of %d and %d", s.shell, c.id, got, a, b)
			}
		}
	})
	rule(t, "bg continues the job in the background and writes its number and command", all, func(s *session) {
		pgid := s.stopped("1000")
		s.match("bg", `\[1\][+ ]? ?sleep 1000( &)?`)
		s.waitRunning(pgid)
		s.WaitForegroundShell()
		s.mention("jobs", `\[1\] ?\+ +Running +sleep 1000( &)?`)
		s.mention("bg", `.*(already|running).*|\[1\] sleep 1000`)
		s.expect("echo $?", "0")
	})
	rule(t, "bg makes the process ID known to wait", all, func(s *session) {
		pgid := s.stopped("1000")
		s.Run("bg")
		s.mention(fmt.Sprintf("kill %d; wait %d; echo $?", pgid, pgid), "143")
	})
	rule(t, "bg sets $!", onlyJsh, func(s *session) {
		// 2.5.2 names the job resumed by bg; bash and dash leave $! alone.
		pgid := s.stopped("1000")
		s.Run("bg")
		s.expect("echo $!", strconv.Itoa(pgid))
	})
	rule(t, "bg and fg of several and unknown jobs", onlyJsh, func(s *session) {
		s.stopped("1001")
		s.stopped("1002")
		s.expect("bg %1 %2", "[1] sleep 1001 &\n[2] sleep 1002 &")
		s.expect("fg %3", "jsh: fg: %3: no such job (there are %1, %2)")
		s.expect("echo $?", "1")
	})
	rule(t, "fg, bg and suspend refuse without job control", onlyJsh, func(s *session) {
		s.Run("set +m")
		s.match("fg; echo $?", ".*job control.*1")
		s.match("bg; echo $?", ".*job control.*1")
		s.match("(fg); echo $?", ".*job control.*1")
	})
}

// POSIX.1-2024, wait, and 2.9.3.1.
func TestWaitPage(t *testing.T) {
	rule(t, "wait without operands waits for all and is 0", all, func(s *session) {
		s.Run("sh -c 'exit 3' & sh -c 'exit 4' &")
		s.mention("wait; echo $?", "0")
	})
	rule(t, "wait gives the status of an ended job, by pid and by job ID", all, func(s *session) {
		s.mention("sh -c 'exit 3' & wait $!; echo $?", "3")
		s.mention("sh -c 'exit 4' & wait %%; echo $?", "4")
		s.background("sleep 1000 &")
		s.find("sleep")
		s.mention("kill $!; wait $!; echo $?", "143")
	})
	rule(t, "wait with several operands waits for all, and its status is the last one's", all, func(s *session) {
		s.mention("sh -c 'exit 3' & a=$!; sh -c 'exit 4' & wait $a $!; echo status $?", "status 4")
		s.mention("sh -c 'exit 3' & a=$!; sh -c 'exit 4' & wait $! $a; echo status $?", "status 3")
	})
	rule(t, "wait of an unknown process is 127", all, func(s *session) {
		s.mention("wait 1; echo $?", "127")
	})
	rule(t, "a status is there for wait after the notice", bashToo, func(s *session) {
		// dash forgets it with the notice; 2.9.3.1 allows that only after wait.
		s.Run("mkfifo gate")
		pid := s.background("sh -c 'read x < gate; exit 5' &")
		s.Run("echo go > gate")
		s.WaitGone(pid)
		s.WaitFor("the notice", func() bool { s.Run("true"); return grep(s.Screen(), `Done\(5\)|Exit 5`) != "" })
		s.expect("jobs", "")
		s.expect(fmt.Sprintf("wait %d; echo $?", pid), "5")
	})
	rule(t, "wait with a stopped job does not hang", all, func(s *session) {
		// POSIX leaves it open; nobody could continue the job meanwhile. bash
		// warns.
		s.stopped("1000")
		s.mention("wait; echo status $?", "status 0")
		s.mention("wait %1; echo status $?", "status 148")
	})
	rule(t, "a stopped job that was just killed is no longer a stopped one for wait", onlyJsh, func(s *session) {
		s.stopped("1000")
		for range 10 {
			s.match("kill -9 %1; wait %1; echo $?", "137.*")
			s.stopped("1000")
			s.match("kill -9 %1; wait; echo $?; jobs", `0\n\[1\].*`)
			s.stopped("1000")
		}
	})
	rule(t, "^C ends wait, with a status above 128", bashToo, func(s *session) {
		s.background("sleep 1000 &")
		s.Line("wait")
		s.waitInWait()
		s.Key(ptytest.CtrlC)
		s.WaitPrompt()
		s.expect("echo $?", "130")
		s.Run("kill %1")
	})
	rule(t, "a trapped signal ends wait, and its trap runs", all, func(s *session) {
		s.Run("trap 'echo trapped' USR1")
		s.background("sleep 1000 &")
		s.Line("wait; echo status $?")
		s.waitInWait()
		s.kill(s.Pid(), 10)
		s.WaitText("^trapped\nstatus 138")
		s.WaitPrompt()
	})
	rule(t, "wait -n waits for the next job that ends", bashToo, func(s *session) {
		s.background("sleep 1000 &")
		s.mention("sh -c 'exit 6' & wait -n; echo $?", "6")
		s.Run("kill %1; wait")
	})
	rule(t, "wait for the process IDs of jobs -p", bashToo, func(s *session) {
		s.mention("sh -c 'exit 6' | sh -c 'exit 8' & wait $(jobs -p); echo $?", "8")
	})
}

// POSIX.1-2024, kill.
func TestKillPage(t *testing.T) {
	rule(t, "kill %n signals every process of the job", all, func(s *session) {
		pgid := s.background("sleep 1000 | sleep 1001 | sleep 1002 &")
		s.waitGroup(pgid, "sleep", "sleep", "sleep")
		s.Run("kill %1")
		s.waitNoGroup(pgid)
	})
	rule(t, "kill with a negative number signals a process group", all, func(s *session) {
		pgid := s.background("sleep 1000 | sleep 1001 &")
		s.waitGroup(pgid, "sleep", "sleep")
		s.Run(fmt.Sprintf("kill -s TERM -- -%d", pgid))
		s.waitNoGroup(pgid)
		pgid = s.background("sleep 1000 | sleep 1001 &")
		s.Run(fmt.Sprintf("kill -9 -%d", pgid))
		s.waitNoGroup(pgid)
	})
	rule(t, "kill takes names and numbers in each form", all, func(s *session) {
		for _, f := range []string{"kill %1", "kill -TERM %1", "kill -15 %1", "kill -s TERM %1", "kill -s 15 %1", "kill -HUP %1", "kill -s KILL %1"} {
			if f == "kill -s 15 %1" && s.dash() {
				continue
			}
			pgid := s.background("sleep 1000 &")
			s.waitGroup(pgid, "sleep")
			s.Run(f)
			s.waitNoGroup(pgid)
			s.Run("wait")
			s.WaitFor("no job", func() bool { return s.Run("jobs") == "" })
		}
	})
	rule(t, "kill of a stopped job lets it die at once", bashToo, func(s *session) {
		// dash leaves it stopped with the signal pending.
		pgid := s.stopped("1000")
		s.Run("kill %1")
		s.waitNoGroup(pgid)
	})
	rule(t, "kill -STOP and -CONT change the state that jobs shows", bashToo, func(s *session) {
		// dash does not ask for continued children, and shows Stopped for ever.
		pgid := s.background("sleep 1000 &")
		s.Run("kill -STOP %1")
		s.waitStopped(pgid)
		s.mention("jobs", s.stoppedLine(1, "+", "SIGSTOP", "sleep 1000"))
		s.Run("kill -CONT %1")
		s.waitRunning(pgid)
		s.mention("jobs", `\[1\] ?\+ +Running +sleep 1000( &)?`)
	})
	rule(t, "kill -l names a signal, and the signal of an exit status", all, func(s *session) {
		s.expect("kill -l 15", "TERM")
		s.expect("kill -l 143", "TERM")
		if !s.dash() {
			s.expect("kill -l TERM", "15")
			s.expect("kill -l TERM INT", "15\n2")
		}
	})
	rule(t, "kill -l without operands writes all names", all, func(s *session) {
		out := s.Run("kill -l")
		for _, n := range []string{"HUP", "INT", "TSTP", "TTOU"} {
			if !strings.Contains(out, n) {
				t.Errorf("%s: no %s in %q", s.shell, n, out)
			}
		}
	})
	rule(t, "kill -0 asks whether a process is there", all, func(s *session) {
		s.background("sleep 1000 &")
		s.expect("kill -0 $!; echo $?", "0")
		s.mention("kill -9 $!; wait $!; kill -0 $!; echo $?", "1")
	})
	rule(t, "kill says whom it could not find", onlyJsh, func(s *session) {
		s.expect("kill %3", "jsh: kill: %3: no such job (there are no jobs)")
		s.expect("kill 4194303", "jsh: kill: 4194303: no process 4194303 (ESRCH)")
		s.expect("kill -4194303", "jsh: kill: 4194303: no such signal (kill -l lists them)")
		s.expect("kill -9 -4194303", "jsh: kill: -4194303: no process group 4194303 (ESRCH)")
		s.expect("kill -FOO 1", "jsh: kill: FOO: no such signal (kill -l lists them)")
	})
}

// disown, suspend and exit.
func TestLeaving(t *testing.T) {
	stay := ptytest.Options{MayStay: func(p ptytest.ProcInfo) bool { return p.Comm == "sleep" }}
	rule(t, "exit warns of stopped jobs once, then leaves and hangs them up", onlyJsh, func(s *session) {
		pgid := s.stopped("1000")
		s.match("exit", "There is a stopped job.*")
		s.Line("exit")
		s.WaitExit()
		if n := len(s.living(pgid)); n != 0 {
			s.waitNoGroup(pgid)
		}
	})
	rule(t, "exit warns again when something was run in between", onlyJsh, func(s *session) {
		s.stopped("1000")
		s.match("exit", "There is a stopped job.*")
		s.Run("true")
		s.match("exit", "There is a stopped job.*")
	})
	rule(t, "^D warns of stopped jobs too", onlyJsh, func(s *session) {
		s.stopped("1000")
		s.Key(ptytest.CtrlD)
		s.WaitText("^There is a stopped job")
		s.WaitPrompt()
		s.Key(ptytest.CtrlD)
		s.WaitExit()
	})
	rule(t, "a closed terminal hangs up running and stopped jobs", onlyJsh, func(s *session) {
		a := s.background("sleep 1001 &")
		b := s.stopped("1002")
		s.Hangup()
		s.waitNoGroup(a)
		s.waitNoGroup(b)
		s.WaitExit()
	})
	ruleOn(t, "a disowned job survives a closed terminal", onlyJsh, stay, func(s *session) {
		a := s.background("sleep 1001 &")
		b := s.background("sleep 1002 &")
		s.Run("disown %1")
		s.Run("disown -h %2")
		s.match("jobs", `\[2\]\+ +Running +sleep 1002 &`)
		s.Hangup()
		s.WaitExit()
		for _, pid := range []int{a, b} {
			if p, ok := ptytest.Proc(pid); !ok || p.Zombie() {
				t.Errorf("process %d was hung up", pid)
			}
		}
	})
	ruleOn(t, "a job ignoring SIGHUP survives", onlyJsh, stay, func(s *session) {
		a := s.background("nohup sleep 1001 > /dev/null 2>&1 &")
		s.find("sleep")
		s.Hangup()
		s.WaitExit()
		if p, ok := ptytest.Proc(a); !ok || p.Zombie() {
			t.Error("it was ended")
		}
	})
	ruleOn(t, "exit leaves running jobs alone", onlyJsh, stay, func(s *session) {
		a := s.background("sleep 1001 &")
		s.Line("exit 3")
		if st := s.WaitExit(); st != 3 {
			t.Errorf("status %d", st)
		}
		if p, ok := ptytest.Proc(a); !ok || p.Zombie() {
			t.Error("the job was ended")
		}
	})
	rule(t, "suspend refuses in a session leader", onlyJsh, func(s *session) {
		s.match("suspend; echo $?", "jsh: suspend: this shell leads its session.*\n1")
	})
	rule(t, "disown -a takes all jobs off the list, disown -r the running ones", onlyJsh, func(s *session) {
		a := s.stopped("1001")
		b := s.background("sleep 1002 &")
		s.Run("disown -r")
		s.match("jobs", `\[1\]\+ Stopped \(SIGTSTP\)  sleep 1001`)
		s.match("disown -a", "jsh: disown: %1 is stopped.*kill -CONT -- -"+strconv.Itoa(a)+" continues it.*")
		s.expect("jobs", "")
		s.kill(-a, 9)
		s.kill(-b, 9)
	})
	rule(t, "disown of an unknown job is an error", onlyJsh, func(s *session) {
		s.expect("disown %2; echo $?", "jsh: disown: %2: no such job (there are no jobs)\n1")
	})
}
