package edit

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// naive is a line editor without a terminal, as slow and plain as can be, with
// a segmentation and widths of its own. The editor is held against it.
type naive struct {
	unit []string // grapheme clusters
	pos  int
	part string   // the end of a cluster that is not typed to its end: text behind the cursor
	kill []string // the kill ring
	more bool     // the last key was a kill

	history []string
	at      int
	changed map[int]string
}

func newNaive(history []string) *naive {
	return &naive{history: history, at: len(history), changed: map[int]string{}}
}

func (n *naive) text() string { return strings.Join(n.unit, "") }

// split cuts text into clusters.
func split(s string) (units []string) {
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if r != utf8.RuneError || size > 1 {
			if r >= ' ' && r != 0x7f {
				c, _, _, _ := uniseg.FirstGraphemeClusterInString(s, -1)
				for size < len(c) {
					next, m := utf8.DecodeRuneInString(c[size:])
					if next < 0x80 || next == utf8.RuneError && m == 1 {
						break
					}
					size += m
				}
			}
		}
		units = append(units, s[:size])
		s = s[size:]
	}
	return units
}

// set takes a text, with the cursor at a byte or behind the cluster around it.
func (n *naive) set(s string, at int) {
	n.unit, n.pos = split(s), 0
	for b := 0; b < at; n.pos++ {
		b += len(n.unit[n.pos])
	}
}

// insert puts s at the cursor, which may then be inside of a cluster: part is
// what of it stands behind the cursor.
func (n *naive) insert(s string) {
	a, b := strings.Join(n.unit[:n.pos], ""), strings.Join(n.unit[n.pos:], "")
	a, b = strings.TrimSuffix(a, n.part), n.part+b
	n.set(a+s+b, len(a)+len(s))
	n.part = strings.Join(n.unit[:n.pos], "")[len(a)+len(s):]
}

func (n *naive) cut(from, to int) string {
	a, x, b := strings.Join(n.unit[:from], ""), strings.Join(n.unit[from:to], ""), strings.Join(n.unit[to:], "")
	n.set(a+b, len(a))
	return x
}

func (n *naive) remember(s string, before, more bool) {
	if s == "" {
		n.more = more
		return
	}
	n.more = true
	switch {
	case !more:
		n.kill = append(n.kill, s)
	case before:
		n.kill[len(n.kill)-1] = s + n.kill[len(n.kill)-1]
	default:
		n.kill[len(n.kill)-1] += s
	}
}

func inWord(u string) bool {
	r, size := utf8.DecodeRuneInString(u)
	if r == utf8.RuneError && size == 1 {
		return false
	}
	return r < 0x80 && strings.Contains("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", u[:1]) ||
		r >= 0x80 && unicode.In(r, unicode.L, unicode.Nd, unicode.M)
}

func (n *naive) wordStart() int {
	i := n.pos
	for i > 0 && !inWord(n.unit[i-1]) {
		i--
	}
	for i > 0 && inWord(n.unit[i-1]) {
		i--
	}
	return i
}

func (n *naive) wordEnd() int {
	i := n.pos
	for i < len(n.unit) && !inWord(n.unit[i]) {
		i++
	}
	for i < len(n.unit) && inWord(n.unit[i]) {
		i++
	}
	return i
}

func (n *naive) lineStart() int {
	i := n.pos
	for i > 0 && n.unit[i-1] != "\n" {
		i--
	}
	return i
}

func (n *naive) lineEnd() int {
	i := n.pos
	for i < len(n.unit) && n.unit[i] != "\n" {
		i++
	}
	return i
}

func blankUnit(u string) bool { return u == " " || u == "\t" || u == "\n" }

// recall goes to the history's line i.
func (n *naive) recall(i int) {
	if i < 0 || i > len(n.history) {
		return
	}
	n.changed[n.at] = n.text()
	n.at = i
	s, ok := n.changed[i]
	if !ok {
		s = n.history[i]
	}
	n.set(s, len(s))
}

