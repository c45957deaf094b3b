package page

import (
	"slices"
	"strings"
)

// vars reads the random parts.
func (r *reader) vars(e entry) {
	entries, ok := entriesOf(e.value, r.base)
	if !ok {
		r.problem(e.line, "vars: is a mapping of names to lists: {n: [2, 3, 4]}")
		return
	}
	for _, in := range entries {
		v := Var{Name: in.key, Line: in.line}
		seq, ok := sequence(in.value)
		if !ok || len(seq) == 0 {
			r.problem(in.line, "vars: "+in.key+" is a list of values, one of which is taken: [2, 3, 4]")
			continue
		}
		for _, n := range seq {
			value := map[string]string{}
			if fields, ok := entriesOf(n, r.base); ok {
				for _, f := range fields {
					value[f.key] = scalar(f.value)
				}
			} else {
				value[""] = scalar(n)
			}
			for _, s := range value {
				if strings.Contains(s, "\n") {
					r.problem(in.line, "vars: a value of "+in.key+" has more than one line")
				}
			}
			v.Values = append(v.Values, value)
		}
		r.l.Vars = append(r.l.Vars, v)
	}
	slices.SortFunc(r.l.Vars, func(a, b Var) int { return strings.Compare(a.Name, b.Name) })
}

// fill puts the chosen values in the place of {{name}} and {{name.key}}.
func (r *reader) fill(body string, start int) string {
	used := map[string]bool{}
	lines := strings.Split(body, "\n")
	for i, line := range lines {
		for at := 0; ; {
			k := strings.Index(line[at:], "{{")
			if k < 0 {
				break
			}
			k += at
			end := strings.Index(line[k:], "}}")
			if end < 0 {
				break
			}
			word := strings.TrimSpace(line[k+2 : k+end])
			value, ok := r.value(word)
			if !ok {
				r.problem(start+i, "{{"+word+"}}: there is no such name in vars:")
				at = k + end + 2
				continue
			}
			name, _, _ := strings.Cut(word, ".")
			used[name] = true
			line = line[:k] + value + line[k+end+2:]
			at = k + len(value)
		}
		lines[i] = line
	}
	for _, v := range r.l.Vars {
		if !used[v.Name] {
			r.problems = append(r.problems, Problem{File: r.name, Line: v.Line, Text: "vars: " + v.Name + " is used nowhere", Warn: true})
		}
	}
	return strings.Join(lines, "\n")
}

func (r *reader) value(word string) (string, bool) {
	name, key, _ := strings.Cut(word, ".")
	for i := range r.l.Vars {
		if v := &r.l.Vars[i]; v.Name == name && v.Chosen < len(v.Values) {
			s, ok := v.Values[v.Chosen][key]
			return s, ok
		}
	}
	return "", false
}

// chosen is which of v's values a seed takes. The name is part of it, so that two
// lists of the same length are chosen from independently.
func chosen(seed uint64, v *Var) int {
	if seed == 0 {
		return 0
	}
	h := uint64(14695981039346656037) // FNV-1a
	for i := 0; i < len(v.Name); i++ {
		h = (h ^ uint64(v.Name[i])) * 1099511628211
	}
	x := seed + h // splitmix64's last steps: near seeds give far values
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	x ^= x >> 31
	return int(x % uint64(len(v.Values)))
}
