package ptytest

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"jsh/screen/grid"
)

func TestMain(m *testing.M) { Main(m) }

var _ = Register("stubborn", func() {
	signal.Ignore(syscall.SIGINT)
	fmt.Println("stubborn: ignoring SIGINT")
	fmt.Scanln(new(string))
})

var _ = Register("rawmode", func() {
	m, err := unix.IoctlGetTermios(0, unix.TCGETS)
	if err != nil {
		os.Exit(1)
	}
	m.Lflag &^= unix.ECHO | unix.ICANON
	unix.IoctlSetTermios(0, unix.TCSETS, m)
})

var _ = Register("winch", func() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGWINCH)
	fmt.Println("winch: waiting")
	<-c
	ws, _ := unix.IoctlGetWinsize(0, unix.TIOCGWINSZ)
	fmt.Printf("winch: %d by %d\n", ws.Col, ws.Row)
})

var _ = Register("selfstop", func() {
	syscall.Kill(os.Getpid(), syscall.SIGSTOP)
	fmt.Println("selfstop: going on")
})

// runaway leaves session, terminal and parent behind: only the marker in its
// environment tells where it came from.
var _ = Register("runaway", func() {
	if len(os.Args) > 1 {
		signal.Ignore(syscall.SIGHUP)
		for {
			unix.Pause()
		}
	}
	cmd := exec.Command(os.Args[0], "on")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		os.Exit(1)
	}
	fmt.Println("runaway:", cmd.Process.Pid)
})

var both = []string{"bash", "dash"}

func start(t *testing.T, sh Shell) *Term {
	t.Helper()
	term := Start(t, Options{Argv: sh.Argv})
	term.WaitPrompt()
	return term
}

func TestTerminal(t *testing.T) {
	EachShell(t, both, func(t *testing.T, sh Shell) {
		t.Run("the program leads a session of its own on the pty", func(t *testing.T) {
			term := start(t, sh)
			p, ok := Proc(term.Pid())
			if !ok || p.Sid != p.Pid || p.Pgid != p.Pid || p.TTY == 0 || p.Tpgid != p.Pid {
				t.Errorf("got %v; want session leader, in the foreground of a terminal", p)
			}
		})
		t.Run("Run returns the lines that a command wrote", func(t *testing.T) {
			term := start(t, sh)
			if got := term.Run("echo one; echo 'two  words'"); got != "one\ntwo  words" {
				t.Errorf("got %q", got)
			}
			if got := term.Run("true"); got != "" {
				t.Errorf("true wrote %q", got)
			}
			if got := term.Run("seq 3000"); !strings.HasPrefix(got, "1\n2\n") || !strings.HasSuffix(got, "\n2999\n3000") {
				t.Errorf("seq 3000 gave %d bytes, %.20q…", len(got), got)
			}
		})
		t.Run("a line longer than the screen is wide is typed whole", func(t *testing.T) {
			term := start(t, sh)
			word := strings.Repeat("0123456789", 17)
			if got := strings.ReplaceAll(term.Run("echo "+word), "\n", ""); got != word {
				t.Errorf("got %q", got)
			}
		})
		t.Run("nothing of the test's own environment reaches the program", func(t *testing.T) {
			t.Setenv("JSH_LEAK", "1")
			term := start(t, sh)
			if got := term.Run(`echo "[$JSH_LEAK] $TERM $LC_ALL"; test "$HOME" = "$PWD" && echo home`); got != "[] xterm-256color C.UTF-8\nhome" {
				t.Errorf("got %q", got)
			}
		})
		t.Run("^C ends cat and not the shell", func(t *testing.T) {
			term := start(t, sh)
			interrupt(term)
			if got := term.Run("echo $?"); got != "130" {
				t.Errorf("status of cat is %s, want 130 (SIGINT)", got)
			}
		})
		t.Run("^Z stops cat and the shell has the terminal again", func(t *testing.T) {
			term := start(t, sh)
			stop(t, term) // what is stopped is gone after the hang-up, too
		})
		t.Run("a resize reaches the foreground job as SIGWINCH", func(t *testing.T) {
			term := start(t, sh)
			term.Line("winch")
			term.WaitText("^winch: waiting")
			term.Resize(100, 30)
			term.WaitText("^winch: 100 by 30$")
			term.WaitPrompt()
		})
		t.Run("a program that ignores SIGINT is seen to ignore it", func(t *testing.T) {
			term := start(t, sh)
			term.Line("stubborn")
			pgid := term.WaitForegroundJob("stubborn")
			term.WaitText("^stubborn: ignoring")
			if set, ok := SigIgn(pgid); !ok || !set.Has(syscall.SIGINT) || set.Has(syscall.SIGTERM) {
				t.Errorf("SigIgn is %x", set)
			}
			term.Key(CtrlC)
			term.Type("q\r")
			term.WaitPrompt()
		})
		t.Run("the modes that a program left can be read", func(t *testing.T) {
			term := Start(t, Options{Argv: []string{FindShell(t, "dash").Argv[0], "-c", "rawmode; echo done; read x"}})
			term.WaitText("^done")
			if m := term.Modes(); m.Lflag&(unix.ECHO|unix.ICANON) != 0 {
				t.Errorf("lflag is %o", m.Lflag)
			}
			term.Type("\n")
			if status := term.WaitExit(); status != 0 {
				t.Errorf("status %d", status)
			}
		})
		t.Run("a program that stops itself is seen stopped", func(t *testing.T) {
			term := start(t, sh)
			term.Line("selfstop")
			term.WaitForegroundShell()
			term.WaitPrompt()
			stopped := 0
			for _, p := range term.Session() {
				if p.Stopped() && p.Comm == "selfstop" {
					stopped++
				}
			}
			if stopped != 1 {
				t.Errorf("%d stopped processes in\n%s", stopped, tree(term.Session()))
			}
			term.Line("fg")
			term.WaitText("^selfstop: going on")
			term.WaitPrompt()
		})
		t.Run("a question to the terminal is answered", func(t *testing.T) {
			term := start(t, sh)
			term.Line(`stty -icanon -echo; printf '\033[6n'; dd bs=1 count=6 2>/dev/null | od -c; stty sane`)
			term.WaitText(`033   \[ +\d+   ;   1   R`)
			term.WaitPrompt()
		})
		t.Run("the exit status is told", func(t *testing.T) {
			term := start(t, sh)
			term.Line("exit 7")
			if status := term.WaitExit(); status != 7 {
				t.Errorf("got %d", status)
			}
		})
		t.Run("the colours of the screen can be asked", func(t *testing.T) {
			term := start(t, sh)
			term.Line(`printf '\033[31mr\145d\033[m\n'`)
			term.WaitScreen("a red word", func(g *grid.Grid) bool {
				for y := range 24 {
					if g.Line(y) == "red" && g.Cell(0, y).Fg == grid.Indexed(1) {
						return true
					}
				}
				return false
			})
		})
	})
}

