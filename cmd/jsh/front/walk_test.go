package front

import (
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"jsh/ptytest"
)

var (
	soak = flag.Int("soak", 0, "so many steps of the random walk of job control")
	seed = flag.Uint64("seed", 0, "the random walk to repeat; 0: a few short ones")
)

// A learner who starts, stops, continues and kills jobs at random. After each
// step the kernel (the foreground process group, every process's group, session
// and state, the zombies) and the shell's own list (jobs -l) are compared with
// a model of a few lines.
func TestRandomWalk(t *testing.T) {
	seeds, steps := []uint64{1, 2, 3, 4}, 30
	switch {
	case *seed != 0:
		seeds = []uint64{*seed}
	case *soak > 0:
		seeds = []uint64{rand.Uint64()}
	}
	if *soak > 0 {
		steps = *soak
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			w := &walk{session: open(t, "jsh", ptytest.Options{MayStay: disowned}), rand: rand.New(rand.NewPCG(seed, 0))}
			defer func() {
				if t.Failed() {
					t.Logf("the last steps:\n%s", strings.Join(w.history[max(0, len(w.history)-15):], "\n"))
				}
			}()
			for range steps {
				w.step()
				w.check()
			}
		})
	}
}

// disowned jobs are no longer the shell's to hang up.
func disowned(ptytest.ProcInfo) bool { return true }

// walk is the model: what must be so.
type walk struct {
	*session
	rand    *rand.Rand
	jobs    []*walkJob
	clock   int // counts changes of state: the order of jobs
	count   int // sleeps so far, for texts that differ
	history []string
}

// walkJob is one job that lives.
type walkJob struct {
	id       int
	pgid     int
	text     string
	procs    int // how many processes are in its group
	stopped  bool
	disowned bool
	changed  int // the clock when it stopped, or was sent to the background
}

func (w *walk) note(format string, args ...any) {
	w.history = append(w.history, fmt.Sprintf(format, args...))
}

// pick chooses one of the listed jobs that f accepts, or nil.
func (w *walk) pick(f func(*walkJob) bool) *walkJob {
	var ok []*walkJob
	for _, j := range w.jobs {
		if !j.disowned && f(j) {
			ok = append(ok, j)
		}
	}
	if len(ok) == 0 {
		return nil
	}
	return ok[w.rand.IntN(len(ok))]
}

func anyJob(*walkJob) bool { return true }

// command makes up a job that never ends by itself.
func (w *walk) command() (text, comm string, procs int) {
	sleep := func() string {
		w.count++
		return "sleep " + strconv.Itoa(100000+w.count)
	}
	switch w.rand.IntN(6) {
	case 0, 1:
		return sleep(), "sleep", 1
	case 2:
		return sleep() + " | " + sleep(), "sleep", 2
	case 3:
		return sleep() + " | " + sleep() + " | " + sleep(), "sleep", 3
	case 4: // the leader dies first
		return "/bin/true | " + sleep(), "sleep", 1
	}
	return "(" + sleep() + "; " + sleep() + ")", "sleep", 2 // and the subshell
}

func (w *walk) nextID() int {
	id := 1
	for _, j := range w.jobs {
		if !j.disowned {
			id = max(id, j.id+1)
		}
	}
	return id
}

func (w *walk) add(j *walkJob) {
	j.id = w.nextID()
	w.jobs = append(w.jobs, j)
	w.touch(j)
}

func (w *walk) touch(j *walkJob) {
	w.clock++
	j.changed = w.clock
}

func (w *walk) gone(j *walkJob) {
	w.jobs = slices.DeleteFunc(w.jobs, func(k *walkJob) bool { return j == k })
	w.waitNoGroup(j.pgid)
}

// waitProcs waits until the group has as many processes as it must have, all
// past their exec.
func (w *walk) waitProcs(pgid, n int) {
	w.t.Helper()
	w.WaitFor(fmt.Sprintf("%d processes in group %d", n, pgid), func() bool {
		ps := w.living(pgid)
		sleeps := 0
		for _, p := range ps {
			if p.Comm == "sleep" {
				sleeps++
			}
		}
		return len(ps) == n && (sleeps == n || sleeps == n-1 && sleeps > 0)
	})
}

