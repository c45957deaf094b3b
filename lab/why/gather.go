package why

import (
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/proc"
)

// Asker is what the one who asks knows besides /proc.
type Asker struct {
	Shell int // the shell's pid, 0 if no shell of ours asks
	Jobs  map[int]int
	Job   *Job
	// Neglects says that the shell was told to wait for nobody.
	Neglects bool
	HasLog   bool
	Events   []event.Event
	Watched  []event.Event // Facts.Watched
	// Ended says that the process meant was waited for already: whoever has its
	// number now is another one.
	Ended bool
}

// Gather looks at one process. Errors: /proc cannot be read.
func Gather(pid int, k Asker) (*Facts, error) {
	r, err := proc.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var snap proc.Snapshot
	if err := r.Read(&snap); err != nil {
		return nil, err
	}
	f := &Facts{Pid: pid, Job: k.Job, Shell: k.Shell, Neglects: k.Neglects, HasLog: k.HasLog, Events: k.Events, Watched: k.Watched, Uid: unix.Geteuid()}
	tree := proc.Next(nil, &snap, proc.World{Shell: k.Shell, Jobs: k.Jobs, Events: story(k.Events, k.Watched)})
	if tree.Shell != nil {
		f.ShellPgid, f.ShellSid = tree.Shell.Pgid, tree.Shell.Sid
	} else if sid, err := unix.Getsid(0); err == nil {
		f.ShellSid = sid
	}
	p := tree.Process(pid)
	if p == nil || k.Ended {
		return f, nil
	}
	g := &gatherer{snap: &snap, r: r}
	f.P = g.process(&p.Proc)
	if p.Parent != nil {
		f.Parent = g.process(&p.Parent.Proc)
		f.Init = p.PPid == 1
	}
	f.Kernel = f.P.kernel
	for i := range snap.Procs {
		q := &snap.Procs[i]
		if q.PPid == pid {
			f.Kids = append(f.Kids, *q)
		}
		if q.Pgid == p.Pgid && q.Sid == p.Sid && !q.Exited() {
			f.Group = append(f.Group, *q)
		}
	}
	f.Orphaned = p.Group != nil && p.Group.Orphaned
	f.Adopted, f.Forker = p.Adopted, p.Forker
	if !f.Adopted && k.HasLog && p.PPid == k.Shell && pid != k.Shell && !spawned(k.Events, pid) {
		f.Adopted, f.Forker = true, 0 // the shell is a subreaper: it did not start this one
	}
	if p.TTY != 0 {
		f.TTY = terminal(event.TTYName(p.TTY))
		f.TTY.Foreground = max(p.Tpgid, 0)
	}
	return f, nil
}

// spawned tells whether a complete log has the start of pid. A log with a gap
// may have lost it.
func spawned(events []event.Event, pid int) bool {
	for i := range events {
		if events[i].Kind == event.Gap || events[i].Kind == event.Spawn && events[i].Pid == pid {
			return true
		}
	}
	return false
}

// terminal asks a terminal for its modes. Opening it with O_NOCTTY acquires
// nothing, and with O_NONBLOCK it never waits for a line to be connected.
func terminal(name string) *TTY {
	t := &TTY{Name: name}
	fd, err := unix.Open("/dev/"+name, unix.O_RDONLY|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return t
	}
	m, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	unix.Close(fd)
	if err != nil {
		return t
	}
	t.Known = true
	t.ISIG, t.TOStop = m.Lflag&unix.ISIG != 0, m.Lflag&unix.TOSTOP != 0
	t.Intr = m.Cc[unix.VINTR]
	return t
}

// gatherer reads more of /proc than a snapshot has.
type gatherer struct {
	r    *proc.Reader
	snap *proc.Snapshot
}

func (g *gatherer) process(p *proc.Proc) *Process {
	q := &Process{Proc: *p, Threads: p.Threads, Call: Call{FD: -1}}
	q.Argv, _ = g.r.Cmdline(p.Pid)
	g.status(q)
	if exe, err := readlink(path(p.Pid, "exe")); err == nil {
		q.Exe, q.Deleted = strings.CutSuffix(exe, " (deleted)")
	}
	if !p.Exited() {
		g.call(q)
	}
	return q
}

// status reads what of /proc/PID/status stat does not have (proc_pid_status(5)).
func (g *gatherer) status(q *Process) {
	b, err := read(path(q.Pid, "status"))
	if err != nil {
		q.Denied = true
		return
	}
	memory := q.Exited()
	defer func() { q.kernel = !memory }()
	for line := range strings.Lines(string(b)) {
		key, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch key {
		case "VmSize":
			memory = true
		case "Uid":
			id, _, _ := strings.Cut(value, "\t")
			q.Uid, _ = strconv.Atoi(id)
		case "TracerPid":
			q.Tracer, _ = strconv.Atoi(value)
		case "SigPnd", "ShdPnd":
			q.Pending |= set(value)
		case "SigBlk":
			q.Blocked = set(value)
		case "SigIgn":
			q.Ignored = set(value)
		case "SigCgt":
			q.Caught = set(value)
		}
	}
}

