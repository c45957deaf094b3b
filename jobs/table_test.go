package jobs

import (
	"os/exec"
	"strings"
	"testing"
)

// Signals that the tests use by number.
const (
	sigINT  = 2
	sigKILL = 9
	sigSEGV = 11
	sigTERM = 15
	sigSTOP = 19
	sigTSTP = 20
	sigTTIN = 21
	sigTTOU = 22
)

// background makes a job of its own group, the first pid leading it.
func background(text string, pids ...int) *Job {
	j := &Job{Pgid: pids[0], Text: text, Monitor: true}
	for _, pid := range pids {
		j.Procs = append(j.Procs, Proc{Pid: pid})
	}
	return j
}

func foreground(text string, pids ...int) *Job {
	j := background(text, pids...)
	j.Foreground = true
	return j
}

// add puts background jobs called a, b, c … into t, each of one process: 101,
// 102, 103 …
func add(t *Table, n int) []*Job {
	all := make([]*Job, n)
	for i := range all {
		all[i] = background(string(rune('a'+i)), 101+i)
		t.Add(all[i])
	}
	return all
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestState(t *testing.T) {
	type step struct {
		pid    int
		change Change
	}
	for _, c := range []struct {
		rule   string
		steps  []step
		state  State
		status int
	}{
		{"a job whose processes all run is running", nil, Running, 0},
		{"a job with one process running and one done is running",
			[]step{{1, Exited(3)}}, Running, 0},
		{"a job with one process running and one stopped is running",
			[]step{{1, StoppedBy(sigTSTP)}}, Running, 0},
		{"a job with one process stopped and the other done is stopped",
			[]step{{1, Exited(0)}, {2, StoppedBy(sigTSTP)}}, Stopped, 148},
		{"a job with all processes stopped is stopped, with the last one's signal",
			[]step{{1, StoppedBy(sigTSTP)}, {2, StoppedBy(sigTTIN)}}, Stopped, 149},
		{"a stopped job of which one process continues is running",
			[]step{{1, StoppedBy(sigTSTP)}, {2, StoppedBy(sigTSTP)}, {1, Continued()}}, Running, 0},
		{"a stopped process that is killed is done",
			[]step{{1, StoppedBy(sigTSTP)}, {2, StoppedBy(sigTSTP)}, {1, KilledBy(sigKILL, false)}, {2, KilledBy(sigTERM, false)}}, Done, 143},
		{"a job is done when the last process to end has ended",
			[]step{{2, Exited(4)}, {1, Exited(5)}}, Done, 4},
		{"a second stop of a stopped process gives the new signal",
			[]step{{1, Exited(0)}, {2, StoppedBy(sigTSTP)}, {2, StoppedBy(sigTTOU)}}, Stopped, 150},
		{"an ended process takes no further change",
			[]step{{2, Exited(4)}, {2, StoppedBy(sigTSTP)}, {1, Exited(0)}}, Done, 4},
	} {
		t.Run(c.rule, func(t *testing.T) {
			tab := New()
			j := background("x | y", 1, 2)
			tab.Add(j)
			for _, s := range c.steps {
				tab.Update(s.pid, s.change)
			}
			equal(t, "state", j.State(), c.state)
			equal(t, "status", j.Status(), c.status)
		})
	}
}

func TestStatus(t *testing.T) {
	for _, c := range []struct {
		rule           string
		pipefail, bang bool
		first, last    Change
		want           int
	}{
		{"the status of a pipeline is its last command's", false, false, Exited(3), Exited(0), 0},
		{"death by a signal is 128 and its number", false, false, Exited(0), KilledBy(sigSEGV, true), 139},
		{"pipefail takes the rightmost failure", true, false, Exited(3), Exited(0), 3},
		{"pipefail takes the last command's failure before an earlier one", true, false, Exited(3), Exited(4), 4},
		{"pipefail counts death by a signal as failure", true, false, KilledBy(13, false), Exited(0), 141},
		{"pipefail without a failure is 0", true, false, Exited(0), Exited(0), 0},
		{"! makes a failure 0", false, true, Exited(0), Exited(7), 0},
		{"! makes success 1", false, true, Exited(7), Exited(0), 1},
		{"! inverts what pipefail found", true, true, Exited(7), Exited(0), 0},
	} {
		t.Run(c.rule, func(t *testing.T) {
			tab := New()
			j := background("x | y", 1, 2)
			j.Pipefail, j.Bang = c.pipefail, c.bang
			tab.Add(j)
			tab.Update(1, c.first)
			tab.Update(2, c.last)
			equal(t, "status", j.Status(), c.want)
		})
	}
	t.Run("! does not invert the status of a stop", func(t *testing.T) {
		tab := New()
		j := foreground("! sleep 9", 1)
		j.Bang = true
		tab.Add(j)
		tab.Update(1, StoppedBy(sigTSTP))
		equal(t, "status", j.Status(), 128+sigTSTP)
	})
}

func TestUpdate(t *testing.T) {
	t.Run("a process of no job is not the table's", func(t *testing.T) {
		if j, ok := New().Update(7, Exited(0)); ok || j != nil {
			t.Errorf("got %v, %v", j, ok)
		}
	})
	t.Run("a pid may serve a new job once its process ended", func(t *testing.T) {
		tab := New()
		old := background("old", 1, 2)
		tab.Add(old)
		tab.Update(1, Exited(0))
		young := background("young", 1)
		tab.Add(young)
		if j, ok := tab.Update(1, Exited(9)); !ok || j != young {
			t.Errorf("the status went to %v", j)
		}
		equal(t, "the old job's state", old.State(), Running)
	})
	t.Run("a foreground job that stops is a background job", func(t *testing.T) {
		tab := New()
		j := foreground("vi", 1)
		tab.Add(j)
		equal(t, "listed while in the foreground", j.Listed(), false)
		tab.Update(1, StoppedBy(sigTSTP))
		equal(t, "foreground", j.Foreground, false)
		equal(t, "listed", j.Listed(), true)
		equal(t, "current", tab.Current(), j)
	})
}

func TestEarly(t *testing.T) {
	t.Run("a status that comes before Add, within a launch, is handed over", func(t *testing.T) {
		tab := New()
		tab.BeginLaunch()
		if _, ok := tab.Update(1, Exited(5)); ok {
			t.Error("an unknown process was found")
		}
		j := background("exit 5", 1)
		tab.Add(j)
		tab.EndLaunch()
		equal(t, "state", j.State(), Done)
		equal(t, "status", j.Status(), 5)
		if r, ok := tab.Known(1); !ok || r.State != Done || r.Status != 5 {
			t.Errorf("wait would learn %+v, %v", r, ok)
		}
	})
	t.Run("of several early statuses the last counts", func(t *testing.T) {
		tab := New()
		tab.BeginLaunch()
		tab.Update(1, StoppedBy(sigTTIN))
		tab.Update(1, Continued())
		tab.Update(1, StoppedBy(sigTTOU))
		j := foreground("cat", 1)
		tab.Add(j)
		tab.EndLaunch()
		equal(t, "status", j.Status(), 150)
		equal(t, "foreground", j.Foreground, false)
	})
	t.Run("a status of one stage of a pipeline leaves the others running", func(t *testing.T) {
		tab := New()
		tab.BeginLaunch()
		tab.Update(1, Exited(0))
		j := background("true | sleep 9", 1, 2)
		tab.Add(j)
		tab.EndLaunch()
		equal(t, "state", j.State(), Running)
		tab.Update(2, Exited(0))
		equal(t, "state", j.State(), Done)
	})
	t.Run("a status outside a launch is not handed to a later job", func(t *testing.T) {
		tab := New()
		tab.Update(1, Exited(5))
		j := background("sleep 9", 1)
		tab.Add(j)
		equal(t, "state", j.State(), Running)
	})
	t.Run("the end of the outermost launch drops what nobody claimed", func(t *testing.T) {
		tab := New()
		tab.BeginLaunch()
		tab.BeginLaunch()
		tab.Update(1, Exited(5))
		tab.EndLaunch()
		inner := background("kept", 1)
		tab.Add(inner)
		equal(t, "state after the inner end", inner.State(), Done)
		tab.Update(2, Exited(5))
		tab.EndLaunch()
		outer := background("dropped", 2)
		tab.Add(outer)
		equal(t, "state after the outer end", outer.State(), Running)
	})
}

func TestNumber(t *testing.T) {
	t.Run("the first job is 1", func(t *testing.T) {
		equal(t, "number", add(New(), 1)[0].ID(), 1)
	})
	t.Run("a new job is one more than the highest in use, holes stay", func(t *testing.T) {
		tab := New()
		all := add(tab, 3)
		tab.Remove(all[0])
		j := background("d", 200)
		tab.Add(j)
		equal(t, "number", j.ID(), 4)
	})
	t.Run("the highest number is free again when its job is gone", func(t *testing.T) {
		tab := New()
		all := add(tab, 3)
		tab.Remove(all[2])
		tab.Remove(all[1])
		j := background("d", 200)
		tab.Add(j)
		equal(t, "number", j.ID(), 2)
	})
	t.Run("a foreground job holds a number", func(t *testing.T) {
		tab := New()
		tab.Add(foreground("vi", 1))
		equal(t, "number", add(tab, 1)[0].ID(), 2)
	})
	t.Run("a number is given as bash gives it", func(t *testing.T) {
		bash, err := exec.LookPath("bash")
		if err != nil {
			t.Skip("no bash here: ", err)
		}
		out, err := exec.Command(bash, "-c", `sleep 60 >/dev/null 2>&1 & p=$!; sleep 60 >/dev/null 2>&1 & q=$!
			kill $p; wait $p; sleep 60 >/dev/null 2>&1 & jobs; kill $q $!`).Output()
		if err != nil {
			t.Fatal(err)
		}
		tab := New()
		all := add(tab, 2)
		tab.Update(101, KilledBy(sigTERM, false))
		tab.Forget(101)
		j := background("c", 200)
		tab.Add(j)
		var got string
		for _, line := range strings.SplitAfter(string(out), "\n") {
			if id, _, ok := strings.Cut(line, "]"); ok {
				got += id + "] "
			}
		}
		equal(t, "bash's numbers", got, "[2] [3] ")
		equal(t, "ours", all[1].ID() == 2 && j.ID() == 3, true)
	})
}

func TestCounts(t *testing.T) {
	tab := New()
	all := add(tab, 4)
	tab.Add(foreground("make", 300))
	tab.Update(101, StoppedBy(sigTSTP))
	tab.Update(102, Exited(0))
	equal(t, "stopped", tab.StoppedJobs(), 1)
	equal(t, "running: c and d; b ended, make is in the foreground", tab.RunningJobs(), 2)
	tab.Remove(all[2])
	equal(t, "running after disown of c", tab.RunningJobs(), 1)
	tab.Notices()
	equal(t, "running after the notices", tab.RunningJobs(), 1)
	tab.Update(101, KilledBy(sigKILL, false))
	equal(t, "stopped after its death", tab.StoppedJobs(), 0)
	equal(t, "running after the death of a stopped job", tab.RunningJobs(), 1)
	equal(t, "all", len(tab.All()), 3)
}

func TestDisown(t *testing.T) {
	t.Run("a disowned job is in no list and has no notice", func(t *testing.T) {
		tab := New()
		j := add(tab, 1)[0]
		tab.Remove(j)
		if _, err := tab.Find("%1"); err == nil {
			t.Error("%1 still names it")
		}
		tab.Update(101, Exited(3))
		equal(t, "notices", len(tab.Notices()), 0)
		equal(t, "all", len(tab.All()), 0)
	})
	t.Run("wait by pid still learns its status, as in bash", func(t *testing.T) {
		tab := New()
		tab.Remove(add(tab, 1)[0])
		if r, ok := tab.Known(101); !ok || r.State != Running {
			t.Errorf("before its end: %+v, %v", r, ok)
		}
		tab.Update(101, Exited(3))
		if r, ok := tab.Known(101); !ok || r.Status != 3 {
			t.Errorf("after its end: %+v, %v", r, ok)
		}
	})
	t.Run("disown -h leaves the job where it is", func(t *testing.T) {
		tab := New()
		j := add(tab, 1)[0]
		tab.NoHup(j)
		equal(t, "spared", j.NoHup(), true)
		equal(t, "listed", j.Listed(), true)
	})
}
