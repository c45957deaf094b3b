package check

import (
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// lent is how it came out that the daemon opened a spare terminal.
type lent uint8

const (
	notLent lent = iota // it could not be made to open one
	acquired
	refused
)

// lendTerminal has the daemon open a terminal that is nobody's, as it might open
// any by a name in its configuration, looks whether that became its controlling
// terminal, and takes it away again. Giving up a terminal sends SIGHUP and SIGCONT
// (tty_ioctl(4), TIOCNOTTY), of which the daemon must not hear.
func (r *run) lendTerminal(d *person, over chan struct{}, tick <-chan time.Time) {
	master, slave, err := openPTY()
	if err != nil {
		return
	}
	name := link("/proc/self/fd/" + num(slave))
	unix.Close(slave)
	defer unix.Close(master)
	r.inside(over, func() {
		r.t.Inject(d.pid, func(call func(nr uint64, args [3]uint64, text string, at int) (int64, error)) {
			fd, err := call(unix.SYS_OPENAT, [3]uint64{^uint64(99), 0, unix.O_RDWR}, name, 1) // AT_FDCWD
			if err != nil || fd < 0 {
				return
			}
			r.lent = refused
			if look(d.pid).tty != 0 {
				r.lent = acquired
				r.swallow.Store(true)
				call(unix.SYS_IOCTL, [3]uint64{uint64(fd), unix.TIOCNOTTY, 0}, "", 0)
			}
			call(unix.SYS_CLOSE, [3]uint64{uint64(fd), 0, 0}, "", 0)
		})
	})
	if r.swallow.Load() {
		r.await(over, tick, obeying, func() bool { return r.swallowed.Load() >= 2 })
		r.swallow.Store(false)
	}
}

func (r *run) tryHangup(d *person, over chan struct{}, tick <-chan time.Time) {
	r.hupped = event.Now()
	unix.Kill(d.pid, unix.SIGHUP)
	r.signals = true
	got := r.await(over, tick, obeying, func() bool { return d.got[int(unix.SIGHUP)] != "" || d.ended })
	if !got {
		r.hup = "ignored" // the kernel drops an ignored signal before anybody sees it
		return
	}
	r.hup = d.got[int(unix.SIGHUP)]
	if strings.HasPrefix(r.hup, "it ends") {
		r.await(over, tick, obeying, func() bool { return d.ended })
		return
	}
	// A handler may end it as well, or have another one started in its place.
	if r.await(over, tick, 500*time.Millisecond, func() bool { return d.ended }) {
		r.hup = "ends after its handler"
		for _, p := range r.order {
			if !p.ended && p.born > r.hupped {
				r.hup, r.heir = "another", p.pid
			}
		}
	}
}

func (r *run) tryTerm(d *person, over chan struct{}, tick <-chan time.Time) {
	alive := false
	if !r.inside(over, func() { alive = !d.ended }) || !alive {
		return
	}
	unix.Kill(d.pid, unix.SIGTERM)
	if r.await(over, tick, obeying, func() bool { return d.ended }) {
		r.term = "ended"
		return
	}
	r.term = "stays"
}
