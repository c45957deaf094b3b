package servers

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"jsh/ptytest"
)

// TestMain lets this program be each of the package's programs.
func TestMain(m *testing.M) {
	name := filepath.Base(os.Args[0])
	if dir := os.Getenv("SERVERS_DIR"); dir != "" {
		if name == trialName || name == "client" || name == "graderd" || name == PerRequest || name == PreFork {
			os.Exit(Main(os.Args, dir))
		}
	}
	os.Exit(m.Run())
}

// program is one of them, on a stage of the test's own.
func program(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return &exec.Cmd{Path: exe, Args: args, Env: append(os.Environ(), "SERVERS_DIR="+dir)}
}

// run runs a program to its end.
func run(t *testing.T, dir string, args ...string) (out string, status int) {
	t.Helper()
	c := program(t, dir, args...)
	var b bytes.Buffer
	c.Stdout, c.Stderr = &b, &b
	c.Run()
	return b.String(), c.ProcessState.ExitCode()
}

// started begins a server; it and its children are gone when the test is over.
func started(t *testing.T, dir, name string) int {
	t.Helper()
	c := program(t, dir, name)
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
	})
	return c.Process.Pid
}

var answers = regexp.MustCompile(`(?m)^taken after \d+ us by (handler|worker) (\d+), its request number (\d+)$`)

func TestPerRequestForksForEachRequestAndPreForkBefore(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("long", 30)) // longer than a socket's path may be
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	started(t, dir, PerRequest)
	parent := started(t, dir, PreFork)
	for _, c := range []struct {
		server, child string
		pids, most    int
	}{{PerRequest, "handler", 4, 1}, {PreFork, "worker", 2, 2}, {PreFork, "worker", 2, 4}} {
		out, status := run(t, dir, "client", c.server)
		got := answers.FindAllStringSubmatch(out, -1)
		pids := map[string]bool{}
		for _, m := range got {
			if pids[m[2]] = true; m[1] != c.child {
				t.Errorf("%s: answered by a %s", c.server, m[1])
			}
		}
		if len(got) != 4 || len(pids) != c.pids || status != c.most {
			t.Errorf("%s: status %d, want %d; %d processes, want %d:\n%s", c.server, status, c.most, len(pids), c.pids, out)
		}
		for pid := range pids {
			n, _ := strconv.Atoi(pid)
			if c.server == PerRequest {
				waitGone(t, n)
			} else if p, ok := ptytest.Proc(n); !ok || p.Zombie() || p.PPid != parent {
				t.Errorf("worker %d afterwards: %+v, %v", n, p, ok)
			}
		}
	}
}

func TestAServersChildrenHaveNoHandlersOfTheGoRuntimeAndEndWithIt(t *testing.T) {
	dir := t.TempDir()
	c := program(t, dir, PreFork)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer c.Wait()
	defer c.Process.Kill()
	out, _ := run(t, dir, "client", PreFork)
	m := answers.FindStringSubmatch(out)
	if m == nil {
		t.Fatal(out)
	}
	worker, _ := strconv.Atoi(m[2])
	text, _ := os.ReadFile("/proc/" + m[2] + "/status")
	for _, line := range []string{"SigBlk:\t0000000000000000", "SigCgt:\t0000000000000000"} {
		if !strings.Contains(string(text), line) {
			t.Errorf("no %q in\n%s", line, text)
		}
	}
	c.Process.Signal(syscall.SIGTERM)
	c.Wait()
	waitGone(t, worker)
}

// waitGone waits for the end of a process that is on its way there.
func waitGone(t *testing.T, pid int) {
	t.Helper()
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return
	}
	defer unix.Close(fd)
	for {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 10000)
		if err == unix.EINTR {
			continue
		}
		if n != 1 {
			t.Errorf("process %d does not end: %v", pid, err)
		}
		return
	}
}

func TestAClientWithoutAServerSaysWhatToDo(t *testing.T) {
	out, status := run(t, t.TempDir(), "client", PreFork)
	if status != 65 || !strings.Contains(out, "ENOENT") || !strings.Contains(out, "pre-fork &") {
		t.Errorf("status %d: %s", status, out)
	}
	if out, status := run(t, t.TempDir(), "client", "nosuch"); status != 64 || !strings.Contains(out, "usage") {
		t.Errorf("status %d: %s", status, out)
	}
}

func TestOfGraderdsWorkOnlyBecomingAStudentNeedsRoot(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("graderd asks jsh for a sandbox then, which the lesson's test tries")
	}
	dir := t.TempDir()
	out, status := run(t, dir, "graderd")
	if status == untried {
		t.Skip(out)
	}
	want := `                             as root  after setuid(1001)
writes its log               yes      yes
its child becomes a student  yes      no: EPERM
calls daemon()               yes      yes
opens the database           yes      yes
EPERM: operation not permitted
`
	if status != 2 || out != want {
		t.Errorf("status %d:\n%s", status, out)
	}
	if left, _ := filepath.Glob(dir + "/*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
