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
	FD int
	// Hear returns what to print above the prompt, and lines for RunQuietly.
	Hear func() (text string, lines []string)
	// Prompt is asked before each prompt, and may wait a little. empty says that
	// Enter alone was typed at the one before.
	Prompt func(empty bool) (text string, lines []string)
}

// Visit has the visitor heard from now on; nil sends it away.
func (s *Shell) Visit(v *Visitor) {
	r := s.repl
	if r == nil || r.ed == nil {
		return
	}
	r.visitor, r.empty = v, false
	if v == nil {
		r.ed.Watch(-1)
	} else {
		r.ed.Watch(v.FD)
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

// greetVisitor asks the visitor before a prompt.
func (r *repl) greetVisitor() {
	empty := r.empty
	r.empty = false
	if r.visitor == nil {
		return
	}
	text, lines := r.visitor.Prompt(empty)
	r.errand = append(r.errand, lines...)
	r.runErrand()
	if text != "" {
		r.s.say(text)
	}
}

// hearVisitor is part of onWake, which has a notice so far. Lines can be run only
// when the terminal is in order: the line being typed is put away for that.
func (r *repl) hearVisitor(notice string) (string, edit.Action) {
	if r.visitor == nil {
		return notice, edit.Continue
	}
	fds := []unix.PollFd{{Fd: int32(r.visitor.FD), Events: unix.POLLIN}}
	if n, err := unix.Poll(fds, 0); err != nil || n == 0 {
		return notice, edit.Continue
	}
	text, lines := r.visitor.Hear()
	notice = strings.Trim(notice+"\n"+text, "\n")
	if r.errand = append(r.errand, lines...); len(r.errand) > 0 {
		return notice, edit.Pause
	}
	return notice, edit.Continue
}

// runErrand runs what the visitor wants to be run, and tells what became of jobs.
func (r *repl) runErrand() {
	if len(r.errand) == 0 {
		return
	}
	lines := r.errand
	r.errand = nil
	for _, l := range lines {
		r.s.RunQuietly(l)
	}
	r.s.reap()
	if text := r.s.noticeText(); text != "" {
		r.s.say(text)
	}
}
