package play

import (
	"slices"
	"strings"

	"jsh/event"
	"jsh/lessons/page"
)

const words = "answer, hint, show, skip, next, again, back, restart, where, quit"

// Tell is what the learner says: answer …, hint, show, skip, next, again, back,
// restart, where, quit.
func (p *Player) Tell(said []string) Reply {
	if len(said) == 0 {
		said = []string{"where"}
	}
	if p.phase == left {
		return Reply{Err: "the lesson is over; lesson  lists them"}
	}
	if said[0] != "answer" && len(said) > 1 {
		return Reply{Err: "lesson " + said[0] + " takes no more words"}
	}
	if p.waiting && said[0] != "quit" && said[0] != "where" {
		return Reply{Err: "a moment: the step is being prepared"}
	}
	switch said[0] {
	case "answer":
		return p.tellAnswer(said[1:])
	case "hint":
		return p.tellHint()
	case "show":
		return p.tellShow()
	case "next", "go":
		return p.tellNext()
	case "skip":
		return p.tellSkip()
	case "again":
		return p.anew(p.step)
	case "back":
		return p.anew(max(p.step-1, 0))
	case "restart":
		p.say("From the beginning.")
		clean := p.cleanup()
		p.base, p.origin, p.old, p.world, p.whole = p.seen+1, p.seen+1, false, nil, nil
		r := p.enter(0)
		r.Run = append(clean, r.Run...)
		p.waiting = len(r.Run) > 0
		return r
	case "where":
		return Reply{Text: p.where()}
	case "quit":
		return p.leave("You left the lesson at step " + num(p.step+1) + " of " + num(len(p.lesson.Steps)) + ". lesson  goes on from there.")
	}
	return Reply{Err: event.Visible(said[0]) + " is not known; there are " + words}
}

func (p *Player) cleanup() []string { return slices.Clone(p.lesson.Cleanup) }

func (p *Player) leave(text string) Reply {
	p.phase, p.waiting = left, false
	return Reply{Text: text, Run: p.cleanup(), Done: true}
}

func (p *Player) tellAnswer(said []string) Reply {
	q := p.lesson.Steps[p.step].Predict
	if q == nil || p.phase == over {
		return Reply{Err: "nothing is asked now; lesson where  says where you are"}
	}
	if q.Kind == page.Typed {
		line := strings.Join(said, " ")
		if strings.TrimSpace(line) == "" {
			return Reply{Err: "a command line is expected: answer 'sleep 9 &'; or type it at the prompt"}
		}
		return Reply{Type: []page.Input{{Kind: page.TypeLine, Text: line}}}
	}
	if p.shown || p.phase == doing && p.acted {
		return Reply{Err: "the experiment has begun; a prediction comes before it"}
	}
	a, err := read(q, said)
	if err != nil {
		return Reply{Err: err.Error() + "; " + p.howToAnswer()}
	}
	return p.take(a)
}

// take takes a prediction: what is decided by the experiment begins now. A learner
// who has made the experiment before that gets what it needs once more.
func (p *Player) take(a answer) Reply {
	s := &p.lesson.Steps[p.step]
	if to := p.entrance(p.step); to != p.step {
		return p.again(to, "You made the experiment before you said what it would show.")
	}
	p.answer, p.draft = a, a
	p.draft.picked, p.draft.order = slices.Clone(a.picked), slices.Clone(a.order)
	p.given, p.acted, p.nudged, p.remark, p.ran, p.running = true, false, false, nil, false, false
	p.from = p.seen + 1
	if p.world != nil {
		p.world.From = p.from
	}
	if len(p.now.checks) > 0 {
		p.phase = doing
		p.unpredicted(s)
		p.sayDo()
		return Reply{}
	}
	if p.world != nil || !s.Predict.Measured() {
		p.result = p.grade(s.Predict, p.world)
	}
	p.finish()
	return Reply{}
}

// without is the evidence that what a step needs is not there, or "".
func (p *Player) without(step int) string {
	if p.whole == nil {
		return ""
	}
	for _, e := range compileLines(p.lesson.Steps[step].Given) {
		if e == nil {
			continue
		}
		if v := e.Eval(p.whole); !v.Holds() && v.Why != "" {
			return ": " + v.Explain()
		}
	}
	return ""
}

