package shell_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"jsh/ptytest"
)

// The signal matrix of POSIX: what each signal does to the shell itself, to a
// program, to a subshell and to a background job, from how it was when the shell
// started, what trap made of it, and the options -i and -m. What must hold is
// written down once, in cell.want, and the same processes are asked of dash and
// bash; where they do otherwise knownDifferences says what decides.

var matrixSignals = []unix.Signal{unix.SIGHUP, unix.SIGINT, unix.SIGQUIT, unix.SIGTERM, unix.SIGUSR1, unix.SIGURG,
	unix.SIGCHLD, unix.SIGCONT, unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU}

// signalName is the name without SIG.
func signalName(sig unix.Signal) string { return strings.TrimPrefix(unix.SignalName(sig), "SIG") }

func allSignalNames() string {
	var names []string
	for _, sig := range matrixSignals {
		names = append(names, signalName(sig))
	}
	return strings.Join(names, " ")
}

// How a signal was set up.
const (
	byDefault = "default"
	atEntry   = "ignored at entry"
	byTrap    = "ignored by trap"
	trapped   = "trapped"
	// A shell that is not interactive cannot trap what was ignored at entry.
	atEntryTrapped = "ignored at entry and trapped"
)

var setups = []string{byDefault, atEntry, byTrap, trapped, atEntryTrapped}

// The processes that are looked at.
const (
	itself       = "shell"
	program      = "program"      // in the foreground
	subshell     = "subshell"     // ( … ) in the foreground
	substitution = "substitution" // $( … )
	stageOf      = "stage"        // of a pipeline
	bgProgram    = "background program"
	bgSubshell   = "background subshell"
	deep         = "program in a background subshell"
)

var processes = []string{itself, program, subshell, substitution, stageOf, bgProgram, bgSubshell, deep}

// cell is one cell of the matrix.
type cell struct {
	sig         unix.Signal
	setup       string
	interactive bool
	monitor     bool
	process     string
}

func (c cell) String() string {
	return fmt.Sprintf("%s, %s, %s, %s", mode(c.interactive, c.monitor), c.process, signalName(c.sig), c.setup)
}

func mode(interactive, monitor bool) string {
	name := "+i"
	if interactive {
		name = "-i"
	}
	if monitor {
		return name + " -m"
	}
	return name + " +m"
}

// isShell tells whether the process runs the shell's own code.
func (c cell) isShell() bool {
	return c.process != program && c.process != bgProgram && c.process != deep
}

// What a process does with a signal.
type action string

const (
	def     action = "default"
	ignored action = "ignored"
	caught  action = "caught"
	// harmless: the shell shall ignore the signal, or catch it and do nothing.
	// To the outside that is the same.
	harmless action = "ignored or caught"
)

// want is what POSIX.1-2024 asks for.
func (c cell) want() action {
	if c.setup == atEntryTrapped {
		c.setup = atEntry
		if c.interactive {
			c.setup = trapped // 2.15, trap
		}
	}
	jobControl := slices.Contains([]unix.Signal{unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU}, c.sig)
	if c.process == itself {
		switch {
		case c.setup == byTrap:
			return ignored
		case c.setup == trapped:
			return caught
		case c.interactive && (c.sig == unix.SIGINT || c.sig == unix.SIGQUIT || c.sig == unix.SIGTERM):
			return harmless // sh, ASYNCHRONOUS EVENTS
		case c.monitor && jobControl:
			return harmless // the same
		case c.setup == atEntry:
			return ignored
		}
		return def
	}
	background := c.process == bgProgram || c.process == bgSubshell || c.process == deep
	switch {
	case background && !c.monitor && (c.sig == unix.SIGINT || c.sig == unix.SIGQUIT):
		return ignored // 2.12, asynchronous lists
	case c.setup == atEntry, c.setup == byTrap:
		return ignored // 2.12; 2.13 for subshells
	}
	return def // 2.12: traps are not inherited
}

// unspecified says why a cell has no answer that can be asked for, or "".
func (c cell) unspecified() string {
	switch {
	case c.sig == unix.SIGCHLD && c.isShell() && c.setup != trapped:
		return "a shell has to hear of its children; to ignore is the default action"
	case c.sig == unix.SIGURG && c.isShell() && !(c.process == itself && c.setup == trapped):
		return "to ignore is the default action; the Go runtime has a handler that does"
	}
	return ""
}

// difference is a set of cells in which a shell does otherwise than want; empty
// fields stand for all.
type difference struct {
	shell     string
	modes     []string
	processes []string
	setups    []string
	signals   []unix.Signal
	why       string
	seen      bool
}

func (d *difference) covers(shell string, c cell) bool {
	return d.shell == shell && allows(d.modes, mode(c.interactive, c.monitor)) && allows(d.processes, c.process) &&
		allows(d.setups, c.setup) && allows(d.signals, c.sig)
}

