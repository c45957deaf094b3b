package shell

import (
	"strings"

	"jsh/event"
	"jsh/parser"
	"jsh/pgroup"
)

// runSimple runs a simple command in the order of POSIX 2.9.1: words, then
// redirections, then assignments, then the command.
func (s *Shell) runSimple(c *parser.Simple, tail bool) unwind {
	s.line = c.Start.Line
	s.substStatus = -1
	argv, err := s.commandWords(c.Words)
	if err != nil {
		return s.expansionFailed(err, 1, false)
	}
	if len(argv) == 0 {
		return s.runAssignments(c)
	}
	if s.opts.xtrace && len(c.Assigns) == 0 {
		s.trace(argv, nil)
	}
	name := argv[0]
	kind, run, path := s.lookup(name)
	if kind == notFound && s.interactive && name[:min(1, len(name))] == "%" {
		// %2 alone is fg %2, as in bash.
		kind, run, argv = ordinary, builtinFg, append([]string{"fg"}, argv...)
	}
	switch kind {
	case special, ordinary:
		return s.runBuiltin(c, kind == special, run, argv)
	case function:
		return s.runFunction(c, s.funcs[name], argv)
	}
	return s.runExternal(c, argv, path, tail)
}

// commandWords expands the words of a command. The operands of a declaration
// utility that look like assignments are expanded as such (POSIX 2.9.1.1).
func (s *Shell) commandWords(ws []*parser.Word) ([]string, error) {
	n := declarationAt(ws)
	if n < 0 {
		return s.fields(ws)
	}
	argv, err := s.fields(ws[:n+1])
	if err != nil {
		return nil, err
	}
	for _, w := range ws[n+1:] {
		a, ok := w.AsAssign()
		if !ok {
			more, err := s.fields([]*parser.Word{w})
			if err != nil {
				return nil, err
			}
			argv = append(argv, more...)
			continue
		}
		value, err := s.x.Assign(a.Value)
		if err != nil {
			return nil, err
		}
		op := "="
		if a.Append {
			op = "+="
		}
		argv = append(argv, a.Name+op+value)
	}
	return argv, nil
}

// declarationAt is the place of the name of a declaration utility: the first
// word, or the one after command; -1 where there is none.
func declarationAt(ws []*parser.Word) int {
	for i, w := range ws {
		if len(w.Parts) != 1 {
			return -1
		}
		lit, ok := w.Parts[0].(*parser.Lit)
		if !ok {
			return -1
		}
		switch lit.Text {
		case "export", "readonly", "local":
			return i
		case "command":
			continue
		}
		return -1
	}
	return -1
}

// assigned is one assignment whose value has been expanded.
type assigned struct{ name, value string }

// expandAssigns expands the values of assignments, each after the one before
// it was made when make is given.
func (s *Shell) expandAssigns(as []*parser.Assign, each func(assigned) error) error {
	s.syncOpts()
	for _, a := range as {
		v, err := s.x.Assign(a.Value)
		if err != nil {
			return err
		}
		if a.Append {
			old, _ := s.get(a.Name)
			v = old + v
		}
		if err := each(assigned{a.Name, v}); err != nil {
			return err
		}
	}
	return nil
}

// runAssignments is a simple command without a name: assignments stay, and
// redirections are made and undone (POSIX 2.9.1.3).
func (s *Shell) runAssignments(c *parser.Simple) unwind {
	if len(c.Redirs) > 0 {
		old := s.fds.begin()
		err := s.redirect(c.Redirs)
		s.fds.restore(old)
		if err != nil {
			return s.expansionFailed(err, 1, false)
		}
	}
	var made []assigned
	err := s.expandAssigns(c.Assigns, func(a assigned) error {
		made = append(made, a)
		return s.set(a.name, a.value)
	})
	if s.opts.xtrace && len(made) > 0 {
		s.trace(nil, made)
	}
	if err != nil {
		return s.expansionFailed(err, 1, true)
	}
	s.status = max(s.substStatus, 0)
	return uwNone
}

