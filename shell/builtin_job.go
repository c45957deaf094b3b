package shell

import (
	"errors"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/jobs"
)

// needMonitor refuses fg, bg and suspend without job control.
func (s *Shell) needMonitor(name string) bool {
	if s.monitor {
		return true
	}
	s.complain(name + ": there is no job control here (set -m turns it on; a subshell has none of its own)")
	return false
}

// findJob finds a job for fg, bg and disown, where a job ID may lack its %.
func (s *Shell) findJob(name, spec string) (*jobs.Job, bool) {
	j, err := s.jobs.FindLoose(spec)
	if err != nil {
		s.complain(name + ": " + err.Error())
		return nil, false
	}
	return j, true
}

// operandsOf checks that a builtin without options got none.
func (s *Shell) operandsOf(args []string) ([]string, bool) {
	a := args[1:]
	if len(a) > 0 && a[0] == "--" {
		return a[1:], true
	}
	if len(a) > 0 && len(a[0]) > 1 && a[0][0] == '-' {
		s.usage(args[0], a[0]+": it takes no options")
		return nil, false
	}
	return a, true
}

func builtinFg(s *Shell, args []string) int {
	a, ok := s.operandsOf(args)
	if !ok {
		return 2
	}
	if !s.needMonitor("fg") {
		return 1
	}
	s.reap()
	spec := "%+"
	if len(a) > 1 {
		return s.usage("fg", "only one job can be in the foreground")
	}
	if len(a) == 1 {
		spec = a[0]
	}
	j, ok := s.findJob("fg", spec)
	if !ok {
		return 1
	}
	if j.State() == jobs.Done {
		s.complain("fg: %" + itoa(j.ID()) + ": the job has ended already (" + j.StateText() + ")")
		return 1
	}
	if j.Pgid == 0 {
		s.complain("fg: %" + itoa(j.ID()) + ": the job was started without job control: it has no process group of its own")
		return 1
	}
	if st := s.outString("fg", j.Text+"\n"); st != 0 {
		return st
	}
	if err := s.continueJob(j, true); err != nil && !errors.Is(err, unix.ESRCH) {
		s.complain("fg: %" + itoa(j.ID()) + ": " + errnoText(err))
		s.takeTerminalBack(j, true)
		return 1
	}
	s.next = s.waitForeground(j)
	return s.status
}

func builtinBg(s *Shell, args []string) int {
	a, ok := s.operandsOf(args)
	if !ok {
		return 2
	}
	if !s.needMonitor("bg") {
		return 1
	}
	s.reap()
	if len(a) == 0 {
		a = []string{"%+"}
	}
	status := 0
	for _, spec := range a {
		j, ok := s.findJob("bg", spec)
		if !ok {
			status = 1
			continue
		}
		switch {
		case j.State() == jobs.Done:
			s.complain("bg: %" + itoa(j.ID()) + ": the job has ended already (" + j.StateText() + ")")
			status = 1
			continue
		case j.Pgid == 0:
			s.complain("bg: %" + itoa(j.ID()) + ": the job was started without job control: it has no process group of its own")
			status = 1
			continue
		case j.State() == jobs.Running:
			s.complain("bg: %" + itoa(j.ID()) + ": already running in the background")
			continue // POSIX, bg: no effect, and success
		}
		if err := s.continueJob(j, false); err != nil {
			s.complain("bg: %" + itoa(j.ID()) + ": " + errnoText(err))
			status = 1
			continue
		}
		s.bgPid, s.hasBg = j.Pid(), true
		s.outString("bg", j.BgLine()+"\n")
	}
	return status
}

func builtinJobs(s *Shell, args []string) int {
	var opt jobs.Options
	leaders := false
	a := args[1:]
	for len(a) > 0 && len(a[0]) > 1 && a[0][0] == '-' {
		if a[0] == "--" {
			a = a[1:]
			break
		}
		for _, c := range a[0][1:] {
			switch c {
			case 'l':
				opt.Long = true
			case 'p':
				leaders = true
			case 'r':
				opt.Running = true
			case 's':
				opt.Stopped = true
			case 'n':
				opt.Changed = true
			default:
				return s.usage("jobs", "-"+string(c)+": no such option (there are -l long, -p process groups, -r running, -s stopped, -n changed)")
			}
		}
		a = a[1:]
	}
	s.reap()
	var of []*jobs.Job
	status := 0
	for _, spec := range a {
		j, err := s.jobs.Find(spec)
		if err != nil {
			s.complain("jobs: " + err.Error())
			status = 1
			continue
		}
		of = append(of, j)
	}
	if len(a) > 0 && len(of) == 0 {
		return status
	}
	var b strings.Builder
	if leaders {
		for _, pid := range s.jobs.Leaders(opt, of) {
			b.WriteString(itoa(pid) + "\n")
		}
	} else {
		for _, line := range s.jobs.Listing(opt, of) {
			b.WriteString(line + "\n")
		}
	}
	return max(s.outString("jobs", b.String()), status)
}

