package jobs

// State is the state of a process or of a whole job.
type State uint8

const (
	Running State = iota
	Stopped       // suspended by a signal; SIGCONT would continue it
	Done          // ended, by exit or by a signal
)

// String returns the state's word as jobs prints it.
func (s State) String() string {
	switch s {
	case Stopped:
		return "Stopped"
	case Done:
		return "Done"
	}
	return "Running"
}

// Proc is one process of a job. The caller fills Pid and Text before Add; the
// table keeps the rest.
type Proc struct {
	Pid    int
	State  State
	Sig    int    // the signal that stopped it (Stopped) or ended it (Killed)
	Status int    // exit status, 0–255, when Done and not Killed
	Killed bool   // Done by a signal
	Core   bool   // Killed, and the kernel wrote a core file
	Text   string // the stage's own source text; "" shows the job's text
}

// ExitStatus returns the shell's status for the process: its exit status, or
// 128 plus the number of the signal that ended or stopped it (POSIX.1-2024
// XCU 2.8.2). It is 0 while the process runs.
func (p *Proc) ExitStatus() int {
	if p.State == Stopped || p.Killed {
		return 128 + p.Sig
	}
	return p.Status
}

// Change is what a wait told about one process. Make one with Exited,
// KilledBy, StoppedBy or Continued.
type Change struct {
	state  State
	killed bool
	core   bool
	n      int // exit status or signal number
}

// Exited says that the process ended with an exit status, 0–255.
func Exited(status int) Change { return Change{state: Done, n: status} }

// KilledBy says that a signal ended the process.
func KilledBy(sig int, core bool) Change {
	return Change{state: Done, killed: true, core: core, n: sig}
}

// StoppedBy says that a signal stopped the process.
func StoppedBy(sig int) Change { return Change{state: Stopped, n: sig} }

// Continued says that SIGCONT continued the process.
func Continued() Change { return Change{state: Running} }

// apply makes the change to p.
func (c Change) apply(p *Proc) {
	p.State = c.state
	p.Sig, p.Status, p.Killed, p.Core = 0, 0, c.killed, c.core
	if c.killed || c.state == Stopped {
		p.Sig = c.n
	} else {
		p.Status = c.n
	}
}

// Job is a pipeline or an asynchronous list that the shell started. The caller
// fills the first group of fields before Add and then only reads them; Modes
// is the caller's at all times. A Job stays readable after it left its table.
type Job struct {
	Pgid       int    // its process group; 0 when it shares the shell's
	Procs      []Proc // in the order of the pipeline; at least one
	Text       string // source text, without the final &
	Foreground bool   // the shell waits for it now
	Monitor    bool   // started under job control: has its own process group
	Pipefail   bool   // its status is the rightmost that is not 0
	Bang       bool   // preceded by !: its status is inverted when it ends

	Modes any // terminal modes kept at a stop, for fg to restore

	id        int
	state     State
	noHup     bool
	inherited bool // the parent shell's; this shell can look at it only

	running int // processes in state Running
	stopped int // processes in state Stopped

	table  *Table // nil before Add and after Remove
	known  *known // its entry in the list of known processes, if it has one
	byID   node[*Job]
	recent node[*Job] // in Table.stopped or Table.others; in neither: not listed
	ended  node[*Job]
	due    node[*Job]
}

// ID returns the job number, from 1; 0 before Add.
func (j *Job) ID() int { return j.id }

// State returns the job's state: Stopped when no process runs and at least one
// is stopped, Done when all have ended, else Running.
func (j *Job) State() State { return j.state }

// NoHup reports whether the job is to be spared the SIGHUP of a shell that
// exits (disown -h).
func (j *Job) NoHup() bool { return j.noHup }

// Changed reports whether the job stopped or ended and the user was not told.
func (j *Job) Changed() bool { return j.due.in != nil }

// Listed reports whether the job is on the list of background jobs, running or
// suspended: whether jobs shows it and a job ID can name it. A job in the
// foreground is not, nor one that was waited for, disowned or told to be Done.
func (j *Job) Listed() bool { return j.recent.in != nil }

// Pid returns the process ID that stands for the job: that of the last
// process, which is the value of $! (POSIX.1-2024 XCU 2.9.3.1).
func (j *Job) Pid() int { return j.Procs[len(j.Procs)-1].Pid }

// Leader returns the process group ID, or for a job without its own group
// Pid: what jobs -p prints (POSIX.1-2024, jobs).
func (j *Job) Leader() int {
	if j.Pgid != 0 {
		return j.Pgid
	}
	return j.Pid()
}

// Status returns the job's exit status, 0–255, as $? has it: that of the last
// process, or under Pipefail that of the rightmost process whose status is not
// 0; inverted under Bang once the job is Done. For a stopped job it is 128 plus
// the stop signal. While the job runs it is 0.
func (j *Job) Status() int {
	switch j.state {
	case Running:
		return 0
	case Stopped:
		return j.decider().ExitStatus()
	}
	status := j.decider().ExitStatus()
	if !j.Bang {
		return status
	}
	if status == 0 {
		return 1
	}
	return 0
}

// decider returns the process whose status is the job's.
func (j *Job) decider() *Proc {
	for i := len(j.Procs) - 1; i >= 0; i-- {
		p := &j.Procs[i]
		switch {
		case j.state == Stopped:
			if p.State == Stopped {
				return p
			}
		case !j.Pipefail || p.ExitStatus() != 0:
			return p
		}
	}
	return &j.Procs[len(j.Procs)-1]
}

// fold returns the state that the processes' states make.
func (j *Job) fold() State {
	switch {
	case j.running > 0:
		return Running
	case j.stopped > 0:
		return Stopped
	}
	return Done
}

// count adds n to the counter of state s.
func (j *Job) count(s State, n int) {
	switch s {
	case Running:
		j.running += n
	case Stopped:
		j.stopped += n
	}
}
