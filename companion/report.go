package companion

import (
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// reportQueue is how many events a Reporter keeps while the hub takes none.
const reportQueue = 1 << 14

// Reporter is a Teller for a process that has much to tell and must not wait: a
// tracer, which holds other processes while it speaks. What the hub does not
// take at once waits in a queue; what that has no room for is lost, and a Gap
// says how much. A hub that is stopped or dead costs nothing but that.
type Reporter struct {
	fd    int
	mu    sync.Mutex
	queue []event.Event
	lost  uint64
	shut  bool
	dead  bool          // nobody hears any more
	more  chan struct{} // capacity 1
	done  chan struct{}
}

// Report connects to the hub at path. Who follows all that a shell starts says
// which shell that is; else 0.
func Report(path string, shell int) (*Reporter, error) {
	fd, err := connect(path)
	if err != nil {
		return nil, err
	}
	hello := []byte{msgTeller}
	if shell != 0 {
		hello = strconv.AppendInt(hello, int64(shell), 10)
	}
	if err := send(fd, hello); err != nil {
		unix.Close(fd)
		return nil, err
	}
	r := &Reporter{fd: fd, more: make(chan struct{}, 1), done: make(chan struct{})}
	go r.run()
	return r, nil
}

// Tell takes one event. It never waits, and may be called from any goroutine.
func (r *Reporter) Tell(e event.Event) {
	r.mu.Lock()
	switch {
	case r.dead:
	case len(r.queue) < reportQueue:
		r.queue = append(r.queue, e)
	default:
		r.lost++
	}
	r.mu.Unlock()
	r.wake()
}

func (r *Reporter) wake() {
	select {
	case r.more <- struct{}{}:
	default:
	}
}

// Close waits until the hub has everything, but no longer than patience.
func (r *Reporter) Close(patience time.Duration) {
	r.mu.Lock()
	r.shut = true
	r.mu.Unlock()
	r.wake()
	select {
	case <-r.done:
	case <-time.After(patience):
	}
}

// run sends what is queued, until Close or the end of the hub.
func (r *Reporter) run() {
	defer close(r.done)
	defer unix.Close(r.fd)
	defer func() {
		r.mu.Lock()
		r.dead, r.queue = true, nil
		r.mu.Unlock()
	}()
	var buf []byte
	for range r.more {
		for {
			r.mu.Lock()
			events, lost, shut := r.queue, r.lost, r.shut
			r.queue, r.lost = nil, 0
			r.mu.Unlock()
			if lost > 0 {
				events = append(slices.Clip(events), event.Event{At: event.Now(), Kind: event.Gap, Source: event.Tracer,
					Text: strconv.FormatUint(lost, 10) + " events of the tracer came faster than the companion took them"})
			}
			if len(events) == 0 {
				if shut {
					return
				}
				break
			}
			for len(events) > 0 {
				buf = append(buf[:0], msgEvents)
				n := 0
				for ; n < len(events) && len(buf) < maxMessage/2; n++ {
					e := events[n]
					trim(&e)
					buf = append(event.AppendJSON(buf, &e), '\n')
				}
				if !r.send(buf) {
					return
				}
				events = events[n:]
			}
		}
	}
}

// send waits for room; false is the end of the hub.
func (r *Reporter) send(msg []byte) bool {
	for {
		switch send(r.fd, msg) {
		case nil, unix.EMSGSIZE:
			return true
		case unix.EAGAIN, unix.ENOBUFS, unix.ENOMEM:
			unix.Poll([]unix.PollFd{{Fd: int32(r.fd), Events: unix.POLLOUT}}, 100)
		default:
			return false
		}
	}
}
