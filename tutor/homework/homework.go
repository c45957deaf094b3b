// Package homework grades lessons again from the recording of a learner's session:
// the player sees the same events, hears what the learner told it, and its checks
// decide anew.
//
// It owns the replay and the table of a class. It makes no system call and knows no
// file: who reads the recordings is package tutor.
//
// Invariants: a step is held only where its checks are true of what was recorded;
// what the log says of itself (wire.Place) is needed, and never the proof. What /proc
// was asked is in the log too (event.Fact), and is believed for the step in which it
// was asked; where it is missing, the step is unproved, which is no accusation. The
// same recording gives the same grades.
package homework

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"jsh/event"
	"jsh/lessons/check"
	"jsh/lessons/page"
	"jsh/lessons/play"
	"jsh/proc"
	"jsh/tutor/wire"
)

// Log is one recorded session.
type Log struct {
	Events     []event.Event
	Tree       func(seq uint64) *proc.Tree // as it was when seq was the newest; may be nil
	Early      func(seq uint64) *proc.Tree // as it was when seq had just come; nil where Tree is
	Shell      func(seq uint64) int        // the pid of the learner's shell then
	Exact      bool                        // the kernel's proc connector told
	Keys       bool                        // signal keys were seen
	Cols, Rows int                         // of the band; 0: there was none
}

// Verdict is what is known of one step.
type Verdict uint8

// A better one is greater: of several tries at a step the best counts.
const (
	Unseen   Verdict = iota // never entered
	Open                    // entered and not done
	Refuted                 // the log says that it was done, and its check is false
	Skipped                 // left out by lesson skip
	Shown                   // done by lesson show
	Unproved                // the log says that it was done; only /proc could have proved it
	Held                    // its checks were true
)

var verdictNames = [...]string{"unseen", "open", "refuted", "skipped", "shown", "unproved", "held"}

func (v Verdict) String() string { return verdictNames[v] }

// MarshalText makes it a word in JSON.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// Done says that the learner did it, as far as anybody knows.
func (v Verdict) Done() bool { return v == Held || v == Unproved }

// Step is one step of a lesson, as one learner did it.
type Step struct {
	Title   string  `json:"title"`
	Verdict Verdict `json:"verdict"`
	Why     string  `json:"why,omitempty"`       // of Refuted and Unproved
	Wrong   int     `json:"wrong,omitempty"`     // wrong ways that had an answer, by the log's word
	Asked   bool    `json:"predicted,omitempty"` // a prediction was graded
	Right   bool    `json:"right,omitempty"`
}

// Work is one lesson, as one learner did it.
type Work struct {
	ID    string `json:"lesson"`
	Seed  uint64 `json:"seed"`
	Tries int    `json:"tries"`           // how often it was begun or gone on with
	Other bool   `json:"other,omitempty"` // another version of the lesson was played than is known here
	Steps []Step `json:"steps"`
}

// Count is how many steps are done, of how many.
func (w *Work) Count() (done, of int) {
	for i := range w.Steps {
		if w.Steps[i].Verdict.Done() {
			done++
		}
	}
	return done, len(w.Steps)
}

// Find gives the lesson of an id, and the fingerprint of its text ("" is: nobody
// knows); nil is none.
type Find func(id string) (l *page.Lesson, print string)

// Grade plays the logs of one learner again. strangers are the lessons in them that
// find does not know; the quiz and demo are no homework and are passed over.
func Grade(logs []*Log, find Find) (works []*Work, strangers []string) {
	g := grader{byID: map[string]*Work{}}
	for _, l := range logs {
		g.grade(l, find)
	}
	return g.works, g.strangers
}

func (g *grader) grade(l *Log, find Find) {
	g.log, g.told = l, false
	for i := range l.Events {
		e := &l.Events[i]
		g.told = g.told || e.Kind == event.Fact && e.Path == event.FactMachine
	}
	for i := range l.Events {
		e := &l.Events[i]
		if e.Kind == event.Told && e.Source == event.Lesson {
			if id, seed, step, ok := begins(e.Text); ok {
				g.end()
				if strings.ContainsAny(id, ":/") { // demo:, quiz/
					continue
				}
				if of, print := find(id); of != nil {
					g.begin(of.Instance(seed), i, step)
					g.print = print
				} else if !slices.Contains(g.strangers, id) {
					g.strangers = append(g.strangers, id)
				}
				continue
			}
		}
		g.take(i)
	}
	g.end()
}

// Begins reads the words with which a lesson begins in the log; step counts from 1.
func Begins(text string) (id string, step int, ok bool) {
	id, _, step, ok = begins(text)
	return id, step + 1, ok
}

