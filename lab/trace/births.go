package trace

import (
	"strconv"

	"golang.org/x/sys/unix"
)

// unknown is a thread that was not told of yet: a child that came to its first
// stop before its parent came to the stop in which the fork is told.
func (t *Tracer) unknown(tid int, ws unix.WaitStatus) {
	if !ws.Stopped() {
		delete(t.early, tid)
		return
	}
	t.early[tid] = true
	t.claim()
}

// claim takes in the stopped children whose parent was killed between its fork
// and the stop in which that is told: nobody will tell of them.
func (t *Tracer) claim() {
	for tid := range t.early {
		if t.forking() {
			return
		}
		if t.procs[t.place(tid).PPid] != nil {
			continue // its parent, whose call is not told, will
		}
		delete(t.early, tid)
		var p *process
		if tgid, err := strconv.Atoi(statusField(tid, "Tgid")); err == nil && tgid != tid {
			p = t.procs[tgid]
		}
		k := t.newTask(tid, p)
		if p == nil {
			k.p.place = t.place(tid)
			k.p.name = k.p.place.Name
			t.h.Happened(&Happening{What: Born, Pid: tid, Place: k.p.place})
		}
		t.resume(k, 0)
	}
}

// forking tells whether a fork is under way whose child is not told of yet.
func (t *Tracer) forking() bool {
	for _, k := range t.tasks {
		if k.call != nil && k.call.Kind.family() == Fork && k.call.Child == 0 {
			return true
		}
	}
	return false
}

// newTask enters a thread; p is its process, nil for a new one.
func (t *Tracer) newTask(tid int, p *process) *task {
	if p == nil {
		p = &process{pid: tid, inner: innerPid(tid)}
		t.procs[tid] = p
	}
	p.threads++
	k := &task{tid: tid, p: p, started: true}
	t.tasks[tid] = k
	return k
}

// forked enters a child. It stays in its first stop until its parent's call
// was told, but for vfork, whose parent waits for it.
func (t *Tracer) forked(k *task, ev int) {
	msg, err := eventMessage(k.tid)
	if err != nil {
		return
	}
	tid := int(msg)
	thread := k.call != nil && k.call.Flags&unix.CLONE_THREAD != 0
	if k.call == nil && ev == unix.PTRACE_EVENT_CLONE { // its calls are not followed
		tgid, err := strconv.Atoi(statusField(tid, "Tgid"))
		thread = err == nil && tgid == k.p.pid && tgid != tid
	}
	var p *process
	if thread {
		p = k.p
	}
	if t.tasks[tid] != nil {
		return // taken in by claim
	}
	c := t.newTask(tid, p)
	c.waiting = t.early[tid]
	delete(t.early, tid)
	h := &Happening{What: Born, Pid: c.p.pid, Forker: k.p.pid, Thread: thread}
	if !thread {
		c.p.path, c.p.foreign, c.p.light = k.p.path, k.p.foreign, k.p.light || k.p.host
		c.p.place = t.place(tid)
		c.p.name = c.p.place.Name
		k.p.children = append(k.p.children, tid)
	}
	h.Place = c.p.place
	if k.call != nil {
		k.call.Child = tid
		c.held = ev != unix.PTRACE_EVENT_VFORK
		if c.held {
			k.holds = tid
		}
	}
	if !thread || !k.p.host {
		t.h.Happened(h)
	}
	if !c.held && c.waiting {
		c.waiting = false
		t.resume(c, 0)
	}
}

// letGo ends the wait of the child that waits for k's fork to be told.
func (t *Tracer) letGo(k *task) {
	c := t.tasks[k.holds]
	k.holds = 0
	if c == nil || !c.held {
		return
	}
	c.held = false
	if c.waiting {
		c.waiting = false
		t.resume(c, 0)
	}
}
