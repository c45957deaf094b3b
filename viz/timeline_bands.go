package viz

import (
	"strconv"

	"jsh/event"
	"jsh/typeset"
)

// band draws a group: a line that is thick while the group has the keyboard,
// and the bars of its processes below it.
func (t *timelineText) band(g *band) []row {
	s := t.strip()
	a, b := t.scale.columns(g.from, g.to)
	thick := make([]bool, t.plot)
	for _, h := range t.holds {
		if h.pgid == g.pgid {
			from, to := t.scale.columns(max(h.from, g.from), min(h.to, g.to))
			for x := max(from, a); x < min(to, b) && h.from < g.to && h.to > g.from; x++ {
				thick[x], t.drawn.thick = true, true
			}
		}
	}
	for x := a; x < b; x++ {
		sign, ends, c := t.signs.thin, t.signs.thinEnds, plain
		if thick[x] {
			sign, ends, c = t.signs.thick, t.signs.thickEnds, keyboard
		}
		switch {
		case b-a == 1:
		case x == a:
			sign = ends[0]
		case x == b-1:
			sign = ends[1]
		}
		s.set(x, sign, c)
	}
	t.breaks(s)
	if text := t.bandText(g); text != "" {
		w := typeset.Width(text)
		switch {
		case b-a >= w+4:
			s.put(a+2, text, plain)
		case len(s)-b >= w:
			s.put(b, text, plain)
		case a >= w:
			s.put(a-w, text, plain)
		case len(s)-b >= b-a-4:
			s.put(b, typeset.Cut(text, len(s)-b, t.signs.more), plain)
		default:
			s.put(a+2, typeset.Cut(text, b-a-4, t.signs.more), plain)
		}
	}
	out := []row{t.line(t.bandLabel(g), plain, t.guided(s))}
	head, many, tail := inShort(g.bars, mostBars, t.style.All)
	for _, bar := range head {
		out = append(out, t.bar(bar, thick))
	}
	if len(many) > 0 {
		out = append(out, t.many("  "+t.signs.more+" "+strconv.Itoa(len(many))+" more", many))
	}
	for _, bar := range tail {
		out = append(out, t.bar(bar, thick))
	}
	return out
}

// inShort divides a list that is longer than most into its ends and what is
// between them.
func inShort[T any](list []T, most int, all bool) (head, middle, tail []T) {
	if all || len(list) <= most {
		return list, nil, nil
	}
	half := most / 2
	return list[:half], list[half : len(list)-half], list[len(list)-half:]
}

func (t *timelineText) bar(b *bar, thick []bool) row {
	s := t.strip()
	from, to := t.scale.columns(b.from, b.to)
	for x := from; x < to; x++ {
		c := plain
		if thick[x] {
			c = keyboard
		}
		s.set(x, t.signs.alive, c)
	}
	for _, st := range b.stops {
		a, z := t.scale.columns(st.from, st.to)
		for x := a; x < z; x++ {
			s.set(x, t.signs.stopped, stopped)
		}
		t.drawn.stop = true
		name := event.SigName(st.sig)
		if w := typeset.Width(name); z-a >= w+2 {
			s.put(a+(z-a-w)/2, name, stopped)
		}
	}
	t.breaks(s)
	if b.before {
		s.set(from, t.signs.before, plain)
		t.drawn.before = true
	}
	c := plain
	switch b.end {
	case killed:
		c, t.drawn.killed = zombie, true
	case lives:
		c, t.drawn.onward = faint, true
	case left, gone:
		c = faint
	}
	s.put(to, typeset.Cut(" "+t.endText(b), len(s)-to, t.signs.more), c)
	return t.line(t.barLabel(b), plain, t.guided(s))
}

// many draws several processes as one bar.
func (t *timelineText) many(label string, bars []*bar) row {
	s := t.strip()
	from, to, how := bars[0].from, bars[0].to, bars[0].endWords()
	for _, b := range bars {
		from, to = min(from, b.from), max(to, b.to)
		if how != b.endWords() {
			how = "various"
		}
	}
	a, z := t.scale.columns(from, to)
	for x := a; x < z; x++ {
		s.set(x, t.signs.many, plain)
	}
	t.breaks(s)
	t.drawn.many = true
	s.put(z, typeset.Cut(" "+how, len(s)-z, t.signs.more), faint)
	return t.line(label, faint, t.guided(s))
}

func (t *timelineText) manyBands(bands []*band) row {
	var bars []*bar
	for _, g := range bands {
		bars = append(bars, g.bars...)
	}
	return t.many(t.signs.more+" "+strconv.Itoa(len(bands))+" groups", bars)
}

// guided draws the moments of signals through what is blank.
func (t *timelineText) guided(s strip) strip {
	for _, x := range t.guides {
		if s[x].text == "" && !s[x].taken {
			s.set(x, t.signs.guide, faint)
		}
	}
	return s
}
