package jobs

import (
	"strconv"
	"strings"
)

// Notice is what the user is to be told of one job.
type Notice struct {
	Job  *Job
	Line string // without a newline: "[1]+ Stopped (SIGTSTP)  sleep 100"
}

// Notices returns a notice for each job that stopped or ended since it was told
// last, in ascending job number, and takes them for told: ended jobs leave the
// table; their statuses stay known to wait. The marks are those before any job
// left. An interactive shell calls it before each prompt, or at once under
// set -b (POSIX.1-2024 XCU 2.11). A job that somebody continued with SIGCONT has
// no notice, as in other shells.
func (t *Table) Notices() []Notice {
	if t.due.n == 0 {
		return nil
	}
	due := t.takeDue()
	w := newWriter(t, due)
	if w.current == nil {
		// All were waited for, so none is on the list. The last one was current.
		w.current = due[len(due)-1]
	}
	notices := make([]Notice, len(due))
	for i, j := range due {
		notices[i] = Notice{j, w.line(j)}
		if j.state == Done {
			t.Remove(j)
		}
	}
	return notices
}

// Options choose what jobs lists.
type Options struct {
	Long    bool // -l: the process IDs, one process a line
	Running bool // -r: only running jobs
	Stopped bool // -s: only stopped jobs
	Changed bool // -n: only jobs whose state was not told yet
}

// Listing returns the lines of the jobs command, without newlines, for the jobs
// given, or for all listed jobs when of is nil. What it reports counts as told,
// and an ended job that it reports leaves the table and is no longer known to
// wait (POSIX.1-2024, jobs, DESCRIPTION).
func (t *Table) Listing(opt Options, of []*Job) []string {
	if of == nil {
		of = t.Listed()
	}
	chosen := make([]*Job, 0, len(of))
	for _, j := range of {
		if opt.choose(j) {
			chosen = append(chosen, j)
		}
	}
	w := newWriter(t, chosen)
	if opt.Long {
		w.widen(chosen)
	}
	lines := make([]string, 0, len(chosen))
	for _, j := range chosen {
		if opt.Long {
			lines = w.long(lines, j)
		} else {
			lines = append(lines, w.line(j))
		}
	}
	for _, j := range chosen {
		j.due.leave()
		if j.state != Done {
			continue
		}
		if j.known != nil {
			t.forget(j.known)
		}
		t.Remove(j)
	}
	return lines
}

// Leaders returns what jobs -p prints, a process ID a line: the process group ID
// of each listed job, or for a job without its own group its Pid. It reports no
// state, so nothing counts as told.
func (t *Table) Leaders(opt Options, of []*Job) []int {
	if of == nil {
		of = t.Listed()
	}
	pids := make([]int, 0, len(of))
	for _, j := range of {
		if opt.choose(j) {
			pids = append(pids, j.Leader())
		}
	}
	return pids
}

// choose reports whether the options let j be listed.
func (opt Options) choose(j *Job) bool {
	return j.Listed() &&
		(!opt.Running || j.state == Running) &&
		(!opt.Stopped || j.state == Stopped) &&
		(!opt.Changed || j.Changed())
}

// StateText returns the job's state in words: "Running", "Stopped (SIGTSTP)",
// "Done", "Done(2)", "Killed (SIGKILL)".
func (j *Job) StateText() string {
	if j.state == Running {
		return "Running"
	}
	p := j.decider()
	if j.state == Done && !p.Killed {
		return doneText(j.Status())
	}
	return p.StateText()
}

// StateText returns the process's state in words, as Job.StateText.
func (p *Proc) StateText() string {
	switch {
	case p.State == Stopped:
		return stoppedText(p.Sig)
	case p.Killed:
		return killedText(p.Sig, p.Core)
	case p.State == Done:
		return doneText(p.Status)
	}
	return "Running"
}

func doneText(status int) string {
	if status == 0 {
		return "Done"
	}
	return "Done(" + strconv.Itoa(status) + ")"
}

