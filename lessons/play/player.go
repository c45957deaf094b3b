package play

import (
	"slices"
	"strings"

	"jsh/event"
	"jsh/lessons/check"
	"jsh/lessons/page"
)

// phase is where in a step the learner is.
type phase uint8

const (
	asking phase = iota // a prediction is wanted
	doing               // the check has to come true
	over                // it has, or there is none: Enter goes on
	left                // the lesson is over, or was left
)

// Player is one learner in one lesson. It belongs to one goroutine.
type Player struct {
	lesson   *page.Lesson
	place    string // Options.Place
	score    Progress
	graded   map[int]bool // steps whose prediction was graded
	regraded bool         // one was answered once more, which does not count
	begun    bool
	asides   bool // the line that runs is for the lesson
	looks    bool // the line that runs only looks
	running  bool // a command line runs
	answered bool // the newest one was answered by a wrong block

	step  int
	phase phase
	now   *compiled

	waiting bool         // the lines of a reply run: nothing is looked at
	from    uint64       // Seq of the first event that counts
	base    uint64       // Seq before which nothing is known any more: the lesson was begun anew
	origin  uint64       // the same for the checks: the step was gone back to
	old     bool         // the step that was resumed needs what is older than the lesson
	seen    uint64       // newest event that was looked at
	world   *check.World // from origin on
	whole   *check.World // from base on

	given   bool // a prediction was given
	acted   bool // something was typed since
	free    bool // the check held before that: it asks for nothing to be done
	nudged  bool
	answer  answer
	draft   answer // as the band's keys have made it
	cursor  int    // -1: on none of the options yet
	oddKeys int    // in a row, that mean nothing to a prediction
	sure    bool   // Enter was pressed once with nothing marked
	reading bool   // the band shows the text, the question comes next
	read    bool
	result  *result
	shown   bool

	hints   int      // that were given
	remark  []string // the newest: a wrong try, a hint
	told    int      // the wrong block that it is of, -1 none
	missing string   // the evidence that was told of a check that does not hold
	ran     bool     // a command line has ended since the last Rest
	fired   []uint64 // by wrong block: Seq up to which it has spoken, 0 never
	on      []bool   // by wrong block: it held at the last look

	news []para // for Plain
}

// compiled is a step's expressions. One that cannot be compiled is nil: it is
// unknown for ever, and Lint has said why.
type compiled struct {
	checks  []*check.Expr
	given   []*check.Expr
	options []*check.Expr
	items   []*check.Expr
	value   *check.Expr
	wrongs  []*check.Expr
}

func compile(src string) *check.Expr {
	e, err := check.Compile(src)
	if err != nil {
		return nil
	}
	return e
}

func compileLines(lines []page.Line) []*check.Expr {
	var out []*check.Expr
	for _, l := range lines {
		out = append(out, compile(l.Text))
	}
	return out
}

func compileStep(s *page.Step) *compiled {
	c := &compiled{checks: compileLines(s.Checks), given: compileLines(s.Given)}
	for _, w := range s.Wrongs {
		c.wrongs = append(c.wrongs, compile(w.When))
	}
	if q := s.Predict; q != nil {
		for _, o := range q.Options {
			c.options = append(c.options, compile(o.If))
		}
		for _, o := range q.Items {
			c.items = append(c.items, compile(o.If))
		}
		c.value = compile(q.If)
		if q.Kind == page.Typed {
			c.checks = append(c.checks, c.value)
		}
	}
	return c
}

// New begins a lesson, which must be without fatal problems.
func New(l *page.Lesson, o Options) *Player {
	p := &Player{lesson: l, place: o.Place, score: o.Score, graded: map[int]bool{}, asides: true} // the line that begins the lesson
	p.score.ID, p.score.Seed, p.score.Steps = l.ID, l.Seed, len(l.Steps)
	p.step = max(0, min(o.Step, len(l.Steps)-1))
	if len(l.Steps) > 0 {
		p.now = compileStep(&l.Steps[p.step])
	} else {
		p.phase = left
	}
	return p
}

