package expand

import "unicode/utf8"

// Pattern is a compiled pattern (2.14). The zero Pattern matches the empty
// string.
type Pattern struct {
	// elems is nil where no character is special; then text is all that
	// matches. The elements between two stars match a fixed number of
	// characters each, so that no match needs backtracking: it is enough to take
	// the first place where each stretch matches.
	elems       []elem
	text        string
	first, last int // where the first and the last star is, or -1
	utf8        bool
	// broken says that text has bytes that are no characters, in a UTF-8
	// locale: they must not match a part of a character.
	broken bool
}

// elem is one element of a Pattern.
type elem struct {
	kind elemKind
	text string   // elemText
	set  *charset // elemSet
}

type elemKind uint8

const (
	elemText elemKind = iota // these bytes
	elemAny                  // any one character
	elemSet                  // one character of the set
	elemStar                 // any characters, or none
)

// Match says that the pattern matches all of s.
func (p Pattern) Match(s string) bool { return p.match(s) }

// Match says that a pattern as it stands in a variable matches all of s: a
// backslash in it takes the special meaning of the character after it. Both
// are read as UTF-8.
func Match(pattern, s string) bool {
	p := compileRaw(pattern, nil)
	return p.match(s)
}

// compileRaw is compile for a text of which nothing is quoted.
func compileRaw(text string, x *Expander) Pattern { return compile(text, nil, x) }

// mask tells which bytes of a text are quoted: a nil one, that none is.
type mask []bool

func (m mask) at(i int) bool { return m != nil && m[i] }

func (m mask) from(i int) mask {
	if m == nil {
		return nil
	}
	return m[i:]
}

// compile reads a pattern; quoted bytes stand for themselves. quoted is not
// kept. x tells the locale; a nil x stands for UTF-8.
func compile(text string, quoted mask, x *Expander) Pattern {
	text, quoted = unescape(text, quoted)
	return compileUnescaped(text, quoted, x)
}

// compileUnescaped is compile for a text in which no backslash is special.
func compileUnescaped(text string, quoted mask, x *Expander) Pattern {
	p := Pattern{text: text, first: -1, last: -1}
	// The locale is asked for only where it matters: stars and ASCII text match
	// the same in all.
	asked := false
	ask := func() bool {
		if !asked {
			asked, p.utf8 = true, x == nil || x.isUTF8()
		}
		return p.utf8
	}
	from := 0 // where the text began that is not in elems yet
	flush := func(to int) {
		if from < to {
			p.elems = append(p.elems, elem{kind: elemText, text: text[from:to]})
		}
	}
	magic := false
	for i := 0; i < len(text); {
		e, n := elem{}, 1
		if quoted.at(i) {
			i++
			continue
		}
		switch text[i] {
		case '*':
			e.kind = elemStar
		case '?':
			e.kind = elemAny
			ask()
		case '[':
			if e.set, n = bracket(text[i:], quoted.from(i), ask(), "!^"); n == 0 {
				i++
				continue
			}
			e.kind = elemSet
		default:
			i++
			continue
		}
		if !magic {
			magic = true
			p.elems = make([]elem, 0, 4)
		}
		flush(i)
		i += n
		from = i
		if e.kind == elemStar {
			if k := len(p.elems); k > 0 && p.elems[k-1].kind == elemStar {
				continue
			}
			if p.first < 0 {
				p.first = len(p.elems)
			}
			p.last = len(p.elems)
		}
		p.elems = append(p.elems, e)
	}
	if magic {
		flush(len(text))
		if !isASCII(p.text) {
			ask()
		}
	}
	if !utf8.ValidString(p.text) && ask() {
		p.broken = true
		if !magic {
			p.elems = []elem{{kind: elemText, text: p.text}}
		}
	}
	return p
}

// unescape turns each unquoted backslash with the character after it into that
// character, quoted. A backslash at the end stands for itself.
func unescape(text string, quoted mask) (string, mask) {
	i := 0
	for i < len(text) && (text[i] != '\\' || quoted.at(i)) {
		i++
	}
	if i == len(text) {
		return text, quoted
	}
	newText := append(make([]byte, 0, len(text)), text[:i]...)
	newQuoted := make(mask, i, len(text))
	copy(newQuoted, quoted)
	for ; i < len(text); i++ {
		q := quoted.at(i)
		if text[i] == '\\' && !q {
			q = true
			if i+1 < len(text) {
				i++
			}
		}
		newText, newQuoted = append(newText, text[i]), append(newQuoted, q)
	}
	return string(newText), newQuoted
}
