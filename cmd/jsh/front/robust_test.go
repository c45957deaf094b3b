package front

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"jsh/ptytest"
)

// A terminal that is closed, in each state of the shell.
func TestClosedTerminal(t *testing.T) {
	for _, c := range []struct {
		state string
		reach func(s *session)
	}{
		{"at the prompt", func(s *session) {}},
		{"while a line is typed", func(s *session) { s.Type("half"); s.WaitText("half$") }},
		{"with a foreground job", func(s *session) { s.Line("sleep 1000"); s.WaitForegroundJob("sleep") }},
		{"with a foreground pipeline", func(s *session) { s.Line("sleep 1000 | cat | cat"); s.WaitForegroundJob("cat") }},
		{"with stopped jobs", func(s *session) { s.stopped("1000"); s.stopped("1001") }},
		{"with a running background job", func(s *session) { s.background("sleep 1000 &") }},
		{"in wait", func(s *session) { s.background("sleep 1000 &"); s.Line("wait"); s.waitInWait() }},
		{"in read", func(s *session) { s.Line("read x"); s.waitReading() }},
		{"in a command substitution", func(s *session) { s.Line("echo $(sleep 1000)"); s.find("sleep") }},
		{"in a subshell", func(s *session) { s.Line("(sleep 1000; sleep 1001)"); s.find("sleep") }},
		{"in a loop of builtins", func(s *session) { s.Line("echo be''gins; while :; do :; done"); s.WaitText("^begins") }},
		{"in a loop of programs", func(s *session) {
			s.Line("echo be''gins; while :; do /bin/true; done")
			s.WaitText("^begins")
		}},
		{"in an inner shell", func(s *session) { s.enter(ptytest.JSH(t) + " --plain"); s.stopped("1000") }},
		{"in an inner shell's foreground job", func(s *session) {
			s.enter(ptytest.JSH(t) + " --plain")
			s.Line("sleep 1000")
			s.find("sleep")
		}},
		{"at a continuation prompt", func(s *session) { s.Type("if true\r"); s.WaitText("^> $|^>$") }},
	} {
		rule(t, "a terminal closed "+c.state+" ends the shell and all its jobs", onlyJsh, func(s *session) {
			c.reach(s)
			before := s.Session()
			s.Hangup()
			if st := s.WaitExit(); st != 129 {
				s.t.Errorf("status %d", st)
			}
			for _, p := range before {
				s.WaitFor(fmt.Sprintf("the end of %v", p), func() bool {
					now, ok := ptytest.Proc(p.Pid)
					return !ok || now.Zombie() || now.Start != p.Start
				})
			}
		})
	}
}

// waitReading waits until the shell itself reads from its terminal.
func (s *session) waitReading() {
	s.t.Helper()
	s.WaitFor("the shell to read", func() bool {
		call := systemCall(s.Pid())
		canonical := s.Modes().Lflag&syscall.ICANON != 0
		return canonical && len(call) > 0 && (call[0] == "0" || call[0] == "271")
	})
}

