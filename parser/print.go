package parser

import (
	"strings"
)

// String gives text that, parsed without aliases, gives the tree of node
// again, positions apart. node is a *Program, *AndOr, *Pipeline, Command,
// *Word, *Assign or *Redir. (A command `time` that stood after a | gets a
// backslash, since alone it would be the reserved word.) Newlines stand in it only inside quotes and where a
// here-document needs them.
func String(node any) string {
	pr := &printer{}
	pr.node(node)
	pr.flush()
	return pr.b.String()
}

// JobText is String in a single line, to be shown: here-documents without
// their body, control characters as blanks, and no & at the end.
func JobText(node any) string {
	pr := &printer{brief: true}
	pr.node(foreground(node))
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, pr.b.String())
}

// printLines is String with newlines so that commands stand in the lines they
// were read from, as far as that can be; the text begins in line line.
func printLines(node any, line int) string {
	pr := &printer{line: line}
	pr.node(node)
	pr.flush()
	return pr.b.String()
}

// foreground gives node without the & that it may end in.
func foreground(node any) any {
	if a, ok := node.(*AndOr); ok && a.Background {
		c := *a
		c.Background = false
		return &c
	}
	return node
}

// String gives the operator as it is written; here-documents without -.
func (op RedirOp) String() string {
	switch op {
	case RedirIn:
		return "<"
	case RedirOut:
		return ">"
	case RedirAppend:
		return ">>"
	case RedirClobber:
		return ">|"
	case RedirReadWrite:
		return "<>"
	case RedirDupIn:
		return "<&"
	case RedirDupOut:
		return ">&"
	case RedirHere:
		return "<<"
	case RedirHereStr:
		return "<<<"
	case RedirBoth:
		return "&>"
	case RedirBothAppend:
		return "&>>"
	}
	return "?"
}

type printer struct {
	b     strings.Builder
	brief bool
	line  int      // the present line, where lines are to be kept; else 0
	heres []*Redir // whose bodies must follow the next newline
}

func (pr *printer) str(s string) {
	pr.b.WriteString(s)
	if pr.line > 0 {
		pr.line += strings.Count(s, "\n")
	}
}

// keepLine goes to the line of a command that is to be written, if it is still
// to come. False: it did not.
func (pr *printer) keepLine(at Pos) bool {
	if pr.line == 0 || at.Line <= pr.line {
		return false
	}
	pr.flush()
	for pr.line < at.Line {
		pr.str("\n")
	}
	return true
}

