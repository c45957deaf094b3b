package pgroup

import (
	"errors"
	"math/bits"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// FirstOwnFD is the lowest descriptor number that jsh keeps for itself. The
// learner's descriptors are virtual and real only in children, where they may
// have any number below.
const FirstOwnFD = 64

// File says that descriptor Child of the program is the shell's descriptor
// From, or closed where From is -1.
type File struct{ Child, From int }

// Group says which process group a program is started in.
type Group int

const (
	// SameGroup leaves the program in the shell's group.
	SameGroup Group = -1
	// NewGroup makes the program the leader of a group of its own.
	NewGroup Group = 0
	// A positive Group is the pgid to join. The leader may have ended, but
	// must not have been waited for (setpgid: EPERM).
)

// Spec is a program to start.
type Spec struct {
	Path string
	Argv []string
	// Env is not to be changed afterwards: what was made of it for the kernel
	// serves for the next program that is given the same slice.
	Env   []string
	Files []File // others keep number and close-on-exec flag

	Group Group
	// Foreground gives the terminal TTY to the program's group, in the child,
	// before exec. It does so by force: be sure that the terminal is yours.
	Foreground bool
	TTY        int
	// Session makes the program the leader of a session of its own, which the
	// terminal on its descriptor 0 controls. Group is SameGroup then, Foreground
	// false.
	Session bool

	Ignore SignalSet // SIG_IGN in the program; all others are SIG_DFL
	Mask   SignalSet // blocked in the program, normally empty
	// NoFile is the limit on open files to put back (the Go runtime raises
	// the soft limit at start); nil leaves it.
	NoFile *unix.Rlimit
	// Alone asks that the program be killed when the shell's thread ends
	// (PR_SET_PDEATHSIG with SIGKILL): for jsh's own plumbing, never for a
	// learner's program.
	Alone bool
}

// Child is a program that was started.
type Child struct {
	Pid, Pgid int
	// Stopped is a stop signal that reached the child before exec and was
	// held back (0: none). The caller owes it to the group once the whole
	// pipeline is started.
	Stopped unix.Signal
}

// SpawnError tells which step of starting a program the kernel refused.
type SpawnError struct {
	Step  string // clone, setpgid, tcsetpgrp, dup2, execve, …
	Path  string
	Errno syscall.Errno
	// Pgid is the group that has the terminal although the program never ran,
	// or 0. The caller takes the terminal back.
	Pgid int
}

func (e *SpawnError) Error() string {
	return e.Step + " " + e.Path + ": " + unix.ErrnoName(e.Errno) + ": " + e.Errno.Error()
}

func (e *SpawnError) Unwrap() error { return e.Errno }

// The steps, in the order in which the child makes them.
const (
	stepClone = iota
	stepSigaction
	stepSetsid
	stepSetpgid
	stepTcsetpgrp
	stepDup
	stepControl
	stepLimit
	stepExec
)

var stepNames = [...]string{"clone", "sigaction", "setsid", "setpgid", "tcsetpgrp", "dup2", "TIOCSCTTY", "setrlimit", "execve"}

// plan is everything the child needs, made ready before vfork: the child may
// not allocate, and what it writes here the parent reads.
type plan struct {
	path       *byte
	argv, envv **byte
	files      []File
	pgid       int // to pass to setpgid, or -1
	tty        int // to pass to TIOCSPGRP, or -1
	ignore     uint64
	mask       uint64
	all        uint64 // every signal
	nofile     *unix.Rlimit
	alone      bool
	session    bool
	parent     int

	// change are the signals whose disposition the child sets.
	change         uint64
	dfl, ign, note sigactiont
	ttyPgid        int32

	trap, arg1, arg2 uintptr // clone or clone3
	clone3           cloneArgs

	step  uintptr
	errno uintptr
}

// cloneArgs is struct clone_args in its first version (clone3(2)).
type cloneArgs struct {
	flags, pidfd, childTID, parentTID, exitSignal, stack, stackSize, tls uint64
}

// noClearSighand says that this kernel (before Linux 5.5) or a filter on it
// refuses clone3 with CLONE_CLEAR_SIGHAND.
var noClearSighand bool

// prepareClone chooses the system call. With CLONE_CLEAR_SIGHAND the child
// begins with no handler, and only few dispositions are left to be set; without
// it each one is.
func (p *plan) prepareClone() {
	const flags = unix.CLONE_VM | unix.CLONE_VFORK
	stops := uint64(SignalsOf(unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU))
	if noClearSighand {
		p.trap, p.arg1, p.arg2 = unix.SYS_CLONE, flags|uintptr(unix.SIGCHLD), 0
		p.change = ^uint64(SignalsOf(unix.SIGKILL, unix.SIGSTOP))
		return
	}
	p.clone3 = cloneArgs{flags: flags | unix.CLONE_CLEAR_SIGHAND, exitSignal: uint64(unix.SIGCHLD)}
	p.trap, p.arg1, p.arg2 = unix.SYS_CLONE3, uintptr(unsafe.Pointer(&p.clone3)), unsafe.Sizeof(p.clone3)
	p.change = p.ignore ^ uint64(ignoredNow()) | stops&^p.ignore
}

// Spawn starts a program: clone, then in the child setpgid(2), tcsetpgrp(3),
// dup2(2) and execve(2). It returns when the program runs or the attempt has
// failed (then nothing is left to wait for). The error is a *SpawnError, or
// EINVAL for a NUL byte in a string.
func (k *Kernel) Spawn(s *Spec) (Child, error) {
	p := &plan{
		files: s.Files, pgid: int(s.Group), tty: -1,
		ignore: uint64(s.Ignore), mask: uint64(s.Mask), all: ^uint64(0), nofile: s.NoFile,
		alone: s.Alone, session: s.Session, parent: k.Pid,
	}
	var err error
	if p.path, err = syscall.BytePtrFromString(s.Path); err != nil {
		return Child{}, err
	}
	argv, err := cStrings(s.Argv)
	if err != nil {
		return Child{}, err
	}
	envv, err := k.environ(s.Env)
	if err != nil {
		return Child{}, err
	}
	p.argv, p.envv = &argv[0], &envv[0]
	if s.Foreground {
		p.tty = s.TTY
	}
	stop, _, ret := codeAddresses()
	p.ign.handler = sigIgn
	p.note = sigactiont{handler: stop, flags: saOnStack | saRestart, restorer: ret, mask: ^uint64(0)}
	if ret != 0 {
		p.note.flags |= saRestorer
	}

	unlock := k.lockThread()
	notedStop = 0
	// Only what would stop the child inside vfork is blocked here: a signal for
	// the shell that found its main thread blocking it would go to another
	// thread, and be noted too late for the next command's trap. The child
	// blocks the rest itself, first of all.
	old := blockMask(uint64(SignalsOf(unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU)))
	p.prepareClone()
	pid, errno := forkChild(p)
	if !noClearSighand && (errno == uintptr(unix.ENOSYS) || errno == uintptr(unix.EINVAL) || errno == uintptr(unix.EPERM)) {
		noClearSighand = true
		p.prepareClone()
		pid, errno = forkChild(p)
	}
	stopped := unix.Signal(notedStop)
	setMask(old)
	unlock()
	runtime.KeepAlive(argv)
	runtime.KeepAlive(envv)

	c := Child{Pid: int(pid), Pgid: int(s.Group), Stopped: stopped}
	switch s.Group {
	case SameGroup:
		c.Pgid = k.Pgid
	case NewGroup:
		c.Pgid = c.Pid
	}
	if s.Session {
		c.Pgid = c.Pid
	}
	step := uintptr(stepClone)
	if errno == 0 && p.errno != 0 {
		// The child has ended: nothing may remain of it.
		for {
			if _, err := unix.Wait4(c.Pid, nil, 0, nil); err != unix.EINTR {
				break
			}
		}
		errno, step = p.errno, p.step
	}
	told := c.Pgid
	if s.Group == SameGroup {
		told = 0 // no setpgid was asked for
	}
	k.tell(event.Event{Kind: event.Spawn, Pid: c.Pid, Pgid: told, Fg: s.Foreground,
		Path: s.Path, Argv: s.Argv, Errno: int(errno)})
	if errno != 0 {
		se := &SpawnError{Step: stepNames[step], Path: s.Path, Errno: syscall.Errno(errno)}
		if s.Foreground && step > stepTcsetpgrp {
			se.Pgid = c.Pgid
		}
		return Child{}, se
	}
	return c, nil
}

// forkChild makes the vfork and, in the child, everything up to exec. The
// child shares memory and stack with the parent: it only makes raw system
// calls on what plan holds, stays in this frame, and never returns.
//
//go:noinline
//go:norace
//go:nocheckptr
func forkChild(p *plan) (pid, errno uintptr) {
	var (
		e    syscall.Errno
		r    uintptr
		i    int
		high uintptr
		sa   *sigactiont
	)
	pid, errno = vfork(p.trap, p.arg1, p.arg2)
	if pid != 0 || errno != 0 {
		return pid, errno
	}

	// The child.
	syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, 2, /* SIG_SETMASK */
		uintptr(unsafe.Pointer(&p.all)), 0, 8, 0, 0)
	p.step = stepSigaction
	for ; p.change != 0; p.change &= p.change - 1 {
		i = bits.TrailingZeros64(p.change) + 1
		sa = &p.dfl
		if p.ignore&(1<<(i-1)) != 0 {
			sa = &p.ign
		} else if i == int(unix.SIGTSTP) || i == int(unix.SIGTTIN) || i == int(unix.SIGTTOU) {
			sa = &p.note
		}
		_, _, e = syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(i),
			uintptr(unsafe.Pointer(sa)), 0, 8, 0, 0)
		if e != 0 {
			goto failed
		}
	}
	if p.alone {
		_, _, e = syscall.RawSyscall6(syscall.SYS_PRCTL, unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0, 0)
		if e != 0 {
			goto failed
		}
	}
	if p.session {
		p.step = stepSetsid
		_, _, e = syscall.RawSyscall(syscall.SYS_SETSID, 0, 0, 0)
		if e != 0 {
			goto failed
		}
	}
	if p.pgid >= 0 {
		p.step = stepSetpgid
		_, _, e = syscall.RawSyscall(syscall.SYS_SETPGID, 0, uintptr(p.pgid), 0)
		if e != 0 {
			goto failed
		}
	}
	if p.tty >= 0 {
		p.step = stepTcsetpgrp
		r, _, _ = syscall.RawSyscall(syscall.SYS_GETPGID, 0, 0, 0)
		p.ttyPgid = int32(r)
		_, _, e = syscall.RawSyscall(syscall.SYS_IOCTL, uintptr(p.tty), unix.TIOCSPGRP,
			uintptr(unsafe.Pointer(&p.ttyPgid)))
		if e != 0 {
			goto failed
		}
	}
	p.step = stepDup
	// First lift every source that is also a target out of the way …
	for i = 0; i < len(p.files); i++ {
		if p.files[i].From >= 0 && p.files[i].From < FirstOwnFD && p.files[i].From != p.files[i].Child {
			high, _, e = syscall.RawSyscall(syscall.SYS_FCNTL, uintptr(p.files[i].From), unix.F_DUPFD_CLOEXEC, 2*FirstOwnFD)
			if e != 0 {
				goto failed
			}
			p.files[i].From = int(high)
		}
	}
	// … then put each in its place.
	for i = 0; i < len(p.files); i++ {
		switch p.files[i].From {
		case -1:
			syscall.RawSyscall(syscall.SYS_CLOSE, uintptr(p.files[i].Child), 0, 0)
			continue
		case p.files[i].Child:
			_, _, e = syscall.RawSyscall(syscall.SYS_FCNTL, uintptr(p.files[i].Child), unix.F_SETFD, 0)
		default:
			_, _, e = syscall.RawSyscall(syscall.SYS_DUP3, uintptr(p.files[i].From), uintptr(p.files[i].Child), 0)
		}
		if e != 0 {
			goto failed
		}
	}
	if p.session {
		p.step = stepControl
		_, _, e = syscall.RawSyscall(syscall.SYS_IOCTL, 0, unix.TIOCSCTTY, 0)
		if e != 0 {
			goto failed
		}
	}
	if p.nofile != nil {
		p.step = stepLimit
		_, _, e = syscall.RawSyscall6(syscall.SYS_PRLIMIT64, 0, unix.RLIMIT_NOFILE,
			uintptr(unsafe.Pointer(p.nofile)), 0, 0, 0)
		if e != 0 {
			goto failed
		}
	}
	p.step = stepExec
	// From here signals arrive: default ones act, stop signals are noted.
	syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, 2, uintptr(unsafe.Pointer(&p.mask)), 0, 8, 0, 0)
	_, _, e = syscall.RawSyscall(syscall.SYS_EXECVE, uintptr(unsafe.Pointer(p.path)),
		uintptr(unsafe.Pointer(p.argv)), uintptr(unsafe.Pointer(p.envv)))

