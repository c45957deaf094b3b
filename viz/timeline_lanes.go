package viz

import (
	"strconv"

	"jsh/typeset"
)

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
			w := typeset.Width(text)
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
		if len(t.marks) == 0 {
			break // a script: nobody types
		}
		label := ""
		if i == 0 {
			label = "keys, signals"
		}
		out = append(out, t.line(label, plain, s))
	}
	if hidden > 0 {
		s := " more keys and signals have no room here"
		if hidden == 1 {
			s = " more key or signal has no room here"
		}
		t.notes = append(t.notes, strconv.Itoa(hidden)+s)
	}
	if len(t.holds) > 0 {
		out = append(out, t.line("keyboard", plain, t.keyboardLane()))
	}
	return out
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
				if w := typeset.Width(who) + 2; b-a >= w+2 {
					s.put(a+(b-a-w)/2, " "+who+" ", c)
					break
				}
			}
		}
	}
	t.breaks(s)
	return s
}
