// Package typeset sets text in the columns of a terminal: how many a text takes,
// where a line is broken, how one that is too long is shortened.
//
// It knows wide characters, which take two columns, characters of several code
// points, and colours (SGR sequences), which take none. It never draws, and asks
// nothing of a terminal. It is pure.
//
// Invariants: no result is wider than was asked for, except that Fold leaves a word
// that is wider alone on its line; a wide character is never cut in two.
package typeset

import (
	"strings"

	"github.com/clipperhouse/displaywidth"
)

const reset = "\x1b[0m"

// Width is how many columns s takes.
func Width(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] >= ' ' && s[i] < 0x7f:
		case s[i] == 0xe2 && i+2 < len(s) && (s[i+1] == 0x94 || s[i+1] == 0x95): // U+2500 to 257F: borders
			i += 2
		default:
			return displaywidth.String(withoutSGR(s))
		}
		n++
	}
	return n
}

// withoutSGR is s without colours.
func withoutSGR(s string) string {
	at := strings.IndexByte(s, 0x1b)
	if at < 0 {
		return s
	}
	plain := ""
	for ; at >= 0; at = strings.IndexByte(s, 0x1b) {
		plain += s[:at]
		n := SGR(s[at:])
		if n == 0 {
			plain, n = plain+"\x1b", 1
		}
		s = s[at+n:]
	}
	return plain + s
}

// SGR is the length of the sequence that sets colours with which s begins, 0 if it
// begins with none.
func SGR(s string) int {
	if !strings.HasPrefix(s, "\x1b[") {
		return 0
	}
	n := len(s) - len(strings.TrimLeft(s[2:], "0123456789;"))
	if n == len(s) || s[n] != 'm' {
		return 0
	}
	return n + 1
}

// Prefix is as much of s as fits into cols columns.
func Prefix(s string, cols int) string {
	end := 0
	for rest := s; rest != ""; rest = s[end:] {
		if n := SGR(rest); n > 0 {
			end += n
			continue
		}
		text := rest
		if at := strings.IndexByte(rest[1:], 0x1b); at >= 0 {
			text = rest[:1+at]
		}
		from := end
		for g := displaywidth.StringGraphemes(text); g.Next(); {
			if cols -= g.Width(); cols < 0 {
				return s[:end]
			}
			end += len(g.Value())
		}
		if end == from {
			break
		}
	}
	return s[:end]
}

// Cut shortens s where it is wider than cols columns, and puts more in the place of
// what is left out; a colour ends before that. Where more has no room either there is
// nothing.
func Cut(s string, cols int, more string) string {
	if Width(s) <= cols {
		return s
	}
	room := cols - Width(more)
	if room < 0 {
		return ""
	}
	head := Prefix(s, room)
	if strings.Contains(head, "\x1b[") {
		head += reset
	}
	return head + more
}

// Pad fills s up with blanks to cols columns.
func Pad(s string, cols int) string {
	return s + strings.Repeat(" ", max(cols-Width(s), 0))
}

// Fold breaks a text between words into lines of at most cols columns. A word that
// is wider stands alone. There is one line at least.
func Fold(text string, cols int) []string {
	var lines []string
	line, n := "", 0
	for word := range strings.FieldsSeq(text) {
		w := Width(word)
		if n > 0 && n+1+w > cols {
			lines = append(lines, line)
			line, n = "", 0
		}
		if n > 0 {
			line, n = line+" ", n+1
		}
		line, n = line+word, n+w
	}
	return append(lines, line)
}

// Hang breaks a text between words so that no line is wider than cols. It begins at
// column at of a line that has something already; further lines begin at column
// indent.
func Hang(text string, cols, at, indent int) string {
	var b strings.Builder
	for i, word := range strings.Split(text, " ") {
		w := Width(word)
		switch {
		case i == 0:
		case at+1+w > cols:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			at = indent
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(word)
		at += w
	}
	return b.String()
}
