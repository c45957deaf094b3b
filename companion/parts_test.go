package companion

import (
	"strings"
	"testing"

	"jsh/event"
	"jsh/proc"
)

// stream writes lines of a stream.
func streamText(list ...any) []byte {
	var b []byte
	for _, x := range list {
		switch x := x.(type) {
		case about:
			b = appendAbout(b, x)
		case frame:
			b = appendFrame(b, &x)
		case event.Event:
			b = append(event.AppendJSON(b, &x), '\n')
		}
	}
	return b
}

func procs(list ...proc.Proc) frame { return frame{at: 5, whole: true, procs: list} }

func TestWhatNoShellWritesIsFoundInARecording(t *testing.T) {
	begin := about{shell: 10, source: "x", begins: true}
	shell := procs(proc.Proc{Pid: 10, Name: "jsh", State: 'S'}, proc.Proc{Pid: 12, Name: "old", State: 'T'})
	spawn := event.Event{Seq: 1, At: 10, Kind: event.Spawn, Source: event.Shell, Pid: 11, Path: "/bin/x"}
	end := event.Event{Seq: 2, At: 20, Kind: event.Exited, Source: event.Shell, Pid: 11}
	typed := event.Event{Seq: 1, At: 10, Kind: event.LineBegin, Source: event.Shell, Pid: 10, Text: "x"}
	for name, c := range map[string]struct {
		text []byte
		want string
	}{
		"an honest one":                  {streamText(begin, shell, spawn, end), ""},
		"a job older than it":            {streamText(begin, shell, event.Event{Seq: 3, At: 1, Kind: event.Continued, Source: event.Shell, Pid: 12}), ""},
		"two parts count for themselves": {streamText(begin, shell, spawn, end, begin, shell, spawn, end), ""},
		"a pid that is used again":       {streamText(begin, shell, spawn, end, event.Event{Seq: 3, At: 30, Kind: event.Spawn, Source: event.Shell, Pid: 11, Path: "/bin/y"}, event.Event{Seq: 4, At: 40, Kind: event.Exited, Source: event.Shell, Pid: 11}), ""},
		"after a gap nobody is known":    {streamText(begin, shell, event.Event{Kind: event.Gap, Text: "9 events"}, end), ""},
		"events in another order":        {streamText(begin, shell, end, spawn), "line 4: event 1 stands after event 2"},
		"what was over when it began":    {streamText(begin, shell, end), ""},
		"a wait for nobody's child":      {streamText(begin, shell, typed, end), "line 4: the shell waited for 11, and nothing tells"},
		"a second death":                 {streamText(begin, shell, spawn, end, event.Event{Seq: 3, At: 30, Kind: event.Killed, Source: event.Shell, Pid: 11, Sig: 9}), "line 5: the shell waited for 11, which had ended"},
		"a time long ago":                {streamText(begin, shell, event.Event{Seq: 1, At: 900e9, Kind: event.Signal, Source: event.Shell}, event.Event{Seq: 2, At: 100e9, Kind: event.Signal, Source: event.Shell}), "line 4: the time goes back by 800 s"},
		"an answer about the dead":       {streamText(begin, shell, spawn, end, event.Event{Seq: 3, At: 20e9, Kind: event.Fact, Source: event.Lesson, Pid: 11, Path: "cwd", Text: "/"}), "line 5: /proc is said to have told of 11"},
	} {
		rec, err := Read(strings.NewReader(string(c.text)))
		if err != nil || rec.Damage != "" {
			t.Fatal(name, err, rec)
		}
		odd := ""
		for _, p := range rec.Parts {
			odd += strings.Join(p.Odd, "\n")
		}
		if c.want == "" && odd != "" || !strings.Contains(odd, c.want) {
			t.Errorf("%s: %q, not %q", name, odd, c.want)
		}
	}
}

