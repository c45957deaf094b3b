package viz

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// folding is the state in the middle of the log.
type folding struct {
	past
	all    []*bar // in the order of their beginnings
	alive  map[int]*bar
	last   map[int]*bar // the newest with a pid, alive or not
	groups map[int]*band
	keys   []KeyWay
	ours   map[int]bool // pids of what was started from the shell
	pid    int          // the shell's
	sid    int          // the shell's session
	tty    int
	proof  bool // the keyboard is known to move, or job control to be on
	shown  bool // the axis has begun
	newest int64
}

func (f *folding) take(e *event.Event) {
	at := clampTime(e.At)
	f.newest = max(f.newest, at)
	if f.shown && counts(e.Kind) {
		f.from, f.to = min(f.from, at), max(f.to, at)
	}
	if e.Kind == event.Gap && f.shown && !slices.Contains(f.notes, e.Text) {
		f.notes = append(f.notes, e.Text)
	}
	switch e.Kind {
	case event.LineBegin:
		f.lineBegins(e, at)
	case event.Spawn:
		f.spawned(e, at)
	case event.Seen, event.Moved:
		f.found(e, at)
	case event.Exited, event.Killed, event.Gone:
		f.ended(e, at)
	case event.Stopped:
		f.stopped(e, at)
	case event.Continued:
		if b := f.alive[e.Pid]; b != nil {
			b.resume(at)
		}
	case event.SetFg:
		if e.Errno == 0 {
			f.give(e.Pgid, at)
		}
	case event.Fg:
		if f.tty == 0 {
			f.tty = e.TTY
		}
		if e.TTY == f.tty {
			f.give(e.Pgid, at)
		}
	case event.SetPgid:
		if e.Errno == 0 && e.Pid == f.pid {
			f.shell = e.Pgid
		}
	case event.JobNew:
		f.named(e)
	case event.Named:
		if b := f.alive[e.Pid]; b != nil && e.Text != "" {
			b.name = e.Text
		}
	case event.Exec:
		if e.Source == event.Shell {
			f.marked(e, at)
		} else if b := f.alive[e.Pid]; b != nil && e.Text != "" { // it runs another program now
			b.name = e.Text
		}
	default:
		f.marked(e, at)
	}
}

// counts says that events of the kind stretch the axis. Lines do not: that of
// timeline itself would.
func counts(k event.Kind) bool {
	switch k {
	case event.Spawn, event.SetFg, event.Kill, event.Exited, event.Killed, event.Stopped, event.Continued,
		event.Signal, event.Seen, event.Moved, event.Gone, event.Fg, event.Key, event.Exec:
		return true
	}
	return false
}

func (f *folding) lineBegins(e *event.Event, at int64) {
	f.pid = e.Pid
	if e.Pgid != 0 {
		f.shell = e.Pgid
	}
	if len(f.holds) == 0 && f.shell != 0 {
		f.holds = append(f.holds, hold{from: at, pgid: f.shell})
	}
	f.mark(mark{at: at, kind: enter, text: e.Text})
}

func (f *folding) spawned(e *event.Event, at int64) {
	if e.Errno != 0 {
		f.mark(mark{at: at, kind: failed, text: baseName(e.Path) + ": " + unix.ErrnoName(unix.Errno(e.Errno))})
		return
	}
	if e.Pid <= 0 {
		return
	}
	f.ours[e.Pid] = true
	name := e.Started()
	if len(e.Argv) > 0 && strings.HasPrefix(e.Argv[0], "jsh: ") {
		name = strings.TrimPrefix(e.Argv[0], "jsh: ") // shell code in a process of its own
	}
	pgid := e.Pgid
	if pgid == 0 {
		pgid = cmp.Or(f.shell, ownGroup)
	}
	f.begin(e.Pid, pgid, name, at)
	if e.Pid == e.Pgid && f.pid != 0 {
		f.proof = true
	}
	if e.Fg {
		f.give(pgid, at)
	}
}

