package proc

import (
	"testing"

	"jsh/event"
)

// step is one snapshot of a story with what the events said before it.
type step struct {
	procs  string
	events []event.Event
	want   string
}

func TestTreeOverTime(t *testing.T) {
	const shell = "812 300 812 812 3 812 S 10 jsh\n"
	spawn := func(pid, pgid int) event.Event {
		return event.Event{Kind: event.Spawn, Source: event.Shell, Pid: pid, Pgid: pgid, Path: "/bin/prog"}
	}
	exited := func(pid, status int) event.Event {
		return event.Event{Kind: event.Exited, Source: event.Shell, Pid: pid, Status: status}
	}
	killed := func(pid, sig int) event.Event {
		return event.Event{Kind: event.Killed, Source: event.Shell, Pid: pid, Sig: sig}
	}
	line := event.Event{Kind: event.LineBegin, Source: event.Shell, Text: "prog"}

	for _, c := range []struct {
		name  string
		steps []step
	}{
		{"a daemon stays ours through setsid and adoption, step by step", []step{
			{shell + "830 812 830 812 3 812 S 20 d", nil, `
session 812 pts/3 fg 812
  group 812 FG: 812 jsh*
  group 830: 830 d*
`},
			{shell + "830 812 830 812 3 812 Z 20 d\n831 830 830 812 3 812 S 21 d", nil, `
session 812 pts/3 fg 812
  group 812 FG: 812 jsh*
  group 830 orphaned: 830 d*, 831 d*
`},
			{"1 0 1 1 0 -1 S 1 init\n" + shell + "831 1 831 831 0 -1 S 21 d", nil, `
session 812 pts/3 fg 812
  group 812 FG: 812 jsh*
  group 830 leaderless: 830 d* gone
session 1 no terminal
  group 1 orphaned: 1 init
session 831 no terminal
  group 831 orphaned: 831 d* adopted(830→1)
`},
			{"1 0 1 1 0 -1 S 1 init\n" + shell + "831 1 831 831 0 -1 S 21 d", []event.Event{line}, `
session 812 pts/3 fg 812
  group 812 FG: 812 jsh*
session 1 no terminal
  group 1 orphaned: 1 init
session 831 no terminal
  group 831 orphaned: 831 d* adopted(830→1)
`},
		}},
		{"a daemon whose parents all ended between two snapshots is ours by its session's founder", []step{
			{shell + "831 812 830 812 3 812 S 21 mid", nil, `
session 812 pts/3 fg 812
  group 812 FG: 812 jsh*
  group 830 leaderless: 831 mid*
`},
			{"1 0 1 1 0 -1 S 1 init\n" + shell + "832 1 832 831 0 -1 S 22 d", []event.Event{line}, `
session 812 pts/3 fg 812
  group 812 FG: 812 jsh*
  group 830 leaderless: 831 mid* gone
session 1 no terminal
  group 1 orphaned: 1 init
session 831 no terminal leaderless
  group 832 orphaned: 832 d* adopted(0→1)
`},
			{"1 0 1 1 0 -1 S 1 init\n" + shell + "833 1 833 831 0 -1 S 23 d2", []event.Event{line}, `
session 812 pts/3 fg 812
  group 812 FG: 812 jsh*
session 1 no terminal
  group 1 orphaned: 1 init
session 831 no terminal leaderless
  group 832 leaderless: 832 d* adopted(0→1) gone
  group 833 orphaned: 833 d2* adopted(0→1)
`},
		}},
		{"a daemon of a program that only the Spawn event told of is ours", []step{
			{"1 0 1 1 0 -1 S 1 init\n" + shell + "832 1 830 830 0 -1 S 22 d", []event.Event{line, spawn(830, 830), exited(830, 0)}, `
session 812 pts/3 fg 812
  group 812 FG: 812 jsh*
  group 830 leaderless: 830 prog* gone(0,0)
session 1 no terminal
  group 1 orphaned: 1 init
session 830 no terminal leaderless
  group 830 orphaned leaderless: 832 d* adopted(0→1)
`},
		}},
		{"a pid that came to be another's is another process", []step{
			{shell + "830 812 830 812 3 812 S 20 old", nil, `
session 812 pts/3 fg 812
  group 812 FG: 812 jsh*
  group 830: 830 old*
`},
			{"300 0 300 300 0 -1 S 5 sshd\n" + shell + "830 300 830 830 0 -1 S 99 new", []event.Event{line}, `
session 812 pts/3 fg 812
  group 812 FG orphaned: 812 jsh*
  group 830: 830 old* gone
session 300 no terminal
  group 300 orphaned: 300 sshd
session 830 no terminal
  group 830 orphaned: 830 new
`},
		}},
		{"how a process ended is kept until the next line begins", []step{
			{shell, []event.Event{line, spawn(830, 830), spawn(831, 830), exited(830, 3), killed(831, 2)}, `
session 812 pts/3 fg 812
  group 812 FG: 812 jsh*
  group 830 leaderless: 830 prog* gone(3,0), 831 prog* gone(0,2)
`},
			{shell, nil, `
session 812 pts/3 fg 812
  group 812 FG: 812 jsh*
  group 830 leaderless: 830 prog* gone(3,0), 831 prog* gone(0,2)
`},
			{shell, []event.Event{line}, `
session 812 pts/3 fg 812
  group 812 FG: 812 jsh*
`},
		}},
		{"what ended before the line began is not of its episode", []step{
			{shell + "830 812 830 812 3 812 S 20 a\n831 812 831 812 3 812 S 21 b", nil, `
session 812 pts/3 fg 812
  group 812 FG: 812 jsh*
  group 830: 830 a*
  group 831: 831 b*
`},
			{shell, []event.Event{exited(830, 0), line, exited(831, 0)}, `
session 812 pts/3 fg 812
  group 812 FG: 812 jsh*
  group 831 leaderless: 831 b* gone(0,0)
`},
		}},
		{"a process that is started and then seen stands there once", []step{
			{shell, []event.Event{line, spawn(830, 830)}, `
session 812 pts/3 fg 812
  group 812 FG: 812 jsh*
  group 830 leaderless: 830 prog* gone
`},
			{shell + "830 812 830 812 3 812 S 20 prog", nil, `
session 812 pts/3 fg 812
  group 812 FG: 812 jsh*
  group 830: 830 prog*
`},
		}},
		{"a group keeps its place when its oldest member ends", []step{
			{shell + "830 812 830 812 3 812 S 20 a\n840 812 840 812 3 812 S 30 b\n850 812 830 812 3 812 S 40 c", nil, `
session 812 pts/3 fg 812
  group 812 FG: 812 jsh*
  group 830: 830 a*, 850 c*
  group 840: 840 b*
`},
			{shell + "840 812 840 812 3 812 S 30 b\n850 812 830 812 3 812 S 40 c", []event.Event{exited(830, 0), line}, `
session 812 pts/3 fg 812
  group 812 FG: 812 jsh*
  group 830 leaderless: 850 c*
  group 840: 840 b*
`},
		}},
		{"a spawn that failed started nothing", []step{
			{shell, []event.Event{line, {Kind: event.Spawn, Source: event.Shell, Path: "/bin/nope", Errno: 2}}, `
session 812 pts/3 fg 812
  group 812 FG: 812 jsh*
`},
		}},
		{"the tracer's word finds grandchildren that no snapshot saw", []step{
			{shell, []event.Event{line, spawn(830, 830),
				{Kind: event.Seen, Source: event.Tracer, Pid: 831, PPid: 830, Pgid: 830, Sid: 812, Text: "kid"},
				{Kind: event.Seen, Source: event.Tracer, Pid: 999, PPid: 998, Pgid: 998, Sid: 998, Text: "stranger"},
				exited(830, 0), {Kind: event.Gone, Source: event.Tracer, Pid: 831}}, `
session 812 pts/3 fg 812
  group 812 FG: 812 jsh*
  group 830 leaderless: 830 prog* gone(0,0), 831 kid* gone
`},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var tree *Tree
			for i, s := range c.steps {
				tree = Next(tree, snapshot(s.procs), World{Shell: 812, Events: s.events})
				compare(t, tree, s.want)
				if t.Failed() {
					t.Fatalf("at step %d", i+1)
				}
			}
		})
	}

	t.Run("plumbing is marked and leaves no trace when it goes", func(t *testing.T) {
		tree := Next(nil, snapshot(shell+"830 812 830 812 3 812 S 20 helper"), World{Shell: 812, Plumbing: []int{830}})
		if !tree.Process(830).Plumbing {
			t.Error("not marked")
		}
		compare(t, Next(tree, snapshot(shell), World{Shell: 812}), `
session 812 pts/3 fg 812
  group 812 FG: 812 jsh*
`)
	})
}

