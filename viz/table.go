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