// begins reads the words with which a lesson begins in the log.
func begins(text string) (id string, seed uint64, step int, ok bool) {
	w := strings.Fields(text)
	if len(w) != 6 || w[0] != "lesson" || w[2] != "seed" || w[4] != "step" {
		return "", 0, 0, false
	}
	seed, err := strconv.ParseUint(w[3], 10, 64)
	if err != nil {
		return "", 0, 0, false
	}
	step, err = strconv.Atoi(w[5])
	return w[1], seed, step - 1, err == nil && step > 0
}

// grader plays one log.
type grader struct {
	log       *Log
	told      bool // what /proc was asked is in this log
	works     []*Work
	strangers []string
	byID      map[string]*Work

	player *play.Player // nil: no lesson runs
	work   *Work
	first  int        // index of the event with which the lesson began
	was    *proc.Tree // who was there when it was resumed
	held   bool       // lines for the lesson run: nothing is looked at
	shown  bool       // lesson show has done this step
	maybe  bool       // at some moment nobody could say that this step was not done
	aside  bool       // the line that runs is for the lesson
	more   check.Sources
	asked  int // predictions that were graded by the last place
	right  int
	wrong  int // wrong ways by the last place

	print string // of the lesson that is known here
	other bool   // another one was played
	at    int    // the step, by the last place
	since int    // index of the event with which it began
	facts map[question]reply
}

// question is what /proc was asked: a file of /proc/PID.
type question struct {
	pid  int
	file string
}

type reply struct {
	facts check.Facts
	ok    bool
}

// begin plays a lesson from event i on. Several tries at it are one work.
func (g *grader) begin(l *page.Lesson, at, step int) {
	w := g.byID[l.ID]
	if w == nil {
		w = &Work{ID: l.ID, Steps: make([]Step, len(l.Steps))}
		for i := range l.Steps {
			w.Steps[i].Title = l.Steps[i].Title
		}
		g.byID[l.ID] = w
		g.works = append(g.works, w)
	}
	w.Seed = l.Seed
	w.Tries++
	g.other, g.at, g.since, g.facts = false, 0, at, map[question]reply{}
	g.work, g.first, g.more, g.shown, g.maybe = w, at, 0, false, false
	g.player = play.New(l, play.Options{Step: step})
	g.asked, g.right, g.wrong = 0, 0, 0
	if g.was = nil; step > 0 && g.log.Tree != nil {
		g.was = g.log.Tree(g.log.Events[at].Seq)
	}
	g.player.See(g.world(at))
	g.player.Begin()
	g.held = true // until the log says where the learner is
	g.look()
}

func (g *grader) end() { g.player, g.work = nil, nil }

// world is what there was to know after event i.
func (g *grader) world(i int) *check.World {
	l := g.log
	w := &check.World{Events: l.Events[g.first : i+1], From: l.Events[g.first].Seq, Shell: l.Shell(l.Events[i].Seq), Old: g.was,
		Sources: check.Plain&^check.FromFacts | g.more}
	if g.told {
		w.Sources |= check.FromFacts
		w.Facts = func(pid int, file string) (check.Facts, bool) {
			r := g.facts[question{pid, file}]
			return r.facts, r.ok
		}
	}
	if l.Keys {
		w.Sources |= check.FromKeys
	}
	if l.Exact {
		w.Sources |= check.FromConnector
	}
	if l.Tree != nil {
		w.Tree = l.Tree(l.Events[i].Seq)
	}
	return w
}

// before is the world when event i had just come, where the tree has changed until
// the next one: nobody knows at which of the two the tutor looked. nil: it has not.
func (g *grader) before(i int) *check.World {
	if g.log.Early == nil {
		return nil
	}
	early, late := g.log.Early(g.log.Events[i].Seq), g.log.Tree(g.log.Events[i].Seq)
	if early == nil || late == nil || early.At == late.At {
		return nil
	}
	w := g.world(i)
	w.Tree = early
	return w
}

// take is one event of the log.
func (g *grader) take(i int) {
	if g.player == nil {
		return
	}
	e := &g.log.Events[i]
	switch e.Source {
	case event.Tracer:
		g.more |= check.FromTracer
	case event.Puppet:
		g.more |= check.FromPuppet
	}
	switch {
	case e.Kind == event.Fact && e.Source == event.Lesson:
		g.fact(e)
	case e.Kind == event.Told && e.Source == event.Lesson:
		g.see(i)
		if at, ok := wire.ParsePlace(e.Text); ok {
			g.place(at, i)
			return
		}
		g.hear(e.Text)
		return
	case e.Kind == event.LineBegin && e.Pid == g.log.Shell(e.Seq):
		g.aside = check.Aside(e.Text)
	case e.Kind == event.LineEnd && e.Pid == g.log.Shell(e.Seq) && g.held && g.aside:
		g.release(e.Seq)
	}
	g.see(i)
}

