package puppet

import (
	"runtime"
	"sync/atomic"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"jsh/pgroup"
	"jsh/proc"
)

// HelperName is argv[0] of a jsh that is to be a helper: main calls Helper then.
// It is its name for ps too, by which a picture leaves it out.
const HelperName = proc.PuppetsName

// The helper's descriptors.
const (
	memoryFD = 3
	lifeFD   = 4 // a pipe whose other end the driver has; nothing is ever written
)

// IsHelper tells whether this process was started to be a helper.
func IsHelper(args []string) bool { return len(args) == 1 && args[0] == HelperName }

// Helper forks puppets when it is told to and reaps those that it forked. It
// returns when the driver is gone, or does not need it any more.
func Helper() int {
	m, err := mapMemory(memoryFD)
	if err != nil {
		return 2
	}
	unix.Close(memoryFD)
	unix.CloseOnExec(lifeFD)
	// What is typed at the terminal is not meant for the helper.
	for _, sig := range []unix.Signal{unix.SIGHUP, unix.SIGINT, unix.SIGQUIT, unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU} {
		pgroup.Ignore(sig)
	}
	name := append([]byte(HelperName), 0)
	unix.Prctl(unix.PR_SET_NAME, uintptr(unsafe.Pointer(&name[0])), 0, 0, 0)
	h := &helper{m: m, forked: make(chan struct{}, 1)}
	h.m.base = uint64(uintptr(unsafe.Pointer(m)))
	handler, restorer := codeAddresses()
	h.m.handler, h.m.restorer = uint64(handler), uint64(restorer)
	h.m.helper = int32(unix.Getpid())
	atomic.StoreUint32(&m.ready, 1)
	futexWake(&m.ready)
	go h.serve()
	go h.reap()
	var b [1]byte
	for {
		_, err := unix.Read(lifeFD, b[:])
		if err != unix.EINTR {
			break
		}
	}
	h.end()
	return 0
}

type helper struct {
	m      *memory
	forked chan struct{}
}

// serve forks a puppet for each order in slot 0. The word there is 0 when there
// is none.
func (h *helper) serve() {
	runtime.LockOSThread()
	s := &h.m.slots[0]
	for {
		for atomic.LoadUint32(&s.word) == 0 {
			futexWait(&s.word, 0, 1e9)
		}
		syscall.ForkLock.Lock()
		var old uint64
		syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, 2, uintptr(unsafe.Pointer(&h.m.all)), uintptr(unsafe.Pointer(&old)), 8, 0, 0)
		pid, errno := fork(h.m, s.child)
		syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, 2, uintptr(unsafe.Pointer(&old)), 0, 8, 0, 0)
		syscall.ForkLock.Unlock()
		s.result, s.errno = uint64(pid), uint64(errno)
		atomic.StoreUint32(&s.word, 0)
		futexWake(&s.word)
		select {
		case h.forked <- struct{}{}:
		default:
		}
	}
}

// reap waits for the puppets that the helper forked, as their shell would.
func (h *helper) reap() {
	for {
		var ws unix.WaitStatus
		pid, err := unix.Wait4(-1, &ws, 0, nil)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			<-h.forked
			continue
		}
		for i := 1; i < slots; i++ {
			s := &h.m.slots[i]
			if int(s.pid) == pid && atomic.LoadUint32(&s.ended) == 0 && atomic.LoadUint32(&s.word) != wordFree {
				s.status = uint32(ws)
				atomic.StoreUint32(&s.ended, 1)
				futexWake(&s.ended)
				break
			}
		}
	}
}

// end kills all that are puppets still. The kernel takes the pid out of a word
// when the puppet is none any more, so nobody else is hit; one that was forked
// this moment sees closing.
func (h *helper) end() {
	atomic.StoreUint32(&h.m.closing, 1)
	for i := 1; i < slots; i++ {
		w := atomic.LoadUint32(&h.m.slots[i].word)
		if pid := w & futexTIDMask; w&futexOwnerDied == 0 && pid > wordStarting {
			unix.Kill(int(pid), unix.SIGKILL)
		}
		futexWake(&h.m.slots[i].word)
	}
}
