package front

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/lab/scratch"
	"jsh/lab/servers"
	"jsh/shell"
)

// stage is what a lesson puts up in the learner's shell and takes away again:
// a new directory to work in, so that no file of the learner's is touched, and
// stand-ins that come before the programs of their names.
type stage struct {
	s       *shell.Shell
	home    int // the working directory before, a descriptor
	top     *scratch.Dir
	told    string // the directory in which stand-ins tell that they are ready
	oldPath string
	oldPwd  string
}

// onStage is the one that lesson-stage put up in this process.
var onStage *stage

// noStage says that a stage could not be put up: what a lesson's setup has besides
// would touch the learner's own files.
var noStage bool

const stageUsage = "usage: lesson-stage [STAND-IN...] | lesson-stage - [PROGRAM...]"

// builtinStage is lesson-stage, for the setup of lessons. With names it takes
// the shell to a new, empty directory where these are stand-ins; a second call
// adds names. With - it takes the shell back, removes the directory, and kills what
// was started there, by these names and as stand-ins: all else that the learner
// started meanwhile is his own.
func builtinStage(s *shell.Shell, args []string) int {
	names := args[1:]
	if len(names) > 0 && names[0] == "-" {
		if onStage != nil {
			onStage.sweep(slices.Concat(names[1:], standInNames, servers.Children[:], []string{heldName, thawedName}))
			onStage.strike()
			onStage = nil
		}
		return 0
	}
	for _, n := range names {
		if !slices.Contains(standInNames, n) {
			s.Complain("lesson-stage: " + n + ": no such stand-in (there are " + strings.Join(standInNames, ", ") + ")\n" + stageUsage)
			return 2
		}
	}
	if onStage == nil {
		st, err := newStage(s)
		if err != nil {
			s.Complain("lesson-stage: " + err.Error())
			noStage = true
			return 1
		}
		onStage = st
		s.Leaving = func() { leaving(s) } // where the lesson is not over by then
	}
	if err := onStage.add(names); err != nil {
		s.Complain("lesson-stage: " + err.Error())
		return 1
	}
	return 0
}

// newStage makes the directory and goes there. On an error nothing is changed.
func newStage(s *shell.Shell) (*stage, error) {
	home, err := unix.Open(".", unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err == nil { // out of the way of the learner's descriptors
		var high int
		high, err = unix.FcntlInt(uintptr(home), unix.F_DUPFD_CLOEXEC, 64)
		unix.Close(home)
		home = high
	}
	if err != nil {
		return nil, errors.New("the working directory cannot be kept: " + reason(err))
	}
	top, err := scratch.Make("jsh.", s.Pid()) // short, for the prompt
	if err != nil {
		unix.Close(home)
		return nil, errors.New("no directory for the stand-ins (TMPDIR says where): " + reason(err))
	}
	st := &stage{s: s, home: home, top: top, told: filepath.Join(top.Path, "told"), oldPath: s.Var("PATH"), oldPwd: s.Var("PWD")}
	work := filepath.Join(top.Path, "lesson")
	for _, d := range []string{st.bin(), work, st.told} {
		if err == nil {
			err = os.Mkdir(d, 0o700)
		}
	}
	if err == nil {
		err = os.Chdir(work)
	}
	if err == nil {
		err = s.SetVar("PWD", work, true)
	}
	if err == nil {
		err = s.SetVar("PATH", st.bin()+":"+st.oldPath, false)
	}
	if err == nil {
		err = s.SetVar(standInVar, strconv.Itoa(s.Pid())+":"+st.told, true)
	}
	if err != nil {
		st.strike()
		return nil, errors.New("the stand-ins cannot be set up: " + reason(err))
	}
	return st, nil
}

func (st *stage) bin() string { return filepath.Join(st.top.Path, "bin") }

// add puts up stand-ins of these names.
func (st *stage) add(names []string) error {
	for _, n := range names {
		link := filepath.Join(st.bin(), n)
		err := os.Symlink(st.s.Exe(), link)
		if err != nil && !os.IsExist(err) {
			return errors.New(reason(err))
		}
		if _, err := os.Stat(link); err != nil { // jsh may have been removed or moved
			return errors.New(reason(err))
		}
	}
	return nil
}

// strike takes all of it away, and goes back where the shell was.
func (st *stage) strike() {
	if unix.Fchdir(st.home) == nil {
		st.s.SetVar("PWD", st.oldPwd, true)
	}
	unix.Close(st.home)
	st.top.Remove()
	st.s.UnsetVar(standInVar)
	st.s.SetVar("PATH", st.oldPath, false)
}

// sweep kills the processes of these names that were started on this stage: the
// variable that leads stand-ins to its directory is in their environment.
func (st *stage) sweep(names []string) {
	entry := []byte(standInVar + "=" + strconv.Itoa(st.s.Pid()) + ":" + st.told)
	dirs, err := os.ReadDir("/proc")
	if err != nil {
		return
	}
	for _, d := range dirs {
		pid, err := strconv.Atoi(d.Name())
		if err != nil || pid == st.s.Pid() {
			continue
		}
		comm, err := os.ReadFile("/proc/" + d.Name() + "/comm")
		if err != nil || !slices.Contains(names, strings.TrimSuffix(string(comm), "\n")) {
			continue
		}
		fd, err := unix.PidfdOpen(pid, 0) // before the look at its environment: then it is the same process
		if err != nil {
			continue
		}
		env, _ := os.ReadFile("/proc/" + d.Name() + "/environ")
		if slices.ContainsFunc(bytes.Split(env, []byte{0}), func(e []byte) bool { return bytes.Equal(e, entry) }) {
			unix.PidfdSendSignal(fd, unix.SIGKILL, nil, 0)
		}
		unix.Close(fd)
	}
}
