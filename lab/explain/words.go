package explain

import (
	"strings"

	"jsh/parser"
)

// words looks through the words of a command for what runs something or is not
// known before, and gives a step for each command substitution.
func (p *planner) words(c *parser.Simple) (steps []Step) {
	for _, a := range c.Assigns {
		steps = append(steps, p.word(a.Value)...)
	}
	for _, w := range c.Words {
		steps = append(steps, p.word(w)...)
	}
	for _, r := range c.Redirs {
		steps = append(steps, p.word(r.Word)...)
		steps = append(steps, p.word(r.Here)...)
	}
	return steps
}

func (p *planner) word(w *parser.Word) []Step {
	if w == nil {
		return nil
	}
	glob := false
	steps := p.parts(w.Parts, false, &glob)
	if glob {
		if f, ok := p.sh.Fields(w); ok && !p.wordDepends(w) {
			if len(f) == 1 && f[0] == parser.String(w) {
				p.unknown(parser.String(w) + " matches no file as of now and stays as it is.")
			} else {
				p.unknown(parser.String(w) + " is " + count(len(f), "file name") + " as of now; the shell looks again when it runs it.")
			}
		}
	}
	return steps
}

func (p *planner) parts(ps []parser.WordPart, quoted bool, glob *bool) (steps []Step) {
	for _, part := range ps {
		switch x := part.(type) {
		case *parser.Lit:
			open := strings.IndexByte(x.Text, '[')
			*glob = *glob || !quoted && (strings.ContainsAny(x.Text, "*?") || open >= 0 && strings.IndexByte(x.Text[open:], ']') > 1)
		case *parser.DblQuoted:
			steps = append(steps, p.parts(x.Parts, true, glob)...)
		case *parser.Param:
			switch {
			case p.wild || p.changed[x.Name]:
				p.unknown("$" + x.Name + " is changed by the line itself before it is used.")
			case x.Name == "!" || x.Name == "?" || x.Name == "RANDOM" || x.Name == "SECONDS":
				p.unknown("$" + x.Name + " is not known before.")
			}
			if x.Op == parser.ParamAssign {
				p.changed[x.Name] = true
			}
			if x.Arg != nil {
				steps = append(steps, p.parts(x.Arg.Parts, true, glob)...)
			}
		case *parser.CmdSubst:
			steps = append(steps, p.subst(x))
		case *parser.Arith:
			if x.Expr != nil {
				steps = append(steps, p.parts(x.Expr.Parts, true, glob)...)
			}
		}
	}
	return steps
}

// subst is $( … ): a subshell in the shell's own group, which is no job.
func (p *planner) subst(cs *parser.CmdSubst) Step {
	text := "$(" + strings.TrimSpace(cs.Source) + ")"
	p.unknown(text + " is not run now, so what it gives is not known.")
	if !p.afford() {
		return Step{Kind: Subst, Text: text}
	}
	st := Step{Kind: Subst, Text: text, What: "a subshell in the shell's own group, no job; the shell reads its output to the end before it goes on"}
	if file := readsFile(cs.Body); file {
		st.Kind, st.What = InShell, "the shell itself reads the file; no process is made"
		return st
	}
	// What it changes is lost with it.
	saved := p.changed
	p.changed = map[string]bool{}
	for n := range saved {
		p.changed[n] = true
	}
	pr := shellProc(text, nil)
	if c := onlySimple(cs.Body); c != nil && p.sh.Stage(c) && !p.depends(c) {
		pr = p.program(c)
		t := newTable(p)
		t.put(1, "the pipe to the shell")
		t.redirect(c.Redirs)
		pr.FDs = t.list()
		st.What = "a process in the shell's own group, no job; the shell reads its output to the end before it goes on"
	} else {
		pr = shellProc(text, p.list(cs.Body, place{subshell: true, tail: !p.trapped}))
		pr.FDs = []FD{{1, "the pipe to the shell"}}
	}
	p.changed = saved
	st.Procs = []Proc{pr}
	return st
}

func readsFile(b *parser.Program) bool {
	c := onlySimple(b)
	return c != nil && len(c.Words) == 0 && len(c.Assigns) == 0 && len(c.Redirs) == 1 && c.Redirs[0].Op == parser.RedirIn && c.Redirs[0].N <= 0
}

func onlySimple(b *parser.Program) *parser.Simple {
	if b == nil || len(b.Stmts) != 1 || b.Stmts[0].Background || len(b.Stmts[0].Pipelines) != 1 {
		return nil
	}
	pl := b.Stmts[0].Pipelines[0]
	if pl.Bang || pl.Time || len(pl.Cmds) != 1 {
		return nil
	}
	c, _ := pl.Cmds[0].(*parser.Simple)
	return c
}

// depends tells whether the program that a command names depends on what the
// line changes.
func (p *planner) depends(c *parser.Simple) bool {
	if len(c.Words) == 0 || p.wordDepends(c.Words[0]) {
		return true
	}
	argv, ok := p.sh.Fields(c.Words[0])
	return ok && len(argv) > 0 && p.defined[argv[0]] != nil
}

func (p *planner) wordDepends(w *parser.Word) bool { return w != nil && p.partsDepend(w.Parts) }

func (p *planner) partsDepend(ps []parser.WordPart) bool {
	for _, part := range ps {
		switch x := part.(type) {
		case *parser.DblQuoted:
			if p.partsDepend(x.Parts) {
				return true
			}
		case *parser.Param:
			if p.wild || p.changed[x.Name] || p.wordDepends(x.Arg) {
				return true
			}
		case *parser.CmdSubst, *parser.Arith:
			return true
		}
	}
	return false
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return itoa(n) + " " + what + "s"
}
