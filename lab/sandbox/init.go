package sandbox

import (
	"os"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/pgroup"
)

// LogName is the file in the scratch home in which the init tells of the orphans
// that it reaped: a line each.
const LogName = ".init.log"

// deafen has the init do nothing at signals. From inside, pid 1 gets only those
// that it has a handler for (pid_namespaces(7)); the Go runtime has many, and
// would end at kill 1. They are caught, not ignored: what is caught is default
// again in what the init starts. What is to stay as it is says except.
func deafen(except func(unix.Signal) bool) {
	for sig := unix.Signal(1); sig <= 31; sig++ {
		switch sig {
		case unix.SIGKILL, unix.SIGSTOP, unix.SIGSEGV, unix.SIGBUS, unix.SIGFPE, unix.SIGILL, unix.SIGTRAP,
			unix.SIGURG, unix.SIGPROF, unix.SIGCHLD, unix.SIGSYS, unix.SIGABRT:
			continue
		}
		if except != nil && except(sig) {
			continue
		}
		pgroup.Catch(sig)
	}
}

// reap waits for every child, its own and those that it adopts, until the one
// that it started has ended, and returns that one's status. The kernel kills
// whatever is left when pid 1 ends.
func reap(started int, home string) int {
	log := -1
	for {
		// Look first, reap then: as long as it is a zombie it has a name.
		var info unix.Siginfo
		if err := unix.Waitid(unix.P_ALL, 0, &info, unix.WEXITED|unix.WNOWAIT, nil); err == unix.EINTR {
			continue
		} else if err != nil {
			return 1
		}
		pid := pidOf(&info)
		name := nameOf(pid)
		var ws unix.WaitStatus
		if got, err := unix.Wait4(pid, &ws, 0, nil); err != nil || got != pid {
			continue
		}
		if pid == started {
			if ws.Signaled() {
				return 128 + int(ws.Signal())
			}
			return ws.ExitStatus()
		}
		if log < 0 {
			log, _ = unix.Open(home+"/"+LogName, unix.O_WRONLY|unix.O_CREAT|unix.O_APPEND|unix.O_CLOEXEC, 0o644)
		}
		how := "status " + strconv.Itoa(ws.ExitStatus())
		if ws.Signaled() {
			how = event.SigName(int(ws.Signal()))
		}
		unix.Write(log, []byte("init (pid 1) reaped "+strconv.Itoa(pid)+" "+event.Visible(name)+" ("+how+"): an orphan that it had adopted\n"))
	}
}

// pidOf is si_pid of a SIGCHLD's siginfo (sigaction(2)): on 64-bit machines it
// stands right after the header of 16 bytes.
func pidOf(info *unix.Siginfo) int {
	return int(*(*int32)(unsafe.Add(unsafe.Pointer(info), 16)))
}

// nameOf is the name of a process that has ended and was not reaped yet.
func nameOf(pid int) string {
	b, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/comm")
	return strings.TrimSuffix(string(b), "\n")
}
