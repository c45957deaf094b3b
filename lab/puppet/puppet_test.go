package puppet

import (
	"flag"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"jsh/proc"
)

var soak = flag.Int("soak", 0, "how many double forks the stress test makes")

// The test's own binary is the helper.
func TestMain(m *testing.M) {
	if IsHelper(os.Args) {
		os.Exit(Helper())
	}
	os.Exit(m.Run())
}

func open(t *testing.T) *Troupe {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	tr, err := Open(Options{Exe: exe})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		var pids []int
		for _, p := range tr.all {
			if st := p.State(); st == Became {
				p.Kill()
			} else if st != Ended {
				pids = append(pids, p.Pid)
			}
		}
		tr.Close()
		for _, pid := range pids {
			if b, err := os.ReadFile("/proc/" + itoa(pid) + "/stat"); err == nil && !strings.Contains(string(b), ") Z ") {
				t.Errorf("puppet %d outlived its troupe: %s", pid, b)
			}
		}
	})
	return tr
}

func first(t *testing.T, tr *Troupe) *Puppet {
	t.Helper()
	p, err := tr.New("")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// ok makes a call that must succeed.
func ok(t *testing.T, p *Puppet, c Call) Answer {
	t.Helper()
	a := p.Do(c)
	if a.Errno != 0 || a.State != Idle {
		t.Fatalf("%s: %s = %d %v, state %d (%s)", p.Name, c, a.Ret, a.Errno, a.State, a.Why)
	}
	return a
}

// refused makes a call that must fail with this errno.
func refused(t *testing.T, p *Puppet, c Call, e unix.Errno) Answer {
	t.Helper()
	a := p.Do(c)
	if a.Errno != e {
		t.Fatalf("%s: %s = %d %v, want %v", p.Name, c, a.Ret, a.Errno, e)
	}
	return a
}

func place(t *testing.T, p *Puppet) proc.Proc {
	t.Helper()
	at, err := p.Place()
	if err != nil {
		t.Fatal(p.Name, err)
	}
	return at
}

func TestTheStepsOfADaemonAreTheTextbooks(t *testing.T) {
	tr := open(t)
	p := first(t, tr)
	if at := place(t, p); at.Pgid != p.Pid || at.PPid != tr.Helper() {
		t.Fatalf("a first puppet leads a group and is the helper's child: %+v", at)
	}
	a := refused(t, p, Setsid(), unix.EPERM)
	if want := "leads process group " + itoa(p.Pid) + "; fork first"; !strings.Contains(a.Why, want) {
		t.Fatalf("why: %q", a.Why)
	}
	c := ok(t, p, Fork("")).Child
	if c.Name != "p1.1" {
		t.Fatal(c.Name)
	}
	if a := p.Do(Exit(0)); a.State != Ended {
		t.Fatalf("exit: %+v", a)
	}
	if at := place(t, c); at.PPid == p.Pid || at.Name != "p1.1" {
		t.Fatalf("an orphan is adopted: %+v", at)
	}
	if a := ok(t, c, Setsid()); a.Ret != c.Pid {
		t.Fatal(a.Ret)
	}
	if at := place(t, c); at.Sid != c.Pid || at.Pgid != c.Pid || at.TTY != 0 || at.Tpgid != -1 {
		t.Fatalf("after setsid: %+v", at)
	}
	refused(t, c, OpenFile("/dev/tty", unix.O_RDWR, 0), unix.ENXIO)
	fd := ok(t, c, OpenFile("/dev/null", unix.O_RDWR, 0)).Ret
	for i := range 3 {
		if a := ok(t, c, Dup2(fd, i)); a.Ret != i {
			t.Fatal(a.Ret)
		}
	}
	ok(t, c, Close(fd))
	ok(t, c, Chdir("/"))
	if dir, _ := os.Readlink("/proc/" + itoa(c.Pid) + "/cwd"); dir != "/" {
		t.Fatal(dir)
	}
	ok(t, c, Umask(0))
	if a := ok(t, c, Umask(0o22)); a.Ret != 0 {
		t.Fatal("the mask before was", a.Ret)
	}
	d := ok(t, c, Fork("daemon")).Child
	c.Do(Exit(0))
	if at := place(t, d); at.Pid == at.Sid || at.Sid != c.Pid {
		t.Fatalf("after the second fork: %+v", at)
	}
}

func TestAPuppetListensWithoutAnyDescriptor(t *testing.T) {
	p := first(t, open(t))
	ok(t, p, CloseFrom(0))
	refused(t, p, Write(1, "x"), unix.EBADF)
	if fd := ok(t, p, OpenFile("/dev/null", unix.O_RDWR, 0)).Ret; fd != 0 {
		t.Fatal("the lowest free descriptor is", fd)
	}
	for fd := 1; fd < 200; fd++ {
		ok(t, p, Dup2(0, fd))
	}
	ok(t, ok(t, p, Fork("")).Child, Getpid())
}

func TestAPuppetHasNothingOfTheRuntimes(t *testing.T) {
	p := first(t, open(t))
	status, err := os.ReadFile("/proc/" + itoa(p.Pid) + "/status")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch name {
		case "SigBlk", "SigIgn", "SigCgt":
			if strings.Trim(strings.TrimSpace(value), "0") != "" {
				t.Error(line)
			}
		case "Threads":
			if strings.TrimSpace(value) != "1" {
				t.Error(line)
			}
		}
	}
	files, err := os.ReadDir("/proc/" + itoa(p.Pid) + "/fd")
	if err != nil || len(files) != 3 {
		t.Errorf("descriptors: %v %v", files, err)
	}
}