failed:
	p.errno = uintptr(e)
	for {
		syscall.RawSyscall(syscall.SYS_EXIT_GROUP, 127, 0, 0)
	}
}

// vfork makes the system call trap, a clone that shares the memory; it is in
// vfork_*.s.
//
//go:noescape
func vfork(trap, arg1, arg2 uintptr) (pid, errno uintptr)

// environ is the kernel's form of env, kept from the last time where env is the
// same.
func (k *Kernel) environ(env []string) ([]*byte, error) {
	if k.envv != nil && len(env) == len(k.env) && unsafe.SliceData(env) == unsafe.SliceData(k.env) {
		return k.envv, nil
	}
	envv, err := cStrings(env)
	if err == nil {
		k.env, k.envv = env, envv
	}
	return envv, err
}

// cStrings makes a NULL-terminated array of NUL-terminated strings, all in one
// allocation of bytes.
func cStrings(ss []string) ([]*byte, error) {
	n := 0
	for _, s := range ss {
		n += len(s) + 1
	}
	ptrs := make([]*byte, len(ss)+1)
	buf := make([]byte, 0, n)
	for i, s := range ss {
		for j := 0; j < len(s); j++ {
			if s[j] == 0 {
				return nil, syscall.EINVAL
			}
		}
		at := len(buf)
		buf = append(buf, s...)
		buf = append(buf, 0)
		ptrs[i] = &buf[at]
	}
	return ptrs, nil
}

