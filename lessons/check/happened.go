package check

import (
	"cmp"
	"fmt"
	"go/ast"
	"slices"
	"strconv"
	"strings"

	"jsh/event"
)

// happening is a kind of event that happened(…) looks for, from the step's
// beginning on.
type happening struct {
	name    string
	args    string
	text    string
	miss    string  // the sentence for a learner when it was not seen; SIG and "t" stand for what is asked
	sources Sources // any one of them can tell of it
	sure    Sources // any one of them would not have missed it
	source  string
	params  string
	match   func(s *story, e *event.Event, a *arguments) bool
}

// arguments of happened are found by their kind, and may be left out.
type arguments struct {
	w     *World
	who   *process
	sig   int
	n     int
	hasN  bool
	text  string
	errno int
	has   map[int]bool // pids that who means, nil where nobody is named
}

const (
	calls = FromTracer | FromPuppet
	seers = FromConnector | FromTracer
)

// happenings is the table of kinds. The letters of params are those of
// predicates; all are optional, in this order.
var happenings = [...]happening{
	{"start", "p?", "p came to be", "p was not started in this step", watched, seers | FromShell, "the shell, /proc (not the shortest lives), the connector, the tracer", "p", func(s *story, e *event.Event, a *arguments) bool {
		return (e.Kind == event.Spawn && e.Errno == 0 || e.Kind == event.Seen) && a.is(e.Pid)
	}},
	{"fork", "p?", "p made a child", "p made no child in this step", watched | FromPuppet, seers, "the connector, the tracer, puppets; /proc for what lives long; the shell for its own", "p", func(s *story, e *event.Event, a *arguments) bool {
		switch e.Kind {
		case event.Spawn:
			return e.Errno == 0 && a.is(s.shell)
		case event.Seen:
			return s.own(e.Pid) && a.is(e.PPid)
		}
		return a.is(e.Pid) && e.Errno == 0 && (called(e, "fork") || called(e, "vfork") || called(e, "clone") || called(e, "clone3"))
	}},
	{"exec", "p?", "p became another program; p is named as it is called afterwards", "nothing became p in this step", watched | FromPuppet, seers | FromShell, "the shell for its own, the connector, the tracer, puppets", "p", func(s *story, e *event.Event, a *arguments) bool {
		switch e.Kind {
		case event.Spawn, event.Exec:
			return e.Errno == 0 && a.is(e.Pid)
		case event.Seen: // as the tracer tells it
			return e.Path != "" && e.Source == event.Tracer && a.is(e.Pid)
		case event.Named:
			return e.Source == event.Proc && a.is(e.Pid)
		}
		return a.is(e.Pid) && e.Errno == 0 && called(e, "execve")
	}},
	{"exit", "p?, n?", "p ended by itself; with status n", "p has not ended by itself in this step", watched, seers | FromShell, "the shell (its own children), the connector, the tracer", "pn", func(s *story, e *event.Event, a *arguments) bool {
		return e.Kind == event.Exited && a.is(e.Pid) && (!a.hasN || e.Status == a.n)
	}},
	{"killed", "p?, SIG?", "p was killed; by SIG", "p was not killed by SIG in this step", watched, seers | FromShell, "the shell (its own children), the connector, the tracer", "ps", func(s *story, e *event.Event, a *arguments) bool {
		return e.Kind == event.Killed && a.is(e.Pid) && a.signal(e.Sig)
	}},
	{"end", "p?", "p ended, however it did", "p has not ended in this step", watched, watched, "the shell, /proc, the connector, the tracer", "p", func(s *story, e *event.Event, a *arguments) bool {
		return (e.Kind == event.Exited || e.Kind == event.Killed || e.Kind == event.Gone && s.own(e.Pid)) && a.is(e.Pid)
	}},
	{"stop", "p?, SIG?", "p was stopped; by SIG", "p was not stopped by SIG in this step", FromShell | FromTracer, FromShell | FromTracer, "the shell (its own children), the tracer", "ps", func(s *story, e *event.Event, a *arguments) bool {
		return e.Kind == event.Stopped && a.is(e.Pid) && a.signal(e.Sig)
	}},
	{"cont", "p?", "p was continued", "p was not continued in this step", FromShell | FromTracer, FromShell | FromTracer, "the shell (its own children), the tracer", "p", func(s *story, e *event.Event, a *arguments) bool {
		return e.Kind == event.Continued && a.is(e.Pid)
	}},
	{"key", "\"^C\"?", "a signal key was pressed", "the key t was not pressed in this step", FromKeys, FromKeys, "the screen, which relays keys: wants: [screen]", "t", func(s *story, e *event.Event, a *arguments) bool {
		return e.Kind == event.Key && (a.text == "" || e.Text == a.text)
	}},
	{"kill", "SIG?, p?", "a signal was sent with kill(2), to p or p's group", "SIG was not sent to p in this step", FromShell | calls, FromTracer, "the shell (its builtin kill), the tracer, puppets; not the program /bin/kill untraced", "sp", func(s *story, e *event.Event, a *arguments) bool {
		if e.Kind != event.Kill {
			return called(e, "kill") && e.Errno == 0 && (a.who == nil || a.is(target(e.Text))) && (a.sig == 0 || strings.Contains(e.Text, event.SigName(a.sig)))
		}
		return e.Errno == 0 && a.signal(e.Sig) && (a.who == nil || a.is(e.Pid) || a.inGroup(s, e.Pgid))
	}},
	{"setsid", "p?", "p made a new session", "p made no session in this step", watched&^FromShell | FromPuppet, seers, "/proc (for what lives long), the connector, the tracer, puppets", "p", func(s *story, e *event.Event, a *arguments) bool {
		switch e.Kind {
		case event.Moved:
			return e.Sid == e.Pid && e.Sid != 0 && e.Pgid == e.Pid && (e.Text == "" || strings.Contains(e.Text, "session")) && s.own(e.Pid) && a.is(e.Pid)
		case event.Seen: // it was found as a leader already
			return e.Sid == e.Pid && s.own(e.Pid) && a.is(e.Pid)
		}
		return a.is(e.Pid) && e.Errno == 0 && called(e, "setsid")
	}},
	{"setpgid", "p?", "p came into another group", "p came into no other group in this step", watched | FromPuppet, FromTracer, "the shell (for what it starts), the tracer, puppets, /proc (for what lives long)", "p", func(s *story, e *event.Event, a *arguments) bool {
		switch e.Kind {
		case event.SetPgid:
			return e.Errno == 0 && a.is(e.Pid)
		case event.Spawn:
			return e.Errno == 0 && e.Pgid != 0 && a.is(e.Pid)
		case event.Moved:
			return e.Text == "group" && s.own(e.Pid) && a.is(e.Pid)
		}
		return a.is(e.Pid) && e.Errno == 0 && called(e, "setpgid")
	}},
	{"call", "p?, \"setsid\"?, ERRNO?", "p made a system call of that name; without ERRNO one that was not refused", "p has not made the call t in this step", calls, calls, "the tracer, puppets", "ptg", func(s *story, e *event.Event, a *arguments) bool {
		return e.Kind == event.Call && a.is(e.Pid) && (a.text == "" || called(e, a.text)) && e.Errno == a.errno
	}},
	{"adopt", "p?", "p got another parent, as its own had ended", "p got no other parent in this step", watched &^ FromShell, FromTracer | FromProc, "/proc, the tracer", "p", func(s *story, e *event.Event, a *arguments) bool {
		return e.Kind == event.Moved && strings.Contains(e.Text, "parent") && s.own(e.Pid) && a.is(e.Pid)
	}},
	{"fg", "p?", "the shell continued a job in the foreground", "p was not continued in the foreground in this step", FromShell, FromShell, "the shell", "p", func(s *story, e *event.Event, a *arguments) bool {
		return s.deeds[e.Seq] == "fg" && (a.who == nil || a.inGroup(s, e.Pgid))
	}},
	{"bg", "p?", "the shell continued a job in the background", "p was not continued in the background in this step", FromShell, FromShell, "the shell", "p", func(s *story, e *event.Event, a *arguments) bool {
		return s.deeds[e.Seq] == "bg" && (a.who == nil || a.inGroup(s, e.Pgid))
	}},
	{"signal", "SIG?", "the shell itself received a signal", "the shell has not received SIG in this step", FromShell, FromShell, "the shell", "s", func(s *story, e *event.Event, a *arguments) bool {
		return e.Kind == event.Signal && a.signal(e.Sig)
	}},
	{"meets", "p?, SIG?, \"ignored\"?", "a key's signal found p so: default, ignored, caught or blocked", "no key sent SIG to p in this step", FromKeys, FromKeys, "the screen, which relays keys: wants: [screen]", "pst", func(s *story, e *event.Event, a *arguments) bool {
		return e.Kind == event.Meets && a.is(e.Pid) && a.signal(e.Sig) && (a.text == "" || e.Text == a.text)
	}},
	{"job", "p?", "the shell made a job of p's group", "the shell made no job of p in this step", FromShell, FromShell, "the shell", "p", func(s *story, e *event.Event, a *arguments) bool {
		return e.Kind == event.JobNew && (a.who == nil || a.inGroup(s, e.Pgid))
	}},
	{"user", "p?", "p changed its user or group", "p has not changed its user in this step", seers, seers, "the connector, the tracer", "p", func(s *story, e *event.Event, a *arguments) bool {
		return e.Kind == event.User && s.own(e.Pid) && a.is(e.Pid)
	}},
	{"ran", "", "a command line was run and is over", "no command line was run in this step", FromShell, FromShell, "the shell", "", func(s *story, e *event.Event, a *arguments) bool {
		return s.deeds[e.Seq] == "ran"
	}},
}

