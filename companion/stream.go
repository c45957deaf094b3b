package companion

import (
	"bytes"
	"errors"
	"slices"
	"strconv"

	"jsh/event"
	"jsh/proc"
)

// A stream is lines of JSON, from the hub to a viewer or into a file. A line is
// one of three:
//
//	{"seq":…,"at":…,"kind":…}          an event, as package event writes it
//	{"frame":{…}}                      processes: a snapshot, or what changed since the last
//	{"about":{…}}                      whose picture it is, who watches, what was lost
//
// Numbers are integers and the keys stand in the order of the writers here; who
// reads this in another language meets plain JSON.

// errCut is of a line without its end.
var errCut = errors.New("it is cut off")

// streamVersion changes when an old reader would misread a stream.
const streamVersion = 1

// maxLine is more than any line is: a frame of 100,000 processes.
const maxLine = 32 << 20

// about is what a stream says of itself. The first line is one.
type about struct {
	shell    int
	source   string
	lost     uint64
	episodes int // command lines before this stream begins
	keys     bool
	marks    map[int]string
	inside   map[int]string
	room     [2]int // columns and lines of a band; 0: nobody shows one
	begins   bool   // a log of its own begins here, whatever stands before it in the file
}

func appendAbout(b []byte, a about) []byte {
	b = append(b, `{"about":{"version":`...)
	b = strconv.AppendInt(b, streamVersion, 10)
	b = append(b, `,"shell":`...)
	b = strconv.AppendInt(b, int64(a.shell), 10)
	b = append(b, `,"lost":`...)
	b = strconv.AppendUint(b, a.lost, 10)
	b = append(b, `,"episodes":`...)
	b = strconv.AppendInt(b, int64(a.episodes), 10)
	b = append(b, `,"keys":`...)
	b = strconv.AppendBool(b, a.keys)
	b = append(b, `,"source":`...)
	b = event.AppendString(b, a.source)
	if len(a.marks) > 0 {
		b = append(b, `,"marks":`...)
		b = event.AppendString(b, marksText(a.marks))
	}
	if len(a.inside) > 0 {
		b = append(b, `,"inside":`...)
		b = event.AppendString(b, marksText(a.inside))
	}
	if a.room[0] > 0 {
		b = append(b, `,"band":[`...)
		b = appendNumber(b, 0, int64(a.room[0]))
		b = append(appendNumber(b, 1, int64(a.room[1])), ']')
	}
	if a.begins {
		b = append(b, `,"begins":true`...)
	}
	return append(b, "}}\n"...)
}

// frame is a snapshot, or its difference to the one before.
type frame struct {
	at     int64
	whole  bool
	procs  []proc.Proc // all, or those that are new or changed
	gone   []int       // pids that are no longer there
	jobs   map[int]int // pgid → job
	hidden []int       // the picture's own helpers
	ours   []int       // of a whole one: what came from the shell, wherever it went
}

// between is what leads from one snapshot to the next; before may be nil.
// Nothing changed: ok is false.
func between(before, now *proc.Snapshot) (f frame, ok bool) {
	f.at = now.At
	if before == nil {
		f.whole, f.procs = true, now.Procs
		return f, true
	}
	old := before.Procs
	i := 0
	for j := range now.Procs {
		p := &now.Procs[j]
		for ; i < len(old) && old[i].Pid < p.Pid; i++ {
			f.gone = append(f.gone, old[i].Pid)
		}
		if i < len(old) && old[i].Pid == p.Pid {
			i++
			if old[i-1] == *p {
				continue
			}
		}
		f.procs = append(f.procs, *p)
	}
	for ; i < len(old); i++ {
		f.gone = append(f.gone, old[i].Pid)
	}
	return f, len(f.procs)+len(f.gone) > 0
}

// among is the same where the newer snapshot has but some of the processes. before is
// the snapshot of these that came before, nil if none did: who was in it and is not in
// now, is gone.
func among(all, before, now *proc.Snapshot) (f frame, ok bool) {
	f.at = now.At
	for i := range now.Procs {
		if p := all.Find(now.Procs[i].Pid); p == nil || *p != now.Procs[i] {
			f.procs = append(f.procs, now.Procs[i])
		}
	}
	if before != nil {
		for i := range before.Procs {
			if pid := before.Procs[i].Pid; now.Find(pid) == nil && all.Find(pid) != nil {
				f.gone = append(f.gone, pid)
			}
		}
	}
	return f, len(f.procs)+len(f.gone) > 0
}

