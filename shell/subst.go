package shell

import (
	"golang.org/x/sys/unix"

	"jsh/parser"
	"jsh/pgroup"
)

// expandEnv is the shell as expand sees it.
type expandEnv struct{ s *Shell }

func (e expandEnv) Get(name string) (string, bool) { return e.s.get(name) }
func (e expandEnv) Set(name, value string) error   { return e.s.set(name, value) }
func (e expandEnv) Args() []string                 { return e.s.args }

func (e expandEnv) Special(c byte) (string, bool) {
	s := e.s
	switch c {
	case '?':
		return itoa(s.status), true
	case '$':
		return itoa(s.pid), true
	case '!':
		return itoa(s.bgPid), s.hasBg
	case '#':
		return itoa(len(s.args)), true
	case '0':
		return s.name, true
	case '-':
		return s.optionLetters(), true
	}
	return "", false
}

// HomeOf reads /etc/passwd: jsh is linked statically and asks no name service.
func (e expandEnv) HomeOf(user string) (string, bool) { return homeOf(user) }

// substUnwound carries a ^C, a hang-up or the exit of a trap, that met a command
// substitution or the opening of a file, out through what asked for it.
type substUnwound struct{ u unwind }

func (substUnwound) Error() string { return "interrupted" }

// CmdSubst runs $(…) in a subshell and returns its output (2.6.3). It is no
// job: it runs in the shell's own group, so that ^C reaches both. SIGTSTP is
// ignored in it under job control: a stopped substitution could not be
// continued by any command.
func (e expandEnv) CmdSubst(cs *parser.CmdSubst) ([]byte, error) {
	s := e.s
	if out, ok := s.readFileSubst(cs); ok {
		return out, nil
	}
	if out, ok := s.substInside(cs.Body); ok {
		return out, nil
	}
	if s.holdInterrupt() {
		defer s.releaseInterrupt()
	}
	var p [2]int
	if err := makePipe(&p); err != nil {
		return nil, redirError{"cannot make a pipe for $( ): " + errnoText(err) + orAdvice(err)}
	}
	if pl := s.onlyPipeline(cs.Body); pl != nil {
		return s.substPipeline(pl, p), nil
	}
	st := &stage{node: cs.Body}
	if d := s.onlyCommand(cs.Body); d != nil {
		if dst := s.direct(d); dst != nil {
			st = dst
		}
	}
	old := s.fds.begin()
	s.fds.put(1, p[1])
	err := s.redirect(st.redirs)
	var c pgroup.Child
	if err == nil {
		ignore := s.traps.ignoredInChildren()
		if s.monitor {
			ignore = ignore.With(unix.SIGTSTP)
		}
		spec := pgroup.Spec{Group: pgroup.SameGroup, Ignore: ignore, NoFile: s.noFile}
		if st.path == "" {
			c, err = s.spawnCode(&spec, st.node, ignore)
		} else {
			spec.Path, spec.Argv, spec.Env, spec.Files = st.path, st.argv, st.env, s.fds.files()
			c, err = s.Kernel.Spawn(&spec)
			if err != nil {
				// Let a subshell find out and say so in its own name.
				c, err = s.spawnCode(&spec, cs.Body, ignore)
			}
		}
	} else {
		s.complain(err.Error())
		s.fds.restore(old)
		unix.Close(p[0])
		s.substStatus = 1
		return nil, nil
	}
	s.fds.restore(old)
	if err != nil {
		unix.Close(p[0])
		text, _ := spawnText("$( )", err)
		return nil, redirError{text}
	}
	out, u := s.drain(p[0])
	unix.Close(p[0])
	s.substStatus = s.waitHelper(c.Pid)
	if u == uwNone && s.interactive && s.substStatus == 128+int(unix.SIGINT) {
		if v := s.poll(); v != uwNone {
			u = v
		}
	}
	if u != uwNone {
		return nil, substUnwound{u}
	}
	s.status = s.substStatus
	return out, nil
}

