package proc

import (
	"encoding/binary"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// WatchOptions say whom to watch.
type WatchOptions struct {
	Shell int  // pid of the shell whose descendants are watched closely; 0 is none
	All   bool // tell of everybody's processes, not only of the shell's
	Poll  bool // do not ask for the proc connector: read /proc only
}

// Batch is what the watcher saw since the batch before.
type Batch struct {
	Events []event.Event // of the sources Connector and Proc, and Gaps; causes stand before effects
	Snap   *Snapshot     // all processes after these events; nil if none was read. The receiver's own
}

// Watcher looks at the machine's processes on goroutines of its own and hands
// over what changed. It never signals, traces or waits for a process.
//
// It never waits for its reader either: what the reader has not fetched is
// merged into the next Batch, and beyond maxPending events the oldest are
// dropped and told as a Gap.
type Watcher struct {
	batches chan Batch
	wake    int           // eventfd(2): Poke or Close was called
	done    chan struct{} // closed by Close
	ended   sync.WaitGroup
	once    sync.Once

	mu      sync.Mutex
	source  string
	pending Batch
	lost    int
	full    chan struct{} // capacity 1: pending holds something
}

const maxPending = 20000

// Watch begins to watch. Its errors are those of Open: without /proc nothing
// can be seen.
func Watch(o WatchOptions) (*Watcher, error) {
	r, err := Open()
	if err != nil {
		return nil, err
	}
	wake, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		r.Close()
		return nil, err
	}
	w := &Watcher{
		batches: make(chan Batch),
		wake:    wake,
		done:    make(chan struct{}),
		full:    make(chan struct{}, 1),
		source:  "/proc, every 50 ms",
	}
	w.ended.Add(2)
	go w.look(r, o)
	go w.deliver()
	return w, nil
}

// Batches is closed after Close. One reader is expected.
func (w *Watcher) Batches() <-chan Batch { return w.batches }

// Poke says that something has just happened: look now.
func (w *Watcher) Poke() {
	var one [8]byte
	binary.NativeEndian.PutUint64(one[:], 1)
	w.mu.Lock()
	if w.wake >= 0 {
		unix.Write(w.wake, one[:])
	}
	w.mu.Unlock()
}

// Source says in a phrase who tells what happens now, how often it is asked,
// and why no better one is.
func (w *Watcher) Source() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.source
}

// Close ends the watching and waits until its goroutines and descriptors are
// gone. It may be called more than once.
func (w *Watcher) Close() {
	w.once.Do(func() {
		close(w.done)
		w.Poke()
		w.ended.Wait()
		w.mu.Lock()
		unix.Close(w.wake)
		w.wake = -1
		w.mu.Unlock()
	})
}

// look reads /proc in turns.
func (w *Watcher) look(r *Reader, o WatchOptions) {
	defer w.ended.Done()
	defer r.Close()
	const shortest = 50 * time.Millisecond
	var before, now Snapshot
	fds := []unix.PollFd{{Fd: int32(w.wake), Events: unix.POLLIN}}
	first := true
	for {
		if err := r.Read(&now); err == nil {
			if first || changedAtAll(&before, &now) {
				fresh := &Snapshot{At: now.At, Took: now.Took, Denied: now.Denied, Procs: append([]Proc(nil), now.Procs...)}
				var events []event.Event
				if !first {
					events = Diff(&before, &now)
				}
				w.put(events, fresh)
				before, now = now, before
				first = false
			}
		}
		interval := max(shortest, 100*time.Duration(now.Took))
		w.say("/proc, every " + strconv.Itoa(int(interval/time.Millisecond)) + " ms")
		for {
			n, err := unix.Poll(fds, int(interval/time.Millisecond))
			if err == unix.EINTR {
				continue
			}
			if n > 0 {
				var buf [8]byte
				unix.Read(w.wake, buf[:])
			}
			break
		}
		select {
		case <-w.done:
			return
		default:
		}
	}
}

func changedAtAll(a, b *Snapshot) bool {
	if len(a.Procs) != len(b.Procs) {
		return true
	}
	for i := range a.Procs {
		if a.Procs[i] != b.Procs[i] {
			return true
		}
	}
	return false
}

func (w *Watcher) say(source string) {
	w.mu.Lock()
	w.source = source
	w.mu.Unlock()
}

// put adds to what is to be delivered.
func (w *Watcher) put(events []event.Event, s *Snapshot) {
	w.mu.Lock()
	w.pending.Events = append(w.pending.Events, events...)
	if over := len(w.pending.Events) - maxPending; over > 0 {
		w.lost += over
		w.pending.Events = append(w.pending.Events[:0], w.pending.Events[over:]...)
	}
	if s != nil {
		w.pending.Snap = s
	}
	w.mu.Unlock()
	select {
	case w.full <- struct{}{}:
	default:
	}
}

func (w *Watcher) deliver() {
	defer w.ended.Done()
	defer close(w.batches)
	for {
		select {
		case <-w.done:
			return
		case <-w.full:
		}
		w.mu.Lock()
		b := w.pending
		w.pending = Batch{}
		if w.lost > 0 {
			gap := event.Event{At: event.Now(), Kind: event.Gap, Source: event.Proc,
				Text: strconv.Itoa(w.lost) + " events came faster than they were read"}
			b.Events = append([]event.Event{gap}, b.Events...)
			w.lost = 0
		}
		w.mu.Unlock()
		if len(b.Events) == 0 && b.Snap == nil {
			continue
		}
		select {
		case <-w.done:
			return
		case w.batches <- b:
		}
	}
}
