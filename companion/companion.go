// Package companion keeps the one log of what happened, for every reader: the
// picture, its past, a viewer in another terminal, a recording.
//
// It owns the log with its key frames, the watcher of processes, the socket,
// and the form in which events and frames go over that socket and into a file.
// The Hub takes events from the shell, from the watcher and from whoever relays
// keys; it lives in the screen's process or in a detached one of its own (Run).
// A Sender lives in the shell. A Client lives in a viewer, and a Recording is
// read from a file: both give the same Moments as the Hub. It never draws, and
// it never changes a process.
//
// Invariants:
//
//   - The shell is never delayed: a Sender's calls return at once, whatever the
//     companion does. What the socket does not take waits in the shell's own log;
//     what that had to drop is told later, as a Gap.
//   - The Hub is never delayed by a viewer: one that is slow loses, is told of
//     it (a Gap), and gets a whole frame to go on from.
//   - Sockets are for one user: the directory is 0700 and that user's, the socket
//     0600, and both ends ask the kernel for the other's uid (SO_PEERCRED).
//   - What was typed is never in the log, but for the command lines that the
//     shell ran and the names of signal keys.
//
// # Transport
//
// AF_UNIX, SOCK_SEQPACKET: each message has a boundary and none is lost or out of
// order (unix(7)). The first byte of a message is its kind, the rest is text. The
// hub's stream to a viewer is JSON lines, cut anywhere into messages: the lines
// of a recording (stream.go).
package companion

import (
	"jsh/event"
	"jsh/proc"
)

// EnvName is the variable that leads to the companion's socket. A shell that
// has a companion exports it; an interactive jsh that finds it sends its events
// there too, and shows no screen of its own.
const EnvName = "JSH_COMPANION"

// Place is a moment of the log: after the Step-th event of an episode. Both
// count from 1. The zero Place is live.
type Place struct{ Episode, Step int }

// Live says that the place is the present, and moves on with it.
func (p Place) Live() bool { return p == Place{} }

// Moment is what there is to see at a place.
type Moment struct {
	Tree    *proc.Tree    // nil before the first snapshot
	Events  []event.Event // of the episode, up to this place, oldest first; live, the newest 1,000 of them
	Context event.Context // for sentences about the events

	Line     string // the command line of the episode
	Episode  int    // 3 of Episodes; 0: no command line has run yet
	Episodes int
	Step     int // event within the episode, of Steps
	Steps    int
	At       int64 // CLOCK_MONOTONIC ns; of the event where one looks back
	Past     bool  // looking back; otherwise live
	Place    Place // where this is: the place that was asked for, or the nearest

	Marks map[int]string // pid → what a lesson has put beside the process

	// Inside is the number that a process has in its own pid namespace, where that
	// is not the companion's.
	Inside map[int]string

	Source string // who watches, as proc.Watcher.Source says
	Lost   uint64 // events that did not get here
	Keys   bool   // signal keys are seen: a screen relays them
	Gone   string // why nothing new will come; "" while it will
}
