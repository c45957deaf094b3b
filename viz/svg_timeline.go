package viz

import (
	"strings"

	"jsh/event"
	"jsh/typeset"
)

// TimelineSVG is Timeline as a picture: a self-contained SVG document. It shows
// each process, however many there are; nil if nothing happened.
func TimelineSVG(events []event.Event, lines int, now int64) []byte {
	p := recall(events, lines, now)
	if p == nil {
		return nil
	}
	t := &timelinePicture{telling: tell(p, Style{})}
	t.scale = newScale(p, plotColumns)
	t.draw()
	return t.document(t.title())
}

const (
	plotColumns = 100
	plotWidth   = 900.0
	rowHeight   = 24.0
	barHeight   = 16.0
	bandSpace   = 14.0
	axisY       = 64.0
	lanesY      = axisY + 20
)

type timelinePicture struct {
	picture
	telling
	scale *scale
	left  float64 // where the axis begins
}

func (t *timelinePicture) x(at int64) float64 {
	return t.left + t.scale.x(at)*plotWidth/plotColumns
}

func (t *timelinePicture) draw() {
	t.dx, t.dy = border, border
	widest := typeset.Width("keys, signals")
	for _, g := range t.bands {
		widest = max(widest, typeset.Width(t.bandLabel(g))+1)
		for _, b := range g.bars {
			widest = max(widest, typeset.Width(t.barLabel(b)))
		}
	}
	t.left = float64(widest)*charWidth + 16
	t.text("big", 0, 18, t.title())

	// The grid and the guides lie below all other shapes, the marks above them,
	// but how far down the guides go is known only afterwards.
	y := lanesY
	var guides []int64
	if len(t.marks) > 0 {
		guides, y = t.marksLane(y)
	}
	marks := t.body.String()
	t.body.Reset()
	if len(t.holds) > 0 {
		y = t.keyboardLane(y)
	}
	for _, g := range t.bands {
		y = t.drawBand(g, y+bandSpace)
	}
	y += 6
	t.breaks(axisY, y)
	above := t.body.String()
	t.body.Reset()
	t.axis(y)
	for _, at := range guides {
		t.line("guide", t.x(at), lanesY+rowHeight, t.x(at), y)
	}
	t.body.WriteString(above)
	t.body.WriteString(marks)
	t.foot(y + 32)
}

func (t *timelinePicture) axis(bottom float64) {
	t.text("faint", 0, axisY-4, "time")
	t.line("rule", t.left, axisY+4, t.left+plotWidth, axisY+4)
	end := 0.0
	for _, k := range t.scale.ticks(10) {
		x := t.left + k.x*plotWidth/plotColumns
		t.line("grid", x, axisY+4, x, bottom)
		t.line("rule", x, axisY-1, x, axisY+4)
		if x >= end {
			t.text("small faint", x, axisY-6, k.label)
			end = x + textLength(k.label, "small") + 8
		}
	}
}

// breaks cuts the time that is left out from everything.
func (t *timelinePicture) breaks(top, bottom float64) {
	var ends [2]float64 // of the labels, in two lines below each other
	for _, p := range t.scale.pieces {
		if !p.broken {
			continue
		}
		unit := plotWidth / plotColumns
		x, w := t.left+p.x0*unit, (p.x1-p.x0)*unit
		t.rect("cut", x+w/2-6, top-2, 12, bottom-top+4, 0)
		for _, side := range [...]float64{x + w/2 - 6, x + w/2 + 6} {
			var d strings.Builder
			d.WriteString("M" + px(side+t.dx) + " " + px(top+t.dy-2))
			for y, out := top+4, 3.0; y <= bottom+2; y, out = y+6, -out {
				d.WriteString(" L" + px(side+t.dx+out) + " " + px(y+t.dy))
			}
			t.tag("path", "class", "zig", "d", d.String())
		}
		label := "+" + duration(p.t1-p.t0)
		n := textLength(label, "small")
		for i := range ends {
			if from := x + w/2 - n/2; ends[i] <= from {
				t.text("small faint", from, bottom+14+float64(i)*14, label)
				ends[i] = from + n + 4
				break
			}
		}
	}
}

// torn says that a break cuts a stretch of the picture.
func (t *timelinePicture) torn(x, w float64) bool {
	unit := plotWidth / plotColumns
	for _, p := range t.scale.pieces {
		if a, z := t.left+p.x0*unit, t.left+p.x1*unit; p.broken && x < z && x+w > a {
			return true
		}
	}
	return false
}

// marksLane draws what was typed and the signals, as many lines as they need.
func (t *timelinePicture) marksLane(y float64) (guides []int64, bottom float64) {
	t.text("", 0, y+17, "keys, signals")
	var ends []float64 // of each line
	i := 0             // the line of the mark before
	for n, m := range t.marks {
		label, class, ink := t.markText(m), "pill", "red"
		if m.kind == enter || m.kind == key {
			class, ink = "cap", ""
		}
		if m.kind == key || m.kind == noticed || m.kind == sent {
			guides = append(guides, m.at)
		}
		w := textLength(label, "") + 10
		x := t.x(m.at) - 8
		if n > 0 && t.marks[n-1].kind == enter && ends[i] > x && ends[i]-x < 40 {
			x = ends[i] - 3 // beside the Enter that caused it
		} else {
			for i = 0; i < len(ends) && ends[i] > x; i++ {
			}
		}
		if i == len(ends) {
			ends = append(ends, 0)
		}
		ends[i] = x + w + 6
		at := y + float64(i)*rowHeight
		t.rect(class, x, at+2, w, rowHeight-4, 5)
		t.text(ink, x+5, at+17, label)
	}
	return guides, y + float64(max(len(ends), 1))*rowHeight + 6
}

