package front

import (
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
	"golang.org/x/term"

	"jsh/companion"
	"jsh/event"
	"jsh/jobs"
	"jsh/lab/why"
	"jsh/pgroup"
	"jsh/shell"
)

const whyHelp = `usage: why [--json] [PID | %JOB]
Says why a process is as it is: what stopped it, why ^C did not end it, what
it waits for, who must reap it, who adopted it; and what to type to change
that. Each claim has its source in brackets. Without an operand: the last
process that was stopped or killed, or the current job.
`

// builtinWhy is why in the shell: it has the shell's log and job table.
func builtinWhy(s *shell.Shell, args []string) int {
	operand, json, status := whyOperand(args, func(b string) { s.WriteOut([]byte(b)) }, s.Complain)
	if status >= 0 {
		return status
	}
	w := &whyShell{s: s}
	w.events, _ = s.Log.Since(0)
	w.hasLog = s.Pid() == s.ShellPid()
	w.watched = watchedBy(s)
	answers, msg := w.answer(operand)
	if msg != "" {
		s.Complain("why: " + msg)
		return 1
	}
	st := why.Style{Cols: 80}
	if fd := s.OutFD(); fd >= 0 && term.IsTerminal(fd) {
		st.Cols, st.Colour = columns(fd), s.Colour()
	}
	s.WriteOut(whyText(answers, st, json))
	return 0
}

// whyOperand reads the words of why. status is -1 where there is more to do.
func whyOperand(args []string, out, complain func(string)) (operand string, json bool, status int) {
	a := args[1:]
	for len(a) > 0 && strings.HasPrefix(a[0], "-") {
		switch a[0] {
		case "--json":
			json = true
		case "--help":
			out(whyHelp)
			return "", false, 0
		case "--":
		default:
			complain("why: " + a[0] + ": no such option (help why)")
			return "", false, 2
		}
		a = a[1:]
	}
	if len(a) > 1 {
		complain("why: one process or job at a time: why PID, or why %1")
		return "", false, 2
	}
	if len(a) == 1 {
		operand = a[0]
		if n, err := strconv.Atoi(operand); operand[:min(1, len(operand))] != "%" && (err != nil || n <= 0) {
			complain("why: " + operand + ": a process ID or a job ID such as %1 belongs here")
			return "", false, 2
		}
	}
	return operand, json, -1
}

func whyText(answers []why.Answer, st why.Style, json bool) []byte {
	if json {
		return why.JSON(answers)
	}
	text := ""
	for i := range answers {
		text += answers[i].Text(st)
	}
	return []byte(text)
}

// whyShell finds out what a shell is asked about.
type whyShell struct {
	s      *shell.Shell
	events []event.Event
	hasLog bool
	// watched is what others than this shell told the companion.
	watched []event.Event
}

// watchedBy is the companion's log without what this shell told it; empty where
// there is none.
func watchedBy(s *shell.Shell) []event.Event {
	path := s.Var(companion.EnvName)
	if link.Alive() {
		path = link.Path
	}
	if path == "" {
		return nil
	}
	all, err := companion.ReadLog(path)
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(all, func(e event.Event) bool { return e.Source == event.Shell || e.Source == 0 })
}

// maxAsked bounds for how many processes of one job why speaks.
const maxAsked = 4

func (w *whyShell) answer(operand string) (answers []why.Answer, msg string) {
	var j *jobs.Job
	pid, ended := 0, false
	switch {
	case strings.HasPrefix(operand, "%"):
		var err error
		if j, err = w.s.FindJob(operand); err != nil {
			return nil, err.Error()
		}
	case operand != "":
		pid, _ = strconv.Atoi(operand)
	default:
		if pid, ended = w.surprise(); pid == 0 {
			if j = w.s.CurrentJob(); j == nil {
				return nil, "nothing was stopped or killed, and there are no jobs: why PID asks about any process"
			}
		}
	}
	if j != nil {
		return w.job(j)
	}
	if !ended {
		if j = w.jobOf(pid); j != nil && operand == "" {
			return w.job(j)
		}
	}
	f, err := why.Gather(pid, w.asker(j, pid, ended))
	if err != nil {
		return nil, err.Error()
	}
	return []why.Answer{why.Explain(f)}, ""
}

// surprise is the process that was stopped or killed last, 0 if none; ended
// says that it was waited for.
func (w *whyShell) surprise() (pid int, ended bool) {
	past := map[int]bool{}
	for i := len(w.events) - 1; i >= 0; i-- {
		e := &w.events[i]
		if past[e.Pid] {
			continue
		}
		switch e.Kind {
		case event.Killed:
			return e.Pid, true
		case event.Stopped:
			return e.Pid, false
		case event.Continued, event.Exited:
			past[e.Pid] = true
		}
	}
	return 0, false
}

