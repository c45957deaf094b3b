package play

import (
	"strings"

	"jsh/lessons/page"
)

// mostNews bounds what waits for Plain where nobody calls it.
const mostNews = 40

// para is a paragraph of Plain: lines that stand for themselves, and a text below
// them that is set anew where its lines do not fit.
type para struct {
	lines  []string
	text   []page.Line
	remark bool // on a try: of no use when the step is over
}

// say adds lines to what Plain tells; they stay together.
func (p *Player) say(lines ...string) { p.sayText(lines, nil) }

func (p *Player) sayText(lines []string, text []page.Line) {
	var have []string
	for _, l := range lines {
		if l != "" {
			have = append(have, l)
		}
	}
	if len(have) == 0 && len(text) == 0 {
		return
	}
	p.news = append(p.news, para{lines: have, text: text})
	if n := len(p.news) - mostNews; n > 0 {
		p.news = p.news[n:]
	}
}

// sayRemark tells p.remark.
func (p *Player) sayRemark() {
	p.say(p.remark...)
	p.news[len(p.news)-1].remark = true
}

// Plain is what is new since the last call, for a learner without a band, in
// lines of at most cols columns. "" is nothing.
func (p *Player) Plain(cols int) string {
	text := setPlain(p.news, cols)
	p.news = nil
	return text
}

// setPlain sets paragraphs, with a blank line between them.
func setPlain(paragraphs []para, cols int) string {
	if cols > maxCols || cols < 8 {
		cols = maxCols
	}
	var b strings.Builder
	for i, par := range paragraphs {
		if i > 0 {
			b.WriteByte('\n')
		}
		for _, line := range par.lines {
			for _, l := range fold(line, cols, hanging(line), true) {
				b.WriteString(quoted(l) + "\n")
			}
		}
		for _, l := range paragraph(par.text, cols, true) {
			b.WriteString(quoted(l) + "\n")
		}
	}
	return b.String()
}

// hanging is what the continuations of a line begin with.
func hanging(line string) string {
	for _, head := range []string{"PREDICT  ", "GOAL     ", "DO       ", "Seen: ", "Try:  ", "Hint: "} {
		if strings.HasPrefix(line, head) {
			return strings.Repeat(" ", len(head))
		}
	}
	indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
	if indent != "" {
		indent += "   "
	}
	return indent
}

// maxCols is the widest a text is set.
const maxCols = 76

func (p *Player) title() string {
	if p.lesson.Kind == page.KindQuestion { // one of several, as its host says
		return p.lesson.Steps[p.step].Title
	}
	return "[" + num(p.step+1) + " of " + num(len(p.lesson.Steps)) + "]  " + p.lesson.Steps[p.step].Title
}

// sayStep tells a step that begins.
func (p *Player) sayStep() {
	p.sayText([]string{p.title()}, p.lesson.Steps[p.step].Text)
	p.say(p.question()...)
	if p.phase == doing {
		p.sayDo()
	}
	if p.phase == over {
		if p.step == len(p.lesson.Steps)-1 {
			p.score.Done = true
		}
		p.sayText(nil, p.lesson.Steps[p.step].Why)
		p.say(p.goOn())
	}
}

// question is what is asked, line by line.
func (p *Player) question() []string {
	q := p.lesson.Steps[p.step].Predict
	if q == nil {
		return nil
	}
	lines := []string{"PREDICT  " + q.Question}
	switch q.Kind {
	case page.Choice, page.Many:
		for _, o := range q.Options {
			lines = append(lines, "  "+o.Key+"  "+o.Text)
		}
	case page.Order:
		for _, o := range q.Items {
			if o.Text != o.Key {
				lines = append(lines, "  "+o.Key+"  "+o.Text)
			}
		}
	}
	return append(lines, "  "+p.howToAnswer())
}

// howToAnswer says what to type.
func (p *Player) howToAnswer() string {
	q := p.lesson.Steps[p.step].Predict
	if q == nil {
		return ""
	}
	first := func(list []page.Option, n int) string {
		s := ""
		for i := 0; i < len(list) && i < n; i++ {
			s += " " + list[i].Key
		}
		return s
	}
	switch q.Kind {
	case page.Choice:
		return "Answer:  answer A   (one of " + keys(q.Options) + ")"
	case page.Many:
		return "Answer:  answer" + first(q.Options, 2) + "   (any of " + keys(q.Options) + "; or none)"
	case page.Marks:
		return "Answer:  answer" + first(q.Items, 2) + "   (any of " + keys(q.Items) + "; or none)"
	case page.Number:
		return "Answer:  answer 3   (a number)"
	case page.Order:
		return "Answer:  answer" + first(q.Items, len(q.Items)) + "   (these, in the order that you expect)"
	}
	return "Type the command line at the prompt."
}

// sayDo tells what is to be done.
func (p *Player) sayDo() {
	s := &p.lesson.Steps[p.step]
	var lines []string
	if p.given {
		lines = append(lines, "You say: "+p.answer.words(s.Predict)+". Now let the kernel answer.")
	}
	if s.Goal != "" {
		lines = append(lines, "GOAL     "+s.Goal)
	}
	for i, l := range paragraph(s.Do, maxCols-9, true) {
		head := "DO       "
		if i > 0 {
			head = "         "
		}
		lines = append(lines, head+l)
	}
	p.say(lines...)
}

