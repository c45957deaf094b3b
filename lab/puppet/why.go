package puppet

import (
	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/proc"
)

// why says why the kernel refused a call of p, and what to do; "" where the
// errno's own words are enough.
func (t *Troupe) why(p *Puppet, a *Answer) string {
	at, err := p.Place()
	if err != nil {
		return ""
	}
	return Why(a.Call, a.Errno, &at)
}

// Why explains the refusal of a call that the process at place made.
func Why(c Call, e unix.Errno, at *proc.Proc) string {
	switch c.Verb {
	case "setsid":
		if e == unix.EPERM && at.Pgid == at.Pid {
			return "this process leads process group " + itoa(at.Pgid) + "; fork first: the child leads none"
		}
		if e == unix.EPERM {
			return "a process group has this process's number " + itoa(at.Pid) + " as its own"
		}
	case "setpgid":
		switch {
		case e == unix.EPERM && at.Sid == at.Pid && c.args[0] == 0:
			return "this process leads session " + itoa(at.Sid) + ": a session leader keeps its group"
		case e == unix.EPERM:
			return "the group must be one of the same session (" + itoa(at.Sid) + "), or the process's own number; and no session leader can be moved"
		case e == unix.EACCES:
			return "that child has done exec already: its group is its own business now"
		case e == unix.ESRCH:
			return "setpgid works on the process itself and on its children; " + itoa(c.args[0]) + " is neither"
		}
	case "open":
		switch e {
		case unix.ENXIO:
			if at.TTY == 0 {
				return "/dev/tty means the controlling terminal, and this process has none"
			}
			return "nobody has the other end open"
		case unix.ENOENT:
			return "there is no such file; O_CREAT would make one"
		case unix.EIO:
			return "that terminal was hung up, or its master is not open"
		}
	case "ioctl":
		switch {
		case e == unix.EPERM && c.args[1] == unix.TIOCSCTTY && at.Pid != at.Sid:
			return "only a session leader can acquire a terminal, and session " + itoa(at.Sid) + " is led by another process; setsid first"
		case e == unix.EPERM && c.args[1] == unix.TIOCSCTTY && at.TTY != 0:
			return "this session has a terminal already: " + event.TTYName(at.TTY)
		case e == unix.EPERM && c.args[1] == unix.TIOCSCTTY:
			return "that terminal belongs to another session; spare-tty lends a free one"
		case e == unix.ENOTTY:
			return "that is not this process's controlling terminal"
		}
	case "tcsetpgrp":
		switch e {
		case unix.EPERM:
			return "only a process group of this session (" + itoa(at.Sid) + ") can have its terminal"
		case unix.ENOTTY:
			return "that is not the controlling terminal of this process, or its group is orphaned"
		case unix.ESRCH:
			return "there is no process in that group"
		}
	case "read", "write":
		if e == unix.EIO {
			return "the terminal was hung up, or it is this session's and the group is an orphaned one in the background"
		}
	case "kill":
		switch e {
		case unix.ESRCH:
			return "there is no such process or group"
		case unix.EPERM:
			return "it belongs to another user"
		}
	case "waitpid":
		if e == unix.ECHILD {
			return "it has no child, or that one is not its child: only the parent can wait"
		}
	case "chdir":
		if e == unix.ENOENT || e == unix.ENOTDIR {
			return "there is no such directory"
		}
	case "setuid", "seteuid", "setreuid", "setresuid", "setgid", "setegid", "setregid", "setresgid":
		if e == unix.EPERM {
			return "without privilege only the real, the effective and the saved ID can be set"
		}
	case "setgroups":
		if e == unix.EPERM {
			return "the list of groups can be set by root only (CAP_SETGID)"
		}
	case "execve":
		switch e {
		case unix.ENOENT:
			return "there is no such program, or what its #! line names is missing"
		case unix.EACCES:
			return "it is not executable, or a directory"
		case unix.ENOEXEC:
			return "the kernel does not know this format; a script without a #! line needs a shell"
		}
	case "umount":
		switch e {
		case unix.EBUSY:
			return "a working directory or an open file on it keeps it in use"
		case unix.EPERM:
			return "it takes root, or a mount namespace of one's own"
		}
	case "unshare", "mount":
		if e == unix.EPERM || e == unix.EACCES {
			return "it takes root, or a user namespace of one's own, which is refused here"
		}
	}
	if e == unix.EBADF && !c.noFile {
		return "descriptor " + itoa(c.args[0]) + " is not open"
	}
	if e == unix.EINTR {
		return "a signal came, and its handler ran: the call was given up"
	}
	return ""
}
