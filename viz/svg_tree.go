package viz

import (
	"strings"

	"jsh/proc"
	"jsh/typeset"
)

// TreeSVG is Tree as a picture: a self-contained SVG document.
func TreeSVG(t *proc.Tree, style Style) []byte {
	return drawSVG(t, style, func(*proc.Process) bool { return true })
}

// drawSVG draws the processes of the scope for which keep is true. Of the style
// it obeys All alone: a picture has no columns to save.
func drawSVG(t *proc.Tree, style Style, keep func(*proc.Process) bool) []byte {
	d := newDrawing(t, Style{All: style.All})
	p := &treePicture{drawing: d, cell: minBox}
	p.dx, p.dy = border, border
	var frames []frame
	for _, s := range scope(t, style.All, keep) {
		frames = append(frames, d.session(s))
	}
	widest := 1
	for _, f := range frames {
		widest = max(widest, min(boxesInRow, len(f.boxes)))
		for _, b := range f.boxes {
			p.cell = max(p.cell, b.need(), typeset.Width(b.title+strings.Join(b.badges, "   "))+8)
		}
	}
	p.inner = float64(widest)*(p.boxWidth()+boxSpace) - boxSpace
	for _, f := range frames {
		p.inner = max(p.inner, textLength(f.title, "b"), textLength(f.foot, ""))
	}
	y := 0.0
	for _, f := range frames {
		y = p.drawFrame(f, y) + boxSpace
	}
	return p.document("Processes: sessions, their process groups, the members")
}

const (
	boxesInRow = 2
	boxSpace   = 18.0
	boxPad     = 14.0
	headHeight = 38.0
	lineHeight = 22.0
)

type treePicture struct {
	picture
	*drawing
	cell  int     // columns of a box
	inner float64 // width of what stands in a frame
}

func (p *treePicture) boxWidth() float64 { return float64(p.cell)*charWidth + 2*boxPad }

func (p *treePicture) drawFrame(f frame, y float64) float64 {
	type placed struct {
		box
		lines []row
		x, y  float64
		high  float64
	}
	var all []placed
	at := y + headHeight + 4
	for i := 0; i < len(f.boxes); i += boxesInRow {
		high := 0.0
		from := len(all)
		for k, b := range f.boxes[i:min(i+boxesInRow, len(f.boxes))] {
			lines := p.contents(b, p.cell)
			h := headHeight + float64(len(lines))*lineHeight + 8
			if b.foot != "" {
				h += lineHeight
			}
			high = max(high, h)
			all = append(all, placed{b, lines, boxSpace + float64(k)*(p.boxWidth()+boxSpace), at, 0})
		}
		for k := from; k < len(all); k++ {
			all[k].high = high
		}
		at += high + boxSpace
	}
	if f.foot != "" {
		at += lineHeight - 4
	}
	class, ink := "session", "b"
	if f.ink == faint {
		class, ink = "other", "b faint"
	}
	p.rect(class, 0, y, p.inner+2*boxSpace, at-y, 10)
	p.text(ink, boxSpace, y+26, f.title)
	if f.foot != "" {
		p.text("faint", boxSpace, at-12, f.foot)
	}
	for _, b := range all {
		p.drawBox(b.box, b.lines, b.x, b.y, b.high)
	}
	return at
}

func (p *treePicture) drawBox(b box, lines []row, x, y, high float64) {
	class, ink := "group", "b"
	if b.keyboard {
		class, ink = "holder", "b blue"
	}
	p.rect(class, x, y, p.boxWidth(), high, 6)
	p.text(ink, x+boxPad, y+24, b.title)
	right := x + p.boxWidth() - boxPad
	for i := len(b.badges) - 1; i >= 0; i-- {
		badge := b.badges[i]
		w := textLength(badge, "b") + 14
		right -= w
		if b.keyboard && badge == "KEYBOARD" {
			p.rect("thick", right, y+8, w, 22, 5)
			p.text("b onblue", right+7, y+24, badge)
		} else {
			p.rect("badge", right, y+8, w, 22, 5)
			p.text("b", right+7, y+24, badge)
		}
		right -= 6
	}
	at := y + headHeight + 16
	for _, r := range lines {
		column := 0
		for _, s := range r {
			lead := len(s.text) - len(strings.TrimLeft(s.text, " "))
			p.text(svgInk[s.ink], x+boxPad+float64(column+lead)*charWidth, at, strings.TrimSpace(s.text))
			column += typeset.Width(s.text)
		}
		at += lineHeight
	}
	p.text("faint", x+boxPad, y+high-10, b.foot)
}

// svgInk are the classes of inks.
var svgInk = [...]string{plain: "", faint: "faint", keyboard: "blue", stopped: "b orange", zombie: "purple", lately: "b"}
