// Package sandbox runs a program in a small world of its own: user, pid, mount,
// uts, ipc and net namespaces, made without root. Its pid 1 is jsh's own init,
// which adopts orphans and reaps them; /proc is a fresh one; the home is a
// scratch file system; the terminal is a pty of its own. All that runs in it
// ends with it.
//
// It owns the set-up in its stages, the user and group maps, the init, the relay
// between the terminal outside and the pty, and what a refusal is told with. It
// is no wall against hostile code: files outside are still the user's.
//
// Processes, from the outside in:
//
//	jsh --sandbox     relays the terminal
//	└─ jsh: sandbox   in the new user namespace, alone to have it mapped
//	   └─ jsh: init   pid 1 of the new pid namespace
//	      └─ jsh      the shell, or the program
//
// Invariants: the whole set-up is tried in a throw-away child before anything is
// shown. Whoever dies takes what is below with it (PR_SET_PDEATHSIG, and the end
// of a pid namespace's pid 1). The terminal outside is put right on every way
// out but SIGKILL.
package sandbox

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"jsh/lab/scratch"
)

// Names of the processes that re-execute this program.
const (
	userName = "jsh: sandbox"
	initName = "jsh: init"
)

// EnvName is set for what runs in a sandbox: its value tells how many user IDs
// there are, a blank, and what holds fork bombs ("limit", "pid_max", "nothing").
const EnvName = "JSH_SANDBOX"

// Options say what to run.
type Options struct {
	Exe string   // this program
	Run []string // its arguments inside, with argv[0]
}

// Refusal says where the set-up failed.
type Refusal struct {
	Stage string // as in the table of stages
	Errno syscall.Errno
}

func (r *Refusal) Error() string {
	return r.Stage + ": " + r.Errno.Error() + " (" + unix.ErrnoName(r.Errno) + ")"
}

// OfCommand tells whether all was set up, and only the program could not be
// started.
func (r *Refusal) OfCommand() bool { return r.Stage == stageStart }

// The stages, as a refusal names them.
const (
	stageUser  = "clone(CLONE_NEWUSER)"
	stageMap   = "the map of user and group IDs (/proc/PID/uid_map)"
	stageExec  = "execve as root of the user namespace"
	stageClone = "clone(CLONE_NEWPID, NEWNS, NEWUTS, NEWIPC, NEWNET)"
	stageRoot  = "mount: making / private"
	stageProc  = "mount of a fresh /proc"
	stageHome  = "mount of a scratch home (tmpfs)"
	stageHost  = "sethostname"
	stagePty   = "a pseudo-terminal"
	stageStart = "start of the shell"
)

// IsEntry tells whether this process is one of the package's own.
func IsEntry(args []string) bool {
	return len(args) > 1 && args[0] == userName || len(args) == 1 && args[0] == initName ||
		len(args) > 3 && args[0] == containName
}

// Entry is main of such a process; it returns the exit status.
func Entry(args []string) int {
	switch args[0] {
	case initName:
		return initMain()
	case containName:
		return containMain(args[1:])
	}
	return userMain(args[1:])
}

// Try makes the whole set-up in a child that ends at once. The error is a
// *Refusal.
func Try(exe string) error {
	home, err := newHome()
	if err != nil {
		return err
	}
	defer home.Remove()
	b, err := start(exe, home.Path, []string{""}, []uintptr{0, 1, 2}, -1)
	if err != nil {
		return err
	}
	_, err = b.wait()
	return err
}

// box is a sandbox that runs.
type box struct{ pid int }

// newHome is a directory to mount the home on; it stays empty here.
func newHome() (*scratch.Dir, error) {
	home, err := scratch.Make("jsh-sandbox.", os.Getpid())
	if err != nil {
		errno := syscall.EIO
		errors.As(err, &errno)
		return nil, &Refusal{stageHome, errno}
	}
	return home, nil
}

// start sets a sandbox up and returns when all its stages are done. run is what
// the init starts: nothing, where its first word is empty. files are descriptors
// 0–2 of what runs in it; tty is which of them is to be its controlling terminal,
// -1: none. The error is a *Refusal.
func start(exe, home string, run []string, files []uintptr, tty int) (*box, error) {
	var report, mapped [2]int
	if err := unix.Pipe2(report[:], unix.O_CLOEXEC); err != nil {
		return nil, refusal(stageUser, err)
	}
	defer unix.Close(report[0])
	if err := unix.Pipe2(mapped[:], unix.O_CLOEXEC); err != nil {
		unix.Close(report[1])
		return nil, refusal(stageUser, err)
	}
	ids := mapsFor(unix.Getuid(), unix.Getgid())
	argv := append([]string{userName, "wait", exe, home, strconv.Itoa(tty), strconv.Itoa(ids.count())}, run...)
	pid, err := syscall.ForkExec(exe, argv, &syscall.ProcAttr{
		Env:   os.Environ(),
		Files: append(files[:3:3], uintptr(report[1]), uintptr(mapped[0])),
		Sys:   &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWUSER, Pdeathsig: unix.SIGKILL},
	})
	unix.Close(report[1])
	unix.Close(mapped[0])
	if err != nil {
		unix.Close(mapped[1])
		return nil, refusal(stageUser, err)
	}
	b := &box{pid}
	err = ids.write(pid)
	if err == nil {
		unix.Write(mapped[1], []byte{1})
	}
	unix.Close(mapped[1])
	if err != nil {
		unix.Kill(pid, unix.SIGKILL)
		b.wait()
		return nil, refusal(stageMap, err)
	}
	// Whoever is killed in there reports nothing. What was to run may have been
	// started by then: it must not be run again, so that is no refusal.
	if r := readReport(report[0]); r != nil && (r.Errno != syscall.ECHILD || run[0] == "") {
		unix.Kill(pid, unix.SIGKILL)
		b.wait()
		return nil, r
	}
	return b, nil
}

func refusal(stage string, err error) *Refusal {
	errno := syscall.EIO
	errors.As(err, &errno)
	return &Refusal{stage, errno}
}

// wait returns the exit status of what ran inside.
func (b *box) wait() (status int, err error) {
	for {
		var ws unix.WaitStatus
		pid, err := unix.Wait4(b.pid, &ws, 0, nil)
		switch {
		case err == unix.EINTR:
		case err != nil:
			return 1, refusal(stageStart, err)
		case pid == b.pid && ws.Signaled():
			return 128 + int(ws.Signal()), nil
		case pid == b.pid:
			return ws.ExitStatus(), nil
		}
	}
}

// report is what the inner processes tell through descriptor 3: "ok", or the
// number of an errno, a blank and the stage.
const reportFD, mappedFD = 3, 4

func tellRefusal(stage string, err error) int {
	r := refusal(stage, err)
	unix.Write(reportFD, []byte(strconv.Itoa(int(r.Errno))+" "+stage))
	return 1
}

func readReport(fd int) *Refusal {
	var text []byte
	var buf [512]byte
	for {
		n, err := unix.Read(fd, buf[:])
		if err == unix.EINTR {
			continue
		}
		if err != nil || n <= 0 {
			break
		}
		text = append(text, buf[:n]...)
		if string(text) == "ok" {
			return nil
		}
	}
	number, stage, ok := strings.Cut(string(text), " ")
	n, err := strconv.Atoi(number)
	if !ok || err != nil {
		return &Refusal{stageExec, syscall.ECHILD}
	}
	return &Refusal{stage, syscall.Errno(n)}
}
