package expand

import (
	"strings"
	"unicode/utf8"
)

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
