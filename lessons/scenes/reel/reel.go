// Package reel is the form in which a scene is kept that was played on a real
// machine: where and when, the log of what happened, what the shell's terminal was
// shown, and at which moments the teacher's key was pressed.
//
// It owns that form: lines of text, compressed. It reads no log, draws nothing
// and makes no system call. There is no picture in a reel: whoever shows it draws
// that from the log.
//
// Invariants: all times are nanoseconds of one CLOCK_MONOTONIC and ascend; a reel
// belongs to a scene only while the scene's steps are those of Steps.
package reel

import (
	"bytes"
	"compress/lzw"
	"errors"
	"hash/fnv"
	"io"
	"strconv"
	"strings"

	"jsh/event"
	"jsh/lessons/page"
)

// Reel is one recorded scene.
type Reel struct {
	Scene   string // its id
	Steps   string // what Steps says of the scene that was played
	Kernel  string // its release: 6.18.44
	Machine string // x86_64
	Date    string // 2026-11-25, UTC
	Version string // of jsh
	Marks   []Mark // of each step
	Log     []Line // of the companion's stream
	Shown   []Piece
}

// Mark is when a step began to be typed, when it had happened, and when the
// teacher went on.
type Mark struct{ Begin, Done, End int64 }

// Line is a line of the stream, without its newline.
type Line struct {
	At   int64
	Text []byte
}

// Piece is what the shell's terminal was shown, or, without text, its new size.
type Piece struct {
	At         int64
	Text       string
	Cols, Rows int
}

// Steps is a number for all that a scene does, types and checks. Words for the
// class and notes may change; a reel stays true.
func Steps(l *page.Lesson) string {
	h := fnv.New64a()
	put := func(s string) { io.WriteString(h, s+"\x00") }
	for i := range l.Steps {
		s := &l.Steps[i]
		put("step")
		for _, line := range s.Setup {
			put("setup " + line)
		}
		for _, sol := range s.Solutions {
			for _, in := range sol.Inputs {
				put(strconv.Itoa(int(in.Kind)) + in.Text)
			}
		}
		for _, c := range s.Checks {
			put("check " + c.Text)
		}
	}
	for _, line := range l.Cleanup {
		put("cleanup " + line)
	}
	return strconv.FormatUint(h.Sum64(), 16)
}

// Made says where and when, for the title that stands over all of it.
func (r *Reel) Made() string {
	return "Linux " + r.Kernel + " " + r.Machine + ", " + r.Date + ", jsh " + r.Version
}

const magic = "jsh scene 1"

// Bytes is the file of a reel.
func (r *Reel) Bytes() []byte {
	var b []byte
	b = append(b, magic+"\n"...)
	for _, f := range [...][2]string{{"scene", r.Scene}, {"steps", r.Steps}, {"kernel", r.Kernel}, {"machine", r.Machine}, {"date", r.Date}, {"version", r.Version}} {
		b = append(b, f[0]+" "+f[1]+"\n"...)
	}
	number := func(n int64) {
		b = append(b, ' ')
		b = strconv.AppendInt(b, n, 10)
	}
	for _, m := range r.Marks {
		b = append(b, "mark"...)
		number(m.Begin)
		number(m.Done)
		number(m.End)
		b = append(b, '\n')
	}
	for _, p := range r.Shown {
		if p.Text == "" {
			b = append(b, "size"...)
			number(p.At)
			number(int64(p.Cols))
			number(int64(p.Rows))
			b = append(b, '\n')
			continue
		}
		b = append(b, "shown"...)
		number(p.At)
		b = append(event.AppendString(append(b, ' '), p.Text), '\n')
	}
	for _, l := range r.Log {
		b = append(b, "log"...)
		number(l.At)
		b = append(append(append(b, ' '), l.Text...), '\n')
	}
	var out bytes.Buffer
	w := lzw.NewWriter(&out, lzw.LSB, 8)
	w.Write(b) // a Buffer takes everything
	w.Close()
	return out.Bytes()
}

// Read reads what Bytes made.
func Read(file []byte) (*Reel, error) {
	text, err := io.ReadAll(io.LimitReader(lzw.NewReader(bytes.NewReader(file), lzw.LSB, 8), 16<<20))
	if err != nil {
		return nil, errors.New("this is no recorded scene: " + err.Error())
	}
	r := &Reel{}
	n := 0
	for line := range bytes.Lines(text) {
		n++
		line = bytes.TrimSuffix(line, []byte("\n"))
		if n == 1 {
			if string(line) != magic {
				return nil, errors.New("this is no recorded scene of this jsh's form")
			}
			continue
		}
		if err := r.take(line); err != nil {
			return nil, errors.New("line " + strconv.Itoa(n) + ": " + err.Error())
		}
	}
	if len(r.Marks) == 0 || len(r.Log) == 0 {
		return nil, errors.New("the recorded scene is empty")
	}
	return r, nil
}

var errLine = errors.New("a line that makes no sense")

func (r *Reel) take(line []byte) error {
	word, rest, _ := strings.Cut(string(line), " ")
	switch word {
	case "scene":
		r.Scene = rest
	case "steps":
		r.Steps = rest
	case "kernel":
		r.Kernel = rest
	case "machine":
		r.Machine = rest
	case "date":
		r.Date = rest
	case "version":
		r.Version = rest
	case "mark", "size":
		n, ok := numbers(rest)
		if !ok {
			return errLine
		}
		if word == "mark" {
			r.Marks = append(r.Marks, Mark{n[0], n[1], n[2]})
			return nil
		}
		if n[1] < 1 || n[2] < 1 || n[1] > 1000 || n[2] > 1000 {
			return errLine
		}
		r.Shown = append(r.Shown, Piece{At: n[0], Cols: int(n[1]), Rows: int(n[2])})
	case "shown", "log":
		at, rest, _ := strings.Cut(rest, " ")
		t, err := strconv.ParseInt(at, 10, 64)
		if err != nil {
			return errLine
		}
		if word == "log" {
			r.Log = append(r.Log, Line{t, []byte(rest)})
			return nil
		}
		text, _, err := event.CutString([]byte(rest))
		if err != nil || text == "" {
			return errLine
		}
		r.Shown = append(r.Shown, Piece{At: t, Text: text})
	default:
		return errLine
	}
	return nil
}

// numbers are exactly three.
func numbers(s string) (n [3]int64, ok bool) {
	f := strings.Fields(s)
	if len(f) != 3 {
		return n, false
	}
	for i := range f {
		v, err := strconv.ParseInt(f[i], 10, 64)
		if err != nil {
			return n, false
		}
		n[i] = v
	}
	return n, true
}
