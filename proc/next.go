package proc

import (
	"cmp"
	"slices"

	"jsh/event"
)

// World is what a tree needs to know besides the snapshot.
type World struct {
	Shell    int           // pid of the shell whose picture it is; 0 is none
	Jobs     map[int]int   // pgid → the shell's job number
	Plumbing []int         // pids that serve the shell or the picture
	Events   []event.Event // what happened since the previous tree, in order
	// Ours are pids that are known to have come from the shell, for a log that
	// begins in the middle: its first snapshot does not tell it of a daemon.
	Ours []int
}

// TracerName is how the processes of the command trace call themselves
// (PR_SET_NAME): nobody can list them for World, since the tracer is nobody's child.
const TracerName = "jsh: tracer"

// PuppetsName is how the process that forks puppets calls itself, for the same
// reason.
const PuppetsName = "jsh: puppets"

func (w *World) plumbing(pid int, name string) bool {
	return name == TracerName || name == PuppetsName || slices.Contains(w.Plumbing, pid)
}

// Next folds a snapshot into the tree. prev, the tree before it, may be nil;
// it is not changed, and neither is s. What one snapshot cannot say comes from
// prev and the events: who was adopted, what was started from the shell and
// has left its session since, how a process ended.
//
// A process that has ended stays in the tree as Gone until a LineBegin event:
// one command line is one episode.
func Next(prev *Tree, s *Snapshot, w World) *Tree {
	t := &Tree{
		At:      s.At,
		live:    make([]Process, len(s.Procs)),
		founder: make(map[int]bool),
	}
	all := make([]*Process, len(s.Procs), len(s.Procs)+8)
	for i := range s.Procs {
		t.live[i].Proc = s.Procs[i]
		all[i] = &t.live[i]
	}
	for _, p := range all {
		if p.PPid != p.Pid {
			p.Parent = t.Process(p.PPid)
		}
		p.Plumbing = w.plumbing(p.Pid, p.Name)
	}
	t.Shell = t.Process(w.Shell)

	tale := listen(prev, s, w)
	t.remember(prev, all, tale)
	for _, pid := range w.Ours {
		if p := t.Process(pid); p != nil {
			p.Ours = true
		}
	}
	t.claim(prev, all, tale)
	for _, p := range all {
		t.adoption(p)
	}
	all = append(all, t.departed(prev, tale, w)...)
	arrange(t, prev, all, w.Jobs)
	t.nameGroups(prev)
	return t
}

// remember carries over what the tree before knew of the same processes.
func (t *Tree) remember(prev *Tree, all []*Process, tale *tale) {
	for _, p := range all {
		var old *Process
		if prev != nil {
			old = prev.Process(p.Pid)
		}
		if old != nil && same(old.ID(), p.ID()) {
			p.Ours, p.Adopted, p.Forker, p.forker = old.Ours, old.Adopted, old.Forker, old.forker
			if p.forker == (ID{}) && p.Parent != nil && !p.Adopted {
				p.Forker, p.forker = p.PPid, p.Parent.ID()
			}
			continue
		}
		switch {
		case tale.forker[p.Pid] != 0:
			p.Forker = tale.forker[p.Pid]
			p.forker = ID{Pid: p.Forker}
			if p.Parent != nil && p.PPid == p.Forker {
				p.forker = p.Parent.ID()
			}
		case p.Parent != nil:
			p.Forker, p.forker = p.PPid, p.Parent.ID()
		}
	}
}

// claim marks what was started from the shell: the shell, children of such,
// and members of a group or session that such a process founded. The last rule
// finds a daemon whose parents all ended between two snapshots. It holds
// because the kernel does not use a pid again while a group or session has
// that number.
func (t *Tree) claim(prev *Tree, all []*Process, tale *tale) {
	founder := make(map[int]bool)
	if prev != nil {
		for pid := range prev.founder {
			founder[pid] = true
		}
	}
	for pid := range tale.started {
		founder[pid] = true
	}
	for pid := range founder {
		p := t.Process(pid)
		if p == nil || tale.alive(pid) {
			continue
		}
		if prev == nil || prev.Process(pid) == nil || !same(prev.Process(pid).ID(), p.ID()) {
			delete(founder, pid) // the number is somebody else's by now
		}
	}
	if t.Shell != nil {
		t.Shell.Ours = true
	}
	for _, p := range all {
		if tale.alive(p.Pid) || p != t.Shell && (founder[p.Sid] && p.Sid != t.shellSid() || founder[p.Pgid] && p.Pgid != t.shellPgid()) {
			p.Ours = true
		}
	}
	// Children may stand before their parents: pids wrap around. So follow
	// each chain up to the first whose answer is known.
	var ours func(p *Process) bool
	ours = func(p *Process) bool {
		if p == nil || p.Ours || p.asked {
			return p != nil && p.Ours
		}
		p.asked = true
		p.Ours = ours(p.Parent)
		return p.Ours
	}
	for _, p := range all {
		if ours(p) {
			t.founder[p.Pid] = true
		}
		if founder[p.Sid] {
			t.founder[p.Sid] = true
		}
		if founder[p.Pgid] {
			t.founder[p.Pgid] = true
		}
	}
}

func (t *Tree) shellSid() int {
	if t.Shell == nil {
		return 0
	}
	return t.Shell.Sid
}

func (t *Tree) shellPgid() int {
	if t.Shell == nil {
		return 0
	}
	return t.Shell.Pgid
}

// adoption finds out whether p's parent is the one that forked it. Two
// snapshots with different parents prove that it is not. So does a parent that
// was never in the child's session: fork puts the child into its parent's, and
// a process that is older than the session's leader was never in it. (The
// leader itself left its parent's session, so for it this says nothing.)
func (t *Tree) adoption(p *Process) {
	if p.Parent == nil || p.Adopted && p.Forker != p.PPid {
		return
	}
	if p.forker != (ID{}) && !same(p.forker, p.Parent.ID()) {
		p.Adopted = true
		return
	}
	if p.Parent.Sid == p.Sid || p.LeadsSession() || p.Sid == 0 {
		return
	}
	leader := t.Process(p.Sid)
	if p.PPid == 1 || leader != nil && p.Parent.birth().start < leader.birth().start {
		p.Adopted = true
		p.Forker, p.forker = 0, ID{}
	}
}

// tale is what the events say, by pid.
type tale struct {
	started map[int]*event.Event // by the shell or its descendants
	story   map[int]*Proc        // what is told of these, up to date
	spawned map[int]bool         // those of them that the shell started itself
	forker  map[int]int          // of whom the connector told the fork
	ended   map[int]*event.Event
	since   int         // index of the last LineBegin, -1 if none
	order   map[int]int // index of the event that told the end
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
	t.order = make(map[int]int)
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
		case event.Spawn:
			if e.Errno == 0 && e.Pid > 0 {
				t.start(e, s)
			}
		case event.Seen:
			if e.Source == event.Connector {
				t.forker[e.Pid] = e.PPid
			}
			if ours(e.PPid) {
				if _, known := t.started[e.Pid]; !known || e.Source == event.Connector {
					t.start(e, s)
				}
			}
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
			t.retell(e)
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
	if p == nil || over {
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

// correct gives a process that is no longer there the place and the name that
// the shell gave it: a snapshot may have caught it between fork and execve, still
// in the shell's group and under the shell's name.
func (t *tale) correct(p *Proc) {
	story := t.story[p.Pid]
	if story == nil || !t.spawned[p.Pid] {
		return
	}
	p.Name, p.Pgid = cmp.Or(story.Name, p.Name), cmp.Or(story.Pgid, p.Pgid)
}

// retell keeps a story up to date.
func (t *tale) retell(e *event.Event) {
	p := t.story[e.Pid]
	if p == nil || e.Errno != 0 {
		return
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

// alive says that the shell started pid and has not seen it end.
func (t *tale) alive(pid int) bool {
	return t.started[pid] != nil && t.ended[pid] == nil
}

// departed are the processes of this episode that are no longer there: those
// that the tree before had, and those that only events told of.
func (t *Tree) departed(prev *Tree, tale *tale, w World) []*Process {
	var gone []*Process
	have := make(map[int]bool)
	add := func(p Process) {
		if e := tale.ended[p.Pid]; e != nil {
			if tale.order[p.Pid] < tale.since {
				return
			}
			p.Told = e.Kind != event.Gone
			p.Status, p.Sig = e.Status, e.Sig
		}
		tale.correct(&p.Proc)
		p.Gone, p.Parent = true, t.Process(p.PPid)
		have[p.Pid] = true
		gone = append(gone, &p)
	}
	if prev != nil {
		prev.All(func(old *Process) bool {
			now := t.Process(old.Pid)
			switch {
			case old.Gone && (tale.since >= 0 || now != nil && old.Start == 0):
			case old.Gone:
				p := *old
				tale.correct(&p.Proc)
				p.Parent = t.Process(p.PPid)
				if e := tale.ended[p.Pid]; e != nil && e.Kind != event.Gone && !p.Told && tale.started[p.Pid] == nil {
					p.Told, p.Status, p.Sig = true, e.Status, e.Sig // the word came after the snapshot
				}
				have[p.Pid] = true
				gone = append(gone, &p)
			case !old.Ours || old.Plumbing || now != nil && same(now.ID(), old.ID()):
			default:
				add(*old)
			}
			return true
		})
	}
	for i := range w.Events {
		e := &w.Events[i]
		if tale.started[e.Pid] != e || t.Process(e.Pid) != nil || have[e.Pid] ||
			w.plumbing(e.Pid, tale.story[e.Pid].Name) {
			continue
		}
		add(t.told(tale.story[e.Pid], tale.forker[e.Pid]))
	}
	if prev != nil && tale.since < 0 {
		t.More = prev.More
	}
	if over := len(gone) - maxGone; over > 0 {
		slices.SortStableFunc(gone, func(a, b *Process) int { return a.birth().compare(b.birth()) })
		gone = gone[over:]
		t.More += over
	}
	return gone
}

// maxGone bounds the ended processes in a tree: one command line may start
// any number.
const maxGone = 256

// told makes a process of what events told of it. Its start time is not known.
func (t *Tree) told(story *Proc, forker int) Process {
	p := Process{Proc: *story, Ours: true, Forker: forker}
	if t.Shell != nil && p.Sid == 0 {
		p.Sid, p.TTY = t.Shell.Sid, t.Shell.TTY
		if p.Pgid == 0 {
			p.Pgid = t.Shell.Pgid
		}
		if p.PPid == 0 {
			p.PPid = t.Shell.Pid
		}
	}
	return p
}
