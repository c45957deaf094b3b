package viz

import (
	"strconv"
	"strings"

	"jsh/event"
	"jsh/proc"
	"jsh/typeset"
)

// liveBox is a group with the lines of its members.
type liveBox struct {
	group   shownGroup
	members []member
	more    int // members that are left out already
	ended   int // of these
	pid     int // columns
	name    int
	marks   int // columns of the widest mark, 0 where none is
}

// member is a process's line: each of says tells its state, the longest first.
type member struct {
	at      int // its place in the box
	p       *proc.Process
	pid     string
	name    string // behind the sign of a child
	bare    string // alone
	says    []string
	note    string // may not be left out
	more    string // stands where there is room
	mark    string // may not be left out
	ink     ink
	row     ink
	changed bool
}

func (l *live) boxes(s shown) []liveBox {
	list := make([]liveBox, len(s.groups))
	for i, g := range s.groups {
		list[i] = l.box(g, l.h)
	}
	return list
}

// box lists the group's members, children below their parents: at most limit of
// them, the others are counted.
func (l *live) box(g shownGroup, limit int) liveBox {
	b := liveBox{group: g}
	members := g.members
	if len(members) > limit {
		members = l.foremostOf(members, limit)
		b.more = len(g.members) - len(members)
		b.ended = countGone(g.members) - countGone(members)
	}
	b.members = make([]member, 0, len(members))
	var tree descent
	tree.of(members)
	tree.walk(func(p *proc.Process, last []bool) {
		m := l.member(p, len(last), len(g.members))
		m.at = len(b.members)
		b.members = append(b.members, m)
	})
	for i := range b.members {
		b.pid = max(b.pid, len(b.members[i].pid))
		b.name = max(b.name, typeset.Width(b.members[i].name))
		b.marks = max(b.marks, typeset.Width(b.members[i].mark))
	}
	return b
}

// foremostOf picks n processes by their weight, in their order.
func (l *live) foremostOf(all []*proc.Process, n int) []*proc.Process {
	picked := make([]*proc.Process, 0, n)
	var count [4]int
	for _, p := range all {
		count[l.memberWeight(p)]++
	}
	var room [4]int
	for w, left := 0, n; w < len(room); w++ {
		room[w] = min(left, count[w])
		left -= room[w]
	}
	for _, p := range all {
		if w := l.memberWeight(p); room[w] > 0 {
			room[w]--
			picked = append(picked, p)
		}
	}
	return picked
}

// memberWeight says who of a group is the last to go: 0 first of all.
func (l *live) memberWeight(p *proc.Process) int {
	switch {
	case p == l.tree.Shell:
		return 0
	case l.changed(p), l.m.Marks[p.Pid] != "":
		return 1
	case !p.Gone && !p.Exited():
		return 2
	}
	return 3
}

func countGone(list []*proc.Process) (n int) {
	for _, p := range list {
		if p.Gone {
			n++
		}
	}
	return n
}

func (l *live) changed(p *proc.Process) bool { return l.pid != 0 && p.Pid == l.pid }

func (l *live) member(p *proc.Process, depth, of int) member {
	m := member{p: p, pid: strconv.Itoa(p.Pid), name: l.visible(p.Name), mark: l.mark(p.Pid), changed: l.changed(p)}
	if m.name == "" {
		m.name = "(no name)"
	}
	if n := l.m.Inside[p.Pid]; n != "" {
		m.pid += "=" + n
	}
	m.bare = m.name
	if depth > 0 {
		m.name = strings.Repeat(" ", min(depth, maxDepth)-1) + l.lines.child + m.name
	}
	m.says, m.ink = l.says(p)
	if p.Gone {
		m.row = faint
		return m
	}
	switch {
	case p.Adopted && p.Parent != nil:
		m.note = "adopted by " + l.person(p.Parent)
	case p == l.tree.Shell:
		m.more = "this shell"
	case p.LeadsSession():
		m.more = "session leader"
	case p.LeadsGroup() && of > 1:
		m.more = "group leader"
	}
	return m
}

// says tells a process's state in words, the longest form first.
func (l *live) says(p *proc.Process) ([]string, ink) {
	word, more, c := state(p)
	sign := "✗ "
	if l.style.ASCII {
		sign = "x "
	}
	switch {
	case p.Gone && p.Told && p.Sig != 0:
		return []string{"killed by " + event.SigName(p.Sig), sign + event.SigName(p.Sig), sign[:len(sign)-1] + event.SigName(p.Sig)}, c
	case p.Gone && p.Told:
		return []string{"ended, status " + strconv.Itoa(p.Status), "exit " + strconv.Itoa(p.Status)}, c
	case p.Gone:
		return []string{"ended, nobody saw how", "ended"}, c
	case p.State == 'T':
		if sig := l.halt[p.Pid]; sig != 0 {
			return []string{"stopped by " + event.SigName(sig), "stopped"}, c
		}
	case p.State == 'S' && tellsMore(p.Waits):
		waits := event.Visible(p.Waits)
		short := strings.ReplaceAll(strings.ReplaceAll(waits, " the ", " "), " a ", " ")
		return []string{waits, short, word}, c
	}
	if more != "" {
		return []string{word + ", " + more, word}, c
	}
	return []string{word}, c
}
