package page

import (
	"strconv"
	"strings"
)

const predictForms = "options:, marks:, number:, order: or typed:"

// predict reads a question.
func (r *reader) predict(content string, line int) *Predict {
	p := &Predict{Line: line}
	forms := 0
	stored, many := false, false
	for _, e := range r.mapping(content, line+1) {
		switch e.key {
		case "question":
			p.Question = strings.TrimSpace(strings.ReplaceAll(scalar(e.value), "\n", " "))
		case "options":
			forms++
			p.Options = r.options(e, "if")
		case "marks":
			forms++
			p.Kind = Marks
			for _, name := range list(e.value) {
				p.Items = append(p.Items, Option{Line: e.line, Key: name, Text: name})
			}
		case "order":
			forms++
			p.Kind = Order
			p.Items = r.options(e, "event")
		case "number":
			forms++
			p.Kind, p.If = Number, scalar(e.value)
		case "typed":
			forms++
			p.Kind, p.If = Typed, scalar(e.value)
		case "if":
			p.If = scalar(e.value)
		case "many":
			many = scalar(e.value) == "true"
		case "stored":
			stored = true
			p.Stored = strings.Join(list(e.value), " ")
		case "expect":
			p.Expect = strings.Join(list(e.value), " ")
		default:
			r.problem(e.line, "unknown key "+e.key+" in predict; there are question:, "+predictForms+", with if:, many:, stored: and expect:")
		}
	}
	if p.Question == "" {
		r.problem(line, "a predict without question:")
	}
	if stored && p.Expect != "" {
		r.problem(line, "stored: and expect: in one predict; expect: is what an experiment gave, stored: an answer without one")
	}
	if forms == 0 && stored { // stored: 3 alone
		if _, err := strconv.Atoi(p.Stored); err == nil {
			p.Kind, forms = Number, 1
		}
	}
	if forms != 1 {
		r.problem(line, "a predict has one of "+predictForms)
	}
	if many && p.Options != nil {
		p.Kind = Many
	}
	return p
}

// options reads a mapping of keys to texts, or to text: with if:. what says what
// the values of a mapping without texts are.
func (r *reader) options(e entry, what string) []Option {
	entries, ok := entriesOf(e.value, r.base)
	if !ok {
		r.problem(e.line, e.key+": is a mapping: A: …, B: …")
		return nil
	}
	var out []Option
	for _, in := range entries {
		o := Option{Line: in.line, Key: in.key}
		switch sub, isMap := entriesOf(in.value, r.base); {
		case isMap:
			for _, s := range sub {
				switch s.key {
				case "text":
					o.Text = scalar(s.value)
				case "if", "event":
					o.If = scalar(s.value)
				case "who":
					o.Who = list(s.value)
				default:
					r.problem(o.Line, "unknown key "+s.key+" in option "+in.key+"; there are text, if and who (a text with a comma wants \"quotes\")")
				}
			}
		case what == "event":
			o.Text, o.If = in.key, scalar(in.value)
		default:
			o.Text = scalar(in.value)
		}
		out = append(out, o)
	}
	return out
}
