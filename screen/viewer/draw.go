package viewer

import (
	"slices"
	"strconv"
	"strings"

	"jsh/companion"
	"jsh/viz"
)

// draw brings the terminal up to date: only lines that changed are sent.
func (v *view) draw() {
	if !v.tty.inFront() {
		v.tty.ours = false
		return
	}
	if !v.tty.ours || !v.tty.inOurModes() { // given to us while we ran, or given back by the guard
		v.back()
	}
	w, h := v.tty.size()
	if w != v.w || h != v.h {
		v.w, v.h, v.shown = w, h, nil
	}
	lines := v.page(w, h)
	var b strings.Builder
	if v.shown == nil {
		b.WriteString("\x1b[0m\x1b[2J")
	}
	for i, line := range lines {
		if i < len(v.shown) && v.shown[i] == line {
			continue
		}
		b.WriteString("\x1b[" + strconv.Itoa(i+1) + ";1H\x1b[0m\x1b[K" + line)
	}
	if b.Len() == 0 {
		return
	}
	// A terminal that knows mode 2026 shows all of it at once.
	if !v.tty.write("\x1b[?2026h" + b.String() + "\x1b[0m\x1b[?2026l") {
		v.shown = nil // it is unknown how much of it is there
		return
	}
	v.shown = lines
}

// page is what is to be seen, exactly h lines.
func (v *view) page(w, h int) []string {
	style := v.style
	style.Width = w
	if v.show != nil {
		return v.show.Page(style, w, h)
	}
	if v.help {
		return helpPage(w, h, v.player != nil)
	}
	foot := v.foot()
	rows := h
	if foot != "" && h > 6 {
		rows--
	}
	lines := slices.Clone(viz.Live(v.moment(), style, w, rows))
	if rows < h {
		lines = append(lines, dim(cut(foot, w), v.style))
	}
	return lines
}

// moment is what is shown now.
func (v *view) moment() viz.Moment {
	m := Moment(v.src.Moment(v.at))
	m.Recorded = v.player != nil
	return m
}

// Moment is a moment as viz draws it.
func Moment(m companion.Moment) viz.Moment {
	return viz.Moment{
		Tree: m.Tree, Events: m.Events, Context: m.Context, Line: m.Line,
		Episode: m.Episode, Episodes: m.Episodes, Step: m.Step, Steps: m.Steps,
		Past: m.Past, Source: m.Source, Lost: m.Lost, Marks: m.Marks, Inside: m.Inside,
	}
}

// foot is the line with the keys.
func (v *view) foot() string {
	long := "<- -> event   PgUp PgDn command line   Home End   c contrast   ? help   q quit"
	short := "<- -> event  PgUp PgDn line  End  ? help  q quit"
	if v.player != nil {
		state, space := "paused at ", "Space plays"
		switch {
		case v.player.playing:
			state, space = "playing at ", "Space pauses"
		case v.src.Next(v.at).Live():
			state, space = "the end, ", "Space begins again"
		}
		long = state + v.player.words() + "   " + space + "   + - speed   <- ->   PgUp PgDn   ? help   q quit"
		short = state + v.player.words() + "  Space  + -  <- ->  ? help  q quit"
	}
	if len(long) <= v.w {
		return long
	}
	return short
}

func cut(s string, w int) string { return s[:min(len(s), max(w, 0))] }

func dim(s string, style viz.Style) string {
	if !style.Colour || style.Bright {
		return s
	}
	return "\x1b[2m" + s + "\x1b[0m"
}

// helpPage tells the keys. It is ASCII, and fits 60×18.
func helpPage(w, h int, replay bool) []string {
	end := "End            now: the picture is live again"
	if replay {
		end = "End            the end of the recording"
	}
	text := []string{
		"The picture of your shell's processes, from the kernel.",
		"",
		"Left, Right    one event back, forward",
		"PgUp, PgDn     one command line back, forward; Up, Down too",
		"Home           the oldest that is remembered",
		end,
		"c              high contrast, for a projector",
		"a              everybody's processes, and jsh's own",
		"^L             draw everything anew",
		"^Z             stop; fg brings it back",
		"q, ^C          leave",
	}
	if replay {
		text = append(text, "Space          play, pause", "+, -           faster, slower")
	}
	text = append(text, "", "Any key ends this help.")
	lines := make([]string, h)
	for i := range lines {
		if i < len(text) {
			lines[i] = cut(text[i], w)
		}
	}
	return lines
}