// Exec replaces the shell by a program (execve(2)) with the files, dispositions
// and mask of s; Group and Foreground are not used. It returns only when the
// kernel refuses: then descriptors and dispositions are what they were.
func (k *Kernel) Exec(s *Spec) error {
	path, err := syscall.BytePtrFromString(s.Path)
	if err != nil {
		return err
	}
	argv, err := cStrings(s.Argv)
	if err != nil {
		return err
	}
	envv, err := cStrings(s.Env)
	if err != nil {
		return err
	}
	undo, err := placeFiles(s.Files)
	defer func() { undo() }()
	if err != nil {
		return err
	}
	k.tell(event.Event{Kind: event.Exec, Pid: k.Pid, Path: s.Path, Argv: s.Argv})
	defer k.lockThread()()
	old := setMask(^uint64(0))
	var before [65]sigactiont
	known, were := dispositionsRead, ignored
	for i := unix.Signal(1); i <= 64; i++ {
		if i == unix.SIGKILL || i == unix.SIGSTOP {
			continue
		}
		rtSigaction(i, nil, &before[i])
		if s.Ignore.Has(i) {
			setDisposition(i, &sigactiont{handler: sigIgn})
		} else if before[i].handler == sigIgn {
			setDisposition(i, &defaultAction)
		}
	}
	var now unix.Rlimit
	if s.NoFile != nil {
		unix.Prlimit(0, unix.RLIMIT_NOFILE, s.NoFile, &now)
	}
	// Caught signals become default in exec itself; the mask is inherited, so
	// it must be right before. A signal in between meets a handler.
	setMask(uint64(s.Mask))
	_, _, e := syscall.RawSyscall(syscall.SYS_EXECVE, uintptr(unsafe.Pointer(path)),
		uintptr(unsafe.Pointer(&argv[0])), uintptr(unsafe.Pointer(&envv[0])))
	for i := unix.Signal(1); i <= 64; i++ {
		if i != unix.SIGKILL && i != unix.SIGSTOP {
			rtSigaction(i, &before[i], nil)
		}
	}
	dispositionsRead, ignored = known, were
	setMask(old)
	if s.NoFile != nil {
		unix.Prlimit(0, unix.RLIMIT_NOFILE, &now, nil)
	}
	k.tell(event.Event{Kind: event.Exec, Pid: k.Pid, Path: s.Path, Argv: s.Argv, Errno: int(e)})
	return &SpawnError{Step: "execve", Path: s.Path, Errno: e}
}

