package jobs

import "testing"

func TestKnown(t *testing.T) {
	for _, c := range []struct {
		rule   string
		do     func(*Table, *Job) // with the job x | y of processes 1 and 2, in the background
		pid    int
		known  bool
		status int
	}{
		{"the pid of $! is known while the job runs", func(*Table, *Job) {}, 2, true, 0},
		{"the pid that jobs -p prints is known", func(*Table, *Job) {}, 1, true, 0},
		{"the status is known when the job has ended", end, 2, true, 7},
		{"the status is known by the pid of jobs -p too", end, 1, true, 7},
		{"the status is known after the notice", func(t *Table, j *Job) {
			end(t, j)
			t.Notices()
		}, 2, true, 7},
		{"the status is not known after jobs reported it", func(t *Table, j *Job) {
			end(t, j)
			t.Listing(Options{}, nil)
		}, 2, false, 0},
		{"jobs -p reports no state, so the status stays known", func(t *Table, j *Job) {
			end(t, j)
			t.Leaders(Options{}, nil)
		}, 2, true, 7},
		{"jobs -r reports no ended job, so the status stays known", func(t *Table, j *Job) {
			end(t, j)
			t.Listing(Options{Running: true}, nil)
		}, 2, true, 7},
		{"wait takes the pid off the list", func(t *Table, j *Job) {
			end(t, j)
			t.Forget(2)
		}, 2, false, 0},
		{"wait takes the pid of jobs -p off the list with it", func(t *Table, j *Job) {
			end(t, j)
			t.Forget(2)
		}, 1, false, 0},
		{"a process that has not ended cannot be forgotten", func(t *Table, j *Job) {
			t.Forget(2)
		}, 2, true, 0},
		{"fg takes the pid off the list", func(t *Table, j *Job) {
			t.Resume(j, true)
		}, 2, false, 0},
		{"a stop in the foreground puts the pid on the list", func(t *Table, j *Job) {
			t.Resume(j, true)
			t.Update(1, StoppedBy(sigTSTP))
			t.Update(2, StoppedBy(sigTSTP))
		}, 2, true, 148},
		{"bg puts the pid on the list", func(t *Table, j *Job) {
			t.Resume(j, true)
			t.Update(1, StoppedBy(sigTSTP))
			t.Update(2, StoppedBy(sigTSTP))
			t.Resume(j, false)
		}, 2, true, 0},
		{"a later job with the same pid replaces the old status", func(t *Table, j *Job) {
			end(t, j)
			t.Notices()
			t.Add(background("z", 2))
		}, 2, true, 0},
		{"a later job with the same pid takes the old job's other pid along", func(t *Table, j *Job) {
			end(t, j)
			t.Notices()
			t.Add(background("z", 2))
		}, 1, false, 0},
	} {
		t.Run(c.rule, func(t *testing.T) {
			tab := New()
			j := background("x | y", 1, 2)
			tab.Add(j)
			c.do(tab, j)
			r, ok := tab.Known(c.pid)
			equal(t, "known", ok, c.known)
			equal(t, "status", r.Status, c.status)
		})
	}
	t.Run("the process of a job started in the foreground is not known", func(t *testing.T) {
		tab := New()
		tab.Add(foreground("x", 1))
		_, ok := tab.Known(1)
		equal(t, "known", ok, false)
	})
	t.Run("death by a signal is told apart from an exit status above 128", func(t *testing.T) {
		tab := New()
		add(tab, 2)
		tab.Update(101, KilledBy(sigTERM, false))
		tab.Update(102, Exited(143))
		killed, _ := tab.Known(101)
		exited, _ := tab.Known(102)
		equal(t, "statuses", killed.Status == 143 && exited.Status == 143, true)
		equal(t, "signal of the killed one", killed.Sig, sigTERM)
		equal(t, "signal of the exited one", exited.Sig, 0)
	})
}

// end lets the job of processes 1 and 2 end with status 7.
func end(t *Table, _ *Job) {
	t.Update(1, Exited(0))
	t.Update(2, Exited(7))
}

