package edit

import "strconv"

// screen draws pictures by changing what differs from the last one. It knows
// where the cursor stands only in relation to the first row that it drew, and
// never asks.
type screen struct {
	out        []byte // what has yet to be written
	cols, rows int
	noRewrap   bool
	shown      []row // on the terminal now
	top        int   // which row of the picture shown[0] is
	y, x       int   // the cursor, from shown[0]
	wrap       bool  // the last column was just written: the next character wraps
	pic        picture
}

// forget leaves what is drawn as it is; the cursor is at the start of a row.
func (s *screen) forget() {
	s.shown, s.top, s.y, s.x, s.wrap = nil, 0, 0, 0, false
}

// show makes the terminal show p. A picture that is larger than the terminal
// is shown around the cursor; rows above have scrolled off.
func (s *screen) show(p picture) {
	height := max(1, s.rows)
	if s.shown != nil && !samePrompt(s.pic, p) {
		s.moveTo(0, 0)
		s.out = append(s.out, "\x1b[J"...)
		s.forget()
	}
	s.pic = p
	if s.shown == nil {
		s.out = append(s.out, "\x1b[J"...)
	}
	if p.y < s.top {
		s.top = p.y
	}
	if s.top > 0 && len(p.rows) < s.top+height {
		s.top = max(0, len(p.rows)-height)
	}
	s.paint(p, height)
	for p.y >= s.top+height {
		s.moveTo(len(s.shown)-1, 0)
		s.out = append(s.out, "\r\n"...)
		s.shown = append(s.shown[1:], row{})
		s.top++
		s.paint(p, height)
	}
	s.moveTo(p.y-s.top, p.x)
}

// samePrompt tells whether the cells of the prompt are the same in both. They
// are drawn only all together: colours reach from one to the next.
func samePrompt(a, b picture) bool {
	if a.promptRows != b.promptRows || a.prompt != b.prompt {
		return false
	}
	for i := 0; i < a.promptRows; i++ {
		x, y := a.rows[i].cells, b.rows[i].cells
		if i == a.promptRows-1 {
			x, y = x[:a.prompt], y[:b.prompt]
		}
		if len(x) != len(y) {
			return false
		}
		for j := range x {
			if x[j] != y[j] {
				return false
			}
		}
	}
	return true
}

// paint draws the rows from top on, as many as the terminal has.
func (s *screen) paint(p picture, height int) {
	rows := p.rows[s.top:min(len(p.rows), s.top+height)]
	for i, r := range rows {
		fresh := i >= len(s.shown)
		if fresh {
			s.openRow(i, r, i > 0 && rows[i-1].soft)
		}
		s.paintRow(i, r)
	}
	if n := len(rows); n < len(s.shown) {
		s.moveTo(n, 0)
		s.out = append(s.out, "\x1b[J"...)
		s.shown = s.shown[:n]
	}
}

// openRow makes a row below the last one, for r.
func (s *screen) openRow(i int, r row, soft bool) {
	s.shown = append(s.shown, row{})
	if i == 0 {
		return
	}
	if soft && s.wrap && s.y == i-1 {
		if len(r.cells) > 0 && r.cells[0].w > 0 {
			return // it wraps by itself
		}
		s.out = append(s.out, " \r"...)
		s.y, s.x, s.wrap = i, 0, false
		return
	}
	s.moveTo(i-1, 0)
	s.out = append(s.out, "\r\n"...)
	s.y, s.x, s.wrap = i, 0, false
}

func (s *screen) paintRow(i int, r row) {
	old := s.shown[i]
	s.shown[i] = r
	from, x := 0, 0
	for from < len(r.cells) && from < len(old.cells) && r.cells[from] == old.cells[from] {
		x += r.cells[from].w
		from++
	}
	if from == len(r.cells) && from == len(old.cells) {
		return
	}
	// A full row must end in its last character: only writing that leaves the
	// terminal about to wrap.
	for from > 0 && x >= s.cols {
		from--
		x -= r.cells[from].w
	}
	if s.wrap && s.y == i-1 && x == 0 && from < len(r.cells) && r.cells[from].w > 0 && s.shown[i-1].soft {
		s.y, s.x, s.wrap = i, 0, false
	} else {
		s.moveTo(i, x)
	}
	s.cells(r.cells[from:])
	if s.x >= s.cols {
		s.x, s.wrap = s.cols-1, true
		if n := len(r.cells); n > 0 && r.cells[n-1].style&doubtful != 0 {
			s.column(s.cols - 1)
		}
	} else if s.x < old.w {
		s.out = append(s.out, "\x1b[K"...)
	}
}

