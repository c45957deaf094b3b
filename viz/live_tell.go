package viz

import (
	"iter"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// tell chooses n captions, oldest first: the way of the newest key, then the
// newest of what tells most. Looking back, the newest n are told, whatever they
// are: one step is one event.
func (l *live) tell(n int) []caption {
	events := l.m.Events
	ways := KeyWays(events)
	way := len(ways) - 1
	told := newAlready(events)
	sent := slices.ContainsFunc(events, func(e event.Event) bool { return e.Kind == event.Kill && unix.Signal(e.Sig) == unix.SIGCONT })
	var list []candidate // newest first
	for i := len(events) - 1; i >= 0 && (len(list) < considered || way >= 0); i-- {
		e := &events[i]
		switch {
		case e.Kind == event.Key && way >= 0 && keySignal(e.Text) != 0:
			list = append(list, candidate{e, &ways[way], 0})
			way = -1 // of earlier ones nothing is told
		case len(list) >= considered: // there is room for the key alone
		case i == len(events)-1 && l.m.Past:
			list = append(list, candidate{e, nil, 0})
		case !told.tellable(events, i) || ofKey(ways, e):
		case l.m.Past:
			list = append(list, candidate{e, nil, 1})
		default:
			list = append(list, candidate{e, nil, tells(e, sent)})
		}
	}
	chosen := make([]caption, 0, n)
	for i, k := range foremostCandidates(list, n) {
		if k {
			chosen = append(chosen, list[i].caption(l))
		}
	}
	slices.Reverse(chosen)
	return chosen
}

// considered is how many of the newest captions one may choose from.
const considered = 60

// candidate is an event, or a key's way, that a caption may tell; rank says how
// much it tells, 0 most.
type candidate struct {
	e    *event.Event
	way  *KeyWay
	rank int
}

func (c *candidate) caption(l *live) caption {
	if c.way != nil {
		return caption{words: c.way.Words(l.m.Context.Group, l.m.Context.Name), call: keyCall(c.way), key: true}
	}
	return l.caption(c.e)
}

// tells is the rank of an event: what the shell did, and who left its session,
// come before what a watcher found in the meantime. sent says that SIGCONT was
// sent: that a process runs again then follows from it.
func tells(e *event.Event, sent bool) int {
	switch {
	case e.Kind == event.Continued && sent:
		return 3
	case e.Kind == event.Moved && strings.Contains(e.Text, "session"):
		return 1
	case !outsider(*e) || e.Kind == event.Gap:
		return 2
	case e.Kind == event.Gone:
		return 4
	}
	return 3
}

// foremostCandidates picks n by rank, of equals those that come first.
func foremostCandidates(list []candidate, n int) []bool {
	picked := make([]bool, len(list))
	for rank := 0; rank <= 4; rank++ {
		for i := range list {
			if list[i].rank == rank && n > 0 {
				picked[i] = true
				n--
			}
		}
	}
	return picked
}

// already is what several sources tell of; the shell tells it best.
type already struct {
	started map[int]string // pid → program, by the shell
	seen    map[int]int    // pid → index of the event by which it came
	ended   map[int]bool   // the shell's wait told how
	group   map[int]int    // into which the shell put it
}

func newAlready(events []event.Event) *already {
	a := &already{make(map[int]string), make(map[int]int), make(map[int]bool), make(map[int]int)}
	for i := range events {
		switch e := &events[i]; {
		case e.Kind == event.Spawn && e.Errno == 0:
			a.started[e.Pid] = e.Path[strings.LastIndexByte(e.Path, '/')+1:]
			a.group[e.Pid] = e.Pgid
		case e.Kind == event.Seen:
			if _, ok := a.seen[e.Pid]; !ok {
				a.seen[e.Pid] = i
			}
		case (e.Kind == event.Exited || e.Kind == event.Killed) && e.Source == event.Shell:
			a.ended[e.Pid] = true
		}
	}
	return a
}

// tellable leaves out what a picture shows better, and what is told twice.
func (a *already) tellable(events []event.Event, i int) bool {
	e := &events[i]
	switch e.Kind {
	case event.SaveModes, event.SetModes:
		return e.Errno != 0
	case event.LineBegin, event.LineEnd, event.JobNew, event.JobState, event.JobGone, event.Meets, event.Told, event.Fact:
		return false
	case event.Named:
		return false // as a rule execve does it, which is told
	case event.Signal:
		return unix.Signal(e.Sig) != unix.SIGCHLD // the wait that follows tells more
	case event.Gone:
		return !a.ended[e.Pid]
	case event.Exited, event.Killed:
		return e.Source == event.Shell || !a.ended[e.Pid]
	case event.Exec:
		return e.Source == event.Shell || a.started[e.Pid] != e.Text && e.Text != ""
	case event.Seen:
		_, started := a.started[e.Pid]
		return !started && a.seen[e.Pid] == i
	case event.Moved:
		return e.Text != "group" || a.group[e.Pid] != e.Pgid
	case event.Fg:
		// The shell's own word may come before the snapshot's or after it.
		return handedTo(slices.Backward(events[:i])) != e.Pgid && handedTo(slices.All(events[i+1:])) != e.Pgid
	}
	return true
}

// handedTo is the group that the first hand-over of the keyboard goes to.
func handedTo(events iter.Seq2[int, event.Event]) int {
	for _, e := range events {
		if e.Kind == event.SetFg || e.Kind == event.Fg || e.Kind == event.Spawn && e.Fg {
			return e.Pgid
		}
	}
	return 0
}

// ofKey says that a key's way tells of this event.
func ofKey(ways []KeyWay, e *event.Event) bool {
	switch e.Kind {
	case event.Killed, event.Stopped, event.Exited, event.Gone:
	default:
		return false
	}
	for i := range ways {
		if w := &ways[i]; e.At >= w.At && e.At-w.At <= keyReach && w.find(e.Pid) != nil {
			return true
		}
	}
	return false
}
