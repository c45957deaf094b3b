package check

import (
	"strconv"
	"strings"

	"jsh/event"
)

// over asks a question of each process that an operand means; all of them must
// answer yes. living leaves out those that have ended, unless all have.
func over(w *World, n node, living bool, ask func(about) val) val {
	p := n.eval(w)
	if len(p.who) == 0 {
		if p.known || living && w.Tree != nil { // the tree shows all that live
			return val{truth: False, why: p.why}
		}
		return val{why: p.why}
	}
	who := p.who
	if living && len(who) > 1 {
		var live []about
		for _, a := range who {
			if !a.dead() {
				live = append(live, a)
			}
		}
		if len(live) > 0 {
			who = live
		}
	}
	out := val{truth: True}
	for _, a := range who {
		v := ask(a)
		if v.truth == False {
			return v
		}
		if v.truth == Unknown {
			out = v
		} else if out.why == "" {
			out.why = v.why
		}
	}
	return out
}

// one is the process that an operand means: of a group its leader, or else its
// first member.
func one(w *World, n node, ask func(about) val) val {
	p := n.eval(w)
	if len(p.who) == 0 {
		return val{why: p.why}
	}
	a := p.who[0]
	for _, m := range p.who {
		if m.pid == p.num && p.job {
			a = m
		}
	}
	return ask(a)
}

// last is the process that an operand means: of a group its newest member, whose
// status is the pipeline's.
func last(w *World, n node, ask func(about) val) val {
	p := n.eval(w)
	if len(p.who) == 0 {
		if p.known {
			return val{truth: False, why: p.why}
		}
		return val{why: p.why}
	}
	return ask(p.who[len(p.who)-1])
}

func running(w *World, a []node) val {
	return over(w, a[0], true, func(p about) val {
		if !p.dead() && p.untold() {
			return val{why: "nobody told whether " + p.word() + " is stopped"}
		}
		return val{truth: truth(!p.dead() && !p.held()), why: p.how()}
	})
}

func alive(w *World, a []node) val {
	return over(w, a[0], true, func(p about) val { return val{truth: truth(!p.dead()), why: p.how()} })
}

func stopped(w *World, a []node) val {
	return over(w, a[0], true, func(p about) val {
		if !p.dead() && p.untold() {
			return val{why: "nobody told whether " + p.word() + " is stopped"}
		}
		if !p.held() || len(a) < 2 {
			return val{truth: truth(p.held()), why: p.how()}
		}
		sig := a[1].eval(w).num
		if !p.stopped || p.sig == 0 {
			return val{why: p.how() + "; nobody told by which signal"}
		}
		return val{truth: truth(p.sig == sig), why: p.how()}
	})
}

func ended(w *World, a []node) val {
	return over(w, a[0], false, func(p about) val { return val{truth: truth(p.dead()), why: p.how()} })
}

func exited(w *World, a []node) val {
	return last(w, a[0], func(p about) val {
		switch {
		case !p.dead():
			return val{truth: False, why: p.how()}
		case !p.told:
			return val{why: p.how()}
		case len(a) > 1:
			return val{truth: truth(!p.killed && p.status == a[1].eval(w).num), why: p.how()}
		}
		return val{truth: truth(!p.killed), why: p.how()}
	})
}

func killedBy(w *World, a []node) val {
	sig := a[1].eval(w).num
	return last(w, a[0], func(p about) val {
		switch {
		case !p.dead():
			return val{truth: False, why: p.how()}
		case !p.told:
			return val{why: p.how()}
		}
		return val{truth: truth(p.killed && p.sig == sig), why: p.how()}
	})
}

func foreground(w *World, a []node) val {
	return over(w, a[0], true, func(p about) val { return p.keyboard(true) })
}

func background(w *World, a []node) val {
	return over(w, a[0], true, func(p about) val { return p.keyboard(false) })
}

func (a about) keyboard(want bool) val {
	who := a.word()
	if a.dead() {
		return val{truth: False, why: a.how()}
	}
	if _, tty, ok := a.session(); ok && tty == 0 {
		return val{truth: False, why: who + " has no controlling terminal"}
	}
	fg, own := a.foreground(), a.group()
	switch {
	case fg == 0 || own == 0:
		return val{why: "nobody told which group has the keyboard"}
	case fg == own:
		return val{truth: truth(want), why: who + "'s group has the keyboard"}
	}
	return val{truth: truth(!want), why: who + " is in the background"}
}

func zombie(w *World, a []node) val {
	return last(w, a[0], func(p about) val {
		switch {
		case p.p != nil && p.p.Exited():
			return val{truth: True, why: p.word() + " is a zombie: it has ended and is not reaped"}
		case p.p != nil:
			return val{truth: False, why: p.how()}
		case p.gone || p.w.Tree != nil:
			return val{truth: False, why: p.word() + " has ended and is reaped"}
		case !p.ended:
			return val{truth: False, why: p.how()}
		}
		return val{why: p.how()}
	})
}

