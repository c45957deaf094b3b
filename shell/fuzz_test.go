package shell

import (
	"strings"
	"testing"
	"unicode/utf8"

	"jsh/jobs"
	"jsh/shell/edit"
	"jsh/shell/expand"
)

// bareShell is a shell that runs nothing: for what only reads text.
func bareShell(args ...string) *Shell {
	s := &Shell{jobs: jobs.New(), vars: map[string]*variable{}, optionPos: 1, args: args, name: "fuzz"}
	s.fds.real = []int{closed, closed, closed}
	s.x = &expand.Expander{Env: expandEnv{s}}
	return s
}

// FuzzUmask: a symbolic mode is refused or gives permissions, and what umask -S
// prints is taken.
func FuzzUmask(f *testing.F) {
	for _, m := range []string{"u=rwx,g=rx,o=", "a+r", "go-w", "=", "u=g", "g+u-x", "+,", "u"} {
		f.Add(m, 0o755)
	}
	f.Fuzz(func(t *testing.T, text string, mode int) {
		mode &= 0o777
		got, ok := symbolicMode(text, mode)
		if ok && got&^0o777 != 0 {
			t.Errorf("%q on %o gave %o", text, mode, got)
		}
		if again, ok := symbolicMode("u=rwx,g=rwx,o=rwx", mode); !ok || again != 0o777 {
			t.Errorf("%o, %v", again, ok)
		}
	})
}

// FuzzReadSplit: read gives as many fields as it has names, and what quoting
// protects is never lost.
func FuzzReadSplit(f *testing.F) {
	f.Add(" a : b c ", "x", " :", 2)
	f.Add("a::b:", "", ":", 3)
	f.Add("aébßcé", "é", "éß", 2)
	f.Fuzz(func(t *testing.T, text, inQuotes, ifs string, n int) {
		if n < 1 || n > 10 || strings.Contains(text+inQuotes+ifs, "\x00") || !utf8.ValidString(text) || !utf8.ValidString(inQuotes) || !utf8.ValidString(ifs) {
			return
		}
		all := []byte(text + inQuotes + text)
		quoted := make([]bool, len(all))
		for i := range len(inQuotes) {
			quoted[len(text)+i] = true
		}
		got := splitRead(all, quoted, ifs, n, func() bool { return true })
		if len(got) != n {
			t.Fatalf("%d fields of %d", len(got), n)
		}
		if n == 1 && len(strings.Trim(got[0], ifs)) < len(strings.Trim(text+inQuotes+text, ifs+" \t\n")) {
			t.Errorf("%q of %q", got, all)
		}
		if !strings.Contains(strings.Join(got, "\x00"), inQuotes) {
			t.Errorf("%q: %q is torn", got, inQuotes)
		}
		if n == 1 && ifs == "" && got[0] != string(all) {
			t.Errorf("%q became %q without separators", all, got[0])
		}
	})
}

// FuzzGetopts: the loop of any script ends, and OPTIND stays in its bounds.
func FuzzGetopts(f *testing.F) {
	f.Add("ab:c", "-a", "-bx", "-")
	f.Add(":a:", "-a", "--", "-a")
	f.Add("", "-", "-\xff", "")
	f.Fuzz(func(t *testing.T, opts, a, b, c string) {
		s := bareShell(a, b, c)
		for range len(a) + len(b) + len(c) + 4 {
			if builtinGetopts(s, []string{"getopts", opts, "o"}) != 0 {
				if s.Var("o") != "?" {
					t.Errorf("the last option is %q", s.Var("o"))
				}
				return
			}
			if ind := s.Var("OPTIND"); len(ind) != 1 || ind < "1" || ind > "4" {
				t.Fatalf("OPTIND is %s", ind)
			}
		}
		t.Errorf("%q of %q %q %q never ends", opts, a, b, c)
	})
}

// FuzzPrompt: whatever PS1 and the names in it hold, no prompt runs what a
// directory is called.
func FuzzPrompt(f *testing.F) {
	f.Add(`\u@\h:\w\$ \j\n\[\e[1m\]`, "/home/`id`/$(x)")
	f.Add(`\`, `\`)
	f.Fuzz(func(t *testing.T, ps1, dir string) {
		s := bareShell()
		s.set("PWD", dir)
		s.promptEscapes(ps1)
		text := s.promptEscapes(`\w`)
		for i := 0; i < len(text); i++ {
			switch text[i] {
			case '\\':
				i++
			case '$', '`':
				t.Fatalf("%q lets the prompt expand %q", dir, text)
			}
		}
	})
}

// FuzzFcFind: fc finds an entry that there is, or none.
func FuzzFcFind(f *testing.F) {
	f.Add("-1", 3)
	f.Add("99999999999999999999", 1)
	f.Fuzz(func(t *testing.T, spec string, n int) {
		if n < 1 || n > 20 {
			return
		}
		h := make([]edit.Entry, n)
		for i := range h {
			h[i] = edit.Entry{Number: i + 5, Line: strings.Repeat("x", i)}
		}
		if i := fcFind(h, spec); i < -1 || i >= n {
			t.Errorf("%q: entry %d of %d", spec, i, n)
		}
	})
}

// FuzzSubshellState: a state that was damaged on the way is refused.
func FuzzSubshellState(f *testing.F) {
	s := bareShell("a", "b")
	s.set("x", "1")
	f.Add(s.encode("echo", 3, 0))
	f.Fuzz(func(t *testing.T, b []byte) { decode(b) })
}
