package proc

import (
	"os"
	"os/exec"
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
