package jobs

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// model is the table's rules said the slow way: plain flags, and everything else
// found by looking at all jobs each time.
type model struct {
	jobs  []*mjob
	known []*mjob
	clock int
}

type mjob struct {
	id                  int
	procs               []Proc
	fg, in, listed, due bool
	state               State
	recent, ended       int
	wasTold             bool
	pid, leader         int
	real                *Job
}

func (m *model) tick() int { m.clock++; return m.clock }

func (m *model) fold(j *mjob) State {
	s := Done
	for _, p := range j.procs {
		if p.State == Running {
			return Running
		}
		if p.State == Stopped {
			s = Stopped
		}
	}
	return s
}

func (m *model) learn(j *mjob) {
	if slices.Contains(m.known, j) {
		return
	}
	m.known = slices.DeleteFunc(m.known, func(k *mjob) bool {
		return k.pid == j.pid || k.pid == j.leader || k.leader == j.pid || k.leader == j.leader
	})
	m.known = append(m.known, j)
}

func (m *model) forget(j *mjob) {
	m.known = slices.DeleteFunc(m.known, func(k *mjob) bool { return k == j })
}

func (m *model) add(j *mjob) {
	j.id = 1
	for _, o := range m.jobs {
		if o.in && o.id >= j.id {
			j.id = o.id + 1
		}
	}
	j.in, j.listed = true, !j.fg
	m.jobs = append(m.jobs, j)
	if !j.fg {
		j.recent = m.tick()
		m.learn(j)
	}
}

func (m *model) update(pid int, c Change) {
	for _, j := range m.jobs {
		for i := range j.procs {
			if j.procs[i].Pid != pid || j.procs[i].State == Done {
				continue
			}
			c.apply(&j.procs[i])
			old := j.state
			j.state = m.fold(j)
			if j.state == old {
				return
			}
			if j.state == Done {
				j.ended = m.tick()
			}
			if !j.in {
				return
			}
			switch j.state {
			case Running:
				j.recent, j.due = m.tick(), false
			case Stopped:
				j.fg, j.listed, j.due, j.recent = false, true, true, m.tick()
				m.learn(j)
			case Done:
				if !j.fg {
					j.due = true
					if old == Stopped {
						j.recent = m.tick()
					}
				}
			}
			return
		}
	}
}

func (m *model) resume(j *mjob, fg bool) {
	if !j.in || j.state == Done {
		return
	}
	for i := range j.procs {
		if j.procs[i].State == Stopped {
			Continued().apply(&j.procs[i])
		}
	}
	j.state, j.due, j.fg, j.listed = Running, false, fg, !fg
	if fg {
		m.forget(j)
		return
	}
	j.recent = m.tick()
	m.learn(j)
}

func (m *model) remove(j *mjob) {
	if j.in {
		j.in, j.listed, j.due, j.wasTold = false, false, false, true
	}
}

func (m *model) waited(j *mjob, interactive bool) {
	m.forget(j)
	if interactive && j.due {
		j.listed = false
		return
	}
	m.remove(j)
}

func (m *model) order() []*mjob {
	var l []*mjob
	for _, j := range m.jobs {
		if j.listed {
			l = append(l, j)
		}
	}
	slices.SortFunc(l, func(a, b *mjob) int {
		if (a.state == Stopped) != (b.state == Stopped) {
			if a.state == Stopped {
				return -1
			}
			return 1
		}
		return b.recent - a.recent
	})
	return l
}

func (m *model) compare(t *Table) error {
	order := m.order()
	at := func(i int) *Job {
		if i < len(order) {
			return order[i].real
		}
		return nil
	}
	if t.Current() != at(0) || t.Previous() != at(1) {
		return fmt.Errorf("current %v and previous %v, want %v and %v", t.Current(), t.Previous(), at(0), at(1))
	}
	var listed, all []*Job
	stopped, running := 0, 0
	for _, j := range m.jobs {
		if j.real.State() != j.state {
			return fmt.Errorf("job %d is %v, want %v", j.id, j.real.State(), j.state)
		}
		if j.real.Changed() != j.due || j.real.Listed() != j.listed || j.real.Foreground != j.fg {
			return fmt.Errorf("job %d: changed, listed, foreground differ", j.id)
		}
		if j.in {
			all = append(all, j.real)
		}
		if j.listed {
			listed = append(listed, j.real)
			switch j.state {
			case Stopped:
				stopped++
			case Running:
				running++
			}
		}
	}
	if !slices.Equal(t.All(), all) || !slices.Equal(t.Listed(), listed) {
		return fmt.Errorf("%d jobs, %d listed, want %d, %d", len(t.All()), len(t.Listed()), len(all), len(listed))
	}
	if t.StoppedJobs() != stopped || t.RunningJobs() != running {
		return fmt.Errorf("%d stopped, %d running, want %d, %d", t.StoppedJobs(), t.RunningJobs(), stopped, running)
	}
	var first *mjob
	for pid := 1; pid <= pids; pid++ {
		var want *mjob
		for _, k := range m.known {
			if k.pid == pid || k.leader == pid {
				want = k
			}
			if k.state == Done && !k.wasTold && (first == nil || k.ended < first.ended) {
				first = k
			}
		}
		r, ok := t.Known(pid)
		if ok != (want != nil) || ok && (r.Job != want.real || r.State != want.state || r.Status != want.real.Status()) {
			return fmt.Errorf("pid %d: known %v, %+v", pid, ok, r)
		}
	}
	if r, ok := t.NextFinished(nil); ok != (first != nil) || ok && r.Job != first.real {
		return fmt.Errorf("the next to have finished: %+v, %v", r, ok)
	}
	return nil
}