// called says whether an event is a system call of that name.
func called(e *event.Event, name string) bool {
	rest, ok := strings.CutPrefix(e.Text, name)
	return e.Kind == event.Call && ok && strings.HasPrefix(rest, "(")
}

// target is the first number of a call's text: kill(4711, SIGTERM); of a group
// that is its number.
func target(text string) int {
	_, rest, _ := strings.Cut(text, "(")
	end := strings.IndexAny(rest, ",) ")
	if end < 0 {
		return 0
	}
	n, _ := strconv.Atoi(strings.TrimPrefix(rest[:end], "-"))
	return n
}

func (a *arguments) signal(sig int) bool { return a.sig == 0 || a.sig == sig }

// is says whether a process is meant; where nobody is named everybody of the
// learner's is.
func (a *arguments) is(pid int) bool { return a.who == nil || a.has[pid] }

// inGroup says whether a process that is meant is in the group.
func (a *arguments) inGroup(s *story, pgid int) bool {
	if pgid == 0 {
		return false
	}
	for pid := range a.has {
		if l := s.now[pid]; l != nil && l.pgid == pgid || pid == pgid {
			return true
		}
	}
	return false
}

// memo is how far the events were searched for a happened(…).
type memo struct {
	from    uint64
	it      int
	renamed int
	n       int // events that were looked at
	seq     uint64
	at      int // index of the event
}

