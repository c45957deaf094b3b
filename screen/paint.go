package screen

import (
	"strconv"
	"unicode/utf8"

	"jsh/screen/grid"
)

// painter brings the learner's terminal from what it shows to what it should
// show, with few bytes. It knows what stands there (front) and appends to out.
type painter struct {
	cols, rows int
	front      []grid.Cell
	out        []byte
	x, y       int // the terminal's cursor; x is -1 where it is not known for sure
	pen        grid.Cell
	depth      depth

	// Texts of cells that hold a character with marks, by negative rune. The
	// grids' own numbers mean nothing outside of each grid.
	texts []string
	index map[string]rune
}

// depth is how many colours the learner's terminal has.
type depth uint8

const (
	mono depth = iota
	few        // 8, and bright ones
	palette
	full
)

// maxTexts bounds the table of texts: beyond it all is drawn anew.
const maxTexts = 4096

// reset forgets what the terminal shows: it is cleared, and drawn anew.
func (p *painter) reset(cols, rows int) {
	p.cols, p.rows = cols, rows
	p.front = make([]grid.Cell, cols*rows)
	p.texts, p.index = nil, nil
	p.pen = grid.Cell{}
	p.out = append(p.out, "\x1b[0m\x1b[2J"...)
	p.x = -1
}

// own makes a cell of g one of the painter's.
func (p *painter) own(g *grid.Grid, c grid.Cell) grid.Cell {
	switch r := c.Rune(); {
	case r == ' ':
		return c.WithRune(0)
	case r >= 0:
		return c
	}
	text := g.Cluster(c)
	r, ok := p.index[text]
	if !ok {
		if p.index == nil {
			p.index = make(map[string]rune)
		}
		p.texts = append(p.texts, text)
		r = rune(-len(p.texts))
		p.index[text] = r
	}
	return c.WithRune(r)
}

// crowded says that the table of texts is full and reset is due.
func (p *painter) crowded() bool { return len(p.texts) > maxTexts }

// row draws what differs in row y.
func (p *painter) row(y int, cells []grid.Cell) {
	front := p.front[y*p.cols : (y+1)*p.cols]
	end := len(cells)
	for end > 0 && cells[end-1] == (grid.Cell{}) {
		end--
	}
	for x := 0; x < end; {
		if cells[x] == front[x] {
			x++
			continue
		}
		if x > 0 && cells[x].Width() == 0 {
			x-- // its left half is the same, but both are one character
		}
		for same := 0; x < end && same < 6; {
			p.goTo(x, y)
			c := cells[x]
			if c == front[x] {
				same++
			} else {
				same = 0
			}
			p.put(c)
			front[x] = c
			x++
			if c.Width() == 2 && x < end {
				front[x] = cells[x]
				x++
			}
		}
	}
	for x := end; x < len(cells); x++ {
		if front[x] != (grid.Cell{}) {
			p.goTo(end, y)
			p.setPen(grid.Cell{})
			p.out = append(p.out, "\x1b[K"...)
			clear(front[end:])
			break
		}
	}
}

// put writes one character at the cursor.
func (p *painter) put(c grid.Cell) {
	p.setPen(c)
	r := c.Rune()
	switch {
	case r == 0:
		p.out = append(p.out, ' ')
	case r > 0:
		p.out = utf8.AppendRune(p.out, r)
	case int(-r) <= len(p.texts):
		p.out = append(p.out, p.texts[-r-1]...)
	}
	p.x += max(c.Width(), 1)
	// Terminals do not agree on the width of the newer characters; in the last
	// column the cursor stays.
	if r < 0 || r >= 0x1f000 || p.x >= p.cols {
		p.x = -1
	}
}

// goTo moves the terminal's cursor.
func (p *painter) goTo(x, y int) {
	switch {
	case p.x == x && p.y == y:
		return
	case p.y == y && p.x >= 0 && x > p.x:
		p.out = append(p.out, "\x1b["...)
		if n := x - p.x; n > 1 {
			p.out = strconv.AppendInt(p.out, int64(n), 10)
		}
		p.out = append(p.out, 'C')
	default:
		p.out = append(p.out, "\x1b["...)
		p.out = strconv.AppendInt(p.out, int64(y+1), 10)
		p.out = append(p.out, ';')
		p.out = strconv.AppendInt(p.out, int64(x+1), 10)
		p.out = append(p.out, 'H')
	}
	p.x, p.y = x, y
}

