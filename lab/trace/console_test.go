package trace_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"jsh/ptytest"
)

// shell starts jsh on a terminal.
func shell(t *testing.T) *ptytest.Term {
	t.Helper()
	term := ptytest.Start(t, ptytest.Options{Argv: []string{ptytest.JSH(t), "--plain"}})
	term.WaitPrompt()
	return term
}

func TestJobControlIsWhatItIsWithoutATracer(t *testing.T) {
	t.Run("^Z stops, bg continues, fg gives the keyboard, ^C ends", func(t *testing.T) {
		term := shell(t)
		term.Line("trace --print -o log sleep 1000")
		pid := term.WaitForegroundJob("sleep")
		if p, _ := ptytest.Proc(pid); p.PPid != term.Pid() || p.Pgid != pid {
			t.Errorf("the program is %v; it should be the shell's child and lead its group", p)
		}
		term.Key(ptytest.CtrlZ)
		term.WaitText(`Stopped \(SIGTSTP\)`)
		term.WaitPrompt()
		term.Run("bg")
		term.WaitState(pid, "S")
		term.Line("fg")
		term.WaitForegroundJob("sleep")
		term.Key(ptytest.CtrlC)
		term.WaitPrompt()
		if out := term.Run("echo $?"); !strings.Contains(out, "130") {
			t.Error(out)
		}
		log, _ := os.ReadFile(filepath.Join(term.Home(), "log"))
		for _, want := range []string{"gets SIGTSTP: it stops", "goes on (SIGCONT)", "was killed by SIGINT"} {
			if !strings.Contains(string(log), want) {
				t.Errorf("%q is not in\n%s", want, log)
			}
		}
	})
	t.Run("a background job that reads is stopped by SIGTTIN", func(t *testing.T) {
		term := shell(t)
		term.Run("set -b")
		term.Line("trace --print -o log cat &")
		term.WaitText(`Stopped \(SIGTTIN\)`)
		term.Line("")
		term.WaitPrompt()
		term.Run("kill -9 %1; wait")
	})
	t.Run("in a pipeline it is a stage like any other", func(t *testing.T) {
		term := shell(t)
		if out := term.Run("trace --print -o log echo one two | trace --print -o log2 wc -w"); !strings.Contains(out, "2") {
			t.Error(out)
		}
		term.Line("trace --print -o log sleep 1000 | cat")
		pid := term.WaitForegroundJob("cat")
		term.WaitForegroundJob("sleep")
		term.Key(ptytest.CtrlZ)
		term.WaitText(`Stopped \(SIGTSTP\)`)
		term.WaitPrompt()
		for _, p := range term.Group(pid) {
			term.WaitState(p.Pid, "Tt")
		}
		term.Line("fg")
		term.WaitForegroundJob("cat")
		term.Key(ptytest.CtrlC)
		term.WaitPrompt()
	})
	t.Run("SIGSTOP stops it, and kill -9 ends it stopped", func(t *testing.T) {
		term := shell(t)
		term.Line("trace --print -o log sleep 1000 &")
		term.WaitPrompt()
		pid := 0
		term.WaitFor("sleep to run", func() bool {
			for _, p := range ptytest.Session(term.Pid()) {
				if p.Comm == "sleep" {
					pid = p.Pid
				}
			}
			return pid != 0
		})
		syscall.Kill(pid, syscall.SIGSTOP)
		term.WaitState(pid, "Tt")
		term.Run("kill -9 %1")
		term.WaitGone(pid)
	})
}

// prompt waits until the tracer asks.
func prompt(term *ptytest.Term, call string) {
	term.WaitText(call)
	term.WaitText(`>\s*$`)
}

func TestSkippingSetsidKeepsTheTerminal(t *testing.T) {
	exe := program(t, "daemon3")
	for _, c := range []struct{ key, want string }{{"s", " terminal\n"}, {"", " none\n"}} {
		t.Run("answer "+strconv.Quote(c.key), func(t *testing.T) {
			term := shell(t)
			file := filepath.Join(t.TempDir(), "told")
			term.Type("trace " + exe + " " + file + " 0\r")
			prompt(term, `clone\(`)
			term.Type("r setsid\r")
			prompt(term, `setsid\(\)`)
			term.Type(c.key + "\r")
			asked(term, 3)
			term.Type("c\r")
			term.WaitPrompt()
			b, err := os.ReadFile(file)
			if err != nil || !strings.HasSuffix(string(b), c.want) {
				t.Errorf("%q, %v; want %q", b, err, c.want)
			}
		})
	}
}

