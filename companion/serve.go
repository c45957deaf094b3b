package companion

import (
	"bytes"
	"errors"
	"os"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// conn is a socket on Go's poller: its goroutine waits, the thread does not.
type conn struct {
	teller  bool // it is no shell
	follows int  // the shell whose processes it follows, all of them: a tracer; 0: none
	file    *os.File
	raw     syscall.RawConn
	pid     int  // at the other end; 0: outside of our pid namespace
	far     bool // its pids are those of another pid namespace
	bad     bool // it sent events that make no sense
}

// newConn takes over fd, which is non-blocking.
func newConn(fd int) (*conn, error) {
	f := os.NewFile(uintptr(fd), "socket")
	raw, err := f.SyscallConn()
	if err != nil {
		f.Close()
		return nil, err
	}
	return &conn{file: f, raw: raw}, nil
}

func (c *conn) close() { c.file.Close() }

// receive waits for one message.
func (c *conn) receive(buf []byte) (n, file int, err error) {
	file = -1
	if rerr := c.raw.Read(func(fd uintptr) bool {
		n, file, err = receive(int(fd), buf)
		return err != unix.EAGAIN
	}); rerr != nil {
		return 0, -1, rerr
	}
	return n, file, err
}

// await waits for a message and tells its kind, without taking it; 0 is the end.
func (c *conn) await() (kind byte) {
	c.raw.Read(func(fd uintptr) (ready bool) {
		kind, ready = peek(int(fd))
		return ready
	})
	return kind
}

// peek tells the kind of the next message without taking it. ready is false
// where there is none yet.
func peek(fd int) (kind byte, ready bool) {
	var b [1]byte
	n, _, err := unix.Recvfrom(fd, b[:], unix.MSG_PEEK|unix.MSG_DONTWAIT)
	for err == unix.EINTR {
		n, _, err = unix.Recvfrom(fd, b[:], unix.MSG_PEEK|unix.MSG_DONTWAIT)
	}
	switch {
	case err == unix.EAGAIN:
		return 0, false
	case err != nil || n == 0:
		return 0, true
	}
	return b[0], true
}

// send waits until there is room.
func (c *conn) send(msg []byte) (err error) {
	if rerr := c.raw.Write(func(fd uintptr) bool {
		err = send(int(fd), msg)
		return err != unix.EAGAIN
	}); rerr != nil {
		return rerr
	}
	return err
}

// answer sends one message, or none if there is no room: who asked waits.
func (c *conn) answer(kind byte, text string) {
	c.raw.Control(func(fd uintptr) { send(int(fd), append([]byte{kind}, text...)) })
}

// accept takes connections until the hub is closed.
func (h *Hub) accept() {
	defer h.ended.Done()
	for {
		fd := -1
		err := h.listener.raw.Read(func(l uintptr) bool {
			var err error
			fd, _, err = unix.Accept4(int(l), unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK)
			if err != nil {
				fd = -1
			}
			return err != unix.EAGAIN
		})
		if err != nil {
			return
		}
		if fd < 0 { // no descriptor is left, or whoever came has gone again
			time.Sleep(10 * time.Millisecond)
			continue
		}
		h.Serve(fd)
	}
}

// Serve takes over a connected socket (close-on-exec, non-blocking) whose other
// end is a shell or a viewer of this user; anybody else's is closed.
func (h *Hub) Serve(fd int) error {
	pid, err := peer(fd)
	if err != nil {
		unix.Close(fd)
		return err
	}
	c, err := newConn(fd)
	if err != nil {
		return err
	}
	c.pid = pid
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		c.close()
		return unix.ESHUTDOWN
	}
	h.conns[c] = true
	h.ended.Add(1)
	go h.listenTo(c)
	return nil
}

// listenTo reads messages until the other end is gone, or says what makes no
// sense: then it is hung up on.
func (h *Hub) listenTo(c *conn) {
	defer h.ended.Done()
	var s *sink
	defer func() {
		h.mu.Lock()
		delete(h.shells, c)
		delete(h.conns, c)
		delete(h.sinks, s)
		recorded := h.record != nil && h.recBy == c
		banded := h.bandBy == c
		if c.follows != 0 && !h.closed {
			h.setSource(h.watches)
		}
		h.mu.Unlock()
		if banded {
			h.setBand(c, Band{})
		}
		if recorded {
			h.StopRecord()
		}
		c.close() // ends a write to it, if a sink waits in one
		if s != nil {
			s.finish()
			<-s.over
		}
		h.wentQuiet()
	}()
	buf := make([]byte, maxMessage+1)
	for {
		switch c.await() {
		case 0:
			return
		case msgEvents:
			if !h.collect(c) {
				return
			}
			continue
		}
		n, file, err := c.receive(buf)
		if err != nil || n == 0 {
			if file >= 0 {
				unix.Close(file)
			}
			return
		}
		text := buf[1:n]
		if file >= 0 && buf[0] != msgRecord && buf[0] != msgLog {
			unix.Close(file)
		}
		switch buf[0] {
		case msgShell:
			pid, err := strconv.Atoi(string(text))
			if err != nil || pid <= 0 {
				return
			}
			h.shellCame(c, pid)
		case msgJobs:
			h.jobTable(text)
		case msgRecord:
			h.startRecord(c, string(text), file)
		case msgLog:
			h.writeLog(c, file)
		case msgTeller:
			h.mu.Lock()
			c.teller, c.far = true, c.pid == 0
			if pid, err := strconv.Atoi(string(text)); err == nil && !c.far {
				c.follows = pid
				h.setSource(h.watches)
			}
			h.mu.Unlock()
		case msgScreen:
			h.askScreen(c, string(text))
		case msgVouch:
			h.vouch(c, string(text))
		case msgType:
			h.typeFor(c, string(text))
		case msgBand:
			h.bandOf(c, string(text))
		case msgStop:
			h.stopRecord(c)
		case msgWho:
			h.mu.Lock()
			line := appendAbout(nil, h.about(h.lines))
			h.mu.Unlock()
			c.answer(msgYes, string(line))
		case msgViewer:
			if s == nil {
				s = h.viewerCame(c)
			}
		default:
			return
		}
	}
}