// Lesson is what is being played.
func (p *Player) Lesson() *page.Lesson { return p.lesson }

// Begin enters the first step. A host that resumes a lesson calls See before it:
// a step that needs what an earlier one left is entered only where that is there.
func (p *Player) Begin() Reply {
	if p.phase == left {
		return Reply{Done: true}
	}
	to, want := p.entrance(p.step), p.step
	r := p.enter(to)
	r.Run = append(p.prepared(to), r.Run...)
	p.waiting = len(r.Run) > 0
	if to != want {
		p.remark = []string{"What step " + num(want+1) + " needs is gone: it ended with the shell you had then.", "So once more from here: step " + num(to+1) + "."}
		p.news = append([]para{{lines: slices.Clone(p.remark)}}, p.news...)
	}
	p.begun, p.old = true, len(p.lesson.Steps[to].Given) > 0
	return r
}

// entrance is the step at or before to that can be entered as things are.
func (p *Player) entrance(to int) int {
	for ; to > 0; to-- {
		if p.ready(to) {
			break
		}
	}
	return to
}

// ready says whether what a step needs is there.
func (p *Player) ready(i int) bool {
	s := &p.lesson.Steps[i]
	if len(s.Given) == 0 {
		return true
	}
	return met(s, p.whole)
}

// met says whether a step's given holds in a world.
func met(s *page.Step, w *check.World) bool {
	if w == nil {
		return false
	}
	for _, e := range compileLines(s.Given) {
		if e == nil || !e.Eval(w).Holds() {
			return false
		}
	}
	return true
}

// enter begins a step.
func (p *Player) enter(i int) Reply {
	s := &p.lesson.Steps[i]
	if len(s.Given) > 0 && p.origin > p.base && !met(s, p.world) { // it needs what was done before one went back
		p.origin, p.world = p.base, p.whole
	}
	p.step, p.now = i, compileStep(s)
	p.phase, p.given, p.acted, p.nudged, p.shown, p.free = doing, false, false, false, false, false
	p.answer, p.draft, p.cursor, p.oddKeys, p.sure, p.read, p.result = answer{}, answer{}, 0, 0, false, false, nil
	p.hints, p.remark, p.told, p.missing, p.ran = 0, nil, -1, "", false
	p.fired, p.on = make([]uint64, len(s.Wrongs)), make([]bool, len(s.Wrongs))
	p.from = p.seen + 1
	p.already(p.world)
	switch {
	case s.Predict != nil && s.Predict.Kind != page.Typed:
		p.phase = asking
		p.draft = blank(s.Predict)
		if s.Predict.Kind == page.Choice {
			p.cursor = -1
		}
	case len(p.now.checks) == 0:
		p.phase = over
	}
	p.sayStep()
	p.waiting = len(s.Setup) > 0
	return Reply{Run: slices.Clone(s.Setup)}
}

// Ran says that the lines of the last Reply.Run are over, and which event was the
// newest then: the step begins after it. Until then See decides nothing.
func (p *Player) Ran(seq uint64) {
	p.waiting, p.running = false, false
	p.seen = max(p.seen, seq)
	p.from = p.seen + 1
}

// Waits says that the step is over and Enter goes on.
func (p *Player) Waits() bool { return p.phase == over && !p.waiting }

// Ready says that the step is over, and what the next one needs is there.
func (p *Player) Ready() bool {
	return p.phase == over && (p.step == len(p.lesson.Steps)-1 || p.ready(p.step+1))
}

// Progress is how far the learner is.
func (p *Player) Progress() Progress {
	s := p.score
	s.Step = p.step
	if p.phase == over && p.step < len(p.lesson.Steps)-1 {
		s.Step++
	}
	return s
}

