package homework

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"jsh/event"
)

// Learner is who handed in recordings.
type Learner struct {
	Name      string   `json:"learner"`
	Files     []string `json:"files"`
	Players   []Player `json:"players,omitempty"` // who played where, by the logs' own word
	Works     []*Work  `json:"lessons"`
	Strangers []string `json:"unknown,omitempty"` // lessons that are not known here
	Damage    []string `json:"damage,omitempty"`  // which file could not be read, or not to its end, and why
	Odd       []string `json:"odd,omitempty"`     // what no log has that jsh wrote
	Pauses    Pauses   `json:"-"`
}

// Player is who played, and where.
type Player struct {
	User   string `json:"user"`
	Boot   string `json:"boot"` // of the kernel: random(4)
	Kernel string `json:"kernel"`
	Jsh    string `json:"jsh"`
	Date   string `json:"date"`
}

// Add takes over what the logs of one more file say of themselves.
func (l *Learner) Add(logs []*Log) {
	if l.Pauses == nil {
		l.Pauses = Pauses{}
	}
	for _, log := range logs {
		l.Pauses.add(PausesOf(log))
		for i := range log.Events {
			e := &log.Events[i]
			if e.Kind == event.Fact && e.Source == event.Lesson && e.Path == event.FactMachine {
				p := Player{e.Value("user"), e.Value("boot"), e.Value("kernel"), e.Value("jsh"), e.Value("date")}
				if !slices.Contains(l.Players, p) {
					l.Players = append(l.Players, p)
				}
			}
		}
	}
}

// users are the names of those who played.
func (l *Learner) users() (names []string) {
	for _, p := range l.Players {
		if !slices.Contains(names, p.User) {
			names = append(names, p.User)
		}
	}
	return names
}

// Doubtful says that somebody has to look: something could not be read, is no log of
// jsh's, was played in another version, or has a step whose check does not hold.
func (l *Learner) Doubtful() bool {
	if len(l.Damage)+len(l.Odd)+len(l.Strangers) > 0 {
		return true
	}
	for _, w := range l.Works {
		if w.Other || slices.ContainsFunc(w.Steps, func(s Step) bool { return s.Verdict == Refuted }) {
			return true
		}
	}
	return false
}

// Hard is the step at which most learners failed.
type Hard struct {
	Lesson string `json:"lesson"`
	Step   int    `json:"step"` // from 1
	Title  string `json:"title"`
	Failed int    `json:"failed"` // learners who entered it and did not do it themselves
	Of     int    `json:"of"`     // who entered it
	Wrong  int    `json:"wrong"`  // wrong ways that were taken in it
	Missed int    `json:"missed"` // predictions that were not right
}

// Hardest is the step most failed; where nobody failed, the one with most wrong
// predictions and wrong ways. nil: there was no trouble at all.
func Hardest(class []Learner) *Hard {
	var all []*Hard
	at := map[string]*Hard{}
	for _, l := range class {
		for _, w := range l.Works {
			for i := range w.Steps {
				s := &w.Steps[i]
				if s.Verdict == Unseen {
					continue
				}
				key := fmt.Sprint(w.ID, " ", i)
				h := at[key]
				if h == nil {
					h = &Hard{Lesson: w.ID, Step: i + 1, Title: s.Title}
					at[key] = h
					all = append(all, h)
				}
				h.Of++
				h.Wrong += s.Wrong
				if !s.Verdict.Done() {
					h.Failed++
				}
				if s.Asked && !s.Right {
					h.Missed++
				}
			}
		}
	}
	var worst *Hard
	for _, h := range all {
		if worst == nil || h.Failed > worst.Failed || h.Failed == worst.Failed && h.Missed+h.Wrong > worst.Missed+worst.Wrong {
			worst = h
		}
	}
	if worst == nil || worst.Failed+worst.Missed+worst.Wrong == 0 {
		return nil
	}
	return worst
}

