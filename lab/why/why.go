// Package why says why a process is as it is: what stopped it, why ^C did not
// end it, what it waits for, who must reap it, who adopted it, and what to type
// to change that.
//
// It owns Facts, what can be known of one process, and Explain, the pure fold
// of facts into claims; Gather, which alone makes system calls; and the text
// and JSON forms of an answer. It never signals, traces or changes a process,
// and never guesses silently: each claim names its source, and what is not known
// is said to be so.
//
// Invariants: Explain is a function of Facts alone. A claim's key is stable; its
// words may change. A command that an answer offers is one that the person who
// asks may run now (another user's process: the answer says so first).
package why

import (
	"strconv"
	"strings"

	"jsh/event"
	"jsh/proc"
)

// Claim is one thing that holds.
type Claim struct {
	Key    string // stable, for tests and programs: "stopped-ttin"
	Text   string // English, one or two sentences
	Source string // where it can be looked up: "log; POSIX 11.1.4"
}

// Command is something to type, and what it does.
type Command struct {
	Type   string
	Effect string
}

// Answer is what can be said of one process.
type Answer struct {
	Pid    int
	Job    int    // 0: none
	Head   string // "812 cat, job %1: stopped"
	Claims []Claim
	Do     []Command
}

// Process is what /proc says of one process. What may not be read is zero, and
// Denied is set.
type Process struct {
	proc.Proc
	Argv    []string
	Uid     int // real
	Threads int
	Blocked proc.SigSet
	Ignored proc.SigSet
	Caught  proc.SigSet
	Pending proc.SigSet // to the process or to its first thread
	Tracer  int         // 0: nobody
	Denied  bool        // its system call and descriptors may not be looked at
	Call    Call
	Exe     string // the path of its program
	kernel  bool   // it has no memory of its own, and has not ended: /proc/PID/status lacks VmSize
	Deleted bool   // that file has been removed or replaced since
}

// Call is the system call that a process sleeps, or stopped, in.
type Call struct {
	Name string // "read", "wait4"; "" is: none, or not known
	FD   int    // the descriptor it acts on, -1 for none
	File string // what that descriptor or the path argument is, as readlink says: "pipe:[812]"
	Kind FileKind
	// Op says what ioctl and fcntl are about: "modes", "foreground", "lock".
	Op string
	// Peers are the processes at the other end of a pipe; without any the end is
	// closed. For a lock: its holders. PeersKnown is false where nobody could be
	// asked.
	Peers      []proc.Proc
	PeersKnown bool
}

// FileKind is what sort of thing a descriptor leads to.
type FileKind uint8

const (
	OtherFile FileKind = iota
	Pipe
	Fifo
	Terminal
	Socket
)

// TTY is a terminal, as it is now.
type TTY struct {
	Name       string
	Foreground int // pgid; 0: none
	Known      bool
	ISIG       bool // signal characters act
	TOStop     bool // background writes stop
	Intr       byte // the character of SIGINT; 0: none
}

// Job is the job that the process belongs to.
type Job struct {
	ID      int
	Pgid    int
	Text    string
	Stopped bool
	// Sig is what stopped this process; 0 is not known.
	Sig int
	// Raw says that the modes kept for the job have ISIG off.
	Raw bool
}

// Facts is what is known of one process at one moment.
type Facts struct {
	Pid    int
	P      *Process // nil: there is no such process now
	Parent *Process // nil: none that can be seen
	Kids   []proc.Proc
	Group  []proc.Proc // living members of its process group

	Orphaned bool // its process group
	Adopted  bool // the parent is not the process that forked it
	Forker   int  // that process, 0: not known
	Init     bool // the parent is pid 1
	Kernel   bool // a thread of the kernel

	TTY *TTY // nil: it has no controlling terminal
	Job *Job // nil: none

	Shell     int // the shell that asks; 0: none
	ShellPgid int
	ShellSid  int           // the session of who asks; 0: its leader is in no pid namespace of ours, or it has ended
	Uid       int           // who asks (effective)
	Neglects  bool          // that shell was told to wait for nobody (--without reap)
	HasLog    bool          // Events is the shell's own log
	Events    []event.Event // oldest first
	// Watched is what others saw, oldest first: the kernel's proc connector, a
	// tracer, other shells. Empty where nobody keeps that.
	Watched []event.Event
}