// See looks at what happened. changed says that Band or Plain have something new.
func (p *Player) See(seen *check.World) (changed bool) {
	whole := seen.Since(p.base)
	if p.begun && !p.old {
		whole.Old = nil
	}
	whole.Follow(p.whole)
	w := whole
	if p.origin > p.base {
		w = whole.Since(p.origin)
		w.Old = nil
		w.Follow(p.world)
	}
	p.world, p.whole = w, whole
	w.From = p.from
	if !p.begun || p.waiting || p.phase == left {
		p.seen = w.Moments(p.seen, func(*check.World) bool { return true })
		p.already(w)
		return false
	}
	before := len(p.news)
	phase, remark := p.phase, len(p.remark)
	p.seen = w.Moments(p.seen, func(at *check.World) bool {
		at.From = p.from
		if n := len(at.Events); n > 0 {
			p.note(&at.Events[n-1], at.Shell)
		}
		switch {
		case p.phase == doing && p.holds(at):
			p.pass(at, w)
		case p.phase == asking && !p.acted:
			p.free = p.free || p.holds(at)
		}
		return true
	})
	if p.phase == doing {
		p.wrongs(w)
	}
	return len(p.news) != before || p.phase != phase || len(p.remark) != remark || p.phase == asking
}

// note takes what an event says of the learner's doing.
func (p *Player) note(e *event.Event, shell int) {
	if e.Seq < p.from || e.Pid != 0 && e.Pid != shell && e.Kind != event.Key {
		return
	}
	switch e.Kind {
	case event.LineBegin:
		p.running, p.oddKeys = true, 0 // the shell has had the keyboard since
		if p.asides = check.Aside(e.Text); p.asides {
			return
		}
		p.looks, p.answered = looks(e.Text), false
		p.acted, p.ran = true, false
		if p.unmet() {
			p.remark = nil // another try
		}
		if p.phase == asking && !p.nudged {
			p.nudged = true
			p.remark = []string{"First your prediction, then the experiment. (^C ends what runs.)", p.howToAnswer()}
			p.say(p.remark...)
		}
	case event.LineEnd:
		p.running = false
		p.ran = p.ran || !p.asides && !p.looks
	case event.Key:
		p.acted = true
	}
}

// looks says whether a command line only looks: it is no try that could fail.
func looks(line string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	switch word {
	case "jobs", "ls", "ps", "ps-tree", "pgrep", "pstree", "pwd", "id", "explain", "history", "man":
	case "cat", "echo", "grep", "head", "tail", "less":
		if !strings.Contains(line, " ") {
			return false
		}
	default:
		return false
	}
	return !strings.ContainsAny(line, ";&>")
}

// holds says whether all of the step's checks are true. Each is looked at: once(…)
// in one of them must not miss a moment, and what another wants to know of a process
// has to be asked while that lives.
func (p *Player) holds(w *check.World) bool {
	all := len(p.now.checks) > 0
	for _, e := range p.now.checks {
		if e == nil || !e.Eval(w).Holds() {
			all = false
		}
	}
	return all
}

// lacks is the evidence of the first check that is not true.
func (p *Player) lacks() string {
	if p.world == nil {
		return ""
	}
	return check.Lacks(p.now.checks, p.world)
}

// pass ends a step: the check came true at a moment of w.
func (p *Player) pass(at, w *check.World) {
	q := p.lesson.Steps[p.step].Predict
	if q != nil && p.given {
		r := p.grade(q, at)
		if r.unmeasured != "" {
			w.From = p.from
			if again := p.grade(q, w); again.unmeasured == "" {
				r = again
			}
		}
		p.result = r
	}
	p.finish()
}

// finish is the end of a step: nothing is asked of the learner any more.
func (p *Player) finish() {
	p.phase, p.remark = over, nil
	p.news = slices.DeleteFunc(p.news, func(n para) bool { return n.remark })
	switch r := p.result; {
	case r == nil || r.unmeasured != "":
	case p.graded[p.step]:
		p.regraded = true
	default:
		p.graded[p.step] = true
		p.score.Asked++
		if r.right {
			p.score.Right++
		}
	}
	if p.step == len(p.lesson.Steps)-1 {
		p.score.Done = true
	}
	p.sayOver()
}