// Limits of the system.
func TestLimits(t *testing.T) {
	ruleOn(t, "a history that cannot be written is said, and the shell goes on", onlyJsh,
		ptytest.Options{Env: []string{"HISTFILE=/proc/version"}}, func(s *session) {
			s.match("echo one", ".*history.*\\none")
			s.mention("echo two", "two")
		})
	ruleOn(t, "a device as history file is left alone", onlyJsh,
		ptytest.Options{Env: []string{"HISTFILE=/dev/full"}}, func(s *session) {
			s.expect("echo one", "one")
		})
	rule(t, "no room for the history (ulimit -f 0) is said, and the shell goes on", onlyJsh, func(s *session) {
		s.Run("ulimit -f 0")
		s.match("echo one", "(?s)jsh: history file .*: file too large.*\\none")
		s.mention("echo x > file || echo not wr''itten", "not written")
		s.match("/bin/echo x > file", ".*(SIGXFSZ|EFBIG|File too large).*")
		s.mention("echo two", "two")
	})
	rule(t, "a broken pipe does not end an interactive shell", onlyJsh, func(s *session) {
		// bash dies of it.
		s.Run("mkfifo gate; cat gate > /dev/null &")
		s.Run("exec 3> gate")
		s.kill(s.find("cat").Pid, 9)
		s.Run("wait")
		s.match("echo x >&3 || echo not wr''itten", "(?s).*not written.*")
		s.mention("echo two", "two")
	})
	rule(t, "too few descriptors for a pipeline: an error, nothing left running, the terminal the shell's", []string{"bash"}, func(s *session) {
		// The limit must be the hard one before jsh starts: Go raises the other.
		refused := 0
		for n := 66; n < 76; n++ {
			s.Line(fmt.Sprintf("sh -c 'ulimit -n %d; exec %s --plain'", n, ptytest.JSH(s.t)))
			s.WaitForegroundJob("jsh")
			s.WaitPrompt()
			shell := s.Foreground()
			s.Line("sleep 1000 | sleep 1001 | sleep 1002")
			s.WaitFor("an error or three processes", func() bool {
				return strings.Contains(s.Screen(), "EMFILE") || len(s.living(s.Foreground())) == 3
			})
			if !strings.Contains(s.Screen(), "EMFILE") {
				s.Key(ptytest.CtrlC)
			} else {
				refused++
			}
			s.WaitPrompt()
			if fg := s.Foreground(); fg != shell {
				s.t.Errorf("limit %d: group %d has the terminal, not %d", n, fg, shell)
			}
			s.WaitFor("nothing left", func() bool { return len(s.Session()) == 2 })
			s.mention("echo fine", "fine")
			s.leave()
			s.Run("clear")
		}
		if refused == 0 {
			s.t.Error("no limit was too low")
		}
	})
	rule(t, "no more processes: an error, nothing left running, the terminal the shell's", onlyJsh, func(s *session) {
		if os.Getuid() != 0 {
			s.t.Skip("a user of its own is needed to count its processes")
		}
		if _, err := exec.LookPath("setpriv"); err != nil {
			s.t.Skip("setpriv is not installed")
		}
		os.Chmod(s.Home(), 0o777)
		for dir := s.Home(); dir != "/"; dir = dir[:max(1, strings.LastIndexByte(dir, '/'))] {
			if st, err := os.Stat(dir); err != nil || st.Mode()&1 == 0 {
				os.Chmod(dir, 0o755)
			}
		}
		os.Chmod(ptytest.JSH(t), 0o755)
		os.Chmod(ptytest.JSH(t)[:strings.LastIndexByte(ptytest.JSH(t), '/')], 0o755)
		s.enter("setpriv --reuid 54321 --regid 54321 --clear-groups " + ptytest.JSH(t) + " --plain")
		s.Run("ulimit -u 12")
		shell := s.Foreground()
		for range 3 {
			out := s.Run("sleep 1000 | sleep 1000 | sleep 1000 | sleep 1000 | sleep 1000 | sleep 1000 | sleep 1000 | sleep 1000 | sleep 1000 | sleep 1000 | sleep 1000 | sleep 1000 | sleep 1000 | sleep 1000")
			if !strings.Contains(out, "EAGAIN") {
				s.t.Errorf("%q", out)
			}
			s.WaitFor("the shell in the foreground", func() bool { return s.Foreground() == shell })
			s.WaitFor("nothing left", func() bool { return len(s.Session()) == 2 })
		}
		s.mention("echo fine", "fine")
		s.leave()
	})
}

// The Go runtime under pressure: one processor, and a collection at each turn.
func TestRuntimeUnderPressure(t *testing.T) {
	ruleOn(t, "GOMAXPROCS=1 and GOGC=1: ^Z, fg, ^C in a row", onlyJsh,
		ptytest.Options{Env: []string{"GOMAXPROCS=1", "GOGC=1"}}, func(s *session) {
			for range 20 {
				s.Line("sleep 1000 | cat")
				pgid := s.stop("cat")
				s.waitStopped(pgid)
				s.Line("fg")
				s.interrupt("cat")
			}
			s.noneLeft()
		})
	ruleOn(t, "a flood of ^Z while programs are started hangs nothing", onlyJsh,
		ptytest.Options{Env: []string{"GOMAXPROCS=1", "GOGC=1"}}, func(s *session) {
			stop := make(chan struct{})
			done := make(chan struct{})
			pid := s.Pid()
			go func() { // ^Z as the terminal sends it: to whoever has the keyboard
				defer close(done)
				for {
					select {
					case <-stop:
						return
					default:
						if fg := s.Foreground(); fg != pid && fg > 0 {
							unix.Kill(-fg, unix.SIGTSTP)
						}
					}
				}
			}()
			for range 50 {
				s.Run("/bin/true | /bin/true")
			}
			close(stop)
			<-done
			s.Run("for g in $(jobs -p); do kill -9 -- -$g; done; wait")
			s.noneLeft()
		})
}

