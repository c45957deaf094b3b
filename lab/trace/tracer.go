package trace

import (
	"errors"

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
	// LetGo, where it is set, is asked before each execve whether the process is to
	// go on untraced. why is told as a Note, if it is not "".
	LetGo func(*Call) (free bool, why string)
	// Lightly, where it is set, tells of a program that has just begun in a
	// process whether only its forks, execs, stops and end are to be told.
	Lightly func(argv []string) bool
	// Spares has a process be followed lightly when it makes call after call.
	Spares bool

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
	host       bool // nothing is told of it (AttachHost)
	light      bool // its calls are not told
	hurried    bool // nor waited for (Spares)
	calls      int  // that it made since a time
	since      int64
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
	asked   string // the path of its last execve
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

// resume lets a thread go on to its next call or signal; sig is delivered.
func (t *Tracer) resume(k *task, sig int) {
	request := unix.PTRACE_SYSCALL
	if !k.started || k.p.foreign || k.p.host || k.p.hurried {
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
	h.Path, h.Asked = k.p.path, k.asked
	k.p.place = t.place(k.p.pid)
	k.p.name = k.p.place.Name
	h.Place = k.p.place
	t.happened(k.p, h)
	k.p.light = t.Lightly != nil && t.Lightly(h.Argv)
	k.p.calls, k.p.hurried = 0, false
	k.p.foreign = isForeign(k.p.pid)
	if k.p.foreign {
		t.happened(k.p, &Happening{What: Note, Pid: k.p.pid, Place: k.p.place,
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

// Now is the time of what is being told, as events have it.
func Now() int64 { return event.Now() }
