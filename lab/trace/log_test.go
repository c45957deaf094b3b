package trace_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"jsh/event"
	"jsh/ptytest"
)

// recorded are the tracer's events in a recording.
func recorded(file string) (events []event.Event) {
	b, _ := os.ReadFile(file)
	for line := range bytes.Lines(b) {
		if e, err := event.ParseJSON(bytes.TrimSpace(line)); err == nil && e.Source == event.Tracer {
			events = append(events, e)
		}
	}
	return events
}

func TestADoubleForkUnderTheSilentTracerIsInTheLogOnceAndInCausalOrder(t *testing.T) {
	exe := program(t, "doublefork")
	for _, flag := range []string{"-q", "--print -o told"} {
		t.Run("trace "+flag, func(t *testing.T) {
			const n = 5
			term := shell(t)
			term.Run("record rec")
			if out := term.Run("trace " + flag + " " + exe + " " + strconv.Itoa(n)); strings.Contains(out, "fork") {
				t.Errorf("it is not silent: %s", out)
			}
			file := filepath.Join(term.Home(), "rec")
			ends := func(e *event.Event) bool { return e.Kind == event.Exited }
			term.WaitFor("the ends in the log", func() bool { return count(recorded(file), ends) >= 2*n+1 })
			events := recorded(file)
			first := slices.IndexFunc(events, func(e event.Event) bool { return e.Kind == event.Exec })
			if first < 0 || events[first].Path != exe {
				t.Fatalf("nobody became the program: %v", events)
			}
			// The shell and not the tracer told of the process that it started.
			e := events[first]
			e.Kind = event.Seen
			events[first] = e
			exact(t, events, n)
		})
	}
}

func TestAStoppedOrDeadCompanionHoldsNoTracedProgramUp(t *testing.T) {
	exe := program(t, "doublefork")
	for _, sig := range []syscall.Signal{syscall.SIGSTOP, syscall.SIGKILL} {
		t.Run(sig.String(), func(t *testing.T) {
			term := shell(t)
			term.Run("record rec")
			b, err := os.ReadFile("/proc/" + strconv.Itoa(companionOf(t, term)) + "/comm")
			if err != nil || !strings.HasPrefix(string(b), "jsh") {
				t.Fatalf("%s %v", b, err)
			}
			pid := companionOf(t, term)
			if err := syscall.Kill(pid, sig); err != nil {
				t.Fatal(err)
			}
			defer syscall.Kill(pid, syscall.SIGKILL)
			term.Run("trace -q " + exe + " 2000")
			if out := term.Run("echo status $?"); !strings.Contains(out, "status 0") {
				t.Error(out)
			}
		})
	}
}

// companionOf is the process that serves the socket to which the shell leads.
func companionOf(t *testing.T, term *ptytest.Term) int {
	t.Helper()
	out := term.Run("echo path=$JSH_COMPANION=")
	_, path, _ := strings.Cut(out, "path=")
	path, _, _ = strings.Cut(path, ".sock=")
	pid, err := strconv.Atoi(filepath.Base(path))
	if err != nil {
		t.Fatalf("no companion: %q", out)
	}
	return pid
}

func TestASetUserIDProgramIsRefusedUpFrontByTheSilentTracer(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can make a set-user-ID program of another user")
	}
	if _, err := exec.LookPath("setpriv"); err != nil {
		t.Skip("setpriv is not installed")
	}
	dir := openDir(t)
	b, err := os.ReadFile("/bin/true")
	if err != nil {
		t.Skip(err)
	}
	prog := filepath.Join(dir, "suid")
	if err := os.WriteFile(prog, b, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Chmod(prog, 0o4755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", shared(t), "trace", "-q", prog)
	out, _ := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != 126 || !strings.Contains(string(out), "set-user-ID") {
		t.Errorf("status %d: %s", cmd.ProcessState.ExitCode(), out)
	}
}
