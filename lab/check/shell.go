package check

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"jsh/lab/trace"
	"jsh/pgroup"
)

// The processes of check-daemon are reached by these names.
const (
	shellName   = "jsh: check-daemon's shell"
	programName = "jsh: check-daemon's program"
	insideName  = "jsh: check-daemon in its sandbox"
)

// IsEntry tells whether this process was started to be a part of check-daemon.
func IsEntry(args []string) bool {
	return len(args) > 0 && (args[0] == shellName || args[0] == programName || args[0] == insideName)
}

// Entry is the life of such a process; it returns its exit status. args are
// the name, the program's file and its arguments.
func Entry(args []string) int {
	if args[0] == insideName {
		return Main(args)
	}
	if len(args) < 3 {
		return 2
	}
	if args[0] == shellName {
		return beShell(args)
	}
	unix.CloseOnExec(fdLine)
	msg, status := trace.Become(fdLine, args[1], args[2:])
	say(msg)
	return status
}

// Descriptors of the two.
const (
	fdLine = 3 // to the tracer
	fdHold = 4 // the shell lives while the other end is open
)

// beShell plays the shell on the private terminal: it starts the program as a
// job in the foreground, takes the terminal back when it ends, and stays until
// the check is over.
func beShell(args []string) int {
	// What whoever called check-daemon has open is no fault of the program.
	unix.CloseRange(fdHold, ^uint(0), unix.CLOSE_RANGE_CLOEXEC)
	exe, err := os.Readlink("/proc/self/exe")
	if err != nil {
		exe = "/proc/self/exe"
	}
	pid, err := syscall.ForkExec(exe, append([]string{programName}, args[1:]...), &syscall.ProcAttr{
		Env: syscall.Environ(), Files: []uintptr{0, 1, 2, fdLine},
		Sys: &syscall.SysProcAttr{Setpgid: true, Foreground: true, Ctty: 0}})
	if err != nil {
		return 1
	}
	unix.Close(fdLine)
	done := make(chan struct{})
	go func() {
		var ws unix.WaitStatus
		for {
			if _, err := unix.Wait4(pid, &ws, 0, nil); err != unix.EINTR {
				break
			}
		}
		k := pgroup.Kernel{Pid: unix.Getpid(), Pgid: unix.Getpgrp()}
		k.SetForeground(0, unix.Getpgrp())
		close(done)
	}()
	var b [1]byte
	for {
		if _, err := unix.Read(fdHold, b[:]); err != unix.EINTR {
			return 0
		}
	}
}