func (t *timelinePicture) keyboardLane(y float64) float64 {
	t.text("", 0, y+17, "keyboard")
	for _, mine := range [...]bool{true, false} {
		for _, h := range t.holds {
			if (h.pgid == t.shell) != mine {
				continue
			}
			x, w := t.x(h.from), max(t.x(h.to)-t.x(h.from), 2)
			ink := "onblue b"
			if mine {
				t.rect("thin", x, y+11, w, 2, 0)
				ink = "faint"
			} else {
				t.rect("thick", x, y+2, w, rowHeight-4, 4)
			}
			for _, who := range t.holder(h) {
				if n := textLength(who, ""); n+12 <= w && (mine || !t.torn(x+(w-n)/2, n)) {
					if mine {
						t.rect("bg", x+(w-n)/2-6, y+4, n+12, rowHeight-8, 0)
					}
					t.text(ink, x+(w-n)/2, y+17, who)
					break
				}
			}
		}
	}
	return y + rowHeight
}

func (t *timelinePicture) drawBand(g *band, y float64) float64 {
	x, w := t.x(g.from), max(t.x(g.to)-t.x(g.from), 2)
	height := rowHeight * float64(1+len(g.bars))
	t.rect("band", x-4, y, w+8, height+2, 6)
	t.rect("thin", x-4, y, w+8, 3, 1.5)
	t.overlap(g, g.from, g.to, func(x, w float64) { t.rect("thick", x-4, y-1, w+8, 5, 2.5) })
	t.text("b", 0, y+18, t.bandLabel(g))
	if label := strings.TrimSpace(t.bandText(g)); label != "" {
		label = typeset.Cut(label, max(int((plotWidth-w)/charWidth), int(w/charWidth)), "…")
		at := x + 2
		if n := textLength(label, ""); n > w && x+w+n > t.left+plotWidth && x-t.left > n+12 {
			at = x - n - 12
		} else if n > w {
			at = x + w + 12
		}
		t.text("halo faint", at, y+18, label)
	}
	for _, b := range g.bars {
		y += rowHeight
		t.text("", 14, y+17, strings.TrimSpace(t.barLabel(b)))
		t.drawBar(b, y+(rowHeight-barHeight)/2)
	}
	return y + rowHeight + 2
}

// overlap calls draw for each part of a stretch in which the group has the
// keyboard.
func (t *timelinePicture) overlap(g *band, from, to int64, draw func(x, w float64)) {
	for _, h := range t.holds {
		a, z := max(h.from, from), min(h.to, to)
		if h.pgid == g.pgid && a < z {
			draw(t.x(a), max(t.x(z)-t.x(a), 1))
		}
	}
}

func (t *timelinePicture) drawBar(b *bar, y float64) {
	x, w := t.x(b.from), max(t.x(b.to)-t.x(b.from), 2)
	t.rect("alive", x, y, w, barHeight, 3)
	t.overlap(b.band, b.from, b.to, func(x, w float64) { t.rect("front", x, y, w, barHeight, 3) })
	for _, s := range b.stops {
		x, w := t.x(s.from), max(t.x(s.to)-t.x(s.from), 2)
		t.rect("halt", x, y, w, barHeight, 0)
		name := event.SigName(s.sig)
		if n := textLength(name, "small"); n+8 <= w {
			t.rect("plate", x+(w-n)/2-3, y+1, n+6, barHeight-2, 3)
			t.text("small b orange", x+(w-n)/2, y+12.5, name)
		}
	}
	if b.before {
		t.text("b onblue", x+1, y+13, "◂")
	}
	ink := "halo"
	switch b.end {
	case killed:
		ink = "halo b red"
	case lives, gone, left:
		ink = "halo faint"
	}
	t.text(ink, x+w+8, y+13, t.endText(b))
}

// foot is the legend, with what was drawn alone, and what the log lacks.
func (t *timelinePicture) foot(y float64) {
	x := 0.0
	entry := func(class, label string) {
		t.rect(class, x, y, 22, barHeight, 3)
		t.text("small faint", x+28, y+12, label)
		x += 28 + textLength(label, "small") + 24
	}
	y += 4
	front, back, stops := false, false, false
	for _, g := range t.bands {
		for _, b := range g.bars {
			held, halted := int64(0), int64(0)
			for _, h := range t.holds {
				if h.pgid == g.pgid {
					held += max(0, min(h.to, b.to)-max(h.from, b.from))
				}
			}
			for _, s := range b.stops {
				halted += s.to - s.from
			}
			front = front || held > 0
			back = back || held+halted < b.to-b.from
			stops = stops || halted > 0
		}
	}
	if front {
		entry("front", "alive, its group has the keyboard")
	}
	if back {
		entry("alive", "alive")
	}
	if stops {
		entry("halt", "stopped")
	}
	for _, p := range t.scale.pieces {
		if p.broken {
			t.text("small faint", x, y+12, "torn: time left out")
			break
		}
	}
	y += 36
	for _, w := range t.ways {
		for _, line := range wrap(t.visible(w), plotColumns) {
			t.text("", 0, y+4, line)
			y += 20
		}
	}
	for i, n := range t.notes {
		t.text("small faint", 0, y+float64(i)*18, n)
	}
}
