package viz

import (
	"slices"
	"strconv"
	"strings"

	"jsh/event"
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
	t := &timelineText{past: p, drawing: newDrawing(nil, style), signs: unicodeSigns}
	if style.ASCII {
		t.signs = asciiSigns
	}
	return t.draw()
}

// signs are what a timeline is drawn with.
type signs struct {
	alive, stopped, many  string
	thin, thick           string
	thinEnds, thickEnds   [2]string // of a band
	hold                  [2]string
	broken                [breakWidth]string
	tick, rule            string
	enter, killed, before string
	runsOn, arrow, guide  string
	lost, more            string
}

var (
	unicodeSigns = signs{
		alive: "█", stopped: "░", many: "▒",
		thin: "─", thick: "━", thinEnds: [2]string{"┌", "┐"}, thickEnds: [2]string{"┏", "┓"}, hold: [2]string{"┣", "┫"},
		broken: [breakWidth]string{"", "╱", "╱", ""},
		tick:   "┬", rule: "─",
		enter: "↵", killed: "✗", before: "◂", runsOn: "▸", arrow: "→", guide: "┊", lost: "?", more: "…",
	}
	asciiSigns = signs{
		alive: "#", stopped: ".", many: "%",
		thin: "-", thick: "=", thinEnds: [2]string{"+", "+"}, thickEnds: [2]string{"+", "+"}, hold: [2]string{"[", "]"},
		broken: [breakWidth]string{"", "/", "/", ""},
		tick:   "+", rule: "-",
		enter: ">", killed: "x", before: "<", runsOn: ">", arrow: "->", guide: ":", lost: "?", more: "~",
	}
)

