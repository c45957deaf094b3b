package play

import (
	"slices"
	"strings"

	"jsh/lessons/page"
	"jsh/typeset"
)

// Band is what the band shows, at most rows lines of cols columns.
func (p *Player) Band(cols, rows int, st Style) Band {
	if p.phase == left || rows < 1 || cols < 8 {
		return Band{}
	}
	b := Band{Marks: p.marks(st)}
	s := &p.lesson.Steps[p.step]
	inner := cols - 2
	body := func(parts ...[]string) []string {
		var all []string
		for _, part := range parts {
			all = append(all, part...)
		}
		return all
	}
	text := setLines(paragraph(s.Text, inner, st.Plain), st)
	help := "lesson hint, show, skip, back, quit"
	var lines []string
	switch p.phase {
	case asking:
		b.Keys = !p.waiting
		q := setFolded([]string{"**PREDICT**  " + s.Predict.Question}, inner, st)
		choices, foot := p.choices(s.Predict, inner, st)
		help = foot
		remark := setFolded(p.remark, inner, st)
		lines = body(text, q, choices, remark)
		p.reading = false
		if len(lines) > rows-1 {
			if len(remark) > 0 {
				lines = body(q, choices, remark)
			} else if p.read {
				lines = body(q, choices)
			} else if len(text) > 0 {
				lines = text
				p.reading = true
				help = "Enter: the question"
			}
		}
	case doing:
		task := p.task(inner, st)
		p.refresh()
		remark := setFolded(p.remark, inner, st)
		lines = body(text, task, remark)
		if len(lines) > rows-1 && len(remark) > 0 {
			lines = body(task, remark)
		}
	default:
		result := setFolded(p.resultLines(st), inner, st)
		if len(result) == 0 && len(s.Checks) > 0 {
			result = []string{"Done."}
		}
		why := setLines(paragraph(s.Why, inner, st.Plain), st)
		lines = body(result, why)
		if len(s.Checks) == 0 && p.result == nil {
			lines = body(text, why)
		}
		help = p.goOn()
	}
	if room := rows - 1; len(lines) > room {
		if room > 0 {
			lines = lines[:room]
		} else {
			lines = nil
		}
		help = "lesson where: all of it"
	}
	b.Lines = append(b.Lines, p.head(cols, help, st))
	for _, l := range lines {
		b.Lines = append(b.Lines, " "+typeset.Cut(l, cols-1, "~")) // marked words that are longer than a line may be broken badly
	}
	return b
}

// head is the band's first line: where one is, and what one can do.
func (p *Player) head(cols int, help string, st Style) string {
	title := p.lesson.Steps[p.step].Title
	place := p.place
	if p.lesson.Kind != page.KindQuestion {
		place = num(p.step+1) + " of " + num(len(p.lesson.Steps))
	}
	if place != "" {
		title = place + "  " + title
	}
	if p.waiting {
		help = "a moment"
	}
	title = typeset.Cut(title, cols-2, "~")
	gap := cols - 2 - typeset.Width(title) - typeset.Width(help)
	line := title
	if !st.Plain {
		line = bold + title + reset
	}
	if gap >= 2 {
		if !st.Plain {
			help = dim + help + reset
		}
		line += strings.Repeat(" ", gap) + help
	}
	return " " + line
}

func setLines(lines []string, st Style) []string {
	var out []string
	for _, l := range lines {
		out = append(out, styled(l, st))
	}
	return out
}

func setFolded(lines []string, cols int, st Style) []string {
	var out []string
	for _, l := range lines {
		out = append(out, setLines(fold(l, cols, "  ", st.Plain), st)...)
	}
	return out
}

// task is what is to be done.
func (p *Player) task(cols int, st Style) []string {
	s := &p.lesson.Steps[p.step]
	var lines []string
	if s.Predict != nil && s.Predict.Kind == page.Typed {
		lines = append(lines, "**PREDICT**  "+s.Predict.Question)
	}
	if p.given {
		lines = append(lines, "You say: "+p.answer.words(s.Predict)+". Now let the kernel answer.")
	}
	if s.Goal != "" {
		lines = append(lines, "**GOAL**  "+s.Goal)
	}
	for i, l := range paragraph(s.Do, cols-4, st.Plain) {
		head := "**DO**  "
		if i > 0 {
			head = "    "
		}
		lines = append(lines, head+l)
	}
	return setFolded(lines, cols, st)
}