func TestAPartKnowsItsShellsAndWhatWatchedThem(t *testing.T) {
	line := func(pid int) event.Event {
		return event.Event{Kind: event.LineBegin, Source: event.Shell, Pid: pid, Text: "x"}
	}
	text := streamText(about{shell: 10, source: "one", begins: true}, procs(proc.Proc{Pid: 10, Name: "jsh", State: 'S'}), line(10),
		about{shell: 20, source: "one", room: [2]int{80, 9}}, line(20),
		about{shell: 30, source: "two", keys: true, begins: true}, procs(proc.Proc{Pid: 30, Name: "jsh", State: 'S'}), line(30), line(30))
	rec, err := Read(strings.NewReader(string(text)))
	if err != nil || len(rec.Parts) != 2 {
		t.Fatalf("%v %+v", err, rec)
	}
	a, b := rec.Parts[0], rec.Parts[1]
	if a.First != 1 || a.Last != 2 || len(a.Shells) != 2 || a.Shells[1] != (ShellAt{2, 20}) || a.Cols != 80 || a.Keys {
		t.Errorf("the first: %+v", a)
	}
	if b.First != 3 || b.Last != 4 || len(b.Shells) != 1 || b.Shells[0].Pid != 30 || b.Source != "two" || !b.Keys {
		t.Errorf("the second: %+v", b)
	}
}

func TestRecordingsAreJoinedInTimeAndWhatIsCutOffIsLeftOut(t *testing.T) {
	one := streamText(about{shell: 10, source: "x"}, frame{at: 100, whole: true}, event.Event{Seq: 7, At: 200, Kind: event.Signal, Source: event.Shell})
	two := streamText(about{shell: 20, source: "x"}, frame{at: 50, whole: true}, event.Event{Seq: 3, At: 60, Kind: event.Signal, Source: event.Shell})
	var j Joiner
	j.Head(event.Event{Kind: event.Fact, Path: "hand-in"})
	if d := j.Add(append(one, `{"seq":8,"ki`...)); !strings.HasPrefix(d, "line 4: ") {
		t.Errorf("damage %q", d)
	}
	if d := j.Add(two); d != "" {
		t.Errorf("damage %q", d)
	}
	if d := j.Add(nil); d != "" {
		t.Errorf("damage of nothing %q", d)
	}
	rec, err := Read(strings.NewReader(string(j.Bytes())))
	if err != nil || rec.Damage != "" || len(rec.Parts) != 2 {
		t.Fatalf("%v\n%s", err, j.Bytes())
	}
	events := rec.Since(0).Events
	if len(events) != 3 || events[0].Kind != event.Fact || events[0].At != 100 || events[1].At != 200 || events[2].At <= 200 {
		t.Errorf("%+v", events)
	}
}

// fed is a client without a hub, and what gives it lines of a stream.
func fed(t *testing.T) (*Client, func(list ...any)) {
	cl := &Client{book: newBook(1 << 20)}
	cl.r = &reader{b: cl.book}
	return cl, func(list ...any) {
		t.Helper()
		if err := cl.r.bytes(streamText(list...)); err != nil {
			t.Fatal(err)
		}
		cl.flush()
	}
}