// job answers for the living processes of a job: fully for the one that
// matters most, in short for the others.
func (w *whyShell) job(j *jobs.Job) (answers []why.Answer, msg string) {
	main := -1
	for i := range j.Procs {
		if j.Procs[i].State == jobs.Stopped {
			main = i
			break
		}
		if j.Procs[i].State == jobs.Running && main < 0 {
			main = i
		}
	}
	if main < 0 {
		main = len(j.Procs) - 1
	}
	for n := range j.Procs {
		i := n
		if n == 0 {
			i = main
		} else if n <= main {
			i = n - 1
		}
		p := &j.Procs[i]
		if i != main && (p.State == jobs.Done || p.State == jobs.Stopped && p.Sig == j.Procs[main].Sig) {
			continue // of the latter the first answer tells
		}
		if len(answers) == maxAsked {
			break
		}
		f, err := why.Gather(p.Pid, w.asker(j, p.Pid, p.State == jobs.Done))
		if err != nil {
			return nil, err.Error()
		}
		if i == main {
			answers = append(answers, why.Explain(f))
		} else {
			answers = append(answers, why.Brief(f))
		}
	}
	return answers, ""
}

// jobOf is the job that a process belongs to: as one that the shell started, or
// by its process group.
func (w *whyShell) jobOf(pid int) *jobs.Job {
	pgid, _ := unix.Getpgid(pid)
	for _, j := range w.s.JobsNow() {
		if !j.Listed() {
			continue
		}
		if j.Pgid != 0 && j.Pgid == pgid {
			return j
		}
		for i := range j.Procs {
			if j.Procs[i].Pid == pid && j.Procs[i].State != jobs.Done {
				return j
			}
		}
	}
	return nil
}

func (w *whyShell) asker(j *jobs.Job, pid int, ended bool) why.Asker {
	k := why.Asker{Shell: w.s.ShellPid(), Jobs: w.s.JobOfGroup(), HasLog: w.hasLog, Events: w.events, Watched: w.watched, Ended: ended, Neglects: w.s.Lacks(shell.Reap)}
	if j != nil {
		k.Job = &why.Job{ID: j.ID(), Pgid: j.Pgid, Text: j.Text, Stopped: j.State() == jobs.Stopped}
		for i := range j.Procs {
			if p := &j.Procs[i]; p.Pid == pid && p.State == jobs.Stopped {
				k.Job.Sig = p.Sig
			}
		}
		if m, ok := j.Modes.(*pgroup.Modes); ok && m != nil {
			k.Job.Raw = m.Lflag&unix.ISIG == 0
		}
	}
	return k
}

// offerWhy has the shell point to why below the notice of a job that stopped for
// a reason that is not plain, once for each kind. A terminal without attributes
// is spared: what is not dim would be taken for part of the notice.
func offerWhy(s *shell.Shell) {
	var told pgroup.SignalSet
	s.Remark = func(j *jobs.Job) string {
		if j.State() != jobs.Stopped || !s.Colour() {
			return ""
		}
		for i := range j.Procs {
			p := &j.Procs[i]
			sig := unix.Signal(p.Sig)
			if p.State != jobs.Stopped || sig != unix.SIGTTIN && sig != unix.SIGTTOU || told.Has(sig) {
				continue
			}
			told = told.With(sig)
			return "\x1b[2m    type why\x1b[0m"
		}
		return ""
	}
}

// runWhy is jsh why: the same from any shell, without its log.
func runWhy(args []string) int {
	complain := func(m string) { os.Stderr.WriteString("jsh: " + m + "\n") }
	operand, json, status := whyOperand(args, func(b string) { os.Stdout.WriteString(b) }, complain)
	if status >= 0 {
		return status
	}
	if operand == "" || operand[0] == '%' {
		complain("why: from outside a shell only a process ID can be asked about: jsh why PID")
		return 2
	}
	pid, _ := strconv.Atoi(operand)
	var k why.Asker
	if path := os.Getenv(companion.EnvName); path != "" {
		k.Watched, _ = companion.ReadLog(path)
	}
	f, err := why.Gather(pid, k)
	if err != nil {
		complain("why: " + err.Error())
		return 1
	}
	st := why.Style{Cols: 80}
	if term.IsTerminal(1) {
		t := os.Getenv("TERM")
		st.Cols, st.Colour = columns(1), os.Getenv("NO_COLOR") == "" && t != "" && t != "dumb"
	}
	os.Stdout.Write(whyText([]why.Answer{why.Explain(f)}, st, json))
	return 0
}
