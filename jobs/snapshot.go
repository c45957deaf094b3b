package jobs

import "slices"

// Snapshot is a table's background jobs as plain data, to be handed to a
// subshell: $(jobs) shows the parent's jobs.
type Snapshot struct {
	Jobs  []Entry // in ascending job number
	Order []int   // job numbers: the current job, the previous one, the rest
}

// Entry is one job of a Snapshot. The fields are those of Job.
type Entry struct {
	ID       int
	Pgid     int
	Procs    []Proc
	Text     string
	Monitor  bool
	Pipefail bool
	Bang     bool
	NoHup    bool
}

// Snapshot returns a copy of the listed jobs.
func (t *Table) Snapshot() Snapshot {
	var s Snapshot
	for _, j := range t.Listed() {
		s.Jobs = append(s.Jobs, Entry{
			ID: j.id, Pgid: j.Pgid, Procs: slices.Clone(j.Procs), Text: j.Text,
			Monitor: j.Monitor, Pipefail: j.Pipefail, Bang: j.Bang, NoHup: j.noHup,
		})
	}
	for _, x := range [...]*node[*Job]{t.stopped.head, t.others.head} {
		for ; x != nil; x = x.next {
			s.Order = append(s.Order, x.of.id)
		}
	}
	return s
}

// Restore returns the table of a subshell. It shows the parent's jobs, and job
// IDs name them, but they are not the subshell's children: their states do not
// change and wait does not know them. They go as soon as the subshell has a
// background job of its own, as in bash.
func Restore(s Snapshot) *Table {
	t := New()
	t.inherited = len(s.Jobs) > 0
	for _, e := range s.Jobs {
		if len(e.Procs) == 0 {
			continue
		}
		j := &Job{
			Pgid: e.Pgid, Procs: slices.Clone(e.Procs), Text: e.Text,
			Monitor: e.Monitor, Pipefail: e.Pipefail, Bang: e.Bang,
			noHup: e.NoHup, inherited: true,
		}
		t.number(j, e.ID)
		for i := range j.Procs {
			j.count(j.Procs[i].State, 1)
		}
		if j.state = j.fold(); j.state == Done {
			t.ended.pushBack(&j.ended)
			t.endedListed++
		}
		t.list(j)
	}
	for _, id := range slices.Backward(s.Order) {
		if j := t.jobs[id]; j != nil {
			t.list(j)
		}
	}
	return t
}

// dropInherited removes the parent's jobs.
func (t *Table) dropInherited() {
	if !t.inherited {
		return
	}
	t.inherited = false
	for x := t.byID.head; x != nil; {
		j := x.of
		x = x.next
		if j.inherited {
			t.Remove(j)
		}
	}
}
