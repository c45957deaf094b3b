package shell

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"jsh/jobs"
	"jsh/pgroup"
)

// What the shell must know of processes that are not its children, it reads
// from /proc: the kernel tells only parents.

// stopGrace is how long the other members of a stopped job may take to stop.
const stopGrace = 100 * time.Millisecond

// awaitStop waits, for stopGrace at most, until no member of a process group
// runs any more. A job is stopped for the shell when its own children are; but
// man's pager or git's is a grandchild, and handles SIGTSTP by putting the
// terminal right before it stops. Done after the shell has begun to read a
// line, that would spoil the line's modes and screen.
func awaitStop(pgid int) {
	pause := unix.Timespec{Nsec: int64(time.Millisecond)}
	for end := time.Now().Add(stopGrace); groupRuns(pgid) && time.Now().Before(end); {
		unix.Nanosleep(&pause, nil)
	}
}

// groupRuns tells whether a process group has a member that is neither stopped
// nor ended.
func groupRuns(pgid int) bool {
	for _, name := range listDir("/proc") {
		pid, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		if g, err := unix.Getpgid(pid); err != nil || g != pgid {
			continue
		}
		if state, _, ok := procStat(pid); ok && strings.IndexByte("TtZX", state) < 0 {
			return true
		}
	}
	return false
}

// handling are the living processes of a job that catch or ignore a signal.
func (s *Shell) handling(j *jobs.Job, sig unix.Signal) []int {
	pids := []int{}
	for _, p := range j.Procs {
		if p.State != jobs.Done && s.handles(p.Pid, sig) {
			pids = append(pids, p.Pid)
		}
	}
	return pids
}

// handles reads from proc_pid_status(5) whether a process catches or ignores a
// signal. One that has ended does neither. Of a subshell of ours only ignoring
// counts: the Go runtime catches every signal, to die of most.
func (s *Shell) handles(pid int, sig unix.Signal) bool {
	self := s.self()
	self = self[strings.LastIndexByte(self, '/')+1:]
	ours := false
	set := uint64(0)
	statusLines(pid, func(name, value string) {
		switch {
		case name == "Name":
			ours = value == SubshellName || value == self
		case name == "SigIgn", name == "SigCgt" && !ours:
			mask, _ := strconv.ParseUint(value, 16, 64)
			set |= mask
		}
	})
	return pgroup.SignalSet(set).Has(sig)
}

// hasPending reads from proc_pid_status(5) whether a signal was sent to a process
// that has not acted on it yet.
func hasPending(pid int, sig unix.Signal) bool {
	set := uint64(0)
	statusLines(pid, func(name, value string) {
		if name == "SigPnd" || name == "ShdPnd" {
			mask, _ := strconv.ParseUint(value, 16, 64)
			set |= mask
		}
	})
	return pgroup.SignalSet(set).Has(sig)
}

// statusLines calls f for each line of /proc/PID/status.
func statusLines(pid int, f func(name, value string)) {
	fd, err := unix.Open("/proc/"+itoa(pid)+"/status", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return
	}
	defer unix.Close(fd)
	buf := make([]byte, 8<<10)
	n, _ := unix.Read(fd, buf)
	for line := range strings.Lines(string(buf[:max(n, 0)])) {
		name, value, _ := strings.Cut(line, ":")
		f(name, strings.TrimSpace(value))
	}
}

// leftBehind tells whether a group that has the terminal got it from a job of
// this shell: its leader descends from the shell, or from a process that lost
// its parent, as when a nested shell is killed. Otherwise a shell above this
// one gave the terminal to another of its jobs, and to take it would be theft.
func (s *Shell) leftBehind(pgid int) bool {
	sid, err := unix.Getsid(0)
	if err != nil || sid != s.Kernel.Pid && !inSession(pgid, sid) {
		return false // a leader that is gone cannot be asked
	}
	above := map[int]bool{}
	for pid := s.Kernel.Pid; inSession(pid, sid); {
		if _, pid, _ = procStat(pid); pid != 0 {
			above[pid] = true
		}
	}
	for pid := pgid; inSession(pid, sid); {
		if pid == s.Kernel.Pid {
			return true
		}
		if above[pid] {
			return false
		}
		var ok bool
		if _, pid, ok = procStat(pid); !ok {
			return false
		}
	}
	return true
}

func inSession(pid, sid int) bool {
	got, err := unix.Getsid(pid)
	return pid > 0 && err == nil && got == sid
}

// procStat reads the state and the parent of a process (proc_pid_stat(5)).
func procStat(pid int) (state byte, ppid int, ok bool) {
	fd, err := unix.Open("/proc/"+itoa(pid)+"/stat", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return 0, 0, false
	}
	defer unix.Close(fd)
	var buf [512]byte
	n, _ := unix.Read(fd, buf[:])
	stat := string(buf[:max(n, 0)])
	// The name may hold spaces and parentheses; the last one closes it.
	f := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(f) < 2 {
		return 0, 0, false
	}
	ppid, _ = strconv.Atoi(f[1])
	return f[0][0], ppid, true
}
