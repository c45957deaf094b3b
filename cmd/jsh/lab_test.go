package main

import (
	"strconv"
	"syscall"
	"testing"

	"jsh/ptytest"
)

// walkTo begins daemonize --pause and does all steps before the nth. It returns
// the number of the process that is to be the daemon.
func (s *session) walkTo(n int) int {
	s.t.Helper()
	s.Line("daemonize --pause -- sleep 300")
	pid := 0
	for i := 1; ; i++ {
		m := s.WaitOutput(`Process (\d+) is to be(?s:.*)step ` + strconv.Itoa(i) + ` of 9(?s:.*)leaves: \x1b\[22m$`)
		pid, _ = strconv.Atoi(m[1])
		if i == n {
			return pid
		}
		s.Key(ptytest.Enter)
	}
}

func TestDaemonize(t *testing.T) {
	rule(t, "the walk in a shell makes a daemon that the shell's end does not touch", onlyJsh, func(s *session) {
		s.walkTo(9)
		s.Key(ptytest.Enter)
		m := s.WaitOutput(`pid (\d+) sleep is a daemon`)
		s.WaitPrompt()
		s.expect("echo $?; jobs", "0")
		s.noneLeft()
		pid, _ := strconv.Atoi(m[1])
		p, ok := ptytest.Proc(pid)
		if !ok || p.Sid == s.Pid() || p.Sid == pid || p.Comm != "sleep" {
			s.t.Errorf("the daemon: %+v", p)
		}
		s.kill(pid, syscall.SIGTERM)
		s.WaitGone(pid)
	})
	for n := 1; n <= 9; n += 2 {
		rule(t, "^C before step "+strconv.Itoa(n)+" leaves nothing behind", onlyJsh, func(s *session) {
			pid := s.walkTo(n)
			s.Key(ptytest.CtrlC)
			s.WaitPrompt()
			s.expect("echo $?", "130")
			s.noneLeft()
			s.WaitGone(pid)
		})
	}
	rule(t, "the walk stops by ^Z and goes on by fg", onlyJsh, func(s *session) {
		s.walkTo(3)
		s.Key(ptytest.CtrlZ)
		s.WaitPrompt()
		s.mention("jobs", `\[1\]\+ Stopped \(SIGTSTP\)  daemonize --pause -- sleep 300`)
		s.Line("fg")
		s.WaitForegroundJob("jsh")
		s.Key(ptytest.Enter)
		s.WaitOutput(`step 4 of 9`)
		s.Type("q")
		s.Key(ptytest.Enter)
		s.WaitOutput(`You left: process \d+ is ended`)
		s.WaitPrompt()
		s.noneLeft()
	})
	rule(t, "a hang-up in the middle of the walk leaves nothing behind", onlyJsh, func(s *session) {
		s.walkTo(4) // the process is in another session by now
		s.Hangup()
	})
	rule(t, "a killed walk leaves nothing behind", onlyJsh, func(s *session) {
		pid := s.walkTo(4)
		s.kill(s.Foreground(), syscall.SIGKILL)
		s.WaitPrompt()
		s.WaitGone(pid)
	})
	rule(t, "it works in a pipeline, and as jsh daemonize from any shell", onlyJsh, func(s *session) {
		m := s.mention("daemonize -- sleep 300 | cat", `pid (\d+) sleep is a daemon.*`)
		s.Run("kill " + m[1])
		m = s.mention(`sh -c '"$0" daemonize -- sleep 300' `+ptytest.FindShell(t, "jsh").Argv[0], `pid (\d+) sleep is a daemon.*`)
		s.Run("kill " + m[1])
		s.mention("daemonize", "daemonize: the command that is to be a daemon is missing.*")
		s.expect("echo $?", "2")
	})
}