func TestDiff(t *testing.T) {
	a := snapshot(`
		10 1 10 10 3 10 S 1 sh
		20 10 20 10 3 10 S 2 a
		30 10 30 10 3 10 S 3 b
		40 20 30 10 3 10 S 4 c
		50 10 30 10 3 10 S 4 d`)
	b := snapshot(`
		10 1 10 10 3 30 S 1 sh
		30 10 30 10 3 30 S 3 renamed
		40 1 40 40 0 -1 S 4 c
		50 10 50 10 3 30 S 9 d2
		60 10 60 10 3 30 S 9 e`)
	b.At = 77
	want := []string{
		"20 is gone  [/proc]",
		"40 leads a new session: group 40, no terminal  [/proc]",
		"50 is gone  [/proc]",
		"found 50 d2: parent 10, group 50, session 10, on pts/3  [/proc]",
		"found 60 e: parent 10, group 60, session 10, on pts/3  [/proc]",
		"the keyboard of pts/3 is with group 30  [/proc: foreground process group]",
	}
	events := Diff(a, b)
	for i, e := range events {
		if i >= len(want) || e.String() != want[i] || e.At != 77 || e.Source != event.Proc {
			t.Errorf("%d: %s", i, e.String())
		}
	}
	if len(events) != len(want) {
		t.Errorf("%d events", len(events))
	}
	if text := events[1].Text; text != "parent group session terminal" {
		t.Errorf("what changed is told as %q", text)
	}
	if again := Diff(b, b); len(again) != 0 {
		t.Errorf("a snapshot differs from itself: %v", again)
	}
	if first := Diff(nil, a); len(first) != len(a.Procs)+1 {
		t.Errorf("the first snapshot gives %d events", len(first))
	}
}

