package page

import (
	"errors"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// entry is one key of a YAML mapping, with its place in the file.
type entry struct {
	key   string
	line  int
	value ast.Node
}

// mapping reads a mapping in its order. line is the file's line of the text's
// first.
func (r *reader) mapping(text string, line int) []entry {
	r.base = line
	file, err := parser.ParseBytes([]byte(quoteExpressions(text)), 0)
	if err != nil {
		at, what := line, err.Error()
		var e yaml.Error
		if errors.As(err, &e) {
			what = e.GetMessage()
			if t := e.GetToken(); t != nil && t.Position != nil {
				at += t.Position.Line - 1
			}
		}
		r.problem(at, "this is no YAML: "+what+"; write key: value, with two blanks before what belongs below a key")
		return nil
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return nil
	}
	body := file.Docs[0].Body
	entries, ok := entriesOf(body, line)
	if !ok && body.Type() != ast.CommentType {
		r.problem(line, "key: value is expected here")
	}
	return entries
}

func entriesOf(n ast.Node, line int) (entries []entry, ok bool) {
	m, ok := n.(ast.MapNode)
	if !ok {
		return nil, false
	}
	for it := m.MapRange(); it.Next(); {
		k, v := it.Key(), it.Value()
		e := entry{key: scalar(k), value: v, line: line}
		if t := k.GetToken(); t != nil && t.Position != nil {
			e.line += t.Position.Line - 1
		}
		entries = append(entries, e)
	}
	return entries, true
}

// scalar is a plain value as it was written, without quotes; "" for null and for
// what is no plain value.
func scalar(n ast.Node) string {
	switch n := n.(type) {
	case nil:
		return ""
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return strings.TrimRight(n.Value.Value, "\n")
	case *ast.NullNode:
		return ""
	case *ast.MappingNode, *ast.SequenceNode, *ast.MappingValueNode:
		return ""
	}
	if t := n.GetToken(); t != nil {
		return strings.TrimSpace(t.Value)
	}
	return ""
}

// list is a sequence of plain values; a plain value alone is a list of one.
func list(n ast.Node) []string {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		if s := scalar(n); s != "" {
			return []string{s}
		}
		return nil
	}
	var out []string
	for _, v := range seq.Values {
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
