package proc

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

func reader(t testing.TB) *Reader {
	t.Helper()
	r, err := Open()
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// start runs a shell command in a session of its own. The command says
// "ready" when the stage is set; it and all its descendants end with the test.
func start(t testing.TB, script string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("sh", "-c", script)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	out, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout = w
	in, err := cmd.StdinPipe() // stays open: a script waits with read
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	t.Cleanup(func() {
		endSession(cmd.Process.Pid)
		in.Close()
		cmd.Wait()
		out.Close()
	})
	buf := make([]byte, 64)
	if n, err := out.Read(buf); err != nil || !bytes.HasPrefix(buf[:n], []byte("ready")) {
		t.Fatalf("the script said %q, %v", buf[:n], err)
	}
	return cmd
}

// endSession kills what lives in the session that this test has made, and the
// leader last: its number keeps the session's from being used again.
func endSession(sid int) {
	r, err := Open()
	if err != nil {
		return
	}
	defer r.Close()
	var s Snapshot
	for {
		r.Read(&s)
		others := 0
		for i := range s.Procs {
			if p := &s.Procs[i]; p.Sid == sid && p.Pid != sid && p.State != 'Z' {
				others++
				unix.Kill(p.Pid, unix.SIGKILL)
			}
		}
		if others == 0 {
			break
		}
	}
	unix.Kill(sid, unix.SIGKILL)
}

func TestReader(t *testing.T) {
	t.Run("a snapshot is sorted and has this process as the kernel tells it", func(t *testing.T) {
		r := reader(t)
		var s Snapshot
		if err := r.Read(&s); err != nil {
			t.Fatal(err)
		}
		if !slices.IsSortedFunc(s.Procs, func(a, b Proc) int { return a.Pid - b.Pid }) {
			t.Error("not sorted")
		}
		p := s.Find(os.Getpid())
		if p == nil {
			t.Fatal("this process is missing")
		}
		sid, _ := unix.Getsid(0)
		if p.PPid != os.Getppid() || p.Pgid != unix.Getpgrp() || p.Sid != sid || p.Threads < 2 || p.Start == 0 {
			t.Errorf("%+v", *p)
		}
		if s.Find(0) != nil || s.Find(1<<30) != nil {
			t.Error("found what is not there")
		}
		one, err := r.ReadOne(os.Getpid())
		if err != nil || one.ID() != p.ID() || one.Name != p.Name {
			t.Errorf("ReadOne says %+v, %v", one, err)
		}
	})

	t.Run("a second snapshot into the same memory does not allocate", func(t *testing.T) {
		r := reader(t)
		var s Snapshot
		r.Read(&s)
		s.Procs = slices.Grow(s.Procs, 1000) // others may start processes meanwhile
		// A new name of somebody else's process costs an allocation; there are
		// far more processes than new names.
		if n := testing.AllocsPerRun(10, func() { r.Read(&s) }); n > 3 {
			t.Errorf("%v allocations", n)
		}
	})

	t.Run("two threads read the same as one", func(t *testing.T) {
		r, both := reader(t), reader(t)
		both.Hurry()
		if runtime.GOMAXPROCS(0) < 2 {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
		}
		// Enough processes of our own that a second thread is asked for.
		mine := make(map[int]bool)
		for range worthwhile {
			cmd := exec.Command("sleep", "1000")
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			defer cmd.Wait()
			defer cmd.Process.Kill()
			mine[cmd.Process.Pid] = true
		}
		ours := func(s *Snapshot) (some []Proc) {
			for i := range s.Procs {
				if i > 0 && s.Procs[i].Pid <= s.Procs[i-1].Pid {
					t.Fatalf("%d stands behind %d", s.Procs[i].Pid, s.Procs[i-1].Pid)
				}
				if p := s.Procs[i]; mine[p.Pid] {
					p.State = '?' // it may just be waking up
					some = append(some, p)
				}
			}
			return some
		}
		var one, two Snapshot
		for range 50 {
			if err := both.Read(&two); err != nil {
				t.Fatal(err)
			}
			if err := r.Read(&one); err != nil {
				t.Fatal(err)
			}
			a, b := ours(&one), ours(&two)
			if len(b) != len(mine) {
				t.Fatalf("%d of %d", len(b), len(mine))
			}
			for i := range a {
				a[i].Name, b[i].Name = "", "" // before its exec it has its parent's
			}
			if !slices.Equal(a, b) {
				t.Fatalf("one thread: %v\ntwo: %v", a, b)
			}
		}
	})

	t.Run("a process that is not there is ErrGone", func(t *testing.T) {
		r := reader(t)
		cmd := exec.Command("true")
		if err := cmd.Run(); err != nil {
			t.Fatal(err)
		}
		pid := cmd.Process.Pid // reaped; not used again so soon
		if _, err := r.ReadOne(pid); err != ErrGone {
			t.Errorf("ReadOne: %v", err)
		}
		if _, err := r.Status(pid); err != ErrGone {
			t.Errorf("Status: %v", err)
		}
		if _, err := r.Cmdline(pid); err != ErrGone {
			t.Errorf("Cmdline: %v", err)
		}
	})

	t.Run("a name of any bytes is read as it is", func(t *testing.T) {
		dir := t.TempDir()
		name := "a) R 1\n\x1b\xff("
		if err := os.WriteFile(dir+"/"+name, []byte("#!/bin/sh\necho ready; read x\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		// A script's comm is its own file's name, not the interpreter's.
		cmd := exec.Command(dir + "/" + name)
		in, _ := cmd.StdinPipe()
		out, _ := cmd.StdoutPipe()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() { in.Close(); cmd.Wait() }()
		out.Read(make([]byte, 8))
		p, err := reader(t).ReadOne(cmd.Process.Pid)
		if err != nil || p.Name != name || p.PPid != os.Getpid() {
			t.Errorf("%q %+v, %v", p.Name, p, err)
		}
	})

	t.Run("status tells ignored and caught signals, and users", func(t *testing.T) {
		cmd := start(t, `trap "" TERM; trap : USR1; echo ready; read x`)
		r := reader(t)
		s, err := r.Status(cmd.Process.Pid)
		if err != nil {
			t.Fatal(err)
		}
		if !s.Ignored.Has(15) || s.Ignored.Has(10) || !s.Caught.Has(10) || s.Caught.Has(15) {
			t.Errorf("%+v", s)
		}
		if s.Uid[0] != os.Getuid() || s.Uid[1] != os.Geteuid() {
			t.Errorf("users %v", s.Uid)
		}
	})

	t.Run("an argument list keeps empty arguments and blanks", func(t *testing.T) {
		argv := []string{"sh", "-c", "echo ready; read x", "", "a b", ""}
		cmd := exec.Command("sh", argv[1:]...)
		in, _ := cmd.StdinPipe()
		out, _ := cmd.StdoutPipe()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() { in.Close(); cmd.Wait() }()
		out.Read(make([]byte, 8))
		got, err := reader(t).Cmdline(cmd.Process.Pid)
		if err != nil || !slices.Equal(got, argv) {
			t.Errorf("%q, %v", got, err)
		}
	})

	t.Run("a zombie is Exited and has no arguments", func(t *testing.T) {
		cmd := exec.Command("true")
		out, _ := cmd.StdoutPipe()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		defer cmd.Wait()
		out.Read(make([]byte, 1)) // end of file: it has closed its output
		var info unix.Siginfo
		if err := unix.Waitid(unix.P_PID, cmd.Process.Pid, &info, unix.WEXITED|unix.WNOWAIT, nil); err != nil {
			t.Fatal(err)
		}
		r := reader(t)
		p, err := r.ReadOne(cmd.Process.Pid)
		if err != nil || !p.Exited() || p.State != 'Z' {
			t.Errorf("%+v, %v", p, err)
		}
		if argv, err := r.Cmdline(cmd.Process.Pid); err != nil || argv != nil {
			t.Errorf("%q, %v", argv, err)
		}
	})
}

func TestOpenErrors(t *testing.T) {
	t.Run("a missing /proc says what to do", func(t *testing.T) {
		_, err := open(t.TempDir()+"/proc", os.Getpid())
		if err == nil || !strings.Contains(err.Error(), "ENOENT") || !strings.Contains(err.Error(), "mount -t proc") {
			t.Errorf("%v", err)
		}
	})
	t.Run("another file system in its place is refused", func(t *testing.T) {
		_, err := open(t.TempDir(), os.Getpid())
		if err == nil || !strings.Contains(err.Error(), "another file system") {
			t.Errorf("%v", err)
		}
	})
	t.Run("a /proc of another pid namespace is refused", func(t *testing.T) {
		_, err := open("/proc", os.Getpid()+1)
		if err == nil || !strings.Contains(err.Error(), "pid namespace") {
			t.Errorf("%v", err)
		}
	})
}

// TestHidepid runs itself again as nobody, in a mount namespace of its own
// where /proc hides other users' processes.
func TestHidepid(t *testing.T) {
	if os.Getenv("JSH_TEST_HIDEPID") != "" {
		r, err := Open()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		var s Snapshot
		if err := r.Read(&s); err != nil {
			t.Fatal(err)
		}
		if s.Find(os.Getpid()) == nil {
			t.Error("our own process is missing")
		}
		if !strings.Contains(r.Limits(&s), "hidepid") {
			t.Errorf("nothing is said of what is hidden; %d denied", s.Denied)
		}
		return
	}
	if os.Getuid() != 0 {
		t.Skip("only root may mount /proc with hidepid")
	}
	if l := reader(t).Limits(nil); l != "" {
		t.Errorf("root sees everything, but: %s", l)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, option := range []string{"hidepid=1", "hidepid=2"} {
		t.Run(option, func(t *testing.T) {
			// The binary is handed over open: nobody may not be able to reach it.
			bin, err := os.Open(exe)
			if err != nil {
				t.Fatal(err)
			}
			defer bin.Close()
			cmd := exec.Command("unshare", "-m", "sh", "-c",
				"mount -t proc -o "+option+" proc /proc || exit 77; exec setpriv --reuid 65534 --regid 65534 --clear-groups /proc/self/fd/3 -test.run '^TestHidepid$'")
			cmd.Dir = "/"
			cmd.ExtraFiles = []*os.File{bin}
			cmd.Env = append(os.Environ(), "JSH_TEST_HIDEPID=1")
			out, err := cmd.CombinedOutput()
			if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() == 77 || errors.Is(err, exec.ErrNotFound) {
				t.Skipf("cannot mount here: %s %v", out, err)
			}
			if err != nil {
				t.Errorf("%s\n%v", out, err)
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	r := reader(b)
	var s Snapshot
	b.ReportAllocs()
	for b.Loop() {
		if err := r.Read(&s); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(s.Procs)), "processes")
}

func BenchmarkPs(b *testing.B) {
	if _, err := exec.LookPath("ps"); err != nil {
		b.Skip(err)
	}
	for b.Loop() {
		if err := exec.Command("ps", "-eo", "pid,ppid,pgid,sid,tty,tpgid,stat").Run(); err != nil {
			b.Fatal(err)
		}
	}
}
