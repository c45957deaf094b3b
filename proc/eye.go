package proc

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"jsh/event"
)

// eye is what the watcher's goroutine knows: a table of all processes, kept
// true by what the connector tells and by looks at /proc. Whatever changes the
// table tells an event, if it concerns whom is watched.
//
// The connector's queue is heard before what /proc showed is believed: a look
// reads first, then the queue is emptied, then what was read is compared. So
// /proc does not tell early what the queue has yet to tell in its order.
type eye struct {
	o       WatchOptions
	r       *Reader
	c       *connector // nil: there is none
	rest    *rest      // nil: nobody waits
	known   map[int]*known
	mine    map[int]*known // those of them that are the shell's
	nearest map[int]*known // those that are watched closely: the shell's, and all of its session
	above   map[int]*known // ancestors of these that are not close
	sid     int            // the shell's session
	begun   bool           // the first look is over

	arrived bool     // somebody came whose parents nobody has looked for yet
	spoken  []spoken // what was told since the latest survey: see births

	founders map[int]bool // ended processes of the shell's whose number a group or session may bear
	fg       map[int]int  // terminal → foreground group, as told last
	touched  map[int]bool // to be read before the next delivery
	orphaned map[int]bool // ended: their children get another parent
	again    []int        // touched, as a list

	events  []event.Event // not delivered yet
	dirty   bool          // what is close differs from the last snapshot of that
	stale   bool          // the table differs from the last snapshot of everybody
	heardOf int           // messages in this turn
	heard   bool          // the queue was empty
	asOf    int64         // all that was told before this time is in the table

	round   uint32 // number of the look
	scratch Snapshot
	pids    []int // of the snapshot to make
	nearby  []int // pids of the near, sorted
	moved   bool  // that list is to be made anew
	denied  int

	gap      bool         // the connector lost messages: the next look is believed at once
	held     int          // pidfds
	lastPid  int          // as /proc/loadavg told it at the latest survey
	tasks    int          // the same: processes and threads
	unseen   map[int]bool // pids given since the last admission that no look found
	missed   int          // how many more
	admitted int64        // when that was told last
}

// known is a process in the table.
type known struct {
	Proc
	ours   bool // the shell, or started from it
	ended  bool // the connector told its end
	many   bool // it has or had several threads
	headed bool // its first thread ended, with code; others run on
	code   int
	seen   uint32 // the last look that saw it
	missed bool   // a look did not see it, though its end was not told
	words  uint32 // the look in which Waits was asked
	pidfd  int    // tells its end where there is no connector; -1 is none
}

func newEye(r *Reader, o WatchOptions) *eye {
	return &eye{
		o: o, r: r,
		known:    make(map[int]*known),
		mine:     make(map[int]*known),
		nearest:  make(map[int]*known),
		above:    make(map[int]*known),
		founders: make(map[int]bool),
		fg:       make(map[int]int),
		touched:  make(map[int]bool),
		orphaned: make(map[int]bool),
		unseen:   make(map[int]bool),
	}
}

// concerns says whether what happens to k is told.
func (x *eye) concerns(k *known) bool { return x.o.All || k.ours }

func (x *eye) tell(e event.Event) { x.events = append(x.events, e) }

// hear takes one message of the connector.
func (x *eye) hear(m *message) {
	if m.pid != m.tgid {
		x.thread(m)
		return
	}
	if m.what == toldFork {
		x.forked(m)
		return
	}
	k := x.known[m.tgid]
	if k == nil {
		return // it ended before the first look, or is not shown to us
	}
	e := event.Event{At: m.at, Source: event.Connector, Pid: k.Pid}
	switch m.what {
	case toldExec:
		k.many, k.headed = false, false
		e.Kind = event.Exec
		if x.concerns(k) {
			if p, err := x.r.ReadOne(k.Pid); err == nil && same(p.ID(), k.ID()) {
				k.Name, e.Text = p.Name, p.Name
			}
			x.touch(k.Pid)
		}
	case toldSid:
		was := k.Proc
		k.Sid, k.Pgid, k.TTY, k.Tpgid = k.Pid, k.Pid, 0, -1
		x.place(k)
		e.Text = changed(&was, &k.Proc)
		if e.Text == "" {
			return // /proc was quicker
		}
		e.Kind = event.Moved
		e.PPid, e.Pgid, e.Sid, e.TTY = k.PPid, k.Pgid, k.Sid, k.TTY
	case toldUser, toldGrp:
		e.Kind, e.Text = event.User, userText(m)
	case toldComm:
		k.Name = x.r.intern(m.comm())
		e.Kind, e.Text = event.Named, k.Name
	case toldExit:
		// Of others' processes it would cost more to ask than it is worth: where threads live
		// on without the first, the next survey finds the process again.
		if k.many && x.concerns(k) && !x.last(k) {
			k.headed, k.code = true, m.code
			return
		}
		x.ended(k, m, m.code)
		return
	default:
		return
	}
	x.mark(k)
	if x.concerns(k) {
		x.tell(e)
	}
}

