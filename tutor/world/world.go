// Package world follows a companion's log for package check: the events since a
// lesson began, the tree, who watches, and what /proc says when an expression
// asks.
//
// It never judges anything and changes nothing.
package world

import (
	"strings"
	"time"

	"jsh/companion"
	"jsh/event"
	"jsh/lessons/check"
	"jsh/proc"
)

// Follower is one reader of a log. It belongs to one goroutine.
type Follower struct {
	Story companion.Story // as of the last Follow
	From  uint64          // where the step began

	cl     *companion.Client
	events []event.Event
	last   uint64
	said   int64
	inLine bool          // a command line runs
	heard  time.Time     // when something new came
	stir   time.Time     // when something new came of the learner's processes
	more   check.Sources // those that were heard
	reader *proc.Reader
	asked  map[question]answer // what /proc was asked, with the newest answer
	old    bool                // the lesson was resumed
	was    *proc.Tree          // when it was
}

// Follow begins to follow a log, from its oldest event on.
func Follow(cl *companion.Client) *Follower {
	f := &Follower{cl: cl}
	f.reader, _ = proc.Open()
	f.asked = map[question]answer{}
	return f
}

// Next takes what is new, and returns it.
func (f *Follower) Next() []event.Event {
	f.Story = f.cl.Since(f.last)
	news := false
	for i := range f.Story.Events {
		e := &f.Story.Events[i]
		news = news || e.Kind != event.Fact
		if e.Pid == 0 || e.Pid == f.Story.Shell {
			switch e.Kind {
			case event.LineBegin:
				f.inLine = true
			case event.LineEnd:
				f.inLine = false
			}
		}
		if f.stirs(e) {
			f.stir = time.Now()
		}
		switch e.Source {
		case event.Shell:
			f.said = max(f.said, e.At)
		case event.Tracer:
			f.more |= check.FromTracer
		case event.Puppet:
			f.more |= check.FromPuppet
		}
	}
	if news {
		f.heard = time.Now()
	}
	f.events = append(f.events, f.Story.Events...)
	f.last = f.Story.Last
	if f.old && f.was.Shell == nil {
		f.was = f.Story.Tree
	}
	return f.Story.Events
}

// Begin forgets all events: a lesson begins.
func (f *Follower) Begin(old bool) {
	f.events, f.From, f.more = nil, f.last, 0
	if f.old, f.was = old, nil; old {
		f.was = f.Story.Tree
	}
	f.Forget()
}

// Last is the number of the newest event.
func (f *Follower) Last() uint64 { return f.last }

// Said is the time of the newest event that the shell told.
func (f *Follower) Said() int64 { return f.said }

// Rests says that no command line runs, and that nothing came for a while.
func (f *Follower) Rests(while time.Duration) bool {
	return !f.inLine && time.Since(f.heard) >= while
}

// Calm says that nothing came for a while of the learner's processes, though a line
// may run: those who watch have told what they saw until then.
func (f *Follower) Calm(while time.Duration) bool { return time.Since(f.stir) >= while }

func (f *Follower) stirs(e *event.Event) bool {
	switch e.Source {
	case event.Proc, event.Connector: // most of what they tell is of others
		return f.Story.Tree != nil && f.Story.Tree.Process(e.Pid) != nil
	}
	return e.Kind != event.Told
}

// Exact says that the kernel itself tells what happens: it comes at once.
func (f *Follower) Exact() bool { return strings.HasPrefix(f.Story.Source, "the kernel") }

// World is what there is to know now.
func (f *Follower) World() *check.World {
	return &check.World{Tree: f.Story.Tree, Events: f.events, From: f.From, Shell: f.Story.Shell, Old: f.was,
		Sources: f.sources(), Facts: f.facts}
}

// sources are those in force.
func (f *Follower) sources() check.Sources {
	s := check.Plain | f.more
	if f.Exact() {
		s |= check.FromConnector
	}
	if f.Story.Keys || f.cl.Screen() {
		s |= check.FromKeys
	}
	return s
}
