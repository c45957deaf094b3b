package explain

import (
	"strings"

	"jsh/parser"
)

// simple plans a simple command (POSIX 2.9.1): first the substitutions in its
// words, then what its name means.
func (p *planner) simple(c *parser.Simple, at place) (steps []Step) {
	steps = p.words(c)
	t := newTable(p)
	t.redirect(c.Redirs)
	fds := t.list()
	text := parser.JobText(c)
	if len(c.Words) == 0 {
		what := "redirections alone: files are opened and closed again"
		if len(c.Assigns) > 0 {
			var names []string
			for _, a := range c.Assigns {
				p.changed[a.Name] = true
				names = append(names, a.Name)
			}
			what = "an assignment: " + strings.Join(names, ", ") + " changes in the shell itself"
			if at.subshell {
				what = "an assignment: " + strings.Join(names, ", ") + " changes in the subshell, and is lost with it"
			}
		}
		return append(steps, Step{Kind: InShell, Text: text, What: what, FDs: fds})
	}
	argv, ok := p.sh.Fields(c.Words[0])
	if !ok || p.wordDepends(c.Words[0]) {
		p.unknown("What " + parser.String(c.Words[0]) + " stands for decides what is run: a builtin in the shell, or a program in a new process.")
		return append(steps, Step{Kind: Unknown, Text: text, What: "which command this is shows only when it is run", FDs: fds})
	}
	if len(argv) == 0 {
		return append(steps, Step{Kind: InShell, Text: text, What: "its words expand to nothing as of now, so there is no command", FDs: fds})
	}
	name := argv[0]
	if body, ok := p.defined[name]; ok {
		return append(steps, p.function(name, body, text, fds, at))
	}
	m, path := p.sh.Lookup(name)
	switch m {
	case Special, Builtin:
		return append(steps, p.builtin(c, name, m, text, fds, at)...)
	case Function:
		return append(steps, p.function(name, p.sh.Body(name), text, fds, at))
	}
	for _, a := range c.Assigns {
		if a.Name == "PATH" {
			path = ""
			p.unknown("PATH is set for " + name + " alone, so it may be found elsewhere.")
		}
	}
	pr := Proc{Text: text, Name: name[strings.LastIndexByte(name, '/')+1:], Path: path, Missing: m == Missing, FDs: fds}
	if m == Missing && strings.IndexByte(name, '/') < 0 {
		what := "not found: nothing is started, status 127"
		if strings.HasPrefix(name, "%") {
			return append(steps, Step{Kind: InShell, Text: text, What: "the builtin fg: " + name + " alone means fg " + name})
		}
		return append(steps, Step{Kind: InShell, Text: text, What: what, FDs: fds})
	}
	st := Step{Kind: kindAt(at), Text: text, Procs: []Proc{pr}}
	if at.subshell && at.tail && !p.trapped && len(p.calls) == 0 {
		st.What = becomes
	}
	return append(steps, st)
}

// builtin is a command that runs in the shell, with what it will change.
func (p *planner) builtin(c *parser.Simple, name string, m Meaning, text string, fds []FD, at place) []Step {
	st := Step{Kind: InShell, Text: text, What: "the builtin " + name + ": no process is made for it", FDs: fds}
	if m == Special {
		st.What = "the special builtin " + name + ": no process is made for it"
	}
	if at.subshell {
		st.What = "the builtin " + name + ", in the subshell"
	}
	operand := ""
	if len(c.Words) > 1 {
		operand = parser.String(c.Words[1])
	}
	switch name {
	case "eval", ".", "source":
		p.wild = true
		p.unknown("What " + name + " runs is not read before.")
	case "exec":
		if len(c.Words) > 1 {
			st.What = "the special builtin exec: the program takes the shell's place; no process is made, and the shell is gone"
		} else {
			st.What = "the special builtin exec: its redirections stay in the shell"
		}
	case "cd":
		p.changed["PWD"], p.changed["OLDPWD"] = true, true
		if at.subshell {
			st.What += ": the shell's directory stays"
		} else {
			st.What += "; a program could not change the shell's directory"
		}
	case "fg":
		st.What = "the builtin fg: gives the keyboard to a job that exists, and continues it"
	case "bg":
		st.What = "the builtin bg: continues a job that exists, in the background"
	case "kill":
		st.What += "; it asks the kernel to send a signal (kill)"
	case "exit":
		st.What = "the special builtin exit: ends the shell"
		if at.subshell {
			st.What = "the special builtin exit: ends the subshell"
		}
	case "wait":
		st.What = "the builtin wait: the shell waits for jobs that exist"
	case "command", "builtin":
		if len(c.Words) > 1 && !strings.HasPrefix(operand, "-") {
			inner := *c
			inner.Words, inner.Redirs, inner.Assigns = c.Words[1:], nil, nil
			at.tail = false
			st.Inner = p.simple(&inner, at)
			st.What += "; it runs " + operand + ", never a function of that name"
		}
	case "trap":
		p.trapped = p.trapped || at.subshell
	case "read", "export", "readonly", "local", "unset", "getopts", "set", "shift":
		for _, w := range c.Words[1:] {
			n, _, _ := strings.Cut(parser.String(w), "=")
			p.changed[n] = true
		}
		if name == "set" || name == "shift" {
			for _, n := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "@", "*", "#"} {
				p.changed[n] = true
			}
		}
	}
	return []Step{st}
}

// function is a call: the shell runs the body itself.
func (p *planner) function(name string, body parser.Command, text string, fds []FD, at place) Step {
	st := Step{Kind: InShell, Text: text, What: "the function " + name + ": the shell itself runs its body", FDs: fds}
	const deepest = 4
	for _, c := range p.calls {
		if c == name {
			st.What = "the function " + name + " again: it calls itself"
			return st
		}
	}
	if body == nil || len(p.calls) >= deepest {
		return st
	}
	p.calls = append(p.calls, name)
	var hidden []string
	for _, n := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "@", "*", "#"} {
		if !p.changed[n] {
			p.changed[n] = true
			hidden = append(hidden, n)
		}
	}
	at.tail = false
	st.Inner = p.command(body, at)
	for _, n := range hidden {
		delete(p.changed, n)
	}
	p.calls = p.calls[:len(p.calls)-1]
	return st
}