// cells draws cells that fit into the row, from the cursor on.
func (s *screen) cells(cells []cell) {
	st := style(0)
	for _, c := range cells {
		if c.style&reversed != st {
			st ^= reversed
			if st != 0 {
				s.out = append(s.out, "\x1b[7m"...)
			} else {
				s.out = append(s.out, "\x1b[27m"...)
			}
		}
		if c.style&doubtful != 0 {
			s.doubtful(c)
			continue
		}
		s.out = append(s.out, c.s...)
		s.x += c.w
	}
	if st != 0 {
		s.out = append(s.out, "\x1b[27m"...)
	}
}

// doubtful draws a cell of which it is not known how far it moves the cursor:
// blanks first, then the cell, then to the column behind it.
func (s *screen) doubtful(c cell) {
	for range c.w {
		s.out = append(s.out, ' ')
	}
	x := s.x
	s.column(x)
	s.out = append(s.out, c.s...)
	s.x = x + c.w
	if s.x < s.cols {
		s.column(s.x)
	}
}

// column moves the cursor within its row.
func (s *screen) column(x int) {
	s.out = append(s.out, '\r')
	s.step(x, 'C')
	s.x, s.wrap = x, false
}

// moveTo moves the cursor to a row that exists.
func (s *screen) moveTo(y, x int) {
	if y < s.y {
		s.step(s.y-y, 'A')
	} else {
		s.step(y-s.y, 'B')
	}
	s.y = y
	switch {
	case x == s.x && !s.wrap:
	case !s.wrap && x < s.x && s.x-x < 4 && x > 0:
		for ; s.x > x; s.x-- {
			s.out = append(s.out, '\b')
		}
	case !s.wrap && x > s.x:
		s.step(x-s.x, 'C')
		s.x = x
	default:
		s.column(x)
	}
}

// step is a cursor movement by n.
func (s *screen) step(n int, final byte) {
	if n == 0 {
		return
	}
	s.out = append(s.out, 0x1b, '[')
	if n > 1 {
		s.out = strconv.AppendInt(s.out, int64(n), 10)
	}
	s.out = append(s.out, final)
}

// erase removes what is drawn; the cursor is where the prompt began.
func (s *screen) erase() {
	if s.shown != nil {
		s.moveTo(0, 0)
		s.out = append(s.out, "\x1b[J"...)
	}
	s.forget()
}

// below moves behind everything that is drawn, to the start of a new row.
func (s *screen) below() {
	if s.shown != nil {
		s.moveTo(len(s.shown)-1, 0)
	}
	s.out = append(s.out, "\r\n"...)
	s.forget()
}

// resize takes the terminal's new size. What was drawn stands somewhere else
// now: terminals that wrap rows anew moved it, others did not. Unless it is known
// that this one did not, the smaller of the two distances is taken, so that nothing above the prompt is erased; at
// worst a piece of the old line stays there.
func (s *screen) resize(cols, rows int) {
	cols, rows = max(1, cols), max(1, rows)
	if cols == s.cols && rows == s.rows {
		return
	}
	if s.shown != nil {
		up := s.y
		if !s.noRewrap {
			up = min(up, s.rewrapped(cols))
		}
		s.out = append(s.out, '\r')
		s.step(up, 'A')
		s.out = append(s.out, "\x1b[J"...)
		s.forget()
	}
	s.cols, s.rows = cols, rows
}

// rewrapped is how far the cursor is below the first row if the terminal
// wrapped what is shown to cols columns.
func (s *screen) rewrapped(cols int) int {
	up, chain := 0, 0
	for i := 0; i < s.y; i++ {
		chain += s.shown[i].w
		if !s.shown[i].soft {
			up += max(1, (chain+cols-1)/cols)
			chain = 0
		}
	}
	return up + (chain+s.x)/cols
}
