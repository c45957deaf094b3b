package trace

import (
	"golang.org/x/sys/unix"
)

// Call is one system call of a traced process.
type Call struct {
	Pid  int // the process, in the tracer's pid namespace
	Tid  int // the thread; the first one's is Pid
	Name string
	Kind Kind
	Args [6]uint64
	Text string // as a C program would write it, with names for numbers

	Says string // one sentence: what it asks for

	// IP and SP are the thread's instruction and stack pointer at the call.
	IP, SP uint64

	// Known when the kernel has answered.
	Done    bool
	Ret     int64
	Errno   unix.Errno // 0: it succeeded
	Changed []Change
	Order   Order // what was ordered instead of the call

	// Path and Argv of execve, or the path of open and chdir.
	Path string
	Argv []string
	// Flags are those of clone and clone3, of open, or the options of wait.
	Flags uint64
	// Child is the process or thread that a fork made, in the tracer's pid
	// namespace.
	Child int
	// Target is the process, or minus the group, that kill and setpgid name, in the tracer's pid namespace.
	Target int
	Sig    int // of kill and sigaction

	// Leads says that the process led its group before the call; with setsid.
	Leads bool
	// Told is what wait told of a child.
	Told string

	after  Place     // and after it
	place  Place     // of the target, before the call
	more   [3]string // what else the kernel said before, for the comparison
	source int       // of dup: the old descriptor
}

// Makes tells whether the call makes a process, not a thread, or nothing at all.
func (c *Call) Makes() bool {
	return c.Kind.family() == Fork && c.Flags&unix.CLONE_THREAD == 0
}

// Change is something that a call changed, in the kernel's own view.
type Change struct {
	Of       int    // pid
	What     string // "session", "process group", "descriptor 1" …
	Old, New string
}

// Order says what is to become of a call that a process is about to make.
type Order struct {
	Do    Deed
	Errno unix.Errno // with Fail
}

// Deed is what to do with a call.
type Deed uint8

const (
	Make Deed = iota // let the kernel do it
	Skip             // leave it out, and have the program believe that it succeeded
	Fail             // leave it out, and have the program read Order.Errno
)

// Happening is what comes to a process without a call of its own.
type Happening struct {
	What Kinds
	Pid  int
	// Place is the process's, read then.
	Place Place
	// Forker made it (Born), or was its parent before (Adopted).
	Forker int
	Thread bool   // with Born: of a process that is there already
	First  bool   // with Became: the tracing of this process begins by it
	Path   string // with Became: the program's file
	Asked  string // the path that execve was given, if that is known: a link, a script
	Argv   []string
	Sig    int
	Sender int // with Received: who sent the signal, where the kernel tells; 0
	Effect string
	Status int
	Core   bool
	Text   string // with Note
}

// Kinds are the kinds of Happening.
type Kinds uint8

const (
	_         Kinds = iota
	Born            // a child begins
	Became          // execve succeeded: another program runs in the process
	Received        // a signal arrives; Effect is what it will do
	Stopped         // the process stopped, by Sig
	Continued       // it goes on
	Adopted         // its parent ended: Place.PPid is the new one
	Exited          // it ended, with Status
	Killed          // it was ended by Sig
	Note            // something that the tracer cannot do, in Text
)
