package ptytest

import (
	"os"

	"golang.org/x/sys/unix"
)

// openPty returns a new pseudo-terminal of the given size (pty(7)). The master
// is non-blocking, so that Go's poller watches it and deadlines work on it;
// calling Fd on it would end that. The slave is an ordinary descriptor, as
// programs expect on 0, 1 and 2.
func openPty(cols, rows int) (master, slave *os.File, err error) {
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, nil, &os.PathError{Op: "open", Path: "/dev/ptmx", Err: err}
	}
	fail := func(call string, err error) (*os.File, *os.File, error) {
		unix.Close(fd)
		return nil, nil, os.NewSyscallError(call, err)
	}
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		return fail("TIOCSPTLCK", err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, winsize(cols, rows)); err != nil {
		return fail("TIOCSWINSZ", err)
	}
	// TIOCGPTPEER opens the other end without a path, so it needs no /dev/pts.
	flags := uintptr(unix.O_RDWR | unix.O_NOCTTY | unix.O_CLOEXEC)
	peer, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.TIOCGPTPEER, flags)
	if errno != 0 {
		return fail("TIOCGPTPEER", errno)
	}
	return os.NewFile(uintptr(fd), "/dev/ptmx"), os.NewFile(peer, "pty"), nil
}

func winsize(cols, rows int) *unix.Winsize {
	return &unix.Winsize{Col: uint16(cols), Row: uint16(rows)}
}

// control runs f on the descriptor of a file without taking it from the
// poller.
func control(file *os.File, f func(fd int) error) error {
	raw, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var ferr error
	if err := raw.Control(func(fd uintptr) { ferr = f(int(fd)) }); err != nil {
		return err
	}
	return ferr
}
