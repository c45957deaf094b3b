package parser

import (
	"io"
	"sort"
	"strings"
)

// eof is what cur and raw give when no byte is left.
const eof = -1

// input is where the next byte comes from. It is a plain value, so that a
// trial reading ($(( as arithmetic) can be taken back by assigning a copy.
type input struct {
	src string
	pos int // index of the next byte in src
	lim int // end of the current line in src

	base      int // offset in the whole input of src[0] of the lowest frame
	line      int // number of the current line
	lineStart int // offset in the whole input of its first byte

	// removed tells for text that was unescaped before it was parsed, before
	// which of its bytes a byte was taken out (ascending).
	removed []int
	// pin, when not nil, is the position of everything read: that of the
	// alias word whose value is being read.
	pin *Pos
	// nested says that src is all there is (a backquoted text, the body of a
	// here-document): its end is not the end of the input.
	nested bool
	frame  *frame
}

// frame is an alias whose value is being read, with the place to go back to.
// A barrier stands for a nested text: aliases outside it stay guarded, but
// reading does not go on in them.
type frame struct {
	name   string
	parent *frame // to be read on in at the end
	// guard is the frame that the alias word began in. It may have come to its
	// end with that word, and so is not always the parent.
	guard    *frame
	src      string
	pos, lim int
	pin      *Pos
	at       Pos
	blank    bool // the value ends in a blank
	barrier  bool
}

// inAlias says that the next byte comes from the value of an alias.
func (p *Parser) inAlias() bool { return p.frame != nil && !p.frame.barrier }

// cur gives the next byte without taking it, past line continuations.
func (p *Parser) cur() int {
	for {
		if p.pos < p.lim {
			c := p.src[p.pos]
			if c == '\\' && p.pos+1 < p.lim && p.src[p.pos+1] == '\n' {
				p.pos += 2
				continue
			}
			return int(c)
		}
		if !p.more() {
			return eof
		}
	}
}

// raw gives the next byte without taking it; line continuations are bytes like
// any other.
func (p *Parser) raw() int {
	for p.pos >= p.lim {
		if !p.more() {
			return eof
		}
	}
	return int(p.src[p.pos])
}

// after gives the byte after the next one where it is in the same line of the
// same text, else eof.
func (p *Parser) after() int {
	if p.pos+1 < p.lim {
		return int(p.src[p.pos+1])
	}
	return eof
}

// more goes on to the next line, or from the end of an alias to the text that
// follows it. False: there is no more.
func (p *Parser) more() bool {
	if p.inAlias() {
		f := p.frame
		p.src, p.pos, p.lim, p.pin, p.frame = f.src, f.pos, f.lim, f.pin, f.parent
		if f.blank {
			p.aliasNext = true
		}
		return true
	}
	if !p.nested {
		// A trial that was taken back may have left src older than the text.
		p.src = p.text
	}
	if p.lim >= len(p.src) && !p.fetch() {
		return false
	}
	p.line++
	p.lineStart = p.offset(p.lim)
	if i := strings.IndexByte(p.src[p.lim:], '\n'); i >= 0 {
		p.lim += i + 1
	} else {
		p.lim = len(p.src)
	}
	return true
}

// fetch asks the reader for one more line.
func (p *Parser) fetch() bool {
	if p.nested || p.atEOF || p.lines == nil {
		if !p.nested {
			p.atEOF = true
		}
		return false
	}
	s, err := p.lines.ReadLine(p.begun)
	p.begun = true
	if err != nil {
		p.atEOF = true
		if err != io.EOF {
			panic(readError{err})
		}
	}
	s = dropNUL(s)
	if s == "" {
		if err == nil {
			return p.fetch()
		}
		return false
	}
	// A Builder never changes what it has handed out, so earlier strings of
	// the tree stay right while the text grows, and growing is linear.
	p.buf.WriteString(s)
	p.text = p.buf.String()
	p.src = p.text
	p.fetched++
	return true
}

// offset gives the place in the whole input of src[i].
func (p *Parser) offset(i int) int {
	if p.removed != nil {
		i += sort.SearchInts(p.removed, i+1)
	}
	return p.base + i
}

// here is the position of the next byte.
func (p *Parser) here() Pos {
	if p.pin != nil {
		return *p.pin
	}
	o := p.base + p.pos
	if p.removed != nil {
		o = p.offset(p.pos)
	}
	return Pos{Offset: o, Line: p.line, Col: o - p.lineStart + 1}
}

// nest makes text the input, to be followed by nothing; the result gives the
// present input back when assigned to p.input. at is where text begins.
func (p *Parser) nest(text string, removed []int, at Pos, lineStart int) (outer input) {
	outer = p.input
	n := input{
		src:       text,
		base:      at.Offset,
		line:      at.Line,
		lineStart: lineStart,
		pin:       p.pin,
		nested:    true,
		frame:     &frame{parent: p.frame, guard: p.frame, barrier: true},
	}
	if len(removed) > 0 {
		n.removed = removed
	}
	n.lim = len(text)
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		n.lim = i + 1
	}
	p.input = n
	return outer
}

// pushAlias makes value the text that is read next.
func (p *Parser) pushAlias(name, value string, at Pos, guard *frame) {
	value = dropNUL(value)
	f := &frame{
		name:   name,
		parent: p.frame,
		guard:  guard,
		src:    p.src, pos: p.pos, lim: p.lim, pin: p.pin,
		at:    at,
		blank: value != "" && isBlank(value[len(value)-1]),
	}
	p.frame = f
	p.src, p.pos, p.lim = value, 0, len(value)
	p.pin = &f.at
}

// aliasActive says that a word that began in f came from the value of the alias
// name.
func aliasActive(f *frame, name string) bool {
	for ; f != nil; f = f.guard {
		if !f.barrier && f.name == name {
			return true
		}
	}
	return false
}

// dropNUL takes the NUL bytes out of s, as bash and dash do.
func dropNUL(s string) string {
	if strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(s, "\x00", "")
}
