package pgroup

import (
	"runtime"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// Kernel makes the calls for one shell and tells its log of them.
type Kernel struct {
	Pid  int // the shell's own
	Pgid int // the shell's process group; kept true by SetPgid
	// Locked says that the goroutine that calls is kept on its thread already.
	// Without it Spawn and Exec lock it themselves; the first
	// runtime.LockOSThread of a process starts a thread.
	Locked bool
	// Tell receives one event for each call, with the answer. Nil: nobody.
	Tell func(event.Event)

	// The environment that was last given to a program, in both forms.
	env  []string
	envv []*byte
}

// New makes a Kernel for the calling process.
func New(tell func(event.Event)) *Kernel {
	return &Kernel{Pid: unix.Getpid(), Pgid: unix.Getpgrp(), Tell: tell}
}

func (k *Kernel) tell(e event.Event) {
	if k.Tell != nil {
		e.Source = event.Shell
		k.Tell(e)
	}
}

// errnoOf is the number to put in an event.
func errnoOf(err error) int {
	if e, ok := err.(unix.Errno); ok {
		return int(e)
	}
	return 0
}

// lockThread keeps the calling goroutine on its thread until unlock.
func (k *Kernel) lockThread() (unlock func()) {
	if k.Locked {
		return func() {}
	}
	runtime.LockOSThread()
	return runtime.UnlockOSThread
}
