package plain

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// appendQuoted appends s as %q does: written so that a shell reads it back as
// one word with the value s. What can be shown gets backslashes; a control
// character or a byte that is not UTF-8 makes the whole a $'…' string (POSIX.1-2024,
// XCU 2.2.4).
func appendQuoted(out []byte, s string) []byte {
	if s == "" {
		return append(out, "''"...)
	}
	for i := 0; i < len(s); {
		n := printable(s[i:])
		if n == 0 {
			return appendDollarQuoted(out, s)
		}
		i += n
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case strings.IndexByte(" !\"$&'()*,;<>?[\\]^`{|}", c) >= 0,
			c == '#' && i == 0,
			c == '~' && (i == 0 || s[i-1] == '=' || s[i-1] == ':'):
			out = append(out, '\\')
		}
		out = append(out, c)
	}
	return out
}

func appendDollarQuoted(out []byte, s string) []byte {
	const names = "abtnvfr" // of the bytes 7 to 13
	out = append(out, "$'"...)
	for i := 0; i < len(s); {
		c := s[i]
		switch n := printable(s[i:]); {
		case c == '\\' || c == '\'':
			out = append(out, '\\', c)
		case n > 0:
			out = append(out, s[i:i+n]...)
			i += n
			continue
		case c == 0x1b:
			out = append(out, `\E`...)
		case '\a' <= c && c <= '\r':
			out = append(out, '\\', names[c-'\a'])
		default:
			out = append(out, '\\', '0'+c>>6, '0'+c>>3&7, '0'+c&7)
		}
		i++
	}
	return append(out, '\'')
}

// printable is the length of the character that s begins with, 0 if it cannot
// be shown as it is.
func printable(s string) int {
	if c := s[0]; c < utf8.RuneSelf {
		if c < ' ' || c == 0x7f {
			return 0
		}
		return 1
	}
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && n == 1 || unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) {
		return 0
	}
	return n
}
