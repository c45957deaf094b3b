package proc

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"testing"

	"jsh/event"
)

// world is a small made-up machine whose processes do random things. What it
// does comes out as events, some of them lost, and as snapshots.
type world struct {
	r     *rand.Rand
	procs map[int]*Proc
	next  int
	at    int64
	jobs  int
	line  bool
}

func newWorld(seed uint64) *world {
	w := &world{r: rand.New(rand.NewPCG(seed, 1)), procs: make(map[int]*Proc), next: 813, at: 1000}
	for _, p := range snapshot("1 0 1 1 0 -1 S 1 init\n812 1 812 812 3 812 S 10 jsh").Procs {
		w.procs[p.Pid] = &p
	}
	return w
}

func (w *world) snapshot() *Snapshot {
	w.at++
	s := &Snapshot{At: w.at}
	for _, p := range w.procs {
		s.Procs = append(s.Procs, *p)
	}
	slices.SortFunc(s.Procs, func(a, b Proc) int { return a.Pid - b.Pid })
	return s
}

func (w *world) some() *Proc {
	pids := make([]int, 0, len(w.procs))
	for pid := range w.procs {
		if pid != 1 {
			pids = append(pids, pid)
		}
	}
	slices.Sort(pids)
	return w.procs[pids[w.r.IntN(len(pids))]]
}

// step does one thing and tells it.
func (w *world) step() event.Event {
	w.at += int64(w.r.IntN(1000))
	e := event.Event{At: w.at, Source: event.Connector}
	p := w.some()
	e.Pid = p.Pid
	switch w.r.IntN(14) {
	case 0, 1, 2, 3:
		c := *p
		c.Pid, c.PPid, c.Start, c.State, c.Threads = w.next, p.Pid, uint64(w.next), 'S', 1
		w.next += 1 + w.r.IntN(2)
		w.procs[c.Pid] = &c
		e.Kind, e.Pid, e.PPid, e.Text = event.Seen, c.Pid, p.Pid, p.Name
		if w.r.IntN(2) == 0 {
			e.Pgid, e.Sid, e.TTY = c.Pgid, c.Sid, c.TTY
		}
		if p.Pid == 812 && w.r.IntN(2) == 0 {
			c.Pgid, e = c.Pid, event.Event{At: w.at, Source: event.Shell, Kind: event.Spawn, Pid: c.Pid, Pgid: c.Pid, Path: "/bin/x", Fg: w.r.IntN(2) == 0}
		}
	case 4:
		e.Kind, e.Text = event.Exec, "prog"+strconv.Itoa(w.r.IntN(5))
		p.Name = e.Text
	case 5:
		if p.Pid == 812 {
			break
		}
		p.Pgid, p.Sid, p.TTY, p.Tpgid = p.Pid, p.Pid, 0, -1
		e.Kind, e.PPid, e.Pgid, e.Sid, e.Text = event.Moved, p.PPid, p.Pgid, p.Sid, "group session terminal"
	case 6, 7, 8:
		if p.Pid == 812 {
			break
		}
		e.Kind, e.Status = event.Exited, w.r.IntN(4)
		if w.r.IntN(2) == 0 {
			e.Source = event.Shell
		}
		delete(w.procs, p.Pid)
		for _, c := range w.procs {
			if c.PPid == p.Pid {
				c.PPid = 1
			}
		}
	case 9:
		e = event.Event{At: w.at, Source: event.Shell, Kind: event.LineBegin, Text: "line " + strconv.Itoa(w.r.IntN(99))}
		if w.line {
			e.Kind, e.Text, e.Status = event.LineEnd, "", 1
		}
		w.line = !w.line
	case 10:
		w.jobs = w.jobs%20 + 1
		e = event.Event{At: w.at, Source: event.Shell, Kind: event.JobNew, Job: w.jobs, Pgid: p.Pgid}
	case 11:
		e = event.Event{At: w.at, Source: event.Shell, Kind: event.Fg, TTY: pts3, Pgid: p.Pgid}
	case 12:
		e.Kind, e.Sig = event.Stopped, 20
		p.State = 'T'
	default:
		e = event.Event{At: w.at, Source: event.Shell, Kind: event.JobGone, Job: 1 + w.r.IntN(w.jobs+1)}
	}
	if e.Kind == 0 {
		e = event.Event{At: w.at, Source: event.Keyboard, Kind: event.Key, Text: "^C"}
	}
	return e
}

// picture is text and what text leaves out.
func picture(t *Tree) string {
	s := text(t)
	t.All(func(p *Process) bool {
		s += fmt.Sprintf("%d: %c %q, parent %v, told %v, forked by %v\n", p.Pid, p.State, p.Waits, p.Parent != nil, p.Told, p.Forker)
		return true
	})
	return s
}

