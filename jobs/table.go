// Package jobs is the shell's job table: which jobs there are, in which state,
// which is current and previous, what is still to be told to the user, and
// which statuses wait can still ask for.
//
// It owns job numbers, job states, the meaning of job IDs (%1, %+, %name), the
// text of notices and of the jobs listing, and signal names. It makes no system
// call, starts nothing, waits for nothing and writes nothing: the shell tells it
// what a wait returned, and prints what it answers. A Table is not safe for
// concurrent use.
//
// Invariants:
//
//   - A job's state follows from its processes alone: Running while one runs,
//     else Stopped while one is stopped, else Done.
//   - A process ID leads to at most one process that has not ended. An ended
//     process is taken out of the index at once: its ID may be used again.
//   - A job in the foreground is neither listed nor current, and no job ID names
//     it; a stop takes it out of the foreground.
//   - If any listed job is stopped, the current job is; if two are, the previous
//     job is too (POSIX.1-2024, jobs, STDOUT).
//   - A new job's number is one more than the highest in use.
//   - No call but a listing or a search by text takes longer the more jobs there
//     are, and what the table keeps about ended jobs has a limit (Remembered).
package jobs

import "slices"

// Remembered is how many ended jobs, and how many statuses of ended processes,
// a table keeps that nobody asked for; beyond it the oldest go. POSIX.1-2024 XCU
// 2.9.3.1 asks for {CHILD_MAX}, at least 25. Linux's CHILD_MAX is RLIMIT_NPROC,
// often far more than a shell could wait for; processes that run are not
// counted here, so none of them is ever lost.
const Remembered = 4096

// Table is a shell's job table. Make one with New or Restore.
type Table struct {
	// Interactive says that the shell calls Notices before each prompt. A job
	// that was waited for then keeps its number until its notice was written.
	Interactive bool

	procs map[int]procRef // processes that have not ended, by pid
	jobs  map[int]*Job    // by job number
	byID  list[*Job]      // in ascending job number

	// Every listed job is in one of these, the most recent first. An ended job
	// keeps its place among the others until it was told.
	stopped     list[*Job]
	others      list[*Job]
	endedListed int // how many of others have ended

	ended list[*Job] // the ended ones of byID, first ended first
	due   list[*Job] // stopped or ended, not told yet

	known    map[int]*known // by pid
	finished list[*known]   // ended, first ended first
	unwaited list[*known]   // the ones of finished that were not told either

	launches int            // BeginLaunch calls without their EndLaunch
	early    map[int]Change // statuses of processes not added yet

	inherited bool // holds jobs of the parent shell
}

// procRef is a process's place in its job.
type procRef struct {
	job *Job
	i   int
}

// New returns an empty table.
func New() *Table {
	return &Table{
		procs: make(map[int]procRef),
		jobs:  make(map[int]*Job),
		known: make(map[int]*known),
	}
}

// BeginLaunch says that processes are being started that Add will bring. Until
// the matching EndLaunch the last status of an unknown process is kept and
// handed over at Add, as a child can end before the shell has put it into the
// table. Outside a launch such a status is dropped: it is a helper's, and kept
// it would be taken for that of a later process with the same ID. Launches may
// be nested.
func (t *Table) BeginLaunch() { t.launches++ }

// EndLaunch ends what BeginLaunch began.
func (t *Table) EndLaunch() {
	if t.launches > 0 {
		t.launches--
	}
	if t.launches == 0 {
		clear(t.early)
	}
}

// Add puts a job with at least one process into the table and numbers it: one
// more than the highest number in use, as bash does (dash, mksh and zsh take the
// lowest free one). Statuses that came early are taken in, so the job may be
// Stopped or Done when Add returns. A background job becomes current unless a
// stopped one is, and its Pid becomes known to wait.
func (t *Table) Add(j *Job) {
	if !j.Foreground {
		t.dropInherited()
	}
	t.number(j, 1)
	j.running, j.stopped, j.state = 0, 0, Running
	for i := range j.Procs {
		p := &j.Procs[i]
		p.State = Running
		if c, ok := t.early[p.Pid]; ok {
			delete(t.early, p.Pid)
			c.apply(p)
		}
		j.count(p.State, 1)
		if p.State != Done {
			t.procs[p.Pid] = procRef{j, i}
		}
	}
	if !j.Foreground {
		t.others.pushFront(&j.recent)
		t.learn(j)
	}
	t.settle(j)
}

// number gives j the next job number, at least least, and files it under it.
func (t *Table) number(j *Job, least int) {
	j.id = least
	if t.byID.tail != nil {
		j.id = max(least, t.byID.tail.of.id+1)
	}
	j.table = t
	j.byID.of, j.recent.of, j.ended.of, j.due.of = j, j, j, j
	t.jobs[j.id] = j
	t.byID.pushBack(&j.byID)
}