func TestOfTheMachineOnlyTheShellsFamilyIsKept(t *testing.T) {
	var kept []byte
	cl, feed := fed(t)
	p := func(name string, pid, ppid, sid int, state byte) proc.Proc {
		return proc.Proc{Name: name, State: state, Pid: pid, PPid: ppid, Pgid: pid, Sid: sid, Threads: 1, Start: uint64(pid)}
	}
	all := frame{at: 5, whole: true, ours: []int{10, 11}, procs: []proc.Proc{p("init", 1, 0, 1, 'S'), p("ssh", 5, 1, 5, 'S'), p("jsh", 10, 5, 10, 'S'), p("cat", 11, 10, 10, 'T'), p("other", 90, 1, 90, 'S')}}
	feed(about{shell: 10, source: "x"}, all)
	cl.Keep(1<<20, func(lines []byte) error { kept = append(kept, lines...); return nil })
	if !strings.HasPrefix(string(kept), `{"about"`) || !strings.Contains(string(kept), `"begins":true`) || !strings.Contains(string(kept), "cat") || !strings.Contains(string(kept), `"ssh"`) || strings.Contains(string(kept), "other") {
		t.Errorf("at first: %s", kept)
	}
	kept = nil
	seen := func(pid, ppid int) event.Event {
		return event.Event{Seq: uint64(pid), At: 6, Kind: event.Seen, Source: event.Connector, Pid: pid, PPid: ppid, Text: "x"}
	}
	feed(seen(91, 90), seen(12, 11), seen(13, 12), seen(92, 5), event.Event{Seq: 99, At: 7, Kind: event.Told, Source: event.Lesson, Text: "at step 1"},
		frame{at: 8, procs: []proc.Proc{p("ssh", 5, 1, 5, 'R'), p("other", 90, 1, 90, 'R')}})
	for want, is := range map[string]bool{`"pid":91`: false, `"pid":12`: true, `"pid":13`: true, `"pid":92`: false, "at step 1": true, "frame": false} {
		if strings.Contains(string(kept), want) != is {
			t.Errorf("%s kept: %v\n%s", want, !is, kept)
		}
	}
	kept = nil
	cl.Keep(10, func(lines []byte) error { kept = append(kept, lines...); return nil })
	feed(seen(14, 11), event.Event{Seq: 100, At: 9, Kind: event.Told, Source: event.Lesson, Text: "late"})
	if !strings.Contains(string(kept), `"begins":true`) || strings.Contains(string(kept), "late") {
		t.Errorf("past twice the limit: %s", kept)
	}
	kept = nil
	cl.KeepNoMore()
	feed(seen(15, 11))
	if len(kept) > 0 {
		t.Errorf("after the end: %s", kept)
	}
}

// The tree does not know a puppet's child for the family's, and a frame may come
// before the end of one who is no more in it.
func TestAPuppetsChildStaysInTheFamilyUntilItsEndIsTold(t *testing.T) {
	var kept []byte
	cl, take := fed(t)
	feed := func(list ...any) {
		t.Helper()
		kept = nil
		take(list...)
	}
	p := func(name string, pid, ppid, sid int) proc.Proc {
		return proc.Proc{Name: name, State: 'S', Pid: pid, PPid: ppid, Pgid: pid, Sid: sid, Threads: 1, Start: uint64(pid)}
	}
	feed(about{shell: 10, source: "x"}, frame{at: 5, whole: true, ours: []int{10}, procs: []proc.Proc{p("init", 1, 0, 1), p("jsh", 10, 1, 10)}})
	cl.Keep(1<<20, func(lines []byte) error { kept = append(kept, lines...); return nil })
	feed(event.Event{Seq: 1, At: 6, Kind: event.Call, Source: event.Puppet, Pid: 10, Text: "fork() = 20"},
		frame{at: 7, procs: []proc.Proc{p("noted", 20, 1, 20)}}, frame{at: 8, procs: []proc.Proc{p("other", 90, 1, 90)}})
	if !strings.Contains(string(kept), "noted") || strings.Contains(string(kept), "other") {
		t.Errorf("at its birth: %s", kept)
	}
	feed(event.Event{Seq: 2, At: 9, Kind: event.Seen, Source: event.Proc, Pid: 21, PPid: 20, Text: "head"})
	if !strings.Contains(string(kept), `"pid":21`) {
		t.Errorf("its child: %s", kept)
	}
	feed(frame{at: 10, procs: []proc.Proc{p("head", 21, 20, 20)}}, frame{at: 11, gone: []int{21}},
		event.Event{Seq: 3, At: 11, Kind: event.Gone, Source: event.Proc, Pid: 21}, event.Event{Seq: 4, At: 11, Kind: event.Gone, Source: event.Proc, Pid: 90})
	if !strings.Contains(string(kept), `"seq":3`) || strings.Contains(string(kept), `"seq":4`) {
		t.Errorf("its end: %s", kept)
	}
}
