package expand

import (
	"strings"
	"unicode"
)

// charset is a bracket expression.
type charset struct {
	not     bool
	low     [8]uint32 // the characters below 256
	ranges  []charRange
	classes []func(rune) bool // for characters from 256 on
}

type charRange struct{ lo, hi rune }

func (s *charset) has(c rune) bool {
	if c < 256 {
		return s.low[c>>5]>>(c&31)&1 != 0 != s.not
	}
	for _, r := range s.ranges {
		if r.lo <= c && c <= r.hi {
			return !s.not
		}
	}
	if c < invalid {
		for _, in := range s.classes {
			if in(c) {
				return !s.not
			}
		}
	}
	return s.not
}

func (s *charset) add(lo, hi rune) {
	for c := lo; c <= hi && c < 256; c++ {
		s.low[c>>5] |= 1 << (c & 31)
	}
	if hi >= 256 && lo <= hi {
		s.ranges = append(s.ranges, charRange{lo, hi})
	}
}

// addClass adds a character class (XBD 7.3.1). A name that is none adds
// nothing.
func (s *charset) addClass(name string, isUTF8 bool) {
	in := class(name)
	if in == nil {
		return
	}
	top := rune(128) // beyond ASCII, the bytes of other locales have no class
	if isUTF8 {
		top = 256
		s.classes = append(s.classes, in)
	}
	for c := range top {
		if in(c) {
			s.add(c, c)
		}
	}
}

// bracket reads the bracket expression at the beginning of text: an unquoted [.
// It returns how long it is, or 0 where the [ begins none and so stands for
// itself (2.14.1). negate are the characters that may stand after the [ and turn
// it round.
func bracket(text string, quoted mask, isUTF8 bool, negate string) (*charset, int) {
	// at says that the byte at i is c, unquoted.
	at := func(i int, c byte) bool { return i < len(text) && text[i] == c && !quoted.at(i) }
	// named reads [:name:], [=c=] or [.c.] at i.
	named := func(i int) (sort byte, name string, end int) {
		if !at(i, '[') || !(at(i+1, ':') || at(i+1, '=') || at(i+1, '.')) {
			return 0, "", i
		}
		sort = text[i+1]
		for j := i + 2; j+1 < len(text); j++ {
			if at(j, sort) && at(j+1, ']') {
				return sort, text[i+2 : j], j + 2
			}
		}
		return 0, "", i
	}
	// single reads one character at i, written as such or as [.c.].
	single := func(i int) (c rune, end int, ok bool) {
		if sort, name, end := named(i); sort == '.' {
			if name != "" {
				if c, n := char(name, isUTF8); n == len(name) {
					return c, end, true
				}
			}
			return 0, end, false
		}
		c, n := char(text[i:], isUTF8)
		return c, i + n, true
	}
	if !strings.Contains(text, "]") {
		return nil, 0
	}
	s := new(charset)
	i := 1
	if i < len(text) && strings.IndexByte(negate, text[i]) >= 0 && !quoted.at(i) {
		s.not = true
		i++
	}
	for begin := i; ; {
		if i >= len(text) {
			return nil, 0
		}
		if at(i, ']') && i > begin {
			return s, i + 1
		}
		if sort, name, end := named(i); sort == ':' {
			s.addClass(name, isUTF8)
			i = end
			continue
		} else if sort == '=' {
			if name != "" {
				if c, n := char(name, isUTF8); n == len(name) {
					s.add(c, c)
				}
			}
			i = end
			continue
		}
		lo, end, ok := single(i)
		hi := lo
		i = end
		if at(i, '-') && i+1 < len(text) && !at(i+1, ']') {
			var hiOK bool
			hi, i, hiOK = single(i + 1)
			ok = ok && hiOK
		}
		if ok {
			s.add(lo, hi)
		}
	}
}

// class gives the character class of that name (XBD 7.3.1), or nil.
func class(name string) func(rune) bool {
	switch name {
	case "alpha":
		return isAlpha
	case "digit":
		return isDigit
	case "alnum":
		return func(c rune) bool { return isAlpha(c) || isDigit(c) }
	case "upper":
		return unicode.IsUpper
	case "lower":
		return unicode.IsLower
	case "space":
		return isSpace
	case "blank":
		return func(c rune) bool { return c == '\t' || isSpace(c) && unicode.Is(unicode.Zs, c) }
	case "cntrl":
		return unicode.IsControl
	case "print":
		return func(c rune) bool { return isGraph(c) || isSpace(c) && !unicode.IsControl(c) }
	case "graph":
		return isGraph
	case "punct":
		return func(c rune) bool { return isGraph(c) && !isAlpha(c) && !isDigit(c) }
	case "xdigit":
		return func(c rune) bool { return isDigit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F' }
	}
	return nil
}

func isDigit(c rune) bool { return '0' <= c && c <= '9' }

// isAlpha takes the digits of other scripts for letters, as ISO C wants of
// isalpha where they are not isdigit.
func isAlpha(c rune) bool {
	return unicode.IsLetter(c) || c >= 128 && (unicode.IsDigit(c) || unicode.IsMark(c))
}

// isSpace leaves out no-break spaces: they separate nothing.
func isSpace(c rune) bool {
	return unicode.IsSpace(c) && c != '\u00a0' && c != '\u2007' && c != '\u202f'
}

func isGraph(c rune) bool {
	return unicode.IsGraphic(c) && !isSpace(c)
}
