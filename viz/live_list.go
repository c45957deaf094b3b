package viz

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"jsh/event"
	"jsh/proc"
	"jsh/typeset"
)

// rule is a line across the picture with text at its left and badges at its
// right; in it, what does not fit is left out.
func (l *live) rule(text string, badges []string, c ink) row {
	e := l.lines.frame
	right := ""
	for _, b := range badges {
		right += " " + b + " " + e[4]
	}
	left := e[4] + e[4]
	if room := l.w - 2 - typeset.Width(right); text != "" && room > 4 {
		left += typeset.Cut(" "+text+" ", room, l.lines.more)
	}
	fill := max(0, l.w-typeset.Width(left)-typeset.Width(right))
	return row{{left + strings.Repeat(e[4], fill) + right, c}}.cutTo(l.w, l.lines.more)
}

// ownTitle is what the shell's session is called, and where keys go, in the
// longest form that fits.
func (l *live) ownTitle() (title string, badges []string) {
	title = l.title(*l.own)
	for _, keys := range l.keysGo() {
		if typeset.Width(title)+typeset.Width(keys)+10 <= l.w {
			return title, []string{keys}
		}
	}
	return title, nil
}

func (l *live) ownFoot() string {
	if l.own.Leader == nil && l.own.Sid != 0 {
		return "its leader, " + strconv.Itoa(l.own.Sid) + ", has ended"
	}
	return ""
}

func (l *live) otherTitle(s shown) string {
	switch {
	case s.Sid == 0:
		return "session 0 = led from outside, or of the kernel"
	case s.TTY != 0:
		return "session " + strconv.Itoa(s.Sid) + ", terminal " + event.TTYName(s.TTY)
	}
	return "session " + strconv.Itoa(s.Sid) + ", no terminal"
}

func (l *live) otherFoot(s shown) string {
	if s.Leader != nil || s.Sid == 0 {
		return ""
	}
	for _, g := range s.groups {
		if shows(g.members, s.Sid) {
			return ""
		}
	}
	return "its leader has ended"
}

// ledger has a line for each session, n lines at most. The newest stands on
// top: those below need not move for it.
func (l *live) ledger(sessions []shown, n int) []row {
	if len(sessions) == 0 || n <= 0 {
		return nil
	}
	var out []row
	picked := sessions
	if len(sessions) > n {
		order := make([]int, len(sessions))
		for i := range order {
			order[i] = i
		}
		weight := func(i int) int {
			w := 9
			for k := range sessions[i].groups {
				w = min(w, l.weight(&sessions[i].groups[k]))
			}
			return w
		}
		// Of equals the newest.
		slices.SortFunc(order, func(a, b int) int { return cmp.Or(weight(a)-weight(b), b-a) })
		order = order[:max(n-1, 1)]
		slices.Sort(order)
		picked = nil
		for _, i := range order {
			picked = append(picked, sessions[i])
		}
	}
	for _, s := range slices.Backward(picked) {
		title, groups := l.otherTitle(s), s.groups
		if word := leaderIs(s); word != "" {
			title += ", leader " + word
			if l.m.Marks[s.Sid] == "" {
				groups = besides(groups, s.Sid)
			}
		}
		r := row{{title + ":", plain}}
		out = append(out, l.entries(r, groups))
	}
	switch left := len(sessions) - len(picked); {
	case left > 0 && n > 1:
		out = append([]row{l.unlisted(sessions, picked)}, out...)
	case left > 0:
		text := "  +" + counted(left, "more session")
		out[0] = append(out[0].cutTo(l.w-typeset.Width(text), l.lines.more), span{text, faint})
	}
	return out
}

// leaderIs says what has become of a session's leader, "" if it lives.
func leaderIs(s shown) string {
	switch {
	case s.Sid == 0:
	case s.Leader == nil:
		return "ended"
	case s.Leader.Exited():
		return "a zombie"
	}
	return ""
}

// besides is the groups without the process pid, where others are left.
func besides(groups []shownGroup, pid int) []shownGroup {
	var out []shownGroup
	for _, g := range groups {
		members := slices.DeleteFunc(slices.Clone(g.members), func(p *proc.Process) bool { return p.Pid == pid })
		if len(members) > 0 {
			out = append(out, shownGroup{g.Group, members})
		}
	}
	if len(out) == 0 {
		return groups
	}
	return out
}

