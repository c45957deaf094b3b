package shell

import (
	"golang.org/x/sys/unix"

	"jsh/parser"
)

// The commonest pipeline of scripts is echo "$x" | program. Where its first
// command may run inside (inside.go) it needs no process: its output waits in
// the pipe when the program starts.

// speaks says that a command is a builtin that writes once, when all its words
// are expanded, and that expanding them waits for nobody. More, such as two
// commands, could have to be read while it goes on.
func (s *Shell) speaks(c parser.Command) bool {
	sc, ok := c.(*parser.Simple)
	if !ok || len(sc.Words) == 0 || len(sc.Assigns) > 0 || len(sc.Redirs) > 0 {
		return false
	}
	for _, w := range sc.Words {
		if !harmless(w) {
			return false
		}
	}
	if len(sc.Words[0].Parts) != 1 {
		return false
	}
	lit, ok := sc.Words[0].Parts[0].(*parser.Lit)
	return ok && s.funcs[lit.Text] == nil
}

// runFed runs a pipeline whose first command can run inside. ok is false, and
// nothing has been done, where it cannot.
func (s *Shell) runFed(pl *parser.Pipeline) (u unwind, ok bool) {
	if len(pl.Cmds) < 2 || len(pl.MergeErr) > 0 && pl.MergeErr[0] || !s.speaks(pl.Cmds[0]) {
		return uwNone, false
	}
	first := &parser.Program{Span: pl.Span, Stmts: []*parser.AndOr{{Span: pl.Span,
		Pipelines: []*parser.Pipeline{{Span: pl.Span, Cmds: pl.Cmds[:1]}}}}}
	before := s.status
	out, ok := s.substInside(first)
	if !ok {
		return uwNone, false
	}
	status := s.status
	s.status, s.substStatus = before, -1
	defer s.fds.restore(s.fds.begin())
	fd, err := filledPipe(out)
	if err != nil {
		return s.fail(1, "cannot make a pipe: "+errnoText(err)+orAdvice(err), false), true
	}
	s.fds.put(0, fd)
	rest := &parser.Pipeline{Span: pl.Span, Cmds: pl.Cmds[1:]}
	if len(pl.MergeErr) > 0 {
		rest.MergeErr = pl.MergeErr[1:]
	}
	u = s.runLaunch(&launch{text: parser.JobText(pl), stages: s.stagesOf(rest)})
	s.pipeStatus = append([]int{status}, s.pipeStatus...)
	if s.opts.pipefail && s.status == 0 {
		s.status = status
	}
	return u, true
}

// filledPipe is a pipe that holds b and has no writer any more. What no pipe can
// hold is in a file.
func filledPipe(b []byte) (fd int, err error) {
	var p [2]int
	if err := makePipe(&p); err != nil {
		return closed, err
	}
	defer unix.Close(p[1])
	const usual, most = 64 << 10, 1 << 20 // pipe(7)
	if len(b) > usual && len(b) <= most {
		unix.FcntlInt(uintptr(p[1]), unix.F_SETPIPE_SZ, len(b))
	}
	unix.SetNonblock(p[1], true)
	for off := 0; off < len(b); {
		n, err := unix.Write(p[1], b[off:])
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			unix.Close(p[0])
			return memFile("jsh: output", b)
		}
		off += n
	}
	return p[0], nil
}
