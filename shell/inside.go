package shell

import (
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/parser"
	"jsh/shell/expand"
)

// A subshell that is a process costs a jsh that starts. In a shell that is not
// interactive a subshell whose commands cannot touch anything outside the
// interpreter but what is put back afterwards (variables, parameters, the
// working directory) is run inside it: nobody can tell the difference. An
// interactive shell shows processes, so its subshells are processes, always.

// inside looks through the commands of a subshell.
type inside struct {
	s       *Shell
	nodes   int      // commands and words that may still be looked at
	calls   []string // the functions around
	assigns bool     // it may change variables
	chdir   bool
}

// insideBudget bounds what is looked at: for longer code a process does not
// matter as much.
const insideBudget = 200

// mayRunInside tells whether a list can run inside.
func (s *Shell) mayRunInside(p *parser.Program) (in *inside, ok bool) {
	if s.interactive || s.monitor || s.opts.xtrace || s.traps.any() || len(p.Stmts) == 0 {
		// A trap must not run inside: in a subshell signals have their
		// default actions.
		return nil, false
	}
	in = &inside{s: s, nodes: insideBudget}
	return in, in.program(p, 0)
}

// program looks through a list. loops counts the loops around it in the same
// function: break outside a loop is another matter.
func (in *inside) program(p *parser.Program, loops int) bool {
	if p == nil {
		return true
	}
	for _, ao := range p.Stmts {
		if ao.Background {
			return false
		}
		for _, pl := range ao.Pipelines {
			if pl.Time || len(pl.Cmds) != 1 || !in.command(pl.Cmds[0], loops) {
				return false
			}
		}
	}
	return true
}

func (in *inside) command(c parser.Command, loops int) bool {
	if in.nodes--; in.nodes < 0 || !in.redirs(c.Redirections()) {
		return false
	}
	switch c := c.(type) {
	case *parser.Simple:
		return in.simple(c, loops)
	case *parser.Brace:
		return in.program(c.Body, loops)
	case *parser.If:
		for _, cl := range c.Clauses {
			if !in.program(cl.Cond, loops) || !in.program(cl.Then, loops) {
				return false
			}
		}
		return in.program(c.Else, loops)
	case *parser.While:
		return in.program(c.Cond, loops+1) && in.program(c.Body, loops+1)
	case *parser.For:
		in.assigns = true
		return in.words(c.Words) && in.program(c.Body, loops+1)
	case *parser.Case:
		if !in.word(c.Word) {
			return false
		}
		for _, item := range c.Items {
			if !in.words(item.Patterns) || !in.program(item.Body, loops) {
				return false
			}
		}
		return true
	}
	return false
}

// insideBuiltin tells whether a builtin touches nothing that is not put back.
func insideBuiltin(name string) bool {
	switch name {
	case ":", "true", "false", "echo", "printf", "test", "[", "pwd", "cd",
		"local", "return", "shift", "break", "continue", "exit":
		return true
	}
	return false
}

func (in *inside) simple(c *parser.Simple, loops int) bool {
	for _, a := range c.Assigns {
		in.assigns = true
		if !in.word(a.Value) {
			return false
		}
	}
	if len(c.Words) == 0 {
		return true
	}
	if len(c.Words[0].Parts) != 1 || !in.words(c.Words) {
		return false
	}
	lit, ok := c.Words[0].Parts[0].(*parser.Lit)
	if !ok {
		return false
	}
	name := lit.Text
	if f := in.s.funcs[name]; f != nil && !builtins[name].special {
		if slices.Contains(in.calls, name) {
			return false
		}
		in.calls = append(in.calls, name)
		ok := in.command(in.s.body(f), 0)
		in.calls = in.calls[:len(in.calls)-1]
		return ok
	}
	if !insideBuiltin(name) {
		return false
	}
	switch name {
	case "break", "continue":
		return loops > 0
	case "return":
		return len(in.calls) > 0
	case "local":
		in.assigns = true
		return len(in.calls) > 0
	case "cd":
		in.assigns, in.chdir = true, true
	}
	return true
}

// redirs allows >/dev/null and, after it, 2>&1; and >&2 where standard error is
// no pipe, for SIGPIPE must not end the shell in a subshell's stead.
func (in *inside) redirs(rs []*parser.Redir) bool {
	dropped := false // standard output goes to /dev/null
	for _, r := range rs {
		if len(r.Word.Parts) != 1 {
			return false
		}
		lit, ok := r.Word.Parts[0].(*parser.Lit)
		if !ok {
			return false
		}
		switch {
		case (r.Op == parser.RedirOut || r.Op == parser.RedirAppend) && lit.Text == "/dev/null":
			dropped = dropped || r.N < 0 || r.N == 1
		case r.Op == parser.RedirDupOut && lit.Text == "1" && r.N == 2 && dropped:
		case r.Op == parser.RedirDupOut && lit.Text == "2" && r.N < 2 && !isPipe(in.s.fds.at(2)):
		default:
			return false
		}
	}
	return true
}

func (in *inside) words(ws []*parser.Word) bool {
	for _, w := range ws {
		if !in.word(w) {
			return false
		}
	}
	return true
}

func (in *inside) word(w *parser.Word) bool { return w == nil || in.parts(w.Parts) }

