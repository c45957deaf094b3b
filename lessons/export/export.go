// Package export writes the questions of the quiz for learning platforms: as GIFT
// and as Moodle XML.
//
// It owns what of a question can be said on paper, and the two formats. It runs no
// experiment: the right answer is the one that the experiment gave where the
// question was written (expect:) or the stored one. It makes no system call.
//
// Invariants: the same questions give the same text; each random instance of a
// question is a question of its own; what a platform cannot ask, a command line to
// be typed, is left out and named.
//
// The formats are those of Moodle's documentation ("GIFT format", "Moodle XML
// format"), and of its own readers in question/format/gift and question/format/xml.
package export

import (
	"slices"
	"strconv"
	"strings"

	"jsh/lessons/page"
)

// item is a question as a platform asks it.
type item struct {
	name   string
	topic  string
	text   string // plain, with newlines
	why    string // shown after the answer
	form   form
	many   bool     // of choice: several answers may be right
	number string   // of numerical
	answer []answer // of choice and matching
}

type form uint8

const (
	choice form = iota
	numerical
	matching
)

// answer is one to choose; of matching, what is to be put in its place.
type answer struct {
	text   string
	right  bool
	weight string // in percent, as Moodle knows it: 100, 33.33333, -50
	place  string // of matching
}

// items are the questions to be written; left names those that no platform can
// ask.
func items(questions []*page.Lesson) (all []item, left []string) {
	for _, q := range questions {
		variants := q.Variants()
		for i, v := range variants {
			it, ok := asked(v)
			if !ok {
				left = append(left, q.ID)
				break
			}
			if len(variants) > 1 {
				it.name += " (" + strconv.Itoa(i+1) + ")"
			}
			all = append(all, it)
		}
	}
	return all, left
}

// write has each question that can be asked on paper written, and before the first of
// a topic the topic. left names those that cannot.
func write(questions []*page.Lesson, topic func(string), one func(*item)) (left []string) {
	all, left := items(questions)
	for i := range all {
		if i == 0 || all[i].topic != all[i-1].topic {
			topic(all[i].topic)
		}
		one(&all[i])
	}
	return left
}

// asked is the question of one instance.
func asked(q *page.Lesson) (it item, ok bool) {
	if len(q.Steps) == 0 || q.Steps[0].Predict == nil {
		return it, false
	}
	s, p := &q.Steps[0], q.Steps[0].Predict
	it = item{name: q.ID + ": " + q.Title, topic: q.Topic}
	it.text = strings.TrimSpace(plain(s.Text) + "\n\n" + p.Question)
	it.why = plain(s.Why)
	if p.Measured() && len(s.Do) > 0 {
		it.why += "\n\nThe experiment, in jsh (quiz " + q.ID + "):\n" + strings.Join(page.Text(s.Do).Strings(), "\n")
	}
	answers := strings.Fields(p.Expect + " " + p.Stored)
	if len(answers) == 0 {
		return it, false
	}
	switch p.Kind {
	case page.Choice, page.Many:
		it.many = p.Kind == page.Many
		for _, o := range p.Options {
			it.answer = append(it.answer, answer{text: o.Text, right: slices.Contains(answers, o.Key)})
		}
	case page.Marks:
		it.many = true
		for _, o := range p.Items {
			it.answer = append(it.answer, answer{text: o.Text, right: slices.Contains(answers, o.Key)})
		}
	case page.Number:
		it.form, it.number = numerical, answers[0]
	case page.Order:
		it.form = matching
		for _, o := range p.Items {
			it.answer = append(it.answer, answer{text: o.Text, place: strconv.Itoa(slices.Index(answers, o.Key) + 1)})
		}
	default:
		return it, false
	}
	if it.form == choice {
		weigh(it.answer, it.many)
	}
	return it, true
}

// plain is a text without the marks of Markdown; its lines are joined, for the
// platform has a width of its own.
func plain(lines []page.Line) string {
	text := ""
	for _, l := range lines {
		switch {
		case l.Text == "":
			text += "\n\n"
			continue
		case text != "" && !strings.HasSuffix(text, "\n"):
			text += " "
		}
		text += l.Text
	}
	return strings.ReplaceAll(text, "**", "")
}

// weigh gives each answer its part of the grade. Where several may be right, the
// right ones share 100 and the wrong ones take as much away, so that to mark all is
// worth nothing.
func weigh(answers []answer, many bool) {
	right := 0
	for _, a := range answers {
		if a.right {
			right++
		}
	}
	for i := range answers {
		a := &answers[i]
		switch {
		case a.right && many:
			a.weight = part(right)
		case a.right:
			a.weight = "100"
		case many:
			a.weight = "-" + part(len(answers)-right)
		default:
			a.weight = "0"
		}
	}
}

// part is 100/n as Moodle wants it: it takes certain fractions only, with five
// decimals (get_grade_options in its lib/questionlib.php).
func part(n int) string {
	switch n {
	case 0, 1:
		return "100"
	case 2, 4, 5, 10:
		return strconv.Itoa(100 / n)
	case 3:
		return "33.33333"
	case 6:
		return "16.66667"
	case 7:
		return "14.28571"
	case 8:
		return "12.5"
	}
	return "11.11111"
}
