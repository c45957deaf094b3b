package trace

import (
	"time"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// Log takes the events of a tracer for somebody else: the companion. Tell must
// not wait; Close may, for that long, until all is told.
type Log interface {
	Tell(event.Event)
	Close(patience time.Duration)
}

// farewell is how long a tracer that is done waits for its log.
const farewell = 300 * time.Millisecond

// logged is a Handler that lets another one order, and tells a log what comes
// of it. What becomes another program is told when it has, and an end of which
// there is no answer before it.
type logged struct {
	Handler
	log  Log
	self string // the file of this program
}

func newLogged(h Handler, log Log) *logged { return &logged{h, log, link(unix.Getpid(), "exe")} }

// runtimes tells whether a call is what the Go runtime of a jsh does for itself: a
// handler for each signal, threads. Of a program on trial it would hide the rest.
func (l *logged) runtimes(c *Call) bool {
	thread := c.Kind.family() == Fork && !c.Makes()
	return (thread || c.Kind == Sigaction || c.Kind == Tgkill && c.Sig == int(unix.SIGURG)) && link(c.Pid, "exe") == l.self
}

// Calling implements Handler.
func (l *logged) Calling(c *Call) Order {
	o := l.Handler.Calling(c)
	if c.Kind.family() == ExitGroup && o.Do == Make {
		l.tell(c.Events())
	}
	return o
}

// Called implements Handler.
func (l *logged) Called(c *Call) {
	if !l.runtimes(c) {
		l.tell(c.Events())
	}
	l.Handler.Called(c)
}

// Happened implements Handler. The shell has told of the process that it
// started: that this becomes a program is an Exec like any other.
func (l *logged) Happened(h *Happening) {
	told := *h
	told.First = false
	if h.What == Received && h.Effect == noEffect {
		l.Handler.Happened(h) // a death of a child is news, that SIGCHLD came of it is none
		return
	}
	l.tell(told.Events())
	l.Handler.Happened(h)
}

func (l *logged) tell(events []event.Event) {
	for _, e := range events {
		l.log.Tell(e)
	}
}

// silent is a Handler that orders nothing and tells nobody.
type silent struct{}

func (silent) Calling(*Call) Order { return Order{} }
func (silent) Called(*Call)        {}
func (silent) Happened(*Happening) {}
