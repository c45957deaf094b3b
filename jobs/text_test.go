package jobs

import (
	"slices"
	"strings"
	"testing"
)

func lines(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func notices(t *Table) []string {
	var l []string
	for _, n := range t.Notices() {
		l = append(l, n.Line)
	}
	return l
}

func TestStateText(t *testing.T) {
	for _, c := range []struct {
		change Change
		want   string
	}{
		{Continued(), "Running"},
		{Exited(0), "Done"},
		{Exited(2), "Done(2)"},
		{Exited(255), "Done(255)"},
		{StoppedBy(sigTSTP), "Stopped (SIGTSTP)"},
		{StoppedBy(sigSTOP), "Stopped (SIGSTOP)"},
		{StoppedBy(sigTTIN), "Stopped (SIGTTIN)"},
		{StoppedBy(sigTTOU), "Stopped (SIGTTOU)"},
		{KilledBy(sigKILL, false), "Killed (SIGKILL)"},
		{KilledBy(sigTERM, false), "Terminated (SIGTERM)"},
		{KilledBy(sigINT, false), "Interrupt (SIGINT)"},
		{KilledBy(sigSEGV, true), "Segmentation fault (SIGSEGV, core dumped)"},
		{KilledBy(37, false), "Ended by a signal (SIGRTMIN+3)"},
		{KilledBy(33, false), "Ended by a signal (signal 33)"},
	} {
		t.Run(c.want, func(t *testing.T) {
			tab := New()
			j := add(tab, 1)[0]
			tab.Update(101, c.change)
			equal(t, "the job", j.StateText(), c.want)
			equal(t, "its process", j.Procs[0].StateText(), c.want)
		})
	}
	t.Run("a pipeline shows what decides its status", func(t *testing.T) {
		tab := New()
		j := background("x | y", 1, 2)
		j.Pipefail = true
		tab.Add(j)
		tab.Update(1, KilledBy(sigTERM, false))
		tab.Update(2, Exited(0))
		equal(t, "state", j.StateText(), "Terminated (SIGTERM)")
	})
	t.Run("! is regarded", func(t *testing.T) {
		tab := New()
		j := background("! x", 1)
		j.Bang = true
		tab.Add(j)
		tab.Update(1, Exited(0))
		equal(t, "state", j.StateText(), "Done(1)")
	})
}

func TestNotices(t *testing.T) {
	t.Run("a stop in the foreground has a notice", func(t *testing.T) {
		tab := New()
		tab.Add(foreground("sleep 100", 1))
		tab.Update(1, StoppedBy(sigTSTP))
		lines(t, notices(tab), "[1]+ Stopped (SIGTSTP)  sleep 100")
	})
	t.Run("a notice comes once", func(t *testing.T) {
		tab := New()
		add(tab, 1)
		tab.Update(101, StoppedBy(sigTSTP))
		notices(tab)
		lines(t, notices(tab))
	})
	t.Run("a stopped job stays, an ended one goes", func(t *testing.T) {
		tab := New()
		all := add(tab, 2)
		tab.Update(101, StoppedBy(sigTSTP))
		tab.Update(102, Exited(0))
		lines(t, notices(tab),
			"[1]+ Stopped (SIGTSTP)  a",
			"[2]- Done               b")
		equal(t, "the stopped one is listed", all[0].Listed(), true)
		equal(t, "the ended one is listed", all[1].Listed(), false)
		equal(t, "jobs left", len(tab.All()), 1)
	})
	t.Run("several notices stand in the order of numbers, with the marks from before", func(t *testing.T) {
		tab := New()
		add(tab, 3)
		tab.Update(103, Exited(3))
		tab.Update(101, Exited(1))
		tab.Update(102, Exited(0))
		lines(t, notices(tab),
			"[1]  Done(1)            a",
			"[2]- Done               b",
			"[3]+ Done(3)            c")
	})
	t.Run("a wide state widens the column for all", func(t *testing.T) {
		tab := New()
		add(tab, 2)
		tab.Update(101, KilledBy(sigTERM, false))
		tab.Update(102, Exited(0))
		lines(t, notices(tab),
			"[1]- Terminated (SIGTERM)  a",
			"[2]+ Done                  b")
	})
	t.Run("a second stop by the same signal has its own notice", func(t *testing.T) {
		tab := New()
		add(tab, 1)
		for range 2 {
			tab.Update(101, StoppedBy(sigTTIN))
			lines(t, notices(tab), "[1]+ Stopped (SIGTTIN)  a")
			tab.Update(101, Continued())
		}
	})
	t.Run("a job continued before it was told has no notice", func(t *testing.T) {
		tab := New()
		j := add(tab, 1)[0]
		tab.Update(101, StoppedBy(sigTSTP))
		equal(t, "changed", j.Changed(), true)
		tab.Update(101, Continued())
		equal(t, "changed", j.Changed(), false)
		lines(t, notices(tab))
	})
	t.Run("what fg or bg took has no notice", func(t *testing.T) {
		for _, foreground := range []bool{true, false} {
			tab := New()
			j := add(tab, 1)[0]
			tab.Update(101, StoppedBy(sigTSTP))
			tab.Resume(j, foreground)
			tab.Update(101, Continued())
			lines(t, notices(tab))
		}
	})
	t.Run("the end of a foreground job has no notice", func(t *testing.T) {
		tab := New()
		tab.Add(foreground("ls", 1))
		tab.Update(1, Exited(0))
		lines(t, notices(tab))
	})
	t.Run("the only job that was waited for keeps its mark", func(t *testing.T) {
		tab := New()
		tab.Interactive = true
		add(tab, 1)
		tab.Update(101, Exited(0))
		tab.Forget(101)
		lines(t, notices(tab), "[1]+ Done               a")
	})
}

func TestListing(t *testing.T) {
	mixed := func() *Table {
		tab := New()
		add(tab, 3)
		tab.Update(102, StoppedBy(sigTSTP))
		tab.Update(101, Exited(2))
		return tab
	}
	t.Run("jobs lists every background job", func(t *testing.T) {
		lines(t, mixed().Listing(Options{}, nil),
			"[1]  Done(2)            a",
			"[2]+ Stopped (SIGTSTP)  b",
			"[3]- Running            c &")
	})
	t.Run("what jobs told has no notice and is not listed again", func(t *testing.T) {
		tab := mixed()
		tab.Listing(Options{}, nil)
		lines(t, notices(tab))
		lines(t, tab.Listing(Options{}, nil),
			"[2]+ Stopped (SIGTSTP)  b",
			"[3]- Running            c &")
	})
	t.Run("-r lists running jobs only and tells the others nothing", func(t *testing.T) {
		tab := mixed()
		lines(t, tab.Listing(Options{Running: true}, nil), "[3]- Running            c &")
		equal(t, "notices left", len(tab.Notices()), 2)
	})
	t.Run("-s lists stopped jobs only", func(t *testing.T) {
		lines(t, mixed().Listing(Options{Stopped: true}, nil), "[2]+ Stopped (SIGTSTP)  b")
	})
	t.Run("-n lists what was not told only", func(t *testing.T) {
		tab := mixed()
		lines(t, tab.Listing(Options{Changed: true}, nil),
			"[1]  Done(2)            a",
			"[2]+ Stopped (SIGTSTP)  b")
		lines(t, tab.Listing(Options{Changed: true}, nil))
	})
	t.Run("jobs with operands lists those jobs", func(t *testing.T) {
		tab := mixed()
		j, _ := tab.Find("%3")
		lines(t, tab.Listing(Options{}, []*Job{j}), "[3]- Running            c &")
		equal(t, "notices left", len(tab.Notices()), 2)
	})
	t.Run("a job in the foreground is not listed", func(t *testing.T) {
		tab := New()
		tab.Add(foreground("vi", 1))
		lines(t, tab.Listing(Options{}, nil))
	})
	t.Run("numbers of different width align", func(t *testing.T) {
		tab := New()
		add(tab, 10)
		l := tab.Listing(Options{}, nil)
		lines(t, []string{l[0], l[8], l[9]},
			"[1]   Running            a &",
			"[9]-  Running            i &",
			"[10]+ Running            j &")
	})
	t.Run("-l shows each process of a pipeline with its own state", func(t *testing.T) {
		tab := New()
		j := background("a | b | c", 98, 99, 100)
		for i, s := range []string{"a", "b", "c"} {
			j.Procs[i].Text = s
		}
		tab.Add(j)
		tab.Add(background("d", 1234))
		tab.Update(98, KilledBy(sigTERM, false))
		lines(t, tab.Listing(Options{Long: true}, nil),
			"[1]-   98 Terminated (SIGTERM)  a",
			"       99 Running               | b",
			"      100 Running               | c &",
			"[2]+ 1234 Running               d &")
	})
	t.Run("-l without texts of the stages shows the process group", func(t *testing.T) {
		tab := New()
		tab.Add(background("a | b", 98, 99))
		lines(t, tab.Listing(Options{Long: true}, nil), "[1]+ 98 Running            a | b &")
	})
	t.Run("-l without a process group of its own shows the pid of $!", func(t *testing.T) {
		tab := New()
		j := background("a | b", 98, 99)
		j.Pgid, j.Monitor = 0, false
		tab.Add(j)
		lines(t, tab.Listing(Options{Long: true}, nil), "[1]+ 99 Running            a | b &")
	})
	t.Run("-p shows the process group, or without one the pid of $!", func(t *testing.T) {
		tab := New()
		tab.Add(background("a | b", 98, 99))
		j := background("c | d", 100, 101)
		j.Pgid = 0
		tab.Add(j)
		tab.Add(background("e", 102))
		tab.Update(102, Exited(0))
		if got := tab.Leaders(Options{}, nil); !slices.Equal(got, []int{98, 101, 102}) {
			t.Errorf("got %v", got)
		}
		if got := tab.Leaders(Options{Running: true}, nil); !slices.Equal(got, []int{98, 101}) {
			t.Errorf("-r -p: got %v", got)
		}
		equal(t, "notices left", len(tab.Notices()), 1)
	})
}

func TestLines(t *testing.T) {
	tab := New()
	j := background("sleep 9 | cat", 98, 99)
	tab.Add(j)
	equal(t, "start", j.StartLine(), "[1] 99")
	equal(t, "bg", j.BgLine(), "[1] sleep 9 | cat &")
	equal(t, "words", Running.String()+Stopped.String()+Done.String(), "RunningStoppedDone")
}
