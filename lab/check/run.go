package check

import (
	"errors"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/lab/trace"
)

// run is one check under way. What the handler fills in belongs to the
// tracer's thread; others have it through Tracer.Wake.
type run struct {
	t       *trace.Tracer
	boxed   bool // this is pid 1 of a sandbox
	lines   lines
	first   int // the process that was started
	sid     int // the session of the private terminal
	tty     int // its device number
	ttyName string
	start   string // the directory in which the program was started
	people  map[int]*person
	order   []*person
	busy    atomic.Int64 // time of what was told last
	// swallow says that SIGHUP and SIGCONT do not arrive; swallowed counts them.
	swallow   atomic.Bool
	swallowed atomic.Int32
	output    strings.Builder
	judged    *person
	stays     bool // the process that was started was alive then
	again     bool // a second run, for SIGTERM alone
	long      bool // the daemon was alive when it was looked at
	signals   bool
	hup       string
	hupped    int64 // when SIGHUP was sent
	heir      int   // started by it in its own place
	term      string
	pidFile   string
	pidText   string
	zombies   []int
	lent      lent
}

// Calling notes where a call was made, and the state of a process before its end.
func (r *run) Calling(c *trace.Call) trace.Order {
	r.busy.Store(event.Now())
	p := r.person(c.Pid)
	x := &call{line: r.lines.caller(c.Tid, c.IP, c.SP)}
	switch c.Kind {
	case trace.Open, trace.Openat, trace.Creat:
		x.file = c.Path
		if !strings.HasPrefix(c.Path, "/") {
			x.file = link("/proc/"+num(c.Pid)+"/cwd") + "/" + c.Path
		}
	case trace.ExitGroup:
		if p != r.judged { // that was looked at before anything was tried with it
			p.last = look(c.Pid)
		}
	}
	x.Call = *c
	p.calls = append(p.calls, x)
	return trace.Order{}
}

func (r *run) Called(c *trace.Call) {
	r.busy.Store(event.Now())
	p := r.person(c.Pid)
	for i := len(p.calls) - 1; i >= 0; i-- {
		if p.calls[i].IP == c.IP && p.calls[i].Tid == c.Tid && !p.calls[i].Done {
			p.calls[i].Call = *c
			return
		}
	}
}

func (r *run) Happened(h *trace.Happening) {
	r.busy.Store(event.Now())
	if h.Thread {
		return
	}
	p := r.person(h.Pid)
	switch h.What {
	case trace.Born:
		if len(r.order) > crowd {
			r.t.KillAll()
		}
		p.parent, p.name, p.born = h.Forker, h.Place.Name, event.Now()
	case trace.Became:
		p.name = h.Place.Name
	case trace.Received:
		p.got[h.Sig] = h.Effect
	case trace.Exited:
		p.ended, p.status = true, h.Status
	case trace.Killed:
		p.ended, p.sig = true, h.Sig
	}
}

// crowd is how many processes a program may make in its start: beyond it is
// taken for a fork bomb.
const crowd = 500

// Time limits.
const (
	calm    = 300 * time.Millisecond // nothing happens for so long, and all wait: the start is over
	staying = 2 * time.Second        // the same, where one runs or takes a nap
	obeying = 2 * time.Second
)

// do runs the program and gathers what was seen.
func (r *run) do(path string, argv []string, limit time.Duration) error {
	master, slave, err := openPTY()
	if err != nil {
		return errors.New("no private terminal: " + err.Error())
	}
	defer unix.Close(master)
	var st unix.Stat_t
	unix.Fstat(slave, &st)
	r.tty, r.ttyName = int(st.Rdev), link("/proc/self/fd/"+num(slave))
	r.start, _ = os.Getwd()
	line, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	var hold [2]int
	if err := unix.Pipe2(hold[:], unix.O_CLOEXEC); err != nil {
		return err
	}
	// Orphans come to this process, which ends them all; nothing is left to init.
	unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
	exe, err := os.Readlink("/proc/self/exe")
	if err != nil {
		exe = "/proc/self/exe"
	}
	shell, err := syscall.ForkExec(exe, append([]string{shellName, path}, argv...), &syscall.ProcAttr{
		Env:   syscall.Environ(),
		Files: []uintptr{uintptr(slave), uintptr(slave), uintptr(slave), uintptr(line[1]), uintptr(hold[0])},
		Sys:   &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}})
	if err != nil {
		return errors.New("the terminal's shell could not be started: " + err.Error())
	}
	r.sid = shell
	unix.Close(slave)
	unix.Close(line[1])
	unix.Close(hold[0])
	if r.t, err = trace.New(r); err != nil {
		return err
	}
	r.t.Exitkill, r.t.Files = true, true
	r.t.Swallow = func(pid, sig int) bool {
		if !r.swallow.Load() || sig != int(unix.SIGHUP) && sig != int(unix.SIGCONT) {
			return false
		}
		r.swallowed.Add(1)
		return true
	}
	r.t.Wake = make(chan func())
	if r.first, err = r.t.Meet(line[0]); err != nil {
		unix.Close(hold[1])
		return err
	}
	drained := make(chan struct{})
	go func() { defer close(drained); r.drain(master) }()
	r.busy.Store(event.Now())
	over := make(chan struct{})
	began := make(chan struct{})
	go func() {
		defer close(began)
		r.steer(limit, over)
	}()
	r.t.Go(line[0])
	err = r.t.Run()
	close(over)
	<-began
	unix.Close(hold[1])
	for {
		pid, e := unix.Wait4(-1, nil, unix.WALL, nil)
		if e == unix.EINTR {
			continue
		}
		if e != nil || pid == shell {
			break
		}
	}
	select {
	case <-drained: // the last process that had the terminal open is gone
	case <-time.After(obeying):
	}
	if err == nil && r.people[r.first] == nil {
		return errors.New("the program did not start: " + strings.TrimSpace(r.output.String()))
	}
	return err
}

