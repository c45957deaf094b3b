package grid

import "unicode/utf8"

// charset is what G0–G3 can hold.
type charset uint8

const (
	ascii       charset = iota
	lineDrawing         // DEC Special Graphics
	british
)

// charsets are the designated sets and which of them is in use (GL).
type charsets struct {
	g      [4]charset
	gl     uint8
	single uint8 // SS2 or SS3: the set for the next character; 0 is none
}

// drawing is DEC Special Graphics from 0x5f to 0x7e (VT220 Programmer
// Reference Manual, table 2-4).
var drawing = [...]rune{
	' ', '◆', '▒', '␉', '␌', '␍', '␊', '°', '±', '␤', '␋', '┘', '┐', '┌', '└', '┼',
	'⎺', '⎻', '─', '⎼', '⎽', '├', '┤', '┴', '┬', '│', '≤', '≥', 'π', '≠', '£', '·',
}

func (c charset) translate(b byte) rune {
	switch {
	case c == lineDrawing && b >= 0x5f && b <= 0x7e:
		return drawing[b-0x5f]
	case c == british && b == '#':
		return '£'
	}
	return rune(b)
}

// printASCII writes printable ASCII at the cursor: the path that most output
// takes.
func (g *Grid) printASCII(text []byte) {
	cs := &g.cur.charset
	if cs.g[cs.gl] != ascii || cs.single != 0 || g.modes.Insert {
		for _, b := range text {
			set := cs.g[cs.gl]
			if cs.single != 0 {
				set = cs.g[cs.single]
				cs.single = 0
			}
			g.put(set.translate(b), 1)
		}
		return
	}
	g.last = rune(text[len(text)-1])
	for len(text) > 0 {
		if g.cur.wrap {
			g.wrapLine()
		}
		room := g.cols - g.cur.x
		n := min(room, len(text))
		if n < len(text) && !g.modes.AutoWrap {
			// All the rest lands on the last column, one over the other.
			g.fill(text[:n-1])
			g.fill(text[len(text)-1:])
			g.cur.x = g.cols - 1
			return
		}
		g.fill(text[:n])
		text = text[n:]
	}
}

// fill writes text, for which there is room, into the row of the cursor.
func (g *Grid) fill(text []byte) {
	if len(text) == 0 {
		return
	}
	r := g.edit(g.cur.y)
	x := g.cur.x
	end := x + len(text)
	r.split(x)
	r.split(end)
	r.extend(end)
	pen := g.cur.pen
	cells := r.cells[x:end]
	for i, b := range text {
		pen.r = rune(b)
		cells[i] = pen
	}
	g.cur.x = end
	if end == g.cols {
		g.cur.x--
		g.cur.wrap = g.modes.AutoWrap
	}
}

// printRune writes one character that is not ASCII at the cursor.
func (g *Grid) printRune(r rune) {
	g.cur.charset.single = 0
	switch w := runeWidth(r); {
	case w > 0:
		g.put(r, w)
	case w == 0:
		g.combine(r)
	}
}

// put writes one character of w columns.
func (g *Grid) put(r rune, w int) {
	if w > g.cols {
		r, w = utf8.RuneError, 1
	}
	g.last = r
	if g.cur.wrap {
		g.wrapLine()
	}
	if g.cur.x+w > g.cols { // a wide character in the last column
		if !g.modes.AutoWrap {
			return
		}
		g.wrapLine()
	}
	row := g.edit(g.cur.y)
	x := g.cur.x
	if g.modes.Insert {
		g.insertBlanks(row, x, w)
	}
	row.split(x)
	row.split(x + w)
	row.extend(x + w)
	c := g.cur.pen
	c.r = r
	if w == 2 {
		c.Attr |= wideLeft
		right := g.cur.pen
		right.Attr |= wideRight
		row.cells[x+1] = right
	}
	row.cells[x] = c
	g.cur.x += w
	if g.cur.x == g.cols {
		g.cur.x--
		g.cur.wrap = g.modes.AutoWrap
	}
}

// wrapLine goes on in the next line.
func (g *Grid) wrapLine() {
	g.buf.row(g.cur.y).wrapped = true
	g.cur.x = 0
	g.index()
}

// combine adds a mark to the character that stands before the cursor.
func (g *Grid) combine(mark rune) {
	x := g.cur.x
	if !g.cur.wrap {
		x--
	}
	r := g.edit(g.cur.y)
	if x >= 0 && x < len(r.cells) && r.cells[x].isRight() {
		x--
	}
	if x < 0 || x >= len(r.cells) || r.cells[x].r == 0 {
		return
	}
	c := &r.cells[x]
	text := g.Cluster(*c)
	if utf8.RuneCountInString(text) > maxMarks {
		return
	}
	if len(g.clusters.texts) >= max(g.clusters.sweepAt, minSweep) {
		g.sweepClusters()
	}
	c.r = g.clusters.intern(text + string(mark))
}

// repeat is REP: the last graphic character n times more. More than fill the
// screen change nothing.
func (g *Grid) repeat(n int) {
	if g.last == 0 {
		return
	}
	r, w := g.last, runeWidth(g.last)
	for range min(n, g.cols*g.rows) {
		g.put(r, w)
	}
}
