package plain

import (
	"strings"
	"unicode/utf8"
)

// place says where a backslash escape stands. The three places share most
// escapes and differ in octal numbers, in \c and in the quoting of quotes.
type place uint8

const (
	inEcho   place = iota // \0ddd; \c ends the output
	inB                   // an argument of %b: \0ddd, \ddd; \c ends the output
	inFormat              // a format: \ddd, \", \', \?; \c means nothing
)

// appendEscaped appends s with its escapes replaced. stop says that \c ended
// the output for good.
func appendEscaped(out []byte, s string, in place) (newOut []byte, stop bool) {
	for {
		i := strings.IndexByte(s, '\\')
		if i < 0 {
			return append(out, s...), false
		}
		out = append(out, s[:i]...)
		var n int
		if out, n, stop = appendEscape(out, s[i:], in); stop {
			return out, true
		}
		s = s[i+n:]
	}
}

// appendEscape replaces the one escape that s begins with, and says how many
// bytes of s it took. An escape that means nothing is written as it stands,
// and so is a lone backslash at the end: POSIX leaves both open.
func appendEscape(out []byte, s string, in place) (newOut []byte, n int, stop bool) {
	if len(s) < 2 {
		return append(out, s...), len(s), false
	}
	switch c := s[1]; c {
	case '\\':
		return append(out, '\\'), 2, false
	case 'a':
		return append(out, '\a'), 2, false
	case 'b':
		return append(out, '\b'), 2, false
	case 'e', 'E':
		return append(out, 0x1b), 2, false
	case 'f':
		return append(out, '\f'), 2, false
	case 'n':
		return append(out, '\n'), 2, false
	case 'r':
		return append(out, '\r'), 2, false
	case 't':
		return append(out, '\t'), 2, false
	case 'v':
		return append(out, '\v'), 2, false
	case 'c':
		if in != inFormat {
			return out, 2, true
		}
	case '"', '\'', '?':
		if in == inFormat {
			return append(out, c), 2, false
		}
	case '0', '1', '2', '3', '4', '5', '6', '7':
		switch {
		case in == inEcho && c != '0':
			// echo knows octal numbers only with the leading zero.
		case in != inFormat && c == '0':
			v, digits := readDigits(s[2:], 3, 8)
			return append(out, byte(v)), 2 + digits, false
		default:
			v, digits := readDigits(s[1:], 3, 8)
			return append(out, byte(v)), 1 + digits, false
		}
	case 'x':
		if v, digits := readDigits(s[2:], 2, 16); digits > 0 {
			return append(out, byte(v)), 2 + digits, false
		}
	case 'u', 'U':
		most := 4
		if c == 'U' {
			most = 8
		}
		if v, digits := readDigits(s[2:], most, 16); digits > 0 {
			r := utf8.RuneError
			if v <= utf8.MaxRune {
				r = rune(v)
			}
			return utf8.AppendRune(out, r), 2 + digits, false
		}
	}
	return append(out, s[:2]...), 2, false
}

// readDigits reads at most n digits of the base from the start of s.
func readDigits(s string, n int, base uint32) (v uint32, digits int) {
	for digits < n && digits < len(s) {
		d := digitValue(s[digits])
		if uint32(d) >= base {
			break
		}
		v = v*base + uint32(d)
		digits++
	}
	return v, digits
}

// digitValue is the value of c as a digit in a base up to 16, or 16.
func digitValue(c byte) uint8 {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return 16
}