// parts looks through the parts of a word. A command substitution in it is, if
// need be, a process of its own, which changes nothing here.
func (in *inside) parts(ps []parser.WordPart) bool {
	if in.nodes -= len(ps); in.nodes < 0 {
		return false
	}
	for _, p := range ps {
		switch p := p.(type) {
		case *parser.DblQuoted:
			if !in.parts(p.Parts) {
				return false
			}
		case *parser.Param:
			in.assigns = in.assigns || p.Op == parser.ParamAssign
			if !in.word(p.Arg) {
				return false
			}
		case *parser.Arith:
			in.assigns = true
			if !in.word(p.Expr) {
				return false
			}
		}
	}
	return true
}

// keepDir opens the working directory, where it may be changed, so that it can
// be gone back to; -1 where it need not be.
func (in *inside) keepDir() (dir int, ok bool) {
	if !in.chdir {
		return closed, true
	}
	dir, err := unix.Open(".", unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err == nil {
		dir, err = own(dir)
	}
	if err != nil {
		return closed, false
	}
	if unix.Fchdir(dir) != nil { // it may not be entered any more
		unix.Close(dir)
		return closed, false
	}
	return dir, true
}

func goBack(dir int) {
	if dir != closed {
		unix.Fchdir(dir)
		unix.Close(dir)
	}
}

// run runs a list as a subshell would, puts back what it changed, and returns
// its status.
func (in *inside) run(p *parser.Program) int {
	s := in.s
	was := *s
	if in.assigns {
		s.vars = copyVars(s.vars)
	}
	s.x = &expand.Expander{Env: expandEnv{s}} // the other one may be in the middle of a word
	s.loops = 0
	s.runProgram(p, false) // whatever unwinds ends here
	s.vars, s.env, s.args, s.optionPos, s.line, s.x = was.vars, was.env, was.args, was.optionPos, was.line, was.x
	s.loops, s.levels, s.calls, s.frames, s.noErrexit = was.loops, was.levels, was.calls, was.frames, was.noErrexit
	s.next, s.specialFailed, s.keepFDs, s.substStatus = was.next, was.specialFailed, was.keepFDs, was.substStatus
	return s.status
}

func copyVars(vars map[string]*variable) map[string]*variable {
	all := make([]variable, 0, len(vars))
	m := make(map[string]*variable, len(vars)+8)
	for name, v := range vars {
		all = append(all, *v)
		m[name] = &all[len(all)-1]
	}
	return m
}

// substInside is $( … ) inside. Only of a message that nobody can read SIGPIPE
// would end the shell, as the shell's own next message would.
func (s *Shell) substInside(p *parser.Program) (out []byte, ok bool) {
	if len(p.Stmts) == 0 {
		s.status, s.substStatus = 0, 0
		return nil, true
	}
	in, ok := s.mayRunInside(p)
	if !ok {
		return nil, false
	}
	dir, ok := in.keepDir()
	if !ok {
		return nil, false
	}
	old, outer := s.fds.begin(), s.fds.memory
	s.fds.put(1, inMemory)
	s.fds.memory = nil
	s.substStatus = in.run(p)
	out, s.fds.memory = s.fds.memory, outer
	s.fds.restore(old)
	goBack(dir)
	return out, true
}

// subshellInside is ( … ) inside, with its redirections. Where the output is a
// pipe it is a process: only that may die of SIGPIPE.
func (s *Shell) subshellInside(c *parser.Subshell) (u unwind, ok bool) {
	in, ok := s.mayRunInside(c.Body)
	if !ok {
		return uwNone, false
	}
	var redirected [3]bool
	for _, r := range c.Redirs {
		n := r.N
		switch r.Op {
		case parser.RedirOut, parser.RedirAppend, parser.RedirClobber:
			if n < 0 {
				n = 1
			}
		case parser.RedirIn:
			n = max(n, 0)
		default:
			return uwNone, false
		}
		if !harmless(r.Word) {
			return uwNone, false
		}
		name, err := s.x.Field(r.Word)
		if err != nil || mayBlock(name) || strings.HasPrefix(name, "/dev/") && name != "/dev/null" {
			return uwNone, false
		}
		if n < len(redirected) {
			redirected[n] = true // what is opened here is no pipe
		}
	}
	for n := 1; n <= 2; n++ {
		if !redirected[n] && isPipe(s.fds.at(n)) {
			return uwNone, false
		}
	}
	dir, ok := in.keepDir()
	if !ok {
		return uwNone, false
	}
	defer goBack(dir)
	s.line = c.Start.Line
	defer s.fds.restore(s.fds.begin())
	if err := s.redirect(c.Redirs); err != nil {
		return s.expansionFailed(err, 1, false), true
	}
	s.status = in.run(c.Body)
	s.pipeStatus = append(s.pipeStatus[:0], s.status)
	return uwNone, true
}

// isPipe tells whether writing to a descriptor could raise SIGPIPE.
func isPipe(fd int) bool {
	var st unix.Stat_t
	if fd == closed || fd == inMemory || unix.Fstat(fd, &st) != nil {
		return false
	}
	kind := st.Mode & unix.S_IFMT
	return kind == unix.S_IFIFO || kind == unix.S_IFSOCK
}
