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
	"jsh/pgroup"
)

// The processes of check-daemon are reached by these names.
const (
	shellName   = "jsh: check-daemon's shell"
	programName = "jsh: check-daemon's program"
	insideName  = "jsh: check-daemon in its sandbox"
)

// IsEntry tells whether this process was started to be a part of check-daemon.
func IsEntry(args []string) bool {
	return len(args) > 0 && (args[0] == shellName || args[0] == programName || args[0] == insideName)
}

// Entry is the life of such a process; it returns its exit status. args are
// the name, the program's file and its arguments.
func Entry(args []string) int {
	if args[0] == insideName {
		return Main(args)
	}
	if len(args) < 3 {
		return 2
	}
	if args[0] == shellName {
		return beShell(args)
	}
	unix.CloseOnExec(fdLine)
	msg, status := trace.Become(fdLine, args[1], args[2:])
	say(msg)
	return status
}

// Descriptors of the two.
const (
	fdLine = 3 // to the tracer
	fdHold = 4 // the shell lives while the other end is open
)

// beShell plays the shell on the private terminal: it starts the program as a
// job in the foreground, takes the terminal back when it ends, and stays until
// the check is over.
func beShell(args []string) int {
	// What whoever called check-daemon has open is no fault of the program.
	unix.CloseRange(fdHold, ^uint(0), unix.CLOSE_RANGE_CLOEXEC)
	exe, err := os.Readlink("/proc/self/exe")
	if err != nil {
		exe = "/proc/self/exe"
	}
	pid, err := syscall.ForkExec(exe, append([]string{programName}, args[1:]...), &syscall.ProcAttr{
		Env: syscall.Environ(), Files: []uintptr{0, 1, 2, fdLine},
		Sys: &syscall.SysProcAttr{Setpgid: true, Foreground: true, Ctty: 0}})
	if err != nil {
		return 1
	}
	unix.Close(fdLine)
	done := make(chan struct{})
	go func() {
		var ws unix.WaitStatus
		for {
			if _, err := unix.Wait4(pid, &ws, 0, nil); err != unix.EINTR {
				break
			}
		}
		k := pgroup.Kernel{Pid: unix.Getpid(), Pgid: unix.Getpgrp()}
		k.SetForeground(0, unix.Getpgrp())
		close(done)
	}()
	var b [1]byte
	for {
		if _, err := unix.Read(fdHold, b[:]); err != unix.EINTR {
			return 0
		}
	}
}

// call is one call that was seen.
type call struct {
	trace.Call
	line string // in the source, "" where that is not known
	file string // the absolute path of an open
}

// person is a process that was seen.
type person struct {
	pid, parent int
	name        string
	calls       []*call
	ended       bool
	status, sig int
	born        int64
	last        state // when it was about to end
	got         map[int]string
}

// state is what /proc says of a process at one moment.
type state struct {
	known                bool
	mark                 byte // R, S, Z …
	ppid, pgid, sid, tty int
	cwd, umask           string
	files                map[int]string
}

func look(pid int) (s state) {
	text := readFile("/proc/" + num(pid) + "/stat")
	i := strings.LastIndexByte(text, ')')
	if i < 0 {
		return s
	}
	f := strings.Fields(text[i+1:])
	if len(f) < 6 {
		return s
	}
	s.known, s.mark = true, f[0][0]
	s.ppid, s.pgid, s.sid, s.tty = atoi(f[1]), atoi(f[2]), atoi(f[3]), atoi(f[4])
	s.cwd = link("/proc/" + num(pid) + "/cwd")
	for l := range strings.SplitSeq(readFile("/proc/"+num(pid)+"/status"), "\n") {
		if rest, ok := strings.CutPrefix(l, "Umask:"); ok {
			s.umask = strings.TrimSpace(rest)
		}
	}
	s.files = map[int]string{}
	for fd := range 256 {
		if l := link("/proc/" + num(pid) + "/fd/" + num(fd)); l != "" {
			s.files[fd] = l
		}
	}
	return s
}

func link(path string) string {
	var buf [4096]byte
	n, err := unix.Readlink(path, buf[:])
	if err != nil {
		return ""
	}
	return event.Visible(string(buf[:n]))
}

func atoi(s string) (n int) {
	neg := strings.HasPrefix(s, "-")
	for _, c := range strings.TrimPrefix(s, "-") {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	if neg {
		return -n
	}
	return n
}

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

func (r *run) person(pid int) *person {
	p := r.people[pid]
	if p == nil {
		p = &person{pid: pid, got: map[int]string{}}
		r.people[pid] = p
		r.order = append(r.order, p)
	}
	return p
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
	nr, _, _ := strings.Cut(readFile("/proc/"+num(pid)+"/syscall"), " ")
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

// daemon is the process that is judged: of those alive the first that has no
// traced parent alive, but not the one that was started, if there is another; of
// those that have all ended the last one born in the line of first children.
func (r *run) daemon() *person {
	alive := func(p *person) bool { return p != nil && !p.ended }
	for _, p := range r.order {
		if alive(p) && p.pid != r.first && !alive(r.people[p.parent]) {
			return p
		}
	}
	first := r.people[r.first]
	if alive(first) {
		// The parent stays: what was meant to be the daemon is the end of the
		// line of only children, if it has left the session.
		last := first
		for next := last; next != nil; {
			last, next = next, nil
			for _, p := range r.order {
				if alive(p) && p.parent == last.pid {
					if next != nil {
						next = nil
						break
					}
					next = p
				}
			}
		}
		if look(last.pid).sid != r.sid {
			return last
		}
		return first
	}
	// All have ended: the one that came furthest, which is the last whose
	// parent did not wait for it.
	best := first
	for _, p := range r.order {
		if best != nil && p.parent == best.pid && !r.waitedFor(p.pid) {
			best = p
		}
	}
	return best
}

// waitedFor tells whether some wait told of a process.
func (r *run) waitedFor(pid int) bool {
	for _, p := range r.order {
		for _, c := range p.calls {
			if (c.Kind == trace.Wait4 || c.Kind == trace.Waitid) && c.Done && c.Errno == 0 && int(c.Ret) == pid {
				return true
			}
		}
	}
	return false
}

func (r *run) findPidFile() {
	for _, p := range r.order {
		for _, c := range p.calls {
			if c.file == "" || !c.Done || c.Errno != 0 || strings.HasPrefix(c.file, "/dev/") || strings.HasPrefix(c.file, "/proc/") {
				continue
			}
			text := readFile(c.file)
			if len(text) > 32 {
				continue
			}
			text = strings.TrimSpace(text)
			if n := atoi(text); n > 0 && num(n) == text {
				r.pidFile, r.pidText = c.file, text
				return
			}
		}
	}
}

// findZombies finds children that ended and that nobody has waited for.
func (r *run) findZombies() {
	for _, p := range r.order {
		parent := r.people[p.parent]
		if p.ended && parent != nil && !parent.ended && look(p.pid).mark == 'Z' {
			r.zombies = append(r.zombies, p.pid)
		}
	}
}