// first is the number of the first event that is meant.
func (c *call) first(w *World) (seq uint64, ok bool) {
	i, ok := c.find(w)
	if !ok {
		return 0, false
	}
	return w.Events[i].Seq, true
}

// find searches from where it was left. Where births and names have changed
// since, words may mean other processes: it begins anew. What was found stays.
func (c *call) find(w *World) (i int, ok bool) {
	s := w.story
	m, known := s.memo[c]
	it := 0
	if w.it != nil {
		it = w.it.pid
	}
	if known && m.from == w.From && m.it == it && m.seq != 0 && m.at < len(w.Events) && w.Events[m.at].Seq == m.seq {
		return m.at, true
	}
	if !known || m.from != w.From || m.it != it || m.renamed != s.renamed || m.n > len(w.Events) {
		m = memo{from: w.From, it: it, renamed: s.renamed}
		m.n, _ = slices.BinarySearchFunc(w.Events, w.From, func(e event.Event, seq uint64) int {
			if e.Seq < seq {
				return -1
			}
			if e.Seq > seq {
				return 1
			}
			return 0
		})
	}
	a := c.arguments(w)
	for ; m.n < len(w.Events); m.n++ {
		if e := &w.Events[m.n]; c.happened.match(s, e, &a) {
			m.at, m.seq = m.n, e.Seq
			m.n++
			s.memo[c] = m
			return m.at, true
		}
	}
	s.memo[c] = m
	return 0, false
}

// after is the first event that is meant behind event number seq; nil: there is none.
func (c *call) after(w *World, seq uint64) *event.Event {
	a := c.arguments(w)
	i, _ := slices.BinarySearchFunc(w.Events, seq+1, func(e event.Event, seq uint64) int { return cmp.Compare(e.Seq, seq) })
	for ; i < len(w.Events); i++ {
		if e := &w.Events[i]; c.happened.match(w.story, e, &a) {
			return e
		}
	}
	return nil
}

func (c *call) arguments(w *World) arguments {
	a := arguments{w: w}
	for _, n := range c.args {
		switch k := n.kind(); k {
		case kProc:
			a.who = n.(*process)
			a.has = map[int]bool{}
			v := a.who.all(w)
			for _, p := range v.who {
				a.has[p.pid] = true
			}
		case kSig:
			a.sig = n.eval(w).num
		case kNum:
			a.n, a.hasN = n.eval(w).num, true
		case kStr:
			a.text = n.eval(w).str
		case kErrno:
			a.errno = n.eval(w).num
		}
	}
	return a
}

