package servers

import (
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// child is what a child of a server needs, made before it is forked.
type child struct {
	name     [16]byte // what it is called
	listener int
	conn     int       // the request that it was forked for; -1: it accepts
	once     bool      // it answers one request
	none     [4]uint64 // sigaction: SIG_DFL
	mask     uint64
	byte     [1]byte
	reply    reply // total is the child's own: a copy of the server's, which nobody else sees
}

// reply is what a child says when it takes a connection, and again when it has read
// the request, which is one byte.
type reply struct {
	pid   int32
	total int32 // how many requests this process has answered
}

// fork makes a child of the server that answers requests. In the server it returns;
// in the child it never does.
//
// The child is a copy without the Go runtime: only raw system calls on memory that
// is there already, no allocation, no pointer written, no call that might grow the
// stack (as in package puppet, which says more). Its loop is in this function
// because a nosplit one would overflow the stack without optimisation.
//
// The caller is locked to its thread, has all signals blocked and holds
// syscall.ForkLock.
//
//go:noinline
//go:norace
//go:nocheckptr
func fork(c *child) (pid, errno uintptr) {
	var (
		r    uintptr
		e    syscall.Errno
		i    uintptr
		conn uintptr
	)
	r, _, e = syscall.RawSyscall6(syscall.SYS_CLONE, uintptr(unix.SIGCHLD), 0, 0, 0, 0, 0)
	if r != 0 || e != 0 {
		return r, uintptr(e)
	}
	for i = 1; i <= 64; i++ { // the runtime's handlers
		syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, i, uintptr(unsafe.Pointer(&c.none)), 0, 8, 0, 0)
	}
	syscall.RawSyscall6(syscall.SYS_PRCTL, unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0, 0)
	syscall.RawSyscall6(syscall.SYS_PRCTL, unix.PR_SET_NAME, uintptr(unsafe.Pointer(&c.name)), 0, 0, 0, 0)
	syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, 2 /* SIG_SETMASK */, uintptr(unsafe.Pointer(&c.mask)), 0, 8, 0, 0)
	r, _, _ = syscall.RawSyscall6(syscall.SYS_GETPID, 0, 0, 0, 0, 0, 0)
	c.reply.pid = int32(r)
	conn = uintptr(c.conn)
	for {
		if !c.once {
			conn, _, e = syscall.RawSyscall6(syscall.SYS_ACCEPT4, uintptr(c.listener), 0, 0, 0, 0, 0)
			if e != 0 {
				if e == syscall.EINTR || e == syscall.ECONNABORTED {
					continue
				}
				break
			}
		}
		syscall.RawSyscall6(syscall.SYS_SENDTO, conn, uintptr(unsafe.Pointer(&c.reply)), unsafe.Sizeof(c.reply), unix.MSG_NOSIGNAL, 0, 0)
		r, _, _ = syscall.RawSyscall6(syscall.SYS_READ, conn, uintptr(unsafe.Pointer(&c.byte)), 1, 0, 0, 0)
		if r == 1 {
			c.reply.total++
			syscall.RawSyscall6(syscall.SYS_SENDTO, conn, uintptr(unsafe.Pointer(&c.reply)), unsafe.Sizeof(c.reply), unix.MSG_NOSIGNAL, 0, 0)
		}
		if c.once { // it is there until the client has gone
			syscall.RawSyscall6(syscall.SYS_READ, conn, uintptr(unsafe.Pointer(&c.byte)), 1, 0, 0, 0)
			break
		}
		syscall.RawSyscall6(syscall.SYS_CLOSE, conn, 0, 0, 0, 0, 0)
	}
	for {
		syscall.RawSyscall6(syscall.SYS_EXIT_GROUP, 0, 0, 0, 0, 0, 0)
	}
}

// forkDaemon does what daemon(3) does, in a child that ends then: its status is the
// errno of the call that failed, 0 for none. What holds for fork holds here.
//
//go:noinline
//go:norace
//go:nocheckptr
func forkDaemon(null int, root *[2]byte) (pid, errno uintptr) {
	var (
		r  uintptr
		e  syscall.Errno
		fd uintptr
	)
	r, _, e = syscall.RawSyscall6(syscall.SYS_CLONE, uintptr(unix.SIGCHLD), 0, 0, 0, 0, 0)
	if r != 0 || e != 0 {
		return r, uintptr(e)
	}
	_, _, e = syscall.RawSyscall6(syscall.SYS_SETSID, 0, 0, 0, 0, 0, 0)
	if e == 0 {
		_, _, e = syscall.RawSyscall6(syscall.SYS_CHDIR, uintptr(unsafe.Pointer(root)), 0, 0, 0, 0, 0)
	}
	for fd = 0; fd < 3 && e == 0; fd++ {
		_, _, e = syscall.RawSyscall6(syscall.SYS_DUP3, uintptr(null), fd, 0, 0, 0, 0)
	}
	for {
		syscall.RawSyscall6(syscall.SYS_EXIT_GROUP, uintptr(e), 0, 0, 0, 0, 0)
	}
}

// withSignalsBlocked calls one of the two above as they want to be called.
func withSignalsBlocked(fork func() (pid, errno uintptr)) (pid int, err error) {
	all, old := ^uint64(0), uint64(0)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	syscall.ForkLock.Lock()
	syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, 2, uintptr(unsafe.Pointer(&all)), uintptr(unsafe.Pointer(&old)), 8, 0, 0)
	r, e := fork()
	syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, 2, uintptr(unsafe.Pointer(&old)), 0, 8, 0, 0)
	syscall.ForkLock.Unlock()
	if e != 0 {
		return 0, unix.Errno(e)
	}
	return int(r), nil
}
