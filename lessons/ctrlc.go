package lessons

import (
	"fmt"
	"path"
	"strconv"
	"time"

	"jsh/event"
	"jsh/proc"
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
	{"D", "all four", []string{"jsh", "find", "ls", "grep"}},
}

const ctrlCIntro = `
WHICH PROCESSES DOES ^C KILL?   You predict; then you press it. (quit leaves)

The real ls | grep is over in milliseconds, so slow stand-ins run under the
names find, ls and grep. All else is real: your shell, your keys, this kernel.
`

const ctrlCHint = `
A letter A to D; or those that will die, by name or number, such as: jsh 3
A thought that helps: who has the keyboard at the moment when you press ^C?
`

const ctrlCWhy = `
Why: ^C is no command. The terminal makes it SIGINT, and the kernel sends it to
one process group: the foreground process group, the box with the KEYBOARD.
A pipeline is one group, so %s. Other groups get nothing.
`

// outcome is how one round of a topic ended.
type outcome int

const (
	graded outcome = iota
	left
	again // nothing could be graded: the learner may start over
)

// playCtrlC is the topic ctrl-c. It returns the exit status.
func playCtrlC(h Host) int {
	h.Say(ctrlCIntro)
	for {
		out := oneRound(h)
		if out == again {
			if _, err := ask(h, "Enter starts over, quit leaves: "); err == nil {
				h.Say("")
				continue
			}
			out = left
		}
		if out == left {
			h.Say("You left the quiz. What it started is ended; your own jobs are as they were.")
			return 1
		}
		return 0
	}
}

// round is one run of the experiment.
type round struct {
	h      Host
	groups []int // that were started
}

