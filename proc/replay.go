package proc

import (
	"cmp"
	"maps"
	"slices"

	"jsh/event"
)

// patch is a snapshot as events that came after it changed it: what is known
// between two looks at /proc. Neither s nor w is changed. An event that is
// older than the snapshot changes nothing: /proc was read after it. Stops are told
// by those alone who wait for the process, and count in any case.
type patch struct {
	base *Snapshot
	over map[int]*Proc // nil: it is gone
	fg   map[int]int   // terminal → foreground group
	at   int64
}

func replay(s *Snapshot, w World) (*Snapshot, World) {
	if len(w.Events) == 0 {
		return s, w
	}
	p := &patch{base: s, over: make(map[int]*Proc), fg: make(map[int]int), at: s.At}
	for i := range w.Events {
		e := &w.Events[i]
		if e.At != 0 && e.At < s.At && e.Kind != event.Stopped && e.Kind != event.Continued {
			continue
		}
		p.at = max(p.at, e.At)
		p.apply(e, w.Shell)
	}
	w.Jobs = jobsAfter(w)
	return p.merge(), w
}

// find is the process as it is by now, nil if it is not there. It may be read
// only; touch gives one to write.
func (p *patch) find(pid int) *Proc {
	if q, ok := p.over[pid]; ok {
		return q
	}
	return p.base.Find(pid)
}

func (p *patch) touch(pid int) *Proc {
	q := p.find(pid)
	if q == nil {
		return nil
	}
	if _, ok := p.over[pid]; !ok {
		c := *q
		q = &c
		p.over[pid] = q
	}
	return q
}

func (p *patch) apply(e *event.Event, shell int) {
	switch e.Kind {
	case event.Seen:
		q := p.born(e, p.find(e.PPid))
		// The shell may have told of its start, and of its stop, before it was found.
		if old := p.find(e.Pid); old != nil && !old.Exited() && old.PPid == q.PPid {
			q.State, q.Threads, q.Waits, q.Start, q.born = old.State, old.Threads, old.Waits, old.Start, old.born
		}
		p.over[e.Pid] = q
	case event.Spawn:
		p.spawn(e, shell)
	case event.Moved:
		if q := p.touch(e.Pid); q != nil {
			q.PPid, q.Pgid, q.Sid, q.TTY = e.PPid, e.Pgid, e.Sid, e.TTY
			if q.TTY == 0 {
				q.Tpgid = -1
			}
		}
	case event.SetPgid:
		if q := p.touch(e.Pid); q != nil && e.Errno == 0 {
			q.Pgid = e.Pgid
		}
	case event.Exec, event.Named:
		if q := p.touch(e.Pid); q != nil && e.Errno == 0 {
			if name := nameOf(e); name != "" {
				q.Name = name
			}
		}
	case event.Stopped:
		if q := p.touch(e.Pid); q != nil {
			q.State, q.Waits = 'T', ""
		}
	case event.Continued:
		if q := p.touch(e.Pid); q != nil {
			q.State = 'S'
		}
	case event.Exited, event.Killed:
		if e.Source == event.Shell {
			p.over[e.Pid] = nil // wait reaped it
		} else if q := p.touch(e.Pid); q != nil {
			q.State, q.Threads, q.Waits = 'Z', 0, ""
		}
	case event.Gone:
		p.over[e.Pid] = nil
	case event.SetFg:
		if q := p.find(shell); q != nil && e.Errno == 0 && q.TTY != 0 {
			p.fg[q.TTY] = e.Pgid
		}
	case event.Fg:
		p.fg[e.TTY] = e.Pgid
	}
}

// jobsAfter is w's job table with what its events told. w is not changed.
func jobsAfter(w World) map[int]int {
	jobs, own := w.Jobs, false
	for i := range w.Events {
		e := &w.Events[i]
		if e.Kind != event.JobNew && e.Kind != event.JobGone {
			continue
		}
		if !own {
			if jobs, own = maps.Clone(jobs), true; jobs == nil {
				jobs = make(map[int]int)
			}
		}
		if e.Kind == event.JobNew {
			jobs[e.Pgid] = e.Job
		} else {
			maps.DeleteFunc(jobs, func(_, job int) bool { return job == e.Job })
		}
	}
	return jobs
}

// born is a process that an event told of. What the event does not say it has
// from its parent, as fork(2) gives it.
func (p *patch) born(e *event.Event, parent *Proc) *Proc {
	q := &Proc{Pid: e.Pid, PPid: e.PPid, Pgid: e.Pgid, Sid: e.Sid, TTY: e.TTY, Tpgid: -1, Name: e.Text, State: 'S', Threads: 1, born: p.base.ticks(e.At)}
	if parent != nil {
		if q.Sid == 0 {
			q.Pgid, q.Sid, q.TTY = parent.Pgid, parent.Sid, parent.TTY
		}
		if q.TTY == parent.TTY {
			q.Tpgid = parent.Tpgid
		}
		if q.Name == "" {
			q.Name = parent.Name
		}
	}
	return q
}

func (p *patch) spawn(e *event.Event, shell int) {
	if e.Errno != 0 || e.Pid <= 0 {
		return
	}
	q := p.touch(e.Pid)
	if q == nil {
		if _, over := p.over[e.Pid]; over {
			return // another source told of its end before the shell told of its start
		}
		seen := *e
		seen.PPid, seen.Text = shell, ""
		q = p.born(&seen, p.find(shell))
		p.over[e.Pid] = q
	}
	if name := nameOf(e); name != "" {
		q.Name = name
	}
	if e.Pgid != 0 {
		q.Pgid = e.Pgid
	}
	if e.Fg && q.TTY != 0 && e.Pgid != 0 {
		p.fg[q.TTY] = e.Pgid
	}
}

// nameOf is the name that a program's file gives a process, cut as the kernel
// cuts it (TASK_COMM_LEN in linux/sched.h).
func nameOf(e *event.Event) string {
	name := e.Text
	if e.Path != "" {
		name = e.Started()
	}
	return name[:min(len(name), 15)]
}

// merge makes one sorted snapshot of the base and what was changed.
func (p *patch) merge() *Snapshot {
	s := &Snapshot{At: p.at, Took: p.base.Took, Denied: p.base.Denied, slept: p.base.slept}
	s.Procs = make([]Proc, 0, len(p.base.Procs)+len(p.over))
	for i := range p.base.Procs {
		if _, ok := p.over[p.base.Procs[i].Pid]; !ok {
			s.Procs = append(s.Procs, p.base.Procs[i])
		}
	}
	for _, q := range p.over {
		if q != nil {
			s.Procs = append(s.Procs, *q)
		}
	}
	slices.SortFunc(s.Procs, func(a, b Proc) int { return cmp.Compare(a.Pid, b.Pid) })
	if len(p.fg) > 0 {
		for i := range s.Procs {
			if pgid, ok := p.fg[s.Procs[i].TTY]; ok && s.Procs[i].TTY != 0 {
				s.Procs[i].Tpgid = pgid
			}
		}
	}
	return s
}
