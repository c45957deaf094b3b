package jobs

// known is an entry in the list of process IDs that wait can ask for
// (POSIX.1-2024 XCU 2.9.3.1).
type known struct {
	pid    int
	leader int // leads here too; may be pid
	job    *Job
	done   bool // the job ended: in Table.finished

	finished node[*known]
	unwaited node[*known]
}

// Result is what wait learns about a known process. For a pipeline all is the
// job's: its state, and its status with pipefail and ! regarded.
type Result struct {
	Pid    int   // the value that $! had
	Job    *Job  // may have left the table
	State  State // Running: there is no status yet
	Status int   // exit status, 0–255
	Sig    int   // the signal behind Status if one stopped or ended the process that decides it
}

// learn makes j's Pid known, and also the process ID that jobs -p prints for j,
// so that wait $(jobs -p) works for a pipeline. Entries of an earlier job with
// the same IDs go: the kernel has given out the numbers again.
func (t *Table) learn(j *Job) {
	if j.known != nil || j.inherited {
		return
	}
	k := &known{pid: j.Pid(), leader: j.Leader(), job: j}
	k.finished.of, k.unwaited.of = k, k
	for _, pid := range [...]int{k.pid, k.leader} {
		if old := t.known[pid]; old != nil {
			t.forget(old)
		}
	}
	t.known[k.pid], t.known[k.leader] = k, k
	j.known = k
}

// finish notes that j, if it is known, has ended.
func (t *Table) finish(j *Job) {
	k := j.known
	if k == nil || k.done {
		return
	}
	k.done = true
	t.finished.pushBack(&k.finished)
	if j.table != nil {
		t.unwaited.pushBack(&k.unwaited)
	}
	if t.finished.n > Remembered {
		t.forget(t.finished.head.of)
	}
}

// forget takes k off the list.
func (t *Table) forget(k *known) {
	k.finished.leave()
	k.unwaited.leave()
	for _, pid := range [...]int{k.pid, k.leader} {
		if t.known[pid] == k {
			delete(t.known, pid)
		}
	}
	k.job.known = nil
}

func (k *known) result() Result {
	j := k.job
	r := Result{Pid: k.pid, Job: j, State: j.state, Status: j.Status()}
	if j.state != Running {
		r.Sig = j.decider().Sig
	}
	return r
}

// Known returns what wait pid can learn now; false means that this shell does
// not know the process, so that wait returns 127. Known are the Pid and the
// Leader of every job that was started in the background, put there by bg, or
// stopped, until one of these: the shell calls Forget, jobs reports its end, fg
// takes it. A notice does not end it, nor does disown: POSIX.1-2024 XCU 2.9.3.1
// allows a process ID to stay known, and bash, mksh and zsh keep it too.
func (t *Table) Known(pid int) (Result, bool) {
	if k := t.known[pid]; k != nil {
		return k.result(), true
	}
	return Result{}, false
}

// Forget is to be called when wait has returned the status of a process: it is
// no longer known, and its job leaves the list of background jobs (POSIX.1-2024,
// wait). In an interactive shell the job's notice is still written. A process
// that has not ended stays known.
func (t *Table) Forget(pid int) {
	if k := t.known[pid]; k != nil && k.done {
		t.waited(k)
	}
}

// ForgetFinished is Forget for every process that has ended: what wait without
// operands does.
func (t *Table) ForgetFinished() {
	for t.finished.head != nil {
		t.waited(t.finished.head.of)
	}
}

func (t *Table) waited(k *known) {
	j := k.job
	t.forget(k)
	if t.Interactive {
		t.unlist(j)
		return
	}
	t.Remove(j)
}

// NextFinished returns the known process that ended first and was neither waited
// for nor told: what wait -n takes, with Forget after it. Unless accept is nil
// it regards only the processes for which accept returns true.
func (t *Table) NextFinished(accept func(Result) bool) (Result, bool) {
	for x := t.unwaited.head; x != nil; x = x.next {
		if r := x.of.result(); accept == nil || accept(r) {
			return r, true
		}
	}
	return Result{}, false
}
