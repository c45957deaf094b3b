package trace

import (
	"errors"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/proc"
)

// Handler is told what the traced processes do, in the order in which it
// happens, and says what is to become of their calls. It is called on the
// thread of the Tracer; until it returns, no traced process that reached a call
// or a signal goes on.
type Handler interface {
	// Calling comes before the kernel sees the call.
	Calling(*Call) Order
	// Called comes when the kernel has answered. exit and exit_group have no answer;
	// neither has a successful execve: Happened tells of it as Became.
	Called(*Call)
	// Happened tells what came to a process otherwise.
	Happened(*Happening)
}

// Tracer holds a program and its descendants. All its methods belong to one
// OS thread.
type Tracer struct {
	h      Handler
	reader *proc.Reader
	tasks  map[int]*task // by tid
	procs  map[int]*process
	early  map[int]bool // stopped children whose parent's fork is not told yet
	// Files has every open told that creates or writes, not only those of
	// terminals and /dev/null.
	Files bool
	// Exitkill has the kernel kill every traced process when the tracer ends.
	Exitkill bool
	// Swallow, if it is set, tells whether a signal that is about to be
	// delivered is to be dropped.
	Swallow func(pid, sig int) bool
	// Wake, where it is set before Run, brings functions that Run is to call
	// on the Tracer's thread between two stops.
	Wake chan func()

	tooOld bool // the kernel is

	peeked chan error
	peek   chan struct{}
}

// process is a traced process.
type process struct {
	pid, inner int
	name       string
	place      Place
	threads    int
	stopped    bool
	foreign    bool // its calls are of another architecture
	children   []int
	dead       map[int]int // children that ended, pid by inner pid, where these differ
	path       string
}

// task is a traced thread.
type task struct {
	tid     int
	p       *process
	started bool // past the exec that makes it the program
	call    *Call
	skipped bool
	// held: a new child waits, stopped, for the end of its parent's fork.
	held, waiting bool
	holds         int // the child that waits for this one
}

// New makes a Tracer; its errors are those of proc.Open.
func New(h Handler) (*Tracer, error) {
	r, err := proc.Open()
	if err != nil {
		return nil, err
	}
	return &Tracer{h: h, reader: r, tasks: map[int]*task{}, procs: map[int]*process{}, early: map[int]bool{}}, nil
}

// Attach begins to trace a process that is about to exec (PTRACE_SEIZE on its
// first thread). Nothing is told of it before that exec. Errors: EPERM
// (another user's, traced already, or refused by Yama), ESRCH.
func (t *Tracer) Attach(pid int) error {
	if err := ptrace(unix.PTRACE_SEIZE, pid, 0, uintptr(unix.PTRACE_O_TRACEEXEC|unix.PTRACE_O_TRACEEXIT|t.exitkill())); err != nil {
		return err
	}
	p := &process{pid: pid, inner: innerPid(pid), threads: 1, place: t.place(pid)}
	p.name = p.place.Name
	t.procs[pid] = p
	t.tasks[pid] = &task{tid: pid, p: p}
	return nil
}

func (t *Tracer) exitkill() int {
	if t.Exitkill {
		return unix.PTRACE_O_EXITKILL
	}
	return 0
}

// Run serves the traced processes until the last of them has ended.
func (t *Tracer) Run() error {
	for len(t.tasks) > 0 {
		var ws unix.WaitStatus
		tid, err := t.wait(&ws)
		switch {
		case err == unix.EINTR:
			continue
		case err == unix.ECHILD:
			return nil
		case err != nil:
			return errors.New("wait4: " + err.Error())
		case tid > 0:
			t.changed(tid, ws)
		}
	}
	return nil
}

// wait takes one change of a traced thread. With Wake it may come back with 0.
func (t *Tracer) wait(ws *unix.WaitStatus) (int, error) {
	if t.Wake == nil {
		return unix.Wait4(-1, ws, unix.WALL, nil)
	}
	tid, err := unix.Wait4(-1, ws, unix.WALL|unix.WNOHANG, nil)
	if tid != 0 || err != nil {
		return tid, err
	}
	// Another thread sleeps until there is something to take.
	if t.peek == nil {
		t.peek, t.peeked = make(chan struct{}, 1), make(chan error)
		go func(peek chan struct{}, peeked chan error) {
			for range peek {
				err := unix.Waitid(unix.P_ALL, 0, nil, unix.WEXITED|unix.WSTOPPED|unix.WNOWAIT|unix.WALL, nil)
				peeked <- err
			}
		}(t.peek, t.peeked)
		t.peek <- struct{}{}
	}
	select {
	case <-t.peeked:
		t.peek <- struct{}{}
	case f := <-t.Wake:
		f()
	}
	return 0, nil
}

// Pids are the traced processes, and whether there are any.
func (t *Tracer) Pids() []int {
	var pids []int
	for pid := range t.procs {
		pids = append(pids, pid)
	}
	return pids
}

// KillAll ends every traced process (SIGKILL). Run goes on until they are gone.
func (t *Tracer) KillAll() {
	for pid := range t.procs {
		unix.Kill(pid, unix.SIGKILL)
	}
}

