package why

import (
	"jsh/event"
)

const (
	sigHup  = 1
	sigInt  = 2
	sigQuit = 3
	sigKill = 9
	sigChld = 17
)

// interrupt says what ^C does to a process, and what keeps it from ending it:
// first whether the terminal's SIGINT reaches it, then what it does with it.
func (e *explainer) interrupt() {
	f, p := e.f, e.f.P
	reach := e.reached()
	switch {
	case p.Ignored.Has(sigInt):
		text, source := "It ignores SIGINT, so ^C and kill -INT do nothing to it.", e.file("status")+" SigIgn"
		if p.Ignored.Has(sigQuit) {
			text += " SIGQUIT too: so does a shell without job control start what ends in &."
			source += "; POSIX 2.12"
		}
		e.claim("int-ignored", text, source)
	case p.Blocked.Has(sigInt):
		e.claim("int-blocked", "It blocks SIGINT: the signal waits until it unblocks it.", e.file("status")+" SigBlk")
	case p.Caught.Has(sigInt):
		e.claim("int-caught", "It has a handler for SIGINT and decides itself what ^C does.", e.file("status")+" SigCgt")
	case p.State == 'T' && reach:
		e.claim("int-stopped", "A stopped process acts on no signal but SIGKILL until SIGCONT comes.", "POSIX 2.4.3")
	case p.State == 'D':
		e.claim("int-uninterruptible", "It is in an uninterruptible sleep: signals wait until that is over.", e.file("stat")+" state D")
	case reach && p.Tracer == 0 && f.Pid != f.Shell:
		e.claim("int-works", "^C ends it: its group has the keyboard, and SIGINT has its default effect.", e.file("stat")+" tpgid")
	}
}

// reached says whether ^C, pressed at the process's own terminal, goes to it,
// and if not, why.
func (e *explainer) reached() bool {
	f, p := e.f, e.f.P
	if f.TTY == nil {
		session := "session " + num(p.Sid)
		if p.Sid == 0 {
			session = "its session, whose leader is out of sight,"
		}
		e.claim("no-terminal", "No ^C can reach it: "+session+" has no controlling terminal.", e.file("stat")+" tty_nr; setsid(2)")
		return false
	}
	there := ""
	if p.Sid != f.ShellSid {
		yours := "session " + num(f.ShellSid)
		if f.ShellSid == 0 {
			yours = "a session whose leader is out of sight"
		}
		e.claim("other-session", "Your ^C does not reach it: it is in session "+num(p.Sid)+" on "+f.TTY.Name+", and you are in "+yours+".", e.file("stat")+" session")
		there = "there "
	}
	if p.Pgid != f.TTY.Foreground {
		whose := ""
		if f.TTY.Foreground == f.ShellPgid && f.ShellPgid != 0 {
			whose = ", the shell's"
		}
		fg := "the foreground process group, " + num(f.TTY.Foreground) + whose
		if f.TTY.Foreground == 0 {
			fg = "the foreground process group, and now there is none"
		}
		e.claim("other-group", "^C "+there+"does not reach it: it goes to "+fg+"; this is in group "+num(p.Pgid)+", in the background.", e.file("stat")+" pgrp, tpgid; POSIX 11.1.9")
		if f.Job != nil && f.Job.Raw {
			e.claim("isig-off", "And in the terminal modes that it set, which fg brings back, ISIG is off: ^C is a character then, and no signal.", "modes kept at the stop; POSIX 11.1.9")
		}
		return false
	}
	if f.TTY.Known && !f.TTY.ISIG {
		e.claim("isig-off", "The terminal passes ^C on as a character and sends no signal: ISIG is off.", "tcgetattr on "+f.TTY.Name+"; POSIX 11.1.9")
		e.offer("stty isig </dev/"+f.TTY.Name, "from another terminal: makes ^C a signal again")
		return false
	}
	return true
}

// pending tells of signals that were sent and have not acted yet, and of those
// that the shell sent and that did nothing.
func (e *explainer) pending() {
	p := e.f.P
	if p.Pending != 0 {
		list := ""
		for sig := 1; sig <= 64; sig++ {
			if p.Pending.Has(sig) {
				if list != "" {
					list += ", "
				}
				list += event.SigName(sig)
			}
		}
		why := "it is about to act on them"
		switch {
		case p.State == 'T':
			why = "it acts on them when SIGCONT continues it"
		case p.State == 't':
			why = "its tracer decides"
		case p.Pending&^p.Blocked == 0:
			why = "it blocks them"
		case p.State == 'D':
			why = "it is in an uninterruptible sleep"
		}
		e.claim("pending", "Sent, but without effect so far: "+list+"; "+why+".", e.file("status")+" SigPnd, ShdPnd")
	}
	told := map[int]bool{}
	for i := len(e.f.Events) - 1; i >= 0; i-- {
		ev := &e.f.Events[i]
		if ev.Kind == event.Spawn && ev.Pid == e.f.Pid {
			break
		}
		if ev.Kind != event.Kill || ev.Sig == 0 || told[ev.Sig] || p.Pending.Has(ev.Sig) {
			continue
		}
		if ev.Pid != e.f.Pid && (ev.Pid != 0 || ev.Pgid == 0 || ev.Pgid != p.Pgid) {
			continue
		}
		told[ev.Sig] = true
		sig := event.SigName(ev.Sig)
		switch {
		case ev.Errno != 0:
			e.claim("kill-refused", "This shell's "+sig+" was refused: you may signal only your own processes.", "log; kill(2) EPERM")
		case ev.Sig == sigInt: // interrupt has said it
		case p.Ignored.Has(ev.Sig):
			e.claim("sent-ignored", "This shell sent it "+sig+", and it ignores that.", "log; "+e.file("status")+" SigIgn")
		case p.Caught.Has(ev.Sig):
			e.claim("sent-caught", "This shell sent it "+sig+"; it has a handler for it, and went on.", "log; "+e.file("status")+" SigCgt")
		}
	}
}
