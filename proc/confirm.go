package proc

import (
	"strconv"

	"jsh/event"
)

// Confirm compares what a Spawn event asked for with what /proc says of that
// process now, in one sentence for the reader of narrate. setpgid and
// tcsetpgrp are made in the child, out of the shell's sight; this is how the
// shell knows that they were.
func Confirm(spawn *event.Event, p *Proc) string {
	is := strconv.Itoa(p.Pid) + " is in group " + strconv.Itoa(p.Pgid) + ", session " + strconv.Itoa(p.Sid)
	switch {
	case p.TTY == 0:
		is += ", with no terminal"
	case p.Tpgid == p.Pgid:
		is += ", with the keyboard of " + event.TTYName(p.TTY)
	default:
		is += ", on " + event.TTYName(p.TTY) + " in the background"
	}
	switch {
	case spawn.Pid != p.Pid:
		return "/proc: " + is
	case spawn.Pgid != 0 && spawn.Pgid != p.Pgid, spawn.Fg && p.Tpgid != p.Pgid:
		return "/proc by now: " + is
	}
	return "/proc agrees: " + is
}