// begin starts a bar. Whoever had the pid before must have ended, unseen.
func (f *folding) begin(pid, pgid int, name string, at int64) *bar {
	if old := f.alive[pid]; old != nil {
		f.finishBar(old, gone, at)
	}
	b := &bar{pid: pid, name: name, from: at, to: at}
	f.enter(b, pgid, at)
	return b
}

// enter puts a bar into its group's band.
func (f *folding) enter(b *bar, pgid int, at int64) {
	g := f.groups[pgid]
	if g == nil || b.pid == pgid && pgid != f.shell && !f.inhabited(g) {
		g = &band{pgid: pgid, from: at}
		f.groups[pgid] = g
		f.bands = append(f.bands, g)
	}
	b.band = g
	g.bars = append(g.bars, b)
	f.all = append(f.all, b)
	f.alive[b.pid], f.last[b.pid] = b, b
}

func (f *folding) inhabited(g *band) bool {
	return slices.ContainsFunc(g.bars, func(b *bar) bool { return f.alive[b.pid] == b })
}

// found takes what was seen from outside. A snapshot tells of the whole
// machine: of interest are those that came from the shell.
func (f *folding) found(e *event.Event, at int64) {
	if e.Pid == f.pid && f.pid != 0 {
		f.sid, f.tty = e.Sid, e.TTY
		if e.Pgid != 0 {
			f.shell = e.Pgid
		}
		return
	}
	b := f.alive[e.Pid]
	if b == nil {
		if e.Kind == event.Moved || e.Pid <= 0 {
			return
		}
		if f.ours[e.PPid] || e.PPid == f.pid && f.pid != 0 || fromShell(e) {
			f.ours[e.Pid] = true
		}
		b = f.begin(e.Pid, e.Pgid, e.Text, at)
		b.band.session = b.band.session || e.Sid != 0 && e.Sid == e.Pgid && e.Sid != f.sid && (fromShell(e) || f.ours[e.Pid] && e.Sid == e.Pid)
		return
	}
	if e.Kind == event.Seen && e.Text != "" {
		b.name = e.Text
	}
	if e.Pgid == 0 || e.Pgid == b.band.pgid {
		return
	}
	next := &bar{pid: b.pid, name: b.name, from: at, to: at}
	f.finishBar(b, left, at)
	b.into = e.Pgid
	f.enter(next, e.Pgid, at)
	next.band.session = e.Sid != 0 && e.Sid == e.Pgid && e.Sid != f.sid
}

func (f *folding) ended(e *event.Event, at int64) {
	b := f.alive[e.Pid]
	if b == nil {
		b = f.last[e.Pid]
		switch {
		case e.Pid <= 0 || e.Pid == f.pid || b == nil && e.Kind == event.Gone:
			return
		case b == nil: // its beginning is older than the log
			b = f.begin(e.Pid, 0, "", at)
			b.before = true
		case b.end != gone || e.Kind == event.Gone:
			return // told twice, by two sources
		default:
			at = b.to // it was gone before its status was asked for
		}
	}
	end := gone
	switch e.Kind {
	case event.Exited:
		end, b.status = exited, e.Status
	case event.Killed:
		end, b.sig, b.core = killed, e.Sig, e.Core
		f.met(b, e.Sig, at)
	}
	f.finishBar(b, end, at)
}

func (f *folding) finishBar(b *bar, end ending, at int64) {
	b.resume(at)
	b.end, b.to = end, max(at, b.from)
	if f.alive[b.pid] == b {
		delete(f.alive, b.pid)
	}
}

func (f *folding) stopped(e *event.Event, at int64) {
	b := f.alive[e.Pid]
	if b == nil {
		if e.Pid <= 0 || e.Pid == f.pid || f.last[e.Pid] != nil {
			return
		}
		b = f.begin(e.Pid, 0, "", at)
		b.before = true
	}
	if n := len(b.stops); n > 0 && b.stops[n-1].to == farthest+1 {
		return
	}
	b.stops = append(b.stops, stop{from: max(at, b.from), to: farthest + 1, sig: e.Sig})
	f.met(b, e.Sig, at)
}

