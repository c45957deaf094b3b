package front

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
		s.WaitForeground("the walk", func(pgid int) bool { return pgid != s.Pid() })
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

func TestPuppetByHand(t *testing.T) {
	rule(t, "orders are obeyed, completed, and answered", onlyJsh, func(s *session) {
		type step struct{ typed, answer string }
		s.Line("puppet")
		s.WaitText(`^p1 is process (\d+)`)
		s.WaitText(`^puppet> *\z`)
		for _, k := range []step{
			{"p1 setsid", `^= -1 EPERM .*: this process`},
			{"p1 fork", `^= \d+ \(p1\.1\)`},
			{"p1.1 sets\t", `setsid *\n= \d+`},
			{"p1.1 open /dev/tty O_RDWR", `^= -1 ENXIO`},
			{"p1 read 0", `^p1 is stopped by a signal in read`},
			{"p1.1 quit", `^quit: a puppet knows no such call`},
			{"nosuch", `^nosuch: a line is NAME CALL`},
			{"show", `^p1\.1 .* none `},
		} {
			s.Type(k.typed + "\r")
			s.WaitText(k.answer)
		}
		s.Type("p1.1 tcsetpgrp 0 p1.1\r")
		// ^D only at the prompt: between prompts the terminal takes it for an end of file.
		s.WaitText(`^= -1 ENOTTY.*\n(?:.*\n)*puppet> *\z`)
		s.Key(ptytest.CtrlD)
		s.WaitPrompt()
		s.expect("echo $?", "0")
		s.noneLeft()
	})
	rule(t, "the keyboard that a puppet took is taken back", onlyJsh, func(s *session) {
		s.Line("puppet")
		s.WaitText(`^puppet> *\z`)
		s.Type("p1 sigaction TTOU ignore\r")
		s.WaitText(`^= 0\npuppet> *\z`)
		s.Type("p1 tcsetpgrp 0 p1\r")
		s.WaitText(`^\(The keyboard was with group \d+`)
		s.Type("quit\r")
		s.WaitPrompt()
		s.noneLeft()
	})
	rule(t, "an answer that comes later is told above the line being typed", onlyJsh, func(s *session) {
		s.Line("puppet")
		s.WaitText(`^puppet> *\z`)
		for _, l := range []string{"p1 fork", "p1 wait", "p1.1 exit 3"} {
			s.Type(l + "\r")
			s.WaitText(`^puppet> ` + l + `\n(?:.*\n)+(?:.*\n)*puppet> *\z`)
		}
		s.WaitText(`: it exited with status 3`)
		s.Type("quit\r")
		s.WaitPrompt()
		s.noneLeft()
	})
	rule(t, "a script of orders runs in a pipeline", onlyJsh, func(s *session) {
		s.mention("echo 'p1 getpgid' | puppet", `= \d+`)
		s.mention("puppet /nonexistent", `puppet: /nonexistent: .*`)
		s.expect("echo $?", "1")
		s.mention("help puppet", `usage: puppet .*`)
	})
}

func TestSpareTTY(t *testing.T) {
	rule(t, "it lends a terminal that belongs to no session, until it is told or the shell ends", onlyJsh, func(s *session) {
		m := s.match("spare-tty", `\[1\] (\d+)\n(/dev/pts/\d+)`)
		s.Line("echo hello >" + m[2] + "; read x")
		s.WaitText(`^` + m[2][len("/dev/"):] + `\| hello`)
		s.Key(ptytest.Enter)
		s.mention("jobs", `\[1\]\+ Running +spare-tty &`)
		s.mention("spare-tty", `/dev/pts/\d+`)
		s.Run("kill %1")
		pid, _ := strconv.Atoi(m[1])
		s.WaitGone(pid)
	}) // the second keeper ends with the shell: else the hang-up's check fails
	rule(t, "a session leader without a terminal acquires it, with O_NOCTTY not", onlyJsh, func(s *session) {
		m := s.match("spare-tty", `\[1\] (\d+)\n(/dev/pts/\d+)`)
		out := s.Run("printf 'p1 fork d\\nd setsid\\nd open " + m[2] + " O_RDWR|O_NOCTTY\\nd open /dev/tty O_RDWR\\nd open " + m[2] + " O_RDWR\\nd open /dev/tty O_RDWR\\nshow\\n' | puppet | grep -e '^=' -e '^d .*idle'")
		if grep(out, `^= -1 ENXIO`) == "" || grep(out, `(?s)ENXIO.*^= \d+\n= \d+\nd .* pts/\d+ +`) == "" {
			s.t.Error(out)
		}
	})
}

func TestSetpgid(t *testing.T) {
	rule(t, "a command runs in the group of a job, or in its own", onlyJsh, func(s *session) {
		pgid := s.background("sleep 1000 &")
		s.match("setpgid %1 sh -c 'ps -o pgid= -p $$'", `\d+ sh runs in group `+strconv.Itoa(pgid)+`\n *`+strconv.Itoa(pgid))
		s.match(`setpgid sh -c '[ $(ps -o pgid= -p $$) = $$ ] && echo own'`, `own`)
		s.expect("setpgid 0 sh -c 'exit 3'; echo $?", "3")
		s.expect("setpgid "+strconv.Itoa(pgid)+" sh -c 'kill -9 $$' 2>/dev/null; echo $?", "137")
		s.Run("kill %1")
	})
	rule(t, "what the kernel refuses is explained", onlyJsh, func(s *session) {
		s.mention("setpgid 1 ls", `setpgid: setpgid\(0, 1\): EPERM: group 1 is in session .*`)
		s.mention("setpgid 4194304 ls", `setpgid: setpgid\(0, 4194304\): EPERM: there is no process group .*`)
		s.mention("setpgid %9 ls", `.*%9.*`)
		s.mention("setpgid", `setpgid: the command is missing.*`)
		s.mention("setpgid -x ls", `setpgid: -x: no such option.*`)
		s.mention("setpgid nosuch", `setpgid: nosuch: .*ENOENT.*`)
		s.expect("echo $?", "127")
	})
	rule(t, "^C while it is in another group ends the wait and not the command", onlyJsh, func(s *session) {
		pgid := s.background("sleep 1000 &")
		s.Line("setpgid %1 sleep 2000")
		s.waitGroup(pgid, "sleep", "sleep")
		s.Key(ptytest.CtrlC)
		s.WaitPrompt()
		s.waitGroup(pgid, "sleep", "sleep")
		s.Run("kill %1")
		s.waitNoGroup(pgid)
	})
}
