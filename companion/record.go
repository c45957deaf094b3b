package companion

import (
	"errors"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/proc"
)

// A recording is the stream from now on, in a file: about, a whole frame, then
// events and what changed.

// startRecord begins to write into a file that the shell has opened.
func (h *Hub) startRecord(c *conn, name string, fd int) {
	if fd < 0 {
		c.answer(msgNo, "no file came with it")
		return
	}
	// A pipe or a terminal would be read by somebody else, in his own time.
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil || st.Mode&unix.S_IFMT != unix.S_IFREG {
		unix.Close(fd)
		c.answer(msgNo, name+" is no ordinary file")
		return
	}
	f := os.NewFile(uintptr(fd), name)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || h.record != nil && h.sinks[h.record] {
		f.Close()
		c.answer(msgNo, "a recording is being made already; record stop ends it")
		return
	}
	h.merge() // what was before is not of this recording
	s := newSink(func(lines []byte) error { _, err := f.Write(lines); return err }, func() { f.Close() })
	s.again = h.again
	h.record, h.recBy = s, c
	if h.last == nil { // the watcher has not looked yet
		if r, err := proc.Open(); err == nil {
			snap := new(proc.Snapshot)
			if r.Read(snap) == nil {
				h.look(snap)
			}
			r.Close()
		}
	}
	a := h.about(h.lines)
	a.begins = true
	first := h.whole(appendAbout(nil, a))
	s.limit += len(first)
	h.start(s, first)
	c.answer(msgYes, "")
}

// stopRecord ends the recording and tells how much there is in it.
func (h *Hub) stopRecord(c *conn) {
	n, err := h.StopRecord()
	if err != nil {
		c.answer(msgNo, err.Error())
		return
	}
	c.answer(msgYes, strconv.FormatUint(n, 10))
}

// StopRecord ends the recording; n events were written. It waits a second for
// the file to take what is still to be written.
func (h *Hub) StopRecord() (n uint64, err error) {
	h.mu.Lock()
	h.merge()
	s := h.record
	h.record = nil
	if s != nil {
		delete(h.sinks, s)
	}
	h.mu.Unlock()
	if s == nil {
		return 0, errNobody
	}
	s.finish()
	select {
	case <-s.over:
	case <-time.After(time.Second):
		return 0, errors.New("the file is slow: what is missing will be written as soon as it takes it")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.events, errors.New("not everything could be written: " + errText(s.err))
	}
	return s.events, nil
}

// Trim cuts what is too long for a message from an event: a command line with
// thousands of arguments.
func trim(e *event.Event) {
	const most = 4 << 10
	size := 0
	for i, a := range e.Argv {
		if size += len(a); size > most {
			e.Argv = append(append([]string(nil), e.Argv[:i]...), a[:max(0, len(a)-(size-most))]+"…")
			break
		}
		if i >= 500 {
			e.Argv = append(append([]string(nil), e.Argv[:i]...), "…")
			break
		}
	}
	if len(e.Text) > most {
		e.Text = e.Text[:most] + "…"
	}
	if len(e.Path) > most {
		e.Path = e.Path[:most] + "…"
	}
}
