package parser

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
