package companion

import (
	"strconv"

	"jsh/event"
)

// Part is a stretch of a recording that was written at one go. What a learner hands
// in has several.
type Part struct {
	First, Last uint64    // its events
	Shells      []ShellAt // whose log it is: another shell may take the first one's place
	Source      string    // who watched, as proc.Watcher.Source says
	Keys        bool      // signal keys were seen
	Cols, Rows  int       // of a lesson's band; 0: there was none
	Odd         []string  // what no log has that jsh wrote, with the line of the file
}

// ShellAt says whose log it is from an event on.
type ShellAt struct {
	Seq uint64
	Pid int
}

// parts splits a recording, and looks for what cannot be.
type parts struct {
	list []Part
	line int // of the file

	seq    uint64        // the newest number that the file gives an event
	at     int64         // the latest time
	gap    bool          // something is missing: then nobody need be known
	typed  bool          // a line was begun in this part: what ended before it may have begun before the part
	known  map[int]bool  // pids that something told of
	reaped map[int]int64 // pid → when the shell's wait told its end
}

// maxBack is how much older than the newest event one may be: what waited in a
// shell's queue comes late.
const maxBack = 60e9

// maxOdd is how many oddities are told.
const maxOdd = 5

func (p *parts) begin(first uint64) {
	if n := len(p.list); n > 0 {
		p.list[n-1].Last = first - 1
	}
	p.list = append(p.list, Part{First: first})
	p.seq, p.at, p.gap, p.typed, p.known, p.reaped = 0, 0, false, false, map[int]bool{}, map[int]int64{}
}

// all ends the last part.
func (p *parts) all(last uint64) []Part {
	if len(p.list) == 0 {
		p.begin(1)
	}
	p.list[len(p.list)-1].Last = last
	return p.list
}

// take looks at a line; last is the number of the newest event, as it was read.
func (p *parts) take(r *record, last uint64) {
	if len(p.list) == 0 || r.about != nil && r.about.begins {
		first := last + 1
		if r.event != nil {
			first = last
		}
		p.begin(first)
	}
	now := &p.list[len(p.list)-1]
	switch {
	case r.about != nil:
		a := r.about
		now.Source, now.Keys = a.source, now.Keys || a.keys
		now.Cols, now.Rows = a.room[0], a.room[1]
		if n := len(now.Shells); a.shell != 0 && (n == 0 || now.Shells[n-1].Pid != a.shell) {
			now.Shells = append(now.Shells, ShellAt{last + 1, a.shell})
		}
	case r.frame != nil:
		for i := range r.frame.procs {
			p.known[r.frame.procs[i].Pid] = true
		}
	default:
		p.event(r.event)
	}
}

func (p *parts) odd(text string) {
	now := &p.list[len(p.list)-1]
	if len(now.Odd) < maxOdd {
		now.Odd = append(now.Odd, "line "+strconv.Itoa(p.line)+": "+text)
	}
}

func (p *parts) event(e *event.Event) {
	num := strconv.Itoa
	if e.Seq != 0 {
		if e.Seq <= p.seq {
			p.odd("event " + strconv.FormatUint(e.Seq, 10) + " stands after event " + strconv.FormatUint(p.seq, 10))
		}
		p.seq = max(p.seq, e.Seq)
	}
	if e.At != 0 && e.At < p.at-maxBack {
		p.odd("the time goes back by " + num(int((p.at-e.At)/1e9)) + " s")
	}
	p.at = max(p.at, e.At)
	switch e.Kind {
	case event.Gap:
		p.gap = true
	case event.LineBegin:
		p.typed = true
	case event.Spawn, event.Seen:
		if e.Errno == 0 {
			p.known[e.Pid] = true
			delete(p.reaped, e.Pid)
		}
	case event.Exited, event.Killed, event.Stopped, event.Continued:
		if e.Source != event.Shell || p.gap {
			return
		}
		if !p.known[e.Pid] && p.typed {
			p.odd("the shell waited for " + num(e.Pid) + ", and nothing tells where that came from")
		}
		p.known[e.Pid] = true
		if _, again := p.reaped[e.Pid]; again {
			p.odd("the shell waited for " + num(e.Pid) + ", which had ended before")
		}
		if e.Kind == event.Exited || e.Kind == event.Killed {
			p.reaped[e.Pid] = e.At
		}
	case event.Fact:
		if at, dead := p.reaped[e.Pid]; dead && e.Errno == 0 && e.At > at+1e9 && !p.gap {
			p.odd("/proc is said to have told of " + num(e.Pid) + ", which had ended before")
		}
	}
}
