package proc

import (
	"errors"
	"maps"
	"slices"
	"unsafe"

	"jsh/event"
)

// ErrForgotten is returned for a moment that History no longer has.
var ErrForgotten = errors.New("that is older than I remember")

// History is the log and the picture of each of its moments, within a limit
// of memory. It numbers events as event.Log does: from 1, without gaps.
//
// It keeps key frames, whole trees, and between them what changed: events and
// the differences of snapshots. A moment is rebuilt by the very folds that
// made it: At(n) is what Now was when n was the newest number. When the limit
// is reached the oldest key frame goes with all up to the next one.
//
// It has one owner and takes no lock. Trees that it gave away are never
// changed.
type History struct {
	limit    int
	segments []*segment // oldest first; never empty
	bytes    int        // of all segments
	last     uint64     // number of the newest event
	episodes []Episode

	live    cursor
	now     *Tree // nil: to be made
	rebuilt past  // the moment that At built last
}

// Episode is one command line and what happened until the next one.
type Episode struct {
	First, Last uint64 // numbers of its LineBegin and of its last event
	Line        string
	Status      int   // once it is over
	At, End     int64 // CLOCK_MONOTONIC ns; End is 0 while the line runs
}

// segment is a key frame and what came until the next.
type segment struct {
	key      cursor // the state that it begins with
	first    uint64 // number of its first event
	events   []event.Event
	frames   []frame
	bytes    int // all, by estimate
	keyBytes int // of the key frame
}

// frame is a snapshot as its difference to the one before.
type frame struct {
	seq     uint64 // the newest event when it came
	at      int64
	slept   int64
	gone    []int
	changed []Proc
	world   *World
}

// cursor is the state of the fold after a frame.
type cursor struct {
	tree  *Tree
	snap  *Snapshot
	world *World // without Events
	seq   uint64 // newest event that the tree knows
}

// past is where At was last.
type past struct {
	of     *segment
	frames int // how many of its frames are folded in
	cursor cursor
}

// NewHistory remembers as much as fits in limit bytes, by its own estimate;
// the present it always has. 32 MB are some ten minutes of a busy learner on a machine of
// 1,000 processes, and hours on a quiet one.
func NewHistory(limit int) *History {
	h := &History{limit: limit}
	h.live = cursor{world: &World{}, snap: &Snapshot{}}
	h.live.tree = Next(nil, h.live.snap, *h.live.world)
	h.segments = []*segment{{key: h.live, first: 1}}
	return h
}

func (h *History) newest() *segment { return h.segments[len(h.segments)-1] }

// Append gives e the next number, keeps it and returns that number. Seq in e
// is ignored. Argv is shared with the caller, who must not change it later.
func (h *History) Append(e event.Event) uint64 {
	h.last++
	e.Seq = h.last
	h.now = nil
	s := h.newest()
	s.events = append(s.events, e)
	h.grow(s, eventBytes(&e))
	h.tell(&e)
	if len(s.events) >= maxSegmentEvents {
		h.cut()
	}
	h.forget()
	return h.last
}

// tell keeps the episodes.
func (h *History) tell(e *event.Event) {
	n := len(h.episodes)
	switch {
	case e.Kind == event.LineBegin:
		h.episodes = append(h.episodes, Episode{First: e.Seq, Last: e.Seq, Line: e.Text, At: e.At})
		return
	case n == 0:
		return
	case e.Kind == event.LineEnd && h.episodes[n-1].End == 0:
		h.episodes[n-1].Status, h.episodes[n-1].End = e.Status, e.At
	}
	h.episodes[n-1].Last = e.Seq
}

// Frame folds a snapshot in: all that was appended before happened before it.
// w says whose picture it is; its Events are not looked at. With Jobs nil the
// jobs are those that the events told of.
func (h *History) Frame(s *Snapshot, w World) {
	w.Events = nil
	if w.Jobs == nil {
		w.Jobs = jobsAfter(h.events(h.live))
	}
	f := frame{seq: h.last, at: s.At, slept: s.slept, world: h.live.world}
	if !sameWorld(f.world, &w) {
		f.world = &World{Shell: w.Shell, Jobs: maps.Clone(w.Jobs), Plumbing: slices.Clone(w.Plumbing), Ours: slices.Clone(w.Ours)}
	}
	f.gone, f.changed = differ(h.live.snap.Procs, s.Procs)
	if h.last == h.live.seq && f.world == h.live.world && len(f.gone)+len(f.changed) == 0 && h.live.snap.At != 0 {
		return // nothing is new
	}
	seg := h.newest()
	snap := &Snapshot{At: s.At, slept: s.slept, Procs: slices.Clone(s.Procs)}
	h.live = advance(h.live, &f, snap, seg)
	h.now = nil
	seg.frames = append(seg.frames, f)
	h.grow(seg, frameBytes(&f, len(seg.frames) == 1 || seg.frames[len(seg.frames)-2].world != f.world))
	if len(seg.frames) >= maxSegmentFrames {
		h.key(h.live)
	}
	h.forget()
}