// unlisted counts the sessions that have no line, and names of each who lives in
// it, as far as there is room.
func (l *live) unlisted(sessions, picked []shown) row {
	text := "+" + counted(len(sessions)-len(picked), "more session")
	join := ": "
	for _, s := range slices.Backward(sessions) {
		if slices.ContainsFunc(picked, func(o shown) bool { return o.Session == s.Session }) {
			continue
		}
		for i := range s.groups {
			for _, p := range s.groups[i].members {
				if p.Gone {
					continue
				}
				more := join + strings.TrimSpace(s.groups[i].Letter+" "+l.mark(p.Pid)+strconv.Itoa(p.Pid)+" "+l.visible(p.Name))
				if typeset.Width(text+more) > l.w-4 {
					return row{{text + ", ...", faint}}
				}
				text, join = text+more, ", "
			}
		}
	}
	return row{{text, faint}}
}

// entries adds groups to a line, each with its members, as far as there is
// room.
func (l *live) entries(r row, groups []shownGroup) row {
	at := r.width()
	for i := range groups {
		g := &groups[i]
		b := l.box(*g, l.w/8+1)
		head := " " + l.groupMark(g)
		if at+typeset.Width(head) > l.w {
			text := " +" + counted(len(groups)-i, "more group")
			return append(r.cutTo(l.w-typeset.Width(text), l.lines.more), span{text, faint})
		}
		c := plain
		if g.Foreground {
			c = keyboard
		}
		r = append(r, span{head, c})
		at += typeset.Width(head)
		// Members, those first that are the last to go, in their order.
		n := len(b.members)
		for n > 0 && at+l.entriesWidth(&b, n) > l.w {
			n--
		}
		if n == 0 && len(b.members) > 0 {
			n = 1
		}
		picked := l.foremostMembers(b.members, n)
		for k, m := range picked {
			text := "  "
			if k == 0 {
				text = " "
			}
			says := m.says[len(m.says)-1]
			if m.mark != "" {
				r = append(r, span{text, plain}, span{m.mark, marked})
				text = " "
			}
			r = append(r, span{text + m.pid + " " + m.bare, m.row})
			note := ""
			if m.note != "" {
				note = ", " + m.note
				// Who adopted it says more than that it waits.
				if room := l.w - at - l.entriesWidth(&b, n); room < 0 && n == 1 && m.ink == plain {
					if says = ""; room+1+typeset.Width(m.says[len(m.says)-1]) < 0 {
						note = ", adopted by " + strconv.Itoa(m.p.Parent.Pid)
					}
				}
			}
			if says != "" {
				r = append(r, span{" " + says, m.ink})
			}
			if note != "" {
				r = append(r, span{note, m.row})
			}
		}
		if len(picked) < len(b.members)+b.more {
			more := "  " + b.moreThan(picked)
			r = append(r.cutTo(max(0, l.w-typeset.Width(more)), l.lines.more), span{more, faint})
		}
		at = r.width()
	}
	return r.cutTo(l.w, l.lines.more)
}

// entriesWidth is the width of n members in a line.
func (l *live) entriesWidth(b *liveBox, n int) int {
	w := 0
	for _, m := range l.foremostMembers(b.members, n) {
		w += 2 + len(m.pid) + 1 + typeset.Width(m.bare) + 1 + typeset.Width(m.says[len(m.says)-1])
		if m.note != "" {
			w += 2 + typeset.Width(m.note)
		}
		if m.mark != "" {
			w += 1 + typeset.Width(m.mark)
		}
	}
	if n < len(b.members)+b.more {
		w += len("  +12 more, 12 ended")
	}
	return w
}

// groupMark is a group in a line: its letter, number, job and the keyboard.
func (l *live) groupMark(g *shownGroup) string {
	s := g.Letter
	if s == "" {
		s = "group " + strconv.Itoa(g.Pgid)
	}
	if g.Job != 0 {
		s += " %" + strconv.Itoa(g.Job)
	}
	if g.Foreground {
		s += " KEYBOARD"
	}
	return s
}

// listed draws a line for each group in at most room rows, where there is no
// room for boxes.
func (l *live) listed(room int) []row {
	if room <= 0 {
		return nil
	}
	var groups []shownGroup
	var out []row
	if l.own != nil {
		groups = l.own.groups
		if room > 1 {
			title, badges := l.ownTitle()
			out = append(out, l.rule(title, badges, plain))
		}
	}
	room -= len(out)
	share := room - min(len(groups), max(1, room-1)) // what the own groups leave
	if room > 1 {
		share = max(share, 1, room/3)
	}
	others := l.ledger(l.others, min(len(l.others), share))
	n := max(0, min(len(groups), room-len(others)))
	order := make([]int, len(groups))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return l.weight(&groups[a]) - l.weight(&groups[b]) })
	order = order[:n]
	slices.Sort(order)
	for k, i := range order {
		r := l.entries(nil, groups[i:i+1])
		if left := len(groups) - n; left > 0 && k == n-1 {
			more := "  +" + counted(left, "more group")
			r = append(r.cutTo(max(0, l.w-len(more)), l.lines.more), span{more, faint})
		}
		out = append(out, r)
	}
	return append(out, others...)
}