func TestACallCanBeFailedWithAnErrno(t *testing.T) {
	exe := program(t, "daemon3")
	term := shell(t)
	term.Type("trace " + exe + "\r")
	prompt(term, `clone\(`)
	term.Type("f EAGAIN\r")
	term.WaitText(`= -1 EAGAIN`)
	prompt(term, `exit_group\(1\)`)
	term.Type("\r")
	term.WaitPrompt()
	if out := term.Run("echo $?"); !strings.Contains(out, "1") {
		t.Error(out)
	}
}

// asked waits until the tracer has asked n times.
func asked(term *ptytest.Term, n int) {
	term.WaitFor("the tracer to ask", func() bool { return len(asks.FindAllString(term.Transcript(), -1)) >= n })
}

var asks = regexp.MustCompile(`(\n {6}|keys )> `)

func TestADaemonOutlivesItsTracerWheneverThatIsKilled(t *testing.T) {
	exe := program(t, "daemon3")
	for point := 1; point <= 10; point++ {
		t.Run("at call "+strconv.Itoa(point), func(t *testing.T) {
			term := shell(t)
			file := filepath.Join(t.TempDir(), "told")
			term.Type("trace " + exe + " " + file + " 1000\r")
			const calls = 9 // the parent's exit and the child's setsid come in any order
			for i := 1; i <= min(point, calls); i++ {
				if i > 1 {
					term.Type("\r")
				}
				asked(term, i)
			}
			if point > calls {
				term.Type("\r") // it sleeps
				term.WaitFor("the daemon to tell", func() bool { b, _ := os.ReadFile(file); return len(b) > 0 })
			}
			tracer := tracerOf(t, exe)
			if err := syscall.Kill(tracer, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			term.WaitPrompt()
			var f []string
			term.WaitFor("the daemon to tell", func() bool {
				b, _ := os.ReadFile(file)
				f = strings.Fields(string(b))
				return len(f) == 4
			})
			pid, _ := strconv.Atoi(f[0])
			defer syscall.Kill(pid, syscall.SIGKILL)
			if f[1] != f[0] || f[3] != "none" {
				t.Errorf("the daemon tells %v", f)
			}
			if p, ok := ptytest.Proc(pid); !ok || p.Zombie() {
				t.Errorf("the daemon is %v", p)
			}
			if n := tracerPid(pid); n != 0 {
				t.Errorf("it is traced by %d", n)
			}
		})
	}
}

// tracerOf finds the tracer of a program that runs.
func tracerOf(t *testing.T, exe string) int {
	links, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, l := range links {
		if target, _ := os.Readlink(l); target == exe {
			pid, _ := strconv.Atoi(strings.Split(l, "/")[2])
			if n := tracerPid(pid); n != 0 {
				return n
			}
		}
	}
	t.Fatal("nobody traces it")
	return 0
}

func tracerPid(pid int) int {
	b, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	_, rest, _ := strings.Cut(string(b), "TracerPid:")
	rest, _, _ = strings.Cut(rest, "\n")
	n, _ := strconv.Atoi(strings.TrimSpace(rest))
	return n
}

func TestTheSignalKeysAtTheTracersPromptGoToTheJob(t *testing.T) {
	term := shell(t)
	term.Type("trace env env sleep 1000\r")
	asked(term, 1)
	term.Key(ptytest.CtrlZ)
	term.WaitText(`Stopped \(SIGTSTP\)`)
	term.WaitPrompt()
	term.Type("fg\r")
	asked(term, 2)
	term.Key(ptytest.CtrlC)
	term.WaitPrompt()
	if out := term.Run("echo $?"); !strings.Contains(out, "130") {
		t.Error(out)
	}
}

func TestInTheBackgroundTheTracerWaitsForTheKeyboard(t *testing.T) {
	term := shell(t)
	term.Type("trace sh -c 'true; exec sleep 1000' &\r")
	term.WaitText(`waits for the keyboard`)
	term.Type("fg\r")
	asked(term, 1)
	term.Type("c\r")
	term.WaitForegroundJob("sleep")
	term.Key(ptytest.CtrlC)
	term.WaitPrompt()
}

func TestDetachingLeavesTheProgramRunning(t *testing.T) {
	term := shell(t)
	term.Type("trace sh -c 'trap : TERM; exec sleep 1000'\r")
	asked(term, 1)
	term.Type("d\r")
	pid := term.WaitForegroundJob("sleep")
	if n := tracerPid(pid); n != 0 {
		t.Errorf("it is still traced by %d", n)
	}
	term.Key(ptytest.CtrlC)
	term.WaitPrompt()
}

func TestWhereTheProgramCannotRunTheStatusIsAShells(t *testing.T) {
	for _, c := range []struct {
		line string
		want string
	}{
		{"trace /no/such", "127"}, {"trace no-such-program", "127"}, {"trace /etc/passwd", "126"}, {"trace", "2"},
		{"trace --nonsense", "2"}, {"trace --print false", "1"}, {"trace --print sh -c 'exit 7'", "7"}, {"trace --print sh -c 'kill -9 $$'", "137"},
		{"trace --print -o /dev/null " + ptytest.JSH(t) + " trace --print true", "125"}, // one tracer only
	} {
		cmd := exec.Command(ptytest.JSH(t), "-c", c.line+"\necho status $?")
		out, _ := cmd.Output()
		if !strings.Contains(string(out), "status "+c.want+"\n") {
			t.Errorf("%s: %s, want %s", c.line, out, c.want)
		}
	}
}

func TestTraceIsFoundAsABuiltinIs(t *testing.T) {
	cmd := exec.Command(ptytest.JSH(t), "-c", "type trace check-daemon; command -v trace; command trace --print -o /dev/null echo run; trace() { echo mine; }; trace")
	out, err := cmd.CombinedOutput()
	want := "trace is a program that jsh itself is\ncheck-daemon is a program that jsh itself is\ntrace\nrun\nmine\n"
	if string(out) != want || err != nil {
		t.Errorf("%s%v", out, err)
	}
}

func TestAfterItsParentsExitADaemonIsStillSteppedAndLetGoByTheInterruptKey(t *testing.T) {
	exe := program(t, "daemon3")
	term := shell(t)
	file := filepath.Join(t.TempDir(), "told")
	term.Type("trace " + exe + " " + file + " 1000\r")
	// The parent's exit and the child's calls come in either order.
	for n := 1; ; n++ {
		asked(term, n)
		if strings.Contains(term.Transcript(), "ended with status 0") {
			break
		}
		term.Type("\r")
	}
	term.Key(ptytest.CtrlC)
	term.WaitText(`detached`)
	term.WaitPrompt()
	var f []string
	term.WaitFor("the daemon to tell", func() bool {
		b, _ := os.ReadFile(file)
		f = strings.Fields(string(b))
		return len(f) == 4
	})
	pid, _ := strconv.Atoi(f[0])
	defer syscall.Kill(pid, syscall.SIGKILL)
	if n := tracerPid(pid); n != 0 {
		t.Errorf("it is still traced by %d", n)
	}
}

func TestAShellUnderTheTracerHasItsJobControl(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("bash is not installed")
	}
	term := shell(t)
	term.Line("trace --print -o log bash --norc -i")
	term.WaitPrompt()
	term.Line("sleep 1000")
	term.WaitForegroundJob("sleep")
	term.Key(ptytest.CtrlZ)
	term.WaitText(`Stopped`)
	term.WaitPrompt()
	term.Line("fg")
	term.WaitForegroundJob("sleep")
	term.Key(ptytest.CtrlC)
	term.WaitPrompt()
	term.Line("suspend")
	term.WaitText(`Stopped \(SIGSTOP\)`)
	term.WaitPrompt()
	term.Line("fg")
	term.WaitForegroundJob("bash")
	term.Line("exit")
	term.WaitForegroundShell()
	term.WaitPrompt()
}

func TestItDoesNotStopAtEachFailedStepOfASearchAlongPATH(t *testing.T) {
	term := shell(t)
	term.Run("PATH=/nowhere:/nowhere/else:$PATH")
	term.Type("trace env true\r")
	asked(term, 1)
	if !strings.Contains(term.Transcript(), `execve("/nowhere/else/true"`) {
		t.Error("the failed steps were not told")
	}
	term.Type("\r")
	prompt(term, `exit_group\(0\)`)
	term.Type("\r")
	term.WaitPrompt()
}
