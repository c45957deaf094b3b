package companion

import (
	"errors"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/proc"
)

// Options say what a Hub is to do.
type Options struct {
	// ShellPid is the shell whose picture it is. 0: the first shell that
	// connects.
	ShellPid int
	// MemoryLimit is how many bytes the log and its key frames may take; 0: 16
	// MiB. As much again, but at most 4 MiB, is kept in the form of the stream
	// for viewers that come later.
	MemoryLimit int
	// Socket asks for a socket, so that shells and viewers can connect.
	Socket bool
	// Plumbing are pids that serve the picture, beside this process: a drawing
	// leaves them out.
	Plumbing []int
	// Poll has processes watched as where there is no proc connector.
	Poll bool
	// Screen does what a shell asks of the screen that it is in: "on", "off",
	// "full" (the picture), "suspend"; "shown" asks whether the picture is to be
	// seen, and ErrHidden says no. It is called on any goroutine and must
	// not wait; its error goes to the shell. Nil: there is no screen.
	Screen func(request string) error
	// Type types text at the screen as the learner would. It must not wait.
	Type func(text string)
	// Band shows a lesson's band, none if it has no lines. It must not wait.
	Band func(Band)
}

const defaultMemory = 16 << 20

// Hub owns the log. Its methods may be called from any goroutine; none of them
// waits for anybody outside this process.
type Hub struct {
	*book
	watcher *proc.Watcher // nil until the shell is known
	watches string        // as the watcher says
	poll    bool

	path     string // of the socket, "" if there is none
	listener *conn

	last     *proc.Snapshot // everybody, as the stream has told it so far
	lastOurs bool           // nobody else has last, so it may be changed
	near     *proc.Snapshot // the newest of who is near the shell
	tape     tape
	sinks    map[*sink]bool // viewers, and the recording
	record   *sink
	recBy    *conn // the shell that asked for it
	shells   map[*conn]bool
	conns    map[*conn]bool // all of them, until they are gone
	line     []byte
	lines    int // command lines that went into the stream
	closed   bool

	screen    func(request string) error
	typist    func(text string)
	typer     int // the pid of the process that may have something typed; mu guards it
	bander    func(Band)
	elsewhere inside
	bandBy    *conn // who has the band; mu guards it

	// What waits to be merged by time (merge.go).
	told    []event.Event // by shells and by this process
	batches []proc.Batch  // of the watcher
	held    int64         // when merge will be called; 0: nothing waits

	message [maxMessage + 1]byte // of a shell, while mu is held

	quiet chan struct{} // capacity 1: somebody or something went away
	ended sync.WaitGroup
}

// NewHub makes the log, and the socket if one is wanted. The watcher of
// processes starts when the shell is known. Errors say what to do.
func NewHub(o Options) (*Hub, error) {
	if o.MemoryLimit <= 0 {
		o.MemoryLimit = defaultMemory
	}
	h := &Hub{
		book:   newBook(o.MemoryLimit),
		tape:   tape{limit: min(o.MemoryLimit, 4<<20)},
		sinks:  make(map[*sink]bool),
		shells: make(map[*conn]bool),
		poll:   o.Poll,
		screen: o.Screen,
		typist: o.Type,
		bander: o.Band,
		conns:  make(map[*conn]bool),
		quiet:  make(chan struct{}, 1),
	}
	h.hidden = append([]int{os.Getpid()}, o.Plumbing...)
	if o.Socket {
		if err := h.openSocket(); err != nil {
			return nil, err
		}
	}
	if o.ShellPid != 0 {
		if err := h.SetShell(o.ShellPid); err != nil {
			h.Close()
			return nil, err
		}
	}
	return h, nil
}

func (h *Hub) openSocket() error {
	dir, err := Dir()
	if err != nil {
		return err
	}
	sweepDir(dir)
	name := dir + "/" + strconv.Itoa(os.Getpid())
	h.path = name + ".sock"
	fd, err := listen(h.path)
	for i := 2; errors.Is(err, unix.EADDRINUSE) && i < 100; i++ { // the same number in another pid namespace
		h.path = name + "." + strconv.Itoa(i) + ".sock"
		fd, err = listen(h.path)
	}
	if err != nil {
		return err
	}
	if h.listener, err = newConn(fd); err != nil {
		unix.Unlink(h.path)
		return err
	}
	h.ended.Add(1)
	go h.accept()
	return nil
}

