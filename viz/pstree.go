package viz

import (
	"os"
	"slices"
	"strconv"
	"strings"

	"jsh/event"
	"jsh/proc"
)

// Input is what ps-tree needs to know from its caller.
type Input struct {
	ShellPid int         // the shell whose session is to be drawn; 0: the caller's, whichever that is
	Jobs     map[int]int // pgid → job number
	Plumbing []int       // pids that serve the shell; left out unless -a
	Cols     int         // width of the terminal; 0: the output is no terminal
	ASCII    bool
	Colour   bool
	Prev     *proc.Tree // an earlier tree, if there is one: it remembers who was adopted
	// Events is what is known of the past: who was started from the shell and
	// has left its session since.
	Events []event.Event
	// JobSpec finds the group of a job named as %1, %+ or %vi. nil: only
	// numbers are understood, through Jobs.
	JobSpec func(spec string) (pgid int, err error)
	Files   Files
}

const usage = `usage: ps-tree [-a] [--by session|parent] [--columns LIST] [--ascii]
               [--json] [--svg FILE] [PID | %JOB]
Draws processes as the kernel arranges them: session, process group, process.
Shows this shell's session, and every session with something started from it.
  PID, %JOB       only this process or job, and what descends from it
  -a, --all       all sessions, and the shell's own helpers
  --by parent     who started whom, one line a process, instead of boxes
  --columns LIST  a table, one line a process, for grep and awk; of:
@COLUMNS@
  --ascii         draw with + - | instead of box characters
  --json          one JSON object, for programs; with --columns an array of rows
  --svg FILE      write the drawing as a picture that a browser shows
  --help          this text
"running" is running or ready to; "waiting" is asleep until something happens,
said as "reads a pipe" where the kernel tells; "stopped" runs again at SIGCONT;
a "zombie" has ended, but its parent has not asked how. KEYBOARD marks the
foreground process group: it may read the terminal, and ^C and ^Z go to it. An
orphaned group has no parent in its session that could continue it.
From another shell: jsh ps-tree. A script of that name is run by jsh ./ps-tree.
`

// usageText fills in the names of the columns.
func usageText() string {
	names := ""
	for _, l := range flow(strings.Split(columnNames(), ", "), 60) {
		names += "                  " + l + "\n"
	}
	return strings.Replace(usage, "@COLUMNS@\n", names, 1)
}

// pstreeArgs are the arguments of ps-tree.
type pstreeArgs struct {
	all, ascii, json, help, byParent bool
	columns                          []*column // nil: not asked for
	svg                              string
	operand                          string
	given                            bool // operand is
}

func parsePSTree(args []string) (a pstreeArgs, message string) {
	message = parseOptions("ps-tree", args, []option{
		toggle(&a.all, "-a", "--all"), toggle(&a.ascii, "--ascii"), toggle(&a.json, "--json"), toggle(&a.help, "--help"),
		fileName(&a.svg, "--svg"),
		{[]string{"--by"}, "session or parent", func(value string) string {
			if value != "session" && value != "parent" {
				return "--by " + quote(value) + ": there are session (boxes in frames) and parent (who started whom)"
			}
			a.byParent = value == "parent"
			return ""
		}},
		{[]string{"--columns"}, "names, as pid,pgid,comm; there are: " + columnNames(), func(value string) (message string) {
			a.columns, message = parseColumns(value)
			return message
		}},
	}, func(word string, _ bool) string {
		if a.given {
			return "one PID or %JOB at a time, not both " + quote(a.operand) + " and " + quote(word)
		}
		a.operand, a.given = word, true
		return ""
	})
	if message == "" && a.json && a.svg != "" {
		message = "--json and --svg are two different things: one at a time"
	}
	return a, message
}

// PSTree runs the command ps-tree with its arguments (without its name) and
// writes to out and, for messages, errOut. It returns the exit status: 0, 1 if
// there is nothing to show or /proc cannot be read, 2 for a wrong argument.
func PSTree(args []string, in Input, out, errOut func([]byte)) int {
	fail := func(status int, message string) int {
		errOut([]byte("ps-tree: " + message + "\n"))
		return status
	}
	a, message := parsePSTree(args)
	switch {
	case message != "":
		return fail(2, message)
	case a.help:
		out([]byte(usageText()))
		return 0
	}
	style := Style{Width: in.Cols, ASCII: in.ASCII || a.ascii, Colour: in.Colour, All: a.all}
	var want target
	if a.given {
		if want, message = parseOperand(a.operand, in); message != "" {
			return fail(want.status, message)
		}
	}
	r, err := proc.Open()
	if err != nil {
		return fail(1, err.Error())
	}
	defer r.Close()
	tree, err := look(r, &in)
	switch {
	case err != nil:
		return fail(1, err.Error())
	case tree.Shell == nil && !a.all && !a.given:
		return fail(1, "the shell, process "+strconv.Itoa(in.ShellPid)+", is not in /proc; -a shows what is")
	}
	if me := tree.Process(os.Getpid()); me != nil && me != tree.Shell {
		style.self = me.Pgid
	}
	keep := func(p *proc.Process) bool { return !p.Gone || in.Events == nil }
	if a.given {
		chosen := choose(tree, want)
		if len(chosen) == 0 {
			return fail(1, want.missing)
		}
		keep = func(p *proc.Process) bool { return chosen[p] }
		style.All = true // whoever names a process wants to see it
	}
	list := scope(tree, style.All, keep)
	t := &table{drawing: newDrawing(tree, style), columns: a.columns, byParent: a.byParent}
	switch {
	case a.columns != nil:
		t.titles = in.Cols > 0 && !a.byParent
	case a.byParent:
		t.columns, _ = parseColumns("pid,pgid,sid,tty,stat,comm")
		t.notes = true
	default:
		t = nil
	}
	if t != nil && t.byParent && !slices.ContainsFunc(t.columns, func(c *column) bool { return c.name == "comm" || c.name == "args" }) {
		t.columns = append(t.columns, &allColumns[slices.IndexFunc(allColumns[:], func(c column) bool { return c.name == "comm" })])
	}
	inquire(r, list, t)

	text := []byte(nil)
	switch {
	case a.json && a.columns != nil:
		out(t.appendRows(nil, list))
		return 0
	case a.json:
		out(appendTree(nil, tree, list))
		return 0
	case a.svg != "" && t != nil:
		text = t.tableSVG(t.rows(list))
	case a.svg != "":
		text = drawSVG(tree, style, keep)
	case t != nil:
		rows := t.rows(list)
		for i, r := range rows {
			if in.Cols > 0 {
				r = r.cutTo(in.Cols, t.lines.more)
			}
			rows[i] = r.trimmed()
		}
		text = t.lined(rows)
	default:
		d := newDrawing(tree, style)
		text = d.lined(d.sessions(list))
	}
	if a.svg != "" {
		if err := in.Files.Write(a.svg, text); err != nil {
			return fail(1, err.Error())
		}
		return 0
	}
	out(text)
	return 0
}

