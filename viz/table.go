package viz

import (
	"slices"
	"strconv"
	"strings"

	"jsh/event"
	"jsh/proc"
)

// A table is the third form of a tree: one line a process, made for grep and
// awk as much as for eyes.
type table struct {
	*drawing
	columns  []*column
	byParent bool
	titles   bool // lines between that name the sessions
	notes    bool // words behind the name, where the columns do not say it
	told     map[*proc.Process]*told
}

// told is what a snapshot does not tell of a process; only what a column asks
// for is read.
type told struct {
	args   []string
	status proc.Status
	known  bool // status was read
}

type column struct {
	name  string
	right bool // numbers
	needs need
	tells string
}

type need uint8

const (
	needsArgs need = 1 << iota
	needsStatus
	needsWaits
)

// allColumns are all that there are. Their titles are their names in capitals.
var allColumns = [...]column{
	{"pid", true, 0, "process ID"},
	{"ppid", true, 0, "its parent's"},
	{"pgid", true, 0, "its process group"},
	{"sid", true, 0, "its session"},
	{"tty", false, 0, "controlling terminal, ? for none"},
	{"tpgid", true, 0, "the terminal's foreground process group, -1 for none"},
	{"job", false, 0, "the shell's job, as %1"},
	{"stat", false, 0, "R S D T Z as in ps; s leads a session, l has threads, + foreground"},
	{"state", false, needsWaits, "the same in words"},
	{"threads", true, 0, "how many"},
	{"uid", true, needsStatus, "effective user"},
	{"ignored", false, needsStatus, "signals that it ignores, without SIG"},
	{"blocked", false, needsStatus, "signals that wait until it lets them in"},
	{"caught", false, needsStatus, "signals that it has a handler for"},
	{"comm", false, 0, "the program's name, 15 bytes at most"},
	{"args", false, needsArgs, "the whole command line"},
}

func columnNames() string {
	names := make([]string, len(allColumns))
	for i := range allColumns {
		names[i] = allColumns[i].name
	}
	return strings.Join(names, ", ")
}

// parseColumns reads a list as pid,comm. message says what is wrong with it.
func parseColumns(list string) (columns []*column, message string) {
	for name := range strings.SplitSeq(list, ",") {
		name = strings.ToLower(strings.TrimSpace(name))
		i := slices.IndexFunc(allColumns[:], func(c column) bool { return c.name == name })
		switch {
		case i < 0:
			return nil, "no column " + quote(name) + "; there are: " + columnNames()
		case slices.Contains(columns, &allColumns[i]):
			return nil, "column " + name + " is there twice"
		}
		columns = append(columns, &allColumns[i])
	}
	return columns, ""
}

func (t *table) needs() (n need) {
	for _, c := range t.columns {
		n |= c.needs
	}
	return n
}

// cell is what a column says of a process.
func (t *table) cell(c *column, p *proc.Process) string {
	num := strconv.Itoa
	switch c.name {
	case "pid":
		return num(p.Pid)
	case "ppid":
		return num(p.PPid)
	case "pgid":
		return num(p.Pgid)
	case "sid":
		return num(p.Sid)
	case "tty":
		if p.TTY == 0 {
			return "?"
		}
		return event.TTYName(p.TTY)
	case "tpgid":
		return num(p.Tpgid)
	case "job":
		if p.Group.Job != 0 {
			return "%" + num(p.Group.Job)
		}
	case "stat":
		return stat(p)
	case "state":
		word, more, _ := state(p)
		switch {
		case p.State == 'S' && !p.Gone && p.Waits != "":
			return event.Visible(p.Waits)
		case more != "":
			return word + ", " + more
		}
		return word
	case "threads":
		return num(p.Threads)
	case "comm":
		return t.visible(p.Name)
	}
	about := t.told[p]
	switch {
	case about == nil:
	case c.name == "args":
		if len(about.args) > 0 {
			return t.visible(strings.Join(about.args, " "))
		}
		return "[" + t.visible(p.Name) + "]" // as ps: it has none, or took it away
	case !about.known:
	case c.name == "uid":
		return num(about.status.Uid[1])
	case c.name == "ignored":
		return signals(about.status.Ignored)
	case c.name == "blocked":
		return signals(about.status.Blocked)
	case c.name == "caught":
		return signals(about.status.Caught)
	}
	return "-"
}

