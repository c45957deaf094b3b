package viz

import (
	"os"
	"strconv"
	"strings"

	"jsh/proc"
)

// Input is what ps-tree needs to know from its caller.
type Input struct {
	ShellPid int         // the shell whose session is to be drawn
	Jobs     map[int]int // pgid → job number
	Plumbing []int       // pids that serve the shell; left out unless -a
	Cols     int         // width of the terminal; 0: the output is no terminal
	ASCII    bool
	Colour   bool
	Prev     *proc.Tree // an earlier tree, if there is one: it remembers who was adopted
	// JobSpec finds the group of a job named as %1, %+ or %vi. nil: only
	// numbers are understood, through Jobs.
	JobSpec func(spec string) (pgid int, err error)
	Files   Files
}

const usage = `usage: ps-tree [-a] [--ascii] [--json] [--svg FILE] [PID | %JOB]
Draws processes as the kernel arranges them: session, process group, process.
Shows this shell's session, and every session with something started from it.
  PID, %JOB    only this process or job, and what descends from it
  -a, --all    all sessions, and the shell's own helpers
  --ascii      draw with + - | instead of box characters
  --json       one JSON object, for programs
  --svg FILE   write the drawing as a picture that a browser shows
  --help       this text
"running" is running or ready to; "waiting" is asleep until something happens,
said as "reads a pipe" where the kernel tells; "stopped" runs again at SIGCONT;
a "zombie" has ended, but its parent has not asked how. KEYBOARD marks the
foreground process group: it may read the terminal, and ^C and ^Z go to it. An
orphaned group has no parent in its session that could continue it.
`

// PSTree runs the command ps-tree with its arguments (without its name) and
// writes to out and, for messages, errOut. It returns the exit status: 0, 1 if
// there is nothing to show or /proc cannot be read, 2 for a wrong argument.
func PSTree(args []string, in Input, out, errOut func([]byte)) int {
	fail := func(status int, message string) int {
		errOut([]byte("ps-tree: " + message + "\n"))
		return status
	}
	style := Style{Width: in.Cols, ASCII: in.ASCII, Colour: in.Colour}
	json, operand, given, only, svg := false, "", false, false, ""
	for i := 0; i < len(args); i++ {
		arg := args[i]
		switch option := !only && strings.HasPrefix(arg, "-"); {
		case option && (arg == "-a" || arg == "--all"):
			style.All = true
		case option && arg == "--ascii":
			style.ASCII = true
		case option && arg == "--json":
			json = true
		case option && arg == "--svg":
			if i++; i == len(args) || args[i] == "" {
				return fail(2, "--svg needs the name of a file")
			}
			svg = args[i]
		case option && arg == "--help":
			out([]byte(usage))
			return 0
		case option && arg == "--":
			only = true // operands only from here on
		case option:
			return fail(2, "unknown option "+quote(arg)+"; ps-tree --help lists what there is")
		case given:
			return fail(2, "one PID or %JOB at a time, not both "+quote(operand)+" and "+quote(arg))
		default:
			operand, given = arg, true
		}
	}
	if json && svg != "" {
		return fail(2, "--json and --svg are two different things: one at a time")
	}
	var want target
	if given {
		var message string
		if want, message = parseOperand(operand, in); message != "" {
			return fail(want.status, message)
		}
	}

	tree, message := look(in, style.All || given)
	switch {
	case message != "":
		return fail(1, message)
	case tree.Shell == nil && !style.All && !given:
		return fail(1, "the shell, process "+strconv.Itoa(in.ShellPid)+", is not in /proc; -a shows what is")
	}
	keep := func(*proc.Process) bool { return true }
	if given {
		chosen := choose(tree, want)
		if len(chosen) == 0 {
			return fail(1, want.missing)
		}
		keep = func(p *proc.Process) bool { return chosen[p] }
		style.All = true // whoever names a process wants to see it
	}
	if json {
		out(appendTree(nil, tree, scope(tree, style.All, keep)))
		return 0
	}
	if svg != "" {
		if err := in.Files.Write(svg, drawSVG(tree, style, keep)); err != nil {
			return fail(1, err.Error())
		}
		return 0
	}
	out([]byte(strings.Join(draw(tree, style, keep), "\n") + "\n"))
	return 0
}

// look takes a snapshot and makes the tree of it. Of those that will be drawn
// it also asks what they wait for; to ask that of everybody would cost more
// than the snapshot.
func look(in Input, all bool) (*proc.Tree, string) {
	r, err := proc.Open()
	if err != nil {
		return nil, err.Error()
	}
	defer r.Close()
	var s proc.Snapshot
	if err := r.Read(&s); err != nil {
		return nil, err.Error()
	}
	w := proc.World{Shell: in.ShellPid, Jobs: in.Jobs, Plumbing: in.Plumbing}
	if self := os.Getpid(); self != in.ShellPid {
		w.Plumbing = append([]int{self}, w.Plumbing...)
	}
	tree := proc.Next(in.Prev, &s, w)
	for p := range tree.All {
		if p.State == 'S' && !p.Gone && (all || p.Ours || tree.Shell != nil && p.Session == tree.Shell.Session) {
			p.Waits = r.Waits(p.Pid)
		}
	}
	return tree, ""
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