// Update takes in what a wait told about a process and returns the job that the
// process belongs to. It returns false for a process of no job. A disowned job
// is still returned; it is no longer in the table.
func (t *Table) Update(pid int, c Change) (*Job, bool) {
	ref, ok := t.procs[pid]
	if !ok {
		if t.launches > 0 {
			if t.early == nil {
				t.early = make(map[int]Change)
			}
			t.early[pid] = c
		}
		return nil, false
	}
	j := ref.job
	p := &j.Procs[ref.i]
	j.count(p.State, -1)
	c.apply(p)
	j.count(p.State, 1)
	if c.state == Done {
		delete(t.procs, pid)
	}
	t.settle(j)
	return j, true
}

// settle folds the states of j's processes into its own and does what a change
// of it asks for.
func (t *Table) settle(j *Job) {
	s := j.fold()
	if s == j.state {
		return
	}
	j.state = s
	if j.table == nil {
		if s == Done {
			t.finish(j)
		}
		return
	}
	switch s {
	case Running:
		// It was stopped, and somebody sent SIGCONT.
		t.list(j)
		j.due.leave()
	case Stopped:
		if j.Foreground {
			j.Foreground = false
			t.dropInherited()
		}
		t.list(j)
		t.learn(j)
		t.tell(j)
	case Done:
		t.finish(j)
		t.ended.pushBack(&j.ended)
		if !j.Foreground {
			if j.recent.in == &t.stopped {
				t.list(j)
			}
			t.endedListed++
			t.tell(j)
		}
		if t.ended.n > Remembered {
			t.Remove(t.ended.head.of)
		}
	}
}

// tell notes that the user is to be told of j's state.
func (t *Table) tell(j *Job) {
	if j.due.in == nil {
		t.due.pushBack(&j.due)
	}
}

// Resume notes that the shell is sending SIGCONT to j for fg (foreground true)
// or bg. Its stopped processes count as running from now on, for the kernel's
// word comes later. In the background it becomes the most recent of the jobs
// that are not stopped, and its Pid is known to wait; in the foreground it is
// neither listed nor known (POSIX.1-2024 XCU 2.11). No notice is due: fg and bg
// themselves say it. A job that is Done stays as it is.
func (t *Table) Resume(j *Job, foreground bool) {
	if j.table != t || j.state == Done || j.inherited {
		return
	}
	for i := range j.Procs {
		if p := &j.Procs[i]; p.State == Stopped {
			j.count(Stopped, -1)
			j.count(Running, 1)
			Continued().apply(p)
		}
	}
	j.state = Running
	j.due.leave()
	j.Foreground = foreground
	if !foreground {
		t.list(j)
		t.learn(j)
		return
	}
	t.unlist(j)
	if j.known != nil {
		t.forget(j.known)
	}
}

// Remove takes j out of the table. A job that ended in the foreground is
// removed by the shell; others leave by themselves when they were told or waited
// for. Of a job that is not Done, Remove is disown: what happens to it is still
// taken in, without a notice, so that wait can ask for its status by pid.
func (t *Table) Remove(j *Job) {
	if j.table != t {
		return
	}
	j.table = nil
	j.byID.leave()
	t.unlist(j)
	j.ended.leave()
	j.due.leave()
	delete(t.jobs, j.id)
	if j.known != nil {
		j.known.unwaited.leave()
	}
}

// NoHup marks j to be spared the SIGHUP of a shell that exits (disown -h). Plain
// disown is Remove.
func (t *Table) NoHup(j *Job) { j.noHup = true }

// ByID returns the job with that number.
func (t *Table) ByID(id int) (*Job, bool) {
	j, ok := t.jobs[id]
	return j, ok
}

// ByPid returns the job of a process that has not ended.
func (t *Table) ByPid(pid int) (*Job, bool) {
	ref, ok := t.procs[pid]
	return ref.job, ok
}

// All returns every job, listed or not, in ascending job number.
func (t *Table) All() []*Job {
	all := make([]*Job, 0, t.byID.n)
	for x := t.byID.head; x != nil; x = x.next {
		all = append(all, x.of)
	}
	return all
}

// Listed returns the background jobs, running, suspended or ended and not told
// yet, in ascending job number.
func (t *Table) Listed() []*Job {
	listed := make([]*Job, 0, t.stopped.n+t.others.n)
	for x := t.byID.head; x != nil; x = x.next {
		if x.of.Listed() {
			listed = append(listed, x.of)
		}
	}
	return listed
}

// StoppedJobs counts the stopped jobs, for the warning of a shell that is about
// to exit.
func (t *Table) StoppedJobs() int { return t.stopped.n }

// RunningJobs counts the listed jobs that run. While it is not 0, wait without
// operands has something to wait for: a stopped job would make it wait for ever.
func (t *Table) RunningJobs() int { return t.others.n - t.endedListed }

// takeDue returns the jobs to be told, in ascending job number. From now on
// they count as told.
func (t *Table) takeDue() []*Job {
	due := make([]*Job, 0, t.due.n)
	for x := t.due.head; x != nil; x = t.due.head {
		due = append(due, x.of)
		x.leave()
	}
	slices.SortFunc(due, func(a, b *Job) int { return a.id - b.id })
	return due
}
