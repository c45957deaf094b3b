package edit

import "errors"

// Errors of ReadLine, beside io.EOF (^D on an empty line) and *PanicError.
var (
	// ErrInterrupt: ^C, or OnWake said Interrupt. The line so far is returned.
	ErrInterrupt = errors.New("interrupted")
	// ErrHangup: the terminal is gone, or OnWake said Quit.
	ErrHangup = errors.New("the terminal hung up")
	// ErrPaused: OnWake said Pause. The line is kept: the next ReadLine goes
	// on with it.
	ErrPaused = errors.New("paused")
	// ErrBackground: another process group has the terminal, so a read fails
	// with EIO. Take the terminal back (tcsetpgrp(3)) and call again.
	ErrBackground = errors.New("the shell is not in the terminal's foreground")
)

// Action is what OnWake wants of the line being typed.
type Action uint8

const (
	Continue  Action = iota // go on
	Interrupt               // drop the line, as ^C does: ErrInterrupt
	Quit                    // the terminal hung up: ErrHangup
	Pause                   // put the terminal back and return ErrPaused; the line is kept
)

// Candidate is one way to complete a word.
type Candidate struct {
	Text   string // what takes the word's place, quoted as the shell needs it
	Show   string // what the list shows; empty: Text
	Suffix string // added when it is the only candidate: " ", "/" or nothing
}

// Config says where an Editor reads and draws, and who is asked for what.
type Config struct {
	// TTY is read, and its modes are changed. It is never closed, and never
	// made non-blocking: the open file description is shared with every job.
	TTY int
	// Out is drawn on; normally the same terminal.
	Out int
	// Wake becomes readable when OnWake must be called; -1 where there is
	// none. OnWake drains it.
	Wake int
	// OnWake is called in ReadLine's goroutine. The notice, if any, is
	// printed above the line being typed.
	OnWake func() (notice string, action Action)
	// Complete tells what can take the place of line[start:cursor].
	Complete func(line string, cursor int) (start int, candidates []Candidate)

	// HistoryFile keeps the history between sessions; empty: it is not kept.
	HistoryFile string
	// HistorySize is how many entries are remembered; 0 means 1000.
	HistorySize int
	// HistControl returns bash's HISTCONTROL: ignorespace, ignoredups,
	// ignoreboth, erasedups, joined by colons. nil means ignoreboth.
	HistControl func() string

	// Dumb reads lines as the terminal driver edits them (canonical mode), or
	// from something that is no terminal, and draws nothing but the prompt.
	Dumb bool
	// NoColor draws without inverse video, and shows the prompt without SGR.
	NoColor bool
	// Mark shows that the last output had no newline at its end; empty means
	// "%".
	Mark string
	// NoRewrap says that the terminal does not wrap its rows anew when its
	// width changes (xterm, the Linux console, this project's screen). A line
	// that is being typed is then drawn again exactly where it was.
	NoRewrap bool
	// Size tells the terminal's size; nil asks the kernel (TIOCGWINSZ).
	Size func() (cols, rows int)
}

// PanicError is a defect of this package, or of a callback, that was caught.
// The terminal has its modes back.
type PanicError struct {
	Value any
	Stack []byte
	Line  string // what was being typed
}

func (e *PanicError) Error() string {
	if err, ok := e.Value.(error); ok {
		return "the line editor failed: " + err.Error()
	}
	if s, ok := e.Value.(string); ok {
		return "the line editor failed: " + s
	}
	return "the line editor failed"
}