// stat is the state as ps has it (ps(1), PROCESS STATE CODES), as far as it
// belongs here.
func stat(p *proc.Process) string {
	if p.Gone {
		return "-"
	}
	s := string(rune(p.State))
	if p.LeadsSession() {
		s += "s"
	}
	if p.Threads > 1 {
		s += "l"
	}
	if p.TTY != 0 && p.Tpgid == p.Pgid {
		s += "+"
	}
	return event.Visible(s)
}

// signals lists a set by name.
func signals(set proc.SigSet) string {
	s := ""
	for sig := 1; sig <= 64; sig++ {
		if !set.Has(sig) {
			continue
		}
		if s != "" {
			s += ","
		}
		if sig == 32 || sig == 33 {
			s += strconv.Itoa(sig) // the C library's own, without a name
		} else {
			s += strings.TrimPrefix(event.SigName(sig), "SIG")
		}
	}
	if s == "" {
		return "-"
	}
	return s
}

// line is a process in the table, or the title of a session.
type line struct {
	p      *proc.Process
	title  string
	branch string // of the tree, before the name
}

// rows lays the table out: the columns as wide as they need, the last as wide
// as it likes.
func (t *table) rows(list []shown) []row {
	var lines []line
	if t.byParent {
		lines = t.descent(list)
	} else {
		lines = t.bySession(list)
	}
	n := len(t.columns)
	widths := make([]int, n)
	cells := make([]string, len(lines)*n)
	for k, c := range t.columns {
		widths[k] = len(c.name)
		for i := range lines {
			if p := lines[i].p; p != nil {
				cell := t.cell(c, p)
				if t.byParent && (c.name == "comm" || c.name == "args") {
					cell = lines[i].branch + cell
				}
				cells[i*n+k] = cell
				widths[k] = max(widths[k], textWidth(cell))
			}
		}
	}
	out := make([]row, 0, len(lines)+1)
	head := make([]string, n)
	for k, c := range t.columns {
		head[k] = strings.ToUpper(c.name)
	}
	out = append(out, row{{t.joined(head, widths), faint}})
	for i := range lines {
		l := &lines[i]
		if l.p == nil {
			out = append(out, row{{l.title, plain}})
			continue
		}
		c := plain
		_, _, state := state(l.p)
		switch {
		case l.p.Gone:
			c = faint
		case l.p.Group.Foreground:
			c = keyboard
		case state != plain:
			c = state
		}
		r := row{{t.joined(cells[i*n:(i+1)*n], widths), c}}
		if note := t.note(l.p); t.notes && note != "" {
			r = append(r, span{"  " + note, faint})
		}
		out = append(out, r)
	}
	return out
}