// ignoring runs its arguments with the three signals of job control ignored.
var _ = ptytest.Register("ignoring", func() {
	signal.Ignore(syscall.SIGTSTP, syscall.SIGTTIN, syscall.SIGTTOU)
	path, err := exec.LookPath(os.Args[1])
	if err == nil {
		err = syscall.Exec(path, os.Args[1:], os.Environ())
	}
	fmt.Println(err)
})

func TestIgnoredAtEntry(t *testing.T) {
	rule(t, "jobs can be stopped though the job control signals were ignored when the shell started", bashToo, func(s *session) {
		// tmux ignores SIGTTIN and SIGTTOU. 2.12 keeps ignored signals ignored
		// in shells that are not interactive only.
		s.enter("ignoring " + strings.Join(ptytest.FindShell(s.t, s.shell).Argv, " "))
		pgid := s.background("cat &")
		// Killed by number, and gone before the next step: to a wait that is
		// quick a job may still be a stopped one, which it does not wait for.
		end := func() {
			s.Run(fmt.Sprint("kill -9 ", pgid))
			if s.jsh() {
				s.WaitGone(pgid)
				return
			}
			// bash's notice of the stop can swallow the SIGCHLD of the end: it
			// then takes the zombie with the next child's.
			for _, ok := ptytest.Proc(pgid); ok; _, ok = ptytest.Proc(pgid) {
				s.Run("/bin/true")
			}
		}
		s.waitStopped(pgid)
		end()
		s.Run("stty tostop")
		pgid = s.background("/bin/echo hidden &")
		s.waitStopped(pgid)
		end()
		s.Run("stty -tostop")
		s.playInner()
		s.leave()
	})
}