// pids is how many process IDs there are in the walk: few, so that they are
// used again.
const pids = 40

func TestWalk(t *testing.T) {
	for seed := range uint64(20) {
		t.Run(fmt.Sprintf("the table keeps its rules, seed %d", seed), func(t *testing.T) {
			walk(t, rand.New(rand.NewPCG(seed, 1)), seed%2 == 0, 2000)
		})
	}
}

func walk(t *testing.T, rnd *rand.Rand, interactive bool, steps int) {
	tab, m := New(), &model{}
	tab.Interactive = interactive
	live := func(pid int) bool {
		for _, j := range m.jobs {
			for _, p := range j.procs {
				if p.Pid == pid && p.State != Done {
					return true
				}
			}
		}
		return false
	}
	pick := func() *mjob {
		var in []*mjob
		for _, j := range m.jobs {
			if j.in {
				in = append(in, j)
			}
		}
		if len(in) == 0 {
			return nil
		}
		return in[rnd.IntN(len(in))]
	}
	for step := range steps {
		what := ""
		switch op := rnd.IntN(20); {
		case op < 4:
			var free []int
			for _, pid := range rnd.Perm(pids)[:1+rnd.IntN(3)] {
				if !live(pid + 1) {
					free = append(free, pid+1)
				}
			}
			if len(free) == 0 {
				continue
			}
			j := &mjob{fg: rnd.IntN(3) == 0, pid: free[len(free)-1], leader: free[0]}
			for _, pid := range free {
				j.procs = append(j.procs, Proc{Pid: pid})
			}
			j.real = background("x", free...)
			j.real.Foreground = j.fg
			what = fmt.Sprintf("add %v, foreground %v", free, j.fg)
			m.add(j)
			tab.Add(j.real)
			if j.real.ID() != j.id {
				t.Fatalf("step %d: %s: number %d, want %d", step, what, j.real.ID(), j.id)
			}
		case op < 13:
			pid := 1 + rnd.IntN(pids)
			c := []Change{Exited(0), Exited(3), KilledBy(9, false), StoppedBy(20), StoppedBy(21), Continued()}[rnd.IntN(6)]
			what = fmt.Sprintf("update %d %+v", pid, c)
			_, ok := tab.Update(pid, c)
			if ok != live(pid) {
				t.Fatalf("step %d: %s: found %v", step, what, ok)
			}
			m.update(pid, c)
		case op < 15:
			if j := pick(); j != nil {
				fg := rnd.IntN(2) == 0
				what = fmt.Sprintf("resume %d, foreground %v", j.id, fg)
				tab.Resume(j.real, fg)
				m.resume(j, fg)
			}
		case op < 16:
			if j := pick(); j != nil {
				what = fmt.Sprintf("remove %d", j.id)
				tab.Remove(j.real)
				m.remove(j)
			}
		case op < 17:
			what = "notices"
			var want, got []*Job
			for _, j := range m.jobs {
				if j.due {
					want = append(want, j.real)
					j.due = false
					if j.state == Done {
						m.remove(j)
					}
				}
			}
			for _, n := range tab.Notices() {
				got = append(got, n.Job)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("step %d: %d notices, want %d", step, len(got), len(want))
			}
		case op < 18:
			what = "listing"
			lines, listed := tab.Listing(Options{}, nil), m.order()
			if len(lines) != len(listed) {
				t.Fatalf("step %d: %d lines, want %d", step, len(lines), len(listed))
			}
			for _, j := range listed {
				j.due = false
				if j.state == Done {
					m.forget(j)
					m.remove(j)
				}
			}
		case op < 19:
			pid := 1 + rnd.IntN(pids)
			what = fmt.Sprintf("forget %d", pid)
			tab.Forget(pid)
			for _, k := range slices.Clone(m.known) {
				if (k.pid == pid || k.leader == pid) && k.state == Done {
					m.waited(k, interactive)
				}
			}
		default:
			if rnd.IntN(4) == 0 {
				what = "forget all that finished"
				tab.ForgetFinished()
				for _, k := range slices.Clone(m.known) {
					if k.state == Done {
						m.waited(k, interactive)
					}
				}
			}
		}
		if err := m.compare(tab); err != nil {
			t.Fatalf("step %d, after %s: %v", step, what, err)
		}
		// What is gone for good is of no more use to the model.
		m.jobs = slices.DeleteFunc(m.jobs, func(j *mjob) bool {
			return !j.in && j.state == Done && !slices.Contains(m.known, j)
		})
	}
}
