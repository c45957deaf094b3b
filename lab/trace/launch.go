package trace

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"jsh/pgroup"
	"jsh/pgroup/entry"
	"jsh/proc"
)

// The tracer is reached by these names (argv[0] of a re-executed jsh). The first
// starts the second and ends, so that the tracer is nobody's child.
const (
	parentName = "jsh: starts a tracer"
	tracerName = "jsh: tracer"
)

// IsEntry tells whether this process was started to be a part of trace.
func IsEntry(args []string) bool {
	return len(args) > 0 && (args[0] == parentName || args[0] == tracerName)
}

// Entry is the life of such a process; it returns its exit status. connect finds
// the log that the tracer is to tell, nil where there is none; its operand is the
// shell all of whose processes are followed, or 0.
func Entry(args []string, connect func(shell int) Log) int {
	name := append([]byte(proc.TracerName), 0)
	unix.Prctl(unix.PR_SET_NAME, uintptr(unsafe.Pointer(&name[0])), 0, 0, 0)
	if args[0] == parentName {
		return beTracersParent(args)
	}
	return beTracer(args[1:], connect)
}

// The tracer's descriptors.
const (
	fdOut  = 1 // the report
	fdLine = 3 // to the process that becomes the program
	fdTTY  = 4 // the terminal to ask at; may be missing
)

func beTracersParent(args []string) int {
	files := []uintptr{0, 1, 2, fdLine, fdTTY}
	exe, err := os.Readlink("/proc/self/exe")
	if err != nil {
		exe = "/proc/self/exe"
	}
	_, err = syscall.ForkExec(exe, append([]string{tracerName}, args[1:]...), &syscall.ProcAttr{
		Env: syscall.Environ(), Files: files, Sys: &syscall.SysProcAttr{Setsid: true}})
	if err != nil {
		return 1
	}
	return 0
}

// launch makes this process PROGRAM, with a tracer beside it. It returns only
// when that fails, with an exit status as a shell's: 126, 127, or 125 where it
// was the tracing.
func launch(o *settings) int {
	path, msg, status := Find(o.argv[0])
	if msg != "" {
		say(msg)
		return status
	}
	if o.quiet && tracedBy() != 0 { // that one tells
		msg, status = execute(path, o.argv)
		say(msg)
		return status
	}
	if msg := Refusal(); msg != "" {
		say(msg)
		return 125
	}
	if gains := Privileges(path); gains != "" && unix.Geteuid() != 0 {
		if o.quiet {
			say(path + " is " + gains + ": under a tracer without privilege it would lack that (execve(2)), so it is not run; leave out trace -q")
			return 126
		}
		say(path + " is " + gains + ": under a tracer without privilege the kernel starts it without that (execve(2)); what needs it will fail, mostly with EPERM")
	}
	line, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		say("socketpair: " + err.Error())
		return 125
	}
	tty := -1
	if !o.print && !o.json && !o.quiet {
		if tty, err = unix.Open("/dev/tty", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NOCTTY, 0); err != nil {
			say("there is no terminal to ask at (" + errText(err) + "); everything is printed (--print)")
			o.print = true
		}
	}
	out := 2
	if o.file != "" {
		if out, err = unix.Open(o.file, unix.O_WRONLY|unix.O_CREAT|unix.O_TRUNC|unix.O_CLOEXEC|unix.O_APPEND, 0o666); err != nil {
			say(o.file + ": " + errText(err))
			return 125
		}
	} else if tty >= 0 {
		out = tty
	}
	null, err := unix.Open("/dev/null", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		say("/dev/null: " + errText(err))
		return 125
	}
	exe, err := os.Readlink("/proc/self/exe")
	if err != nil {
		exe = "/proc/self/exe"
	}
	fds := []uintptr{uintptr(null), uintptr(out), 2, uintptr(line[1]), ^uintptr(0)}
	if o.quiet { // a pipe ends when its writers have, and that one is none
		fds[fdOut], fds[2] = uintptr(null), uintptr(null)
	}
	if tty >= 0 {
		fds[fdTTY] = uintptr(tty)
	}
	pid, err := syscall.ForkExec(exe, append([]string{parentName}, o.words()...), &syscall.ProcAttr{Env: syscall.Environ(), Files: fds})
	if err != nil {
		say("the tracer could not be started: " + err.Error())
		return 125
	}
	var ws unix.WaitStatus
	for {
		if _, err = unix.Wait4(pid, &ws, 0, nil); err != unix.EINTR {
			break
		}
	}
	unix.Close(line[1])
	if err != nil || ws.ExitStatus() != 0 {
		say("the tracer could not be started")
		return 125
	}
	msg, status = Become(line[0], path, o.argv)
	say(msg)
	return status
}

// Become makes this process a program under the tracer at the other end of
// line, which is to call Meet. It returns only when that fails: what went wrong,
// and an exit status as a shell's, 125 where it was the tracing.
func Become(line int, path string, argv []string) (msg string, status int) {
	if msg := shake(line); msg != "" {
		return msg, 125
	}
	return execute(path, argv)
}

// execute makes this process a program, as Become does.
func execute(path string, argv []string) (msg string, status int) {
	k := pgroup.Kernel{Pid: os.Getpid(), Locked: true}
	spec := &pgroup.Spec{Path: path, Argv: argv, Env: syscall.Environ(), Ignore: pgroup.IgnoredAtEntry()}
	if entry.Known {
		spec.NoFile = &unix.Rlimit{Cur: entry.NoFile.Cur, Max: entry.NoFile.Max}
	}
	err := k.Exec(spec)
	if pgroup.IsNoExec(err) {
		return path + ": neither a program nor a script with #! (ENOEXEC)", 126
	}
	return path + ": " + errText(err), 126
}

