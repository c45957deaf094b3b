package pgroup

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// inChild runs f in a process of its own and returns how it ended and what it
// wrote to standard error.
func inChild(t *testing.T, f func()) (unix.WaitStatus, string) {
	t.Helper()
	if os.Getenv("PGROUP_CHILD") == t.Name() {
		f()
		os.Exit(0)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^"+strings.ReplaceAll(t.Name(), "/", "$/^")+"$")
	cmd.Env = append(os.Environ(), "PGROUP_CHILD="+t.Name())
	var stderr strings.Builder
	cmd.Stderr = &stderr
	cmd.Run()
	return unix.WaitStatus(cmd.ProcessState.Sys().(syscall.WaitStatus)), stderr.String()
}

func TestASignalOfTheRuntimesFromOutsideEndsTheProcessWithoutADump(t *testing.T) {
	for _, sig := range []unix.Signal{unix.SIGSEGV, unix.SIGBUS, unix.SIGFPE, unix.SIGILL, unix.SIGTRAP} {
		t.Run(unix.SignalName(sig), func(t *testing.T) {
			ws, text := inChild(t, func() {
				unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
				Default(sig)
				unix.Kill(unix.Getpid(), sig)
				unix.Poll(nil, 10_000) // it may come to another thread
			})
			if !ws.Signaled() || unix.Signal(ws.Signal()) != sig || text != "" {
				t.Errorf("ended with %#x and wrote %q", ws, text)
			}
		})
	}
}

func TestASharedSignalThatIsIgnoredDoesNothing(t *testing.T) {
	ws, text := inChild(t, func() {
		for _, sig := range []unix.Signal{unix.SIGSEGV, unix.SIGURG} {
			Ignore(sig)
			runtime.LockOSThread()
			unix.Tgkill(unix.Getpid(), unix.Gettid(), sig)
		}
		if Pending() != 0 {
			os.Exit(1)
		}
	})
	if ws != 0 || text != "" {
		t.Errorf("ended with %#x and wrote %q", ws, text)
	}
}

func TestAFaultIsStillAPanic(t *testing.T) {
	defer Default(unix.SIGSEGV)
	Catch(unix.SIGSEGV)
	defer func() {
		if _, ok := recover().(runtime.Error); !ok {
			t.Error("a nil pointer made no panic")
		}
		if Pending().Has(unix.SIGSEGV) {
			t.Error("the fault was noted as if it came from outside")
		}
	}()
	var p *[1 << 20]int
	p[1000]++
}

func TestPreemptionIsNotTakenForASignalFromOutside(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	Catch(unix.SIGURG)
	defer Default(unix.SIGURG)
	// A loop without calls can be stopped for a collection only by SIGURG.
	var stop atomic.Bool
	looping, over := make(chan struct{}), make(chan int)
	go func() {
		close(looping)
		x := 0
		for !stop.Load() {
			for i := range 1 << 24 {
				x ^= i
			}
		}
		over <- x
	}()
	<-looping
	for range 20 {
		runtime.GC()
	}
	if Pending().Has(unix.SIGURG) {
		t.Error("a preemption was noted as a signal")
	}
	for i := range 1000 {
		unix.Kill(unix.Getpid(), unix.SIGURG)
		deadline := time.Now().Add(10 * time.Second)
		for !Pending().Has(unix.SIGURG) {
			if time.Now().After(deadline) {
				t.Fatalf("SIGURG %d from kill(2) was not noted", i)
			}
		}
	}
	stop.Store(true)
	<-over
}