// placeFiles puts descriptors in their places in the shell itself. undo takes
// that back; it is never nil.
func placeFiles(files []File) (undo func(), err error) {
	type former struct{ n, copy int }
	var was []former
	undo = func() {
		for _, f := range was {
			if f.copy < 0 {
				unix.Close(f.n)
				continue
			}
			unix.Dup3(f.copy, f.n, 0)
			unix.Close(f.copy)
		}
	}
	lift := func(fd int) (int, error) {
		return unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 2*FirstOwnFD)
	}
	// Targets are copied first: a source may be one of them.
	from := map[int]int{}
	for _, f := range files {
		if f.From == f.Child {
			continue
		}
		c, e := lift(f.Child)
		if e != nil && e != unix.EBADF {
			return undo, e
		}
		if e == unix.EBADF {
			c = -1
		}
		was = append(was, former{f.Child, c})
		from[f.Child] = c
	}
	for _, f := range files {
		src := f.From
		if c, ok := from[src]; ok && src < FirstOwnFD {
			src = c
		}
		switch {
		case f.From == -1:
			unix.Close(f.Child)
		case f.From == f.Child:
			_, err = unix.FcntlInt(uintptr(f.Child), unix.F_SETFD, 0)
		default:
			err = unix.Dup3(src, f.Child, 0)
		}
		if err != nil {
			return undo, err
		}
	}
	return undo, nil
}

// IsNoExec tells whether the kernel did not know the format of a program
// (ENOEXEC): POSIX 2.9.1.6 has the shell run it as a script then.
func IsNoExec(err error) bool { return errors.Is(err, syscall.ENOEXEC) }
