package viz

import (
	"slices"
	"strconv"

	"jsh/event"
	"jsh/proc"
)

// Moment is what the live picture shows: the processes as they are, or were,
// and what led to that.
type Moment struct {
	Tree    *proc.Tree    // nil: nothing is known yet
	Events  []event.Event // of this episode, oldest first, up to this moment
	Context event.Context // what is missing in it, the tree supplies
	Line    string        // the command line of the episode

	Episode, Episodes int // 3 of 7; 0: none yet
	Step, Steps       int // the event within the episode, when looking back
	Past              bool
	Recorded          bool // in a recording, which is never live

	Marks map[int]string // pid → a mark that stands beside the process: "?", "✓", "1", "dies?"

	Inside map[int]string // pid → the number that it has in another pid namespace: drawn as 4711=5

	Source string // who watches, as proc.Watcher.Source says it
	Lost   uint64 // events that nobody saw

	Room int // columns to be left free in the last line, for words of whoever shows it
}

// Live draws a moment as exactly h lines, none wider than w: the session of
// the shell as a frame around its groups, sessions of their own below it,
// captions and the source at the foot. Where there is more than fits, it is
// folded: "+12 more" stands for the rest. The group that has the keyboard, the
// shell and what changed last are the last to go.
//
// A group keeps its place for as long as it is shown and the size is the same,
// newcomers are added behind it: letters are given in the order of birth.
func Live(m Moment, st Style, w, h int) []string {
	lines := make([]string, max(h, 0))
	if w <= 0 || h <= 0 {
		return lines
	}
	l := newLive(m, st, w, h)
	for i, r := range l.page() {
		if i < h {
			lines[i] = l.render(r.cutTo(w, l.lines.more))
		}
	}
	return lines
}

// live is a moment being drawn.
type live struct {
	*drawing
	m      Moment
	w, h   int
	own    *shown // the shell's session; nil if it is not there
	others []shown

	ownBoxes []liveBox // nil: not made yet

	pid, pgid int            // what changed last; 0 is nothing
	started   map[int]string // pid → program, of what the shell started
	young     map[int]bool   // who came with this episode
	halt      map[int]int    // pid → the signal that stopped it, as far as the events tell
}

func newLive(m Moment, st Style, w, h int) *live {
	st.Width = w
	l := &live{drawing: newDrawing(m.Tree, st), m: m, w: w, h: h}
	if m.Past && m.Steps == len(m.Events) && m.Step < m.Steps && m.Step >= 0 {
		l.m.Events = m.Events[:m.Step]
	}
	if l.m.Events = l.concerning(l.m.Events); !m.Past { // one step back is one event
		l.m.Events = merged(l.m.Events)
	}
	l.pid, l.pgid = lastChange(l.m.Events)
	for i := range l.m.Events {
		e := &l.m.Events[i]
		if e.Kind == event.Spawn && e.Errno == 0 || e.Kind == event.Seen {
			if l.young == nil {
				l.young = make(map[int]bool)
			}
			l.young[e.Pid] = true
		}
		switch {
		case e.Kind == event.Stopped:
			if l.halt == nil {
				l.halt = make(map[int]int)
			}
			l.halt[e.Pid] = e.Sig
		case e.Kind == event.Spawn && e.Errno == 0:
			if l.started == nil {
				l.started = make(map[int]string)
			}
			l.started[e.Pid] = e.Started()
		}
	}
	if m.Tree == nil {
		return l
	}
	l.complete()
	all := st.All
	if m.Tree.Shell == nil { // only what was started from it is of interest
		all = true
	}
	for _, s := range scope(m.Tree, all, func(*proc.Process) bool { return true }) {
		switch {
		case m.Tree.Shell != nil && m.Tree.Shell.Session == s.Session:
			l.own = &s
		case st.All || m.Tree.Concerns(s.Session):
			l.others = append(l.others, s)
		}
	}
	return l
}

// captioned is how many events are looked at for captions. More may have come
// while somebody was thinking at the prompt.
const captioned = 1000

// concerning leaves out what has nothing to do with the shell.
func (l *live) concerning(events []event.Event) []event.Event {
	k := newKin(events[max(0, len(events)-5*captioned):])
	k.all = l.style.All
	if l.tree != nil && l.tree.Shell != nil {
		k.shell, k.pgid = l.tree.Shell.Pid, l.tree.Shell.Pgid
		for p := range l.tree.All {
			switch {
			case p.Plumbing:
				k.known[p.Pid] = true
				if p.Staged() {
					k.hidden[p.Pid] = true
				}
			case p.Ours:
				k.pids[p.Pid] = true
			}
		}
	}
	events = k.among(events[max(0, len(events)-5*captioned):])
	return events[max(0, len(events)-captioned):]
}

