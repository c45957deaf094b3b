package viz

import (
	"jsh/event"

	"jsh/typeset"
)

// Marks are somebody else's: a learner's prediction, and then what the kernel
// answered to it. A mark stands in brackets on the right border of its
// process's line, like the box of a form, and is reversed where there is
// colour; in a line of groups it stands before the process. State, note and
// name give way to it, and who is marked is among the last to be folded away.

// longestMark is how many columns of a mark are shown.
const longestMark = 10

// mark is the mark of a process as it is drawn, "" if it has none.
func (l *live) mark(pid int) string {
	s := l.m.Marks[pid]
	if s == "" {
		return ""
	}
	if l.style.ASCII {
		switch s {
		case "✓":
			s = "ok"
		case "✗":
			s = "no"
		}
	}
	return "[" + typeset.Cut(l.visible(event.Visible(s)), longestMark, l.lines.more) + "]"
}

// beside is what of width columns is left for text beside the marks. A mark
// covers the blank and the border at the right of the box, and has a blank
// before it.
func (b *liveBox) beside(width int) int {
	if b.marks == 0 {
		return width
	}
	return max(0, width-(b.marks-1))
}

// markedLines is how many lines a box has at least if all who are marked are to
// be seen: with them come the shell, what changed last, and who is left out.
func (l *live) markedLines(b *liveBox) int {
	if b.marks == 0 {
		return 1
	}
	n := 0
	for i := range b.members {
		if l.memberWeight(b.members[i].p) < 2 {
			n++
		}
	}
	if n < len(b.members)+b.more {
		n++
	}
	return n
}
