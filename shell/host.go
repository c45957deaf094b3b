package shell

import (
	"errors"
	"io"

	"golang.org/x/sys/unix"

	"jsh/jobs"
	"jsh/parser"
	"jsh/pgroup"
	"jsh/shell/edit"
)

// This file is what builtins registered by cmd/jsh may ask of the shell.

// ErrNobody says that there is nobody to ask: the shell is not interactive.
var ErrNobody = errors.New("nobody is there to answer: this shell is not interactive")

// RunLine runs text as if it had been typed at the prompt: pipelines become
// jobs, ^C and ^Z do what they do there. A ^C or a stop ends the text, not the
// caller. It returns $?. exit in text is not honoured before the caller ends.
func (s *Shell) RunLine(text string) int {
	next := s.next
	u := s.runText(text, s.name)
	s.next = next
	if u == uwExit {
		s.next = uwExit
	}
	return s.status
}

// RunProgram runs a program in the place of a builtin that was typed as words: as
// the foreground job, with the builtin's redirections. It returns $?.
func (s *Shell) RunProgram(path string, argv, words []string) int {
	s.next = s.runForeground(&stage{path: path, argv: argv, env: s.environ(),
		text: parser.JobText(&parser.Simple{Words: literalWords(words)})})
	return s.status
}

// StartProgram starts a program as a job in the background, as if words had been
// typed with & behind. Its descriptor 3 is fd, which stays the caller's.
func (s *Shell) StartProgram(path string, argv, words []string, fd int) error {
	fd, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, pgroup.FirstOwnFD)
	if err != nil {
		return err
	}
	old := s.fds.begin()
	s.fds.put(3, fd)
	text := parser.JobText(&parser.Simple{Words: literalWords(words)})
	j, _, err := s.start(&launch{text: text, background: true,
		stages: []*stage{{path: path, argv: argv, env: s.environ(), text: text}}})
	s.fds.restore(old)
	switch {
	case err != nil:
		return err
	case j == nil:
		return errors.New("its keeper cannot be started")
	}
	s.bgPid, s.hasBg = j.Pid(), true
	if s.interactive && s.monitor {
		s.say(j.StartLine())
	}
	return nil
}

// Ask reads one line from the person at the terminal, outside the history.
// Errors: edit.ErrInterrupt (^C), io.EOF (^D), edit.ErrHangup, ErrNobody.
func (s *Shell) Ask(prompt string) (string, error) {
	if s.repl == nil || s.repl.ed == nil {
		return "", ErrNobody
	}
	for {
		s.reading++
		line, err := s.repl.ed.ReadLine(prompt)
		s.reading--
		switch {
		case errors.Is(err, edit.ErrBackground):
			s.reclaimFromBackground()
			if !s.done {
				continue
			}
		case errors.Is(err, edit.ErrPaused):
			if u := s.poll(); u != uwExit {
				continue
			}
			return "", edit.ErrHangup
		case errors.Is(err, edit.ErrHangup), errors.Is(err, io.EOF):
		}
		return line, err
	}
}

// SetVar gives a variable a value; export passes it on to programs. The error
// says that it is read-only.
func (s *Shell) SetVar(name, value string, export bool) error {
	if err := s.set(name, value); err != nil {
		return err
	}
	if export {
		s.mark(name, true, false)
	}
	return nil
}

// UnsetVar removes a variable.
func (s *Shell) UnsetVar(name string) error { return s.unset(name) }

// Exe is the path of this program, to be run again.
func (s *Shell) Exe() string { return s.self() }

// ShellPid is the process that the learner calls "the shell": this one, or for
// a subshell the first one ($$).
func (s *Shell) ShellPid() int { return s.pid }

// GroupOfJob is the process group that a job ID names. Errors: *jobs.SpecError.
func (s *Shell) GroupOfJob(spec string) (pgid int, err error) {
	j, err := s.jobs.Find(spec)
	if err != nil {
		return 0, err
	}
	return j.Leader(), nil
}

// Colour tells whether to use colour and other attributes at all.
func (s *Shell) Colour() bool {
	term := s.Var("TERM")
	return s.Var("NO_COLOR") == "" && term != "" && term != "dumb"
}

// UTF8 tells whether the locale's characters are UTF-8 (LC_ALL, LC_CTYPE,
// LANG in this order).
func (s *Shell) UTF8() bool { return s.x.UTF8() }

// OutFD is the real descriptor behind the learner's standard output, or -1.
func (s *Shell) OutFD() int { return s.fds.at(1) }

// Name is what the shell's own messages begin with, without the way to it.
func (s *Shell) Name() string { return s.shortName() }

// Complain writes an error message with the shell's name before it.
func (s *Shell) Complain(msg string) { s.complain(msg) }

// JobsNow are all jobs of the table, by number: to be looked at only.
func (s *Shell) JobsNow() []*jobs.Job { return s.jobs.All() }

// CurrentJob is what %+ names; nil where there is none.
func (s *Shell) CurrentJob() *jobs.Job { return s.jobs.Current() }

// FindJob is the job that a job ID names. Errors: *jobs.SpecError.
func (s *Shell) FindJob(spec string) (*jobs.Job, error) { return s.jobs.Find(spec) }
