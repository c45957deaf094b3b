package wire

import (
	"errors"
	"strconv"

	"golang.org/x/sys/unix"

	"jsh/companion"
	"jsh/event"
)

// Link is a shell's end of the connection. It belongs to the shell's goroutine
// and starts none.
type Link struct {
	FD     int // -1: the tutor is gone
	Pid    int // of the tutor
	number int
	silent bool // it did not answer in time, and nothing came since
	late   []Say
	buf    []byte
}

// How long the shell waits, in nanoseconds.
const (
	forWords  = 3e9   // the learner asked for something
	forPrompt = 300e6 // a prompt is to appear
)

// ErrGone is returned where the tutor has ended.
var ErrGone = errors.New("the lesson's process has ended; lesson goes on where you were")

// ErrSilent is returned once where the tutor does not answer in time.
var ErrSilent = errors.New("the lesson's process does not answer; it may be stopped")

// ownFD is where the shell keeps its own descriptors (pgroup.FirstOwnFD).
const ownFD = 64

// Join connects to the tutor beside a companion, if there is one.
func Join(companionPath string, me Shell) (*Link, Say, error) {
	fd, err := companion.Connect(PathBeside(companionPath))
	if err != nil {
		return nil, Say{}, err
	}
	return greet(fd, me)
}

// Start starts a tutor beside a companion. exe is the path of jsh.
func Start(exe, companionPath string, me Shell) (*Link, Say, error) {
	fd, err := companion.Launch(exe, []string{ProcessName, "start", "3", companionPath}, environ())
	if err != nil {
		return nil, Say{}, err
	}
	return greet(fd, me)
}

// greet says who the shell is; the answer comes when the tutor is ready.
func greet(fd int, me Shell) (*Link, Say, error) {
	high, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, ownFD)
	unix.Close(fd)
	if err != nil {
		return nil, Say{}, err
	}
	l := &Link{FD: high, buf: make([]byte, companion.MaxMessage)}
	say, err := l.ask(&Request{Kind: Hello, Shell: me}, forWords)
	if err == nil && say.Status != 0 {
		err = errors.New(say.Text)
	}
	if err != nil {
		l.Close()
		return nil, Say{}, err
	}
	// The answer's text is the tutor's pid: a socket pair has no other way to tell.
	l.Pid, _ = strconv.Atoi(say.Text)
	return l, say, nil
}

// Close ends the connection. It may be called twice.
func (l *Link) Close() {
	if l.FD >= 0 {
		unix.Close(l.FD)
		l.FD = -1
	}
}

// Ask passes on what the learner typed: at most three seconds.
func (l *Link) Ask(words []string) (Say, error) {
	return l.ask(&Request{Kind: Words, Words: words}, forWords)
}

// Ran tells that the lines of a Say have been run. at is the time of the shell's
// newest event. It waits for nobody.
func (l *Link) Ran(at int64) {
	if l.FD >= 0 {
		companion.Send(l.FD, (&Request{Kind: Ran, At: at}).Bytes())
	}
}

// Prompt asks what there is to say before a prompt: at most 300 ms, and not at
// all while the tutor is known to be silent. at is the time of the shell's newest
// event.
func (l *Link) Prompt(at int64, empty bool) (Say, error) {
	if l.silent {
		say, err := l.Hear()
		if err != nil || l.silent {
			return say, err
		}
		l.late = append(l.late, say) // it speaks again
	}
	say, err := l.ask(&Request{Kind: Prompt, At: at, Empty: empty}, forPrompt)
	if earlier := l.takeLate(); err == nil && (earlier.Text != "" || len(earlier.Run) > 0) {
		say.Text, say.Run = earlier.Text+say.Text, append(earlier.Run, say.Run...)
	}
	return say, err
}

// Hear takes what came unasked, without waiting.
func (l *Link) Hear() (Say, error) {
	for l.FD >= 0 {
		say, number, err := l.receive()
		if err == unix.EAGAIN {
			break
		}
		if err != nil {
			return l.takeLate(), ErrGone
		}
		if number == 0 {
			l.late = append(l.late, say)
		}
	}
	return l.takeLate(), nil
}

// takeLate makes one of all that came unasked.
func (l *Link) takeLate() (all Say) {
	for _, s := range l.late {
		all.Text += s.Text
		all.Run = append(all.Run, s.Run...)
		all.Typed = s.Typed
		all.Over = all.Over || s.Over
	}
	l.late = nil
	return all
}

// ask sends a request and waits for its answer.
func (l *Link) ask(r *Request, limit int64) (Say, error) {
	if l.FD < 0 {
		return Say{}, ErrGone
	}
	l.number++
	r.Number = l.number
	deadline := event.Now() + limit
	for msg := r.Bytes(); ; {
		err := companion.Send(l.FD, msg)
		if err == nil {
			break
		}
		if err != unix.EAGAIN {
			l.Close()
			return Say{}, ErrGone
		}
		if !l.wait(unix.POLLOUT, deadline) {
			l.silent = true
			return Say{}, ErrSilent
		}
	}
	for {
		say, number, err := l.receive()
		switch {
		case err == unix.EAGAIN:
			if !l.wait(unix.POLLIN, deadline) {
				l.silent = true
				return Say{}, ErrSilent
			}
		case err != nil:
			return Say{}, ErrGone
		case number == r.Number:
			return say, nil
		case number == 0:
			l.late = append(l.late, say)
		}
	}
}

// receive takes one message: EAGAIN says that there is none, any other error that
// the tutor is gone.
func (l *Link) receive() (Say, int, error) {
	for {
		n, err := companion.Receive(l.FD, l.buf)
		if err == unix.EAGAIN {
			return Say{}, 0, err
		}
		if err != nil || n == 0 {
			l.Close()
			return Say{}, 0, ErrGone
		}
		l.silent = false
		if say, number, err := parseSay(l.buf[:n]); err == nil {
			return say, number, nil
		}
	}
}

func (l *Link) wait(events int16, deadline int64) bool {
	for {
		left := (deadline - event.Now()) / 1e6
		if left <= 0 {
			return false
		}
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(l.FD), Events: events}}, int(left))
		if err == nil && n > 0 {
			return true
		}
		if err != nil && err != unix.EINTR {
			return false
		}
	}
}
