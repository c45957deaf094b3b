package tickd_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"jsh/ptytest"
)

func TestMain(m *testing.M) { ptytest.Main(m) }

// tickd is a directory in which one runs.
type tickd struct {
	t    *testing.T
	dir  string
	pid  int
	conf string
}

func (d *tickd) path(name string) string { return filepath.Join(d.dir, name) }

func (d *tickd) read(name string) string {
	b, _ := os.ReadFile(d.path(name))
	return string(b)
}

func (d *tickd) write(text string) {
	d.t.Helper()
	// In one step: the daemon must not read half of it.
	if err := os.WriteFile(d.path("new"), []byte(text), 0o644); err != nil {
		d.t.Fatal(err)
	}
	if err := os.Rename(d.path("new"), d.conf); err != nil {
		d.t.Fatal(err)
	}
}

func (d *tickd) signal(sig syscall.Signal) {
	d.t.Helper()
	if err := syscall.Kill(d.pid, sig); err != nil {
		d.t.Fatal(err)
	}
}

// await waits until something is so.
func (d *tickd) await(what string, ok func() bool) {
	d.t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			d.t.Fatalf("waited in vain for %s; the log:\n%s", what, d.read("t.log"))
		}
	}
}

func (d *tickd) ticks(name string) int { return strings.Count(d.read(name), "\n") }

func (d *tickd) start() (out string, status int) {
	cmd := exec.Command(ptytest.JSH(d.t), "tickd", "t.conf")
	cmd.Dir = d.dir
	b, _ := cmd.CombinedOutput()
	return string(b), cmd.ProcessState.ExitCode()
}

func started(t *testing.T, conf string) *tickd {
	t.Helper()
	d := &tickd{t: t, dir: t.TempDir()}
	d.conf = d.path("t.conf")
	d.write(conf)
	out, status := d.start()
	if status != 0 || out != "" {
		t.Fatalf("status %d: %s", status, out)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(d.read("t.pid"))) // it is there when the first process has ended
	if err != nil {
		t.Fatal(err)
	}
	d.pid = pid
	t.Cleanup(func() {
		if p, ok := ptytest.Proc(pid); ok && p.Comm == "tickd" {
			syscall.Kill(pid, syscall.SIGKILL)
		}
	})
	return d
}

const fast = "interval = 0.01\nfile = ticks\n"

func TestItIsADaemonWhenItsStarterHasEnded(t *testing.T) {
	d := started(t, fast)
	p, ok := ptytest.Proc(d.pid)
	if !ok || p.Comm != "tickd" || p.Sid == p.Pid || p.Pgid == p.Pid || p.TTY != 0 {
		t.Errorf("%+v", p)
	}
	if dir, _ := os.Readlink("/proc/" + strconv.Itoa(d.pid) + "/cwd"); dir != "/" {
		t.Errorf("its directory is %s", dir)
	}
	d.await("ticks", func() bool { return d.ticks("ticks") >= 3 })
}

func TestSIGHUPReadsTheConfigurationAgainAndABadOneChangesNothing(t *testing.T) {
	d := started(t, fast)
	d.write("interval = often\nfile = other\n")
	d.signal(syscall.SIGHUP)
	d.await("the refusal", func() bool { return strings.Contains(d.read("t.log"), "t.conf:1: interval = often") })
	d.await("the word that the old one stays", func() bool { return strings.Contains(d.read("t.log"), "the old configuration stays") })
	n := d.ticks("ticks")
	d.await("ticks as before", func() bool { return d.ticks("ticks") > n+2 })
	d.write("interval = 0.02\nfile = other\nlog = other.log\n")
	d.signal(syscall.SIGHUP)
	d.await("ticks to the other file", func() bool { return d.ticks("other") > 2 })
	if !strings.Contains(d.read("other.log"), "read again: a tick every 0.02 s") {
		t.Error(d.read("other.log"))
	}
}

