package grid

// Resize changes the screen's size. Text is not wrapped anew. Lines that do
// not fit any more leave at the bottom while they are empty and below the
// cursor, then at the top, into the history; lines that become free are filled
// from the history. What stands right of a narrower screen comes back with a
// wider one, unless its line was written to in between. The scrolling region
// becomes the whole screen.
func (g *Grid) Resize(cols, rows int) {
	cols, rows = clamp(cols, 1, maxSize), clamp(rows, 1, maxSize)
	if cols == g.cols && rows == g.rows {
		return
	}
	y := g.cur.y
	mainY, altY := y, y
	if g.buf == &g.alt {
		mainY = g.saved[0].y
	} else {
		altY = g.saved[1].y
	}
	moved := g.main.resize(rows, clamp(mainY, 0, g.rows-1))
	movedAlt := g.alt.resize(rows, clamp(altY, 0, g.rows-1))
	if g.buf == &g.alt {
		g.cur.y += movedAlt
	} else {
		g.cur.y += moved
	}
	g.saved[0].y = clamp(g.saved[0].y+moved, 0, rows-1)
	g.saved[1].y = clamp(g.saved[1].y+movedAlt, 0, rows-1)

	wrap := g.cur.wrap && cols == g.cols
	g.cols, g.rows = cols, rows
	g.moveTo(g.cur.x, g.cur.y)
	g.cur.wrap = wrap
	g.top, g.bottom = 0, rows-1
	g.growTabs()
	g.dirty.markAll(rows)
}

// resize gives the screen another number of rows and returns by how many rows
// its text moved down (up, below 0). The row of the cursor stays on the
// screen.
func (b *buffer) resize(rows, cursor int) (moved int) {
	for b.rows > rows && b.rows-1 > cursor && len(b.row(b.rows-1).cells) == 0 {
		b.rows--
	}
	if over := b.rows - rows; over > 0 {
		up := max(0, cursor+1-rows) // so that the cursor stays
		if b.histCap > 0 {
			up = min(over, cursor) // so that nothing is lost
		}
		b.rows -= over
		if up > 0 {
			b.first = (b.first + up) % len(b.ring)
			b.hist = min(b.hist+up, b.histCap)
			moved = -up
		}
	}
	if b.rows < rows {
		down := min(rows-b.rows, b.hist)
		b.first = (b.first - down + len(b.ring)) % len(b.ring)
		b.hist -= down
		b.rows += down
		moved += down
	}
	ring := make([]row, b.hist+rows)
	for i := range b.hist + b.rows {
		ring[i] = *b.row(i - b.hist)
	}
	b.ring, b.first, b.rows = ring, b.hist, rows
	return moved
}
