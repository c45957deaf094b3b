// Package shell runs what package parser read: it expands, redirects, starts
// programs in process groups, keeps the job table true, and holds everything a
// shell remembers (variables, functions, aliases, options, traps).
//
// It owns the shell execution environment of POSIX.1-2024 XCU 2.13 and the
// decisions of job control (2.11): which group, who gets the terminal, what a
// stop or a ^C does to the rest of the line. The calls themselves are package
// pgroup's, the job table is package jobs', words become fields in
// shell/expand, lines come from shell/edit. It never draws processes and knows
// no lesson: cmd/jsh registers such builtins.
//
// Invariants:
//
//   - One goroutine, locked to the main thread, runs the interpreter and is the
//     only one that waits for children. So a status is never lost between two
//     waiters, and a signal is pending before the call that met it returns.
//   - The learner's descriptors are virtual (fdTable): descriptor n is a number
//     of ours at or above pgroup.FirstOwnFD, and becomes real in a child.
//   - Go cannot fork: what POSIX runs in a subshell is a re-executed jsh with
//     the state handed over (subshell.go). A script's subshell that nobody can
//     tell from a process is none (inside.go).
//   - With job control the terminal belongs to the shell's own group whenever
//     the interpreter is between two jobs.
package shell

import (
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/jobs"
	"jsh/parser"
	"jsh/pgroup"
	"jsh/shell/expand"
)

// Builtin is a command that runs in the shell itself. args[0] is its name. It
// returns the exit status, 0–255.
type Builtin func(s *Shell, args []string) int

// Shell is one shell execution environment.
type Shell struct {
	Kernel *pgroup.Kernel
	Log    *event.Log

	name string   // $0, and what messages begin with
	args []string // $1 …
	vars map[string]*variable
	env  []string // what programs get; nil when it must be made anew
	// foreign are the strings of the environment that name no variable: they
	// are passed on to programs as they came.
	foreign []string

	funcs   map[string]*parser.FuncDef
	aliases map[string]string
	opts    options
	fds     fdTable
	jobs    *jobs.Table
	traps   trapTable
	hashed  map[string]string // command name → path

	status    int  // $?
	pid       int  // $$: the first shell's, in subshells too
	bgPid     int  // $!
	hasBg     bool // $! is set
	line      int  // LINENO
	started   time.Time
	optionPos int        // getopts: place within the current argument
	random    *rand.Rand // of $RANDOM, where it was given a seed

	interactive bool
	typed       bool // commands are typed: interactive, or a subshell of such a shell
	loginShell  bool
	subshell    bool // a re-executed one
	tty         int  // our terminal, a descriptor of our own, or -1
	modes       *pgroup.Modes
	monitor     bool // job control is on and works (set -m)
	wake        int  // readable when a caught signal came

	// Where the interpreter is.
	ran        int      // counts the commands that were run
	loops      int      // enclosing loops in this function
	outerLoops int      // in a subshell: loops of the parent around it
	levels     int      // how many loops break or continue has still to leave
	calls      int      // depth of function calls
	texts      int      // depth of eval, . and traps
	depth      int      // depth of lists within lists, over all of these
	dots       int      // depth of . files
	noErrexit  int      // depth of places where set -e does not act
	frames     []*frame // function calls
	reading    int      // a line is being typed

	// droppedByStop says that a stop left out commands of the line.
	droppedByStop bool

	// What a builtin asks of its caller.
	next          unwind
	specialFailed bool // an error of a special builtin: ends a script
	keepFDs       bool // exec: the redirections stay

	// Signals and waiting.
	later       pgroup.SignalSet // came while the shell waited for a job
	held        bool             // SIGINT waits for the end of a command
	waits       int              // wait is running: SIGCHLD must wake it
	missing     *missingRule     // a rule that this shell was told to lack
	hangup      bool             // SIGHUP came: end, and hang up the jobs
	substStatus int              // of the last command substitution, -1: there was none
	pipeStatus  []int            // of the last pipeline's stages; none: it had one, and $? is its status

	// An interactive shell.
	repl       *repl
	visitor    *Visitor // nil: none
	done       bool     // it ends
	warnedExit bool     // it said that there are stopped jobs
	warnNow    bool     // … in this very command
	formerPgid int      // the group in which this shell was started

	// A subshell.
	mayExec bool // its last command may replace it

	noFile *unix.Rlimit // for programs
	exe    string       // this program's path
	x      *expand.Expander
	buf    []byte // output of the builtin that runs

	slow     *Slow // nil: programs start at once
	starting *Slow // … a pipeline that is being started step by step

	extra map[string]Builtin
	own   map[string]OwnProgram
	// over are the own programs that run, by pid, for which something is to be
	// done when their foreground job is over.
	over map[int]func(s *Shell, pid int)
	help string
	// Narrator, if there is one, is called in an interactive shell whenever it
	// is a good time to speak of what the log holds: before the shell waits for
	// a foreground job, when it has the terminal back, and after each command
	// line.
	Narrator func()
	// Observer, if there is one, is called after each event that the log took.
	// It must neither wait nor run anything.
	Observer func()
	// Leaving, if there is one, is called at the end of a shell that is no
	// subshell, also where it dies of a hang-up: its jobs have been hung up then.
	Leaving func()
	// SuspendOuter, if there is one, stops what is around a shell that leads
	// its session: the screen that it runs in.
	SuspendOuter func() error
	// Remark, if there is one, is asked for a line to say below the notice of a
	// job that stopped or ended; "" is nothing to say.
	Remark func(j *jobs.Job) string
	// News, if there is one, is asked before each prompt for what is to be told
	// above it; "" is nothing.
	News func() string
}

