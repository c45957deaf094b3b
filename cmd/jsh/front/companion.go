package front

import (
	"os"

	"golang.org/x/term"

	"jsh/companion"
	"jsh/proc"
	"jsh/shell"
	"jsh/viz"
)

// link is this shell's connection to the companion that keeps its log, nil where
// there is none. The interpreter's goroutine alone uses it.
var link *companion.Sender

// outer says that the companion is that of a jsh around this one.
var outer bool

// joinOuter connects a shell that runs inside another jsh's picture to its
// companion.
func joinOuter(s *shell.Shell) {
	path := os.Getenv(companion.EnvName)
	if path == "" {
		return
	}
	l, err := companion.Join(path, s.Pid(), s.Log, nil)
	if err != nil { // that jsh is gone
		s.UnsetVar(companion.EnvName)
		return
	}
	link, outer = l, true
	s.Observer = l.Flush
	s.SuspendOuter = func() error { return link.Screen("suspend") }
}

// needCompanion makes sure that there is a companion, and starts one if not. It
// says what a learner would wonder about otherwise; the error is already told.
func needCompanion(s *shell.Shell, who string) bool {
	if !s.Interactive() || s.Pid() != s.ShellPid() {
		s.Complain(who + ": only an interactive shell has a companion to watch it, and not in a pipeline or ( )")
		return false
	}
	if link.Check() {
		return true
	}
	restarted := link != nil
	l, err := companion.Start(s.Exe(), s.Pid(), s.Log, s.JobOfGroup())
	if err != nil {
		s.Complain(who + ": the companion, which keeps the log for all pictures, cannot be started: " + err.Error())
		return false
	}
	if restarted {
		s.Say("The companion had ended, and what it remembered with it. A new one begins\n" +
			"with this shell's last 1,000 events.")
	}
	link, outer = l, false
	s.Observer = l.Flush
	s.SetVar(companion.EnvName, l.Path, true)
	return true
}

// styleFor says how to draw for the terminal behind descriptor 1.
func styleFor(s *shell.Shell) viz.Style {
	st := viz.Style{ASCII: !s.UTF8()}
	if fd := s.OutFD(); fd >= 0 && term.IsTerminal(fd) {
		st.Width, st.Colour = columns(fd), s.Colour()
	}
	return st
}

// pictureNow draws the shell's session as it is.
func pictureNow(s *shell.Shell, plumbing ...int) (lines []string, err error) {
	r, err := proc.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var snap proc.Snapshot
	if err := r.Read(&snap); err != nil {
		return nil, err
	}
	tree := proc.Next(nil, &snap, proc.World{Shell: s.ShellPid(), Jobs: s.JobOfGroup(), Plumbing: plumbing})
	return viz.Tree(tree, styleFor(s)), nil
}