// askScreen passes a shell's request on to the screen.
func (h *Hub) askScreen(c *conn, request string) {
	err := ErrNoScreen
	if h.screen != nil {
		err = h.screen(request)
	}
	if err != nil {
		c.answer(msgNo, err.Error())
		return
	}
	c.answer(msgYes, "")
}

// ErrNoScreen is returned where nobody can do what Options.Screen does.
var ErrNoScreen = errors.New("this jsh has no screen of its own to show the picture in; viz tells how to see it")

// ErrHidden says that the screen shows no picture now.
var ErrHidden = errors.New("the picture is off; viz on shows it")

// shellCame knows a shell by what the kernel says: a pid that differs from the
// shell's own word is that of another pid namespace.
func (h *Hub) shellCame(c *conn, pid int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.shells[c] = true
	defer c.answer(msgReady, h.path)
	if c.pid == 0 {
		c.far = true
		return
	}
	c.far = c.pid != pid
	if h.watcher == nil || unix.Kill(h.shell, 0) == unix.ESRCH {
		if err := h.setShell(c.pid); err != nil {
			h.shell = c.pid
			h.setSource(err.Error())
		}
	}
}

// collect takes the events that c has sent, and with them those that other shells
// have sent by now, so that they can be merged by time: each connection has a
// goroutine of its own, and a shell's command line would come after what a shell
// inside it did. It says whether c's made sense.
func (h *Hub) collect(c *conn) bool {
	h.mu.Lock()
	if !h.shells[c] && !c.teller {
		h.mu.Unlock()
		return false
	}
	var all []event.Event
	for d := range h.conns {
		if !h.shells[d] && !d.teller {
			continue
		}
		d.raw.Control(func(fd uintptr) {
			for range 64 { // more comes with the next message
				if kind, ready := peek(int(fd)); d.bad || !ready || kind != msgEvents {
					return
				}
				n, file, err := receive(int(fd), h.message[:])
				if file >= 0 {
					unix.Close(file)
				}
				if err != nil || n == 0 {
					return
				}
				var ok bool
				if all, ok = d.events(all, h.message[1:n]); !ok {
					d.bad = true
					unix.Shutdown(int(fd), unix.SHUT_RDWR) // its own goroutine hangs up
				}
			}
		})
	}
	h.told = append(h.told, all...)
	h.hold()
	bad, w := c.bad, h.watcher
	h.mu.Unlock()
	if w != nil {
		w.Poke()
	}
	return !bad
}

// events reads lines of a shell, and adds them to list. Of a shell in another pid
// namespace only the command lines mean something here. It says whether they made
// sense.
func (c *conn) events(list []event.Event, lines []byte) ([]event.Event, bool) {
	for line := range bytes.Lines(lines) {
		e, err := event.ParseJSON(line)
		if err != nil {
			return list, false
		}
		switch e.Source {
		case 0: // the shell's log, of what it had to drop
		case event.Puppet, event.Tracer, event.Lesson:
		default:
			e.Source = event.Shell
		}
		if c.far {
			if e.Kind != event.LineBegin && e.Kind != event.LineEnd {
				continue
			}
			e.Pid, e.Pgid = c.pid, 0
		}
		list = append(list, e)
	}
	return list, true
}

// jobTable takes the jobs that a shell had before it sent events.
func (h *Hub) jobTable(text []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for line := range bytes.Lines(text) {
		pgid, job, _ := bytes.Cut(bytes.TrimSpace(line), []byte(" "))
		p, err1 := strconv.Atoi(string(pgid))
		j, err2 := strconv.Atoi(string(job))
		if err1 == nil && err2 == nil && p > 0 && j > 0 {
			h.jobs[p] = j
		}
	}
}

// viewerCame begins to send the stream: the past first.
func (h *Hub) viewerCame(c *conn) *sink {
	s := newSink(func(lines []byte) error {
		msg := make([]byte, 0, maxMessage)
		for len(lines) > 0 {
			n := min(len(lines), maxMessage-1)
			msg = append(append(msg[:0], msgStream), lines[:n]...)
			if err := c.send(msg); err != nil {
				return err
			}
			lines = lines[n:]
		}
		return nil
	}, c.close)
	s.again = h.again
	h.mu.Lock()
	defer h.mu.Unlock()
	past, episodes := h.tape.all()
	first := append(appendAbout(nil, h.about(episodes)), past...)
	s.limit += len(first)
	h.start(s, first)
	return s
}

// start gives a sink its first lines, and all that come after. The caller holds
// mu.
func (h *Hub) start(s *sink, first []byte) {
	s.push(first)
	h.sinks[s] = true
	h.ended.Add(1)
	go func() {
		defer h.ended.Done()
		s.run()
		h.mu.Lock()
		delete(h.sinks, s)
		h.mu.Unlock()
		h.wentQuiet()
	}()
}

// again brings a reader up to date that was too slow.
func (h *Hub) again(s *sink, lost uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	gap := event.Event{At: event.Now(), Kind: event.Gap,
		Text: strconv.FormatUint(lost, 10) + " events came faster than they were read here"}
	a := h.about(0)
	a.lost += lost
	lines := appendAbout(nil, a)
	lines = append(event.AppendJSON(lines, &gap), '\n')
	s.resume(h.whole(lines))
}