// sayOver tells the kernel's answer, and why.
func (p *Player) sayOver() {
	s := &p.lesson.Steps[p.step]
	lines := p.resultLines(Style{Plain: true, ASCII: true})
	if len(lines) == 0 && len(s.Checks) > 0 {
		lines = []string{"Done."}
	}
	p.say(lines...)
	p.sayText(nil, s.Why)
	p.say(p.goOn())
}

func (p *Player) goOn() string {
	if p.running { // Enter goes to a program
		return "Back at the prompt, Enter goes on."
	}
	if p.step == len(p.lesson.Steps)-1 && p.lesson.Kind != page.KindQuestion {
		return "Enter ends the lesson."
	}
	return "Enter goes on."
}

// resultLines are the kernel's answer beside the learner's.
func (p *Player) resultLines(st Style) []string {
	r, q := p.result, p.lesson.Steps[p.step].Predict
	if r == nil || q == nil {
		if q != nil && q.Kind != page.Typed && p.shown && !p.given {
			return []string{"You gave no prediction, so there is no grade."}
		}
		return nil
	}
	if r.unmeasured != "" {
		return []string{"You said: " + p.answer.words(q) + ".", "This was not measured: " + r.unmeasured + "."}
	}
	who := "The kernel: "
	if r.stored {
		who = "Stored answer (nothing here can measure it): "
	}
	yes, no := ticks(st)
	grade := yes + " right"
	if !r.right {
		grade = no + " not so"
	}
	lines := []string{"You said: " + p.answer.words(q) + "   " + grade}
	switch {
	case q.Kind == page.Marks || q.Kind == page.Many || q.Kind == page.Order:
		lines = append(lines, who+r.says+"   "+p.itemTicks(q, st))
	case !r.right || r.stored:
		lines = append(lines, who+r.says+optionText(q, r))
	}
	if len(r.evidence) > 0 {
		lines = append(lines, "Seen: "+strings.Join(r.evidence, "; "))
	}
	if q.Expect != "" && !r.stored {
		if a, err := read(q, strings.Fields(q.Expect)); err == nil {
			book := &result{truth: r.truth, each: make([]verdict, len(r.each))}
			copy(book.each, r.each)
			if book.compare(q, &a); !book.right {
				lines = append(lines, "The textbook says "+a.words(q)+"; your kernel says "+r.says+".")
			}
		}
	}
	return lines
}

// optionText is the text of the only option that is true.
func optionText(q *page.Predict, r *result) string {
	if q.Kind != page.Choice {
		return ""
	}
	text, n := "", 0
	for i, yes := range r.truth.picked {
		if yes {
			text, n = q.Options[i].Text, n+1
		}
	}
	if n != 1 || text == "" {
		return ""
	}
	return ", " + text
}

// ticks are the kernel's marks.
func ticks(st Style) (yes, no string) {
	if st.ASCII {
		return "+", "x"
	}
	return "✓", "✗"
}

// itemTicks are the items with the learner's mark and the kernel's beside it:
// "[x] find +  [ ] ls x".
func (p *Player) itemTicks(q *page.Predict, st Style) string {
	yes, no := ticks(st)
	list := q.Items
	if q.Kind == page.Many {
		list = q.Options
	}
	places := p.answer.order // of an order, as the learner brought it
	if q.Kind != page.Order {
		places = nil
		for i := range list {
			places = append(places, i)
		}
	}
	var items []string
	for _, i := range places {
		tick := "?"
		switch p.result.each[i] {
		case right:
			tick = yes
		case wrong:
			tick = no
		}
		box := "[ ] "
		if q.Kind == page.Order {
			box = ""
		} else if p.answer.picked[i] {
			box = "[x] "
		}
		items = append(items, box+list[i].Key+" "+tick)
	}
	return strings.Join(items, "  ")
}

// where is all that there is to know of where the learner is.
func (p *Player) where() string {
	s := &p.lesson.Steps[p.step]
	news := p.news
	p.news = nil
	p.say(p.lesson.Title + ", step " + num(p.step+1) + " of " + num(len(p.lesson.Steps)))
	p.sayText([]string{p.title()}, p.lesson.Steps[p.step].Text)
	switch p.phase {
	case asking:
		p.say(p.question()...)
	case doing:
		if p.now.value != nil && s.Predict != nil && s.Predict.Kind == page.Typed {
			p.say(p.question()...)
		}
		p.sayDo()
		if l := p.lacks(); l != "" {
			p.say("So far: " + l + ".")
		}
		for _, h := range s.Hints[:p.hints] {
			p.sayText([]string{"Hint:"}, h)
		}
	default:
		p.sayOver()
	}
	p.say("lesson hint, show, skip, next, again, back, restart, quit")
	text := setPlain(p.news, maxCols)
	p.news = news
	return text
}

// farewell is said when the last step is over.
func (p *Player) farewell() string {
	s := &p.score
	text := p.lesson.Title + ": done."
	if s.Asked > 0 {
		text += " The kernel agreed with " + num(s.Right) + " of your " + num(s.Asked) + " predictions."
		if p.regraded {
			text += " The first answer to each counts."
		}
	}
	if s.Shown > 0 {
		text += " Steps shown: " + num(s.Shown) + "."
	}
	if s.Skipped > 0 {
		text += " Left out: " + num(s.Skipped) + "."
	}
	if len(p.lesson.Cleanup) > 0 {
		text += " What was set up for it is cleared away."
	}
	if p.lesson.Kind == page.KindLesson {
		text += " Type  lesson  for the next one."
	}
	return text
}
