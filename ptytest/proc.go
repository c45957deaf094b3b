package ptytest

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// ProcInfo is what /proc/PID/stat says of a process (proc_pid_stat(5)). It is
// read here and not with package proc, so that a test of that package, too,
// has a second opinion.
type ProcInfo struct {
	Pid, PPid, Pgid, Sid int
	TTY                  int // device number of the controlling terminal; 0 is none
	Tpgid                int // its foreground process group; -1 without a terminal
	State                byte
	Comm                 string
	Start                uint64 // clock ticks since boot: with Pid it names a process for good
}

// Zombie tells whether the process has ended and waits for its parent.
func (p ProcInfo) Zombie() bool { return p.State == 'Z' || p.State == 'X' }

// Stopped tells whether the process is stopped by a signal (not by a tracer).
func (p ProcInfo) Stopped() bool { return p.State == 'T' }

func (p ProcInfo) String() string {
	return fmt.Sprintf("pid %d ppid %d pgid %d sid %d tpgid %d %c %s",
		p.Pid, p.PPid, p.Pgid, p.Sid, p.Tpgid, p.State, p.Comm)
}

// Proc reads one process; ok is false if there is none of that pid.
func Proc(pid int) (p ProcInfo, ok bool) {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return p, false
	}
	// The name may hold spaces and parentheses: the last one closes it.
	open, end := bytes.IndexByte(data, '('), bytes.LastIndexByte(data, ')')
	if open < 0 || end < open {
		return p, false
	}
	f := strings.Fields(string(data[end+1:]))
	if len(f) < 20 {
		return p, false
	}
	n := func(i int) int { v, _ := strconv.Atoi(f[i]); return v }
	start, _ := strconv.ParseUint(f[19], 10, 64)
	return ProcInfo{
		Pid: pid, Comm: string(data[open+1 : end]), State: f[0][0],
		PPid: n(1), Pgid: n(2), Sid: n(3), TTY: n(4), Tpgid: n(5), Start: start,
	}, true
}

// allProcs reads all processes, in the order of their pids.
func allProcs() []ProcInfo {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(-1)
	var all []ProcInfo
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		if p, ok := Proc(pid); ok {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b ProcInfo) int { return a.Pid - b.Pid })
	return all
}

// Session returns the processes of a session, zombies too, by pid.
func Session(sid int) []ProcInfo {
	return slices.DeleteFunc(allProcs(), func(p ProcInfo) bool { return p.Sid != sid })
}

// SignalSet is a set of signals as /proc/PID/status shows them.
type SignalSet uint64

// Has tells whether the set has the signal.
func (s SignalSet) Has(sig syscall.Signal) bool { return s>>(sig-1)&1 != 0 }

// SigIgn is the set of signals that a process ignores; ok is false if there is
// no such process.
func SigIgn(pid int) (set SignalSet, ok bool) { return signalSet(pid, "SigIgn:") }

// SigBlk is the set of signals that the main thread of a process blocks.
func SigBlk(pid int) (set SignalSet, ok bool) { return signalSet(pid, "SigBlk:") }

// SigCgt is the set of signals that a process catches.
func SigCgt(pid int) (set SignalSet, ok bool) { return signalSet(pid, "SigCgt:") }

func signalSet(pid int, field string) (SignalSet, bool) {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, field); ok {
			set, err := strconv.ParseUint(strings.TrimSpace(rest), 16, 64)
			return SignalSet(set), err == nil
		}
	}
	return 0, false
}

// hasEnv tells whether a process was started with the given NAME=value. It is
// false for a process of another user, which nobody may ask.
func hasEnv(pid int, entry string) bool {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/environ")
	if err != nil {
		return false
	}
	return bytes.HasPrefix(data, []byte(entry+"\x00")) || bytes.Contains(data, []byte("\x00"+entry+"\x00"))
}

// tree draws processes as a tree by parent, for messages.
func tree(procs []ProcInfo) string {
	var b strings.Builder
	listed := map[int]bool{}
	for _, p := range procs {
		listed[p.Pid] = true
	}
	var draw func(p ProcInfo, depth int)
	draw = func(p ProcInfo, depth int) {
		fmt.Fprintf(&b, "  %s%s\n", strings.Repeat("  ", depth), p)
		for _, c := range procs {
			if c.PPid == p.Pid && c.Pid != p.Pid {
				draw(c, depth+1)
			}
		}
	}
	for _, p := range procs {
		if !listed[p.PPid] {
			draw(p, 0)
		}
	}
	if b.Len() == 0 {
		return "  (none)\n"
	}
	return b.String()
}
