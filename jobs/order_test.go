package jobs

import "testing"

// TestOrder has one case for each transition. Jobs are a, b, c … with processes
// 101, 102, 103 … and were started in that order.
func TestOrder(t *testing.T) {
	for _, c := range []struct {
		rule              string
		jobs              int
		do                func(*Table, []*Job)
		current, previous string // "" for none
	}{
		{"without jobs there is no current job", 0, nil, "", ""},
		{"a single job is current, and none is previous", 1, nil, "a", ""},
		{"the job started last is current, the one before it previous", 3, nil, "c", "b"},
		{"a job that stops is current", 3, func(t *Table, j []*Job) {
			t.Update(101, StoppedBy(sigTSTP))
		}, "a", "c"},
		{"of two stopped jobs the one stopped last is current, the other previous", 3, func(t *Table, j []*Job) {
			t.Update(102, StoppedBy(sigTSTP))
			t.Update(101, StoppedBy(sigTSTP))
		}, "a", "b"},
		{"a job started while another is stopped is not current", 2, func(t *Table, j []*Job) {
			t.Update(101, StoppedBy(sigTSTP))
			t.Add(background("new", 300))
		}, "a", "new"},
		{"a job started while two are stopped is not even previous", 2, func(t *Table, j []*Job) {
			t.Update(101, StoppedBy(sigTSTP))
			t.Update(102, StoppedBy(sigTSTP))
			t.Add(background("new", 300))
		}, "b", "a"},
		{"bg of the only stopped job makes it the most recent running one", 3, func(t *Table, j []*Job) {
			t.Update(101, StoppedBy(sigTSTP))
			t.Resume(j[0], false)
		}, "a", "c"},
		{"bg of one of two stopped jobs leaves the other current", 3, func(t *Table, j []*Job) {
			t.Update(101, StoppedBy(sigTSTP))
			t.Update(102, StoppedBy(sigTSTP))
			t.Resume(j[1], false)
		}, "a", "b"},
		{"a SIGCONT from elsewhere counts as being put in the background", 3, func(t *Table, j []*Job) {
			t.Update(101, StoppedBy(sigTSTP))
			t.Update(101, Continued())
		}, "a", "c"},
		{"fg takes a job out of the order", 3, func(t *Table, j []*Job) {
			t.Resume(j[2], true)
		}, "b", "a"},
		{"fg of the previous job leaves the current one", 3, func(t *Table, j []*Job) {
			t.Resume(j[1], true)
		}, "c", "a"},
		{"fg and then a stop makes a job current", 3, func(t *Table, j []*Job) {
			t.Resume(j[0], true)
			t.Update(101, StoppedBy(sigTSTP))
		}, "a", "c"},
		{"the end of a foreground job changes nothing", 3, func(t *Table, j []*Job) {
			t.Resume(j[0], true)
			t.Update(101, Exited(0))
			t.Remove(j[0])
		}, "c", "b"},
		{"an ended job keeps its mark until it is told", 3, func(t *Table, j []*Job) {
			t.Update(103, Exited(0))
		}, "c", "b"},
		{"an ended job has no mark after it was told", 3, func(t *Table, j []*Job) {
			t.Update(103, Exited(0))
			t.Notices()
		}, "b", "a"},
		{"a stopped job comes before an ended one", 3, func(t *Table, j []*Job) {
			t.Update(103, Exited(0))
			t.Update(101, StoppedBy(sigTTIN))
		}, "a", "c"},
		{"a stopped job that is killed leaves the stopped ones", 3, func(t *Table, j []*Job) {
			t.Update(101, StoppedBy(sigTSTP))
			t.Update(102, StoppedBy(sigTSTP))
			t.Update(102, KilledBy(sigKILL, false))
		}, "a", "b"},
		{"disown of the current job makes the previous one current", 3, func(t *Table, j []*Job) {
			t.Remove(j[2])
		}, "b", "a"},
		{"a job that was waited for has no mark", 3, func(t *Table, j []*Job) {
			t.Update(103, Exited(0))
			t.Forget(103)
		}, "b", "a"},
		{"a second stop makes a job current again", 3, func(t *Table, j []*Job) {
			t.Update(101, StoppedBy(sigTSTP))
			t.Update(102, StoppedBy(sigTSTP))
			t.Update(101, Continued())
			t.Update(101, StoppedBy(sigTTIN))
		}, "a", "b"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			tab := New()
			all := add(tab, c.jobs)
			if c.do != nil {
				c.do(tab, all)
			}
			equal(t, "current", text(tab.Current()), c.current)
			equal(t, "previous", text(tab.Previous()), c.previous)
		})
	}
}

func text(j *Job) string {
	if j == nil {
		return ""
	}
	return j.Text
}
