package why

import (
	"cmp"
	"slices"
	"strings"

	"jsh/event"
)

// What the shell's own log does not have, because its wait tells of its children
// alone, the log of a companion may have: this file reads that.

// story is both logs in the order of time.
func story(own, watched []event.Event) []event.Event {
	if len(watched) == 0 {
		return own
	}
	all := slices.Concat(own, watched)
	slices.SortStableFunc(all, func(a, b event.Event) int { return cmp.Compare(a.At, b.At) })
	return all
}

// watchedEnd is how a process ended that others saw end, nil if none did, or if
// one of its number began later.
func (f *Facts) watchedEnd(pid int) (end *event.Event) {
	for i := range f.Watched {
		e := &f.Watched[i]
		if e.Pid != pid {
			continue
		}
		switch e.Kind {
		case event.Exited, event.Killed:
			end = e
		case event.Gone:
			if end == nil {
				end = e
			}
		case event.Seen, event.Spawn:
			end = nil
		}
	}
	return end
}

// watchedStop is the signal that stopped the process, as others saw; 0 if they saw
// none, or saw it go on.
func (f *Facts) watchedStop() (stop *event.Event) {
	for i := range f.Watched {
		e := &f.Watched[i]
		if e.Pid != f.Pid {
			continue
		}
		switch e.Kind {
		case event.Stopped:
			stop = e
		case event.Continued, event.Seen:
			stop = nil
		}
	}
	return stop
}

// watchedName is the name of a process as others saw it last.
func (f *Facts) watchedName(pid int) (name string) {
	for i := range f.Watched {
		e := &f.Watched[i]
		if e.Pid != pid || e.Errno != 0 {
			continue
		}
		switch e.Kind {
		case event.Seen, event.Exec, event.Named, event.Spawn:
			switch {
			case e.Text != "": // what it calls itself; the file may be behind a link
				name = e.Text
			case e.Path != "":
				name = baseName(e.Path)
			}
		}
	}
	return event.Visible(name)
}

// sender is who sent the process its last signal of a number: a tracer sees that
// (siginfo_t, si_pid). 0: nobody saw it.
func (f *Facts) sender(sig int) int {
	for i := len(f.Watched) - 1; i >= 0; i-- {
		e := &f.Watched[i]
		if e.Kind == event.Call && e.Source == event.Tracer && e.Pid == f.Pid && e.Sig == sig && e.PPid != 0 {
			return e.PPid
		}
	}
	return 0
}

// sentBy claims who sent the signal, if that was seen, and says whether it was.
func (e *explainer) sentBy(key string, sig int) bool {
	pid := e.f.sender(sig)
	if pid == 0 {
		return false
	}
	who := "Process " + num(pid)
	switch n := e.f.watchedName(pid); {
	case pid == e.f.Shell:
		who = "This shell"
	case pid == e.f.Pid:
		who = "It itself"
	case n != "":
		who += " (" + n + ")"
	}
	e.claim(key, who+" sent it "+event.SigName(sig)+".", "log: the tracer")
	return true
}

// told names who told an event, for a claim's source.
func told(e *event.Event) string {
	switch e.Source {
	case event.Connector:
		return "log: the proc connector"
	case event.Tracer:
		return "log: the tracer"
	case event.Proc:
		return "log: /proc"
	}
	return "log: wait"
}

// howEnded says in a few words what became of a process; "" if nobody saw it.
func (f *Facts) howEnded(pid int) string {
	var end *event.Event
	for i := range f.Events {
		if e := &f.Events[i]; e.Pid == pid && (e.Kind == event.Exited || e.Kind == event.Killed) {
			end = e
		}
	}
	if end == nil {
		end = f.watchedEnd(pid)
	}
	switch {
	case end == nil || end.Kind == event.Gone:
		return ""
	case end.Kind == event.Killed:
		return "was ended by " + event.SigName(end.Sig)
	}
	return "has ended with status " + num(end.Status)
}

func baseName(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }
