package trace_test

import (
	"bufio"
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"jsh/event"
	"jsh/ptytest"
)

var soak = flag.Int("soak", 0, "how many double forks to trace instead of a few")

func TestMain(m *testing.M) { ptytest.Main(m) }

// program compiles a C program of testdata; the test is skipped where there is
// no compiler.
func program(t *testing.T, name string, flags ...string) string {
	t.Helper()
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("gcc is not installed: a C program cannot be built")
	}
	out := filepath.Join(openDir(t), name)
	msg, err := exec.Command("gcc", append([]string{"-g", "-O0", "-o", out, "testdata/" + name + ".c"}, flags...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, msg)
	}
	return out
}

// openDir is a directory of this test that other users may enter.
func openDir(t *testing.T) string {
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// shared is jsh where every user can run it.
func shared(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(ptytest.JSH(t))
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(openDir(t), "jsh")
	if err := os.WriteFile(out, b, 0o755); err != nil {
		t.Fatal(err)
	}
	return out
}

// traced runs a program under trace --json and returns all events, when the
// last traced process has ended.
func traced(t *testing.T, wrap []string, argv ...string) (events []event.Event, status int) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	words := append(append(append([]string{}, wrap...), shared(t), "trace", "--json", "--"), argv...)
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Stderr = w
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	var other bytes.Buffer
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		e, err := event.ParseJSON(lines.Bytes())
		if err != nil {
			other.Write(lines.Bytes())
			continue
		}
		events = append(events, e)
	}
	cmd.Wait()
	if other.Len() > 0 {
		t.Errorf("not events: %s", &other)
	}
	return events, cmd.ProcessState.ExitCode()
}

func count(events []event.Event, f func(*event.Event) bool) (n int) {
	for i := range events {
		if f(&events[i]) {
			n++
		}
	}
	return n
}

func call(prefix string) func(*event.Event) bool {
	return func(e *event.Event) bool {
		return e.Kind == event.Call && e.Errno == 0 && strings.HasPrefix(e.Text, prefix) && strings.Contains(e.Text, "= ")
	}
}

func TestEveryStepOfEveryDoubleForkIsTold(t *testing.T) {
	n := 50
	if *soak > 0 {
		n = *soak
	}
	exe := program(t, "doublefork")
	for name, wrap := range map[string][]string{
		"as this user":        nil,
		"as an ordinary user": {"setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"},
		"in namespaces": {"unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc",
			// Process 1 outlives the tracer, which would end with it.
			"sh", "-c", `"$@"; s=$?; while kill -0 -1 2>/dev/null; do :; done; exit $s`, "sh"},
	} {
		t.Run(name, func(t *testing.T) {
			if wrap != nil {
				if _, err := exec.LookPath(wrap[0]); err != nil {
					t.Skip(wrap[0] + " is not installed")
				}
				if msg, err := exec.Command(wrap[0], append(wrap[1:len(wrap):len(wrap)], "true")...).CombinedOutput(); err != nil {
					t.Skipf("not allowed here: %v %s", err, msg)
				}
				if !readableToAll(exe) {
					t.Skip("the temporary directory is closed to other users")
				}
			}
			events, status := traced(t, wrap, exe, strconv.Itoa(n))
			if status != 0 {
				t.Fatalf("status %d", status)
			}
			exact(t, events, n)
		})
	}
}

// exact holds that n double forks are told wholly and in causal order.
func exact(t *testing.T, events []event.Event, n int) {
	t.Helper()
	check := func(what string, got, want int) {
		if got != want {
			t.Errorf("%s: %d, want %d", what, got, want)
		}
	}
	check("forks", count(events, call("clone("))+count(events, call("fork(")), 2*n)
	check("children", count(events, func(e *event.Event) bool { return e.Kind == event.Seen && e.Path == "" }), 2*n)
	check("setsid", count(events, call("setsid(")), n)
	check("chdir", count(events, call("chdir(")), n)
	check("waits", count(events, call("wait4(")), n)
	check("ends", count(events, func(e *event.Event) bool { return e.Kind == event.Exited }), 2*n+1)
	check("middle processes", count(events, func(e *event.Event) bool { return e.Kind == event.Exited && e.Status == 101 }), n)
	alive := map[int]bool{}
	session := map[int]int{}
	for i := range events {
		e := &events[i]
		switch e.Kind {
		case event.Seen:
			if e.Path == "" && !alive[e.PPid] {
				t.Fatalf("event %d: a child of %d, which was not told of", i, e.PPid)
			}
			alive[e.Pid], session[e.Pid] = true, e.Sid
		case event.Moved:
			session[e.Pid] = e.Sid
		case event.Exited:
			if !alive[e.Pid] {
				t.Fatalf("event %d: the end of %d, which was not told of", i, e.Pid)
			}
			delete(alive, e.Pid)
		case event.Call:
			if !alive[e.Pid] {
				t.Fatalf("event %d: %d makes %s, but it was not told of", i, e.Pid, e.Text)
			}
		}
	}
	if len(alive) > 0 {
		t.Errorf("%d processes have no end", len(alive))
	}
}

func readableToAll(path string) bool {
	for dir := path; dir != "/"; dir = filepath.Dir(dir) {
		st, err := os.Stat(dir)
		if err != nil || st.Mode()&0o005 != 0o005 {
			return false
		}
	}
	return true
}

func TestDaemon3ForksOnceAndTakesTheNullDevice(t *testing.T) {
	events, _ := traced(t, nil, program(t, "daemon3"))
	for prefix, want := range map[string]int{"clone(": 1, "setsid()": 1, `chdir("/")`: 1, "dup2(": 3, `open("/dev/null", O_RDWR)`: 1} {
		if got := count(events, call(prefix)); got != want {
			t.Errorf("%s: %d, want %d", prefix, got, want)
		}
	}
}

func TestThreadsAreNoProcesses(t *testing.T) {
	exe := program(t, "threads", "-pthread")
	t.Run("they come and go", func(t *testing.T) {
		events, status := traced(t, nil, exe)
		if status != 5 {
			t.Errorf("status %d", status)
		}
		if n := count(events, func(e *event.Event) bool { return e.Kind == event.Seen }); n != 1 {
			t.Errorf("%d processes", n)
		}
		if n := count(events, call("clone")); n != 20 {
			t.Errorf("%d threads", n)
		}
	})
	t.Run("one of them runs another program", func(t *testing.T) {
		events, status := traced(t, nil, exe, "exec")
		if status != 0 {
			t.Errorf("status %d", status)
		}
		if n := count(events, func(e *event.Event) bool { return e.Kind == event.Exited }); n != 1 {
			t.Errorf("%d ends", n)
		}
		if n := count(events, func(e *event.Event) bool { return e.Kind == event.Exec && strings.HasSuffix(e.Path, "/true") }); n != 1 {
			t.Errorf("true ran %d times", n)
		}
	})
}

func TestAVforkAndAChainOfExecs(t *testing.T) {
	events, status := traced(t, nil, program(t, "vfork"))
	if status != 0 {
		t.Errorf("status %d", status)
	}
	if n := count(events, call("vfork(")); n != 1 {
		t.Errorf("%d vforks", n)
	}
	if n := count(events, func(e *event.Event) bool { return e.Kind == event.Exec || e.Kind == event.Seen && e.Path != "" }); n != 4 {
		t.Errorf("%d execs, want 4: the program, sh, sh, true", n)
	}
}

func TestPidsOfAnotherNamespaceAreToldInTheTracersNumbers(t *testing.T) {
	inside := []string{"unshare", "--user", "--map-root-user", "--pid", "--fork"}
	if msg, err := exec.Command(inside[0], append(inside[1:len(inside):len(inside)], "true")...).CombinedOutput(); err != nil {
		t.Skipf("not allowed here: %v %s", err, msg)
	}
	events, _ := traced(t, nil, append(inside, "sh", "-c", "sleep 1000 & kill -TERM $!; wait")...)
	killed := 0
	for i := range events {
		if e := &events[i]; e.Kind == event.Killed {
			killed = e.Pid
		}
	}
	if count(events, func(e *event.Event) bool { return e.Kind == event.Seen && e.Pid == killed && e.Path == "" }) != 1 {
		t.Errorf("the killed process %d was not told of at its birth", killed)
	}
	if count(events, func(e *event.Event) bool { return e.Kind == event.Call && e.Pid == killed && e.Sig == 15 }) != 1 {
		t.Errorf("the signal that killed %d was not told", killed)
	}
}