func oneRound(h Host) outcome {
	undo, err := h.StandIns("find", "ls", "grep")
	if err != nil {
		h.Complain("quiz: " + err.Error())
		return left
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
	h.Say("^Z stopped find: it is still there, and does nothing. bg lets it run on in the\n" +
		"background: you keep the keyboard.\n\n$ bg")
	h.Run("bg", nil)
	if p, ok := h.Process(find); !ok || p.State == 'T' || p.Exited() {
		h.Say("\nfind does not run on: " + r.howIs(find))
		return again
	}

	actors := []actor{{"jsh", h.ShellPid()}, {"find", find}, {"ls", 0}, {"grep", 0}}
	p, err := r.predict(actors)
	if err != nil {
		return left
	}
	g, ok := r.interrupt(actors, p)
	if !ok {
		return again
	}
	h.Say(report(h, &g, p))
	return graded
}

// stopFind runs the search until the learner stops it.
func (r *round) stopFind() (pid int, ok bool) {
	h := r.h
	since := h.Log().Last()
	h.Say("$ " + findLine)
	pids, ok := r.run(findLine, []string{"find"}, func([]int) {
		h.Say("find runs and has the keyboard; the shell waits.\n" +
			"Now press ^Z (hold Ctrl and press z).")
	})
	if !ok {
		return 0, false
	}
	for _, e := range since0(h.Log(), since) {
		if e.Kind == event.Stopped && e.Pid == pids[0] {
			return pids[0], true
		}
	}
	h.Say("\nSeen: " + r.howIs(pids[0]) + ". It takes ^Z to go on.")
	return 0, false
}

// run runs a line whose job has the given processes, and calls running with
// their pids when they are there. ok is false if it was not these processes
// that ran, and then the learner knows it.
func (r *round) run(line string, names []string, running func(pids []int)) (pids []int, ok bool) {
	h := r.h
	since := h.Log().Last()
	h.Run(line, func() {
		for _, e := range since0(h.Log(), since) {
			if e.Kind == event.Spawn && e.Errno == 0 {
				pids = append(pids, e.Pid)
			}
			if e.Kind == event.JobNew && e.Pgid > 0 {
				r.groups = append(r.groups, e.Pgid)
			}
		}
		if ok = r.named(pids, names); !ok {
			h.Say("Something else than the stand-ins runs. Press ^C.")
			return
		}
		running(pids)
	})
	if !ok {
		h.Say("\nThe stand-ins did not run. Are " + enumerate(names) + " aliases or functions here? (type " +
			names[0] + ")\nunalias and unset -f take those away.")
	}
	return pids, ok
}

// named waits until the processes bear these names, in this order. As a rule
// they do at once: a program is started by its name. Where the shell must run
// code of its own in the child first (set -x, set -u), the name comes with the
// exec after that.
func (r *round) named(pids []int, names []string) bool {
	if len(pids) != len(names) {
		return false
	}
	for deadline := time.Now().Add(2 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		all := true
		for i, pid := range pids {
			p, ok := r.h.Process(pid)
			all = all && ok && p.Name == names[i]
		}
		if all || time.Now().After(deadline) {
			return all
		}
	}
}

// predict shows who is there, and asks who will die.
func (r *round) predict(actors []actor) (prediction, error) {
	h := r.h
	jsh, find := actors[0], actors[1]
	h.Say("\n" + h.Picture(marks(actors, nil)))
	h.Say(fmt.Sprintf(`
PREDICT. The next line is  %s  ; while it runs you press ^C. Who dies?
  [1] jsh   %-7d this shell        [3] ls    not started yet
  [2] find  %-7d in the background [4] grep  not started yet
  A %s   B %s   C %s   D %s (with the shell)`,
		lsLine, jsh.pid, find.pid,
		ctrlCOptions[0].text, ctrlCOptions[1].text, ctrlCOptions[2].text, ctrlCOptions[3].text))
	for {
		answer, err := ask(h, "A letter, or names, or numbers: ")
		if err != nil {
			return nil, err
		}
		p, err := parsePrediction(answer, actors, ctrlCOptions)
		if err == nil {
			return p, nil
		}
		text := ctrlCHint
		if err != errNoAnswer {
			text = "\n" + err.Error() + "." + ctrlCHint
		}
		h.Say(text)
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

// interrupt runs the pipeline until the learner presses ^C, and grades.
func (r *round) interrupt(actors []actor, p prediction) (grades, bool) {
	h := r.h
	since := h.Log().Last()
	start := map[int]uint64{}
	h.Say("\n$ " + lsLine)
	_, ok := r.run(lsLine, []string{"ls", "grep"}, func(pids []int) {
		actors[2].pid, actors[3].pid = pids[0], pids[1]
		for _, a := range actors {
			q, _ := h.Process(a.pid)
			start[a.pid] = q.Start
		}
		h.Say(h.Picture(marks(actors, p)) + "Now press ^C (hold Ctrl and press c).")
	})
	if !ok {
		return grades{}, false
	}
	if q, there := h.Process(actors[1].pid); !there || q.Exited() {
		h.Run(":", nil) // the shell asks how its children ended between two commands
	}
	seen := map[int]string{}
	for _, a := range actors {
		if q, there := h.Process(a.pid); there && !q.Exited() && q.Start == start[a.pid] {
			seen[a.pid] = "still there, in group " + strconv.Itoa(q.Pgid)
		}
	}
	g := gradeInterrupt(actors, p, since0(h.Log(), since), seen)
	if g.spoiler != "" {
		h.Say("\nNo grade: " + g.spoiler + ".")
		return g, false
	}
	return g, true
}

// howIs says what is known of a process of this round.
func (r *round) howIs(pid int) string {
	text := "nothing is known of " + strconv.Itoa(pid)
	events := since0(r.h.Log(), 0)
	for i := range events {
		e := &events[i]
		if e.Pid != pid {
			continue
		}
		switch e.Kind {
		case event.Spawn:
			text = path.Base(e.Path) + " runs"
		case event.Stopped, event.Killed, event.Exited:
			a := actor{"find", pid}
			if text = spoils(a, e); text == "" {
				text = "find was killed by SIGINT: that was ^C"
			}
		}
	}
	return text
}

// report is the grade as the learner reads it.
func report(h Host, g *grades, p prediction) string {
	tick, cross := "✓", "✗"
	if h.ASCII() {
		tick, cross = "+", "x"
	}
	word := func(dies bool) string {
		if dies {
			return "dies"
		}
		return "lives"
	}
	text := "\n     process        you     kernel  the proof\n"
	var pids []int
	for i := range g.fates {
		f := &g.fates[i]
		mark := tick
		if !f.right() {
			mark = cross
		}
		text += fmt.Sprintf("  %s  %-5s %-7d  %-6s  %-6s  %s\n", mark, f.name, f.pid, word(f.foretold), word(f.died), f.proof)
		pids = append(pids, f.pid)
	}
	what := enumerate(namesOf(g))
	if o := optionOf(g.died, ctrlCOptions); o != nil {
		what = o.letter + ", " + o.text
	}
	if g.right() {
		text += "Right: " + what + "."
	} else {
		said, _ := p.split(actorsOf(g))
		mine := enumerate(said)
		if o := optionOf(p, ctrlCOptions); o != nil {
			mine = o.letter
		}
		text += "Not this time: you said " + mine + ", the kernel says " + what + "."
	}
	return text + fmt.Sprintf(ctrlCWhy, "ls and grep died together")
}

func actorsOf(g *grades) []actor {
	var as []actor
	for i := range g.fates {
		as = append(as, g.fates[i].actor)
	}
	return as
}

func namesOf(g *grades) []string {
	in, _ := g.died.split(actorsOf(g))
	return in
}

func since0(l *event.Log, seq uint64) []event.Event {
	events, _ := l.Since(seq)
	return events
}

var _ = proc.Proc{}
