package shell

import (
	"strings"

	"golang.org/x/sys/unix"

	"jsh/shell/edit"
)

// Visitor is a process beside an interactive shell that has something to say at
// the prompt, and lines to be run there: the lesson's.
type Visitor struct {
	// FD can be read when Hear is to be called, which may be while a line is
	// being typed. Hear must not wait.
	FD   int
	Hear func() Errand
	// Prompt is asked before each prompt, and may wait a little. empty says that
	// Enter alone was typed at the one before.
	Prompt func(empty bool) Errand
	// Stuck is asked after each line of an errand: true leaves the others out.
	Stuck func() bool
	// Mean says what a name that is no command means to the visitor, "" nothing. It
	// may be nil.
	Mean func(name string) string
	// Ran is called when the lines of an errand have been run.
	Ran func()
}

// Errand is what a visitor wants of the shell.
type Errand struct {
	Run   []string // for RunQuietly
	Text  string   // to be printed
	Typed string   // of Prompt: a line to be run as if it had been typed; "" none
}

// Visit has the visitor heard from now on; nil sends it away.
func (s *Shell) Visit(v *Visitor) {
	s.visitor = v
	if r := s.repl; r != nil && r.ed != nil {
		r.empty = false
		r.watchVisitor()
	}
}

// watchVisitor has the editor woken by the visitor.
func (r *repl) watchVisitor() {
	if v := r.s.visitor; v != nil {
		r.ed.Watch(v.FD)
	} else {
		r.ed.Watch(-1)
	}
}

// RunQuietly runs text as RunLine does, but as if nothing had been typed: $?
// stays as it was.
func (s *Shell) RunQuietly(text string) {
	status, statuses := s.status, s.pipeStatus
	s.pipeStatus = nil
	s.RunLine(text)
	s.status, s.pipeStatus = status, statuses
}

// greetVisitor asks the visitor before a prompt, and returns the line that it
// types.
func (r *repl) greetVisitor() (typed string) {
	empty := r.empty
	r.empty = false
	if r.s.visitor == nil {
		return ""
	}
	e := r.s.visitor.Prompt(empty)
	r.errand = append(r.errand, e.Run...)
	r.runErrand()
	if e.Text != "" {
		r.s.say(e.Text)
	}
	return e.Typed
}

// hearVisitor is part of onWake, which has a notice so far. Lines can be run only
// when the terminal is in order: the line being typed is put away for that.
func (r *repl) hearVisitor(notice string) (string, edit.Action) {
	if r.s.visitor == nil {
		return notice, edit.Continue
	}
	fds := []unix.PollFd{{Fd: int32(r.s.visitor.FD), Events: unix.POLLIN}}
	if n, err := unix.Poll(fds, 0); err != nil || n == 0 {
		return notice, edit.Continue
	}
	e := r.s.visitor.Hear()
	notice = strings.Trim(notice+"\n"+e.Text, "\n")
	if r.errand = append(r.errand, e.Run...); len(r.errand) > 0 {
		return notice, edit.Pause
	}
	return notice, edit.Continue
}

// runErrand runs what the visitor wants to be run, and tells what became of jobs.
// ran is false where there was nothing.
func (r *repl) runErrand() (ran bool) {
	if len(r.errand) == 0 {
		return false
	}
	lines := r.errand
	r.errand, r.s.warnedExit = nil, false
	for _, l := range lines {
		r.s.RunQuietly(l)
		if v := r.s.visitor; v != nil && v.Stuck != nil && v.Stuck() {
			break
		}
	}
	r.s.reap()
	if text := r.s.noticeText(); text != "" {
		r.s.say(text)
	}
	if r.s.visitor != nil && r.s.visitor.Ran != nil {
		r.s.visitor.Ran()
	}
	return true
}
