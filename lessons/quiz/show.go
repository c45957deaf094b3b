package quiz

import (
	"slices"
	"strconv"
	"strings"

	"jsh/lessons/check"
	"jsh/lessons/page"
	"jsh/lessons/play"
)

// Show plays questions before a class: the question, a vote, talk, a second vote,
// and only then the experiment, with both votes beside the kernel's answer. The
// teacher types. A host plays it as it plays a play.Player.
type Show struct {
	questions []*page.Lesson
	at        int
	phase     phase
	votes     [2]vote
	typed     string   // of the vote that is being typed in the band
	wrong     string   // what was wrong with it
	kernel    []string // the answers that are right
	unsure    bool     // the experiment is over, and no source could tell
	short     bool     // the band has no room for the why beside the answers
	because   bool     // so it stands alone there
	hints     int
	from      uint64 // the newest event when the question began
	seen      uint64 // the newest event
	ready     bool   // the setup has run
	told      bool   // Plain has said what there is
	ascii     bool   // Plain has no other characters
}

// phase is how far a question is.
type phase int

const (
	first    phase = iota // the first vote
	second                // talk, and the second vote
	before                // both votes are there; the experiment is next
	running               // the experiment
	answered              // the kernel has answered
)

// NewShow shows questions, which Deal has dealt, in their order. ascii says that
// Plain is to have no other characters.
func NewShow(questions []*page.Lesson, ascii bool) *Show {
	return &Show{questions: questions, ascii: ascii}
}

func (s *Show) step() *page.Step       { return &s.questions[s.at].Steps[0] }
func (s *Show) predict() *page.Predict { return s.step().Predict }

// Begin shows the first question.
func (s *Show) Begin() play.Reply { return s.enter() }

func (s *Show) enter() play.Reply {
	*s = Show{questions: s.questions, ascii: s.ascii, at: s.at, from: s.seen, seen: s.seen}
	s.ready = len(s.step().Setup) == 0
	return play.Reply{Run: s.step().Setup}
}

// Ran is play.Player.Ran.
func (s *Show) Ran(seq uint64) {
	s.from, s.seen, s.ready = seq, max(s.seen, seq), true
}

// Rest has nothing to say: a class is told nothing between.
func (s *Show) Rest() bool { return false }

// See looks for the end of the experiment.
func (s *Show) See(w *check.World) (changed bool) {
	s.seen = newest(w, s.seen)
	if s.phase != running || !s.ready {
		return false
	}
	w = since(w, s.from)
	w.From = s.from + 1
	for _, l := range s.step().Checks {
		e, err := check.Compile(l.Text)
		if err != nil || !e.Eval(w).Holds() {
			return false
		}
	}
	s.kernel, s.unsure = measured(s.predict(), w)
	s.move(answered)
	return true
}

// measured are the answers that are right in w; unsure says that no source could
// tell of one.
func measured(p *page.Predict, w *check.World) (right []string, unsure bool) {
	ask := func(src, name string) check.Verdict {
		e, err := check.Compile(src)
		if err != nil {
			return check.Verdict{}
		}
		if name != "" {
			v, _ := e.EvalNamed(w, name)
			return v
		}
		return e.Eval(w)
	}
	switch p.Kind {
	case page.Number:
		n, ok := ask(p.If, "").Value.(int)
		if !ok {
			return nil, true
		}
		return []string{strconv.Itoa(n)}, false
	case page.Marks:
		for _, o := range p.Items {
			v := ask(p.If, o.Key)
			if v.Holds() {
				right = append(right, o.Key)
			}
			unsure = unsure || v.Truth == check.Unknown
		}
		return right, unsure
	}
	for _, o := range p.Options {
		v := ask(o.If, "")
		if v.Holds() {
			right = append(right, o.Key)
		}
		unsure = unsure || v.Truth == check.Unknown
	}
	return right, unsure && len(right) == 0
}

func (s *Show) move(to phase) {
	s.phase, s.told, s.typed, s.wrong = to, false, "", ""
}

