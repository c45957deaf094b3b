// Package cast writes what a terminal was shown as an asciicast, version 2: a
// line of JSON that tells the terminal's size, then a line for each piece of
// output with the seconds since the beginning
// (https://docs.asciinema.org/manual/asciicast/v2/).
//
// It owns that form. It never looks at a terminal, and never writes what was
// typed: only what was shown.
package cast

import (
	"io"
	"strconv"
	"time"
	"unicode/utf8"

	"jsh/event"
)

// Header is what the first line tells.
type Header struct {
	Cols, Rows int
	At         time.Time // when the recording began
	Mono       int64     // the same by CLOCK_MONOTONIC, in ns, as events are dated; 0 is left out
	Term       string    // $TERM
	Shell      string    // what ran
}

// Writer writes an asciicast. After the first error of w it writes nothing more.
type Writer struct {
	w     io.Writer
	began time.Time
	tail  []byte // the beginning of a character whose end has not come
	line  []byte
	err   error
}

// New writes the header.
func New(w io.Writer, h Header) *Writer {
	c := &Writer{w: w, began: h.At}
	b := append(c.line[:0], `{"version": 2, "width": `...)
	b = strconv.AppendInt(b, int64(h.Cols), 10)
	b = append(b, `, "height": `...)
	b = strconv.AppendInt(b, int64(h.Rows), 10)
	b = append(b, `, "timestamp": `...)
	b = strconv.AppendInt(b, h.At.Unix(), 10)
	if h.Mono != 0 {
		b = append(b, `, "monotonic": `...)
		b = strconv.AppendInt(b, h.Mono, 10)
	}
	b = append(b, `, "env": {"SHELL": `...)
	b = event.AppendString(b, h.Shell)
	b = append(b, `, "TERM": `...)
	b = event.AppendString(b, h.Term)
	c.write(append(b, "}}\n"...))
	return c
}

// Output is what the terminal was shown at a time. A character that is cut off
// waits for its other bytes.
func (c *Writer) Output(at time.Time, shown []byte) {
	all := append(c.tail, shown...)
	n := whole(all)
	if n > 0 {
		c.event(at, 'o', string(all[:n]))
	}
	c.tail = append(c.tail[:0:0], all[n:]...)
}

// Resize tells the terminal's new size.
func (c *Writer) Resize(at time.Time, cols, rows int) {
	c.event(at, 'r', strconv.Itoa(cols)+"x"+strconv.Itoa(rows))
}

// Err is the first error of writing; nil if there was none.
func (c *Writer) Err() error { return c.err }

func (c *Writer) event(at time.Time, kind byte, data string) {
	b := append(c.line[:0], '[')
	b = strconv.AppendFloat(b, max(0, at.Sub(c.began).Seconds()), 'f', 6, 64)
	b = append(b, ", \""...)
	b = append(append(b, kind), "\", "...)
	b = event.AppendString(b, data)
	c.write(append(b, "]\n"...))
}

func (c *Writer) write(line []byte) {
	c.line = line
	if c.err == nil {
		_, c.err = c.w.Write(line)
	}
}

// whole is how many bytes of b are whole characters, or none at all.
func whole(b []byte) int {
	for i := 1; i < utf8.UTFMax && i <= len(b); i++ {
		tail := b[len(b)-i:]
		if utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return len(b) - i
			}
			break
		}
	}
	return len(b)
}
