// Package check says whether something is true of what happened: predicates over
// the log of events and the tree of processes, as lessons write them.
//
// It owns the language (Go's syntax, evaluated here), the predicates with the
// sources that can prove each, and the verdict with its evidence. It makes no
// system call: what only /proc/PID can tell is asked through World.Facts.
//
// Invariants: there are three answers, true, false and unknown; what no source
// can see, or what a gap may have swallowed, is unknown and never false. The same
// world gives the same verdict. An effect is looked for, never what was typed.
package check

import (
	"jsh/event"
	"jsh/proc"
)

// World is what there is to know at a moment.
type World struct {
	Tree    *proc.Tree    // the present; nil: not known, then only events count
	Events  []event.Event // from the lesson's beginning, by Seq; to be extended, not changed
	From    uint64        // Seq of the step's first event: what happened(…) looks at begins here
	Shell   int           // pid of the learner's shell
	Sources Sources       // who watches
	Old     *proc.Tree    // of a resumed lesson, as it began: names may mean who is in it; nil: they mean nobody older
	// Facts asks what one file of /proc/PID says, by the names of event.Fact; only
	// what that tells is set. ok is false if the process is not there, or may not be
	// asked. Nil: nobody can be asked.
	Facts func(pid int, file string) (f Facts, ok bool)

	it    *life
	story *story // of Events; carried on by Follow
}

// Facts is what /proc/PID says beyond a line of stat.
type Facts struct {
	Ignored proc.SigSet
	Blocked proc.SigSet
	Caught  proc.SigSet
	Args    []string       // command line
	Cwd     string         // "" is: may not be read
	Umask   int            // -1: not known
	Fds     map[int]string // what each descriptor leads to, as readlink says; nil: may not be read
	Waits   string         // what it sleeps in, in words of proc.Reader.Waits: "reads the terminal"
}

// Sources is a set of those who tell what happens.
type Sources uint16

const (
	FromShell     Sources = 1 << iota // the shell's own requests and waits
	FromProc                          // snapshots of /proc
	FromConnector                     // the kernel's proc connector
	FromTracer                        // ptrace
	FromKeys                          // the screen's relay of keys
	FromPuppet                        // puppets
	FromFacts                         // /proc/PID, asked when needed
	FromLearner                       // what the learner tells the lesson
)

// Plain are the sources in force everywhere.
const Plain = FromShell | FromProc | FromFacts | FromLearner

// Truth is an answer; the zero value is Unknown.
type Truth int8

const (
	Unknown Truth = iota
	False
	True
)

func (t Truth) String() string { return [...]string{"unknown", "false", "true"}[t] }

// Verdict is the answer to an expression.
type Verdict struct {
	Truth Truth
	Value any    // of an expression that is no question: int, string; nil is none, or not known
	Why   string // evidence: a sentence without a full stop
}

// Holds says that it is true.
func (v Verdict) Holds() bool { return v.Truth == True }

// Explain is the evidence in one sentence: "cat: stopped by SIGTTIN".
func (v Verdict) Explain() string { return v.Why }