func orphaned(w *World, a []node) val {
	return one(w, a[0], func(p about) val {
		switch {
		case p.p == nil || p.p.Group == nil:
			return val{why: "whether a group is orphaned is seen while it lives"}
		case p.p.Group.Orphaned:
			return val{truth: True, why: p.word() + "'s group is orphaned"}
		}
		return val{truth: False, why: p.word() + "'s group is not orphaned"}
	})
}

func adopted(w *World, a []node) val {
	return one(w, a[0], func(p about) val {
		switch {
		case p.p != nil && p.p.Adopted || p.adopted:
			return val{truth: True, why: p.word() + " was adopted by " + strconv.Itoa(p.parent())}
		case p.p != nil:
			return val{truth: False, why: p.word() + " has the parent that forked it"}
		}
		return val{why: p.how()}
	})
}

func leadsGroup(w *World, a []node) val {
	return one(w, a[0], func(p about) val {
		g := p.group()
		if g == 0 {
			return val{why: "nobody told which group " + p.word() + " is in"}
		}
		if g == p.pid {
			return val{truth: True, why: p.word() + " leads its group"}
		}
		return val{truth: False, why: p.word() + " is in group " + strconv.Itoa(g) + ", which it does not lead"}
	})
}

func leadsSession(w *World, a []node) val {
	return one(w, a[0], func(p about) val {
		s, _, ok := p.session()
		if !ok {
			return val{why: "nobody told which session " + p.word() + " is in"}
		}
		if s == p.pid {
			return val{truth: True, why: p.word() + " leads its session"}
		}
		return val{truth: False, why: p.word() + " is in session " + strconv.Itoa(s) + ", which it does not lead"}
	})
}

func number(n int, why string) val {
	return val{known: true, num: n, why: why + " is " + strconv.Itoa(n)}
}

func pid(w *World, a []node) val {
	return one(w, a[0], func(p about) val { return number(p.pid, "the pid of "+p.word()) })
}

func ppid(w *World, a []node) val {
	return one(w, a[0], func(p about) val {
		if n := p.parent(); n != 0 {
			return number(n, "the parent of "+p.word())
		}
		if p.p != nil {
			return val{known: true, none: true, why: p.word() + " has no parent here"}
		}
		return val{why: "nobody told who is the parent of " + p.word()}
	})
}

func pgid(w *World, a []node) val {
	if n, ok := a[0].(*process); ok && strings.HasPrefix(n.word, "%") {
		v := n.eval(w)
		if v.num == 0 {
			return val{why: v.why}
		}
		return number(v.num, "the group of job "+n.word)
	}
	return one(w, a[0], func(p about) val {
		if n := p.group(); n != 0 {
			return number(n, "the group of "+p.word())
		}
		return val{why: "nobody told which group " + p.word() + " is in"}
	})
}

func sid(w *World, a []node) val {
	return one(w, a[0], func(p about) val {
		if n, _, ok := p.session(); ok {
			return number(n, "the session of "+p.word())
		}
		return val{why: "nobody told which session " + p.word() + " is in"}
	})
}

func tty(w *World, a []node) val {
	return one(w, a[0], func(p about) val {
		switch _, dev, ok := p.session(); {
		case !ok:
			return val{why: "nobody told which terminal " + p.word() + " has"}
		case dev == 0 && p.mayHave():
			return val{why: "nobody has looked yet which terminal " + p.word() + " has since it opened a file"}
		case dev == 0:
			return val{known: true, none: true, why: p.word() + " has no controlling terminal"}
		default:
			name := event.TTYName(dev)
			return val{known: true, str: name, why: "the controlling terminal of " + p.word() + " is " + name}
		}
	})
}

func state(w *World, a []node) val {
	return one(w, a[0], func(p about) val {
		s := "running"
		switch {
		case !p.dead() && p.untold():
			return val{why: "nobody told whether " + p.word() + " is stopped"}
		case p.p != nil && p.p.Exited() && !p.gone:
			s = "zombie"
		case p.dead():
			s = "ended"
		case p.held():
			s = "stopped"
		}
		return val{known: true, str: s, why: p.how()}
	})
}

func name(w *World, a []node) val {
	return one(w, a[0], func(p about) val {
		n := p.name()
		if p.p != nil && n == "" {
			n = p.p.Name
		}
		why := strconv.Itoa(p.pid) + " is " + event.Visible(n)
		if of, ok := a[0].(*process); ok && of.n != nil { // of a relation: which one
			if inner := of.n.eval(w).why; inner != "" {
				why = inner + ", " + event.Visible(n)
			}
		}
		return val{known: n != "", str: n, why: why}
	})
}

