package why

import (
	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/proc"
)

// stopped speaks of a process in state T or t, and says whether it is one.
func (e *explainer) stopped() bool {
	f, p := e.f, e.f.P
	switch p.State {
	case 't':
		if _, told := e.stopSignal(); told {
			break // a tracer holds it only so that SIGCONT is seen (PTRACE_LISTEN, ptrace(2))
		}
		e.a.Head = e.head("stopped by its tracer")
		e.claim("traced", "A tracer holds it: process "+num(p.Tracer)+". It goes on when that one lets it, or ends.", e.file("status")+" TracerPid; ptrace(2)")
		e.offer("kill "+num(p.Tracer), "ends the tracer: the process is set free")
		return true
	case 'T':
	default:
		return false
	}
	sig, fromLog := e.stopSignal()
	word := "stopped"
	if sig != 0 {
		word += " by " + event.SigName(int(sig))
	}
	e.a.Head = e.head(word)
	source := "log"
	if !fromLog {
		source = e.file("syscall")
	}
	sent := e.sentByShell(int(sig))
	switch {
	case sig == 0:
		e.claim("stopped-unknown", "It is stopped, but nothing here saw by which signal, and /proc does not tell.", e.file("stat")+" state T")
	case sent:
		e.claim("stopped-sent", "This shell sent it "+event.SigName(int(sig))+": somebody typed kill.", "log")
		if sig == unix.SIGSTOP {
			e.claim("stop-always", "SIGSTOP can be neither caught, blocked nor ignored.", "signal(7)")
		}
	case sig == unix.SIGTTIN:
		e.claim("stopped-ttin", "It read the terminal from the background. Only the foreground process group may read; "+
			"any other gets SIGTTIN, which stops it.", source+"; POSIX 11.1.4")
		e.callThatStopped()
	case sig == unix.SIGTTOU:
		e.stoppedForOutput(source)
	case (sig == unix.SIGTSTP || sig == unix.SIGSTOP) && e.sentBy("stopped-by", int(sig)):
		if sig == unix.SIGSTOP {
			e.claim("stop-always", "SIGSTOP can be neither caught, blocked nor ignored.", "signal(7)")
		}
	case sig == unix.SIGTSTP:
		if e.hadTerminal(event.Stopped) {
			e.claim("stopped-key", "^Z was pressed: the terminal sent SIGTSTP to its foreground process group, which was "+e.itsGroup()+".", "log; POSIX 11.1.9")
		} else {
			e.claim("stopped-tstp", "Some process sent it SIGTSTP, as ^Z would; it was not in the foreground. The kernel does not record the sender.", "log")
		}
	case sig == unix.SIGSTOP:
		e.claim("stopped-stop", "Some process sent it SIGSTOP, which can be neither caught, blocked nor ignored. The kernel does not record the sender.", "log; signal(7)")
	default:
		e.claim("stopped-other", "It was stopped by "+event.SigName(int(sig))+".", source)
	}
	if with := e.stoppedToo(); len(with) > 0 {
		e.claim("stopped-with", "So are the others of its group: "+names(with)+".", "/proc/*/stat")
	}
	if f.Orphaned {
		e.claim("orphaned-stopped", "Its process group is orphaned: no shell is left that would continue it.", "/proc/*/stat; POSIX 3.247")
	}
	e.howToContinue(sig)
	return true
}

// howToContinue offers what continues, and what ends, a stopped process.
func (e *explainer) howToContinue(sig unix.Signal) {
	f := e.f
	if !e.mayKill() {
		e.endIt()
		return
	}
	switch {
	case f.Job != nil:
		e.offer("fg "+e.target(), "gives it the keyboard and continues it")
		switch sig {
		case unix.SIGTTIN:
			e.offer("bg "+e.target(), "continues it, but it stops again as soon as it reads")
		case unix.SIGTTOU:
			e.offer("bg "+e.target(), "continues it, but the same call stops it again")
		default:
			e.offer("bg "+e.target(), "continues it in the background")
		}
		e.offer("kill -KILL "+e.target(), "ends it, stopped as it is")
	default:
		e.offer("kill -CONT "+num(f.Pid), "continues it")
		e.offer("kill -KILL "+num(f.Pid), "ends it, stopped as it is")
	}
}

// stopSignal is the signal that stopped the process; fromLog is false where it
// is concluded from the call that the process stopped in.
func (e *explainer) stopSignal() (sig unix.Signal, fromLog bool) {
	for i := len(e.f.Events) - 1; i >= 0; i-- {
		ev := &e.f.Events[i]
		if ev.Pid != e.f.Pid {
			continue
		}
		switch ev.Kind {
		case event.Stopped:
			return unix.Signal(ev.Sig), true
		case event.Continued, event.Spawn:
			i = 0
		}
	}
	if e.f.Job != nil && e.f.Job.Sig != 0 {
		return unix.Signal(e.f.Job.Sig), true
	}
	if stop := e.f.watchedStop(); stop != nil {
		return unix.Signal(stop.Sig), true
	}
	if c := &e.f.P.Call; c.Kind == Terminal && e.f.TTY != nil {
		switch {
		case c.Name == "read":
			return unix.SIGTTIN, false
		case c.Name == "write" || c.Op == "modes" || c.Op == "foreground":
			return unix.SIGTTOU, false
		}
	}
	return 0, false
}

