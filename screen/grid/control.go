package grid

// control executes a C0 control character.
func (g *Grid) control(b byte) {
	g.last = 0
	switch b {
	case 0x07:
		g.bells++
	case '\b':
		g.moveTo(g.cur.x-1, g.cur.y)
	case '\t':
		g.tabForward(1)
	case '\n', '\v', '\f':
		g.index()
		if g.modes.NewLine {
			g.cur.x = 0
		}
	case '\r':
		g.cur.x = 0
		g.cur.wrap = false
	case 0x0e:
		g.cur.charset.gl = 1
	case 0x0f:
		g.cur.charset.gl = 0
	}
}

// escDispatch executes an escape sequence that is not the beginning of a
// longer one.
func (g *Grid) escDispatch(final byte) {
	g.last = 0
	switch g.parser.inter {
	case 0:
	case '(', ')', '*', '+':
		g.designate(g.parser.inter-'(', final)
		return
	case '#':
		if final == '8' {
			g.alignmentTest()
		}
		return
	default:
		return
	}
	cs := &g.cur.charset
	switch final {
	case '7':
		g.saveCursor()
	case '8':
		g.restoreCursor()
	case 'D':
		g.index()
	case 'E':
		g.cur.x = 0
		g.index()
	case 'H':
		g.setTab(true)
	case 'M':
		g.reverseIndex()
	case 'N':
		cs.single = 2
	case 'O':
		cs.single = 3
	case 'Z':
		g.deviceAttributes()
	case 'c':
		g.hardReset()
	case 'n':
		cs.gl = 2
	case 'o':
		cs.gl = 3
	case '=':
		g.modes.AppKeypad = true
	case '>':
		g.modes.AppKeypad = false
	}
}

func (g *Grid) designate(n, final byte) {
	set := ascii
	switch final {
	case '0', '2':
		set = lineDrawing
	case 'A':
		set = british
	}
	g.cur.charset.g[n] = set
}

// index is IND: one line down, scrolling at the region's end.
func (g *Grid) index() {
	g.cur.wrap = false
	switch {
	case g.cur.y == g.bottom:
		g.scrollUp(g.top, g.bottom, 1)
	case g.cur.y < g.rows-1:
		g.cur.y++
	}
}

// reverseIndex is RI: one line up, scrolling at the region's begin.
func (g *Grid) reverseIndex() {
	g.cur.wrap = false
	switch {
	case g.cur.y == g.top:
		g.scrollDown(g.top, g.bottom, 1)
	case g.cur.y > 0:
		g.cur.y--
	}
}

// moveTo puts the cursor on the screen's place that is nearest to x, y.
func (g *Grid) moveTo(x, y int) {
	g.cur.x = clamp(x, 0, g.cols-1)
	g.cur.y = clamp(y, 0, g.rows-1)
	g.cur.wrap = false
}

// position is CUP and its like: rows count from the scrolling region in
// origin mode, and do not leave it then.
func (g *Grid) position(x, y int) {
	if g.modes.Origin {
		g.moveTo(x, clamp(g.top+y, g.top, g.bottom))
		return
	}
	g.moveTo(x, y)
}

// up and down stop at the region's margins, if they begin inside.
func (g *Grid) up(n int) {
	limit := 0
	if g.cur.y >= g.top {
		limit = g.top
	}
	g.moveTo(g.cur.x, max(g.cur.y-n, limit))
}

func (g *Grid) down(n int) {
	limit := g.rows - 1
	if g.cur.y <= g.bottom {
		limit = g.bottom
	}
	g.moveTo(g.cur.x, min(g.cur.y+n, limit))
}

// tabForward keeps the last column flag, as xterm does: text, a tab and text
// at the end of a line then lose nothing.
func (g *Grid) tabForward(n int) {
	for ; n > 0 && g.cur.x < g.cols-1; n-- {
		x := g.cur.x + 1
		for x < g.cols-1 && !g.tabs[x] {
			x++
		}
		g.cur.x = x
	}
}

func (g *Grid) tabBack(n int) {
	g.cur.wrap = false
	for ; n > 0 && g.cur.x > 0; n-- {
		x := g.cur.x - 1
		for x > 0 && !g.tabs[x] {
			x--
		}
		g.cur.x = x
	}
}

func (g *Grid) setTab(on bool) { g.tabs[g.cur.x] = on }

// growTabs gives columns that are new a stop in every eighth.
func (g *Grid) growTabs() {
	for x := len(g.tabs); x < g.cols; x++ {
		g.tabs = append(g.tabs, x%8 == 0 && x > 0)
	}
}

func (g *Grid) savedSlot() *savedCursor {
	if g.buf == &g.alt {
		return &g.saved[1]
	}
	return &g.saved[0]
}

// saveCursor is DECSC.
func (g *Grid) saveCursor() {
	*g.savedSlot() = savedCursor{cursor: g.cur, origin: g.modes.Origin}
}

// restoreCursor is DECRC. Without a DECSC before it the cursor goes home. The
// cursor's shape is not part of what is saved.
func (g *Grid) restoreCursor() {
	s := *g.savedSlot()
	shape := g.cur.shape
	g.cur = s.cursor
	g.cur.shape = shape
	g.modes.Origin = s.origin
	wrap := s.wrap && s.x < g.cols
	g.moveTo(s.x, s.y)
	g.cur.wrap = wrap && g.cur.x == g.cols-1
}

// alignmentTest is DECALN: the screen full of E.
func (g *Grid) alignmentTest() {
	g.top, g.bottom = 0, g.rows-1
	g.moveTo(0, 0)
	for y := range g.rows {
		r := g.edit(y)
		r.wrapped = false
		r.extend(g.cols)
		for x := range r.cells {
			r.cells[x] = Cell{r: 'E'}
		}
	}
}

// hardReset is RIS. The history stays, as in xterm.
func (g *Grid) hardReset() {
	g.main.clearScreen()
	g.alt.clearScreen()
	g.reset()
}

// softReset is DECSTR.
func (g *Grid) softReset() {
	g.modes.CursorVisible = true
	g.modes.Insert = false
	g.modes.Origin = false
	g.modes.AutoWrap = true
	g.modes.AppCursor = false
	g.modes.AppKeypad = false
	g.top, g.bottom = 0, g.rows-1
	g.cur.pen = Cell{}
	g.cur.charset = charsets{}
	g.cur.wrap = false
	*g.savedSlot() = savedCursor{}
}
