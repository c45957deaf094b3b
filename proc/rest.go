package proc

import (
	"errors"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// rest is where the watcher's goroutine waits: an epoll(7) descriptor with all
// that can wake it in it, which the Go runtime waits for as it does for a socket.
//
// A blocking system call of its own would do the same, but keeps one of the
// runtime's processors for 10 ms; while it does, the runtime's monitor thread
// looks some 60 times whether to take that away. So each wait would cost some 60
// switches of threads, which is more than all that the watcher does.
type rest struct {
	file  *os.File // owns the descriptor
	conn  syscall.RawConn
	fd    int
	wake  int   // eventfd(2)
	timer int   // timerfd_create(2): a timer of the runtime's would wake its monitor too
	armed int64 // when it goes off, CLOCK_MONOTONIC ns; 0: it does not
	queue int   // the connector's; -1 is none
	heard bool  // the queue wakes us
	ready []unix.EpollEvent
	n     int // how many of those
	try   func(uintptr) bool
}

// newRest makes one. wake stays the caller's; queue too, -1 is none.
func newRest(wake, queue int) (r *rest, err error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, errors.New("cannot watch: epoll_create1: " + errText(err))
	}
	timer, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK)
	if err != nil {
		unix.Close(fd)
		return nil, errors.New("cannot watch: timerfd_create: " + errText(err))
	}
	r = &rest{fd: fd, wake: wake, timer: timer, queue: queue, ready: make([]unix.EpollEvent, 16)}
	r.try = r.poll
	for _, e := range []struct {
		fd     int
		events uint32
	}{{wake, unix.EPOLLIN}, {timer, unix.EPOLLIN}, {queue, unix.EPOLLONESHOT}} {
		if e.fd < 0 {
			continue
		}
		if err := r.change(unix.EPOLL_CTL_ADD, e.fd, e.events); err != nil {
			unix.Close(fd)
			unix.Close(timer)
			return nil, errors.New("cannot watch: epoll_ctl: " + errText(err))
		}
	}
	unix.SetNonblock(fd, true) // or package os does not let the runtime wait for it
	r.file = os.NewFile(uintptr(fd), "epoll")
	if r.conn, err = r.file.SyscallConn(); err != nil {
		r.close()
		return nil, errors.New("cannot watch: " + err.Error())
	}
	return r, nil
}

// change is epoll_ctl(2).
func (r *rest) change(op, fd int, events uint32) error {
	e := unix.EpollEvent{Events: events, Fd: int32(fd)}
	if _, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_CTL, uintptr(r.fd), uintptr(op), uintptr(fd), uintptr(unsafe.Pointer(&e)), 0, 0); errno != 0 {
		return errno
	}
	return nil
}

// once has a descriptor wake us one time.
func (r *rest) once(fd int) error {
	return r.change(unix.EPOLL_CTL_ADD, fd, unix.EPOLLIN|unix.EPOLLONESHOT)
}

// poll asks what is ready and does not wait. It says whether anything is.
func (r *rest) poll(uintptr) bool {
	// epoll_pwait: arm64 has no epoll_wait.
	n, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(r.fd), uintptr(unsafe.Pointer(&r.ready[0])), uintptr(len(r.ready)), 0, 0, 0)
	if r.n = int(n); errno != 0 {
		r.n = 0
	}
	return r.n > 0
}

// until waits for the time, or for a descriptor. The connector's counts if hear says so.
// It returns what woke it: that is in ready until the next call.
func (r *rest) until(now, at int64, hear bool) []unix.EpollEvent {
	if hear != r.heard && r.queue >= 0 {
		events := uint32(unix.EPOLLONESHOT)
		if hear {
			events |= unix.EPOLLIN
		}
		if r.change(unix.EPOLL_CTL_MOD, r.queue, events) == nil {
			r.heard = hear
		}
	}
	switch {
	case at <= now:
		r.poll(0)
	default:
		if at != r.armed {
			r.arm(at)
		}
		if r.conn.Read(r.try) != nil { // the runtime cannot wait for it
			fds := []unix.PollFd{{Fd: int32(r.fd), Events: unix.POLLIN}}
			unix.Poll(fds, int((at-now)/ms)+1)
			r.poll(0)
		}
	}
	for _, e := range r.ready[:r.n] {
		switch int(e.Fd) {
		case r.queue:
			r.heard = false // EPOLLONESHOT
		case r.wake, r.timer:
			var b [8]byte
			unix.RawSyscall(unix.SYS_READ, uintptr(e.Fd), uintptr(unsafe.Pointer(&b)), 8)
			if int(e.Fd) == r.timer {
				r.armed = 0
			}
		}
	}
	return r.ready[:r.n]
}

// arm sets the time.
func (r *rest) arm(at int64) {
	spec := unix.ItimerSpec{Value: unix.NsecToTimespec(at)}
	if _, _, errno := unix.RawSyscall6(unix.SYS_TIMERFD_SETTIME, uintptr(r.timer), unix.TFD_TIMER_ABSTIME, uintptr(unsafe.Pointer(&spec)), 0, 0, 0); errno == 0 {
		r.armed = at
	}
}

func (r *rest) close() {
	unix.Close(r.timer)
	r.file.Close()
}