// mark notes that k has changed.
func (x *eye) mark(k *known) {
	x.stale = true
	if x.o.All || x.near(k) {
		x.dirty = true
	}
}

func userText(m *message) string {
	s := "user "
	if m.what == toldGrp {
		s = "group "
	}
	s += strconv.Itoa(m.real)
	if m.effective != m.real {
		s += ", effective " + strconv.Itoa(m.effective)
	}
	return s
}

// thread takes what is told of a thread that is not its process's first. Only
// the end of the last one matters.
func (x *eye) thread(m *message) {
	k := x.known[m.tgid]
	switch {
	case k == nil:
	case m.what == toldFork:
		k.many = true
	case m.what == toldExit && k.headed && x.last(k):
		code := m.code
		if code == 0 {
			code = k.code
		}
		x.ended(k, m, code)
	}
}

// last says whether no thread of k is left that runs.
func (x *eye) last(k *known) bool {
	p, err := x.r.ReadOne(k.Pid)
	return err != nil || !same(p.ID(), k.ID()) || p.Exited()
}

func (x *eye) forked(m *message) {
	if k := x.known[m.tgid]; k != nil {
		if !k.ended {
			return // a look was quicker
		}
		x.drop(k)
	}
	k := &known{pidfd: -1, seen: x.round}
	k.Pid, k.PPid, k.State, k.Threads, k.Tpgid, k.born = m.tgid, m.parent, 'S', 1, -1, x.scratch.ticks(m.at)
	if parent := x.known[m.parent]; parent != nil {
		k.Name, k.Pgid, k.Sid, k.TTY, k.Tpgid = parent.Name, parent.Pgid, parent.Sid, parent.TTY, parent.Tpgid
		x.own(k, parent.ours)
	}
	delete(x.founders, k.Pid)
	x.known[k.Pid] = k
	x.place(k)
	x.mark(k)
	if x.concerns(k) {
		e := k.Seen(m.at)
		e.Source = event.Connector
		x.tell(e)
		x.touch(k.Pid)
	}
}

// ended notes the end of a process. It stays in the table while it waits to
// be reaped, if it is one that is watched.
func (x *eye) ended(k *known, m *message, code int) {
	x.mark(k)
	x.orphaned[k.Pid] = true
	if !x.concerns(k) {
		x.drop(k)
		return
	}
	k.ended, k.headed, k.State, k.Threads, k.Waits = true, false, 'Z', 0, ""
	e := event.Event{At: m.at, Source: event.Connector, Pid: k.Pid, PPid: k.PPid}
	end(&e, code)
	x.tell(e)
	x.touch(k.Pid)
}

func (x *eye) touch(pid int) { x.touched[pid] = true }

// drop takes k out of the table.
func (x *eye) drop(k *known) {
	if k.ours {
		x.founders[k.Pid] = true
	}
	x.release(k)
	delete(x.known, k.Pid)
	delete(x.mine, k.Pid)
	delete(x.nearest, k.Pid)
	delete(x.above, k.Pid)
	x.moved = true
	x.mark(k)
}

// drain hears all that waits in the connector's queue, up to a bound that
// lets a flood be delivered in portions. It says whether the queue is empty.
func (x *eye) drain() bool {
	if x.c == nil {
		return true
	}
	for range 8192 {
		now := event.Now()
		m, ok := x.c.receive()
		if !ok {
			x.asOf = now - asOfMargin
			return true
		}
		x.heardOf++
		x.hear(&m)
	}
	return false
}

// asOfMargin allows for a message that was stamped but not queued yet.
const asOfMargin = 1_000_000

// settle reads the processes that were touched, and those that lost their
// parent: setpgid and reparenting the connector does not tell.
func (x *eye) settle() {
	if len(x.orphaned) > 0 {
		watched := x.mine
		if x.o.All {
			watched = x.known
		}
		for pid, k := range watched {
			if x.orphaned[k.PPid] && !k.ended {
				x.touch(pid)
			}
		}
		clear(x.orphaned)
	}
	if len(x.touched) == 0 {
		return
	}
	x.again = x.again[:0]
	for pid := range x.touched {
		x.again = append(x.again, pid)
	}
	clear(x.touched)
	slices.Sort(x.again)
	x.read(x.again)
	x.drain()
	for _, pid := range x.again {
		x.compare(pid, x.scratch.Find(pid))
	}
	x.foregrounds()
}

// read fills scratch with these processes, as far as they are there.
func (x *eye) read(pids []int) {
	x.scratch.Procs = x.scratch.Procs[:0]
	for _, pid := range pids {
		if p, err := x.r.ReadOne(pid); err == nil {
			x.scratch.Procs = append(x.scratch.Procs, p)
		}
	}
}