func (t *table) joined(cells []string, widths []int) string {
	var b strings.Builder
	for k, cell := range cells {
		blanks := strings.Repeat(" ", max(0, widths[k]-textWidth(cell)))
		switch {
		case t.columns[k].right:
			b.WriteString(blanks + cell)
		case k == len(cells)-1:
			b.WriteString(cell)
		default:
			b.WriteString(cell + blanks)
		}
		if k < len(cells)-1 {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// note says what the tree of parents does not show: the shell, the keyboard,
// jobs, who was adopted, and a state that matters.
func (t *table) note(p *proc.Process) string {
	var notes []string
	if p == t.tree.Shell {
		notes = append(notes, "this shell")
	}
	if p.Group.Foreground && p == p.Group.Members[0] {
		notes = append(notes, "KEYBOARD")
	}
	if p.Group.Job != 0 && p == p.Group.Members[0] {
		notes = append(notes, "%"+strconv.Itoa(p.Group.Job))
	}
	if word, more, c := state(p); c != plain {
		notes = append(notes, word)
		if p.Gone && more != "" {
			notes = append(notes, more)
		}
	}
	if p.Adopted && p.Parent != nil && !p.Gone {
		notes = append(notes, "adopted by "+t.person(p.Parent))
	}
	return strings.Join(notes, ", ")
}

func (t *table) bySession(list []shown) []line {
	var lines []line
	for _, s := range list {
		if t.titles {
			lines = append(lines, line{title: t.title(s)})
		}
		for _, g := range s.groups {
			for _, p := range inOrder(g.members) {
				lines = append(lines, line{p: p})
			}
		}
	}
	return lines
}

// inOrder lists members with children after their parents.
func inOrder(members []*proc.Process) []*proc.Process {
	var d descent
	d.of(members)
	out := make([]*proc.Process, 0, len(members))
	d.walk(func(p *proc.Process, _ []bool) { out = append(out, p) })
	return out
}

// descent draws who is whose child.
func (t *table) descent(list []shown) []line {
	var all []*proc.Process
	for _, s := range list {
		for _, g := range s.groups {
			all = append(all, g.members...)
		}
	}
	slices.SortStableFunc(all, func(a, b *proc.Process) int {
		if a.Start != b.Start && a.Start != 0 && b.Start != 0 {
			if a.Start < b.Start {
				return -1
			}
			return 1
		}
		return a.Pid - b.Pid
	})
	var d descent
	d.of(all)
	trunk, tee, end, blank := "│ ", "├─", "└─", "  "
	if t.style.ASCII {
		trunk, tee, end = "| ", "|-", "`-"
	}
	var lines []line
	d.walk(func(p *proc.Process, last []bool) {
		var b strings.Builder
		for i, is := range last {
			switch at := i == len(last)-1; {
			case at && is:
				b.WriteString(end)
			case at:
				b.WriteString(tee)
			case is:
				b.WriteString(blank)
			default:
				b.WriteString(trunk)
			}
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		lines = append(lines, line{p: p, branch: b.String()})
	})
	return lines
}

// descent is a forest: parents and their children in the order given.
type descent struct {
	all      []*proc.Process
	children map[*proc.Process][]*proc.Process
	roots    []*proc.Process
}

func (d *descent) of(all []*proc.Process) {
	d.all = all
	if len(all) == 1 {
		d.roots = all
		return
	}
	inside := make(map[*proc.Process]bool, len(all))
	for _, p := range all {
		inside[p] = true
	}
	d.children = make(map[*proc.Process][]*proc.Process, len(all))
	for _, p := range all {
		if p.Parent != nil && p.Parent != p && inside[p.Parent] {
			d.children[p.Parent] = append(d.children[p.Parent], p)
		} else {
			d.roots = append(d.roots, p)
		}
	}
}

// walk visits each once, parents first. last says for each generation but the
// first whether this one is the last child. A snapshot is not of one instant:
// what only a ring of parents reaches comes at the end.
func (d *descent) walk(visit func(p *proc.Process, last []bool)) {
	if len(d.all) == 1 {
		visit(d.all[0], nil)
		return
	}
	done := make(map[*proc.Process]bool, len(d.all))
	var last []bool
	var down func(p *proc.Process)
	down = func(p *proc.Process) {
		if done[p] {
			return
		}
		done[p] = true
		visit(p, last)
		children := d.children[p]
		for i, child := range children {
			last = append(last, i == len(children)-1)
			down(child)
			last = last[:len(last)-1]
		}
	}
	for _, p := range d.roots {
		down(p)
	}
	for _, p := range d.all {
		down(p)
	}
}

// appendRows is the table as a JSON array of objects, one for each process.
// Numbers are numbers, what is not known is null.
func (t *table) appendRows(b []byte, list []shown) []byte {
	b = append(b, '[')
	n := 0
	lines := t.bySession
	if t.byParent {
		lines = t.descent
	}
	for _, l := range lines(list) {
		if l.p == nil {
			continue
		}
		b = comma(b, n)
		n++
		b = append(b, '{')
		for k, c := range t.columns {
			b = comma(b, k)
			b = event.AppendString(b, c.name)
			b = append(b, ':')
			switch cell := t.cell(c, l.p); {
			case c.right && cell != "-":
				b = append(b, cell...)
			case c.name == "comm":
				b = event.AppendString(b, l.p.Name)
			case c.name == "args" && t.told[l.p] != nil:
				b = event.AppendString(b, strings.Join(t.told[l.p].args, " "))
			case cell == "-" || cell == "?" || cell == "":
				b = append(b, "null"...)
			default:
				b = event.AppendString(b, cell)
			}
		}
		b = append(b, '}')
	}
	return append(b, ']', '\n')
}

// tableSVG is the table as a picture.
func (t *table) tableSVG(rows []row) []byte {
	var p picture
	p.dx, p.dy = border, border
	for i, r := range rows {
		x := 0
		for _, s := range r {
			lead := len(s.text) - len(strings.TrimLeft(s.text, " "))
			class := svgInk[s.ink]
			if i == 0 {
				class = "b"
			}
			p.text(class, float64(x+lead)*charWidth, 16+float64(i)*lineHeight, strings.TrimSpace(s.text))
			x += textWidth(s.text)
		}
	}
	return p.document("Processes, one a line")
}
