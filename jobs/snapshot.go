package jobs

// Snapshot is a table's listed jobs as plain data, to be handed to a subshell:
// jobs in $(jobs) shows the parent's.
type Snapshot struct {
	Jobs  []Entry // in ascending job number
	Order []int   // job numbers, the least recent first
}

// Entry is one job of a Snapshot.
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
	for x := t.byID.head; x != nil; x = x.next {
		j := x.of
		if !j.Listed() {
			continue
		}
		s.Jobs = append(s.Jobs, Entry{
			ID: j.id, Pgid: j.Pgid, Procs: append([]Proc(nil), j.Procs...), Text: j.Text,
			Monitor: j.Monitor, Pipefail: j.Pipefail, Bang: j.Bang, NoHup: j.noHup,
		})
	}
	return s
}

// dropInherited removes the parent's jobs.
func (t *Table) dropInherited() {
	t.inherited = false
	for t.byID.head != nil {
		t.Remove(t.byID.head.of)
	}
}
