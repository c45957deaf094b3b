package lessons

import (
	"slices"
	"strconv"
	"time"

	"jsh/event"
)

// The question: a search in the background, a pipeline in the foreground, ^C.
const (
	findLine = "find / -name xyz > tmp"
	lsLine   = "ls *x* | grep y"
)

var ctrlCOptions = []option{
	{"A", "find, ls and grep", []string{"find", "ls", "grep"}},
	{"B", "ls and grep", []string{"ls", "grep"}},
	{"C", "find", []string{"find"}},
	{"D", "all four, the shell too", []string{"jsh", "find", "ls", "grep"}},
}

// outcome is how one round of a topic ended.
type outcome int

const (
	graded  outcome = iota
	refused         // it could not begin, and the learner knows why
	left
	again // nothing could be graded: the learner may start over
)

// playCtrlC is the topic ctrl-c. It returns the exit status.
func playCtrlC(h Host) int {
	h.Say(ctrlCIntro)
	for {
		switch ctrlCRound(h) {
		case graded:
			return 0
		case refused:
			return 1
		case again:
			if _, err := ask(h, askAgain); err == nil {
				h.Say("")
				continue
			}
		}
		h.Say(leftText)
		return 1
	}
}

// round is one run of the experiment.
type round struct {
	h      Host
	groups []int // that were started
}

func ctrlCRound(h Host) outcome {
	undo, err := h.StandIns("find", "ls", "grep")
	if err != nil {
		h.Complain("quiz: " + err.Error())
		return refused
	}
	defer undo()
	r := &round{h: h}
	defer func() {
		for _, pgid := range r.groups {
			h.End(pgid)
		}
	}()
	return r.play()
}

func (r *round) play() outcome {
	h := r.h
	find, ok := r.stopFind()
	if !ok {
		return again
	}
	h.Say(bgText)
	h.Run("bg", nil)
	if r.halted(find.pid) {
		h.Say(bgFailed)
		return again
	}
	actors := []actor{{name: "jsh", pid: h.ShellPid()}, find, {name: "ls"}, {name: "grep"}}
	p, err := r.predict(actors)
	if err != nil {
		return left
	}
	g, ok := r.interrupt(actors, p)
	if !ok {
		return again
	}
	h.Say(ctrlCReport(&g, p, h.ASCII()))
	return graded
}

// stopFind runs the search until the learner stops it.
func (r *round) stopFind() (find actor, ok bool) {
	h := r.h
	since := h.Log().Last()
	h.Say("$ " + findLine)
	pids, ok := r.run(findLine, []string{"find"}, func([]int) { h.Say(pressZ) })
	if !ok {
		return find, false
	}
	find = actor{name: "find", pid: pids[0]}
	e := lastOf(find.pid, eventsAfter(h, since))
	if e == nil || e.Kind != event.Stopped {
		seen := "find is not stopped"
		if e != nil {
			seen = told("find", e)
		}
		h.Say("\nSeen: " + seen + ". To go on it takes ^Z.")
		return find, false
	}
	return find, true
}

// predict shows who is there, and asks who will die.
func (r *round) predict(actors []actor) (prediction, error) {
	h := r.h
	h.Say("\n" + h.Picture(marks(actors, nil)))
	h.Say(ctrlCQuestion(actors))
	for {
		answer, err := ask(h, askWho)
		if err != nil {
			return nil, err
		}
		p, err := parsePrediction(answer, actors, ctrlCOptions)
		if err == nil {
			return p, nil
		}
		if err != errNoAnswer {
			h.Say("\n" + err.Error() + "." + ctrlCHint)
		} else {
			h.Say(ctrlCHint)
		}
	}
}

// marks writes beside each process its number and, with a prediction, that the
// learner says it dies.
func marks(actors []actor, p prediction) map[int]string {
	m := map[int]string{}
	for i, a := range actors {
		if a.pid == 0 {
			continue
		}
		m[a.pid] = "[" + strconv.Itoa(i+1) + "]"
		if p[a.name] {
			m[a.pid] += " dies?"
		}
	}
	return m
}