// callThatStopped shows the call that a background process made.
func (e *explainer) callThatStopped() {
	c := &e.f.P.Call
	if c.Kind == Terminal && c.Name != "" {
		e.claim("call", "The call it will make again is "+c.Name+" on descriptor "+num(c.FD)+", "+c.File+".", e.file("syscall")+", fd/"+num(c.FD))
	}
}

func (e *explainer) stoppedForOutput(source string) {
	c := &e.f.P.Call
	source += "; POSIX 11.1.4"
	switch {
	case c.Op == "modes":
		e.claim("stopped-ttou-modes", "It wanted to change the terminal's modes from the background. Only the foreground process group may; any other gets SIGTTOU, which stops it.", source)
	case c.Op == "foreground":
		e.claim("stopped-ttou-fg", "It wanted to make another group the foreground one (tcsetpgrp) from the background, so it got SIGTTOU, which stops it.", source)
	case c.Name == "write":
		e.claim("stopped-ttou-write", "It wrote to the terminal from the background while stty tostop is on. Without tostop it may write.", source)
		e.offer("stty -tostop", "from then on the background may write to this terminal")
	default:
		e.claim("stopped-ttou", "From the background it wrote to the terminal with stty tostop on, or changed its modes: such a process gets SIGTTOU, which stops it.", source)
	}
	e.callThatStopped()
}

// itsGroup is "its group 812".
func (e *explainer) itsGroup() string {
	if e.f.P == nil {
		return "its group"
	}
	return "its group " + num(e.f.P.Pgid)
}

// pgid is the process group, also of a process that the log alone knows.
func (e *explainer) pgid() int {
	if e.f.P != nil {
		return e.f.P.Pgid
	}
	for i := len(e.f.Events) - 1; i >= 0; i-- {
		if ev := &e.f.Events[i]; ev.Kind == event.Spawn && ev.Pid == e.f.Pid {
			return ev.Pgid
		}
	}
	return 0
}

// sentByShell tells whether the last signal of that number went to the process
// by the shell's own kill, after it was started.
func (e *explainer) sentByShell(sig int) bool {
	pgid := e.pgid()
	for i := len(e.f.Events) - 1; i >= 0; i-- {
		ev := &e.f.Events[i]
		switch {
		case ev.Kind == event.Spawn && ev.Pid == e.f.Pid, ev.Kind == event.Continued && ev.Pid == e.f.Pid:
			return false
		case ev.Kind == event.Kill && ev.Sig == sig && ev.Errno == 0:
			if (ev.Pid == e.f.Pid || ev.Pid == 0 && ev.Pgid != 0 && ev.Pgid == pgid) && !e.passedOn(i) {
				return true
			}
		}
	}
	return false
}

// passedOn tells whether the signal of event i is a ^Z that came while a
// foreground job was being started, which the shell owes the whole job then: it
// sends that right after it has entered the job.
func (e *explainer) passedOn(i int) bool {
	if i == 0 || e.f.Events[i-1].Kind != event.JobNew || e.f.Events[i-1].Pgid != e.f.Events[i].Pgid {
		return false
	}
	for j := i - 1; j >= 0; j-- {
		if ev := &e.f.Events[j]; ev.Kind == event.Spawn && ev.Pid == ev.Pgid && ev.Pgid == e.f.Events[i].Pgid {
			return ev.Fg
		}
	}
	return false
}

// hadTerminal tells whether, when the last event of that kind came to the
// process, the log says that its group had been given the terminal.
func (e *explainer) hadTerminal(kind event.Kind) bool {
	pgid, fg, had := e.pgid(), 0, false
	for i := range e.f.Events {
		ev := &e.f.Events[i]
		switch {
		case ev.Kind == event.Spawn && ev.Fg && ev.Errno == 0 && ev.Pgid != 0:
			fg = ev.Pgid
		case ev.Kind == event.SetFg && ev.Errno == 0:
			fg = ev.Pgid
		case ev.Kind == kind && ev.Pid == e.f.Pid:
			had = pgid != 0 && fg == pgid
		}
	}
	return had
}

// stoppedToo are the other stopped members of the process's group.
func (e *explainer) stoppedToo() (ps []proc.Proc) {
	for _, p := range e.f.Group {
		if p.Pid != e.f.Pid && p.State == 'T' {
			ps = append(ps, p)
		}
	}
	return ps
}