func TestAnyMomentRebuiltIsWhatNowWas(t *testing.T) {
	for seed := range uint64(max(6, *soak)) {
		w := newWorld(seed)
		limit := 1 << 30
		if seed%3 == 0 {
			limit = 60_000
		}
		h := NewHistory(limit)
		was := []string{picture(h.Now())}
		came := []string{""} // right behind an event, before any snapshot
		for range 400 {
			switch {
			case w.r.IntN(4) == 0:
				h.Frame(w.snapshot(), World{Shell: 812})
				was[len(was)-1] = picture(h.Now())
			default:
				e := w.step()
				if w.r.IntN(10) == 0 {
					continue // lost
				}
				if seq := h.Append(e); seq != uint64(len(was)) {
					t.Fatalf("event %d got number %d", len(was), seq)
				}
				was = append(was, picture(h.Now()))
				came = append(came, was[len(was)-1])
			}
		}
		forgotten := 0
		check := func(seq int) {
			tree, err := h.At(uint64(seq))
			if err != nil {
				if !errors.Is(err, ErrForgotten) || limit == 1<<30 {
					t.Fatalf("seed %d, moment %d: %v", seed, seq, err)
				}
				forgotten++
				return
			}
			if got := picture(tree); got != was[seq] {
				t.Fatalf("seed %d, moment %d of %d:\n%s\nwas\n%s", seed, seq, len(was)-1, got, was[seq])
			}
			if early, err := h.Early(uint64(seq)); err != nil || seq > 0 && limit == 1<<30 && picture(early) != came[seq] {
				t.Fatalf("seed %d, early in moment %d of %d: %v\n%s\nwas\n%s", seed, seq, len(was)-1, err, picture(early), came[seq])
			}
		}
		for seq := range was {
			check(seq)
		}
		for range 300 {
			check(w.r.IntN(len(was)))
		}
		if limit < 1<<30 && forgotten == 0 {
			t.Errorf("seed %d: nothing was forgotten with %d bytes", seed, limit)
		}
		if picture(h.Now()) != was[len(was)-1] {
			t.Errorf("seed %d: looking back changed the present", seed)
		}
	}
}

