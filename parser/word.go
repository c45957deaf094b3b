package parser

import (
	"strings"
	"unicode/utf8"
)

// collector gathers the parts of a word. Text that stands together in the
// input becomes a Lit without being copied.
type collector struct {
	p   *Parser
	out []WordPart
	run int    // where in p.src the text begins that is not yet in buf or out
	buf []byte // text before run that did not stand together with it
}

// save moves the text up to the present place to buf.
func (c *collector) save() {
	c.buf = append(c.buf, c.p.src[c.run:c.p.pos]...)
	c.run = c.p.pos
}

// flush makes a Lit of the text up to the present place.
func (c *collector) flush() {
	if len(c.buf) > 0 {
		c.save()
		c.out = append(c.out, &Lit{string(c.buf)})
		c.buf = c.buf[:0]
	} else if c.run < c.p.pos {
		c.out = append(c.out, &Lit{c.p.src[c.run:c.p.pos]})
		c.run = c.p.pos
	}
}

// add appends a part that was read from the input, which now stands after it.
func (c *collector) add(part WordPart) {
	c.out = append(c.out, part)
	c.run = c.p.pos
}

// parts reads text by the rules of m up to the byte that ends it, which is not
// taken.
func (p *Parser) parts(m mode) []WordPart {
	c := collector{p: p, run: p.pos}
	depth := 0 // of parentheses, in mArith and mRegex
	for {
		for p.pos < p.lim && class[p.src[p.pos]]&m == 0 {
			p.pos++
		}
		if p.pos >= p.lim {
			if p.inAlias() {
				c.save()
				p.more()
				c.run = p.pos
				continue
			}
			if p.more() {
				continue
			}
			if m&(mToken|mHere) == 0 {
				p.unclosed()
			}
			c.flush()
			return c.out
		}
		switch b := p.src[p.pos]; b {
		case '\\':
			p.backslash(&c, m)
		case '\'':
			c.flush()
			c.add(p.singleQuoted())
		case '"':
			if m == mDbl {
				c.flush()
				return c.out
			}
			c.flush()
			c.add(p.doubleQuoted())
		case '$':
			p.dollar(&c, m)
		case '`':
			c.flush()
			c.add(p.backquoted(m))
		case '(':
			if m&(mArith|mRegex) == 0 {
				c.flush()
				return c.out
			}
			depth++
			p.pos++
		case ')':
			if depth == 0 {
				c.flush()
				return c.out
			}
			depth--
			p.pos++
		case '|':
			if m == mRegex && (depth > 0 || p.after() != '|') {
				p.pos++
				continue
			}
			c.flush()
			return c.out
		case ' ', '\t', '<', '>', '&', ';':
			if m == mRegex && depth > 0 {
				p.pos++
				continue
			}
			c.flush()
			return c.out
		default:
			c.flush()
			return c.out
		}
	}
}

// backslash reads an escape, or a backslash that is plain text in m.
func (p *Parser) backslash(c *collector, m mode) {
	next := p.after()
	if next == '\n' {
		c.save()
		p.pos += 2
		c.run = p.pos
		return
	}
	if m.quoted() {
		switch next {
		case '$', '`', '\\':
		case '"':
			if m == mHere {
				p.pos++
				return
			}
		case '}':
			if m != mDblBrace {
				p.pos++
				return
			}
		default:
			p.pos++
			return
		}
	}
	c.flush()
	if next == eof { // at the end of the input or of an alias it stands for itself
		p.pos++
		c.add(&Quoted{Text: `\`, Form: '\\'})
		return
	}
	size := 1
	if next >= utf8.RuneSelf {
		_, size = utf8.DecodeRuneInString(p.src[p.pos+1 : p.lim])
	}
	text := p.src[p.pos+1 : p.pos+1+size]
	p.pos += 1 + size
	c.add(&Quoted{Text: text, Form: '\\'})
}

// singleQuoted reads '…'.
func (p *Parser) singleQuoted() *Quoted {
	p.push("'", p.here())
	p.pos++
	text := p.rawUntil('\'')
	p.pop()
	return &Quoted{Text: text, Form: '\''}
}

// rawUntil takes the text before the next end, and end.
func (p *Parser) rawUntil(end byte) string {
	var buf []byte
	start := p.pos
	for {
		if i := strings.IndexByte(p.src[p.pos:p.lim], end); i >= 0 {
			text := p.src[start : p.pos+i]
			p.pos += i + 1
			if buf != nil {
				text = string(append(buf, text...))
			}
			return text
		}
		p.pos = p.lim
		moved := p.inAlias()
		if moved {
			buf = append(buf, p.src[start:p.pos]...)
			if buf == nil {
				buf = []byte{}
			}
		}
		if !p.more() {
			p.unclosed()
		}
		if moved {
			start = p.pos
		}
	}
}

// doubleQuoted reads "…".
func (p *Parser) doubleQuoted() *DblQuoted {
	p.push(`"`, p.here())
	p.pos++
	parts := p.parts(mDbl)
	p.pos++
	p.pop()
	return &DblQuoted{Parts: parts}
}

// dollar reads what begins with $ (POSIX 2.6), or a $ that is plain text.
func (p *Parser) dollar(c *collector, m mode) {
	next := p.after()
	if next != '\\' && next != eof {
		if !p.expands(next, m) {
			p.pos++
			return
		}
		c.flush()
		start := p.here()
		p.pos++
		c.add(p.expansion(start, m))
		return
	}
	// The byte after $ is not beside it: a line continuation, the end of an
	// alias or of the input.
	start := p.here()
	c.save()
	p.pos++
	next = p.cur()
	c.run = p.pos
	if next == eof || !p.expands(next, m) {
		c.buf = append(c.buf, '$')
		return
	}
	c.flush()
	c.add(p.expansion(start, m))
}

// expands says whether $ followed by c begins an expansion or a quote.
func (p *Parser) expands(c int, m mode) bool {
	switch c {
	case '{', '(', '@', '*', '#', '?', '-', '$', '!':
		return true
	case '\'', '"':
		return !m.quoted()
	}
	return isNameByte(c)
}

// expansion reads the rest of an expansion whose $, at start, has been taken.
func (p *Parser) expansion(start Pos, m mode) WordPart {
	switch c := p.cur(); c {
	case '\'':
		return p.dollarQuoted(start)
	case '"': // bash translates $"…"; without a translation it is "…"
		return p.doubleQuoted()
	case '{':
		return p.braced(start, m)
	case '(':
		return p.parenthesized(start)
	default:
		var name string
		if isNameStart(c) {
			name = p.name()
		} else {
			name = p.src[p.pos : p.pos+1]
			p.pos++
		}
		return &Param{Span: Span{start, p.here()}, Name: name}
	}
}

// name takes the longest name that stands next.
func (p *Parser) name() string {
	start := p.pos
	for p.pos < p.lim && isNameByte(int(p.src[p.pos])) {
		p.pos++
	}
	if p.pos < p.lim && p.src[p.pos] != '\\' {
		return p.src[start:p.pos]
	}
	buf := []byte(p.src[start:p.pos])
	for c := p.cur(); c != eof && isNameByte(c); c = p.cur() {
		buf = append(buf, byte(c))
		p.pos++
	}
	return string(buf)
}
