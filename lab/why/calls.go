package why

import (
	"golang.org/x/sys/unix"
)

// callName names the system calls that processes are seen to sleep in, by the
// number in /proc/PID/syscall (proc_pid_syscall(5)). fd is the place of the
// descriptor among the arguments, -1 where there is none. Calls that do the
// same get one name.
func callName(n int) (name string, fd int) {
	if name, fd = oldCall(n); name != "" {
		return name, fd
	}
	switch n {
	case unix.SYS_READ, unix.SYS_READV, unix.SYS_PREAD64:
		return "read", 0
	case unix.SYS_WRITE, unix.SYS_WRITEV, unix.SYS_PWRITE64:
		return "write", 0
	case unix.SYS_OPENAT:
		return "open", -1
	case unix.SYS_WAIT4:
		return "wait4", -1
	case unix.SYS_WAITID:
		return "waitid", -1
	case unix.SYS_NANOSLEEP, unix.SYS_CLOCK_NANOSLEEP:
		return "nanosleep", -1
	case unix.SYS_PPOLL:
		return "poll", -1
	case unix.SYS_PSELECT6:
		return "select", -1
	case unix.SYS_EPOLL_PWAIT, unix.SYS_EPOLL_PWAIT2:
		return "epoll_wait", -1
	case unix.SYS_RESTART_SYSCALL:
		return "restart_syscall", -1
	case unix.SYS_RT_SIGSUSPEND:
		return "sigsuspend", -1
	case unix.SYS_RT_SIGTIMEDWAIT:
		return "sigtimedwait", -1
	case unix.SYS_FLOCK:
		return "flock", 0
	case unix.SYS_FCNTL:
		return "fcntl", 0
	case unix.SYS_IOCTL:
		return "ioctl", 0
	case unix.SYS_FUTEX:
		return "futex", -1
	case unix.SYS_ACCEPT, unix.SYS_ACCEPT4:
		return "accept", 0
	case unix.SYS_CONNECT:
		return "connect", 0
	case unix.SYS_RECVFROM, unix.SYS_RECVMSG:
		return "read", 0
	case unix.SYS_SENDTO, unix.SYS_SENDMSG:
		return "write", 0
	case unix.SYS_CLONE, unix.SYS_CLONE3:
		return "vfork", -1 // a clone that is seen asleep waits as vfork does
	case unix.SYS_FSYNC, unix.SYS_FDATASYNC:
		return "fsync", 0
	case unix.SYS_SPLICE:
		return "splice", 0
	case unix.SYS_SENDFILE:
		return "sendfile", 0
	case unix.SYS_MSGRCV:
		return "msgrcv", -1
	case unix.SYS_SEMTIMEDOP:
		return "semop", -1
	}
	return "", -1
}

// opOf says what an ioctl or fcntl is about, by its second argument.
func opOf(name string, arg uint64) string {
	switch {
	case name == "flock":
		return "lock"
	case name == "fcntl" && (arg == unix.F_SETLKW || arg == unix.F_OFD_SETLKW):
		return "lock"
	case name != "ioctl":
		return ""
	}
	switch arg {
	case unix.TCSETS, unix.TCSETSW, unix.TCSETSF, unix.TCSETS2, unix.TCSETSW2, unix.TCSETSF2, unix.TIOCSWINSZ:
		return "modes"
	case unix.TIOCSPGRP:
		return "foreground"
	}
	return ""
}
