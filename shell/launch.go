package shell

import (
	"errors"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/jobs"
	"jsh/parser"
	"jsh/pgroup"
)

// stage is one process of a pipeline to be started: a program whose words are
// expanded, or shell code for a re-executed jsh.
type stage struct {
	// A program.
	path      string
	argv, env []string
	// Shell code, where path is empty.
	node any
	// Redirections still to be made (a program in a pipeline).
	redirs []*parser.Redir
	text   string
	// mergeErr joins standard error to the pipe (|&).
	mergeErr bool
}

// launch is a pipeline to be started as one job.
type launch struct {
	stages     []*stage
	text       string
	background bool
}

// runForeground starts one program and waits for it.
func (s *Shell) runForeground(st *stage) unwind {
	return s.runLaunch(&launch{stages: []*stage{st}, text: st.text})
}

// runStages runs a pipeline in which every command is a process of its own.
func (s *Shell) runStages(pl *parser.Pipeline) unwind {
	s.line = pl.Start.Line
	if u, ok := s.runFed(pl); ok {
		return u
	}
	l := &launch{text: parser.JobText(pl), stages: s.stagesOf(pl)}
	return s.runLaunch(l)
}

// stagesOf decides for each command of a pipeline whether the shell starts the
// program itself or a subshell runs the command.
func (s *Shell) stagesOf(pl *parser.Pipeline) []*stage {
	stages := make([]*stage, len(pl.Cmds))
	for i, c := range pl.Cmds {
		st := s.direct(c)
		if st == nil {
			st = &stage{node: c}
		}
		st.text = parser.JobText(c)
		st.mergeErr = i < len(pl.MergeErr) && pl.MergeErr[i]
		stages[i] = st
	}
	return stages
}

// direct expands a simple command in the shell and gives its program, or nil
// where a subshell must do it: the command is no program, its expansion has
// side effects or runs commands, or opening a file might wait.
func (s *Shell) direct(c parser.Command) *stage {
	sc, ok := c.(*parser.Simple)
	if !ok || len(sc.Words) == 0 || s.opts.xtrace || s.opts.nounset {
		return nil
	}
	for _, w := range sc.Words {
		if !harmless(w) {
			return nil
		}
	}
	for _, a := range sc.Assigns {
		if a.Name == "PATH" || a.Append || !harmless(a.Value) {
			return nil
		}
		if v := s.vars[a.Name]; v != nil && v.readonly {
			return nil
		}
	}
	for _, r := range sc.Redirs {
		if r.Op == parser.RedirHere {
			if !harmless(r.Here) {
				return nil
			}
			continue
		}
		if !harmless(r.Word) {
			return nil
		}
		switch r.Op {
		case parser.RedirDupIn, parser.RedirDupOut, parser.RedirHereStr:
			continue
		}
		if name, err := s.x.Field(r.Word); err != nil || mayBlock(name) {
			return nil
		}
	}
	argv, err := s.fields(sc.Words)
	if err != nil || len(argv) == 0 {
		return nil
	}
	kind, _, path := s.lookup(argv[0])
	if kind != external || !isExecutable(path) {
		return nil
	}
	env := s.environ()
	if len(sc.Assigns) > 0 {
		undo, err := s.assignFor(sc.Assigns, true, argv)
		if err != nil {
			return nil
		}
		env = s.environ()
		undo()
	}
	return &stage{path: path, argv: argv, env: env, redirs: sc.Redirs}
}

// harmless says that expanding a word runs nothing, assigns nothing and cannot
// fail.
func harmless(w *parser.Word) bool {
	return w == nil || harmlessParts(w.Parts)
}

