package screen

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"

	"jsh/pgroup"
	"jsh/pgroup/entry"
)

// tiocgdev asks for the device number of the real terminal behind a descriptor
// (TIOCGDEV, tty_ioctl in the kernel's drivers/tty/tty_io.c).
const tiocgdev = 0x80045432

// device is the terminal's device number; 0 where fd is none.
func device(fd int) int {
	n, err := unix.IoctlGetInt(fd, tiocgdev)
	if err != nil {
		return 0
	}
	return n
}

// openOuter opens the learner's terminal anew: O_NONBLOCK belongs to the open
// file description, and the one that jsh was started with is shared with the
// shell above it.
func openOuter() (fd int, err error) {
	fd, err = unix.Open("/dev/tty", unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	if d := device(fd); d == 0 || d != device(0) {
		unix.Close(fd)
		return -1, errors.New("standard input is not the controlling terminal")
	}
	return fd, nil
}

// openInner makes the terminal that the shell gets (pty(7)), with the modes of
// the learner's own: who has chosen another erase character keeps it.
func openInner(modes *pgroup.Modes, cols, rows int) (master, slave int, err error) {
	master, err = unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, -1, &os.PathError{Op: "open", Path: "/dev/ptmx", Err: err}
	}
	fail := func(call string, err error) (int, int, error) {
		unix.Close(master)
		return -1, -1, os.NewSyscallError(call, err)
	}
	if err := unix.IoctlSetPointerInt(master, unix.TIOCSPTLCK, 0); err != nil {
		return fail("TIOCSPTLCK", err)
	}
	peer, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(master), unix.TIOCGPTPEER,
		unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC)
	if errno != 0 {
		return fail("TIOCGPTPEER", errno)
	}
	slave = int(peer)
	if modes != nil {
		unix.IoctlSetTermios(slave, unix.TCSETS, modes)
	}
	setSize(master, cols, rows)
	return master, slave, nil
}

func setSize(fd, cols, rows int) {
	unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Col: uint16(cols), Row: uint16(rows)})
}

// sizeOf is the size of a terminal; 80×24 where it does not know its own.
func sizeOf(fd int) (cols, rows int) {
	ws, err := unix.IoctlGetWinsize(fd, unix.TIOCGWINSZ)
	if err != nil || ws.Col == 0 || ws.Row == 0 {
		return 80, 24
	}
	return int(ws.Col), int(ws.Row)
}

// startShell starts the shell as the leader of a session that the terminal
// slave controls. What was ignored when jsh was started is ignored there too
// (POSIX 2.11), though the Go runtime has set handlers of its own here.
func (s *screen) startShell(argv []string, slave int) (pid int, err error) {
	var limit *unix.Rlimit
	if entry.Known {
		limit = &unix.Rlimit{Cur: entry.NoFile.Cur, Max: entry.NoFile.Max}
	}
	c, err := s.k.Spawn(&pgroup.Spec{
		Path: s.exe, Argv: argv, Env: s.environ(), Group: pgroup.SameGroup, Session: true,
		Files:  []pgroup.File{{Child: 0, From: slave}, {Child: 1, From: slave}, {Child: 2, From: slave}},
		Ignore: s.entry, NoFile: limit,
	})
	return c.Pid, err
}

// raw are modes in which the terminal passes all on, as cfmakeraw(3) has them.
func raw(m pgroup.Modes) *pgroup.Modes {
	m.Iflag &^= unix.IGNBRK | unix.BRKINT | unix.PARMRK | unix.ISTRIP | unix.INLCR | unix.IGNCR | unix.ICRNL | unix.IXON
	m.Oflag &^= unix.OPOST
	m.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN
	m.Cflag = m.Cflag&^(unix.CSIZE|unix.PARENB) | unix.CS8
	m.Cc[unix.VMIN], m.Cc[unix.VTIME] = 1, 0
	return &m
}

// signalKey is the signal that key c makes on a terminal with these modes; 0
// if it makes none.
func signalKey(m *pgroup.Modes, c byte) unix.Signal {
	if m.Lflag&unix.ISIG == 0 || c == 0 {
		return 0
	}
	switch c {
	case m.Cc[unix.VINTR]:
		return unix.SIGINT
	case m.Cc[unix.VQUIT]:
		return unix.SIGQUIT
	case m.Cc[unix.VSUSP]:
		return unix.SIGTSTP
	}
	return 0
}
