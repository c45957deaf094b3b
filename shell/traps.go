package shell

import (
	"golang.org/x/sys/unix"

	"jsh/parser"
	"jsh/pgroup"
)

// trapTable is what trap set (POSIX 2.15, trap).
type trapTable struct {
	exit    trapAction
	actions map[unix.Signal]trapAction
	// entry are the signals that were ignored when the shell started and still
	// are: children ignore them too, and only an interactive shell may trap or
	// reset them (2.15, trap).
	entry pgroup.SignalSet
	// parent is what a subshell's trap prints until it sets one itself.
	parent  []string
	running int // traps that are being run now
	before  int // $? before the innermost of them
	calls   int // the depth of function calls where it began
}

// trapAction is one trap: an empty action ignores the signal.
type trapAction struct {
	set    bool
	action string
}

// any tells whether a signal has an action to run.
func (t *trapTable) any() bool {
	for _, a := range t.actions {
		if a.set && a.action != "" {
			return true
		}
	}
	return false
}

// ignoredInChildren is what programs ignore: what trap ignores, and the signals
// ignored at entry. Caught signals are default in programs (2.12).
func (t *trapTable) ignoredInChildren() pgroup.SignalSet { return t.entry | t.ignored() }

// ignored are the signals that trap ignores. A subshell ignores them too, but may
// trap them.
func (t *trapTable) ignored() pgroup.SignalSet {
	var set pgroup.SignalSet
	for sig, a := range t.actions {
		if a.set && a.action == "" {
			set = set.With(sig)
		}
	}
	return set
}

// interactiveSignals are those that an interactive shell notes instead of dying
// or stopping of them (sh, ASYNCHRONOUS EVENTS). Of SIGHUP it dies, but not before
// it has hung up its jobs. The last two come when the shell itself writes, its
// history for one: the write then fails with EPIPE or EFBIG, and that is said.
var interactiveSignals = []unix.Signal{unix.SIGINT, unix.SIGQUIT, unix.SIGTERM, unix.SIGHUP, unix.SIGCHLD, unix.SIGWINCH,
	unix.SIGPIPE, unix.SIGXFSZ}

// jobControlSignals would stop the shell itself; with job control on it must
// survive them (2.11).
var jobControlSignals = []unix.Signal{unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU}

// initSignals sets the disposition of every signal: the Go runtime has handlers
// for most, although nobody asked. With its true default a signal ends the shell
// as any program, without a dump of goroutines.
func (s *Shell) initSignals() (err error) {
	if s.wake, err = pgroup.OpenWake(); err != nil {
		return err
	}
	for sig := unix.Signal(1); sig <= 64; sig++ {
		s.disposition(sig)
	}
	return nil
}

// disposition sets what the shell itself does with a signal, from the traps and
// the shell's kind.
func (s *Shell) disposition(sig unix.Signal) {
	if sig == unix.SIGKILL || sig == unix.SIGSTOP {
		return
	}
	a := s.traps.actions[sig]
	if sig == unix.SIGCHLD {
		// Never SIG_IGN, whatever programs get: the kernel would throw the
		// statuses of children away (wait4(2)).
		if a.action != "" || s.interactive || s.waits > 0 {
			pgroup.Catch(sig)
		} else {
			pgroup.Default(sig)
		}
		return
	}
	entry := s.traps.entry.Has(sig)
	switch {
	case entry && !s.interactive, a.set && a.action == "":
		pgroup.Ignore(sig)
	case a.set,
		s.interactive && isOneOf(sig, interactiveSignals) && !(entry && sig == unix.SIGHUP),
		s.monitor && isOneOf(sig, jobControlSignals):
		pgroup.Catch(sig)
	case entry:
		pgroup.Ignore(sig)
	default:
		pgroup.Default(sig)
	}
}

// jobSignals sets what the shell does with the signals of job control after set
// -m was changed.
func (s *Shell) jobSignals() {
	for _, sig := range jobControlSignals {
		s.disposition(sig)
	}
}

func isOneOf(sig unix.Signal, sigs []unix.Signal) bool {
	for _, s := range sigs {
		if s == sig {
			return true
		}
	}
	return false
}

// setTrap sets the action for a signal; set false resets it.
func (s *Shell) setTrap(sig unix.Signal, a trapAction) {
	if s.traps.entry.Has(sig) && !s.interactive {
		return // 2.15, trap: no error either
	}
	s.traps.entry = s.traps.entry.Without(sig)
	if s.traps.actions == nil {
		s.traps.actions = map[unix.Signal]trapAction{}
	}
	if a.set {
		s.traps.actions[sig] = a
	} else {
		delete(s.traps.actions, sig)
	}
	s.disposition(sig)
}

// poll looks at the signals that came and runs their traps. It says what they
// mean for what is being run.
func (s *Shell) poll() unwind {
	if !pgroup.AnyPending() {
		return uwNone
	}
	return s.handle(pgroup.Pending())
}

