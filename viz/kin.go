package viz

import (
	"jsh/event"
	"jsh/proc"
)

// kin knows which processes came from the shell. A watcher tells of the whole
// machine; a picture of what the learner typed wants only its own, and nothing of
// jsh's plumbing.
type kin struct {
	shell, pgid int
	all         bool // plumbing too
	pids        map[int]bool
	hidden      map[int]bool          // plumbing, by its name; true: with all that it starts
	known       map[int]bool          // plumbing, as the tree has it
	births      map[*event.Event]bool // of plumbing; true: with all that it starts
}

// newKin takes the shell from the first command line in the log. Without one
// (a script under the tracer) everything is kin.
func newKin(events []event.Event) *kin {
	k := &kin{pids: make(map[int]bool), hidden: make(map[int]bool), known: make(map[int]bool), births: make(map[*event.Event]bool)}
	k.foresee(events)
	for i := range events {
		if e := &events[i]; e.Kind == event.LineBegin && e.Pid != 0 {
			k.shell, k.pgid = e.Pid, e.Pgid
			break
		}
	}
	return k
}

// takes says whether an event is about the shell's own. Events must come in
// their order.
func (k *kin) takes(e *event.Event) bool {
	own := k.own(e) // of plumbing too: its children may be the learner's
	return !k.plumbing(e) && own
}

func (k *kin) own(e *event.Event) bool {
	switch e.Kind {
	case event.LineBegin:
		if e.Pid != 0 {
			k.shell, k.pgid = e.Pid, e.Pgid
		}
		return true
	case event.Spawn:
		if e.Errno == 0 && e.Pid > 0 {
			k.pids[e.Pid] = true
		}
		return true
	}
	if k.shell == 0 || e.Source != event.Proc && e.Source != event.Connector {
		if e.Kind == event.Seen {
			k.pids[e.Pid] = true
		}
		return true
	}
	switch e.Kind {
	case event.Gap:
		return true
	case event.Fg:
		return k.pids[e.Pgid] || e.Pgid == k.pgid || e.Pgid == k.shell
	case event.Seen:
		// A daemon's parents may all have ended before it was seen: then its
		// session or group tells, which somebody of ours founded.
		own := fromShell(e) || e.Pid == k.shell || e.PPid == k.shell || k.pids[e.PPid] ||
			e.Pgid != k.pgid && k.pids[e.Pgid] || e.Sid != k.shell && k.pids[e.Sid]
		if own && e.Pid != k.shell {
			k.pids[e.Pid] = true
		} else if !own {
			delete(k.pids, e.Pid) // the number is somebody else's by now
		}
		return own
	}
	return e.Pid == k.shell || k.pids[e.Pid]
}

// fromShell says that a file of /proc shows of a process that was found that it came from the
// shell, though nobody saw its parents.
func fromShell(e *event.Event) bool {
	return e.Kind == event.Seen && e.Source == event.Proc && e.Path != ""
}

// plumbing says that an event tells of a process that serves the shell. Those who
// are nobody's to list have names of their own (package proc).
func (k *kin) plumbing(e *event.Event) bool {
	switch {
	case k.all:
		return false
	case k.known[e.Pid]:
		return true
	case e.Pid == 0, !outsider(*e) && e.Source != event.Puppet:
		return false
	}
	family, doomed := k.births[e]
	switch {
	case e.Kind == event.Seen && (k.hidden[e.PPid] || doomed):
		k.hidden[e.Pid] = k.hidden[e.PPid] || family
	case e.Kind == event.Seen:
		delete(k.hidden, e.Pid) // the number was somebody else's before
	case e.Kind != event.Named:
	case e.Text == proc.StagingName:
		k.hidden[e.Pid] = true
	case proc.IsPlumbing(e.Text):
		k.hidden[e.Pid] = false
	}
	_, hidden := k.hidden[e.Pid]
	return hidden
}

// foresee finds the births of those who name themselves as plumbing later.
func (k *kin) foresee(events []event.Event) {
	born := make(map[int]*event.Event)
	for i := range events {
		e := &events[i]
		switch {
		case e.Kind == event.Seen:
			born[e.Pid] = e
		case e.Kind == event.Named && proc.IsPlumbing(e.Text):
			if birth := born[e.Pid]; birth != nil {
				k.births[birth] = e.Text == proc.StagingName
			}
		}
	}
}

// own is the story of the shell's own processes, each thing told once.
func own(events []event.Event) []event.Event {
	return merged(newKin(events).among(events))
}

// among is what is left of the events; the same slice if all is.
func (k *kin) among(events []event.Event) []event.Event {
	for i := range events {
		if k.takes(&events[i]) {
			continue
		}
		list := append(make([]event.Event, 0, len(events)), events[:i]...)
		for j := i + 1; j < len(events); j++ {
			if k.takes(&events[j]) {
				list = append(list, events[j])
			}
		}
		return list
	}
	return events
}
