package jobs

// The order of jobs, which decides what %+ and %- name: first the stopped jobs,
// then all others; of each kind the one first that got there last. So the
// current job is the one stopped last, or with none stopped the one put in the
// background last, by & or by bg. This is POSIX.1-2024's rule for the marks of
// jobs (STDOUT, <current>); the page of fg, read alone, would let a job that was
// just put in the background go before a stopped one.
//
// An ended job keeps its place until it was told, as in bash, dash, mksh and
// zsh: its notice then shows the mark that the user knows it by, and fg says
// that this job has ended rather than take another one.

// list makes j the most recent of its kind.
func (t *Table) list(j *Job) {
	j.recent.leave()
	if j.state == Stopped {
		t.stopped.pushFront(&j.recent)
	} else {
		t.others.pushFront(&j.recent)
	}
}

// unlist takes j off the list of background jobs.
func (t *Table) unlist(j *Job) {
	if j.Listed() && j.state == Done {
		t.endedListed--
	}
	j.recent.leave()
}

// Current returns the job that %% and %+ name and that fg and bg take by
// default, or nil when no job is listed.
func (t *Table) Current() *Job {
	current, _ := t.firstTwo()
	return current
}

// Previous returns the job that %- names, the one that would be current if the
// current one went, or nil when fewer than two jobs are listed.
func (t *Table) Previous() *Job {
	_, previous := t.firstTwo()
	return previous
}

// firstTwo returns the first two jobs of the order, nil where there are fewer.
func (t *Table) firstTwo() (first, second *Job) {
	for _, x := range [...]*node[*Job]{t.stopped.head, t.others.head} {
		for ; x != nil; x = x.next {
			if first != nil {
				return first, x.of
			}
			first = x.of
		}
	}
	return first, nil
}
