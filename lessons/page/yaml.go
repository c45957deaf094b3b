package page

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// This YAML package, maintained by the YAML organisation, imports regexp, as
// goldmark does, and what jsh is as a shell does not. So Go initialises both only
// when a shell has gone its way (cmd/jsh/begin); github.com/goccy/go-yaml, which
// does not, cost every start 0.15 ms.

// entry is one key of a YAML mapping, with its place in the file.
type entry struct {
	key   string
	line  int
	value *yaml.Node
}

// mapping reads a mapping in its order. line is the file's line of the text's
// first.
func (r *reader) mapping(text string, line int) []entry {
	r.base = line
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(quoteExpressions(text)), &doc); err != nil {
		at, what := line, strings.TrimPrefix(err.Error(), "yaml: ")
		if rest, ok := strings.CutPrefix(what, "line "); ok {
			number, rest, _ := strings.Cut(rest, ": ")
			if n, err := strconv.Atoi(number); err == nil {
				at, what = line+n-1, rest
				if parserSays(what) { // its lines count from 0, the scanner's from 1
					at++
				}
			}
		}
		do := "write key: value, with two blanks before what belongs below a key"
		if strings.HasPrefix(what, "mapping values are not allowed") {
			do = `a text with ": " in it stands in "quotes"`
		}
		r.problem(at, "this is no YAML: "+what+"; "+do)
		return nil
	}
	if len(doc.Content) == 0 {
		return nil
	}
	body := doc.Content[0]
	entries, ok := entriesOf(body, line)
	if !ok && body.Tag != "!!null" {
		r.problem(line, "key: value is expected here")
	}
	return entries
}

// parserSays tells a message of the package's parser from one of its scanner.
func parserSays(message string) bool {
	what, ok := strings.CutPrefix(message, "did not find expected ")
	for _, scanned := range [...]string{"alphabetic", "hexdecimal", "whitespace"} {
		ok = ok && !strings.HasPrefix(what, scanned)
	}
	return ok
}

func entriesOf(n *yaml.Node, line int) (entries []entry, ok bool) {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil, false
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		entries = append(entries, entry{key: scalar(k), value: n.Content[i+1], line: line + k.Line - 1})
	}
	return entries, true
}

// scalar is a plain value as it was written, without quotes; "" for null and for
// what is no plain value.
func scalar(n *yaml.Node) string {
	if n == nil || n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return ""
	}
	return strings.TrimRight(n.Value, "\n")
}

// sequence are the values of a sequence.
func sequence(n *yaml.Node) (values []*yaml.Node, ok bool) {
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil, false
	}
	return n.Content, true
}

// list is a sequence of plain values; a plain value alone is a list of one.
func list(n *yaml.Node) []string {
	seq, ok := sequence(n)
	if !ok {
		if s := scalar(n); s != "" {
			return []string{s}
		}
		return nil
	}
	var out []string
	for _, v := range seq {
		out = append(out, scalar(v))
	}
	return out
}

// quoteExpressions puts quotes around values that are expressions of package
// check, so that authors need not: a comma in killed_by("cat", SIGINT) would end
// the value within braces, and a ! at its head would be a tag. An expression is
// what begins, after a colon or at the head of a list's item, with a name and an
// opening bracket, or with ! or a bracket before such a thing.
func quoteExpressions(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == '"' || c == '\'':
			j := i + 1
			for j < len(text) && text[j] != c && text[j] != '\n' {
				if text[j] == '\\' && c == '"' && j+1 < len(text) {
					j++
				}
				j++
			}
			j = min(j+1, len(text))
			b.WriteString(text[i:j])
			i = j
		case c == ':' && i+1 < len(text) && text[i+1] == ' ':
			b.WriteString(": ")
			i += 2
			for i < len(text) && text[i] == ' ' {
				b.WriteByte(' ')
				i++
			}
			if n := expression(text[i:]); n > 0 {
				b.WriteString("'" + strings.ReplaceAll(strings.TrimSpace(text[i:i+n]), "'", "''") + "'")
				i += n
			}
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String()
}

// expression is the length of the expression at the head of s, 0 if there is none.
func expression(s string) int {
	head := strings.TrimLeft(s, "!(")
	name := 0
	for name < len(head) && (head[name] == '_' || head[name] >= 'a' && head[name] <= 'z') {
		name++
	}
	if name == 0 || name == len(head) || head[name] != '(' {
		return 0
	}
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\n':
			return i
		case '"', '`':
			j := strings.IndexByte(s[i+1:], s[i])
			if k := strings.IndexByte(s[i+1:], '\n'); j < 0 || k >= 0 && k < j {
				return 0
			}
			i += j + 1
		case '(':
			depth++
		case ')':
			depth--
			if depth < 0 {
				return i
			}
		case ',', '}', ']':
			if depth == 0 {
				return i
			}
		case '#':
			if i > 0 && s[i-1] == ' ' && depth == 0 {
				return i
			}
		}
	}
	return len(s)
}