// Meet finds the process at the other end of line that is about to Become a
// program, and attaches to it. The error is fit for a learner.
func (t *Tracer) Meet(line int) (pid int, err error) {
	writeAll(line, num(os.Getpid())+"\n")
	pid, err = strconv.Atoi(readLine(line))
	if err != nil {
		return 0, errors.New("the program could not be started: the process that was to become it ended")
	}
	if err := t.Attach(pid); err != nil {
		msg := attachErrno(err)
		writeAll(line, msg+"\n")
		return pid, errors.New(msg)
	}
	return pid, nil
}

// Go lets the process that Meet found begin.
func (t *Tracer) Go(line int) { writeAll(line, "go\n") }

// shake is how the two find each other: the tracer tells its pid, this process
// allows it to attach (Yama asks for that, where the tracer is no ancestor) and
// tells its own, the tracer attaches and says go. It returns what went wrong.
func shake(line int) string {
	tracer, err := strconv.Atoi(readLine(line))
	if err != nil {
		return "the tracer ended at once"
	}
	unix.Prctl(unix.PR_SET_PTRACER, uintptr(tracer), 0, 0, 0)
	if !writeAll(line, num(os.Getpid())+"\n") {
		return "the tracer ended at once"
	}
	if answer := readLine(line); answer != "go" {
		if answer == "" {
			answer = "the tracer ended at once"
		}
		return answer
	}
	return ""
}

// readLine reads one line from the other end; "" at its end.
func readLine(fd int) string {
	var s []byte
	var b [1]byte
	for {
		n, err := unix.Read(fd, b[:])
		switch {
		case err == unix.EINTR:
		case n <= 0 || err != nil:
			return ""
		case b[0] == '\n':
			return string(s)
		default:
			s = append(s, b[0])
		}
	}
}

// Find looks a program up in PATH (POSIX XBD 8.3); msg says why it cannot be
// run, with the status that a shell has then, 126 or 127. Where PATH has no tickd,
// that is the one that jsh itself is when it is started by this name.
func Find(name string) (path, msg string, status int) {
	denied := func(p string) (string, string, int) {
		return p, p + ": may not be executed (EACCES); chmod +x, if it is a program", 126
	}
	if strings.Contains(name, "/") {
		var st unix.Stat_t
		if err := unix.Stat(name, &st); err != nil {
			return "", name + ": " + errText(err), 127
		}
		if st.Mode&unix.S_IFMT != unix.S_IFREG || unix.Access(name, unix.X_OK) != nil {
			return denied(name)
		}
		return name, "", 0
	}
	second := ""
	for _, dir := range strings.Split(os.Getenv("PATH"), ":") {
		if dir == "" {
			dir = "."
		}
		p := dir + "/" + name
		var st unix.Stat_t
		if unix.Stat(p, &st) != nil || st.Mode&unix.S_IFMT != unix.S_IFREG {
			continue
		}
		if unix.Access(p, unix.X_OK) == nil {
			return p, "", 0
		}
		second = p
	}
	if second != "" {
		return denied(second)
	}
	if exe, err := os.Readlink("/proc/self/exe"); name == "tickd" && err == nil {
		return exe, "", 0
	}
	return "", name + ": no such program in PATH (ENOENT); ./" + name + " for one in this directory", 127
}

// Refusal says up front why tracing cannot work here; "" where it may.
func Refusal() string {
	if n := tracedBy(); n != 0 {
		return "this process is traced already, by process " + num(n) + ", and a process has one tracer only (EPERM): leave that one first"
	}
	scope := strings.TrimSpace(ReadFile("/proc/sys/kernel/yama/ptrace_scope"))
	switch {
	case scope == "3":
		return "kernel.yama.ptrace_scope is 3: nobody may trace until the next start of the machine (EPERM); an administrator sets it in /etc/sysctl.d"
	case scope == "2" && unix.Geteuid() != 0:
		return "kernel.yama.ptrace_scope is 2: only root may trace (EPERM); use root, or have an administrator do: sysctl kernel.yama.ptrace_scope=1"
	}
	return ""
}

// tracedBy is who traces this process, 0: nobody.
func tracedBy() int {
	n, _ := strconv.Atoi(statusField(os.Getpid(), "TracerPid"))
	return n
}

// attachErrno is what went wrong with PTRACE_SEIZE, and what to do.
func attachErrno(err error) string {
	switch {
	case errors.Is(err, unix.EPERM):
		return "the kernel does not let the tracer attach (ptrace: EPERM): a container without CAP_SYS_PTRACE or with a seccomp filter, or a security module; docker run needs --cap-add=SYS_PTRACE"
	case errors.Is(err, unix.ENOSYS):
		return "there is no ptrace here (ENOSYS): a seccomp filter or an emulator; another machine is needed"
	}
	return "ptrace: " + errText(err)
}

func errText(err error) string {
	if e, ok := err.(unix.Errno); ok {
		return e.Error() + " (" + errnoName(e) + ")"
	}
	return err.Error()
}

func say(msg string) { writeAll(2, "trace: "+msg+"\n") }
