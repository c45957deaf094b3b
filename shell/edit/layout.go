package edit

import (
	"strconv"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
)

// cell is what stands on one or more columns, or an escape sequence of the
// prompt, which stands on none.
type cell struct {
	s     string
	w     int
	style style
}

type style uint8

const (
	reversed style = 1 << iota
	// doubtful cells may be narrower on some terminals: they do not agree on
	// emoji, flags and joined characters. w is the widest that any of them
	// draws; what follows is placed by column.
	doubtful
)

// row is one row of the terminal. A soft row is full and goes on in the next:
// the terminal is let to wrap it, so that it stays one line for copying.
type row struct {
	cells []cell
	w     int
	soft  bool
}

// picture is what a prompt and a line look like on a terminal of some width.
type picture struct {
	rows       []row
	promptRows int // rows of the prompt, the last of which the line shares
	prompt     int // cells of the prompt in that last row
	y, x       int // the cursor
}

// layout puts a prompt and a line on rows of cols columns.
type layout struct {
	cols    int
	noColor bool
	rows    []row
	cur     row
}

// draw lays out the prompt, then the line with the cursor at pos.
func draw(prompt string, text []byte, pos, cols int, noColor bool) picture {
	l := layout{cols: max(1, cols), noColor: noColor}
	l.promptText(prompt)
	var p picture
	p.promptRows, p.prompt = len(l.rows)+1, len(l.cur.cells)
	placed := false
	for i := 0; i < len(text); {
		n := clusterLen(text[i:])
		cells := l.show(text[i:i+n], text[i] == '\t')
		if i >= pos && !placed {
			placed = true
			// The cursor stands where its character will: behind the break,
			// if the character does not fit.
			if len(cells) > 0 && l.cur.w+cells[0].w > l.cols || text[i] == '\n' && l.cur.w == l.cols {
				l.wrap()
			}
			p.y, p.x = len(l.rows), l.cur.w
		}
		if text[i] == '\n' {
			l.hard()
		}
		for _, c := range cells {
			l.add(c)
		}
		i += n
	}
	if !placed {
		if l.cur.w == l.cols {
			l.wrap()
		}
		p.y, p.x = len(l.rows), l.cur.w
	}
	p.rows = append(l.rows, l.cur)
	return p
}

func (l *layout) hard() {
	l.rows = append(l.rows, l.cur)
	l.cur = row{}
}

// wrap goes on in the next row.
func (l *layout) wrap() {
	l.cur.soft = l.cur.w == l.cols && l.cur.cells[len(l.cur.cells)-1].style&doubtful == 0
	l.hard()
}

func (l *layout) add(c cell) {
	if l.cur.w+c.w > l.cols {
		l.wrap()
	}
	l.cur.cells = append(l.cur.cells, c)
	l.cur.w += c.w
}

// show is how a cluster looks: itself, or for what must not reach the
// terminal a name of it.
func (l *layout) show(s []byte, tab bool) []cell {
	c := s[0]
	switch {
	case c >= ' ' && c < 0x7f && len(s) == 1:
		return []cell{{s: ascii[c : c+1], w: 1}}
	case c == '\n':
		return nil
	case tab:
		at := l.cur.w
		if at == l.cols {
			at = 0
		}
		cells := make([]cell, min(8-at%8, l.cols-at))
		for i := range cells {
			cells[i] = cell{s: " ", w: 1}
		}
		return cells
	case c < ' ' || c == 0x7f:
		return l.spelled("^" + string(rune(c^0x40)))
	}
	r, n := utf8.DecodeRune(s)
	if r == utf8.RuneError && n == 1 {
		const hex = "0123456789abcdef"
		return l.spelled(`\x` + hex[c>>4:c>>4+1] + hex[c&15:c&15+1])
	}
	if !unicode.IsGraphic(r) && !unicode.Is(unicode.Co, r) || r == 0x2028 || r == 0x2029 {
		// Format characters (some reverse what follows), C1, unassigned ones.
		cells := l.spelled("<" + strconv.FormatInt(int64(r), 16) + ">")
		if n < len(s) {
			cells = append(cells, l.show(s[n:], false)...)
		}
		return cells
	}
	if unicode.IsMark(r) && displaywidth.Rune(r) == 0 { // a mark without a character to stand on
		return []cell{{s: "\u25cc" + string(s), w: 1, style: doubtful}}
	}
	w, d := clusterWidth(s)
	if w > l.cols {
		return []cell{{s: "?", w: 1}}
	}
	return []cell{{s: string(s), w: w, style: d}}
}

