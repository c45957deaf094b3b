package companion

import (
	"bytes"
	"errors"
	"slices"
	"strconv"

	"jsh/event"
	"jsh/proc"
)

// Line is a line of a stream, with the time to which it belongs (CLOCK_MONOTONIC,
// ns).
type Line struct {
	At   int64
	Text []byte // without its newline
}

// Near is a recording without those processes that have nothing to do with its
// shell: kept are what came from it, their parents, and process 1. The other
// processes of a machine are nobody's affair, and most of the file.
func Near(recording []byte) ([]Line, error) {
	var recs []record
	near := map[int]bool{1: true}
	parents := map[int]map[int]bool{} // all that a process ever had
	child := func(pid, ppid int) {
		if parents[pid] == nil {
			parents[pid] = map[int]bool{}
		}
		parents[pid][ppid] = true
	}
	for line := range bytes.Lines(recording) {
		r, err := parseLine(line)
		if err != nil {
			return nil, errors.New("line " + strconv.Itoa(len(recs)+1) + ": " + err.Error())
		}
		recs = append(recs, r)
		switch {
		case r.about != nil:
			near[r.about.shell] = true
		case r.frame != nil:
			for _, pid := range r.frame.ours {
				near[pid] = true
			}
			for i := range r.frame.procs {
				child(r.frame.procs[i].Pid, r.frame.procs[i].PPid)
			}
		case r.event.Kind == event.Spawn:
			near[r.event.Pid] = true
		case r.event.Kind == event.Seen || r.event.Kind == event.Moved:
			child(r.event.Pid, r.event.PPid)
		}
	}
	for more := true; more; { // children of those that are kept; the tree knows by them who is ours
		more = false
		for pid, list := range parents {
			for ppid := range list {
				if !near[pid] && near[ppid] && ppid > 1 {
					near[pid], more = true, true
				}
			}
		}
	}
	for pid := range near {
		if pid != 1 {
			for ppid := range parents[pid] {
				near[ppid] = true
			}
		}
	}
	var lines []Line
	at := int64(0)
	for i := range recs {
		r := &recs[i]
		var text []byte
		switch {
		case r.about != nil:
			text = appendAbout(nil, *r.about)
		case r.event != nil:
			at = max(at, r.event.At)
			text = append(event.AppendJSON(nil, r.event), '\n')
		default:
			f := r.frame
			at = max(at, f.at)
			strange := func(pid int) bool { return !near[pid] }
			f.procs = slices.DeleteFunc(f.procs, func(p proc.Proc) bool { return strange(p.Pid) || p.Name == proc.TutorName })
			f.gone = slices.DeleteFunc(f.gone, strange)
			f.hidden = slices.DeleteFunc(f.hidden, strange)
			if !f.whole && len(f.procs)+len(f.gone) == 0 {
				continue
			}
			text = appendFrame(nil, f)
		}
		lines = append(lines, Line{at, bytes.TrimSuffix(text, []byte("\n"))})
	}
	if len(lines) > 0 {
		lines[0].At = 0 // whose picture it is, is known from the beginning
	}
	return lines, nil
}

// Film is a recording that is looked at as it goes on: at a time of it what comes
// later has not happened yet, and its Moment is the one that was live then.
type Film struct {
	*book
	lines []Line
	next  int
	r     reader
	err   error
}

// NewFilm begins before the first line.
func NewFilm(lines []Line) *Film {
	f := &Film{lines: lines}
	f.rewind()
	return f
}

func (f *Film) rewind() {
	f.book = newBook(defaultMemory)
	f.r, f.next = reader{b: f.book}, 0
}

// To goes to a time, forward or back. An error is that of a line which makes no
// sense: nothing is shown from there on.
func (f *Film) To(at int64) error {
	if f.next > 0 && f.lines[f.next-1].At > at {
		f.rewind()
	}
	for f.err == nil && f.next < len(f.lines) && f.lines[f.next].At <= at {
		f.err = f.r.take(f.lines[f.next].Text)
		f.next++
	}
	return f.err
}
