package tutor

import (
	"errors"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"

	"jsh/lessons/course"
	"jsh/lessons/page"
)

// choice is a lesson to be played, and from where.
type choice struct {
	lesson  *page.Lesson
	seed    uint64
	step    int // index
	resumed bool
	print   string // of the lesson's text
	past    string // which ones were gone past, and why
}

// chosen finds what the words after lesson mean: none is the lesson that was left
// last, or the first that is not done; a name; run FILE [STEP].
func chosen(w []string, known []record) (choice, error) {
	if len(w) >= 2 && w[0] == "run" {
		text, err := os.ReadFile(w[1])
		if err != nil {
			return choice{}, err
		}
		e := course.Read(w[1], text)
		if err := sound(e); err != nil {
			return choice{}, err
		}
		if err := wanting(e.Lesson); err != nil {
			return choice{}, err
		}
		c := choice{lesson: e.Lesson, seed: rand.Uint64() >> 33, print: printOf(e.Text)}
		if len(w) == 4 {
			if c.seed, err = strconv.ParseUint(w[3], 10, 64); err != nil {
				return choice{}, errors.New(w[3] + ": the seed is a number")
			}
		}
		if len(w) >= 3 {
			n, err := strconv.Atoi(w[2])
			if err != nil || n < 1 || n > len(e.Lesson.Steps) {
				return choice{}, errors.New(w[2] + ": the steps are 1 to " + strconv.Itoa(len(e.Lesson.Steps)))
			}
			c.step, c.resumed = n-1, n > 1
		}
		return c, nil
	}
	all := course.All()
	e, past, err := named(w, all, known)
	if err != nil {
		return choice{}, err
	}
	if err := sound(e); err != nil {
		return choice{}, err
	}
	if err := wanting(e.Lesson); err != nil {
		return choice{}, errors.New(err.Error() + instead(all, known))
	}
	c := choice{lesson: e.Lesson, seed: rand.Uint64() >> 33, print: printOf(e.Text), past: past}
	for _, r := range known {
		if r.id == e.Lesson.ID && !r.done && r.step > 1 {
			c.seed, c.step, c.resumed = r.seed, r.step-1, true
		}
	}
	return c, nil
}

// named is the lesson that was asked for. Where none was, those that cannot be
// played here are gone past; past says which, and why.
func named(w []string, all []course.Entry, known []record) (e course.Entry, past string, err error) {
	switch {
	case len(all) == 0:
		return e, "", errors.New("this jsh was built without lessons; lesson run FILE plays one of yours")
	case len(w) > 1:
		return e, "", errors.New(w[1] + ": one lesson at a time (help lesson)")
	case len(w) == 1:
		for _, e := range all {
			if e.Lesson != nil && e.Lesson.ID == w[0] {
				return e, "", nil
			}
		}
		return e, "", errors.New(w[0] + ": no such lesson (lesson list)")
	}
	for i := len(known) - 1; i >= 0; i-- { // the one that was left last
		for _, e := range all {
			if e.Lesson != nil && e.Lesson.ID == known[i].id && !known[i].done {
				if err := wanting(e.Lesson); err != nil {
					past += err.Error() + "\n"
					continue
				}
				return e, past, nil
			}
		}
	}
	next, also := undone(all, known)
	for _, text := range also {
		if !strings.Contains(past, text) {
			past += text + "\n"
		}
	}
	if next == nil {
		return e, "", errors.New(past + "you have done all lessons that can be played here; lesson NAME plays one again (lesson list)")
	}
	return *next, past, nil
}

// sound says why a lesson cannot be played.
func sound(e course.Entry) error {
	if !page.Fatal(e.Problems) && e.Lesson != nil && len(e.Lesson.Steps) > 0 {
		return nil
	}
	text := "it cannot be played:"
	for _, p := range e.Problems {
		if !p.Warn {
			text += "\n" + p.String()
		}
	}
	if len(e.Problems) == 0 {
		text += " it has no steps"
	}
	return errors.New(strings.TrimSpace(text))
}
