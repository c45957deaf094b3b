package quiz

import (
	"errors"
	"strconv"
	"strings"

	"jsh/event"
	"jsh/lessons/page"
)

// vote is how many chose each answer: hands, or rough shares, as the teacher
// typed them. Nil: nobody was asked.
type vote map[string]int

// answers are what one may vote for, in order: the options, the processes to be
// marked; of a question for a number, what was voted for so far.
func answers(p *page.Predict, votes [2]vote) []page.Option {
	if p.Kind != page.Number {
		return append(append([]page.Option(nil), p.Options...), p.Items...)
	}
	var list []page.Option
	seen := map[string]bool{}
	for _, v := range votes {
		for _, k := range sortedNumbers(v) {
			if !seen[k] {
				seen[k] = true
				list = append(list, page.Option{Key: k})
			}
		}
	}
	return list
}

func sortedNumbers(v vote) []string {
	var keys []string
	for k := range v {
		i := 0
		for i < len(keys) && number(keys[i]) < number(k) {
			i++
		}
		keys = append(keys[:i], append([]string{k}, keys[i:]...)...)
	}
	return keys
}

func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// most bounds a share: hands of a full hall.
const most = 99999

const digits = "0123456789"

// parseVote reads shares: A 10 B 60 C 30; also A10B60, a=10, A: 10 %, with commas or
// without. The error says how it is written.
func parseVote(text string, p *page.Predict) (vote, error) {
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t,;=:%", r) })
	var pairs []string
	for _, w := range words {
		if p.Kind == page.Choice || p.Kind == page.Many { // A10B60
			for w != "" && w[0] != '-' {
				i := strings.IndexAny(w, digits)
				if i < 0 {
					break
				}
				if i == 0 {
					i = len(w) - len(strings.TrimLeft(w, digits))
				}
				pairs, w = append(pairs, w[:i]), w[i:]
			}
			if w == "" {
				continue
			}
		}
		pairs = append(pairs, w)
	}
	v := vote{}
	for i := 0; i < len(pairs); i += 2 {
		key, ok := keyOf(pairs[i], p)
		if !ok {
			return nil, errors.New(event.Visible(pairs[i]) + " is none of the answers; " + usage(p))
		}
		if i+1 == len(pairs) {
			return nil, errors.New("how many for " + key + "? " + usage(p))
		}
		n, err := strconv.Atoi(pairs[i+1])
		if err != nil || n < 0 || n > most {
			return nil, errors.New(event.Visible(pairs[i+1]) + " is no share; " + usage(p))
		}
		v[key] += n
	}
	if len(v) == 0 {
		return nil, errors.New(usage(p))
	}
	return v, nil
}

func usage(p *page.Predict) string {
	switch {
	case p.Kind == page.Number:
		return "type the numbers said, each with its share: 1 60 2 20"
	case len(p.Options) > 1:
		return "type shares or hands: " + p.Options[0].Key + " 10 " + p.Options[1].Key + " 60"
	case len(p.Items) > 1:
		return "type hands: " + p.Items[0].Key + " 10 " + p.Items[1].Key + " 60"
	}
	return "type shares or hands: A 10 B 60"
}

func keyOf(word string, p *page.Predict) (string, bool) {
	if p.Kind == page.Number {
		_, err := strconv.Atoi(word)
		return word, err == nil
	}
	for _, o := range answers(p, [2]vote{}) {
		if strings.EqualFold(o.Key, word) {
			return o.Key, true
		}
	}
	return "", false
}

// share is the part of the vote in percent. Where each may have several answers
// the whole is not the sum: there numbers up to 100 are percents already.
func (v vote) share(key string, p *page.Predict) int {
	whole := 0
	for _, n := range v {
		if p.Kind == page.Many || p.Kind == page.Marks {
			whole = max(whole, n, 100)
		} else {
			whole += n
		}
	}
	if whole == 0 {
		return 0
	}
	return (v[key]*100 + whole/2) / whole
}
