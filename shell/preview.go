package shell

import (
	"errors"
	"io"
	"maps"

	"golang.org/x/sys/unix"

	"jsh/parser"
	"jsh/pgroup"
)

// This file answers what a line would become, for a builtin that says so before
// it is run. Nothing here has an effect.

// ParseLine reads text as if it were typed, with the aliases that hold now. The
// error is a *parser.SyntaxError.
func (s *Shell) ParseLine(text string) ([]*parser.Program, error) {
	o := s.parseOptions(s.shortName())
	o.Warn = nil
	p := parser.New(parser.FromString(text+"\n"), o)
	var progs []*parser.Program
	for {
		prog, err := p.Next()
		if errors.Is(err, io.EOF) {
			return progs, nil
		}
		if err != nil {
			return progs, err
		}
		progs = append(progs, prog)
	}
}

// NameMeans tells what a command name means now: "special", "builtin",
// "function", "program" (with its path) or "".
func (s *Shell) NameMeans(name string) (kind, path string) {
	defer s.withHashed()()
	k, _, path := s.lookup(name)
	switch k {
	case special:
		return "special", ""
	case ordinary:
		return "builtin", ""
	case function:
		return "function", ""
	case external:
		if isExecutable(path) {
			return "program", path
		}
	}
	return "", path
}

// withHashed keeps the remembered places of programs; what it returns puts them
// back.
func (s *Shell) withHashed() func() {
	saved := maps.Clone(s.hashed)
	return func() { s.hashed = saved }
}

// FunctionBody is the body of a function, nil where there is none.
func (s *Shell) FunctionBody(name string) parser.Command {
	if f := s.funcs[name]; f != nil {
		return s.body(f)
	}
	return nil
}

// HarmlessFields expands a word where that runs and changes nothing. ok is
// false for any other word, and where the expansion fails.
func (s *Shell) HarmlessFields(w *parser.Word) (fields []string, ok bool) {
	if !harmless(w) || !steady(w.Parts) {
		return nil, false
	}
	fields, err := s.fields([]*parser.Word{w})
	return fields, err == nil
}

// steady says that looking at the parameters of a word does not change them:
// RANDOM gives another number each time.
func steady(ps []parser.WordPart) bool {
	for _, p := range ps {
		switch p := p.(type) {
		case *parser.DblQuoted:
			if !steady(p.Parts) {
				return false
			}
		case *parser.Param:
			if p.Name == "RANDOM" || p.Arg != nil && !steady(p.Arg.Parts) {
				return false
			}
		}
	}
	return true
}

// StartsItself tells whether the shell starts a stage of a pipeline as a
// program, without a subshell.
func (s *Shell) StartsItself(c parser.Command) bool {
	sc, ok := c.(*parser.Simple)
	if !ok {
		return false
	}
	for _, w := range sc.Words {
		if !steady(w.Parts) {
			return false
		}
	}
	for _, a := range sc.Assigns {
		if !harmless(a.Value) {
			return false
		}
	}
	defer s.withHashed()()
	xtrace := s.opts.xtrace
	defer func() { s.opts.xtrace = xtrace }()
	return s.direct(c) != nil
}

// DescriptorLeads says where descriptor n leads: "the terminal", a path, or ""
// where it is closed.
func (s *Shell) DescriptorLeads(n int) string {
	fd := s.fds.at(n)
	if fd == closed {
		return ""
	}
	if pgroup.IsTerminal(fd) {
		return "the terminal"
	}
	var buf [256]byte
	k, err := unix.Readlink("/proc/self/fd/"+itoa(fd), buf[:])
	if err != nil {
		return "descriptor " + itoa(n) + " of the shell"
	}
	return string(buf[:k])
}
