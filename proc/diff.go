package proc

import (
	"strings"

	"jsh/event"
)

// Diff tells what changed from one snapshot to the next, as events of the
// Proc source at the time of cur: Gone, Seen, Moved (Text names what changed:
// "parent", "group", "session", "terminal") and Fg. prev may be nil. A process
// whose pid came to be another's is Gone, then Seen.
func Diff(prev, cur *Snapshot) []event.Event {
	var old []Proc
	if prev != nil {
		old = prev.Procs
	}
	var events []event.Event
	tell := func(kind event.Kind, p *Proc, text string) {
		e := p.Seen(cur.At)
		e.Kind, e.Text = kind, text
		events = append(events, e)
	}
	gone := func(p *Proc) {
		events = append(events, event.Event{At: cur.At, Kind: event.Gone, Source: event.Proc, Pid: p.Pid})
	}
	i := 0
	for j := range cur.Procs {
		p := &cur.Procs[j]
		for ; i < len(old) && old[i].Pid < p.Pid; i++ {
			gone(&old[i])
		}
		if i == len(old) || old[i].Pid != p.Pid {
			tell(event.Seen, p, p.Name)
			continue
		}
		was := &old[i]
		i++
		if was.ID() != p.ID() {
			gone(was)
			tell(event.Seen, p, p.Name)
			continue
		}
		if text := changed(was, p); text != "" {
			tell(event.Moved, p, text)
		}
	}
	for ; i < len(old); i++ {
		gone(&old[i])
	}
	before := foregrounds(old)
	for _, fg := range foregrounds(cur.Procs) {
		if !contains(before, fg) {
			events = append(events, event.Event{
				At: cur.At, Kind: event.Fg, Source: event.Proc, TTY: fg.tty, Pgid: fg.pgid,
			})
		}
	}
	return events
}

func changed(was, now *Proc) string {
	var what []string
	for _, c := range [...]struct {
		differs bool
		name    string
	}{
		{was.PPid != now.PPid, "parent"},
		{was.Pgid != now.Pgid, "group"},
		{was.Sid != now.Sid, "session"},
		{was.TTY != now.TTY, "terminal"},
	} {
		if c.differs {
			what = append(what, c.name)
		}
	}
	return strings.Join(what, " ")
}

type foreground struct{ tty, pgid int }

// foregrounds lists each terminal with its foreground group, as the process
// that was read last says.
func foregrounds(procs []Proc) []foreground {
	var list []foreground
next:
	for i := range procs {
		p := &procs[i]
		if p.TTY == 0 || p.Tpgid <= 0 {
			continue
		}
		for k := range list {
			if list[k].tty == p.TTY {
				list[k].pgid = p.Tpgid
				continue next
			}
		}
		list = append(list, foreground{p.TTY, p.Tpgid})
	}
	return list
}

func contains(list []foreground, fg foreground) bool {
	for _, f := range list {
		if f == fg {
			return true
		}
	}
	return false
}
