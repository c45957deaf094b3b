package play

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"jsh/lessons/check"
	"jsh/lessons/page"
	"jsh/typeset"
)

// What a lesson's texts may take.
const (
	maxText = 3 // lines of a step's text, and of its why
	maxDo   = 2
	maxRow  = 66 // columns of a line with a word before it: Seen:, GOAL, an option
)

// wants are what wants: may name, with the source of events that each brings.
var wants = [...]struct {
	name   string
	brings check.Sources
}{
	{"compiler", 0}, {"connector", check.FromConnector}, {"keys", check.FromKeys}, {"puppet", check.FromPuppet}, {"sandbox", 0},
	{"screen", check.FromKeys}, {"setuid", 0}, {"spare-tty", 0}, {"terminal", 0}, {"trace", check.FromTracer}, {"users", 0}, {"waits", 0},
}

// Wants are the names that wants: may have.
func Wants() (names []string) {
	for _, k := range wants {
		names = append(names, k.name)
	}
	return names
}

// linter judges one instance of a lesson.
type linter struct {
	l        *page.Lesson
	have     check.Sources
	problems []page.Problem
}

func (t *linter) bad(line int, format string, args ...any) {
	t.problems = append(t.problems, page.Problem{File: t.l.File, Line: line, Text: fmt.Sprintf(format, args...)})
}

func (t *linter) warn(line int, format string, args ...any) {
	t.bad(line, format, args...)
	t.problems[len(t.problems)-1].Warn = true
}