func TestWaitTellsHowAChildEnded(t *testing.T) {
	p := first(t, open(t))
	refused(t, p, Wait4(-1, 0), unix.ECHILD)
	a, b := ok(t, p, Fork("")).Child, ok(t, p, Fork("")).Child
	if w := ok(t, p, Wait4(-1, unix.WNOHANG)); w.Ret != 0 {
		t.Fatal(w.Ret)
	}
	a.Do(Exit(3))
	if at := place(t, a); !at.Exited() {
		t.Fatalf("nobody waited: a zombie, not %+v", at)
	}
	if w := ok(t, p, Wait4(a.Pid, 0)); w.Ret != a.Pid || w.Status.ExitStatus() != 3 {
		t.Fatalf("%+v", w)
	}
	if _, err := a.Place(); err != proc.ErrGone {
		t.Fatal("a child that was waited for is gone, but", err)
	}
	if w := p.Do(Wait4(b.Pid, 0)); w.State != Busy {
		t.Fatalf("a wait for a living child waits, but %+v", w)
	}
	ok(t, first(t, p.t), Kill(b.Pid, unix.SIGTERM))
	if w := p.Wait(endPatience); w.State != Idle || w.Status.Signal() != unix.SIGTERM {
		t.Fatalf("%+v", w)
	}
	if b.State() != Ended {
		t.Fatal("state of a killed puppet:", b.State())
	}
	if again := b.Do(Getpid()); again.State != Ended {
		t.Fatalf("%+v", again)
	}
}

func TestSignalsAreCountedIgnoredAndBlocked(t *testing.T) {
	tr := open(t)
	p, q := first(t, tr), first(t, tr)
	ok(t, p, Sigaction(unix.SIGHUP, Count))
	for range 3 {
		ok(t, q, Kill(p.Pid, unix.SIGHUP))
	}
	ok(t, p, Getpid())
	if n := p.Counted(unix.SIGHUP); n == 0 || n > 3 {
		t.Fatal("counted", n)
	}
	n := p.Counted(unix.SIGHUP)
	c := ok(t, p, Fork("")).Child
	ok(t, c, Kill(c.Pid, unix.SIGHUP)) // its own counts, after a fork
	if c.Counted(unix.SIGHUP) != 1 || p.Counted(unix.SIGHUP) != n {
		t.Fatal(c.Counted(unix.SIGHUP), p.Counted(unix.SIGHUP))
	}
	ok(t, p, Sigaction(unix.SIGTERM, Ignore))
	ok(t, p, Kill(p.Pid, unix.SIGTERM))
	ok(t, p, Sigprocmask(Block, 1<<(unix.SIGINT-1)))
	ok(t, p, Kill(p.Pid, unix.SIGINT))
	if a := p.Do(Pause()); a.State != Busy {
		t.Fatalf("pause: %+v", a)
	}
	ok(t, q, Kill(p.Pid, unix.SIGHUP))
	if a := p.Wait(endPatience); a.Errno != unix.EINTR {
		t.Fatalf("pause: %+v", a)
	}
	if a := p.Do(Sigprocmask(Unblock, 1<<(unix.SIGINT-1))); a.State != Ended {
		t.Fatalf("the blocked SIGINT comes when it is let in: %+v", a)
	}
}

