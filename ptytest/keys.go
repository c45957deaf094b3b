package ptytest

import "time"

// Type sends bytes as if they were typed. It waits for nothing.
func (t *Term) Type(s string) {
	t.t.Helper()
	t.master.SetWriteDeadline(time.Now().Add(t.deadline))
	if _, err := t.master.WriteString(s); err != nil {
		t.fail("typing %q: %v", s, err)
	}
}

// Key sends one key. Read the package's comment before sending one that makes
// a signal.
func (t *Term) Key(k Key) {
	t.t.Helper()
	t.Type(string(k))
}

// Key is what a key of the keyboard sends.
type Key string

const (
	CtrlA      Key = "\x01"
	CtrlB      Key = "\x02"
	CtrlC      Key = "\x03" // SIGINT
	CtrlD      Key = "\x04" // end of file
	CtrlE      Key = "\x05"
	CtrlK      Key = "\x0b"
	CtrlL      Key = "\x0c"
	CtrlQ      Key = "\x11" // output goes on
	CtrlR      Key = "\x12"
	CtrlS      Key = "\x13" // output stops
	CtrlU      Key = "\x15"
	CtrlV      Key = "\x16"
	CtrlW      Key = "\x17"
	CtrlY      Key = "\x19"
	CtrlZ      Key = "\x1a" // SIGTSTP
	CtrlSlash  Key = "\x1c" // ^\ SIGQUIT
	CtrlSquare Key = "\x1d" // ^]
	Enter      Key = "\r"
	Tab        Key = "\t"
	Esc        Key = "\x1b"
	Backspace  Key = "\x7f"
	Up         Key = "\x1b[A"
	Down       Key = "\x1b[B"
	Right      Key = "\x1b[C"
	Left       Key = "\x1b[D"
	Home       Key = "\x1b[H"
	End        Key = "\x1b[F"
	Delete     Key = "\x1b[3~"
	F2         Key = "\x1bOQ"
)
