package companion

import (
	"errors"
	"time"

	"jsh/event"
	"jsh/proc"
)

// Stand-ins behind the signatures of proc.Watcher and proc.History.

type batch struct {
	Events []event.Event
	Snap   *proc.Snapshot
}

type watchOptions struct{ Shell int }

type watcher struct {
	out  chan batch
	poke chan struct{}
	done chan struct{}
}

func watch(o watchOptions) (*watcher, error) {
	r, err := proc.Open()
	if err != nil {
		return nil, err
	}
	w := &watcher{make(chan batch), make(chan struct{}, 1), make(chan struct{})}
	go func() {
		defer close(w.out)
		defer r.Close()
		var prev *proc.Snapshot
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for {
			s := new(proc.Snapshot)
			if r.Read(s) == nil {
				b := batch{Snap: s}
				if prev != nil {
					b.Events = proc.Diff(prev, s)
				}
				prev = s
				select {
				case w.out <- b:
				case <-w.done:
					return
				}
			}
			select {
			case <-tick.C:
			case <-w.poke:
			case <-w.done:
				return
			}
		}
	}()
	return w, nil
}

func (w *watcher) Batches() <-chan batch { return w.out }
func (w *watcher) Source() string        { return "/proc, every 50 ms" }
func (w *watcher) Close()                { close(w.done) }
func (w *watcher) Poke() {
	select {
	case w.poke <- struct{}{}:
	default:
	}
}

var errForgotten = errors.New("older than is remembered")

type episode struct {
	First, Last uint64
	Line        string
	Status      int
	At, End     int64
}

type frameAt struct {
	seq  uint64
	tree *proc.Tree
}

type history struct {
	log     *event.Log
	pending []event.Event
	now     *proc.Tree
	frames  []frameAt
	eps     []episode
}

func newHistory(limit int) *history { return &history{log: event.NewLog(max(1000, limit/1000))} }

func (h *history) Append(e event.Event) uint64 {
	seq := h.log.Append(e)
	e.Seq = seq
	h.pending = append(h.pending, e)
	if e.Kind == event.LineBegin {
		h.eps = append(h.eps, episode{First: seq, Line: e.Text, At: e.At})
	}
	if n := len(h.eps); n > 0 {
		h.eps[n-1].Last = seq
		if e.Kind == event.LineEnd {
			h.eps[n-1].Status, h.eps[n-1].End = e.Status, e.At
		}
	}
	return seq
}

func (h *history) Frame(s *proc.Snapshot, w proc.World) {
	w.Events = h.pending
	h.now = proc.Next(h.now, s, w)
	h.pending = nil
	h.frames = append(h.frames, frameAt{h.log.Last(), h.now})
	if len(h.frames) > 1000 {
		h.frames = h.frames[500:]
	}
}

func (h *history) Now() *proc.Tree { return h.now }

func (h *history) At(seq uint64) (*proc.Tree, error) {
	for i := len(h.frames) - 1; i >= 0; i-- {
		if h.frames[i].seq <= seq {
			return h.frames[i].tree, nil
		}
	}
	return nil, errForgotten
}

func (h *history) Since(seq uint64) ([]event.Event, uint64) { return h.log.Since(seq) }
func (h *history) Episodes() []episode                      { return h.eps }
