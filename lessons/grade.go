package lessons

import (
	"strconv"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// fate is what became of one actor, and what proves it.
type fate struct {
	actor
	foretold bool // the learner said that it dies
	died     bool
	proof    string
}

func (f *fate) right() bool { return f.foretold == f.died }

// grades is the outcome of an experiment with ^C. Without a spoiler there is a
// fate for each actor; with one there is no grade.
type grades struct {
	fates      []fate
	died       prediction // who really died
	foreground int        // the process group that had the terminal; 0: not known
	spoiler    string     // in a sentence: why what happened decides nothing
}

func (g *grades) right() bool {
	for i := range g.fates {
		if !g.fates[i].right() {
			return false
		}
	}
	return true
}

// asByRule tells whether exactly the foreground process group died, as ^C alone
// brings about.
func (g *grades) asByRule() bool {
	for i := range g.fates {
		if f := &g.fates[i]; f.died != (f.pgid == g.foreground) {
			return false
		}
	}
	return true
}

// gradeInterrupt compares a prediction of who dies of ^C with what happened.
// events are those from the start of the foreground job until the shell had
// the terminal again; alive holds the pids that /proc still shows afterwards.
//
// An actor died if wait told that SIGINT killed it, and lives if it is alive
// and no event tells its end. Everything else, a stop or another signal, spoils
// the experiment, and so does a gap in the log.
func gradeInterrupt(actors []actor, p prediction, events []event.Event, alive map[int]bool) grades {
	g := grades{died: prediction{}}
	last := map[int]*event.Event{}
	for i := range events {
		e := &events[i]
		switch {
		case e.Kind == event.Gap:
			g.spoiler = "the log has a gap: " + e.Text
			return g
		case e.Kind == event.Spawn && e.Fg && e.Errno == 0:
			g.foreground = e.Pgid
		case changesState(e):
			last[e.Pid] = e
		}
	}
	for _, a := range actors {
		e := last[a.pid]
		if e != nil && e.Kind != event.Continued && !killedBy(e, unix.SIGINT) {
			g.spoiler = told(a.name, e)
			return g
		}
	}
	for _, a := range actors {
		f := fate{actor: a, foretold: p[a.name]}
		switch e := last[a.pid]; {
		case e != nil && e.Kind == event.Killed:
			f.died = true
			g.died[a.name] = true
			f.proof = "wait(): killed by SIGINT"
		case alive[a.pid]:
			f.proof = "/proc: still there"
		default:
			g.spoiler = a.name + " is gone, and nobody told the shell how it ended"
			return g
		}
		g.fates = append(g.fates, f)
	}
	if len(g.died) == 0 {
		g.spoiler = "SIGINT killed nothing"
	}
	return g
}

func changesState(e *event.Event) bool {
	switch e.Kind {
	case event.Exited, event.Killed, event.Stopped, event.Continued:
		return true
	}
	return false
}

func killedBy(e *event.Event, sig unix.Signal) bool {
	return e.Kind == event.Killed && unix.Signal(e.Sig) == sig
}

// lastOf is the last thing that happened to a process, nil if nothing did.
func lastOf(pid int, events []event.Event) *event.Event {
	for i := len(events) - 1; i >= 0; i-- {
		if e := &events[i]; e.Pid == pid && changesState(e) {
			return e
		}
	}
	return nil
}

// told says what happened to a process, with the key that does such a thing.
func told(name string, e *event.Event) string {
	switch e.Kind {
	case event.Exited:
		return name + " ended by itself, with status " + strconv.Itoa(e.Status)
	case event.Continued:
		return name + " was continued"
	}
	text := name + " was killed by "
	if e.Kind == event.Stopped {
		text = name + " was stopped by "
	}
	text += event.SigName(e.Sig)
	switch unix.Signal(e.Sig) {
	case unix.SIGINT:
		text += ", which is ^C"
	case unix.SIGQUIT:
		text += `, which is ^\`
	case unix.SIGTSTP:
		text += ", which is ^Z"
	}
	return text
}
