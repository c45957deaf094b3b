package jobs

// known is an entry in the list of process IDs that wait can ask for
// (POSIX.1-2024 XCU 2.9.3.1).
type known struct {
	pid    int
	leader int  // also leads here; 0 for none
	job    *Job // nil once the job left the table
	done   bool
	result Result

	finished node[*known]
	unwaited node[*known]
}

// Result is what wait can learn about a known process.
type Result struct {
	Pid    int   // the value $! had
	Job    *Job  // nil once the job left the table
	State  State // of the whole job
	Status int   // 0–255, as Job.Status
	Sig    int   // the signal behind Status, when the job was stopped or killed by one
}

// learn makes j's Pid known, and the process ID that jobs -p prints for it, so
// that wait $(jobs -p) works for a pipeline too. Older entries with these IDs
// go: the kernel has used the numbers again.
func (t *Table) learn(j *Job) {
	if j.known != nil || t.inherited {
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

// finish notes the result of a job that is Done.
func (t *Table) finish(j *Job) {
	k := j.known
	if k == nil || k.done {
		return
	}
	k.done = true
	k.result = j.result()
	t.finished.pushBack(&k.finished)
	t.unwaited.pushBack(&k.unwaited)
	if t.finished.n > Remembered {
		t.forget(t.finished.head.of)
	}
}

func (j *Job) result() Result {
	r := Result{Pid: j.Pid(), Job: j, State: j.state, Status: j.Status()}
	if j.state != Running {
		if p := j.decider(); p.State == Stopped || p.Killed {
			r.Sig = p.Sig
		}
	}
	return r
}

func (k *known) now() Result {
	if !k.done {
		return k.job.result()
	}
	r := k.result
	r.Job = k.job
	return r
}

func (t *Table) forget(k *known) {
	k.finished.leave()
	k.unwaited.leave()
	for _, pid := range [...]int{k.pid, k.leader} {
		if t.known[pid] == k {
			delete(t.known, pid)
		}
	}
	if k.job != nil {
		k.job.known = nil
	}
}

// Known returns what wait pid can learn now; false means that the process is
// not known to this shell, for which wait returns 127. Known are the Pid and
// the Leader of each background job until Forget, also after the job was told
// and left the table.
func (t *Table) Known(pid int) (Result, bool) {
	if k := t.known[pid]; k != nil {
		return k.now(), true
	}
	return Result{}, false
}

// Forget takes pid off the list: the shell calls it when wait has returned the
// status, as POSIX.1-2024 XCU 2.9.3.1 asks. A process still running is forgotten too.
func (t *Table) Forget(pid int) {
	if k := t.known[pid]; k != nil {
		t.forget(k)
	}
}

// ForgetFinished forgets every process that has ended: what wait without
// operands does.
func (t *Table) ForgetFinished() {
	for t.finished.head != nil {
		t.forget(t.finished.head.of)
	}
}

// NextFinished returns the known process that ended first and was neither told
// nor waited for: what wait -n takes. Follow it with Forget. With accept it
// regards only the processes for which accept returns true.
func (t *Table) NextFinished(accept func(Result) bool) (Result, bool) {
	for x := t.unwaited.head; x != nil; x = x.next {
		if r := x.of.now(); accept == nil || accept(r) {
			return r, true
		}
	}
	return Result{}, false
}
