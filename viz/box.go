package viz

import (
	"strings"

	"jsh/proc"
	"jsh/typeset"
)

// A drawing is measured first and drawn then: all boxes have one width, so
// that edges align and a box does not move when its neighbour's text changes.
type drawing struct {
	tree  *proc.Tree
	style Style
	lines lines
}

func newDrawing(t *proc.Tree, style Style) *drawing {
	d := &drawing{tree: t, style: style, lines: unicodeLines}
	if style.ASCII {
		d.lines = asciiLines
	}
	return d
}

// frame is a session, box a group; both are still without a width.
type frame struct {
	title string
	foot  string
	boxes []box
	ink   ink
}

type box struct {
	title    string
	badges   []string
	foot     string
	keyboard bool
	entries  []entry
}

// edge is the set of characters of one kind of border, in the order: corners
// top left, top right, bottom left, bottom right, horizontal, vertical.
type edge [6]string

type lines struct {
	frame, box, keyboard edge
	child                string // stands before a child's name
	more                 string // stands where text was cut
}

// The keyboard's box differs in shape, for those who see no colour.
var (
	unicodeLines = lines{
		frame:    edge{"╭", "╮", "╰", "╯", "─", "│"},
		box:      edge{"┌", "┐", "└", "┘", "─", "│"},
		keyboard: edge{"┏", "┓", "┗", "┛", "━", "┃"},
		child:    "└ ",
		more:     "…",
	}
	asciiLines = lines{
		frame:    edge{"+", "+", "+", "+", "-", "|"},
		box:      edge{"+", "+", "+", "+", "-", "|"},
		keyboard: edge{"#", "#", "#", "#", "=", "#"},
		child:    "\\_ ",
		more:     "~",
	}
)

const (
	usualWidth = 80
	minBox     = 36 // a pid of 7 digits, a name of 15 and a state fit
	maxBox     = 60 // wider boxes are mostly empty
	sides      = 4  // a border and a blank on either side
)

// stack draws the frames below each other. They share one width.
func (d *drawing) stack(frames []frame) []row {
	width := d.style.Width
	if width <= 0 {
		width = usualWidth
		for _, f := range frames {
			for _, b := range f.boxes {
				width = max(width, b.need()+2*sides)
			}
		}
	}
	if width < 2*sides+8 { // no room for boxes in boxes
		return d.bare(frames, width)
	}
	inner := width - sides
	columns := max(1, (inner+1)/(minBox+1))
	if d.style.Width <= 0 { // in a pipe one line tells of one process
		columns = 1
	}
	cell := (inner+1)/columns - 1
	if d.style.Width > 0 || columns > 1 {
		cell = min(cell, maxBox)
	}
	used, titles := 1, 0
	for _, f := range frames {
		used = max(used, min(columns, len(f.boxes)))
		titles = max(titles, typeset.Width(f.title)+2, typeset.Width(f.foot)+2)
	}
	inner = min(inner, max(used*(cell+1)-1, titles))

	var out []row
	for _, f := range frames {
		out = d.frame(out, f, inner, columns, cell)
	}
	return out
}

func (d *drawing) frame(out []row, f frame, inner, columns, cell int) []row {
	e := d.lines.frame
	left, right := e[5]+" ", " "+e[5]
	out = append(out, d.top(e, f.title, nil, inner+sides, f.ink))
	for len(f.boxes) > 0 {
		n := min(columns, len(f.boxes))
		height := 0
		drawn := make([][]row, n)
		for i, b := range f.boxes[:n] {
			drawn[i] = d.contents(b, cell-sides)
			height = max(height, len(drawn[i]))
		}
		for y := -1; y <= height; y++ {
			r := make(row, 1, 8*n+4)
			r[0] = span{left, f.ink}
			for i := range n {
				if i > 0 {
					r = append(r, span{" ", plain})
				}
				r = d.slice(r, &f.boxes[i], drawn[i], y, height, cell)
			}
			if w := n*(cell+1) - 1; w < inner {
				r = append(r, span{blanks(inner - w), plain})
			}
			out = append(out, append(r, span{right, f.ink}))
		}
		f.boxes = f.boxes[n:]
	}
	return append(out, d.bottom(e, f.foot, inner+sides, f.ink))
}

// slice appends line y of a box that is height lines high: -1 is its upper
// border.
func (d *drawing) slice(r row, b *box, contents []row, y, height, cell int) row {
	e, c := d.lines.box, plain
	if b.keyboard {
		e, c = d.lines.keyboard, keyboard
	}
	switch {
	case y < 0:
		return append(r, d.top(e, b.title, b.badges, cell, c)...)
	case y == height:
		return append(r, d.bottom(e, b.foot, cell, c)...)
	}
	r = append(r, span{e[5] + " ", c})
	if y < len(contents) {
		r = append(r, contents[y].fit(cell-sides, d.lines.more)...)
	} else {
		r = append(r, span{blanks(cell - sides), plain})
	}
	return append(r, span{" " + e[5], c})
}

