package proc

import "jsh/event"

// Set says how the process is set for signal sig, in the words of a Meets
// event. A blocked signal waits, also an ignored one: the process may have
// changed its mind when it lets it in (sig_ignored in the kernel's signal.c).
func (s *Status) Set(sig int) string {
	switch {
	case s.Blocked.Has(sig):
		return "blocked"
	case s.Ignored.Has(sig):
		return "ignored"
	case s.Caught.Has(sig):
		return "caught"
	}
	return "default"
}

// Meets asks how the members of group pgid are set for signal sig: one Meets
// event each, in the order of the snapshot. It is to be called at once when a
// signal key came; who is gone already, or belongs to somebody who does not
// show it, is left out.
func (r *Reader) Meets(s *Snapshot, pgid, sig int) []event.Event {
	var events []event.Event
	for i := range s.Procs {
		p := &s.Procs[i]
		if p.Pgid != pgid || p.Exited() {
			continue
		}
		status, err := r.Status(p.Pid)
		if err != nil {
			continue
		}
		events = append(events, event.Event{
			At: event.Now(), Kind: event.Meets, Source: event.Proc,
			Pid: p.Pid, Pgid: pgid, Sig: sig, Text: status.Set(sig),
		})
	}
	return events
}
