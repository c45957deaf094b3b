package jobs

// raise puts a listed job where its state belongs and makes it the most recent
// there.
func (t *Table) raise(j *Job) {
	j.recent.leave()
	switch j.state {
	case Stopped:
		t.clock++
		j.stamp = t.clock
		t.stopped.pushFront(&j.recent)
	case Running:
		t.clock++
		j.stamp = t.clock
		t.running.pushFront(&j.recent)
	case Done:
		// The stamp stays: ending does not make a job more recent.
		t.done.pushBack(&j.recent)
		if t.done.n > Remembered {
			t.Remove(t.done.head.of)
		}
	}
}

// Current returns the job that %% and %+ name, and that fg and bg take by
// default: of the stopped jobs the one stopped last, else of the running ones
// the one put in the background last, else of the ended ones not told yet the
// most recent. It is nil when no job is listed.
func (t *Table) Current() *Job {
	current, _ := t.firstTwo()
	return current
}

// Previous returns the job that %- names: the one that would be current if the
// current one went. It is nil when fewer than two jobs are listed.
func (t *Table) Previous() *Job {
	_, previous := t.firstTwo()
	return previous
}

// firstTwo returns the first two jobs of the order: stopped jobs, running jobs,
// ended jobs, the most recent of each kind first.
func (t *Table) firstTwo() (first, second *Job) {
	for _, l := range [...]*list[*Job]{&t.stopped, &t.running} {
		for x := l.head; x != nil; x = x.next {
			if first != nil {
				return first, x.of
			}
			first = x.of
		}
	}
	// done stands in the order of ending, so the two latest stamps are sought.
	var a, b *Job
	for x := t.done.head; x != nil; x = x.next {
		switch j := x.of; {
		case a == nil || j.stamp > a.stamp:
			a, b = j, a
		case b == nil || j.stamp > b.stamp:
			b = j
		}
	}
	if first == nil {
		return a, b
	}
	return first, a
}
