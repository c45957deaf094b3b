// Package play leads a learner through a lesson: a pure state machine from what
// happens, and what the learner says, to what is shown next.
//
// It owns where the learner is in a lesson, the grading, the words around a
// lesson's own (band and plain text), and lint, which judges a lesson before
// anybody plays it. It makes no system call, starts nothing, reads no clock and
// no key: its host does that, as Reply says.
//
// How a host plays a lesson:
//
//	p := play.New(lesson, options)
//	r := p.Begin()          // do what r says: Run, then p.Ran(seq)
//	p.See(world)            // whenever something happened; true: show anew
//	r = p.Tell(words)       // the learner typed "answer B", "lesson hint" …
//	r = p.Key("enter")      // with the band: keys
//	p.Band(…) or p.Plain(…) // what is to be seen
//
// Invariants: a prediction is taken before the experiment that decides it, and
// what happened before it decides nothing; no answer is stored where an
// experiment can decide; from each step the learner can leave, skip, go back and
// ask where he is.
package play

import "jsh/lessons/page"

// Options say where to begin.
type Options struct {
	Step  int      // index of the step; beyond the end is the last
	Score Progress // what was reached before; only the counts are used
	Place string   // of a question among several, as the band says it: "2 of 6"
}

// Reply is what the host is to do, in the order of the fields.
type Reply struct {
	Err  string       // what is wrong with what the learner said; nothing else is set. Usage: status 2
	Text string       // to be shown to the learner at once
	Run  []string     // lines for the learner's shell, run silently; then call Ran
	Type []page.Input // what a hand would type, in the learner's terminal
	Done bool         // the lesson is over, or left; Run is its cleanup
}

// Progress is how far a learner is.
type Progress struct {
	ID      string
	Seed    uint64
	Step    int // index of the step
	Steps   int
	Done    bool // the last step is over
	Asked   int  // predictions that were graded
	Right   int  // of these
	Hints   int
	Shown   int // steps that were shown
	Skipped int
	Wrong   int // tries that a wrong block knew
}

// Style is how the band may look.
type Style struct {
	Plain bool // no bold, no dim
	ASCII bool
}

// Band is what the band at the foot of the screen shows.
type Band struct {
	Lines []string       // with SGR 1, 2, 7 and 0 at most
	Keys  bool           // it asks for the keyboard
	Marks map[int]string // pid → the mark beside it in the picture
}
