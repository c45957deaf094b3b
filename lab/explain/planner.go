package explain

import (
	"strconv"
	"strings"

	"jsh/parser"
)

// planner walks a line.
type planner struct {
	sh      Shell
	plan    *Plan
	changed map[string]bool           // variables that the line itself sets
	defined map[string]parser.Command // functions that it defines
	trapped bool                      // a subshell sets traps: its last program does not take its place
	wild    bool                      // eval or the like came: anything may have changed
	calls   []string                  // the functions around
	noted   map[string]bool
	spent   int // commands and substitutions that were looked at
}

// mostCommands bounds the work: functions that call functions multiply.
const mostCommands = 2000

func (p *planner) afford() bool {
	if p.spent++; p.spent <= mostCommands {
		return true
	}
	p.unknown("There is more: what comes after the first " + itoa(mostCommands) + " commands is left out.")
	return false
}

// place says where a command stands.
type place struct {
	subshell bool // in a process of a job: no job control there
	tail     bool // in a subshell, and nothing follows
}

func (p *planner) unknown(text string) {
	if !p.noted[text] {
		p.noted[text] = true
		p.plan.Unknown = append(p.plan.Unknown, text)
	}
}

func (p *planner) list(prog *parser.Program, at place) (steps []Step) {
	if prog == nil {
		return nil
	}
	for i, ao := range prog.Stmts {
		here := at
		here.tail = at.tail && i == len(prog.Stmts)-1
		if ao.Background {
			steps = append(steps, p.background(ao, at)...)
			continue
		}
		steps = append(steps, p.andOr(ao, here)...)
	}
	return steps
}

func (p *planner) andOr(ao *parser.AndOr, at place) (steps []Step) {
	for i, pl := range ao.Pipelines {
		here := at
		here.tail = at.tail && i == len(ao.Pipelines)-1
		made := p.pipeline(pl, here)
		if i > 0 {
			when := "only if the one before succeeds (&&)"
			if ao.Ops[i-1] == parser.OpOr {
				when = "only if the one before fails (||)"
			}
			for j := range made {
				made[j].When = when
			}
		}
		steps = append(steps, made...)
	}
	return steps
}

// background is a list that ends in &: one pipeline is a job of its stages, a
// longer list a subshell that runs it.
func (p *planner) background(ao *parser.AndOr, at place) []Step {
	kind := Background
	if at.subshell {
		kind = Inside
	}
	one := *ao
	one.Background = false
	if len(ao.Pipelines) == 1 && !ao.Pipelines[0].Bang && !ao.Pipelines[0].Time {
		st := p.stages(ao.Pipelines[0], kind)
		if first := &st.Procs[0]; at.subshell && (len(first.FDs) == 0 || first.FDs[0].N != 0) {
			// POSIX 2.9.3.1: without job control.
			first.FDs = append([]FD{{0, "/dev/null: nobody types at it there"}}, first.FDs...)
		}
		if at.subshell {
			st.What = "in the background of the subshell, in the same group"
		}
		return []Step{st}
	}
	inner := p.andOr(&one, place{subshell: true, tail: !p.trapped})
	return []Step{{Kind: kind, Text: parser.JobText(&one), Procs: []Proc{shellProc(parser.JobText(&one), inner)}}}
}

func (p *planner) pipeline(pl *parser.Pipeline, at place) []Step {
	if len(pl.Cmds) == 0 {
		return nil
	}
	at.tail = at.tail && !pl.Bang && !pl.Time
	var steps []Step
	if len(pl.Cmds) > 1 {
		steps = []Step{p.stages(pl, kindAt(at))}
	} else {
		steps = p.command(pl.Cmds[0], at)
	}
	if pl.Time && len(steps) > 0 {
		steps[len(steps)-1].What = join(steps[len(steps)-1].What, "time measures it")
	}
	if pl.Bang && len(steps) > 0 {
		steps[len(steps)-1].What = join(steps[len(steps)-1].What, "! turns its status round")
	}
	return steps
}

func kindAt(at place) Kind {
	if at.subshell {
		return Inside
	}
	return Foreground
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}

// stages is a pipeline in which each command is a process.
func (p *planner) stages(pl *parser.Pipeline, kind Kind) Step {
	st := Step{Kind: kind, Text: parser.JobText(pl)}
	names := make([]string, len(pl.Cmds))
	for i, c := range pl.Cmds {
		st.Procs = append(st.Procs, p.stage(c))
		names[i] = short(st.Procs[i].Name)
	}
	for i, c := range pl.Cmds {
		t := newTable(p)
		if i > 0 {
			t.put(0, "the pipe from "+names[i-1])
		}
		if i < len(pl.Cmds)-1 {
			t.put(1, "the pipe to "+names[i+1])
			if i < len(pl.MergeErr) && pl.MergeErr[i] {
				t.put(2, "the pipe to "+names[i+1])
			}
		}
		t.redirect(c.Redirections())
		st.Procs[i].FDs = t.list()
	}
	return st
}

func short(name string) string {
	if name == "" {
		return "?"
	}
	return name
}

