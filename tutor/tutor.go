// Package tutor is the lesson's process: it follows the log of one companion,
// plays a lesson from it (package play), and shows that in the screen's band or,
// as plain text, through the shell. It is also the program lesson: list, lint,
// test, new, claims, export, verify.
//
// It owns the process jsh: tutor with its socket, the file of progress, and what
// types a script at a terminal. It decides nothing about a lesson, and changes no
// process but by lines that it has the learner's shell run.
//
// Invariants:
//
//   - The shell is never delayed: it waits 300 ms for a word at most (package
//     wire), and all else is said when it listens.
//   - What the learner said is in the log before anything comes of it, so that a
//     recording alone can be graded again.
//   - It ends when the lesson is over or left, and when its shell is gone; how far
//     the learner got is in the file before that.
package tutor

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"jsh/companion"
	"jsh/pgroup"
	"jsh/proc"
	"jsh/tutor/wire"
)

var version string // of jsh, for the log

// Host is what the program has that this package cannot reach.
type Host struct {
	Version string                  // of jsh
	Guard   func(args []string) int // runs jsh with args, and puts the terminal in order whatever becomes of it
	Project func(Showing) (status int, err error)
}

// Main is the whole of a process for which wire.IsEntry holds. It returns the exit
// status. It must be called on the main thread.
func Main(args []string, host Host) int {
	version = host.Version
	pgroup.AllProcessors()
	if args[0] == wire.ProcessName {
		return process(args)
	}
	switch args[1] {
	case "quiz":
		return quizCommand(args[2:], os.Stdout, os.Stderr)
	case "demo":
		return demoCommand(args[2:], args[0] == proc.ViewerName, host, os.Stdout, os.Stderr)
	}
	return command(args[2:], os.Stdout, os.Stderr)
}

// process is the life of jsh: tutor: started by the shell, it starts itself anew
// as nobody's child and leaves.
func process(args []string) int {
	if len(args) != 4 {
		return 2
	}
	fd, err := strconv.Atoi(args[2])
	if err != nil {
		return 2
	}
	os.WriteFile("/proc/self/comm", []byte(proc.TutorName), 0) // the picture leaves out who is called so
	if args[1] == "start" {
		if companion.Detach([]string{wire.ProcessName, "run", args[2], args[3]}, fd) != nil {
			return 1
		}
		return 0
	}
	unix.SetNonblock(fd, true)
	unix.CloseOnExec(fd)
	cl, err := companion.Dial(args[3])
	if err != nil {
		refuse(fd, err.Error())
		return 1
	}
	defer cl.Close()
	// The stream's first words say whether there is a screen, its first frame who was
	// there before the lesson.
	for patient := time.After(time.Second); cl.Since(^uint64(0)).Tree.Shell == nil; {
		select {
		case <-cl.Updates():
			continue
		case <-patient:
		}
		break
	}
	t := newTutor(cl, progressFile())
	if err := t.listen(wire.PathBeside(args[3])); err != nil {
		refuse(fd, err.Error())
		return 1
	}
	defer t.close()
	defer t.keepNoMore()
	t.serve(fd)
	defer t.stumble()
	t.run(companion.DeadlySignal())
	return 0
}

// stumble keeps what is known of a defect of this program, and lets the process
// end: the shell says that lesson goes on.
func (t *tutor) stumble() {
	v := recover()
	if v == nil || t.file == "" {
		return
	}
	text := fmt.Sprintf("%s\n%v\n%s", time.Now().UTC().Format(time.RFC3339), v, debug.Stack())
	os.WriteFile(filepath.Join(filepath.Dir(t.file), "lesson-stumbled"), []byte(text), 0o600)
}

// refuse answers the greeting of a shell that cannot be served.
func refuse(fd int, why string) {
	buf := make([]byte, companion.MaxMessage)
	fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	for range 10 {
		if n, err := unix.Poll(fds, 300); n > 0 || err != unix.EINTR {
			break
		}
	}
	if n, err := companion.Receive(fd, buf); err == nil && n > 0 {
		if r, err := wire.ParseRequest(buf[:n]); err == nil {
			companion.Send(fd, (&wire.Say{Text: why, Status: 1}).Answer(r.Number))
		}
	}
}
