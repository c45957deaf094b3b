package companion

import (
	"bytes"
	"strconv"

	"jsh/event"
)

// Joiner makes one recording of several. Its zero value is empty.
type Joiner struct {
	text []byte
	end  int64 // the latest time in it
	head *event.Event
}

// Head puts an event behind the first frame of the whole.
func (j *Joiner) Head(e event.Event) { j.head = &e }

// Add appends a recording. One that was cut off is taken as far as it goes, and
// damage says why it ends there. Times go on from what stands before: where a
// recording is older than that (another boot, another shell at the same time), it is
// moved as a whole.
func (j *Joiner) Add(text []byte) (damage string) {
	var list []record
	n := 0
	first := int64(0)
	for line := range bytes.Lines(text) {
		n++
		r, err := parseLine(line)
		if err == nil && !bytes.HasSuffix(line, []byte("\n")) {
			err = errCut
		}
		if err != nil {
			damage = "line " + strconv.Itoa(n) + ": " + err.Error()
			break
		}
		if at := r.at(); at != 0 && (first == 0 || at < first) {
			first = at
		}
		list = append(list, r)
	}
	shift := int64(0)
	if first != 0 && first <= j.end {
		shift = j.end + 1e9 - first
	}
	for i := range list {
		r := &list[i]
		switch {
		case r.about != nil:
			if i == 0 {
				r.about.begins = true
			}
			j.text = appendAbout(j.text, *r.about)
		case r.frame != nil:
			r.frame.at += shift
			j.end = max(j.end, r.frame.at)
			j.text = appendFrame(j.text, r.frame)
			if j.head != nil {
				j.head.At = r.frame.at
				j.Tell(*j.head)
				j.head = nil
			}
		default:
			if r.event.At != 0 {
				r.event.At += shift
				j.end = max(j.end, r.event.At)
			}
			j.text = append(event.AppendJSON(j.text, r.event), '\n')
		}
	}
	return damage
}

// Tell appends an event. At may be 0: the latest time.
func (j *Joiner) Tell(e event.Event) {
	if e.At == 0 {
		e.At = j.end
	}
	j.text = append(event.AppendJSON(j.text, &e), '\n')
}

// Bytes is the whole so far.
func (j *Joiner) Bytes() []byte { return j.text }

// at is the line's time; 0 is none.
func (r *record) at() int64 {
	switch {
	case r.event != nil:
		return r.event.At
	case r.frame != nil:
		return r.frame.at
	}
	return 0
}
