package viz

import "jsh/event"

// coverage is when a tracer followed which process: it tells of it all that a
// watcher tells, and exactly, so its word stands instead.
type coverage map[int][]followed

type followed struct {
	from, to int64
	born     bool // the tracer saw its fork
}

// slack is how much sooner or later a watcher may tell of what the tracer saw.
const slack = int64(200e6)

// covered needs events in the order of time.
func covered(events []event.Event) coverage {
	var c coverage
	for i := range events {
		e := &events[i]
		if e.Source != event.Tracer || e.Pid == 0 {
			continue
		}
		times := c[e.Pid]
		switch e.Kind {
		case event.Seen, event.Exec:
			if n := len(times); n > 0 && times[n-1].to == forever {
				break
			}
			if c == nil {
				c = make(coverage)
			}
			c[e.Pid] = append(times, followed{e.At - slack, forever, e.Kind == event.Seen})
		case event.Exited, event.Killed:
			if n := len(times); n > 0 {
				times[n-1].to = e.At + slack
			}
		}
	}
	return c
}

const forever = int64(1<<63 - 1)

// tells says whether a watcher's event is about what the tracer tells.
func (c coverage) tells(e *event.Event) bool {
	if !outsider(*e) {
		return false
	}
	switch e.Kind {
	case event.Seen, event.Exec, event.Moved, event.Named, event.Exited, event.Killed, event.Gone:
		for _, s := range c[e.Pid] {
			if s.from <= e.At && e.At <= s.to && (s.born || e.Kind != event.Seen) {
				return true
			}
		}
	}
	return false
}
