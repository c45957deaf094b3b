package proc

import (
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

// StagingName is how a puppet calls itself that builds the world of a measured
// experiment. What it starts, however far down, is the experiment's, not the
// learner's.
const StagingName = "jsh: staging"

// TutorName is how the lesson's process calls itself.
const TutorName = "jsh: tutor"

// ViewerName is how the process calls itself that draws for viz --attach and
// replay; the job that a learner started is its guard.
const ViewerName = "jsh: viewer"

// IsPlumbing says whether a name is that of a process which serves the shell and which nobody
// can list.
func IsPlumbing(name string) bool {
	return name == TracerName || name == PuppetsName || name == StagingName || name == TutorName || name == ViewerName
}

func (w *World) plumbing(pid int, name string) bool {
	return IsPlumbing(name) || slices.Contains(w.Plumbing, pid)
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
		if p := &t.live[i]; p.birth().start == 0 {
			p.born = s.ticks(s.At) // it is one of the youngest: /proc was not asked yet
		}
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
	t.stagehands(all, tale)
	for _, p := range all {
		t.adoption(p)
		if tale.shown[p.Pid] && p.Parent != nil && !p.Parent.Ours {
			p.Adopted, p.Forker, p.forker = true, 0, ID{}
		}
		if told, is := tale.halted[p.Pid]; is {
			p.halted = told
		}
		if p.halted && p.State == 't' {
			p.State = 'T' // a traced process that is stopped as any is, not by its tracer (PTRACE_LISTEN, ptrace(2))
		}
		if e := tale.ended[p.Pid]; e != nil && e.Kind != event.Gone && p.Exited() {
			p.fate = fate{true, e.Status, e.Sig}
		}
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
			p.staged, p.fate, p.halted = old.staged, old.fate, old.halted
			if p.Start == 0 && old.birth().start != 0 {
				p.born = old.birth().start
			}
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

// stagehands marks what was started from a puppet of StagingName as plumbing. Who
// was marked once stays so, whoever adopts it.
func (t *Tree) stagehands(all []*Process, tale *tale) {
	for pid := range tale.staged {
		if p := t.Process(pid); p != nil {
			p.staged = true
		}
	}
	for again := true; again; { // children may stand before their parents
		again = false
		for _, p := range all {
			if !p.staged && (p.Name == StagingName || p.Parent != nil && p.Parent.staged) {
				p.staged, again = true, true
			}
		}
	}
	for _, p := range all {
		p.Plumbing = p.Plumbing || p.staged
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
		if p == nil || tale.has(p) {
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
		if tale.has(p) || p != t.Shell && (founder[p.Sid] && p.Sid != t.shellSid() || founder[p.Pgid] && p.Pgid != t.shellPgid()) {
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
		if !p.Told && p.fate.told {
			p.Told, p.Status, p.Sig = true, p.fate.status, p.fate.sig
		}
		tale.correct(&p.Proc)
		if tale.staged[p.Pid] || w.plumbing(p.Pid, p.Name) { // it took that name at last
			return
		}
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
