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
	fates   []fate
	died    prediction
	spoiler string // in a sentence: why what happened decides nothing
}

func (g *grades) right() bool {
	for i := range g.fates {
		if !g.fates[i].right() {
			return false
		}
	}
	return true
}

// gradeInterrupt compares a prediction of who dies of ^C with what happened:
// events are those between the start of the foreground job and the moment when
// the shell had the keyboard again, seen says for each pid that is still there
// afterwards how /proc shows it.
//
// Dead is who was killed by SIGINT, as wait told; alive is who is seen and of
// whom no event tells an end. Anything else, and any other signal, spoils the
// experiment.
func gradeInterrupt(actors []actor, p prediction, events []event.Event, seen map[int]string) grades {
	g := grades{died: prediction{}}
	ends := map[int]*event.Event{}
	for i := range events {
		e := &events[i]
		switch e.Kind {
		case event.Gap:
			g.spoiler = "the log has a gap: " + e.Text
			return g
		case event.Killed, event.Exited, event.Stopped:
			ends[e.Pid] = e
		case event.Continued:
			delete(ends, e.Pid)
		}
	}
	for _, a := range actors {
		if e := ends[a.pid]; e != nil {
			if g.spoiler = spoils(a, e); g.spoiler != "" {
				return g
			}
		}
	}
	for _, a := range actors {
		f := fate{actor: a, foretold: p[a.name]}
		e := ends[a.pid]
		state, alive := seen[a.pid]
		switch {
		case e != nil:
			f.died = true
			g.died[a.name] = true
			f.proof = "wait, event " + strconv.FormatUint(e.Seq, 10) + ": killed by " + event.SigName(e.Sig)
		case alive:
			f.proof = "/proc: " + state
		default:
			g.spoiler = a.name + " is gone, but nobody told the shell how it ended"
			return g
		}
		g.fates = append(g.fates, f)
	}
	if len(g.died) == 0 {
		g.spoiler = "nothing was killed by SIGINT"
	}
	return g
}

// spoils says how an actor ended or stopped if it was not by SIGINT, with the
// key that does such a thing.
func spoils(a actor, e *event.Event) string {
	if e.Kind == event.Exited {
		return a.name + " ended by itself, with status " + strconv.Itoa(e.Status)
	}
	verb := "killed"
	if e.Kind == event.Stopped {
		verb = "stopped"
	}
	text := a.name + " was " + verb + " by " + event.SigName(e.Sig)
	switch sig := unix.Signal(e.Sig); {
	case sig == unix.SIGINT && e.Kind == event.Killed:
		return ""
	case sig == unix.SIGQUIT:
		text += `: that was ^\, not ^C`
	case sig == unix.SIGTSTP:
		text += ": that was ^Z, not ^C"
	}
	return text
}