// top is an upper border with the title at its left and badges at its right.
func (d *drawing) top(e edge, title string, badges []string, width int, c ink) row {
	right := ""
	for _, badge := range badges {
		right += " " + badge + " " + e[4]
	}
	room := width - 3 - typeset.Width(right) // corners, and one line before the title
	left := typeset.Cut(" "+title+" ", max(room, 0), d.lines.more)
	fill := max(0, room-typeset.Width(left))
	r := row{{e[0] + e[4] + left + strings.Repeat(e[4], fill) + right + e[1], c}}
	return r.fit(width, d.lines.more)
}

func (d *drawing) bottom(e edge, foot string, width int, c ink) row {
	text := ""
	if foot != "" {
		text = typeset.Cut(" "+foot+" ", width-3, d.lines.more)
	}
	fill := max(0, width-3-typeset.Width(text))
	return row{{e[2] + e[4] + text + strings.Repeat(e[4], fill) + e[3], c}}
}

// columnsOf measures the pid and name columns of a box.
func (b *box) columnsOf() (pid, name int) {
	for _, e := range b.entries {
		pid = max(pid, len(e.pid))
		name = max(name, typeset.Width(e.name))
	}
	return pid, name
}

// need is the width of the widest line that may not be cut.
func (b *box) need() int {
	pid, name := b.columnsOf()
	need := typeset.Width(b.foot) + 2
	for _, e := range b.entries {
		need = max(need, pid+1+name+2+max(typeset.Width(e.state), typeset.Width(e.doing)))
		for _, note := range e.notes {
			need = max(need, pid+1+typeset.Width(note)+1)
		}
	}
	return need
}

// contents lays out a box's entries in lines of width columns. Notes stand
// beside the state if all of them fit there, and else below the name.
func (d *drawing) contents(b box, width int) []row {
	pid, name := b.columnsOf()
	name = max(1, min(name, width-pid-1-2-len("stopped")))
	indent := strings.Repeat(" ", pid+1)
	out := make([]row, 0, len(b.entries)+4)
	for _, e := range b.entries {
		r := make(row, 0, 10)
		r = append(r, span{blanks(pid - len(e.pid)), e.row}, span{e.pid, e.row}, span{" ", e.row})
		if w := typeset.Width(e.name); w <= name {
			r = append(r, span{e.name, e.row}, span{blanks(name - w), plain})
		} else {
			r = append(r, row{{e.name, e.row}}.fit(name, d.lines.more)...)
		}
		state, notes := e.state, e.notes
		switch at := r.width() + 2; {
		case e.doing == "":
		case at+typeset.Width(e.doing) <= width:
			state = e.doing
		default:
			notes = append([]string{e.doing}, notes...)
		}
		r = append(r, span{"  ", e.row}, span{state, e.ink})
		if len(notes) == 0 {
			out = append(out, r)
			continue
		}
		if beside := "  " + strings.Join(notes, ", "); r.width()+typeset.Width(beside) <= width {
			out = append(out, append(r, span{beside, e.row}))
			continue
		}
		out = append(out, r)
		for _, line := range flow(notes, width-len(indent)) {
			out = append(out, row{{indent + line, e.row}})
		}
	}
	return out
}

// flow joins notes with commas into lines of at most width columns; a note
// that is longer gets a line of its own.
func flow(notes []string, width int) []string {
	var lines []string
	line := ""
	for i, note := range notes {
		if i+1 < len(notes) {
			note += ","
		}
		switch {
		case line == "":
			line = note
		case typeset.Width(line)+1+typeset.Width(note) <= width:
			line += " " + note
		default:
			lines = append(lines, line)
			line = note
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// bare lists what there is without any box, each line cut to the width.
func (d *drawing) bare(frames []frame, width int) []row {
	var out []row
	for _, f := range frames {
		out = append(out, row{{typeset.Cut(f.title, width, d.lines.more), plain}})
		for _, b := range f.boxes {
			out = append(out, row{{typeset.Cut(strings.Join(append([]string{b.title}, b.badges...), " "), width, d.lines.more), plain}})
			for _, r := range d.contents(b, 1<<20) {
				out = append(out, r.cutTo(width, d.lines.more).trimmed())
			}
		}
	}
	return out
}

// trimmed is the row without blanks at its end.
func (r row) trimmed() row {
	for len(r) > 0 {
		last := &r[len(r)-1]
		if last.text = strings.TrimRight(last.text, " "); last.text != "" {
			break
		}
		r = r[:len(r)-1]
	}
	return r
}
