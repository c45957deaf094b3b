package play

import (
	"jsh/lessons/check"
	"jsh/lessons/page"
)

// Player is one learner in one lesson. It belongs to one goroutine.
type Player struct {
	lesson *page.Lesson
	step   int
}

// New begins a lesson, which must be without fatal problems.
func New(l *page.Lesson, o Options) *Player { return &Player{lesson: l, step: o.Step} }

// Lesson is what is being played.
func (p *Player) Lesson() *page.Lesson { return p.lesson }

// Begin enters the first step.
func (p *Player) Begin() Reply { return Reply{} }

// Ran says that the lines of the last Reply.Run are over, and which event was the
// newest then: the step begins after it. Until then See looks at nothing.
func (p *Player) Ran(seq uint64) {}

// See looks at what happened. w.From is set by the player. changed says that Band
// or Plain have something new.
func (p *Player) See(w *check.World) (changed bool) { return false }

// Tell is what the learner says: answer …, hint, show, skip, next, back,
// restart, where, quit.
func (p *Player) Tell(words []string) Reply { return Reply{} }

// Key is a key for the band, named as companion.Client.Keys does.
func (p *Player) Key(name string) Reply { return Reply{} }

// Band is what the band shows, at most rows lines of cols columns.
func (p *Player) Band(cols, rows int, st Style) Band { return Band{} }

// Plain is what is new since the last call, for a learner without a band, in
// lines of at most cols columns. "" is nothing.
func (p *Player) Plain(cols int) string { return "" }

// Waits says that the step is over and Enter goes on.
func (p *Player) Waits() bool { return false }

// Progress is how far the learner is.
func (p *Player) Progress() Progress {
	return Progress{ID: p.lesson.ID, Step: p.step, Steps: len(p.lesson.Steps)}
}