// trace writes a command as it is about to be run (set -x).
func (s *Shell) trace(argv []string, as []assigned) {
	var b strings.Builder
	b.WriteString(s.promptString("PS4"))
	sep := ""
	for _, a := range as {
		b.WriteString(sep + a.name + "=" + Quote(a.value))
		sep = " "
	}
	for _, w := range argv {
		b.WriteString(sep + Quote(w))
		sep = " "
	}
	s.say(b.String())
}

// runBuiltin runs a builtin with its redirections. The assignments of a special
// one stay; those of another hold for its duration (POSIX 2.15, 2.9.1.2).
func (s *Shell) runBuiltin(c *parser.Simple, special bool, run Builtin, argv []string) unwind {
	var old *session
	if len(c.Redirs) > 0 {
		old = s.fds.begin()
		if err := s.redirect(c.Redirs); err != nil {
			s.fds.restore(old)
			return s.expansionFailed(err, 1, special)
		}
	}
	undo, err := s.assignFor(c.Assigns, !special, argv)
	if err != nil {
		s.fds.restore(old)
		return s.expansionFailed(err, 1, true)
	}
	u := s.callBuiltin(run, argv)
	if undo != nil {
		undo()
	}
	if s.keepFDs && old != nil {
		s.fds.keep(old)
	} else {
		s.fds.restore(old)
	}
	s.keepFDs = false
	if u == uwNone && special && s.specialFailed && !s.interactive {
		u = uwExit
	}
	s.specialFailed = false
	return u
}

// callBuiltin runs a builtin and takes what it asks of the control flow.
func (s *Shell) callBuiltin(run Builtin, argv []string) unwind {
	s.next = uwNone
	s.specialFailed = false
	st := run(s, argv)
	u := s.next
	s.next = uwNone
	s.status = st
	return u
}

// assignFor makes the assignments before a command. With temporary they are
// undone by the function returned; exported while they last (POSIX 2.9.1).
func (s *Shell) assignFor(as []*parser.Assign, temporary bool, argv []string) (undo func(), err error) {
	if len(as) == 0 {
		return nil, nil
	}
	hidden := map[string]*variable{}
	var made []assigned
	err = s.expandAssigns(as, func(a assigned) error {
		old := s.vars[a.name]
		if old != nil && old.readonly {
			return readonlyError{a.name}
		}
		made = append(made, a)
		if !temporary {
			err := s.set(a.name, a.value)
			if err == nil && len(argv) > 1 && argv[0] == "exec" {
				s.mark(a.name, true, false) // as in other shells: for the program
			}
			return err
		}
		if _, done := hidden[a.name]; !done {
			hidden[a.name] = old
		}
		s.vars[a.name] = &variable{value: a.value, set: true, export: true}
		s.env = nil
		s.changed(a.name)
		return nil
	})
	if s.opts.xtrace {
		s.trace(argv, made)
	}
	undo = func() {
		for name, old := range hidden {
			if old == nil {
				delete(s.vars, name)
			} else {
				s.vars[name] = old
			}
			s.env = nil
			s.changed(name)
		}
	}
	if err != nil {
		undo()
		return nil, err
	}
	return undo, nil
}

// maxCalls bounds the depth of function calls: beyond it the shell says so
// instead of growing until it is killed.
const maxCalls = 10000

func (s *Shell) runFunction(c *parser.Simple, f *parser.FuncDef, argv []string) unwind {
	if s.calls >= maxCalls {
		return s.fail(1, argv[0]+": functions call each other more than "+itoa(maxCalls)+" deep", true)
	}
	if len(c.Redirs) > 0 {
		defer s.fds.restore(s.fds.begin())
		if err := s.redirect(c.Redirs); err != nil {
			return s.expansionFailed(err, 1, false)
		}
	}
	undo, err := s.assignFor(c.Assigns, true, argv)
	if err != nil {
		return s.expansionFailed(err, 1, true)
	}
	if undo != nil {
		defer undo()
	}
	fr := &frame{args: s.args, loops: s.loops}
	s.frames = append(s.frames, fr)
	s.args, s.loops = argv[1:], 0
	s.calls++
	line := s.line
	u := s.runCommand(s.body(f), false)
	s.line = line
	s.calls--
	s.frames = s.frames[:len(s.frames)-1]
	s.args, s.loops = fr.args, fr.loops
	s.unlocal(fr)
	if u == uwReturn {
		u = uwNone
	}
	return u
}