// lastChange is the process and the group that the newest event tells of.
func lastChange(events []event.Event) (pid, pgid int) {
	for i := len(events) - 1; i >= 0; i-- {
		e := &events[i]
		if (e.Kind == event.Gone || e.Kind == event.Moved) && slices.ContainsFunc(events[:i], func(o event.Event) bool {
			return o.Pid == e.Pid && (o.Kind == event.Exited || o.Kind == event.Killed)
		}) {
			continue // it ended before; now somebody adopted or reaped it
		}
		switch e.Kind {
		case event.SetFg, event.Fg, event.JobNew, event.JobState, event.Key:
			if e.Pgid != 0 {
				return 0, e.Pgid
			}
		case event.Kill:
			return max(e.Pid, 0), max(e.Pgid, -min(e.Pid, 0))
		case event.Spawn, event.Exited, event.Killed, event.Stopped, event.Continued, event.Seen, event.Moved,
			event.Gone, event.SetPgid, event.Exec:
			if e.Errno == 0 && e.Pid != 0 {
				return e.Pid, e.Pgid
			}
		}
	}
	return 0, 0
}

// complete fills in what the moment's context lacks, from the tree.
func (l *live) complete() {
	t, c := l.tree, &l.m.Context
	if t.Shell != nil && c.ShellPid == 0 {
		c.ShellPid, c.ShellPgid = t.Shell.Pid, t.Shell.Pgid
	}
	if c.Group == nil {
		c.Group = func(pgid int) string {
			if g := l.group0(pgid); g != nil {
				return g.Letter
			}
			return ""
		}
	}
	asked := c.Name
	c.Name = func(pid int) string {
		if asked != nil {
			if name := asked(pid); name != "" {
				return name
			}
		}
		if p := t.Process(pid); p != nil {
			return p.Name
		}
		if name := l.started[pid]; name != "" {
			return name
		}
		for p := range t.All {
			if p.Pid == pid {
				return p.Name
			}
		}
		return ""
	}
}

// group0 finds a group of the picture by its number.
func (l *live) group0(pgid int) *proc.Group {
	if l.tree == nil || pgid == 0 {
		return nil
	}
	for _, s := range l.tree.Sessions {
		for _, g := range s.Groups {
			if g.Pgid == pgid && g.Letter != "" {
				return g
			}
		}
	}
	return nil
}

// page is the whole picture, of exactly h rows: what is of the shell's session
// at the top, the other sessions above the captions, the status at the foot.
func (l *live) page() []row {
	foot := l.status()
	if l.h < 4 {
		foot = nil
	}
	room := l.h - len(foot)
	told := l.tell(l.reserved())
	var top, bottom []row
	switch {
	case l.tree == nil, l.own == nil && len(l.others) == 0 && l.m.Episode == 0 && !l.m.Past:
		top = []row{{{"No picture yet: nothing was looked at so far.", faint}}}
	case l.own == nil && len(l.others) == 0:
		top = []row{{{"The shell has ended, and nothing that it started is left.", plain}}}
	default:
		top, bottom = l.body(room, l.need(told))
	}
	rows := min(l.reserved(), max(0, room-len(top)-len(bottom)))
	if rows < l.reserved() {
		told = l.tell(rows)
	}
	captions := l.captions(told, rows)
	out := make([]row, 0, l.h)
	out = append(out, top...)
	for range room - len(top) - len(bottom) - max(len(captions), min(l.reserved(), room-len(top)-len(bottom))) {
		out = append(out, nil)
	}
	out = append(out, bottom...)
	out = append(out, captions...)
	for len(out) < room {
		out = append(out, nil)
	}
	return append(out[:room], foot...)
}

// reserved is how many rows at the foot are the captions', used or not: in a
// low band few, and in a narrow pane as many as three of 76 columns fill.
func (l *live) reserved() int {
	switch {
	case l.h < 3:
		return 0
	case l.h < 8:
		return 1
	case l.h < 11:
		return 2
	case l.h >= 40:
		return 6
	case l.w < 76 && l.h >= 24:
		return min(6, 3*76/l.w+1)
	}
	return 3
}

// keysGo says where keys go that are typed now, the longest form first.
func (l *live) keysGo() []string {
	s := l.own
	if s == nil || s.TTY == 0 || s.Foreground == 0 {
		return nil
	}
	to := ""
	for _, g := range s.groups {
		if g.Foreground {
			to = g.Letter
		}
	}
	switch {
	case to != "":
	case s.hidden:
		to = "jsh's own helpers"
	default:
		return []string{"keys you type go to group " + strconv.Itoa(s.Foreground) + ": nobody is left in it", "keys go to nobody"}
	}
	return []string{"keys you type go to: " + to, "keys go to: " + to, "keys: " + to}
}
