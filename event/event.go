// Package event defines what can happen in jsh's world, and the log that
// holds it: the one record from which narrate, the picture, the lessons and
// the quizzes read.
//
// It owns the Event type, its JSON form (one line an event), one sentence of
// English for each Kind, and the Log. It never looks at the kernel, never
// waits and never draws.
//
// Invariants: within one Source events stand in the order in which they were
// added; Seq is given by the Log alone and has no gaps in it; what the Log had
// to drop is counted and told, never silently missing.
package event

// Kind is what happened. The zero Kind is invalid.
type Kind uint8

const (
	_ Kind = iota

	// Asked of the kernel by the shell, with the answer in Errno.

	Spawn     // a program was started: Pid, Path, Argv, Fg, and Pgid, 0 where it stays in the shell's group
	SetPgid   // setpgid(Pid, Pgid)
	SetFg     // tcsetpgrp: the terminal's foreground process group is to be Pgid
	Kill      // kill(Pid or -Pgid, Sig)
	SaveModes // tcgetattr: the terminal modes of job Job were kept
	SetModes  // tcsetattr: the terminal modes of job Job, or the shell's (Job 0), were put back
	Exec      // the shell replaced itself: execve(Path); from another source: Pid did, and Text may be its new name

	// Told to the shell by the kernel.

	Exited    // wait: Pid ended with Status
	Killed    // wait: Pid was ended by Sig; Core says whether it dumped core
	Stopped   // wait: Pid was stopped by Sig
	Continued // wait: Pid was continued
	Signal    // the shell itself received Sig

	// Said by the shell about its own work.

	LineBegin // a command line begins to run: an episode
	LineEnd   // it is over: Status
	JobNew    // job Job was made of group Pgid
	JobState  // job Job changed: Text is its new state in words
	JobGone   // job Job left the table

	// Seen from outside.

	Seen  // a process was found: Pid, PPid, Pgid, Sid, TTY, Text its name; from Connector, or from Tracer without Path: PPid forked it; from Proc with Path: this file of /proc/PID shows that it came from the shell
	Moved // a process changed PPid, Pgid, Sid or TTY: the new values
	Gone  // a process is no longer there
	Fg    // the foreground process group of terminal TTY was found to be Pgid
	Key   // a signal key was pressed: Text is ^C, ^Z or ^\; Pgid the foreground group of terminal TTY then, if known
	Gap   // events were lost: Text says which and why

	Named // a process took another name: Text
	User  // a process changed its user or group: Text says which, in words
	Meets // how Pid of group Pgid is set for Sig, which a key has just sent: Text is default, ignored, caught or blocked
	// Done by a process that was told to, a call at a time.

	Call // Pid made the system call Text, which says the answer too where it was no refusal; from Tracer also: Sig came to Pid, from PPid where that is known

	Told // the learner told the lesson Text: an answer, or what is to be done next
	Fact // the lesson asked what file Path of /proc/PID says, and this is the answer: Text or Argv, or Errno; without Pid it is about the machine or the log itself
)

// Source is who says so.
type Source uint8

const (
	_         Source = iota
	Shell            // the shell's own requests and waits
	Proc             // a snapshot of /proc
	Connector        // the kernel's proc connector
	Tracer           // ptrace
	Keyboard         // the relay of keys
	Puppet           // what drives a process a call at a time
	Lesson           // the lesson that the learner is in
)

// Event is one thing that happened. Which fields mean something depends on
// Kind; the others are zero. Numbers are the kernel's own.
type Event struct {
	Seq    uint64 // place in the log, from 1; 0 before the log took it
	At     int64  // CLOCK_MONOTONIC, nanoseconds
	Kind   Kind
	Source Source

	Pid  int
	PPid int
	Pgid int
	Sid  int
	TTY  int // device number as in /proc/PID/stat field 7; 0 is none

	Job    int    // the shell's job number; 0 is none
	Sig    int    // signal number
	Status int    // exit status, 0–255
	Core   bool   // with Killed
	Errno  int    // the kernel's refusal; 0 is success
	Fg     bool   // with Spawn: the group was to get the terminal
	Path   string // program file
	Argv   []string
	Text   string
}
