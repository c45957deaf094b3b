package shell

import (
	"errors"
	"io"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"

	"jsh/parser"
	"jsh/pgroup"
	"jsh/shell/edit"
)

// repl is the conversation of an interactive shell.
type repl struct {
	s      *Shell
	ed     *edit.Editor
	p      *parser.Parser
	typed  strings.Builder // the command so far, for the history
	queue  []string        // lines of the same edit (a paste) that were not read yet
	kept   bool            // the edit that the present command is from is in the history
	empty  bool            // the last thing typed was Enter alone
	errand []string        // lines that the visitor wants run before the next key
}

// RunInteractive is the life of an interactive shell, with job control where
// monitor asks for it. It returns the exit status.
func (s *Shell) RunInteractive(monitor bool, welcome string) int {
	s.jobs.Interactive = true
	s.initSignals()
	if monitor {
		if err := s.startJobControl(); err != nil {
			s.say(s.name + ": " + err.Error())
		}
	}
	r := &repl{s: s}
	s.repl = r
	r.openEditor()
	if s.modes == nil && s.tty >= 0 {
		s.modes, _ = pgroup.GetModes(s.tty)
	}
	if welcome != "" {
		s.say(welcome)
	}
	if s.missing != nil {
		s.say(ruleTexts[s.missing.rule])
		s.missing.modes = s.modes
	}
	if v := s.vars["PS1"]; v != nil && !v.export && s.shortName() != "sh" {
		v.value = `\w \$ ` // nobody has chosen one: say where one is
	}
	s.loginFiles()
	if !s.done {
		s.startupFile()
	}
	r.p = parser.New(r, s.parseOptions(s.name))
	for !s.done {
		r.oneCommand()
	}
	return s.finish()
}

// startupFile runs $ENV or ~/.jshrc, unless the ids differ.
func (s *Shell) startupFile() {
	if unix.Getuid() != unix.Geteuid() || unix.Getgid() != unix.Getegid() {
		return
	}
	path := s.Var("ENV")
	if path == "" {
		if path = s.Var("HOME"); path == "" {
			return
		}
		path += "/.jshrc"
	} else if prog, err := parser.Parse("ENV", "\""+strings.ReplaceAll(path, "\"", "\\\"")+"\"", parser.Options{}); err == nil {
		if sc, ok := s.onlyCommand(prog).(*parser.Simple); ok && len(sc.Words) == 1 {
			if v, err := s.x.Field(sc.Words[0]); err == nil {
				path = v
			}
		}
	}
	s.runFirst(path)
}

// oneCommand reads and runs one complete command.
func (r *repl) oneCommand() {
	s := r.s
	r.typed.Reset()
	r.p.SetLine(1) // lines are counted within what was typed for this command
	prog, err := r.p.Next()
	if !r.kept {
		r.remember(r.typed.String())
	}
	if len(r.queue) == 0 {
		r.kept = false
	}
	if err != nil {
		r.queue = nil
		r.readFailed(err)
		return
	}
	if r.empty = len(prog.Stmts) == 0; r.empty {
		return
	}
	s.warnNow, s.droppedByStop = false, false
	s.speak() // of what happened while nothing was run
	s.lineBegins(strings.TrimSpace(r.typed.String()))
	u := s.runProgram(prog, false)
	s.lineEnds()
	if !s.warnNow {
		s.warnedExit = false
	}
	s.speak()
	if u == uwStop && s.droppedByStop {
		s.say("    The rest of the line is dropped: a stopped job is all that can be continued.")
	}
	if u != uwNone {
		r.queue = nil // ^C, ^Z and errors end all that was entered at once
	}
	if u == uwExit {
		s.done = true
	}
}

// literalText is the text of a word without quotes and expansions, or "".
func literalText(w *parser.Word) string {
	if len(w.Parts) == 1 {
		if lit, ok := w.Parts[0].(*parser.Lit); ok {
			return lit.Text
		}
	}
	return ""
}

