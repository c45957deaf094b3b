package companion

import (
	"os"
	"slices"
	"testing"

	"jsh/event"
)

func TestTheShellGetsTheWholeLogWithWhatOthersSaw(t *testing.T) {
	h := newHub(t, Options{Socket: true})
	log := event.NewLog(4) // the shell's own forgets
	s := join(t, h, log)
	me := os.Getpid()
	tell(log, s, event.Event{Kind: event.LineBegin, Pid: me, Text: "sleeper &"})
	c := child(t)
	tell(log, s, event.Event{Kind: event.Spawn, Pid: c.Process.Pid, Pgid: c.Process.Pid, Path: "/sleeper"})
	h.Append(event.Event{At: event.Now(), Kind: event.Key, Source: event.Keyboard, Text: "^C"})
	for range 6 {
		tell(log, s, event.Event{Kind: event.SetFg, Pgid: me})
	}
	events, err := s.Log()
	if err != nil {
		t.Fatal(err)
	}
	count := map[event.Kind]int{}
	for i, e := range events {
		count[e.Kind]++
		if e.Seq != uint64(i)+events[0].Seq {
			t.Errorf("event %d has number %d", i, e.Seq)
		}
	}
	if count[event.LineBegin] != 1 || count[event.Spawn] != 1 || count[event.Key] != 1 || count[event.SetFg] != 6 {
		t.Errorf("%v", count)
	}
	again, err := s.Log() // the connection still serves
	if err != nil || len(again) < len(events) || !slices.EqualFunc(events, again[:len(events)], func(a, b event.Event) bool { return a.Seq == b.Seq && a.Kind == b.Kind }) {
		t.Errorf("asked again: %v, %d and %d events", err, len(events), len(again))
	}
}

func TestAWholeFrameIsWrittenOnceInAsManyBytesAsItHas(t *testing.T) {
	tape := tape{limit: 4 << 20}
	whole := make([]byte, 1<<20) // of 10,000 processes
	line := make([]byte, 100)
	begun := 0
	for range 30_000 {
		if tape.full() {
			tape.begin(whole, 0)
			begun++
		}
		tape.add(line)
	}
	if begun != 3 {
		t.Errorf("%d whole frames for 3 MB of lines", begun)
	}
	if lines, _ := tape.all(); len(lines) > tape.limit+2<<20 {
		t.Errorf("%d bytes are kept", len(lines))
	}
}
