package parser

// condCommand reads [[ expression ]] (from bash).
func (p *Parser) condCommand() Command {
	c := &Cond{Span: p.opening(), src: p.src0}
	c.X = p.condOr()
	t := p.condPeek()
	if !t.isWord("]]") {
		p.expected("`]]`")
	}
	c.End = t.end
	p.take()
	p.pop()
	c.Redirs = p.redirections(&c.Span)
	return c
}

// condPeek is peek inside [[ ]], where newlines do not count.
func (p *Parser) condPeek() *token {
	for p.peek().kind == tNewline {
		p.take()
	}
	return p.peek()
}

func (p *Parser) condOr() CondExpr {
	x := p.condAnd()
	for p.condPeek().kind == tOr {
		p.take()
		x = &CondLogic{Or: true, X: x, Y: p.condAnd()}
	}
	return x
}

func (p *Parser) condAnd() CondExpr {
	x := p.condTerm()
	for p.condPeek().kind == tAnd {
		p.take()
		x = &CondLogic{X: x, Y: p.condTerm()}
	}
	return x
}

func (p *Parser) condTerm() CondExpr {
	t := p.condPeek()
	switch {
	case t.kind == tLParen:
		p.push("(", t.start)
		p.take()
		x := p.condOr()
		if p.condPeek().kind != tRParen {
			p.expected("`)`")
		}
		p.take()
		p.pop()
		return x
	case t.isWord("!"):
		p.push("!", t.start)
		p.take()
		x := p.condTerm()
		p.pop()
		return &CondNot{x}
	case t.kind != tWord || t.isWord("]]"):
		p.expected("an expression")
	}
	if t.isLit && isUnaryTest(t.lit) {
		op := t.lit
		p.take()
		return &CondUnary{Op: op, X: p.condWord(op)}
	}
	x := t.makeWord()
	p.take()
	t = p.condPeek()
	op := ""
	switch {
	case t.kind == tRedir && t.n < 0 && t.op == RedirIn:
		op = "<"
	case t.kind == tRedir && t.n < 0 && t.op == RedirOut:
		op = ">"
	case t.kind == tWord && t.isLit && isBinaryTest(t.lit):
		op = t.lit
	case t.kind == tWord && !t.isWord("]]"):
		p.expected("an operator of [[ ]] such as == or -eq,")
	default:
		return &CondWord{x}
	}
	p.take()
	if op == "=~" {
		return &CondBinary{Op: op, X: x, Y: p.regexWord()}
	}
	return &CondBinary{Op: op, X: x, Y: p.condWord(op)}
}

// condWord takes the word that op needs.
func (p *Parser) condWord(op string) *Word {
	t := p.condPeek()
	if t.kind != tWord || t.isWord("]]") {
		p.expected("a word after `" + op + "`")
	}
	w := t.makeWord()
	p.take()
	return w
}

// regexWord reads the regular expression after =~, in which ( ) and | are
// plain, and blanks too inside parentheses.
func (p *Parser) regexWord() *Word {
	p.have = false
	p.skipBlanks()
	start := p.here()
	parts := p.parts(mRegex)
	if len(parts) == 0 {
		p.expected("a regular expression after `=~`")
	}
	return &Word{Span: Span{start, p.here()}, Parts: parts}
}

func isUnaryTest(s string) bool {
	if len(s) != 2 || s[0] != '-' {
		return false
	}
	switch s[1] {
	case 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'k', 'n', 'o', 'p', 'r', 's',
		't', 'u', 'v', 'w', 'x', 'z', 'G', 'L', 'N', 'O', 'S':
		return true
	}
	return false
}

func isBinaryTest(s string) bool {
	switch s {
	case "=", "==", "!=", "=~", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef":
		return true
	}
	return false
}