// fact takes what the log says of /proc, and of itself.
func (g *grader) fact(e *event.Event) {
	if e.Path == event.FactLesson && e.Pid == 0 {
		played := e.Value("text")
		g.other = played != "" && g.print != "" && played != g.print
		g.work.Other = g.work.Other || g.other
		return
	}
	var r reply
	r.ok = r.facts.Take(e)
	g.facts[question{e.Pid, e.Path}] = r
}

// see lets the player look at what happened up to event i.
func (g *grader) see(i int) {
	if g.held {
		return
	}
	if w := g.before(i); w != nil {
		g.player.See(w)
	}
	g.player.See(g.world(i))
	g.look()
}

// release says that the lines for the lesson are over.
func (g *grader) release(seq uint64) {
	g.held = false
	g.player.Ran(seq)
}

// hear is what the learner told the lesson.
func (g *grader) hear(text string) {
	p := g.player
	i := p.At()
	var r play.Reply
	if key, ok := strings.CutPrefix(text, "key "); ok {
		if g.log.Cols > 0 {
			p.Band(g.log.Cols, g.log.Rows, play.Style{}) // what is asked at once depends on its size
		}
		r = p.Key(key)
	} else {
		skipped := p.Progress().Skipped
		r = p.Tell(strings.Fields(text))
		switch {
		case r.Err != "":
		case text == "show":
			g.shown = true
		case text == "skip" && p.Progress().Skipped > skipped:
			g.set(i, Skipped, "")
		}
	}
	if p.At() != i || text == "restart" || text == "back" || text == "again" {
		g.shown, g.maybe = false, false
	}
	if len(r.Run) > 0 && !r.Done {
		g.held = true
	}
	g.look()
}

// set notes a verdict, unless a better one is known.
func (g *grader) set(i int, v Verdict, why string) {
	if s := &g.work.Steps[i]; v > s.Verdict {
		s.Verdict, s.Why = v, why
	}
}

// place is where the learner was by the log's own word.
func (g *grader) place(at wire.Place, now int) {
	p := g.player
	if g.held {
		g.release(g.log.Events[now].Seq)
	}
	if !at.End && at.Step != g.at {
		g.at, g.since = at.Step, now
		defer maps.DeleteFunc(g.facts, func(q question, _ reply) bool { // the tutor asks anew, too,
			return q.file != event.FactCmdline // but for what it knows for good
		})
	}
	i := at.Step - 1
	switch {
	case at.End && !at.Done:
		g.end()
		return
	case at.End: // the last step is over
		i = len(g.work.Steps) - 1
	case i >= len(g.work.Steps):
		return
	}
	g.work.Steps[i].Wrong += max(0, at.Wrong-g.wrong)
	g.wrong = at.Wrong
	if !at.Done {
		if p.At() != i {
			p.Rejoin(i)
			g.shown, g.maybe = false, false
		}
		g.look()
		return
	}
	v, why := Held, ""
	if p.At() != i || !p.Waits() {
		v, why = g.doubt(i, now)
		p.Accept(i)
	}
	if g.shown && v != Refuted {
		v, why = Shown, ""
	}
	g.set(i, v, why)
	score := p.Progress()
	if s := &g.work.Steps[i]; score.Asked > g.asked && !s.Asked {
		s.Asked, s.Right = true, score.Right > g.right
	}
	g.asked, g.right = score.Asked, score.Right
	g.look()
}

// reaction is how old what the tutor knew may have been when it said that a step was
// over: events take a moment to get to it, and may be in the log before its word.
const reaction = 150e6

// doubt judges step i, which is done by the log's word only; now is the index of that
// word.
func (g *grader) doubt(i, now int) (v Verdict, why string) {
	if g.player.At() != i {
		return Unproved, "the recording lacks what came before"
	}
	truth, why := g.player.Standing()
	if truth == check.True {
		return Held, ""
	}
	for k := now - 1; k > g.since && g.log.Events[k].At > g.log.Events[now].At-reaction; k-- {
		if w := g.before(k); g.player.HeldIn(g.world(k)) || w != nil && g.player.HeldIn(w) {
			return Held, ""
		}
	}
	switch {
	case truth == check.Unknown:
		return Unproved, why
	case g.maybe:
		return Unproved, "only /proc could tell, at that moment"
	case g.other:
		return Unproved, "another version of the lesson was played"
	}
	return Refuted, why
}

// look notes what the player knows that it did not know before.
func (g *grader) look() {
	p := g.player
	i := p.At()
	if i >= len(g.work.Steps) {
		return
	}
	g.set(i, Open, "")
	if !p.Waits() && !g.maybe && !g.held {
		truth, _ := p.Standing()
		g.maybe = truth == check.Unknown && p.Beyond()
	}
}
