package viz

import (
	"strings"

	"jsh/typeset"
)

// PlanBox is a process group that does not exist yet.
type PlanBox struct {
	Title    string
	Keyboard bool // it would have the terminal while it runs
	Lines    []string
}

// dashed are the borders of what is only planned.
var (
	dashedBox         = edge{"┌", "┐", "└", "┘", "╌", "╎"}
	dashedKeyboard    = edge{"┏", "┓", "┗", "┛", "╍", "╏"}
	dashedBoxASCII    = edge{"+", "+", "+", "+", " -", ":"}
	dashedBoardsASCII = edge{"#", "#", "#", "#", " =", "#"}
)

// Plan draws groups that a command line would make: boxes with dashed borders,
// beside each other where they fit, below each other where not. One string a
// line, without newline.
func Plan(boxes []PlanBox, st Style) []string {
	width := st.Width
	if width <= 0 {
		width = usualWidth
	}
	var rows []string
	var beside [][]string
	used := 0
	flush := func() {
		tall := 0
		for _, b := range beside {
			tall = max(tall, len(b))
		}
		for y := range tall {
			line := ""
			for i, b := range beside {
				if i > 0 {
					line += " "
				}
				if y < len(b) {
					line += b[y]
				} else {
					line += strings.Repeat(" ", typeset.Width(unstyled(b[0])))
				}
			}
			rows = append(rows, strings.TrimRight(line, " "))
		}
		beside, used = nil, 0
	}
	for _, b := range boxes {
		lines := b.draw(st, width)
		w := typeset.Width(unstyled(lines[0]))
		if used > 0 && used+1+w > width {
			flush()
		}
		beside = append(beside, lines)
		used += w
		if len(beside) > 1 {
			used++
		}
	}
	flush()
	return rows
}

func (b *PlanBox) draw(st Style, width int) []string {
	badge := ""
	if b.Keyboard {
		badge = "KEYBOARD"
	}
	inner := typeset.Width(b.Title) + typeset.Width(badge) + 5
	for _, l := range b.Lines {
		inner = max(inner, typeset.Width(l)+2)
	}
	inner = min(inner, width-2)
	e := dashedBox
	switch {
	case st.ASCII && b.Keyboard:
		e = dashedBoardsASCII
	case st.ASCII:
		e = dashedBoxASCII
	case b.Keyboard:
		e = dashedKeyboard
	}
	rule := func(n int) string {
		s := strings.Repeat(e[4], n/typeset.Width(e[4])+1)
		for typeset.Width(s) > n {
			s = s[:len(s)-len(lastRune(s))]
		}
		return s
	}
	top := rule(1) + " " + b.Title + " "
	end := ""
	if badge != "" {
		end = " " + badge + " "
	}
	top = e[0] + top + rule(max(inner-typeset.Width(top)-typeset.Width(end), 0)) + end + e[1]
	on, off := "", ""
	if st.Colour && b.Keyboard {
		on, off = "\x1b["+sgr[keyboard]+"m", "\x1b[0m"
	}
	out := []string{on + top + off}
	for _, l := range b.Lines {
		more := "…"
		if st.ASCII {
			more = "~"
		}
		cells := row{{l, plain}}.fit(inner-2, more)
		text := ""
		for _, c := range cells {
			text += c.text
		}
		out = append(out, on+e[5]+off+" "+text+" "+on+e[5]+off)
	}
	return append(out, on+e[2]+rule(inner)+e[3]+off)
}

func lastRune(s string) string {
	r := []rune(s)
	return string(r[len(r)-1])
}

// unstyled takes the SGR sequences out of a line.
func unstyled(s string) string {
	for {
		i := strings.Index(s, "\x1b[")
		if i < 0 {
			return s
		}
		j := strings.IndexByte(s[i:], 'm')
		if j < 0 {
			return s[:i]
		}
		s = s[:i] + s[i+j+1:]
	}
}
