package companion

import (
	"bytes"
	"errors"
	"io"
	"strconv"

	"jsh/proc"
)

// Recording is a log that was read from a file.
type Recording struct {
	*book
	Damage string // what is wrong with the file's end; "" is nothing
	Parts  []Part // in the order of the file; one at least
}

// Read reads a recording, from record FILE or timeline --json. A file that was
// cut off (a full disk, a killed companion) is read as far as it goes, and Damage
// says so; one that makes no sense at its beginning is an error.
func Read(from io.Reader) (*Recording, error) {
	text, err := io.ReadAll(from)
	if err != nil {
		return nil, err
	}
	rec := &Recording{book: newBook(max(64<<20, 8*len(text)))}
	rec.source = "a recording"
	r := reader{b: rec.book, parts: new(parts)}
	n := 0
	for line := range bytes.Lines(text) {
		n++
		r.parts.line = n
		if err := r.take(bytes.TrimSuffix(line, []byte("\n"))); err != nil {
			msg := "line " + strconv.Itoa(n) + ": " + err.Error()
			if n == 1 {
				return nil, errors.New(msg + "; this is no recording")
			}
			rec.Damage = msg
			break
		}
	}
	if n == 0 {
		return nil, errors.New("the file is empty: nothing was recorded")
	}
	rec.Parts = r.parts.all(rec.last)
	rec.gone = "the recording ends here"
	rec.changed()
	return rec, nil
}

// Tree is the picture as it was when event seq was the newest; nil where that is
// not known.
func (rec *Recording) Tree(seq uint64) *proc.Tree {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	t, err := rec.hist.At(seq)
	if err != nil {
		return nil
	}
	return t
}

// Early is the picture as it was when event seq had just come, before what was seen
// of processes after it; nil where that is not known.
func (rec *Recording) Early(seq uint64) *proc.Tree {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	t, err := rec.hist.Early(seq)
	if err != nil {
		return nil
	}
	return t
}
