package puppet

import (
	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/pgroup"
)

// Disposition is what a signal does.
type Disposition uint8

// The dispositions. Count installs a handler that counts; Puppet.Counted tells
// how often it ran. A call that it interrupts gives EINTR.
const (
	Default Disposition = iota
	Ignore
	Count
)

// Sigaction is sigaction(2).
func Sigaction(sig unix.Signal, d Disposition) Call {
	c := simple("sigaction", unix.SYS_RT_SIGACTION, int(sig), 0, 0, 8)
	c.text = "sigaction(" + event.SigName(int(sig)) + ", " + [...]string{"SIG_DFL", "SIG_IGN", "a handler that counts"}[d] + ")"
	c.noFile = true
	c.fill = func(w *arena) {
		sa := sigaction{handler: uint64(d)}
		if d == Count {
			const onStack, hasRestorer = 0x08000000, 0x04000000
			sa.handler, sa.flags, sa.restorer = w.p.t.m.handler, onStack, w.p.t.m.restorer
			if sa.restorer != 0 {
				sa.flags |= hasRestorer
			}
		}
		if w.p.t.m.restorer == 0 { // the kernel's struct has none there
			w.args[1] = w.words(sa.handler, sa.flags, sa.mask)
			return
		}
		w.args[1] = w.words(sa.handler, sa.flags, sa.restorer, sa.mask)
	}
	return c
}

// How is what Sigprocmask does with the set.
type How uint8

const (
	Block How = iota
	Unblock
	SetMask
)

// Sigprocmask is sigprocmask(2).
func Sigprocmask(how How, set pgroup.SignalSet) Call {
	names := ""
	for sig := unix.Signal(1); sig <= 64; sig++ {
		if set.Has(sig) {
			if names != "" {
				names += ", "
			}
			names += event.SigName(int(sig))
		}
	}
	c := simple("sigprocmask", unix.SYS_RT_SIGPROCMASK, int(how), 0, 0, 8)
	c.text = "sigprocmask(" + [...]string{"SIG_BLOCK", "SIG_UNBLOCK", "SIG_SETMASK"}[how] + ", {" + names + "})"
	c.noFile = true
	c.fill = func(w *arena) { w.args[1] = w.words(uint64(set)) }
	return c
}

// Kill is kill(2): to a process, or to the group -pid.
func Kill(pid int, sig unix.Signal) Call {
	name := "0"
	if sig != 0 {
		name = event.SigName(int(sig))
	}
	return renamed("kill", simple("kill", unix.SYS_KILL, pid, int(sig)), itoa(pid)+", "+name)
}

// Pause is pause(2): it waits for a signal that is handled.
func Pause() Call {
	c := simple("pause", unix.SYS_PPOLL, 0, 0, 0, 0, 8)
	c.text, c.noFile = "pause()", true
	return c
}