// interrupt runs the pipeline until the learner presses ^C, and grades. It
// fills in what the actors lack: ls and grep get a pid, all of them a group.
func (r *round) interrupt(actors []actor, p prediction) (grades, bool) {
	h := r.h
	since := h.Log().Last()
	born := map[int]uint64{} // pid → start: a pid can be used again
	h.Say("\n" + foretold(actors, p) + "\n\n$ " + lsLine)
	_, ok := r.run(lsLine, []string{"ls", "grep"}, func(pids []int) {
		actors[2].pid, actors[3].pid = pids[0], pids[1]
		for i := range actors {
			q, _ := h.Process(actors[i].pid)
			actors[i].pgid, born[q.Pid] = q.Pgid, q.Start
		}
		h.Say(h.Picture(marks(actors, p)) + pressC)
	})
	if !ok {
		return grades{}, false
	}
	h.Run(":", nil) // between two commands the shell asks how its children fare
	alive := map[int]bool{}
	for _, a := range actors {
		if q, there := h.Process(a.pid); there && !q.Exited() && q.Start == born[a.pid] {
			alive[a.pid] = true
		}
	}
	g := gradeInterrupt(actors, p, eventsAfter(h, since), alive)
	if g.spoiler != "" {
		h.Say("\nNo grade: " + g.spoiler + ". It takes ^C alone.")
		return g, false
	}
	return g, true
}

// run runs a line whose job has the given processes, and calls running with
// their pids while it has the keyboard. ok is false if it was not these
// processes that ran, or not for long enough, and then the learner knows it.
func (r *round) run(line string, names []string, running func(pids []int)) (pids []int, ok bool) {
	h := r.h
	since := h.Log().Last()
	started := false
	h.Run(line, func() {
		started = true
		for _, e := range eventsAfter(h, since) {
			switch {
			case e.Kind == event.Spawn && e.Errno == 0:
				pids = append(pids, e.Pid)
			case e.Kind == event.JobNew && e.Pgid > 0:
				r.groups = append(r.groups, e.Pgid)
			}
		}
		switch ok = r.standIn(pids, names); {
		case ok:
			running(pids)
		case !slices.ContainsFunc(pids, r.halted):
			h.Say("Something else runs instead. Press ^C.")
		}
	})
	if ok {
		return pids, true
	}
	events := eventsAfter(h, since)
	for i, pid := range pids {
		if e := lastOf(pid, events); e != nil && len(pids) == len(names) {
			h.Say("\nSeen: " + told(names[i], e) + ".")
			break
		}
	}
	if started {
		h.Say("\nThe stand-ins did not come to run. Was a key pressed too early? Or has an\n" +
			"alias or a function one of the names " + enumerate(names) + "? (unalias, unset -f)")
	} else {
		h.Say("\nSeen: the line did not run. Was ^C pressed before it began?")
	}
	return pids, false
}

// halted tells whether a process has ended or is stopped.
func (r *round) halted(pid int) bool {
	p, ok := r.h.Process(pid)
	return !ok || p.Exited() || p.State == 'T'
}

// standIn waits until the processes are the stand-ins of these names, in this
// order. It takes milliseconds; where an alias or a function made something
// else of the line, it never comes.
func (r *round) standIn(pids []int, names []string) bool {
	if len(pids) != len(names) {
		return false
	}
	deadline := time.Now().Add(2 * time.Second)
	for i := 0; i < len(pids); {
		switch {
		case r.h.StandsIn(pids[i], names[i]):
			i++
		case r.halted(pids[i]) || time.Now().After(deadline):
			return false
		default:
			time.Sleep(time.Millisecond)
		}
	}
	return true
}

// eventsAfter are the events that the log got after number since; a Gap stands
// for what it no longer has.
func eventsAfter(h Host, since uint64) []event.Event {
	events, _ := h.Log().Since(since)
	return events
}
