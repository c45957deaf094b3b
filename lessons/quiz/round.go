package quiz

import (
	"slices"
	"strconv"

	"jsh/event"
	"jsh/lessons/check"
	"jsh/lessons/page"
	"jsh/lessons/play"
)

// Round is one learner's way through some questions. It belongs to one goroutine.
// A host plays it as it plays a play.Player.
type Round struct {
	questions []*page.Lesson
	name      string // all, a topic, a question: to begin the same again
	seed      uint64
	at        int
	p         *play.Player
	from      uint64 // the newest event when the question began
	seen      uint64 // the newest event
	right     int    // of the questions that are behind
	asked     int
	said      string // what is to be said before the question
}

// NewRound plays questions, of which there is one at least and which Deal has
// dealt, in their order. name and seed
// are those with which the same round can be had again.
func NewRound(questions []*page.Lesson, name string, seed uint64) *Round {
	return &Round{questions: questions, name: name, seed: seed, p: play.New(questions[0], play.Options{})}
}

// Begin enters the first question.
func (r *Round) Begin() play.Reply { return r.enter() }

func (r *Round) enter() play.Reply {
	q := r.questions[r.at]
	o := play.Options{}
	if len(r.questions) > 1 {
		o.Place = strconv.Itoa(r.at+1) + " of " + strconv.Itoa(len(r.questions))
	}
	r.p = play.New(q, o)
	r.said, r.from = r.head(q), r.seen
	return r.p.Begin()
}

// head says where in the quiz a question stands.
func (r *Round) head(q *page.Lesson) string {
	if len(r.questions) == 1 {
		return ""
	}
	text := "QUESTION " + strconv.Itoa(r.at+1) + " of " + strconv.Itoa(len(r.questions)) + ", " + q.Topic
	if r.asked > 0 {
		text += "; " + strconv.Itoa(r.right) + " of " + strconv.Itoa(r.asked) + " right so far"
	}
	return text + "\n"
}

// Ran is play.Player.Ran. The processes that an earlier question left are older
// than seq.
func (r *Round) Ran(seq uint64) {
	r.from, r.seen = seq, max(r.seen, seq)
	r.p.Ran(seq)
}

// See is play.Player.See, of what happened since the question began.
func (r *Round) See(w *check.World) bool {
	r.seen = newest(w, r.seen)
	return r.p.See(since(w, r.from))
}

// newest is the number of the newest event of w, and not less than seq.
func newest(w *check.World, seq uint64) uint64 {
	if n := len(w.Events); n > 0 {
		return max(seq, w.Events[n-1].Seq)
	}
	return seq
}

// since is the world without the events up to seq.
func since(w *check.World, seq uint64) *check.World {
	i := slices.IndexFunc(w.Events, func(e event.Event) bool { return e.Seq > seq })
	if i < 0 {
		i = len(w.Events)
	}
	later := *w
	later.Events = w.Events[i:]
	return &later
}

// Rest is play.Player.Rest.
func (r *Round) Rest() bool { return r.p.Rest() }

// Tell is play.Player.Tell. quit leaves the quiz; what ends a question leads to
// the next.
func (r *Round) Tell(words []string) play.Reply {
	return r.onward(r.p.Tell(words), words[0] == "quit")
}

// Key is play.Player.Key.
func (r *Round) Key(name string) play.Reply {
	reply := r.p.Key(name)
	return r.onward(reply, reply.Done && !r.p.Progress().Done)
}

// onward goes from the end of a question to the next, or to the quiz's end.
func (r *Round) onward(reply play.Reply, left bool) play.Reply {
	if !reply.Done {
		return reply
	}
	p := r.p.Progress()
	r.right += p.Right
	r.asked += p.Asked
	if left || r.at+1 == len(r.questions) {
		reply.Text = r.score(left)
		return reply
	}
	r.at++
	next := r.enter()
	next.Run = append(reply.Run, next.Run...)
	return next
}

// score is the last word.
func (r *Round) score(left bool) string {
	text := ""
	switch {
	case r.asked == 0 && left:
		text = "You left the quiz."
	case r.asked == 0:
		text = "The quiz is over."
	default:
		text = "You predicted " + strconv.Itoa(r.right) + " of " + strconv.Itoa(r.asked) + " right."
	}
	if len(r.questions) > 1 {
		text += " The same again:  quiz " + r.name + " --seed " + strconv.FormatUint(r.seed, 10)
	}
	return text + "\n"
}

// Band is play.Player.Band.
func (r *Round) Band(cols, rows int, st play.Style) play.Band { return r.p.Band(cols, rows, st) }

// Plain is play.Player.Plain, with the question's place in the quiz before it.
func (r *Round) Plain(cols int) string {
	text := r.p.Plain(cols)
	if text != "" {
		text, r.said = r.said+text, ""
	}
	return text
}

// Waits is play.Player.Waits.
func (r *Round) Waits() bool { return r.p.Waits() }

// Progress is that of the question that is being asked.
func (r *Round) Progress() play.Progress {
	p := r.p.Progress()
	p.ID = IDPrefix + p.ID
	return p
}