func TestWaited(t *testing.T) {
	t.Run("in a script the job leaves the table with wait", func(t *testing.T) {
		tab := New()
		add(tab, 1)
		tab.Update(101, Exited(0))
		tab.Forget(101)
		equal(t, "jobs", len(tab.All()), 0)
		equal(t, "notices", len(tab.Notices()), 0)
	})
	t.Run("in an interactive shell it leaves the list, its notice still comes", func(t *testing.T) {
		tab := New()
		tab.Interactive = true
		j := add(tab, 1)[0]
		tab.Update(101, Exited(0))
		tab.Forget(101)
		equal(t, "listed", j.Listed(), false)
		equal(t, "lines of jobs", len(tab.Listing(Options{}, nil)), 0)
		if _, err := tab.Find("%1"); err == nil {
			t.Error("%1 still names it")
		}
		next := background("b", 200)
		tab.Add(next)
		equal(t, "the next number", next.ID(), 2)
		n := tab.Notices()
		if len(n) != 1 || n[0].Job != j {
			t.Fatalf("notices: %v", n)
		}
		equal(t, "jobs after the notice", len(tab.All()), 1)
	})
	t.Run("wait without operands forgets all that ended and nothing else", func(t *testing.T) {
		tab := New()
		add(tab, 3)
		tab.Update(101, Exited(1))
		tab.Update(103, Exited(3))
		tab.ForgetFinished()
		for pid, want := range map[int]bool{101: false, 102: true, 103: false} {
			_, ok := tab.Known(pid)
			equal(t, "known", ok, want)
		}
		equal(t, "jobs", len(tab.All()), 1)
	})
}

func TestNextFinished(t *testing.T) {
	tab := New()
	add(tab, 4)
	if r, ok := tab.NextFinished(nil); ok {
		t.Errorf("before any end: %+v", r)
	}
	tab.Update(103, Exited(3))
	tab.Update(101, Exited(1))
	tab.Update(102, Exited(2))
	next := func(accept func(Result) bool) int {
		r, ok := tab.NextFinished(accept)
		if !ok {
			return 0
		}
		tab.Forget(r.Pid)
		return r.Pid
	}
	equal(t, "the first to end comes first", next(nil), 103)
	equal(t, "only accepted ones", next(func(r Result) bool { return r.Pid == 102 }), 102)
	equal(t, "then the rest", next(nil), 101)
	equal(t, "then none", next(nil), 0)
	tab.Update(104, Exited(4))
	tab.Notices()
	equal(t, "a told one is not offered", next(nil), 0)
	if r, ok := tab.Known(104); !ok || r.Status != 4 {
		t.Errorf("but it is known: %+v, %v", r, ok)
	}
}

func TestRemembered(t *testing.T) {
	t.Run("the oldest ended jobs go, the running ones never", func(t *testing.T) {
		tab := New()
		tab.Add(background("stays", 1))
		const n = Remembered + 10
		for i := range n {
			tab.Add(background("x", 100+i))
			tab.Update(100+i, Exited(i%256))
		}
		equal(t, "jobs", len(tab.All()), Remembered+1)
		_, ok := tab.Known(1)
		equal(t, "the running one is known", ok, true)
		_, ok = tab.Known(100 + 9)
		equal(t, "the last one dropped is known", ok, false)
		r, ok := tab.Known(100 + 10)
		equal(t, "the oldest one kept is known", ok, true)
		equal(t, "its status", r.Status, 10)
	})
	t.Run("the oldest told statuses go", func(t *testing.T) {
		tab := New()
		const n = Remembered + 10
		for i := range n {
			tab.Add(background("x", 100+i))
			tab.Update(100+i, Exited(0))
			tab.Notices()
		}
		equal(t, "entries", tab.finished.n, Remembered)
		equal(t, "pids", len(tab.known), Remembered)
		equal(t, "jobs", len(tab.jobs), 0)
	})
}
