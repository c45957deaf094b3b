package viz

import (
	"strconv"
	"strings"

	"jsh/event"
	"jsh/proc"
)

// entry is one process in a box: what stands in columns, and the notes that
// follow as far as they fit.
type entry struct {
	pid   string
	name  string
	state string
	doing string // tells more than state and replaces it where there is room
	notes []string
	ink   ink // of the state
	row   ink // of all the rest
}

// members lists the group's processes, children below their parents.
func (d *drawing) members(b *box, g shownGroup) {
	var tree descent
	tree.of(g.members)
	b.entries = make([]entry, 0, len(g.members))
	tree.walk(func(p *proc.Process, last []bool) { b.entries = append(b.entries, d.entry(p, g, len(last))) })
}

// maxDepth is how far children are indented; deeper ones stand below each
// other.
const maxDepth = 6

func (d *drawing) entry(p *proc.Process, g shownGroup, depth int) entry {
	e := entry{pid: strconv.Itoa(p.Pid), name: d.visible(p.Name)}
	if e.name == "" {
		e.name = "(no name)"
	}
	if depth > 0 {
		e.name = strings.Repeat("  ", min(depth, maxDepth)-1) + d.lines.child + e.name
	}
	var more string
	e.state, more, e.ink = state(p)
	if p.Gone {
		e.row = faint
	}
	if p.State == 'S' && !p.Gone && tellsMore(p.Waits) {
		e.doing = event.Visible(p.Waits)
	}
	if p == d.tree.Shell {
		e.notes = append(e.notes, "this shell")
	}
	if !p.Gone {
		switch {
		case p.LeadsSession():
			e.notes = append(e.notes, "session leader")
		case p.LeadsGroup() && len(g.members) > 1:
			e.notes = append(e.notes, "leader")
		}
	}
	if more != "" {
		e.notes = append(e.notes, more)
	}
	if note := d.parentage(p, depth); note != "" {
		e.notes = append(e.notes, note)
	}
	return e
}

// tellsMore says whether the reason for waiting tells more than that it waits. Of
// who sleeps for a time it does not, and one thing has one word.
func tellsMore(waits string) bool { return waits != "" && waits != proc.Sleeps }

// state is the process's state in words, what is to be added to it, and its
// colour. The letters are those of proc_pid_stat(5). "running" is the kernel's
// R: it runs or is ready to. "waiting" is S, sleep: for input, a child, a
// moment.
func state(p *proc.Process) (word, more string, c ink) {
	if p.Gone {
		switch {
		case p.Told && p.Sig != 0:
			return "ended", "killed by " + event.SigName(p.Sig), faint
		case p.Told:
			return "ended", "status " + strconv.Itoa(p.Status), faint
		}
		return "ended", "", faint
	}
	switch p.State {
	case 'R':
		return "running", "", plain
	case 'S':
		return "waiting", "", plain
	case 'D':
		return "waiting", "cannot be interrupted", plain
	case 'T':
		return "stopped", "", stopped
	case 't':
		return "stopped", "by its tracer", stopped
	case 'Z':
		if !p.Exited() {
			return "running", "its first thread has ended", plain
		}
		return "zombie", "its parent has not waited", zombie
	case 'I':
		return "idle", "", plain
	case 'X', 'x':
		return "dead", "", zombie
	}
	return "state " + event.Visible(string(rune(p.State))), "", plain
}

// parentage says whose child the process is where the picture does not: the
// shell's own children, in other sessions their leader's, and those drawn
// below their parent need no word.
func (d *drawing) parentage(p *proc.Process, depth int) string {
	usual := p.Session.Leader
	if shell := d.tree.Shell; shell != nil && (shell.Session == p.Session || p.LeadsSession()) {
		usual = shell
	}
	switch {
	case p.Gone, p.Parent == nil:
		return ""
	case p.Adopted:
		return "adopted by " + d.person(p.Parent)
	case depth > 0, p.Parent == usual, p == d.tree.Shell && !d.style.All:
		return ""
	}
	return "child of " + d.person(p.Parent)
}

func (d *drawing) person(p *proc.Process) string {
	return strconv.Itoa(p.Pid) + " " + d.visible(p.Name)
}

// visible makes a name fit to be shown, in ASCII too where that is the style.
func (d *drawing) visible(name string) string {
	name = event.Visible(name)
	if !d.style.ASCII {
		return name
	}
	var b strings.Builder
	for _, r := range name {
		if r < 0x80 {
			b.WriteRune(r)
		} else {
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
	}
	return b.String()
}
