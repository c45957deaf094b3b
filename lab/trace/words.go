package trace

import (
	"strings"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// sentence says what a call asks for, before it is made.
func (c *Call) sentence() string {
	switch c.Kind {
	case Fork, Clone, Clone3:
		switch {
		case c.Flags&unix.CLONE_THREAD != 0:
			return "starts a thread: the same process, so no new pid"
		case c.Flags&unix.CLONE_VFORK != 0:
			return Call{Kind: Vfork}.vfork()
		}
		return "makes a copy of itself: a child in the same group and session"
	case Vfork:
		return c.vfork()
	case Execve, Execveat:
		return "becomes another program under the same pid; group, session and terminal stay"
	case Setsid:
		s := "asks for a session and a group of its own, without a terminal"
		if c.Leads {
			s += "; but it leads group " + num(c.Pid)
		}
		return s
	case Setpgid:
		who := "itself"
		if c.Target != c.Pid {
			who = "process " + num(c.Target)
		}
		if g := int(int32(c.Args[1])); g != 0 && g != int(int32(c.Args[0])) {
			return "puts " + who + " into process group " + num(g)
		}
		return "makes " + who + " the leader of a process group of its own"
	case Ioctl:
		switch uint32(c.Args[1]) {
		case unix.TIOCSPGRP:
			return "tcsetpgrp: gives the keyboard of its terminal to group " + num(-c.Target)
		case unix.TIOCSCTTY:
			return "asks for this terminal as the controlling terminal of its session"
		}
		return "gives up its controlling terminal"
	case Dup:
		return "makes another descriptor for what " + num(c.source) + " is open on: " + openFile(c.Pid, c.source)
	case Fcntl:
		return "makes another descriptor for what " + num(c.source) + " is open on: " + openFile(c.Pid, c.source)
	case Dup2, Dup3:
		return "makes descriptor " + num(int(int32(c.Args[1]))) + " what " + num(c.source) + " is: " + openFile(c.Pid, c.source)
	case Close:
		return "closes descriptor " + num(int(c.Args[0])) + ": " + openFile(c.Pid, int(c.Args[0]))
	case CloseRange:
		return "closes all descriptors from one number to another"
	case Open, Openat, Creat:
		switch {
		case c.Path == "/dev/null":
			return "opens the device that is always empty and takes everything"
		case c.Path == "/dev/tty":
			return "opens its controlling terminal, whichever that is"
		case !isTerminalOrNull(c.Path):
			return "opens a file to write"
		case c.Flags&unix.O_NOCTTY != 0:
			return "opens a terminal, and does not want it as its controlling terminal"
		}
		return "opens a terminal: a session leader that has none acquires it by that"
	case Chdir, Fchdir:
		return "moves its working directory, which keeps a file system busy"
	case Chroot:
		return "sees only what is below this directory from now on"
	case Umask:
		return "new files get mode & ~umask from now on"
	case Sigaction:
		switch c.Path {
		case "SIG_DFL":
			return "lets " + event.SigName(c.Sig) + " do what it does by default"
		case "SIG_IGN":
			return "ignores " + event.SigName(c.Sig) + " from now on; that lasts through execve"
		}
		return "has a function run when " + event.SigName(c.Sig) + " comes"
	case Kill, Tkill, Tgkill:
		return c.kill()
	case Setuid, Setreuid, Setresuid, Setgid, Setregid, Setresgid, Setgroups:
		return "changes who it is when the kernel checks permissions"
	case Wait4, Waitid:
		if c.Flags&unix.WNOHANG != 0 {
			return "asks whether a child has ended, without waiting"
		}
		return "waits for a child; the child's status is kept for this call"
	case Exit:
		return "ends this thread"
	case ExitGroup:
		return "ends the process; children that it leaves get another parent"
	}
	return ""
}

func (c Call) vfork() string {
	return "makes a child that borrows its memory, and sleeps until the child execs or ends"
}

func (c *Call) kill() string {
	target := int(int32(c.Args[0]))
	whom := "process " + num(c.Target)
	if c.Kind == Kill {
		switch {
		case target == 0:
			whom = "every process of its own group"
		case target == -1:
			whom = "every process that it may signal"
		case target < 0:
			whom = "every process of group " + num(-target)
		}
	}
	if c.Target == c.Pid {
		whom = "itself"
	}
	if c.Sig == 0 {
		return "asks whether " + whom + " is there"
	}
	return "sends " + event.SigName(c.Sig) + " to " + whom
}

// Result is the kernel's answer in short: = 4713, = 0, = -1 EPERM.
func (c *Call) Result() string {
	switch {
	case c.Ret <= -512 && c.Ret >= -516:
		return "interrupted by a signal"
	case c.Errno != 0:
		return "= -1 " + errnoName(c.Errno)
	case c.Kind == Umask:
		return "= " + octal(uint64(c.Ret))
	case c.Kind.family() == Fork && c.Child != 0:
		return "= " + num(c.Child)
	}
	return "= " + num(int(c.Ret))
}

// Explain says more of the answer: what was ordered, what an errno means and
// why it came, what wait told. "" where there is nothing to say.
func (c *Call) Explain() string {
	switch c.Order.Do {
	case Skip:
		if c.Kind.family() == Fork {
			return "left out: no child was made, and the program believes that it is the child"
		}
		return "left out: the kernel was not asked, and the program believes that it succeeded"
	case Fail:
		return "left out: the kernel was not asked, and the program reads " + errnoName(c.Errno) + " (" + c.Errno.Error() + ")"
	}
	if c.Ret <= -512 && c.Ret >= -516 {
		return "the call is made again, or gives EINTR, when the signal was dealt with"
	}
	if c.Told != "" {
		return num(c.Target) + " " + c.Told
	}
	if c.Errno == 0 {
		if c.Kind.family() == Wait4 && c.Ret == 0 && c.Flags&unix.WNOHANG != 0 {
			return "there are children, and none has ended"
		}
		return ""
	}
	why := c.because()
	if why == "" {
		return c.Errno.Error()
	}
	return c.Errno.Error() + ": " + why
}

// because is the rule behind an errno.
func (c *Call) because() string {
	switch {
	case c.Kind == Setsid && c.Errno == unix.EPERM && c.Leads:
		return "it leads process group " + num(c.Pid) + ", and a group's leader cannot found a session; the child of a fork can"
	case c.Kind == Setsid && c.Errno == unix.EPERM:
		return "there still is a process group of its number"
	case c.Kind == Setpgid && c.Errno == unix.EPERM:
		return "a session leader stays in its group, and a group must be of the caller's session"
	case c.Kind == Setpgid && c.Errno == unix.EACCES:
		return "the child has called execve already"
	case c.Kind == Setpgid && c.Errno == unix.ESRCH:
		return "it is neither the caller nor a child of it"
	case c.Kind == Ioctl && c.Errno == unix.ENOTTY:
		return "this is not its controlling terminal"
	case c.Kind == Ioctl && c.Errno == unix.EPERM && uint32(c.Args[1]) == unix.TIOCSCTTY:
		return "only a session leader without a terminal may, and not a terminal that is another session's"
	case c.Kind == Ioctl && c.Errno == unix.EPERM:
		return "no such group in its session"
	case c.Kind.family() == Open && c.Errno == unix.ENXIO && c.Path == "/dev/tty":
		return "it has no controlling terminal"
	case c.Kind.family() == Open && c.Errno == unix.EIO:
		return "the terminal was hung up, or is no longer there"
	case c.Kind == Kill && c.Errno == unix.ESRCH:
		return "nobody of that number is there"
	case c.Kind == Kill && c.Errno == unix.EPERM:
		return "it is another user's"
	case c.Kind.family() == Wait4 && c.Errno == unix.ECHILD:
		return "it has no child to wait for"
	case c.Kind.family() == Setuid && c.Errno == unix.EPERM:
		return "only a privileged process may take a uid that is not one of its own three"
	case c.Kind.family() == Setgid && c.Errno == unix.EPERM:
		return "only a privileged process may take a gid that is not one of its own three"
	}
	return ""
}

// Sentence tells a happening in one sentence that begins with a verb, after
// the process's pid and name.
func (h *Happening) Sentence() string {
	switch h.What {
	case Born:
		if h.Thread {
			return "has one more thread"
		}
		s := "begins"
		if h.Forker != 0 {
			s += ": child of " + num(h.Forker)
		}
		return s + where(h.Place)
	case Became:
		return "is now " + event.Visible(h.Path) + where(h.Place)
	case Received:
		s := "gets " + event.SigName(h.Sig)
		if h.Sender != 0 {
			s += " from " + num(h.Sender)
		}
		return s + ": " + h.Effect
	case Stopped:
		return "is stopped by " + event.SigName(h.Sig)
	case Continued:
		return "goes on (SIGCONT)"
	case Adopted:
		return "has another parent, for its own ended: " + num(h.Forker) + " → " + num(h.Place.PPid)
	case Exited:
		return "ended with status " + num(h.Status)
	case Killed:
		s := "was killed by " + event.SigName(h.Sig)
		if h.Core {
			s += " and left a core dump"
		}
		return s
	}
	return h.Text
}

func where(p Place) string {
	if !p.Known {
		return ""
	}
	return ", group " + num(p.Pgid) + ", session " + num(p.Sid) + ", terminal " + terminal(p.TTY)
}

func (c Change) String() string {
	return c.What + ": " + c.Old + " → " + c.New
}

func errnoName(e unix.Errno) string {
	if n := unix.ErrnoName(e); n != "" {
		return n
	}
	return "errno " + num(int(e))
}

// errnoNamed finds an errno by its name; 0 if there is none.
func errnoNamed(name string) unix.Errno {
	name = strings.ToUpper(name)
	for e := unix.Errno(1); e < 134; e++ {
		if unix.ErrnoName(e) == name {
			return e
		}
	}
	return 0
}
