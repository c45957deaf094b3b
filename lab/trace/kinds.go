package trace

import "golang.org/x/sys/unix"

// Kind is a system call that is told. The zero Kind is every other one.
type Kind uint8

const (
	_ Kind = iota
	Fork
	Vfork
	Clone
	Clone3
	Execve
	Execveat
	Setsid
	Setpgid
	Ioctl // TIOCSPGRP, TIOCSCTTY, TIOCNOTTY only
	Dup
	Dup2
	Dup3
	Fcntl // F_DUPFD and F_DUPFD_CLOEXEC only
	Close // of 0, 1 and 2 only
	CloseRange
	Open // of /dev/null and terminals; Tracer.Files has all told that create or write
	Openat
	Creat
	Chdir
	Fchdir
	Chroot
	Umask
	Sigaction
	Kill
	Tkill
	Tgkill
	Setuid
	Setgid
	Setreuid
	Setregid
	Setresuid
	Setresgid
	Setgroups
	Wait4
	Waitid
	Exit // of one thread
	ExitGroup
	lastKind
)

// names as in section 2 of the manual.
var kindNames = [...]string{
	Fork: "fork", Vfork: "vfork", Clone: "clone", Clone3: "clone3", Execve: "execve", Execveat: "execveat",
	Setsid: "setsid", Setpgid: "setpgid", Ioctl: "ioctl", Dup: "dup", Dup2: "dup2", Dup3: "dup3", Fcntl: "fcntl",
	Close: "close", CloseRange: "close_range", Open: "open", Openat: "openat", Creat: "creat", Chdir: "chdir",
	Fchdir: "fchdir", Chroot: "chroot", Umask: "umask", Sigaction: "sigaction", Kill: "kill", Tkill: "tkill",
	Tgkill: "tgkill", Setuid: "setuid", Setgid: "setgid", Setreuid: "setreuid", Setregid: "setregid",
	Setresuid: "setresuid", Setresgid: "setresgid", Setgroups: "setgroups", Wait4: "wait4", Waitid: "waitid",
	Exit: "exit", ExitGroup: "exit_group",
}

// String is the call's name as in section 2 of the manual.
func (k Kind) String() string {
	if k == 0 || k >= lastKind {
		return "?"
	}
	return kindNames[k]
}

// KindNamed finds a call by its name; 0 if it is none that is told. What the C
// library calls it is understood too: wait, waitpid, exec, exit, tcsetpgrp.
func KindNamed(name string) Kind {
	for k := Fork; k < lastKind; k++ {
		if kindNames[k] == name {
			return k
		}
	}
	switch name {
	case "exec", "execv", "execvp", "execl", "execlp":
		return Execve
	case "wait", "waitpid":
		return Wait4
	case "_exit", "_Exit":
		return ExitGroup
	case "tcsetpgrp":
		return Ioctl
	case "signal", "rt_sigaction":
		return Sigaction
	case "setpgrp":
		return Setpgid
	case "raise", "killpg":
		return Kill
	}
	return 0
}

// family is the call that stands for others that do the same: a learner who
// runs on to fork means clone too.
func (k Kind) family() Kind {
	switch k {
	case Vfork, Clone, Clone3:
		return Fork
	case Execveat:
		return Execve
	case Dup, Dup3, Fcntl:
		return Dup2
	case Openat, Creat:
		return Open
	case Fchdir:
		return Chdir
	case Tkill, Tgkill:
		return Kill
	case Setreuid, Setresuid:
		return Setuid
	case Setregid, Setresgid:
		return Setgid
	case Waitid:
		return Wait4
	case Exit:
		return ExitGroup
	case CloseRange:
		return Close
	}
	return k
}

// commonKind knows the calls that every architecture has.
func commonKind(nr uint64) Kind {
	switch nr {
	case unix.SYS_CLONE:
		return Clone
	case unix.SYS_CLONE3:
		return Clone3
	case unix.SYS_EXECVE:
		return Execve
	case unix.SYS_EXECVEAT:
		return Execveat
	case unix.SYS_SETSID:
		return Setsid
	case unix.SYS_SETPGID:
		return Setpgid
	case unix.SYS_IOCTL:
		return Ioctl
	case unix.SYS_DUP:
		return Dup
	case unix.SYS_DUP3:
		return Dup3
	case unix.SYS_FCNTL:
		return Fcntl
	case unix.SYS_CLOSE:
		return Close
	case unix.SYS_CLOSE_RANGE:
		return CloseRange
	case unix.SYS_OPENAT:
		return Openat
	case unix.SYS_CHDIR:
		return Chdir
	case unix.SYS_FCHDIR:
		return Fchdir
	case unix.SYS_CHROOT:
		return Chroot
	case unix.SYS_UMASK:
		return Umask
	case unix.SYS_RT_SIGACTION:
		return Sigaction
	case unix.SYS_KILL:
		return Kill
	case unix.SYS_TKILL:
		return Tkill
	case unix.SYS_TGKILL:
		return Tgkill
	case unix.SYS_SETUID:
		return Setuid
	case unix.SYS_SETGID:
		return Setgid
	case unix.SYS_SETREUID:
		return Setreuid
	case unix.SYS_SETREGID:
		return Setregid
	case unix.SYS_SETRESUID:
		return Setresuid
	case unix.SYS_SETRESGID:
		return Setresgid
	case unix.SYS_SETGROUPS:
		return Setgroups
	case unix.SYS_WAIT4:
		return Wait4
	case unix.SYS_WAITID:
		return Waitid
	case unix.SYS_EXIT:
		return Exit
	case unix.SYS_EXIT_GROUP:
		return ExitGroup
	}
	return 0
}
