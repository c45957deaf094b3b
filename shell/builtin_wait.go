package shell

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/jobs"
	"jsh/pgroup"
)

// builtinWait is wait (POSIX.1-2024, wait) with bash's -n.
func builtinWait(s *Shell, args []string) int {
	a := args[1:]
	next := false
	for len(a) > 0 && len(a[0]) > 1 && a[0][0] == '-' {
		w := a[0]
		a = a[1:]
		if w == "--" {
			break
		}
		if w != "-n" {
			return s.usage("wait", w+": no such option (there is -n: wait for the next job that ends)")
		}
		next = true
	}
	// SIGCHLD must wake the shell even where it is not interactive.
	s.waits++
	s.disposition(unix.SIGCHLD)
	defer func() {
		s.waits--
		s.disposition(unix.SIGCHLD)
		s.afterWait()
	}()
	if next {
		return s.waitNext(a)
	}
	if len(a) == 0 {
		for {
			s.reapAll()
			if s.jobs.RunningJobs() == 0 && !s.anyLeavesStop() {
				s.jobs.ForgetFinished()
				return 0
			}
			if st, stop := s.waitSignal(); stop {
				return st
			}
		}
	}
	status := 0
	for _, w := range a {
		var stop bool
		if status, stop = s.waitOperand(w); stop {
			return status
		}
	}
	return status
}

// waitOperand waits for one operand. stop says that a signal ended wait.
func (s *Shell) waitOperand(w string) (status int, stop bool) {
	s.reapAll()
	pid := 0
	if strings.HasPrefix(w, "%") {
		j, err := s.jobs.Find(w)
		if err != nil {
			s.complain("wait: " + err.Error())
			return 127, false
		}
		pid = j.Pid()
	} else {
		var err error
		if pid, err = strconv.Atoi(w); err != nil || pid <= 0 {
			s.complain("wait: " + w + ": a process ID or %job is wanted")
			return 2, false
		}
	}
	for {
		r, ok := s.jobs.Known(pid)
		if !ok {
			// Unknown process IDs count as ended with 127 (POSIX, wait).
			return 127, false
		}
		switch r.State {
		case jobs.Done:
			s.jobs.Forget(pid)
			return r.Status, false
		case jobs.Stopped:
			if !leavesStop(r.Job) {
				return r.Status, false
			}
		}
		if st, stop := s.waitSignal(); stop {
			return st, true
		}
		s.reapAll()
	}
}

// waitNext waits for the next of the given jobs (or of all) to end.
func (s *Shell) waitNext(a []string) int {
	want := map[int]bool{}
	for _, w := range a {
		if strings.HasPrefix(w, "%") {
			j, err := s.jobs.Find(w)
			if err != nil {
				s.complain("wait: " + err.Error())
				continue
			}
			want[j.Pid()] = true
		} else if pid, err := strconv.Atoi(w); err == nil {
			want[pid] = true
		} else {
			s.complain("wait: " + w + ": a process ID or %job is wanted")
		}
	}
	var accept func(jobs.Result) bool
	if len(a) > 0 {
		accept = func(r jobs.Result) bool { return want[r.Pid] }
	}
	for {
		s.reapAll()
		if r, ok := s.jobs.NextFinished(accept); ok {
			s.jobs.Forget(r.Pid)
			return r.Status
		}
		left := s.jobs.RunningJobs()
		if len(a) > 0 {
			left = 0
			for pid := range want {
				if r, ok := s.jobs.Known(pid); ok && r.State == jobs.Running {
					left++
				}
			}
		}
		if left == 0 {
			return 127
		}
		if st, stop := s.waitSignal(); stop {
			return st
		}
	}
}

// waitSignal sleeps until a caught signal comes. A signal with a trap ends wait
// at once with a status above 128, and the trap runs after it (2.12); ^C ends
// it in an interactive shell.
func (s *Shell) waitSignal() (status int, stop bool) {
	s.awaitInput(closed)
	set := pgroup.Pending()
	s.later |= set.Without(unix.SIGCHLD)
	if s.traps.actions[unix.SIGCHLD].action != "" {
		s.later |= set
	}
	for sig := unix.Signal(1); sig <= 64; sig++ {
		if !set.Has(sig) {
			continue
		}
		if a := s.traps.actions[sig]; a.set && a.action != "" {
			if sig == unix.SIGCHLD {
				s.reapAll()
			}
			return 128 + int(sig), true
		}
		if s.interactive && (sig == unix.SIGINT || sig == unix.SIGHUP) {
			return 128 + int(sig), true
		}
	}
	return 0, false
}

// A stopped job does not keep wait from returning: nobody could continue it
// while the shell waits. But after kill -9 %1 or kill -CONT %1 it is on its
// way, and wait must not give the status of the stop.

// leavesStop tells whether the kernel is continuing or ending a process of a
// job that the job table has as stopped: its change is still to come.
func leavesStop(j *jobs.Job) bool {
	for _, p := range j.Procs {
		if p.State != jobs.Stopped {
			continue
		}
		if state, _, ok := procStat(p.Pid); ok && state != 'T' && state != 't' {
			return true
		}
	}
	return false
}

func (s *Shell) anyLeavesStop() bool {
	return s.jobs.StoppedJobs() > 0 && slices.ContainsFunc(s.jobs.Listed(), leavesStop)
}
