package shell

import (
	"strconv"

	"golang.org/x/sys/unix"
)

// A re-executed jsh is a process of several threads, and the Go runtime, which
// starts them, knows nothing but to die with a dump of its stacks where
// RLIMIT_NPROC refuses one. So where the limit is so low that it may be met,
// there must be room for all of them first.
const (
	lowNPROC = 4096 // from here on the limit is not looked at
	threads  = 6    // of a jsh, and one to spare
)

// roomForSubshell is nil, or EAGAIN, which clone(2) would say a moment later.
func roomForSubshell() error {
	var r unix.Rlimit
	// The kernel does not hold root to the limit (kernel/fork.c, copy_process).
	if unix.Getuid() == 0 || unix.Getrlimit(unix.RLIMIT_NPROC, &r) != nil || r.Cur >= lowNPROC {
		return nil
	}
	if tasksOf(uint32(unix.Getuid()))+threads > r.Cur {
		return unix.EAGAIN
	}
	return nil
}

// tasksOf counts the threads of a user, as far as /proc shows them: the links of
// a process's task directory are its threads and two more.
func tasksOf(uid uint32) (n uint64) {
	fd, err := unix.Open("/proc", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return 0
	}
	defer unix.Close(fd)
	buf := make([]byte, 32<<10)
	for {
		got, err := unix.ReadDirent(fd, buf)
		if got <= 0 || err != nil {
			return n
		}
		_, _, names := unix.ParseDirent(buf[:got], -1, nil)
		for _, name := range names {
			if _, err := strconv.Atoi(name); err != nil {
				continue
			}
			var st unix.Stat_t
			if unix.Stat("/proc/"+name+"/task", &st) == nil && st.Uid == uid && st.Nlink > 2 {
				n += uint64(st.Nlink) - 2
			}
		}
	}
}