// remember puts a command into the history.
func (r *repl) remember(text string) {
	if text = strings.TrimRight(text, "\n"); text == "" {
		return
	}
	if err := r.ed.AddHistory(text); err != nil {
		r.s.complain(err.Error())
	}
}

// speak lets the narrator tell what happened.
func (s *Shell) speak() {
	if s.Narrator != nil && s.interactive {
		s.Narrator()
	}
}

func (r *repl) readFailed(err error) {
	s := r.s
	r.p.Reset()
	var se *parser.SyntaxError
	switch {
	case errors.Is(err, edit.ErrInterrupt):
		// In raw mode the key is no signal; a trap on it runs all the same.
		s.status = 128 + int(unix.SIGINT)
		u := s.poll()
		if a := s.traps.actions[unix.SIGINT]; a.set && a.action != "" && u == uwNone {
			u = s.runTrap(a.action)
		}
		s.done = s.done || u == uwExit
	case errors.Is(err, io.EOF):
		if s.opts.ignoreeof && s.tty >= 0 {
			s.say("Use exit to leave the shell (set -o ignoreeof is on).")
			return
		}
		if s.tty >= 0 {
			s.say("exit") // the cursor stands behind the prompt
		}
		s.done = !s.warnBeforeExit()
	case errors.Is(err, edit.ErrHangup):
		s.hangup, s.done = true, true
		s.status = 128 + int(unix.SIGHUP)
	case errors.Is(err, edit.ErrBackground):
		s.reclaimFromBackground()
	case errors.As(err, &se):
		at := ""
		if se.Pos.Line > 1 {
			at = "line " + itoa(se.Pos.Line) + ": "
		}
		s.complain(at + "syntax error: " + se.Msg + "\n" + strings.TrimSuffix(se.Excerpt(), "\n"))
		s.status = 2
		if se.Incomplete && errors.Is(err, io.EOF) {
			s.done = true
		}
	default:
		s.complain(errnoText(err))
		s.status, s.done = 2, true
	}
}

// ReadLine gives the parser the next line that is typed.
func (r *repl) ReadLine(continuation bool) (string, error) {
	s := r.s
	if len(r.queue) > 0 {
		line := r.queue[0]
		r.queue = r.queue[1:]
		r.typed.WriteString(line)
		return line, nil
	}
	prompt := ""
	if continuation {
		prompt = s.promptString("PS2")
	} else {
		if u := s.poll(); u == uwExit {
			return "", edit.ErrHangup
		}
		s.reap()
		s.speak()
		if text := s.noticeText(); text != "" {
			s.say(text)
		}
		if s.News != nil {
			if text := s.News(); text != "" {
				s.say(text)
			}
		}
		typed := r.greetVisitor()
		prompt = s.missing.label() + s.promptString("PS1")
		if typed != "" {
			s.say(edit.PlainPrompt(prompt) + typed)
			r.typed.WriteString(typed + "\n")
			return typed + "\n", nil
		}
	}
	for {
		s.reading++
		line, err := r.ed.ReadLine(prompt)
		s.reading--
		switch {
		case err == nil:
			if s.opts.verbose {
				s.say(line)
			}
			line += "\n"
			if i := strings.IndexByte(line, '\n') + 1; i < len(line) {
				// Several lines were edited as one: the parser takes one at a
				// time, the history keeps them together.
				r.queue = strings.SplitAfter(strings.TrimRight(line[i:], "\n")+"\n", "\n")
				r.queue = r.queue[:len(r.queue)-1]
				if r.typed.Len() == 0 {
					r.remember(line)
					r.kept = true
				}
				line = line[:i]
			}
			r.typed.WriteString(line)
			return line, nil
		case errors.Is(err, edit.ErrBackground):
			s.reclaimFromBackground()
			if s.done {
				return "", edit.ErrHangup
			}
			continue
		case errors.Is(err, edit.ErrPaused):
			s.later = 0
			if u := s.poll(); u == uwExit {
				s.done = true
				return "", edit.ErrHangup
			}
			if r.runErrand() && !continuation { // which may have gone to another directory
				prompt = s.missing.label() + s.promptString("PS1")
			}
			continue
		}
		var pe *edit.PanicError
		if errors.As(err, &pe) {
			s.complain(pe.Error() + "; the line is dropped, the shell goes on")
			return "", edit.ErrInterrupt
		}
		return "", err
	}
}