func TestHistory(t *testing.T) {
	line := func(kind event.Kind, at int64, text string, status int) event.Event {
		return event.Event{Kind: kind, Source: event.Shell, At: at, Text: text, Status: status}
	}
	t.Run("an episode is a command line and all up to the next one", func(t *testing.T) {
		h := NewHistory(1 << 20)
		h.Append(event.Event{Kind: event.Key, Text: "^C"})
		h.Append(line(event.LineBegin, 10, "ls", 0))
		h.Append(line(event.LineEnd, 20, "", 2))
		h.Append(event.Event{Kind: event.Gone, Pid: 7})
		h.Append(line(event.LineBegin, 30, "cat", 0))
		got := h.Episodes()
		want := []Episode{{First: 2, Last: 4, Line: "ls", Status: 2, At: 10, End: 20}, {First: 5, Last: 5, Line: "cat", At: 30}}
		if !slices.Equal(got, want) {
			t.Errorf("%+v", got)
		}
	})
	t.Run("what is forgotten is said", func(t *testing.T) {
		h := NewHistory(100_000)
		h.Append(line(event.LineBegin, 10, "old", 0))
		for i := range 5000 {
			h.Append(event.Event{Kind: event.Gone, Pid: i + 1000, At: int64(i + 100)})
		}
		if _, err := h.At(1); err != ErrForgotten {
			t.Errorf("moment 1: %v", err)
		}
		events, dropped := h.Since(0)
		if dropped == 0 || events[0].Kind != event.Gap || events[0].Seq != dropped || events[1].Seq != dropped+1 ||
			events[len(events)-1].Seq != 5001 || len(events) != 5001-int(dropped)+1 {
			t.Errorf("%d dropped, %d events, first %+v", dropped, len(events), events[0])
		}
		if len(h.Episodes()) != 0 {
			t.Errorf("episodes %+v", h.Episodes())
		}
		if events, dropped := h.Since(5001); len(events) != 0 || dropped != 0 {
			t.Errorf("%d events, %d dropped after the newest", len(events), dropped)
		}
	})
	t.Run("who is found after it was stopped is stopped", func(t *testing.T) {
		h := NewHistory(1 << 20)
		h.Frame(snapshot("812 1 812 812 3 812 S 10 jsh"), World{Shell: 812})
		h.Append(event.Event{Kind: event.Spawn, Source: event.Shell, At: 20, Pid: 830, Pgid: 830, Path: "/bin/cat"})
		h.Append(event.Event{Kind: event.Stopped, Source: event.Shell, At: 30, Pid: 830, Sig: 21})
		h.Append(event.Event{Kind: event.Seen, Source: event.Proc, At: 40, Pid: 830, PPid: 812, Pgid: 830, Sid: 812, TTY: 3, Text: "cat"})
		if p := h.Now().Process(830); p.State != 'T' || p.Name != "cat" {
			t.Errorf("%c %s", p.State, p.Name)
		}
	})
	t.Run("a snapshot that waited undoes no stop", func(t *testing.T) {
		h := NewHistory(1 << 20)
		h.Frame(snapshot("812 1 812 812 3 812 S 10 jsh\n830 812 830 812 3 812 S 20 cat\n831 812 831 812 3 812 T 20 dd"), World{Shell: 812})
		h.Append(event.Event{Kind: event.Stopped, Source: event.Shell, At: 30, Pid: 830, Sig: 21})
		h.Append(event.Event{Kind: event.Continued, Source: event.Shell, At: 30, Pid: 831})
		late := snapshot("812 1 812 812 3 812 S 10 jsh\n830 812 830 812 3 812 S 20 cat\n831 812 831 812 3 812 T 20 dd")
		late.At, late.Read = 35, 25
		h.Amend(late)
		h.Frame(late, World{Shell: 812})
		if a, b := h.Now().Process(830).State, h.Now().Process(831).State; a != 'T' || b != 'S' {
			t.Errorf("%c %c", a, b)
		}
		fresh := snapshot("812 1 812 812 3 812 S 10 jsh\n830 812 830 812 3 812 S 20 cat\n831 812 831 812 3 812 T 20 dd")
		fresh.At = 31
		h.Amend(fresh)
		if a, b := fresh.Find(830).State, fresh.Find(831).State; a != 'S' || b != 'T' {
			t.Errorf("what was read afterwards is newer, but: %c %c", a, b)
		}
	})
	t.Run("with no job table given the events tell the jobs", func(t *testing.T) {
		h := NewHistory(1 << 20)
		s := snapshot("812 1 812 812 3 812 S 10 jsh\n830 812 830 812 3 812 S 20 find")
		h.Frame(s, World{Shell: 812})
		h.Append(event.Event{Kind: event.JobNew, Job: 1, Pgid: 830})
		h.Frame(s, World{Shell: 812})
		h.Frame(s, World{Shell: 812})
		if job := h.Now().Process(830).Group.Job; job != 1 {
			t.Errorf("job %d", job)
		}
	})
}

func TestAFloodOfEventsAndSnapshotsStaysWithinTheLimit(t *testing.T) {
	const limit = 4 << 20
	heap := func() int {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	flood := func(t *testing.T, feed func(h *History, i int)) {
		before := heap()
		h := NewHistory(limit)
		most := 0
		for i := range max(100_000, *soak*1000) {
			feed(h, i)
			if i%20_000 == 19_999 {
				most = max(most, heap()-before)
			}
		}
		// Twice the estimate: a slice that grows has room to spare.
		if most > 2*limit {
			t.Errorf("%d KB are used; the limit is %d", most>>10, limit>>10)
		}
		if events, _ := h.Since(0); len(events) < 100 {
			t.Errorf("only %d events are remembered", len(events))
		}
		t.Logf("%d KB for a limit of %d, %d episodes", most>>10, limit>>10, len(h.Episodes()))
		runtime.KeepAlive(h)
	}
	t.Run("events without a snapshot", func(t *testing.T) {
		flood(t, func(h *History, i int) {
			pid := 1000 + i/2
			if i%2 == 0 {
				h.Append(event.Event{At: int64(i + 1), Kind: event.Seen, Source: event.Connector, Pid: pid, PPid: 812, Text: "x"})
			} else {
				h.Append(event.Event{At: int64(i + 1), Kind: event.Gone, Source: event.Proc, Pid: pid})
			}
		})
	})
	t.Run("command lines with snapshots", func(t *testing.T) {
		w := newWorld(3)
		flood(t, func(h *History, i int) {
			e := w.step()
			for len(w.procs) > 100 {
				for pid := range w.procs {
					if pid != 1 && pid != 812 {
						delete(w.procs, pid)
						break
					}
				}
			}
			h.Append(e)
			if i%50 == 0 {
				h.Frame(w.snapshot(), World{Shell: 812})
			}
		})
	})
}
