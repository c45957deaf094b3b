package projector

import (
	"strconv"
	"strings"

	"jsh/companion"
	"jsh/event"
	"jsh/lessons/play"
	"jsh/screen"
	"jsh/screen/grid"
	"jsh/screen/viewer"
	"jsh/typeset"
	"jsh/viz"
)

const (
	boldOn    = "\x1b[1m"
	faintOn   = "\x1b[2m"
	inverseOn = "\x1b[7m"
	allOff    = "\x1b[0m"
)

// Page is viewer.Show's: the title that says RECORDING, then what a live scene looks
// like.
func (p *projection) Page(style viz.Style, w, h int) []string {
	lines := make([]string, h)
	if w < 1 || h < 1 {
		return lines
	}
	lines[0] = p.title(w)
	page := lines[1:]
	shell, picture, rule, foot := screen.Parts(w, len(page), p.bandRows())
	if picture.H > 0 && len(page) >= picture.H {
		m := viewer.Moment(p.film.Moment(companion.Place{}))
		m.Recorded = true
		if p.damage != nil {
			m.Source = "a damaged recording: " + p.damage.Error()
		}
		style.Width = picture.W
		for i, line := range viz.Live(m, style, picture.W, picture.H) {
			page[picture.Y+i] = line
		}
	}
	over := p.reason(shell.W, shell.H-2)
	for i := range min(shell.H, len(page)-shell.Y) {
		y := shell.Y + i
		line := p.shellRow(style, i, shell.W, shell.H)
		if k := i - (shell.H - len(over)); k >= 0 {
			line = over[k]
		}
		if rule.W > 0 { // the picture is at the side
			line += allOff + "\x1b[" + strconv.Itoa(rule.X+1) + "G" + dim(style, glyph(style, "│", "|")) + page[y]
		}
		page[y] = line
	}
	if foot.H > 0 {
		band := p.player.Band(w, foot.H-1, play.Style{Plain: !style.Colour, ASCII: style.ASCII})
		for i, line := range append([]string{p.rule(style, w)}, band.Lines...) {
			if i < foot.H && foot.Y+i < len(page) {
				page[foot.Y+i] = line
			}
		}
	}
	return lines
}

// title is the first line, on every page: it is not live.
func (p *projection) title(w int) string {
	made := "RECORDING, not live: " + event.Visible(p.Reel.Made())
	if typeset.Width(made) > w-2 {
		made = "RECORDING: " + event.Visible(p.Reel.Made())
	}
	text := " " + typeset.Cut(made, w-2, "") + " "
	if id := p.Scene.Lesson.ID + " "; typeset.Width(text)+len(id) < w {
		text += strings.Repeat(" ", w-typeset.Width(text)-len(id)) + id
	}
	return inverseOn + text + strings.Repeat(" ", max(0, w-typeset.Width(text))) + allOff
}

// rule is the line above the scene's words.
func (p *projection) rule(style viz.Style, w int) string {
	dash := glyph(style, "─", "-")
	const title = " RECORDED SCENE "
	return dim(style, strings.Repeat(dash, min(2, w))) + bold(style, typeset.Cut(title, max(0, w-2), "")) +
		dim(style, strings.Repeat(dash, max(0, w-2-len(title))))
}

// bandRows is how many lines the scene's words take at most, with the rule and the
// title: what moves between two steps could not be read.
func (p *projection) bandRows() int {
	most := 0
	for i := range p.Lesson.Steps {
		s := &p.Lesson.Steps[i]
		most = max(most, len(s.Text), len(s.Why))
	}
	return most + 2
}

// shellRow is row i of the shell's part: of the recorded terminal the end, as far as
// there is room.
func (p *projection) shellRow(style viz.Style, i, w, h int) string {
	cols, rows := p.grid.Size()
	cursor := p.grid.Cursor()
	last := cursor.Y
	for y := rows - 1; y > last; y-- {
		if p.grid.Line(y) != "" {
			last = y
		}
	}
	y := i + max(0, last-h+1)
	if y > last {
		return ""
	}
	cells := make([]grid.Cell, min(cols, w))
	p.grid.CopyRow(cells, y)
	if cursor.Visible && y == cursor.Y && cursor.X < len(cells) {
		cells[cursor.X].Attr ^= grid.Inverse
	}
	end := len(cells)
	for end > 0 && cells[end-1] == (grid.Cell{}) {
		end--
	}
	var b strings.Builder
	pen := grid.Cell{}
	for _, c := range cells[:end] {
		if c.Width() == 0 {
			continue
		}
		if c.Attr != pen.Attr || c.Fg != pen.Fg {
			b.WriteString(sgr(style, c))
			pen = c
		}
		if text := p.grid.Cluster(c); text != "" {
			b.WriteString(event.Visible(text))
		} else {
			b.WriteByte(' ')
		}
	}
	b.WriteString(allOff)
	return b.String()
}

// sgr makes the terminal write as a cell is written. Of colours the shell's part has
// the palette's first sixteen.
func sgr(style viz.Style, c grid.Cell) string {
	s := "\x1b[0"
	if c.Attr&grid.Inverse != 0 {
		s += ";7"
	}
	if style.Colour {
		if c.Attr&grid.Bold != 0 {
			s += ";1"
		}
		if c.Attr&grid.Faint != 0 {
			s += ";2"
		}
		if c.Attr&grid.Underline != 0 {
			s += ";4"
		}
		if i, ok := c.Fg.Index(); ok && i < 8 {
			s += ";" + strconv.Itoa(30+int(i))
		} else if ok && i < 16 {
			s += ";" + strconv.Itoa(90+int(i)-8)
		}
	}
	return s + "m"
}

// reason is why the scene is not live, over the end of the shell's part, until a
// key was pressed.
func (p *projection) reason(w, most int) (lines []string) {
	if p.Because == "" || p.opened || most < 1 || w < 8 {
		return nil
	}
	text := "Not live: " + event.Visible(p.Because) + ". You see a recording instead; the first line says where and when it was made. Enter begins."
	for _, line := range typeset.Fold(text, w-2) {
		if len(lines) < most {
			lines = append(lines, inverseOn+typeset.Pad(typeset.Cut(" "+line, w, ""), w)+allOff)
		}
	}
	return lines
}

func glyph(style viz.Style, char, ascii string) string {
	if style.ASCII {
		return ascii
	}
	return char
}

func bold(style viz.Style, s string) string {
	if !style.Colour {
		return s
	}
	return boldOn + s + allOff
}

func dim(style viz.Style, s string) string {
	if !style.Colour || style.Bright {
		return s
	}
	return faintOn + s + allOff
}
