// Package explain says, before a command line is run, what it would become:
// which jobs, process groups and processes, what the shell does itself, who gets
// the keyboard, where each descriptor leads, and what cannot be known before.
//
// It owns Plan, the pure fold of a parsed line into that, and its text and JSON
// forms. It never runs, opens, assigns or expands anything itself: what it must
// know of the shell (what a name means, what a harmless word expands to) it asks
// through Shell, whose implementation promises the same.
//
// Invariants: a plan is for an interactive shell with job control, where every
// subshell is a process. What depends on something that the line itself changes,
// or on a command substitution, is said to be unknown, never guessed.
package explain

import "jsh/parser"

// Meaning is what a command name stands for (POSIX 2.9.1.4).
type Meaning uint8

const (
	Missing Meaning = iota // found nowhere
	Special                // a special built-in utility
	Builtin                // another builtin
	Function
	Program
)

// Shell is what is asked of the shell. No method has an effect.
type Shell interface {
	// Lookup tells what a name means now; path for Program.
	Lookup(name string) (m Meaning, path string)
	// Body is the body of a function, nil if there is none.
	Body(name string) parser.Command
	// Fields expands a word whose expansion runs and changes nothing; ok is false
	// for any other, and where it fails.
	Fields(w *parser.Word) (fields []string, ok bool)
	// Stage tells whether the shell starts a stage of a pipeline itself, as a
	// program, and not through a subshell.
	Stage(c parser.Command) bool
	// Descriptor says where the shell's descriptor n leads, "" if it is closed.
	Descriptor(n int) string
}

// Kind is what sort of step a step is.
type Kind uint8

const (
	InShell    Kind = iota // the shell does it itself
	Foreground             // a job that the shell waits for
	Background             // a job that it does not wait for
	Subst                  // a command substitution: no job, but a process
	Inside                 // a process in the group of the job around it
	Unknown                // that depends on what is not known yet
)

// Plan is what a line becomes.
type Plan struct {
	Steps   []Step
	Unknown []string // what cannot be known before, a sentence each
}

// Step is one thing that is done, in the order of the line.
type Step struct {
	Kind Kind
	When string // "" always; else the condition: "only if the one before succeeds (&&)"
	Text string
	What string // a sentence: "the builtin cd", "an assignment: x stays in the shell"
	// Procs are the processes of a job, a substitution or an inside step.
	Procs []Proc
	FDs   []FD   // redirections of what the shell does itself
	Inner []Step // what a function, a compound command runs in its turn
}

// Proc is one process that is started.
type Proc struct {
	Text string
	Name string // the program's name, or "jsh: subshell"
	Path string // the program file; "" for a subshell, and where it is not known
	// Missing says that no such program is found now.
	Missing bool
	Shell   bool // a re-executed jsh
	FDs     []FD // where they differ from the shell's, by number
	Inner   []Step
	// Becomes is the program that the subshell's last command puts in its place.
	Becomes string
}

// FD is a descriptor and where it leads.
type FD struct {
	N  int
	To string // "the pipe to wc", "out, created or emptied", "closed"
}

// Line plans a parsed line.
func Line(sh Shell, progs []*parser.Program) *Plan {
	p := &planner{sh: sh, plan: &Plan{}, changed: map[string]bool{}, defined: map[string]parser.Command{}, noted: map[string]bool{}}
	for _, prog := range progs {
		p.plan.Steps = append(p.plan.Steps, p.list(prog, place{})...)
	}
	return p.plan
}

// Jobs are the process groups that a plan makes, those inside other steps too,
// in order.
func (p *Plan) Jobs() []*Step { return jobsOf(nil, p.Steps) }

func jobsOf(js []*Step, steps []Step) []*Step {
	for i := range steps {
		s := &steps[i]
		if s.Kind == Foreground || s.Kind == Background {
			js = append(js, s)
		}
		if s.Kind == InShell {
			js = jobsOf(js, s.Inner)
		}
	}
	return js
}
