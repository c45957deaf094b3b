package front

import (
	"errors"
	"strings"

	"golang.org/x/term"

	"jsh/lab/explain"
	"jsh/parser"
	"jsh/shell"
	"jsh/viz"
)

const explainHelp = `usage: explain [--json] [--ascii] LINE
Says what LINE would become, and runs nothing: which jobs, process groups and
processes, what the shell does itself, who gets the keyboard, where each
descriptor leads, and what cannot be known before. Quote LINE, or the shell
takes its | > & and $ for itself.
Example: explain 'ls | wc >n'
`

// builtinExplain is explain.
func builtinExplain(s *shell.Shell, args []string) int {
	a := args[1:]
	json, ascii := false, !s.UTF8()
	for len(a) > 0 && strings.HasPrefix(a[0], "-") {
		switch a[0] {
		case "--json":
			json = true
		case "--ascii":
			ascii = true
		case "--help":
			s.WriteOut([]byte(explainHelp))
			return 0
		case "--":
		default:
			s.Complain("explain: " + a[0] + ": no such option (help explain)")
			return 2
		}
		if a = a[1:]; len(a) > 0 && a[0] == "--" {
			a = a[1:]
			break
		}
	}
	if len(a) == 0 {
		s.Complain("explain: the line is missing: explain 'ls | wc'")
		return 2
	}
	progs, err := s.ParseLine(strings.Join(a, " "))
	var se *parser.SyntaxError
	if errors.As(err, &se) {
		s.Complain("explain: syntax error: " + se.Msg + "\n" + strings.TrimSuffix(se.Excerpt(), "\n"))
		return 2
	} else if err != nil {
		s.Complain("explain: " + err.Error())
		return 2
	}
	plan := explain.Line(asked{s}, progs)
	if json {
		s.WriteOut(plan.JSON())
		return 0
	}
	st := explain.Style{Cols: 80}
	picture := viz.Style{Width: 80, ASCII: ascii}
	if fd := s.OutFD(); fd >= 0 && term.IsTerminal(fd) {
		st.Cols, st.Colour = columns(fd), s.Colour()
		picture.Width, picture.Colour = min(st.Cols, 100), st.Colour
	}
	text := plan.Text(st)
	if boxes := planBoxes(plan); len(boxes) > 1 {
		text += strings.Join(viz.Plan(boxes, picture), "\n") + "\n"
	}
	s.WriteOut([]byte(text))
	return 0
}

// runExplain is explain for other shells: a jsh that runs nothing else answers.
func runExplain(args []string) int {
	s := shell.New(shell.Config{Name: "jsh", Builtins: builtins(), Programs: programs(), Help: helpText})
	status := builtinExplain(s, args)
	if status == 0 && len(args) > 1 && !strings.HasPrefix(args[1], "--") {
		s.WriteOut([]byte("So a jsh at a terminal would run it; the functions and aliases of the shell that\nasked are not known to it.\n"))
	}
	return status
}

// planBoxes are the groups that the line makes, beside the shell's own.
func planBoxes(p *explain.Plan) []viz.PlanBox {
	boxes := []viz.PlanBox{{Title: "the shell's group", Lines: []string{"jsh  this shell"}}}
	const most = 6
	for _, j := range p.Jobs() {
		if len(boxes) > most {
			boxes = append(boxes, viz.PlanBox{Title: "and more", Lines: []string{"..."}})
			break
		}
		b := viz.PlanBox{Title: "a new group", Keyboard: j.Kind == explain.Foreground}
		for i := range j.Procs {
			line := j.Procs[i].Name
			if b := j.Procs[i].Becomes; b != "" {
				line += ", becomes " + b
			}
			if i == 0 {
				line += "  leader"
			}
			b.Lines = append(b.Lines, line)
		}
		boxes = append(boxes, b)
	}
	return boxes
}

// asked answers what explain asks of the shell.
type asked struct{ s *shell.Shell }

func (a asked) Lookup(name string) (explain.Meaning, string) {
	kind, path := a.s.NameMeans(name)
	switch kind {
	case "special":
		return explain.Special, ""
	case "builtin":
		return explain.Builtin, ""
	case "function":
		return explain.Function, ""
	case "program":
		return explain.Program, path
	}
	return explain.Missing, path
}

func (a asked) Body(name string) parser.Command        { return a.s.FunctionBody(name) }
func (a asked) Fields(w *parser.Word) ([]string, bool) { return a.s.HarmlessFields(w) }
func (a asked) Stage(c parser.Command) bool            { return a.s.StartsItself(c) }
func (a asked) Descriptor(n int) string                { return a.s.DescriptorLeads(n) }