// already takes note of the wrong ways that hold before the learner does
// anything: they are not his.
func (p *Player) already(w *check.World) {
	if w == nil || p.phase == left || len(p.on) != len(p.now.wrongs) { // not begun
		return
	}
	for i, e := range p.now.wrongs {
		w.From = p.from
		p.on[i] = e != nil && e.Eval(w).Holds()
	}
}

// wrongs looks whether a wrong way was taken that the lesson knows.
func (p *Player) wrongs(w *check.World) {
	for i, e := range p.now.wrongs {
		if e == nil {
			continue
		}
		w.From = p.from
		holds := e.Eval(w).Holds()         // once(…) in it must not miss a moment
		if p.running && e.Uses("prompt") { // that the next line runs is no end of it
			continue
		}
		if holds && p.on[i] && e.Uses("happened") {
			// Again? What holds also where nothing happened says nothing of that.
			w.From = p.seen + 1
			if still := e.Eval(w).Holds(); !still {
				w.From = p.fired[i] + 1
				p.on[i] = !e.Eval(w).Holds()
			}
			w.From = p.from
		}
		if holds && !p.on[i] {
			p.fired[i] = p.seen
			p.score.Wrong++
			p.ran, p.answered = false, true
			p.sayWrong(i)
		}
		if !holds && p.on[i] && p.told == i && len(p.remark) > 1 && strings.HasPrefix(p.remark[0], "Seen: ") {
			p.remark, p.told = p.remark[1:], -1 // it is so no more
		}
		p.on[i] = holds
	}
}

// sayWrong makes wrong way i the remark.
func (p *Player) sayWrong(i int) {
	b := &p.lesson.Steps[p.step].Wrongs[i]
	p.remark, p.told = remarkOf(b.Seen, b.Try), i
	p.sayRemark()
}

// Rest says that the learner's shell is at its prompt and that nothing has
// happened for a while. Where a line was run that led nowhere, the learner is
// told what was seen and what to try.
func (p *Player) Rest() (changed bool) {
	if p.phase != doing || p.waiting || !p.ran || p.shown {
		return false
	}
	p.ran = false
	if p.answered {
		return false
	}
	seen := p.lacks()
	if seen == "" || seen == p.missing {
		return false
	}
	p.missing = seen
	s := &p.lesson.Steps[p.step]
	for i, on := range p.on { // a wrong way that is still true says more than what is lacking
		if on && p.fired[i] > 0 {
			p.sayWrong(i)
			return true
		}
	}
	try := "Try:  what is asked for above; lesson hint  says more."
	if p.hints >= len(s.Hints) {
		try = "Try:  lesson show  does it before your eyes."
	}
	p.remark = []string{notYet + plainly(seen) + ".", try}
	p.sayRemark()
	return true
}

const notYet = "Not yet: "

// plainly leaves out of the evidence what is for authors: who could have told.
func plainly(seen string) string {
	parts := strings.Split(seen, "; ")
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool {
		return strings.HasPrefix(s, "only ") && strings.HasSuffix(s, " could tell")
	}), "; ")
}

// unmet says that the remark is one that Rest made.
func (p *Player) unmet() bool { return len(p.remark) > 0 && strings.HasPrefix(p.remark[0], notYet) }

// refresh brings a remark that Rest made up to date.
func (p *Player) refresh() {
	if !p.unmet() {
		return
	}
	if seen := p.lacks(); seen != "" {
		p.remark[0] = notYet + plainly(seen) + "."
	}
}

func remarkOf(seen, try string) []string {
	lines := []string{"Seen: " + seen}
	if try != "" {
		lines = append(lines, "Try:  "+try)
	}
	return lines
}
