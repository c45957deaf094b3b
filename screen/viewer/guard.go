package viewer

import (
	"os"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/pgroup"
	"jsh/proc"
)

// ProcessName is argv[0] of a viewer that has a guard: the hidden entry by which
// jsh re-executes itself.
const ProcessName = proc.ViewerName

// Guard runs the viewer in a child, exe with args behind ProcessName, and waits for
// it: whatever becomes of it, the terminal is in order before a shell above
// prompts again. It returns the viewer's exit status, 128 + the signal's number
// where one killed it. It must be called on the main thread.
func Guard(exe string, args []string) int {
	saved, err := unix.IoctlGetTermios(1, unix.TCGETS)
	if err != nil {
		saved = nil // the viewer says what is wrong
	}
	entry := pgroup.IgnoredAtEntry()
	wake, err := pgroup.OpenWake()
	if err != nil {
		os.Stderr.WriteString("jsh: " + err.Error() + "\n")
		return 1
	}
	pass := [...]unix.Signal{unix.SIGTERM, unix.SIGHUP, unix.SIGINT, unix.SIGQUIT, unix.SIGTSTP}
	pgroup.Catch(unix.SIGCHLD)
	for _, sig := range pass {
		if !entry.Has(sig) {
			pgroup.Catch(sig)
		}
	}
	c, err := pgroup.New(nil).Spawn(&pgroup.Spec{Path: exe, Argv: append([]string{ProcessName}, args...), Env: os.Environ(),
		Group: pgroup.SameGroup, Ignore: entry})
	if err != nil {
		os.Stderr.WriteString("jsh: the viewer cannot be started: " + err.Error() + "\n")
		return 1
	}
	for {
		unix.Poll([]unix.PollFd{{Fd: int32(wake), Events: unix.POLLIN}}, -1)
		set := pgroup.Pending()
		for _, sig := range pass {
			if set.Has(sig) {
				unix.Kill(c.Pid, sig)
			}
		}
		var ws unix.WaitStatus
		pid, err := unix.Wait4(c.Pid, &ws, unix.WNOHANG|unix.WUNTRACED, nil)
		switch {
		case err != nil || pid == 0:
		case ws.Stopped(): // a job stops as a whole
			repair(1, saved, false)
			pgroup.Default(unix.SIGTSTP)
			unix.Kill(unix.Getpid(), unix.SIGTSTP) // nothing happens in an orphaned group
			if !entry.Has(unix.SIGTSTP) {
				pgroup.Catch(unix.SIGTSTP)
			}
			unix.Kill(c.Pid, unix.SIGCONT)
		case ws.Exited():
			return ws.ExitStatus()
		default:
			repair(1, saved, false)
			os.Stderr.WriteString("jsh: the viewer was killed by " + event.SigName(int(ws.Signal())) + "; the terminal is as it was before.\n")
			return 128 + int(ws.Signal())
		}
	}
}

// repair gives the terminal back where its modes are still the viewer's. always
// leaves the alternate screen even if they are not: a shell above may have put its
// own back by now.
func repair(fd int, saved *unix.Termios, always bool) {
	if saved == nil {
		return
	}
	now, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	ours := err == nil && *now == oneByOne(saved)
	pgroup.WithTTOUBlocked(func() {
		if ours || always {
			unix.Write(fd, []byte(seqLeave))
		}
		if ours {
			unix.IoctlSetTermios(fd, unix.TCSETS, saved)
		}
	})
}
