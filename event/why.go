package event

import "golang.org/x/sys/unix"

// refusal says in words what the kernel's errno means for this call. The
// meanings are those of the calls' man pages, section 2 (tcsetpgrp: 3).
func refusal(e *Event) string {
	errno := unix.Errno(e.Errno)
	switch e.Kind {
	case Spawn, Exec:
		name := base(e.Path)
		switch errno {
		case unix.ENOENT:
			return name + ": no such file, or its interpreter is missing"
		case unix.EACCES:
			return name + ": no permission to run it"
		case unix.ENOEXEC:
			return name + ": not in a form that the kernel can run"
		case unix.E2BIG:
			return name + ": arguments and environment are too long"
		case unix.ETXTBSY:
			return name + ": the file is open for writing"
		case unix.EAGAIN:
			return name + ": too many processes"
		}
		return name + ": " + errno.Error()
	case SetPgid:
		switch errno {
		case unix.EACCES:
			return "that child has already called execve"
		case unix.EPERM:
			return "it leads a session, or the group is elsewhere"
		case unix.ESRCH:
			return "no such process, or no child of the shell"
		}
	case SetFg:
		switch errno {
		case unix.ENOTTY:
			return "that is not the shell's controlling terminal"
		case unix.EPERM:
			return "no such group in the shell's session"
		case unix.ESRCH:
			return "no process is left in that group"
		case unix.EIO:
			return "the terminal has hung up"
		}
	case Kill:
		switch errno {
		case unix.ESRCH:
			return "no such process or group"
		case unix.EPERM:
			return "it belongs to another user"
		case unix.EINVAL:
			return "no such signal"
		}
	case SaveModes, SetModes:
		switch errno {
		case unix.ENOTTY:
			return "that is no terminal"
		case unix.EIO:
			return "the terminal has hung up"
		}
	}
	return errno.Error()
}

// why explains in one line what often lies behind an event. It tells what
// such an event means, never who caused this one: the log would have to show
// that.
func (e *Event) why(c *Context) string {
	if e.Errno != 0 {
		return ""
	}
	switch e.Kind {
	case Spawn:
		switch {
		case e.Pgid == e.Pid && e.Fg:
			return num(e.Pgid) + " is a new process group, and the one that reads the keyboard."
		case e.Pgid == e.Pid:
			return num(e.Pgid) + " is a new process group; the keyboard stays where it is."
		}
	case Stopped:
		switch unix.Signal(e.Sig) {
		case unix.SIGTSTP:
			return "The terminal sends SIGTSTP to its foreground group when ^Z is pressed."
		case unix.SIGTTIN:
			return "A background group that reads the terminal gets SIGTTIN; fg lets it."
		case unix.SIGTTOU:
			return "A background group that changes the terminal's modes gets SIGTTOU."
		case unix.SIGSTOP:
			return "No process can catch, block or ignore SIGSTOP."
		}
	case Killed:
		switch unix.Signal(e.Sig) {
		case unix.SIGINT:
			return "The terminal sends SIGINT to its foreground group when ^C is pressed."
		case unix.SIGQUIT:
			return `The terminal sends SIGQUIT to its foreground group when ^\ is pressed.`
		case unix.SIGHUP:
			return "SIGHUP comes when a terminal hangs up, or a stopped group is orphaned."
		case unix.SIGPIPE:
			return "A process that writes to a pipe nobody reads any more gets SIGPIPE."
		case unix.SIGSEGV:
			return "It touched memory that it does not have."
		case unix.SIGKILL:
			return "No process can catch, block or ignore SIGKILL."
		}
	case Moved:
		if e.Text == "parent" {
			return "Its parent ended, so the kernel gave it another one."
		}
	}
	return ""
}
