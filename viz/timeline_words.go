package viz

import (
	"strconv"

	"jsh/event"
	"jsh/typeset"
)

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

// telling is a past that is told: both drawings of it use the same words.
type telling struct {
	*past
	*drawing
	signs signs
}

func tell(p *past, style Style) telling {
	t := telling{p, newDrawing(nil, style), unicodeSigns}
	if style.ASCII {
		t.signs = asciiSigns
	}
	return t
}

// title says what is shown, and how long it took.
func (t *telling) title() string {
	s := "The last command line"
	switch {
	case t.past.lines == 0:
		s = "All that happened"
	case t.wanted == 0 && t.past.lines == 1:
		s = "One command line"
	case t.wanted == 0:
		s = strconv.Itoa(t.past.lines) + " command lines"
	case t.past.lines > 1:
		s = "The last " + strconv.Itoa(t.past.lines) + " command lines"
	}
	return s + ": " + duration(t.to-t.from)
}

func (t *telling) bandLabel(g *band) string {
	switch g.pgid {
	case 0:
		return "group not known"
	case ownGroup:
		return "shell's group"
	}
	s := "group " + strconv.Itoa(g.pgid)
	if g.job != 0 {
		s += " %" + strconv.Itoa(g.job)
	}
	return s
}

func (t *telling) barLabel(b *bar) string {
	return "  " + strconv.Itoa(b.pid) + " " + t.visible(b.title())
}

func (b *bar) title() string {
	if b.name == "" {
		return "?"
	}
	return b.name
}

// endText is what stands at the end of a bar.
func (t *telling) endText(b *bar) string {
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

func (t *telling) markText(m mark) string {
	switch m.kind {
	case enter:
		if m.text == "" {
			return t.signs.enter
		}
		return t.signs.enter + " " + typeset.Cut(t.visible(m.text), markedText, t.signs.more)
	case failed:
		return t.signs.killed + " " + typeset.Cut(t.visible(m.text), markedText, t.signs.more)
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

// holder names who has the keyboard, the longest name first.
func (t *telling) holder(h hold) []string {
	if h.pgid == t.shell {
		return []string{"jsh"}
	}
	n := strconv.Itoa(h.pgid)
	if h.job != 0 {
		job := "%" + strconv.Itoa(h.job)
		return []string{"group " + n + " " + job, job}
	}
	return []string{"group " + n, n}
}

func (t *telling) bandText(g *band) string {
	text := t.visible(g.text)
	if g.session {
		text = "a session of its own"
	}
	if g.pgid == t.shell && t.shell != 0 || g.pgid == ownGroup {
		text = "no job control: the shell's own group"
	}
	if text == "" {
		return ""
	}
	return " " + text + " "
}