func set(hex string) proc.SigSet {
	v, _ := strconv.ParseUint(hex, 16, 64)
	return proc.SigSet(v)
}

// call reads the system call that the process is in, and what its descriptor
// leads to.
func (g *gatherer) call(q *Process) {
	b, err := read(path(q.Pid, "syscall"))
	if err != nil {
		q.Denied = err == unix.EACCES || err == unix.EPERM
		return
	}
	f := strings.Fields(string(b)) // "0 0x3 …", "running", "-1 0x… 0x…"
	if len(f) < 4 {
		return
	}
	n, err := strconv.Atoi(f[0])
	if err != nil || n < 0 {
		return
	}
	arg := func(i int) uint64 {
		v, _ := strconv.ParseUint(f[1+i], 0, 64)
		return v
	}
	c := &q.Call
	at := -1
	c.Name, at = callName(n)
	if c.Name == "" {
		c.Name = "system call " + f[0]
		return
	}
	c.Op = opOf(c.Name, arg(1))
	switch {
	case at >= 0:
		c.FD = int(int32(arg(at)))
		c.File, _ = readlink(path(q.Pid, "fd/"+f0(c.FD)))
		c.Kind = g.kind(q.Pid, c.FD, c.File)
		if c.Op == "lock" {
			c.Peers, c.PeersKnown = g.lockHolders(q.Pid)
		} else if c.Kind == Pipe || c.Kind == Fifo {
			c.Peers, c.PeersKnown = g.otherEnd(q.Pid, c)
		}
	case c.Name == "open":
		where := 1
		if isOldOpen(n) {
			where = 0
		}
		c.File = stringAt(q.Pid, arg(where))
		if c.File != "" && c.File[0] != '/' {
			if dir, err := readlink(path(q.Pid, "cwd")); err == nil {
				c.File = strings.TrimSuffix(dir, "/") + "/" + c.File
			}
		}
	}
}

func f0(fd int) string { return strconv.Itoa(fd) }

// isOldOpen tells whether the path is the first argument of the call.
func isOldOpen(n int) bool { return n != unix.SYS_OPENAT }

// kind says what a descriptor leads to, by the link and, for files, by stat.
func (g *gatherer) kind(pid, fd int, link string) FileKind {
	switch {
	case strings.HasPrefix(link, "pipe:"):
		return Pipe
	case strings.HasPrefix(link, "socket:"):
		return Socket
	case strings.HasPrefix(link, "/dev/pts/"), strings.HasPrefix(link, "/dev/tty"), link == "/dev/console":
		return Terminal
	}
	var st unix.Stat_t
	if unix.Stat(path(pid, "fd/"+f0(fd)), &st) == nil && st.Mode&unix.S_IFMT == unix.S_IFIFO {
		return Fifo
	}
	return OtherFile
}

// stringAt reads a NUL-terminated string from the memory of another process
// (process_vm_readv(2)); "" where that is refused.
func stringAt(pid int, addr uint64) string {
	var buf [256]byte
	local := []unix.Iovec{{Base: &buf[0]}}
	local[0].SetLen(len(buf))
	// Up to the end of the page first: what is behind it may not be there.
	want := min(uint64(len(buf)), 4096-addr%4096)
	n, err := unix.ProcessVMReadv(pid, local, []unix.RemoteIovec{{Base: uintptr(addr), Len: int(want)}}, 0)
	if err != nil {
		return ""
	}
	s, _, ok := strings.Cut(string(buf[:n]), "\x00")
	if !ok {
		return ""
	}
	return s
}

func path(pid int, file string) string { return "/proc/" + strconv.Itoa(pid) + "/" + file }

// read reads a file of /proc whole. The error is an errno.
func read(name string) ([]byte, error) {
	fd, err := unix.Open(name, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	buf := make([]byte, 0, 4096)
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, make([]byte, len(buf))...)[:len(buf)]
		}
		n, err := unix.Read(fd, buf[len(buf):cap(buf)])
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return nil, err
		}
		if n <= 0 {
			return buf, nil
		}
		buf = buf[:len(buf)+n]
	}
}

func readlink(name string) (string, error) {
	var buf [512]byte
	n, err := unix.Readlink(name, buf[:])
	if err != nil {
		return "", err
	}
	return string(buf[:n]), nil
}
