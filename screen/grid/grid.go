// Package grid is the model of a terminal: bytes from programs go in, and a
// grid of cells, a cursor, modes and a scrollback come out. It behaves as
// xterm where xterm and the standards (ECMA-48, DEC STD 070) differ.
//
// It owns the meaning of every control function and the memory behind the
// cells. It never reads, writes, draws or waits: what the terminal has to
// answer (device attributes, cursor position) goes to Options.Reply. It takes
// no lock: a Grid belongs to one goroutine at a time.
//
// Invariants:
//
//   - How the bytes are split over calls of Write makes no difference.
//   - No input panics, and none makes memory grow without bound: scrollback,
//     strings (titles and other OSC, DCS, …), marks on one cell and the number
//     of parameters have limits.
//   - 0 ≤ cursor column < columns and 0 ≤ cursor row < rows, always.
//   - The left half of a wide character is followed by its right half; neither
//     stands alone on the screen.
//   - Scrolling moves row headers, never cells.
//
// Not modelled, and ignored when asked for: 8-bit C1 controls, left and right
// margins, protected cells, double-height lines, 132 columns, hyperlinks,
// images, and changes of the palette.
package grid

import (
	"strings"
	"unicode/utf8"
)

// Options are what a Grid needs from its surroundings. The zero Options are
// useful: no scrollback, and answers are dropped.
type Options struct {
	// Scrollback is how many lines that left at the top are remembered.
	Scrollback int
	// Reply receives what the terminal answers, to be written to the
	// program's input. The slice is valid only during the call. It may be
	// nil. It must not call the Grid.
	Reply func([]byte)
}

// maxSize is the largest number of columns or rows: as struct winsize
// (ioctl_tty(2)) has it.
const maxSize = 1<<16 - 1

// Grid is a terminal's screen and state. Make one with New.
type Grid struct {
	cols, rows int
	reply      func([]byte)

	main, alt buffer
	buf       *buffer // &main or &alt: what is shown

	cur    cursor
	saved  [2]savedCursor // DECSC: of the main and of the alternate screen
	top    int            // first row of the scrolling region
	bottom int            // last row of the scrolling region
	tabs   []bool         // stops by column; grows with the screen, never shrinks
	modes  Modes

	last     rune // the last graphic character, for REP; 0 is none
	clusters clusters
	dirty    dirty

	title  string
	titles []string // pushed by XTWINOPS 22
	bells  uint64

	parser parser
}

// cursor is the active position and all that is saved with it.
type cursor struct {
	x, y int
	// wrap is DEC STD 070's last column flag: a character was written in the
	// last column, and the next one begins on the next line.
	wrap    bool
	pen     Cell // colours and attributes for new text; no rune
	charset charsets
	shape   CursorShape
}

type savedCursor struct {
	cursor
	origin bool
}

// New returns a terminal of the given size, in the state after a reset. Sizes
// outside 1…65535 are brought inside.
func New(cols, rows int, o Options) *Grid {
	g := &Grid{
		cols:  clamp(cols, 1, maxSize),
		rows:  clamp(rows, 1, maxSize),
		reply: o.Reply,
	}
	g.main.init(g.rows, max(o.Scrollback, 0))
	g.alt.init(g.rows, 0)
	g.buf = &g.main
	g.reset()
	return g
}

// reset is RIS without the clearing of the screen.
func (g *Grid) reset() {
	g.buf = &g.main
	g.cur = cursor{}
	g.saved = [2]savedCursor{}
	g.top, g.bottom = 0, g.rows-1
	g.tabs = nil
	g.growTabs()
	g.modes = Modes{AutoWrap: true, CursorVisible: true}
	g.last = 0
	g.title, g.titles = "", nil
	g.dirty.markAll(g.rows)
}

// Size is the number of columns and rows.
func (g *Grid) Size() (cols, rows int) { return g.cols, g.rows }

// Cell is what stands at column x of row y, from 0. Outside the screen it is
// the blank cell.
func (g *Grid) Cell(x, y int) Cell {
	if x < 0 || x >= g.cols || y < 0 || y >= g.rows {
		return Cell{}
	}
	return g.buf.row(y).cell(x, g.cols)
}

