package trace

import (
	"strings"

	"golang.org/x/sys/unix"
)

// syscall is a stop before or after a call.
func (t *Tracer) syscall(k *task) {
	info, err := syscallInfo(k.tid)
	if err != nil {
		if err == unix.EIO && !t.tooOld {
			t.tooOld = true
			t.h.Happened(&Happening{What: Note, Pid: k.p.pid, Place: k.p.place,
				Text: "this kernel cannot tell calls (PTRACE_GET_SYSCALL_INFO: EIO; Linux has it from 5.3 on), so only forks, execs, signals and ends are told"})
		}
		t.resume(k, 0)
		return
	}
	if info.op == opEntry {
		if !t.calling(k, &info) {
			return
		}
		t.resume(k, 0)
		if c := k.call; c != nil && k.quick(c) {
			t.answer(k, c)
		}
		return
	}
	if info.op == opExit && k.call != nil {
		t.called(k, &info)
	}
	t.resume(k, 0)
}

// quick tells whether the kernel answers a call without waiting for anybody
// else: a traced process that must be served first, a person, another machine.
func (k *task) quick(c *Call) bool {
	// The end of a first thread is told when all others were waited for: if the
	// process is killed now, a wait for that one alone would have no end.
	if k.tid == k.p.pid && (k.p.threads > 1 || c.Flags&unix.CLONE_THREAD != 0 && c.Kind.family() == Fork) {
		return false
	}
	switch c.Kind {
	case Vfork, Exit:
		return false
	case Clone, Clone3:
		return c.Flags&unix.CLONE_VFORK == 0
	case Execve, Execveat, ExitGroup:
		return k.p.threads == 1 && k.p.inner != 1
	case Wait4, Waitid:
		return c.Flags&unix.WNOHANG != 0
	case Open, Openat, Creat:
		return c.Path == "/dev/null" || c.Path == "/dev/tty" || strings.HasPrefix(c.Path, "/dev/pts/")
	}
	return true
}

// answer serves one thread alone until its call is over, so that the call, its
// answer and what follows from it stand together whatever others do.
func (t *Tracer) answer(k *task, c *Call) {
	for t.tasks[k.tid] == k && k.call == c {
		var ws unix.WaitStatus
		tid, err := unix.Wait4(k.tid, &ws, unix.WALL, nil)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return
		}
		t.changed(tid, ws)
	}
}

// calling is a stop before a call; false where the process was let go.
func (t *Tracer) calling(k *task, info *callInfo) bool {
	k.call, k.skipped = nil, false
	if info.arch != auditArch || info.nr&x32 != 0 {
		return true
	}
	kind := kindOf(info.nr)
	t.count(k.p)
	if kind == 0 || k.p.hurried || k.p.light && kind.family() != Execve {
		return true
	}
	c := &Call{Pid: k.p.pid, Tid: k.tid, Kind: kind, Name: k.p.name, Args: info.args, IP: info.ip, SP: info.sp}
	if !t.decode(k.p, c) {
		return true
	}
	if kind.family() == Execve {
		k.asked = c.Path
	}
	if kind.family() == Execve && t.LetGo != nil && k.p.threads == 1 {
		if free, why := t.LetGo(c); free && ptrace(unix.PTRACE_DETACH, k.tid, 0, 0) == nil {
			t.forget(k, why)
			return false
		}
	}
	if k.p.light {
		return true
	}
	k.call = c
	c.more = t.more(c)
	switch kind.family() {
	case Setsid, Ioctl:
		c.place = t.place(c.Pid)
	case Setpgid:
		c.place = t.place(c.Target)
	}
	c.Leads = c.place.Known && c.place.Pgid == c.Pid
	c.Says = c.sentence()
	c.Order = t.h.Calling(c)
	if c.Order.Do != Make && noCall(k.tid) == nil {
		k.skipped = true
	}
	return true
}

func (t *Tracer) called(k *task, info *callInfo) {
	c := k.call
	k.call = nil
	if k.skipped {
		k.skipped = false
		ret := t.pretend(k.p, c)
		if c.Order.Do == Fail {
			ret = -int64(c.Order.Errno)
		}
		setResult(k.tid, ret)
		info.ret, info.bad = ret, ret < 0 && ret > -4096
	}
	c.Done, c.Ret = true, info.ret
	if info.bad {
		c.Errno = unix.Errno(-info.ret)
	}
	if c.Child == 0 && c.Errno == 0 && c.Kind.family() == Fork {
		c.Child = int(c.Ret)
	}
	if c.Told = waited(c); c.Told != "" {
		c.Target = t.outer(k.p, int(c.Ret))
	}
	t.compare(k.p, c)
	t.h.Called(c)
	if k.holds != 0 {
		t.letGo(k)
	}
}

// compare notes what a call changed.
func (t *Tracer) compare(p *process, c *Call) {
	if c.place.Known {
		pid := c.Pid
		if c.Kind == Setpgid {
			pid = c.Target
		}
		now := t.place(pid)
		c.Changed = moved(pid, c.place, now)
		c.after = now
		if q := t.procs[pid]; q != nil && now.Known {
			q.place = now
		}
	}
	names, now := moreNames(c.Kind), t.more(c)
	for i, old := range c.more {
		if old != now[i] {
			c.Changed = append(c.Changed, Change{Of: c.Pid, What: names[i], Old: old, New: now[i]})
		}
	}
}

// pretend is what a call that was left out returns, so that the program
// believes it succeeded.
func (t *Tracer) pretend(p *process, c *Call) int64 {
	switch c.Kind {
	case Setsid:
		return int64(p.inner)
	case Dup2, Dup3:
		return int64(c.Args[1])
	case Umask:
		n := int64(0)
		for _, d := range c.more[0] {
			n = n*8 + int64(d-'0')
		}
		return n
	}
	return 0
}

// CanSkip tells whether a call can be left out: whether something that it
// returns could be made up. reason says why not.
func CanSkip(c *Call) (reason string) {
	switch c.Kind.family() {
	case Execve:
		return "execve cannot be left out: what follows it in the program is for the case that it failed"
	case ExitGroup:
		return "exit cannot be left out: the program has nothing after it"
	case Wait4:
		return "wait cannot be left out: no status could stand in for the answer"
	case Open:
		return "open cannot be left out: no descriptor could stand in for the answer"
	case Fork:
		if c.Flags&(unix.CLONE_VM|unix.CLONE_THREAD|unix.CLONE_VFORK) != 0 || c.Kind == Vfork {
			return "this fork shares its memory with the child (a thread, or vfork): left out, the program would crash"
		}
	case Dup2:
		if c.Kind == Dup || c.Kind == Fcntl {
			return "dup cannot be left out: no descriptor could stand in for the answer"
		}
	}
	return ""
}