// compare takes what /proc said of a process that the table has; nil: it was
// not there.
func (x *eye) compare(pid int, p *Proc) {
	k := x.known[pid]
	switch {
	case k == nil:
	case p == nil && (k.ended || x.c == nil):
		x.gone(k)
	case p == nil:
		// Its end is still in the queue. If it is not there by the next look either,
		// it was lost.
		if k.missed {
			x.gone(k)
		}
		k.missed = true
	case !same(k.ID(), p.ID()):
		x.gone(k)
		x.appear(p)
	default:
		x.update(k, p)
	}
}

// update takes new values over.
func (x *eye) update(k *known, p *Proc) {
	p.Waits = k.Waits
	if p.State != 'S' && p.State != 'D' {
		p.Waits = ""
	}
	k.seen, k.missed = x.round, false
	k.many = k.many || p.Threads > 1
	if k.ended {
		p.State, p.Threads = 'Z', 0
	}
	if k.Proc == *p {
		return
	}
	text, renamed := changed(&k.Proc, p), k.Name != p.Name
	moved := k.Sid != p.Sid
	k.Proc = *p
	if moved {
		x.place(k)
	}
	x.mark(k)
	if !x.concerns(k) || !x.begun {
		return
	}
	e := p.Seen(event.Now())
	if text != "" {
		e.Kind, e.Text = event.Moved, text
		x.tell(e)
	}
	if renamed {
		e.Kind, e.Text = event.Named, p.Name
		x.tell(e)
	}
}

// appear adds a process that a look found.
func (x *eye) appear(p *Proc) {
	k := &known{Proc: *p, pidfd: -1, seen: x.round, many: p.Threads > 1}
	delete(x.founders, k.Pid)
	x.known[k.Pid] = k
	seen := p.Seen(event.Now())
	if !x.own(k, x.started(k)) && x.marked(k) {
		x.own(k, true)
		seen.Path = "environ"
	}
	x.arrived = x.arrived || !k.ours
	x.place(k)
	x.mark(k)
	x.hold(k)
	if x.begun && x.concerns(k) {
		x.tell(seen)
	}
}

// own notes whether k is the shell's.
func (x *eye) own(k *known, ours bool) bool {
	if k.ours = ours; ours {
		x.mine[k.Pid] = k
	}
	return ours
}

// marked says whether the environment of a newcomer proves that it is the shell's. Where
// forks are told nobody need ask; else only of those is it asked who left their parent's
// session or have another parent by now. What jsh starts for itself bears names with a colon.
func (x *eye) marked(k *known) bool {
	if x.c != nil || x.o.Mark == "" || x.o.Shell == 0 || !x.begun || strings.HasPrefix(k.Name, "jsh:") {
		return false
	}
	if parent := x.known[k.PPid]; k.PPid != 1 && parent != nil && parent.Sid == k.Sid {
		return false
	}
	return x.r.hasVariable(k.Pid, x.o.Mark)
}

// started says whether k is the shell or was started from it. That it bears the
// number of a group or session that such a process founded shows it too (see
// Tree.claim).
func (x *eye) started(k *known) bool {
	if x.o.Shell == 0 {
		return false
	}
	if k.Pid == x.o.Shell || x.founded(k.Sid) || x.founded(k.Pgid) {
		return true
	}
	parent := x.known[k.PPid]
	return parent != nil && parent.ours
}

// founded says whether a group or session is the shell's by its number. The shell's
// own number is not: others may have been in its session before it, or in its group.
func (x *eye) founded(number int) bool {
	founder := x.known[number]
	return x.founders[number] || founder != nil && founder.ours && number != x.o.Shell && number != x.sid
}

// near says whether k is watched closely: the shell's, or in its session.
func (x *eye) near(k *known) bool {
	return k.ours || k.Sid == x.sid && k.Sid != 0
}

// place keeps the list of those up to date, after k came or changed its session.
func (x *eye) place(k *known) {
	if k.Pid == x.o.Shell && k.Sid != x.sid {
		x.sid = k.Sid
		for _, other := range x.known {
			x.place(other)
		}
	}
	if x.near(k) {
		x.nearest[k.Pid] = k
		delete(x.above, k.Pid)
	} else {
		delete(x.nearest, k.Pid)
	}
	x.moved = true
}

// nearPids are the pids of those who are watched closely, sorted.
func (x *eye) nearPids() []int {
	if x.moved {
		x.nearby = x.nearby[:0]
		for pid := range x.nearest {
			x.nearby = append(x.nearby, pid)
		}
		slices.Sort(x.nearby)
		x.moved = false
	}
	return x.nearby
}

// spoken is a process of which somebody else said that the shell started it.
type spoken struct {
	pid int
	at  int64 // when
}

