package page

import (
	"io"
	"slices"
	"strings"

	"jsh/parser"
)

// blockNames are the blocks there are, in the order of a step's life.
var blockNames = []string{"given", "setup", "goal", "predict", "do", "check", "hint", "solution", "wrong", "why", "note", "cleanup"}

// BlockNames are the blocks there are, in the order of a step's life.
func BlockNames() []string { return slices.Clone(blockNames) }

// block reads a fenced block into its step. line is that of the opening fence.
func (r *reader) block(s *Step, info, content string, line int) {
	name, rest, _ := strings.Cut(info, " ")
	lines := numbered(content, line+1)
	for _, b := range s.Blocks {
		switch name {
		case "goal", "predict", "do", "why", "given", "setup", "note", "cleanup":
			if b.Name == name {
				r.problem(line, "a second "+name+" in one step; there is one at most")
			}
		}
	}
	if strings.TrimSpace(content) == "" {
		r.problem(line, "the block is empty")
	}
	s.Blocks = append(s.Blocks, Block{name, line})
	if rest = strings.TrimSpace(rest); rest != "" && (name != "solution" || rest != "only") {
		r.problem(line, "unknown word after "+name+": "+rest+"; only a solution has one, only")
	}
	switch name {
	case "given":
		s.Given = expressions(lines)
	case "setup":
		s.Setup = r.commands(lines)
	case "goal":
		s.Goal = strings.Join(strings.Fields(content), " ")
		if len(trim(lines)) > 1 {
			r.problem(line, "a goal is one line")
		}
	case "predict":
		s.Predict = r.predict(content, line)
	case "do":
		s.Do = trim(lines)
	case "check":
		s.Checks = append(s.Checks, expressions(lines)...)
		s.Proves = append(s.Proves, proves(lines)...)
	case "hint":
		s.Hints = append(s.Hints, trim(lines))
	case "solution":
		s.Solutions = append(s.Solutions, r.solution(lines, rest == "only", line))
	case "wrong":
		s.Wrongs = append(s.Wrongs, r.wrong(content, line))
	case "why":
		s.Why = trim(lines)
	case "note":
		s.Note = trim(lines)
	case "cleanup":
		s.Cleanup = r.commands(lines)
	case "":
		r.problem(line, "a block without a name; there are "+strings.Join(blockNames, ", "))
	default:
		r.problem(line, "unknown block "+name+"; there are "+strings.Join(blockNames, ", "))
	}
}

func numbered(content string, first int) []Line {
	var lines []Line
	for i, l := range strings.Split(content, "\n") {
		lines = append(lines, Line{first + i, strings.TrimRight(l, " \t")})
	}
	return lines
}

// expressions are the lines without their remarks (//, as in Go); lines that have
// nothing else are left out.
func expressions(lines []Line) []Line {
	var out []Line
	for _, l := range lines {
		if t, _ := remarked(l.Text); t != "" {
			out = append(out, Line{l.N, t})
		}
	}
	return out
}

// remarked parts a line from the remark at its end. In quotes // is none.
func remarked(line string) (text, remark string) {
	quoted := false
	for i := range len(line) {
		switch {
		case line[i] == '"' && (i == 0 || line[i-1] != '\\'):
			quoted = !quoted
		case !quoted && strings.HasPrefix(line[i:], "//"):
			return strings.TrimSpace(line[:i]), strings.TrimSpace(line[i+2:])
		}
	}
	return strings.TrimSpace(line), ""
}

// proves are the claims that remarks name.
func proves(lines []Line) []string {
	var out []string
	for _, l := range lines {
		_, remark := remarked(l.Text)
		if t, ok := strings.CutPrefix(remark, "proves "); ok {
			out = append(out, strings.Fields(strings.ReplaceAll(t, ",", " "))...)
		}
	}
	return out
}

// commands are the complete commands of a setup or cleanup, each as it stands: one
// may take several lines, as a loop or a here-document does.
func (r *reader) commands(lines []Line) []string {
	in := &shellText{lines: lines}
	refuse := func(line int, msg string) {
		r.problem(lines[0].N+line-1, "the shell cannot read this: "+msg)
	}
	p := parser.New(in, parser.Options{Name: r.name, Warn: func(at parser.Pos, msg string) { refuse(at.Line, msg) }})
	var out []string
	for {
		from := in.read
		prog, err := p.Next()
		if err == io.EOF {
			return out
		}
		if err != nil {
			if e, ok := err.(*parser.SyntaxError); ok {
				refuse(e.Pos.Line, e.Msg)
			}
			return out
		}
		if len(prog.Stmts) == 0 {
			continue
		}
		var text []string
		for _, l := range lines[from:in.read] {
			text = append(text, l.Text)
		}
		out = append(out, strings.Join(text, "\n"))
	}
}

// shellText gives a parser the lines of a block.
type shellText struct {
	lines []Line
	read  int
}

func (t *shellText) ReadLine(bool) (string, error) {
	if t.read == len(t.lines) {
		return "", io.EOF
	}
	t.read++
	return t.lines[t.read-1].Text + "\n", nil
}

func (r *reader) solution(lines []Line, only bool, line int) Script {
	s := Script{Line: line}
	if only {
		if lines = trim(lines); len(lines) > 0 {
			s.Only = strings.TrimSpace(strings.TrimPrefix(lines[0].Text, "#"))
		}
		if len(lines) == 0 || !strings.HasPrefix(lines[0].Text, "#") || s.Only == "" {
			r.problem(line, "solution only: its first line is # and the reason why there is no second way")
			s.Only = "?"
		} else {
			lines = lines[1:]
		}
	}
	s.Inputs = inputs(lines)
	return s
}

// keys are the lines that are one key.
var keys = []string{"^C", "^Z", `^\`, "^D", "^S", "^Q"}

// inputs reads what a hand types.
func inputs(lines []Line) []Input {
	var out []Input
	for _, l := range lines {
		in := Input{Kind: TypeLine, N: l.N, Text: l.Text}
		switch t := strings.TrimSpace(l.Text); {
		case t == "":
			continue
		case isKey(t):
			in.Kind, in.Text = TypeKey, t
		case strings.HasPrefix(t, "@ "):
			in.Kind, in.Text = Await, strings.TrimSpace(t[2:])
		case strings.HasPrefix(t, "!"):
			in.Kind, in.Text = TypeRaw, t[1:]
		}
		out = append(out, in)
	}
	return out
}

func isKey(s string) bool {
	for _, k := range keys {
		if s == k {
			return true
		}
	}
	return false
}

func (r *reader) wrong(content string, line int) Wrong {
	w := Wrong{Line: line}
	for _, e := range r.mapping(content, line+1) {
		switch e.key {
		case "when":
			w.When = scalar(e.value)
		case "seen":
			w.Seen = scalar(e.value)
		case "try":
			w.Try = scalar(e.value)
		case "type":
			var lines []Line
			for _, t := range list(e.value) {
				lines = append(lines, Line{e.line, t})
			}
			w.Type = inputs(lines)
		default:
			r.problem(e.line, "unknown key "+e.key+" in wrong; there are when, seen, try, type")
		}
	}
	return w
}
