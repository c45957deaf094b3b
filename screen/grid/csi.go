package grid

// csiDispatch executes a control sequence.
func (g *Grid) csiDispatch(final byte) {
	p := &g.parser.params
	switch {
	case g.parser.prefix == 0 && g.parser.inter == 0:
		g.csiPlain(final, p)
	case g.parser.prefix == '?' && g.parser.inter == 0:
		g.csiPrivate(final, p)
	case g.parser.prefix == '>' && g.parser.inter == 0:
		if final == 'c' && p.get(0, 0) == 0 {
			g.secondaryAttributes()
		}
	case g.parser.inter == '!' && final == 'p':
		g.softReset()
	case g.parser.inter == ' ' && final == 'q' && g.parser.prefix == 0:
		if n := p.get(0, 0); n <= 6 {
			g.cur.shape = CursorShape(n)
		}
	case g.parser.inter == '$' && final == 'p':
		g.requestMode(p.get(0, 0), g.parser.prefix == '?')
	}
	if final != 'b' {
		g.last = 0 // REP repeats only what stands right before it
	}
}

func (g *Grid) csiPlain(final byte, p *params) {
	n := p.get(0, 1)
	c := &g.cur
	switch final {
	case '@': // ICH
		c.wrap = false
		g.insertBlanks(g.edit(c.y), c.x, n)
	case 'A': // CUU
		g.up(n)
	case 'B', 'e': // CUD, VPR
		g.down(n)
	case 'C', 'a': // CUF, HPR
		g.moveTo(c.x+n, c.y)
	case 'D': // CUB
		g.moveTo(c.x-n, c.y)
	case 'E': // CNL
		g.down(n)
		c.x = 0
	case 'F': // CPL
		g.up(n)
		c.x = 0
	case 'G', '`': // CHA, HPA
		g.moveTo(n-1, c.y)
	case 'H', 'f': // CUP, HVP
		g.position(p.get(1, 1)-1, n-1)
	case 'I': // CHT
		g.tabForward(n)
	case 'J': // ED
		g.eraseDisplay(p.get(0, 0))
	case 'K': // EL
		g.eraseLine(p.get(0, 0))
	case 'L': // IL
		if c.y >= g.top && c.y <= g.bottom {
			g.scrollDown(c.y, g.bottom, n)
			g.moveTo(0, c.y)
		}
	case 'M': // DL
		if c.y >= g.top && c.y <= g.bottom {
			g.deleteLines(n)
			g.moveTo(0, c.y)
		}
	case 'P': // DCH
		c.wrap = false
		g.deleteChars(n)
	case 'S': // SU
		g.scrollUp(g.top, g.bottom, n)
	case 'T': // SD; with five parameters it is something about the mouse
		if p.n <= 1 {
			g.scrollDown(g.top, g.bottom, n)
		}
	case 'X': // ECH
		c.wrap = false
		g.eraseCells(g.edit(c.y), c.x, min(c.x+n, g.cols))
	case 'Z': // CBT
		g.tabBack(n)
	case 'b': // REP
		g.repeat(n)
	case 'c': // DA
		if p.get(0, 0) == 0 {
			g.deviceAttributes()
		}
	case 'd': // VPA
		g.position(c.x, n-1)
	case 'g': // TBC
		switch p.get(0, 0) {
		case 0:
			g.setTab(false)
		case 3:
			clear(g.tabs)
		}
	case 'h', 'l': // SM, RM
		for i := range p.n {
			g.setMode(p.get(i, 0), final == 'h')
		}
	case 'm':
		g.sgr(p)
	case 'n': // DSR
		g.statusReport(p.get(0, 0), false)
	case 'r': // DECSTBM
		g.setRegion(n, p.get(1, g.rows))
	case 's': // SCOSC
		g.saveCursor()
	case 't':
		g.windowOp(p)
	case 'u': // SCORC
		g.restoreCursor()
	}
}

func (g *Grid) csiPrivate(final byte, p *params) {
	switch final {
	case 'J', 'K': // DECSED, DECSEL: no cell is protected
		g.csiPlain(final, p)
	case 'h', 'l': // DECSET, DECRST
		for i := range p.n {
			g.setPrivateMode(p.get(i, 0), final == 'h')
		}
	case 'n': // DECDSR
		g.statusReport(p.get(0, 0), true)
	}
}

// setRegion is DECSTBM with lines from 1.
func (g *Grid) setRegion(top, bottom int) {
	top, bottom = top-1, min(bottom, g.rows)-1
	if top >= bottom {
		return
	}
	g.top, g.bottom = top, bottom
	g.position(0, 0)
}

// deleteLines is DL. What it removes from the top of the screen is deleted,
// not scrolled: it does not become history.
func (g *Grid) deleteLines(n int) {
	from := g.cur.y
	n = min(n, g.bottom-from+1)
	g.buf.rotateUp(from, g.bottom, n)
	for y := g.bottom - n + 1; y <= g.bottom; y++ {
		g.clearRow(y)
	}
	g.dirty.markRange(from, g.bottom)
}

// insertBlanks is ICH: n blanks at x; what leaves at the right is lost.
func (g *Grid) insertBlanks(r *row, x, n int) {
	n = min(n, g.cols-x)
	r.split(x)
	if x < len(r.cells) {
		end := min(len(r.cells)+n, g.cols)
		r.split(end - n)
		old := len(r.cells)
		r.extend(end)
		copy(r.cells[x+n:end], r.cells[x:min(old, end-n)])
	}
	g.eraseRaw(r, x, min(x+n, g.cols))
}

// deleteChars is DCH: n characters from the cursor on; blanks come in from
// the right.
func (g *Grid) deleteChars(n int) {
	r := g.edit(g.cur.y)
	x := g.cur.x
	n = min(n, g.cols-x)
	r.split(x)
	r.split(x + n)
	if g.cur.pen.Bg != 0 {
		r.extend(g.cols)
	}
	if x >= len(r.cells) {
		return
	}
	kept := 0
	if x+n < len(r.cells) {
		kept = copy(r.cells[x:], r.cells[x+n:])
	}
	g.eraseRaw(r, x+kept, max(len(r.cells), x+kept))
}

// eraseDisplay is ED.
func (g *Grid) eraseDisplay(what int) {
	y := g.cur.y
	switch what {
	case 0:
		g.eraseLine(0)
		y++
		for ; y < g.rows; y++ {
			g.clearRow(y)
		}
	case 1:
		for i := range y {
			g.clearRow(i)
		}
		g.eraseLine(1)
	case 2:
		g.cur.wrap = false
		for i := range g.rows {
			g.clearRow(i)
		}
	case 3: // xterm: the history
		g.buf.clearHistory()
	}
}

// eraseLine is EL.
func (g *Grid) eraseLine(what int) {
	g.cur.wrap = false
	r := g.edit(g.cur.y)
	switch what {
	case 0:
		g.eraseCells(r, g.cur.x, g.cols)
		r.wrapped = false
	case 1:
		g.eraseCells(r, 0, g.cur.x+1)
	case 2:
		g.clearRow(g.cur.y)
	}
}
