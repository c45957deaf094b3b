package grid

// row is one line of cells. Cells from len(cells) on are blank, so that a
// short line is cheap to make, to clear and to keep. After the screen became
// narrower it may be longer than the screen: readers go by the screen's width,
// and the first writer cuts it (Grid.edit).
type row struct {
	cells   []Cell
	wrapped bool // the text goes on in the next row
}

// cell reads column x of a screen of cols columns.
func (r *row) cell(x, cols int) Cell {
	if x >= len(r.cells) {
		return Cell{}
	}
	c := r.cells[x]
	if c.isLeft() && x == cols-1 {
		return Cell{Bg: c.Bg} // its right half was cut off
	}
	return c
}

// extend makes the row at least n cells long.
func (r *row) extend(n int) {
	have := len(r.cells)
	if have >= n {
		return
	}
	if n > cap(r.cells) {
		cells := make([]Cell, n, max(n, min(2*cap(r.cells), n+64), 16))
		copy(cells, r.cells)
		r.cells = cells
		return
	}
	r.cells = r.cells[:n]
	clear(r.cells[have:])
}

// buffer is a screen with what scrolled off it, as a ring of rows: a scroll
// of the whole screen turns the ring by one.
type buffer struct {
	ring    []row
	first   int // place in the ring of the screen's row 0
	rows    int // rows of the screen
	hist    int // rows remembered above row 0
	histCap int // the most that hist may be
}

func (b *buffer) init(rows, histCap int) {
	*b = buffer{ring: make([]row, rows), rows: rows, histCap: histCap}
}

// row is row y of the screen; -1 is the newest line of the history.
func (b *buffer) row(y int) *row {
	i := b.first + y
	switch {
	case i >= len(b.ring):
		i -= len(b.ring)
	case i < 0:
		i += len(b.ring)
	}
	return &b.ring[i]
}

// advance scrolls the whole screen up by one: row 0 becomes history, or is
// forgotten, and the row that comes in at the bottom is empty.
func (b *buffer) advance() {
	if b.hist < b.histCap {
		if b.hist+b.rows == len(b.ring) {
			b.grow()
		}
		b.hist++
	}
	b.first++
	if b.first == len(b.ring) {
		b.first = 0
	}
	r := b.row(b.rows - 1)
	r.cells = r.cells[:0]
	r.wrapped = false
}

// grow doubles the ring, up to what the history may need.
func (b *buffer) grow() {
	b.relayout(min(2*len(b.ring), b.rows+b.histCap))
}

// relayout moves the rows that are in use to a new ring of the given length.
func (b *buffer) relayout(length int) {
	ring := make([]row, length)
	for i := range b.hist + b.rows {
		ring[i] = *b.row(i - b.hist)
	}
	b.ring = ring
	b.first = b.hist
}

// rotateUp moves rows from…to up by n; the n rows that come in at the bottom
// are the old ones of the top, which the caller clears.
func (b *buffer) rotateUp(from, to, n int) {
	b.reverse(from, from+n-1)
	b.reverse(from+n, to)
	b.reverse(from, to)
}

func (b *buffer) rotateDown(from, to, n int) {
	b.rotateUp(from, to, to-from+1-n)
}

func (b *buffer) reverse(from, to int) {
	for ; from < to; from, to = from+1, to-1 {
		x, y := b.row(from), b.row(to)
		*x, *y = *y, *x
	}
}

// clearScreen makes all rows of the screen blank.
func (b *buffer) clearScreen() {
	for y := range b.rows {
		r := b.row(y)
		r.cells = r.cells[:0]
		r.wrapped = false
	}
}

// clearHistory forgets the lines above the screen.
func (b *buffer) clearHistory() {
	b.hist = 0
	b.relayout(b.rows)
}

// edit is row y of the screen, to be changed.
func (g *Grid) edit(y int) *row {
	g.dirty.mark(y)
	r := g.buf.row(y)
	if len(r.cells) > g.cols {
		if r.cells[g.cols-1].isLeft() {
			r.cells[g.cols-1] = Cell{Bg: r.cells[g.cols-1].Bg}
		}
		r.cells = r.cells[:g.cols]
	}
	return r
}

// scrollUp moves the rows from…to up by n. What leaves at the screen's top
// goes to the history.
func (g *Grid) scrollUp(from, to, n int) {
	n = min(n, to-from+1)
	if n <= 0 {
		return
	}
	b := g.buf
	if from == 0 && b.histCap > 0 || from == 0 && to == g.rows-1 {
		for range n {
			b.advance()
		}
		if to < g.rows-1 { // the rows below the region stay
			b.rotateDown(to+1-n, g.rows-1, n)
			g.dirty.markRange(0, g.rows-1)
		}
	} else {
		b.rotateUp(from, to, n)
	}
	for y := to - n + 1; y <= to; y++ {
		g.clearRow(y)
	}
	g.dirty.markRange(from, to)
}

// scrollDown moves the rows from…to down by n.
func (g *Grid) scrollDown(from, to, n int) {
	n = min(n, to-from+1)
	if n <= 0 {
		return
	}
	g.buf.rotateDown(from, to, n)
	for y := from; y < from+n; y++ {
		g.clearRow(y)
	}
	g.dirty.markRange(from, to)
}

// clearRow makes the row blank in the pen's background.
func (g *Grid) clearRow(y int) {
	r := g.buf.row(y)
	r.cells = r.cells[:0]
	r.wrapped = false
	if g.cur.pen.Bg != 0 {
		g.eraseCells(r, 0, g.cols)
	}
	g.dirty.mark(y)
}

// eraseCells makes the cells from…to-1 blank in the pen's background
// (terminfo's bce), and blanks the other half of a wide character that is cut
// in two.
func (g *Grid) eraseCells(r *row, from, to int) {
	r.split(from)
	r.split(to)
	g.eraseRaw(r, from, to)
}

// eraseRaw is eraseCells without a look at wide characters.
func (g *Grid) eraseRaw(r *row, from, to int) {
	if from >= to {
		return
	}
	if g.cur.pen.Bg == 0 {
		switch {
		case to >= len(r.cells):
			if from < len(r.cells) {
				r.cells = r.cells[:from]
			}
		default:
			clear(r.cells[from:to])
		}
		return
	}
	r.extend(to)
	blank := Cell{Bg: g.cur.pen.Bg}
	cells := r.cells[from:to]
	for i := range cells {
		cells[i] = blank
	}
}

// split prepares for a change that ends or begins at column x: a wide
// character that lies across it becomes blank.
func (r *row) split(x int) {
	if x > 0 && x < len(r.cells) && r.cells[x].isRight() {
		r.cells[x-1] = Cell{Bg: r.cells[x-1].Bg}
		r.cells[x] = Cell{Bg: r.cells[x].Bg}
	}
}
