package viz

import (
	"cmp"
	"slices"
	"strconv"

	"jsh/event"
)

// past is what the log tells of a stretch of time: the timeline before it has
// any size. Times are CLOCK_MONOTONIC nanoseconds, as in the events.
type past struct {
	from, to int64
	lines    int // command lines that are shown
	wanted   int // command lines that were asked for; 0 is all
	shell    int // the shell's process group; 0 if the log does not tell
	bands    []*band
	holds    []hold // who had the keyboard, in order; empty if nothing tells
	marks    []mark
	ways     []string // the way of each signal key that was seen, in words
	notes    []string // what the log lacks
}

// ownGroup stands for the number of the shell's own group where the log does
// not tell it.
const ownGroup = -1

// band is a process group in its time.
type band struct {
	pgid     int // 0: the log does not tell the group
	job      int
	text     string // the job as it was typed
	session  bool   // the group founded a session of its own
	from, to int64
	bars     []*bar
}

// bar is a process for as long as it was in one group.
type bar struct {
	pid      int
	name     string
	from, to int64
	before   bool // it began before the axis does
	stops    []stop
	end      ending
	status   int
	sig      int
	core     bool
	into     int // the group that it went to

	band *band
}

type ending uint8

const (
	lives  ending = iota // as far as the log goes
	exited               // status
	killed               // by sig
	gone                 // nobody saw how
	left                 // for group into
)

// stop is a stretch of time in which a process was stopped by sig.
type stop struct {
	from, to int64
	sig      int
}

// hold says that group pgid was the terminal's foreground process group.
type hold struct {
	from, to int64
	pgid     int
	job      int
}

// mark is a moment: something typed, a signal, something that the log lacks.
type mark struct {
	at   int64
	kind markKind
	text string // of enter: the line, if it is known
	sig  int
	pgid int // whom the signal met
	pid  int
	job  int
}

type markKind uint8

const (
	enter    markKind = iota
	key               // a signal key was pressed
	noticed           // a signal met the foreground group; nobody saw a key
	sent              // by the shell
	received          // by the shell
	failed            // a program that could not be started, a shell that became another
	lost              // events are missing
)

// farthest keeps times so small that differences do not overflow.
const farthest = 1 << 61

// recall folds events into the past of the last lines command lines in which
// something was started or signalled; 0 is everything. now ends the bars of
// those that live on; 0 is the time of the newest event. It is nil if there is
// nothing to show.
func recall(events []event.Event, lines int, now int64) *past {
	events = own(events)
	first, count := opening(events, lines)
	f := &folding{
		past:   past{lines: count, wanted: lines},
		alive:  make(map[int]*bar),
		last:   make(map[int]*bar),
		groups: make(map[int]*band),
		ours:   make(map[int]bool),
		keys:   KeyWays(events),
	}
	if len(events) > 0 && events[0].Kind == event.Gap && (lines == 0 || count < lines) {
		f.notes = append(f.notes, events[0].Text)
	}
	for i := range events {
		if i == first {
			f.from, f.to, f.shown = clampTime(events[i].At), clampTime(events[i].At), true
		}
		f.take(&events[i])
	}
	if !f.shown {
		return nil
	}
	return f.finish(clampTime(now))
}

func clampTime(t int64) int64 { return min(max(t, -farthest), farthest) }

// opening finds the event with which the last n eventful lines begin, and how
// many lines there are from there. 0 is everything. Without any LineBegin all is one stretch.
// Lines in which the shell only worked by itself, timeline's own among them,
// do not count.
func opening(events []event.Event, n int) (first, count int) {
	first = -1
	line, loose := -1, -1
	for i := len(events) - 1; i >= 0; i-- {
		switch e := &events[i]; {
		case e.Kind == event.LineBegin:
			if line >= 0 {
				first, line = i, -1
				if count++; count == n {
					return first, count
				}
			}
		case eventful(e):
			line = i
			if e.Kind != event.SetFg { // a shell takes the keyboard when it begins
				loose = i
			}
		}
	}
	if count == 0 { // a script, or what came before any line
		return loose, count
	}
	if n == 0 {
		first = min(first, max(0, slices.IndexFunc(events, func(e event.Event) bool { return counts(e.Kind) })))
	}
	return first, count
}