// Table is the class as text: a row a learner, a column a lesson, and below what is
// to be looked at.
func Table(class []Learner) string {
	copies := Copies(class)
	var ids []string
	width := len("learner")
	for _, l := range class {
		width = max(width, len([]rune(l.Name)))
		for _, w := range l.Works {
			if !slices.Contains(ids, w.ID) {
				ids = append(ids, w.ID)
			}
		}
	}
	var b, notes strings.Builder
	doubts := map[string][]string{}
	line := fmt.Sprintf("%-*s", width, "learner")
	for _, id := range ids {
		line += "  " + fmt.Sprintf("%-*s", max(len(id), cellWidth), id)
	}
	fmt.Fprintln(&b, strings.TrimRight(line, " "))
	for _, l := range class {
		line := fmt.Sprintf("%-*s", width, l.Name)
		for _, id := range ids {
			cell := "-"
			for _, w := range l.Works {
				if w.ID == id {
					cell = cellOf(w)
					for _, c := range copies {
						if c.Lesson == id && slices.Contains(c.Learners[:], l.Name) {
							cell += " ="
							break
						}
					}
					remarks(&notes, doubts, l.Name, w)
				}
			}
			line += "  " + fmt.Sprintf("%-*s", max(len(id), cellWidth), cell)
		}
		fmt.Fprintln(&b, strings.TrimRight(line, " "))
		if len(l.Strangers) > 0 {
			fmt.Fprintf(&notes, "%s: lessons that are not known here (--with FILE): %s\n", l.Name, strings.Join(l.Strangers, ", "))
		}
		for _, text := range l.Damage {
			fmt.Fprintf(&notes, "%s: %s\n", l.Name, text)
		}
		for _, text := range l.Odd {
			fmt.Fprintf(&notes, "%s: ! no log of jsh's: %s\n", l.Name, text)
		}
		if users := l.users(); len(users) > 1 {
			fmt.Fprintf(&notes, "%s: played by several users: %s\n", l.Name, event.Visible(strings.Join(users, ", ")))
		} else if len(users) == 0 && len(l.Works) > 0 {
			fmt.Fprintf(&notes, "%s: the log does not say who played, and where: an older jsh, or it was taken out\n", l.Name)
		}
	}
	for _, g := range together(copies) {
		fmt.Fprintf(&notes, "= %s: the same log of %s, %d of %d pauses are equal to the nanosecond\n", few(g.names), g.lesson, g.same, g.of)
	}
	for _, text := range slices.Sorted(maps.Keys(doubts)) {
		fmt.Fprintf(&notes, "? %s: %s\n", text, few(doubts[text]))
	}
	if notes.Len() > 0 {
		b.WriteString("\n" + notes.String())
	}
	if len(ids) > 0 {
		b.WriteString("\nSteps done, then predictions that were right. ! a check does not hold, ? a\nrecording cannot prove it, = the same log as another's.\n")
	}
	if h := Hardest(class); h != nil {
		fmt.Fprintf(&b, "Most failed: %s, step %d, %s: %d of %d", h.Lesson, h.Step, h.Title, h.Failed, h.Of)
		if h.Missed > 0 {
			fmt.Fprintf(&b, "; wrong predictions %d", h.Missed)
		}
		if h.Wrong > 0 {
			fmt.Fprintf(&b, "; wrong ways %d", h.Wrong)
		}
		b.WriteString("\n")
	}
	return b.String()
}

const cellWidth = 11

// few names some, and counts the others.
func few(names []string) string {
	const most = 5
	if n := len(names) - most; n > 0 {
		return strings.Join(names[:most], ", ") + " and " + strconv.Itoa(n) + " more"
	}
	return strings.Join(names, ", ")
}

// cellOf is "5/6 4/5": steps done, predictions right; ? where a step is unproved, !
// where one is refuted.
func cellOf(w *Work) string {
	done, of := w.Count()
	asked, right, mark := 0, 0, ""
	for i := range w.Steps {
		s := &w.Steps[i]
		if s.Asked {
			asked++
			if s.Right {
				right++
			}
		}
		switch {
		case s.Verdict == Refuted:
			mark = "!"
		case s.Verdict == Unproved && mark == "":
			mark = "?"
		}
	}
	text := fmt.Sprintf("%d/%d%s", done, of, mark)
	if asked > 0 {
		text += fmt.Sprintf(" %d/%d", right, asked)
	}
	return text
}

// remarks tells of the steps that a teacher may want to look at; what a recording
// cannot prove is counted, for it is nobody's fault.
func remarks(b *strings.Builder, doubts map[string][]string, name string, w *Work) {
	if w.Other {
		fmt.Fprintf(b, "%s: %s: another version of the lesson was played; --with FILE judges by that\n", name, w.ID)
	}
	for i := range w.Steps {
		switch s := &w.Steps[i]; s.Verdict {
		case Refuted:
			fmt.Fprintf(b, "%s: ! %s, step %d: the log says done, but its check does not hold: %s\n", name, w.ID, i+1, s.Why)
		case Unproved:
			text := fmt.Sprintf("%s, step %d: a recording cannot prove it (%s)", w.ID, i+1, s.Why)
			doubts[text] = append(doubts[text], name)
		case Shown, Skipped:
			fmt.Fprintf(b, "%s:   %s, step %d: %s\n", name, w.ID, i+1, s.Verdict)
		}
	}
}