// resume ends the stop that lasts.
func (b *bar) resume(at int64) {
	if n := len(b.stops); n > 0 && b.stops[n-1].to > farthest {
		b.stops[n-1].to = max(at, b.stops[n-1].from)
	}
}

// give hands the keyboard over.
func (f *folding) give(pgid int, at int64) {
	f.proof = true
	if n := len(f.holds); n > 0 {
		if f.holds[n-1].pgid == pgid {
			return
		}
		at = max(at, f.holds[n-1].from)
		f.holds[n-1].to = at
	}
	h := hold{from: at, pgid: pgid}
	if g := f.groups[pgid]; g != nil {
		h.job = g.job
	}
	f.holds = append(f.holds, h)
}

func (f *folding) foreground() int {
	if n := len(f.holds); n > 0 {
		return f.holds[n-1].pgid
	}
	return 0
}

func (f *folding) named(e *event.Event) {
	if e.Pgid == 0 { // no job control: the group is the shell's
		return
	}
	g := f.groups[e.Pgid]
	if g == nil {
		return
	}
	g.job, g.text = e.Job, e.Text
	for i := range f.holds {
		if f.holds[i].pgid == e.Pgid && f.holds[i].from >= g.from {
			f.holds[i].job = e.Job
		}
	}
}

// met notes a signal of the terminal's that met a foreground process, unless a
// key or the shell's own kill explains it. One key meets all of a group.
func (f *folding) met(b *bar, sig int, at int64) {
	switch unix.Signal(sig) {
	case unix.SIGINT, unix.SIGQUIT, unix.SIGTSTP:
	default:
		return
	}
	pgid := b.band.pgid
	if pgid == 0 || pgid != f.foreground() {
		return
	}
	for i := len(f.marks) - 1; i >= 0 && at-f.marks[i].at < sameCause; i-- {
		if m := &f.marks[i]; m.sig == sig && (m.pgid == pgid || m.pid == b.pid) {
			return
		}
	}
	f.mark(mark{at: at, kind: noticed, sig: sig, pgid: pgid, job: b.band.job})
}

func (f *folding) marked(e *event.Event, at int64) {
	switch e.Kind {
	case event.Key:
		f.mark(mark{at: at, kind: key, text: e.Text, sig: keySignal(e.Text), pgid: f.foreground()})
	case event.Kill:
		f.killSent(e, at)
	case event.Signal:
		if unix.Signal(e.Sig) != unix.SIGCHLD {
			f.mark(mark{at: at, kind: received, sig: e.Sig})
		}
	case event.Exec:
		if e.Errno == 0 {
			f.mark(mark{at: at, kind: failed, text: "the shell becomes " + baseName(e.Path)})
		}
	case event.Gap:
		if f.shown && at > f.from {
			f.mark(mark{at: at, kind: lost})
		}
	}
}

func (f *folding) killSent(e *event.Event, at int64) {
	m := mark{at: at, kind: sent, sig: e.Sig, pid: e.Pid, pgid: e.Pgid}
	if e.Pid < 0 {
		m.pid, m.pgid = 0, -e.Pid
	}
	if g := f.groups[m.pgid]; g != nil {
		m.job = g.job
	}
	switch {
	case e.Sig == 0:
		return
	case e.Errno != 0:
		m.text = unix.ErrnoName(unix.Errno(e.Errno))
	case unix.Signal(e.Sig) == unix.SIGCONT: // the kernel continues them before kill returns
		for _, b := range f.all {
			if f.alive[b.pid] == b && (b.pid == m.pid || m.pgid != 0 && b.band.pgid == m.pgid) {
				b.resume(at)
			}
		}
	}
	f.mark(m)
}

func (f *folding) mark(m mark) { f.marks = append(f.marks, m) }

func keySignal(k string) int {
	switch k {
	case "^C":
		return int(unix.SIGINT)
	case "^Z":
		return int(unix.SIGTSTP)
	case `^\`:
		return int(unix.SIGQUIT)
	}
	return 0
}

func baseName(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }
