package viz

import (
	"slices"
	"strings"

	"jsh/event"
	"jsh/typeset"
)

// Timeline draws events in time, one string a line without newline: a lane for
// what was typed and the signals, one for the keyboard, and each process as a
// bar in the band of its group. lines is how many of the newest command lines
// are shown, 0 for all that the events tell; now is the end of bars whose
// process lives on, 0 for the time of the newest event. It is nil if nothing
// happened.
//
// A group of many processes and a line of many groups are shown by their ends,
// the middle as one bar, unless style.All.
func Timeline(events []event.Event, lines int, now int64, style Style) []string {
	p := recall(events, lines, now)
	if p == nil {
		return nil
	}
	t := &timelineText{telling: tell(p, style)}
	return t.draw()
}

type timelineText struct {
	telling
	scale *scale

	label  int // columns of the labels, with the blank after them
	plot   int // columns of the axis
	margin int // columns right of it, for what stands at the ends of bars
	guides []int
	drawn  struct{ stop, thick, killed, many, before, onward bool }
}

const (
	leastPlot  = 12
	mostMarks  = 3  // lines of the lane of marks
	mostBars   = 10 // of a band, before its middle is shown as one
	mostBands  = 9
	markedText = 28 // columns of a typed line in its lane
)

func (t *timelineText) draw() []string {
	width := t.style.Width
	if width <= 0 {
		width = usualWidth
	}
	t.measure(width)
	if t.plot < leastPlot {
		return t.list(width)
	}
	t.scale = newScale(t.past, t.plot)

	var out []row
	out = append(out, row{{t.title(), plain}}, nil)
	out = append(out, t.axis()...)
	out = append(out, t.lanes()...)
	head, middle, tail := inShort(t.bands, mostBands, t.style.All)
	between := func() { out = append(out, t.line("", plain, t.guided(t.strip()))) }
	for _, g := range head {
		between()
		out = append(out, t.band(g)...)
	}
	if len(middle) > 0 {
		between()
		out = append(out, t.manyBands(middle))
	}
	for _, g := range tail {
		between()
		out = append(out, t.band(g)...)
	}
	out = append(out, nil)
	out = append(out, t.foot(width)...)
	lines := make([]string, len(out))
	for i, r := range out {
		lines[i] = strings.TrimRight(t.render(r.cutTo(width, t.signs.more)), " ")
	}
	return lines
}

// measure divides the width among labels, axis and margin.
func (t *timelineText) measure(width int) {
	t.label, t.margin = typeset.Width("keys, signals"), 2
	for _, g := range t.bands {
		t.label = max(t.label, typeset.Width(t.bandLabel(g)))
		for _, b := range g.bars {
			t.label = max(t.label, typeset.Width(t.barLabel(b)))
			t.margin = max(t.margin, 1+typeset.Width(t.endText(b)))
		}
	}
	t.label = min(t.label, max(14, width/4)) + 1
	t.margin = min(t.margin, max(8, width/5))
	t.plot = width - t.label - t.margin
}

// line starts a line with its label.
func (t *timelineText) line(label string, c ink, s strip) row {
	r := row{{typeset.Cut(label, t.label-1, t.signs.more), c}}.fit(t.label, t.signs.more)
	return append(r, s.row()...)
}

func (t *timelineText) axis() []row {
	rule, labels := t.strip(), t.strip()
	for x := range t.plot {
		rule.set(x, t.signs.rule, faint)
	}
	for _, k := range t.scale.ticks(10) {
		x := min(int(k.x), t.plot-1)
		if labels.free(x, typeset.Width(k.label)+1) {
			rule.set(x, t.signs.tick, faint)
			labels.put(x, k.label, faint)
		}
	}
	for _, p := range t.scale.pieces {
		if p.broken {
			label := "+" + duration(p.t1-p.t0)
			w := typeset.Width(label)
			if x := max(0, int(p.x0)+(breakWidth-w)/2); labels.free(max(x-1, 0), w+2) {
				labels.put(x, label, faint)
			}
		}
	}
	t.breaks(rule)
	return []row{t.line("time", faint, labels), t.line("", faint, rule)}
}

// breaks draws the breaks over a line that goes through them.
func (t *timelineText) breaks(s strip) {
	for _, p := range t.scale.pieces {
		if p.broken {
			for i, sign := range t.signs.broken {
				if x := int(p.x0) + i; sign != "" && s[x].text != "" {
					s.set(x, sign, faint)
				}
			}
		}
	}
}

// foot is the legend, of what was drawn alone, and what the log lacks.
func (t *timelineText) foot(width int) []row {
	parts := []string{t.signs.alive + " alive"}
	add := func(drawn bool, text string) {
		if drawn {
			parts = append(parts, text)
		}
	}
	broken := slices.ContainsFunc(t.scale.pieces, func(p piece) bool { return p.broken })
	add(t.drawn.stop, t.signs.stopped+" stopped")
	add(t.drawn.thick, t.signs.thick+" has the keyboard")
	add(t.drawn.killed, t.signs.killed+" killed by")
	add(broken, strings.Join(t.signs.broken[:], "")+" time left out")
	add(t.drawn.many, t.signs.many+" many: -a shows each")
	add(t.drawn.before, t.signs.before+" began earlier")
	legend := parts[0]
	for _, p := range parts[1:] {
		if typeset.Width(legend)+2+typeset.Width(p) <= width {
			legend += "  " + p
		}
	}
	out := []row{{{legend, faint}}}
	for _, w := range t.ways {
		for _, line := range wrap(t.visible(w), width) {
			out = append(out, row{{line, plain}})
		}
	}
	for _, n := range t.notes {
		for _, line := range flow([]string{t.visible(n)}, width) {
			out = append(out, row{{line, faint}})
		}
	}
	return out
}

// list is the timeline where there is no room for an axis.
func (t *timelineText) list(width int) []string {
	var out []string
	for _, g := range t.bands {
		out = append(out, typeset.Cut(t.bandLabel(g), width, t.signs.more))
		for _, b := range g.bars {
			line := t.barLabel(b) + " " + duration(b.to-b.from) + " " + t.endText(b)
			out = append(out, typeset.Cut(line, width, t.signs.more))
		}
	}
	return out
}
