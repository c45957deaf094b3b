package viz

import (
	"slices"
	"strconv"
	"strings"

	"jsh/proc"
	"jsh/typeset"
)

// height is how many lines the box's contents need in width columns.
func (b *liveBox) height(width int) int {
	width = b.beside(width)
	n := len(b.members) + b.more
	name, gap := b.columns(width)
	for i := range b.members {
		if b.members[i].below(b.pid+1+name+gap, width) {
			n++
		}
	}
	return n
}

// need is how many columns the contents fill in so many lines if nothing is shortened.
func (b *liveBox) need(lines int) int {
	n := 0
	if lines == 1 && len(b.members) > 1 {
		for i := range b.members {
			n += 2 + len(b.members[i].pid) + 1 + typeset.Width(b.members[i].bare)
		}
		n += b.pid + 1 + b.name + 2 + len("waiting  +12: ")
	}
	for i := range b.members {
		m := &b.members[i]
		w := b.pid + 1 + b.name + 2 + typeset.Width(m.says[0])
		if m.note != "" {
			w = max(b.pid+1+b.name+2+typeset.Width(m.says[len(m.says)-1]), b.pid+1+typeset.Width(m.note))
		}
		n = max(n, w)
	}
	if b.marks > 0 {
		n += b.marks - 1
	}
	return n
}

// columns are those of the names and of the gap behind them, in a box of width
// columns: names are cut before the shortest word for a state is.
func (b *liveBox) columns(width int) (name, gap int) {
	least := 0
	for i := range b.members {
		m := &b.members[i]
		least = max(least, typeset.Width(m.says[len(m.says)-1]))
	}
	gap = 2
	if b.pid+1+b.name+2+least > width {
		gap = 1
	}
	return max(1, min(b.name, max(4, width-b.pid-1-gap-least))), gap
}

// below says that the note stands in a line of its own.
func (m *member) below(before, width int) bool {
	return m.note != "" && before+typeset.Width(m.says[0])+2+typeset.Width(m.note) > width
}

// tail counts in one line those that are not shown, and names them where the line is wide
// enough.
func (b *liveBox) tail(shown []member, width int) string {
	count := "  +" + strconv.Itoa(len(b.members)+b.more-len(shown))
	if b.more > 0 {
		return count
	}
	numbers := ""
	for i := range b.members {
		if m := &b.members[i]; m.at != shown[0].at {
			numbers += ", " + m.pid + " " + m.bare
		}
	}
	least := b.pid + 1 + b.name + 2 + typeset.Width(shown[0].says[len(shown[0].says)-1])
	for _, list := range [...]string{strings.TrimPrefix(numbers, ", "), b.others(shown)} {
		if text := count + ": " + list; least+typeset.Width(text) <= width {
			return text
		}
	}
	return count
}

// others names the members that are not shown.
func (b *liveBox) others(shown []member) string {
	s := ""
	for i := range b.members {
		if m := &b.members[i]; !slices.ContainsFunc(shown, func(o member) bool { return o.at == m.at }) {
			s += ", " + m.bare
		}
	}
	return strings.TrimPrefix(s, ", ")
}

// contents0 draws the contents in exactly height rows of width columns, each
// with its mark. What is too much is left out: notes below first, then members
// by their weight.
func (l *live) contents0(b *liveBox, width, height int) ([]row, []string) {
	notes := b.height(width) <= height
	width = b.beside(width)
	full := width
	shown := b.members
	left, tail := 0, ""
	if len(shown)+b.more > height {
		shown = l.foremostMembers(b.members, max(1, height-1))
		left = len(b.members) + b.more - len(shown)
		if height == 1 {
			tail = b.tail(shown, width)
			width = max(0, width-typeset.Width(tail))
		}
	}
	name, gap := b.columns(width)
	before := b.pid + 1 + name + gap
	var out []row
	marks := make([]string, height)
	for i := range shown {
		m := &shown[i]
		if len(out) < height {
			marks[len(out)] = m.mark
		}
		c := m.row
		if m.changed && c == plain {
			c = lately
		}
		r := row{{strings.Repeat(" ", b.pid-len(m.pid)) + m.pid + " ", c}}
		r = append(r, row{{m.name, c}}.fit(name, l.lines.more)...)
		says := m.says[len(m.says)-1]
		for _, s := range m.says {
			if before+typeset.Width(s) <= width {
				says = s
				break
			}
		}
		r = append(r, span{"  "[:gap], plain}, span{says, m.ink})
		at := before + typeset.Width(says)
		for _, note := range [...]string{m.note, m.more} {
			if note != "" && at+2+typeset.Width(note) <= width {
				r = append(r, span{"  " + note, faint})
				at += 2 + typeset.Width(note)
			}
		}
		r = r.fit(width, l.lines.more)
		if tail != "" {
			r = append(r, span{tail, faint}).fit(full, l.lines.more)
		}
		out = append(out, r)
		if notes && m.below(before, width) {
			note := m.note
			if b.pid+1+typeset.Width(note) > width && m.p.Parent != nil {
				note = "adopted by " + strconv.Itoa(m.p.Parent.Pid)
			}
			out = append(out, row{{blanks(b.pid+1) + note, plain}}.fit(width, l.lines.more))
		}
	}
	if left > 0 && height > 1 {
		text := b.moreThan(shown)
		if named := text + ": " + b.others(shown); b.more == 0 && b.pid+1+typeset.Width(named) <= width {
			text = named
		}
		out = append(out, row{{blanks(b.pid+1) + text, faint}}.fit(width, l.lines.more))
	}
	for len(out) < height {
		out = append(out, row{{strings.Repeat(" ", width), plain}})
	}
	return out[:height], marks
}