// Tell is what the teacher says: answer SHARES, next, back, show, hint, where,
// restart, skip, quit.
func (s *Show) Tell(words []string) play.Reply {
	switch words[0] {
	case "answer":
		return s.vote(strings.Join(words[1:], " "))
	case "next":
		return s.next()
	case "show":
		if s.phase < before {
			return play.Reply{Err: "the class votes first; next goes on without a vote"}
		}
		return s.experiment()
	case "hint":
		hints := s.step().Hints
		if s.hints == len(hints) {
			return play.Reply{Err: "there are no more hints"}
		}
		s.hints++
		return play.Reply{Text: strings.Join(hints[s.hints-1].Strings(), "\n") + "\n"}
	case "back":
		return s.back()
	case "restart":
		r := play.Reply{Run: slices.Clone(s.questions[s.at].Cleanup)}
		n := s.enter()
		r.Run = append(r.Run, n.Run...)
		return r
	case "skip":
		return s.onward()
	case "where":
		s.told = false
		return play.Reply{}
	case "quit":
		return play.Reply{Run: s.questions[s.at].Cleanup, Done: true}
	}
	return play.Reply{Err: words[0] + ": a quiz before a class has answer SHARES, next, back, show, hint, where, restart, skip, quit"}
}

// vote takes shares.
func (s *Show) vote(text string) play.Reply {
	if s.phase > before {
		return play.Reply{Err: "the votes stand: they were taken before the experiment; restart asks anew"}
	}
	v, err := parseVote(text, s.predict())
	if err != nil {
		s.wrong = err.Error()
		return play.Reply{Err: err.Error()}
	}
	if s.phase == first {
		s.votes[0] = v
		s.move(second)
	} else {
		s.votes[1] = v
		s.move(before)
	}
	return play.Reply{}
}

// next goes on: without a vote too.
func (s *Show) next() play.Reply {
	switch s.phase {
	case first:
		s.move(second)
	case second:
		s.move(before)
	case before:
		return s.experiment()
	case running:
		return play.Reply{Err: "the experiment runs: " + strings.Join(page.Text(s.step().Do).Strings(), " ")}
	case answered:
		if s.short && !s.because {
			s.because = true
			return play.Reply{}
		}
		return s.onward()
	}
	return play.Reply{}
}

// experiment has the keys typed; where no experiment decides, the answer is shown.
func (s *Show) experiment() play.Reply {
	if !s.predict().Measured() {
		s.kernel = strings.Fields(s.predict().Stored)
		s.move(answered)
		return play.Reply{}
	}
	s.move(running)
	r := play.Reply{}
	if len(s.step().Solutions) > 0 {
		r.Type = s.step().Solutions[0].Inputs
	}
	return r
}

func (s *Show) back() play.Reply {
	switch s.phase {
	case second:
		s.votes[0] = nil
		s.move(first)
	case before:
		s.votes[1] = nil
		s.move(second)
	case first:
		if s.at > 0 {
			r := play.Reply{Run: slices.Clone(s.questions[s.at].Cleanup)}
			s.at--
			n := s.enter()
			r.Run = append(r.Run, n.Run...)
			return r
		}
		return play.Reply{Err: "this is the first question"}
	default:
		return s.Tell([]string{"restart"})
	}
	return play.Reply{}
}

// onward goes to the next question, or ends.
func (s *Show) onward() play.Reply {
	r := play.Reply{Run: slices.Clone(s.questions[s.at].Cleanup)}
	if s.at+1 == len(s.questions) {
		r.Done, r.Text = true, "That was the last question.\n"
		return r
	}
	s.at++
	n := s.enter()
	r.Run = append(r.Run, n.Run...)
	return r
}

// Key is a key for the band: votes are typed there, and Enter alone goes on.
func (s *Show) Key(name string) play.Reply {
	if name == "enter" && (s.typed == "" || s.phase > second) {
		return s.next()
	}
	if s.phase > second {
		return play.Reply{}
	}
	s.wrong = ""
	switch {
	case name == "enter":
		s.vote(s.typed) // what is wrong with it stands in the band
		s.typed = ""
	case name == "space":
		s.typed += " "
	case name == "backspace" && s.typed != "":
		s.typed = s.typed[:len(s.typed)-1]
	case len(name) == 1 && len(s.typed) < 60:
		s.typed += name
	}
	return play.Reply{}
}

// Waits says that Enter goes on.
func (s *Show) Waits() bool { return s.phase != running }

// Progress says which question it is. Nothing is graded.
func (s *Show) Progress() play.Progress {
	return play.Progress{ID: IDPrefix + "present", Seed: s.questions[s.at].Seed, Step: s.at, Steps: len(s.questions)}
}
