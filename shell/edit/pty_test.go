package edit

import (
	"errors"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// limit bounds every wait of these tests. A wait ends at its event; the limit
// only turns a hang into a failure.
const limit = 4 * time.Second

// ptyPair is a terminal whose other end the test holds. What is written to it
// is drawn on models of a screen.
type ptyPair struct {
	t      testing.TB
	master *os.File
	slave  int

	mu     sync.Mutex
	change *sync.Cond
	raw    []byte // everything that came
	models []*model
	late   bool
	done   chan struct{}
}

func openPTY(t testing.TB, cols, rows int, models ...*model) *ptyPair {
	t.Helper()
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Skip("no pty here: ", err)
	}
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal("TIOCSPTLCK: ", err)
	}
	slave, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.TIOCGPTPEER, unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC)
	if e != 0 {
		t.Fatal("TIOCGPTPEER: ", e)
	}
	p := &ptyPair{t: t, master: os.NewFile(uintptr(fd), "/dev/ptmx"), slave: int(slave), done: make(chan struct{})}
	p.change = sync.NewCond(&p.mu)
	p.models = models
	p.resize(cols, rows)
	go p.read()
	t.Cleanup(func() {
		p.master.Close()
		unix.Close(p.slave)
		<-p.done
	})
	return p
}

func (p *ptyPair) read() {
	defer close(p.done)
	buf := make([]byte, 4096)
	for {
		n, err := p.master.Read(buf)
		p.mu.Lock()
		p.raw = append(p.raw, buf[:n]...)
		for _, m := range p.models {
			m.write(buf[:n])
		}
		p.change.Broadcast()
		p.mu.Unlock()
		if err != nil && !errors.Is(err, unix.EIO) {
			return
		}
		if err != nil {
			return
		}
	}
}

// resize sets the size that the kernel tells, and the models'.
func (p *ptyPair) resize(cols, rows int) {
	ws := unix.Winsize{Col: uint16(cols), Row: uint16(rows)}
	_, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(p.slave), unix.TIOCSWINSZ, uintptr(unsafe.Pointer(&ws)))
	if e != 0 {
		p.t.Fatal("TIOCSWINSZ: ", e)
	}
	p.mu.Lock()
	for _, m := range p.models {
		m.resize(cols, rows)
	}
	p.mu.Unlock()
}

// typeKeys writes what a user types.
func (p *ptyPair) typeKeys(s string) {
	p.t.Helper()
	p.master.SetWriteDeadline(time.Now().Add(limit))
	if _, err := p.master.Write([]byte(s)); err != nil {
		p.t.Fatalf("typing %s: %v", strconv.QuoteToASCII(s), err)
	}
}

// await waits until ok is true of what the terminal got and shows.
func (p *ptyPair) await(ok func() bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if ok() {
		return true
	}
	p.late = false
	timer := time.AfterFunc(limit, func() {
		p.mu.Lock()
		p.late = true
		p.change.Broadcast()
		p.mu.Unlock()
	})
	defer timer.Stop()
	for !p.late {
		p.change.Wait()
		if ok() {
			return true
		}
	}
	return false
}

func deadline() <-chan time.Time { return time.After(limit) }