func builtinDisown(s *Shell, args []string) int {
	a := args[1:]
	var all, running, spare bool
	for len(a) > 0 && len(a[0]) > 1 && a[0][0] == '-' && a[0] != "--" {
		for _, c := range a[0][1:] {
			switch c {
			case 'a':
				all = true
			case 'r':
				running = true
			case 'h':
				spare = true
			default:
				return s.usage("disown", "-"+string(c)+": no such option (there are -h spare from SIGHUP, -a all, -r running)")
			}
		}
		a = a[1:]
	}
	if len(a) > 0 && a[0] == "--" {
		a = a[1:]
	}
	s.reap()
	var list []*jobs.Job
	status := 0
	switch {
	case all || running && len(a) == 0:
		list = s.jobs.Listed()
	case len(a) == 0:
		a = []string{"%+"}
		fallthrough
	default:
		for _, spec := range a {
			if j, ok := s.findJob("disown", spec); ok {
				list = append(list, j)
			} else {
				status = 1
			}
		}
	}
	for _, j := range list {
		switch {
		case running && j.State() != jobs.Running:
		case spare:
			s.jobs.NoHup(j)
		default:
			if j.State() == jobs.Stopped && s.interactive {
				s.complain("disown: %" + itoa(j.ID()) + " is stopped. kill -CONT -- -" + itoa(j.Pgid) + " continues it. Do that before this shell ends:\n  then the group is orphaned, and the kernel hangs up orphaned groups with stopped members.")
			}
			s.jobs.Remove(j)
		}
	}
	return status
}

func builtinSuspend(s *Shell, args []string) int {
	force := len(args) > 1 && args[1] == "-f"
	if len(args) > 2 || len(args) == 2 && !force {
		return s.usage("suspend", args[1]+": only -f may follow (suspend a login shell too)")
	}
	if !s.needMonitor("suspend") {
		return 1
	}
	if s.loginShell && !force {
		s.complain("suspend: this is a login shell: nobody is there to continue it (suspend -f does it all the same)")
		return 1
	}
	sid, _ := unix.Getsid(0)
	if sid == s.Kernel.Pid && s.SuspendOuter != nil {
		if err := s.SuspendOuter(); err != nil {
			s.complain("suspend: " + err.Error())
			return 1
		}
		return 0
	}
	if sid == s.Kernel.Pid {
		s.complain("suspend: this shell leads its session: no shell above it could continue it")
		return 1
	}
	s.leaveJobControl()
	stopped := s.stopGroup(unix.SIGTSTP)
	s.resumeJobControl()
	if !stopped {
		s.complain("suspend: the kernel discarded SIGTSTP: this shell's process group is orphaned, no shell above it could continue it")
		return 1
	}
	return 0
}

// killTarget is where kill sends: a process, or a group where group is set.
type killTarget struct {
	pid   int
	group bool
	job   *jobs.Job
}

func builtinKill(s *Shell, args []string) int {
	a := args[1:]
	sig := unix.SIGTERM
	named := false
	if len(a) > 0 && len(a[0]) > 1 && a[0][0] == '-' && a[0] != "--" {
		w := a[0]
		a = a[1:]
		var spec string
		switch {
		case w == "-l" || w == "-L":
			return s.killList(a)
		case w == "-s" || w == "-n":
			if len(a) == 0 {
				return s.usage("kill", w+": the signal is missing (kill -l lists them)")
			}
			spec, a = a[0], a[1:]
		case strings.HasPrefix(w, "-s"):
			spec = w[2:]
			if _, ok := jobs.SigNumber(spec); !ok {
				spec = w[1:]
			}
		default:
			spec = w[1:]
		}
		n, ok := jobs.SigNumber(spec)
		if !ok {
			return s.usage("kill", spec+": no such signal (kill -l lists them)")
		}
		sig, named = unix.Signal(n), true
	}
	_ = named
	if len(a) > 0 && a[0] == "--" {
		a = a[1:]
	}
	if len(a) == 0 {
		return s.usage("kill", "whom? give a pid, -pgid or %job (kill -s SIGNAL PID …, kill -l)")
	}
	s.reap()
	status := 0
	for _, w := range a {
		t, err := s.killTarget(w)
		if err != nil {
			s.complain("kill: " + err.Error())
			status = 1
			continue
		}
		if err := s.sendTo(t, sig); err != nil {
			s.complain("kill: " + w + ": " + killAdvice(err, t))
			status = 1
		}
	}
	return status
}

