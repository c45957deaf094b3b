package viz

import (
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// strip is a part of a line whose columns are written in any order.
type strip []struct {
	text  string // "" is a blank, or the second column of a wide character
	ink   ink
	taken bool // by a wide character that begins to the left
}

func (t *timelineText) strip() strip { return make(strip, t.plot+t.margin) }

// set writes a sign that is one column wide.
func (s strip) set(x int, sign string, c ink) {
	if x < 0 || x >= len(s) {
		return
	}
	s.clear(x)
	s[x].text, s[x].ink = sign, c
}

// put writes text from column x on; what has no room is left out.
func (s strip) put(x int, text string, c ink) {
	for g := displaywidth.StringGraphemes(text); g.Next(); {
		w := g.Width()
		if x < 0 || w == 0 {
			continue
		}
		if x+w > len(s) {
			return
		}
		for i := x; i < x+w; i++ {
			s.clear(i)
			s[i].ink, s[i].taken = c, i > x
		}
		s[x].text = g.Value()
		x += w
	}
}

// clear makes a column blank, and with it the other half of a wide character.
func (s strip) clear(x int) {
	at := x
	for at > 0 && s[at].taken {
		at--
	}
	s[at].text, s[at].taken = "", false
	for i := at + 1; i < len(s) && s[i].taken; i++ {
		s[i].taken = false
	}
	s[x].text = ""
}

// free says that nothing stands in w columns from x on, as far as there are
// so many.
func (s strip) free(x, w int) bool {
	for i := x; i < min(x+w, len(s)); i++ {
		if s[i].text != "" || s[i].taken {
			return false
		}
	}
	return true
}

func (s strip) row() row {
	var r row
	var b strings.Builder
	for i, c := range s {
		if c.taken {
			continue
		}
		text, k := c.text, c.ink
		if text == "" {
			text, k = " ", plain
		}
		b.WriteString(text)
		next := i + 1
		for next < len(s) && s[next].taken {
			next++
		}
		if next == len(s) || s[next].ink != k || (s[next].text == "") && k != plain {
			r = append(r, span{b.String(), k})
			b.Reset()
		}
	}
	return r
}

// cutTo is the row, cut to a width but not filled.
func (r row) cutTo(width int, more string) row {
	if r.width() <= width {
		return r
	}
	return r.fit(width, more)
}