func (s *Shell) handle(set pgroup.SignalSet) unwind {
	out := uwNone
	for sig := unix.Signal(1); sig <= 64; sig++ {
		if !set.Has(sig) {
			continue
		}
		if a := s.traps.actions[sig]; a.set {
			if sig == unix.SIGCHLD {
				s.reapIdle()
			}
			if a.action != "" {
				if u := s.runTrap(a.action); u != uwNone {
					// What else came is for those to whom this goes.
					pgroup.Renote(set &^ (1<<sig - 1))
					return u
				}
			}
			continue
		}
		switch sig {
		case unix.SIGCHLD:
			s.reapIdle()
		case unix.SIGHUP:
			if s.interactive {
				s.hangup = true
				s.status = 128 + int(sig)
				out = uwExit
			}
		case unix.SIGINT:
			if s.interactive {
				s.status = 128 + int(sig)
				if out == uwNone {
					out = uwAbort
					s.say("") // the terminal's echo of ^C stands in this line
				}
			}
		}
	}
	return out
}

// reapIdle takes what children have to tell and, under set -b, says it at once.
func (s *Shell) reapIdle() {
	s.reap()
	if s.opts.notify && s.interactive && s.reading == 0 {
		if text := s.noticeText(); text != "" {
			s.say(text)
		}
	}
}

// hungUp tells, while the shell waits for a job, whether it was hung up
// meanwhile; other signals stay for later.
func (s *Shell) hungUp() bool {
	set := pgroup.Pending()
	if set.Has(unix.SIGHUP) && s.interactive && !s.traps.actions[unix.SIGHUP].set {
		s.hangup = true
		s.status = 128 + int(unix.SIGHUP)
		return true
	}
	if s.missing != nil && set.Has(unix.SIGINT) {
		s.interruptedInstead()
	}
	s.later |= set
	return s.hangup
}

// afterWait brings back the signals that came while the shell waited.
func (s *Shell) afterWait() {
	if s.later != 0 {
		pgroup.Renote(s.later)
		s.later = 0
	}
}

// holdInterrupt keeps a SIGINT that would end the shell back while it waits for
// a command, and says whether it did. A ^C goes to both: the command may have to
// put a terminal right before the prompt of whoever started the script is there
// (as in all shells). bash goes on with the script if the command did not die of
// it; that is not the default action, which sh, ASYNCHRONOUS EVENTS asks for.
func (s *Shell) holdInterrupt() bool {
	if s.interactive || s.monitor || s.traps.entry.Has(unix.SIGINT) || s.traps.actions[unix.SIGINT].set || s.held {
		return false
	}
	s.held = true
	return pgroup.Catch(unix.SIGINT) == nil
}

// releaseInterrupt lets a SIGINT that was held back end the shell.
func (s *Shell) releaseInterrupt() {
	s.held = false
	s.disposition(unix.SIGINT)
	if pgroup.AnyPending() {
		set := pgroup.Pending()
		if set.Has(unix.SIGINT) {
			pgroup.Die(unix.SIGINT)
		}
		pgroup.Renote(set)
	}
}

// runTrap runs a trap's action; $? is afterwards what it was before (2.15).
func (s *Shell) runTrap(action string) unwind {
	outer := s.traps
	status := s.status
	s.traps.running++
	s.traps.before, s.traps.calls = status, s.calls
	u := s.runText(action, "trap")
	s.traps.running, s.traps.before, s.traps.calls = outer.running, outer.before, outer.calls
	if u == uwNone {
		s.status = status
	}
	return u
}

// runExitTrap runs the EXIT trap once.
func (s *Shell) runExitTrap() {
	a := s.traps.exit
	if !a.set || a.action == "" {
		return
	}
	s.traps.exit = trapAction{}
	status := s.status
	s.traps.running++
	s.traps.before, s.traps.calls = status, s.calls
	if u := s.runText(a.action, "EXIT trap"); u != uwExit {
		s.status = status
	}
}

// runText runs text in the present environment, a command at a time, so that
// an alias defined in it holds for what follows.
func (s *Shell) runText(text, name string) unwind {
	return s.runLines(parser.FromString(text), name, false)
}

// runLines runs what lines give until they end.
func (s *Shell) runLines(lines parser.Lines, name string, tail bool) unwind {
	if s.texts >= maxCalls {
		return s.fail(1, "eval, . and traps run each other more than "+itoa(maxCalls)+" deep", true)
	}
	s.texts++
	defer func() { s.texts-- }()
	p := parser.New(lines, s.parseOptions(name))
	for {
		prog, err := p.Next()
		if err != nil {
			return s.parseFailed(err)
		}
		if s.opts.noexec && !s.interactive {
			continue
		}
		u := s.runProgram(prog, tail)
		if u == uwStop && s.calls == 0 && s.dots == 0 && s.traps.running == 0 && !s.interactive {
			continue // 2.11: a stop discards the rest of the list, not of the script
		}
		if u != uwNone {
			return u
		}
	}
}
