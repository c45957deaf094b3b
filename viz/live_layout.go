package viz

import (
	"slices"
	"strconv"
	"strings"

	"jsh/proc"
	"jsh/typeset"
)

// How a moment is laid out depends on the size alone, as long as what there is
// fits: otherwise things would move that did not change.
//
//	low (a band): a frame that fills the band, groups side by side; other
//	              sessions one line each below it
//	roomy:        frames as high as they need, other sessions at the bottom
//	too little:   one line for each group
const (
	roomy  = 15 // rows from which frames are closed around what they hold
	narrow = 24 // columns that a box needs at least in a band
	wide   = 36 // and where there is room
)

// grid is how boxes stand in a frame.
type grid struct {
	cells []int // widths
	side  int   // columns of the frame on the left and on the right
}

func (l *live) grid() grid {
	g := grid{side: 2}
	least := wide
	if l.h < roomy && l.w < 100 || l.w < 2*wide+1+2*g.side {
		least = narrow
	}
	inner := max(1, l.w-2*g.side)
	n := max(1, (inner+1)/(least+1))
	each, rest := (inner-(n-1))/n, (inner-(n-1))%n
	for i := range n {
		w := each
		if i >= n-rest {
			w++
		}
		g.cells = append(g.cells, w)
	}
	return g
}

// widths are those of the boxes of one row, with so many lines of contents each. The last one may use the columns to
// its right for words that it would have to leave out: its place stays the same.
func (g grid) widths(boxes []liveBox, lines int) []int {
	n := len(boxes)
	w := slices.Clone(g.cells[:n])
	if n > 0 && n < len(g.cells) {
		free := 0
		for _, cell := range g.cells[n:] {
			free += 1 + cell
		}
		w[n-1] += max(0, min(free, boxes[n-1].need(lines)+sides-w[n-1]))
	}
	return w
}

// body draws the sessions in at most room rows, captions included: what
// stands at the top, and what stands at the bottom. need is how many rows the
// newest caption wants.
func (l *live) body(room, need int) (top, bottom []row) {
	g := l.grid()
	reserved := min(l.reserved(), max(room-1, 0))
	if l.h >= roomy {
		for _, fold := range [...]bool{false, true} {
			if top, bottom, ok := l.boxed(g, room-reserved, room, fold, true); ok {
				return top, bottom
			}
		}
		return l.listed(room - reserved), nil
	}
	// A band gives up captions first, then lines for other sessions, then the
	// frame's lower border, then members.
	need = min(need, reserved)
	for captions := reserved; captions >= need; captions-- {
		if top, bottom, ok := l.boxed(g, room-captions, room, false, true); ok {
			return top, bottom
		}
	}
	for _, closed := range [...]bool{true, false} {
		for most := room / 3; most >= 1; most-- {
			if top, bottom, ok := l.boxed(g, room-need, most, false, closed); ok {
				return top, bottom
			}
		}
	}
	for _, captions := range [...]int{need, min(1, reserved)} {
		for _, fold := range [...]bool{false, true} {
			if top, bottom, ok := l.boxed(g, room-captions, room, fold, false); ok {
				return top, bottom
			}
		}
	}
	return l.listed(room - min(1, reserved)), nil
}

// boxed draws groups as boxes, if room rows are enough, and at most most lines
// for the other sessions. With fold, boxes may leave out members; closed says that
// the frame has a lower border.
func (l *live) boxed(g grid, room, most int, fold, closed bool) (top, bottom []row, ok bool) {
	if l.own == nil || l.w < 2*g.side+12 || len(l.own.groups) > (room/3+1)*len(g.cells) {
		return nil, nil, false
	}
	if l.h >= roomy && len(l.others) > 0 && (len(l.others)-1)/len(g.cells)*5 < room {
		bottom = l.frames(g)
		if top, ok = l.ownFrame(g, room-len(bottom), false, closed); ok {
			return top, bottom, true
		}
	}
	bottom = l.ledger(l.others, max(1, min(most, room/3)))
	top, ok = l.ownFrame(g, room-len(bottom), fold, closed)
	if l.h < roomy { // a band has no gap
		return append(top, bottom...), nil, ok
	}
	return top, bottom, ok
}

