// Package edit reads lines from a terminal: editing with readline's emacs
// keys, history, completion, pasting, and notices printed above the line that
// is being typed.
//
// It owns the terminal's modes and the rows that it draws, from the call of
// ReadLine to its return. It never runs a goroutine, never reads outside
// ReadLine, and knows nothing of the shell's language: the shell completes
// words and decides what a wake-up means.
//
// Invariants:
//
//   - Bytes after Enter stay in the kernel: they belong to the next job. Input
//     is read one byte at a time, and only while a line is being edited.
//   - A line is bytes. What is not UTF-8 is returned as it came; only NUL,
//     which no command line can hold, is dropped.
//   - On every way out, a panic included, the terminal has exactly the modes
//     that it had on the way in.
//   - Nothing typed or pasted reaches the terminal as a control character.
//   - The terminal is never asked for anything (cursor position, attributes):
//     the answer would stand in the input of the next job.
//
// # Type-ahead
//
// CR still becomes NL on input while a line is edited, so that lines typed
// ahead are what the next program would have read. One thing cannot be
// mended from here: input that waits when the terminal goes back to canonical
// mode is pushed to its readers as one piece (Linux, n_tty), so a ^D in it is
// a character and no end of file. Once the program runs, ^D is itself again.
//
// # What terminals do not agree on
//
// The width of joined emoji, flags and variation selectors differs between
// terminals. Such a character gets the most columns that any of them gives
// it, and what follows is placed by column: at worst there is a gap.
//
// On a change of size some terminals wrap their rows anew (VTE, kitty, tmux)
// and some do not (xterm, the Linux console, this project's screen). The line
// is drawn again from the lower of the two places where it can have begun:
// nothing printed before it is erased, but a piece of the old line may stay
// above. Config.NoRewrap makes it exact where the terminal is known.
//
// # How it is built
//
// Each part decides or does, not both: keys.go (bytes → keys), text.go and
// buffer.go (the line), commands.go (keys → changes), layout.go (a line → rows of
// cells) and history.go know no terminal; term.go, screen.go and histfile.go
// make the system calls.
//
// # Why this is not github.com/chzyer/readline
//
// That library was meant to be underneath. Version 1.5.1 was driven by the
// sessions of chzyer_test.go (go test -run Chzyer -chzyer), with its input
// guarded (one byte a read, NUL dropped), its terminal handling replaced, and
// the keys kept from it that make it panic in a goroutine of its own, where no
// caller can recover. Of 100 lines of each kind, on a terminal of 40 columns:
//
//	                              returned wrong   shown wrong
//	ASCII, also wrapping                       0             0
//	wide characters, one row                   0            23
//	wide characters, wrapping                  0            55
//	combining marks and emoji                 57            89
//	bytes that are not UTF-8                 100           100
//	a paste of two lines                     100            97
//
// Wrong is what differs from a naive editor that moves by grapheme clusters
// (the library moves by characters), and an end of line in the middle of a
// paste spoils the later lines of its session of ten too, so the last rows say
// that it fails, not how often.
//
// The causes lie inside it: it steps back one column for each character
// (RuneBuffer.getBackspaceSequence), decodes input with ReadRune, which makes
// U+FFFD of what is not UTF-8, and has no place where a bracketed paste could
// be kept from ending the line. What would be left of it once drawing, input,
// search, completion and history are replaced is inserting into a slice.
package edit