func (c *call) evalEvent(w *World) val {
	if i, ok := c.find(w); ok {
		return val{truth: True, why: w.tell(&w.Events[i])}
	}
	why := c.missing(w)
	switch {
	case w.Sources != 0 && c.happened.sources&w.Sources == 0 && c.happened.sources&FromPuppet != 0:
		return val{why: why} // no puppet has begun yet; lint says who else could tell
	case w.Sources != 0 && c.happened.sources&w.Sources == 0:
		return val{why: why + "; only " + c.happened.source + " could tell"}
	case c.ofPuppets(w): // they tell each call of theirs
		return val{truth: False, why: why}
	case c.gap(w.story) >= w.From && c.gap(w.story) != 0:
		return val{why: why + "; but not everything was seen"}
	case w.Sources != 0 && c.happened.sure&w.Sources == 0 && c.happened.name == "kill":
		return val{why: why + ", as far as the shell knows"}
	case w.Sources != 0 && c.happened.sure&w.Sources == 0:
		return val{why: why + "; it may have been too short"}
	}
	return val{truth: False, why: why}
}

// ofPuppets says that all who could have done it tell their calls themselves, and
// that none of what they told was lost.
func (c *call) ofPuppets(w *World) bool {
	if c.happened.sources&FromPuppet == 0 || w.story.deaf >= w.From && w.story.deaf != 0 {
		return false
	}
	who := c.arguments(w).has
	for pid := range who {
		if l := w.story.now[pid]; l == nil || !l.puppet {
			return false
		}
	}
	return len(who) > 0
}

// gap is the newest gap that may hide the event: what only the shell tells of, or
// only a tracer and puppets, is not hidden by what a watcher missed.
func (c *call) gap(s *story) uint64 {
	if c.happened.sure&^FromTracer == FromShell || c.happened.sure == calls {
		return s.deaf
	}
	return s.gap
}

// missing is the sentence for what was not seen: "SIGHUP was not sent to tickd in
// this step".
func (c *call) missing(w *World) string {
	who, sig, text := "a job", "a signal", "any"
	for _, n := range c.args {
		switch n.kind() {
		case kProc:
			if p := n.(*process); p.word == "shell" {
				who = "the shell"
			} else if p.word != "" {
				who = event.Visible(p.word)
			}
		case kSig:
			sig = event.SigName(n.eval(w).num)
		case kStr:
			text = event.Visible(n.eval(w).str)
		}
	}
	words := strings.Fields(c.happened.miss)
	for i, word := range words {
		switch word {
		case "p":
			words[i] = who
		case "SIG":
			words[i] = sig
		case "t":
			words[i] = text
		}
	}
	return strings.Join(words, " ")
}

// tell is the evidence: the event in a sentence without the source.
func (w *World) tell(e *event.Event) string {
	c := event.Context{ShellPid: w.story.shell, ShellPgid: w.story.pgid,
		Name: func(pid int) string {
			if l := w.story.now[pid]; l != nil {
				return l.name()
			}
			return ""
		}}
	lines := event.Narrate(e, c)
	s, _, _ := strings.Cut(lines[0], "  [")
	return s
}

func (c compiler) happened(x *ast.CallExpr) (node, error) {
	if len(x.Args) == 0 {
		return nil, fmt.Errorf("happened(KIND, …): the kinds are %s", kinds())
	}
	id, ok := x.Args[0].(*ast.Ident)
	if !ok {
		return nil, fmt.Errorf("happened begins with a kind, without quotes: %s", kinds())
	}
	for i := range happenings {
		h := &happenings[i]
		if h.name != id.Name {
			continue
		}
		usage := "happened(" + h.name
		if h.args != "" {
			usage += ", " + h.args
		}
		args, err := c.optional(usage+")", h.params, x.Args[1:])
		if err != nil {
			return nil, err
		}
		return &call{happened: h, args: args}, nil
	}
	return nil, fmt.Errorf("happened(%s, …) is not known; the kinds are %s", id.Name, kinds())
}

// optional reads arguments each of which may be left out: the kind of each tells
// which it is. A text is a process where a process comes first.
func (c compiler) optional(usage, params string, given []ast.Expr) ([]node, error) {
	var args []node
	at := 0
	for _, x := range given {
		n, err := c.node(x)
		if err != nil {
			return nil, err
		}
		k := n.kind()
		for ; at < len(params); at++ {
			p := params[at]
			if p == 'p' && (k == kProc || k == kStr || k == kNum && (isCall(n) || !strings.Contains(params, "n"))) {
				if n, err = operand(n); err != nil {
					return nil, fmt.Errorf("%w; it is written %s", err, usage)
				}
				break
			}
			if p == 's' && k == kSig || p == 'n' && k == kNum || p == 't' && k == kStr || p == 'g' && k == kErrno {
				break
			}
		}
		if at == len(params) {
			return nil, fmt.Errorf("%s does not belong here; it is written %s", k, usage)
		}
		at++
		args = append(args, n)
	}
	return args, nil
}

func isCall(n node) bool { _, ok := n.(*call); return ok }

func kinds() string {
	var list []string
	for i := range happenings {
		list = append(list, happenings[i].name)
	}
	return strings.Join(list, " ")
}