// Explain folds facts into claims, the most important first.
func Explain(f *Facts) Answer {
	a := Answer{Pid: f.Pid}
	if f.Job != nil {
		a.Job = f.Job.ID
	}
	e := &explainer{f: f, a: &a}
	switch {
	case f.P == nil:
		e.gone()
	case f.Kernel:
		a.Head = e.head("a thread of the kernel")
		e.claim("kernel-thread", "It is a thread of the kernel, not a program: it has no memory of its own, and no signal ends it.",
			e.file("status")+" VmSize is missing")
	case f.P.Exited():
		e.zombie()
		e.kin()
	case e.stopped():
		e.interrupt()
		e.pending()
		e.kin()
		e.program()
	default:
		a.Head = e.head(stateWords(f.P.State))
		e.waiting()
		e.interrupt()
		e.pending()
		e.kin()
		e.program()
		e.endIt()
	}
	return a
}

// explainer builds one answer.
type explainer struct {
	f *Facts
	a *Answer
}

func (e *explainer) claim(key, text, source string) {
	e.a.Claims = append(e.a.Claims, Claim{key, text, source})
}

// offer adds a command, each only once.
func (e *explainer) offer(command, effect string) {
	for _, c := range e.a.Do {
		if c.Type == command {
			return
		}
	}
	e.a.Do = append(e.a.Do, Command{command, effect})
}

// head names the process: "812 cat, job %1: stopped".
func (e *explainer) head(state string) string {
	h := num(e.f.Pid)
	if e.f.P != nil {
		h += " " + event.Visible(e.f.P.Name)
	} else if n := e.nameFromLog(); n != "" {
		h += " " + event.Visible(n)
	}
	if e.f.Job != nil {
		h += ", job %" + num(e.f.Job.ID)
	}
	return h + ": " + state
}

// target is how to name the process to kill: its job, if it is one.
func (e *explainer) target() string {
	if e.f.Job != nil {
		return "%" + num(e.f.Job.ID)
	}
	return num(e.f.Pid)
}

// file names a file of the process below /proc.
func (e *explainer) file(name string) string { return "/proc/" + num(e.f.Pid) + "/" + name }

// mayKill tells whether the one who asks may signal the process (kill(2)).
func (e *explainer) mayKill() bool {
	return e.f.Uid == 0 || e.f.P == nil || e.f.P.Uid == e.f.Uid
}

// Brief is Explain for one more process of a job: what it does or waits for,
// and nothing that holds for the job as a whole.
func Brief(f *Facts) Answer {
	if f.P == nil || f.Kernel || f.P.Exited() {
		return Explain(f)
	}
	a := Answer{Pid: f.Pid}
	if f.Job != nil {
		a.Job = f.Job.ID
	}
	e := &explainer{f: f, a: &a}
	if !e.stopped() {
		a.Head = e.head(stateWords(f.P.State))
		e.waiting()
	}
	e.program()
	a.Do = nil
	return a
}

// endIt offers what ends a process, from the mildest on.
func (e *explainer) endIt() {
	p := e.f.P
	const sigTerm, sigKill = 15, 9
	if !e.mayKill() {
		e.claim("other-user", "It belongs to user "+num(p.Uid)+": a signal from you is refused (EPERM).", e.file("status")+" Uid; kill(2)")
		return
	}
	if p.Pid == 1 {
		e.claim("init", "It is pid 1: in its own pid namespace only signals for which it has a handler reach it.", "pid_namespaces(7)")
		return
	}
	switch {
	case e.f.Pid == e.f.Shell:
		e.offer("exit", "ends this shell")
	case !p.Ignored.Has(sigTerm) && !p.Blocked.Has(sigTerm):
		word := "asks it to end (SIGTERM)"
		if p.Caught.Has(sigTerm) {
			word += "; it has a handler and decides itself"
		}
		e.offer("kill "+e.target(), word)
		if p.Caught.Has(sigTerm) {
			e.offer("kill -KILL "+e.target(), "ends it; it cannot refuse")
		}
	default:
		e.offer("kill -KILL "+e.target(), "ends it; SIGKILL can be neither ignored nor blocked")
	}
}

func stateWords(state byte) string {
	switch state {
	case 'R':
		return "running"
	case 'S':
		return "asleep"
	case 'D':
		return "in a sleep that signals do not end"
	case 'T':
		return "stopped"
	case 't':
		return "stopped by its tracer"
	case 'Z':
		return "ended, and not yet reaped"
	case 'I':
		return "idle"
	}
	return "state " + string(rune(state))
}

func num(n int) string { return strconv.Itoa(n) }

// name is "812 (cat)", for a process that is spoken of in passing.
func name(p *proc.Proc) string { return num(p.Pid) + " (" + event.Visible(p.Name) + ")" }

// names joins a few processes: "812 (cat), 813 (wc) and 4 more".
func names(ps []proc.Proc) string {
	const most = 3
	var parts []string
	for i := range ps {
		if i == most {
			return strings.Join(parts, ", ") + " and " + num(len(ps)-most) + " more"
		}
		parts = append(parts, name(&ps[i]))
	}
	return strings.Join(parts, ", ")
}