// onWake is called while a line is being typed and a caught signal came.
func (r *repl) onWake() (notice string, action edit.Action) {
	s := r.s
	set := pgroup.Pending()
	traps := false
	for sig := unix.Signal(1); sig <= 64; sig++ {
		if set.Has(sig) && s.traps.actions[sig].set && s.traps.actions[sig].action != "" {
			traps = true
		}
	}
	if set.Has(unix.SIGCHLD) {
		s.reap()
		if s.opts.notify {
			notice = s.noticeText()
		}
	}
	if set.Has(unix.SIGWINCH) {
		r.ed.Resize()
	}
	if set.Has(unix.SIGHUP) && !s.traps.actions[unix.SIGHUP].set {
		s.hangup = true
		return notice, edit.Quit
	}
	if traps {
		pgroup.Renote(set.Without(unix.SIGCHLD).Without(unix.SIGWINCH))
		return notice, edit.Pause
	}
	if set.Has(unix.SIGINT) {
		return notice, edit.Interrupt
	}
	return r.hearVisitor(notice)
}

// finish is what every shell does last: the EXIT trap, the hang-up of its jobs
// where it was hung up itself, the terminal given back.
func (s *Shell) finish() int {
	s.runExitTrap()
	if s.subshell {
		return s.status
	}
	if s.interactive {
		s.hangUpJobs()
	}
	if s.missing != nil && s.missing.modes != nil && s.hasTerminal() {
		s.Kernel.SetModes(s.tty, s.missing.modes, 0)
	}
	s.leaveJobControl()
	if s.Leaving != nil {
		s.Leaving()
	}
	if s.hangup && !s.traps.ignoredInChildren().Has(unix.SIGHUP) {
		pgroup.Die(unix.SIGHUP) // as if it had never been caught
	}
	return s.status
}

// hangUpJobs sends SIGHUP to the jobs of a shell that was hung up, and to
// stopped jobs of one that exits, as its warning said; SIGCONT lets stopped
// ones act on it. disown takes a job out of this.
func (s *Shell) hangUpJobs() {
	s.reapAll()
	for _, j := range s.jobs.All() {
		if j.NoHup() || j.Pgid == 0 || !(s.hangup || j.StateText() != "Running") {
			continue
		}
		if st := j.State().String(); st == "Done" {
			continue
		}
		s.Kernel.KillGroup(j.Pgid, unix.SIGHUP)
		s.Kernel.KillGroup(j.Pgid, unix.SIGCONT)
	}
}

// parseOptions connects a parser to the shell's aliases.
func (s *Shell) parseOptions(name string) parser.Options {
	return parser.Options{
		Name:  name,
		Alias: func(n string) (string, bool) { v, ok := s.aliases[n]; return v, ok },
		Warn: func(at parser.Pos, msg string) {
			s.say(name + ": line " + itoa(at.Line) + ": warning: " + msg)
		},
	}
}

// parseFailed reports an error of the parser; the end of the input is none.
func (s *Shell) parseFailed(err error) unwind {
	if err == io.EOF {
		return uwNone
	}
	s.status = 2
	var se *parser.SyntaxError
	if errors.As(err, &se) {
		s.say(se.Error() + "\n" + se.Excerpt())
	} else {
		s.complain("cannot read commands: " + errnoText(err))
		if s.dots == 0 {
			s.status = 128 // sh, EXIT STATUS
		}
	}
	if s.interactive {
		return uwAbort
	}
	return uwExit
}

// setComm names the calling thread for ps (prctl(2), PR_SET_NAME); name ends
// in NUL and has at most 15 bytes before it.
func setComm(name []byte) {
	unix.Prctl(unix.PR_SET_NAME, uintptr(unsafe.Pointer(&name[0])), 0, 0, 0)
}
