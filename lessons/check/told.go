package check

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"jsh/event"
	"jsh/proc"
)

// What /proc answered is told in the log, so that a recording alone can be judged:
// Event writes one answer, Take reads it.

// Event is what file of /proc/PID said, as an event. The answer of f alone is looked at.
func (f *Facts) Event(pid int, file string) event.Event {
	e := event.Event{Kind: event.Fact, Pid: pid, Path: file}
	switch file {
	case event.FactStatus:
		hex := func(s proc.SigSet) string { return strconv.FormatUint(uint64(s), 16) }
		e.Text = "SigBlk " + hex(f.Blocked) + " SigIgn " + hex(f.Ignored) + " SigCgt " + hex(f.Caught)
		if f.Umask >= 0 {
			e.Text += " Umask 0" + strconv.FormatInt(int64(f.Umask), 8)
		}
	case event.FactCmdline:
		e.Argv = f.Args
	case event.FactCwd:
		e.Text = f.Cwd
	case event.FactFd:
		if f.Fds == nil {
			e.Text = unreadable
		}
		for _, n := range slices.Sorted(maps.Keys(f.Fds)) {
			e.Argv = append(e.Argv, strconv.Itoa(n)+" "+f.Fds[n])
		}
	case event.FactWchan:
		e.Text = f.Waits
	}
	return e
}

// unreadable is said of descriptors that may not be read.
const unreadable = "may not be read"

// Take makes f what a Fact event tells; ok is false where that says nothing.
func (f *Facts) Take(e *event.Event) (ok bool) {
	*f = Facts{Umask: -1}
	if e.Kind != event.Fact || e.Pid == 0 || e.Errno != 0 {
		return false
	}
	switch e.Path {
	case event.FactStatus:
		words := strings.Fields(e.Text)
		for i := 0; i+1 < len(words); i += 2 {
			base := 16
			if words[i] == "Umask" {
				base = 8
			}
			v, err := strconv.ParseUint(words[i+1], base, 64)
			if err != nil {
				return false
			}
			switch words[i] {
			case "SigBlk":
				f.Blocked = proc.SigSet(v)
			case "SigIgn":
				f.Ignored = proc.SigSet(v)
			case "SigCgt":
				f.Caught = proc.SigSet(v)
			case "Umask":
				f.Umask = int(v & 0o777)
			}
		}
	case event.FactCmdline:
		f.Args = e.Argv
	case event.FactCwd:
		f.Cwd = e.Text
	case event.FactFd:
		if e.Text == unreadable {
			return true
		}
		f.Fds = make(map[int]string, len(e.Argv))
		for _, a := range e.Argv {
			if strings.HasSuffix(a, "…") { // too many for the log
				f.Fds = nil
				break
			}
			n, to, _ := strings.Cut(a, " ")
			if fd, err := strconv.Atoi(n); err == nil {
				f.Fds[fd] = to
			}
		}
	case event.FactWchan:
		f.Waits = e.Text
	default:
		return false
	}
	return true
}