// changed is the heart: one change of one thread.
func (t *Tracer) changed(tid int, ws unix.WaitStatus) {
	k := t.tasks[tid]
	if k == nil {
		t.unknown(tid, ws)
		return
	}
	switch {
	case ws.Exited() || ws.Signaled():
		t.ended(k, ws)
	case ws.Stopped():
		t.stopped(k, ws)
	}
}

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

// resume lets a thread go on to its next call or signal; sig is delivered.
func (t *Tracer) resume(k *task, sig int) {
	request := unix.PTRACE_SYSCALL
	if !k.started || k.p.foreign {
		request = unix.PTRACE_CONT
	}
	// ESRCH: it was killed meanwhile, and its end will be told.
	ptrace(request, k.tid, 0, uintptr(sig))
}

func (t *Tracer) stopped(k *task, ws unix.WaitStatus) {
	sig := int(ws>>8) & 0xff
	switch ev := int(ws) >> 16; {
	case ev == eventStop:
		t.groupStop(k, sig)
	case ev == unix.PTRACE_EVENT_FORK || ev == unix.PTRACE_EVENT_VFORK || ev == unix.PTRACE_EVENT_CLONE:
		t.forked(k, ev)
		t.resume(k, 0)
	case ev == unix.PTRACE_EVENT_EXEC:
		t.execed(k)
	case ev == unix.PTRACE_EVENT_EXIT:
		t.exiting(k)
	case sig == int(unix.SIGTRAP)|0x80:
		t.syscall(k)
	default:
		t.signal(k, sig)
	}
}

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
			t.h.Happened(&Happening{What: Stopped, Pid: k.p.pid, Sig: sig, Place: t.place(k.p.pid)})
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
		t.h.Happened(&Happening{What: Continued, Pid: k.p.pid, Place: t.place(k.p.pid)})
	}
	t.resume(k, 0)
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
		c.p.path, c.p.foreign = k.p.path, k.p.foreign
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
	t.h.Happened(h)
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

// execed is a successful execve. All other threads are gone; the one that
// called goes by the first one's tid now.
func (t *Tracer) execed(k *task) {
	if msg, err := eventMessage(k.tid); err == nil && int(msg) != k.tid {
		if old := t.tasks[int(msg)]; old != nil {
			delete(t.tasks, int(msg))
			k.call, k.holds = old.call, old.holds
			k.p.threads--
		}
	}
	first := !k.started
	if first {
		k.started = true
		ptrace(unix.PTRACE_SETOPTIONS, k.tid, 0, uintptr(options|t.exitkill()))
	}
	h := &Happening{What: Became, Pid: k.p.pid, First: first}
	if k.call != nil {
		h.Argv = k.call.Argv
		k.call = nil
	}
	if h.Argv == nil {
		h.Argv, _ = t.reader.Cmdline(k.p.pid)
	}
	k.p.path = link(k.p.pid, "exe")
	h.Path = k.p.path
	k.p.place = t.place(k.p.pid)
	k.p.name = k.p.place.Name
	h.Place = k.p.place
	t.h.Happened(h)
	k.p.foreign = isForeign(k.p.pid)
	if k.p.foreign {
		t.h.Happened(&Happening{What: Note, Pid: k.p.pid, Place: k.p.place,
			Text: "a program of another architecture (32-bit?): its calls have other numbers, so only forks, execs, signals and ends are told"})
	}
	t.resume(k, 0)
}

// isForeign tells whether a process runs a program that is no ELF file of this
// machine's word size.
func isForeign(pid int) bool {
	fd, err := unix.Open("/proc/"+num(pid)+"/exe", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return false
	}
	defer unix.Close(fd)
	var b [5]byte
	n, _ := unix.Pread(fd, b[:], 0)
	return n == 5 && string(b[:4]) == "\x7fELF" && b[4] != 2 // EI_CLASS: ELFCLASS64
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
	t.h.Happened(h)
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
	h := &Happening{What: Received, Pid: k.p.pid, Sig: sig, Place: k.p.place}
	if info, err := signalInfo(k.tid); err == nil && info.code <= 0 { // SI_FROMUSER
		h.Sender = t.outer(k.p, info.pid)
	}
	h.Effect = t.effect(k.p.pid, sig)
	t.h.Happened(h)
	t.resume(k, sig)
}

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
		return "nothing: that is the default"
	case unix.SIGCONT:
		return "it goes on"
	case unix.SIGSTOP, unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU:
		return "it stops"
	case unix.SIGQUIT, unix.SIGILL, unix.SIGTRAP, unix.SIGABRT, unix.SIGBUS, unix.SIGFPE, unix.SIGSEGV, unix.SIGSYS, unix.SIGXCPU, unix.SIGXFSZ:
		return "it ends, with a core dump where the limit allows"
	}
	return "it ends"
}

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
		t.calling(k, &info)
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

func (t *Tracer) calling(k *task, info *callInfo) {
	k.call, k.skipped = nil, false
	if info.arch != auditArch || info.nr&x32 != 0 {
		return
	}
	kind := kindOf(info.nr)
	if kind == 0 {
		return
	}
	c := &Call{Pid: k.p.pid, Tid: k.tid, Kind: kind, Name: k.p.name, Args: info.args, IP: info.ip, SP: info.sp}
	if !t.decode(k.p, c) {
		return
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

// Now is the time of what is being told, as events have it.
func Now() int64 { return event.Now() }
