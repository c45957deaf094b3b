package why

import "golang.org/x/sys/unix"

// oldCall knows the calls that only older machines have.
func oldCall(n int) (name string, fd int) {
	switch n {
	case unix.SYS_OPEN, unix.SYS_CREAT:
		return "open", -1
	case unix.SYS_POLL:
		return "poll", -1
	case unix.SYS_SELECT:
		return "select", -1
	case unix.SYS_EPOLL_WAIT:
		return "epoll_wait", -1
	case unix.SYS_PAUSE:
		return "pause", -1
	case unix.SYS_VFORK, unix.SYS_FORK:
		return "vfork", -1
	}
	return "", -1
}
