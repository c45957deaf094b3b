package front

import (
	"strings"

	"jsh/companion"
	"jsh/proc"
	"jsh/shell"
	"jsh/viz"
)

const slowHelp = `usage: slow [on | off]
With slow on the pipelines that you type start step by step: Enter makes the
next system call. fork: a copy of the shell, still in the shell's group.
setpgid: its group. tcsetpgrp: the keyboard moves; from then on the copy
reads your Enter. execve: the copies become the programs. waitpid: those
that have ended are zombies, until the shell asks how they ended.
q and Enter: no more pauses in this pipeline. ^C leaves it.
A stop key does nothing before execve. Background jobs start as always.
`

// builtinSlow is slow.
func builtinSlow(s *shell.Shell, args []string) int {
	word := strings.Join(args[1:], " ")
	switch word {
	case "":
		state := "off"
		if s.Slowly() != nil {
			state = "on"
		}
		s.WriteOut([]byte("slow is " + state + "\n"))
	case "on":
		if !s.Interactive() || s.Terminal() < 0 {
			s.Complain("slow: this shell is not interactive: nobody is there to press Enter")
			return 1
		}
		sl := &shell.Slow{}
		if s.Var(companion.EnvName) == "" { // else the picture is on the screen already
			sl.Show = func() string { return sessionPicture(s) }
		}
		s.SetSlow(sl)
		s.Say("From now on what you type starts step by step: Enter makes the next call.")
	case "off":
		s.SetSlow(nil)
	case "--help":
		s.WriteOut([]byte(slowHelp))
	default:
		s.Complain("slow: " + word + ": on or off")
		return 2
	}
	return 0
}

// sessionPicture draws the shell's session.
func sessionPicture(s *shell.Shell) string {
	r, err := proc.Open()
	if err != nil {
		return ""
	}
	defer r.Close()
	var snap proc.Snapshot
	if r.Read(&snap) != nil {
		return ""
	}
	tree := proc.Next(nil, &snap, proc.World{Shell: s.Pid(), Jobs: s.JobOfGroup()})
	style := viz.Style{Width: columns(s.Terminal()), ASCII: !s.UTF8(), Colour: s.Colour()}
	return strings.Join(viz.Tree(tree, style), "\n")
}
