package puppet

import (
	"os"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/proc"
)

const (
	slice       = int64(10e6) // ns between two looks at what wakes nobody
	endPatience = int64(2e9)
)

// Puppet is a process that makes one call at a time.
type Puppet struct {
	Name   string
	Pid    int
	Parent *Puppet // who forked it; nil: the helper

	t     *Troupe
	index int // of its slot; 0: it has ended, and the slot is another's
	pidfd int // -1 where there is none
	kids  int
	call  *Call // the one that is not answered yet
	exec  bool  // it has become another program
	dead  bool
}

// State is what a puppet is doing.
type State uint8

// The states of a puppet.
const (
	Idle    State = iota // it waits for a call
	Busy                 // it is inside a call
	Stopped              // a signal has stopped it
	Became               // it is another program now: exec
	Ended
)

// Answer is what became of a call.
type Answer struct {
	Call   Call
	State  State // Busy and Stopped: the call is not answered yet. Became: exec succeeded. Ended: the puppet did
	Ret    int   // what the call returned; -1 with Errno
	Errno  unix.Errno
	Data   []byte          // of read
	Child  *Puppet         // of fork
	Status unix.WaitStatus // of wait
	Why    string          // why the kernel refused, and what to do; "" if there is nothing to add
}

func (p *Puppet) slot() *slot { return &p.t.m.slots[p.index] }

// State tells what the puppet is doing now.
func (p *Puppet) State() State {
	switch {
	case p.over():
		return Ended
	case p.exec:
		return Became
	case p.stopped():
		return Stopped
	case p.call != nil && atomic.LoadUint32(&p.slot().word) != uint32(p.Pid):
		return Busy
	}
	return Idle
}

// over tells whether the process has ended; it may be a zombie.
func (p *Puppet) over() bool {
	if !p.dead && (p.index == 0 || p.gone()) {
		p.dead = true
	}
	return p.dead
}

// gone asks the kernel.
func (p *Puppet) gone() bool {
	if p.pidfd < 0 {
		q, err := p.t.proc.ReadOne(p.Pid)
		return err != nil || q.Exited()
	}
	return pollIn(p.pidfd, 0)
}

func pollIn(fd, ms int) bool {
	for {
		fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		n, err := unix.Poll(fds, ms)
		if err == unix.EINTR && ms != 0 {
			continue
		}
		return n > 0
	}
}

func (p *Puppet) stopped() bool {
	q, err := p.t.proc.ReadOne(p.Pid)
	return err == nil && (q.State == 'T' || q.State == 't')
}

// awaitEnd waits for the end of the process, at most d nanoseconds.
func (p *Puppet) awaitEnd(d int64) bool {
	if p.pidfd >= 0 {
		if pollIn(p.pidfd, int(d/1e6)) {
			p.dead = true
		}
	}
	return p.over()
}

// AwaitEnd waits for the end of the process, whatever program it is by now, at
// most d nanoseconds, and tells whether it came.
func (p *Puppet) AwaitEnd(d int64) bool { return p.awaitEnd(d) }

// Kill sends SIGKILL to the process, whatever program it is by now, and waits for
// its end.
func (p *Puppet) Kill() {
	if p.over() {
		return
	}
	if p.pidfd >= 0 {
		unix.PidfdSendSignal(p.pidfd, unix.SIGKILL, nil, 0)
	} else {
		unix.Kill(p.Pid, unix.SIGKILL)
	}
	p.awaitEnd(endPatience)
}

// Send has the puppet begin a call and does not wait for it: Wait does. The
// answer's State is Idle if it could be sent. A puppet that is Busy or has ended
// takes no call: then its state is the answer.
func (p *Puppet) Send(c Call) Answer {
	if st := p.State(); st != Idle && !(st == Stopped && p.call == nil) {
		return Answer{Call: c, State: st}
	}
	s := p.slot()
	s.op = opCall
	a := Answer{Call: c}
	if c.op == opFork {
		name := c.name
		p.kids++
		if name == "" {
			name = p.Name + "." + itoa(p.kids)
		}
		child, err := p.t.cast(name, p)
		if err != nil {
			return Answer{Call: c, Ret: -1, Errno: unix.EAGAIN, Why: err.Error()}
		}
		s.op, s.child = opFork, uint32(child.index)
		c.child = child
	} else if e := p.encode(&c); e != 0 {
		return Answer{Call: c, Ret: -1, Errno: e}
	}
	p.call = &c
	atomic.StoreUint32(&s.word, uint32(p.Pid)|futexWaiters)
	futexWake(&s.word)
	return a
}

