package screen

import (
	"jsh/screen/grid"
)

// compose draws what has changed: the parts of the layout, the open panel over
// the foot of it, and the cursor.
func (s *screen) compose() {
	p := &s.paint
	if p.crowded() {
		s.redraw()
	}
	if len(s.row) != s.lay.cols {
		s.row = make([]grid.Cell, s.lay.cols)
	}
	foot := s.footLines()
	top := s.lay.rows - len(foot)
	shell := s.lay.shell
	rows := 0
	for y := range s.lay.rows {
		if !s.dirty && !(y >= shell.y && y < shell.y+shell.h && (s.back > 0 || s.grid.Dirty(y-shell.y))) {
			continue
		}
		if y >= top {
			s.textRow(s.row, foot[y-top])
		} else {
			s.fillRow(y)
		}
		before := len(p.out)
		p.row(y, s.row)
		if len(p.out) > before {
			rows++
		}
	}
	s.grid.ClearDirty()
	s.dirty, s.fresh = false, false

	body := p.out
	out := s.pending[:0]
	many := rows > 1
	if many {
		out = append(out, "\x1b[?2026h"...)
		if s.out.visible {
			out = append(out, "\x1b[?25l"...)
			s.out.visible = false
		}
	}
	out = append(out, body...)
	p.out = out
	s.placeCursor(foot)
	out = p.out
	p.out = body[:0]
	out = s.out.follow(out, s.grid.Modes())
	out = s.out.news(out, s.grid)
	if many {
		out = append(out, "\x1b[?2026l"...)
	}
	s.pending = out
}

// placeCursor shows the shell's cursor where it belongs; with a panel open
// there is none.
func (s *screen) placeCursor(foot []string) {
	c := s.grid.Cursor()
	x, y := s.lay.shell.x+c.X, s.lay.shell.y+c.Y
	visible := c.Visible && s.panel == nil && !s.bandHasKeys() && s.back == 0 && !s.lay.hides() && y < s.lay.rows-len(foot)
	if visible {
		s.paint.goTo(x, y)
	}
	s.paint.out = s.out.cursor(s.paint.out, visible, c.Shape)
}

// hides says that the picture covers the shell.
func (l layout) hides() bool { return !l.picture.empty() && l.shell.y < l.picture.h && !l.side }

// fillRow makes row y of the terminal from the parts that lie on it.
func (s *screen) fillRow(y int) {
	clear(s.row)
	l := &s.lay
	part := func(r rect) []grid.Cell {
		if y < r.y || y >= r.y+r.h || r.w <= 0 {
			return nil
		}
		return s.row[r.x : r.x+r.w]
	}
	if dst := part(l.shell); dst != nil && !l.hides() {
		s.grid.CopyRow(dst, y-l.shell.y-s.back)
		s.mark(dst)
		reverse := s.grid.Modes().Reverse
		for x := range dst {
			dst[x] = s.paint.own(s.grid, dst[x])
			if reverse {
				dst[x].Attr ^= grid.Inverse
			}
		}
	}
	if dst := part(l.picture); dst != nil {
		if g := s.pics.grid(); g != nil {
			g.CopyRow(dst, y-l.picture.y)
			for x := range dst {
				dst[x] = s.paint.own(g, dst[x])
			}
		}
	}
	if dst := part(l.rule); dst != nil {
		s.textRow(dst, s.style(faintOn)+s.glyph("│", "|"))
	}
	if r := l.picture; r.h > 0 && y == r.y+r.h-1 {
		s.hint(s.row[r.x : r.x+r.w])
	}
	if dst := part(l.band); dst != nil {
		s.textRow(dst, s.bandLine(y-l.band.y))
	}
}

// textRow makes cells of a line of text with SGR sequences.
func (s *screen) textRow(dst []grid.Cell, line string) {
	g := grid.New(len(dst), 1, grid.Options{})
	g.Write([]byte("\x1b[?7l" + line))
	g.CopyRow(dst, 0)
	for x := range dst {
		dst[x] = s.paint.own(g, dst[x])
	}
}

const (
	faintOn   = "\x1b[2m"
	boldOn    = "\x1b[1m"
	inverseOn = "\x1b[7m"
	allOff    = "\x1b[0m"
)

// style is a sequence, or nothing where the learner wants no colour.
func (s *screen) style(seq string) string {
	if !s.pics.style.Colour && seq != inverseOn && seq != allOff {
		return ""
	}
	if s.contrast && seq == faintOn {
		return ""
	}
	return seq
}

// glyph is a character for drawing lines, in the locale's characters.
func (s *screen) glyph(char, ascii string) string {
	if s.pics.style.ASCII {
		return ascii
	}
	return char
}

// hintRoom is how many columns of the picture's last line are left free for the
// name of the menu's key, with dashes on both sides.
const hintRoom = len(" F2: menu ") + 4

// hint writes the menu's key into the picture's last line, which is its
// border: at the right end of the widest stretch of line that is free.
func (s *screen) hint(row []grid.Cell) {
	text := ""
	switch {
	case s.lay.hides():
		text = " any key: back to the shell "
	case s.keyName != "":
		text = " " + s.keyName + ": menu "
	}
	free, end, run := 0, 0, 0
	for x, c := range row {
		switch c.Rune() {
		case 0, '─', '-':
			run++
		default:
			run = 0
		}
		if run >= free {
			free, end = run, x+1
		}
	}
	if text == "" || free < len(text)+4 {
		return
	}
	end -= 2
	s.textRow(row[end-len(text):end], s.style(faintOn)+text)
}

// textLen is how many columns a text takes that the screen itself wrote: none
// of its characters is wide.
func textLen(s string) int {
	n := 0
	for range s {
		n++
	}
	return n
}
