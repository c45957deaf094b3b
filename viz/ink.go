package viz

import (
	"slices"
	"strings"

	"jsh/typeset"
)

// ink is what a piece of text is drawn with. The colours keep apart for
// people with any of the usual colour blindnesses, and each stands beside a
// word or a shape that says the same.
type ink uint8

const (
	plain    ink = iota
	faint        // ended, or not yours
	keyboard     // the foreground group's box
	stopped
	zombie
	lately // changed last
	marked // a mark beside a process
)

var sgr = [...]string{
	plain:    "",
	faint:    "2",
	keyboard: "1;36", // bold cyan
	stopped:  "33",   // yellow
	zombie:   "35",   // magenta
	lately:   "1",
	marked:   "1;7",
}

// On a projector nothing is dim.
var sgrBright = [...]string{
	plain:    "",
	faint:    "",
	keyboard: "1;7;36",
	stopped:  "1;33",
	zombie:   "1;35",
	lately:   "1;4",
	marked:   "1;7",
}

type span struct {
	text string
	ink  ink
}

// row is one line, or a part of one.
type row []span

func (r row) width() int {
	w := 0
	for _, s := range r {
		w += typeset.Width(s.text)
	}
	return w
}

// fit makes the row exactly width columns wide: blanks are added, or text is
// cut and more put in its place.
func (r row) fit(width int, more string) row {
	w := r.width()
	if w <= width {
		if w == width {
			return r
		}
		return append(r, span{blanks(width - w), plain})
	}
	var out row
	room := max(0, width-typeset.Width(more))
	for _, s := range r {
		n := typeset.Width(s.text)
		if n <= room {
			out = append(out, s)
			room -= n
			continue
		}
		out = append(out, span{typeset.Prefix(s.text, room) + more, s.ink})
		break
	}
	return append(out, span{strings.Repeat(" ", max(0, width-out.width())), plain})
}

func (d *drawing) render(r row) string { return string(d.appendRow(nil, r)) }

// appendRow appends a row with its colours to b.
func (d *drawing) appendRow(b []byte, r row) []byte {
	n := 0
	for _, s := range r {
		n += len(s.text) + 12
	}
	b = slices.Grow(b, n)
	now := "" // the attributes in force
	for _, s := range r {
		if s.text == "" {
			continue
		}
		code := ""
		if d.style.Colour {
			if code = sgr[s.ink]; d.style.Bright {
				code = sgrBright[s.ink]
			}
		}
		if code != now {
			if now != "" {
				b = append(b, "\x1b[0m"...)
			}
			if code != "" {
				b = append(append(append(b, "\x1b["...), code...), 'm')
			}
			now = code
		}
		b = append(b, s.text...)
	}
	if now != "" {
		b = append(b, "\x1b[0m"...)
	}
	return b
}

const manyBlanks = "                                                                                "

// blanks is n of them.
func blanks(n int) string {
	if n <= len(manyBlanks) {
		return manyBlanks[:max(n, 0)]
	}
	return strings.Repeat(" ", n)
}