// Path is where viewers and shells connect: the value of EnvName. "" if there
// is no socket.
func (h *Hub) Path() string { return h.path }

// SetShell says whose picture it is from now on, and begins to watch. It may be
// called again when another shell takes the first one's place.
func (h *Hub) SetShell(pid int) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.setShell(pid)
}

func (h *Hub) setShell(pid int) error {
	if h.closed || h.watcher != nil && h.shell == pid {
		return nil
	}
	o := proc.WatchOptions{Shell: pid, Poll: h.poll, Tell: h.watched}
	if h.path != "" {
		o.Mark = EnvName + "=" + h.path
	}
	w, err := proc.Watch(o)
	if err != nil {
		return err
	}
	if old := h.watcher; old != nil {
		h.ended.Add(1)
		go func() { // its loop may be waiting for mu
			defer h.ended.Done()
			old.Close()
		}()
	}
	h.shell, h.watcher = pid, w
	h.setSource(w.Source())
	return nil
}

// watched takes what the watcher saw, on its goroutine, and merges what has waited
// long enough. It returns when it wants to be called again.
func (h *Hub) watched(w *proc.Watcher, b proc.Batch) (again int64) {
	h.mu.Lock()
	if h.closed || w != h.watcher { // another has taken its place
		h.mu.Unlock()
		return 0
	}
	if s := w.Source(); s != h.watches {
		h.setSource(s)
	}
	if len(b.Events) > 0 || b.Near != nil || b.Snap != nil {
		h.batches = append(h.batches, b)
		h.hold()
	}
	if h.held == 0 || event.Now() < h.held {
		defer h.mu.Unlock()
		return h.held
	}
	h.mu.Unlock()
	h.release()
	return 0
}

func (h *Hub) wentQuiet() {
	select {
	case h.quiet <- struct{}{}:
	default:
	}
}

// Append takes an event from this process: a key that was pressed. At may be 0:
// now. If it is a signal key with the terminal's foreground group in Pgid, the
// members are asked first how they are set for the signal, which follows as Meets
// events: so call it before the key goes on to the terminal.
func (h *Hub) Append(e event.Event) {
	if e.At == 0 {
		e.At = event.Now()
	}
	if e.Source == 0 {
		e.Source = event.Keyboard
	}
	met := h.sample(&e)
	h.mu.Lock()
	h.told = append(append(h.told, e), met...)
	h.hold()
	w := h.watcher
	h.mu.Unlock()
	if w != nil {
		w.Poke()
	}
}

