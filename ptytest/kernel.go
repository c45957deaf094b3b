package ptytest

import (
	"slices"

	"golang.org/x/sys/unix"
)

// Resize changes the terminal's size: the foreground process group gets
// SIGWINCH.
func (t *Term) Resize(cols, rows int) {
	t.t.Helper()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.screen.Resize(cols, rows)
	t.o.Cols, t.o.Rows = cols, rows
	err := control(t.master, func(fd int) error {
		return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, winsize(cols, rows))
	})
	if err != nil {
		t.t.Fatalf("ptytest: TIOCSWINSZ: %v", err)
	}
}

// Foreground is the terminal's foreground process group (tcgetpgrp(3)), asked
// at the master; 0 if the terminal has no session any more.
func (t *Term) Foreground() int {
	var pgid int
	err := control(t.master, func(fd int) (err error) {
		pgid, err = unix.IoctlGetInt(fd, unix.TIOCGPGRP)
		return err
	})
	if err != nil {
		return 0
	}
	return pgid
}

// Modes are the terminal's modes (termios(3)), asked at the master.
func (t *Term) Modes() unix.Termios {
	t.t.Helper()
	var modes *unix.Termios
	err := control(t.master, func(fd int) (err error) {
		modes, err = unix.IoctlGetTermios(fd, unix.TCGETS)
		return err
	})
	if err != nil {
		t.t.Fatalf("ptytest: TCGETS: %v", err)
	}
	return *modes
}

// Session returns the processes of the terminal's session, zombies too.
func (t *Term) Session() []ProcInfo { return Session(t.Pid()) }

// Zombies returns the processes of the session that ended and were not waited
// for.
func (t *Term) Zombies() []ProcInfo {
	return slices.DeleteFunc(t.Session(), func(p ProcInfo) bool { return !p.Zombie() })
}

// Group returns the processes of one process group of the session.
func (t *Term) Group(pgid int) []ProcInfo {
	return slices.DeleteFunc(t.Session(), func(p ProcInfo) bool { return p.Pgid != pgid })
}
