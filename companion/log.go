package companion

import (
	"bytes"
	"errors"
	"os"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// The shell may ask for the whole log: it holds more than the shell's own does,
// the signal keys, and what the processes did that the shell's children started.

// Log is the log as the hub remembers it, oldest first. The hub writes it into a
// file in memory, which no socket's buffer bounds.
func (s *Sender) Log() ([]event.Event, error) {
	fd, err := unix.MemfdCreate("jsh-log", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	if _, err := s.ask(msgLog, "", fd); err != nil {
		return nil, err
	}
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return nil, err
	}
	text := make([]byte, st.Size)
	for at := 0; at < len(text); {
		n, err := unix.Pread(fd, text[at:], int64(at))
		switch {
		case err == unix.EINTR:
		case err != nil:
			return nil, err
		case n == 0:
			text = text[:at]
		default:
			at += n
		}
	}
	var events []event.Event
	for line := range bytes.Lines(text) {
		e, err := event.ParseJSON(line)
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	return events, nil
}

// writeLog answers Log.
func (h *Hub) writeLog(c *conn, fd int) {
	if fd < 0 {
		c.answer(msgNo, "no file came with it")
		return
	}
	f := os.NewFile(uintptr(fd), "log")
	defer f.Close()
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil || st.Mode&unix.S_IFMT != unix.S_IFREG {
		c.answer(msgNo, "that is no file in memory") // nobody shall make the hub wait
		return
	}
	h.mu.Lock()
	h.merge()
	events, _ := h.hist.Since(0)
	h.mu.Unlock()
	var text []byte
	for i := range events {
		text = append(event.AppendJSON(text, &events[i]), '\n')
	}
	if _, err := f.Write(text); err != nil {
		c.answer(msgNo, errors.Unwrap(err).Error())
		return
	}
	c.answer(msgYes, "")
}

// ReadLog asks the hub at path for its log.
func ReadLog(path string) ([]event.Event, error) {
	fd, err := connect(path)
	if err != nil {
		return nil, errors.New(path + ": " + explain(err))
	}
	s := &Sender{fd: fd, Path: path, log: event.NewLog(1)}
	defer s.Close()
	return s.Log()
}
