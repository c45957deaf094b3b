// Package screen is the split screen: the learner's terminal shows the picture
// of the processes and, beside it, a shell that runs on a terminal of its own.
//
// Three processes make it. The guard (Guard) is what was started as jsh; it
// remembers the terminal's modes and waits. The screen (Main) is its child: it
// relays bytes, keeps the model of the inner terminal (screen/grid) and draws.
// The shell is the screen's child and the leader of a session on the inner
// terminal.
//
//	the learner's terminal
//	└─ jsh            the guard
//	   └─ jsh         the screen
//	      └─ jsh -i   the shell: session leader on its own pty
//
// It owns both terminals' modes and sizes, the layout, the menu at the foot and
// the relay of keys. It decides nothing about processes and draws none: the
// picture's lines come ready from below. It never records what is typed: only
// that a signal key was pressed.
//
// Invariants:
//
//   - Whichever of the three processes is killed, stopped or hung up, the
//     learner's terminal gets its modes back, and what runs inside is hung up
//     or continued. The guard cleans up after the screen, the screen after the
//     guard: each holds one end of a pipe that ends with the other.
//   - A key goes to the shell unchanged, or to the menu while that is open, or
//     to a lesson while the rule of its band says so; never to two, never nowhere.
//   - Reading from the shell never waits for the learner's terminal: a slow one
//     misses frames, not the shell its time. What is kept is bounded.
//   - Nothing is drawn while another process group has the terminal.
//
// The loop (loop.go) is the only code that touches the two terminals, on the
// main thread. The picture is made on another goroutine and handed over whole.
package screen