func TestConfirm(t *testing.T) {
	p := Proc{Pid: 5, Pgid: 5, Sid: 1, TTY: pts3, Tpgid: 5}
	for _, c := range []struct {
		name string
		e    event.Event
		p    Proc
		want string
	}{
		{"what was asked is so", event.Event{Pid: 5, Pgid: 5, Fg: true}, p,
			"/proc agrees: 5 is in group 5, session 1, with the keyboard of pts/3"},
		{"it has moved since", event.Event{Pid: 5, Pgid: 4}, p,
			"/proc by now: 5 is in group 5, session 1, with the keyboard of pts/3"},
		{"the keyboard has gone elsewhere since", event.Event{Pid: 5, Pgid: 5, Fg: true}, Proc{Pid: 5, Pgid: 5, Sid: 1, TTY: pts3, Tpgid: 9},
			"/proc by now: 5 is in group 5, session 1, on pts/3 in the background"},
		{"there is no terminal", event.Event{Pid: 5}, Proc{Pid: 5, Pgid: 5, Sid: 1, Tpgid: -1},
			"/proc agrees: 5 is in group 5, session 1, with no terminal"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Confirm(&c.e, &c.p); got != c.want {
				t.Errorf("%s", got)
			}
		})
	}
}

// TestTheConnectorsForksMakeTheTree is the daemon's double fork as the connector tells it:
// no snapshot ever saw the process in the middle.
func TestTheConnectorsForksMakeTheTree(t *testing.T) {
	const before = "1 0 1 1 0 -1 S 1 init\n812 1 812 812 3 812 S 10 jsh\n830 812 830 812 3 830 S 20 served\n"
	told := func(kind event.Kind, pid int) event.Event {
		return event.Event{At: 205_000_000, Kind: kind, Source: event.Connector, Pid: pid} // tick 20
	}
	fork := func(pid, ppid, pgid, sid, tty int, name string) event.Event {
		e := told(event.Seen, pid)
		e.PPid, e.Pgid, e.Sid, e.TTY, e.Text = ppid, pgid, sid, tty, name
		return e
	}
	setsid := func(pid, ppid int) event.Event {
		e := told(event.Moved, pid)
		e.PPid, e.Pgid, e.Sid, e.Text = ppid, pid, pid, "group session terminal"
		return e
	}
	exec := func(pid int, name string) event.Event {
		e := told(event.Exec, pid)
		e.Text = name
		return e
	}
	events := []event.Event{
		{Kind: event.LineBegin, Source: event.Shell, Text: "served"},
		fork(831, 830, 830, 812, pts3, "served"),
		setsid(831, 830),
		fork(832, 831, 831, 831, 0, "served"),
		exec(832, "worker"),
		told(event.Exited, 831),
	}
	h := NewHistory(1 << 20)
	h.Frame(snapshot(before), World{Shell: 812})
	for _, e := range events {
		h.Append(e)
	}
	at := func(seq uint64) string {
		tree, err := h.At(seq)
		if err != nil {
			t.Fatal(err)
		}
		return "\n" + text(tree)
	}
	check := func(rule, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s:%s\nwant%s", rule, got, want)
		}
	}
	check("between the two forks the middle one is there", at(2), `
session 812 pts/3 fg 830
  group 812 orphaned: 812 jsh*
  group 830 FG: 830 served*, 831 served*
session 1 no terminal
  group 1 orphaned: 1 init
`)
	check("it leads a session of its own, then forks", at(4), `
session 812 pts/3 fg 830
  group 812 orphaned: 812 jsh*
  group 830 FG: 830 served*
session 1 no terminal
  group 1 orphaned: 1 init
session 831 no terminal
  group 831 orphaned: 831 served*, 832 served*
`)
	h.Frame(snapshot(before+"832 1 831 831 0 -1 S 22 worker"), World{Shell: 812})
	after := `
session 812 pts/3 fg 830
  group 812 orphaned: 812 jsh*
  group 830 FG: 830 served*
session 1 no terminal
  group 1 orphaned: 1 init
session 831 no terminal leaderless
  group 831 orphaned leaderless: 831 served* gone(0,0), 832 worker* adopted(831→1)
`
	check("its child was adopted, and who forked it is known", "\n"+text(h.Now()), after)

	h.Append(event.Event{Kind: event.LineBegin, Source: event.Shell, Text: "x"})
	h.Append(fork(840, 832, 831, 831, 0, "worker"))
	h.Append(exec(840, "job"))
	h.Frame(snapshot(before+"832 1 831 831 0 -1 S 22 worker\n840 832 831 831 0 -1 S 30 job"), World{Shell: 812})
	check("what the daemon starts later is the shell's too", "\n"+text(h.Now()), `
session 812 pts/3 fg 830
  group 812 orphaned: 812 jsh*
  group 830 FG: 830 served*
session 1 no terminal
  group 1 orphaned: 1 init
session 831 no terminal leaderless
  group 831 orphaned leaderless: 832 worker* adopted(831→1), 840 job*
`)
}

