package play

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"jsh/lessons/check"
	"jsh/lessons/page"
)

// result is the kernel's answer beside the learner's.
type result struct {
	right      bool
	stored     bool               // it is the file's, not the kernel's
	truth      answer             // what is right
	each       []verdict          // by option or item
	pids       map[string]int     // of those that the prediction is about, as they are marked in the picture
	about      map[string]verdict // of the same
	says       string             // the answer in a few words
	evidence   []string
	unmeasured string // why there is no grade
}

// verdict is how the learner's word on one item was.
type verdict uint8

const (
	untold verdict = iota // nobody measured it
	right
	wrong
)

// grade compares the learner's answer with what w says.
func (p *Player) grade(q *page.Predict, w *check.World) *result {
	r := &result{truth: blank(q), each: make([]verdict, max(len(q.Options), len(q.Items))), pids: map[string]int{}, about: map[string]verdict{}}
	if !q.Measured() {
		r.stored = true
		if a, err := read(q, strings.Fields(q.Stored)); err == nil {
			r.truth = a
			r.compare(q, &p.answer)
		} else {
			r.unmeasured = "the lesson's own answer cannot be read: " + err.Error()
		}
		return r
	}
	switch q.Kind {
	case page.Choice:
		p.gradeChoice(r, q, w)
	case page.Many, page.Marks:
		p.gradeMarks(r, q, w)
	case page.Number:
		p.gradeNumber(r, w)
	case page.Order:
		p.gradeOrder(r, q, w)
	}
	if r.unmeasured == "" {
		r.compare(q, &p.answer)
		p.gradeMarked(r, q, w)
	}
	return r
}

// gradeMarked says for each process that the prediction is about whether the
// learner was right about it.
func (p *Player) gradeMarked(r *result, q *page.Predict, w *check.World) {
	if q.Kind == page.Marks {
		for i, o := range q.Items {
			r.about[o.Key] = r.each[i]
		}
		return
	}
	says := func(a *answer, name string) bool {
		for i, o := range q.Options {
			if a.picked[i] && slices.Contains(o.Who, name) {
				return true
			}
		}
		return false
	}
	for _, name := range q.About() {
		r.pids[name], r.about[name] = w.LastPid(name), wrong
		if says(&r.truth, name) == says(&p.answer, name) {
			r.about[name] = right
		}
	}
}

// compare says whether a is right. Of a single choice any option that is true is.
func (r *result) compare(q *page.Predict, a *answer) {
	r.right = true
	switch q.Kind {
	case page.Number:
		r.right = a.number == r.truth.number
	case page.Order:
		r.right = slices.Equal(a.order, r.truth.order)
		for place, i := range a.order {
			r.each[i] = wrong
			if place < len(r.truth.order) && r.truth.order[place] == i {
				r.each[i] = right
			}
		}
	case page.Choice:
		r.right = false
		for i, yes := range r.truth.picked {
			switch {
			case yes:
				r.each[i] = right
				r.right = r.right || a.picked[i]
			case a.picked[i]:
				r.each[i] = wrong
			}
		}
	default:
		for i, yes := range r.truth.picked {
			if q.Measured() && r.each[i] == untold {
				continue // not measured
			}
			r.each[i] = right
			if yes != a.picked[i] {
				r.each[i], r.right = wrong, false
			}
		}
	}
	r.says = r.truth.words(q)
}

func (p *Player) gradeChoice(r *result, q *page.Predict, w *check.World) {
	unknown, found := "", false
	for i, e := range p.now.options {
		if e == nil {
			continue
		}
		switch v := e.Eval(w); v.Truth {
		case check.True:
			r.truth.picked[i] = true
			found = true
			if v.Why != "" {
				r.evidence = append(r.evidence, v.Why)
			}
		case check.Unknown:
			unknown = v.Why
		}
	}
	switch {
	case found:
	case unknown != "":
		r.unmeasured = unknown
	default:
		r.unmeasured = "what happened is none of " + keys(q.Options)
	}
}

func (p *Player) gradeMarks(r *result, q *page.Predict, w *check.World) {
	list, exprs := q.Options, p.now.options
	if q.Kind == page.Marks {
		list = q.Items
	}
	known, unknown := 0, ""
	for i := range list {
		var v check.Verdict
		if q.Kind == page.Marks {
			if p.now.value != nil {
				v, r.pids[list[i].Key] = p.now.value.EvalNamed(w, list[i].Key)
			}
		} else if exprs[i] != nil {
			v = exprs[i].Eval(w)
		}
		if v.Truth == check.Unknown {
			unknown = cmp.Or(v.Why, unknown)
			continue
		}
		known++
		r.each[i] = right // by now: measured
		r.truth.picked[i] = v.Truth == check.True
		if r.truth.picked[i] != p.answer.picked[i] && v.Why != "" {
			r.evidence = append(r.evidence, v.Why)
		}
	}
	if known == 0 || known < len(list) && q.Kind == page.Many {
		r.unmeasured = cmp.Or(unknown, "nobody could see it")
	}
}

func (p *Player) gradeNumber(r *result, w *check.World) {
	if p.now.value == nil {
		r.unmeasured = "the lesson's expression cannot be read"
		return
	}
	v := p.now.value.Eval(w)
	n, ok := v.Value.(int)
	if !ok {
		r.unmeasured = cmp.Or(v.Why, "nobody could count")
		return
	}
	r.truth.number = num(n)
	r.evidence = append(r.evidence, v.Why)
}

func (p *Player) gradeOrder(r *result, q *page.Predict, w *check.World) {
	type place struct {
		item int
		seq  uint64
	}
	var places []place
	for i, e := range p.now.items {
		if e == nil {
			r.unmeasured = "the lesson's expression cannot be read"
			return
		}
		seq, ok := e.First(w)
		if !ok {
			r.unmeasured = fmt.Sprintf("%s was not seen", q.Items[i].Key)
			return
		}
		places = append(places, place{i, seq})
	}
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Compare(a.seq, b.seq) })
	for _, pl := range places {
		r.truth.order = append(r.truth.order, pl.item)
	}
}