// choices are what can be answered, with what the learner has chosen so far, and
// which keys do it.
func (p *Player) choices(q *page.Predict, cols int, st Style) (lines []string, help string) {
	d := &p.draft
	cursor := func(i int, text string) string {
		if i != p.cursor {
			return "  " + text
		}
		if st.Plain {
			return "> " + text
		}
		return "> " + invert + text + reset
	}
	switch q.Kind {
	case page.Number:
		return []string{"  your number: " + d.number + "_"}, "digits, Enter"
	case page.Order:
		var items []string
		for i, o := range q.Items {
			place := "[ ]"
			for n, have := range d.order {
				if have == i {
					place = "[" + num(n+1) + "]"
				}
			}
			text := place + " " + o.Key
			if o.Text != "" && o.Text != o.Key {
				text += "  " + o.Text
			}
			items = append(items, cursor(i, text))
		}
		return columns(items, cols), "arrows, space: next, Enter"
	case page.Choice:
		for i, o := range q.Options {
			lines = append(lines, cursor(i, o.Key+"  "+unmarked(o.Text)))
		}
		return columns(lines, cols), "a letter, or arrows; Enter"
	}
	list := q.Options
	if q.Kind == page.Marks {
		list = q.Items
	}
	for i, o := range list {
		box := "[ ] "
		if d.picked[i] {
			box = "[x] "
		}
		text := box + o.Key
		if o.Text != "" && o.Text != o.Key {
			text += "  " + unmarked(o.Text)
		}
		lines = append(lines, cursor(i, text))
	}
	return columns(lines, cols), "arrows, space marks, Enter"
}

// columns sets items side by side where two or more fit into a line.
func columns(items []string, cols int) []string {
	most := 0
	for _, s := range items {
		most = max(most, typeset.Width(s))
	}
	per := max(1, cols/(most+3))
	var out []string
	for i := 0; i < len(items); i += per {
		line := ""
		for k := i; k < len(items) && k < i+per; k++ {
			if k > i {
				line += strings.Repeat(" ", most+3-typeset.Width(items[k-1]))
			}
			line += items[k]
		}
		out = append(out, typeset.Cut(line, cols, "~"))
	}
	return out
}

// marks are those beside processes in the picture: the learner's, and then the
// kernel's.
func (p *Player) marks(st Style) map[int]string {
	q := p.lesson.Steps[p.step].Predict
	if q == nil || p.world == nil {
		return nil
	}
	names, said := p.said(q)
	m := map[int]string{}
	yes, no := ticks(st)
	for i, name := range names {
		if r := p.result; r != nil && p.phase == over {
			switch pid := r.pids[name]; {
			case pid == 0:
			case r.about[name] == right:
				m[pid] = yes
			case r.about[name] == wrong:
				m[pid] = no
			}
			continue
		}
		if said[i] {
			if pid := p.world.Pid(name); pid != 0 {
				m[pid] = "?"
			}
		}
	}
	return m
}

// said are the processes that a prediction is about, and of which of them the
// learner says that it happens to them: those that he has marked, or those that the
// option names at which he is.
func (p *Player) said(q *page.Predict) (names []string, yes []bool) {
	a := &p.draft
	if p.given {
		a = &p.answer
	}
	switch q.Kind {
	case page.Marks:
		for i, o := range q.Items {
			names, yes = append(names, o.Key), append(yes, i < len(a.picked) && a.picked[i])
		}
	case page.Choice:
		at := slices.Index(a.picked, true)
		if at < 0 && p.phase == asking {
			at = p.cursor
		}
		for _, name := range q.About() {
			names, yes = append(names, name), append(yes, at >= 0 && slices.Contains(q.Options[at].Who, name))
		}
	}
	return names, yes
}