// Wait waits for the answer to the call that was sent, at most d nanoseconds.
func (p *Puppet) Wait(d int64) Answer {
	if p.call == nil {
		return Answer{State: p.State()}
	}
	s, busy := p.slot(), uint32(p.Pid)|futexWaiters
	end := event.Now() + d
	for atomic.LoadUint32(&s.word) == busy {
		left := end - event.Now()
		if left <= 0 {
			return Answer{Call: *p.call, State: Busy}
		}
		futexWait(&s.word, busy, min(slice, left))
		if atomic.LoadUint32(&s.word) == busy && p.stopped() {
			return Answer{Call: *p.call, State: Stopped}
		}
	}
	c := *p.call
	p.call = nil
	a := Answer{Call: c}
	if atomic.LoadUint32(&s.word)&futexOwnerDied != 0 {
		if c.exec && p.settled() {
			p.exec = true
			a.State = Became
			p.tell(&a)
			return a
		}
		p.awaitEnd(endPatience)
		a.State = Ended
		p.tell(&a)
		return a
	}
	a.Ret, a.Errno = int(s.result), unix.Errno(s.errno)
	if a.Errno != 0 {
		a.Ret = -1
	}
	switch {
	case c.child != nil && a.Errno == 0:
		if err := p.t.enter(c.child, a.Ret); err == nil {
			a.Child = c.child
		}
	case c.child != nil:
		p.t.m.slots[c.child.index].word = wordFree
	case c.result != nil && a.Errno == 0:
		c.result(s, &a)
	}
	if a.Errno != 0 {
		a.Why = p.t.why(p, &a)
	}
	p.tell(&a)
	return a
}

// settled waits until exec is complete, and tells whether the process lives: the
// kernel takes the memory away, and so tells the end of the puppet, a moment
// before /proc shows the new program.
func (p *Puppet) settled() bool {
	for end := event.Now() + endPatience; event.Now() < end && !p.gone(); {
		if args, err := os.ReadFile("/proc/" + itoa(p.Pid) + "/cmdline"); err == nil && len(args) > 0 && string(args) != HelperName+"\x00" {
			break
		}
	}
	return !p.gone()
}

// Patience is how long Do waits for an answer before it says Busy: longer than
// any call takes that does not wait for something.
const Patience = int64(300e6)

// Do has the puppet make a call and waits for the answer, for as long as Patience.
func (p *Puppet) Do(c Call) Answer {
	a := p.Send(c)
	if a.State != Idle || a.Errno != 0 {
		return a
	}
	return p.Wait(Patience)
}

// Counted tells how many signals of a number the handler of Count has met.
func (p *Puppet) Counted(sig unix.Signal) int {
	if p.index == 0 || sig < 1 || sig > 64 {
		return 0
	}
	return int(atomic.LoadUint32(&p.slot().counts[sig]))
}

// Place is where the process is now in the kernel's order; the error is
// proc.ErrGone when it is nowhere. A zombie is somewhere.
func (p *Puppet) Place() (proc.Proc, error) { return p.t.proc.ReadOne(p.Pid) }

// tell makes the event of an answer.
func (p *Puppet) tell(a *Answer) {
	if p.t.opts.Tell == nil || a.Call.quiet {
		return
	}
	e := event.Event{At: event.Now(), Kind: event.Call, Source: event.Puppet, Pid: p.Pid, Text: a.Call.String(), Errno: int(a.Errno)}
	switch {
	case a.Errno != 0:
	case a.State == Idle:
		e.Text += " = " + itoa(a.Ret)
	}
	p.t.opts.Tell(e)
}

// farData is the address that the puppet has for a place in its data.
func (p *Puppet) farData(off int) uint64 { return p.t.m.far(unsafe.Pointer(&p.slot().data[off])) }
