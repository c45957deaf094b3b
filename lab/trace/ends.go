package trace

import (
	"golang.org/x/sys/unix"
)

// exiting is the last stop of a thread. Its end is waited for at once where
// nothing can be in its way, so that it is told before what follows from it: an
// orphan's new parent, for one. In the way can be other threads, and for the init of
// a pid namespace every process in there, which are ours to wait for.
func (t *Tracer) exiting(k *task) {
	t.resume(k, 0)
	if k.p.threads != 1 || k.p.inner == 1 {
		return
	}
	for {
		var ws unix.WaitStatus
		tid, err := unix.Wait4(k.tid, &ws, unix.WALL, nil)
		if err == unix.EINTR {
			continue
		}
		if tid == k.tid {
			t.changed(tid, ws)
		}
		return
	}
}

// groupStop is one of four: the first stop of a child, the stop of a whole
// process by a signal, its end by SIGCONT, or none of these.
func (t *Tracer) groupStop(k *task, sig int) {
	switch unix.Signal(sig) {
	case unix.SIGSTOP, unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU:
		if !k.p.stopped {
			k.p.stopped = true
			t.happened(k.p, &Happening{What: Stopped, Pid: k.p.pid, Sig: sig, Place: t.place(k.p.pid)})
		}
		ptrace(unix.PTRACE_LISTEN, k.tid, 0, 0)
		return
	}
	if k.held {
		k.waiting = true
		return
	}
	if k.p.stopped && k.started {
		k.p.stopped = false
		t.happened(k.p, &Happening{What: Continued, Pid: k.p.pid, Place: t.place(k.p.pid)})
	}
	t.resume(k, 0)
}

// ended is the end of a thread, and with its first thread of a process.
func (t *Tracer) ended(k *task, ws unix.WaitStatus) {
	t.letGo(k)
	delete(t.tasks, k.tid)
	if len(t.early) > 0 {
		t.claim()
	}
	k.p.threads--
	if k.tid != k.p.pid {
		return
	}
	p := k.p
	delete(t.procs, p.pid)
	if !k.started {
		return // it never became the program; whoever started it says why
	}
	if q := t.procs[p.place.PPid]; q != nil && p.inner != p.pid {
		if q.dead == nil {
			q.dead = map[int]int{}
		}
		q.dead[p.inner] = p.pid
	}
	h := &Happening{What: Exited, Pid: p.pid, Place: p.place, Status: ws.ExitStatus()}
	if ws.Signaled() {
		h = &Happening{What: Killed, Pid: p.pid, Place: p.place, Sig: int(ws.Signal()), Core: ws.CoreDump()}
	}
	t.happened(p, h)
	for _, pid := range p.children {
		c := t.procs[pid]
		if c == nil {
			continue
		}
		now := t.place(pid)
		if !now.Known || now.PPid == c.place.PPid {
			continue
		}
		old := c.place.PPid
		c.place = now
		t.h.Happened(&Happening{What: Adopted, Pid: pid, Place: now, Forker: old})
		if heir := t.procs[now.PPid]; heir != nil {
			heir.children = append(heir.children, pid)
		}
	}
}

// signal is a signal that is about to be delivered.
func (t *Tracer) signal(k *task, sig int) {
	if t.Swallow != nil && t.Swallow(k.p.pid, sig) {
		t.resume(k, 0)
		return
	}
	if k.p.host {
		t.resume(k, sig)
		return
	}
	h := &Happening{What: Received, Pid: k.p.pid, Sig: sig, Place: k.p.place}
	if info, err := signalInfo(k.tid); err == nil && info.code <= 0 { // SI_FROMUSER
		h.Sender = t.outer(k.p, info.pid)
	}
	h.Effect = t.effect(k.p.pid, sig)
	t.h.Happened(h)
	t.resume(k, sig)
}

// noEffect is what a signal does that is ignored by default.
const noEffect = "nothing: that is the default"

// effect says what a signal that is delivered now will do.
func (t *Tracer) effect(pid, sig int) string {
	switch t.disposition(pid, sig) {
	case "ignored":
		return "ignored"
	case "handler":
		return "its handler runs"
	}
	switch unix.Signal(sig) {
	case unix.SIGCHLD, unix.SIGURG, unix.SIGWINCH:
		return noEffect
	case unix.SIGCONT:
		return "it goes on"
	case unix.SIGSTOP, unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU:
		return "it stops"
	case unix.SIGQUIT, unix.SIGILL, unix.SIGTRAP, unix.SIGABRT, unix.SIGBUS, unix.SIGFPE, unix.SIGSEGV, unix.SIGSYS, unix.SIGXCPU, unix.SIGXFSZ:
		return "it ends, with a core dump where the limit allows"
	}
	return "it ends"
}