// runExternal runs a program in the foreground and waits for it, or, as the
// last thing a subshell does, becomes it.
func (s *Shell) runExternal(c *parser.Simple, argv []string, path string, tail bool) unwind {
	if len(c.Redirs) > 0 {
		defer s.fds.restore(s.fds.begin())
		if err := s.redirect(c.Redirs); err != nil {
			return s.expansionFailed(err, 1, false)
		}
	}
	undo, err := s.assignFor(c.Assigns, true, argv)
	if err != nil {
		return s.expansionFailed(err, 1, true)
	}
	env := s.environ()
	if undo != nil {
		if path == "" || !strings.Contains(argv[0], "/") {
			// PATH=… prog: the assignment holds for the search too.
			for _, a := range c.Assigns {
				if a.Name == "PATH" {
					path = s.search(argv[0], s.Var("PATH"))
				}
			}
		}
		undo()
	}
	if path == "" {
		s.complain(s.notFoundText(argv[0]))
		s.status = 127
		return uwNone
	}
	if tail && s.canReplace() {
		return s.become(path, argv, env)
	}
	return s.runForeground(&stage{path: path, argv: argv, env: env, text: parser.JobText(c)})
}

func (s *Shell) notFoundText(name string) string {
	msg := name + ": not found"
	if name == "" {
		msg = "'': not found: the command's name is empty"
	} else if hint := notOurs(name); hint != "" {
		msg += ": " + hint
	} else if s.interactive {
		if s.visitor != nil && s.visitor.Mean != nil {
			if m := s.visitor.Mean(name); m != "" {
				return msg + "; did you mean " + m + "?"
			}
		}
		if m := s.didYouMean(name); m != "" {
			msg += "; did you mean " + m + "?"
		}
	}
	return msg
}

// canReplace says that this process may be replaced by its last command: a
// subshell with nothing left to do.
func (s *Shell) canReplace() bool {
	return s.mayExec && !s.traps.exit.set && !s.monitor && len(s.frames) == 0 && !s.traps.any()
}

// become replaces the shell by a program (exec).
func (s *Shell) become(path string, argv, env []string) unwind {
	err := s.execve(path, argv, env)
	text, status := spawnText(argv[0], err)
	s.complain(text)
	s.status = status
	return uwExit
}

func (s *Shell) execve(path string, argv, env []string) error {
	spec := &pgroup.Spec{Path: path, Argv: argv, Env: env, Files: s.fds.files(),
		Ignore: s.traps.ignoredInChildren(), NoFile: s.noFile}
	err := s.Kernel.Exec(spec)
	if pgroup.IsNoExec(err) {
		if looksBinary(path) {
			return err
		}
		spec.Path, spec.Argv = s.self(), append([]string{"sh", path}, argv[1:]...)
		err = s.Kernel.Exec(spec)
	}
	return err
}

// lineBegins and lineEnds bracket a command line in the log: an episode.
func (s *Shell) lineBegins(text string) {
	s.log(event.Event{Kind: event.LineBegin, Pid: s.Kernel.Pid, Pgid: s.Kernel.Pgid, Text: text})
}

func (s *Shell) lineEnds() {
	s.log(event.Event{Kind: event.LineEnd, Pid: s.Kernel.Pid, Status: s.status})
}

// log puts an event of the shell's own into the log, and tells the observer.
func (s *Shell) log(e event.Event) {
	if e.At == 0 {
		e.At = event.Now()
	}
	e.Source = event.Shell
	s.Log.Append(e)
	if s.Observer != nil {
		s.Observer()
	}
}
