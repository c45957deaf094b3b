package companion

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"jsh/event"
	"jsh/proc"
)

// A viewer may keep what it is told as a recording of its own. The stream tells of
// the whole machine; what is kept is the shell's family alone: what came from it,
// its session, and their ancestors, who are told of but not followed.

// keep is such a recording. The book's mu guards it.
type keep struct {
	limit int // bytes; then the lesson's own words alone are kept, for as much again
	size  int
	full  bool
	buf   []byte // not written yet
	last  *proc.Snapshot
	kin   map[int]bool // in the newest frame: true is the family, false who is shown only
	born  map[int]bool // since, by what events tell
	left  map[int]bool // were in the frame before: their end may be told after the frame
	sids  map[int]bool // sessions that the family is in

	write func([]byte) error // one call at a time
	out   sync.Mutex         // of write
	err   error              // of write; out guards it
}

// Keep begins to keep the log, as it is from now on, with whole lines that go to
// write, in place of what was kept before. write is called by the goroutine that
// reads the stream, and after its first error no more. Past limit bytes only what the
// lesson tells is kept.
func (cl *Client) Keep(limit int, write func(lines []byte) error) {
	k := &keep{limit: limit, write: write, kin: map[int]bool{}, born: map[int]bool{}, sids: map[int]bool{}}
	cl.mu.Lock()
	a := about{shell: cl.shell, source: cl.source, lost: cl.lost, keys: cl.keys, inside: cl.inside, room: cl.room,
		episodes: cl.base + cl.begun, begins: true}
	k.add(appendAbout(nil, a))
	if cl.r.snap != nil {
		k.frame(cl.r.snap, cl.book)
	}
	cl.r.keep = k
	cl.mu.Unlock()
	cl.flush()
}

// flush writes what was kept, and returns what became of it.
func (cl *Client) flush() {
	cl.mu.Lock()
	k := cl.r.keep
	if k == nil {
		cl.mu.Unlock()
		return
	}
	cl.mu.Unlock()
	k.out.Lock()
	defer k.out.Unlock()
	cl.mu.Lock()
	lines := k.buf
	k.buf = nil
	cl.mu.Unlock()
	if len(lines) > 0 && k.err == nil {
		k.err = k.write(lines)
	}
}

func (k *keep) add(line []byte) {
	k.size += len(line)
	k.buf = append(k.buf, line...)
}

// take keeps a line of the stream, which b has taken already.
func (k *keep) take(r *record, snap *proc.Snapshot, b *book) {
	if k.size > 2*k.limit {
		return
	}
	if k.size > k.limit && !k.full {
		k.full = true
		gap := event.Event{At: b.newest, Kind: event.Gap, Text: "this record has reached " + strconv.Itoa(k.limit>>20) + " MiB: from here on it holds the lesson's own words alone"}
		k.add(append(event.AppendJSON(nil, &gap), '\n'))
	}
	switch {
	case r.event != nil:
		if k.full && r.event.Source != event.Lesson || !k.wants(r.event) {
			return
		}
		k.add(append(event.AppendJSON(nil, r.event), '\n'))
	case r.about != nil:
		k.add(appendAbout(nil, *r.about))
	case !k.full:
		k.frame(snap, b)
	}
}

// frame keeps how the family changed; snap is of everybody.
func (k *keep) frame(snap *proc.Snapshot, b *book) {
	t := b.hist.Now()
	if snap == nil || t == nil {
		return
	}
	was := k.kin
	for pid := range k.born {
		was[pid] = true
	}
	k.kin, k.born = map[int]bool{}, map[int]bool{}
	clear(k.sids)
	var ours []int
	for p := range t.All {
		family := p.Ours || t.Shell != nil && p.Sid == t.Shell.Sid
		if !family || p.Gone {
			continue
		}
		k.kin[p.Pid] = p.Name != proc.TutorName && !slices.Contains(b.hidden, p.Pid)
		if k.kin[p.Pid] {
			k.sids[p.Sid] = true
		}
		if p.Ours {
			ours = append(ours, p.Pid)
		}
		for a := p.Parent; a != nil; a = a.Parent {
			if _, known := k.kin[a.Pid]; known {
				break
			}
			k.kin[a.Pid] = a.Ours
		}
	}
	now := &proc.Snapshot{At: snap.At}
	for _, p := range snap.Procs {
		family, near := k.kin[p.Pid]
		if !near && was[p.Pid] { // the tree does not know that a puppet's child is of the family
			family, near = true, true
			k.kin[p.Pid], k.sids[p.Sid] = true, true
		}
		delete(was, p.Pid)
		if !near {
			continue
		}
		if !family { // what an ancestor does the whole day, or the lesson's own process, is not of the lesson
			p.State, p.Threads, p.Waits = 'S', 1, ""
		}
		now.Procs = append(now.Procs, p)
	}
	k.left = was
	f, changed := between(k.last, now)
	if !changed {
		return
	}
	k.last = now
	f.jobs, f.hidden = b.jobs, b.hidden
	if f.whole {
		f.ours = ours
	}
	k.add(appendFrame(nil, &f))
}

// wants says whether an event is of the family.
func (k *keep) wants(e *event.Event) bool {
	if e.Source != event.Proc && e.Source != event.Connector {
		if e.Pid > 0 {
			k.born[e.Pid] = true
		}
		if e.Kind == event.Call { // a puppet's or a traced process's fork
			call, answer, _ := strings.Cut(e.Text, ") = ")
			if pid, err := strconv.Atoi(answer); err == nil && pid > 1 && strings.Contains(call, "fork(") {
				k.born[pid] = true
			}
		}
		return true
	}
	_, near := k.kin[e.Pid]
	near = near || k.born[e.Pid] || k.left[e.Pid]
	switch e.Kind {
	case event.Gap, event.Fg:
		return true
	case event.Seen:
		if near || k.kin[e.PPid] || k.born[e.PPid] || e.Sid > 0 && k.sids[e.Sid] || e.Path != "" {
			k.born[e.Pid] = true
			k.sids[e.Sid] = true
			return true
		}
	case event.Gone:
		delete(k.born, e.Pid)
		delete(k.left, e.Pid)
	}
	return near
}

// KeepNoMore ends what Keep began; write is not called any more when it returns.
func (cl *Client) KeepNoMore() {
	cl.flush()
	cl.mu.Lock()
	k := cl.r.keep
	cl.r.keep = nil
	cl.mu.Unlock()
	if k != nil {
		k.out.Lock() // whoever writes is done then
		k.write = func([]byte) error { return nil }
		k.out.Unlock()
	}
}
