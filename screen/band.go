package screen

import (
	"strings"

	"jsh/companion"
	"jsh/event"
)

// lesson is the band at the foot: what a lesson wants to have shown, and who has
// the keyboard.
//
// The lesson gets keys only while its rule says so. It gets them when it asks for
// them, and again by the menu; Esc and ^C give them back to the shell.
type lesson struct {
	companion.Band
	focus bool // the learner has left the keyboard to it
	high  int  // rows with the rule: never fewer than before, for a shell that changes its size cannot be read
}

// setBand shows what the lesson wants to have shown; without lines the band goes.
func (s *screen) setBand(b companion.Band) {
	had := s.band.Keys
	s.band.Band = b
	if len(b.Lines) == 0 {
		s.band = lesson{}
	} else {
		s.band.high = max(s.band.high, min(len(b.Lines), bandRoom(s.lay.rows))+1)
		if b.Keys != had {
			s.band.focus = b.Keys
		}
	}
	s.want.band = s.band.high
	s.dirty = true
	s.resize()
}

// bandFor shows a band for a lesson, on any goroutine.
func (s *screen) bandFor(b companion.Band) { s.later(func() { s.setBand(b) }) }

// bandRoom is how many lines a band may have on a terminal of so many rows.
func bandRoom(rows int) int {
	switch {
	case rows < 28:
		return 8
	case rows < 40:
		return 10
	}
	return 12
}

// bandShown tells whether the band is there to be seen.
func (s *screen) bandShown() bool { return !s.lay.band.empty() }

// bandHasKeys tells whether what is typed goes to the lesson.
func (s *screen) bandHasKeys() bool {
	return s.band.Keys && s.band.focus && s.bandShown() && s.panel == nil
}

// bandKeys gives keys to the lesson until it is to have no more; the rest is
// returned.
func (s *screen) bandKeys(b []byte) (rest []byte) {
	for len(b) > 0 && s.bandHasKeys() {
		name, n := nextKey(b)
		if strings.HasPrefix(string(b), pasteBegin) { // text, not keys: the shell's
			name, n = "esc", 0
		}
		b = b[n:]
		switch name {
		case "":
			continue
		case "^C", "esc":
			s.band.focus = false
			s.dirty = true
			name = "esc"
		case "^I":
			name = "tab"
		}
		s.pics.bandKey(name)
	}
	return b
}

// bandLine is line i of the band: the rule that says who has the keyboard, then
// the lesson's lines.
func (s *screen) bandLine(i int) string {
	if i == 0 {
		return s.bandRule()
	}
	if i--; i < len(s.band.Lines) {
		return s.bandText(s.band.Lines[i])
	}
	return ""
}

func (s *screen) bandRule() string {
	dash := s.glyph("─", "-")
	words := ""
	switch {
	case s.bandHasKeys():
		words = s.style(boldOn) + " keys: lesson (Esc: back to the shell) " + allOff + s.style(faintOn)
	case s.band.Keys && s.keyName != "":
		words = " keys: shell (" + s.keyName + " l: to the lesson) "
	}
	title := " LESSON "
	n := textLen(stripped(words)) + textLen(title) + 4
	return s.style(faintOn) + strings.Repeat(dash, 2) + allOff + s.style(boldOn) + title + allOff + s.style(faintOn) +
		strings.Repeat(dash, max(0, s.lay.cols-n)) + words + strings.Repeat(dash, 2) + allOff
}

// bandStyles are the sequences that a lesson may use in its lines.
var bandStyles = [...]string{allOff, "\x1b[m", boldOn, faintOn, inverseOn}

// bandText is a line as the lesson sent it: nothing in it can move the cursor,
// and bold, faint and reverse are there where the learner wants them.
func (s *screen) bandText(line string) string {
	var b strings.Builder
next:
	for line != "" {
		i := strings.IndexByte(line, 0x1b)
		if i < 0 {
			i = len(line)
		}
		b.WriteString(event.Visible(line[:i]))
		if line = line[i:]; line == "" {
			break
		}
		for _, seq := range bandStyles {
			if strings.HasPrefix(line, seq) {
				b.WriteString(s.style(seq))
				line = line[len(seq):]
				continue next
			}
		}
		b.WriteString(event.Visible(line[:1]))
		line = line[1:]
	}
	return b.String()
}

// stripped is a text without the screen's own sequences.
func stripped(text string) string {
	for _, seq := range bandStyles {
		text = strings.ReplaceAll(text, seq, "")
	}
	return text
}
