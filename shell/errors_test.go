package shell

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jsh/jobs"
	"jsh/ptytest"
)

func TestDidYouMean(t *testing.T) {
	dir := t.TempDir()
	for _, n := range []string{"touch", "ld", "opt", "ls", "git", "grep", "make", "python3", "clear", "sh", "as", "dd", "id", "pg"} {
		if err := os.WriteFile(filepath.Join(dir, n), nil, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	s := &Shell{vars: map[string]*variable{"PATH": {value: dir, set: true}}}
	for _, c := range []struct{ rule, typed, want string }{
		{"two neighbours changed places", "gti", "git"},
		{"even in two letters", "sl", "ls"},
		{"a letter too many", "makee", "make"},
		{"a letter too few", "gep", "grep"},
		{"a doubled letter of a short name", "lss", "ls"},
		{"a wrong letter", "naks", ""},
		{"a wrong letter of four", "mske", "make"},
		{"two slips in a long name", "pyton33", "python3"},
		{"a builtin", "ehco", "echo"},
		{"case alone", "LS", "ls"},
		{"case alone in a longer name", "Git", "git"},
		{"two slips at both ends are no guess", "nosuch", ""},
		{"a changed letter of a name of two is no guess", "ll", ""},
		{"a changed first letter of a name of three is no guess", "gs", ""},
		{"two slips in a name of four are no guess", "gaap", ""},
		{"nothing near", "xyzzy", ""},
	} {
		t.Run(c.rule+": "+c.typed, func(t *testing.T) {
			if got := s.didYouMean(c.typed); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	t.Run("a builtin of bash that jsh refuses by name gets no guess", func(t *testing.T) {
		s := &Shell{interactive: true, vars: s.vars}
		for _, n := range []string{"shopt", "declare", "let", "dirs", "bind"} {
			if m := s.notFoundText(n); strings.Contains(m, "did you mean") || !strings.Contains(m, "it is bash's") {
				t.Errorf("%s", m)
			}
		}
	})
}

func TestNotFoundHints(t *testing.T) {
	s := &Shell{}
	for _, c := range []struct{ name, want string }{
		{"if[", "if[: not found: put a blank before the [: if [ … ]"},
		{"while[", "while[: not found: put a blank before the [: while [ … ]"},
		{"[1", "[1: not found: [ is a command: put a blank after it: [ … ]"},
		{"a[1]", "a[1]: not found"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := s.notFoundText(c.name); got != c.want {
				t.Errorf("%q", got)
			}
		})
	}
}

func TestSignalNames(t *testing.T) {
	text := signalNames()
	t.Run("all names stand there in their order, between blanks and newlines", func(t *testing.T) {
		var want []string
		for n := 1; n <= jobs.MaxSig; n++ {
			if name := jobs.SigName(n); name != "" {
				want = append(want, strings.TrimPrefix(name, "SIG"))
			}
		}
		if got := strings.Join(strings.Fields(text), " "); got != strings.Join(want, " ") {
			t.Errorf("%s", got)
		}
	})
	t.Run("no line is wider than 76 columns, begins or ends with a blank, or is empty", func(t *testing.T) {
		for l := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
			if len(l) > 76 || l != strings.TrimSpace(l) || l == "" {
				t.Errorf("%q", l)
			}
		}
	})
}

func TestEditingModes(t *testing.T) {
	jsh := ptytest.JSH(t)
	for _, c := range []struct{ rule, line, want string }{
		{"set -o vi is refused, and the script goes on", "set -o vi 2>/dev/null; echo $?", "1\n"},
		{"the refusal says what there is", "set -o vi 2>&1", "jsh: line 1: set: -o vi: vi editing mode is not in jsh; the keys are emacs'\n"},
		{"it does not count as set", "set -o vi 2>/dev/null; set -o | grep '^vi' | tr -s ' '", "vi off\n"},
		{"set +o vi is what there is", "set +o vi; echo $?", "0\n"},
		{"set -o emacs too", "set -o emacs; echo $?", "0\n"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			out, _ := exec.Command(jsh, "-c", c.line, "jsh").Output()
			if string(out) != c.want {
				t.Errorf("%q, want %q", out, c.want)
			}
		})
	}
}