// stage is one command of a pipeline.
func (p *planner) stage(c parser.Command) Proc {
	text := parser.JobText(c)
	if sc, simple := c.(*parser.Simple); simple && p.sh.Stage(c) && !p.depends(sc) {
		pr := p.program(sc)
		pr.Text = text
		return pr
	}
	if c, ok := c.(*parser.Subshell); ok {
		return shellProc(text, p.list(c.Body, place{subshell: true, tail: !p.trapped}))
	}
	inner := p.command(c, place{subshell: true, tail: !p.trapped})
	if n := len(inner); n > 0 { // the process has its redirections
		inner[n-1].FDs = nil
		for i := range inner[n-1].Procs {
			if inner[n-1].What == becomes {
				inner[n-1].Procs[i].FDs = nil
			}
		}
	}
	return shellProc(text, inner)
}

// shellProc is a re-executed jsh that runs these steps.
func shellProc(text string, inner []Step) Proc {
	pr := Proc{Text: text, Name: "jsh: subshell", Shell: true, Inner: inner}
	if n := len(inner); n > 0 && inner[n-1].Kind == Inside && len(inner[n-1].Procs) == 1 && inner[n-1].What == becomes {
		pr.Becomes = inner[n-1].Procs[0].Name
	}
	return pr
}

// becomes marks a program that takes its subshell's place.
const becomes = "it takes the place of the subshell (execve without fork)"

// program is a simple command that is a program.
func (p *planner) program(c *parser.Simple) Proc {
	pr := Proc{Text: parser.JobText(c)}
	if argv, ok := p.sh.Fields(c.Words[0]); ok && len(argv) > 0 {
		m, path := p.sh.Lookup(argv[0])
		pr.Name, pr.Path, pr.Missing = argv[0][strings.LastIndexByte(argv[0], '/')+1:], path, m == Missing
	}
	p.words(c)
	return pr
}

// command plans a command that is not part of a longer pipeline.
func (p *planner) command(c parser.Command, at place) []Step {
	if !p.afford() {
		return nil
	}
	switch c := c.(type) {
	case *parser.Simple:
		return p.simple(c, at)
	case *parser.Subshell:
		if at.subshell && at.tail && !p.trapped {
			return p.list(c.Body, at) // the process that is there runs it
		}
		kind := kindAt(at)
		t := newTable(p)
		t.redirect(c.Redirs)
		pr := shellProc(parser.JobText(c), p.list(c.Body, place{subshell: true, tail: !p.trapped}))
		pr.FDs = t.list()
		return []Step{{Kind: kind, Text: parser.JobText(c), Procs: []Proc{pr}}}
	case *parser.FuncDef:
		p.defined[c.Name] = c.Body
		return []Step{{Kind: InShell, Text: c.Name + "()", What: "defines the function " + c.Name + "; nothing is run"}}
	}
	st := Step{Kind: InShell, Text: parser.JobText(c)}
	t := newTable(p)
	t.redirect(c.Redirections())
	st.FDs = t.list()
	st.What, st.Inner = p.compound(c, at)
	return []Step{st}
}

// compound is what the shell runs itself and chooses in.
func (p *planner) compound(c parser.Command, at place) (what string, inner []Step) {
	loop := at
	loop.tail = false
	switch c := c.(type) {
	case *parser.Brace:
		return "{ }: the shell itself runs what is in it", p.list(c.Body, at)
	case *parser.If:
		for _, cl := range c.Clauses {
			inner = append(inner, when("the condition", p.list(cl.Cond, loop))...)
			inner = append(inner, when("if that succeeds", p.list(cl.Then, at))...)
		}
		inner = append(inner, when("otherwise", p.list(c.Else, at))...)
		return "if: the shell itself chooses; which branch is not known before", inner
	case *parser.While:
		word, end := "while", "succeeds"
		if c.Until {
			word, end = "until", "fails"
		}
		inner = append(when("before each round", p.list(c.Cond, loop)), when("each round, as long as that "+end, p.list(c.Body, loop))...)
		return word + ": the shell itself loops; each round makes new processes", inner
	case *parser.For:
		p.changed[c.Name] = true
		what = "for: the shell itself loops"
		if c.HasIn {
			n, known := 0, true
			for _, w := range c.Words {
				p.word(w)
				f, ok := p.sh.Fields(w)
				known = known && ok && !p.wordDepends(w)
				n += len(f)
			}
			if known {
				what += ", " + strconv.Itoa(n) + " rounds as of now"
			}
		}
		return what, when("each round", p.list(c.Body, loop))
	case *parser.Case:
		p.word(c.Word)
		for _, it := range c.Items {
			var pats []string
			for _, w := range it.Patterns {
				pats = append(pats, parser.String(w))
			}
			inner = append(inner, when("if it matches "+strings.Join(pats, " | "), p.list(it.Body, at))...)
		}
		return "case: the shell itself chooses", inner
	case *parser.Cond:
		return "[[ ]]: the shell itself tests", nil
	}
	return "the shell itself runs it", nil
}

func when(text string, steps []Step) []Step {
	for i := range steps {
		if steps[i].When != "" {
			steps[i].When = text + ", and " + steps[i].When
		} else {
			steps[i].When = text
		}
	}
	return steps
}
