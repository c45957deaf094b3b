package proc

import (
	"errors"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// WatchOptions say whom to watch.
type WatchOptions struct {
	Shell int  // pid of the shell: events tell of it and of what was started from it; 0 is none
	All   bool // tell of everybody's processes
	Poll  bool // do not ask for the proc connector: read /proc only

	// Mark, NAME=VALUE, is in the environment of what the shell starts. Without the connector
	// it shows whence a process came whose parents ended before anybody saw them.
	Mark string

	// Tell, where it is set, is called with each Batch instead of sending it to Batches: to
	// wake another goroutine costs as much as the batch did. It is called on the
	// watcher's goroutine and must not wait for anybody. It returns when it wants to be called
	// at the latest (CLOCK_MONOTONIC ns; 0: only when something is new), and is called soon
	// after each Poke too, so that whoever has made it a wish can be heard. The Batch is empty then.
	Tell func(*Watcher, Batch) (again int64)
}

// Batch is what the watcher saw since the batch before.
type Batch struct {
	Events []event.Event // of the sources Connector and Proc, and Gaps; causes stand before effects
	// Near are, after these events, the processes that came from the shell, all of its session,
	// and their ancestors; nil if none of them has changed. Where no shell was named, and
	// where everybody was asked for, nobody is nearer than others: see Snap.
	Near *Snapshot
	// Snap is everybody, more seldom: every second or two on a machine with 1,000
	// processes. nil: there is nothing new, or it is not time.
	Snap *Snapshot
}

func (b *Batch) empty() bool { return len(b.Events) == 0 && b.Near == nil && b.Snap == nil }

// Watcher looks at the machine's processes on goroutines of its own and hands
// over what changed. It never signals, traces or waits for a process.
//
// It never waits for its reader either: what the reader has not fetched is
// merged into the next Batch, and beyond maxPending events the oldest are
// dropped and told as a Gap.
type Watcher struct {
	tell    func(*Watcher, Batch) int64
	again   int64 // what tell returned
	asked   bool  // Poke was called since the latest turn
	batches chan Batch
	wake    int           // eventfd(2): Poke or Close was called
	done    chan struct{} // closed by Close
	ran     chan struct{} // closed when run has ended
	ended   sync.WaitGroup
	once    sync.Once

	kernel   bool         // the connector tells
	why      string       // it does not
	interval atomic.Int64 // ms between two looks while something happens

	mu      sync.Mutex
	pending Batch
	told    []spoken // since the latest turn
	late    bool     // deliver holds a batch that is not fetched yet
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
		return nil, errors.New("cannot watch: eventfd: " + errText(err))
	}
	x := newEye(r, o)
	why := ""
	if !o.Poll {
		x.c, why = openConnector()
	}
	queue := -1
	if x.c != nil {
		queue = x.c.fd
	}
	if x.rest, err = newRest(wake, queue); err != nil {
		unix.Close(wake)
		x.close()
		return nil, err
	}
	w := &Watcher{
		tell:    o.Tell,
		batches: make(chan Batch, 1),
		ran:     make(chan struct{}),
		wake:    wake,
		done:    make(chan struct{}),
		full:    make(chan struct{}, 1),
		why:     why,
		kernel:  x.c != nil,
	}
	w.ended.Add(1)
	go w.run(x)
	if w.tell == nil {
		w.ended.Add(1)
		go w.deliver()
	}
	return w, nil
}

// Batches is closed after Close. One reader is expected. Nothing comes where Tell
// was set.
func (w *Watcher) Batches() <-chan Batch { return w.batches }

// Poke says that something has just happened: look now.
func (w *Watcher) Poke() {
	one := uint64(1)
	w.mu.Lock()
	if w.wake >= 0 {
		unix.RawSyscall(unix.SYS_WRITE, uintptr(w.wake), uintptr(unsafe.Pointer(&one)), 8) // never waits: O_NONBLOCK
	}
	w.mu.Unlock()
}

// Told says that another source told of this process's start at a time, as the shell
// does of its children: it is the shell's then, and it is not missed if no look at
// /proc sees it. It wakes nobody; Poke does.
func (w *Watcher) Told(pid int, at int64) {
	w.mu.Lock()
	if len(w.told) < maxTold {
		w.told = append(w.told, spoken{pid, at})
	}
	w.mu.Unlock()
}

// maxTold bounds what waits for the next look.
const maxTold = 4096

// Source says in a phrase who tells what happens now, how often it is asked,
// and why no better one is.
func (w *Watcher) Source() string {
	if w.kernel {
		return "the kernel's proc connector"
	}
	s := "/proc, every " + strconv.FormatInt(w.interval.Load(), 10) + " ms"
	if w.why != "" {
		s += ": " + w.why
	}
	return s
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

// put hands over what was seen: at once if the reader has fetched all before,
// else by deliver, merged with what comes until then. events are copied.
func (w *Watcher) put(events []event.Event, near, all *Snapshot) {
	w.mu.Lock()
	if !w.late && w.lost == 0 && w.pending.empty() {
		select {
		case w.batches <- Batch{slices.Clone(events), near, all}:
			w.mu.Unlock()
			return
		default:
		}
	}
	w.pending.Events = append(w.pending.Events, events...)
	if over := len(w.pending.Events) - maxPending; over > 0 {
		w.lost += over
		w.pending.Events = append(w.pending.Events[:0], w.pending.Events[over:]...)
	}
	if near != nil {
		w.pending.Near = near
	}
	if all != nil {
		w.pending.Snap = all
	}
	w.mu.Unlock()
	select {
	case w.full <- struct{}{}:
	default:
	}
}

// deliver sends what the reader did not fetch in time.
func (w *Watcher) deliver() {
	defer w.ended.Done()
	defer close(w.batches)
	defer func() { <-w.ran }() // nobody sends any more
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
		w.late = !b.empty()
		late := w.late
		w.mu.Unlock()
		if !late {
			continue
		}
		select {
		case <-w.done:
			return
		case w.batches <- b:
		}
		w.mu.Lock()
		w.late = false
		w.mu.Unlock()
	}
}
