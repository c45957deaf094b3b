package main

import (
	"golang.org/x/sys/unix"

	"jsh/pgroup"
	"jsh/shell"
	"jsh/viz"
)

// builtinPSTree is ps-tree in the shell: no process is started for it, so the
// picture holds none.
func builtinPSTree(s *shell.Shell, args []string) int {
	in := viz.Input{ShellPid: s.ShellPid(), Jobs: s.JobOfGroup(), JobSpec: s.GroupOfJob, ASCII: !s.UTF8()}
	if fd := s.OutFD(); fd >= 0 && pgroup.IsTerminal(fd) {
		in.Cols = columns(fd)
		in.Colour = s.Colour()
	}
	return viz.PSTree(args[1:], in,
		func(b []byte) { s.WriteOut(b) },
		func(b []byte) { s.Say(string(b)) })
}

// columns is the width of a terminal, 80 where it does not tell.
func columns(fd int) int {
	if ws, err := unix.IoctlGetWinsize(fd, unix.TIOCGWINSZ); err == nil && ws.Col > 0 {
		return int(ws.Col)
	}
	return 80
}