// onlyPipeline is the pipeline of several commands that a substitution consists
// of, where the shell can start its stages itself: in a script nobody sees that
// the process between them and the shell is not there.
func (s *Shell) onlyPipeline(p *parser.Program) *parser.Pipeline {
	if s.interactive || s.monitor || len(p.Stmts) != 1 || p.Stmts[0].Background || len(p.Stmts[0].Pipelines) != 1 {
		return nil
	}
	pl := p.Stmts[0].Pipelines[0]
	if pl.Bang || pl.Time || len(pl.Cmds) < 2 {
		return nil
	}
	return pl
}

// substPipeline is $(a | b): the output of the pipeline, read from the pipe p.
func (s *Shell) substPipeline(pl *parser.Pipeline, p [2]int) (out []byte) {
	line, statuses := s.line, s.pipeStatus
	s.pipeStatus = nil
	old := s.fds.begin()
	s.fds.put(1, p[1])
	j, failed, _ := s.start(&launch{text: parser.JobText(pl), stages: s.stagesOf(pl)})
	s.fds.restore(old)
	out, _ = s.drain(p[0])
	unix.Close(p[0])
	if j != nil {
		s.waitForeground(j)
	}
	if j == nil || failed != 0 {
		s.status = failed
	}
	s.substStatus = s.status
	s.line, s.pipeStatus = line, statuses
	return out
}

// onlyCommand is the simple command that a list consists of, or nil.
func (s *Shell) onlyCommand(p *parser.Program) parser.Command {
	if len(p.Stmts) != 1 || p.Stmts[0].Background || len(p.Stmts[0].Pipelines) != 1 {
		return nil
	}
	pl := p.Stmts[0].Pipelines[0]
	if pl.Bang || pl.Time || len(pl.Cmds) != 1 {
		return nil
	}
	return pl.Cmds[0]
}

// readFileSubst is $(<file): the file's text without a process (from bash).
func (s *Shell) readFileSubst(cs *parser.CmdSubst) ([]byte, bool) {
	sc, ok := s.onlyCommand(cs.Body).(*parser.Simple)
	if !ok || len(sc.Words) > 0 || len(sc.Assigns) > 0 || len(sc.Redirs) != 1 ||
		sc.Redirs[0].Op != parser.RedirIn || sc.Redirs[0].N > 0 {
		return nil, false
	}
	old := s.fds.begin()
	defer s.fds.restore(old)
	if err := s.redirect(sc.Redirs); err != nil {
		s.complain(err.Error())
		s.substStatus = 1
		return nil, true
	}
	s.substStatus = 0
	out, _ := s.drain(s.fds.at(0))
	return out, true
}

// drain reads until the other side is closed. ^C and a hang-up end it in an
// interactive shell.
func (s *Shell) drain(fd int) ([]byte, unwind) {
	defer s.afterWait()
	var out []byte
	buf := make([]byte, 16<<10)
	ends := pgroup.SignalsOf(unix.SIGINT, unix.SIGHUP)
	for {
		if s.interactive {
			s.awaitInput(fd)
			if pgroup.AnyPending() {
				set := pgroup.Pending()
				s.later |= set &^ ends
				if u := s.handle(set & ends); u != uwNone {
					return out, u
				}
				continue
			}
		}
		n, err := unix.Read(fd, buf)
		if n > 0 {
			out = append(out, buf[:n]...)
		} else if err != unix.EINTR {
			return out, uwNone
		}
	}
}

// waitHelper waits for a child that is no job and gives its status.
func (s *Shell) waitHelper(pid int) int {
	defer s.afterWait()
	c, err := s.waitChange(pid, 0)
	switch {
	case err == errHungUp:
		return 128 + int(unix.SIGHUP)
	case err != nil:
		return 127
	}
	if s.interactive {
		s.settleModes(c.Status.Signaled())
	}
	if c.Status.Signaled() {
		return 128 + int(c.Status.Signal())
	}
	return c.Status.ExitStatus()
}