func allows[T comparable](some []T, x T) bool { return len(some) == 0 || slices.Contains(some, x) }

var (
	keyStops    = []unix.Signal{unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU}
	keyEnds     = []unix.Signal{unix.SIGINT, unix.SIGQUIT}
	monitored   = []string{"+i -m", "-i -m"}
	typedAt     = []string{"-i +m", "-i -m"}
	descendants = processes[1:]
)

var knownDifferences = []difference{
	{shell: "jsh", modes: []string{"-i -m"}, processes: descendants, setups: []string{atEntry}, signals: keyStops,
		why: "2.12 would have jobs inherit it, and then no job could be stopped; dash and bash do the same"},
	{shell: "jsh", modes: monitored, processes: []string{substitution}, signals: []unix.Signal{unix.SIGTSTP},
		why: "2.12 would have it default, and no command could continue a substitution that was stopped; dash and bash do the same"},
	{shell: "jsh", modes: typedAt, processes: []string{itself}, setups: []string{byDefault}, signals: []unix.Signal{unix.SIGHUP},
		why: "it hangs up its jobs and dies of the signal then"},

	{shell: "dash", modes: monitored, processes: []string{itself}, signals: []unix.Signal{unix.SIGTTIN},
		why: "sh, ASYNCHRONOUS EVENTS: ignored under -m"},
	{shell: "dash", modes: monitored, processes: []string{substitution}, signals: keyStops, why: "2.12, as jsh"},
	{shell: "dash", modes: monitored, processes: descendants, setups: []string{atEntry, atEntryTrapped}, signals: keyStops, why: "2.12, as jsh"},
	{shell: "dash", setups: []string{byTrap, atEntry, atEntryTrapped}, signals: []unix.Signal{unix.SIGCHLD},
		why: "2.12: what is ignored is inherited"},

	{shell: "bash", processes: []string{itself}, setups: []string{byDefault}, signals: []unix.Signal{unix.SIGQUIT},
		why: "sh, ASYNCHRONOUS EVENTS: only an interactive shell ignores it"},
	{shell: "bash", processes: []string{deep}, signals: keyEnds, why: "2.12: ignored in all of an asynchronous list"},
	{shell: "bash", modes: []string{"-i +m"}, processes: []string{bgProgram, bgSubshell}, signals: keyEnds,
		why: "2.12: ignored without job control, whether interactive or not"},
	{shell: "bash", processes: []string{substitution}, signals: keyStops, why: "2.12, as jsh"},
	{shell: "bash", modes: []string{"-i +m"}, processes: []string{itself}, setups: []string{byDefault}, signals: keyStops,
		why: "without -m it is open whether a shell ignores them"},
	{shell: "bash", modes: typedAt, setups: []string{atEntry}, signals: keyStops, why: "2.12, as jsh"},
	{shell: "bash", modes: typedAt, setups: []string{atEntry}, signals: []unix.Signal{unix.SIGHUP, unix.SIGUSR1},
		why: "it catches them to save its history, and does nothing"},
}

// ignoring A B C PROGRAM ARG… ignores the signals that its first argument names
// and becomes the program.
var _ = ptytest.Register("ignoring", func() {
	for _, name := range strings.Fields(os.Args[1]) {
		signal.Ignore(unix.SignalNum("SIG" + name)) // it stays through exec
	}
	path, err := exec.LookPath(os.Args[2])
	if err == nil {
		err = unix.Exec(path, os.Args[2:], os.Environ())
	}
	panic(err)
})

// masks are a process's signal masks from /proc/PID/status.
type masks map[string]ptytest.SignalSet

func (m masks) of(sig unix.Signal) action {
	switch {
	case m["SigIgn:"].Has(sig):
		return ignored
	case m["SigCgt:"].Has(sig):
		return caught
	}
	return def
}