// ownFrame draws the shell's session in at most room rows; a band fills them.
func (l *live) ownFrame(g grid, room int, fold, closed bool) ([]row, bool) {
	if l.ownBoxes == nil {
		l.ownBoxes = l.boxes(*l.own)
	}
	boxes := l.ownBoxes
	border := 1
	if closed {
		border = 2
	}
	heights, left, ok := l.share(g, boxes, room-border, fold)
	if !ok {
		return nil, false
	}
	title, badges := l.ownTitle()
	e := l.lines.frame
	out := []row{l.top(e, title, badges, l.w, plain)}
	shown := boxes
	if left > 0 {
		shown = l.foremost(boxes, len(boxes)-left)
	}
	for r := range heights {
		from := r * len(g.cells)
		out = append(out, l.boxRow(g, shown[from:min(from+len(g.cells), len(shown))], heights[r], l.w, plain)...)
	}
	if left > 0 {
		out = append(out, l.framed(g, row{{l.unshown(boxes, shown), faint}}, l.w, plain))
	}
	if closed {
		out = append(out, l.bottom(e, l.ownFoot(), l.w, plain))
	}
	return out, true
}

// share divides the rows of a frame among the rows of its boxes: contents of a
// box each, without borders. left is how many boxes have no room at all.
func (l *live) share(g grid, boxes []liveBox, room int, fold bool) (heights []int, left int, ok bool) {
	n := (len(boxes) + len(g.cells) - 1) / len(g.cells)
	total := 0
	var least []int // below which somebody who is marked has no line
	for r := range n {
		h, low := 1, 1
		line := boxes[r*len(g.cells) : min((r+1)*len(g.cells), len(boxes))]
		for i, width := range g.widths(line, 1<<20) {
			h = max(h, line[i].height(width-sides))
			low = max(low, l.markedLines(&line[i]))
		}
		heights, least = append(heights, h), append(least, min(h, low))
		total += h + 2
	}
	if total > room && !fold {
		return nil, 0, false
	}
	for total > room { // the highest gives first
		i := highest(heights, least)
		if heights[i] > least[i] {
			heights[i]--
			total--
			continue
		}
		if len(heights) == 1 {
			return nil, 0, false
		}
		last := len(heights) - 1
		if left == 0 {
			total++ // the line that tells of the rest
		}
		left += min(len(g.cells), len(boxes)-last*len(g.cells))
		total -= heights[last] + 2
		heights = heights[:last]
		if len(boxes)-left < min(3, len(boxes)) { // lines would show more
			return nil, 0, false
		}
	}
	if l.h < roomy && room < 1<<16 {
		for i := 0; total < room; i++ {
			heights[i%len(heights)]++
			total++
		}
	}
	return heights, left, true
}

// highest is the row of boxes that can give most.
func highest(heights, least []int) int {
	at := len(heights) - 1
	for i := len(heights) - 1; i >= 0; i-- {
		if heights[i]-least[i] > heights[at]-least[at] {
			at = i
		}
	}
	return at
}

// boxRow draws boxes beside each other, contents rows high, in a frame.
func (l *live) boxRow(g grid, boxes []liveBox, contents, width int, c ink) []row {
	drawn := make([][]row, len(boxes))
	for i, width := range g.widths(boxes, contents) {
		drawn[i] = l.drawBox(&boxes[i], width, contents)
	}
	var out []row
	for y := range contents + 2 {
		var r row
		for i := range drawn {
			if i > 0 {
				r = append(r, span{" ", plain})
			}
			r = append(r, drawn[i][y]...)
		}
		out = append(out, l.framed(g, r, width, c))
	}
	return out
}

// framed puts a row between the sides of its frame, if it has any.
func (l *live) framed(g grid, r row, width int, c ink) row {
	r = r.fit(width-2*g.side, l.lines.more)
	if g.side == 0 {
		return r
	}
	e := l.lines.frame
	return append(append(row{{e[5] + " ", c}}, r...), span{" " + e[5], c})
}

