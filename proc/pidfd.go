package proc

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// maxPidfds bounds the descriptors that a watcher holds.
const maxPidfds = 200

// hold opens a pidfd for a process of the shell's where no connector tells
// how it ends (pidfd_open(2)). A watcher is not its parent and cannot wait for
// it; the kernel tells the status to a holder of a pidfd once it is reaped.
func (x *eye) hold(k *known) {
	if x.c != nil || !k.ours || k.Pid == x.o.Shell || k.pidfd >= 0 || x.held >= maxPidfds || k.Exited() {
		return
	}
	if fd, err := unix.PidfdOpen(k.Pid, 0); err == nil {
		if x.rest != nil {
			x.rest.once(fd)
		}
		k.pidfd = fd
		x.held++
	}
}

func (x *eye) release(k *known) {
	if k.pidfd >= 0 {
		unix.Close(k.pidfd)
		k.pidfd = -1
		x.held--
	}
}

// exitOf is how a process ended that a pidfd was held of, as wait(2) has it:
// ioctl PIDFD_GET_INFO with PIDFD_INFO_EXIT, Linux 6.15 on. It is known only
// after the process was reaped.
func exitOf(pidfd int) (code int, ok bool) {
	if pidfd < 0 {
		return 0, false
	}
	info := unix.PidfdInfo{Mask: unix.PIDFD_INFO_EXIT}
	if getInfo(pidfd, &info) != 0 || info.Mask&unix.PIDFD_INFO_EXIT == 0 {
		return 0, false
	}
	return int(info.Exit_code), true
}

func getInfo(pidfd int, info *unix.PidfdInfo) unix.Errno {
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(pidfd), unix.PIDFD_GET_INFO, uintptr(unsafe.Pointer(info)))
	return errno
}
