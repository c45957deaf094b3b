package proc

import (
	"bytes"
	"maps"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// The three looks at /proc, from the cheapest on.
type look uint8

const (
	// lookNear is at the shell's processes only. Births the connector tells; where
	// there is none, their lists of children.
	lookNear  look = iota
	lookQuick      // the list of pids, who is new, and the shell's processes
	lookFull       // everybody
)

// look compares the table with /proc.
func (x *eye) look(what look) error {
	x.round++
	began := event.Now()
	var err error
	if what == lookNear {
		x.read(x.nearPids())
		if x.c == nil && len(x.scratch.Procs) <= maxParents {
			x.children()
		}
	} else {
		err = x.survey(what == lookFull)
	}
	if x.c == nil {
		x.asOf = began
	}
	sure := x.drain()
	if err != nil {
		return err
	}
	if what == lookNear {
		if x.c == nil {
			x.arrivals(sure)
		}
		for _, pid := range x.nearby {
			x.compare(pid, x.scratch.Find(pid))
		}
	} else {
		x.arrivals(sure)
		x.departures()
		for i := range x.scratch.Procs {
			p := &x.scratch.Procs[i]
			if k := x.known[p.Pid]; k != nil && same(k.ID(), p.ID()) {
				x.update(k, p)
			}
		}
	}
	x.claim()
	x.foregrounds()
	x.ask()
	x.scratch.slept = slept()
	x.scratch.At, x.scratch.Took = began, event.Now()-began
	x.begun = true
	return nil
}

// maxParents bounds the lists of children that are read: of more parents a
// survey is cheaper.
const maxParents = 100

// children adds to scratch whom the processes in it have forked and the table
// does not know: /proc/PID/task/PID/children (proc_tid_children(5)), which is
// what the first thread forked. Other threads' children the next survey finds.
func (x *eye) children() {
	for i := 0; i < len(x.scratch.Procs) && i < 2*maxParents; i++ {
		p := &x.scratch.Procs[i]
		if p.Exited() {
			continue
		}
		x.r.path = strconv.AppendInt(x.r.path[:0], int64(p.Pid), 10)
		x.r.path = append(x.r.path, "/task/"...)
		x.r.path = strconv.AppendInt(x.r.path, int64(p.Pid), 10)
		x.r.path = append(x.r.path, "/children\x00"...)
		line, err := x.r.readPath()
		if err != nil {
			continue
		}
		fresh := x.again[:0]
		for len(line) > 0 {
			pid, rest, ok := number(line)
			if !ok {
				break
			}
			if x.known[int(pid)] == nil {
				fresh = append(fresh, int(pid))
			}
			line = rest
		}
		for _, pid := range fresh {
			if q, err := x.r.ReadOne(pid); err == nil {
				x.scratch.Procs = append(x.scratch.Procs, q)
			}
		}
		x.again = fresh
	}
	slices.SortFunc(x.scratch.Procs, func(a, b Proc) int { return a.Pid - b.Pid })
	x.scratch.Procs = slices.CompactFunc(x.scratch.Procs, func(a, b Proc) bool { return a.Pid == b.Pid })
}

// stirred says whether a process or thread was born or ended since the latest
// survey: the last pid and the number of tasks in /proc/loadavg (proc_loadavg(5)).
func (x *eye) stirred() bool {
	last, tasks, ok := x.loadavg()
	return !ok || last != x.lastPid || tasks != x.tasks
}

func (x *eye) loadavg() (last, tasks int, ok bool) {
	x.r.path = append(x.r.path[:0], "loadavg\x00"...)
	line, err := x.r.readPath() // 0.20 0.18 0.12 1/80 11206
	if err != nil {
		return 0, 0, false
	}
	f := bytes.Fields(line)
	if len(f) < 5 {
		return 0, 0, false
	}
	_, after, _ := bytes.Cut(f[3], []byte("/"))
	tasks, err = strconv.Atoi(string(after))
	last, lastErr := strconv.Atoi(string(f[4]))
	return last, tasks, err == nil && lastErr == nil
}

// survey lists all pids and reads into scratch whoever is new or near, or all.
func (x *eye) survey(all bool) error {
	x.scratch.Procs = x.scratch.Procs[:0]
	if all {
		x.denied = 0
	}
	return x.r.each(func() {
		pid := x.r.digits()
		k := x.known[pid]
		if k != nil && !all && !x.near(k) {
			k.seen = x.round
			return
		}
		n := len(x.scratch.Procs)
		x.scratch.Procs = append(x.scratch.Procs, Proc{})
		switch x.r.readStat(&x.scratch.Procs[n]) {
		case nil:
			if k != nil {
				k.seen = x.round
			}
			return
		case unix.EACCES, unix.EPERM:
			if all {
				x.denied++
			}
		}
		x.scratch.Procs = x.scratch.Procs[:n]
	})
}

// arrivals adds who is new. With the connector nobody should be, but for one
// who was born just now: a fork is told a moment after it can be seen.
func (x *eye) arrivals(sure bool) {
	for i := range x.scratch.Procs {
		p := &x.scratch.Procs[i]
		k := x.known[p.Pid]
		switch {
		case k != nil && same(k.ID(), p.ID()):
		case k != nil && x.c != nil && !k.ended && !k.missed:
			k.missed = true
		case k != nil:
			x.gone(k)
			x.appear(p)
		case x.c == nil || !x.begun || x.gap || sure && x.grown(p):
			if x.c != nil && x.begun {
				if again, err := x.r.ReadOne(p.Pid); err != nil || !same(again.ID(), p.ID()) {
					continue
				}
			}
			x.appear(p)
		}
	}
}

// grown says whether a process is older than a second.
func (x *eye) grown(p *Proc) bool { return x.scratch.ticks(event.Now()) > p.Start+userHz }

// departures takes out whoever the look did not see.
func (x *eye) departures() {
	x.again = x.again[:0]
	for pid, k := range x.known {
		if k.seen != x.round {
			x.again = append(x.again, pid)
		}
	}
	slices.Sort(x.again)
	for _, pid := range x.again {
		k := x.known[pid]
		if x.c != nil && !x.gap && !k.ended {
			if _, err := x.r.ReadOne(pid); err == nil {
				continue // forked while the look went on
			}
		}
		if x.gap {
			k.missed = true
		}
		x.compare(pid, nil)
	}
	if len(x.founders) == 0 {
		return
	}
	// A number that no group and no session bears can become anybody's.
	used := make(map[int]bool)
	for _, k := range x.known {
		used[k.Pgid], used[k.Sid] = true, true
	}
	maps.DeleteFunc(x.founders, func(pid int, _ bool) bool { return !used[pid] })
}

// claim marks who is the shell's and was not taken for that when it came: in a
// list by pid children may stand before their parents.
func (x *eye) claim() {
	if !x.arrived {
		return
	}
	x.arrived = false
	for more := true; more; {
		more = false
		for _, k := range x.known {
			if !k.ours && x.started(k) {
				x.take(k)
				more = true
			}
		}
	}
}

// ask reads what the near ones wait for: all who fell asleep since, and the
// others in turn.
func (x *eye) ask() {
	const portion = 40
	asked := 0
	for i := range x.scratch.Procs {
		p := &x.scratch.Procs[i]
		k := x.known[p.Pid]
		if k == nil || !x.near(k) || k.State != 'S' || asked >= portion && k.Waits != "" || x.round-k.words < 2 && k.Waits != "" {
			continue
		}
		asked++
		k.words = x.round
		if words := x.r.Waits(k.Pid); words != k.Waits {
			k.Waits = words
			x.mark(k)
		}
	}
}

// births finds out from the last pid that was given (proc_loadavg(5)) which
// pids no look found: those processes, or threads, lived and died in between.
// Where nothing happens that concerns anybody (quiet) nobody needs to know.
// Nor is that missed of which another source told.
func (x *eye) births(quiet bool) {
	last, tasks, ok := x.loadavg()
	if !ok {
		return
	}
	x.tasks = tasks
	if before := x.lastPid; before > 0 && last > before { // else it has wrapped around
		if over := last - before - 500; over > 0 {
			x.missed += over
			before += over
		}
		for pid := before + 1; pid <= last; pid++ {
			if x.known[pid] != nil {
				continue
			}
			// A thread that lives has a directory too, though no entry in the list.
			if _, err := x.r.ReadOne(pid); err != nil {
				x.unseen[pid] = true
			}
		}
	}
	x.lastPid = last
	if quiet {
		clear(x.unseen)
		x.missed = 0
	}
	for _, s := range x.spoken {
		delete(x.unseen, s.pid)
	}
	x.spoken = x.spoken[:0]
}

// admit tells what was missed: only beside other events or where somebody
// asked to look, and not more than once a second. What the shell tells of has
// had time to come then.
func (x *eye) admit(now int64) {
	if now-x.admitted < int64(time.Second) {
		return
	}
	n := x.missed + len(x.unseen)
	x.admitted, x.missed = now, 0
	clear(x.unseen)
	switch {
	case n == 1:
		x.tell(event.Event{At: now, Kind: event.Gap, Source: event.Proc, Text: "1 pid came and went between two looks at /proc"})
	case n > 1:
		x.tell(event.Event{At: now, Kind: event.Gap, Source: event.Proc, Text: strconv.Itoa(n) + " pids came and went between two looks at /proc"})
	}
}