// Scripts with job control, and shells without a terminal.
func TestMonitorInScripts(t *testing.T) {
	rule(t, "jsh -m gives each job of a script a group of its own and the terminal", onlyJsh, func(s *session) {
		os.WriteFile(s.Home()+"/script", []byte("echo begin\nwhoreads\nwhoreads | cat\nsleep 1000\necho status $?; echo more\n"), 0o644)
		s.Line(ptytest.JSH(t) + " -m script")
		s.WaitText("^begin\nmine\nmine")
		sleep := s.find("sleep")
		if sleep.Pgid != sleep.Pid || s.Foreground() != sleep.Pgid {
			t.Errorf("%v, foreground %d", sleep, s.Foreground())
		}
		s.kill(sleep.Pid, 15)
		s.WaitText("^status 143\nmore")
		s.WaitPrompt()
		s.WaitForegroundShell()
	})
	rule(t, "jsh -m takes the terminal from /dev/tty when descriptors 0 to 2 are files, and writes no notices", onlyJsh, func(s *session) {
		os.WriteFile(s.Home()+"/script", []byte("whoreads >who\nsleep 900 & kill %1; wait %1\nsleep 1000; echo not reached\njobs >jobs; kill -9 %1; wait %1\nsleep 1001\necho status $?\n"), 0o644)
		s.Line(ptytest.JSH(t) + " -m script </dev/null >out 2>err")
		s.WaitFor("sleep in the foreground", func() bool {
			sleep := s.find("sleep")
			return sleep.Pid == sleep.Pgid && s.Foreground() == sleep.Pid
		})
		first := s.find("sleep").Pid
		s.Key(ptytest.CtrlZ)
		s.WaitFor("the second sleep in the foreground", func() bool {
			sleep := s.find("sleep")
			return sleep.Pid != first && s.Foreground() == sleep.Pid
		})
		s.kill(s.find("sleep").Pid, 15)
		s.WaitPrompt()
		s.WaitForegroundShell()
		for file, want := range map[string]string{"who": "mine\n", "out": "status 143\n", "err": "", "jobs": "[1]+ Stopped (SIGTSTP)  sleep 1000\n"} {
			if got, _ := os.ReadFile(s.Home() + "/" + file); string(got) != want {
				t.Errorf("%s: %q, want %q", file, got, want)
			}
		}
	})
	t.Run("an interactive shell reads what ENV names, or .jshrc, but not when the ids differ", func(t *testing.T) {
		if os.Getuid() != 0 {
			t.Skip("only root can make the ids differ")
		}
		if _, err := exec.LookPath("setpriv"); err != nil {
			t.Skip("setpriv is not installed")
		}
		os.Chmod(filepath.Dir(ptytest.JSH(t)), 0o755)
		dir := t.TempDir()
		os.WriteFile(dir+"/env", []byte("echo from ENV\n"), 0o644)
		os.WriteFile(dir+"/.jshrc", []byte("echo from jshrc\n"), 0o644)
		for _, c := range []struct {
			ids, env, want string
		}{
			{"", "ENV=" + dir + "/env", "from ENV"},
			{"", "ENV=", "from jshrc"},
			{"", "ENV=$HOME/env", "from ENV"},
			{"--euid 54321", "ENV=" + dir + "/env", ""},
			{"--ruid 54321", "ENV=" + dir + "/env", ""},
			{"--egid 54321", "ENV=" + dir + "/env", ""},
			{"--euid 54321", "ENV=", ""},
		} {
			argv := append(strings.Fields(c.ids), ptytest.JSH(t), "-i")
			if c.ids != "" {
				argv = append([]string{"setpriv", "--clear-groups"}, argv...)
			}
			cmd := exec.Command(argv[0], argv[1:]...)
			cmd.Stdin = strings.NewReader("echo runs\n")
			cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
			cmd.Env = []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH"), c.env}
			out, _ := cmd.Output()
			if got := string(out); strings.Contains(got, "from ") != (c.want != "") || !strings.Contains(got, c.want) || !strings.Contains(got, "runs") {
				t.Errorf("%s %s: %q, want %q", c.ids, c.env, out, c.want)
			}
		}
	})
	rule(t, "^C of a script with job control ends the script", onlyJsh, func(s *session) {
		os.WriteFile(s.Home()+"/script", []byte("sleep 1000\necho more\n"), 0o644)
		s.Line(ptytest.JSH(t) + " -m script; echo other")
		s.find("sleep")
		s.WaitFor("sleep in the foreground", func() bool { return s.Foreground() == s.find("sleep").Pid })
		s.Key(ptytest.CtrlC)
		s.WaitPrompt()
		s.notWritten("^more")
		s.notWritten("^other")
		s.noneLeft()
	})
	rule(t, "a stop in a script with job control discards the rest of the list, not of the script", onlyJsh, func(s *session) {
		os.WriteFile(s.Home()+"/script", []byte("sleep 1000; echo second\necho third $?; jobs; fg\necho fourth $?\n"), 0o644)
		s.Line(ptytest.JSH(t) + " -m script")
		s.WaitFor("sleep in the foreground", func() bool { return s.Foreground() == s.find("sleep").Pid })
		s.Key(ptytest.CtrlZ)
		s.WaitText(`^\^Z\n\[1\]\+ Stopped \(SIGTSTP\)  sleep 1000\nthird 148$`)
		s.WaitText(`^\[1\]\+ Stopped \(SIGTSTP\)  sleep 1000`)
		s.WaitFor("sleep in the foreground", func() bool { return s.Foreground() == s.find("sleep").Pid })
		s.kill(s.find("sleep").Pid, 15)
		s.WaitText("^fourth 143")
		s.WaitPrompt()
		s.notWritten("^second")
	})
	t.Run("jsh -i without a terminal says that there is no job control, and works", func(t *testing.T) {
		t.Parallel()
		cmd := exec.Command(ptytest.JSH(t), "-i")
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
		cmd.Stdin = strings.NewReader("echo works\nset -m\nexit 4\n")
		out, err := cmd.CombinedOutput()
		if !strings.Contains(string(out), "no job control here") || !strings.Contains(string(out), "works\n") {
			t.Errorf("%s", out)
		}
		if e, ok := err.(*exec.ExitError); !ok || e.ExitCode() != 4 {
			t.Errorf("%v", err)
		}
	})
	t.Run("jsh -m in a script without a terminal makes groups", func(t *testing.T) {
		t.Parallel()
		cmd := exec.Command(ptytest.JSH(t), "-m", "-c", "sleep 1000 & ps -o pid=,pgid= -p $! | awk '{print $1 == $2}'; kill %1; wait %1; echo $?")
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		out, err := cmd.CombinedOutput()
		if string(out) != "1\n143\n" || err != nil {
			t.Errorf("%q %v", out, err)
		}
	})
}
