package jsh

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// floors reads the drawing in ARCHITECTURE.md: folder → floor, 0 on top.
func floors(t *testing.T) map[string]int {
	text, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "```floors\n")
	drawing, _, ok2 := strings.Cut(rest, "```")
	if !ok || !ok2 {
		t.Fatal("ARCHITECTURE.md has no drawing of the floors")
	}
	m := map[string]int{}
	for i, line := range strings.Split(strings.TrimSpace(drawing), "\n") {
		for _, p := range strings.Fields(line) {
			m[p] = i
		}
	}
	return m
}

// room is the drawn folder that a package belongs to: itself or one above it.
func room(m map[string]int, pkg string) string {
	for p := pkg; p != "."; p = filepath.Dir(p) {
		if _, ok := m[p]; ok {
			return p
		}
	}
	return ""
}

func TestImportsRunDownwardsOnly(t *testing.T) {
	m := floors(t)
	seen := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != "." || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		pkg := filepath.Dir(path)
		if pkg == "." || pkg == "ptytest" || strings.HasPrefix(pkg, "ptytest/") || pkg == "bench" {
			return nil // for tests and measurements: they may use what they test
		}
		from := room(m, pkg)
		if from == "" {
			t.Errorf("%s: the folder is not in the drawing of ARCHITECTURE.md", path)
			return nil
		}
		seen[from] = true
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, imp := range f.Imports {
			name, _ := strconv.Unquote(imp.Path.Value)
			inner, ours := strings.CutPrefix(name, "jsh/")
			if !ours {
				continue
			}
			to := room(m, inner)
			if to == "" || to != from && m[to] <= m[from] {
				t.Errorf("%s imports %s: floor %d may only import floors below it (%s is on %d)", path, name, m[from], inner, m[to])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for p := range m {
		if !seen[p] {
			t.Errorf("ARCHITECTURE.md draws %s, but there is no code in it", p)
		}
	}
}

func TestTheShellUsesNoPackageThatGetsInItsWay(t *testing.T) {
	// os/exec and os/signal collect children and deliver signals behind the
	// interpreter's back; net and os.File set O_NONBLOCK on descriptions that
	// the learner's programs share.
	banned := map[string]bool{"os/exec": true, "os/signal": true, "net": true}
	for _, dir := range []string{"shell", "shell/expand", "shell/plain", "pgroup", "jobs", "parser", "event", "proc"} {
		files, err := filepath.Glob(dir + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatal(dir, err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			for _, imp := range f.Imports {
				if name, _ := strconv.Unquote(imp.Path.Value); banned[name] {
					t.Errorf("%s imports %s", path, name)
				}
			}
		}
	}
}
