package screen

import (
	"os"
	"time"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/screen/cast"
)

// tape records what the terminal is shown (package cast). A nil tape records
// nothing. It writes what the terminal has taken, so a slow terminal's recording
// has what was seen, when it was.
type tape struct {
	fd         int
	out        *cast.Writer
	cols, rows int
}

// Write is for the Writer alone.
func (t *tape) Write(b []byte) (int, error) {
	for n := 0; n < len(b); {
		m, err := unix.Write(t.fd, b[n:])
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return n, os.NewSyscallError("write", err)
		}
		n += m
	}
	return len(b), nil
}

// resize tells the size; the first one begins the recording.
func (t *tape) resize(cols, rows int) {
	switch {
	case t == nil || t.cols == cols && t.rows == rows:
		return
	case t.out == nil:
		t.out = cast.New(t, cast.Header{Cols: cols, Rows: rows, At: time.Now(), Mono: event.Now(), Term: os.Getenv("TERM"), Shell: "jsh"})
	default:
		t.out.Resize(time.Now(), cols, rows)
	}
	t.cols, t.rows = cols, rows
}

// shown takes what the terminal has taken. An error ends the recording.
func (t *tape) shown(b []byte) error {
	if t == nil || t.out == nil {
		return nil
	}
	t.out.Output(time.Now(), b)
	return t.out.Err()
}
