package page

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// reader reads one file.
type reader struct {
	name     string
	l        *Lesson
	problems []Problem
	base     int // the file's line of the YAML text that is being read
	start    int // the body's first line
}

func (r *reader) problem(line int, text string) {
	r.problems = append(r.problems, Problem{File: r.name, Line: line, Text: text})
}

// Parse reads a lesson. name is the file's, for the problems. The lesson is that
// of seed 0, which takes the first of each random part; it is nil where nothing
// could be read.
func Parse(name string, text []byte) (*Lesson, []Problem) {
	return parse(name, string(text), func(*Var) int { return 0 }, 0)
}

// Instance is the same lesson with the random parts that seed chooses. Seed 0
// chooses the first of each.
func (l *Lesson) Instance(seed uint64) *Lesson {
	n, _ := parse(l.File, l.source, func(v *Var) int { return chosen(seed, v) }, seed)
	return n
}

// Variants are instances in which each value of each random part occurs at least
// once; the first is that of seed 0.
func (l *Lesson) Variants() []*Lesson {
	most := 1
	for _, v := range l.Vars {
		most = max(most, len(v.Values))
	}
	var all []*Lesson
	for i := range most {
		n, _ := parse(l.File, l.source, func(v *Var) int { return i % len(v.Values) }, 0)
		all = append(all, n)
	}
	return all
}

func parse(name, source string, choose func(*Var) int, seed uint64) (*Lesson, []Problem) {
	source = strings.ReplaceAll(source, "\r\n", "\n")
	r := &reader{name: name, l: &Lesson{File: name, Kind: KindLesson, Seed: seed, Lines: map[string]int{}, source: source}}
	head, body, start, ok := cut(source)
	if !ok {
		r.problem(1, "the file begins with a front matter: a line ---, then id: and title:, then a line ---")
		return nil, r.problems
	}
	r.front(head)
	for i := range r.l.Vars {
		v := &r.l.Vars[i]
		v.Chosen = choose(v)
	}
	r.body(r.fill(body, start), start)
	slices.SortStableFunc(r.problems, func(a, b Problem) int { return a.Line - b.Line })
	return r.l, r.problems
}

// cut divides a file into front matter and body; start is the body's first line.
func cut(source string) (head, body string, start int, ok bool) {
	rest, ok := strings.CutPrefix(source, "---\n")
	if !ok {
		return "", "", 0, false
	}
	for i, n := 0, 2; i < len(rest); n++ {
		end := strings.IndexByte(rest[i:], '\n')
		if end < 0 {
			end = len(rest) - i
		}
		if strings.TrimRight(rest[i:i+end], " ") == "---" {
			return rest[:i], rest[min(i+end+1, len(rest)):], n + 1, true
		}
		i += end + 1
	}
	return "", "", 0, false
}

var frontKeys = []string{"id", "title", "kind", "topic", "minutes", "needs", "claims", "wants", "exact", "vars"}

func (r *reader) front(text string) {
	l := r.l
	for _, e := range r.mapping(text, 2) {
		if _, twice := l.Lines[e.key]; twice {
			r.problem(e.line, e.key+": stands twice")
		}
		l.Lines[e.key] = e.line
		switch e.key {
		case "id":
			l.ID = scalar(e.value)
		case "title":
			l.Title = scalar(e.value)
		case "kind":
			l.Kind = scalar(e.value)
			if l.Kind != KindLesson && l.Kind != KindQuestion && l.Kind != KindScene {
				r.problem(e.line, "kind: lesson, question or scene")
			}
		case "topic":
			l.Topic = scalar(e.value)
		case "minutes":
			n, err := strconv.Atoi(scalar(e.value))
			if err != nil || n < 1 {
				r.problem(e.line, "minutes: a number of minutes is expected, as 8")
			}
			l.Minutes = n
		case "needs":
			l.Needs = list(e.value)
		case "claims":
			l.Claims = list(e.value)
		case "wants":
			l.Wants = list(e.value)
		case "exact":
			l.Exact = scalar(e.value) == "true"
		case "vars":
			r.vars(e)
		default:
			r.problem(e.line, "unknown key "+e.key+"; there are "+strings.Join(frontKeys, ", "))
		}
	}
	if !isID(l.ID) {
		r.problem(l.Lines["id"], "id: is needed: small letters, digits and -, as one-pipeline")
	}
	if l.Title == "" {
		r.problem(l.Lines["title"], "title: is needed")
	}
}

