package proc

import (
	"os"
	"os/exec"
	"slices"
	"syscall"
	"testing"
	"time"

	"jsh/event"
)

// watch begins to watch, and ends with the test.
func watch(t *testing.T, o WatchOptions) *Watcher {
	t.Helper()
	w, err := Watch(o)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(w.Close)
	return w
}

// until takes batches until one satisfies the condition.
func until(t *testing.T, w *Watcher, what string, is func(Batch) bool) {
	t.Helper()
	late := time.After(30 * time.Second)
	for {
		select {
		case b, ok := <-w.Batches():
			if !ok {
				t.Fatal("the watcher ended before it saw ", what)
			}
			if is(b) {
				return
			}
		case <-late:
			t.Fatal("the watcher never saw ", what)
		}
	}
}

func tells(b Batch, kind event.Kind, pid int) bool {
	for i := range b.Events {
		if b.Events[i].Kind == kind && b.Events[i].Pid == pid {
			return true
		}
	}
	return false
}

func TestWatcher(t *testing.T) {
	t.Run("the first batch has everybody", func(t *testing.T) {
		w := watch(t, WatchOptions{Poll: true})
		until(t, w, "this process", func(b Batch) bool { return b.Snap != nil && b.Snap.Find(os.Getpid()) != nil })
	})
	t.Run("a process that comes and goes is told", func(t *testing.T) {
		w := watch(t, WatchOptions{Poll: true, All: true})
		until(t, w, "a snapshot", func(b Batch) bool { return b.Snap != nil })
		cmd := exec.Command("cat")
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		w.Poke()
		until(t, w, "cat", func(b Batch) bool { return tells(b, event.Seen, cmd.Process.Pid) })
		in.Close()
		cmd.Wait()
		w.Poke()
		until(t, w, "its end", func(b Batch) bool { return tells(b, event.Gone, cmd.Process.Pid) })
	})
	t.Run("Close ends the goroutines and closes the channel and the descriptors", func(t *testing.T) {
		descriptors := func() int {
			list, err := os.ReadDir("/proc/self/fd")
			if err != nil {
				t.Skip(err)
			}
			return len(list)
		}
		before := descriptors()
		for range 3 {
			w, err := Watch(WatchOptions{})
			if err != nil {
				t.Skip(err)
			}
			w.Close()
			w.Close()
			w.Poke()
			for range w.Batches() {
				t.Log("a last batch")
			}
		}
		if after := descriptors(); after != before {
			t.Errorf("%d descriptors before, %d after", before, after)
		}
	})
}

func TestLooksDoNotAllocateForEachProcess(t *testing.T) {
	for _, c := range []struct {
		name string
		what look
	}{{"a quick look", lookQuick}, {"a look at everybody", lookFull}} {
		t.Run(c.name, func(t *testing.T) {
			r, err := Open()
			if err != nil {
				t.Skip(err)
			}
			x := newEye(r, WatchOptions{Shell: os.Getpid(), Poll: true})
			defer x.close()
			if err := x.look(lookFull); err != nil {
				t.Fatal(err)
			}
			// Others may start processes meanwhile, which are new in the table.
			x.scratch.Procs = slices.Grow(x.scratch.Procs, 2*len(x.known))
			least := 1e9
			for range 5 {
				least = min(least, testing.AllocsPerRun(5, func() { x.look(c.what) }))
			}
			if least > float64(len(x.known))/10+5 {
				t.Errorf("%v allocations for %d processes", least, len(x.known))
			}
			t.Logf("%v allocations for %d processes", least, len(x.known))
		})
	}
}

// TestThePictureFollowsTheKernel feeds a history from a watcher, as the
// companion does, and looks for a daemon that nobody saw being born.
func TestThePictureFollowsTheKernel(t *testing.T) {
	cmd, in, _ := perl(t, `<STDIN>;
		if (!fork) { POSIX::setsid(); if (!fork) { <STDIN>; POSIX::_exit(0) } POSIX::_exit(0) } wait; <STDIN>`)
	w := listening(t, WatchOptions{Shell: cmd.Process.Pid})
	h := NewHistory(1 << 20)
	take := func(b Batch) {
		for _, e := range b.Events {
			h.Append(e)
		}
		if b.Near != nil {
			h.Frame(b.Near, World{Shell: cmd.Process.Pid})
		}
	}
	until(t, w, "perl", func(b Batch) bool {
		take(b)
		return h.Now().Shell != nil
	})
	in.Write([]byte("go\n"))
	var daemon *Process
	until(t, w, "the daemon", func(b Batch) bool {
		take(b)
		for p := range h.Now().All {
			if !p.Gone && p.Ours && p.Sid != p.Pid && p.TTY == 0 && p.Sid != h.Now().Shell.Sid && p.PPid != p.Sid {
				daemon = p
			}
		}
		return daemon != nil && daemon.Adopted
	})
	if daemon.Forker != daemon.Sid {
		t.Errorf("%d was forked by %d, leads %d", daemon.Pid, daemon.Forker, daemon.Sid)
	}
	// The moment between the two forks: the middle process leads its session,
	// and is alone in it.
	events, _ := h.Since(0)
	for _, e := range events {
		if e.Kind != event.Moved || e.Pid != daemon.Sid {
			continue
		}
		tree, err := h.At(e.Seq)
		if err != nil {
			t.Fatal(err)
		}
		middle := tree.Process(daemon.Sid)
		if middle == nil || middle.Gone || !middle.LeadsSession() || len(middle.Session.Groups) != 1 || len(middle.Group.Members) != 1 {
			t.Errorf("between the forks:\n%s", text(tree))
		}
		return
	}
	t.Error("setsid was not told")
}

// In a container nobody tells of forks, and a daemon's parents are gone before the next look.
func TestWithoutAConnectorTheEnvironmentShowsWhoCameFromTheShell(t *testing.T) {
	r, err := Open()
	if err != nil {
		t.Skip(err)
	}
	start := func(env ...string) int {
		cmd := exec.Command("cat")
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		cmd.Env = append(os.Environ(), env...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			in.Close()
			cmd.Wait()
		})
		return cmd.Process.Pid
	}
	shell := start()
	x := newEye(r, WatchOptions{Shell: shell, Poll: true, Mark: "MARKED=here"})
	defer x.close()
	if err := x.look(lookFull); err != nil {
		t.Fatal(err)
	}
	marked, other := start("MARKED=here"), start("MARKED=here, too")
	if err := x.look(lookQuick); err != nil {
		t.Fatal(err)
	}
	seen := false
	for _, e := range x.events {
		if e.Pid == other {
			t.Errorf("another's process is told: %+v", e)
		}
		seen = seen || e.Pid == marked && e.Kind == event.Seen && e.Path == "environ"
	}
	if k := x.known[marked]; k == nil || !k.ours || !seen {
		t.Errorf("the marked one: %+v, told: %v", k, seen)
	}
	if k := x.known[other]; k == nil || k.ours {
		t.Errorf("the other one: %+v", k)
	}
}