// drain reads what is written to the private terminal, so that nobody waits.
func (r *run) drain(master int) {
	var b [4096]byte
	for {
		n, err := unix.Read(master, b[:])
		if err == unix.EINTR {
			continue
		}
		if err == unix.EIO {
			return // nobody has the terminal open
		}
		if n <= 0 || err != nil {
			return
		}
		if r.output.Len() < 64<<10 {
			r.output.Write(b[:n])
		}
	}
}

func openPTY() (master, slave int, err error) {
	master, err = unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, -1, err
	}
	if err = unix.IoctlSetPointerInt(master, unix.TIOCSPTLCK, 0); err == nil {
		// The request's argument are the flags of open.
		fd, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(master), unix.TIOCGPTPEER, unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC)
		if slave = int(fd); e != 0 {
			err = e
		}
	}
	if err != nil {
		unix.Close(master)
		return -1, -1, err
	}
	return master, slave, nil
}

// inside runs f on the tracer's thread; false if the tracing is over.
func (r *run) inside(over chan struct{}, f func()) bool {
	done := make(chan struct{})
	select {
	case r.t.Wake <- func() { f(); close(done) }:
		<-done
		return true
	case <-over:
		return false
	}
}

// steer waits until the program is past its start, looks, tries the signals and
// ends everything.
func (r *run) steer(limit time.Duration, over chan struct{}) {
	deadline := time.Now().Add(limit)
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	ready := func() bool {
		idle := time.Duration(event.Now() - r.busy.Load())
		gone := false
		asleep := true
		if !r.inside(over, func() {
			gone = r.people[r.first] != nil && r.people[r.first].ended
			for _, p := range r.order {
				if !p.ended && (look(p.pid).mark == 'R' || naps(p.pid)) {
					asleep = false
				}
			}
		}) {
			return true
		}
		return idle > staying || gone && asleep && idle > calm
	}
	for !ready() && time.Now().Before(deadline) {
		select {
		case <-over:
			return
		case <-tick.C:
		}
	}
	d := (*person)(nil)
	if !r.inside(over, func() {
		d = r.daemon()
		r.judged = d
		r.stays = r.people[r.first] != nil && !r.people[r.first].ended
		if d != nil && !d.ended {
			r.long = true
			d.last = look(d.pid)
			r.findPidFile()
			r.findZombies()
		}
	}) {
		return
	}
	if r.long && d.pid != r.first {
		if !r.again {
			r.lendTerminal(d, over, tick.C)
			r.tryHangup(d, over, tick.C)
		}
		r.tryTerm(d, over, tick.C)
	}
	for r.inside(over, r.t.KillAll) {
		select {
		case <-over:
		case <-tick.C:
		}
	}
}

// naps tells whether a process sleeps for a time that it chose: it may go on
// with its start after that.
func naps(pid int) bool {
	nr, _, _ := strings.Cut(trace.ReadFile("/proc/"+num(pid)+"/syscall"), " ")
	return nr == num(unix.SYS_NANOSLEEP) || nr == num(unix.SYS_CLOCK_NANOSLEEP)
}

// await waits until f holds, on the tracer's thread, or the time is over.
func (r *run) await(over chan struct{}, tick <-chan time.Time, limit time.Duration, f func() bool) bool {
	end := time.Now().Add(limit)
	for time.Now().Before(end) {
		ok := false
		if !r.inside(over, func() { ok = f() }) {
			return f()
		}
		if ok {
			return true
		}
		select {
		case <-over:
			return f()
		case <-tick:
		}
	}
	return false
}