// unpredicted has what was done before the prediction not count, where it would be
// taken for the experiment: a state counts from the lesson's beginning.
func (p *Player) unpredicted(s *page.Step) {
	if p.world == nil || p.free || len(s.Given) > 0 || !p.holds(p.world) {
		return
	}
	p.origin, p.world = p.seen+1, nil
	p.remark = []string{"What you did before your prediction does not count: do it once more."}
	p.say(p.remark...)
}

// again enters an earlier step that makes what a later one needs.
func (p *Player) again(to int, why string) Reply {
	r := p.enter(to)
	p.remark = []string{why, "So once more from here: step " + num(to+1) + "."}
	p.news = append([]para{{lines: slices.Clone(p.remark)}}, p.news...)
	return r
}

func (p *Player) tellHint() Reply {
	s := &p.lesson.Steps[p.step]
	switch {
	case p.phase == over:
		return Reply{Err: "the step is over: Enter goes on"}
	case p.phase == asking:
		p.remark = []string{"A prediction has no wrong side: say what you think.", p.howToAnswer()}
		p.say(p.remark...)
		return Reply{}
	case len(s.Hints) == 0:
		return Reply{Err: "there is no hint here; lesson show  does it before your eyes"}
	}
	if p.hints < len(s.Hints) {
		p.hints++
		p.score.Hints++
	}
	p.remark = []string{"Hint: " + strings.Join(s.Hints[p.hints-1].Strings(), " ")}
	more := ""
	if n := len(s.Hints) - p.hints; n > 0 {
		more = "(" + num(n) + " more)"
	} else if len(s.Solutions) > 0 {
		more = "(the last one; lesson show  does it before your eyes)"
	}
	p.say(append(slices.Clone(p.remark), more)...)
	return Reply{}
}

func (p *Player) tellShow() Reply {
	s := &p.lesson.Steps[p.step]
	if p.phase == over {
		return Reply{Err: "the step is over: Enter goes on"}
	}
	if len(s.Solutions) == 0 {
		return Reply{Err: "there is nothing to show here; lesson skip  goes on"}
	}
	if p.phase == asking { // without a prediction there is no grade
		p.phase = doing
		p.from = p.seen + 1
	}
	if !p.shown {
		p.shown = true
		p.score.Shown++
	}
	p.remark = []string{"Watch: this is typed for you."}
	p.say(p.remark...)
	return Reply{Type: slices.Clone(s.Solutions[0].Inputs)}
}

func (p *Player) tellNext() Reply {
	switch {
	case p.phase == asking:
		return Reply{Err: "first your prediction: " + p.howToAnswer() + " (lesson skip  goes on without)"}
	case p.phase == doing:
		text := "the step is not done yet"
		if l := p.lacks(); l != "" {
			text += ": " + l
		}
		return Reply{Err: text + " (lesson hint, lesson show, lesson skip)"}
	case p.step == len(p.lesson.Steps)-1:
		return p.leave(p.farewell())
	}
	if to := p.entrance(p.step + 1); to != p.step+1 {
		return p.again(to, "The next step needs what is not there"+p.without(p.step+1)+".")
	}
	return p.enter(p.step + 1)
}

// tellSkip leaves a step out, and those after it that need what it makes.
func (p *Player) tellSkip() Reply {
	if p.phase != over {
		p.score.Skipped++
	}
	to := p.step + 1
	for to < len(p.lesson.Steps) && !p.ready(to) {
		to++
	}
	if to > p.step+2 || to == p.step+2 && to <= len(p.lesson.Steps) {
		p.say("What comes next needs this step; that is left out, too.")
	}
	if to >= len(p.lesson.Steps) {
		return p.leave(p.farewell())
	}
	return p.enter(to)
}

// anew enters a step once more: the one before, or this one. Where it needs nothing
// that was done before, what is left of that is cleared away first.
func (p *Player) anew(step int) Reply {
	to := p.entrance(step)
	var clean []string
	if len(p.lesson.Steps[to].Given) == 0 { // what was done in it before does not count
		p.origin, p.world = p.seen+1, nil
		clean = append(p.cleanup(), p.prepared(to)...)
	}
	var r Reply
	if to != step {
		r = p.again(to, "That step needs what an earlier one makes.")
	} else {
		r = p.enter(to)
	}
	r.Run = append(clean, r.Run...)
	p.waiting = len(r.Run) > 0
	return r
}

// prepared is what the steps before one set up: a directory to work in, programs.
func (p *Player) prepared(before int) []string {
	var lines []string
	for _, s := range p.lesson.Steps[:before] {
		lines = append(lines, s.Setup...)
	}
	return lines
}
