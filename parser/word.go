package parser

import (
	"strconv"
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

// braced reads {…} of a parameter expansion (POSIX 2.6.2).
func (p *Parser) braced(start Pos, m mode) *Param {
	p.push("${", start)
	p.pos++
	prm := &Param{Braced: true}
	c := p.cur()
	switch {
	case c == '#':
		p.hashParam(prm)
	case c == '!':
		p.pos++
		prm.Name = "!"
		if n := p.cur(); n != eof && isNameByte(n) {
			p.refuse(start, "jsh has no ${!…} (POSIX.1-2024 has none); use eval, with care")
		}
	default:
		prm.Name = p.paramName(start)
	}
	if prm.Op == ParamPlain {
		p.paramOp(start, prm, m)
	}
	if p.cur() != '}' {
		p.badSubst(start)
	}
	p.pos++
	p.pop()
	prm.Span = Span{start, p.here()}
	return prm
}

// paramName takes the name of a parameter.
func (p *Parser) paramName(start Pos) string {
	c := p.cur()
	switch {
	case c != eof && isNameStart(c):
		return p.name()
	case isDigit(c):
		var buf []byte
		for ; isDigit(c); c = p.cur() {
			buf = append(buf, byte(c))
			p.pos++
		}
		return string(buf)
	case isSpecialParam(c):
		p.pos++
		return string(rune(c))
	}
	p.badSubst(start)
	return ""
}

func isSpecialParam(c int) bool {
	switch c {
	case '@', '*', '#', '?', '-', '$', '!':
		return true
	}
	return false
}

// hashParam reads what follows ${ where that is a #: ${#x} is the length of x,
// but ${#}, ${#-word} and the like are about the parameter #.
func (p *Parser) hashParam(prm *Param) {
	p.pos++
	prm.Name = "#"
	c := p.cur()
	if c != eof && isNameByte(c) {
		prm.Name, prm.Op = p.paramName(p.here()), ParamLength
		if p.cur() == '[' {
			p.refuse(p.here(), noArrays)
		}
		return
	}
	if !isSpecialParam(c) {
		return
	}
	back := p.input
	p.pos++
	if p.cur() == '}' {
		prm.Name, prm.Op = string(rune(c)), ParamLength
		return
	}
	p.input = back
}

// paramOp reads the operator of ${…} and the word after it.
func (p *Parser) paramOp(start Pos, prm *Param, m mode) {
	c := p.cur()
	if c == ':' {
		p.pos++
		prm.Colon = true
		c = p.cur()
	}
	switch c {
	case '-':
		prm.Op = ParamDefault
	case '=':
		prm.Op = ParamAssign
	case '?':
		prm.Op = ParamError
	case '+':
		prm.Op = ParamAlternative
	default:
		if prm.Colon {
			p.refuse(start, "jsh has no ${x:offset:length} (POSIX.1-2024 has none)")
		}
	}
	if prm.Op != ParamPlain {
		p.pos++
		inner := mBrace
		if m.quoted() {
			inner = mDblBrace
		}
		prm.Arg = p.paramWord(inner)
		return
	}
	switch c {
	case '}':
		return
	case '%':
		prm.Op = p.doubled('%', ParamTrimSuffix, ParamTrimSuffixLong)
	case '#':
		prm.Op = p.doubled('#', ParamTrimPrefix, ParamTrimPrefixLong)
	case '[':
		p.refuse(start, noArrays)
	case '/':
		p.refuse(start, "jsh has no ${x/pattern/text} (POSIX.1-2024 has none); use sed, or ${x#pattern} and ${x%pattern}")
	case '^', ',':
		p.refuse(start, "jsh has no ${x"+string(rune(c))+"} (POSIX.1-2024 has none); use tr")
	case '@':
		p.refuse(start, "jsh has no ${x@…} (POSIX.1-2024 has none)")
	default:
		if c == eof {
			p.unclosed()
		}
		p.badSubst(start)
	}
	// The pattern follows the rules outside double-quotes even inside them.
	prm.Arg = p.paramWord(mBrace)
}

// doubled takes c, and a second one if there is one.
func (p *Parser) doubled(c int, one, two ParamOp) ParamOp {
	p.pos++
	if p.cur() == c {
		p.pos++
		return two
	}
	return one
}

func (p *Parser) paramWord(m mode) *Word {
	at := p.here()
	parts := p.parts(m)
	return &Word{Span: Span{at, p.here()}, Parts: parts}
}

func (p *Parser) badSubst(start Pos) {
	switch p.cur() {
	case eof:
		p.unclosed()
	case ' ', '\t', '\n':
		p.fail(start, "${ must be followed by a name and an operator or }, without blanks")
	}
	p.fail(start, "this ${…} is not one that POSIX knows")
}

// parenthesized reads (…) or ((…)) after a $.
func (p *Parser) parenthesized(start Pos) WordPart {
	p.pos++
	if p.cur() != '(' {
		return p.commandSubst(start)
	}
	// POSIX 2.6.3: arithmetic, if it can be read so, else $( (…) … ).
	key := p.offset(p.pos)
	if p.notArith[key] && !p.inAlias() {
		return p.commandSubst(start)
	}
	back := p.mark()
	a, err := p.tryArith(start)
	if a != nil {
		return a
	}
	p.rewind(back)
	if !p.inAlias() {
		if p.notArith == nil {
			p.notArith = make(map[int]bool)
		}
		p.notArith[key] = true
	}
	if err == nil {
		return p.commandSubst(start)
	}
	return p.commandSubstOr(start, err)
}

// mark is all that a trial reading changes.
type mark struct {
	in                            input
	open, late, aliases, hereSpan int
	heres                         []*hereDoc
	strayEnd                      Pos
	src0                          *source
	hereIn                        []string
}

func (p *Parser) mark() mark {
	return mark{p.input, len(p.open), len(p.late), len(p.src0.aliases), len(p.src0.heres), p.heres, p.strayEnd, p.src0, p.hereIn}
}

func (p *Parser) rewind(m mark) {
	p.input = m.in
	p.open = p.open[:m.open]
	p.late = p.late[:m.late]
	p.src0, p.hereIn = m.src0, m.hereIn
	p.src0.aliases = p.src0.aliases[:m.aliases]
	p.src0.heres = p.src0.heres[:m.hereSpan]
	p.heres = m.heres
	p.strayEnd = m.strayEnd
	p.have = false
	p.aliasNext = false
}

// tryArith reads ((…)) after $; nil where it is not arithmetic. The error
// tells why it could not be read to its end.
func (p *Parser) tryArith(start Pos) (a *Arith, err *SyntaxError) {
	defer func() {
		if e := recover(); e != nil {
			s, ok := e.(*SyntaxError)
			if !ok || s.final {
				panic(e)
			}
			a, err = nil, s
		}
	}()
	p.push("$((", start)
	p.pos++
	at := p.here()
	parts := p.parts(mArith)
	end := p.here()
	p.pos++
	if p.cur() != ')' {
		return nil, nil
	}
	p.pos++
	p.pop()
	return &Arith{Span: Span{start, p.here()}, Expr: &Word{Span: Span{at, end}, Parts: parts}}, nil
}

// commandSubstOr reads (…) after $; where that fails too, first is what is
// reported.
func (p *Parser) commandSubstOr(start Pos, first *SyntaxError) WordPart {
	defer func() {
		if e := recover(); e != nil {
			if _, ok := e.(*SyntaxError); ok {
				panic(first)
			}
			panic(e)
		}
	}()
	return p.commandSubst(start)
}

// commandSubst reads the list and ) of $(…) (POSIX 2.6.3).
func (p *Parser) commandSubst(start Pos) *CmdSubst {
	p.push("$(", start)
	cs := &CmdSubst{}
	from, outer := p.pos, p.heres
	p.heres = nil
	cs.Body = p.compoundList()
	if t := p.peek(); t.kind != tRParen {
		p.expected("`)`")
	}
	p.take()
	p.pop()
	cs.Span = Span{start, p.here()}
	if p.verbatim(start) {
		cs.Source = p.src[from : p.pos-1]
	} else {
		p.late = append(p.late, lateSource{subst: cs})
	}
	// A here-document without a body so far gets it after the next newline,
	// as in dash.
	p.heres = append(outer[:len(outer):len(outer)], p.heres...)
	return cs
}

// backquoted reads `…`: the text without its backslashes is parsed as $(…)
// would be.
func (p *Parser) backquoted(m mode) *CmdSubst {
	start := p.here()
	p.push("`", start)
	p.pos++
	at, lineStart, aliased := p.here(), p.lineStart, p.inAlias()
	from := p.pos
	var buf []byte
	var removed []int
	for {
		c := p.raw()
		if c == eof {
			p.unclosed()
		}
		if c == '`' {
			break
		}
		if c == '\\' {
			p.pos++
			next := p.raw()
			switch {
			case next == '$' || next == '`' || next == '\\' || next == '"' && m.quoted() && m != mHere && m != mArith:
				if !aliased {
					if removed == nil {
						buf = append(buf, p.src[from:p.pos-1]...)
					}
					removed = append(removed, len(buf))
				}
				c = next
			default:
				if aliased || removed != nil {
					buf = append(buf, '\\')
				}
				continue
			}
		}
		if aliased || removed != nil {
			buf = append(buf, byte(c))
		}
		p.pos++
	}
	var text string
	if aliased || removed != nil {
		text = string(buf)
	} else {
		text = p.src[from:p.pos]
	}
	outer := p.nest(text, removed, at, lineStart)
	heres, aliases, src0 := p.heres, len(p.src0.aliases), p.src0
	p.heres = nil
	if removed != nil || aliased {
		p.src0 = &source{cooked: true}
		aliases = 0
	}
	cs := &CmdSubst{Backquote: true, Body: p.compoundList(), Source: text}
	if p.peek().kind != tEOF {
		p.unexpected()
	}
	if len(p.src0.aliases) > aliases {
		cs.Source = ""
		p.late = append(p.late, lateSource{subst: cs})
	}
	if p.src0 != src0 {
		src0.aliases = append(src0.aliases, p.src0.aliases...)
		p.src0 = src0
	}
	p.take()
	p.input, p.heres = outer, heres
	p.pos++
	p.pop()
	cs.Span = Span{start, p.here()}
	return cs
}

// dollarQuoted reads '…' after a $ (POSIX.1-2024 2.2.4).
func (p *Parser) dollarQuoted(start Pos) *Quoted {
	p.push("$'", start)
	p.pos++
	var raw []byte
	for {
		c := p.raw()
		if c == eof {
			p.unclosed()
		}
		p.pos++
		if c == '\'' {
			break
		}
		raw = append(raw, byte(c))
		if c == '\\' {
			if c = p.raw(); c == eof {
				p.unclosed()
			}
			raw = append(raw, byte(c))
			p.pos++
		}
	}
	p.pop()
	return &Quoted{Text: unescape(raw), Form: '$'}
}

// unescape gives the bytes that the inside of $'…' stands for. A NUL ends the
// text, as in bash.
func unescape(s []byte) string {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			out = append(out, s[i])
			continue
		}
		i++
		var v uint64
		switch c := s[i]; c {
		case 'a':
			v = 7
		case 'b':
			v = 8
		case 'e', 'E':
			v = 27
		case 'f':
			v = 12
		case 'n':
			v = 10
		case 'r':
			v = 13
		case 't':
			v = 9
		case 'v':
			v = 11
		case '\\', '\'', '"', '?':
			v = uint64(c)
		case 'c':
			if i+1 == len(s) {
				out = append(out, '\\', 'c')
				continue
			}
			i++
			if s[i] == '\\' && i+1 < len(s) && s[i+1] == '\\' {
				i++
			}
			if v = uint64(s[i]) & 0x1f; s[i] == '?' {
				v = 0x7f
			}
		case '0', '1', '2', '3', '4', '5', '6', '7':
			n := digits(s[i:], 3, 8)
			v, _ = strconv.ParseUint(string(s[i:i+n]), 8, 64)
			v &= 0xff
			i += n - 1
		case 'x', 'u', 'U':
			max := 2
			if c == 'u' {
				max = 4
			} else if c == 'U' {
				max = 8
			}
			n := digits(s[i+1:], max, 16)
			if n == 0 {
				out = append(out, '\\', c)
				continue
			}
			v, _ = strconv.ParseUint(string(s[i+1:i+1+n]), 16, 64)
			i += n
			if c != 'x' && v != 0 {
				out = utf8.AppendRune(out, rune(v))
				continue
			}
		default:
			out = append(out, '\\', c)
			continue
		}
		if v == 0 {
			return string(out)
		}
		out = append(out, byte(v))
	}
	return string(out)
}

// digits counts the digits of base that s begins with, up to max.
func digits(s []byte, max, base int) int {
	n := 0
	for n < max && n < len(s) {
		if _, err := strconv.ParseUint(string(s[n:n+1]), base, 8); err != nil {
			break
		}
		n++
	}
	return n
}