func eventful(e *event.Event) bool {
	switch e.Kind {
	case event.Spawn, event.SetFg, event.Stopped, event.Signal, event.Key, event.Seen, event.Exec:
		return true
	case event.Kill:
		return e.Sig != 0
	}
	return false
}

// sameCause is how long after a signal was sent its effect may be told for the
// one to explain the other.
const sameCause = int64(2e9)

// finish cuts everything to the axis.
func (f *folding) finish(now int64) *past {
	some := len(f.ours) > 0
	keep := func(b *bar) bool { return !some || f.ours[b.pid] || b.before }
	living := false
	for _, b := range f.alive {
		living = living || keep(b)
	}
	if now == 0 {
		now = f.newest
	}
	if living {
		f.to = max(f.to, now)
	} else if f.foreground() == f.shell {
		// A little more, to show who has the keyboard afterwards.
		f.to += (f.to - f.from) / 24
	}
	f.to = max(f.to, f.from+1)
	for _, b := range f.all {
		if f.alive[b.pid] == b {
			b.to = max(b.from, now)
		}
	}
	f.bands = slices.DeleteFunc(f.bands, func(g *band) bool {
		g.bars = slices.DeleteFunc(g.bars, func(b *bar) bool { return !keep(b) || !b.clip(f.from, f.to) })
		return len(g.bars) == 0
	})
	for _, g := range f.bands {
		g.from, g.to = f.to, f.from
		for _, b := range g.bars {
			g.from, g.to = min(g.from, b.from), max(g.to, b.to)
		}
	}
	f.clipHolds()
	f.marks = slices.DeleteFunc(f.marks, func(m mark) bool { return m.at < f.from || m.at > f.to })
	slices.SortStableFunc(f.marks, func(a, b mark) int { return cmp.Compare(a.at, b.at) })
	for len(f.marks) > 1 && f.lastLineIsIdle() {
		f.marks = f.marks[:len(f.marks)-1]
	}
	f.tellWays()
	p := f.past
	return &p
}

// mostWays is how many keys are told in words: the newest.
const mostWays = 4

// tellWays puts the ways of the keys on the axis into words.
func (f *folding) tellWays() {
	for i := range f.keys {
		w := &f.keys[i]
		if w.At < f.from || w.At > f.to || len(w.Procs) == 0 {
			continue
		}
		group := func(pgid int) string {
			s := strconv.Itoa(pgid)
			if g := f.groups[pgid]; g != nil && g.job != 0 {
				s += " (%" + strconv.Itoa(g.job) + ")"
			}
			return s
		}
		name := func(pid int) string {
			if b := f.last[pid]; b != nil {
				return b.name
			}
			return ""
		}
		f.ways = append(f.ways, w.Words(group, name))
	}
	f.ways = f.ways[max(0, len(f.ways)-mostWays):]
}

// lastLineIsIdle says that the last thing that happened is that a line was
// typed: the one that asks for the timeline.
func (f *folding) lastLineIsIdle() bool {
	m := f.marks[len(f.marks)-1]
	if m.kind != enter || len(f.holds) > 0 && f.holds[len(f.holds)-1].from > m.at {
		return false
	}
	for _, g := range f.bands {
		for _, b := range g.bars {
			if b.from >= m.at {
				return false
			}
		}
	}
	return true
}

// clip cuts the bar to the axis; false says that nothing is left of it.
func (b *bar) clip(from, to int64) bool {
	if b.to < from || b.from > to || b.to == from && b.from < from {
		return false
	}
	b.before = b.before || b.from < from
	if b.before {
		b.from = from
	}
	b.to = min(b.to, to)
	var in []stop
	for _, s := range b.stops {
		s.from, s.to = max(s.from, b.from), min(s.to, b.to)
		if s.from < s.to || s.from == s.to && s.to == to {
			in = append(in, s)
		}
	}
	b.stops = in
	return true
}

func (f *folding) clipHolds() {
	if !f.proof {
		f.holds = nil
		return
	}
	var in []hold
	for i, h := range f.holds {
		if i == len(f.holds)-1 {
			h.to = f.to
		}
		h.from, h.to = max(h.from, f.from), min(h.to, f.to)
		if h.from < h.to {
			in = append(in, h)
		}
	}
	f.holds = in
}
