package viewer

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// terminal is the controlling terminal, opened anew: its O_NONBLOCK is nobody
// else's.
type terminal struct {
	file  *os.File
	fd    int // of file; never through Fd, which would make it block
	saved *unix.Termios
	ours  bool // it shows our picture, in our modes
	drawn bool // the alternate screen was not left since
	guard int  // the process that waits for us
}

var errNoTerminal = errors.New("no terminal to draw on: viz --attach needs one (ssh: ssh -t)")

func openTerminal() (*terminal, error) {
	fd, err := unix.Open("/dev/tty", unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, errNoTerminal
	}
	if _, err := unix.IoctlGetTermios(fd, unix.TCGETS); err != nil {
		unix.Close(fd)
		return nil, errNoTerminal
	}
	return &terminal{file: os.NewFile(uintptr(fd), "/dev/tty"), fd: fd, guard: unix.Getppid()}, nil
}

// inFront tells whether our process group has the terminal.
func (t *terminal) inFront() bool {
	pgid, err := unix.IoctlGetInt(t.fd, unix.TIOCGPGRP)
	return err == nil && pgid == unix.Getpgrp()
}

// inOurModes tells whether the modes are still those that enter set: a guard gives
// them back when somebody has stopped us, and SIGCONT may be told after there is
// something to draw.
func (t *terminal) inOurModes() bool {
	now, err := unix.IoctlGetTermios(t.fd, unix.TCGETS)
	return err != nil || t.saved == nil || *now == oneByOne(t.saved)
}

// enter takes the terminal: the alternate screen, keys one by one. From the
// background it stops us (SIGTTOU), as it should.
func (t *terminal) enter() {
	if t.ours && !t.inFront() {
		t.ours = false // whoever has it now has its own modes
	}
	saved, err := unix.IoctlGetTermios(t.fd, unix.TCGETS)
	if err != nil {
		return
	}
	// A shell may give us our own modes back, as it found them at a stop.
	if !t.ours && (t.saved == nil || *saved != oneByOne(t.saved)) {
		t.saved = saved
	}
	raw := oneByOne(t.saved)
	if unix.IoctlSetTermios(t.fd, unix.TCSETS, &raw) != nil || !t.inFront() {
		return
	}
	t.ours, t.drawn = true, true
	// The alternate screen, no wrapping, no cursor.
	t.write("\x1b[?1049h\x1b[?7l\x1b[?25l\x1b[0m\x1b[2J")
}

// oneByOne are the modes in which each key comes at once and as it is.
func oneByOne(saved *unix.Termios) unix.Termios {
	raw := *saved
	raw.Iflag &^= unix.IGNBRK | unix.BRKINT | unix.PARMRK | unix.ISTRIP | unix.INLCR | unix.IGNCR | unix.ICRNL | unix.IXON
	raw.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN
	raw.Cc[unix.VMIN], raw.Cc[unix.VTIME] = 1, 0
	return raw
}

// leave gives it back as it was, if it is still ours to change. CAN ends a
// sequence that was cut off.
func (t *terminal) leave() {
	orphan := unix.Getppid() != t.guard // it was killed: a shell may prompt already
	if !t.ours && !(t.drawn && orphan) {
		return
	}
	t.ours = false
	if !t.inFront() {
		if orphan {
			repair(t.fd, t.saved, true)
		}
		return
	}
	t.drawn = false
	t.write(seqLeave)
	unix.IoctlSetTermios(t.fd, unix.TCSETS, t.saved)
}

// seqLeave undoes what enter wrote.
const seqLeave = "\x18\x1b[?2026l\x1b[0m\x1b[?25h\x1b[?7h\x1b[?1049l"

// write waits a second at most; it says whether everything was taken.
func (t *terminal) write(s string) bool {
	t.file.SetWriteDeadline(time.Now().Add(time.Second))
	_, err := t.file.WriteString(s)
	return err == nil
}

// keys reads on a goroutine of its own until the terminal is gone: then the
// channel is closed.
func (t *terminal) keys() <-chan key {
	out := make(chan key)
	go func() {
		defer close(out)
		buf := make([]byte, 256)
		var rest []byte
		for {
			n, err := t.file.Read(buf)
			if err != nil || n == 0 {
				if errors.Is(err, unix.EINTR) || errors.Is(err, unix.EIO) && t.mayReturn() {
					continue
				}
				return
			}
			var list []key
			list, rest = decode(append(rest, buf[:n]...))
			for _, k := range list {
				out <- k
			}
		}
	}()
	return out
}

// mayReturn: a read from the background of an orphaned group is EIO; that
// another group has the terminal is no hang-up.
func (t *terminal) mayReturn() bool {
	if _, err := unix.IoctlGetTermios(t.fd, unix.TCGETS); err != nil || t.inFront() {
		return false
	}
	time.Sleep(200 * time.Millisecond)
	return true
}

// size is 80×24 where the terminal does not tell.
func (t *terminal) size() (w, h int) {
	ws, err := unix.IoctlGetWinsize(t.fd, unix.TIOCGWINSZ)
	if err != nil || ws.Col == 0 || ws.Row == 0 {
		return 80, 24
	}
	return int(ws.Col), int(ws.Row)
}
