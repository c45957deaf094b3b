package parser

// need takes the reserved word s, which must stand next.
func (p *Parser) need(s string) Pos {
	t := p.peekCommand()
	if !t.isWord(s) {
		p.expected("`" + s + "`")
	}
	p.take()
	return t.end
}

// opening takes the word that opens a construct.
func (p *Parser) opening() Span {
	t := p.peek()
	p.push(t.lit, t.start)
	p.take()
	return Span{t.start, t.end}
}

// subshell reads ( list ).
func (p *Parser) subshell() Command {
	t := p.peek()
	start := t.start
	if p.pos < p.lim && p.src[p.pos] == '(' {
		p.refuseArithCommand(start)
	}
	p.push("(", start)
	p.take()
	c := &Subshell{src: p.src0}
	c.Body = p.list("(")
	if t = p.peek(); t.kind != tRParen {
		p.expected("`)`")
	}
	c.Span = Span{start, t.end}
	p.take()
	p.pop()
	c.Redirs = p.redirections(&c.Span)
	return c
}

// refuseArithCommand refuses ((…)) where the text can be read so; else it is
// one subshell in another.
func (p *Parser) refuseArithCommand(start Pos) {
	key := p.offset(p.pos)
	if p.notArith[key] && !p.inAlias() {
		return
	}
	back, tok := p.mark(), p.tok
	a, err := p.tryArith(start)
	if a != nil {
		p.refuse(start, "jsh has no ((…)) (POSIX.1-2024 has none); use x=$((…)) or [ … ], and for a subshell in another ( (…) )")
	}
	p.rewind(back)
	p.tok, p.have = tok, true
	if !p.inAlias() {
		if p.notArith == nil {
			p.notArith = make(map[int]bool)
		}
		p.notArith[key] = true
		// Where no end was found, the parentheses that follow directly would
		// not find theirs either.
		for i := p.pos + 1; err != nil && err.Incomplete && i < p.lim && p.src[i] == '('; i++ {
			p.notArith[p.offset(i)] = true
		}
	}
}

func (p *Parser) braceCommand() Command {
	c := &Brace{Span: p.opening(), src: p.src0}
	c.Body = p.list("{")
	c.End = p.need("}")
	p.pop()
	c.Redirs = p.redirections(&c.Span)
	return c
}

func (p *Parser) ifCommand() Command {
	c := &If{Span: p.opening(), src: p.src0}
	word := "if"
	for {
		cond := p.list(word)
		p.need("then")
		c.Clauses = append(c.Clauses, IfClause{Cond: cond, Then: p.list("then")})
		if !p.peekCommand().isWord("elif") {
			break
		}
		word = "elif"
		p.take()
	}
	if p.peekCommand().isWord("else") {
		p.take()
		c.Else = p.list("else")
	}
	c.End = p.need("fi")
	p.pop()
	c.Redirs = p.redirections(&c.Span)
	return c
}

func (p *Parser) whileCommand() Command {
	word := p.peek().lit
	c := &While{Span: p.opening(), Until: word == "until", src: p.src0}
	c.Cond = p.list(word)
	c.Body, c.End = p.doGroup()
	p.pop()
	c.Redirs = p.redirections(&c.Span)
	return c
}

func (p *Parser) doGroup() (*Program, Pos) {
	p.need("do")
	body := p.list("do")
	return body, p.need("done")
}

func (p *Parser) forCommand() Command {
	c := &For{Span: p.opening(), src: p.src0}
	t := p.peek()
	if t.kind == tLParen {
		p.refuse(t.start, "jsh has no for ((…)) (POSIX.1-2024 has none); use while")
	}
	if t.kind != tWord {
		p.expected("the name of a variable")
	}
	if !t.isLit || !isName(t.lit) {
		p.fail(t.start, describe(t)+" after `for` is not a name: letters, digits and _ only, not beginning with a digit")
	}
	c.Name = t.lit
	p.take()
	if p.peek().kind == tSemi {
		p.take()
		p.skipNewlines()
	} else {
		for p.peek().kind == tNewline {
			p.take()
		}
		if p.peek().isWord("in") {
			p.take()
			c.HasIn = true
			p.forWords(c)
		}
	}
	c.Body, c.End = p.doGroup()
	p.pop()
	c.Redirs = p.redirections(&c.Span)
	return c
}