func harmlessParts(ps []parser.WordPart) bool {
	for _, p := range ps {
		switch p := p.(type) {
		case *parser.Lit, *parser.Quoted:
		case *parser.DblQuoted:
			if !harmlessParts(p.Parts) {
				return false
			}
		case *parser.Param:
			if p.Op == parser.ParamAssign || p.Op == parser.ParamError || !harmless(p.Arg) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// runLaunch starts a pipeline in the foreground and waits for it.
func (s *Shell) runLaunch(l *launch) unwind {
	if s.holdInterrupt() {
		defer s.releaseInterrupt()
	}
	j, failed, err := s.start(l)
	if err != nil {
		return s.expansionFailed(err, 1, false)
	}
	left := s.slow != nil && s.slow.left
	if j == nil {
		s.status = failed
		if left {
			return uwAbort
		}
		return uwNone
	}
	u := s.waitForeground(j)
	if left && u == uwNone {
		u = uwAbort
	}
	if failed != 0 {
		s.status = failed
	}
	return u
}

// start starts every stage of a pipeline and enters the job. failed is the
// status of a last stage that could not be started (0: it was). A nil job
// means that nothing was started at all.
//
// Nothing is waited for until all stages are started: a leader that ended early
// must stay a zombie, or the next stage could not join its group.
func (s *Shell) start(l *launch) (j *jobs.Job, failed int, err error) {
	group := pgroup.SameGroup
	ownGroup := s.monitor && !s.lacks(OwnGroup)
	if ownGroup {
		group = pgroup.NewGroup
	}
	// Only a shell that has the terminal may give it away.
	foreground := ownGroup && !l.background && !s.lacks(GiveTerminal) && s.hasTerminal()
	s.jobs.BeginLaunch()
	defer s.jobs.EndLaunch()

	if s.starting = s.slowFor(foreground); s.starting != nil {
		defer func() { s.starting = nil }()
	}

	var procs []jobs.Proc
	var held unix.Signal
	pgid := 0
	broken := false // the kernel refused the means to go on
	readEnd := closed
	for i, st := range l.stages {
		old := s.fds.begin()
		next := closed
		if readEnd != closed {
			s.fds.put(0, readEnd)
		} else if l.background && !s.monitor {
			// POSIX 2.9.3.1: without job control standard input is as if
			// from /dev/null, unless it is redirected.
			if fd, err := unix.Open("/dev/null", unix.O_RDONLY|unix.O_CLOEXEC, 0); err == nil {
				if fd, err = own(fd); err == nil {
					s.fds.put(0, fd)
				}
			}
		}
		if i < len(l.stages)-1 {
			var p [2]int
			if err = makePipe(&p); err != nil {
				s.fds.restore(old)
				s.complain("cannot make a pipe: " + errnoText(err) + orAdvice(err))
				failed, broken = 1, true
				break
			}
			next = p[0]
			s.fds.put(1, p[1])
			if st.mergeErr {
				s.dupOnto(2, "1")
			}
		}
		var c pgroup.Child
		rerr := s.redirect(st.redirs)
		if rerr != nil {
			err = rerr
		} else {
			c, err = s.spawn(st, group, foreground && pgid == 0, l.background)
		}
		s.fds.restore(old)
		readEnd = next
		if errors.Is(err, errLeft) {
			failed, broken = 128+int(unix.SIGINT), true
			break
		}
		if err != nil {
			status := 1
			if rerr != nil {
				s.complain(err.Error())
			} else {
				var text string
				text, status = spawnText(nameOf(st), err)
				s.complain(text)
				var se *pgroup.SpawnError
				if errors.As(err, &se) && se.Pgid != 0 {
					s.Kernel.SetForeground(s.tty, s.Kernel.Pgid)
				}
			}
			if i == len(l.stages)-1 {
				failed = status
			}
			if isClone(err) {
				failed, broken = status, true
				break
			}
			continue
		}
		if pgid == 0 && ownGroup {
			pgid = c.Pid
			group = pgroup.Group(pgid)
		}
		if c.Stopped != 0 {
			held = c.Stopped
		}
		procs = append(procs, jobs.Proc{Pid: c.Pid, Text: st.text})
	}
	if readEnd != closed {
		unix.Close(readEnd)
	}
	if s.starting != nil && (broken || len(procs) == 0) {
		s.starting.drop()
	}
	if len(procs) == 0 {
		return nil, failed, nil
	}
	j = &jobs.Job{Pgid: pgid, Procs: procs, Text: l.text, Foreground: !l.background,
		Monitor: ownGroup, Pipefail: s.opts.pipefail}
	s.jobs.Add(j)
	s.log(event.Event{Kind: event.JobNew,
		Job: j.ID(), Pgid: pgid, Pid: j.Pid(), Text: l.text})
	if foreground && held == 0 && !broken {
		// A ^Z between the start of two stages reached only those that were
		// there: the job would neither run nor be stopped. On a busy machine they
		// may not even have stopped yet.
		for _, p := range procs[:len(procs)-1] {
			if pgroup.StoppedAlready(p.Pid) == unix.SIGTSTP || s.interactive && hasPending(p.Pid, unix.SIGTSTP) {
				held = unix.SIGTSTP
				break
			}
		}
	}
	if s.starting != nil && !broken {
		if status := s.starting.release(s, j); status != 0 {
			failed = status
		}
	}
	if broken {
		s.abandon(j)
	} else if held != 0 {
		// ^Z came before exec: the whole pipeline is owed it now.
		s.Kernel.KillGroup(pgid, held)
	}
	return j, failed, nil
}

// abandon ends what was started of a pipeline whose rest could not be: alone
// it may never end.
func (s *Shell) abandon(j *jobs.Job) {
	for _, sig := range []unix.Signal{unix.SIGTERM, unix.SIGCONT} {
		if j.Pgid != 0 {
			s.Kernel.KillGroup(j.Pgid, sig)
			continue
		}
		for _, p := range j.Procs {
			s.Kernel.Kill(p.Pid, sig)
		}
	}
}

func orAdvice(err error) string {
	if a := advice(err); a != "" {
		return ": " + a
	}
	return ""
}

func isClone(err error) bool {
	var se *pgroup.SpawnError
	return errors.As(err, &se) && se.Step == "clone"
}

func nameOf(st *stage) string {
	if len(st.argv) > 0 {
		return st.argv[0]
	}
	return "subshell"
}

func makePipe(p *[2]int) error {
	if err := unix.Pipe2(p[:], unix.O_CLOEXEC); err != nil {
		return err
	}
	for i := range p {
		fd, err := own(p[i])
		if err != nil {
			unix.Close(p[1-i])
			return err
		}
		p[i] = fd
	}
	return nil
}

// spawn starts one stage with the present descriptors.
func (s *Shell) spawn(st *stage, group pgroup.Group, foreground, background bool) (pgroup.Child, error) {
	ignore := s.traps.ignoredInChildren()
	if background && !s.monitor {
		// POSIX 2.12: an asynchronous list without job control.
		ignore = ignore.With(unix.SIGINT).With(unix.SIGQUIT)
	}
	spec := pgroup.Spec{Group: group, Foreground: foreground, TTY: s.tty, Ignore: ignore, NoFile: s.noFile}
	if st.path == "" {
		return s.spawnCode(&spec, st.node, ignore)
	}
	spec.Path, spec.Argv, spec.Env, spec.Files = st.path, st.argv, st.env, s.fds.files()
	c, err := s.spawnStage(&spec)
	if err == nil && st.path == s.exe {
		s.noteOwn(st.argv[0], c.Pid)
	}
	if pgroup.IsNoExec(err) && !looksBinary(st.path) {
		// POSIX 2.9.1.6: a file without a format that the kernel knows is a
		// script for the shell.
		var se *pgroup.SpawnError
		errors.As(err, &se)
		spec.Path, spec.Argv = s.self(), append([]string{"sh", st.path}, st.argv[1:]...)
		if se.Pgid != 0 && group == pgroup.NewGroup {
			s.Kernel.SetForeground(s.tty, s.Kernel.Pgid)
		}
		c, err = s.spawnStage(&spec)
	}
	return c, err
}

// spawnStage is Kernel.Spawn, a step at a time where that is wanted.
func (s *Shell) spawnStage(spec *pgroup.Spec) (pgroup.Child, error) {
	if s.starting != nil {
		return s.starting.spawn(s, spec)
	}
	return s.Kernel.Spawn(spec)
}

// looksBinary says that a file is no script: it has a NUL byte before its first
// newline (as POSIX 2.9.1.6 allows the shell to decide).
func looksBinary(path string) bool {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return false
	}
	defer unix.Close(fd)
	var buf [256]byte
	n, _ := unix.Read(fd, buf[:])
	for _, c := range buf[:max(n, 0)] {
		switch c {
		case '\n':
			return false
		case 0:
			return true
		}
	}
	return false
}

// startBackground starts an AND-OR list that ended in &.
func (s *Shell) startBackground(ao *parser.AndOr) unwind {
	if len(ao.Pipelines) == 1 && s.interactive {
		// %2 & is bg %2, as in bash.
		if sc, ok := ao.Pipelines[0].Cmds[0].(*parser.Simple); ok && len(sc.Words) == 1 && len(ao.Pipelines[0].Cmds) == 1 {
			if w := literalText(sc.Words[0]); w != "" && w[0] == '%' {
				s.status = builtinBg(s, []string{"bg", w})
				return uwNone
			}
		}
	}
	var l *launch
	if len(ao.Pipelines) == 1 && !ao.Pipelines[0].Bang && !ao.Pipelines[0].Time {
		pl := ao.Pipelines[0]
		l = &launch{text: parser.JobText(pl), stages: s.stagesOf(pl), background: true}
	} else {
		one := *ao
		one.Background = false
		text := parser.JobText(&one)
		l = &launch{text: text, stages: []*stage{{node: &one, text: text}}, background: true}
	}
	j, failed, err := s.start(l)
	if err != nil {
		return s.expansionFailed(err, 1, false)
	}
	s.status = failed
	if j == nil {
		return uwNone
	}
	s.bgPid, s.hasBg = j.Pid(), true
	if s.interactive && s.monitor {
		s.say(j.StartLine())
	}
	s.status = 0
	return uwNone
}