func TestSIGHUPOpensAFileAnewThatWasMovedAway(t *testing.T) {
	d := started(t, fast)
	d.await("ticks", func() bool { return d.ticks("ticks") > 0 })
	if err := os.Rename(d.path("ticks"), d.path("ticks.1")); err != nil {
		t.Fatal(err)
	}
	n := d.ticks("ticks.1")
	d.await("ticks to the moved file", func() bool { return d.ticks("ticks.1") > n+2 })
	d.signal(syscall.SIGHUP)
	d.await("ticks to a new file", func() bool { return d.ticks("ticks") > 2 })
}

func TestSIGTERMEndsItAndTakesThePidFileAway(t *testing.T) {
	d := started(t, fast)
	d.signal(syscall.SIGTERM)
	d.await("its end", func() bool { p, ok := ptytest.Proc(d.pid); return !ok || p.Zombie() })
	if _, err := os.Stat(d.path("t.pid")); !os.IsNotExist(err) {
		t.Error("the pid file is still there")
	}
	if !strings.Contains(d.read("t.log"), "SIGTERM: ends after") {
		t.Error(d.read("t.log"))
	}
}

func TestOneDaemonRunsForAPidFileAndAStaleOneStopsNobody(t *testing.T) {
	d := started(t, fast)
	out, status := d.start()
	if status != 1 || !strings.Contains(out, "process "+strconv.Itoa(d.pid)+" holds the lock") {
		t.Errorf("status %d: %s", status, out)
	}
	d.signal(syscall.SIGKILL)
	d.await("its end", func() bool { p, ok := ptytest.Proc(d.pid); return !ok || p.Zombie() })
	if out, status := d.start(); status != 0 {
		t.Fatalf("status %d: %s", status, out)
	}
	d.pid, _ = strconv.Atoi(strings.TrimSpace(d.read("t.pid")))
	d.signal(syscall.SIGTERM)
}

func TestABadStartSaysWhyWithStatus1(t *testing.T) {
	for text, want := range map[string]string{
		"file = ticks\ninterval = 0":      "t.conf:2: interval = 0",
		"file = /no/such/directory/ticks": "ENOENT",
		"file = a\nlog = /":               "EISDIR",
		"file = a\npidfile = /proc/x":     "/proc/x: ",
	} {
		d := &tickd{t: t, dir: t.TempDir()}
		d.conf = d.path("t.conf")
		d.write(text)
		if out, status := d.start(); status != 1 || !strings.Contains(out, want) {
			t.Errorf("%q: status %d, %s", text, status, out)
		}
	}
}

func TestInTheForegroundItIsAJob(t *testing.T) {
	term := ptytest.Start(t, ptytest.Options{Argv: []string{ptytest.JSH(t), "--plain"}})
	term.WaitPrompt()
	term.Run("printf 'interval = 0.01\\nfile = ticks\\n' >t.conf")
	term.Line("tickd -f t.conf")
	pid := term.WaitForegroundJob("tickd")
	term.WaitText("begins: pid " + strconv.Itoa(pid))
	term.Key(ptytest.CtrlZ)
	term.WaitText(`Stopped \(SIGTSTP\)`)
	term.WaitPrompt()
	term.Line("fg")
	term.WaitForegroundJob("tickd")
	term.Key(ptytest.CtrlC)
	term.WaitText("SIGINT: ends after")
	term.WaitPrompt()
	if out := term.Run("echo $?; ls t.pid"); !strings.Contains(out, "0\n") || !strings.Contains(out, "ENOENT") && !strings.Contains(out, "No such file") {
		t.Error(out)
	}
}

func TestCheckDaemonFindsNoFault(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "t.conf"), []byte(fast), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(ptytest.JSH(t), "check-daemon", "tickd", "t.conf")
	cmd.Dir = dir
	out, _ := cmd.CombinedOutput()
	switch cmd.ProcessState.ExitCode() {
	case 0:
	case 2:
		t.Skipf("nothing can be judged here: %s", out)
	default:
		t.Errorf("%s", out)
	}
}