// forWords reads the words after in and the ; or newline that ends them.
func (p *Parser) forWords(c *For) {
	for {
		switch t := p.peek(); t.kind {
		case tWord:
			c.Words = append(c.Words, t.makeWord())
			p.take()
			continue
		case tSemi, tNewline:
			p.take()
			p.skipNewlines()
			return
		default:
			p.expected("a word, or ; or a new line before `do`,")
		}
	}
}

func (p *Parser) caseCommand() Command {
	c := &Case{Span: p.opening(), src: p.src0}
	t := p.peek()
	if t.kind != tWord {
		p.expected("a word after `case`")
	}
	c.Word = t.makeWord()
	p.take()
	for p.peek().kind == tNewline {
		p.take()
	}
	if !p.peek().isWord("in") {
		p.expected("`in`")
	}
	p.take()
	for {
		for p.peek().kind == tNewline {
			p.take()
		}
		if t := p.peek(); t.isWord("esac") {
			c.End = t.end
			p.take()
			break
		}
		item, last := p.caseItem()
		c.Items = append(c.Items, item)
		if last {
			c.End = p.need("esac")
			break
		}
	}
	p.pop()
	c.Redirs = p.redirections(&c.Span)
	return c
}

// caseItem reads patterns) list ;; — last says that the ;; was missing, which
// only the last item may.
func (p *Parser) caseItem() (item *CaseItem, last bool) {
	item = &CaseItem{}
	item.Start = p.peek().start
	if p.peek().kind == tLParen {
		p.take()
	}
	for {
		t := p.peek()
		if t.kind != tWord {
			p.expected("a pattern, or `esac`,")
		}
		item.Patterns = append(item.Patterns, t.makeWord())
		p.take()
		t = p.peek()
		if t.kind == tPipe {
			p.take()
			continue
		}
		if t.kind != tRParen {
			p.expected("`)` or `|` after the pattern")
		}
		item.End = t.end
		p.take()
		break
	}
	item.Body = p.compoundList()
	if n := len(item.Body.Stmts); n > 0 {
		item.End = item.Body.End
	}
	switch t := p.peek(); t.kind {
	case tSemiAmp:
		item.FallThrough = true
		fallthrough
	case tDSemi:
		item.End = t.end
		p.take()
		return item, false
	}
	if !p.peek().isWord("esac") {
		p.expected("`;;` or `esac`")
	}
	return item, true
}

// function reads () and the body of the function whose name has been read.
func (p *Parser) function(name *Word) Command {
	l := soleLit(name.Parts)
	if l == nil {
		p.fail(name.Start, "the name of a function must be plain, without quotes or $")
	}
	c := &FuncDef{Name: l.Text, src: p.src0}
	c.Start = name.Start
	p.push("()", p.peek().start)
	p.take()
	if p.peek().kind != tRParen {
		p.expected("`)` after `" + l.Text + "(`, as in name() { …; },")
	}
	p.take()
	p.skipNewlines()
	t := p.peekCommand()
	ok := t.kind == tLParen
	if t.kind == tWord && t.isLit {
		switch reserved(t.lit) {
		case rIf, rWhile, rUntil, rFor, rCase, rBrace, rCond:
			ok = true
		}
	}
	if !ok {
		p.pop()
		p.expectedPlain("a compound command, such as { …; }, as the body of " + l.Text + "()")
	}
	c.Body = p.command()
	p.pop()
	c.End = c.Body.Where().End
	if p.verbatim(c.Start) && p.removed == nil {
		c.Source = p.src[c.Start.Offset-p.base : c.End.Offset-p.base]
	} else {
		p.late = append(p.late, lateSource{fn: c})
	}
	return c
}
