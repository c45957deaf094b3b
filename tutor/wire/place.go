package wire

import (
	"strconv"
	"strings"
)

// Place is where a learner is in a lesson. The tutor puts it into the log, as the
// text of a Told event, whenever it changes.
type Place struct {
	Step  int  // from 1
	Done  bool // the step is over, Enter goes on
	Wrong int  // tries so far that had an answer of their own
	Asked int  // predictions so far that were graded
	Right int  // of these
	End   bool // the lesson is over
}

const (
	placeHead  = "at step "
	placeEnd   = "at the end"
	placeDone  = ", done"
	placeWrong = ", wrong "
	placeRight = ", right "
)

func (p Place) String() string {
	s := placeEnd
	if !p.End {
		s = placeHead + strconv.Itoa(p.Step)
	}
	if p.Asked > 0 {
		s += placeRight + strconv.Itoa(p.Right) + "/" + strconv.Itoa(p.Asked)
	}
	if p.Wrong > 0 {
		s += placeWrong + strconv.Itoa(p.Wrong)
	}
	if p.Done {
		s += placeDone
	}
	return s
}

// ParsePlace reads what String made.
func ParsePlace(s string) (p Place, ok bool) {
	var bad bool
	number := func(s string) int {
		n, err := strconv.Atoi(s)
		bad = bad || err != nil || n < 0
		return n
	}
	s, p.Done = strings.CutSuffix(s, placeDone)
	s, wrong, has := strings.Cut(s, placeWrong)
	if has {
		p.Wrong = number(wrong)
	}
	s, grade, has := strings.Cut(s, placeRight)
	if has {
		right, asked, _ := strings.Cut(grade, "/")
		p.Right, p.Asked = number(right), number(asked)
	}
	if s == placeEnd {
		p.End = true
		return p, !bad
	}
	s, ok = strings.CutPrefix(s, placeHead)
	p.Step = number(s)
	return p, ok && !bad && p.Step > 0
}
