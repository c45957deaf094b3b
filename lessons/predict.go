package lessons

import (
	"errors"
	"strconv"
	"strings"

	"jsh/event"
)

// actor is a process that a question is about.
type actor struct {
	name string
	pid  int // 0: not started yet
	pgid int // 0: not known yet
}

// option is one of the answers to choose from: the actors that it names.
type option struct {
	letter string
	text   string
	who    []string
}

// prediction is the set of actors, by name, to which the learner says that it
// will happen.
type prediction map[string]bool

func predicted(names ...string) prediction {
	p := prediction{}
	for _, n := range names {
		p[n] = true
	}
	return p
}

func (p prediction) equal(q prediction) bool {
	if len(p) != len(q) {
		return false
	}
	for n := range p {
		if !q[n] {
			return false
		}
	}
	return true
}

// optionOf is the option that says the same as p, nil if none does.
func optionOf(p prediction, options []option) *option {
	for i := range options {
		if p.equal(predicted(options[i].who...)) {
			return &options[i]
		}
	}
	return nil
}

var errNoAnswer = errors.New("no answer")

// parsePrediction reads an answer: the letter of an option, or marks, which are
// names, numbers (from 1, in the order of the actors) or pids of actors, with
// blanks or commas between them; "none" and "all" as well. The error is
// errNoAnswer for a line without an answer, else it says what is wrong.
func parsePrediction(answer string, actors []actor, options []option) (prediction, error) {
	words := strings.FieldsFunc(answer, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' })
	if len(words) == 0 || answer == "?" || strings.EqualFold(answer, "help") {
		return nil, errNoAnswer
	}
	if len(words) == 1 {
		for _, o := range options {
			if strings.EqualFold(words[0], o.letter) {
				return predicted(o.who...), nil
			}
		}
		switch strings.ToLower(words[0]) {
		case "none", "nobody":
			return prediction{}, nil
		case "all":
			p := prediction{}
			for _, a := range actors {
				p[a.name] = true
			}
			return p, nil
		}
	}
	p := prediction{}
	for _, w := range words {
		if w == "and" {
			continue
		}
		a := actorNamed(strings.Trim(w, "[]"), actors)
		if a == nil {
			return nil, errors.New(event.Visible(w) + " is none of them")
		}
		p[a.name] = true
	}
	if len(p) == 0 {
		return nil, errNoAnswer
	}
	return p, nil
}

// actorNamed finds an actor by name, number or pid. A small number is a mark
// even where a process has it as its pid.
func actorNamed(word string, actors []actor) *actor {
	n, err := strconv.Atoi(word)
	if err == nil && n >= 1 && n <= len(actors) {
		return &actors[n-1]
	}
	for i := range actors {
		if err == nil && n == actors[i].pid && n > 0 || strings.EqualFold(word, actors[i].name) {
			return &actors[i]
		}
	}
	return nil
}

// enumerate writes names as in a sentence: "find, ls and grep".
func enumerate(names []string) string {
	switch n := len(names); n {
	case 0:
		return "nobody"
	case 1:
		return names[0]
	default:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
}

// split lists the names of those actors that p holds, and of the others.
func (p prediction) split(actors []actor) (in, out []string) {
	for _, a := range actors {
		if p[a.name] {
			in = append(in, a.name)
		} else {
			out = append(out, a.name)
		}
	}
	return in, out
}
