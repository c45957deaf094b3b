package expand

import (
	"strings"
	"unicode/utf8"
)

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
			if e.set, n = bracket(text[i:], quoted.from(i), ask()); n == 0 {
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

// head, inner and tail are the elements before the first star, between the
// stars, and after the last.
func (p *Pattern) head() []elem { return p.elems[:p.first] }
func (p *Pattern) tail() []elem { return p.elems[p.last+1:] }

// nextInner cuts the first stretch between two stars off elems, which begins
// after a star; prevInner the last, from elems that end before one.
func nextInner(elems []elem) (stretch, rest []elem) {
	for i := range elems {
		if elems[i].kind == elemStar {
			return elems[:i], elems[i+1:]
		}
	}
	return elems, nil
}

func prevInner(elems []elem) (rest, stretch []elem) {
	for i := len(elems) - 1; i >= 0; i-- {
		if elems[i].kind == elemStar {
			return elems[:i], elems[i+1:]
		}
	}
	return nil, elems
}

func (p *Pattern) match(s string) bool {
	if p.elems == nil {
		return s == p.text
	}
	if p.first < 0 {
		end, ok := p.forward(p.elems, s, 0)
		return ok && end == len(s)
	}
	from, ok := p.forward(p.head(), s, 0)
	if !ok {
		return false
	}
	to, ok := p.backward(p.tail(), s, len(s))
	if !ok || to < from {
		return false
	}
	if p.first == p.last {
		return true
	}
	_, ok = p.findAll(p.elems[p.first+1:p.last], s[:to], from)
	return ok
}

// prefix finds the shortest or the longest beginning of s that the pattern
// matches, and returns where it ends.
func (p *Pattern) prefix(s string, longest bool) (end int, ok bool) {
	if p.elems == nil {
		return len(p.text), strings.HasPrefix(s, p.text)
	}
	if p.first < 0 {
		return p.forward(p.elems, s, 0)
	}
	from, ok := p.forward(p.head(), s, 0)
	if !ok {
		return 0, false
	}
	if p.first < p.last {
		if from, ok = p.findAll(p.elems[p.first+1:p.last], s, from); !ok {
			return 0, false
		}
	}
	tail := p.tail()
	switch {
	case !longest:
		return p.find(tail, s, from)
	case len(tail) == 0:
		return len(s), true
	}
	for end = len(s); ; {
		if start, ok := p.backward(tail, s, end); ok && start >= from {
			return end, true
		}
		if end <= from {
			return 0, false
		}
		_, n := lastChar(s[:end], p.utf8)
		end -= n
	}
}

// suffix is prefix for the end of s; it returns where that begins.
func (p *Pattern) suffix(s string, longest bool) (start int, ok bool) {
	if p.elems == nil {
		return len(s) - len(p.text), strings.HasSuffix(s, p.text)
	}
	if p.first < 0 {
		return p.backward(p.elems, s, len(s))
	}
	to, ok := p.backward(p.tail(), s, len(s))
	if !ok {
		return 0, false
	}
	if p.first < p.last {
		for rest := p.elems[p.first+1 : p.last]; ; {
			var stretch []elem
			rest, stretch = prevInner(rest)
			if to, ok = p.findLast(stretch, s, to); !ok {
				return 0, false
			}
			if rest == nil {
				break
			}
		}
	}
	head := p.head()
	switch {
	case !longest:
		return p.findLast(head, s, to)
	case len(head) == 0:
		return 0, true
	}
	for start < to {
		if end, ok := p.forward(head, s, start); ok && end <= to {
			return start, true
		}
		_, n := char(s[start:], p.utf8)
		start += n
	}
	return 0, false
}

// findAll finds the stretches between stars one after the other, each at the
// first place from from on, and returns where the last ends.
func (p *Pattern) findAll(elems []elem, s string, from int) (end int, ok bool) {
	for elems != nil {
		var stretch []elem
		stretch, elems = nextInner(elems)
		if from, ok = p.find(stretch, s, from); !ok {
			return 0, false
		}
	}
	return from, true
}

// find finds the first place from from on where elems match, and returns where
// that ends.
func (p *Pattern) find(elems []elem, s string, from int) (end int, ok bool) {
	if len(elems) > 0 && elems[0].kind == elemText && utf8.RuneStart(elems[0].text[0]) {
		// A text that begins a character is found at characters only.
		for {
			n := strings.Index(s[from:], elems[0].text)
			if n < 0 {
				return 0, false
			}
			from += n
			if end, ok = p.forward(elems, s, from); ok {
				return end, true
			}
			from++
		}
	}
	for {
		if end, ok = p.forward(elems, s, from); ok {
			return end, true
		}
		if from == len(s) {
			return 0, false
		}
		_, n := char(s[from:], p.utf8)
		from += n
	}
}

// findLast finds the last place where elems match and end at to or before, and
// returns where that begins.
func (p *Pattern) findLast(elems []elem, s string, to int) (start int, ok bool) {
	for {
		if start, ok = p.backward(elems, s, to); ok {
			return start, true
		}
		if to == 0 {
			return 0, false
		}
		_, n := lastChar(s[:to], p.utf8)
		to -= n
	}
}

// forward matches elems, which have no star, at from.
func (p *Pattern) forward(elems []elem, s string, from int) (end int, ok bool) {
	for i := range elems {
		e := &elems[i]
		if e.kind == elemText {
			if !strings.HasPrefix(s[from:], e.text) || p.broken && !sameChars(s[from:], e.text) {
				return 0, false
			}
			from += len(e.text)
			continue
		}
		if from == len(s) {
			return 0, false
		}
		c, n := char(s[from:], p.utf8)
		if e.kind == elemSet && !e.set.has(c) {
			return 0, false
		}
		from += n
	}
	return from, true
}

// sameChars says that s begins with the characters of text, where it is known
// that it begins with its bytes.
func sameChars(s, text string) bool {
	for text != "" {
		_, m := char(text, true)
		if _, n := char(s, true); n != m {
			return false
		}
		s, text = s[m:], text[m:]
	}
	return true
}

// sameLastChars is sameChars for the end of s.
func sameLastChars(s, text string) bool {
	for text != "" {
		_, m := lastChar(text, true)
		if _, n := lastChar(s, true); n != m {
			return false
		}
		s, text = s[:len(s)-m], text[:len(text)-m]
	}
	return true
}

// backward matches elems, which have no star, so that they end at to.
func (p *Pattern) backward(elems []elem, s string, to int) (start int, ok bool) {
	for i := len(elems) - 1; i >= 0; i-- {
		e := &elems[i]
		if e.kind == elemText {
			if !strings.HasSuffix(s[:to], e.text) || p.broken && !sameLastChars(s[:to], e.text) {
				return 0, false
			}
			to -= len(e.text)
			continue
		}
		if to == 0 {
			return 0, false
		}
		c, n := lastChar(s[:to], p.utf8)
		if e.kind == elemSet && !e.set.has(c) {
			return 0, false
		}
		to -= n
	}
	return to, true
}