type timelineText struct {
	*past
	*drawing
	signs signs
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
	for _, g := range t.bandsInShort() {
		out = append(out, t.line("", plain, t.guided(t.strip())))
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
	t.label, t.margin = textWidth("keys, signals"), 2
	for _, g := range t.bands {
		t.label = max(t.label, textWidth(t.bandLabel(g)))
		for _, b := range g.bars {
			t.label = max(t.label, textWidth(t.barLabel(b)))
			t.margin = max(t.margin, 1+textWidth(t.endText(b)))
		}
	}
	t.label = min(t.label, max(14, width/4)) + 1
	t.margin = min(t.margin, max(8, width/5))
	t.plot = width - t.label - t.margin
}

func (t *timelineText) title() string { return t.past.title() }

// title says what is shown, and how long it took.
func (p *past) title() string {
	s := "The last command line"
	switch {
	case p.lines == 0:
		s = "All that happened"
	case p.wanted == 0 && p.lines == 1:
		s = "One command line"
	case p.wanted == 0:
		s = strconv.Itoa(p.lines) + " command lines"
	case p.lines > 1:
		s = "The last " + strconv.Itoa(p.lines) + " command lines"
	}
	return s + ": " + duration(p.to-p.from)
}

func (t *timelineText) bandLabel(g *band) string {
	if g.pgid == 0 {
		return "group not known"
	}
	s := "group " + strconv.Itoa(g.pgid)
	if g.job != 0 {
		s += " %" + strconv.Itoa(g.job)
	}
	return s
}

func (t *timelineText) barLabel(b *bar) string {
	return "  " + strconv.Itoa(b.pid) + " " + t.visible(b.title())
}

func (b *bar) title() string {
	if b.name == "" {
		return "?"
	}
	return b.name
}

// endText is what stands at the end of a bar.
func (t *timelineText) endText(b *bar) string {
	switch b.end {
	case lives:
		if b.stopsAt(b.to) {
			return t.signs.runsOn + " stopped"
		}
		return t.signs.runsOn + " lives"
	case killed:
		return t.signs.killed + " " + b.endWords()
	case left:
		return t.signs.arrow + " " + b.endWords()
	}
	return b.endWords()
}

func (b *bar) stopsAt(at int64) bool {
	n := len(b.stops)
	return n > 0 && b.stops[n-1].to >= at
}

// endWords say how the bar ends, without a sign.
func (b *bar) endWords() string {
	switch b.end {
	case exited:
		return "exit " + strconv.Itoa(b.status)
	case killed:
		if b.core {
			return event.SigName(b.sig) + ", core"
		}
		return event.SigName(b.sig)
	case left:
		return "group " + strconv.Itoa(b.into)
	case gone:
		return "gone"
	}
	if b.stopsAt(b.to) {
		return "stopped"
	}
	return "lives"
}

// line starts a line with its label.
func (t *timelineText) line(label string, c ink, s strip) row {
	r := row{{cut(label, t.label-1, t.signs.more), c}}.fit(t.label, t.signs.more)
	return append(r, s.row()...)
}

func (t *timelineText) axis() []row {
	rule, labels := t.strip(), t.strip()
	for x := range t.plot {
		rule.set(x, t.signs.rule, faint)
	}
	for _, k := range t.scale.ticks(10) {
		x := min(int(k.x), t.plot-1)
		if labels.free(x, textWidth(k.label)+1) {
			rule.set(x, t.signs.tick, faint)
			labels.put(x, k.label, faint)
		}
	}
	for _, p := range t.scale.pieces {
		if p.broken {
			label := "+" + duration(p.t1-p.t0)
			w := textWidth(label)
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

// lanes draws what was typed, the signals and the keyboard.
func (t *timelineText) lanes() []row {
	var out []row
	rows := []strip{t.strip()}
	hidden := 0
	prefix := ""
next:
	for i, m := range t.marks {
		text, c := t.markText(m), plain
		x := min(int(t.scale.x(m.at)), t.plot-1)
		if m.kind == enter {
			if i+1 < len(t.marks) && text == t.signs.enter && t.scale.x(t.marks[i+1].at)-t.scale.x(m.at) < 1.5 {
				prefix = text + " " // what follows at once is the work of this line
				continue
			}
		} else {
			c = keyboard
		}
		text, prefix = prefix+text, ""
		if m.kind == key || m.kind == noticed || m.kind == sent {
			t.guides = append(t.guides, x)
		}
		for i := 0; i < mostMarks; i++ {
			if i == len(rows) {
				rows = append(rows, t.strip())
			}
			w := textWidth(text)
			at := x
			if x+w > len(rows[i]) {
				at = max(0, x-w+1)
			}
			if rows[i].free(max(at-1, 0), w+2) {
				rows[i].put(at, text, c)
				continue next
			}
		}
		hidden++
	}
	for i, s := range rows {
		label := ""
		if i == 0 {
			label = "keys, signals"
		}
		out = append(out, t.line(label, plain, s))
	}
	if hidden > 0 {
		t.notes = append(t.notes, strconv.Itoa(hidden)+" more keys and signals have no room here")
	}
	if len(t.holds) > 0 {
		out = append(out, t.line("keyboard", plain, t.keyboardLane()))
	}
	return out
}

func (t *timelineText) markText(m mark) string {
	switch m.kind {
	case enter:
		if m.text == "" {
			return t.signs.enter
		}
		return t.signs.enter + " " + cut(t.visible(m.text), markedText, t.signs.more)
	case failed:
		return t.signs.killed + " " + cut(t.visible(m.text), markedText, t.signs.more)
	case lost:
		return t.signs.lost
	case key:
		s := t.visible(m.text)
		if m.sig != 0 {
			s += " " + event.SigName(m.sig)
		}
		return s
	}
	s := event.SigName(m.sig)
	switch to := m.target(); {
	case m.kind == received:
		s += t.signs.arrow + "jsh"
	case m.kind == sent && to != "":
		s += t.signs.arrow + to
	}
	if m.text != "" {
		s += " (" + m.text + ")"
	}
	return s
}

// target is whom the shell sent a signal to.
func (m *mark) target() string {
	switch {
	case m.job != 0:
		return "%" + strconv.Itoa(m.job)
	case m.pgid != 0:
		return "group " + strconv.Itoa(m.pgid)
	case m.pid != 0:
		return strconv.Itoa(m.pid)
	}
	return ""
}

func (t *timelineText) keyboardLane() strip {
	s := t.strip()
	for _, mine := range [...]bool{true, false} { // the short stays of jobs over the shell's long ones
		for _, h := range t.holds {
			if (h.pgid == t.shell) != mine {
				continue
			}
			a, b := t.scale.columns(h.from, h.to)
			sign, c := t.signs.thick, keyboard
			if mine {
				sign, c = t.signs.thin, plain
			}
			for x := a; x < b; x++ {
				s.set(x, sign, c)
			}
			if !mine && b-a > 1 {
				s.set(a, t.signs.hold[0], c)
				s.set(b-1, t.signs.hold[1], c)
			}
			for _, who := range t.holder(h) {
				if w := textWidth(who) + 2; b-a >= w+2 {
					s.put(a+(b-a-w)/2, " "+who+" ", c)
					break
				}
			}
		}
	}
	t.breaks(s)
	return s
}

// holder names who has the keyboard, the longest name first.
func (p *past) holder(h hold) []string {
	if h.pgid == p.shell {
		return []string{"jsh"}
	}
	n := strconv.Itoa(h.pgid)
	if h.job != 0 {
		job := "%" + strconv.Itoa(h.job)
		return []string{"group " + n + " " + job, job}
	}
	return []string{"group " + n, n}
}

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
		w := textWidth(text)
		switch {
		case b-a >= w+4:
			s.put(a+2, text, plain)
		case len(s)-b >= w:
			s.put(b, text, plain)
		case a >= w:
			s.put(a-w, text, plain)
		case len(s)-b >= b-a-4:
			s.put(b, cut(text, len(s)-b, t.signs.more), plain)
		default:
			s.put(a+2, cut(text, b-a-4, t.signs.more), plain)
		}
	}
	out := []row{t.line(t.bandLabel(g), plain, t.guided(s))}
	head, many, tail := inShort(g.bars, mostBars, t.style.All)
	for _, bar := range head {
		out = append(out, t.bar(bar, thick))
	}
	if len(many) > 0 {
		out = append(out, t.many(many))
	}
	for _, bar := range tail {
		out = append(out, t.bar(bar, thick))
	}
	return out
}

func (t *timelineText) bandText(g *band) string {
	text := t.visible(g.text)
	if g.session {
		text = "a session of its own"
	}
	if g.pgid == t.shell && t.shell != 0 {
		text = "the shell's own group"
	}
	if text == "" {
		return ""
	}
	return " " + text + " "
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

func (t *timelineText) bandsInShort() []*band {
	head, middle, tail := inShort(t.bands, mostBands, t.style.All)
	if len(middle) > 0 {
		t.notes = append(t.notes, strconv.Itoa(len(middle))+" more groups between these: timeline -a shows all")
	}
	return slices.Concat(head, tail)
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
		if w := textWidth(name); z-a >= w+2 {
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
	s.put(to+1, cut(t.endText(b), len(s)-to-1, t.signs.more), c)
	return t.line(t.barLabel(b), plain, t.guided(s))
}

// many draws several processes as one bar.
func (t *timelineText) many(bars []*bar) row {
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
	s.put(z+1, cut(how, len(s)-z-1, t.signs.more), faint)
	return t.line("  "+t.signs.more+" "+strconv.Itoa(len(bars))+" more", faint, t.guided(s))
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
	add(t.drawn.many, t.signs.many+" many")
	add(t.drawn.before, t.signs.before+" began earlier")
	legend := parts[0]
	for _, p := range parts[1:] {
		if textWidth(legend)+2+textWidth(p) <= width {
			legend += "  " + p
		}
	}
	out := []row{{{legend, faint}}}
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
		out = append(out, cut(t.bandLabel(g), width, t.signs.more))
		for _, b := range g.bars {
			line := t.barLabel(b) + " " + duration(b.to-b.from) + " " + t.endText(b)
			out = append(out, cut(line, width, t.signs.more))
		}
	}
	return out
}
