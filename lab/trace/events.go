package trace

import "jsh/event"

// Yield is a Handler that orders nothing and gives everything as events of the
// Tracer source, in order: for lessons and experiments, which look on silently.
// Calls whose answer may never come (exit, execve) are given before it.
type Yield func(event.Event)

// Calling implements Handler.
func (y Yield) Calling(c *Call) Order {
	switch c.Kind.family() {
	case ExitGroup, Execve:
		y.give(c.Events())
	}
	return Order{}
}

// Called implements Handler.
func (y Yield) Called(c *Call) { y.give(c.Events()) }

// Happened implements Handler.
func (y Yield) Happened(h *Happening) { y.give(h.Events()) }

func (y Yield) give(events []event.Event) {
	for _, e := range events {
		y(e)
	}
}
