package pgroup

import (
	"golang.org/x/sys/unix"

	"jsh/event"
)

// Kernel makes the calls for one shell and tells its log of them.
type Kernel struct {
	Pid  int // the shell's own
	Pgid int // the shell's process group; kept true by SetPgid
	// Tell receives one event for each call, with the answer. Nil: nobody.
	Tell func(event.Event)
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
