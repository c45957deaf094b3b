// Package jobs is the shell's job table: which jobs there are, in which state,
// which is current and previous, what is still to be told to the user, and
// which statuses wait can still ask for.
//
// It owns job numbers, job states, the meaning of %specs, the text of notices
// and of the jobs listing, and signal names. It makes no system call, starts
// nothing, waits for nothing and writes nothing: the shell tells it what a wait
// returned and prints what it answers. A Table is not safe for concurrent use.
//
// Invariants:
//
//   - A job's state follows from its processes alone: Running while one runs,
//     else Stopped while one is stopped, else Done.
//   - A process ID leads to at most one process that has not ended. An ended
//     process is taken out of the index at once, for its ID may be used again.
//   - A job in the foreground is neither listed nor found by a %spec nor
//     current; a stop takes it out of the foreground.
//   - If any listed job is stopped, the current job is stopped; if two are, the
//     previous job is too.
//   - Job numbers stand in the order of Add, each one more than the highest in
//     use.
//   - No call but a listing takes longer the more jobs there are.
package jobs

import "slices"

// Remembered is how many ended jobs and how many statuses of ended processes a
// table keeps that nobody has asked for; the oldest go first. POSIX.1-2024 XCU
// 2.9.3.1 asks for at least {CHILD_MAX} (25 or more) process IDs. Linux has no
// fixed CHILD_MAX; this is far more than a shell waits for by number.
const Remembered = 4096

// Table is a shell's job table. Use New.
type Table struct {
	procs map[int]procRef // live processes by pid
	jobs  map[int]*Job    // by job number
	byID  list[*Job]      // in ascending job number

	// Listed jobs, each in one of the three, by state. stopped and running
	// have the most recent first; done has the first to end first.
	stopped list[*Job]
	running list[*Job]
	done    list[*Job]
	clock   uint64 // the last stamp given

	changed []*Job // jobs to be told; may hold some that no longer are

	known    map[int]*known // by pid
	finished list[*known]   // ended, oldest first
	unwaited list[*known]   // ended, neither told nor waited for, oldest first

	launches int
	early    map[int]Change // statuses of processes not added yet

	inherited bool
}

type procRef struct {
	job *Job
	i   int // index in job.Procs
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
// the matching EndLaunch a status for an unknown process is kept and handed
// over at Add, as a child can end before the shell has put it in the table.
// Outside a launch such a status is dropped: it belongs to a helper, and kept
// it would be mistaken for that of a later process with the same ID. Pairs may
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

// Add puts a job with at least one process into the table and gives it its
// number: one more than the highest in use. Statuses that came early are taken
// in, so the job may be Stopped or Done when Add returns. A background job
// becomes current unless a stopped one is, and its Pid becomes known to wait.
func (t *Table) Add(j *Job) {
	if t.inherited && !j.Foreground {
		t.dropInherited()
	}
	j.id = 1
	if t.byID.tail != nil {
		j.id = t.byID.tail.of.id + 1
	}
	j.table, j.byID.of, j.recent.of = t, j, j
	t.jobs[j.id] = j
	t.byID.pushBack(&j.byID)
	j.running, j.stopped = 0, 0
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
	j.state, j.told = Running, Running
	if !j.Foreground {
		t.raise(j)
		t.learn(j)
	}
	t.settle(j)
}

// Update takes in what a wait told about a process and returns the job it
// belongs to. It returns false for a process of no job.
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
	again := c.state == Stopped && p.State != Stopped && j.state == Stopped
	j.count(p.State, -1)
	c.apply(p)
	j.count(p.State, 1)
	if c.state == Done {
		delete(t.procs, pid)
	}
	_ = again
	t.settle(j)
	return j, true
}

// settle folds the processes' states into the job's and does what a change of
// state asks for.
func (t *Table) settle(j *Job) {
	s := j.fold()
	if s == j.state {
		return
	}
	j.state = s
	if s == Stopped {
		j.Foreground = false
	}
	if !j.Foreground {
		t.raise(j)
	}
	switch s {
	case Running:
		t.tell(j, j.told != Running)
	case Stopped:
		t.tell(j, true)
	case Done:
		t.tell(j, !j.Foreground)
		t.finish(j)
	}
}

// tell sets whether j's state is still to be told.
func (t *Table) tell(j *Job, yes bool) {
	if yes && !j.changed {
		t.changed = append(t.changed, j)
	}
	j.changed = yes
}

// Resume notes that the shell is sending SIGCONT to j for fg (foreground true)
// or bg. Its stopped processes count as running from now on, for the kernel's
// word comes later. In the background it becomes the most recent running job,
// and its Pid becomes known to wait (POSIX.1-2024, bg). The change needs no
// notice: fg and bg themselves say it.
func (t *Table) Resume(j *Job, foreground bool) {
	if j.table != t || j.state == Done {
		return
	}
	for i := range j.Procs {
		if p := &j.Procs[i]; p.State == Stopped {
			j.count(Stopped, -1)
			j.count(Running, 1)
			Continued().apply(p)
		}
	}
	j.state = j.fold()
	j.Foreground = foreground
	j.told = Running
	t.tell(j, false)
	if foreground {
		j.recent.leave()
		return
	}
	t.raise(j)
	t.learn(j)
}

// Remove takes j out of the table. A foreground job is removed by the shell
// when it is Done; others leave by themselves once they were told. The status
// of a job that is Done stays known to wait.
func (t *Table) Remove(j *Job) {
	if j.table != t {
		return
	}
	j.table = nil
	j.changed = false
	j.byID.leave()
	j.recent.leave()
	delete(t.jobs, j.id)
	for i := range j.Procs {
		p := &j.Procs[i]
		if ref, ok := t.procs[p.Pid]; ok && ref.job == j {
			delete(t.procs, p.Pid)
		}
	}
	if k := j.known; k != nil {
		if k.job = nil; !k.done {
			t.forget(k)
		}
	}
}

// NoHup marks j to be spared the SIGHUP of a shell that exits (disown -h).
// Plain disown is Remove.
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

// All returns every job, the foreground one too, in ascending job number.
func (t *Table) All() []*Job {
	all := make([]*Job, 0, t.byID.n)
	for x := t.byID.head; x != nil; x = x.next {
		all = append(all, x.of)
	}
	return all
}

// RunningJobs and StoppedJobs count the listed jobs in that state, for the
// warning of a shell that is about to exit.
func (t *Table) RunningJobs() int { return t.running.n }

// StoppedJobs counts the stopped jobs.
func (t *Table) StoppedJobs() int { return t.stopped.n }

// takeChanged returns the jobs to be told, in ascending job number, and forgets
// that they were to be.
func (t *Table) takeChanged() []*Job {
	var due []*Job
	for _, j := range t.changed {
		if j.changed {
			j.changed = false
			due = append(due, j)
		}
	}
	clear(t.changed)
	t.changed = t.changed[:0]
	slices.SortFunc(due, func(a, b *Job) int { return a.id - b.id })
	return due
}
