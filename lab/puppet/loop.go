package puppet

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// fork makes the first process of a family of puppets. In the helper it returns;
// in the child it never does: child and grandchildren stay in this frame.
//
// What holds for all that follows the clone: the Go runtime is not there. So there
// is no allocation, no call that might grow the stack, no pointer written to the
// heap or to a global (a write barrier), no map, no panic; only raw system calls,
// on m, which is no memory of Go's. A helper function that is nosplit would do,
// but overflows the stack without optimisation (-N -l).
//
// The caller has all signals blocked, is locked to its thread, and holds
// syscall.ForkLock.
//
//go:noinline
//go:norace
//go:nocheckptr
func fork(m *memory, index uint32) (pid, errno uintptr) {
	var (
		s    = &m.slots[index%slots]
		r    uintptr
		e    syscall.Errno
		i    uintptr
		me   uint32
		act  *sigaction
		next *slot
	)
	r, _, e = syscall.RawSyscall6(syscall.SYS_CLONE, uintptr(unix.SIGCHLD), 0, 0, 0, 0, 0)
	if r != 0 || e != 0 {
		return r, uintptr(e)
	}

	// The child. The handlers of the runtime must go before any signal comes, and
	// those that the driver was started with as ignored stay so.
	for i = 1; i <= 64; i++ {
		act = &m.dfl
		if m.ignored&(1<<(i-1)) != 0 {
			act = &m.ign
		}
		syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, i, uintptr(unsafe.Pointer(act)), 0, 8, 0, 0)
	}
	if m.hasLimit != 0 {
		syscall.RawSyscall6(syscall.SYS_PRLIMIT64, 0, unix.RLIMIT_NOFILE, uintptr(unsafe.Pointer(&m.limit)), 0, 0, 0)
	}
	syscall.RawSyscall6(unix.SYS_CLOSE_RANGE, 3, ^uintptr(0)>>32, 0, 0, 0, 0)
	// As a job-control shell does with the first process of a pipeline.
	syscall.RawSyscall6(syscall.SYS_SETPGID, 0, 0, 0, 0, 0, 0)
	syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, 2, /* SIG_SETMASK */
		uintptr(unsafe.Pointer(&m.mask)), 0, 8, 0, 0)

begin:
	syscall.RawSyscall6(syscall.SYS_PRCTL, unix.PR_SET_NAME, uintptr(unsafe.Pointer(&s.name)), 0, 0, 0, 0)
	counting = uintptr(unsafe.Pointer(&s.counts))
	r, _, _ = syscall.RawSyscall6(syscall.SYS_GETPID, 0, 0, 0, 0, 0, 0)
	me = uint32(r)
	s.pid = int32(r)
	syscall.RawSyscall6(syscall.SYS_SET_ROBUST_LIST, uintptr(unsafe.Pointer(&s.robust)), unsafe.Sizeof(s.robust), 0, 0, 0, 0)
	for {
		put(&s.word, me)
		syscall.RawSyscall6(syscall.SYS_FUTEX, uintptr(unsafe.Pointer(&s.word)), 1 /* FUTEX_WAKE */, 1<<30, 0, 0, 0)
		for get(&s.word) == me {
			if get(&m.closing) != 0 {
				break
			}
			_, _, e = syscall.RawSyscall6(syscall.SYS_FUTEX, uintptr(unsafe.Pointer(&s.word)), 0, /* FUTEX_WAIT */
				uintptr(me), uintptr(unsafe.Pointer(&m.patience)), 0, 0)
			if e == syscall.ETIMEDOUT {
				_, _, e = syscall.RawSyscall6(syscall.SYS_KILL, uintptr(m.helper), 0, 0, 0, 0, 0)
				if e == syscall.ESRCH {
					break
				}
			}
		}
		if get(&s.word) == me { // nobody is there any more to tell it anything
			for {
				syscall.RawSyscall6(syscall.SYS_EXIT_GROUP, 1, 0, 0, 0, 0, 0)
			}
		}
		if s.op == opFork {
			next = &m.slots[s.child%slots]
			r, _, e = syscall.RawSyscall6(syscall.SYS_CLONE, uintptr(unix.SIGCHLD), 0, 0, 0, 0, 0)
			if r == 0 && e == 0 {
				s = next
				goto begin
			}
		} else {
			r, _, e = syscall.RawSyscall6(uintptr(s.nr), uintptr(s.args[0]), uintptr(s.args[1]), uintptr(s.args[2]),
				uintptr(s.args[3]), uintptr(s.args[4]), uintptr(s.args[5]))
		}
		s.result, s.errno = uint64(r), uint64(e)
	}
}
