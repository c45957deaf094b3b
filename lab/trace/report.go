package trace

import (
	"strings"

	"golang.org/x/sys/unix"

	"jsh/typeset"
)

// report writes what a Tracer tells as text for a reader. A call and its answer
// stand in one block where nothing came between them.
type report struct {
	fd     int
	width  int
	ascii  bool
	colour bool
	broken bool // the reader is gone

	pending *Call        // told by nobody yet
	open    *Call        // its block is on the screen, the answer is not
	stops   int          // of this process it was told that a signal stops it
	born    []*Happening // children told after their parent's fork
}

// Calling keeps the call until its answer comes, or something else, or at once
// where the answer may take its time or never come.
func (r *report) Calling(c *Call) Order {
	r.flush()
	r.pending = c
	switch c.Kind.family() {
	case Wait4, Execve, ExitGroup:
		r.flush()
	}
	return Order{}
}

func (r *report) flush() {
	if c := r.pending; c != nil {
		r.pending, r.open = nil, c
		r.head(c, c.Text)
		r.line(c.Says)
	}
	r.children()
}

// children tells of the children that wait for their parent's fork to be told.
func (r *report) children() {
	for _, h := range r.born {
		r.happened(h)
	}
	r.born = nil
}

func (r *report) Called(c *Call) {
	switch {
	case r.pending == c:
		r.pending = nil
		r.head(c, c.Text+" "+c.Result())
		r.line(c.Says)
	case r.open == c:
		r.line(c.Result())
	default:
		r.flush()
		r.head(c, "… "+c.Kind.String()+" "+c.Result())
	}
	r.open = nil
	r.answer(c)
	r.children()
}

// answer tells what follows a call's result.
func (r *report) answer(c *Call) {
	r.line(c.Explain())
	for _, ch := range c.Changed {
		s := ch.String()
		if ch.Of != c.Pid {
			s = num(ch.Of) + ": " + s
		}
		r.line(s)
	}
}

func (r *report) Happened(h *Happening) {
	for _, c := range []*Call{r.pending, r.open} {
		if h.What == Born && c != nil && c.Child == h.Pid && !h.Thread {
			r.born = append(r.born, h)
			return
		}
	}
	switch h.What {
	case Received:
		r.stops = 0
		if h.Effect == "it stops" {
			r.stops = h.Pid
		}
	case Stopped:
		if r.stops == h.Pid {
			return // told already; by now the shell may have its prompt on the screen
		}
	}
	r.flush()
	r.open = nil
	r.happened(h)
}

func (r *report) happened(h *Happening) {
	r.put(r.bold(num(h.Pid)+" "+h.Place.Name)+" ", h.Sentence(), len(num(h.Pid))+len(h.Place.Name)+2)
}

func (r *report) head(c *Call, text string) {
	who := num(c.Pid) + " " + c.Name
	if c.Tid != c.Pid {
		who += " thread " + num(c.Tid)
	}
	r.put(r.bold(who)+"  ", text, len(who)+2)
}

func (r *report) line(text string) {
	if text != "" {
		r.put("      ", text, 6)
	}
}

// put writes text after a head of so many columns, folded between words.
func (r *report) put(head, text string, columns int) {
	if r.ascii {
		text = strings.NewReplacer("→", "->", "…", "...").Replace(text)
	}
	r.write(head + typeset.Hang(text, max(r.width-1, 40), columns, 6) + "\n")
}

func (r *report) bold(s string) string {
	if !r.colour {
		return s
	}
	return "\x1b[1m" + s + "\x1b[0m"
}

func (r *report) write(s string) {
	if r.broken {
		return
	}
	r.broken = !writeAll(r.fd, s)
}

// writeAll writes to a descriptor that may be non-blocking, for another
// process may have made it so; false when nobody reads any more.
func writeAll(fd int, s string) bool {
	b := []byte(s)
	for len(b) > 0 {
		n, err := unix.Write(fd, b)
		switch err {
		case nil:
			b = b[n:]
		case unix.EINTR:
		case unix.EAGAIN:
			unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}, -1)
		default:
			return false
		}
	}
	return true
}
