package viz

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// A caption is what the foot says of an event: English, then the system call
// in brackets, then perhaps why such a thing happens.
type caption struct {
	words string
	call  string
	why   string
	key   bool // it tells the way of a key: that stays as long as there is room
}

// captionWidth is how wide captions are at most.
func (l *live) captionWidth() int { return min(l.w, 76) }

// need is how many rows the newest caption must have, or a key's way.
func (l *live) need(told []caption) int {
	if len(told) == 0 {
		return 0
	}
	newest := told[len(told)-1]
	if k := lastKey(told); k >= 0 {
		newest = told[k]
	}
	return min(l.reserved(), len(wrap(newest.words, l.captionWidth())))
}

// captions are the foot's rows, n at most: the newest events, the last of them
// in full.
func (l *live) captions(told []caption, n int) []row {
	if n <= 0 {
		return nil
	}
	if len(told) == 0 {
		if l.m.Line == "" && l.m.Episode == 0 && l.tree != nil {
			return []row{{{cut("Nothing was typed yet. What you start appears here.", l.w, l.lines.more), faint}}}
		}
		return nil
	}
	kept := 0 // rows for a key's way that is not the newest
	if k := lastKey(told); k >= 0 && k < len(told)-1 {
		kept = len(wrap(told[k].words, l.captionWidth()))
		if kept >= n { // no room for both
			told, kept = told[:k+1], 0
		}
	}
	var out []row
	for i := len(told) - 1; i >= 0; i-- {
		c, ink := told[i], plain
		if i < len(told)-1 {
			c.why, ink = "", faint
		}
		if c.key && kept > 0 {
			kept, ink = 0, plain
		}
		room := n - len(out) - kept
		if i < len(told)-1 && len(wrap(c.words, l.captionWidth())) > room {
			if kept > 0 {
				continue
			}
			break
		}
		var rows []row
		for _, line := range c.lines(l.captionWidth(), room) {
			rows = append(rows, row{{l.visible(line), ink}})
		}
		out = append(rows, out...)
	}
	return out
}

// lastKey is the newest caption that tells the way of a key, -1 if none does.
func lastKey(told []caption) int {
	for i := len(told) - 1; i >= 0; i-- {
		if told[i].key {
			return i
		}
	}
	return -1
}

// lines breaks a caption into at most n lines. What it can do without goes
// first: the reason, then the call.
func (c *caption) lines(width, n int) []string {
	lines := wrap(c.words, width)
	if at := len(lines) - 1; c.call != "" {
		switch w := textWidth(c.call); {
		case textWidth(lines[at])+2+w <= width:
			lines[at] += "  " + c.call
		case at+2 <= n && w <= width:
			lines = append(lines, c.call)
		}
	}
	if c.why != "" {
		if more := wrap(c.why, width-2); len(lines)+len(more) <= n {
			for _, line := range more {
				lines = append(lines, "  "+line)
			}
		}
	}
	if len(lines) > n && n > 0 {
		lines = lines[:n]
		lines[n-1] = prefix(lines[n-1], max(0, width-4)) + " ..."
	}
	return lines
}