func isID(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' && i > 0) {
			return false
		}
	}
	return s != ""
}

// body reads the steps. start is the line of the text's first.
func (r *reader) body(source string, start int) {
	r.start = start
	src := []byte(source)
	lines := strings.Split(source, "\n")
	lineAt := func(offset int) int { return bytes.Count(src[:min(offset, len(src))], []byte("\n")) }

	taken := make([]bool, len(lines)+1) // by what is no text
	var heads []int                     // where the steps begin
	doc := goldmark.DefaultParser().Parse(text.NewReader(src))
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			if n.Lines().Len() == 0 {
				continue
			}
			at := lineAt(n.Lines().At(0).Start)
			taken[at] = true
			switch head := strings.TrimLeft(lines[at], " "); {
			case !strings.HasPrefix(head, "#"):
				r.problem(start+at, "a line --- or === below a text makes it a heading; leave a blank line before it")
			case n.Level != 2:
				r.problem(start+at, "a step's heading is written ## Title; there are no others")
			}
			r.l.Steps = append(r.l.Steps, Step{Title: strings.TrimSpace(string(n.Lines().Value(src))), Line: start + at})
			heads = append(heads, at)
		case *ast.FencedCodeBlock:
			first, last := r.fence(n, lines, lineAt)
			for i := first; i <= last; i++ {
				taken[i] = true
			}
			info := strings.TrimLeft(strings.TrimSpace(lines[first]), "`~")
			content := strings.Join(lines[first+1:max(first+1, last)], "\n")
			if len(r.l.Steps) == 0 {
				r.problem(start+first, "a block before the first step's heading, ## Title")
				continue
			}
			r.block(&r.l.Steps[len(r.l.Steps)-1], strings.TrimSpace(info), content, start+first)
		case *ast.HTMLBlock: // an author's remark
			for i := range n.Lines().Len() {
				taken[lineAt(n.Lines().At(i).Start)] = true
			}
			if n.HasClosure() {
				taken[lineAt(n.ClosureLine.Start)] = true
			}
		}
	}
	if len(heads) == 0 {
		r.problem(start, "there is no step: each begins with a heading, ## Title")
		return
	}
	for i, line := range lines[:heads[0]] {
		if strings.TrimSpace(line) != "" && !taken[i] {
			r.problem(start+i, "a text before the first step's heading, ## Title")
			break
		}
	}
	for i := range r.l.Steps {
		end := len(lines)
		if i+1 < len(heads) {
			end = heads[i+1]
		}
		s := &r.l.Steps[i]
		for k := heads[i] + 1; k < end; k++ {
			if !taken[k] {
				s.Text = append(s.Text, Line{start + k, strings.TrimRight(lines[k], " \t")})
			}
		}
		s.Text = trim(s.Text)
		r.l.Cleanup = append(r.l.Cleanup, s.Cleanup...)
	}
}

// trim takes blank lines away at both ends, and all but one between others.
func trim(lines []Line) []Line {
	var out []Line
	for _, l := range lines {
		if strings.TrimSpace(l.Text) == "" && (len(out) == 0 || out[len(out)-1].Text == "") {
			continue
		}
		out = append(out, l)
	}
	if len(out) > 0 && out[len(out)-1].Text == "" {
		out = out[:len(out)-1]
	}
	return out
}

// fence is the first and the last line of a fenced block, both with the fences.
// goldmark tells where the content is, and nothing of a block that is empty and
// without a name.
func (r *reader) fence(n *ast.FencedCodeBlock, lines []string, lineAt func(int) int) (first, last int) {
	switch {
	case n.Info != nil:
		first = lineAt(n.Info.Segment.Start)
	case n.Lines().Len() > 0:
		first = lineAt(n.Lines().At(0).Start) - 1
	default:
		first = lineAt(n.Pos())
	}
	open := strings.TrimLeft(lines[first], " ")
	mark := open[:len(open)-len(strings.TrimLeft(open, open[:1]))]
	for last = first + 1; last < len(lines); last++ {
		l := strings.TrimSpace(lines[last])
		if len(l) >= len(mark) && strings.Trim(l, mark[:1]) == "" {
			return first, last
		}
	}
	r.problem(r.start+first, "the block is not closed: a line ``` is missing")
	return first, len(lines) - 1
}
