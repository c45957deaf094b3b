package front

import (
	"strings"
	"unicode/utf8"

	"jsh/typeset"
)

// foldWords breaks the lines of text that are wider than so many columns, at
// blanks, and begins what follows where the line began. A word that is wider is
// left to the terminal.
func foldWords(text string, columns int) string {
	if columns < 1 || len(text) <= columns {
		return text
	}
	var b strings.Builder
	for line := range strings.SplitAfterSeq(text, "\n") {
		indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
		if len(indent) >= columns {
			indent = ""
		}
		for {
			end := breakAt(line, columns, len(indent))
			if end < 0 {
				break
			}
			b.WriteString(strings.TrimRight(line[:end], " ") + "\n")
			line = indent + strings.TrimLeft(line[end:], " ")
		}
		b.WriteString(line)
	}
	return b.String()
}

// breakAt is the blank at which a line is to be broken: the last that leaves no
// more than so many columns before it, else the first; -1 if the line fits, or
// is one word.
func breakAt(line string, columns, indent int) int {
	body := strings.TrimRight(line, " \n")
	best, col, last := -1, 0, rune(0)
	for i := 0; i < len(body); {
		if n := typeset.SGR(body[i:]); n > 0 {
			i += n
			continue
		}
		r, n := utf8.DecodeRuneInString(body[i:])
		if r == ' ' && i > indent && last != ' ' && (best < 0 || col <= columns) {
			best = i
		}
		last = r
		col += typeset.Width(body[i : i+n])
		i += n
	}
	if col <= columns {
		return -1
	}
	return best
}
