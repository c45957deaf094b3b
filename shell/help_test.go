package shell

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"jsh/ptytest"
)

func helpPagesByName() map[string]helpPage {
	m := map[string]helpPage{}
	for p := range eachHelpPage {
		for _, n := range strings.Fields(p.names) {
			m[n] = p
		}
	}
	return m
}

func TestHelpPages(t *testing.T) {
	pages := helpPagesByName()
	t.Run("every builtin has a page, and stands in the table", func(t *testing.T) {
		for n := range builtins {
			if pages[n].brief == "" {
				t.Errorf("%s has none", n)
			}
		}
	})
	t.Run("every reserved word has a page", func(t *testing.T) {
		for n := range reserved {
			if pages[n].text == "" {
				t.Errorf("%s has none", n)
			}
		}
	})
	t.Run("only builtins stand in the table, each once", func(t *testing.T) {
		seen := map[string]bool{}
		for p := range eachHelpPage {
			for _, n := range strings.Fields(p.names) {
				if _, ok := builtins[n]; ok != (p.brief != "") || seen[n] {
					t.Errorf("%s", n)
				}
				seen[n] = true
			}
		}
	})
	for p := range eachHelpPage {
		t.Run(p.names+" fits: 14 lines of 76 columns, all ASCII, with an example", func(t *testing.T) {
			lines := strings.Split(strings.TrimSuffix(p.text, "\n"), "\n")
			if len(lines) > 14 {
				t.Errorf("%d lines", len(lines))
			}
			for _, l := range lines {
				if len(l) > 76 || strings.Trim(l, " ") == "" || strings.ContainsFunc(l, func(r rune) bool { return r < ' ' || r > '~' }) {
					t.Errorf("%d bytes: %q", len(l), l)
				}
			}
			if !strings.Contains(p.text, "\nExample") {
				t.Error("no example")
			}
		})
	}
	t.Run("a builtin's page begins with how each of its names is called", func(t *testing.T) {
		for n := range builtins {
			if !regexp.MustCompile(`(?m)(^|     )`+regexp.QuoteMeta(n)+`( |$)`).MatchString(pages[n].text) && n != "unalias" {
				t.Errorf("%s: %s", n, pages[n].text)
			}
		}
	})
	t.Run("the table of builtins fits below its command on 24 rows of 80 columns", func(t *testing.T) {
		s := &Shell{extra: map[string]Builtin{"ps-tree": nil, "narrate": nil, "timeline": nil, "quiz": nil}}
		text := s.builtinTable()
		if n := strings.Count(text, "\n"); n > 22 {
			t.Errorf("%d lines", n)
		}
		for l := range strings.SplitSeq(text, "\n") {
			if len(l) > 76 {
				t.Errorf("%d columns: %s", len(l), l)
			}
		}
		for n := range builtins {
			if !strings.Contains(" "+strings.ReplaceAll(text, "\n", " "), " "+n+" ") {
				t.Errorf("%s is not in it", n)
			}
		}
	})
}

// A page and the code must not drift apart: each option that one has the other
// has.
func TestHelpAgreesWithTheOptions(t *testing.T) {
	pages := helpPagesByName()
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	for _, name := range []string{"cd", "command", "disown", "export", "fc", "jobs", "read", "readonly", "set", "trap", "unset", "wait", "pwd", "fg", "bg"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			script := `for c in ` + strings.Join(strings.Split(letters, ""), " ") + `; do
				case $( (` + name + ` -$c </dev/null) 2>&1 >/dev/null) in
				*'no such option'* | *'takes no'*) ;;
				*) echo $c ;;
				esac
			done`
			out, err := exec.Command(ptytest.JSH(t), "-c", script).Output()
			if err != nil {
				t.Fatal(err)
			}
			accepted := string(out)
			for _, c := range strings.Split(letters, "") {
				named := regexp.MustCompile(`(^|[ \[])-[a-zA-Z]*` + c).MatchString(optionWords(pages[name].text))
				if is := strings.Contains(accepted, c+"\n"); is != named {
					t.Errorf("-%s: accepted %v, in the page %v", c, is, named)
				}
			}
		})
	}
}

// optionWords is what a page says of options: the lines above the text, and the
// table.
func optionWords(page string) string {
	var b strings.Builder
	for i, l := range strings.Split(page, "\n") {
		if i > 0 && !strings.HasPrefix(l, "  ") && !strings.HasPrefix(l, "fc -") && !strings.HasPrefix(l, "fc [") && !strings.HasPrefix(l, "trap -") {
			continue
		}
		b.WriteString(" " + l)
	}
	return regexp.MustCompile(`-o [a-z]+|--`).ReplaceAllString(b.String(), "-o")
}

func TestHelpCommand(t *testing.T) {
	jsh := ptytest.JSH(t)
	for _, c := range []struct {
		rule, line string
		want       string // in what is written
		status     int
	}{
		{"help NAME writes the page", "help umask", "umask [-S] [MASK]\n", 0},
		{"several names give several pages with a line between them", "help bg '!'", "no job control.\n\n! PIPELINE\n", 0},
		{"reserved words have pages", "help while", "until LIST; do LIST; done\n", 0},
		{"[ and test share one", "help '['", "test EXPRESSION     [ EXPRESSION ]\n", 0},
		{"redirections have one", "help '<<'", "COMMAND [N]OPERATOR WORD", 0},
		{"a builtin that jsh adds answers for itself", "help quiz", "usage: quiz", 0},
		{"an unknown name fails, and the others are told", "help nosuch pwd", "pwd [-L | -P]\n", 1},
		{"help --help is help help", "help --help", "help [NAME...]\n", 0},
		{"output that cannot be written fails", "help set >/dev/full", "ENOSPC", 1},
	} {
		t.Run(c.rule, func(t *testing.T) {
			cmd := exec.Command(jsh, "-c", c.line)
			out, _ := cmd.CombinedOutput()
			if !strings.Contains(string(out), c.want) || cmd.ProcessState.ExitCode() != c.status {
				t.Errorf("status %d:\n%s", cmd.ProcessState.ExitCode(), out)
			}
		})
	}
}

func TestTheTableOfBuiltinsFits80Columns(t *testing.T) {
	s := &Shell{}
	s.own = map[string]OwnProgram{}
	for _, n := range strings.Fields("check-daemon daemonize doctor explain narrate ps-tree puppet quiz record replay setpgid slow spare-tty") {
		s.own[n] = OwnProgram{}
	}
	table := s.builtinTable()
	for l := range strings.SplitSeq(table, "\n") {
		if len(l) > 79 {
			t.Errorf("%d columns: %q", len(l), l)
		}
	}
	for n := range s.own {
		if !strings.Contains(table, n) {
			t.Errorf("%s is not in it", n)
		}
	}
}
