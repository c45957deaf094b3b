package check

import (
	"go/token"
	"strconv"
	"strings"

	"jsh/event"
)

type constant struct {
	k kind
	v val
}

func (n *constant) kind() kind            { return n.k }
func (n *constant) eval(*World) val       { return n.v }
func (n *constant) proved(Sources) string { return "" }

type not struct{ x node }

func (n *not) kind() kind                 { return kBool }
func (n *not) proved(have Sources) string { return n.x.proved(have) }
func (n *not) eval(w *World) val {
	v := n.x.eval(w)
	v.truth = opposite(v.truth)
	return v
}

// pair are the two sides of an operator.
type pair struct{ a, b node }

func (n *pair) proved(have Sources) string {
	if m := n.a.proved(have); m != "" {
		return m
	}
	return n.b.proved(have)
}

// joined is the evidence of two sides as one.
func joined(a, b, between string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + between + b
}

// both is && or ||, in Kleene's three values.
type both struct {
	pair
	and bool
}

func (n *both) kind() kind { return kBool }

func (n *both) eval(w *World) val {
	a, b := n.a.eval(w), n.b.eval(w)
	decides := False
	if !n.and {
		decides = True
	}
	switch {
	case a.truth == decides:
		return a
	case b.truth == decides:
		return b
	case a.truth == Unknown:
		return a
	case b.truth == Unknown:
		return b
	}
	if b.why == a.why {
		return a
	}
	return val{truth: a.truth, why: joined(a.why, b.why, "; ")}
}

type compare struct {
	pair
	op token.Token
}

func (n *compare) kind() kind { return kBool }

func (n *compare) eval(w *World) val {
	a, b := n.a.eval(w), n.b.eval(w)
	why := a.why
	if _, fixed := n.b.(*constant); !fixed {
		why = joined(why, b.why, ", ")
	}
	if !a.known || !b.known {
		if a.known {
			why = b.why
		} else {
			why = a.why
		}
		return val{why: why}
	}
	yes := false
	switch {
	case n.op == token.EQL || n.op == token.NEQ:
		yes = a.none == b.none && (a.none || a.num == b.num && a.str == b.str)
		if n.op == token.NEQ {
			yes = !yes
		}
	case a.none || b.none:
	case n.op == token.LSS:
		yes = a.num < b.num
	case n.op == token.LEQ:
		yes = a.num <= b.num
	case n.op == token.GTR:
		yes = a.num > b.num
	default:
		yes = a.num >= b.num
	}
	return val{truth: truth(yes), why: why}
}

type sum struct {
	pair
	minus bool
}

func (n *sum) kind() kind { return kNum }

func (n *sum) eval(w *World) val {
	a, b := n.a.eval(w), n.b.eval(w)
	if !a.known || a.none {
		return val{why: a.why}
	}
	if !b.known || b.none {
		return val{why: b.why}
	}
	if n.minus {
		b.num = -b.num
	}
	return val{known: true, num: a.num + b.num, why: a.why}
}

func opposite(t Truth) Truth {
	switch t {
	case True:
		return False
	case False:
		return True
	}
	return Unknown
}

func truth(yes bool) Truth {
	if yes {
		return True
	}
	return False
}

// process is an operand that names processes: a word in quotes, it, shell, a pid
// or a predicate whose value is a pid.
type process struct {
	word string // "": n is its pid
	n    node
}

func (n *process) kind() kind { return kProc }
func (n *process) proved(have Sources) string {
	if n.n != nil {
		return n.n.proved(have)
	}
	return ""
}

func (n *process) eval(w *World) val {
	switch {
	case n.word == "it":
		if w.it == nil {
			return val{why: "nobody is meant by it here"}
		}
		return val{known: true, who: []about{w.with(w.it)}}
	case n.word == "":
		v := n.n.eval(w)
		if !v.known || v.none {
			return val{why: v.why}
		}
		l := w.byPid(v.num)
		if l == nil {
			return val{known: w.Tree != nil, why: "there is no process " + strconv.Itoa(v.num)}
		}
		return val{known: true, who: []about{w.with(l)}}
	case strings.HasPrefix(n.word, "%"):
		pgid, ok := w.job(n.word)
		if !ok {
			return val{known: w.surely(), why: "there is no job " + n.word, job: true}
		}
		return val{known: true, who: w.members(pgid), job: true, num: pgid, why: "job " + n.word + " has no processes"}
	}
	who := w.named(n.word)
	if len(who) == 0 {
		return val{known: w.surely(), why: w.nobody(n.word)}
	}
	return val{known: true, who: who[len(who)-1:]}
}

// all are the processes of an operand within each, any and count: of a name not
// only the newest.
func (n *process) all(w *World) val {
	if n.word == "" || n.word == "it" || n.word == "shell" || strings.HasPrefix(n.word, "%") {
		return n.eval(w)
	}
	who := w.named(n.word)
	return val{known: len(who) > 0 || w.surely(), who: who, why: w.nobody(n.word)}
}

// nobody is the sentence for a name that means no process.
func (w *World) nobody(word string) string {
	if word == "*" {
		return "nothing was started"
	}
	why := "no process " + event.Visible(word) + " was seen since the lesson began"
	if !w.surely() {
		why += "; not everything was seen"
	}
	return why
}

// surely says that what was not told did not happen: nothing was missed since the
// step began. Who came before and lives is in the tree, and who has ended is not asked
// about.
func (w *World) surely() bool { return w.story.gap == 0 || w.story.gap < w.From }