// lookBack is how many of the newest events Amend looks at: more than are told
// between a look and its delivery.
const lookBack = 256

// Amend brings into s, before it becomes a Frame, what was told since its states
// were read: that a process was stopped or continued. A snapshot that waited, or
// whose states are older than its messages, would undo that.
func (h *History) Amend(s *Snapshot) {
	read := s.At
	if s.Read != 0 {
		read = min(read, s.Read)
	}
	events := h.newest().events
	for i := max(0, len(events)-lookBack); i < len(events); i++ {
		e := &events[i]
		if e.At < read || e.Kind != event.Stopped && e.Kind != event.Continued {
			continue
		}
		switch p := s.Find(e.Pid); {
		case p == nil || p.Exited():
		case e.Kind == event.Continued && (p.State == 'T' || p.State == 't'):
			p.State = 'S'
		case e.Kind == event.Stopped && p.State != 't':
			p.State, p.Waits = 'T', ""
		}
	}
}

// advance folds a frame, and the snapshot that it stands for, into the state
// before it.
func advance(c cursor, f *frame, snap *Snapshot, seg *segment) cursor {
	w := *f.world
	w.Events = seg.between(c.seq, f.seq)
	return cursor{tree: Next(c.tree, snap, w), snap: snap, world: f.world, seq: f.seq}
}

// between gives the events after number from, up to number to.
func (s *segment) between(from, to uint64) []event.Event {
	lo, hi := 0, 0
	if from+1 > s.first {
		lo = int(from + 1 - s.first)
	}
	if to+1 > s.first {
		hi = int(to + 1 - s.first)
	}
	hi = min(hi, len(s.events))
	return s.events[min(lo, hi):hi:hi]
}

// events is c's world with what happened since.
func (h *History) events(c cursor) World {
	w := *c.world
	w.Events = h.newest().between(c.seq, h.last)
	return w
}

// Now is the picture after the newest event: the last snapshot, as the events
// after it changed it.
func (h *History) Now() *Tree {
	if h.now == nil {
		h.now = moment(h.live, h.events(h.live))
	}
	return h.now
}

func moment(c cursor, w World) *Tree {
	if len(w.Events) == 0 {
		return c.tree
	}
	snap, world := replay(c.snap, w)
	return Next(c.tree, snap, world)
}

// At is the picture as Now was when seq was the newest number. The error is
// ErrForgotten for what is older than the memory; a number that is yet to come is
// taken as the newest.
func (h *History) At(seq uint64) (*Tree, error) {
	if seq >= h.last {
		return h.Now(), nil
	}
	return h.rebuild(seq, seq)
}

// Early is the tree as it was when event seq had just come, before any snapshot that
// followed it; where that is forgotten it is that of At.
func (h *History) Early(seq uint64) (*Tree, error) {
	if seq == 0 || seq > h.last {
		return h.At(seq)
	}
	if t, err := h.rebuild(seq, seq-1); err == nil {
		return t, nil
	}
	return h.At(seq)
}

// rebuild is the tree of the events up to seq and of the snapshots up to the one that
// follows event frames.
func (h *History) rebuild(seq, frames uint64) (*Tree, error) {
	i := len(h.segments) - 1
	for i >= 0 && h.segments[i].first > frames+1 {
		i--
	}
	if i < 0 {
		return nil, ErrForgotten
	}
	// Key frames may follow each other with no event between: the last counts.
	seg := h.segments[i]
	if h.rebuilt.of != seg || h.rebuilt.cursor.seq > frames {
		h.rebuilt = past{of: seg, cursor: seg.key}
	}
	at := &h.rebuilt
	for at.frames < len(seg.frames) && seg.frames[at.frames].seq <= frames {
		f := &seg.frames[at.frames]
		at.cursor = advance(at.cursor, f, apply(at.cursor.snap, f), seg)
		at.frames++
	}
	w := *at.cursor.world
	w.Events = seg.between(at.cursor.seq, seq)
	return moment(at.cursor, w), nil
}

// Since returns a copy of the events after number seq, oldest first, and how
// many of those are forgotten. If any are, the first element is a Gap that
// says so, as with event.Log.
func (h *History) Since(seq uint64) (events []event.Event, dropped uint64) {
	oldest := h.segments[0].first
	events = make([]event.Event, 0, h.last-min(h.last, max(seq, oldest-1))+1)
	if seq+1 < oldest {
		dropped = oldest - 1 - seq
		events = append(events, event.Forgotten(dropped, &event.Event{Seq: oldest}))
		seq = oldest - 1
	}
	for _, s := range h.segments {
		events = append(events, s.between(seq, h.last)...)
	}
	if dropped > 0 && len(events) > 1 {
		events[0].At = events[1].At
	}
	return events, dropped
}

