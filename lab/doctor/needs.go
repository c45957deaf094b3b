package doctor

import (
	"os"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"jsh/lab/sandbox"
	"jsh/proc"
)

// What an experiment or a lesson may need of the machine. A program is needed by
// ProgramPrefix and its name.
const (
	Ptrace        = "trace"     // a process can be traced: trace, check-daemon
	UserNS        = "sandbox"   // user and pid namespaces: jsh --sandbox
	Users         = "users"     // several user IDs in them
	Setuid        = "setuid"    // root that may become another user: here, or there
	Connector     = "connector" // the kernel tells every fork, exec and exit
	Exact         = "exact"     // one of the two sees every fork: Connector, Ptrace
	SpareTerminal = "spare-tty" // another terminal can be had
	Gcc           = "compiler"  // a C compiler
	Puppets       = "puppet"    // processes that make a call when told
	Root          = "root"      // user 0, here
	Procs         = "proc"      // /proc shows other processes
	Waits         = "waits"     // /proc tells the system call that a process sleeps in

	// What the terminal has decides who draws on it: Has lets these pass.
	Terminal = "terminal" // somebody types
	Screen   = "screen"   // the split screen
	Keys     = "keys"     // a relay that sees signal keys: the screen's

	ProgramPrefix = "program:" // program:less
)

// Requirement is something that Has knows.
type Requirement struct{ Name, What string }

// Requirements lists them, programs aside.
func Requirements() []Requirement {
	return []Requirement{
		{Ptrace, "a process can be traced"},
		{UserNS, "user and pid namespaces, for a sandbox"},
		{Users, "several user IDs in a sandbox"},
		{Setuid, "root that may become another user, here or in a sandbox"},
		{Connector, "the kernel tells every fork, exec and exit (proc connector)"},
		{Exact, "every fork is seen: by the proc connector or by a tracer"},
		{SpareTerminal, "another terminal can be had"},
		{Gcc, "a C compiler"},
		{Puppets, "processes that make one system call when told"},
		{Terminal, "a terminal, at which somebody types"},
		{Screen, "the split screen"},
		{Keys, "a relay that sees signal keys"},
		{Root, "the user is root"},
		{Procs, "/proc shows every process"},
		{Waits, "/proc tells what a process waits for"},
	}
}

// Known tells whether Has knows a name.
func Known(name string) bool {
	for _, r := range Requirements() {
		if r.Name == name {
			return true
		}
	}
	program, is := strings.CutPrefix(name, ProgramPrefix)
	return is && program != "" && !strings.Contains(program, "/")
}

var had struct {
	sync.Mutex
	why map[string]string // what was tried by now; "" is yes
}

// Has tells whether something can be had here, by trying; why says in one
// sentence why not and what would help. What was tried once in this process is not
// tried again. A name that is not Known cannot be had.
func Has(name string) (ok bool, why string) {
	if !Known(name) {
		return false, name + ": jsh knows no such requirement"
	}
	had.Lock()
	why, tried := had.why[name]
	had.Unlock()
	if !tried {
		why = lacking(name)
		had.Lock()
		if had.why == nil {
			had.why = map[string]string{}
		}
		had.why[name] = why
		had.Unlock()
	}
	return why == "", why
}

// lacking tries what one name needs, no more.
func lacking(name string) string {
	exe, err := os.Executable()
	if err != nil {
		exe = "/proc/self/exe"
	}
	var f Facts
	switch name {
	case Ptrace:
		f.Trace = tryTrace(exe)
		f.Yama = strings.TrimSpace(read("/proc/sys/kernel/yama/ptrace_scope"))
	case UserNS, Users, Setuid:
		if f.Uid = os.Geteuid(); name == Setuid && f.Uid == 0 {
			break
		}
		if err := sandbox.Try(exe); err != nil {
			f.Box = err.Error()
			if r, ok := err.(*sandbox.Refusal); ok {
				f.BoxText = strings.Join(strings.Fields(r.Cause()), " ")
			}
		}
		f.BoxIDs = sandbox.IDs()
	case Connector:
		lookWhoWatches(&f)
	case Exact:
		if lookWhoWatches(&f); !f.Exact {
			f.Trace = tryTrace(exe)
		}
	case SpareTerminal:
		f.Pty = tryPty()
	case Puppets, Terminal, Screen, Keys:
		return ""
	case Gcc:
		f.Compiler = compiler()
	case Procs:
		lookAtProc(&f)
	case Waits:
		f.Calls = read("/proc/self/syscall") != ""
	case Root:
		f.Uid = os.Geteuid()
	default:
		program := strings.TrimPrefix(name, ProgramPrefix)
		if onPath(program) == "" {
			return "the program " + program + " is not installed (it is not in PATH)"
		}
		return ""
	}
	return Lacking(&f, name)
}

// Lacking judges the facts that a requirement depends on: "" where it is met, else
// one sentence. Programs are not among the facts.
func Lacking(f *Facts, name string) string {
	switch name {
	case Ptrace:
		if f.Trace == "" {
			return ""
		}
		if f.Yama == "2" || f.Yama == "3" {
			return "a process cannot be traced here: kernel.yama.ptrace_scope is " + f.Yama + "; an administrator can set it to 1"
		}
		return "a process cannot be traced here (" + f.Trace + "); in a container, docker run --cap-add=SYS_PTRACE allows it"
	case UserNS, Users, Setuid:
		switch {
		case name == Setuid && f.Uid == 0:
			return ""
		case f.Box != "":
			return "no sandbox can be had here (" + f.Box + "). " + f.BoxText
		case name != UserNS && f.BoxIDs < 2:
			return "a sandbox has one user ID only here: it needs root, or package uidmap and a range in /etc/subuid"
		}
	case Connector:
		if !f.Exact {
			return "the kernel does not tell this user of forks (proc connector): the picture looks at /proc (" + f.Source + ")"
		}
	case Exact:
		if !f.Exact && f.Trace != "" {
			return "nobody sees every fork here: the proc connector is silent, and " + f.Trace
		}
	case SpareTerminal:
		if f.Pty != "" {
			return "no other terminal can be had: " + f.Pty + "; /dev/pts has to be mounted, and to have one free (/proc/sys/kernel/pty/max)"
		}
	case Gcc:
		if f.Compiler == "" {
			return "there is no C compiler (cc, gcc, clang, tcc): install gcc"
		}
	case Root:
		if f.Uid != 0 {
			return "this needs root; a sandbox (jsh --sandbox) has one of its own"
		}
	case Procs:
		return f.Proc
	case Waits:
		if !f.Calls {
			return "/proc/PID/syscall cannot be read on this kernel (CONFIG_HAVE_ARCH_TRACEHOOK, or a filter)"
		}
	}
	return ""
}

// lookWhoWatches is the part of Look that costs most.
func lookWhoWatches(f *Facts) {
	w, err := proc.Watch(proc.WatchOptions{Shell: os.Getpid()})
	if err != nil {
		f.Source = err.Error()
		return
	}
	settle(w)
	f.Source, f.Exact = w.Source(), watchesExactly(w)
	w.Close()
}

// tryPty opens a terminal of its own, and says why that fails.
func tryPty() string {
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		return "/dev/ptmx: " + unix.ErrnoName(err.(unix.Errno)) + " (" + err.Error() + ")"
	}
	unix.Close(fd)
	return ""
}
