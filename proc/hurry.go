package proc

import (
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// hurry is what two threads share that read one snapshot.
type hurry struct {
	mate   *Reader // the second thread's buffers, on the same descriptor
	pids   []int
	next   atomic.Int64 // the first of the pids that nobody has taken yet
	denied atomic.Int64
	done   sync.WaitGroup
}

const (
	// worthwhile is from how many processes on a second thread is asked for:
	// to wake it costs as much as to read some tens of them.
	worthwhile = 200
	// portion is how many processes a thread takes at a time. If it loses its
	// processor meanwhile, the other waits for that many at most.
	portion = 16
)

// Hurry has Read use a second thread where there are many processes and a
// second processor: a snapshot for somebody who waits for it. It takes little
// more than half the time then, and no less work; a watcher should not.
func (r *Reader) Hurry() {
	if r.hurry == nil {
		r.hurry = &hurry{mate: &Reader{root: r.root, buf: make([]byte, 4<<10), path: make([]byte, 0, 64), names: make(map[string]string)}}
	}
}

// readTogether is Read with two threads.
func (r *Reader) readTogether(s *Snapshot) error {
	h := r.hurry
	h.pids = h.pids[:0]
	if err := r.each(func() { h.pids = append(h.pids, r.digits()) }); err != nil {
		return err
	}
	for len(s.Procs) < len(h.pids) {
		s.Procs = append(s.Procs, Proc{})
	}
	h.next.Store(0)
	h.denied.Store(0)
	if len(h.pids) >= worthwhile && runtime.GOMAXPROCS(0) > 1 {
		h.done.Add(1)
		go h.help(s)
	}
	h.take(r, s)
	h.done.Wait()
	s.Denied = int(h.denied.Load())
	kept := s.Procs[:0]
	for i := range s.Procs {
		if s.Procs[i].Pid != 0 {
			kept = append(kept, s.Procs[i])
		}
	}
	s.Procs = kept
	return nil
}

func (h *hurry) help(s *Snapshot) {
	h.take(h.mate, s)
	h.done.Done()
}

// take reads processes, a portion at a time, until all are taken. One that
// cannot be read keeps the pid 0.
func (h *hurry) take(r *Reader, s *Snapshot) {
	for {
		end := int(h.next.Add(portion))
		if end-portion >= len(h.pids) {
			return
		}
		for i := end - portion; i < min(end, len(h.pids)); i++ {
			r.path = strconv.AppendInt(r.path[:0], int64(h.pids[i]), 10)
			s.Procs[i] = Proc{}
			if err := r.readStat(&s.Procs[i]); err != nil {
				s.Procs[i].Pid = 0
				if err == unix.EACCES || err == unix.EPERM {
					h.denied.Add(1)
				}
			}
		}
	}
}
