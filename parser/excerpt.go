package parser

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// excerptWidth is how many columns the lines of Excerpt take at most.
const excerptWidth = 76

// Excerpt gives two lines, each with its newline: the line that is wrong, cut
// around the place where it is long, and a caret below the place. Bytes that a
// terminal would not show as they are stand as blanks or ?. It is empty where
// the place is not known.
func (e *SyntaxError) Excerpt() string {
	if e.Pos.Line == 0 || e.Line == "" {
		return ""
	}
	type cell struct {
		text  string
		width int
	}
	var cells []cell
	at := -1 // the cell of the place
	for i := 0; i < len(e.Line); {
		r, n := utf8.DecodeRuneInString(e.Line[i:])
		c := cell{e.Line[i : i+n], runeWidth(r)}
		switch {
		case r == '\t':
			c = cell{"    ", 4}
		case r == utf8.RuneError && n == 1, r < ' ', r >= 0x7f && r < 0xa0:
			c = cell{"?", 1}
		}
		if at < 0 && e.Pos.Col-1 < i+n {
			at = len(cells)
		}
		cells = append(cells, c)
		i += n
	}
	if at < 0 {
		at = len(cells)
	}
	const indent, dots = "  ", "..."
	room := excerptWidth - len(indent) - 2*len(dots)
	from, to, used := at, at, 0
	// Take cells from both sides of the place while there is room.
	for grown := true; grown; {
		grown = false
		if to < len(cells) && used+cells[to].width <= room {
			used += cells[to].width
			to++
			grown = true
		}
		if from > 0 && used+cells[from-1].width <= room {
			from--
			used += cells[from].width
			grown = true
		}
	}
	var line, caret strings.Builder
	line.WriteString(indent)
	caret.WriteString(indent)
	if from > 0 {
		line.WriteString(dots)
		caret.WriteString("   ")
	}
	for i := from; i < to; i++ {
		line.WriteString(cells[i].text)
		if i < at {
			caret.WriteString("    "[:cells[i].width])
		}
	}
	if to < len(cells) {
		line.WriteString(dots)
	}
	return line.String() + "\n" + caret.String() + "^\n"
}

// runeWidth is the number of columns that r takes on a terminal.
func runeWidth(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case r >= 0x1100 && r <= 0x115f, r >= 0x2e80 && r <= 0xa4cf, r >= 0xac00 && r <= 0xd7a3,
		r >= 0xf900 && r <= 0xfaff, r >= 0xfe30 && r <= 0xfe6f, r >= 0xff00 && r <= 0xff60,
		r >= 0xffe0 && r <= 0xffe6, r >= 0x1f300 && r <= 0x1faff, r >= 0x20000 && r <= 0x3fffd:
		return 2
	}
	return 1
}
