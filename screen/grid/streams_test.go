package grid_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
)

func saneStream(seed uint64) []byte { return bytes.Join(saneOps(seed), nil) }

// saneOps are operations as full-screen programs combine them, the same for
// the same seed. Left out is where tmux differs from xterm:
//
//   - what happens between writing in the last column and the next character,
//     if that is neither a character nor an absolute move;
//   - inserting and deleting lines outside of the scrolling region, and the
//     column after it;
//   - a second ESC [ ? 1049 h, which clears in xterm alone;
//   - text that wraps in insert mode, and ICH of more than half of what is left of a
//     line, where tmux forgets to blank some cells;
//   - cutting a wide character in two. Streams with an even seed have wide
//     characters, and there all text stands on pairs of columns;
//   - what tmux does not know (CHT).
func saneOps(seed uint64) [][]byte {
	const cols, rows = tmuxCols, tmuxRows
	r := rand.New(rand.NewPCG(seed, 1))
	wide := seed%2 == 0
	var ops [][]byte
	add := func(format string, args ...any) { ops = append(ops, fmt.Appendf(nil, format, args...)) }
	// upTo is a number from 1 to n.
	upTo := func(n int) int { return 1 + r.IntN(n) }
	at := func(maxCol int) string {
		col := upTo(maxCol)
		if wide {
			col -= 1 - col%2
		}
		return fmt.Sprintf("\x1b[%d;%dH", upTo(rows), col)
	}
	cup := func() string { return at(cols) }
	narrow := func() string {
		const ascii = "abcdefghij KLMNOP 0123456789 ./-+"
		switch r.IntN(12) {
		case 0:
			return "é"
		case 1:
			return "e\u0301"
		}
		return ascii[r.IntN(len(ascii)):][:1]
	}
	word := func() string {
		var b strings.Builder
		for range upTo(15) {
			if wide && r.IntN(5) == 0 {
				b.WriteString("世")
				continue
			}
			b.WriteString(narrow() + narrow())
		}
		return b.String()
	}
	any := func(alternatives string) byte { return alternatives[r.IntN(len(alternatives))] }
	alternate := false
	for range 20 + r.IntN(150) {
		switch r.IntN(30) {
		case 0, 1, 2, 3, 4, 5:
			add("%s%s", word(), []string{"\r\n", "\r", cup()}[r.IntN(3)])
		case 6, 7:
			add("\x1b[%d;%dm%s\x1b[m%s%s", 30+r.IntN(8), r.IntN(10), word(), word(), cup())
		case 8:
			add("%s", cup())
		case 9:
			if n := r.IntN(3); !wide || n != 1 {
				add("\x1b[%dK", n)
			}
		case 10:
			if n := r.IntN(3); !wide || n != 1 {
				add("%s\x1b[%dJ", cup(), n)
			}
		case 11:
			add("%s\x1b[%dX", cup(), 2*upTo(10))
		case 12:
			add("%s\x1b[%d@", at(40), 2*upTo(10))
		case 13:
			add("%s\x1b[%dP", cup(), 2*upTo(10))
		case 14:
			top := upTo(rows - 2)
			bottom := top + upTo(rows-top)
			add("\x1b[%d;%dr\x1b[%dH\x1b[%d%c", top, bottom, top+r.IntN(bottom-top+1), upTo(6), any("LM"))
		case 15:
			top := upTo(rows - 2)
			add("\x1b[%d;%dr", top, top+upTo(rows-top))
		case 16:
			add("\x1b[r%s", cup())
		case 17:
			add("%s\x1bM", cup())
		case 18:
			add("\x1b[%d%c", upTo(5), any("ST"))
		case 19:
			add("\x1b7%s%s\x1b8", cup(), word())
		case 20:
			if !alternate {
				add("\x1b[?1049h%s%s\r", cup(), word())
			}
			alternate = true
		case 21:
			if alternate {
				add("\x1b[?1049l")
			}
			alternate = false
		case 22:
			add("%s\x1b[4h%s\x1b[4l\r", at(40), word())
		case 23:
			add("\r%s\t%s\r", "ab", "cd")
		case 24:
			add("%s\x1bH\x1b[1;1H\t**\r\x1b[%dg", cup(), 3*r.IntN(2))
		case 25:
			add("%sy\x1b[%db\r", at(40), 2*upTo(15)-1)
		case 26:
			add("%s\x1b(0lqqqkx\x1b(B\r", at(70))
		case 27:
			add("\x1b[?6h\x1b[%d;1Hoo\x1b[?6l", upTo(rows))
		case 28:
			if f := any("ABEFGd"); f == 'G' {
				add("\x1b[%dG", 2*upTo(40)-1)
			} else {
				add("\x1b[%d%c", upTo(8), f)
			}
		case 29:
			add("%s", strings.Repeat("\n", upTo(10)))
		}
	}
	add("\x1b[1;1H")
	return ops
}
