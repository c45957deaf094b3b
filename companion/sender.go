package companion

import (
	"errors"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// Sender is the shell's end of the connection. It belongs to the shell's
// goroutine and starts none. Only what asks the hub for an answer waits, three
// seconds at most.
type Sender struct {
	fd      int
	log     *event.Log
	sent    uint64 // the newest event of the log that the socket took
	blocked bool   // the socket had no room
	buf     []byte
	Path    string // of the hub's socket
}

// firstFD is where the shell keeps its own descriptors (pgroup.FirstOwnFD); the
// learner's have the numbers below.
const firstFD = 64

// Join connects to a hub whose socket is known. log is the shell's: what it
// still holds is handed over. jobs maps process groups to job numbers. It waits
// for nobody.
func Join(path string, pid int, log *event.Log, jobs map[int]int) (*Sender, error) {
	fd, err := connect(path)
	if err != nil {
		return nil, err
	}
	return newSender(fd, path, pid, log, jobs)
}

// newSender takes over fd.
func newSender(fd int, path string, pid int, log *event.Log, jobs map[int]int) (*Sender, error) {
	if fd < firstFD {
		high, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, firstFD)
		unix.Close(fd)
		if err != nil {
			return nil, err
		}
		fd = high
	}
	s := &Sender{fd: fd, log: log, Path: path}
	table := []byte{msgJobs}
	for pgid, job := range jobs {
		table = strconv.AppendInt(table, int64(pgid), 10)
		table = append(table, ' ')
		table = strconv.AppendInt(table, int64(job), 10)
		table = append(table, '\n')
		if len(table) > maxMessage-100 {
			break
		}
	}
	err := send(fd, strconv.AppendInt([]byte{msgShell}, int64(pid), 10))
	if err == nil {
		err = send(fd, table)
	}
	if err != nil {
		unix.Close(fd)
		return nil, err
	}
	s.Flush()
	return s, nil
}

// Alive says that the hub was there when the socket was last used.
func (s *Sender) Alive() bool { return s != nil && s.fd >= 0 }

// Check finds out whether the hub is still there, without sending anything.
func (s *Sender) Check() bool {
	if !s.Alive() {
		return false
	}
	fds := []unix.PollFd{{Fd: int32(s.fd), Events: unix.POLLIN | unix.POLLRDHUP}}
	n, err := unix.Poll(fds, 0)
	if err == nil && n > 0 && fds[0].Revents&(unix.POLLHUP|unix.POLLERR|unix.POLLRDHUP|unix.POLLNVAL) != 0 {
		s.Close()
	}
	return s.Alive()
}

// Flush sends what the log holds and the hub does not have yet. It never waits:
// what the socket has no room for stays in the log until the next call. If the
// log overwrites it first, the log itself tells so, by a Gap. If the hub is gone
// the socket is closed.
func (s *Sender) Flush() {
	if s.fd < 0 || s.sent >= s.log.Last() {
		return
	}
	if s.blocked {
		fds := []unix.PollFd{{Fd: int32(s.fd), Events: unix.POLLOUT}}
		if n, err := unix.Poll(fds, 0); err != nil || n == 0 {
			return
		}
		s.blocked = false
	}
	events, _ := s.log.Since(s.sent)
	for len(events) > 0 {
		s.buf = append(s.buf[:0], msgEvents)
		n := 0
		for ; n < len(events) && len(s.buf) < maxMessage/2; n++ {
			e := events[n]
			trim(&e)
			s.buf = append(event.AppendJSON(s.buf, &e), '\n')
		}
		switch err := send(s.fd, s.buf); err {
		case nil:
			s.sent = events[n-1].Seq
			events = events[n:]
		case unix.EAGAIN, unix.ENOBUFS, unix.ENOMEM:
			s.blocked = true
			return
		case unix.EMSGSIZE: // trim should not let that happen
			s.sent = events[n-1].Seq
			events = events[n:]
		default:
			s.Close()
			return
		}
	}
}

// Close closes the socket; the hub takes that for the end of the shell. It may
// be called twice.
func (s *Sender) Close() {
	if s.fd >= 0 {
		unix.Close(s.fd)
		s.fd = -1
	}
}

// answerTime is how long the shell waits for an answer that the learner asked
// for, in milliseconds.
const answerTime = 3000

// ErrSilent is returned where the hub does not answer in time: it may be
// stopped.
var ErrSilent = errors.New("the companion does not answer; it may be stopped")

// ErrLost is returned where the hub is gone.
var ErrLost = errors.New("the companion is gone")

// Record asks the hub to write a recording into the file fd, which stays the
// caller's. name is for messages.
func (s *Sender) Record(name string, fd int) error {
	_, err := s.ask(msgRecord, name, fd)
	return err
}

// Shell is the pid of the shell whose picture the hub shows; 0: it does not say.
func (s *Sender) Shell() int {
	text, err := s.ask(msgWho, "")
	if err != nil {
		return 0
	}
	r, err := parseLine([]byte(strings.TrimSpace(text)))
	if err != nil || r.about == nil {
		return 0
	}
	return r.about.shell
}

// StopRecord ends the recording, and tells how many events are in it.
func (s *Sender) StopRecord() (events string, err error) { return s.ask(msgStop, "") }

// Screen asks the screen around this shell for something (Options.Screen).
func (s *Sender) Screen(request string) error {
	_, err := s.ask(msgScreen, request)
	return err
}

// ask sends a question and waits for its answer, no longer than answerTime.
func (s *Sender) ask(kind byte, text string, files ...int) (string, error) {
	if !s.Check() {
		return "", ErrLost
	}
	for err := error(nil); err == nil; { // an answer that came too late for its question
		var n int
		if n, _, err = receive(s.fd, make([]byte, maxMessage)); err == nil && n == 0 {
			break
		}
	}
	s.Flush()
	deadline := event.Now() + answerTime*1e6
	msg := append([]byte{kind}, text...)
	for {
		err := send(s.fd, msg, files...)
		if err == nil {
			break
		}
		if err != unix.EAGAIN {
			s.Close()
			return "", ErrLost
		}
		if !s.wait(unix.POLLOUT, deadline) {
			return "", ErrSilent
		}
	}
	kind, answer, err := s.answer(deadline)
	for err == nil && kind == msgReady { // of Join, which did not wait for it
		kind, answer, err = s.answer(deadline)
	}
	switch {
	case err != nil:
		return "", err
	case kind == msgNo:
		return "", errors.New(answer)
	}
	return answer, nil
}

// answer waits for one message of the hub.
func (s *Sender) answer(deadline int64) (kind byte, text string, err error) {
	buf := make([]byte, maxMessage)
	for {
		n, file, err := receive(s.fd, buf)
		if file >= 0 {
			unix.Close(file)
		}
		switch {
		case err == unix.EAGAIN:
			if !s.wait(unix.POLLIN, deadline) {
				return 0, "", ErrSilent
			}
		case err != nil || n == 0:
			s.Close()
			return 0, "", ErrLost
		default:
			return buf[0], string(buf[1:n]), nil
		}
	}
}

func (s *Sender) wait(events int16, deadline int64) bool {
	for {
		left := (deadline - event.Now()) / 1e6
		if left <= 0 {
			return false
		}
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(s.fd), Events: events}}, int(left))
		if err == nil && n > 0 {
			return true
		}
		if err != nil && err != unix.EINTR {
			return false
		}
	}
}
