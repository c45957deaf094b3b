package companion

import (
	"strconv"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/proc"
)

// What a lesson wants of the log: to follow it without gaps, to put into it what
// the learner said, and to type in the learner's place.

// Story is what happened after an event of the log, with the present.
type Story struct {
	Events []event.Event // the first may be a Gap: older ones are forgotten
	Last   uint64        // number of the newest
	Tree   *proc.Tree    // empty before the first snapshot
	Shell  int           // whose log it is
	Source string        // who watches, as proc.Watcher.Source says
	Keys   bool          // signal keys are seen
	Gone   string        // why nothing new will come; "" while it will
}

// Since is the story after event seq; 0 tells all that is remembered.
func (b *book) Since(seq uint64) Story {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := Story{Last: b.last, Tree: b.hist.Now(), Shell: b.shell, Source: b.source, Keys: b.keys, Gone: b.gone}
	if seq < b.last {
		s.Events, _ = b.hist.Since(seq)
	}
	return s
}

// Tell puts an event into the hub's log: what the learner told the lesson.
func (cl *Client) Tell(e event.Event) error {
	if !cl.teller {
		if err := cl.c.send([]byte{msgTeller}); err != nil {
			return err
		}
		cl.teller = true
	}
	if e.At == 0 {
		e.At = event.Now()
	}
	e.Source = event.Lesson
	trim(&e)
	return cl.c.send(append(event.AppendJSON([]byte{msgEvents}, &e), '\n'))
}

// Type has the screen type text, if the shell has vouched for this process.
func (cl *Client) Type(text string) error {
	return cl.c.send(append([]byte{msgType}, text...))
}

// Vouch tells the hub that the process pid may type at the screen: the shell
// itself has started it.
func (s *Sender) Vouch(pid int) error {
	_, err := s.ask(msgVouch, strconv.Itoa(pid))
	return err
}

// vouch lets a process type. Only a shell can ask for that.
func (h *Hub) vouch(c *conn, text string) {
	pid, err := strconv.Atoi(text)
	h.mu.Lock()
	ok := h.shells[c] && !c.far && err == nil
	if ok {
		h.typer = pid
	}
	h.mu.Unlock()
	if !ok {
		c.answer(msgNo, "only the shell can say who may type")
		return
	}
	c.answer(msgYes, "")
}

// typeFor types what a process wants that the shell has vouched for.
func (h *Hub) typeFor(c *conn, text string) {
	h.mu.Lock()
	ok := h.typist != nil && c.pid != 0 && c.pid == h.typer
	h.mu.Unlock()
	if ok {
		h.typist(text)
	}
}

// A process beside the companion, such as the lesson's, has a socket of its own
// in the same directory, under the same rules.

// Listen makes a socket that only this user can connect to (unix(7),
// SOCK_SEQPACKET, close-on-exec, non-blocking). Errors name the step.
func Listen(path string) (fd int, err error) { return listen(path) }

// Connect connects to such a socket without waiting, and refuses one that
// another user listens at.
func Connect(path string) (fd int, err error) { return connect(path) }

// Peer is the pid at the other end of a socket; another user's is refused.
func Peer(fd int) (pid int, err error) { return peer(fd) }

// Send sends one message without waiting: EAGAIN says that there is no room.
func Send(fd int, msg []byte) error { return send(fd, msg) }

// Receive takes one message without waiting: EAGAIN says that there is none; 0
// without an error is the end.
func Receive(fd int, buf []byte) (int, error) {
	n, file, err := receive(fd, buf)
	if file >= 0 {
		unix.Close(file)
	}
	return n, err
}

// MaxMessage is the longest message that Send sends for sure.
const MaxMessage = maxMessage
