package edit

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// model is a small terminal of its own making, so that the editor is checked
// against something that does not share its code. By default each character
// has its own width (wcwidth(3), as in xterm); with clusters, a grapheme
// cluster has one width (as in kitty, foot, and others in mode 2027).
type model struct {
	clusters   bool
	cols, rows int
	cell       [][]string // "" is the right half of a wide character
	x, y       int
	wrap       bool // the last column is written, and the next character wraps
	esc        []byte
	rest       []byte // of a character that is not complete
	bells      int
	paste      bool // mode 2004
	scrolled   []string
}

func newModel(cols, rows int, clusters bool) *model {
	m := &model{clusters: clusters}
	m.resize(cols, rows)
	return m
}

func blank(cols int) []string {
	r := make([]string, cols)
	for i := range r {
		r[i] = " "
	}
	return r
}

// resize is xterm's: rows are cut or filled, never wrapped anew.
func (m *model) resize(cols, rows int) {
	m.cols = cols
	for i, r := range m.cell {
		if len(r) > cols {
			m.cell[i] = r[:cols]
		} else {
			m.cell[i] = append(r, blank(cols-len(r))...)
		}
	}
	for len(m.cell) > rows {
		if m.y >= rows {
			m.scrolled = append(m.scrolled, strings.Join(m.cell[0], ""))
			m.cell = m.cell[1:]
			m.y--
		} else {
			m.cell = m.cell[:len(m.cell)-1]
		}
	}
	for len(m.cell) < rows {
		m.cell = append(m.cell, blank(cols))
	}
	m.rows = rows
	m.x = min(m.x, cols-1)
	m.wrap = false
}

func (m *model) line(y int) string { return strings.TrimRight(strings.Join(m.cell[y], ""), " ") }

func (m *model) text() string {
	var b strings.Builder
	for y := range m.cell {
		b.WriteString(m.line(y))
		b.WriteByte('\n')
	}
	return strings.TrimRight(b.String(), "\n")
}

func (m *model) write(data []byte) {
	data = append(m.rest, data...)
	m.rest = nil
	for len(data) > 0 {
		if len(m.esc) > 0 || data[0] == 0x1b {
			m.esc = append(m.esc, data[0])
			data = data[1:]
			m.escape()
			continue
		}
		if !utf8.FullRune(data) {
			m.rest = append([]byte(nil), data...)
			return
		}
		r, n := utf8.DecodeRune(data)
		data = data[n:]
		m.char(r)
	}
}

func (m *model) char(r rune) {
	switch r {
	case '\r':
		m.x, m.wrap = 0, false
	case '\n':
		m.newline()
	case '\b':
		m.x, m.wrap = max(0, m.x-1), false
	case 7:
		m.bells++
	default:
		if r < 0x20 || r >= 0x7f && r < 0xa0 {
			panic("a control character went to the terminal: " + strconv.QuoteRune(r))
		}
		m.print(r)
	}
}

func (m *model) newline() {
	m.wrap = false
	if m.y < m.rows-1 {
		m.y++
		return
	}
	m.scrolled = append(m.scrolled, strings.Join(m.cell[0], ""))
	m.cell = append(m.cell[1:], blank(m.cols))
}

// charWidth is wcwidth of the characters that the tests use, from the other
// of the two width tables in this module.
func charWidth(r rune) int {
	switch {
	case r >= 0x1f1e6 && r <= 0x1f1ff:
		return 1
	case r >= 0x1f3fb && r <= 0x1f3ff:
		return 2
	}
	return uniseg.StringWidth(string(r))
}

func (m *model) print(r rune) {
	w := charWidth(r)
	px, py := m.x-1, m.y
	if m.wrap {
		px = m.x
	}
	if px >= 0 && m.cell[py][px] == "" {
		px--
	}
	if px >= 0 {
		joined := m.cell[py][px] + string(r)
		if w == 0 {
			m.cell[py][px] = joined
			if m.clusters && r == 0xfe0f && uniseg.StringWidth(joined) == 2 && px == m.x-1 && px+1 < m.cols {
				m.cell[py][px+1] = ""
				m.x++
				if m.x == m.cols {
					m.x, m.wrap = m.cols-1, true
				}
			}
			return
		}
		if m.clusters && uniseg.GraphemeClusterCount(joined) == 1 {
			m.cell[py][px] = joined
			if uniseg.StringWidth(joined) == 2 && px == m.x-1 && px+1 < m.cols {
				m.cell[py][px+1] = ""
				m.x++
				if m.x == m.cols {
					m.x, m.wrap = m.cols-1, true
				}
			}
			return
		}
	}
	if w == 0 {
		return
	}
	if w > m.cols {
		r, w = '?', 1
	}
	if m.wrap || m.x+w > m.cols {
		m.x = 0
		m.newline()
	}
	row := m.cell[m.y]
	for i := m.x; i < m.x+w; i++ { // half a wide character does not stay
		if row[i] == "" && i > 0 {
			row[i-1] = " "
		}
		if i+1 < m.cols && row[i+1] == "" {
			row[i+1] = " "
		}
		row[i] = ""
	}
	row[m.x] = string(r)
	m.x += w
	if m.x >= m.cols {
		m.x, m.wrap = m.cols-1, true
	}
}

func (m *model) escape() {
	if len(m.esc) < 2 {
		return
	}
	if m.esc[1] == ']' { // a title
		if m.esc[len(m.esc)-1] == 7 {
			m.esc = nil
		}
		return
	}
	if m.esc[1] != '[' {
		panic("an escape sequence that the model does not know: " + strconv.Quote(string(m.esc)))
	}
	last := m.esc[len(m.esc)-1]
	if len(m.esc) < 3 || last < 0x40 {
		return
	}
	par := string(m.esc[2 : len(m.esc)-1])
	m.esc = nil
	n, _ := strconv.Atoi(par)
	switch last {
	case 'A':
		m.y, m.wrap = max(0, m.y-max(1, n)), false
	case 'B':
		m.y, m.wrap = min(m.rows-1, m.y+max(1, n)), false
	case 'C':
		m.x, m.wrap = min(m.cols-1, m.x+max(1, n)), false
	case 'D':
		m.x, m.wrap = max(0, m.x-max(1, n)), false
	case 'H':
		m.x, m.y, m.wrap = 0, 0, false
	case 'K':
		from, to := m.x, m.cols
		if n == 2 {
			from = 0
		}
		if m.cell[m.y][from] == "" && from > 0 {
			m.cell[m.y][from-1] = " "
		}
		copy(m.cell[m.y][from:to], blank(to-from))
	case 'J':
		if n == 2 {
			for y := range m.cell {
				m.cell[y] = blank(m.cols)
			}
			return
		}
		if m.cell[m.y][m.x] == "" && m.x > 0 {
			m.cell[m.y][m.x-1] = " "
		}
		copy(m.cell[m.y][m.x:], blank(m.cols-m.x))
		for y := m.y + 1; y < m.rows; y++ {
			m.cell[y] = blank(m.cols)
		}
	case 'm':
	case 'h', 'l':
		if par != "?2004" {
			panic("a mode that the model does not know: " + par)
		}
		m.paste = last == 'h'
	default:
		panic("an escape sequence that the model does not know: " + par + string(last))
	}
}