// Episodes are the command lines whose first event is still remembered, oldest
// first.
func (h *History) Episodes() []Episode { return slices.Clone(h.episodes) }

const (
	maxSegmentEvents = 4096
	maxSegmentFrames = 64
)

// cut makes a key frame of the present, as if /proc had been read and had said
// what the events say: they must not pile up when nobody looks.
func (h *History) cut() {
	snap, w := replay(h.live.snap, h.events(h.live))
	tree := moment(h.live, h.events(h.live))
	world := &World{Shell: w.Shell, Jobs: w.Jobs, Plumbing: w.Plumbing}
	h.live = cursor{tree: tree, snap: snap, world: world, seq: h.last}
	h.now = nil
	h.key(h.live)
}

// key begins a segment.
func (h *History) key(c cursor) {
	s := &segment{key: c, first: h.last + 1}
	h.segments = append(h.segments, s)
	s.keyBytes = treeBytes(c.tree) + len(c.snap.Procs)*int(unsafe.Sizeof(Proc{}))
	h.grow(s, s.keyBytes)
}

func (h *History) grow(s *segment, n int) {
	s.bytes += n
	h.bytes += n
}

// forget drops the oldest segments until the rest fits.
func (h *History) forget() {
	if h.bytes <= h.limit {
		return
	}
	// The present alone may be too much; then the newest segment is kept short.
	if s := h.newest(); len(h.segments) == 1 && s.first <= h.last && s.bytes-s.keyBytes > h.limit/2 {
		h.cut()
	}
	for h.bytes > h.limit && len(h.segments) > 1 {
		h.bytes -= h.segments[0].bytes
		if h.rebuilt.of == h.segments[0] {
			h.rebuilt = past{}
		}
		h.segments[0] = nil
		h.segments = h.segments[1:]
	}
	oldest := h.segments[0].first
	h.episodes = slices.DeleteFunc(h.episodes, func(e Episode) bool { return e.First < oldest })
}

func eventBytes(e *event.Event) int {
	n := int(unsafe.Sizeof(*e)) + len(e.Path) + len(e.Text)
	for _, a := range e.Argv {
		n += len(a) + 16
	}
	return n
}

// frameBytes counts the world only where it is not shared with the frame
// before.
func frameBytes(f *frame, newWorld bool) int {
	n := int(unsafe.Sizeof(*f)) + len(f.gone)*8 + len(f.changed)*int(unsafe.Sizeof(Proc{}))
	if newWorld {
		n += 200 + len(f.world.Jobs)*48 + len(f.world.Plumbing)*8
	}
	return n
}

func treeBytes(t *Tree) int {
	n := len(t.founder) * 32
	t.All(func(*Process) bool {
		n += int(unsafe.Sizeof(Process{})) + 48
		return true
	})
	return n
}

func sameWorld(a, b *World) bool {
	return a.Shell == b.Shell && maps.Equal(a.Jobs, b.Jobs) && slices.Equal(a.Plumbing, b.Plumbing) && slices.Equal(a.Ours, b.Ours)
}

// differ says what must be done to old to make it cur. Both are sorted by pid.
func differ(old, cur []Proc) (gone []int, changed []Proc) {
	i := 0
	for j := range cur {
		for ; i < len(old) && old[i].Pid < cur[j].Pid; i++ {
			gone = append(gone, old[i].Pid)
		}
		if i < len(old) && old[i].Pid == cur[j].Pid {
			i++
			if old[i-1] == cur[j] {
				continue
			}
		}
		changed = append(changed, cur[j])
	}
	for ; i < len(old); i++ {
		gone = append(gone, old[i].Pid)
	}
	return gone, changed
}

// apply undoes differ.
func apply(s *Snapshot, f *frame) *Snapshot {
	out := &Snapshot{At: f.at, slept: f.slept, Procs: make([]Proc, 0, len(s.Procs)+len(f.changed))}
	gone, changed := f.gone, f.changed
	for i := range s.Procs {
		p := &s.Procs[i]
		for len(changed) > 0 && changed[0].Pid < p.Pid {
			out.Procs = append(out.Procs, changed[0])
			changed = changed[1:]
		}
		switch {
		case len(gone) > 0 && gone[0] == p.Pid:
			gone = gone[1:]
		case len(changed) > 0 && changed[0].Pid == p.Pid:
			out.Procs = append(out.Procs, changed[0])
			changed = changed[1:]
		default:
			out.Procs = append(out.Procs, *p)
		}
	}
	out.Procs = append(out.Procs, changed...)
	return out
}