func (pr *printer) node(node any) {
	switch n := node.(type) {
	case *Program:
		pr.program(n)
	case *AndOr:
		pr.andOr(n)
		if n.Background {
			pr.str(" &")
		}
	case *Pipeline:
		pr.pipeline(n)
	case Command:
		if s, ok := n.(*Simple); ok && s.isTime() && len(s.Redirs) == 0 {
			pr.str(`\`)
		}
		pr.command(n)
	case *Word:
		pr.word(n, mWord)
	case *Assign:
		pr.assign(n)
	case *Redir:
		pr.redir(n)
	}
}

// flush writes the here-documents that are due, after a newline.
func (pr *printer) flush() bool {
	if len(pr.heres) == 0 {
		return false
	}
	heres := pr.heres
	pr.heres = nil
	pr.str("\n")
	for _, r := range heres {
		delim, _ := delimiter(r.Word)
		body := &printer{line: pr.line}
		if r.Here != nil {
			for _, part := range r.Here.Parts {
				if q, ok := part.(*Quoted); ok && r.HereQuoted {
					body.str(q.Text)
				} else {
					body.part(part, mHere)
				}
			}
		}
		text := body.b.String()
		pr.str(text)
		if text != "" && text[len(text)-1] != '\n' {
			pr.str("\n")
		}
		pr.str(delim)
		pr.str("\n")
	}
	return true
}

// program writes the statements with ; or & or a newline between them. It
// tells whether a separator must still follow the last.
func (pr *printer) program(p *Program) (open bool) {
	for i, a := range p.Stmts {
		switch {
		case pr.keepLine(a.Start):
		case i > 0:
			switch {
			case pr.flush():
			case open:
				pr.str("; ")
			default:
				pr.str(" ")
			}
		}
		pr.andOr(a)
		open = true
		if a.Background {
			pr.str(" &")
			open = false
		}
	}
	return open
}

// body writes a list and what must stand before the word that ends it.
func (pr *printer) body(p *Program, end string) {
	open := pr.program(p)
	switch {
	case pr.flush():
	case open:
		pr.str("; ")
	default:
		pr.str(" ")
	}
	pr.str(end)
}

func (pr *printer) andOr(a *AndOr) {
	for i, pl := range a.Pipelines {
		if i > 0 {
			if a.Ops[i-1] == OpAnd {
				pr.str(" && ")
			} else {
				pr.str(" || ")
			}
			pr.keepLine(pl.Start)
		}
		pr.pipeline(pl)
	}
}

func (pr *printer) pipeline(pl *Pipeline) {
	if pl.Bang {
		pr.str("! ")
	}
	if pl.Time {
		pr.str("time ")
		if pl.TimePOSIX {
			pr.str("-p ")
		}
	}
	for i, c := range pl.Cmds {
		if i > 0 {
			if pl.MergeErr[i-1] {
				pr.str(" |& ")
			} else {
				pr.str(" | ")
			}
			pr.keepLine(c.Where().Start)
		}
		pr.command(c)
	}
}

func (pr *printer) command(c Command) {
	switch c := c.(type) {
	case *Simple:
		pr.simple(c)
		return
	case *Brace:
		pr.str("{ ")
		pr.body(c.Body, "}")
	case *Subshell:
		pr.str("(")
		pr.inParens(c.Body)
	case *If:
		word := "if "
		for _, cl := range c.Clauses {
			pr.str(word)
			pr.body(cl.Cond, "then ")
			pr.body(cl.Then, "")
			word = "elif "
		}
		if c.Else != nil {
			pr.str("else ")
			pr.body(c.Else, "")
		}
		pr.str("fi")
	case *While:
		if c.Until {
			pr.str("until ")
		} else {
			pr.str("while ")
		}
		pr.body(c.Cond, "do ")
		pr.body(c.Body, "done")
	case *For:
		pr.str("for ")
		pr.str(c.Name)
		if c.HasIn {
			pr.str(" in")
			for _, w := range c.Words {
				pr.str(" ")
				pr.word(w, mWord)
			}
		}
		pr.str("; do ")
		pr.body(c.Body, "done")
	case *Case:
		pr.caseCommand(c)
	case *FuncDef:
		pr.str(c.Name)
		pr.str("() ")
		pr.command(c.Body)
	case *Cond:
		pr.str("[[ ")
		pr.cond(c.X, 0)
		pr.str(" ]]")
	}
	for _, r := range c.Redirections() {
		pr.str(" ")
		pr.redir(r)
	}
}

// inParens writes a list after ( and the ) that ends it.
func (pr *printer) inParens(p *Program) {
	body := &printer{brief: pr.brief, line: pr.line}
	body.program(p)
	body.flush()
	text := body.b.String()
	if strings.HasPrefix(text, "(") {
		pr.str(" ")
	}
	pr.str(text)
	pr.str(")")
}

// isTime says that c, which stood after a |, is a command named time: alone it
// would be read as the reserved word.
func (c *Simple) isTime() bool {
	if len(c.Assigns) > 0 || len(c.Words) == 0 {
		return false
	}
	l := soleLit(c.Words[0].Parts)
	return l != nil && l.Text == "time"
}

func (pr *printer) simple(c *Simple) {
	sep := ""
	for _, a := range c.Assigns {
		pr.str(sep)
		pr.assign(a)
		sep = " "
	}
	redirs := c.Redirs
	if len(c.Assigns) == 0 && len(redirs) > 0 && len(c.Words) > 0 {
		// A reserved word is a plain word after a redirection.
		if l := soleLit(c.Words[0].Parts); l != nil && reserved(l.Text) != rNone {
			pr.redir(redirs[0])
			redirs = redirs[1:]
			sep = " "
		}
	}
	for _, w := range c.Words {
		pr.str(sep)
		pr.word(w, mWord)
		sep = " "
	}
	for _, r := range redirs {
		pr.str(sep)
		pr.redir(r)
		sep = " "
	}
}

func (pr *printer) caseCommand(c *Case) {
	pr.str("case ")
	pr.word(c.Word, mWord)
	pr.str(" in ")
	for _, it := range c.Items {
		for i, w := range it.Patterns {
			if i > 0 {
				pr.str(" | ")
			} else if l := soleLit(w.Parts); l != nil && l.Text == "esac" {
				pr.str("(")
			}
			pr.word(w, mWord)
		}
		pr.str(") ")
		pr.program(it.Body)
		if !pr.flush() && len(it.Body.Stmts) > 0 {
			pr.str(" ")
		}
		if it.FallThrough {
			pr.str(";& ")
		} else {
			pr.str(";; ")
		}
	}
	pr.flush()
	pr.str("esac")
}

// cond writes an expression; level is 0 where || may stand, 1 where only &&
// may, 2 where neither.
func (pr *printer) cond(x CondExpr, level int) {
	switch x := x.(type) {
	case *CondLogic:
		own, op := 1, " && "
		if x.Or {
			own, op = 0, " || "
		}
		if own < level {
			pr.str("( ")
		}
		pr.cond(x.X, own)
		pr.str(op)
		pr.cond(x.Y, own+1)
		if own < level {
			pr.str(" )")
		}
	case *CondNot:
		pr.str("! ")
		pr.cond(x.X, 2)
	case *CondUnary:
		pr.str(x.Op)
		pr.str(" ")
		pr.word(x.X, mWord)
	case *CondBinary:
		pr.word(x.X, mWord)
		pr.str(" ")
		pr.str(x.Op)
		pr.str(" ")
		if x.Op == "=~" {
			pr.word(x.Y, mRegex)
		} else {
			pr.word(x.Y, mWord)
		}
	case *CondWord:
		pr.word(x.X, mWord)
	}
}