// after is the snapshot to which the frame leads from before. It is nil where
// the frame is no whole one and there is nothing before it.
func (f *frame) after(before *proc.Snapshot) *proc.Snapshot {
	s := &proc.Snapshot{At: f.at}
	if f.whole {
		s.Procs = f.procs
		return s
	}
	if before == nil {
		return nil
	}
	s.Procs = make([]proc.Proc, 0, len(before.Procs)+len(f.procs))
	i := 0
	for j := range before.Procs {
		p := &before.Procs[j]
		for ; i < len(f.procs) && f.procs[i].Pid < p.Pid; i++ {
			s.Procs = append(s.Procs, f.procs[i])
		}
		if i < len(f.procs) && f.procs[i].Pid == p.Pid {
			s.Procs = append(s.Procs, f.procs[i])
			i++
			continue
		}
		if _, gone := slices.BinarySearch(f.gone, p.Pid); !gone {
			s.Procs = append(s.Procs, *p)
		}
	}
	s.Procs = append(s.Procs, f.procs[i:]...)
	return s
}

// change does what after does in the snapshot itself, for frames with few processes.
func (f *frame) change(s *proc.Snapshot) {
	s.At = f.at
	place := func(pid int) (int, bool) {
		return slices.BinarySearchFunc(s.Procs, pid, func(p proc.Proc, pid int) int { return p.Pid - pid })
	}
	for _, pid := range f.gone {
		if i, is := place(pid); is {
			s.Procs = slices.Delete(s.Procs, i, i+1)
		}
	}
	for _, p := range f.procs {
		if i, is := place(p.Pid); is {
			s.Procs[i] = p
		} else {
			s.Procs = slices.Insert(s.Procs, i, p)
		}
	}
}

// appendFrame writes a process as
// [name, state, pid, ppid, pgid, sid, tty, tpgid, threads, start, waits].
func appendFrame(b []byte, f *frame) []byte {
	b = append(b, `{"frame":{"at":`...)
	b = strconv.AppendInt(b, f.at, 10)
	b = append(b, `,"whole":`...)
	b = strconv.AppendBool(b, f.whole)
	b = append(b, `,"jobs":[`...)
	pgids := make([]int, 0, len(f.jobs))
	for pgid := range f.jobs {
		pgids = append(pgids, pgid)
	}
	slices.Sort(pgids)
	for i, pgid := range pgids {
		b = appendNumber(b, i, int64(pgid))
		b = appendNumber(b, 1, int64(f.jobs[pgid]))
	}
	b = append(b, `],"hidden":[`...)
	for i, pid := range f.hidden {
		b = appendNumber(b, i, int64(pid))
	}
	b = append(b, `],"ours":[`...)
	for i, pid := range f.ours {
		b = appendNumber(b, i, int64(pid))
	}
	b = append(b, `],"gone":[`...)
	for i, pid := range f.gone {
		b = appendNumber(b, i, int64(pid))
	}
	b = append(b, `],"procs":[`...)
	for i := range f.procs {
		p := &f.procs[i]
		if i > 0 {
			b = append(b, ',')
		}
		b = event.AppendString(append(b, '['), p.Name)
		b = event.AppendString(append(b, ','), string(rune(p.State)))
		for _, n := range [...]int{p.Pid, p.PPid, p.Pgid, p.Sid, p.TTY, p.Tpgid, p.Threads} {
			b = appendNumber(b, 1, int64(n))
		}
		b = append(b, ',')
		b = append(strconv.AppendUint(b, p.Start, 10), ',')
		b = append(event.AppendString(b, p.Waits), ']')
	}
	return append(b, "]}}\n"...)
}

func appendNumber(b []byte, i int, n int64) []byte {
	if i > 0 {
		b = append(b, ',')
	}
	return strconv.AppendInt(b, n, 10)
}

// record is one line of a stream: exactly one of the three is set.
type record struct {
	event *event.Event
	frame *frame
	about *about
}

