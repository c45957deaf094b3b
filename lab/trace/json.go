package trace

import (
	"strings"

	"jsh/event"
)

// jsonLines yields events as lines of JSON on a descriptor.
func jsonLines(fd int) Yield {
	broken := false // the reader is gone
	return func(e event.Event) {
		if !broken {
			broken = !writeAll(fd, string(append(event.AppendJSON(nil, &e), '\n')))
		}
	}
}

// Events is a call as events of the Tracer source: the call itself, and for
// what it changed the events that a picture understands.
func (c *Call) Events() []event.Event {
	text := c.Text
	if c.Done && c.Errno == 0 {
		text += " " + c.Result()
	}
	call := event.Event{At: event.Now(), Kind: event.Call, Source: event.Tracer, Pid: c.Pid, Text: text,
		Errno: int(c.Errno), Path: c.Path, Argv: c.Argv, Sig: c.Sig}
	if c.Kind == Sigaction {
		call.Path = ""
	}
	out := []event.Event{call}
	moved := map[int]int{} // pid → index of its event
	for _, ch := range c.Changed {
		switch ch.What {
		case "session", "group", "terminal", "parent":
			if i := moved[ch.Of]; i > 0 {
				out[i].Text += " " + ch.What
			} else {
				moved[ch.Of] = len(out)
				out = append(out, event.Event{At: call.At, Kind: event.Moved, Source: event.Tracer, Pid: ch.Of,
					PPid: c.after.PPid, Pgid: c.after.Pgid, Sid: c.after.Sid, TTY: c.after.TTY, Text: ch.What})
			}
		default:
			if c.Kind == Ioctl && c.after.TTY != 0 {
				out = append(out, event.Event{At: call.At, Kind: event.Fg, Source: event.Tracer, TTY: c.after.TTY, Pgid: max(c.after.Tpgid, 0)})
			}
		}
	}
	return out
}

// Events is a happening as events of the Tracer source.
func (h *Happening) Events() []event.Event {
	e := event.Event{At: event.Now(), Source: event.Tracer, Pid: h.Pid}
	switch h.What {
	case Born:
		if h.Thread {
			return nil
		}
		e.Kind, e.PPid, e.Pgid, e.Sid, e.TTY, e.Text = event.Seen, h.Place.PPid, h.Place.Pgid, h.Place.Sid, h.Place.TTY, h.Place.Name
	case Became:
		e.Path, e.Argv = h.file(), h.Argv
		if !h.First {
			e.Kind, e.Text = event.Exec, h.Place.Name
			break
		}
		e.Kind, e.PPid, e.Pgid, e.Sid, e.TTY, e.Text = event.Seen, h.Place.PPid, h.Place.Pgid, h.Place.Sid, h.Place.TTY, h.Place.Name
	case Adopted:
		e.Kind, e.PPid, e.Pgid, e.Sid, e.TTY, e.Text = event.Moved, h.Place.PPid, h.Place.Pgid, h.Place.Sid, h.Place.TTY, "parent"
	case Received:
		e.Kind, e.Sig, e.PPid, e.Text = event.Call, h.Sig, h.Sender, h.Sentence()
	case Stopped:
		e.Kind, e.Sig = event.Stopped, h.Sig
	case Continued:
		e.Kind = event.Continued
	case Exited:
		e.Kind, e.Status = event.Exited, h.Status
	case Killed:
		e.Kind, e.Sig, e.Core = event.Killed, h.Sig, h.Core
	case Note:
		e.Kind, e.Text = event.Gap, h.Text
	}
	return []event.Event{e}
}

// file is the path by which a process got its name: of a link its own, not that of
// what it leads to, and of a script not its interpreter's.
func (h *Happening) file() string {
	name := h.Asked[strings.LastIndexByte(h.Asked, '/')+1:]
	if name != "" && name[:min(len(name), 15)] == h.Place.Name { // TASK_COMM_LEN
		return h.Asked
	}
	return h.Path
}
