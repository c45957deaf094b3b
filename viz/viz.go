// Package viz draws processes in three ways: the tree of a moment, as text in
// nested boxes, as SVG and as JSON; the timeline of what the log tells, as
// text and as SVG; and the live picture, a moment with its captions in a given
// number of rows. A drawing is a pure function of tree or events and style.
// Only PSTree, the command, looks at /proc.
//
// Invariants: no line is wider than the style's width, and no text reaches out
// of a picture; each process that is in scope appears exactly once in a tree,
// and each fact about it once: the session's number on the outer frame, the
// group's and the job's on the box, the rest on the process's line; in a
// timeline it has one bar in each group that it was in; nothing is told by
// colour alone; no byte of a process's name reaches the terminal or the picture
// as a control character.
//
// A timeline is made in three steps: past folds the events into bars, bands and
// marks, with times alone; scale finds a place for each time; the two drawings
// share the words (telling).
package viz

import (
	"strconv"

	"jsh/event"
	"jsh/proc"
)

// Style says how to draw.
type Style struct {
	Width  int  // columns; 0: about 80, and wider rather than cut a name
	ASCII  bool // + - | instead of box-drawing characters
	Colour bool // SGR sequences; NO_COLOR is the caller's to obey
	All    bool // every session, and the shell's plumbing
	Bright bool // with Colour: nothing dim, for a projector

	self int // process group of a ps-tree that is a process of its own
}

// Tree draws t, one string a line without newline. In scope are the session
// of the tree's shell and every session that holds something started from it;
// with All, or in a tree without a shell, all sessions.
func Tree(t *proc.Tree, style Style) []string {
	return draw(t, style, func(*proc.Process) bool { return true })
}

// draw draws the processes of the scope for which keep is true.
func draw(t *proc.Tree, style Style, keep func(*proc.Process) bool) []string {
	d := newDrawing(t, style)
	var lines []string
	for _, r := range d.sessions(scope(t, style.All, keep)) {
		lines = append(lines, d.render(r))
	}
	return lines
}

func (d *drawing) sessions(list []shown) []row {
	frames := make([]frame, len(list))
	for i, s := range list {
		frames[i] = d.session(s)
	}
	return d.stack(frames)
}

// lined is rows as lines.
func (d *drawing) lined(rows []row) []byte {
	n := 0
	for _, r := range rows {
		for _, s := range r {
			n += len(s.text)
		}
		n += 2
	}
	b := make([]byte, 0, n+n/8)
	for _, r := range rows {
		b = append(d.appendRow(b, r), '\n')
	}
	return b
}

// shown is a session as it is to be drawn: what is out of scope is left out.
type shown struct {
	*proc.Session
	groups   []shownGroup
	keyboard bool // the foreground group is among groups
	hidden   bool // the foreground group is there, but only plumbing is in it
}

type shownGroup struct {
	*proc.Group
	members []*proc.Process
}

func scope(t *proc.Tree, all bool, keep func(*proc.Process) bool) []shown {
	var list []shown
	for _, s := range t.Sessions {
		if !all && t.Shell != nil && !concerns(t, s) {
			continue
		}
		view := shown{Session: s}
		for _, g := range s.Groups {
			sg := shownGroup{Group: g}
			for _, p := range g.Members {
				if (all || !p.Plumbing) && keep(p) {
					sg.members = append(sg.members, p)
				}
			}
			if len(sg.members) > 0 {
				view.groups = append(view.groups, sg)
				view.keyboard = view.keyboard || g.Foreground
			} else {
				view.hidden = view.hidden || g.Foreground
			}
		}
		if len(view.groups) > 0 {
			list = append(list, view)
		}
	}
	return list
}

func concerns(t *proc.Tree, s *proc.Session) bool {
	if t.Shell.Session == s {
		return true
	}
	for _, g := range s.Groups {
		for _, p := range g.Members {
			if p.Ours && !p.Plumbing {
				return true
			}
		}
	}
	return false
}

// session draws a session's frame around its groups' boxes.
func (d *drawing) session(s shown) frame {
	f := frame{title: d.title(s)}
	yours := d.tree.Shell != nil && d.tree.Shell.Session == s.Session
	if !yours {
		f.ink = faint
	}
	switch {
	case s.Leader == nil && s.Sid != 0:
		f.foot = "its leader, " + strconv.Itoa(s.Sid) + ", has ended"
	case s.Foreground != 0 && s.hidden && s.Foreground == d.style.self:
		f.foot = "the keyboard is with this ps-tree as long as it runs"
	case s.Foreground != 0 && s.hidden:
		f.foot = "the keyboard is with group " + strconv.Itoa(s.Foreground) + ", hidden: -a shows it"
	case s.Foreground != 0 && !s.keyboard:
		f.foot = "the keyboard is with group " + strconv.Itoa(s.Foreground) + ", which has no process"
	}
	for _, g := range s.groups {
		f.boxes = append(f.boxes, d.group(g))
	}
	return f
}

func (d *drawing) title(s shown) string {
	sid := "session " + strconv.Itoa(s.Sid)
	yours := d.tree.Shell != nil && d.tree.Shell.Session == s.Session
	switch {
	case s.Sid == 0:
		return "session 0 = led from outside, or of the kernel"
	case s.TTY != 0 && yours:
		return "YOUR TERMINAL " + event.TTYName(s.TTY) + " = " + sid
	case s.TTY != 0:
		return "terminal " + event.TTYName(s.TTY) + " = " + sid
	case yours:
		return "YOUR SHELL: " + sid + ", no terminal"
	}
	return sid + ", no terminal"
}

// group draws a group's box: number and job above, its members within, what is
// unusual about it below.
func (d *drawing) group(g shownGroup) box {
	b := box{title: "group " + strconv.Itoa(g.Pgid)}
	if g.Pgid == 0 {
		b.title = "no group here"
	}
	if g.Job != 0 {
		b.badges = append(b.badges, "%"+strconv.Itoa(g.Job))
	}
	if g.Foreground {
		b.badges = append(b.badges, "KEYBOARD")
		b.keyboard = true
	}
	b.foot = groupFoot(g)
	d.members(&b, g)
	return b
}

// groupFoot says what is unusual about a group.
func groupFoot(g shownGroup) string {
	// The group of a session's leader is always orphaned: its parent is in
	// another session. Said of every shell it would only puzzle.
	orphaned := g.Orphaned && g.Pgid != g.members[0].Sid
	leaderGone := g.LeaderGone && g.Pgid != 0 && living(g.Members)
	switch {
	case orphaned && leaderGone:
		return "orphaned; its leader has ended"
	case orphaned:
		return "orphaned"
	case leaderGone:
		return "its leader has ended"
	}
	return ""
}

func living(members []*proc.Process) bool {
	for _, p := range members {
		if !p.Gone {
			return true
		}
	}
	return false
}