// parseLine reads one line of a stream, strictly.
func parseLine(line []byte) (r record, err error) {
	line = bytes.TrimSuffix(line, []byte("\n"))
	c := cursor{rest: line}
	switch {
	case c.cut(`{"frame":{`):
		r.frame = c.frame()
	case c.cut(`{"about":{`):
		r.about = c.about()
	default:
		e, err := event.ParseJSON(line)
		return record{event: &e}, err
	}
	c.expect("}}")
	if c.err == nil && len(c.rest) > 0 {
		c.fail("something follows")
	}
	if c.err != nil {
		return record{}, errors.New("column " + strconv.Itoa(len(line)-len(c.rest)+1) + ": " + c.err.Error())
	}
	return r, nil
}

// cursor reads what the writers above wrote. After the first error it reads
// nothing any more.
type cursor struct {
	rest []byte
	err  error
}

func (c *cursor) fail(msg string) {
	if c.err == nil {
		c.err = errors.New(msg)
	}
}

func (c *cursor) cut(text string) bool {
	if c.err != nil || !bytes.HasPrefix(c.rest, []byte(text)) {
		return false
	}
	c.rest = c.rest[len(text):]
	return true
}

func (c *cursor) expect(text string) {
	if c.err == nil && !c.cut(text) {
		c.fail("expected " + text)
	}
}

func (c *cursor) digits() string {
	n := 0
	for n < len(c.rest) && (c.rest[n] >= '0' && c.rest[n] <= '9' || n == 0 && c.rest[n] == '-') {
		n++
	}
	return string(c.rest[:n])
}

func (c *cursor) number() int64 {
	s := c.digits()
	n, err := strconv.ParseInt(s, 10, 64)
	if c.err != nil || err != nil {
		c.fail("expected an integer")
		return 0
	}
	c.rest = c.rest[len(s):]
	return n
}

func (c *cursor) unsigned() uint64 {
	s := c.digits()
	n, err := strconv.ParseUint(s, 10, 64)
	if c.err != nil || err != nil {
		c.fail("expected an integer, not negative")
		return 0
	}
	c.rest = c.rest[len(s):]
	return n
}

// pid is a number that may stand for a process: no process has a negative one,
// but -1 stands for none.
func (c *cursor) pid() int {
	n := c.number()
	if n < -1 || n > 1<<31 {
		c.fail("out of range")
		return 0
	}
	return int(n)
}

func (c *cursor) text() string {
	if c.err != nil {
		return ""
	}
	s, rest, err := event.CutString(c.rest)
	if err != nil {
		c.fail("expected a string")
		return ""
	}
	c.rest = rest
	return s
}

func (c *cursor) truth() bool {
	switch {
	case c.cut("true"):
		return true
	case !c.cut("false"):
		c.fail("expected true or false")
	}
	return false
}

func (c *cursor) pids() (list []int) {
	c.expect("[")
	for c.err == nil && !c.cut("]") {
		if len(list) > 0 {
			c.expect(",")
		}
		list = append(list, c.pid())
	}
	return list
}

func (c *cursor) about() *about {
	a := new(about)
	c.expect(`"version":`)
	if v := c.number(); c.err == nil && v != streamVersion {
		c.fail("written by another jsh: its form is number " + strconv.FormatInt(v, 10) + ", this jsh reads " + strconv.Itoa(streamVersion))
	}
	c.expect(`,"shell":`)
	a.shell = c.pid()
	c.expect(`,"lost":`)
	a.lost = c.unsigned()
	c.expect(`,"episodes":`)
	a.episodes = c.pid()
	c.expect(`,"keys":`)
	a.keys = c.truth()
	c.expect(`,"source":`)
	a.source = c.text()
	if c.cut(`,"marks":`) {
		a.marks = parseMarks(c.text())
	}
	if c.cut(`,"inside":`) {
		a.inside = parseMarks(c.text())
	}
	if c.cut(`,"band":`) {
		if room := c.pids(); len(room) == 2 {
			a.room = [2]int(room)
		} else {
			c.fail("expected columns and lines")
		}
	}
	if c.cut(`,"begins":`) {
		a.begins = c.truth()
	}
	return a
}

