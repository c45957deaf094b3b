package shell

import (
	"errors"
	"time"

	"golang.org/x/sys/unix"

	"jsh/parser"
	"jsh/shell/expand"
)

// unwind says why the rest of what was being run is not run.
type unwind uint8

const (
	uwNone     unwind = iota
	uwBreak           // break: s.levels loops
	uwContinue        // continue: s.levels loops
	uwReturn          // return from a function or a . file
	uwExit            // the shell ends with s.status
	uwAbort           // an interactive shell drops the command line: ^C or an error
	uwStop            // the foreground job was stopped: the rest of the line is dropped
)

// runProgram runs a list. tail says that nothing follows it in a subshell, so
// that the last command may take the process's place.
//
// Before each command and after the last, signals are looked at, so that a trap
// runs before whatever comes next, always.
func (s *Shell) runProgram(p *parser.Program, tail bool) unwind {
	if s.depth >= maxDepth {
		return s.fail(1, "commands are nested more than "+itoa(maxDepth)+" deep", true)
	}
	s.depth++
	u := s.runList(p, tail)
	s.depth--
	return u
}

// maxDepth bounds how deep lists may be nested, counted over function calls and
// eval: the stack of the interpreter holds that many.
const maxDepth = 200000

func (s *Shell) runList(p *parser.Program, tail bool) unwind {
	for i, ao := range p.Stmts {
		if u := s.poll(); u != uwNone {
			return u
		}
		s.ran++
		if ao.Background {
			s.line = ao.Start.Line
			if u := s.startBackground(ao); u != uwNone {
				return u
			}
			continue
		}
		if u := s.runAndOr(ao, tail && i == len(p.Stmts)-1); u != uwNone {
			s.droppedByStop = s.droppedByStop || u == uwStop && i < len(p.Stmts)-1
			return u
		}
	}
	return s.poll()
}

// runAndOr runs pipelines joined by && and ||. set -e does not act on any but
// the last (POSIX 2.15, set -e).
func (s *Shell) runAndOr(ao *parser.AndOr, tail bool) unwind {
	last := len(ao.Pipelines) - 1
	for i, pl := range ao.Pipelines {
		if i > 0 {
			if u := s.poll(); u != uwNone {
				return u
			}
		}
		if i > 0 && (ao.Ops[i-1] == parser.OpAnd) != (s.status == 0) {
			continue
		}
		if i < last {
			s.noErrexit++
		}
		u := s.runPipeline(pl, tail && i == last)
		if i < last {
			s.noErrexit--
		}
		if u != uwNone {
			s.droppedByStop = s.droppedByStop || u == uwStop && i < last
			return u
		}
	}
	return uwNone
}

