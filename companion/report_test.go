package companion

import (
	"os"
	"slices"
	"testing"
	"time"

	"jsh/event"
)

func TestAReporterKeepsTheOrderAndTellsWhatItLost(t *testing.T) {
	h := newHub(t, Options{Socket: true})
	log := event.NewLog(100)
	s := join(t, h, log)
	tell(log, s, event.Event{Kind: event.LineBegin, Pid: os.Getpid(), Text: "trace -q x"})
	r, err := Report(h.Path())
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
	r, err := Report(h.Path())
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
