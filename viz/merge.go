package viz

import (
	"cmp"
	"slices"

	"jsh/event"
)

// A log that several sources write tells the same thing two or three times:
// the connector tells of a fork, a snapshot finds the child, still in its
// parent's group and under its name, and then the shell says what it started.
// merged makes one story of it, in the order of time. Of what the shell started
// itself the shell's word stands, from the moment that anybody saw it.
func merged(events []event.Event) []event.Event {
	if !slices.ContainsFunc(events, func(e event.Event) bool { return outsider(e) || e.Source == event.Tracer }) {
		return events
	}
	events = slices.Clone(events)
	key := int64(0)
	for i := range events { // who was asked before the key went through still answers to it
		switch e := &events[i]; e.Kind {
		case event.Key:
			key = e.At
		case event.Meets:
			e.At = max(e.At, key)
		}
	}
	slices.SortStableFunc(events, func(a, b event.Event) int { return cmp.Compare(a.At, b.At) })
	traced := covered(events)
	m := merging{events: events, spawns: make(map[int][]int), ends: make(map[int][]int), now: make(map[int]*life), hoisted: make(map[int]bool), names: make(map[int]string)}
	for i := range events {
		switch e := &events[i]; {
		case e.Kind == event.Spawn && e.Errno == 0:
			m.spawns[e.Pid] = append(m.spawns[e.Pid], i)
		case (e.Kind == event.Exited || e.Kind == event.Killed) && !outsider(*e):
			m.ends[e.Pid] = append(m.ends[e.Pid], i)
		case e.Kind == event.LineBegin && e.Pgid != 0 && m.shell == 0:
			m.shell = e.Pgid
		}
	}
	out := make([]event.Event, 0, len(events))
	for i := range events {
		e := events[i]
		if traced.tells(&e) {
			continue
		}
		if m.take(i, &e) {
			out = append(out, e)
		}
	}
	return out
}

// outsider says that an event was seen from outside of the shell.
func outsider(e event.Event) bool { return e.Source == event.Proc || e.Source == event.Connector }

// follows says that a tracer tells what a watcher could have told, of a process
// that the shell may have told of.
func follows(e *event.Event) bool {
	if e.Source != event.Tracer {
		return false
	}
	switch e.Kind {
	case event.Seen, event.Exec, event.Moved:
		return true
	}
	return false
}

func ended(e *event.Event) bool { return e.Kind == event.Exited || e.Kind == event.Killed }

// hoist is how long before the shell's word somebody else may have seen the
// same start.
const hoist = int64(1e9)

type merging struct {
	events  []event.Event
	spawns  map[int][]int // pid → where the shell said that it started it
	ends    map[int][]int // pid → where the shell told of its end
	hoisted map[int]bool  // of these, those that were told already
	now     map[int]*life
	names   map[int]string
	shell   int // the shell's group
}

// life is a process that the shell started.
type life struct {
	spawn   *event.Event
	told    bool // the shell tells of its end
	seenEnd bool // somebody else did
	over    bool
}

func (m *merging) take(i int, e *event.Event) bool {
	l := m.now[e.Pid]
	living := l != nil && !l.over
	switch {
	case e.Kind == event.Spawn && e.Errno == 0:
		if m.hoisted[i] {
			return false
		}
		m.begin(i)
		return true
	case e.Source == event.Tracer && l != nil && l.told && ended(e): // the shell's wait says the same
		return false
	case e.Source == event.Tracer && living && (e.Kind == event.Stopped || e.Kind == event.Continued):
		return false
	case !outsider(*e) && !follows(e):
		if living && (e.Kind == event.Exited || e.Kind == event.Killed) {
			l.over = true
		}
		return true
	}
	switch e.Kind {
	case event.Seen:
		if living {
			return false
		}
		if n := m.next(i, e.Pid); n >= 0 {
			at := e.At
			*e = m.events[n]
			e.At = at
			m.hoisted[n] = true
			m.begin(n)
			return true
		}
		if parent := m.now[e.PPid]; parent != nil && parent.spawn.Pgid != 0 && e.Pgid == m.shell {
			e.Pgid = parent.spawn.Pgid // its parent's place was not known yet
		}
		if name := m.names[e.PPid]; name != "" && e.Source == event.Connector {
			e.Text = name // fork gives it the parent's, which may not have been read since
		}
		m.names[e.Pid] = e.Text
		delete(m.now, e.Pid) // the number is in use again
	case event.Moved:
		return !living || e.Text != "group" || e.Pgid != l.spawn.Pgid && e.Pgid != m.shell
	case event.Exec, event.Named:
		known := m.names[e.Pid]
		if e.Text != "" {
			m.names[e.Pid] = e.Text
		}
		return !living || e.Text != known
	case event.Exited, event.Killed, event.Gone:
		if l != nil && l.told { // the first to tell knows best when it was
			first := living && !l.seenEnd
			l.seenEnd = true
			return first
		}
		if living {
			l.over = true
		}
	}
	return true
}

// next is where the shell says that it started pid, soon after event i; -1 if
// it does not.
func (m *merging) next(i, pid int) int {
	for _, n := range m.spawns[pid] {
		if n > i && !m.hoisted[n] {
			if m.events[n].At-m.events[i].At > hoist {
				break
			}
			return n
		}
	}
	return -1
}

// begin starts a life with the shell's event n.
func (m *merging) begin(n int) {
	e := &m.events[n]
	l := &life{spawn: e}
	end := len(m.events)
	if at := slices.Index(m.spawns[e.Pid], n); at+1 < len(m.spawns[e.Pid]) {
		end = m.spawns[e.Pid][at+1]
	}
	l.told = slices.ContainsFunc(m.ends[e.Pid], func(k int) bool { return k > n && k < end })
	m.now[e.Pid] = l
	m.names[e.Pid] = e.Started()
}