func killAdvice(err error, t killTarget) string {
	switch {
	case errors.Is(err, unix.ESRCH) && t.group:
		return "no process group " + itoa(t.pid) + " (ESRCH)"
	case errors.Is(err, unix.ESRCH):
		return "no process " + itoa(t.pid) + " (ESRCH)"
	case errors.Is(err, unix.EPERM):
		return "not permitted (EPERM): the process belongs to another user"
	}
	return errnoText(err)
}

func (s *Shell) killTarget(w string) (killTarget, error) {
	if strings.HasPrefix(w, "%") {
		j, err := s.jobs.Find(w)
		if err != nil {
			return killTarget{}, err
		}
		if j.Pgid != 0 {
			return killTarget{pid: j.Pgid, group: true, job: j}, nil
		}
		return killTarget{pid: j.Pid(), job: j}, nil
	}
	n, err := strconv.Atoi(w)
	if err != nil {
		return killTarget{}, errors.New(w + ": a process ID, -pgid or %job is wanted")
	}
	if n < -1 {
		return killTarget{pid: -n, group: true}, nil
	}
	return killTarget{pid: n}, nil
}

// sendTo sends a signal. A stopped job is continued after a signal that is to
// end it, or it would only die when somebody continues it (as other shells
// do for SIGTERM and SIGHUP).
func (s *Shell) sendTo(t killTarget, sig unix.Signal) error {
	if t.job != nil && t.job.Pgid == 0 {
		// Started without job control: its processes one by one.
		var err error
		for _, p := range t.job.Procs {
			if p.State != jobs.Done {
				err = s.Kernel.Kill(p.Pid, sig)
			}
		}
		return err
	}
	var err error
	if t.group {
		err = s.Kernel.KillGroup(t.pid, sig)
	} else {
		err = s.Kernel.Kill(t.pid, sig)
	}
	if err == nil && t.job != nil && t.job.State() == jobs.Stopped && (sig == unix.SIGTERM || sig == unix.SIGHUP) {
		s.Kernel.KillGroup(t.pid, unix.SIGCONT)
	}
	return err
}

// signalNames is what kill -l writes: the names in POSIX's format, with blanks
// and newlines between them, in lines that no terminal breaks inside a name.
func signalNames() string {
	const width = 76
	var b strings.Builder
	col := 0
	for n := 1; n <= jobs.MaxSig; n++ {
		name := strings.TrimPrefix(jobs.SigName(n), "SIG")
		switch {
		case name == "":
			continue
		case col > 0 && col+1+len(name) > width:
			b.WriteByte('\n')
			col = 0
		case col > 0:
			b.WriteByte(' ')
			col++
		}
		b.WriteString(name)
		col += len(name)
	}
	b.WriteByte('\n')
	return b.String()
}

func (s *Shell) killList(a []string) int {
	var b strings.Builder
	if len(a) == 0 {
		return s.outString("kill", signalNames())
	}
	status := 0
	for _, w := range a {
		n, err := strconv.Atoi(w)
		if err != nil {
			if num, ok := jobs.SigNumber(w); ok {
				b.WriteString(itoa(num) + "\n")
				continue
			}
		}
		if n > 128 {
			n -= 128
		}
		name := jobs.SigName(n)
		if err != nil || name == "" {
			s.complain("kill: " + w + ": no signal, and no exit status that a signal gives")
			status = 1
			continue
		}
		b.WriteString(strings.TrimPrefix(name, "SIG") + "\n")
	}
	return max(s.outString("kill", b.String()), status)
}

// setMonitor turns job control on or off (set -m).
func (s *Shell) setMonitor(on bool) error {
	if !on {
		s.monitor, s.opts.monitor = false, false
		for _, sig := range jobControlSignals {
			s.disposition(sig)
		}
		return nil
	}
	return s.startJobControl()
}
