package daemonize

import (
	"errors"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// pty is a terminal of the experiment's own: the master is held here, and what is
// written to the slave is read and kept, so that nobody ever waits for room.
type pty struct {
	master int
	path   string // of the slave
	seen   string // what came out
}

func openPty() (*pty, error) {
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, errors.New("no terminal for the experiment: /dev/ptmx: " + reason(err))
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		unix.Close(fd)
		return nil, errors.New("no terminal for the experiment: " + reason(err))
	}
	return &pty{master: fd, path: "/dev/pts/" + strconv.Itoa(n)}, nil
}

// name is the slave's name as ps has it.
func (p *pty) name() string { return strings.TrimPrefix(p.path, "/dev/") }

// types does what a learner at the keyboard would.
func (p *pty) types(keys string) { unix.Write(p.master, []byte(keys)) }

// hangUp closes the master, as when the terminal's window is closed.
func (p *pty) hangUp() {
	if p.master >= 0 {
		unix.Close(p.master)
		p.master = -1
	}
}

// shows tells whether text came out, and waits for it a little.
func (p *pty) shows(text string) bool {
	return within(probePatience, func() bool {
		var b [4096]byte
		for p.master >= 0 {
			n, err := unix.Read(p.master, b[:])
			if err != nil || n <= 0 {
				break
			}
			p.seen += string(b[:n])
		}
		return strings.Contains(p.seen, text)
	})
}

// probePatience is how long an effect is waited for: the kernel delivers a key or
// a signal in microseconds.
const probePatience = int64(2e9)

// within looks at f until it holds, for at most d nanoseconds.
func within(d int64, f func() bool) bool {
	for end := event.Now() + d; ; {
		if f() {
			return true
		}
		if event.Now() > end {
			return false
		}
		nap := unix.NsecToTimespec(int64(300e3))
		unix.Nanosleep(&nap, nil)
	}
}
