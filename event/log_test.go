package event

import (
	"testing"

	"golang.org/x/sys/unix"
)

func TestLog(t *testing.T) {
	fill := func(capacity, n int) *Log {
		l := NewLog(capacity)
		for i := 1; i <= n; i++ {
			if seq := l.Append(Event{Kind: Gone, Pid: i, At: int64(100 * i), Seq: 77}); seq != uint64(i) {
				t.Fatalf("event %d got number %d", i, seq)
			}
		}
		return l
	}
	for _, c := range []struct {
		name              string
		capacity, n       int
		since             uint64
		wantDropped       uint64
		wantFirst, wantTo int // pids, after a Gap; 0 is none
	}{
		{"an empty log has nothing", 4, 0, 0, 0, 0, 0},
		{"a log below capacity gives everything", 4, 3, 0, 0, 1, 3},
		{"a full log gives everything", 4, 4, 0, 0, 1, 4},
		{"a reader gets only what is new", 4, 4, 2, 0, 3, 4},
		{"a reader that is up to date gets nothing", 4, 9, 9, 0, 0, 0},
		{"a reader from the future gets nothing", 4, 4, 99, 0, 0, 0},
		{"what was overwritten is counted", 4, 9, 0, 5, 6, 9},
		{"only what this reader missed is counted", 4, 9, 3, 2, 6, 9},
		{"the oldest event held is no loss", 4, 9, 5, 0, 6, 9},
		{"one lost event is one", 4, 9, 4, 1, 6, 9},
		{"a capacity below 1 is 1", 0, 3, 0, 2, 3, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := fill(c.capacity, c.n)
			events, dropped := l.Since(c.since)
			if dropped != c.wantDropped {
				t.Errorf("dropped %d, want %d", dropped, c.wantDropped)
			}
			if dropped > 0 {
				gap := events[0]
				events = events[1:]
				if gap.Kind != Gap || gap.Seq != c.since+dropped || gap.Seq+1 != events[0].Seq || gap.At != events[0].At {
					t.Errorf("the gap is %+v before %+v", gap, events[0])
				}
			}
			want := 0
			if c.wantFirst > 0 {
				want = c.wantTo - c.wantFirst + 1
			}
			if len(events) != want {
				t.Fatalf("%d events, want %d", len(events), want)
			}
			for i, e := range events {
				if e.Pid != c.wantFirst+i || e.Seq != uint64(e.Pid) {
					t.Errorf("event %d is pid %d, seq %d", i, e.Pid, e.Seq)
				}
			}
			if l.Last() != uint64(c.n) {
				t.Errorf("Last is %d", l.Last())
			}
		})
	}

	t.Run("the copy that Since gives is the reader's own", func(t *testing.T) {
		l := fill(2, 2)
		events, _ := l.Since(0)
		l.Append(Event{Kind: Gone, Pid: 3})
		if events[0].Pid != 1 {
			t.Errorf("an Append changed it to pid %d", events[0].Pid)
		}
	})

	t.Run("Append does not allocate once it is warm", func(t *testing.T) {
		l := fill(8, 1)
		e := Event{Kind: Exited, Pid: 1}
		if n := testing.AllocsPerRun(100, func() { l.Append(e) }); n != 0 {
			t.Errorf("%v allocations", n)
		}
	})
}

func TestNow(t *testing.T) {
	t.Run("Now is CLOCK_MONOTONIC to within its promise", func(t *testing.T) {
		const slack = 20_000 // ns; the machine may be busy while the clocks are compared
		clock := func() int64 {
			var ts unix.Timespec
			if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts); err != nil {
				t.Fatal(err)
			}
			return ts.Nano()
		}
		for range 1000 {
			before, now, after := clock(), Now(), clock()
			if now < before-slack || now > after+slack {
				t.Fatalf("Now is %d, the kernel says %d to %d", now, before, after)
			}
		}
	})
	t.Run("Now never goes back", func(t *testing.T) {
		last := Now()
		for range 10_000 {
			now := Now()
			if now < last {
				t.Fatalf("%d after %d", now, last)
			}
			last = now
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	l := NewLog(1000)
	e := Event{Kind: Exited, Source: Shell, Pid: 4711, Path: "/bin/true", Argv: []string{"true"}}
	b.ReportAllocs()
	for b.Loop() {
		e.At = 1
		l.Append(e)
	}
}

func BenchmarkNow(b *testing.B) {
	for b.Loop() {
		Now()
	}
}
