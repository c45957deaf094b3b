package servers

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"jsh/typeset"
)

// The users of a grading system, as numbers: they need no names.
const (
	grader  = 1001 // the course's account, which owns the log and the database
	student = 1002
)

// The things that graderd does. Of each there is a trial, as root and after setuid;
// bit is what it adds to the status when it is refused without root.
var trials = [...]struct {
	name, says string
	bit        int
	try        func() error
}{
	{"log", "writes its log", 1, func() error { return write("graderd.log", unix.O_WRONLY|unix.O_APPEND) }},
	{"student", "its child becomes a student", 2, func() error { return become(student) }},
	{"daemon", "calls daemon()", 4, daemon},
	{"database", "opens the database", 8, func() error { return write("grades.db", unix.O_RDWR) }},
}

// untried is graderd's status where nobody here can be root.
const untried = 99

const trialName = "trial"

// files is a trial's descriptor of the directory of the log and the database: which
// directories are above that is no part of the experiment.
const files = 3

// graderd tries each part of its work twice. Its status is the sum of the bits of
// those that root can do and grader cannot.
func graderd(dir string) int {
	exe, err := os.Executable()
	if err != nil {
		say(2, "graderd: "+err.Error()+"\n")
		return untried
	}
	if os.Geteuid() != 0 { // a user namespace has a root of its own, and several users
		err := unix.Exec(exe, []string{"jsh", "--sandbox", os.Args[0]}, os.Environ())
		say(2, "graderd: "+exe+": "+reason(err)+"\n")
		return untried
	}
	home, err := os.MkdirTemp(dir, "graderd-")
	if err != nil {
		say(2, "graderd: "+err.Error()+"\n")
		return untried
	}
	defer os.RemoveAll(home)
	for _, f := range []string{"graderd.log", "grades.db"} {
		path := filepath.Join(home, f)
		if err = os.WriteFile(path, nil, 0o600); err == nil {
			err = os.Chown(path, grader, grader)
		}
		if err != nil {
			say(2, "graderd: there is no user but this one here: "+err.Error()+"\n")
			return untried
		}
	}
	os.Chown(home, grader, grader)
	fd, err := unix.Open(home, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		say(2, "graderd: "+reason(err)+"\n")
		return untried
	}
	status, notes := 0, ""
	say(1, "                             as root  after setuid("+strconv.Itoa(grader)+")\n")
	for _, t := range trials {
		root, err := tried(exe, fd, t.name, 0)
		if err != nil || root != "yes" {
			say(2, "graderd: not even root "+t.says+" here: "+root+"\n")
			return untried
		}
		away, err := tried(exe, fd, t.name, grader)
		if err != nil {
			say(2, "graderd: it cannot be tried: "+reason(err)+"\n")
			return untried
		}
		if away != "yes" {
			status += t.bit
			name, means, _ := strings.Cut(away, ": ")
			if away = "no: " + name; !strings.Contains(notes, name) {
				notes += name + ": " + means + "\n"
			}
		}
		say(1, typeset.Pad(t.says, 29)+"yes      "+away+"\n")
	}
	say(1, notes)
	return status
}

// tried runs a trial in a process of its own, as that user: what it says is "yes", or
// the errno, a colon and what it means.
func tried(exe string, fd int, name string, uid int) (says string, err error) {
	var p [2]int
	if err := unix.Pipe2(p[:], unix.O_CLOEXEC); err != nil {
		return "", err
	}
	defer unix.Close(p[0])
	pid, err := syscall.ForkExec(exe, []string{trialName, name, strconv.Itoa(uid)}, &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, uintptr(p[1]), 2, uintptr(fd)}})
	unix.Close(p[1])
	if err != nil {
		return "", err
	}
	var text []byte
	for buf := make([]byte, 256); ; {
		n, err := unix.Read(p[0], buf)
		if err == unix.EINTR {
			continue
		}
		if n <= 0 || err != nil {
			break
		}
		text = append(text, buf[:n]...)
	}
	for {
		if _, err := unix.Wait4(pid, nil, 0, nil); err != unix.EINTR {
			return string(text), err
		}
	}
}

// trial is the process that tries one thing as one user.
func trial(args []string) int {
	if len(args) != 2 {
		return 2
	}
	uid, err := strconv.Atoi(args[1])
	if err == nil && uid != 0 {
		err = become(uid)
	}
	for _, t := range trials {
		if t.name == args[0] && err == nil {
			err = t.try()
		}
	}
	if err != nil {
		if e, ok := err.(unix.Errno); ok {
			say(1, unix.ErrnoName(e)+": "+e.Error())
		} else {
			say(1, "?: "+err.Error())
		}
	} else {
		say(1, "yes")
	}
	return 0 // its status is nobody's answer
}

// become gives up being who one is for good: real, effective and saved.
func become(uid int) error {
	if os.Geteuid() == 0 { // the groups are root's to give, and go first
		if err := syscall.Setgroups(nil); err != nil && err != unix.EPERM { // a user namespace may forbid it
			return err
		}
		if err := syscall.Setgid(uid); err != nil {
			return err
		}
	}
	return syscall.Setresuid(uid, uid, uid)
}

func write(name string, mode int) error {
	fd, err := unix.Openat(files, name, mode|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	_, err = unix.Write(fd, []byte("a line\n"))
	return err
}

// daemon does what daemon(3) does.
func daemon() error {
	null, err := unix.Open("/dev/null", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(null)
	pid, err := withSignalsBlocked(func() (uintptr, uintptr) { return forkDaemon(null, &[2]byte{'/'}) })
	if err != nil {
		return err
	}
	var ws unix.WaitStatus
	for {
		_, err := unix.Wait4(pid, &ws, 0, nil)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return err
		case ws.ExitStatus() != 0:
			return unix.Errno(ws.ExitStatus())
		}
		return nil
	}
}
