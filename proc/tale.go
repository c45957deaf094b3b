package proc

import (
	"cmp"

	"jsh/event"
)

// tale is what the events say, by pid.
type tale struct {
	started map[int]*event.Event // by the shell or its descendants
	story   map[int]*Proc        // what is told of these, up to date
	spawned map[int]bool         // those of them that the shell started itself
	forker  map[int]int          // of whom the connector told the fork
	shown   map[int]bool         // a file of /proc showed that it came from the shell
	staged  map[int]bool         // StagingName, or started from such a process
	ended   map[int]*event.Event
	halted  map[int]bool // stopped, or continued
	since   int          // index of the last LineBegin, -1 if none
	order   map[int]int  // index of the event that told the end
}

func listen(prev *Tree, s *Snapshot, w World) *tale {
	t := &tale{since: -1}
	if len(w.Events) == 0 {
		return t
	}
	t.started = make(map[int]*event.Event)
	t.story = make(map[int]*Proc)
	t.spawned = make(map[int]bool)
	t.forker = make(map[int]int)
	t.ended = make(map[int]*event.Event)
	t.halted = make(map[int]bool)
	t.order = make(map[int]int)
	t.shown = make(map[int]bool)
	ours := func(pid int) bool {
		if _, ok := t.started[pid]; ok || pid == w.Shell && pid != 0 {
			return true
		}
		if prev == nil {
			return false
		}
		p := prev.Process(pid)
		return p != nil && p.Ours
	}
	for i := range w.Events {
		e := &w.Events[i]
		switch e.Kind {
		case event.LineBegin:
			t.since = i
		case event.Stopped, event.Continued:
			t.halted[e.Pid] = e.Kind == event.Stopped
		case event.Spawn:
			if e.Errno == 0 && e.Pid > 0 {
				t.start(e, s)
			}
		case event.Seen:
			if e.Source == event.Connector || e.Source == event.Tracer && e.Path == "" {
				t.forker[e.Pid] = e.PPid
			}
			if e.Source == event.Proc && e.Path != "" {
				t.shown[e.Pid] = true
			}
			if ours(e.PPid) || t.shown[e.Pid] {
				if _, known := t.started[e.Pid]; !known || e.Source == event.Connector {
					t.start(e, s)
				}
			}
			t.stage(e.Pid, e.Text == StagingName || t.staged[e.PPid] || prev != nil && prev.staged(e.PPid))
		case event.Exited, event.Killed:
			// The kernel's word comes first, the shell's wait later; they agree.
			if t.ended[e.Pid] == nil || t.ended[e.Pid].Kind == event.Gone {
				t.ended[e.Pid], t.order[e.Pid] = e, i
			}
		case event.Gone:
			if t.ended[e.Pid] == nil {
				t.ended[e.Pid], t.order[e.Pid] = e, i
			}
		case event.Moved, event.SetPgid, event.Exec, event.Named:
			t.retell(e, prev)
			t.stage(e.Pid, e.Kind == event.Named && e.Text == StagingName)
		}
	}
	return t
}

// start notes that e began a process of the shell's.
func (t *tale) start(e *event.Event, s *Snapshot) {
	p := t.story[e.Pid]
	_, over := t.ended[e.Pid]
	if p != nil && e.Kind == event.Spawn && t.forker[e.Pid] != 0 {
		over = false // the kernel told of this fork, and perhaps of its end, before the shell did
	}
	if p == nil || over || t.started[e.Pid] == nil {
		p = &Proc{Pid: e.Pid, born: s.ticks(e.At)}
		t.story[e.Pid] = p
		t.started[e.Pid] = e
	}
	if over {
		delete(t.ended, e.Pid) // the number is in use again
		delete(t.order, e.Pid)
	}
	if e.Kind == event.Spawn {
		t.spawned[e.Pid] = true
		p.Name = nameOf(e)
		if e.Pgid != 0 {
			p.Pgid = e.Pgid
		}
		return
	}
	p.PPid, p.Pgid, p.Sid, p.TTY, p.Name = e.PPid, e.Pgid, e.Sid, e.TTY, e.Text
}

// correct gives a process that is no longer there its last place and name. A
// snapshot may have caught it between fork and execve, still in the shell's group
// and under the shell's name.
func (t *tale) correct(p *Proc) {
	story := t.story[p.Pid]
	switch {
	case story == nil:
	case t.spawned[p.Pid]:
		p.Name, p.Pgid = cmp.Or(story.Name, p.Name), cmp.Or(story.Pgid, p.Pgid)
	case t.started[p.Pid] == nil: // the story goes on from the tree before
		p.Name, p.Pgid, p.Sid, p.TTY = story.Name, story.Pgid, story.Sid, story.TTY
	}
}

// retell keeps a story up to date, and goes on with that of a process of ours
// which the tree before knew. What is older than that tree's snapshot is in it.
func (t *tale) retell(e *event.Event, prev *Tree) {
	if e.Errno != 0 {
		return
	}
	p := t.story[e.Pid]
	if p == nil {
		if prev == nil || e.At != 0 && e.At < prev.At {
			return
		}
		old := prev.Process(e.Pid)
		if old == nil || !old.Ours {
			return
		}
		known := old.Proc
		p = &known
		t.story[e.Pid] = p
	}
	switch e.Kind {
	case event.Moved:
		p.PPid, p.Pgid, p.Sid, p.TTY = e.PPid, e.Pgid, e.Sid, e.TTY
	case event.SetPgid:
		p.Pgid = e.Pgid
	default:
		if name := nameOf(e); name != "" {
			p.Name = name
		}
	}
}

func (t *tale) stage(pid int, on bool) {
	if !on {
		return
	}
	if t.staged == nil {
		t.staged = make(map[int]bool)
	}
	t.staged[pid] = true
}

// staged says so of a process that lives or has just ended.
func (t *Tree) staged(pid int) bool {
	p := t.Process(pid)
	return p != nil && p.staged
}

// has says that the tale tells of p's start, and of no end but one that p, a
// zombie, is still there to prove.
func (t *tale) has(p *Process) bool {
	return t.started[p.Pid] != nil && (t.ended[p.Pid] == nil || p.Exited())
}
