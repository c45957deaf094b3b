package jobs

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Notice is what the user is to be told of one job.
type Notice struct {
	Job  *Job
	Line string // without a newline: "[1]+ Stopped (SIGTSTP)  sleep 100"
}

// Notices returns a notice for each listed job whose state was not told yet, in
// ascending job number, and takes them for told: the ended ones leave the
// table, their statuses stay known to wait. The marks are those before any job
// left. An interactive shell calls it before each prompt, or at once under
// set -b (POSIX.1-2024 XCU 2.11).
func (t *Table) Notices() []Notice {
	if len(t.changed) == 0 {
		return nil
	}
	due := t.takeChanged()
	w := newWriter(t, due)
	notices := make([]Notice, len(due))
	for i, j := range due {
		notices[i] = Notice{j, w.line(j)}
	}
	t.setTold(due)
	return notices
}

// setTold notes that the state of each job was told.
func (t *Table) setTold(told []*Job) {
	for _, j := range told {
		j.changed, j.told = false, j.state
		if j.state != Done {
			continue
		}
		if j.known != nil {
			j.known.unwaited.leave()
		}
		t.Remove(j)
	}
}

// Options choose what jobs lists.
type Options struct {
	Long    bool // -l: the process IDs, one process a line
	Running bool // -r: only running jobs
	Stopped bool // -s: only stopped jobs
	Changed bool // -n: only jobs whose state was not told yet
}

// Listing returns the lines of the jobs command for the jobs given, or for all
// listed jobs when of is nil. What it reports counts as told: ended jobs leave
// the table after it (POSIX.1-2024, jobs).
func (t *Table) Listing(opt Options, of []*Job) []string {
	if of == nil {
		of = t.Listed()
	}
	chosen := make([]*Job, 0, len(of))
	for _, j := range of {
		if !j.Listed() || opt.Running && j.state != Running || opt.Stopped && j.state != Stopped || opt.Changed && !j.changed {
			continue
		}
		chosen = append(chosen, j)
	}
	w := newWriter(t, chosen)
	lines := make([]string, 0, len(chosen))
	for _, j := range chosen {
		if opt.Long {
			lines = w.long(lines, j)
		} else {
			lines = append(lines, w.line(j))
		}
	}
	t.setTold(chosen)
	return lines
}

// Listed returns the jobs that the jobs command knows: all but those in the
// foreground, in ascending job number.
func (t *Table) Listed() []*Job {
	listed := make([]*Job, 0, t.byID.n)
	for x := t.byID.head; x != nil; x = x.next {
		if x.of.Listed() {
			listed = append(listed, x.of)
		}
	}
	return listed
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
}

func newWriter(t *Table, of []*Job) *writer {
	w := &writer{state: minState}
	w.current, w.previous = t.firstTwo()
	for _, j := range of {
		w.number = max(w.number, len(strconv.Itoa(j.id)))
		w.state = max(w.state, utf8.RuneCountInString(j.StateText()))
	}
	return w
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

// long appends the lines of jobs -l: each process's ID and state. The first
// line has the process group ID, as POSIX asks: it is the first process's ID.
func (w *writer) long(lines []string, j *Job) []string {
	var b strings.Builder
	w.head(&b, j)
	pid := j.Pgid
	if pid == 0 {
		pid = j.Procs[0].Pid
	}
	if len(j.Procs) == 1 || j.Procs[0].Text == "" {
		b.WriteString(strconv.Itoa(pid) + " ")
		w.tail(&b, j.StateText(), j.Text, j.state == Running)
		return append(lines, b.String())
	}
	indent := b.Len()
	for i := range j.Procs {
		p := &j.Procs[i]
		text := p.Text
		if i > 0 {
			pad(&b, indent)
			pid = p.Pid
			text = "| " + text
		}
		b.WriteString(strconv.Itoa(pid) + " ")
		w.tail(&b, p.StateText(), text, i == len(j.Procs)-1 && j.state == Running)
		lines = append(lines, b.String())
		b.Reset()
	}
	return lines
}

func pad(b *strings.Builder, n int) {
	for ; n > 0; n-- {
		b.WriteByte(' ')
	}
}