// press does what one of the keys of the sessions does.
func (n *naive) press(k string) {
	more := n.more
	n.more = false
	if k[0] < ' ' && k[0] != 0x16 && k[0] != 0 || k == "\x7f" {
		n.part = ""
	}
	switch k {
	case "\x01", "\x1b[H":
		n.pos = n.lineStart()
	case "\x05", "\x1b[4~":
		n.pos = n.lineEnd()
	case "\x02", "\x1b[D":
		n.pos = max(0, n.pos-1)
	case "\x06", "\x1bOC":
		n.pos = min(len(n.unit), n.pos+1)
	case "\x7f", "\x08":
		if n.pos > 0 {
			n.cut(n.pos-1, n.pos)
		}
	case "\x1b[3~":
		if n.pos < len(n.unit) {
			n.cut(n.pos, n.pos+1)
		}
	case "\x0b":
		end := n.lineEnd()
		if end == n.pos && end < len(n.unit) {
			end++
		}
		n.remember(n.cut(n.pos, end), false, more)
	case "\x15":
		start := n.lineStart()
		if start == n.pos && start > 0 {
			start--
		}
		n.remember(n.cut(start, n.pos), true, more)
	case "\x17":
		i := n.pos
		for i > 0 && blankUnit(n.unit[i-1]) {
			i--
		}
		for i > 0 && !blankUnit(n.unit[i-1]) {
			i--
		}
		n.remember(n.cut(i, n.pos), true, more)
	case "\x1bd":
		n.remember(n.cut(n.pos, n.wordEnd()), false, more)
	case "\x1b\x7f":
		n.remember(n.cut(n.wordStart(), n.pos), true, more)
	case "\x1bf", "\x1b[1;5C":
		n.pos = n.wordEnd()
	case "\x1bb", "\x1b[1;3D":
		n.pos = n.wordStart()
	case "\x19":
		if len(n.kill) > 0 {
			n.insert(n.kill[len(n.kill)-1])
		}
	case "\x14":
		n.transpose()
	case "\x10", "\x1b[A":
		if start := n.lineStart(); start > 0 {
			col := n.pos - start
			n.pos = start - 1
			above := n.lineStart()
			n.pos = min(above+col, start-1)
		} else {
			n.recall(n.at - 1)
		}
	case "\x0e", "\x1bOB":
		if end := n.lineEnd(); end < len(n.unit) {
			col := n.pos - n.lineStart()
			n.pos = end + 1
			n.pos = min(end+1+col, n.lineEnd())
		} else {
			n.recall(n.at + 1)
		}
	case "\x00":
		n.more = more
	case "\x0c", "\x1a", "\x1c", "\x1b[15~", "\x07":
	default:
		if p, ok := strings.CutPrefix(k, "\x1b[200~"); ok {
			p, undone := strings.CutSuffix(p, "\x1f")
			if !undone {
				n.insert(strings.ReplaceAll(strings.TrimSuffix(p, "\x1b[201~"), "\r", "\n"))
			}
			return
		}
		if len(k) > 1 && k[0] == 0x16 { // ^V is a command: it ends what is being typed
			n.part = ""
			k = k[1:]
		}
		n.insert(k)
	}
}

func (n *naive) transpose() {
	mid := n.pos
	if mid == len(n.unit) || n.unit[mid] == "\n" {
		mid--
	}
	if mid < 1 || n.unit[mid] == "\n" || n.unit[mid-1] == "\n" {
		return
	}
	a, b := n.unit[mid-1], n.unit[mid]
	head, tail := strings.Join(n.unit[:mid-1], ""), strings.Join(n.unit[mid+1:], "")
	n.set(head+b+a+tail, len(head)+len(a)+len(b))
}

// piece is what stands on some columns.
type piece struct {
	s string
	w int // columns
}

// looks is how a unit is shown on a terminal that draws clusters, or not.
func looks(u string, at, cols int, clusters bool) (pieces []piece) {
	spell := func(s string) []piece {
		for _, c := range s {
			pieces = append(pieces, piece{string(c), 1})
		}
		return pieces
	}
	r, size := utf8.DecodeRuneInString(u)
	switch {
	case u == "\n":
		return nil
	case u == "\t":
		if at == cols {
			at = 0
		}
		return spell(strings.Repeat(" ", min(8-at%8, cols-at)))
	case r == utf8.RuneError && size == 1:
		return spell(fmt.Sprintf("\\x%02x", u[0]))
	case r < ' ' || r == 0x7f:
		return spell("^" + string(r^0x40))
	case r == 0x200b || r == 0x202e:
		pieces = spell(fmt.Sprintf("<%x>", r))
		if size < len(u) {
			pieces = append(pieces, looks(u[size:], 0, cols, clusters)...)
		}
		return pieces
	case r == 0x0301:
		return []piece{{"◌" + u, 1}}
	}
	sum := 0
	for _, c := range u {
		sum += charWidth(c)
	}
	whole := uniseg.StringWidth(u)
	w, drawn := max(sum, whole, 1), sum
	if clusters {
		drawn = whole
	}
	if w > cols {
		return []piece{{"?", 1}}
	}
	return []piece{{u + strings.Repeat(" ", max(0, w-drawn)), w}}
}

// shown is the prompt and the line in rows, and the cursor's place.
func (n *naive) shown(prompt string, cols int, clusters bool) (rows []string, y, x int) {
	row, w := "", 0
	next := func() { rows, row, w = append(rows, row), "", 0 }
	put := func(ps []piece) {
		for _, p := range ps {
			if w+p.w > cols {
				next()
			}
			row, w = row+p.s, w+p.w
		}
	}
	for _, u := range split(prompt) {
		if u == "\n" {
			next()
			continue
		}
		put(looks(u, w, cols, clusters))
	}
	for i, u := range append(append([]string(nil), n.unit...), "") {
		var ps []piece
		first := 1
		if u != "" {
			ps = looks(u, w, cols, clusters)
			if len(ps) > 0 {
				first = ps[0].w
			}
		}
		if i == n.pos {
			if w+first > cols {
				next()
			}
			y, x = len(rows), w
		}
		if u == "\n" {
			next()
		}
		put(ps)
	}
	next()
	return rows, y, x
}
