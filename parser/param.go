package parser

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
