package parser

import (
	"strconv"
	"strings"
)

// maxDepth is how deep constructs may be nested. It keeps the parser, and what
// walks its trees, from using up the stack.
const maxDepth = 2000

// SyntaxError tells what is wrong with the text and where.
type SyntaxError struct {
	Name string // of the script, or "jsh"
	Pos  Pos
	Line string // the line that Pos is in, without its newline
	Msg  string
	// Incomplete says that the input ended inside a construct, so that more
	// of it could make the command right.
	Incomplete bool

	final bool // reading the text in another way cannot help
}

// Error gives one line: name, line number and what is wrong.
func (e *SyntaxError) Error() string {
	name := e.Name
	if name != "" {
		name += ": "
	}
	return name + "line " + strconv.Itoa(e.Pos.Line) + ": syntax error: " + e.Msg
}

// construct is something that has been opened and needs an end.
type construct struct {
	word string
	pos  Pos
}

func (p *Parser) push(word string, pos Pos) {
	if len(p.open) >= maxDepth {
		panic(&SyntaxError{
			Name: p.opts.Name, Pos: pos, Line: p.lineAt(pos),
			Msg:   "nested deeper than " + strconv.Itoa(maxDepth) + " levels",
			final: true,
		})
	}
	p.open = append(p.open, construct{word, pos})
}

func (p *Parser) pop() { p.open = p.open[:len(p.open)-1] }

// place names pos in words.
func place(pos Pos) string {
	return "line " + strconv.Itoa(pos.Line) + ", column " + strconv.Itoa(pos.Col)
}

// fail ends the reading of the command.
func (p *Parser) fail(at Pos, msg string) {
	e := &SyntaxError{Name: p.opts.Name, Pos: at, Line: p.lineAt(at), Msg: msg}
	if strings.HasSuffix(e.Line, "\r") {
		e.Msg += "; the line ends in a carriage return, as files from Windows do: tr -d '\\r' takes them away"
	}
	panic(e)
}

const noArrays = "jsh has no arrays (POSIX.1-2024 has none)"

// refuse ends the reading of a command that jsh does not run.
func (p *Parser) refuse(at Pos, msg string) { p.fail(at, msg) }

// failAtEOF is fail where the end of the text is what is wrong.
func (p *Parser) failAtEOF(at Pos, msg string) {
	panic(&SyntaxError{Name: p.opts.Name, Pos: at, Line: p.lineAt(at), Msg: msg, Incomplete: !p.nested})
}

// unclosed reports the end of the input inside the innermost construct.
func (p *Parser) unclosed() {
	c := p.open[len(p.open)-1]
	what := "`" + c.word + "`"
	switch c.word {
	case "'", `"`, "$'":
		what = "the quote " + c.word
	case "`":
		what = "the backquote"
	case "<< text":
		what = "the here-document"
	}
	p.failAtEOF(c.pos, what+" opened in "+place(c.pos)+" is never closed")
}

// lineAt gives the line of the text that pos is in.
func (p *Parser) lineAt(pos Pos) string {
	text, i := p.text, pos.Offset-p.root
	if pos.Line == 0 || i < 0 || i > len(text) {
		return ""
	}
	start := strings.LastIndexByte(text[:i], '\n') + 1
	line := text[start:]
	if j := strings.IndexByte(line, '\n'); j >= 0 {
		line = line[:j]
	}
	return line
}

// describe names a token in a message.
func describe(t *token) string {
	switch t.kind {
	case tEOF:
		return "the end of the input"
	case tNewline:
		return "the end of the line"
	case tWord:
		if t.isLit {
			return "`" + t.lit + "`"
		}
		return "`" + String(t.word) + "`"
	}
	return "`" + t.text() + "`"
}

// text gives an operator as it is written.
func (t *token) text() string {
	switch t.kind {
	case tRedir:
		s := t.op.String()
		if t.strip {
			s += "-"
		}
		if t.n >= 0 {
			s = strconv.Itoa(t.n) + s
		}
		return s
	case tAnd:
		return "&&"
	case tOr:
		return "||"
	case tPipe:
		return "|"
	case tPipeErr:
		return "|&"
	case tSemi:
		return ";"
	case tAmp:
		return "&"
	case tDSemi:
		return ";;"
	case tSemiAmp:
		return ";&"
	case tLParen:
		return "("
	case tRParen:
		return ")"
	}
	return ""
}

// expected reports that the next token is not what must stand there; what
// names that in words.
func (p *Parser) expected(what string) {
	t := p.peek()
	msg := what + " expected, found " + describe(t)
	if n := len(p.open); n > 0 {
		c := p.open[n-1]
		msg += "; `" + c.word + "` was opened in " + place(c.pos)
		if c.word == "{" && p.strayEnd.Line > 0 {
			msg += "; the `}` in " + place(p.strayEnd) + " is an operand: put ; or a new line before it"
		}
	}
	if t.kind == tEOF {
		p.failAtEOF(t.start, msg)
	}
	p.fail(t.start, msg+p.gluedHint(t))
}

// unexpected reports a token that cannot stand where a command may begin.
func (p *Parser) unexpected() {
	t := p.peek()
	if t.kind == tEOF {
		p.expected("a command")
	}
	if t.kind == tWord && t.isLit {
		if m := match(t.lit); m != "" {
			p.fail(t.start, "`"+t.lit+"` "+m+p.gluedHint(t))
		}
	}
	switch t.kind {
	case tRParen:
		p.fail(t.start, "`)` has no matching `(`")
	case tDSemi, tSemiAmp:
		p.fail(t.start, describe(t)+" stands outside of `case`")
	case tAmp, tSemi, tAnd, tOr, tPipe, tPipeErr:
		p.fail(t.start, "a command is missing before "+describe(t))
	}
	p.fail(t.start, describe(t)+" cannot stand here")
}

// gluedHint explains a then or do whose if or while was read as part of another
// word, as in if[ a = b ]; "" where that is not the reason. It looks for such a
// word in the line of the token and in the line before.
func (p *Parser) gluedHint(t *token) string {
	if !t.isWord("then") && !t.isWord("do") {
		return ""
	}
	i := t.start.Offset - p.root
	if t.start.Line == 0 || i < 0 || i > len(p.text) {
		return ""
	}
	text := p.text[:i]
	if nl := strings.LastIndexByte(text, '\n'); nl >= 0 {
		text = text[strings.LastIndexByte(text[:nl], '\n')+1:]
	}
	for len(text) > 0 {
		end := strings.LastIndexByte(text, '[')
		if end < 0 {
			return ""
		}
		text = text[:end]
		word := text[strings.LastIndexAny(text, " \t\n;&|(")+1:]
		switch word {
		case "if", "elif", "while", "until":
			if t.isWord("do") == (word == "while" || word == "until") {
				return "; `" + word + "[` is one word: put a blank before the `[`"
			}
		}
	}
	return ""
}

// match tells what a reserved word that ends something lacks.
func match(word string) string {
	switch word {
	case "then":
		return "has no `if` or `elif` before it"
	case "elif", "else", "fi":
		return "has no matching `if`"
	case "do":
		return "has no `for`, `while` or `until` before it"
	case "done":
		return "has no matching `for`, `while` or `until`"
	case "esac":
		return "has no matching `case`"
	case "}":
		return "has no matching `{`"
	}
	return ""
}