func (l *layout) spelled(s string) []cell {
	st := reversed
	if l.noColor {
		st = 0
	}
	cells := make([]cell, len(s))
	for i := range cells {
		cells[i] = cell{s: s[i : i+1], w: 1, style: st}
	}
	return cells
}

// ascii holds every character once, so that a cell of one needs no memory.
const ascii = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f" +
	"\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f" +
	" !\"#$%&'()*+,-./0123456789:;<=>?" +
	"@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_" +
	"`abcdefghijklmnopqrstuvwxyz{|}~\x7f"

// clusterWidth is the largest number of columns on which a terminal may draw
// a cluster, and whether another may draw it on fewer.
func clusterWidth(s []byte) (w int, st style) {
	whole := displaywidth.Bytes(s)
	sum, wide := 0, 0
	flags := false
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRune(s[i:])
		rw := displaywidth.Rune(r)
		flags = flags || r >= 0x1f1e6 && r <= 0x1f1ff
		if rw > 0 {
			wide++
		}
		if r >= 0x1f000 {
			st = doubtful
		}
		sum += rw
		i += n
	}
	if wide > 1 || whole != sum {
		st = doubtful
	}
	if flags {
		return 2, doubtful
	}
	return max(whole, sum, 1), st
}

// promptText lays out a prompt: escape sequences, and what stands between \001
// and \002, take no columns.
func (l *layout) promptText(s string) {
	esc := false
	for i := 0; i < len(s); {
		if n := escapeLen(s[i:]); n > 0 {
			e := s[i : i+n]
			i += n
			if l.noColor && e[len(e)-1] == 'm' && len(e) > 1 && e[1] == '[' {
				continue
			}
			esc = true
			l.cur.cells = append(l.cur.cells, cell{s: e})
			continue
		}
		c := s[i]
		switch {
		case c == 1:
			i++
			start := i
			for i < len(s) && s[i] != 2 {
				i++
			}
			if i > start {
				esc = true
				l.cur.cells = append(l.cur.cells, cell{s: s[start:i]})
			}
			i++
			continue
		case c == 7:
			l.cur.cells = append(l.cur.cells, cell{s: "\a"})
			i++
			continue
		case c == '\r' || c == 2:
			i++
			continue
		case c == '\n':
			if l.cur.w == l.cols {
				l.cur.soft = false
			}
			l.hard()
			i++
			continue
		}
		n := clusterLen([]byte(s[i:]))
		for _, c := range l.show([]byte(s[i:i+n]), c == '\t') {
			l.add(c)
		}
		i += n
	}
	if esc && !l.noColor {
		l.cur.cells = append(l.cur.cells, cell{s: "\x1b[0m"})
	}
}

// escapeLen is the length of the escape sequence at the start of s; 0 if
// there is none (ECMA-48, 5.4; xterm for OSC).
func escapeLen(s string) int {
	if len(s) < 2 || s[0] != 0x1b {
		return 0
	}
	i := 2
	switch s[1] {
	case '[':
		for i < len(s) && s[i] >= ' ' && s[i] < 0x40 {
			i++
		}
		return min(i+1, len(s))
	case ']', 'P', '_', '^':
		for ; i < len(s); i++ {
			if s[i] == 7 {
				return i + 1
			}
			if s[i] == 0x1b && i+1 < len(s) && s[i+1] == '\\' {
				return i + 2
			}
		}
		return len(s)
	case '(', ')', '#', '%':
		return min(3, len(s))
	}
	return 2
}
