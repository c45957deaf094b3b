package edit

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// term is the terminal: its modes, and raw reads and writes that leave the
// open file description as it is.
type term struct {
	in, out int
	found   unix.Termios // the modes at entry
	ours    unix.Termios
	mask    unix.Sigset_t // the thread's signal mask at entry
}

// enter reads the terminal's modes and sets those for editing. Errors: ENOTTY,
// EIO (hung up).
//
// SIGTTIN and SIGTTOU are blocked on this thread until leave. A shell that
// catches them and has lost the terminal would otherwise restart the same call
// for ever; blocked, reads fail with EIO and the rest goes through (POSIX
// 11.1.4).
func (t *term) enter() error {
	m, err := unix.IoctlGetTermios(t.in, unix.TCGETS)
	if err != nil {
		return err
	}
	runtime.LockOSThread()
	var block unix.Sigset_t
	block.Val[0] = 1<<(unix.SIGTTIN-1) | 1<<(unix.SIGTTOU-1)
	unix.PthreadSigmask(unix.SIG_BLOCK, &block, &t.mask)
	t.found = *m
	t.ours = rawModes(*m)
	// At once, not drained (TCSADRAIN): output that ^S stopped would never
	// drain. Never TCSAFLUSH: it throws away what was typed ahead.
	if err := unix.IoctlSetTermios(t.in, unix.TCSETS, &t.ours); err != nil {
		t.leave()
		return err
	}
	return nil
}

// rawModes are the modes for editing: bytes come one at a time, without echo,
// signals or flow control. CR still becomes NL on input, and output is still
// processed: a line that is typed ahead of Enter's effect waits in the kernel,
// and must be what the next job would have read.
func rawModes(m unix.Termios) unix.Termios {
	m.Lflag &^= unix.ICANON | unix.ECHO | unix.ECHONL | unix.ISIG | unix.IEXTEN
	m.Iflag &^= unix.IXON | unix.INLCR | unix.IGNCR
	m.Cc[unix.VMIN], m.Cc[unix.VTIME] = 1, 0
	return m
}

// IsOwn says whether m is what the editor makes of the modes of: a program that looks at
// the terminal while a line is edited takes these for its user's.
func IsOwn(m, of unix.Termios) bool { return m != of && m == rawModes(of) }

// exactly sets whether CR comes as itself, for ^V.
func (t *term) exactly(on bool) {
	m := t.ours
	if on {
		m.Iflag &^= unix.ICRNL
	}
	unix.IoctlSetTermios(t.in, unix.TCSETS, &m)
}

// again sets our modes if someone has changed them, and tells whether.
func (t *term) again() bool {
	m, err := unix.IoctlGetTermios(t.in, unix.TCGETS)
	if err != nil || *m == t.ours {
		return false
	}
	unix.IoctlSetTermios(t.in, unix.TCSETS, &t.ours)
	return true
}

// restore gives the terminal the modes that it had at entry.
func (t *term) restore() { unix.IoctlSetTermios(t.in, unix.TCSETS, &t.found) }

// leave ends what enter began.
func (t *term) leave() {
	t.restore()
	unix.PthreadSigmask(unix.SIG_SETMASK, &t.mask, nil)
	runtime.UnlockOSThread()
}

// foreground tells whether our process group may read the terminal. On a
// terminal that is not ours the question has no answer, and reads are free.
func (t *term) foreground() bool {
	pgid, err := unix.IoctlGetInt(t.in, unix.TIOCGPGRP)
	return err != nil || pgid == unix.Getpgrp()
}

func (t *term) size() (cols, rows int) {
	ws, err := unix.IoctlGetWinsize(t.out, unix.TIOCGWINSZ)
	if err != nil {
		return 0, 0
	}
	return int(ws.Col), int(ws.Row)
}

// write writes all of b. The description may have been made non-blocking by
// some other process that has it.
func write(fd int, b []byte) error {
	for len(b) > 0 {
		n, err := unix.Write(fd, b)
		if n > 0 {
			b = b[n:]
		}
		switch err {
		case nil, unix.EINTR:
		case unix.EAGAIN:
			unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}, -1)
		default:
			return err
		}
	}
	return nil
}

// ready is what await found.
type ready uint8

const (
	inputReady ready = 1 << iota
	wakeReady
)

// await waits for input, for the wake-up or for a visitor, at most ms
// milliseconds (-1: for ever).
func await(in, wake, visitor, ms int) ready {
	fds := [3]unix.PollFd{
		{Fd: int32(in), Events: unix.POLLIN},
		{Fd: int32(wake), Events: unix.POLLIN}, // poll ignores a negative one
		{Fd: int32(visitor), Events: unix.POLLIN},
	}
	for {
		n, err := unix.Poll(fds[:], ms)
		if err == unix.EINTR && ms != 0 {
			continue
		}
		var r ready
		if n > 0 && fds[0].Revents != 0 {
			r |= inputReady
		}
		if n > 0 && fds[1].Revents|fds[2].Revents != 0 {
			r |= wakeReady
		}
		return r
	}
}

// readByte reads one byte. The end of input is no error: ok is false.
func readByte(fd int) (b byte, ok bool, err error) {
	var buf [1]byte
	n, err := unix.Read(fd, buf[:])
	return buf[0], n == 1, err
}