// Lint judges a lesson: structure, expressions, dead ends, what no source can
// prove, and what does not fit. known says whether there is a lesson of that id;
// nil: nobody knows. Each value of each random part is looked at.
func Lint(l *page.Lesson, known func(id string) bool) []page.Problem {
	var all []page.Problem
	for _, v := range l.Variants() {
		t := linter{l: v}
		t.front(known)
		for i := range v.Steps {
			t.step(i)
		}
		for _, p := range t.problems {
			if !slices.Contains(all, p) {
				all = append(all, p)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b page.Problem) int { return cmp.Compare(a.Line, b.Line) })
	return all
}

func (t *linter) front(known func(id string) bool) {
	l := t.l
	if l.Kind == page.KindLesson && l.Minutes == 0 {
		t.bad(l.Lines["title"], "minutes: is needed: how long a learner takes")
	}
	if typeset.Width(l.Title) > maxRow {
		t.bad(l.Lines["title"], "the title has %d columns; %d fit", typeset.Width(l.Title), maxRow)
	}
	if l.Kind == page.KindQuestion && l.Topic == "" {
		t.bad(l.Lines["kind"], "topic: is needed for a question")
	}
	for _, id := range l.Needs {
		switch {
		case id == l.ID:
			t.bad(l.Lines["needs"], "needs: the lesson needs itself")
		case known != nil && !known(id):
			t.bad(l.Lines["needs"], "needs: there is no lesson %s", id)
		}
	}
	t.have = check.Plain
	if l.Exact {
		t.have |= check.FromTracer | check.FromConnector
	}
	for _, w := range l.Wants {
		if program, is := strings.CutPrefix(w, "program:"); is && program != "" && !strings.Contains(program, "/") {
			continue
		}
		i := slices.IndexFunc(wants[:], func(k struct {
			name   string
			brings check.Sources
		}) bool {
			return k.name == w
		})
		if i < 0 {
			names := append(Wants(), "program:NAME")
			t.bad(l.Lines["wants"], "wants: %s is not known; there are %s", w, strings.Join(names, " "))
			continue
		}
		t.have |= wants[i].brings
	}
	if t.uses("daemonize") || t.uses("puppet") { // they tell each call of theirs, everywhere
		t.have |= check.FromPuppet
	}
	proves := false
	for i := range l.Steps {
		s := &l.Steps[i]
		proves = proves || len(s.Checks) > 0 || s.Predict != nil && (s.Predict.Measured() || s.Predict.Kind == page.Typed)
	}
	for _, c := range l.Claims {
		if len(c) < 2 || c[0] < 'A' || c[0] > 'H' || strings.Trim(c[1:], "0123456789") != "" {
			t.bad(l.Lines["claims"], "claims: %s is no claim; they are called A1, C7, E3", c)
		}
	}
	if len(l.Claims) > 0 && !proves && l.Kind == page.KindLesson {
		t.bad(l.Lines["claims"], "claims: nothing in the lesson proves them: there is neither a check nor a measured prediction")
	}
	if proves && l.Kind == page.KindLesson {
		for _, c := range l.Claims {
			if !slices.ContainsFunc(l.Steps, func(s page.Step) bool { return slices.Contains(s.Proves, c) }) {
				t.warn(l.Lines["claims"], "claims: no check says that it proves %s; write the remark  // proves %s  into the one that does", c, c)
			}
		}
	}
	titles := map[string]bool{}
	for i := range l.Steps {
		s := &l.Steps[i]
		if titles[s.Title] {
			t.warn(s.Line, "two steps are called %q", s.Title)
		}
		titles[s.Title] = true
	}
}

// uses says whether something is typed or run that begins with a word.
func (t *linter) uses(word string) bool {
	has := func(text string) bool { return slices.Contains(strings.Fields(text), word) }
	for i := range t.l.Steps {
		s := &t.l.Steps[i]
		for _, line := range s.Setup {
			if has(line) {
				return true
			}
		}
		for _, sol := range s.Solutions {
			for _, in := range sol.Inputs {
				if has(in.Text) {
					return true
				}
			}
		}
	}
	return false
}

// rows looks at lines for the learner.
func (t *linter) rows(what string, lines []page.Line, most int) {
	n := 0
	for _, l := range lines {
		if l.Text != "" {
			n++
		}
		if w := typeset.Width(unmarked(l.Text)); w > maxCols {
			t.bad(l.N, "the line has %d columns; %d fit", w, maxCols)
		}
	}
	if n > most {
		t.bad(lines[0].N, "%s has %d lines; %d at most", what, n, most)
	}
}

// terms counts what is marked as a **new term**.
func terms(lines []page.Line) (n, second int) {
	for _, l := range lines {
		rest := l.Text
		for {
			_, after, ok := strings.Cut(rest, "**")
			if !ok {
				break
			}
			_, rest, ok = strings.Cut(after, "**")
			if !ok {
				break
			}
			if n++; n == 2 {
				second = l.N
			}
		}
	}
	return n, second
}

func (t *linter) step(i int) {
	s := &t.l.Steps[i]
	scene := t.l.Kind == page.KindScene
	if s.Title == "" {
		t.bad(s.Line, "the step has no title")
	}
	if typeset.Width(s.Title) > 50 {
		t.bad(s.Line, "the step's title has %d columns; 50 fit", typeset.Width(s.Title))
	}
	mostWhy := maxText
	if t.l.Kind == page.KindQuestion {
		mostWhy++ // its only paragraph
	}
	t.rows("the text", s.Text, maxText)
	t.rows("why", s.Why, mostWhy)
	t.rows("do", s.Do, maxDo)
	for _, h := range s.Hints {
		t.rows("a hint", h, maxText)
	}
	if n, line := terms(append(slices.Clone(s.Text), s.Why...)); n > 1 {
		t.bad(line, "a second **new term** in one step; one at most, `code` and plain words for the rest")
	}
	if typeset.Width(s.Goal) > maxRow {
		t.bad(t.block(s, "goal"), "the goal has %d columns; %d fit", typeset.Width(s.Goal), maxRow)
	}
	for _, l := range s.Given {
		t.question(l, "given")
	}
	if i == 0 && len(s.Given) > 0 {
		t.bad(s.Given[0].N, "the first step has a given: it could not be entered")
	}
	for _, l := range s.Checks {
		if e := t.question(l, "check"); e != nil && e.Uses("line") {
			t.warn(l.N, "line(…) looks at what was typed; any way with the same effect should do")
		}
	}
	if s.Predict != nil {
		t.predict(s)
	}
	for k := range s.Solutions {
		t.solution(&s.Solutions[k])
	}
	for k := range s.Wrongs {
		t.wrong(&s.Wrongs[k])
	}
	if !scene {
		t.deadEnds(s)
	}
	for _, name := range [...]string{"setup", "cleanup"} {
		lines := s.Setup
		if name == "cleanup" {
			lines = s.Cleanup
		}
		t.byName(t.block(s, name), lines)
	}
	for _, sol := range s.Solutions {
		for _, in := range sol.Inputs {
			t.byName(sol.Line, []string{in.Text})
		}
	}
	if len(s.Setup) > 0 && len(t.l.Cleanup) == 0 && slices.ContainsFunc(s.Setup, func(l string) bool { return strings.HasSuffix(strings.TrimSpace(l), "&") }) {
		t.warn(t.block(s, "setup"), "the setup starts something in the background; a cleanup should end it")
	}
}

// byName warns of what ends processes by a name: setup and cleanup run in the
// learner's account, and in the author's under lesson test, and so it takes others too.
func (t *linter) byName(line int, commands []string) {
	for _, c := range commands {
		words := strings.Fields(c)
		if slices.Contains(words, "-P") || slices.Contains(words, "-F") { // the children of one; by a pid file
			continue
		}
		for _, w := range words {
			if w == "pkill" || w == "killall" {
				t.warn(line, "%s takes every process of that name, those too that are none of the lesson's; end them by number, as kill %%1, kill $(cat x.pid), or lesson-stage - NAME", w)
				return
			}
		}
	}
}

// block is the line of a step's block.
func (t *linter) block(s *page.Step, name string) int {
	for _, b := range s.Blocks {
		if b.Name == name {
			return b.Line
		}
	}
	return s.Line
}

// deadEnds looks whether a learner can go on, and is helped where he cannot.
func (t *linter) deadEnds(s *page.Step) {
	q := s.Predict
	typed := q != nil && q.Kind == page.Typed
	check := len(s.Checks) > 0 || typed
	switch {
	case !check && q == nil && len(s.Text) == 0 && len(s.Why) == 0:
		t.bad(s.Line, "the step is empty: a text, a predict or a check is needed")
	case !check && q != nil && q.Measured():
		t.bad(q.Line, "the prediction is never measured: a check says when the experiment is over")
	case !check && len(s.Do) > 0:
		t.bad(t.block(s, "do"), "a do without a check: nobody sees whether it was done")
	case check && !typed && len(s.Do) == 0 && s.Goal == "":
		t.bad(t.block(s, "check"), "a check without do or goal: nobody tells the learner what to do")
	}
	if !check {
		return
	}
	at := t.block(s, "check")
	if len(s.Checks) == 0 {
		at = q.Line
	}
	only := slices.ContainsFunc(s.Solutions, func(s page.Script) bool { return s.Only != "" })
	switch {
	case len(s.Solutions) == 0:
		t.bad(at, "a check without a solution: nobody knows whether it can be met")
	case len(s.Solutions) == 1 && !only:
		t.bad(s.Solutions[0].Line, "one solution only; a second, different way is needed, or: solution only, with the reason")
	}
	seen := map[string]bool{}
	for _, sol := range s.Solutions {
		text := ""
		for _, in := range sol.Inputs {
			if in.Kind != page.Await {
				text += in.String() + "\n"
			}
		}
		if seen[text] {
			t.bad(sol.Line, "the same solution twice")
		}
		seen[text] = true
	}
	if len(s.Hints) == 0 {
		t.bad(at, "a check without a hint")
	}
	if len(s.Wrongs) == 0 {
		if t.l.Kind == page.KindQuestion {
			t.warn(at, "a check without a wrong: a plausible wrong try gets no answer of its own")
		} else {
			t.bad(at, "a check without a wrong: a plausible wrong try gets no answer of its own")
		}
	}
}

// expr compiles an expression and looks whether somebody can prove it.
func (t *linter) expr(line int, what, src string) *check.Expr {
	e, err := check.Compile(src)
	if err != nil {
		t.bad(line, "%s: %v", what, err)
		return nil
	}
	if missing, ok := e.ProvedBy(t.have); !ok {
		t.bad(line, "%s: %s; this lesson has no such source (wants: keys, trace or puppet, or exact: true)", what, missing)
	}
	return e
}

func (t *linter) question(l page.Line, what string) *check.Expr {
	e := t.expr(l.N, what, l.Text)
	if e != nil && !e.Question() {
		t.bad(l.N, "%s: %s is neither true nor false; compare it", what, l.Text)
	}
	return e
}

func (t *linter) predict(s *page.Step) {
	q := s.Predict
	if w := typeset.Width(q.Question); w > 2*maxCols {
		t.bad(q.Line, "the question has %d columns; %d fit", w, 2*maxCols)
	}
	keys := map[string]bool{}
	for _, o := range append(slices.Clone(q.Options), q.Items...) {
		at := cmp.Or(o.Line, q.Line)
		switch {
		case keys[strings.ToLower(o.Key)]:
			t.bad(at, "%s stands twice", o.Key)
		case o.Key == "" || strings.ContainsAny(o.Key, " ,\t"):
			t.bad(at, "%q cannot be answered: one word is needed", o.Key)
		}
		keys[strings.ToLower(o.Key)] = true
		if w := typeset.Width(unmarked(o.Text)); w > maxCols-6 {
			t.bad(at, "option %s has %d columns; %d fit", o.Key, w, maxCols-6)
		}
	}
	switch q.Kind {
	case page.Choice, page.Many:
		if len(q.Options) < 2 {
			t.bad(q.Line, "two options at least")
		}
		for _, o := range q.Options {
			at := cmp.Or(o.Line, q.Line)
			switch {
			case o.Text == "":
				t.bad(at, "option %s has no text", o.Key)
			case o.If == "" && q.Measured():
				t.bad(at, "option %s has no if: and there is no stored: answer", o.Key)
			case len(o.Who) > 0 && q.Kind == page.Many:
				t.bad(at, "option %s: who: is for a single choice; with many: true use marks:", o.Key)
			}
			if o.If != "" {
				t.question(page.Line{N: at, Text: o.If}, "option "+o.Key)
			}
		}
	case page.Marks:
		if len(q.Items) < 2 {
			t.bad(q.Line, "two of marks: at least")
		}
		if q.If == "" && q.Measured() {
			t.bad(q.Line, "marks without if: a question about it")
		}
		if q.If != "" {
			t.question(page.Line{N: q.Line, Text: q.If}, "if")
			if !strings.Contains(q.If, "it") {
				t.bad(q.Line, "if: is asked of each of the marks; it must say it, as in killed_by(it, SIGINT)")
			}
		}
	case page.Number:
		if q.Measured() || q.If != "" {
			if e := t.expr(q.Line, "number", q.If); e != nil && !e.Number() {
				t.bad(q.Line, "number: %s is no number", q.If)
			}
		}
	case page.Order:
		if len(q.Items) < 2 {
			t.bad(q.Line, "two of order: at least")
		}
		for _, o := range q.Items {
			at := cmp.Or(o.Line, q.Line)
			if e := t.expr(at, o.Key, o.If); e != nil && !e.IsEvent() {
				t.bad(at, "%s: what is ordered is happened(…)", o.Key)
			}
		}
	case page.Typed:
		t.question(page.Line{N: q.Line, Text: q.If}, "typed")
	}
	for _, a := range []struct{ what, text string }{{"stored", q.Stored}, {"expect", q.Expect}} {
		if a.text != "" {
			if _, err := read(q, strings.Fields(a.text)); err != nil {
				t.bad(q.Line, "%s: %v", a.what, err)
			}
		}
	}
}

// input looks at what is to be typed.
func (t *linter) input(in page.Input, line int) {
	if in.N != 0 {
		line = in.N
	}
	switch in.Kind {
	case page.Await:
		t.question(page.Line{N: line, Text: in.Text}, "@")
	case page.TypeLine:
		if len(in.Text) == 2 && in.Text[0] == '^' {
			t.bad(line, "%s is no key that can be typed; there are ^C ^Z ^\\ ^D ^S ^Q", in.Text)
		}
	}
}

func (t *linter) solution(s *page.Script) {
	if len(s.Inputs) == 0 {
		t.bad(s.Line, "the solution types nothing")
	}
	for _, in := range s.Inputs {
		t.input(in, s.Line)
	}
}

func (t *linter) wrong(w *page.Wrong) {
	if w.When == "" {
		t.bad(w.Line, "a wrong without when:")
	} else {
		// What nobody can see only leaves the learner without this answer.
		before := len(t.problems)
		t.question(page.Line{N: w.Line, Text: w.When}, "when")
		for i := range t.problems[before:] {
			p := &t.problems[before+i]
			p.Warn = strings.Contains(p.Text, "no such source")
		}
	}
	for _, l := range []struct{ what, text string }{{"seen", w.Seen}, {"try", w.Try}} {
		switch {
		case l.text == "":
			t.bad(w.Line, "a wrong without %s:", l.what)
		case strings.Contains(l.text, "\n"):
			t.bad(w.Line, "%s: is one line", l.what)
		case typeset.Width(l.text) > maxCols-6:
			t.bad(w.Line, "%s: has %d columns; %d fit", l.what, typeset.Width(l.text), maxCols-6)
		}
	}
	if len(w.Type) == 0 {
		t.warn(w.Line, "a wrong without type: lesson test cannot try it")
	}
	for _, in := range w.Type {
		t.input(in, w.Line)
	}
}