func job(w *World, a []node) val {
	return one(w, a[0], func(p about) val {
		n := w.story.jobsOf[p.group()]
		if p.p != nil && p.p.Group != nil && n == 0 {
			n = p.p.Group.Job
		}
		if n == 0 {
			return val{known: true, none: true, why: p.word() + " belongs to no job"}
		}
		return number(n, "the job of "+p.word())
	})
}

func count(w *World, a []node) val {
	v := a[0].(*process).all(w)
	if !v.known && w.Tree == nil {
		return val{why: v.why}
	}
	n, called := 0, ""
	if word := a[0].(*process).word; word != "" && word != "*" {
		called = " of " + event.Visible(word)
	}
	for _, p := range v.who {
		if !p.dead() {
			n++
		}
	}
	return val{known: true, num: n, why: "living processes" + called + ": " + strconv.Itoa(n)}
}

func processes(w *World, a []node) val {
	return one(w, a[0], func(p about) val {
		g := p.group()
		if g == 0 {
			return val{why: "nobody told which group " + p.word() + " is in"}
		}
		n := 0
		for _, m := range w.members(g) {
			if !m.dead() {
				n++
			}
		}
		return val{known: true, num: n, why: "group " + strconv.Itoa(g) + " has " + strconv.Itoa(n) + " living processes"}
	})
}

func groupOf(w *World, a []node) val {
	return one(w, a[0], func(p about) val {
		if p.p == nil || p.p.Group == nil || p.p.Group.Letter == "" {
			return val{why: "the picture has no letter for the group of " + p.word()}
		}
		return val{known: true, str: p.p.Group.Letter, why: p.word() + " is in group " + p.p.Group.Letter}
	})
}

func before(w *World, a []node) val {
	x, y := a[0].(*call), a[1].(*call)
	vx, vy := x.eval(w), y.eval(w)
	sx, okx := x.first(w)
	sy, oky := y.first(w)
	switch {
	case okx && oky && sx < sy:
		return val{truth: True, why: vx.why + ", and then " + vy.why}
	case okx && oky && sx > sy:
		if e := y.after(w, sx); e != nil { // it was tried too early, and then once more
			return val{truth: True, why: vx.why + ", and then " + w.tell(e)}
		}
		return val{truth: False, why: vy.why + ", and then " + vx.why}
	case okx && oky:
		return val{truth: False, why: "both are the same event"}
	case vx.truth == Unknown:
		return vx
	case vy.truth == Unknown:
		return vy
	case !okx:
		return vx
	}
	return vy
}

func status(w *World, _ []node) val {
	if w.story.lines == 0 {
		return val{why: "no command line was run yet"}
	}
	return number(w.story.status, "the status of the last command line")
}

func prompt(w *World, _ []node) val {
	if w.story.running && !w.story.aside {
		return val{truth: False, why: "a command line still runs"}
	}
	return val{truth: True, why: "the shell is at its prompt"}
}

func line(w *World, a []node) val {
	text := a[0].eval(w).str
	yes := strings.Join(strings.Fields(w.story.line), " ") == strings.Join(strings.Fields(text), " ")
	return val{truth: truth(yes), why: "the last command line was " + event.Visible(w.story.line)}
}

func each(w *World, a []node) val  { return quantify(w, a, False) }
func anyOf(w *World, a []node) val { return quantify(w, a, True) }

// seen takes what nobody can tell for what is not so.
func seen(w *World, a []node) val {
	v := a[0].eval(w)
	if v.truth == Unknown {
		v.truth = False
	}
	return v
}

// once remembers that a question held. Whoever plays a step evaluates its checks at
// each moment, so none is missed.
func once(w *World, a []node) val {
	key := askedOnce{a[0], w.it}
	if m, ok := w.story.once[key]; ok && m.seq >= w.From {
		return val{truth: True, why: m.why}
	}
	v := a[0].eval(w)
	if v.truth == True {
		m := held{seq: w.From, why: v.why}
		if n := len(w.Events); n > 0 {
			m.seq = max(m.seq, w.Events[n-1].Seq)
		}
		w.story.once[key] = m
	}
	return v
}

// askedOnce is a question of once, of whom it is asked.
type askedOnce struct {
	question node
	it       *life
}

// held is the event up to which the question is known to have held.
type held struct {
	seq uint64
	why string
}

// quantify asks of each process that an operand means until one answers as
// decides says.
func quantify(w *World, a []node, decides Truth) val {
	p := a[0].(*process).all(w)
	if len(p.who) == 0 {
		if p.known {
			return val{truth: False, why: p.why}
		}
		return val{why: p.why}
	}
	out := val{truth: opposite(decides)}
	for _, m := range p.who {
		in := *w
		in.it = m.life
		v := a[1].eval(&in)
		if v.truth == decides {
			return v
		}
		if v.truth == Unknown {
			out = v
		} else if out.why == "" || decides == True && !m.dead() { // of those that live, the newest
			out.why = v.why
		}
	}
	return out
}
