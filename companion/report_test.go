package companion

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"jsh/event"
)

func TestAReporterKeepsTheOrderAndTellsWhatItLost(t *testing.T) {
	h := newHub(t, Options{Socket: true})
	log := event.NewLog(100)
	s := join(t, h, log)
	tell(log, s, event.Event{Kind: event.LineBegin, Pid: os.Getpid(), Text: "trace -q x"})
	r, err := Report(h.Path(), 0)
	if err != nil {
		t.Fatal(err)
	}
	const n = 3000
	at := event.Now()
	for i := range n {
		r.Tell(event.Event{At: at, Kind: event.Call, Source: event.Tracer, Pid: 1 << 22, Status: i})
	}
	r.Close(20 * time.Second)
	var got []event.Event
	await(t, "all events in the log", h.Updates(), func() bool {
		h.mu.Lock()
		got, _ = h.hist.Since(0)
		h.mu.Unlock()
		got = slices.DeleteFunc(got, func(e event.Event) bool { return e.Source != event.Tracer })
		return len(got) == n
	})
	for i := range got {
		if got[i].Status != i || got[i].Kind != event.Call {
			t.Fatalf("event %d is %v", i, got[i])
		}
	}
}

func TestAReporterWhoseHubIsGoneWaitsForNobody(t *testing.T) {
	h := newHub(t, Options{Socket: true})
	r, err := Report(h.Path(), 0)
	if err != nil {
		t.Fatal(err)
	}
	h.Close()
	for range 3 * reportQueue {
		r.Tell(event.Event{Kind: event.Call, Source: event.Tracer, Pid: 4711})
	}
	r.Close(20 * time.Second)
	if len(r.queue) > 0 {
		t.Errorf("%d events are kept for nobody", len(r.queue))
	}
}

func TestWhereATracerFollowsAllNothingIsCalledMissed(t *testing.T) {
	h := newHub(t, Options{Socket: true})
	log := event.NewLog(100)
	join(t, h, log)
	await(t, "the shell", h.Updates(), func() bool { h.mu.Lock(); defer h.mu.Unlock(); return h.shell == os.Getpid() })
	h.mu.Lock()
	h.setSource("/proc, every 50 ms")
	h.mu.Unlock()
	gap := event.Event{At: event.Now(), Kind: event.Gap, Source: event.Proc, Text: "7 pids came and went between two looks at /proc"}
	gaps := func() (n int) {
		h.mu.Lock()
		h.take(gap)
		h.mu.Unlock()
		for _, e := range h.Moment(Place{}).Events {
			if e.Text == gap.Text {
				n++
			}
		}
		return n
	}
	if n := gaps(); n != 1 {
		t.Errorf("%d gaps, want 1", n)
	}
	r, err := Report(h.Path(), os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	source := func() string { h.mu.Lock(); defer h.mu.Unlock(); return h.source }
	await(t, "the tracer", h.Updates(), func() bool { return strings.HasPrefix(source(), "a tracer, and ") })
	if n := gaps(); n != 1 {
		t.Errorf("a gap where a tracer follows: %d", n)
	}
	r.Close(20 * time.Second)
	await(t, "its end", h.Updates(), func() bool { return !strings.HasPrefix(source(), "a tracer") })
}
