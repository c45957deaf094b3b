package pgroup

import (
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// Modes are a terminal's modes (termios(3)).
type Modes = unix.Termios

// SetForeground makes pgid the foreground process group of terminal tty
// (tcsetpgrp(3)), also when the caller is in the background. Errors: ENOTTY
// (not our controlling terminal, or it was hung up), EPERM (no such group in
// this session), EIO.
func (k *Kernel) SetForeground(tty, pgid int) error {
	p := int32(pgid)
	err := ioctlWithTTOUBlocked(tty, unix.TIOCSPGRP, unsafe.Pointer(&p))
	k.tell(event.Event{Kind: event.SetFg, Pgid: pgid, Errno: errnoOf(err)})
	return err
}

// Foreground tells the foreground process group of terminal tty
// (tcgetpgrp(3)); 0 where it has none that this process can see.
func Foreground(tty int) (pgid int, err error) {
	return unix.IoctlGetInt(tty, unix.TIOCGPGRP)
}

// SessionOf tells the session that terminal tty controls (tcgetsid(3)).
func SessionOf(tty int) (sid int, err error) { return unix.IoctlGetInt(tty, unix.TIOCGSID) }

// GetModes reads the modes of a terminal (tcgetattr(3)).
func GetModes(tty int) (*Modes, error) { return unix.IoctlGetTermios(tty, unix.TCGETS) }

// SaveModes is GetModes, told to the log as done for a job (0: for the shell).
func (k *Kernel) SaveModes(tty, job int) (*Modes, error) {
	m, err := GetModes(tty)
	k.tell(event.Event{Kind: event.SaveModes, Job: job, Errno: errnoOf(err)})
	return m, err
}

// SetModes puts modes back (tcsetattr(3) with TCSANOW: with TCSADRAIN a
// terminal that was stopped by ^S would hang the shell), also from the
// background. job is told to the log.
func (k *Kernel) SetModes(tty int, m *Modes, job int) error {
	err := ioctlWithTTOUBlocked(tty, unix.TCSETS, unsafe.Pointer(m))
	k.tell(event.Event{Kind: event.SetModes, Job: job, Errno: errnoOf(err)})
	return err
}

// IsTerminal tells whether a descriptor is a terminal (isatty(3)).
func IsTerminal(fd int) bool {
	_, err := GetModes(fd)
	return err == nil
}

// ioctlWithTTOUBlocked makes a terminal ioctl that would raise SIGTTOU in a
// background process: blocked, POSIX lets the call through. With SIGTTOU
// caught instead the kernel would restart the call for ever.
func ioctlWithTTOUBlocked(fd int, req uintptr, arg unsafe.Pointer) (err error) {
	WithTTOUBlocked(func() {
		for {
			_, _, e := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), req, uintptr(arg))
			if e == syscall.EINTR {
				continue
			}
			if e != 0 {
				err = e
			}
			return
		}
	})
	return err
}

// WithTTOUBlocked calls f with SIGTTOU blocked on this thread: f may write to
// the terminal from the background whatever stty tostop says.
func WithTTOUBlocked(f func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	old := blockMask(uint64(SignalsOf(unix.SIGTTOU)))
	defer setMask(old)
	f()
}