// frame is a function call: the variables that local hid.
type frame struct {
	args  []string
	saved map[string]*variable
	loops int
}

// Config is what cmd/jsh decides before a shell starts.
type Config struct {
	Name        string   // $0
	Args        []string // $1 …
	Interactive bool
	Login       bool
	Builtins    map[string]Builtin // from cmd/jsh, besides the shell's own
	Programs    map[string]OwnProgram
	Help        string // what the builtin help prints first
	Without     Rule   // the rule that an interactive shell lacks; 0 is none
}

// New makes a shell for this process: its environment becomes variables, its
// descriptors the learner's.
func New(c Config) *Shell {
	s := newShell(c)
	s.importEnv(os.Environ())
	return s
}

// newShell makes a shell without variables.
func newShell(c Config) *Shell {
	log := event.NewLog(1000)
	s := &Shell{
		Log:         log,
		name:        c.Name,
		args:        c.Args,
		vars:        make(map[string]*variable, 64),
		funcs:       map[string]*parser.FuncDef{},
		aliases:     map[string]string{},
		jobs:        jobs.New(),
		hashed:      map[string]string{},
		tty:         -1,
		wake:        -1,
		started:     time.Now(),
		extra:       c.Builtins,
		own:         c.Programs,
		optionPos:   1,
		help:        c.Help,
		loginShell:  c.Login,
		interactive: c.Interactive,
		typed:       c.Interactive,
	}
	s.Kernel = pgroup.New(s.log)
	s.Kernel.Locked = true
	if c.Without != 0 && c.Interactive {
		s.missing = &missingRule{rule: c.Without}
	}
	s.pid = s.Kernel.Pid
	s.fds.inherit()
	s.noFile = originalNoFile()
	s.traps.entry = pgroup.IgnoredAtEntry()
	s.x = &expand.Expander{Env: expandEnv{s}}
	return s
}

// Pid is the shell's own process ID (not $$, which a subshell inherits).
func (s *Shell) Pid() int { return s.Kernel.Pid }

// Status is $?.
func (s *Shell) Status() int { return s.status }

// JobOfGroup maps process groups to job numbers, for drawings.
func (s *Shell) JobOfGroup() map[int]int {
	m := map[int]int{}
	for _, j := range s.jobs.All() {
		if j.Pgid != 0 && j.State() != jobs.Done {
			m[j.Pgid] = j.ID()
		}
	}
	return m
}

// Var is the value of a variable, empty where it is unset.
func (s *Shell) Var(name string) string { v, _ := s.get(name); return v }

// Interactive tells whether somebody types at this shell.
func (s *Shell) Interactive() bool { return s.interactive }

// JobControl tells whether jobs get process groups of their own (set -m).
func (s *Shell) JobControl() bool { return s.monitor }

// Terminal is the descriptor of the shell's terminal, or -1.
func (s *Shell) Terminal() int { return s.tty }

// say writes in the shell's own voice: to standard error, in one write, with a
// newline at its end.
func (s *Shell) say(text string) {
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	s.fds.write(2, []byte(text))
}

// WriteOut writes to the learner's standard output.
func (s *Shell) WriteOut(b []byte) error { return s.fds.write(1, b) }

// Say writes a line to the learner's standard error.
func (s *Shell) Say(text string) { s.say(text) }

// complain writes an error message with the shell's name and, in a script, the
// line before it: "jsh: line 3: nosuch: not found".
func (s *Shell) complain(msg string) {
	head := s.name
	if s.typed {
		head = s.shortName()
	} else if s.line > 0 {
		head += ": line " + itoa(s.line)
	}
	s.say(head + ": " + msg)
}

// shortName is the shell's name without the way to it.
func (s *Shell) shortName() string { return s.name[strings.LastIndexByte(s.name, '/')+1:] }
