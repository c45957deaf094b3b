package screen

import (
	"strings"
	"unicode"

	"jsh/screen/grid"
)

// search is what was looked for in the scrollback.
type search struct {
	text   string // "" nothing
	asking bool   // it is being typed
	typed  string
	hit    int // the row found last, as the grid counts them
	said   string
}

// key takes a key while the text is typed. It tells whether the search is to
// begin.
func (f *search) key(name string) (begin bool) {
	switch name {
	case "enter":
		f.asking = false
		if f.typed != "" {
			f.text = f.typed
		}
		return f.text != ""
	case "esc", "^C", "^G":
		f.asking = false
	case "backspace":
		if r := []rune(f.typed); len(r) > 0 {
			f.typed = string(r[:len(r)-1])
		} else {
			f.asking = false
		}
	case "^U":
		f.typed = ""
	case "space":
		f.typed += " "
	default:
		if r := []rune(name); len(r) == 1 && unicode.IsPrint(r[0]) {
			f.typed += name
		}
	}
	return false
}

// find goes to the next row with the text, above (step -1) or below (1) of the one
// found last, or of what is seen where one has moved on. Where there is none, it
// says so and stays.
func (s *screen) find(f *search, step int) {
	h := s.lay.shell.h
	if top := -s.back; f.hit < top || f.hit > top+h {
		f.hit = top + h // its last row is looked at first
		if step > 0 {
			f.hit = top - 1
		}
	}
	for y := f.hit + step; y >= -s.grid.Scrollback() && y < h; y += step {
		s.grid.CopyRow(s.row[:s.lay.shell.w], y)
		if len(s.matches(s.row[:s.lay.shell.w], f.text)) > 0 {
			f.hit, f.said = y, ""
			if top := -s.back; y < top || y >= top+h {
				s.back = max(0, min(h/2-y, s.grid.Scrollback()))
			}
			return
		}
	}
	f.said = "no more above"
	if step > 0 {
		f.said = "no more below"
	}
}

// matches are the first columns and the columns behind the last of each place in
// a row that has the text. Capitals count only if the text has one.
func (s *screen) matches(row []grid.Cell, text string) (found [][2]int) {
	if text == "" {
		return nil
	}
	fold := strings.ToLower(text) == text
	var line strings.Builder
	var cols []int // of each byte
	for x, c := range row {
		t := s.grid.Cluster(c)
		if t == "" && c.Width() > 0 {
			t = " "
		}
		if fold {
			t = strings.ToLower(t)
		}
		line.WriteString(t)
		for range len(t) {
			cols = append(cols, x)
		}
	}
	all := line.String()
	for from := 0; ; {
		i := strings.Index(all[from:], text)
		if i < 0 {
			return found
		}
		i += from
		from = i + len(text)
		last := cols[from-1]
		found = append(found, [2]int{cols[i], last + max(1, row[last].Width())})
	}
}

// mark shows where a row has the text that is looked for.
func (s *screen) mark(row []grid.Cell) {
	p, ok := s.panel.(*scrollPanel)
	if !ok || p.search.text == "" {
		return
	}
	for _, m := range s.matches(row, p.search.text) {
		for x := m[0]; x < min(m[1], len(row)); x++ {
			row[x].Attr ^= grid.Inverse
		}
	}
}
