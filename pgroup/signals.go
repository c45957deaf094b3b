package pgroup

import (
	"sync/atomic"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// SignalSet is a set of signals: bit n-1 is signal n, as in the kernel's
// sigset_t and the masks of /proc/PID/status.
type SignalSet uint64

// SignalsOf makes a set of signal numbers.
func SignalsOf(sigs ...unix.Signal) SignalSet {
	var s SignalSet
	for _, sig := range sigs {
		s = s.With(sig)
	}
	return s
}

// With adds a signal.
func (s SignalSet) With(sig unix.Signal) SignalSet { return s | 1<<(sig-1) }

// Without removes a signal.
func (s SignalSet) Without(sig unix.Signal) SignalSet { return s &^ (1 << (sig - 1)) }

// Has tells whether a signal is in the set.
func (s SignalSet) Has(sig unix.Signal) bool { return s&(1<<(sig-1)) != 0 }

// Written by the assembly handlers.
var (
	caught    uint64      // signals that came since Pending last took them
	wakeFD    int64  = -1 // where noteSignal writes; -1 fails harmlessly
	one       uint64 = 1  // what it writes
	notedStop uint64      // a stop signal that came between vfork and exec
)

// noteStop, noteSignal and signalReturn are code in vfork_*.s; only their
// addresses are used.
func codeAddresses() (stop, signal, ret uintptr)

const (
	sigDfl = 0
	sigIgn = 1

	saOnStack  = 0x08000000
	saRestorer = 0x04000000
	saRestart  = 0x10000000
)

// sigactiont is the kernel's struct sigaction (include/linux/signal_types.h).
type sigactiont struct {
	handler  uintptr
	flags    uint64
	restorer uintptr
	mask     uint64
}

func rtSigaction(sig unix.Signal, new, old *sigactiont) error {
	_, _, e := syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(sig),
		uintptr(unsafe.Pointer(new)), uintptr(unsafe.Pointer(old)), 8, 0, 0)
	if e != 0 {
		return e
	}
	return nil
}

// OpenWake makes the descriptor that becomes readable whenever a caught signal
// arrives: an eventfd(2), close-on-exec. Poll it; Pending empties it. It must be
// called on the main thread, which takes the signals of the process from then on.
func OpenWake() (fd int, err error) {
	atomic.StoreUint64(&mainThread, uint64(unix.Gettid()))
	blockUrgent(true)
	fd, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		return -1, err
	}
	if high, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, FirstOwnFD); err == nil {
		unix.Close(fd)
		fd = high
	}
	atomic.StoreInt64(&wakeFD, int64(fd))
	return fd, nil
}

// ignored are the signals that this process ignores, once all were read.
var (
	ignored          SignalSet
	dispositionsRead bool
)

// ignoredNow are the signals that this process ignores. They are read once;
// from then on this package knows what it changes, and nobody else may.
func ignoredNow() SignalSet {
	if !dispositionsRead {
		ignored, dispositionsRead = askIgnored(), true
	}
	return ignored
}

// askIgnored asks the kernel which signals this process ignores.
func askIgnored() SignalSet {
	var set SignalSet
	for sig := unix.Signal(1); sig <= 64; sig++ {
		var old sigactiont
		if rtSigaction(sig, nil, &old) == nil && old.handler == sigIgn {
			set = set.With(sig)
		}
	}
	return set
}

// setDisposition is sigaction(2) for this process.
func setDisposition(sig unix.Signal, sa *sigactiont) error {
	err := rtSigaction(sig, sa, nil)
	if err == nil {
		ignored = ignored.Without(sig)
		if sa.handler == sigIgn {
			ignored = ignored.With(sig)
		}
	}
	return err
}

// Catch has sig noted for Pending from now on (sigaction(2), no SA_RESTART: a
// blocking call on the main thread returns EINTR). Children get the default.
func Catch(sig unix.Signal) error {
	if isShared(sig) {
		return setShared(sig, true, false)
	}
	_, handler, ret := codeAddresses()
	sa := sigactiont{handler: handler, flags: saOnStack | saSiginfo, restorer: ret, mask: ^uint64(0)}
	if ret != 0 {
		sa.flags |= saRestorer
	}
	return setDisposition(sig, &sa)
}

// Ignore sets SIG_IGN in the shell itself. Programs started by Spawn ignore
// what Spec.Ignore says, whatever the shell does.
func Ignore(sig unix.Signal) error {
	if isShared(sig) {
		return setShared(sig, false, true)
	}
	return setDisposition(sig, &sigactiont{handler: sigIgn})
}

// Default sets SIG_DFL in the shell itself.
func Default(sig unix.Signal) error {
	if isShared(sig) {
		return setShared(sig, false, false)
	}
	return setDisposition(sig, &sigactiont{handler: sigDfl})
}

// Pending takes the caught signals that arrived since it was last called and
// empties the wake descriptor.
//
// The descriptor is read first: a signal after that makes it readable again. It
// may then be readable although Pending has taken the signal already, so it is
// emptied also where nothing seems to be pending; otherwise who polls it would
// spin until the next signal.
func Pending() SignalSet {
	if fd := atomic.LoadInt64(&wakeFD); fd >= 0 {
		var buf [8]byte
		unix.Read(int(fd), buf[:])
	}
	return SignalSet(atomic.SwapUint64(&caught, 0))
}

// AnyPending tells, without taking anything, whether Pending has something.
func AnyPending() bool { return atomic.LoadUint64(&caught) != 0 }

// Renote puts signals back as if they had just arrived.
func Renote(s SignalSet) {
	if s == 0 {
		return
	}
	for {
		old := atomic.LoadUint64(&caught)
		if atomic.CompareAndSwapUint64(&caught, old, old|uint64(s)) {
			break
		}
	}
	if fd := atomic.LoadInt64(&wakeFD); fd >= 0 {
		unix.Write(int(fd), (*[8]byte)(unsafe.Pointer(&one))[:])
	}
}

// setMask sets the calling thread's signal mask and returns the old one. The
// caller must be locked to its thread.
//
//go:nosplit
//go:norace
func setMask(mask uint64) (old uint64) {
	syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, 2, /* SIG_SETMASK */
		uintptr(unsafe.Pointer(&mask)), uintptr(unsafe.Pointer(&old)), 8, 0, 0)
	return old
}

// blockMask adds to the calling thread's signal mask and returns the old one.
//
//go:nosplit
//go:norace
func blockMask(mask uint64) (old uint64) {
	syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, 0, /* SIG_BLOCK */
		uintptr(unsafe.Pointer(&mask)), uintptr(unsafe.Pointer(&old)), 8, 0, 0)
	return old
}
