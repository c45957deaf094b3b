package parser

// reservedWord is one of the reserved words (POSIX 2.4, and those of bash that
// jsh knows or refuses).
type reservedWord uint8

const (
	rNone   reservedWord = iota
	rCloser              // then else elif fi do done esac }
	rBang
	rTime
	rIf
	rWhile
	rUntil
	rFor
	rCase
	rBrace
	rCond
	rIn
	rRefused // function select coproc
)

func reserved(s string) reservedWord {
	switch s {
	case "then", "else", "elif", "fi", "do", "done", "esac", "}":
		return rCloser
	case "!":
		return rBang
	case "time":
		return rTime
	case "if":
		return rIf
	case "while":
		return rWhile
	case "until":
		return rUntil
	case "for":
		return rFor
	case "case":
		return rCase
	case "{":
		return rBrace
	case "[[":
		return rCond
	case "in":
		return rIn
	case "function", "select", "coproc":
		return rRefused
	}
	return rNone
}

// isWord says that t is the unquoted word s.
func (t *token) isWord(s string) bool { return t.kind == tWord && t.isLit && t.lit == s }

// ends says that t cannot begin a command but may end a list.
func (t *token) ends() bool {
	switch t.kind {
	case tEOF, tRParen, tDSemi, tSemiAmp:
		return true
	case tWord:
		return t.isLit && reserved(t.lit) == rCloser
	}
	return false
}

// completeCommand reads the list that a newline ends; nil at the end of the
// input.
func (p *Parser) completeCommand() *Program {
	prog := &Program{src: p.src0}
	t := p.peekCommand()
	if t.kind == tEOF {
		return nil
	}
	prog.Span = Span{t.start, t.start}
	for {
		switch t := p.peekCommand(); t.kind {
		case tNewline:
			p.take()
			return prog
		case tEOF:
			return prog
		}
		if p.statement(prog) {
			continue
		}
		switch t := p.peek(); t.kind {
		case tNewline, tEOF:
		default:
			p.unexpectedAfter()
		}
	}
}

// unexpectedAfter reports a token that cannot follow the statement before it.
func (p *Parser) unexpectedAfter() {
	t := p.peek()
	if t.ends() || t.kind == tSemi || t.kind == tAmp {
		p.unexpected()
	}
	p.fail(t.start, describe(t)+" cannot stand here: a ; or a new line must separate two commands")
}

// wholeText reads all lists up to the end of the text.
func (p *Parser) wholeText() *Program {
	prog := p.compoundList()
	if p.peek().kind != tEOF {
		p.unexpected()
	}
	return prog
}

// statement reads an and-or list and the ; or & that may follow it; separated
// says that one did.
func (p *Parser) statement(prog *Program) (separated bool) {
	a := p.andOr()
	prog.Stmts = append(prog.Stmts, a)
	prog.End = a.End
	switch t := p.peek(); t.kind {
	case tAmp:
		a.Background = true
	case tSemi:
	default:
		return false
	}
	prog.End = p.tok.end
	p.take()
	return true
}

// compoundList reads lists, with newlines before, between and after, up to
// what cannot begin a command. It may be empty.
func (p *Parser) compoundList() *Program {
	p.skipNewlines()
	t := p.peekCommand()
	prog := &Program{Span: Span{t.start, t.start}, src: p.src0}
	for {
		if p.peekCommand().ends() {
			return prog
		}
		separated := p.statement(prog)
		if t := p.peek(); t.kind == tNewline {
			p.skipNewlines()
		} else if !separated && !t.ends() {
			p.unexpectedAfter()
		}
	}
}

// list is compoundList where it must not be empty; after names what stands
// before it.
func (p *Parser) list(after string) *Program {
	prog := p.compoundList()
	if len(prog.Stmts) == 0 {
		p.expected("a command after `" + after + "`")
	}
	return prog
}

func (p *Parser) skipNewlines() {
	for p.peekCommand().kind == tNewline {
		p.take()
	}
}

