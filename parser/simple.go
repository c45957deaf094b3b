package parser

// simple reads a simple command (POSIX 2.9.1), or the definition of a function
// where its name turns out to be followed by ().
func (p *Parser) simple() Command {
	b := &struct {
		c     Simple
		words [4]*Word
	}{}
	c := &b.c
	c.src = p.src0
	c.Words = b.words[:0]
	c.Span = Span{p.peek().start, p.peek().start}
	for {
		t := p.peek()
		switch t.kind {
		case tRedir:
			c.Redirs = append(c.Redirs, p.redirection())
			c.End = c.Redirs[len(c.Redirs)-1].End
			continue
		case tLParen:
			if len(c.Words) == 1 && len(c.Assigns) == 0 && len(c.Redirs) == 0 {
				return p.function(c.Words[0])
			}
			p.strayParen(c)
		case tWord:
			if len(c.Words) > 0 {
				if t.isLit && t.lit == "}" {
					p.strayEnd = t.start
				}
				c.Words = append(c.Words, t.makeWord())
				c.End = t.end
				p.take()
				continue
			}
			if n := p.assignPrefix(t); n > 0 {
				w := t.makeWord()
				c.Assigns = append(c.Assigns, assign(w, n))
				c.End = t.end
				p.take()
				if t := p.peek(); t.kind == tLParen && t.start.Offset == c.End.Offset {
					p.refuse(t.start, noArrays)
				}
				continue
			}
			if len(c.Assigns)+len(c.Redirs) > 0 && !t.aliasKnown && p.replaceByAlias(t) {
				p.take()
				continue
			}
			c.Words = append(c.Words, t.makeWord())
			c.End = t.end
			p.take()
			continue
		}
		return c
	}
}

// strayParen reports a ( after a word.
func (p *Parser) strayParen(c *Simple) {
	t := p.peek()
	if n := len(c.Words); n > 0 {
		w := c.Words[n-1]
		if l, ok := w.Parts[len(w.Parts)-1].(*Lit); ok && l.Text[len(l.Text)-1] == '=' && w.End.Offset == t.start.Offset {
			p.refuse(t.start, noArrays)
		}
	}
	p.fail(t.start, "`(` cannot stand here; quote it if it is part of a word")
}

// assignPrefix gives how many bytes of the word t are NAME= or NAME+=; 0 where
// it is not an assignment.
func (p *Parser) assignPrefix(t *token) int {
	text := t.lit
	if !t.isLit {
		l, ok := t.word.Parts[0].(*Lit)
		if !ok {
			return 0
		}
		text = l.Text
	}
	n, element := assignName(text)
	if element && n == 0 && !t.isLit {
		// The subscript goes on in the parts that follow.
		for _, part := range t.word.Parts[1:] {
			if l, ok := part.(*Lit); ok {
				if m, _ := assignName("a[" + l.Text); m > 0 {
					n = m
				}
			}
		}
	}
	if element && n > 0 {
		p.refuse(t.start, noArrays)
	}
	if element {
		return 0
	}
	return n
}

// assignName gives the length of the NAME= or NAME+= that s begins with, or of
// the NAME[…]= (then element is true); 0 where there is none. element with 0:
// s begins with NAME[.
func assignName(s string) (n int, element bool) {
	if s == "" || !isNameStart(int(s[0])) {
		return 0, false
	}
	i := 1
	for i < len(s) && isNameByte(int(s[i])) {
		i++
	}
	if i < len(s) && s[i] == '[' {
		element = true
		for i < len(s) && s[i] != ']' {
			i++
		}
		i++
	}
	if i < len(s) && s[i] == '+' {
		i++
	}
	if i < len(s) && s[i] == '=' {
		return i + 1, element
	}
	return 0, element
}

// assign makes w, which begins with NAME= or NAME+= in n bytes, an Assign. The
// parts of w are used.
func assign(w *Word, n int) *Assign {
	l := w.Parts[0].(*Lit)
	a := &Assign{Span: w.Span, Name: l.Text[:n-1], Value: w}
	if a.Name[n-2] == '+' {
		a.Name, a.Append = a.Name[:n-2], true
	}
	if w.Start.Line > 0 {
		w.Start.Offset += n
		w.Start.Col += n
	}
	if l.Text = l.Text[n:]; l.Text == "" {
		w.Parts = w.Parts[1:]
	}
	return a
}

// AsAssign gives w as an assignment where it is literally NAME=value or
// NAME+=value: so the operands of the declaration utilities (export, readonly)
// are expanded (POSIX.1-2024 2.9.1.1). w is not changed.
func (w *Word) AsAssign() (*Assign, bool) {
	if len(w.Parts) == 0 {
		return nil, false
	}
	l, ok := w.Parts[0].(*Lit)
	if !ok {
		return nil, false
	}
	n, element := assignName(l.Text)
	if n == 0 || element {
		return nil, false
	}
	c := &Word{Span: w.Span, Parts: append([]WordPart(nil), w.Parts...)}
	c.Parts[0] = &Lit{l.Text}
	return assign(c, n), true
}

// redirection reads one redirection (POSIX 2.7).
func (p *Parser) redirection() *Redir {
	t := p.peek()
	r := &Redir{Op: t.op, N: t.n, Strip: t.strip}
	r.Start = t.start
	p.push(t.text(), t.start)
	p.take()
	w := p.peek()
	if w.kind != tWord {
		c := p.open[len(p.open)-1]
		p.pop()
		what := "a file name after `" + c.word + "`"
		switch r.Op {
		case RedirHere:
			what = "the word that ends the here-document after `" + c.word + "`"
		case RedirHereStr:
			what = "a word after `" + c.word + "`"
		case RedirDupIn, RedirDupOut:
			what = "a descriptor or - after `" + c.word + "`"
		}
		p.expectedPlain(what)
	}
	r.Word = w.makeWord()
	r.End = w.end
	if (r.Op == RedirDupIn || r.Op == RedirDupOut) && w.isLit && w.lit != "-" {
		if _, ok := ioNumber(w.lit); !ok {
			op := r.Op.String()
			p.refuse(w.start, "`"+op+"` must be followed by the number of a descriptor or -, not by `"+w.lit+"`; for both outputs to a file write &>file")
		}
	}
	if r.Op == RedirHere {
		p.addHereDoc(r)
	}
	p.take()
	p.pop()
	return r
}

// redirections reads those that follow a compound command, whose end it moves.
func (p *Parser) redirections(s *Span) []*Redir {
	var rs []*Redir
	for p.peek().kind == tRedir {
		r := p.redirection()
		s.End = r.End
		rs = append(rs, r)
	}
	if t := p.peek(); t.kind == tWord && !t.ends() || t.kind == tLParen {
		p.fail(t.start, describe(t)+" cannot stand here: a compound command takes no operands; a ; or a new line must end it")
	}
	return rs
}
