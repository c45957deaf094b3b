package tickd

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// Help is the text of help tickd and tickd --help.
const Help = `usage: tickd [-f] CONFIG
A small daemon to practise on: it appends a line to a file at intervals.
CONFIG has lines NAME = VALUE; # begins a comment:
  interval = 1       seconds between two ticks, 0.01 to 3600
  file = ticks       where to; relative names are beside CONFIG
  pidfile = x.pid    its pid, locked while it lives   (CONFIG's name, .pid)
  log = x.log        what it has to say               (CONFIG's name, .log)

  -f        stays in the foreground, and says on standard error what else
            goes to the log
  SIGHUP    reads CONFIG again; a bad one is told in the log, and the old
            one stays. It also opens its files anew.
  SIGTERM   ends it: the pid file is removed. SIGINT does the same.

kill -HUP $(cat x.pid). Status: 0 it runs; 1 it could not, and why; 2 usage.
`

// The two stages after the first process, told apart by argv[1]. Descriptor 3
// leads to the first process, which waits for news.
const (
	leaderStage = "--session"
	daemonStage = "--daemon"
	readyFD     = 3
)

// Main is tickd as a command: args[0] is its name.
func Main(args []string) int {
	rename()
	if len(args) == 3 {
		switch args[1] {
		case leaderStage:
			return leader(args[2])
		case daemonStage:
			return serve(args[2], readyFD)
		}
	}
	foreground := false
	a := args[1:]
	for len(a) > 0 && strings.HasPrefix(a[0], "-") && a[0] != "-" {
		w := a[0]
		a = a[1:]
		switch w {
		case "-f":
			foreground = true
			continue
		case "--help":
			os.Stdout.WriteString(Help)
			return 0
		case "--":
		default:
			return complain(2, w+": no such option (tickd --help lists them)")
		}
		break
	}
	if len(a) != 1 {
		return complain(2, "which configuration file? tickd [-f] CONFIG (tickd --help shows one)")
	}
	path, err := filepath.Abs(a[0])
	if err != nil {
		return complain(1, err.Error())
	}
	if foreground {
		return serve(path, -1)
	}
	return start(path)
}

func complain(status int, msg string) int {
	os.Stderr.WriteString("tickd: " + msg + "\n")
	return status
}

// rename gives the process the name that pictures show (PR_SET_NAME, prctl(2)).
func rename() { os.WriteFile("/proc/self/comm", []byte("tickd"), 0) }

// start makes the daemon and waits until it says that it is ready, or why not.
//
// The textbook's steps, as a program does them that cannot fork but only start
// itself again: the first process forks and exits when the daemon is ready; its
// child, which leads no group, calls setsid, and moves to where a daemon belongs
// (leader); the grandchild leads no session, so no terminal can become its own.
func start(path string) int {
	// What is open here is the starter's: nothing of it goes on.
	unix.CloseRange(3, ^uint(0), unix.CLOSE_RANGE_CLOEXEC)
	var p [2]int
	if err := unix.Pipe2(p[:], unix.O_CLOEXEC); err != nil {
		return complain(1, "pipe: "+errText(err))
	}
	null, err := unix.Open("/dev/null", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return complain(1, "/dev/null: "+errText(err))
	}
	_, err = syscall.ForkExec(self(), []string{"tickd", leaderStage, path}, &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{uintptr(null), uintptr(null), uintptr(null), uintptr(p[1])}, Sys: &syscall.SysProcAttr{Setsid: true}})
	unix.Close(p[1])
	if err != nil {
		return complain(1, "fork: "+errText(err))
	}
	switch msg := readAll(p[0]); {
	case msg == ready:
		return 0
	case msg == "":
		return complain(1, "the daemon ended before it was ready")
	default:
		return complain(1, strings.TrimSuffix(msg, "\n"))
	}
}

// ready is the daemon's word that it runs; anything else is why it does not.
const ready = "ready\n"

// leader is the session's leader, for a moment: it forks once more and ends.
func leader(path string) int {
	unix.Chdir("/")
	unix.Umask(0o022)
	_, err := syscall.ForkExec(self(), []string{"tickd", daemonStage, path}, &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2, readyFD}})
	if err != nil {
		unix.Write(readyFD, []byte("fork: "+errText(err)+"\n"))
		return 1
	}
	return 0
}

func self() string {
	exe, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return "/proc/self/exe"
	}
	return exe
}

// readAll reads until the other end is closed.
func readAll(fd int) string {
	var all []byte
	var b [1024]byte
	for {
		n, err := unix.Read(fd, b[:])
		if err == unix.EINTR {
			continue
		}
		if n <= 0 || err != nil {
			return string(all)
		}
		all = append(all, b[:n]...)
	}
}

func errText(err error) string {
	var e unix.Errno
	if errors.As(err, &e) {
		return unix.ErrnoName(e) + " (" + e.Error() + ")"
	}
	return event.Visible(err.Error())
}
