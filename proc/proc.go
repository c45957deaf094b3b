// Package proc sees processes: it reads /proc into snapshots and folds
// snapshots and events into the tree of session ⊃ process group ⊃ process.
//
// It owns Reader and Watcher, the only parts that make system calls, and Tree
// and History, pure folds that make none. It never signals, traces or changes a
// process, and it never draws.
//
// Invariants: a process is known by pid and start time together (ID), since
// pids are used again; a snapshot is sorted by pid; a Tree is never changed
// once it was returned. A snapshot is not of one instant: each process is read
// a moment after the one before, so parents may be missing and groups may have
// moved in between. Short lives between two snapshots are not seen at all;
// events tell of those.
package proc

import (
	"cmp"

	"jsh/event"
)

// Proc is what one line of /proc/PID/stat says (proc_pid_stat(5)). Numbers
// are those of the pid namespace that /proc was mounted in.
type Proc struct {
	Pid     int
	Name    string // comm: the program's file name, at most 15 bytes, any bytes; a process can change its own
	State   byte   // R, S, D, Z, T, t, I, X
	PPid    int    // 0: no parent in this pid namespace
	Pgid    int
	Sid     int
	TTY     int    // device number of the controlling terminal; 0 is none
	Tpgid   int    // foreground process group of that terminal; -1 is none
	Threads int    // 0 or 1 for a zombie
	Start   uint64 // clock ticks after boot; 0 where only an event told of it, not /proc
	Waits   string // what a waiting process does, in words of Reader.Waits; "" where nobody asked

	// born is Start as the time of the event suggests it, where Start is 0.
	born uint64
}

// ID tells a process from every other one, also from a later one with the
// same pid.
type ID struct {
	Pid   int
	Start uint64
}

// same says whether two identities can be one process's: a start time that is
// not known fits any.
func same(a, b ID) bool {
	return a.Pid == b.Pid && (a.Start == b.Start || a.Start == 0 || b.Start == 0)
}

// birth orders what the picture shows, so that nothing moves when something
// else comes or goes.
type birth struct {
	start uint64
	pid   int
}

func (b birth) compare(c birth) int {
	if d := cmp.Compare(b.start, c.start); d != 0 {
		return d
	}
	return cmp.Compare(b.pid, c.pid)
}

func (p *Proc) birth() birth { return birth{max(p.Start, p.born), p.Pid} }

// ID returns the process's identity.
func (p *Proc) ID() ID { return ID{p.Pid, p.Start} }

// Exited says that the process has ended and only waits to be reaped. A
// process whose first thread ended while others run on also shows Z, but is
// alive.
func (p *Proc) Exited() bool {
	return p.State == 'X' || p.State == 'x' || p.State == 'Z' && p.Threads <= 1
}

// Seen is the process as an event of the Proc source at time at.
func (p *Proc) Seen(at int64) event.Event {
	return event.Event{
		At: at, Kind: event.Seen, Source: event.Proc,
		Pid: p.Pid, PPid: p.PPid, Pgid: p.Pgid, Sid: p.Sid, TTY: p.TTY, Text: p.Name,
	}
}

// Snapshot is all processes that /proc showed, sorted by pid.
type Snapshot struct {
	At     int64 // CLOCK_MONOTONIC ns: what was told before is in it
	Read   int64 // ns when the latest look began to read states, which no message tells; 0: At
	Took   int64 // ns
	Procs  []Proc
	Denied int // processes that are there but may not be read (hidepid=1)

	// slept is how long the machine slept since boot, in ns: start times count
	// that, CLOCK_MONOTONIC does not.
	slept int64
}

// ticks is the time of an event as a start time.
func (s *Snapshot) ticks(at int64) uint64 {
	if at <= 0 {
		return 0
	}
	return uint64(at+s.slept) / (1e9 / userHz)
}

const userHz = 100 // ticks in a second of /proc, on every architecture that jsh runs on

// Find returns the process with this pid, nil if there is none.
func (s *Snapshot) Find(pid int) *Proc {
	lo, hi := 0, len(s.Procs)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if s.Procs[mid].Pid < pid {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(s.Procs) && s.Procs[lo].Pid == pid {
		return &s.Procs[lo]
	}
	return nil
}
