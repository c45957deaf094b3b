package jobs

import (
	"encoding/json"
	"slices"
	"testing"
)

// child hands t's jobs to a subshell the long way, through JSON.
func child(t *testing.T, parent *Table) *Table {
	t.Helper()
	b, err := json.Marshal(parent.Snapshot())
	if err != nil {
		t.Fatal(err)
	}
	var s Snapshot
	if err := json.Unmarshal(b, &s); err != nil {
		t.Fatal(err)
	}
	return Restore(s)
}

func TestSnapshot(t *testing.T) {
	parent := func() *Table {
		tab := New()
		all := add(tab, 4)
		tab.Add(foreground("vi", 300))
		tab.Update(101, StoppedBy(sigTSTP))
		tab.Update(103, Exited(3))
		tab.Remove(all[1])
		return tab
	}
	t.Run("a subshell's jobs shows the parent's jobs, numbers, marks and states", func(t *testing.T) {
		p := parent()
		sub := child(t, p)
		want := p.Listing(Options{Long: true}, nil)
		equal(t, "there are", len(want), 3)
		lines(t, sub.Listing(Options{Long: true}, nil), want...)
	})
	t.Run("what the subshell's jobs tells the parent still tells", func(t *testing.T) {
		p := parent()
		child(t, p).Listing(Options{}, nil)
		equal(t, "notices of the parent", len(p.Notices()), 2)
	})
	t.Run("a job ID names the parent's job", func(t *testing.T) {
		j, err := child(t, parent()).Find("%d")
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "process group", j.Pgid, 104)
	})
	t.Run("wait does not know the parent's jobs", func(t *testing.T) {
		if r, ok := child(t, parent()).Known(104); ok {
			t.Errorf("it learns %+v", r)
		}
	})
	t.Run("a status of a parent's process is none of ours", func(t *testing.T) {
		if j, ok := child(t, parent()).Update(104, Exited(0)); ok {
			t.Errorf("it went to %v", j)
		}
	})
	t.Run("fg cannot resume a parent's job", func(t *testing.T) {
		sub := child(t, parent())
		j := sub.Current()
		sub.Resume(j, true)
		equal(t, "state", j.State(), Stopped)
	})
	t.Run("a foreground command leaves the parent's jobs", func(t *testing.T) {
		sub := child(t, parent())
		j := foreground("ls", 500)
		sub.Add(j)
		sub.Update(500, Exited(0))
		sub.Remove(j)
		equal(t, "jobs", len(sub.All()), 3)
	})
	t.Run("a background job of its own ends the show, and is number 1", func(t *testing.T) {
		sub := child(t, parent())
		j := background("own", 500)
		sub.Add(j)
		equal(t, "number", j.ID(), 1)
		if got := sub.All(); !slices.Equal(got, []*Job{j}) {
			t.Errorf("jobs: %v", got)
		}
		equal(t, "running", sub.RunningJobs(), 1)
		equal(t, "stopped", sub.StoppedJobs(), 0)
	})
	t.Run("an empty table's copy is empty", func(t *testing.T) {
		equal(t, "jobs", len(child(t, New()).All()), 0)
	})
}