// sample asks how those are set whom a signal key is about to meet.
func (h *Hub) sample(e *event.Event) []event.Event {
	var sig unix.Signal
	switch e.Text {
	case "^C":
		sig = unix.SIGINT
	case "^Z":
		sig = unix.SIGTSTP
	case `^\`:
		sig = unix.SIGQUIT
	}
	if e.Kind != event.Key || sig == 0 || e.Pgid <= 0 {
		return nil
	}
	r, err := proc.Open()
	if err != nil {
		return nil
	}
	defer r.Close()
	var s proc.Snapshot
	if r.Read(&s) != nil {
		return nil
	}
	return r.Meets(&s, e.Pgid, int(sig))
}

// take is where every event passes, in the order in which it stays. The caller holds mu.
func (h *Hub) take(e event.Event) {
	if e.Kind == event.Gap && e.Source == event.Proc && h.followed() {
		return // what /proc missed the tracer saw, if it came from the shell
	}
	knewKeys := h.keys
	e = h.append(e)
	h.line = append(event.AppendJSON(h.line[:0], &e), '\n')
	h.emit(h.line)
	switch {
	case e.Kind == event.LineBegin:
		h.lines++
	case e.Kind == event.Spawn && e.Source == event.Shell && h.watcher != nil:
		h.watcher.Told(e.Pid, e.At)
	}
	if e.Kind == event.Gap {
		h.lost += lostIn(e.Text)
	}
	if h.keys != knewKeys || e.Kind == event.Gap {
		h.tellAbout()
	}
}

// lostIn is how many events a Gap tells of: the number with which its text
// begins, else one at least.
func lostIn(text string) uint64 {
	c := cursor{rest: []byte(text)}
	return max(c.unsigned(), 1)
}

// look is where every snapshot of who is near the shell passes. The log has these
// alone: of a machine with thousands of processes nobody could afford a tree for
// each event.
func (h *Hub) look(near *proc.Snapshot) {
	h.hist.Amend(near)
	h.frame(near, nil)
	if h.elsewhere.look(near) {
		h.inside = h.elsewhere.now
		h.tellAbout()
	}
	before := h.near
	h.near = near
	if h.last == nil { // everybody else is about to come
		f, _ := between(nil, near)
		h.last, h.lastOurs = near, false
		h.stream(&f)
		return
	}
	if f, changed := among(h.last, before, near); changed {
		if !h.lastOurs {
			h.last, h.lastOurs = &proc.Snapshot{Procs: slices.Clone(h.last.Procs)}, true
		}
		f.change(h.last)
		h.stream(&f)
	}
}

// lookAround is where the snapshots of everybody pass. They go into the stream,
// for viewers may ask for everybody.
func (h *Hub) lookAround(all *proc.Snapshot) {
	f, changed := between(h.last, all)
	h.last, h.lastOurs, h.around = all, false, all
	if changed {
		h.stream(&f)
	}
}

func (h *Hub) stream(f *frame) {
	f.jobs, f.hidden = h.jobs, h.hidden
	h.line = appendFrame(h.line[:0], f)
	h.emit(h.line)
}

// whole is the newest snapshot as a line of the stream.
func (h *Hub) whole(b []byte) []byte {
	if h.last == nil {
		return b
	}
	f := frame{at: h.last.At, whole: true, procs: h.last.Procs, jobs: h.jobs, hidden: h.hidden}
	for p := range h.hist.Now().All {
		if p.Ours && !p.Gone {
			f.ours = append(f.ours, p.Pid)
		}
	}
	return appendFrame(b, &f)
}

// emit puts a line into the stream: for those who are there, and for those who
// come later.
func (h *Hub) emit(line []byte) {
	if h.tape.full() {
		h.tape.begin(h.whole(nil), h.lines)
	}
	h.tape.add(line)
	for s := range h.sinks {
		s.push(line)
	}
}

// tellAbout tells all readers what has changed about the stream itself. It is
// not on the tape: who comes later gets it first of all.
func (h *Hub) tellAbout() {
	line := appendAbout(nil, h.about(0))
	for s := range h.sinks {
		s.push(line)
	}
}

func (h *Hub) about(episodes int) about {
	return about{shell: h.shell, source: h.source, lost: h.lost, episodes: episodes, keys: h.keys, marks: h.marks, inside: h.inside, room: h.room}
}

// Close ends everything and removes the socket. It may be called twice.
func (h *Hub) Close() {
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return
	}
	h.closed = true
	w, sinks := h.watcher, h.sinks
	h.sinks = make(map[*sink]bool)
	var conns []*conn
	for c := range h.conns {
		conns = append(conns, c)
	}
	h.mu.Unlock()
	if h.path != "" {
		unix.Unlink(h.path)
	}
	if h.listener != nil {
		h.listener.close()
	}
	if w != nil {
		w.Close()
	}
	for s := range sinks {
		s.finish()
	}
	for s := range sinks { // a viewer that is stopped takes nothing
		select {
		case <-s.over:
		case <-time.After(200 * time.Millisecond):
			s.close()
		}
	}
	for _, c := range conns {
		c.close()
	}
	h.ended.Wait()
}

// Busy tells whether somebody still needs this hub: a shell, a viewer, or a
// process that was started from the shell.
func (h *Hub) Busy() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.shells) > 0 || len(h.sinks) > 1 || len(h.sinks) == 1 && !h.sinks[h.record] {
		return true
	}
	t := h.hist.Now()
	if t == nil { // no shell has said yet who it is: whoever started this hub is about to
		return h.shell == 0 && len(h.conns) > 0
	}
	for p := range t.All {
		if p.Ours && !p.Gone && !p.Plumbing && !p.Exited() && // a zombie may stay where pid 1 reaps nothing
			unix.Kill(p.Pid, 0) != unix.ESRCH { // an end may have been missed while this process was stopped
			return true
		}
	}
	return false
}

// errNobody is told where a record is to be ended that was never begun.
var errNobody = errors.New("nothing is being recorded")
