package grid

// Cell is one place on the screen. The zero Cell is blank, in the terminal's
// own colours. It holds no pointer, so that the collector never scans a grid.
type Cell struct {
	r      rune // 0: blank; below 0: a cluster, see Grid.Cluster
	Fg, Bg Color
	Attr   Attr
}

// Width is how many columns the cell's character takes: 1, or 2 for the left
// half of a wide character and 0 for its right half.
func (c Cell) Width() int {
	switch {
	case c.Attr&wideLeft != 0:
		return 2
	case c.Attr&wideRight != 0:
		return 0
	}
	return 1
}

// Rune is the cell's character: 0 for a blank cell and for the right half of a
// wide one, below 0 where a character and its marks share the cell: the grid's
// Cluster tells them.
func (c Cell) Rune() rune { return c.r }

// WithRune is the cell with another character, of the same width.
func (c Cell) WithRune(r rune) Cell {
	c.r = r
	return c
}

func (c Cell) isLeft() bool  { return c.Attr&wideLeft != 0 }
func (c Cell) isRight() bool { return c.Attr&wideRight != 0 }

// Color is a colour of text: 0 is the terminal's own, else one of the palette
// of 256 or red, green and blue.
type Color uint32

const (
	colorIndexed Color = 1 << 24
	colorRGB     Color = 2 << 24
)

// Indexed is colour i of the palette: 0–7 the ANSI colours, 8–15 their bright
// forms, then xterm's cube and greys.
func Indexed(i uint8) Color { return colorIndexed | Color(i) }

// RGB is a colour by its parts.
func RGB(r, g, b uint8) Color {
	return colorRGB | Color(r)<<16 | Color(g)<<8 | Color(b)
}

// Index is the place in the palette, if c is a colour of the palette.
func (c Color) Index() (i uint8, ok bool) { return uint8(c), c>>24 == 1 }

// RGB is the colour's parts, if c was given by them.
func (c Color) RGB() (r, g, b uint8, ok bool) {
	return uint8(c >> 16), uint8(c >> 8), uint8(c), c>>24 == 2
}

// Attr is a set of attributes of text (SGR).
type Attr uint16

const (
	Bold Attr = 1 << iota
	Faint
	Italic
	Underline // any underline; UnderlineStyle tells which
	Blink
	Inverse
	Invisible
	Strike
	wideLeft
	wideRight

	underlineShift = 12 // three bits: the style
	underlineMask  = 7 << underlineShift
)

// UnderlineStyle is 0 without an underline, else 1 single, 2 double, 3 curly,
// 4 dotted, 5 dashed (SGR 4:n).
func (a Attr) UnderlineStyle() int { return int(a&underlineMask) >> underlineShift }

func (a *Attr) setUnderline(style int) {
	*a &^= Underline | underlineMask
	if style > 0 {
		*a |= Underline | Attr(style)<<underlineShift
	}
}

// maxMarks is how many marks one cell can carry: the rest of a longer run is
// dropped, else one cell could take any amount of memory.
const maxMarks = 16

// clusters holds the texts of the cells that are more than one rune. A cell
// refers to its text by a negative rune. Nobody counts references: when the
// table has doubled, those that no cell refers to are dropped (see
// Grid.sweepClusters), so that it stays within twice what the cells need.
type clusters struct {
	texts   []string
	index   map[string]rune
	sweepAt int
}

const minSweep = 1024

func (c *clusters) text(r rune) string {
	if i := int(-r) - 1; i < len(c.texts) {
		return c.texts[i]
	}
	return ""
}

func (c *clusters) intern(s string) rune {
	if r, ok := c.index[s]; ok {
		return r
	}
	if c.index == nil {
		c.index = make(map[string]rune)
	}
	c.texts = append(c.texts, s)
	r := rune(-len(c.texts))
	c.index[s] = r
	return r
}

// sweepClusters rebuilds the table from the cells that there are.
func (g *Grid) sweepClusters() {
	old := g.clusters
	g.clusters = clusters{}
	for _, b := range []*buffer{&g.main, &g.alt} {
		for i := range b.ring {
			for x := range b.ring[i].cells {
				if c := &b.ring[i].cells[x]; c.r < 0 {
					c.r = g.clusters.intern(old.text(c.r))
				}
			}
		}
	}
	g.clusters.sweepAt = max(minSweep, 2*len(g.clusters.texts))
}

// dirty remembers which rows changed.
type dirty struct {
	all  bool
	rows []bool
}

func (d *dirty) mark(y int) { d.rows[y] = true }

func (d *dirty) markRange(from, to int) {
	if from == 0 && to == len(d.rows)-1 {
		d.all = true
		return
	}
	for y := from; y <= to; y++ {
		d.rows[y] = true
	}
}

func (d *dirty) markAll(rows int) {
	if len(d.rows) != rows {
		d.rows = make([]bool, rows)
	}
	d.all = true
}

func (d *dirty) is(y int) bool {
	return y >= 0 && y < len(d.rows) && (d.all || d.rows[y])
}

func (d *dirty) clear() {
	d.all = false
	clear(d.rows)
}
