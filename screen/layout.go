package screen

// rect is a part of the terminal, in cells from 0.
type rect struct{ x, y, w, h int }

func (r rect) empty() bool { return r.w <= 0 || r.h <= 0 }

// wish is what the layout has to provide for.
type wish struct {
	picture bool // the learner wants it
	full    bool // the picture alone
	alt     bool // a program has the alternate screen: it gets everything
	high    int  // rows that the picture would like, as a band
	band    int  // rows of the lesson band
}

// layout says which part of the terminal shows what. Every cell belongs to
// one part; with wish.full the picture lies over the shell's.
type layout struct {
	cols, rows int
	shell      rect
	picture    rect
	rule       rect // the line between shell and picture, where that is at the side
	band       rect // at the foot
	side       bool // the picture stands at the side
}

const (
	// leastCols and leastRows are the smallest terminal with a picture.
	leastCols, leastRows = 40, 10
	// FirstCols and FirstRows are the smallest terminal on which a bare jsh
	// opens with the screen.
	FirstCols, FirstRows = 80, 24
	// sideCols is from where on the picture stands at the side.
	sideCols = 120
	// leastShell is how many rows the shell keeps beside everything else, and
	// lessonShell beside a lesson and a picture.
	leastShell, lessonShell = 6, 8
)

// arrange divides a terminal. It is pure, and total: any size gives the shell
// at least one cell.
func arrange(cols, rows int, w wish) layout {
	cols, rows = max(cols, 1), max(rows, 1)
	l := layout{cols: cols, rows: rows}
	left := rows
	if b := min(w.band, rows-leastShell); b > 0 && !w.alt {
		left -= b
		l.band = rect{0, left, cols, b}
	}
	l.shell = rect{0, 0, cols, left}
	switch {
	case !w.picture || w.alt || cols < leastCols || rows < leastRows:
	case w.full:
		// The shell keeps the size that it has beside the picture: it is not
		// told to redraw for a look.
		l = arrange(cols, rows, wish{picture: true, high: w.high, band: w.band})
		l.picture, l.rule, l.side = rect{0, 0, cols, left}, rect{}, false
	case cols >= sideCols:
		wide := min(max(cols-81, 48), 80)
		l.side = true
		l.shell.w = cols - wide - 1
		l.rule = rect{l.shell.w, 0, 1, left}
		l.picture = rect{l.shell.w + 1, 0, wide, left}
	default:
		least := leastShell
		if !l.band.empty() {
			least = lessonShell
		}
		high := min(w.high, left-least, max(rows*9/20, 4))
		if high < 4 {
			break
		}
		l.picture = rect{0, 0, cols, high} // its last line is the border
		l.shell = rect{0, high, cols, left - high}
	}
	return l
}

// usualHeight is how many rows the band of the picture takes. It depends on
// nothing else: a shell whose size changed with each command could not be read.
func usualHeight(rows int) int { return min(max(rows*5/12, 5), 16) }

// Part is a part of the terminal, in cells from 0.
type Part struct{ X, Y, W, H int }

// Parts is how the screen divides a terminal that has a band of so many rows at its
// foot. The picture may be empty, for want of room.
func Parts(cols, rows, band int) (shell, picture, rule, foot Part) {
	l := arrange(cols, rows, wish{picture: true, high: usualHeight(rows), band: band})
	return l.shell.part(), l.picture.part(), l.rule.part(), l.band.part()
}

func (r rect) part() Part { return Part{r.x, r.y, r.w, r.h} }
