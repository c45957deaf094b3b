package pgroup

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

var soak = flag.Int("soak", 0, "starts under the flood of ^Z (default: a short run)")

// TestMain lets the test binary play the shell on a terminal of its own.
func TestMain(m *testing.M) {
	runtime.LockOSThread() // stay on the main thread, as jsh does
	if what := os.Getenv("PGROUP_TEST_CHILD"); what != "" {
		n, _ := strconv.Atoi(os.Getenv("PGROUP_TEST_N"))
		switch what {
		case "starts":
			driveStarts(n)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// driveStarts is a shell that starts a program in the foreground n times,
// continues it whenever it stops, takes the terminal back, and says what it
// saw. It makes garbage all the while, so that a GC runs at any place.
func driveStarts(n int) {
	for _, s := range []unix.Signal{unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU, unix.SIGINT} {
		if err := Catch(s); err != nil {
			fmt.Println("catch:", err)
			os.Exit(1)
		}
	}
	stop := make(chan bool)
	go func() {
		var keep [][]byte
		for {
			select {
			case <-stop:
				return
			default:
				keep = append(keep[:0], make([]byte, 64<<10))
				_ = keep
				runtime.Gosched()
			}
		}
	}()
	defer close(stop)
	k := New(nil)
	held, stops := 0, 0
	fmt.Println("ready")
	for i := 0; i < n; i++ {
		c, err := k.Spawn(&Spec{Path: "/bin/true", Argv: []string{"true"}, Group: NewGroup,
			Foreground: true, TTY: 0})
		if err != nil {
			fmt.Println("spawn:", err)
			os.Exit(1)
		}
		if c.Stopped != 0 {
			held++
			if err := k.KillGroup(c.Pgid, c.Stopped); err != nil {
				fmt.Println("kill:", err)
				os.Exit(1)
			}
		}
		for {
			ch, _, err := k.Wait(Stops)
			if err == unix.EINTR {
				continue
			}
			if err != nil {
				fmt.Println("wait:", err)
				os.Exit(1)
			}
			if ch.Status.Stopped() {
				stops++
				k.KillGroup(c.Pgid, unix.SIGCONT)
			}
			if ch.Status.Exited() || ch.Status.Signaled() {
				if ch.Pid != c.Pid || ch.Status.ExitStatus() != 0 {
					fmt.Printf("child %d ended %v\n", ch.Pid, ch.Status)
					os.Exit(1)
				}
				break
			}
		}
		if err := k.SetForeground(0, k.Pgid); err != nil {
			fmt.Println("tcsetpgrp:", err)
			os.Exit(1)
		}
	}
	fmt.Printf("done held=%d stops=%d\n", held, stops)
}

// openPty gives a master and a slave (fact: TIOCGPTPEER needs no /dev/pts path).
func openPty(t testing.TB) (master, slave *os.File) {
	t.Helper()
	m, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(m, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	s, err := unix.IoctlRetInt(m, unix.TIOCGPTPEER)
	if err != nil {
		n, e := unix.IoctlGetInt(m, unix.TIOCGPTN)
		if e != nil {
			t.Fatal(err, e)
		}
		if s, err = unix.Open("/dev/pts/"+strconv.Itoa(n), unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0); err != nil {
			t.Fatal(err)
		}
	}
	return os.NewFile(uintptr(m), "master"), os.NewFile(uintptr(s), "slave")
}

func TestAFloodOfStopKeysNeverHangsAStart(t *testing.T) {
	n := 150
	if *soak > 0 {
		n = *soak
	}
	for _, env := range [][]string{nil, {"GOMAXPROCS=1"}, {"GOMAXPROCS=1", "GOGC=1"}} {
		t.Run(strings.Join(append([]string{"with"}, env...), " "), func(t *testing.T) {
			master, slave := openPty(t)
			defer master.Close()
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), append(env, "PGROUP_TEST_CHILD=starts", fmt.Sprintf("PGROUP_TEST_N=%d", n))...)
			cmd.Stdin, cmd.Stderr = slave, os.Stderr
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			slave.Close()
			go io.Copy(io.Discard, master) // the echo of ^Z
			r := bufio.NewScanner(out)
			if !r.Scan() || r.Text() != "ready" {
				t.Fatalf("the driver said %q", r.Text())
			}
			hung := time.AfterFunc(60*time.Second+time.Duration(n)*50*time.Millisecond, func() { cmd.Process.Kill() })
			defer hung.Stop()
			quit := make(chan bool)
			go func() {
				for {
					select {
					case <-quit:
						return
					default:
						if _, err := master.Write([]byte{26}); err != nil {
							return
						}
					}
				}
			}()
			var last string
			for r.Scan() {
				last = r.Text()
			}
			close(quit)
			if err := cmd.Wait(); err != nil || !strings.HasPrefix(last, "done ") {
				t.Fatalf("the driver ended with %v after %q", err, last)
			}
			t.Logf("%d starts: %s", n, last)
		})
	}
}

func TestSpawn(t *testing.T) {
	k := New(nil)
	end := func(t *testing.T, c Child) unix.WaitStatus {
		t.Helper()
		for {
			ch, ok, err := k.WaitFor(c.Pid, 0)
			if err == unix.EINTR {
				continue
			}
			if err != nil || !ok {
				t.Fatal(err)
			}
			return ch.Status
		}
	}
	sh := func(script string) *Spec {
		return &Spec{Path: "/bin/sh", Argv: []string{"sh", "-c", script}, Group: SameGroup}
	}
	t.Run("a new group is led by its first process", func(t *testing.T) {
		s := sh("kill -STOP $$")
		s.Group = NewGroup
		c, err := k.Spawn(s)
		if err != nil {
			t.Fatal(err)
		}
		if pgid, err := unix.Getpgid(c.Pid); err != nil || pgid != c.Pid || c.Pgid != c.Pid {
			t.Errorf("pid %d is in group %d (%v), Spawn said %d", c.Pid, pgid, err, c.Pgid)
		}
		var info unix.Siginfo
		unix.Waitid(unix.P_PID, c.Pid, &info, unix.WSTOPPED|unix.WNOWAIT, nil)
		if sig := StoppedAlready(c.Pid); sig != unix.SIGSTOP {
			t.Errorf("the child has stopped by %v, want SIGSTOP", sig)
		}
		unix.Kill(c.Pid, unix.SIGCONT)
		end(t, c)
	})
	t.Run("a group can be joined after its leader has ended but not been waited for", func(t *testing.T) {
		lead, err := k.Spawn(&Spec{Path: "/bin/true", Argv: []string{"true"}, Group: NewGroup})
		if err != nil {
			t.Fatal(err)
		}
		var info unix.Siginfo
		if err := unix.Waitid(unix.P_PID, lead.Pid, &info, unix.WEXITED|unix.WNOWAIT, nil); err != nil {
			t.Fatal(err)
		}
		c, err := k.Spawn(&Spec{Path: "/bin/true", Argv: []string{"true"}, Group: Group(lead.Pgid)})
		if err != nil {
			t.Fatal(err)
		}
		end(t, c)
		end(t, lead)
		_, err = k.Spawn(&Spec{Path: "/bin/true", Argv: []string{"true"}, Group: Group(lead.Pgid)})
		var se *SpawnError
		if !errors.As(err, &se) || se.Step != "setpgid" || se.Errno != unix.EPERM {
			t.Errorf("joining a group that is gone: %v, want setpgid EPERM", err)
		}
	})
	t.Run("a refused exec tells step and errno and leaves no child", func(t *testing.T) {
		for path, want := range map[string]unix.Errno{"/nonexistent": unix.ENOENT, "/etc/passwd": unix.EACCES, "/": unix.EACCES} {
			_, err := k.Spawn(&Spec{Path: path, Argv: []string{path}, Group: NewGroup})
			var se *SpawnError
			if !errors.As(err, &se) || se.Step != "execve" || se.Errno != want {
				t.Errorf("%s: %v, want execve %v", path, err, want)
			}
		}
		if _, err := unix.Wait4(-1, nil, unix.WNOHANG, nil); err != unix.ECHILD {
			t.Errorf("wait4 says %v, want ECHILD", err)
		}
	})
	t.Run("no more processes is EAGAIN, told as a refused clone", func(t *testing.T) {
		if os.Getuid() == 0 {
			t.Skip("RLIMIT_NPROC does not bind root")
		}
		var old unix.Rlimit
		unix.Prlimit(0, unix.RLIMIT_NPROC, nil, &old)
		low := old
		low.Cur = 1
		unix.Prlimit(0, unix.RLIMIT_NPROC, &low, nil)
		defer unix.Prlimit(0, unix.RLIMIT_NPROC, &old, nil)
		_, err := k.Spawn(sh(":"))
		var se *SpawnError
		if !errors.As(err, &se) || se.Step != "clone" || se.Errno != unix.EAGAIN {
			t.Errorf("%v, want clone EAGAIN", err)
		}
	})
	t.Run("descriptors can be swapped, closed and placed", func(t *testing.T) {
		var a, b [2]int
		unix.Pipe2(a[:], unix.O_CLOEXEC)
		unix.Pipe2(b[:], unix.O_CLOEXEC)
		s := sh("echo one >&3; echo two >&4; test ! -e /proc/self/fd/5 || echo open >&3")
		// 3 and 4 crossed over numbers that are sources too.
		s.Files = []File{{3, a[1]}, {4, b[1]}, {5, -1}}
		c, err := k.Spawn(s)
		if err != nil {
			t.Fatal(err)
		}
		end(t, c)
		unix.Close(a[1])
		unix.Close(b[1])
		for fd, want := range map[int]string{a[0]: "one\n", b[0]: "two\n"} {
			buf := make([]byte, 64)
			n, _ := unix.Read(fd, buf)
			if string(buf[:n]) != want {
				t.Errorf("read %q, want %q", buf[:n], want)
			}
			unix.Close(fd)
		}
	})
	t.Run("a program has default dispositions, an empty mask and nothing of ours open", func(t *testing.T) {
		Catch(unix.SIGUSR1)
		defer Default(unix.SIGUSR1)
		var p [2]int
		unix.Pipe2(p[:], unix.O_CLOEXEC)
		s := &Spec{Path: "/bin/cat", Argv: []string{"cat", "/proc/self/status"},
			Group: SameGroup, Files: []File{{1, p[1]}}, Ignore: SignalsOf(unix.SIGHUP, unix.SIGINT)}
		c, err := k.Spawn(s)
		if err != nil {
			t.Fatal(err)
		}
		unix.Close(p[1])
		end(t, c)
		buf := make([]byte, 4096)
		n, _ := unix.Read(p[0], buf)
		unix.Close(p[0])
		want := "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000003\nSigCgt:\t0000000000000000\n"
		if !strings.Contains(string(buf[:n]), want) {
			t.Errorf("got %q, want it to hold %q", buf[:n], want)
		}
	})
}

func TestACaughtSignalIsPendingWhenKillReturns(t *testing.T) {
	// The test function is not on the main thread, so the kernel may choose
	// another one; tgkill to this thread is what the main thread sees.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	fd, err := OpenWake()
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	defer atomic.StoreInt64(&wakeFD, -1)
	if err := Catch(unix.SIGUSR2); err != nil {
		t.Fatal(err)
	}
	defer Default(unix.SIGUSR2)
	for i := 0; i < 10000; i++ {
		if err := unix.Tgkill(unix.Getpid(), unix.Gettid(), unix.SIGUSR2); err != nil {
			t.Fatal(err)
		}
		if got := Pending(); !got.Has(unix.SIGUSR2) {
			t.Fatalf("round %d: pending %x", i, got)
		}
	}
}

func BenchmarkSpawnAndWait(b *testing.B) {
	k := New(nil)
	for b.Loop() {
		if _, err := k.Spawn(&Spec{Path: "/bin/true", Argv: []string{"true"}, Group: NewGroup}); err != nil {
			b.Fatal(err)
		}
		for {
			if _, _, err := k.Wait(0); err != unix.EINTR {
				break
			}
		}
	}
}

func BenchmarkForkExecAndWait(b *testing.B) {
	for b.Loop() {
		pid, err := syscall.ForkExec("/bin/true", []string{"true"}, &syscall.ProcAttr{Sys: &syscall.SysProcAttr{Setpgid: true}})
		if err != nil {
			b.Fatal(err)
		}
		for {
			if _, err := unix.Wait4(pid, nil, 0, nil); err != unix.EINTR {
				break
			}
		}
	}
}