// look takes a snapshot and makes the tree of it. Where no shell is given, it
// is the caller's.
func look(r *proc.Reader, in *Input) (*proc.Tree, error) {
	var s proc.Snapshot
	r.Hurry()
	if err := r.Read(&s); err != nil {
		return nil, err
	}
	self := os.Getpid()
	if in.ShellPid == 0 {
		in.ShellPid = callersShell(&s, self)
	}
	w := proc.World{Shell: in.ShellPid, Jobs: in.Jobs, Plumbing: in.Plumbing, Events: in.Events}
	if self != in.ShellPid {
		w.Plumbing = append([]int{self}, w.Plumbing...)
	}
	return proc.Next(in.Prev, &s, w), nil
}

// shells are programs that are taken for somebody's shell.
const shells = " sh bash dash zsh ksh mksh fish jsh csh tcsh ash yash busybox elvish nu rc osh "

// callersShell finds who called this process: its nearest ancestor that is a
// shell, within the session; else the session's leader, else the parent.
func callersShell(s *proc.Snapshot, self int) int {
	me := s.Find(self)
	if me == nil {
		return os.Getppid()
	}
	p := s.Find(me.PPid)
	for n := 0; p != nil && p.Sid == me.Sid && n < 1000; n++ {
		if strings.Contains(shells, " "+strings.TrimPrefix(p.Name, "-")+" ") {
			return p.Pid
		}
		p = s.Find(p.PPid)
	}
	if s.Find(me.Sid) != nil && me.Sid != self {
		return me.Sid
	}
	return me.PPid
}

// manyAsked is how many processes are asked what they wait for: to ask each of
// a large machine would cost more than the snapshot did.
const manyAsked = 300

// inquire reads what the snapshot does not tell, of those that will be drawn.
func inquire(r *proc.Reader, list []shown, t *table) {
	n := 0
	for _, s := range list {
		for _, g := range s.groups {
			n += len(g.members)
		}
	}
	var needs need
	waits := n <= manyAsked
	if t != nil {
		t.told = make(map[*proc.Process]*told)
		needs = t.needs()
		waits = needs&needsWaits != 0
	}
	for _, s := range list {
		for _, g := range s.groups {
			for _, p := range g.members {
				if p.Gone {
					continue
				}
				if waits && p.State == 'S' {
					p.Waits = r.Waits(p.Pid)
				}
				if needs&(needsArgs|needsStatus) == 0 {
					continue
				}
				about := &told{}
				if needs&needsArgs != 0 {
					about.args, _ = r.Cmdline(p.Pid)
				}
				if needs&needsStatus != 0 {
					status, err := r.Status(p.Pid)
					about.status, about.known = status, err == nil
				}
				t.told[p] = about
			}
		}
	}
}

// target is what the operand names: a process or a group.
type target struct {
	pid, pgid int
	missing   string // what to say if it is not there
	status    int    // of an operand that names nothing
}

func parseOperand(arg string, in Input) (target, string) {
	if strings.HasPrefix(arg, "%") {
		t := target{missing: "no process is left in job " + quote(arg)}
		if in.JobSpec != nil {
			pgid, err := in.JobSpec(arg)
			if err != nil {
				return target{status: 1}, err.Error()
			}
			t.pgid = pgid
			return t, ""
		}
		n, err := strconv.Atoi(arg[1:])
		for pgid, job := range in.Jobs {
			if err == nil && job == n {
				t.pgid = pgid
				return t, ""
			}
		}
		return target{status: 1}, "no job " + quote(arg)
	}
	pid, err := strconv.Atoi(arg)
	if err != nil || pid <= 0 {
		return target{status: 2}, quote(arg) + " is neither a PID nor a %JOB"
	}
	return target{pid: pid, missing: "no process " + strconv.Itoa(pid)}, ""
}

// choose marks the target's processes and all that descend from them.
func choose(t *proc.Tree, want target) map[*proc.Process]bool {
	chosen := make(map[*proc.Process]bool)
	for more := true; more; {
		more = false
		for p := range t.All {
			if chosen[p] {
				continue
			}
			if p.Pid == want.pid || want.pgid != 0 && p.Pgid == want.pgid || chosen[p.Parent] {
				chosen[p], more = true, true
			}
		}
	}
	return chosen
}

// quote shows an argument in a message without letting it act on the terminal.
func quote(arg string) string { return strconv.Quote(arg) }
