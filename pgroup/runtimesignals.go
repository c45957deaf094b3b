package pgroup

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"jsh/pgroup/entry"
)

// The Go runtime cannot do without some signals: it preempts goroutines by
// SIGURG, and makes panics of faults. They are shared with it by a handler in
// runtimesignals_*.s. What the kernel says of a fault, and a SIGURG that this
// process sent to one of its own threads, goes to the runtime's handler; what
// kill(2) sent is the shell's. So a trap on URG never runs because of the
// runtime, and a SIGSEGV from outside ends the shell as it ends any program,
// without a dump of goroutines.
//
// One that is ignored is so by the handler: /proc shows it as caught.

// A signal for the process goes to its main thread, so that it has been noted
// before the system call that met it returns, unless that thread is just about to
// take another one: then the kernel chooses any thread, and the note may be late.
// Therefore the main thread blocks SIGURG, by which the runtime would interrupt it
// every 10 ms: it calls functions often enough to be preempted without. And a
// thread that was chosen once blocks otherThreads from then on.

// otherThreads are all signals but those that the runtime wants unblocked.
//
//lint:ignore U1000 noteSignal in vfork_*.s reads it
var otherThreads = ^uint64(SignalsOf(unix.SIGURG, unix.SIGSEGV, unix.SIGBUS, unix.SIGFPE, unix.SIGILL,
	unix.SIGTRAP, unix.SIGSYS, unix.SIGPROF, 32, 33, 34))

// blockUrgent blocks SIGURG on the calling thread, or not.
func blockUrgent(on bool) {
	how := uintptr(unix.SIG_UNBLOCK)
	if on {
		how = unix.SIG_BLOCK
	}
	set := uint64(SignalsOf(unix.SIGURG))
	unix.RawSyscall6(unix.SYS_RT_SIGPROCMASK, how, uintptr(unsafe.Pointer(&set)), 0, 8, 0, 0)
}

// Read by the handlers.
var (
	runtimeHandlers [65]uintptr // the runtime's, by number
	sharedCaught    uint64      // signals to be noted for Pending
	sharedIgnored   uint64
	ownPid          uint64
	mainThread      uint64 // 0 until OpenWake
	defaultAction   sigactiont
)

// sharedAddress is the address of the handler.
func sharedAddress() uintptr

const saSiginfo = 4

// isShared tells whether the runtime needs a signal.
func isShared(sig unix.Signal) bool {
	switch sig {
	case unix.SIGURG, unix.SIGSEGV, unix.SIGBUS, unix.SIGFPE, unix.SIGILL, unix.SIGTRAP:
		return true
	}
	return false
}

// setShared has a shared signal noted, ignored, or (neither) its default action.
func setShared(sig unix.Signal, note, ignore bool) error {
	_, _, ret := codeAddresses()
	sa := sigactiont{handler: sharedAddress(), flags: saOnStack | saSiginfo, restorer: ret, mask: ^uint64(0)}
	if ret != 0 {
		sa.flags |= saRestorer
	}
	atomic.StoreUint64(&ownPid, uint64(unix.Getpid()))
	setBit(&sharedCaught, sig, note)
	setBit(&sharedIgnored, sig, ignore)
	if sig == unix.SIGURG {
		blockUrgent(!note)
	}
	if sig == unix.SIGURG && !note && runtimeHandlers[sig] == 0 {
		return nil // ignored by default: the runtime's handler alone does that
	}
	if runtimeHandlers[sig] == 0 {
		var old sigactiont
		if err := rtSigaction(sig, nil, &old); err != nil {
			return err
		}
		runtimeHandlers[sig] = old.handler
	}
	return rtSigaction(sig, &sa, nil)
}

func setBit(word *uint64, sig unix.Signal, on bool) {
	if on {
		atomic.OrUint64(word, 1<<(sig-1))
	} else {
		atomic.AndUint64(word, ^uint64(1<<(sig-1)))
	}
}

// IgnoredAtEntry are the signals that were ignored when this process was started.
// Where a build cannot know them (package entry) it says which are ignored now;
// the runtime has forgotten all but SIGHUP, SIGINT, SIGCONT, SIGTSTP, SIGTTIN and
// SIGTTOU then. To be asked before any disposition is changed.
func IgnoredAtEntry() SignalSet {
	if entry.SignalsKnown {
		return SignalSet(entry.Ignored)
	}
	return askIgnored()
}

// Die ends this process by a signal, so that its parent is told of it; it
// returns only if the signal does not end a process.
func Die(sig unix.Signal) {
	rtSigaction(sig, &defaultAction, nil)
	unix.Kill(unix.Getpid(), sig)
}
