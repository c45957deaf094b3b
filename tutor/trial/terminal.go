package trial

import (
	"errors"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// terminal is a pseudo-terminal with jsh on it.
type terminal struct {
	master *os.File
	raw    syscall.RawConn
	pid    int
	moved  chan struct{} // capacity 1: there was output
	exited chan struct{}

	mu   sync.Mutex
	tail []byte // of the output
}

// open starts a program as leader of a session on a new terminal.
func open(argv, env []string, dir string, cols, rows int) (*terminal, error) {
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: "/dev/ptmx", Err: err}
	}
	t := &terminal{master: os.NewFile(uintptr(fd), "pty"), moved: make(chan struct{}, 1), exited: make(chan struct{})}
	t.raw, err = t.master.SyscallConn()
	if err != nil {
		t.master.Close()
		return nil, err
	}
	slave := -1
	t.raw.Control(func(fd uintptr) {
		if err = unix.IoctlSetPointerInt(int(fd), unix.TIOCSPTLCK, 0); err != nil {
			return
		}
		unix.IoctlSetWinsize(int(fd), unix.TIOCSWINSZ, &unix.Winsize{Col: uint16(cols), Row: uint16(rows)})
		peer, _, errno := unix.Syscall(unix.SYS_IOCTL, fd, unix.TIOCGPTPEER, unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC)
		if errno != 0 {
			err = errno
			return
		}
		slave = int(peer)
	})
	if err != nil {
		t.master.Close()
		return nil, errors.New("a terminal: " + err.Error())
	}
	t.pid, err = syscall.ForkExec(argv[0], argv, &syscall.ProcAttr{Dir: dir, Env: env,
		Files: []uintptr{uintptr(slave), uintptr(slave), uintptr(slave)},
		Sys:   &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}})
	unix.Close(slave)
	if err != nil {
		t.master.Close()
		return nil, &os.PathError{Op: "start", Path: argv[0], Err: err}
	}
	go func() {
		defer close(t.exited)
		for {
			if _, err := unix.Wait4(t.pid, nil, 0, nil); err != unix.EINTR {
				return
			}
		}
	}()
	go t.read()
	return t, nil
}

// read feeds the screen until nobody has the terminal open.
func (t *terminal) read() {
	buf := make([]byte, 32<<10)
	for {
		n, err := t.master.Read(buf)
		t.mu.Lock()
		t.tail = append(t.tail, buf[:n]...)
		if over := len(t.tail) - keep; over > keep {
			t.tail = append([]byte(nil), t.tail[over:]...)
		}
		t.mu.Unlock()
		select {
		case t.moved <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

func (t *terminal) write(s string) {
	t.master.SetWriteDeadline(time.Now().Add(5 * time.Second))
	t.master.WriteString(s)
}

// foreground is the terminal's foreground process group, 0 where there is none.
func (t *terminal) foreground() (pgid int) {
	t.raw.Control(func(fd uintptr) { pgid, _ = unix.IoctlGetInt(int(fd), unix.TIOCGPGRP) })
	return pgid
}

// editing says that somebody reads keys as they come, as a line editor does.
func (t *terminal) editing() (yes bool) {
	t.raw.Control(func(fd uintptr) {
		m, err := unix.IoctlGetTermios(int(fd), unix.TCGETS)
		yes = err == nil && m.Lflag&unix.ICANON == 0
	})
	return yes
}

// keep is how much of the output is kept for a report.
const keep = 16 << 10

// text is the newest of what was shown, without what draws.
func (t *terminal) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var b strings.Builder
	for s := string(t.tail); s != ""; {
		switch c := s[0]; {
		case c == 0x1b:
			s = s[escape(s):]
			continue
		case c == '\n' || c >= ' ' && c != 0x7f:
			b.WriteByte(c)
		}
		s = s[1:]
	}
	lines := strings.Split(strings.TrimRight(b.String(), " \n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines[max(0, len(lines)-15):], "\n")
}

// escape is the length of the escape sequence at the head of s (ECMA-48).
func escape(s string) int {
	if len(s) < 2 {
		return len(s)
	}
	switch s[1] {
	case '[':
		for i := 2; i < len(s); i++ {
			if s[i] >= '@' && s[i] <= '~' {
				return i + 1
			}
		}
		return len(s)
	case ']', 'P':
		for i := 2; i < len(s); i++ {
			if s[i] == 7 {
				return i + 1
			}
			if s[i] == 0x1b && i+1 < len(s) && s[i+1] == '\\' {
				return i + 2
			}
		}
		return len(s)
	}
	return 2
}

// hangUp closes the terminal: what is on it gets SIGHUP.
func (t *terminal) hangUp() { t.master.Close() }