// moreThan says how many members are not shown, and how many of them have
// ended.
func (b *liveBox) moreThan(shown []member) string {
	more, ended := b.more+len(b.members)-len(shown), b.ended
	for i := range b.members {
		if b.members[i].p.Gone {
			ended++
		}
	}
	for i := range shown {
		if shown[i].p.Gone {
			ended--
		}
	}
	s := "+" + strconv.Itoa(more) + " more"
	switch {
	case ended == more:
		s += ", ended"
	case ended > 0:
		s += ", " + strconv.Itoa(ended) + " ended"
	}
	return s
}

// foremostMembers picks n members by their weight, in their order.
func (l *live) foremostMembers(all []member, n int) []member {
	if n >= len(all) {
		return all
	}
	picked := make([]member, 0, n)
	for w := 0; w < 4 && len(picked) < n; w++ {
		for i := range all {
			if len(picked) < n && l.memberWeight(all[i].p) == w {
				picked = append(picked, all[i])
			}
		}
	}
	slices.SortFunc(picked, func(a, b member) int { return a.at - b.at })
	return picked
}

// drawBox draws a box of width columns around contents rows: its letter,
// number and job above, who has the keyboard and what is unusual below.
func (l *live) drawBox(b *liveBox, width, contents int) []row {
	g := &b.group
	e, c := l.lines.box, plain
	if g.Foreground {
		e, c = l.lines.keyboard, keyboard
	}
	if !living(g.members) {
		c = faint
	}
	title := l.boxTitle(g)
	var badges []string
	if g.Job != 0 {
		badges = append(badges, "%"+strconv.Itoa(g.Job))
	}
	foot := ""
	if g.Orphaned && g.Pgid != g.members[0].Sid {
		foot = "orphaned"
	}
	sessionSays := g.Pgid == g.members[0].Sid // on the frame: the leader of both is one process
	if g.LeaderGone && g.Pgid != 0 && living(g.Members) && !shows(g.members, g.Pgid) && !sessionSays {
		foot = strings.TrimPrefix(foot+"; its leader has ended", "; ")
	}
	keysAbove := false
	if g.Foreground {
		// Not by this box's own width: then it would jump when the words in it change.
		keysAbove = typeset.Width(title)+len(" KEYBOARD -")+2*len(" %12 -") <= min(width, l.grid().cells[0])-6
		if keysAbove {
			badges = append(badges, "KEYBOARD")
		}
	}
	out := make([]row, 0, contents+2)
	out = append(out, l.top(e, title, badges, width, c))
	rows, marks := l.contents0(b, width-sides, contents)
	for i, r := range rows {
		r = append(row{{e[5] + " ", c}}, r...)
		if mark := marks[i]; mark != "" {
			out = append(out, append(r.fit(width-typeset.Width(mark), l.lines.more), span{mark, marked}))
			continue
		}
		out = append(out, append(r.fit(width-sides/2, l.lines.more), span{" " + e[5], c}))
	}
	if g.Foreground && !keysAbove {
		return append(out, l.bottomRight(e, foot, "KEYBOARD", width, c))
	}
	return append(out, l.bottom(e, foot, width, c))
}

// shows says that a process, ended or not, is among the members.
func shows(members []*proc.Process, pid int) bool {
	return slices.ContainsFunc(members, func(p *proc.Process) bool { return p.Pid == pid })
}

func (l *live) boxTitle(g *shownGroup) string {
	title := "group " + strconv.Itoa(g.Pgid)
	if g.Pgid == 0 {
		title = "no group here"
	}
	if g.Letter != "" {
		title = g.Letter + " " + title
	}
	return title
}

// bottomRight is a lower border with text at its left and a badge at its right.
func (l *live) bottomRight(e edge, foot, badge string, width int, c ink) row {
	r := l.top(edge{e[2], e[3], e[2], e[3], e[4], e[5]}, foot, []string{badge}, width, c)
	if foot == "" {
		right := " " + badge + " " + e[4] + e[3]
		r = row{{e[2] + strings.Repeat(e[4], max(0, width-1-typeset.Width(right))) + right, c}}
	}
	return r.fit(width, l.lines.more)
}