// frames draws the other sessions as frames beside and above each other: they
// stand on the ground, and newcomers go to the right or on top, so that none
// moves.
func (l *live) frames(g grid) []row {
	var out, level []row
	used := 0
	for _, s := range l.others {
		drawn, width := l.otherFrame(g, s)
		if used > 0 && used+1+width > l.w {
			out = append(level, out...)
			level, used = nil, 0
		}
		gap := min(used, 1)
		high := max(len(drawn), len(level))
		next := make([]row, high)
		for y := range next {
			var r row
			if k := y - (high - len(level)); k >= 0 {
				r = append(r, level[k]...)
			} else {
				r = append(r, span{blanks(used), plain})
			}
			r = append(r, span{blanks(gap), plain})
			if k := y - (high - len(drawn)); k >= 0 {
				r = append(r, drawn[k]...)
			} else {
				r = append(r, span{blanks(width), plain})
			}
			next[y] = r
		}
		level, used = next, used+gap+width
	}
	return append(level, out...)
}

// otherFrame draws a session that is not the shell's.
func (l *live) otherFrame(g grid, s shown) (rows []row, width int) {
	boxes := l.boxes(s)
	n := min(len(boxes), len(g.cells))
	cell := (l.w+1)/max(1, (l.w+1)/(wide+2*g.side+1)) - 1 - 2*g.side
	f := grid{cells: slices.Repeat([]int{max(cell, 1)}, n), side: g.side}
	width = n*(f.cells[0]+1) - 1 + 4
	switch {
	case width > l.w && n > 1: // as wide as the shell's own frame, with boxes like its
		f, width = g, l.w
	case width > l.w:
		f.cells[0] -= width - l.w
		width = l.w
	}
	heights, _, _ := l.share(f, boxes, 1<<20, false)
	e := l.lines.frame
	rows = append(rows, l.top(e, l.otherTitle(s), nil, width, plain))
	for r := range heights {
		from := r * n
		rows = append(rows, l.boxRow(f, boxes[from:min(from+n, len(boxes))], heights[r], width, plain)...)
	}
	return append(rows, l.bottom(e, l.otherFoot(s), width, plain)), width
}

// foremost picks n boxes by their weight, in the order in which they stand.
func (l *live) foremost(boxes []liveBox, n int) []liveBox {
	order := make([]int, len(boxes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return l.weight(&boxes[a].group) - l.weight(&boxes[b].group) })
	order = order[:n]
	slices.Sort(order)
	picked := make([]liveBox, 0, n)
	for _, i := range order {
		picked = append(picked, boxes[i])
	}
	return picked
}

// weight says who is the last to go: 0 first of all.
func (l *live) weight(g *shownGroup) int {
	switch {
	case g.Foreground:
		return 0
	case l.tree.Shell != nil && l.tree.Shell.Group == g.Group:
		return 1
	case g.Pgid == l.pgid || slices.ContainsFunc(g.members, func(p *proc.Process) bool { return l.changed(p) || l.m.Marks[p.Pid] != "" }):
		return 2
	case !living(g.members):
		return 5
	case l.young[g.Pgid] || slices.ContainsFunc(g.members, func(p *proc.Process) bool { return l.young[p.Pid] }):
		return 3
	}
	return 4
}

// unshown tells of the groups that have no box, and names who is in them as far as
// there is room.
func (l *live) unshown(boxes, shown []liveBox) string {
	s := "+" + counted(len(boxes)-len(shown), "more group") + ":"
	full := s
	for i := range boxes {
		b := &boxes[i]
		if slices.ContainsFunc(shown, func(o liveBox) bool { return o.group.Group == b.group.Group }) {
			continue
		}
		mark := " " + b.group.Letter
		if b.group.Job != 0 {
			mark += " %" + strconv.Itoa(b.group.Job)
		}
		s, full = s+mark, full+mark
		for k := range b.members {
			m := &b.members[k]
			full += " " + m.mark + m.pid + " " + m.bare + " " + m.says[len(m.says)-1] + ","
		}
	}
	if full = strings.TrimSuffix(full, ","); typeset.Width(full)+4 <= l.w {
		return full
	}
	return s
}

// counted is a number with what it counts.
func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return strconv.Itoa(n) + " " + what
}
