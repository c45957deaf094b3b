package puppet

import (
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/pgroup"
	"jsh/pgroup/entry"
	"jsh/proc"
)

// Options say how a troupe is to be.
type Options struct {
	// Exe is the program whose main calls Helper for HelperName: jsh.
	Exe string
	// Tell receives an event for each call that a puppet made. Nil: nobody.
	Tell func(event.Event)
	// Ignored are the signals that a first puppet ignores. Usually those that the
	// driver was started with: pgroup.IgnoredAtEntry.
	Ignored pgroup.SignalSet
	// Environ is what the helper, and so each puppet, has as its environment; nil:
	// this process's.
	Environ []string
	// Group is the process group that first puppets join, such as a script's; 0: each has
	// one of its own.
	Group int
}

// Troupe is a family of puppets with their helper. It belongs to one goroutine.
type Troupe struct {
	m      *memory
	helper int
	life   int // the pipe at whose end the helper ends
	opts   Options
	proc   *proc.Reader
	all    []*Puppet
	firsts int
}

// Open starts a helper. The caller must Close the troupe. Errors say what could
// not be had.
func Open(o Options) (*Troupe, error) {
	m, fd, err := newMemory()
	if err != nil {
		return nil, failed("no memory to share with puppets", err)
	}
	defer unix.Close(fd)
	m.all, m.ignored = ^uint64(0), uint64(o.Ignored)
	m.ign.handler = 1 // SIG_IGN
	m.patience = unix.Timespec{Sec: 1}
	if entry.Known {
		m.hasLimit, m.limit = 1, unix.Rlimit{Cur: entry.NoFile.Cur, Max: entry.NoFile.Max}
	}
	t := &Troupe{m: m, opts: o, life: -1}
	if t.proc, err = proc.Open(); err != nil {
		m.unmap()
		return nil, err
	}
	var life [2]int
	if err = unix.Pipe2(life[:], unix.O_CLOEXEC); err != nil {
		t.proc.Close()
		m.unmap()
		return nil, failed("no pipe for the puppets' helper", err)
	}
	env := o.Environ
	if env == nil {
		env = os.Environ()
	}
	k := pgroup.New(nil)
	c, err := k.Spawn(&pgroup.Spec{Path: o.Exe, Argv: []string{HelperName}, Env: env, Group: pgroup.NewGroup,
		Files: []pgroup.File{{Child: memoryFD, From: fd}, {Child: lifeFD, From: life[0]}}})
	unix.Close(life[0])
	t.life = life[1]
	if err != nil {
		unix.Close(t.life)
		t.proc.Close()
		m.unmap()
		return nil, errors.New("the puppets' helper cannot be started: " + err.Error())
	}
	t.helper = c.Pid
	for atomic.LoadUint32(&m.ready) == 0 {
		futexWait(&m.ready, 0, slice)
		if atomic.LoadUint32(&m.ready) == 0 && !t.helperLives() {
			t.Close()
			return nil, errors.New("the puppets' helper (pid " + strconv.Itoa(c.Pid) + ") ended at its start")
		}
	}
	return t, nil
}

func (t *Troupe) helperLives() bool {
	p, err := t.proc.ReadOne(t.helper)
	return err == nil && !p.Exited()
}

// Close ends every process that is still a puppet, and the helper. What has
// become another program lives on.
func (t *Troupe) Close() {
	if t.m == nil {
		return
	}
	unix.Close(t.life)
	for {
		if _, err := unix.Wait4(t.helper, nil, 0, nil); err != unix.EINTR {
			break // ECHILD: a shell's wait for any child has reaped it
		}
	}
	for _, p := range t.all {
		if p.pidfd >= 0 {
			// Those that were killed a moment ago are gone when Close returns.
			if atomic.LoadUint32(&p.slot().word)&futexOwnerDied == 0 || !p.exec {
				p.awaitEnd(endPatience)
			}
			unix.Close(p.pidfd)
			p.pidfd = -1
		}
	}
	t.proc.Close()
	t.m.unmap()
	t.m = nil
}

// Helper is the pid of the helper: the parent of the first puppets.
func (t *Troupe) Helper() int { return t.helper }