func (c *cursor) frame() *frame {
	f := &frame{jobs: make(map[int]int)}
	c.expect(`"at":`)
	f.at = c.number()
	c.expect(`,"whole":`)
	f.whole = c.truth()
	c.expect(`,"jobs":`)
	pairs := c.pids()
	if len(pairs)%2 != 0 {
		c.fail("expected pairs of group and job")
		return nil
	}
	for i := 0; i < len(pairs); i += 2 {
		f.jobs[pairs[i]] = pairs[i+1]
	}
	c.expect(`,"hidden":`)
	f.hidden = c.pids()
	c.expect(`,"ours":`)
	f.ours = c.pids()
	c.expect(`,"gone":`)
	f.gone = c.pids()
	c.expect(`,"procs":[`)
	for c.err == nil && !c.cut("]") {
		if len(f.procs) > 0 {
			c.expect(",")
		}
		p := c.proc()
		if n := len(f.procs); c.err == nil && n > 0 && f.procs[n-1].Pid >= p.Pid {
			c.fail("processes must ascend by pid")
		}
		f.procs = append(f.procs, p)
	}
	if !slices.IsSorted(f.gone) {
		c.fail("the pids in gone must ascend")
	}
	return f
}

func (c *cursor) proc() (p proc.Proc) {
	c.expect("[")
	p.Name = c.text()
	c.expect(",")
	if s := c.text(); len(s) == 1 {
		p.State = s[0]
	} else {
		c.fail("expected a state of one letter")
	}
	for _, n := range [...]*int{&p.Pid, &p.PPid, &p.Pgid, &p.Sid, &p.TTY, &p.Tpgid, &p.Threads} {
		c.expect(",")
		if n == &p.TTY {
			*n = int(c.number())
		} else {
			*n = c.pid()
		}
	}
	c.expect(",")
	p.Start = c.unsigned()
	c.expect(",")
	p.Waits = c.text()
	c.expect("]")
	if c.err == nil && p.Pid <= 0 {
		c.fail("a process needs a pid")
	}
	return p
}

// reader folds a stream into a book.
type reader struct {
	b     *book
	snap  *proc.Snapshot
	line  []byte // a part of one, from the bytes before
	parts *parts // of a file; nil: nobody asks
	keep  *keep  // what is kept of the stream; nil: nothing, b.mu guards it
}

// bytes takes a piece of a stream, cut anywhere.
func (r *reader) bytes(piece []byte) error {
	for len(piece) > 0 {
		i := bytes.IndexByte(piece, '\n')
		if i < 0 {
			if len(r.line)+len(piece) > maxLine {
				return errors.New("a line is too long")
			}
			r.line = append(r.line, piece...)
			return nil
		}
		line := piece[:i]
		if len(r.line) > 0 {
			line = append(r.line, line...)
			r.line = nil
		}
		piece = piece[i+1:]
		if err := r.take(line); err != nil {
			return err
		}
	}
	return nil
}

// take folds one line in.
func (r *reader) take(line []byte) error {
	if len(line) == 0 {
		return nil
	}
	rec, err := parseLine(line)
	if err != nil {
		return err
	}
	r.b.mu.Lock()
	defer r.b.mu.Unlock()
	switch {
	case rec.about != nil:
		a := rec.about
		if a.begins {
			r.snap = nil
		}
		if r.b.shell == 0 {
			r.b.base = a.episodes
		}
		r.b.shell, r.b.source, r.b.lost, r.b.keys = a.shell, a.source, a.lost, a.keys
		r.b.marks, r.b.inside, r.b.room = a.marks, a.inside, a.room
	case rec.event != nil:
		r.b.append(*rec.event)
	default:
		s := rec.frame.after(r.snap)
		if s == nil {
			return nil // it begins in the middle: the next whole frame mends it
		}
		r.snap = s
		r.b.jobs, r.b.hidden = rec.frame.jobs, rec.frame.hidden
		r.b.frame(s, rec.frame.ours)
	}
	if r.parts != nil {
		r.parts.take(&rec, r.b.last)
	}
	if r.keep != nil {
		r.keep.take(&rec, r.snap, r.b)
	}
	return nil
}