func TestTheShellsLateWordChangesNothing(t *testing.T) {
	// The connector tells of a whole life before the shell says that it began one.
	h := NewHistory(1 << 20)
	h.Frame(snapshot("812 1 812 812 3 812 S 10 jsh"), World{Shell: 812})
	for _, e := range []event.Event{
		{Kind: event.LineBegin, Source: event.Shell, Text: "ls"},
		{Kind: event.Seen, Source: event.Connector, Pid: 830, PPid: 812, Pgid: 812, Sid: 812, TTY: pts3, Text: "jsh"},
		{Kind: event.Exec, Source: event.Connector, Pid: 830, Text: "ls"},
		{Kind: event.Exited, Source: event.Connector, Pid: 830, Status: 2},
		{Kind: event.Spawn, Source: event.Shell, Pid: 830, Pgid: 830, Path: "/bin/ls", Fg: true},
		{Kind: event.Exited, Source: event.Shell, Pid: 830, Status: 2},
	} {
		h.Append(e)
	}
	want := "session 812 pts/3 fg 830\n  group 812: 812 jsh*\n  group 830 FG leaderless: 830 ls* gone(2,0)\n"
	if got := text(h.Now()); got != want {
		t.Errorf("\n%s\nwant\n%s", got, want)
	}
	h.Frame(snapshot("812 1 812 812 3 812 S 10 jsh"), World{Shell: 812})
	want = "session 812 pts/3 fg 812\n  group 812 FG: 812 jsh*\n  group 830 leaderless: 830 ls* gone(2,0)\n"
	if got := text(h.Now()); got != want {
		t.Errorf("after a snapshot\n%s\nwant\n%s", got, want)
	}
}

func TestALineOfManyProcessesKeepsTheYoungestThatEnded(t *testing.T) {
	s := snapshot("812 1 812 812 3 812 S 10 jsh")
	w := World{Shell: 812, Events: []event.Event{{Kind: event.LineBegin}}}
	tree := Next(nil, s, w)
	for i := range 20 {
		w.Events = w.Events[:0]
		for k := range 100 {
			pid := 1000 + 100*i + k
			w.Events = append(w.Events, event.Event{At: int64(pid) * 1e7, Kind: event.Spawn, Source: event.Shell, Pid: pid, Pgid: pid, Path: "x"},
				event.Event{Kind: event.Exited, Source: event.Shell, Pid: pid})
		}
		tree = Next(tree, s, w)
	}
	n, youngest := 0, 0
	for p := range tree.All {
		if p.Gone {
			n++
			youngest = max(youngest, p.Pid)
		}
	}
	if n != maxGone || tree.More != 2000-maxGone || youngest != 2999 {
		t.Errorf("%d are shown, %d more; the youngest is %d", n, tree.More, youngest)
	}
	w.Events = []event.Event{{Kind: event.LineBegin}}
	if tree = Next(tree, s, w); tree.More != 0 {
		t.Errorf("%d more after the next line began", tree.More)
	}
}

func TestAnEndThatIsToldAfterTheSnapshotIsStillToldOf(t *testing.T) {
	h := NewHistory(1 << 20)
	h.Frame(snapshot("812 1 812 812 3 812 S 10 jsh\n830 812 830 812 3 830 S 20 find"), World{Shell: 812})
	h.Frame(snapshot("812 1 812 812 3 812 S 10 jsh"), World{Shell: 812})
	h.Append(event.Event{Kind: event.Killed, Source: event.Shell, Pid: 830, Sig: 2})
	want := "session 812 pts/3 fg 812\n  group 812 FG: 812 jsh*\n  group 830 leaderless: 830 find* gone(0,2)\n"
	if got := text(h.Now()); got != want {
		t.Errorf("\n%s\nwant\n%s", got, want)
	}
}

func TestATracerIsPlumbing(t *testing.T) {
	s := &Snapshot{Procs: []Proc{
		{Pid: 10, Name: "jsh", State: 'S', PPid: 1, Pgid: 10, Sid: 10, Start: 1},
		{Pid: 11, Name: TracerName, State: 'S', PPid: 1, Pgid: 11, Sid: 11, Start: 2},
	}}
	tree := Next(nil, s, World{Shell: 10, Events: []event.Event{{Kind: event.Spawn, Source: event.Shell, Pid: 11, Path: "/bin/jsh"}}})
	if p := tree.Process(11); p == nil || !p.Plumbing {
		t.Errorf("%+v", p)
	}
	if p := tree.Process(10); p == nil || p.Plumbing {
		t.Errorf("%+v", p)
	}
}

func TestATracedProcessThatAStopSignalStoppedIsStoppedAsAnyIs(t *testing.T) {
	s := &Snapshot{Procs: []Proc{{Pid: 10, Name: "jsh", State: 'S', PPid: 1, Start: 1}, {Pid: 11, Name: "cat", State: 't', PPid: 10, Start: 2}}}
	state := func(prev *Tree, kinds ...event.Kind) (*Tree, byte) {
		w := World{Shell: 10}
		for _, k := range kinds {
			w.Events = append(w.Events, event.Event{Kind: k, Pid: 11, Sig: 20})
		}
		tree := Next(prev, s, w)
		return tree, tree.Process(11).State
	}
	tree, before := state(nil)
	tree, stopped := state(tree, event.Stopped)
	tree, later := state(tree)
	_, on := state(tree, event.Continued)
	if got := string([]byte{before, stopped, later, on}); got != "tTTt" {
		t.Errorf("%s, want tTTt", got)
	}
}

// A pipeline's second stage may live so shortly that the only snapshot of it is
// from before its setpgid.
func TestWhoEndedStandsInTheGroupThatItWasInLast(t *testing.T) {
	const shell = "812 300 812 812 3 834 S 10 jsh\n"
	t0 := Next(nil, snapshot(shell+"834 812 834 812 3 834 Z 20 ls\n835 812 812 812 3 834 S 21 wc"), World{Shell: 812})
	t1 := Next(t0, snapshot("812 300 812 812 3 812 S 10 jsh\n"), World{Shell: 812, Events: []event.Event{
		{Kind: event.Moved, Source: event.Proc, Pid: 835, PPid: 812, Pgid: 834, Sid: 812, TTY: t0.Shell.TTY, Text: "group"},
		{Kind: event.Exited, Source: event.Connector, Pid: 835, PPid: 812},
		{Kind: event.Exited, Source: event.Shell, Pid: 834},
		{Kind: event.Exited, Source: event.Shell, Pid: 835},
	}})
	compare(t, t1, `
session 812 pts/3 fg 812
  group 812 FG: 812 jsh*
  group 834 leaderless: 834 ls* gone(0,0), 835 wc* gone(0,0)
`)
}

// The twins of a measured experiment are the experiment's, whoever adopts them.
func TestWhatAStagingPuppetStartsIsPlumbing(t *testing.T) {
	const shell = "812 300 812 812 3 830 S 10 jsh\n830 812 830 812 3 830 S 20 jsh\n831 830 831 812 3 830 S 21 puppets\n"
	look := func(table string) *Snapshot {
		s := snapshot(table)
		for i := range s.Procs {
			switch s.Procs[i].Name {
			case "puppets":
				s.Procs[i].Name = PuppetsName
			case "staging":
				s.Procs[i].Name = StagingName
			}
		}
		return s
	}
	t0 := Next(nil, look(shell+"832 831 831 812 3 830 S 22 staging\n840 831 831 812 3 830 S 22 parent"), World{Shell: 812})
	t1 := Next(t0, look("1 0 1 1 0 -1 S 1 init\n"+shell+"833 831 833 833 0 -1 S 23 shell\n840 831 831 812 3 830 S 22 parent"), World{Shell: 812, Events: []event.Event{
		{Kind: event.Seen, Source: event.Connector, Pid: 833, PPid: 832, Pgid: 831, Sid: 812, Text: "jsh: staging"},
		{Kind: event.Seen, Source: event.Connector, Pid: 834, PPid: 833, Pgid: 833, Sid: 833, Text: "shell"},
		{Kind: event.Exited, Source: event.Connector, Pid: 834},
		{Kind: event.Exited, Source: event.Connector, Pid: 832},
	}})
	t2 := Next(t1, look("1 0 1 1 0 -1 S 1 init\n"+shell+"833 1 833 833 0 -1 S 23 shell\n835 833 833 833 0 -1 S 24 child\n840 831 831 812 3 830 S 22 parent"), World{Shell: 812})
	for pid, want := range map[int]bool{830: false, 831: true, 833: true, 835: true, 840: false} {
		if p := t2.Process(pid); p.Plumbing != want {
			t.Errorf("%d is plumbing: %v", pid, p.Plumbing)
		}
	}
	for _, tree := range []*Tree{t1, t2} {
		for p := range tree.All {
			if p.Gone {
				t.Errorf("%d %s is shown though the experiment started it", p.Pid, p.Name)
			}
		}
		if letter := tree.Process(833).Group.Letter; letter != "" {
			t.Errorf("its group has the letter %s", letter)
		}
	}
}