// Puppets are all that there were, in the order of their birth.
func (t *Troupe) Puppets() []*Puppet { return t.all }

// Find is the newest puppet with that name or pid, nil if there is none.
func (t *Troupe) Find(name string) *Puppet {
	for _, p := range slices.Backward(t.all) {
		if p.Name == name || strconv.Itoa(p.Pid) == name {
			return p
		}
	}
	return nil
}

// New makes a puppet whose parent is the helper, in a process group of its own,
// as a job-control shell starts the first process of a pipeline, or in Options.Group. It has the
// descriptors 0, 1 and 2 of the driver. An empty name is p1, p2 and so on.
func (t *Troupe) New(name string) (*Puppet, error) {
	if name == "" {
		t.firsts++
		name = "p" + strconv.Itoa(t.firsts)
	}
	p, err := t.cast(name, nil)
	if err != nil {
		return nil, err
	}
	s := &t.m.slots[0]
	s.child = uint32(p.index)
	atomic.StoreUint32(&s.word, 1)
	futexWake(&s.word)
	for atomic.LoadUint32(&s.word) == 1 {
		futexWait(&s.word, 1, slice)
		if atomic.LoadUint32(&s.word) == 1 && !t.helperLives() {
			return nil, errors.New("the puppets' helper is gone: no puppet can be made any more")
		}
	}
	if s.errno != 0 {
		t.m.slots[p.index].word = wordFree
		return nil, failed("no puppet can be forked", unix.Errno(s.errno))
	}
	if err := t.enter(p, int(s.result)); err != nil {
		return p, err
	}
	group := p.Pid
	if t.opts.Group != 0 {
		group = t.opts.Group
		if a := p.Do(Setpgid(0, group)); a.Errno != 0 {
			return p, failed("the puppet cannot join group "+itoa(group), a.Errno)
		}
	}
	if t.opts.Tell != nil { // no watcher can see it, and short lives nobody reads from /proc
		t.opts.Tell(event.Event{At: event.Now(), Kind: event.SetPgid, Source: event.Puppet, Pid: p.Pid, Pgid: group})
	}
	return p, nil
}

// cast chooses a slot for a puppet that is not there yet.
func (t *Troupe) cast(name string, parent *Puppet) (*Puppet, error) {
	for i := 1; i < slots; i++ {
		w := atomic.LoadUint32(&t.m.slots[i].word)
		if w != wordFree && (w&futexOwnerDied == 0 || slices.ContainsFunc(t.all, func(p *Puppet) bool {
			return p.index == i && !p.over()
		})) {
			continue
		}
		for _, p := range t.all {
			if p.index == i { // it has ended: its slot may go
				p.index = 0
				if p.pidfd >= 0 {
					unix.Close(p.pidfd)
					p.pidfd = -1
				}
			}
		}
		t.m.prepare(i, name)
		return &Puppet{t: t, Name: name, Parent: parent, index: i, pidfd: -1}, nil
	}
	return nil, errors.New("there are " + strconv.Itoa(slots-1) + " puppets already: that is the most; let some exit")
}

// enter takes a puppet in that was forked, when it listens.
func (t *Troupe) enter(p *Puppet, pid int) error {
	p.Pid = pid
	p.pidfd, _ = unix.PidfdOpen(pid, 0)
	s := p.slot()
	for atomic.LoadUint32(&s.word) == wordStarting {
		futexWait(&s.word, wordStarting, slice)
		if atomic.LoadUint32(&s.word) == wordStarting && p.gone() {
			return errors.New("the puppet " + p.Name + " (pid " + strconv.Itoa(pid) + ") ended at once")
		}
	}
	t.all = append(t.all, p)
	if len(t.all) > 4*slots { // of the oldest nobody asks any more
		t.all = slices.DeleteFunc(t.all, func(p *Puppet) bool { return p.index == 0 })
	}
	return nil
}

// failed is an error with what was tried, and the errno in words and by name.
func failed(what string, err error) error {
	var e unix.Errno
	if errors.As(err, &e) {
		return errors.New(what + ": " + e.Error() + " (" + unix.ErrnoName(e) + ")")
	}
	return errors.New(what + ": " + strings.TrimSpace(err.Error()))
}