// CopyRow copies the cells of row y to dst, from the first column on, and
// makes what is left of dst blank. y below 0 is a line of the scrollback: -1 is
// the one that left last.
func (g *Grid) CopyRow(dst []Cell, y int) {
	if y >= g.rows || y < -g.buf.hist {
		clear(dst)
		return
	}
	r := g.buf.row(y)
	n := copy(dst, r.cells[:min(len(r.cells), g.cols)])
	clear(dst[n:])
	if n > 0 && dst[n-1].isLeft() {
		dst[n-1] = Cell{Bg: dst[n-1].Bg} // its right half does not fit
	}
}

// Cluster is the text of a cell: its character with the marks that combine
// with it. It is "" for a blank cell and for the right half of a wide
// character.
func (g *Grid) Cluster(c Cell) string {
	switch {
	case c.r == 0:
		return ""
	case c.r > 0:
		return string(c.r)
	}
	return g.clusters.text(c.r)
}

// AppendCluster appends the text of a cell to b, without making a string.
func (g *Grid) AppendCluster(b []byte, c Cell) []byte {
	switch {
	case c.r == 0:
		return b
	case c.r > 0:
		return utf8.AppendRune(b, c.r)
	}
	return append(b, g.clusters.text(c.r)...)
}

// Line is the text of row y without the blanks at its end.
func (g *Grid) Line(y int) string {
	if y < 0 || y >= g.rows {
		return ""
	}
	return g.rowText(g.buf.row(y))
}

// Wrapped tells whether row y goes on in the next row because text ran over
// its end.
func (g *Grid) Wrapped(y int) bool {
	return y >= 0 && y < g.rows && g.buf.row(y).wrapped
}

// Text is all rows, each without its blanks at the end, joined by newlines,
// without the empty rows at the end.
func (g *Grid) Text() string {
	var b strings.Builder
	newlines := 0
	for y := range g.rows {
		if line := g.Line(y); line != "" {
			for range newlines {
				b.WriteByte('\n')
			}
			newlines = 0
			b.WriteString(line)
		}
		newlines++
	}
	return b.String()
}

func (g *Grid) rowText(r *row) string {
	n := min(len(r.cells), g.cols)
	b := make([]byte, 0, n)
	end := 0 // of the text without the blanks that come last
	for x := range n {
		switch c := r.cell(x, g.cols); {
		case c.isRight():
		case c.r == 0 || c.r == ' ':
			b = append(b, ' ')
		default:
			b = g.AppendCluster(b, c)
			end = len(b)
		}
	}
	return string(b[:end])
}

// Scrollback is how many lines are remembered above the screen. The alternate
// screen remembers none.
func (g *Grid) Scrollback() int { return g.buf.hist }

// ScrollbackLine is the text of the line n above the screen: 1 is the one that
// left last.
func (g *Grid) ScrollbackLine(n int) string {
	if n < 1 || n > g.buf.hist {
		return ""
	}
	return g.rowText(g.buf.row(-n))
}

// ScrollbackCell is the cell at column x of the line n above the screen.
func (g *Grid) ScrollbackCell(x, n int) Cell {
	if n < 1 || n > g.buf.hist || x < 0 || x >= g.cols {
		return Cell{}
	}
	return g.buf.row(-n).cell(x, g.cols)
}

// Cursor is where the cursor is and how it looks.
type Cursor struct {
	X, Y    int
	Visible bool
	Shape   CursorShape
	// PendingWrap says that the cursor stands on the character that was
	// written last, in the last column, and that the next one will be
	// written on the next line.
	PendingWrap bool
}

// CursorShape is the parameter of DECSCUSR: 0 is the terminal's own, 1 and 2
// are blinking and steady block, 3 and 4 underline, 5 and 6 bar.
type CursorShape uint8

// Cursor tells the cursor's place and look.
func (g *Grid) Cursor() Cursor {
	return Cursor{
		X:           g.cur.x,
		Y:           g.cur.y,
		Visible:     g.modes.CursorVisible,
		Shape:       g.cur.shape,
		PendingWrap: g.cur.wrap,
	}
}

// Modes tells the modes that are set.
func (g *Grid) Modes() Modes { return g.modes }

// Title is the window's title as the program set it last.
func (g *Grid) Title() string { return g.title }

// Bells counts the bells that rang since New.
func (g *Grid) Bells() uint64 { return g.bells }

// Dirty tells whether row y may have changed since ClearDirty. The cursor is
// not part of a row.
func (g *Grid) Dirty(y int) bool { return g.dirty.is(y) }

// ClearDirty says that the screen as it is now has been drawn.
func (g *Grid) ClearDirty() { g.dirty.clear() }

func clamp(v, lo, hi int) int { return max(lo, min(v, hi)) }
