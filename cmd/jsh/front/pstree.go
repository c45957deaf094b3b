package front

import (
	"errors"

	"golang.org/x/term"

	"jsh/pgroup"
	"jsh/shell"
	"jsh/viz"
)

// builtinPSTree is ps-tree in the shell: no process is started for it, so the
// picture holds none.
func builtinPSTree(s *shell.Shell, args []string) int {
	in := viz.Input{ShellPid: s.ShellPid(), Jobs: s.JobOfGroup(), JobSpec: s.GroupOfJob, ASCII: !s.UTF8(), Files: files}
	in.Events = logOf(s)
	if fd := s.OutFD(); fd >= 0 && term.IsTerminal(fd) {
		in.Cols = columns(fd)
		in.Colour = s.Colour()
	}
	return viz.PSTree(args[1:], in,
		func(b []byte) { s.WriteOut(b) },
		func(b []byte) { s.Say(string(b)) })
}

// columns is the width of a terminal, 80 where it does not tell.
func columns(fd int) int {
	if cols, _, err := term.GetSize(fd); err == nil && cols > 0 {
		return cols
	}
	return 80
}

// runPSTree is jsh ps-tree, from any shell: that shell's picture. Jobs are
// known to the shell alone that has them, so %JOB is refused.
func runPSTree(args []string) int {
	pgroup.CollectSeldom(64 << 20) // it is over before memory could matter
	o := lookOutside()
	in := viz.Input{Cols: o.cols, Colour: o.colour, ASCII: o.ascii, Files: files}
	in.JobSpec = func(spec string) (int, error) {
		return 0, errors.New(spec + ": jobs are known to their shell alone, and this is another process; give a PID, or type ps-tree inside jsh")
	}
	return viz.PSTree(args, in, toStdout, toStderr)
}
