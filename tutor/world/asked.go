package world

import (
	"cmp"
	"slices"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/lessons/check"
)

// What /proc was asked, and what it said, is for the log: it cannot be asked again
// when a recording is judged.

// question is what was asked: a file of /proc/PID.
type question struct {
	pid  int
	file string
}

// answer is the newest one.
type answer struct {
	event event.Event
	told  bool // Answers has handed it out
	old   bool // an earlier one was told
}

func (f *Follower) facts(pid int, file string) (check.Facts, bool) {
	if f.reader == nil {
		return check.Facts{}, false
	}
	got, ok := facts(f.reader, pid, file)
	e := got.Event(pid, file)
	if !ok {
		e = event.Event{Kind: event.Fact, Pid: pid, Path: file, Errno: int(unix.ESRCH)}
	}
	q := question{pid, file}
	if old, is := f.asked[q]; !is || !same(&old.event, &e) {
		f.asked[q] = answer{event: e, old: old.told || old.old}
	}
	return got, ok
}

func same(a, b *event.Event) bool {
	return a.Errno == b.Errno && a.Text == b.Text && slices.Equal(a.Argv, b.Argv)
}

// Answers are what /proc said and no call has told yet: first answers, and, if all
// is set, those that differ from what was told before. What changes all the time
// need not be told each time.
func (f *Follower) Answers(all bool) (list []event.Event) {
	for q, a := range f.asked {
		if !a.told && (all || !a.old) {
			list = append(list, a.event)
			a.told = true
			f.asked[q] = a
		}
	}
	slices.SortFunc(list, func(a, b event.Event) int {
		return cmp.Or(cmp.Compare(a.Pid, b.Pid), cmp.Compare(a.Path, b.Path))
	})
	return list
}

// Forget makes all answers new: what was said belongs to a step that is over.
func (f *Follower) Forget() { clear(f.asked) }
