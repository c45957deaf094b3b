package viz

import (
	"cmp"
	"strconv"
	"strings"

	"jsh/typeset"
)

// status is the rule at the foot: live or not, who watches, what was lost, and
// which line this is.
func (l *live) status() []row {
	m := &l.m
	dash := l.lines.frame[4]
	of := ""
	if line := strings.TrimSpace(m.Line); line != "" {
		of = l.visible(line)
	}
	lost := ""
	if m.Lost > 0 {
		lost = ", " + strconv.FormatUint(m.Lost, 10) + " events lost"
		if m.Lost == 1 {
			lost = ", 1 event lost"
		}
	}
	if m.Past {
		dash = l.lines.keyboard[4]
		text := "LOOKING BACK: moment " + strconv.Itoa(m.Step) + " of " + strconv.Itoa(m.Steps)
		tail := lost + "; End = live"
		if m.Recorded {
			tail = lost
		}
		if room := l.w - 6 - typeset.Width(text) - typeset.Width(tail) - len(" of `'"); of != "" && room >= 6 {
			text += " of `" + typeset.Cut(of, room, l.lines.more) + "`"
		}
		return []row{l.dashed(dash, text+tail, "", stopped)}
	}
	room := l.w - 8 - max(0, m.Room)
	text, short := "live", ""
	if m.Recorded {
		text = "RECORDED"
	}
	if m.Source != "" {
		text += ", from " + l.visible(m.Source)
		short, _, _ = strings.Cut(text, ": ") // without the reason
	}
	var rights []string // the longest first
	if m.Episode > 0 {
		line := "line " + strconv.Itoa(m.Episode)
		count := line + " of " + strconv.Itoa(m.Episodes)
		if of != "" {
			rights = append(rights, count+": "+of, line+": "+of)
			if room := room - typeset.Width(cmp.Or(short, text)+lost) - len(line) - 2; room >= 6 {
				rights = append(rights, line+": "+typeset.Cut(of, room, l.lines.more))
			}
		}
		rights = append(rights, count)
	}
	for i, right := range append(rights, "") {
		for _, left := range [...]string{text, cmp.Or(short, text)} {
			if typeset.Width(left+lost+right) <= room {
				return []row{l.dashed(dash, left+lost, right, faint)}
			}
			if i == 0 && right != "" && l.h >= 20 { // there is room for two
				return []row{l.dashed(dash, right, "", faint), l.dashed(dash, l.watched(text, lost), "", faint)}
			}
		}
	}
	return []row{l.dashed(dash, l.watched(text, lost), "", faint)}
}

// watched says who watches as it fits: where room is asked for, without the reason,
// without the kernel, or not at all; else cut.
func (l *live) watched(text, lost string) string {
	short, _, _ := strings.Cut(text, ": ")
	least, _, _ := strings.Cut(text, ",")
	for _, s := range [...]string{text, short, strings.Replace(short, "the kernel's ", "the ", 1), least} {
		if l.m.Room > 0 && typeset.Width(s+lost)+4 <= l.w-l.m.Room {
			return s + lost
		}
	}
	return typeset.Cut(text, max(0, l.w-6-typeset.Width(lost)), l.lines.more) + lost
}

// dashed is a rule of dashes with words in it.
func (l *live) dashed(dash, left, right string, c ink) row {
	s := dash + dash
	if left != "" {
		s += " " + left + " "
	}
	if right != "" {
		right = " " + right + " " + dash + dash
	}
	fill := max(0, l.w-typeset.Width(s)-typeset.Width(right))
	return row{{s + strings.Repeat(dash, fill) + right, c}}.cutTo(l.w, l.lines.more)
}