// wrap breaks text between words into lines of at most width columns; a word
// that is longer is cut.
func wrap(text string, width int) []string {
	if textWidth(text) <= width {
		return []string{text}
	}
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		switch {
		case line == "":
			line = word
		case textWidth(line)+1+textWidth(word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
		line = prefix(line, width)
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// tell chooses n captions, oldest first: the way of the newest key, then the
// newest of what tells most. Looking back, the newest n are told, whatever they
// are: one step is one event.
func (l *live) tell(n int) []caption {
	events := l.m.Events
	ways := KeyWays(events)
	way := len(ways) - 1
	told := newAlready(events)
	sent := slices.ContainsFunc(events, func(e event.Event) bool { return e.Kind == event.Kill && unix.Signal(e.Sig) == unix.SIGCONT })
	var list []candidate // newest first
	for i := len(events) - 1; i >= 0 && (len(list) < considered || way >= 0); i-- {
		e := &events[i]
		switch {
		case e.Kind == event.Key && way >= 0 && keySignal(e.Text) != 0:
			list = append(list, candidate{e, &ways[way], 0})
			way = -1 // of earlier ones nothing is told
		case len(list) >= considered: // there is room for the key alone
		case i == len(events)-1 && l.m.Past:
			list = append(list, candidate{e, nil, 0})
		case !told.tellable(events, i) || ofKey(ways, e):
		case l.m.Past:
			list = append(list, candidate{e, nil, 1})
		default:
			list = append(list, candidate{e, nil, tells(e, sent)})
		}
	}
	chosen := make([]caption, 0, n)
	for i, k := range foremostCandidates(list, n) {
		if k {
			chosen = append(chosen, list[i].caption(l))
		}
	}
	slices.Reverse(chosen)
	return chosen
}

// considered is how many of the newest captions one may choose from.
const considered = 60

// candidate is an event, or a key's way, that a caption may tell; rank says how
// much it tells, 0 most.
type candidate struct {
	e    *event.Event
	way  *KeyWay
	rank int
}

func (c *candidate) caption(l *live) caption {
	if c.way != nil {
		return caption{words: c.way.Words(l.m.Context.Group, l.m.Context.Name), call: keyCall(c.way), key: true}
	}
	return l.caption(c.e)
}

// tells is the rank of an event: what the shell did, and who left its session,
// come before what a watcher found in the meantime. sent says that SIGCONT was
// sent: that a process runs again then follows from it.
func tells(e *event.Event, sent bool) int {
	switch {
	case e.Kind == event.Continued && sent:
		return 3
	case e.Kind == event.Moved && strings.Contains(e.Text, "session"):
		return 1
	case !outsider(*e) || e.Kind == event.Gap:
		return 2
	case e.Kind == event.Gone:
		return 4
	}
	return 3
}

// foremostCandidates picks n by rank, of equals those that come first.
func foremostCandidates(list []candidate, n int) []bool {
	picked := make([]bool, len(list))
	for rank := 0; rank <= 4; rank++ {
		for i := range list {
			if list[i].rank == rank && n > 0 {
				picked[i] = true
				n--
			}
		}
	}
	return picked
}

// keyCall names where the signal comes from: the line discipline's ISIG
// (termios(3)).
func keyCall(w *KeyWay) string {
	if len(w.Procs) == 0 {
		return "[termios: ISIG]"
	}
	return ""
}

// caption is an event in words.
func (l *live) caption(e *event.Event) caption {
	context := l.m.Context
	if e.Kind == event.Exec && e.Source != event.Shell {
		context.Name = nil // it has another name by now
	}
	lines := event.Narrate(e, context)
	c := caption{words: lines[0]}
	if at := strings.LastIndex(c.words, "  ["); at > 0 {
		c.words, c.call = c.words[:at], c.words[at+2:]
	}
	for _, line := range lines[1:] {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "[") {
			c.call = line
		} else {
			c.why = line
		}
	}
	return c
}

// already is what several sources tell of; the shell tells it best.
type already struct {
	started map[int]string // pid → program, by the shell
	seen    map[int]int    // pid → index of the event by which it came
	ended   map[int]bool   // the shell's wait told how
	group   map[int]int    // into which the shell put it
}

func newAlready(events []event.Event) *already {
	a := &already{make(map[int]string), make(map[int]int), make(map[int]bool), make(map[int]int)}
	for i := range events {
		switch e := &events[i]; {
		case e.Kind == event.Spawn && e.Errno == 0:
			a.started[e.Pid] = e.Path[strings.LastIndexByte(e.Path, '/')+1:]
			a.group[e.Pid] = e.Pgid
		case e.Kind == event.Seen:
			if _, ok := a.seen[e.Pid]; !ok {
				a.seen[e.Pid] = i
			}
		case (e.Kind == event.Exited || e.Kind == event.Killed) && e.Source == event.Shell:
			a.ended[e.Pid] = true
		}
	}
	return a
}

// tellable leaves out what a picture shows better, and what is told twice.
func (a *already) tellable(events []event.Event, i int) bool {
	e := &events[i]
	switch e.Kind {
	case event.SaveModes, event.SetModes:
		return e.Errno != 0
	case event.LineBegin, event.LineEnd, event.JobNew, event.JobState, event.JobGone, event.Meets, event.Told:
		return false
	case event.Named:
		return false // as a rule execve does it, which is told
	case event.Signal:
		return unix.Signal(e.Sig) != unix.SIGCHLD // the wait that follows tells more
	case event.Gone:
		return !a.ended[e.Pid]
	case event.Exited, event.Killed:
		return e.Source == event.Shell || !a.ended[e.Pid]
	case event.Exec:
		return e.Source == event.Shell || a.started[e.Pid] != e.Text && e.Text != ""
	case event.Seen:
		_, started := a.started[e.Pid]
		return !started && a.seen[e.Pid] == i
	case event.Moved:
		return e.Text != "group" || a.group[e.Pid] != e.Pgid
	case event.Fg:
		// The shell's own word may come before the snapshot's or after it.
		return handedTo(slices.Backward(events[:i])) != e.Pgid && handedTo(slices.All(events[i+1:])) != e.Pgid
	}
	return true
}

// handedTo is the group that the first hand-over of the keyboard goes to.
func handedTo(events iter.Seq2[int, event.Event]) int {
	for _, e := range events {
		if e.Kind == event.SetFg || e.Kind == event.Fg || e.Kind == event.Spawn && e.Fg {
			return e.Pgid
		}
	}
	return 0
}

// ofKey says that a key's way tells of this event.
func ofKey(ways []KeyWay, e *event.Event) bool {
	switch e.Kind {
	case event.Killed, event.Stopped, event.Exited, event.Gone:
	default:
		return false
	}
	for i := range ways {
		if w := &ways[i]; e.At >= w.At && e.At-w.At <= keyReach && w.find(e.Pid) != nil {
			return true
		}
	}
	return false
}

// status is the rule at the foot: live or not, who watches, what was lost, and
// which line this is.
func (l *live) status() []row {
	m := &l.m
	dash := l.lines.frame[4]
	of := ""
	if line := strings.TrimSpace(m.Line); line != "" {
		of = l.visible(line)
	}
	lost := ""
	if m.Lost > 0 {
		lost = ", " + strconv.FormatUint(m.Lost, 10) + " events lost"
		if m.Lost == 1 {
			lost = ", 1 event lost"
		}
	}
	if m.Past {
		dash = l.lines.keyboard[4]
		text := "LOOKING BACK: moment " + strconv.Itoa(m.Step) + " of " + strconv.Itoa(m.Steps)
		tail := lost + "; End = live"
		if m.Recorded {
			tail = lost
		}
		if room := l.w - 6 - textWidth(text) - textWidth(tail) - len(" of `'"); of != "" && room >= 6 {
			text += " of `" + cut(of, room, l.lines.more) + "`"
		}
		return []row{l.dashed(dash, text+tail, "", stopped)}
	}
	room := l.w - 8 - max(0, m.Room)
	text, short := "live", ""
	if m.Source != "" {
		text += ", from " + l.visible(m.Source)
		short, _, _ = strings.Cut(text, ": ") // without the reason
	}
	var rights []string // the longest first
	if m.Episode > 0 {
		line := "line " + strconv.Itoa(m.Episode)
		count := line + " of " + strconv.Itoa(m.Episodes)
		if of != "" {
			rights = append(rights, count+": "+of, line+": "+of)
			if room := room - textWidth(cmp.Or(short, text)+lost) - len(line) - 2; room >= 6 {
				rights = append(rights, line+": "+cut(of, room, l.lines.more))
			}
		}
		rights = append(rights, count)
	}
	for i, right := range append(rights, "") {
		for _, left := range [...]string{text, cmp.Or(short, text)} {
			if textWidth(left+lost+right) <= room {
				return []row{l.dashed(dash, left+lost, right, faint)}
			}
			if i == 0 && right != "" && l.h >= 20 { // there is room for two
				return []row{l.dashed(dash, right, "", faint), l.dashed(dash, cut(text, max(0, l.w-6-textWidth(lost)), l.lines.more)+lost, "", faint)}
			}
		}
	}
	text = cut(text, max(0, l.w-6-textWidth(lost)), l.lines.more)
	return []row{l.dashed(dash, text+lost, "", faint)}
}

// dashed is a rule of dashes with words in it.
func (l *live) dashed(dash, left, right string, c ink) row {
	s := dash + dash
	if left != "" {
		s += " " + left + " "
	}
	if right != "" {
		right = " " + right + " " + dash + dash
	}
	fill := max(0, l.w-textWidth(s)-textWidth(right))
	return row{{s + strings.Repeat(dash, fill) + right, c}}.cutTo(l.w, l.lines.more)
}