// andOr reads pipelines joined by && and || (POSIX 2.9.3).
func (p *Parser) andOr() *AndOr {
	pl := p.pipeline()
	b := &struct {
		a   AndOr
		one [1]*Pipeline
	}{}
	a := &b.a
	b.one[0] = pl
	a.Pipelines = b.one[:1]
	a.src = p.src0
	a.Span = pl.Span
	for {
		t := p.peek()
		var op AndOrOp
		switch t.kind {
		case tAnd:
		case tOr:
			op = OpOr
		default:
			return a
		}
		p.operand(t)
		pl := p.pipeline()
		a.Ops = append(a.Ops, op)
		a.Pipelines = append(a.Pipelines, pl)
		a.End = pl.End
	}
}

// operand takes the operator t, which needs a command after it, perhaps on a
// later line.
func (p *Parser) operand(t *token) {
	p.push(t.text(), t.start)
	p.take()
	p.skipNewlines()
	if t := p.peek(); t.kind == tEOF || t.ends() {
		c := p.open[len(p.open)-1]
		p.pop()
		p.expectedPlain("a command after `" + c.word + "`")
	}
	p.pop()
}

// expectedPlain is expected without a word about what is open.
func (p *Parser) expectedPlain(what string) {
	t := p.peek()
	msg := what + " expected, found " + describe(t)
	if t.kind == tEOF {
		p.failAtEOF(t.start, msg)
	}
	p.fail(t.start, msg)
}

// pipeline reads commands joined by | with the ! and time before them (POSIX
// 2.9.2).
func (p *Parser) pipeline() *Pipeline {
	b := &struct {
		pl  Pipeline
		one [1]Command
	}{}
	pl := &b.pl
	pl.src = p.src0
	t := p.peekCommand()
	pl.Span = Span{t.start, t.start}
	prefix := ""
	for {
		t := p.peekCommand()
		if t.kind != tWord || !t.isLit {
			break
		}
		r := reserved(t.lit)
		if r != rBang && r != rTime {
			break
		}
		prefix = t.lit
		pl.End = t.end
		if r == rBang {
			pl.Bang = !pl.Bang
			p.take()
			continue
		}
		pl.Time = true
		p.take()
		if t := p.peek(); t.isWord("-p") {
			pl.TimePOSIX = true
			pl.End = t.end
			p.take()
		}
	}
	if t := p.peek(); prefix != "" && (t.ends() || t.kind == tNewline || t.kind == tSemi || t.kind == tAmp) {
		if pl.Time && prefix == "time" {
			return pl // bash: time alone tells the times of nothing
		}
		p.expectedPlain("a command after `!`")
	}
	cmd := p.command()
	b.one[0] = cmd
	pl.Cmds = b.one[:1]
	pl.End = cmd.Where().End
	for {
		t := p.peek()
		if t.kind != tPipe && t.kind != tPipeErr {
			return pl
		}
		pl.MergeErr = append(pl.MergeErr, t.kind == tPipeErr)
		p.operand(t)
		if t := p.peekCommand(); t.isWord("!") {
			p.fail(t.start, "`!` turns round the status of a whole pipeline: it must stand before the first command")
		}
		cmd := p.command()
		pl.Cmds = append(pl.Cmds, cmd)
		pl.End = cmd.Where().End
	}
}

// command reads one element of a pipeline.
func (p *Parser) command() Command {
	t := p.peekCommand()
	switch t.kind {
	case tLParen:
		return p.subshell()
	case tRedir:
		return p.simple()
	case tWord:
	default:
		p.unexpected()
	}
	if !t.isLit {
		return p.simple()
	}
	switch reserved(t.lit) {
	case rIf:
		return p.ifCommand()
	case rWhile, rUntil:
		return p.whileCommand()
	case rFor:
		return p.forCommand()
	case rCase:
		return p.caseCommand()
	case rBrace:
		return p.braceCommand()
	case rCond:
		return p.condCommand()
	case rCloser:
		p.unexpected()
	case rRefused:
		switch t.lit {
		case "function":
			p.refuse(t.start, "jsh has no reserved word `function` (POSIX.1-2024 has none); write name() { …; }")
		case "select":
			p.refuse(t.start, "jsh has no `select` (POSIX.1-2024 has none)")
		default:
			p.refuse(t.start, "jsh has no `coproc` (POSIX.1-2024 has none); use a FIFO (mkfifo)")
		}
	}
	return p.simple()
}
