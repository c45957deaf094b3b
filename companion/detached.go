package companion

import (
	"errors"
	"os"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/pgroup"
)

// ProcessName is argv[0] of a companion in a process of its own. argv[1] is
// "start" or "run", argv[2] the descriptor of the shell's connection.
const ProcessName = "jsh: companion"

func nowPlus(ns int64) int64 { return event.Now() + ns }

// Start starts a companion of its own for the shell pid, whose log and jobs are
// handed over, and waits until it is ready, at most three seconds. exe is the
// path of jsh, which must call Run when its argv[0] is ProcessName.
//
// The companion is no child of the shell: the process that starts it ends at
// once. So the shell's waits never meet it.
func Start(exe string, pid int, log *event.Log, jobs map[int]int) (*Sender, error) {
	var env []string
	if dir := os.Getenv("XDG_RUNTIME_DIR"); dir != "" {
		env = []string{"XDG_RUNTIME_DIR=" + dir}
	}
	fd, err := Launch(exe, []string{ProcessName, "start", strconv.Itoa(launchFD)}, env)
	if err != nil {
		return nil, err
	}
	s, err := newSender(fd, "", pid, log, jobs)
	if err != nil {
		return nil, errors.New("the companion ended at once: " + errText(err))
	}
	kind, text, err := s.answer(event.Now() + answerTime*1e6)
	switch {
	case err != nil:
		s.Close()
		return nil, err
	case kind != msgReady:
		s.Close()
		return nil, errors.New(text)
	}
	s.Path = text
	return s, nil
}

// launchFD is where a process that Launch starts finds its end of the socket.
const launchFD = 3

// Launch starts jsh anew with argv and env, and returns one end of a socket whose
// other end is that process's descriptor 3. It has no other descriptor, ends as
// soon as it has started what stays (Detach), and is waited for here.
func Launch(exe string, argv, env []string) (fd int, err error) {
	pair, err := unix.Socketpair(unix.AF_UNIX, socketFlags, 0)
	if err != nil {
		return -1, errors.New("socketpair: " + errText(err))
	}
	defer unix.Close(pair[1])
	k := pgroup.New(nil)
	k.Locked = true
	null, err := unix.Open("/dev/null", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		unix.Close(pair[0])
		return -1, errors.New("/dev/null: " + errText(err))
	}
	defer unix.Close(null)
	child, err := k.Spawn(&pgroup.Spec{
		Path: exe, Argv: argv, Env: env, Group: pgroup.SameGroup,
		Files: []pgroup.File{{Child: 0, From: null}, {Child: 1, From: null}, {Child: 2, From: null}, {Child: launchFD, From: pair[1]}},
	})
	if err != nil {
		unix.Close(pair[0])
		return -1, err
	}
	var status unix.WaitStatus
	for {
		if _, err = unix.Wait4(child.Pid, &status, 0, nil); err != unix.EINTR {
			break
		}
	}
	return pair[0], nil
}

// Run is the life of a companion in a process of its own. It ends when the shell
// and all that was started from it are gone and nobody watches.
func Run(args []string) int {
	if len(args) != 3 {
		return 2
	}
	fd, err := strconv.Atoi(args[2])
	if err != nil {
		return 2
	}
	if args[1] == "start" {
		return detach(fd)
	}
	os.WriteFile("/proc/self/comm", []byte(ProcessName), 0)
	unix.SetNonblock(fd, true)
	unix.CloseOnExec(fd)
	end := DeadlySignal()
	h, err := NewHub(Options{Socket: true})
	if err != nil {
		send(fd, append([]byte{msgNo}, err.Error()...))
		return 1
	}
	defer h.Close()
	if h.Serve(fd) != nil {
		return 1
	}
	again := time.NewTicker(2 * time.Second) // for an end that nobody told
	defer again.Stop()
	for {
		select {
		case <-end:
			return 0
		case <-h.quiet:
		case <-again.C:
		}
		if !h.Busy() {
			return 0
		}
	}
}

// DeadlySignal delivers once, when a signal asks this process to end.
func DeadlySignal() <-chan struct{} {
	end := make(chan struct{})
	wake, err := pgroup.OpenWake()
	if err != nil {
		return nil
	}
	for _, sig := range [...]unix.Signal{unix.SIGTERM, unix.SIGINT, unix.SIGHUP, unix.SIGQUIT} {
		pgroup.Catch(sig)
	}
	go func() {
		for !pgroup.AnyPending() {
			unix.Poll([]unix.PollFd{{Fd: int32(wake), Events: unix.POLLIN}}, -1)
		}
		close(end)
	}()
	return end
}

// detach starts the companion in a session of its own, and leaves it.
func detach(fd int) int {
	if err := Detach([]string{ProcessName, "run", strconv.Itoa(fd)}, fd); err != nil {
		send(fd, append([]byte{msgNo}, ("the companion cannot be started: "+errText(err))...))
		return 1
	}
	return 0
}

// Detach starts jsh anew with argv, in a session of its own, with nothing of the
// shell's but the connection, fd.
func Detach(argv []string, fd int) error {
	unix.CloseRange(uint(fd)+1, ^uint(0), unix.CLOSE_RANGE_CLOEXEC)
	exe, err := os.Readlink("/proc/self/exe")
	if err != nil {
		exe = "/proc/self/exe"
	}
	_, err = syscall.ForkExec(exe, argv, &syscall.ProcAttr{
		Dir: "/", Env: os.Environ(), Files: []uintptr{0, 1, 2, uintptr(fd)}, Sys: &syscall.SysProcAttr{Setsid: true},
	})
	return err
}
