package homework

import (
	"cmp"
	"slices"
	"strings"

	"jsh/event"
)

// A log has times in nanoseconds. How long somebody thought between two of his
// command lines is so long a number that two logs have it in common by copying only,
// also where all times were moved.

// Copy is a lesson of which two learners handed in the same log.
type Copy struct {
	Lesson   string    `json:"lesson"`
	Learners [2]string `json:"learners"`
	Same     int       `json:"same"` // pauses that are equal to the nanosecond
	Of       int       `json:"of"`   // in the shorter of both
}

// Pauses are the times between what a learner did, by lesson.
type Pauses map[string]map[int64]bool

// shortest is how long a pause must be to count: shorter ones come from the machine,
// and might be equal by chance.
const shortest = 10e6

// PausesOf takes them from a log.
func PausesOf(l *Log) Pauses {
	all := Pauses{}
	id, last := "", int64(0)
	for i := range l.Events {
		e := &l.Events[i]
		told := e.Kind == event.Told && e.Source == event.Lesson
		if told {
			if begun, _, _, ok := begins(e.Text); ok {
				id, last = begun, e.At
				if !strings.ContainsAny(id, ":/") && all[id] == nil {
					all[id] = map[int64]bool{}
				}
				continue
			}
		}
		if all[id] == nil || !told && e.Kind != event.LineBegin {
			continue
		}
		if e.At-last >= shortest {
			all[id][e.At-last] = true
		}
		last = e.At
	}
	return all
}

// add makes p hold those of q, too.
func (p Pauses) add(q Pauses) {
	for id, set := range q {
		if p[id] == nil {
			p[id] = map[int64]bool{}
		}
		for d := range set {
			p[id][d] = true
		}
	}
}

// within says that all of p is in q: the same log, or a later state of it.
func (p Pauses) within(q Pauses) bool {
	n := 0
	for id, set := range p {
		for d := range set {
			if !q[id][d] {
				return false
			}
			n++
		}
	}
	return n > 0
}

// Unique leaves out what is in another of the same learner's logs as well: whoever
// hands in twice hands in the older lessons again.
func Unique(logs []*Log) (list []*Log) {
	pauses := make([]Pauses, len(logs))
	for i, l := range logs {
		pauses[i] = PausesOf(l)
	}
	for i, l := range logs {
		again := false
		for k := range logs {
			if k != i && pauses[i].within(pauses[k]) && (k < i || !pauses[k].within(pauses[i])) {
				again = true
			}
		}
		if !again {
			list = append(list, l)
		}
	}
	return list
}

// Copies finds who handed in another's log.
func Copies(class []Learner) (list []Copy) {
	type where struct {
		lesson string
		pause  int64
	}
	has := map[where][]int{}
	for i := range class {
		for id, set := range class[i].Pauses {
			for d := range set {
				has[where{id, d}] = append(has[where{id, d}], i)
			}
		}
	}
	type pair struct {
		lesson string
		a, b   int
	}
	same := map[pair]int{}
	for w, who := range has {
		for i := range who {
			for k := i + 1; k < len(who); k++ {
				same[pair{w.lesson, min(who[i], who[k]), max(who[i], who[k])}]++
			}
		}
	}
	for p, n := range same {
		of := min(len(class[p.a].Pauses[p.lesson]), len(class[p.b].Pauses[p.lesson]))
		if n == of || n >= 3 && 3*n >= of {
			list = append(list, Copy{p.lesson, [2]string{class[p.a].Name, class[p.b].Name}, n, of})
		}
	}
	slices.SortFunc(list, func(a, b Copy) int {
		return cmp.Or(cmp.Compare(a.Learners[0], b.Learners[0]), cmp.Compare(a.Learners[1], b.Learners[1]), cmp.Compare(a.Lesson, b.Lesson))
	})
	return list
}

// group are learners with one log among them.
type group struct {
	lesson   string
	names    []string
	same, of int // of the pair that has least in common
}

// together makes groups of pairs.
func together(copies []Copy) (groups []*group) {
	for _, c := range copies {
		var with *group
		for _, g := range groups {
			if g.lesson == c.Lesson && (slices.Contains(g.names, c.Learners[0]) || slices.Contains(g.names, c.Learners[1])) {
				with = g
				break
			}
		}
		if with == nil {
			with = &group{lesson: c.Lesson, same: c.Same, of: c.Of}
			groups = append(groups, with)
		}
		for _, name := range c.Learners {
			if !slices.Contains(with.names, name) {
				with.names = append(with.names, name)
			}
		}
		if c.Same*with.of < with.same*c.Of {
			with.same, with.of = c.Same, c.Of
		}
	}
	return groups
}
