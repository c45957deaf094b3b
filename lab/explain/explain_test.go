package explain

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"jsh/parser"
)

// known is a shell in which cd and : are builtins, f is a function, and every
// other name but nosuch a program.
type known struct{}

func (known) Lookup(name string) (Meaning, string) {
	switch name {
	case "cd", "read", "echo":
		return Builtin, ""
	case ":", "eval", "exec":
		return Special, ""
	case "f":
		return Function, ""
	case "nosuch":
		return Missing, ""
	}
	return Program, "/bin/" + name
}

func (known) Body(name string) parser.Command {
	if prog, err := parser.Parse("", "{ ls; f; }", parser.Options{}); err == nil && name == "f" {
		return prog.Stmts[0].Pipelines[0].Cmds[0]
	}
	return nil
}

func (known) Fields(w *parser.Word) ([]string, bool) {
	if len(w.Parts) == 1 {
		if l, ok := w.Parts[0].(*parser.Lit); ok {
			return []string{l.Text}, true
		}
	}
	return nil, false
}

func (k known) Stage(c parser.Command) bool {
	s, ok := c.(*parser.Simple)
	if !ok || len(s.Words) == 0 {
		return false
	}
	f, ok := k.Fields(s.Words[0])
	m := Missing
	if ok {
		m, _ = k.Lookup(f[0])
	}
	return m == Program
}

func (known) Descriptor(n int) string {
	if n < 3 {
		return "the terminal"
	}
	return ""
}

func plan(t *testing.T, line string) *Plan {
	t.Helper()
	prog, err := parser.Parse("", line, parser.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return Line(known{}, []*parser.Program{prog})
}

func TestRedirectionsAreMadeFromLeftToRight(t *testing.T) {
	for line, want := range map[string][]FD{
		"ls >f 2>&1":        {{1, "f, created or emptied"}, {2, "f, created or emptied"}},
		"ls 2>&1 >f":        {{1, "f, created or emptied"}, {2, "the terminal"}},
		"ls 2>&1 | wc":      {{1, "the pipe to wc"}, {2, "the pipe to wc"}},
		"ls 3>&1 1>&2 2>&3": {{1, "the terminal"}, {2, "the terminal"}, {3, "the terminal"}},
		"ls <&-":            {{0, "closed"}},
		"ls 2>&7":           {{2, "an error: descriptor 7 is not open"}},
		"ls >>f <>g":        {{0, "g, opened for reading and writing"}, {1, "f, written at its end"}},
	} {
		jobs := plan(t, line).Jobs()
		if got := jobs[0].Procs[0].FDs; !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", line, got, want)
		}
	}
}

func TestWhatDependsOnTheLineItselfIsSaidToBeUnknown(t *testing.T) {
	for line, want := range map[string]string{
		"x=ls; $x":                "What $x stands for",
		"read x; echo $x":         "$x is changed by the line itself",
		"eval ls; echo $y":        "What eval runs",
		"echo $(ls)":              "$(ls) is not run now",
		"echo $RANDOM":            "$RANDOM is not known before",
		"for i in a; do $i; done": "What $i stands for",
	} {
		p := plan(t, line)
		if !strings.Contains(strings.Join(p.Unknown, "\n"), want) {
			t.Errorf("%s: %q lacks %q", line, p.Unknown, want)
		}
	}
}

func TestAFunctionThatCallsItselfIsExplainedOnce(t *testing.T) {
	text := plan(t, "f | cat; f").Text(Style{Cols: 80})
	if !strings.Contains(text, "calls itself") || len(text) > 4000 {
		t.Error(text)
	}
}

func TestNoLineIsWiderThanTheTerminal(t *testing.T) {
	for _, line := range []string{"ls | wc", "(cd /; ls) | { read a; echo $a; } >" + strings.Repeat("x", 30), "f && nosuch || ls &",
		"ls " + strings.Repeat("word ", 60), "{ { { { ls; }; }; }; }"} {
		for _, cols := range []int{60, 80, 200} {
			for l := range strings.SplitSeq(plan(t, line).Text(Style{Cols: cols}), "\n") {
				if utf8.RuneCountInString(l) > min(cols, 80) {
					t.Errorf("%s: wider than %d: %s", line, cols, l)
				}
			}
		}
	}
}

// FuzzPlan plans whatever parses: it never panics, and each line is finite.
func FuzzPlan(f *testing.F) {
	for _, s := range []string{"''", "'' | ''", "time", "time &", "! { :; } | f &", "x= ; $x", "f() { f | f & }; f", "%1", "case $x in a) ls;; esac <f", "<f", ">f 2>&1 &",
		"a && b | c || (d; e) & f", "exec", "command", "command -v ls", "eval", "$(", "`ls`", "cat <<E\n$x\nE", "${x:=$(ls)}", "[[ a && b ]]", "until :; do break; done | cat"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		prog, err := parser.Parse("", line, parser.Options{})
		if err != nil {
			return
		}
		p := Line(known{}, []*parser.Program{prog})
		p.Text(Style{Cols: 80})
		p.JSON()
	})
}
