package play

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"jsh/event"
	"jsh/lessons/page"
)

// answer is what a learner predicts.
type answer struct {
	picked []bool // by option or item
	order  []int  // items, the first one first
	number string
}

// blank is an answer that says nothing yet.
func blank(q *page.Predict) answer {
	return answer{picked: make([]bool, max(len(q.Options), len(q.Items)))}
}

// read makes an answer of the words that were typed. The error says what is
// expected.
func read(q *page.Predict, words []string) (answer, error) {
	a := blank(q)
	words = strings.FieldsFunc(strings.Join(words, " "), func(r rune) bool { return r == ' ' || r == ',' || r == '\t' })
	switch q.Kind {
	case page.Number:
		if len(words) != 1 {
			return a, errors.New("one number is expected")
		}
		n, err := strconv.Atoi(words[0])
		if err != nil {
			return a, errors.New(event.Visible(words[0]) + " is no number")
		}
		a.number = strconv.Itoa(n)
		return a, nil
	case page.Order:
		for _, w := range words {
			i := find(q.Items, w)
			if i < 0 {
				return a, errors.New(event.Visible(w) + " is none of them: " + keys(q.Items))
			}
			if slices.Contains(a.order, i) {
				return a, errors.New(q.Items[i].Key + " stands twice")
			}
			a.order = append(a.order, i)
		}
		if len(a.order) != len(q.Items) {
			return a, errors.New("all are wanted, in their order: " + keys(q.Items))
		}
		return a, nil
	}
	list := q.Options
	if q.Kind == page.Marks {
		list = q.Items
	}
	several := q.Kind == page.Many || q.Kind == page.Marks
	if !several && len(words) > 0 && find(list, words[0]) < 0 {
		if i, named := meant(list, words); i >= 0 {
			a.picked[i] = true
			return a, nil
		} else if named {
			return a, errors.New("none of the answers says just that; one is expected of " + keys(list))
		}
	}
	if len(words) == 0 || !several && len(words) != 1 {
		return a, errors.New("one is expected of " + keys(list))
	}
	if several && len(words) == 1 {
		switch strings.ToLower(words[0]) {
		case "none", "nobody":
			return a, nil
		case "all":
			for i := range list {
				a.picked[i] = true
			}
			return a, nil
		}
		if i := find(list, words[0]); i < 0 && q.Kind == page.Many { // answer ACD
			words = strings.Split(words[0], "")
		}
	}
	for _, w := range words {
		if several && strings.EqualFold(w, "and") {
			continue
		}
		i := find(list, w)
		if i < 0 {
			return a, errors.New(event.Visible(w) + " is none of " + keys(list))
		}
		a.picked[i] = true
	}
	return a, nil
}

// find is the index of the option that a word means: its key in any case, or its
// number from 1; -1 if none.
func find(list []page.Option, word string) int {
	word = strings.Trim(word, "[]().:")
	for i := range list {
		if strings.EqualFold(list[i].Key, word) {
			return i
		}
	}
	if n, err := strconv.Atoi(word); err == nil && n >= 1 && n <= len(list) {
		return n - 1
	}
	return -1
}

// meant is the index of the option that is about just the processes named, -1 if
// there is none. named says that all words are names of processes that options are about.
func meant(list []page.Option, words []string) (i int, named bool) {
	var who []string
	for _, w := range words {
		if strings.EqualFold(w, "and") {
			continue
		}
		known := slices.ContainsFunc(list, func(o page.Option) bool { return slices.Contains(o.Who, w) })
		if !known {
			return -1, false
		}
		who = append(who, w)
	}
	slices.Sort(who)
	who = slices.Compact(who)
	i = slices.IndexFunc(list, func(o page.Option) bool {
		return len(who) > 0 && slices.Equal(slices.Sorted(slices.Values(o.Who)), who)
	})
	return i, len(who) > 0
}

func keys(list []page.Option) string {
	var s []string
	for _, o := range list {
		s = append(s, o.Key)
	}
	return enumerate(s, "none")
}

// enumerate writes names as in a sentence: "find, ls and grep".
func enumerate(names []string, none string) string {
	switch n := len(names); n {
	case 0:
		return none
	case 1:
		return names[0]
	default:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
}

// words is an answer as a learner would type it.
func (a *answer) words(q *page.Predict) string {
	switch q.Kind {
	case page.Number:
		return a.number
	case page.Order:
		var s []string
		for _, i := range a.order {
			s = append(s, q.Items[i].Key)
		}
		return strings.Join(s, ", ")
	}
	list := q.Options
	if q.Kind == page.Marks {
		list = q.Items
	}
	var s []string
	for i := range list {
		if a.picked[i] {
			s = append(s, list[i].Key)
		}
	}
	return enumerate(s, "none of them")
}