func interrupt(term *Term) {
	term.Line("cat")
	term.WaitForegroundJob("cat")
	term.Key(CtrlC)
	term.WaitPrompt()
}

func stop(t *testing.T, term *Term) (pgid int) {
	t.Helper()
	term.Line("cat")
	pgid = term.WaitForegroundJob("cat")
	term.Key(CtrlZ)
	term.WaitForegroundShell()
	term.WaitPrompt()
	if p := term.WaitState(pgid, "T"); p.Comm != "cat" {
		t.Errorf("stopped: %v", p)
	}
	return pgid
}

// recorder takes the verdict of a Term's end in place of the test.
type recorder struct {
	testing.TB
	failed   bool
	messages []string
	cleanup  []func()
}

func (r *recorder) Errorf(format string, args ...any) {
	r.failed = true
	r.messages = append(r.messages, fmt.Sprintf(format, args...))
}
func (r *recorder) Failed() bool     { return r.failed }
func (r *recorder) Cleanup(f func()) { r.cleanup = append(r.cleanup, f) }
func (r *recorder) finish() {
	for i := len(r.cleanup) - 1; i >= 0; i-- {
		r.cleanup[i]()
	}
}

func TestLeftBehind(t *testing.T) {
	sh := FindShell(t, "dash")
	cases := []struct {
		name, line, comm string
	}{
		{"a background job that survives the hang-up", "(trap '' HUP; exec sleep 1000) &", "sleep"},
		{"a process that left session, terminal and parent", "runaway", "runaway"},
		{"one that dropped its environment too, but kept its parent", "sh -c 'setsid env -i sleep 1000 & wait' &", "sleep"},
	}
	for _, c := range cases {
		t.Run(c.name+" is killed and fails the test", func(t *testing.T) {
			rec := &recorder{TB: t}
			term := Start(rec, Options{Argv: sh.Argv, Deadline: 4 * time.Second})
			term.Line(c.line)
			term.WaitPrompt()
			var pid int
			term.WaitFor("the process "+c.comm, func() bool {
				for _, p := range term.members() {
					if p.Comm == c.comm && p.Sid != term.Pid() || p.Comm == "sleep" && p.Sid == term.Pid() {
						pid = p.Pid
						return true
					}
				}
				return false
			})
			rec.finish()
			if !rec.failed || !strings.Contains(strings.Join(rec.messages, "\n"), fmt.Sprintf("pid %d ", pid)) {
				t.Errorf("pid %d was not reported: %q", pid, rec.messages)
			}
			if p, ok := Proc(pid); ok && !p.Zombie() {
				t.Errorf("still there: %v", p)
			}
		})
		t.Run(c.name+" may stay if the test says so", func(t *testing.T) {
			rec := &recorder{TB: t}
			term := Start(rec, Options{
				Argv:    sh.Argv,
				MayStay: func(p ProcInfo) bool { return p.Comm == c.comm || p.Comm == "sh" },
			})
			term.Line(c.line)
			term.WaitPrompt()
			rec.finish()
			if rec.failed {
				t.Errorf("reported: %q", rec.messages)
			}
			if left := term.living(); len(left) > 0 {
				t.Errorf("still there:\n%s", tree(left))
			}
		})
	}
}

func TestIgnoredSignalsAreNotPassedOn(t *testing.T) {
	// As in a script's background job, where SIGINT is ignored.
	cmd := exec.Command("sh", "-c", `trap '' HUP INT QUIT; exec "$0" "$@"`, os.Args[0],
		"-test.run=^TestTerminal$/^dash$/^.C_ends", "-test.v")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestTerminal/dash/^C_ends") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestSignalKeysNeverGetLost(t *testing.T) {
	rounds := 10
	if v := os.Getenv("JSHTEST_ROUNDS"); v != "" {
		fmt.Sscan(v, &rounds)
	}
	EachShell(t, both, func(t *testing.T, sh Shell) {
		term := start(t, sh)
		for range rounds {
			interrupt(term)
			pgid := stop(t, term)
			term.Line("fg")
			term.WaitForeground("cat", func(fg int) bool { return fg == pgid })
			term.WaitState(pgid, "S")
			term.Key(CtrlC)
			term.WaitPrompt()
			if z := term.Zombies(); len(z) > 0 {
				t.Fatalf("zombies:\n%s", tree(z))
			}
		}
	})
}
