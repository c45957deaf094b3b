package viz

import (
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// KeyWay is the way of one signal key: from the terminal to the processes that
// it met, and what each did then.
type KeyWay struct {
	Key   string // ^C, ^Z or ^\
	Sig   int    // what the terminal makes of it
	At    int64  // CLOCK_MONOTONIC ns, of the key
	TTY   int    // 0: not known
	Pgid  int    // the terminal's foreground process group then; 0: not known
	Procs []KeyProc
}

// KeyProc is one process of the group. Set is how it was set for the signal
// when the key came, in the words of a Meets event; "" is not known.
type KeyProc struct {
	Pid    int
	Set    string
	Effect Effect
	Sig    int // by which it died or stopped
	Status int // with which it exited
	Core   bool
}

// Effect is what was seen of a process after the key.
type Effect uint8

const (
	NoEffect     Effect = iota // nothing: it is as before, as far as the log goes
	Died                       // killed by Sig
	Halted                     // stopped by Sig
	EndedItself                // exited with Status
	Disappeared                // nobody saw how
	WasContinued               // stopped by Sig, and runs again since
)

// keyReach is how long after a key an end still counts as its doing; the next
// key or command line ends it earlier.
const keyReach = int64(2e9)

// keySoon is the same for a process that exits: a handler that ends it does so
// at once.
const keySoon = int64(500e6)

// KeyWays finds the signal keys in the events, oldest first, and follows each.
// Members that no Meets event names are known by their fate alone.
func KeyWays(events []event.Event) []KeyWay {
	var ways []KeyWay
	group := make(map[int]int) // pid → pgid, as far as the events tell
	open := false
	for i := range events {
		e := &events[i]
		switch e.Kind {
		case event.Spawn, event.Seen, event.Moved:
			if e.Pgid != 0 && e.Errno == 0 {
				group[e.Pid] = e.Pgid
			}
		case event.LineBegin:
			open = false
		case event.Key:
			if sig := keySignal(e.Text); sig != 0 {
				ways = append(ways, KeyWay{Key: e.Text, Sig: sig, At: e.At, TTY: e.TTY, Pgid: e.Pgid})
				open = true
			}
		case event.Meets:
			if n := len(ways); open && ways[n-1].Sig == e.Sig {
				w := &ways[n-1]
				if w.Pgid == 0 {
					w.Pgid = e.Pgid
				}
				w.of(e.Pid).Set = e.Text
			}
		case event.Killed, event.Stopped, event.Exited, event.Gone, event.Continued:
			if !open {
				continue
			}
			w := &ways[len(ways)-1]
			if e.At-w.At > keyReach {
				continue
			}
			w.follow(e, group[e.Pid])
		}
	}
	return ways
}

// of is the entry of a process, made if there is none.
func (w *KeyWay) of(pid int) *KeyProc {
	if p := w.find(pid); p != nil {
		return p
	}
	w.Procs = append(w.Procs, KeyProc{Pid: pid})
	return &w.Procs[len(w.Procs)-1]
}

func (w *KeyWay) find(pid int) *KeyProc {
	for i := range w.Procs {
		if w.Procs[i].Pid == pid {
			return &w.Procs[i]
		}
	}
	return nil
}

// follow notes what became of a process that the key met. Of one that no Meets
// event named, only the key's own signal, in the key's own group, counts.
func (w *KeyWay) follow(e *event.Event, pgid int) {
	p := w.find(e.Pid)
	if p == nil {
		if e.Sig != w.Sig || e.Kind != event.Killed && e.Kind != event.Stopped || w.Pgid != 0 && pgid != 0 && pgid != w.Pgid {
			return
		}
		if w.Pgid == 0 {
			w.Pgid = pgid
		}
		p = w.of(e.Pid)
	}
	if p.Set == "ignored" && (e.Kind == event.Exited || e.Kind == event.Gone) || e.Kind == event.Exited && e.At-w.At > keySoon {
		return // it ended for a reason of its own
	}
	switch e.Kind {
	case event.Killed:
		p.Effect, p.Sig, p.Core = Died, e.Sig, e.Core
	case event.Stopped:
		p.Effect, p.Sig = Halted, e.Sig
	case event.Exited:
		p.Effect, p.Status = EndedItself, e.Status
	case event.Continued:
		if p.Effect == Halted {
			p.Effect = WasContinued
		}
	case event.Gone:
		if p.Effect == NoEffect || p.Effect == Halted || p.Effect == WasContinued {
			p.Effect = Disappeared
		}
	}
}

// Words is the key's way in one sentence of English, the call in brackets:
// "^C: the terminal sends SIGINT to group C: ls, grep died; less handles it". group
// names the group, name a process; both may be nil or answer "".
func (w *KeyWay) Words(group func(pgid int) string, name func(pid int) string) string {
	s := event.Visible(w.Key) + ": "
	if w.TTY != 0 {
		s += "terminal " + event.TTYName(w.TTY)
	} else {
		s += "the terminal"
	}
	s += " sends " + event.SigName(w.Sig) + " to "
	g := ""
	if group != nil && w.Pgid != 0 {
		g = group(w.Pgid)
	}
	switch {
	case g != "":
		s += "group " + g
	case w.Pgid != 0:
		s += "group " + strconv.Itoa(w.Pgid)
	default:
		s += "its foreground group"
	}
	for i, told := range w.told(name) {
		what := told.what
		if told.many {
			what = plural(what)
		}
		s += [...]string{": ", "; "}[min(i, 1)] + told.who + " " + what
	}
	return s
}

type keyTold struct {
	who, what string
	many      bool
}

// plural turns what one does into what several do.
func plural(what string) string {
	verb, rest, _ := strings.Cut(what, " ")
	switch verb {
	case "handles", "ignores", "blocks":
		verb = verb[:len(verb)-1]
	case "has":
		verb = "have"
	case "was":
		verb = "were"
	case "is":
		verb = "are"
	}
	return strings.TrimSuffix(verb+" "+rest, " ")
}

// told says of each process what it did; those of one fate are told together.
func (w *KeyWay) told(name func(pid int) string) []keyTold {
	var list []keyTold
next:
	for i := range w.Procs {
		p := &w.Procs[i]
		who := ""
		if name != nil {
			who = event.Visible(name(p.Pid))
		}
		if who == "" {
			who = strconv.Itoa(p.Pid)
		}
		what := w.Did(p)
		for k := range list {
			if list[k].what == what {
				list[k].who += ", " + who
				list[k].many = true
				continue next
			}
		}
		list = append(list, keyTold{who: who, what: what})
	}
	return list
}

// Did says in words what the process did with the signal: what was seen, and
// why where the sample tells.
func (w *KeyWay) Did(p *KeyProc) string {
	switch p.Effect {
	case Died:
		if p.Sig != w.Sig {
			return "was killed by " + event.SigName(p.Sig)
		}
		return "died"
	case Halted, WasContinued:
		s := "stopped"
		if p.Sig != w.Sig {
			s = "was stopped by " + event.SigName(p.Sig)
		}
		if p.Effect == WasContinued {
			s += " and was continued"
		}
		return s
	case EndedItself:
		if p.Set == "caught" {
			return "handled it and exited with " + strconv.Itoa(p.Status)
		}
		return "exited with " + strconv.Itoa(p.Status)
	case Disappeared:
		return "is gone"
	}
	switch p.Set {
	case "ignored":
		return "ignores it"
	case "blocked":
		return "blocks it"
	case "caught":
		return "handles it"
	}
	if unix.Signal(w.Sig) == unix.SIGTSTP {
		return "has not stopped (yet)"
	}
	return "has not died (yet)"
}