func (s *Shell) runPipeline(pl *parser.Pipeline, tail bool) unwind {
	if pl.Time {
		return s.timed(pl)
	}
	if pl.Bang {
		s.noErrexit++
	}
	var u unwind
	leaf := true // set -e looks at commands, not at what holds them
	if len(pl.Cmds) == 1 {
		switch pl.Cmds[0].(type) {
		case *parser.Simple, *parser.Subshell, *parser.Cond:
		default:
			leaf = false
		}
		u = s.runCommand(pl.Cmds[0], tail && !pl.Bang)
		if leaf {
			s.pipeStatus = s.pipeStatus[:0]
		}
	} else {
		u = s.runStages(pl)
	}
	if pl.Bang {
		s.noErrexit--
		if u == uwNone {
			s.status = b2i(s.status == 0)
		}
		return u
	}
	if u == uwNone && leaf && s.status != 0 && s.opts.errexit && s.noErrexit == 0 {
		return uwExit
	}
	return u
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// runCommand runs one command that is not part of a longer pipeline.
func (s *Shell) runCommand(c parser.Command, tail bool) unwind {
	switch c := c.(type) {
	case *parser.Simple:
		return s.runSimple(c, tail)
	case *parser.FuncDef:
		if e, ok := builtins[c.Name]; ok && e.special {
			return s.fail(2, c.Name+": is a special builtin; POSIX allows no function of that name", true)
		}
		s.funcs[c.Name] = c
		s.status = 0
		return uwNone
	case *parser.Subshell:
		if tail && s.canReplace() {
			return s.runAsSubshell(c)
		}
		if u, ok := s.subshellInside(c); ok {
			return u
		}
		return s.runStages(&parser.Pipeline{Span: c.Span, Cmds: []parser.Command{c}, MergeErr: nil})
	}
	rs := c.Redirections()
	if len(rs) == 0 {
		return s.runCompound(c, tail)
	}
	s.line = c.Where().Start.Line
	old := s.fds.begin()
	defer s.fds.restore(old)
	if err := s.redirect(rs); err != nil {
		return s.expansionFailed(err, 1, false)
	}
	return s.runCompound(c, tail)
}

// runAsSubshell runs ( … ) in a process that is a subshell already and has
// nothing else to do: it starts no other, and its redirections stay.
func (s *Shell) runAsSubshell(c *parser.Subshell) unwind {
	if len(c.Redirs) > 0 {
		s.fds.begin()
		if err := s.redirect(c.Redirs); err != nil {
			return s.expansionFailed(err, 1, false)
		}
	}
	return s.runProgram(c.Body, true)
}

func (s *Shell) runCompound(c parser.Command, tail bool) unwind {
	switch c := c.(type) {
	case *parser.Brace:
		return s.runProgram(c.Body, tail)
	case *parser.If:
		return s.runIf(c, tail)
	case *parser.While:
		return s.runWhile(c)
	case *parser.For:
		return s.runFor(c)
	case *parser.Case:
		return s.runCase(c, tail)
	case *parser.Cond:
		return s.runCond(c)
	}
	s.complain("internal error: a command of unknown kind")
	s.status = 2
	return uwNone
}

func (s *Shell) runIf(c *parser.If, tail bool) unwind {
	for _, cl := range c.Clauses {
		s.noErrexit++
		u := s.runProgram(cl.Cond, false)
		s.noErrexit--
		if u != uwNone {
			s.droppedByStop = s.droppedByStop || u == uwStop
			return u
		}
		if s.status == 0 {
			return s.runProgram(cl.Then, tail)
		}
	}
	if c.Else != nil {
		return s.runProgram(c.Else, tail)
	}
	s.status = 0
	return uwNone
}

// loopAgain digests what unwound a loop's body: whether the loop goes on, and
// what the loop returns if not.
func (s *Shell) loopAgain(u unwind) (again bool, out unwind) {
	switch u {
	case uwNone:
		return true, uwNone
	case uwBreak, uwContinue:
		s.levels--
		if s.levels > 0 {
			return false, u
		}
		return u == uwContinue, uwNone
	case uwStop:
		s.droppedByStop = true // the rounds to come
	}
	return false, u
}

func (s *Shell) runWhile(c *parser.While) unwind {
	s.loops++
	defer func() { s.loops-- }()
	status := 0
	for {
		s.noErrexit++
		u := s.runProgram(c.Cond, false)
		s.noErrexit--
		if u != uwNone {
			again, out := s.loopAgain(u)
			if again {
				continue
			}
			if out == uwNone {
				s.status = 0
			}
			return out
		}
		if (s.status == 0) == c.Until {
			s.status = status
			return uwNone
		}
		again, out := s.loopAgain(s.runProgram(c.Body, false))
		status = s.status
		if !again {
			return out
		}
	}
}

func (s *Shell) runFor(c *parser.For) unwind {
	s.line = c.Start.Line
	items := s.args
	if c.HasIn {
		var err error
		if items, err = s.fields(c.Words); err != nil {
			return s.expansionFailed(err, 1, false)
		}
	}
	s.loops++
	defer func() { s.loops-- }()
	if len(items) == 0 {
		s.status = 0
	}
	for _, item := range items {
		if err := s.set(c.Name, item); err != nil {
			return s.fail(1, err.Error(), true)
		}
		if again, out := s.loopAgain(s.runProgram(c.Body, false)); !again {
			return out
		}
	}
	return uwNone
}

func (s *Shell) runCase(c *parser.Case, tail bool) unwind {
	s.line = c.Start.Line
	s.substStatus = -1
	s.syncOpts()
	word, err := s.x.Field(c.Word)
	if err != nil {
		return s.expansionFailed(err, 1, false)
	}
	for i := 0; i < len(c.Items); i++ {
		hit := false
		for _, p := range c.Items[i].Patterns {
			pat, err := s.x.Pattern(p)
			if err != nil {
				return s.expansionFailed(err, 1, false)
			}
			if hit = pat.Match(word); hit {
				break
			}
		}
		if !hit {
			continue
		}
		for ; ; i++ {
			through := c.Items[i].FallThrough && i+1 < len(c.Items)
			if len(c.Items[i].Body.Stmts) == 0 {
				s.status = 0
			}
			if u := s.runProgram(c.Items[i].Body, tail && !through); u != uwNone || !through {
				return u
			}
		}
	}
	s.status = 0
	return uwNone
}

// fields expands words under the present options.
func (s *Shell) fields(ws []*parser.Word) ([]string, error) {
	s.syncOpts()
	return s.x.Fields(ws)
}

func (s *Shell) syncOpts() {
	s.x.Opts = expand.Options{NoGlob: s.opts.noglob, NoUnset: s.opts.nounset}
}

// fail reports an error. fatal errors end a shell that is not interactive
// (POSIX 2.8.1) and drop the command line of one that is.
func (s *Shell) fail(status int, msg string, fatal bool) unwind {
	s.complain(msg)
	s.status = status
	switch {
	case !fatal:
		return uwNone
	case s.interactive:
		return uwAbort
	}
	return uwExit
}

// expansionFailed is fail for errors from expanding and redirecting. fatal says
// that a redirection error counts as well (a special builtin's); an expansion
// error always does.
func (s *Shell) expansionFailed(err error, status int, fatal bool) unwind {
	var stop substUnwound
	if errors.As(err, &stop) {
		return stop.u
	}
	var re redirError
	if !errors.As(err, &re) {
		fatal = true
		if status == 1 && !s.interactive {
			// 1 to 125 are allowed (sh, EXIT STATUS). Where 1 is an answer (no
			// line found, files differ), as in zgrep, 2 is the trouble.
			status = 2
		}
	}
	return s.fail(status, expansionText(err), fatal)
}

// timed is the reserved word time (from bash): real time of the pipeline, and
// the processor time of what was waited for in it.
func (s *Shell) timed(pl *parser.Pipeline) unwind {
	var before, after [2]unix.Rusage
	usage := func(u *[2]unix.Rusage) {
		unix.Getrusage(unix.RUSAGE_SELF, &u[0])
		unix.Getrusage(unix.RUSAGE_CHILDREN, &u[1])
	}
	usage(&before)
	start := time.Now()
	inner := *pl
	inner.Time = false
	u := s.runPipeline(&inner, false)
	real := time.Since(start)
	usage(&after)
	var user, sys time.Duration
	for i := range after {
		user += time.Duration(after[i].Utime.Nano() - before[i].Utime.Nano())
		sys += time.Duration(after[i].Stime.Nano() - before[i].Stime.Nano())
	}
	row := func(name string, d time.Duration) string {
		if pl.TimePOSIX {
			return name + " " + seconds(d, 2) + "\n"
		}
		return name + "\t" + itoa(int(d/time.Minute)) + "m" + seconds(d%time.Minute, 3) + "s\n"
	}
	text := row("real", real) + row("user", user) + row("sys", sys)
	if !pl.TimePOSIX {
		text = "\n" + text
	}
	s.say(text)
	return u
}

// seconds writes a duration in seconds with so many decimals.
func seconds(d time.Duration, decimals int) string {
	n := int(d / time.Millisecond)
	if decimals == 2 {
		n /= 10
	}
	t := itoa(n)
	for len(t) <= decimals {
		t = "0" + t
	}
	return t[:len(t)-decimals] + "." + t[len(t)-decimals:]
}