// key presses ^Z or ^C in the foreground job j, which is in the table or not.
func (w *walk) key(j *walkJob) {
	w.waitProcs(j.pgid, j.procs)
	w.waitRunning(j.pgid)
	w.WaitForeground("the job in the foreground", func(fg int) bool { return fg == j.pgid })
	switch w.rand.IntN(3) {
	case 0:
		w.note("  ^C")
		w.Key(ptytest.CtrlC)
		w.WaitPrompt()
		w.gone(j)
		w.expect("echo $?", "130")
	default:
		w.note("  ^Z")
		w.Key(ptytest.CtrlZ)
		w.WaitPrompt()
		w.expect("echo $?", "148")
		j.stopped = true
		w.touch(j)
	}
}

func (w *walk) step() {
	w.t.Helper()
	switch n := w.rand.IntN(14); {
	case n < 2 && len(w.jobs) < 8: // a foreground job
		text, comm, procs := w.command()
		w.note("%s", text)
		w.Line(text)
		j := &walkJob{pgid: w.WaitForegroundJob(comm), text: text, procs: procs}
		w.add(j)
		w.key(j)
	case n < 4 && len(w.jobs) < 8: // a background job
		text, _, procs := w.command()
		w.note("%s &", text)
		j := &walkJob{text: text, procs: procs}
		j.pgid = w.background(text + " &")
		w.waitProcs(j.pgid, j.procs)
		w.add(j)
	case n == 4:
		if j := w.pick(anyJob); j != nil {
			w.note("fg %%%d", j.id)
			w.Line(fmt.Sprintf("fg %%%d", j.id))
			j.stopped = false
			w.key(j)
		}
	case n == 5:
		if j := w.pick(func(j *walkJob) bool { return j.stopped }); j != nil {
			w.note("bg %%%d", j.id)
			w.expect(fmt.Sprintf("bg %%%d; echo $?", j.id), fmt.Sprintf("[%d] %s &\n0", j.id, j.text))
			j.stopped = false
			w.touch(j)
		}
	case n < 9: // by kill, from the shell or from outside
		j := w.pick(anyJob)
		if j == nil {
			return
		}
		sig := []string{"STOP", "TSTP", "CONT", "TERM", "KILL", "TTIN"}[w.rand.IntN(6)]
		if w.rand.IntN(2) == 0 {
			w.note("kill -%s %%%d", sig, j.id)
			w.Run(fmt.Sprintf("kill -%s %%%d", sig, j.id))
		} else {
			if sig == "TERM" && j.stopped {
				return // it would stay stopped, the signal pending
			}
			w.note("from outside: kill -%s -%d", sig, j.pgid)
			w.kill(-j.pgid, map[string]syscall.Signal{"STOP": syscall.SIGSTOP, "TSTP": syscall.SIGTSTP,
				"CONT": syscall.SIGCONT, "TERM": syscall.SIGTERM, "KILL": syscall.SIGKILL, "TTIN": syscall.SIGTTIN}[sig])
		}
		switch sig {
		case "TERM", "KILL":
			w.gone(j)
		case "CONT":
			if j.stopped {
				j.stopped = false
				w.touch(j)
			}
		default:
			if !j.stopped {
				j.stopped = true
				w.touch(j)
			}
		}
	case n == 9:
		if j := w.pick(anyJob); j != nil && w.rand.IntN(3) == 0 {
			w.note("disown %%%d", j.id)
			w.Run(fmt.Sprintf("disown %%%d", j.id))
			j.disowned = true
		}
	case n == 10:
		if j := w.pick(anyJob); j != nil {
			w.note("kill and wait %%%d", j.id)
			w.Run(fmt.Sprintf("kill -9 %%%d; wait %%%d; echo status $?", j.id, j.id))
			w.WaitText("status 137")
			w.gone(j)
		}
	case n == 11:
		w.note("wait")
		w.Line("wait; echo status $?")
		if w.pick(func(j *walkJob) bool { return !j.stopped }) != nil {
			w.waitInWait()
			w.Key(ptytest.CtrlC)
		}
		w.WaitPrompt()
	case n == 12: // one that nobody lists any more dies
		for _, j := range w.jobs {
			if j.disowned {
				w.note("from outside: kill -KILL -%d, disowned", j.pgid)
				w.kill(-j.pgid, syscall.SIGKILL)
				w.gone(j)
				return
			}
		}
	default:
		w.note("echo | cat")
		w.expect("echo x | cat; (echo y); echo $(echo z)", "x\ny\nz")
	}
}