// The middle process of a daemon's birth may be a zombie for a while, until the
// first process reaps it.
func TestAnAdoptedZombieIsRememberedWhenItIsGone(t *testing.T) {
	const around = "1 0 1 1 0 -1 S 1 init\n812 300 812 812 3 812 S 10 jsh\n"
	h := NewHistory(1 << 20)
	h.Frame(snapshot(around+"834 812 834 812 3 812 S 20 served"), World{Shell: 812})
	h.Append(event.Event{Kind: event.Seen, Source: event.Connector, Pid: 835, PPid: 834, Pgid: 834, Sid: 812, Text: "served"})
	h.Append(event.Event{Kind: event.Moved, Source: event.Connector, Pid: 835, PPid: 834, Pgid: 835, Sid: 835, Text: "group session terminal"})
	h.Append(event.Event{Kind: event.Exited, Source: event.Connector, Pid: 835, PPid: 834, Status: 7})
	h.Frame(snapshot(around+"835 1 835 835 0 -1 Z 20 served"), World{Shell: 812})
	h.Append(event.Event{Kind: event.Gone, Source: event.Proc, Pid: 835})
	h.Frame(snapshot(around), World{Shell: 812})
	compare(t, h.Now(), `
session 812 pts/3 fg 812
  group 812 FG: 812 jsh*
  group 834 leaderless: 834 served* gone
session 1 no terminal
  group 1 orphaned: 1 init
session 835 no terminal leaderless
  group 835 leaderless: 835 served* adopted(834→1) gone(7,0)
`)
}

func TestWhomTheEnvironmentShowsToBeOursIsAdopted(t *testing.T) {
	const around = "1 0 1 1 0 -1 S 1 init\n812 300 812 812 3 812 S 10 jsh\n"
	t0 := Next(nil, snapshot(around), World{Shell: 812})
	now := snapshot(around + "835 1 835 835 0 -1 S 20 sleep\n837 1 836 836 0 -1 S 21 served\n840 1 840 840 0 -1 S 22 other")
	t1 := Next(t0, now, World{Shell: 812, Events: []event.Event{
		{Kind: event.Seen, Source: event.Proc, Pid: 835, PPid: 1, Pgid: 835, Sid: 835, Text: "sleep", Path: "environ"},
		{Kind: event.Seen, Source: event.Proc, Pid: 837, PPid: 1, Pgid: 836, Sid: 836, Text: "served", Path: "environ"},
	}})
	compare(t, Next(t1, now, World{Shell: 812}), `
session 812 pts/3 fg 812
  group 812 FG: 812 jsh*
session 1 no terminal
  group 1 orphaned: 1 init
session 835 no terminal
  group 835 orphaned: 835 sleep* adopted(0→1)
session 836 no terminal leaderless
  group 836 orphaned leaderless: 837 served* adopted(0→1)
session 840 no terminal
  group 840 orphaned: 840 other
`)
}
