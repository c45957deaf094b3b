package event

import (
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// Log numbers events and remembers the newest of them: a ring of fixed
// capacity. It has one owner. Append, Since and the other methods belong to
// one goroutine and take no lock; whoever wants the events elsewhere gets a
// copy from that goroutine.
//
// Seq of the first event is 1, and each event's is one more than the one
// before. What the ring overwrote is counted: Since tells it.
type Log struct {
	ring []Event // allocated by the first Append: most scripts need none
	size int
	last uint64 // Seq of the newest event; 0 while there is none
}

// NewLog returns a log that remembers the newest capacity events. A capacity
// below 1 is taken as 1.
func NewLog(capacity int) *Log {
	return &Log{size: max(capacity, 1)}
}

// Append gives e the next number, keeps it, and returns that number. Seq in e
// is ignored; At is the caller's to set (see Now). It allocates once, the
// first time. Argv is shared with the caller, who must not change it later.
func (l *Log) Append(e Event) uint64 {
	if l.ring == nil {
		l.ring = make([]Event, l.size)
	}
	e.Seq = l.last + 1
	l.ring[l.last%uint64(len(l.ring))] = e
	l.last++
	return l.last
}

// Last is the number of the newest event; 0 says that there is none.
func (l *Log) Last() uint64 { return l.last }

// Since returns a copy of the events that came after number seq, oldest
// first, and how many of those the log no longer has. If any are missing, the
// first element is a Gap of their number that carries the Seq of the last one
// lost, so that numbers still ascend and the newest Seq is what to ask from
// next time. The Gap has no Source: the log itself says it.
func (l *Log) Since(seq uint64) (events []Event, dropped uint64) {
	if seq >= l.last {
		return nil, 0
	}
	first := seq + 1
	if held := uint64(len(l.ring)); l.last-seq > held {
		first = l.last - held + 1
		dropped = first - 1 - seq
	}
	n := int(l.last - first + 1)
	if dropped > 0 {
		n++
	}
	events = make([]Event, 0, n)
	if dropped > 0 {
		events = append(events, Forgotten(dropped, l.at(first)))
	}
	for s := first; s <= l.last; s++ {
		events = append(events, *l.at(s))
	}
	return events, dropped
}

func (l *Log) at(seq uint64) *Event {
	return &l.ring[(seq-1)%uint64(len(l.ring))]
}

// Forgotten is the Gap that stands for n lost events before first, the oldest
// that is left.
func Forgotten(n uint64, first *Event) Event {
	return Event{Seq: first.Seq - 1, At: first.At, Kind: Gap, Text: gapText(n)}
}

func gapText(n uint64) string {
	if n == 1 {
		return "1 event is older than the log remembers"
	}
	return strconv.FormatUint(n, 10) + " events are older than the log remembers"
}

// start and offset tie Go's monotonic clock to CLOCK_MONOTONIC. Both tick
// alike: the runtime reads CLOCK_MONOTONIC too, through the vDSO, but tells
// only differences. A direct clock_gettime would be a real system call each
// time.
var start, offset = calibrate()

// calibrate reads CLOCK_MONOTONIC between two readings of Go's clock, and
// keeps the tightest of three tries: its error is at most half that interval,
// well under a microsecond.
func calibrate() (time.Time, int64) {
	start := time.Now()
	var offset int64
	best := time.Duration(1<<63 - 1)
	for range 3 {
		var ts unix.Timespec
		before := time.Since(start)
		if unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts) != nil {
			return start, 0 // no such kernel: the clock then begins with this process
		}
		after := time.Since(start)
		if d := after - before; d < best {
			best = d
			offset = ts.Nano() - int64(before+d/2)
		}
	}
	return start, offset
}

// Now is the time on CLOCK_MONOTONIC in nanoseconds (clock_gettime(2)), right
// to within a microsecond: one scale for all processes of this machine. It
// stands still while the machine sleeps. It costs some 50 ns.
func Now() int64 { return int64(time.Since(start)) + offset }