// told takes such processes. Without a connector they may have ended before any
// look, and what they started in turn is recognized by their numbers. What is told
// late may be of a number that is another process's by now.
func (x *eye) told(list []spoken) {
	if len(list) == 0 {
		return
	}
	now := event.Now()
	for _, s := range list {
		switch k := x.known[s.pid]; {
		case k == nil:
			if now-s.at < int64(lateTold) && !x.founders[s.pid] {
				x.founders[s.pid] = true
				x.arrived = true
			}
		case !k.ours && x.born(k, s.at):
			x.take(k)
			x.arrived = true
		}
	}
	x.claim()
}

const lateTold = 5 * time.Second

// born says whether k can be the process that was started at that time: within a
// second, since start times are ticks, and on a busy machine to be told takes a while.
func (x *eye) born(k *known, at int64) bool {
	ticks, start := x.scratch.ticks(at), max(k.Start, k.Proc.born)
	return max(ticks, start)-min(ticks, start) <= userHz
}

// take makes k one of the shell's whom nobody took for one until now.
func (x *eye) take(k *known) {
	x.own(k, true)
	x.place(k)
	x.mark(k)
	x.hold(k)
	if x.begun && !x.o.All {
		x.tell(k.Seen(event.Now()))
	}
}

// gone tells that a process is no longer there, and how it ended if a pidfd
// knows.
func (x *eye) gone(k *known) {
	x.orphaned[k.Pid] = true
	e := event.Event{At: event.Now(), Kind: event.Gone, Source: event.Proc, Pid: k.Pid}
	if x.concerns(k) && x.begun {
		if code, ok := exitOf(k.pidfd); ok && k.PPid != x.o.Shell {
			told := e
			told.PPid = k.PPid
			end(&told, code)
			x.tell(told)
		}
		// What the shell reaped it tells itself.
		if !k.ended || k.PPid != x.o.Shell {
			x.tell(e)
		}
	}
	x.drop(k)
}

// foregrounds tells of terminals whose foreground group changed. tpgid is the
// terminal's, so who was read last has it freshest.
func (x *eye) foregrounds() {
	for i := range x.scratch.Procs {
		p := &x.scratch.Procs[i]
		if p.TTY == 0 || p.Tpgid <= 0 {
			continue
		}
		k := x.known[p.Pid]
		if k == nil || !x.concerns(k) || x.fg[p.TTY] == p.Tpgid {
			continue
		}
		x.fg[p.TTY] = p.Tpgid
		x.dirty, x.stale = true, true
		if x.begun {
			x.tell(event.Event{At: event.Now(), Kind: event.Fg, Source: event.Proc, TTY: p.TTY, Pgid: p.Tpgid})
		}
	}
}

// everybody says whether there is no shell whose processes are watched more
// closely than all others.
func (x *eye) everybody() bool { return x.o.All || x.o.Shell == 0 }

// snapshot copies the table.
func (x *eye) snapshot() *Snapshot {
	x.pids = x.pids[:0]
	for pid := range x.known {
		x.pids = append(x.pids, pid)
	}
	slices.Sort(x.pids)
	x.stale = false
	if x.everybody() {
		x.dirty = false
	}
	return x.copies()
}

// nearSnapshot copies of the table who is watched closely, and their ancestors: a
// tree needs these to know what an adoption is.
func (x *eye) nearSnapshot() *Snapshot {
	x.pids = append(x.pids[:0], x.nearPids()...)
	for _, k := range x.nearest {
		for p := x.known[k.PPid]; p != nil && !x.near(p) && x.above[p.Pid] == nil; p = x.known[p.PPid] {
			x.above[p.Pid] = p
		}
	}
	for pid := range x.above {
		x.pids = append(x.pids, pid)
	}
	slices.Sort(x.pids)
	x.dirty = false
	return x.copies()
}

// copies is a snapshot of pids, all of which are known.
func (x *eye) copies() *Snapshot {
	s := &Snapshot{At: x.asOf, Read: x.scratch.At, Took: x.scratch.Took, Denied: x.denied, slept: x.scratch.slept, Procs: make([]Proc, len(x.pids))}
	for i, pid := range x.pids {
		s.Procs[i] = x.known[pid].Proc
	}
	// What a look read of a terminal's foreground holds for all who share it.
	for i := range s.Procs {
		p := &s.Procs[i]
		if p.TTY == 0 {
			continue
		}
		if pgid, ok := x.fg[p.TTY]; ok {
			p.Tpgid = pgid
		}
	}
	return s
}

// close gives the descriptors back.
func (x *eye) close() {
	for _, k := range x.known {
		x.release(k)
	}
	if x.rest != nil {
		x.rest.close()
	}
	if x.c != nil {
		x.c.close()
	}
	x.r.Close()
}