// readMasks starts a shell on a terminal of its own and has each process write
// down its masks.
func readMasks(t *testing.T, shell []string, setup string, interactive, monitor bool) map[string]masks {
	t.Helper()
	out := filepath.Join(t.TempDir(), "masks")
	// The kernel writes the file anew for each read of a part of it: when a
	// number before the masks got another digit meanwhile, a line is torn. So it
	// is read until the masks are whole.
	const script = `
look() {
	until blk= ign= cgt=
		while read -r key value; do
			case $key${#value} in
			SigBlk:16) blk=$value ;; SigIgn:16) ign=$value ;; SigCgt:16) cgt=$value ;;
			esac
		done </proc/self/status
		[ "$blk" ] && [ "$ign" ] && [ "$cgt" ]
	do :; done
	echo "$1/SigBlk:/$blk" >>$OUT; echo "$1/SigIgn:/$ign" >>$OUT; echo "$1/SigCgt:/$cgt" >>$OUT
}
look shell
sed -n 's,^\(Sig...:\).,program/\1/,p' /proc/self/status >>$OUT; :
(look subshell; :)
x=$(look substitution; :)
look stage | cat
sed -n 's,^\(Sig...:\).,background program/\1/,p' /proc/self/status >>$OUT & wait
(look 'background subshell'; :) & wait
(sed -n 's,^\(Sig...:\).,program in a background subshell/\1/,p' /proc/self/status >>$OUT; :) & wait
:`
	text, before := script, ""
	switch setup {
	case atEntry:
		before = allSignalNames()
	case byTrap:
		text = "trap '' " + allSignalNames() + "\n" + script
	case trapped:
		text = "trap 'x=caught' " + allSignalNames() + "\n" + script
	case atEntryTrapped:
		before = allSignalNames()
		text = "trap 'x=caught' " + allSignalNames() + "\n" + script
	}
	argv := shell
	if interactive {
		argv = append(argv, "-i")
	}
	if monitor {
		argv = append(argv, "-m")
	} else {
		argv = append(argv, "+m")
	}
	argv = append(argv, "-c", text)
	if before != "" {
		argv = append([]string{"env", "ignoring", before}, argv...)
	}
	term := ptytest.Start(t, ptytest.Options{Argv: argv, Env: []string{"OUT=" + out, quickExit}})
	if status := term.WaitExit(); status != 0 {
		t.Fatalf("%v: status %d\n%s", argv, status, term.Transcript())
	}
	f, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	seen := map[string]masks{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.Split(lines.Text(), "/")
		if len(fields) != 3 {
			t.Fatalf("a line of masks is %q", lines.Text())
		}
		n, err := strconv.ParseUint(fields[2], 16, 64)
		if err != nil {
			t.Fatal(err)
		}
		if seen[fields[0]] == nil {
			seen[fields[0]] = masks{}
		}
		seen[fields[0]][fields[1]] = ptytest.SignalSet(n)
	}
	return seen
}

// quickExit spares programs built with -race the second that they sleep at their
// end.
const quickExit = "GORACE=atexit_sleep_ms=0"

func TestSignalMatrix(t *testing.T) {
	for _, sh := range []struct {
		name string
		argv []string
	}{{"jsh", []string{ptytest.JSH(t)}}, {"dash", []string{"dash"}}, {"bash", []string{"bash", "--posix", "--norc"}}} {
		t.Run(sh.name, func(t *testing.T) {
			if _, err := exec.LookPath(sh.argv[0]); err != nil {
				t.Skip("not installed")
			}
			cells := 0
			for _, setup := range setups {
				for _, interactive := range []bool{false, true} {
					for _, monitor := range []bool{false, true} {
						t.Run(mode(interactive, monitor)+", "+setup, func(t *testing.T) {
							seen := readMasks(t, slices.Clone(sh.argv), setup, interactive, monitor)
							cells += checkMasks(t, sh.name, seen, setup, interactive, monitor)
						})
					}
				}
			}
			t.Logf("%d cells", cells)
		})
	}
	for i := range knownDifferences {
		if d := &knownDifferences[i]; !d.seen && d.shell == "jsh" {
			t.Errorf("%s has nowhere the difference that is written down: %s", d.shell, d.why)
		}
	}
}

func checkMasks(t *testing.T, shell string, seen map[string]masks, setup string, interactive, monitor bool) (cells int) {
	for _, process := range processes {
		m := seen[process]
		for _, key := range []string{"SigBlk:", "SigIgn:", "SigCgt:"} {
			if _, ok := m[key]; !ok {
				t.Fatalf("the %s did not tell %s", process, key)
			}
		}
		for _, sig := range matrixSignals {
			c := cell{sig, setup, interactive, monitor, process}
			cells++
			want, got := c.want(), m.of(sig)
			if got == want || want == harmless && got != def || c.unspecified() != "" {
				continue
			}
			if shell != "jsh" && setup == atEntryTrapped && interactive {
				continue // it may catch them, says trap, and jsh does
			}
			if shell != "jsh" && got == caught && want == def && c.isShell() {
				continue // a handler that does what the default does; kill(2) would tell
			}
			known := slices.IndexFunc(knownDifferences, func(d difference) bool { return d.covers(shell, c) })
			if known < 0 {
				t.Errorf("%v: %s, want %s", c, got, want)
				continue
			}
			knownDifferences[known].seen = true
		}
		blocked := m["SigBlk:"]
		if shell == "jsh" && (cell{process: process}).isShell() {
			blocked &^= 1 << (unix.SIGURG - 1) // the Go runtime's; see package pgroup
		}
		if blocked != 0 {
			t.Errorf("the %s blocks %x", process, blocked)
		}
		if process == program || process == bgProgram || process == deep {
			if m["SigCgt:"] != 0 {
				t.Errorf("the %s, which catches nothing, catches %x", process, m["SigCgt:"])
			}
		}
	}
	return cells
}