// StartLine is what an interactive shell writes when it starts a job in the
// background: "[1] 4711" (POSIX.1-2024 XCU 2.9.3.1).
func (j *Job) StartLine() string {
	return "[" + strconv.Itoa(j.id) + "] " + strconv.Itoa(j.Pid())
}

// BgLine is what bg writes for a job: "[1] sleep 100 &" (POSIX.1-2024, bg).
func (j *Job) BgLine() string {
	return "[" + strconv.Itoa(j.id) + "] " + j.Text + " &"
}

// minState is the narrowest column of states: it holds "Stopped (SIGTSTP)", so
// that notices written at different prompts align in the usual cases.
const minState = len("Stopped (SIGTSTP)")

// writer lays out the lines of one listing in common columns.
type writer struct {
	current, previous *Job
	number            int // width of the widest job number
	state             int // width of the widest state
	pid               int // width of the widest process ID
}

func newWriter(t *Table, of []*Job) *writer {
	w := &writer{state: minState}
	w.current, w.previous = t.firstTwo()
	for _, j := range of {
		w.number = max(w.number, len(strconv.Itoa(j.id)))
		w.state = max(w.state, len(j.StateText()))
	}
	return w
}

// widen makes room for the states of the processes, which jobs -l shows.
func (w *writer) widen(of []*Job) {
	for _, j := range of {
		for i := range j.Procs {
			p := &j.Procs[i]
			w.state = max(w.state, len(p.StateText()))
			w.pid = max(w.pid, len(strconv.Itoa(p.Pid)))
		}
		w.pid = max(w.pid, len(strconv.Itoa(j.Leader())))
	}
}

// head is "[1]+ ", padded to the widest number.
func (w *writer) head(b *strings.Builder, j *Job) {
	id := strconv.Itoa(j.id)
	b.WriteByte('[')
	b.WriteString(id)
	b.WriteByte(']')
	switch j {
	case w.current:
		b.WriteByte('+')
	case w.previous:
		b.WriteByte('-')
	default:
		b.WriteByte(' ')
	}
	pad(b, 1+w.number-len(id))
}

func (w *writer) line(j *Job) string {
	var b strings.Builder
	w.head(&b, j)
	w.tail(&b, j.StateText(), j.Text, j.state == Running)
	return b.String()
}

func (w *writer) tail(b *strings.Builder, state, text string, running bool) {
	b.WriteString(state)
	pad(b, w.state-len(state)+2)
	b.WriteString(text)
	if running {
		b.WriteString(" &")
	}
}

// long appends the lines of jobs -l. A job whose processes have texts of their
// own gets a line for each, with its process ID and state, as in bash: which
// stage of a pipeline still runs is what one asks -l for. The first process's
// ID is the process group ID that POSIX wants there.
func (w *writer) long(lines []string, j *Job) []string {
	var b strings.Builder
	w.head(&b, j)
	if len(j.Procs) == 1 || j.Procs[0].Text == "" {
		w.processID(&b, j.Leader())
		w.tail(&b, j.StateText(), j.Text, j.state == Running)
		return append(lines, b.String())
	}
	indent := b.Len()
	for i := range j.Procs {
		p := &j.Procs[i]
		text := p.Text
		if i > 0 {
			pad(&b, indent)
			text = "| " + text
		}
		w.processID(&b, p.Pid)
		w.tail(&b, p.StateText(), text, i == len(j.Procs)-1 && j.state == Running)
		lines = append(lines, b.String())
		b.Reset()
	}
	return lines
}

// processID writes a process ID, padded on the left to the widest.
func (w *writer) processID(b *strings.Builder, pid int) {
	s := strconv.Itoa(pid)
	pad(b, w.pid-len(s))
	b.WriteString(s)
	b.WriteByte(' ')
}

func pad(b *strings.Builder, n int) {
	for ; n > 0; n-- {
		b.WriteByte(' ')
	}
}
