package screen

import (
	"strings"

	"jsh/event"
)

// band is the place at the foot for lessons. Whoever has it gives lines, and
// may take the keys until Esc gives them back.
type band struct {
	text []string
	// key gets the keys by name (nextKey) while it is not nil. Esc never gets
	// there: it gives the keyboard back to the shell.
	key func(name string)
}

// setBand shows lines at the foot: the shell's part shrinks by that. No lines
// close the band. key may be nil.
func (s *screen) setBand(lines []string, key func(string)) {
	s.band = band{lines, key}
	s.want.band = len(lines)
	s.dirty = true
	if _, ok := s.panel.(*bandPanel); ok || s.panel == nil {
		s.panel = nil
		if key != nil {
			s.show(&bandPanel{})
		}
	}
	s.resize()
}

// bandText makes lines of a text that a shell has sent: not more than fit beside
// everything else, and nothing in them that could move the cursor.
func bandText(text string) []string {
	if text == "" {
		return nil
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i, l := range lines {
		lines[i] = event.Visible(l)
	}
	return lines[:min(len(lines), maxBand)]
}

// maxBand is how many lines the band has at most.
const maxBand = 8

func (s *screen) bandLine(i int) string {
	if i < len(s.band.text) {
		return s.band.text[i]
	}
	return ""
}

// bandPanel is open while the band has the keyboard. The band itself draws.
type bandPanel struct{}

func (*bandPanel) lines(*screen, int) []string { return nil }

func (*bandPanel) key(s *screen, name string) {
	if name == "esc" || s.band.key == nil {
		s.show(nil)
		return
	}
	s.band.key(name)
}
