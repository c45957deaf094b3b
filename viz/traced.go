package viz

import "jsh/event"

// coverage is when a tracer followed which process: it tells of it all that a
// watcher tells, and exactly, so its word stands instead.
type coverage map[int][]followed

type followed struct {
	from, to int64
	born     bool // the tracer saw its fork
	over     bool // and its end
}

// slack is how much sooner or later a watcher may tell of what the tracer saw.
const slack = int64(200e6)

// covered needs events in the order of time. A tracer that has ended, or let a
// process go, says so to nobody: its word reaches as far as it spoke.
func covered(events []event.Event) coverage {
	var c coverage
	for i := range events {
		e := &events[i]
		if e.Source != event.Tracer || e.Pid == 0 {
			continue
		}
		times := c[e.Pid]
		n := len(times)
		if n == 0 || times[n-1].over {
			if e.Kind != event.Seen && e.Kind != event.Exec {
				continue
			}
			if c == nil {
				c = make(coverage)
			}
			c[e.Pid] = append(times, followed{from: e.At - slack, to: e.At + slack, born: e.Kind == event.Seen})
			continue
		}
		times[n-1].to = e.At + slack
		times[n-1].over = ended(e)
	}
	return c
}

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
