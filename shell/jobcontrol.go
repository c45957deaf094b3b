package shell

import (
	"errors"

	"golang.org/x/sys/unix"

	"jsh/pgroup"
)

// How the shell gets the terminal for a group of its own, and gives it back
// (POSIX 2.11).

// startJobControl takes the terminal for a group of the shell's own (POSIX
// 2.11).
func (s *Shell) startJobControl() error {
	if s.tty < 0 {
		s.openTerminal()
	}
	if s.tty < 0 {
		if s.interactive {
			return errors.New("no job control here: there is no terminal to give to jobs")
		}
		// set -m in a script without a terminal: groups, but no hand-over.
		s.monitor, s.opts.monitor = true, true
		s.jobSignals()
		return nil
	}
	if err := s.awaitForeground(); err != nil {
		return err
	}
	if s.interactive {
		// Whoever started the shell may have ignored them; jobs that could
		// not be stopped would make job control void.
		s.traps.entry &^= pgroup.SignalsOf(jobControlSignals...)
	}
	s.monitor = true
	s.jobSignals()
	defer func() { s.monitor = s.opts.monitor; s.jobSignals() }()
	former := s.Kernel.Pgid
	if former != s.Kernel.Pid {
		if err := s.Kernel.SetPgid(0); err != nil {
			return errors.New("no job control here: setpgid was refused: " + errnoText(err))
		}
	}
	if err := s.Kernel.SetForeground(s.tty, s.Kernel.Pgid); err != nil {
		return errors.New("no job control here: tcsetpgrp was refused: " + errnoText(err))
	}
	s.formerPgid = former
	s.monitor, s.opts.monitor = true, true
	if s.modes == nil {
		s.modes, _ = pgroup.GetModes(s.tty)
	}
	return nil
}

// awaitForeground returns when the shell may take the terminal: its group is
// the foreground process group, or it is the terminal's controlling process,
// which 2.11 lets take it at once. A shell that was started in the background
// stops here by SIGTTIN until somebody brings it to the foreground. In an
// orphaned group such a stop is discarded: then there is no job control.
func (s *Shell) awaitForeground() error {
	if sid, err := pgroup.SessionOf(s.tty); err == nil && sid == s.Kernel.Pid {
		return nil
	}
	for {
		fg, err := pgroup.Foreground(s.tty)
		if err != nil {
			return errors.New("no job control here: the terminal's foreground process group cannot be asked: " + errnoText(err))
		}
		if fg == s.Kernel.Pgid {
			return nil
		}
		if !s.stopGroup(unix.SIGTTIN) {
			return errors.New("no job control here: this shell is in the background of its terminal, and no shell above it can put it into the foreground")
		}
	}
}

// stopGroup stops the shell's whole group by a signal until somebody continues
// it. It returns false if the kernel discarded the signal, as it does in an
// orphaned process group (kernel/signal.c, get_signal): then no SIGCONT came.
func (s *Shell) stopGroup(sig unix.Signal) (stopped bool) {
	for _, j := range jobControlSignals {
		pgroup.Default(j)
	}
	set := pgroup.Pending()
	pgroup.Catch(unix.SIGCONT)
	s.Kernel.KillGroup(s.Kernel.Pgid, sig)
	if !pgroup.AnyPending() {
		// Another thread may be the one that takes the SIGCONT.
		unix.Poll([]unix.PollFd{{Fd: int32(s.wake), Events: unix.POLLIN}}, 100)
	}
	set |= pgroup.Pending()
	stopped = set.Has(unix.SIGCONT)
	if s.traps.actions[unix.SIGCONT].action == "" {
		set = set.Without(unix.SIGCONT)
	}
	for _, j := range jobControlSignals {
		s.disposition(j)
	}
	s.disposition(unix.SIGCONT)
	pgroup.Renote(set)
	return stopped
}

// openTerminal finds the controlling terminal and keeps a descriptor of our
// own for it.
func (s *Shell) openTerminal() {
	for _, n := range []int{2, 0, 1} {
		fd := s.fds.at(n)
		if fd == closed {
			continue
		}
		if _, err := pgroup.SessionOf(fd); err != nil {
			continue
		}
		if high, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, pgroup.FirstOwnFD); err == nil {
			s.tty = high
			return
		}
	}
	if fd, err := unix.Open("/dev/tty", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0); err == nil {
		if fd, err = own(fd); err == nil {
			s.tty = fd
		}
	}
}

// leaveJobControl undoes startJobControl before the shell stops, is replaced or
// ends: it goes back to the group in which it was started, with the terminal.
// Its parent may be waiting for that group, and not be a shell at all.
func (s *Shell) leaveJobControl() {
	if !s.monitor || s.tty < 0 || s.formerPgid == s.Kernel.Pgid || !groupExists(s.formerPgid) {
		return
	}
	if s.hasTerminal() {
		s.Kernel.SetForeground(s.tty, s.formerPgid)
	}
	s.Kernel.SetPgid(s.formerPgid)
}

// resumeJobControl is for a shell that goes on after leaveJobControl.
func (s *Shell) resumeJobControl() {
	if !s.monitor || s.tty < 0 {
		return
	}
	if err := s.startJobControl(); err != nil {
		s.setMonitor(false)
		s.complain(err.Error())
		return
	}
	if s.modes != nil {
		s.Kernel.SetModes(s.tty, s.modes, 0)
	}
}

// reclaimFromBackground is for a shell that finds another group in the
// foreground: a job that was given the terminal by another one and has ended,
// or a parent shell that has put this one into the background.
func (s *Shell) reclaimFromBackground() {
	fg, err := pgroup.Foreground(s.tty)
	if err != nil {
		s.hangup, s.done = true, true
		return
	}
	if fg != s.Kernel.Pgid && groupExists(fg) && !s.ours(fg) {
		if err := s.awaitForeground(); err != nil {
			s.complain("the terminal belongs to process group " + itoa(fg) + ", and no shell above this one can give it back")
			s.done = true
			return
		}
	}
	s.Kernel.SetForeground(s.tty, s.Kernel.Pgid)
	if s.modes != nil {
		s.Kernel.SetModes(s.tty, s.modes, 0)
	}
}