func TestAStoppedPuppetIsToldAsStopped(t *testing.T) {
	tr := open(t)
	p, q := first(t, tr), first(t, tr)
	ok(t, q, Kill(p.Pid, unix.SIGSTOP))
	if a := p.Do(Getpid()); a.State != Stopped {
		t.Fatalf("%+v", a)
	}
	ok(t, q, Kill(p.Pid, unix.SIGCONT))
	if a := p.Wait(endPatience); a.Ret != p.Pid {
		t.Fatalf("%+v", a)
	}
}

func TestExecIsKnownWhenItSucceedsAndWhenNot(t *testing.T) {
	p := first(t, open(t))
	a := refused(t, p, Exec("/nonexistent", []string{"x"}, nil), unix.ENOENT)
	if a.Why == "" {
		t.Fatal("no word on why")
	}
	long := strings.Repeat("x", 100_000)
	if a := p.Do(Exec("/bin/sleep", []string{"sleep", "300"}, []string{"A=" + long, "B=1"})); a.State != Became {
		t.Fatalf("%+v", a)
	}
	if a := p.Do(Getpid()); a.State != Became {
		t.Fatalf("%+v", a)
	}
	env, _ := os.ReadFile("/proc/" + itoa(p.Pid) + "/environ")
	if string(env) != "A="+long+"\x00B=1\x00" {
		t.Fatalf("environment of %d bytes", len(env))
	}
	p.Kill()
	if p.State() != Ended {
		t.Fatal(p.State())
	}
}

func TestAProgramLivesOnWhenItsTroupeIsClosed(t *testing.T) {
	exe, _ := os.Executable()
	tr, err := Open(Options{Exe: exe})
	if err != nil {
		t.Fatal(err)
	}
	p := first(t, tr)
	q := first(t, tr)
	if a := p.Do(Exec("/bin/sleep", []string{"sleep", "300"}, nil)); a.State != Became {
		t.Fatalf("%+v", a)
	}
	fd, err := unix.PidfdOpen(p.Pid, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	tr.Close()
	if pollIn(fd, 0) {
		t.Fatal("the program has ended with the troupe")
	}
	unix.PidfdSendSignal(fd, unix.SIGKILL, nil, 0)
	if !pollIn(fd, 10_000) {
		t.Fatal("it could not be killed")
	}
	if b, err := os.ReadFile("/proc/" + itoa(q.Pid) + "/stat"); err == nil && !strings.Contains(string(b), ") Z ") {
		t.Fatalf("a puppet lives on: %s", b)
	}
}

func TestPuppetsEndWithAKilledHelper(t *testing.T) {
	tr := open(t)
	p := first(t, tr)
	unix.Kill(tr.Helper(), unix.SIGKILL)
	unix.Wait4(tr.Helper(), nil, 0, nil)
	if !p.awaitEnd(20e9) {
		t.Fatal("the puppet waits for orders that can never come")
	}
	if _, err := tr.New(""); err == nil {
		t.Fatal("a puppet without a helper")
	}
}

func TestManyDoubleForks(t *testing.T) {
	n := 150
	if *soak > 0 {
		n = *soak
	}
	p := first(t, open(t))
	for i := range n {
		c := ok(t, p, Fork("c")).Child
		g := ok(t, c, Fork("g")).Child
		if a := c.Do(Exit(0)); a.State != Ended {
			t.Fatalf("round %d: %+v", i, a)
		}
		ok(t, p, Wait4(c.Pid, 0))
		ok(t, g, Setsid())
		ok(t, g, Chdir("/"))
		ok(t, g, Umask(0))
		if a := g.Do(Exit(0)); a.State != Ended {
			t.Fatalf("round %d: %+v", i, a)
		}
	}
}