const look = grid.Bold | grid.Faint | grid.Italic | grid.Underline | grid.Blink |
	grid.Inverse | grid.Invisible | grid.Strike

var sgrOf = [...]struct {
	attr grid.Attr
	code byte
}{{grid.Bold, '1'}, {grid.Faint, '2'}, {grid.Italic, '3'}, {grid.Blink, '5'},
	{grid.Inverse, '7'}, {grid.Invisible, '8'}, {grid.Strike, '9'}}

// setPen makes the terminal write in the colours and attributes of c.
func (p *painter) setPen(c grid.Cell) {
	if c.Fg == p.pen.Fg && c.Bg == p.pen.Bg && c.Attr&look == p.pen.Attr&look &&
		c.Attr.UnderlineStyle() == p.pen.Attr.UnderlineStyle() {
		return
	}
	p.pen = c
	b := append(p.out, "\x1b[0"...)
	for _, s := range sgrOf {
		if c.Attr&s.attr != 0 {
			b = append(b, ';', s.code)
		}
	}
	if style := c.Attr.UnderlineStyle(); style > 0 {
		b = append(b, ";4"...)
		if style > 1 && p.depth == full {
			b = append(b, ':', '0'+byte(style))
		}
	}
	b = p.colour(b, c.Fg, 30)
	b = p.colour(b, c.Bg, 40)
	p.out = append(b, 'm')
}

// colour appends the parameters of a colour, in what the terminal can show.
func (p *painter) colour(b []byte, c grid.Color, base int) []byte {
	if c == 0 || p.depth == mono {
		return b
	}
	if r, g, bl, ok := c.RGB(); ok {
		if p.depth == full {
			b = append(b, ';')
			b = strconv.AppendInt(b, int64(base+8), 10)
			b = append(b, ";2"...)
			for _, v := range [...]uint8{r, g, bl} {
				b = append(b, ';')
				b = strconv.AppendInt(b, int64(v), 10)
			}
			return b
		}
		c = grid.Indexed(cube(r, g, bl))
	}
	i, _ := c.Index()
	if i >= 16 && p.depth == few {
		i = nearest8(i)
	}
	b = append(b, ';')
	switch {
	case i < 8:
		return strconv.AppendInt(b, int64(base)+int64(i), 10)
	case i < 16:
		return strconv.AppendInt(b, int64(base)+60+int64(i)-8, 10)
	}
	b = strconv.AppendInt(b, int64(base+8), 10)
	b = append(b, ";5;"...)
	return strconv.AppendInt(b, int64(i), 10)
}

// cube is the colour of the palette's 6×6×6 cube or greys that is near.
func cube(r, g, b uint8) uint8 {
	lo, hi := min(r, g, b), max(r, g, b)
	if hi-lo < 10 { // a grey: 232…255 are 8, 18, …, 238
		switch {
		case hi < 4:
			return 16
		case hi > 246:
			return 231
		}
		return uint8(232 + (min(max(int(hi), 8), 238)-8+5)/10)
	}
	level := func(v uint8) int {
		switch {
		case v < 48:
			return 0
		case v < 115:
			return 1
		}
		return (int(v) - 35) / 40
	}
	return uint8(16 + 36*level(r) + 6*level(g) + level(b))
}

// nearest8 is one of the first 16 colours for one of the palette.
func nearest8(i uint8) uint8 {
	if i >= 232 {
		switch {
		case i < 238:
			return 0
		case i < 244:
			return 8
		case i < 250:
			return 7
		}
		return 15
	}
	v := i - 16
	r, g, b := v/36, v/6%6, v%6
	c := uint8(0)
	if r > 2 {
		c |= 1
	}
	if g > 2 {
		c |= 2
	}
	if b > 2 {
		c |= 4
	}
	if max(r, g, b) > 4 {
		c |= 8
	}
	return c
}
