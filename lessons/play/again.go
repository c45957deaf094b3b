package play

import "jsh/lessons/check"

// A lesson is played once more from a recording, to see whether it went as the log
// says. /proc is gone by then, so the host may know of a step that is over though
// nothing proves it.

// Standing is what the step's checks say of what was seen: false where one of them
// is, true where all are; why is the evidence of the one that decides.
func (p *Player) Standing() (t check.Truth, why string) {
	if p.phase == over {
		return check.True, ""
	}
	if p.phase != doing || p.world == nil || len(p.now.checks) == 0 {
		return check.Unknown, "nothing is known of it"
	}
	t = check.True
	for _, e := range p.now.checks {
		if e == nil {
			return check.Unknown, "the lesson's expression cannot be read"
		}
		p.world.From = p.from
		switch v := e.Eval(p.world); v.Truth {
		case check.False:
			return check.False, v.Explain()
		case check.Unknown:
			t, why = check.Unknown, v.Explain()
		}
	}
	return t, why
}

// Beyond says that the step's checks ask what none of those who told can know.
func (p *Player) Beyond() bool {
	for _, e := range p.now.checks {
		if e == nil {
			return true
		}
		if p.world != nil {
			if _, ok := e.ProvedBy(p.world.Sources); !ok {
				return true
			}
		}
	}
	return false
}

// Accept ends step i on the host's word, and enters it first if the learner is
// elsewhere by what was seen. What was predicted gets its grade where that can be
// measured.
func (p *Player) Accept(i int) {
	p.Rejoin(i)
	if p.phase != over && p.phase != left && p.world != nil {
		p.pass(p.world, p.world)
	}
}

// Rejoin enters step i if the learner is elsewhere by what was seen.
func (p *Player) Rejoin(i int) {
	if p.phase == left || i == p.step || i < 0 || i >= len(p.lesson.Steps) {
		return
	}
	p.enter(i)
	p.waiting = false
}

// At is the index of the step.
func (p *Player) At() int { return p.step }

// HeldIn says whether the step's checks hold in an earlier world of the same log:
// who decided at the time had not heard yet what came a moment later.
func (p *Player) HeldIn(seen *check.World) bool {
	if p.phase != doing {
		return false
	}
	w := seen.Since(max(p.base, p.origin))
	w.From = p.from
	return p.holds(w)
}