var walkLine = regexp.MustCompile(`^(?:\[(\d+)\]([+\- ]) *| +)(\d+) (Running|Stopped|Done|Killed|Terminated|Interrupt)(?: \(\w+\)|\(\d+\))? +(.*?)( &)?$`)

// check compares kernel, shell and model.
func (w *walk) check() {
	w.t.Helper()
	shell := w.Pid()
	wrong := ""
	agree := func() bool {
		wrong = w.disagreement(shell)
		return wrong == ""
	}
	w.WaitFor("kernel and model to agree", func() bool {
		if w.t.Failed() {
			return true
		}
		return agree()
	})
	if wrong != "" {
		w.t.Fatalf("%s", wrong)
	}

	// The shell's list. What ended since the last prompt is told by jobs, once.
	want := slices.DeleteFunc(slices.Clone(w.jobs), func(j *walkJob) bool { return j.disowned })
	slices.SortFunc(want, func(a, b *walkJob) int {
		if a.stopped != b.stopped {
			if a.stopped {
				return -1
			}
			return 1
		}
		return cmp.Compare(b.changed, a.changed)
	})
	var expected []string
	for i, j := range want {
		mark, state := " ", "Running"
		if i < 2 {
			mark = "+-"[i : i+1]
		}
		if j.stopped {
			state = "Stopped"
		}
		expected = append(expected, fmt.Sprintf("[%d]%s %d %s", j.id, mark, j.pgid, state))
	}
	w.Run("true") // tells what ended
	out := w.Run("jobs -l")
	var got []string
	for line := range strings.Lines(out) {
		m := walkLine.FindStringSubmatch(strings.TrimRight(line, "\n"))
		switch {
		case m == nil:
			w.t.Fatalf("jobs -l wrote %q", line)
		case m[1] == "": // a later process of a pipeline
		default:
			state := m[4]
			if state == "Done" && strings.Contains(out, "/bin/true") {
				state = "" // a leader that died first: the next line has the job's state
			}
			got = append(got, fmt.Sprintf("[%s]%s %s %s", m[1], m[2], m[3], state))
		}
	}
	slices.Sort(expected)
	slices.Sort(got)
	same := len(expected) == len(got)
	for i := 0; same && i < len(got); i++ {
		same = got[i] == expected[i] || strings.HasSuffix(got[i], " ") && strings.HasPrefix(expected[i], got[i])
	}
	if !same {
		w.t.Fatalf("jobs -l says\n%s\nwhich is %q; the model has %q", out, got, expected)
	}
}

// disagreement compares the kernel with the model; "" if they agree.
func (w *walk) disagreement(shell int) string {
	if fg := w.Foreground(); fg != shell {
		return fmt.Sprintf("group %d has the terminal, not the shell %d", fg, shell)
	}
	members := map[int][]ptytest.ProcInfo{}
	for _, p := range w.Session() {
		switch {
		case p.Zombie():
			return fmt.Sprintf("a zombie: %v", p)
		case p.Pid == shell:
		default:
			members[p.Pgid] = append(members[p.Pgid], p)
		}
	}
	for _, j := range w.jobs {
		if len(members[j.pgid]) != j.procs {
			return fmt.Sprintf("job %d (%s) has the processes %v, not %d", j.id, j.text, members[j.pgid], j.procs)
		}
		for _, p := range members[j.pgid] {
			if p.Stopped() != j.stopped || j.stopped && !threadsStopped(p.Pid) {
				return fmt.Sprintf("job %d (%s): stopped must be %v: %v", j.id, j.text, j.stopped, p)
			}
		}
		delete(members, j.pgid)
	}
	if len(members) > 0 {
		return fmt.Sprintf("processes of no job: %v", members)
	}
	return ""
}

// threadsStopped tells whether every thread of a process is stopped: a subshell
// of jsh has several, and only the last one's stop is told to the parent.
func threadsStopped(pid int) bool {
	stats, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	for _, name := range stats {
		b, _ := os.ReadFile(name)
		if !strings.Contains(string(b), ") T ") {
			return false
		}
	}
	return true
}
