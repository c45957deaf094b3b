package parser

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"mvdan.cc/sh/v3/syntax"
)

// accepts asks shell, with -n, whether it takes src.
func accepts(t *testing.T, src string, shell ...string) bool {
	t.Helper()
	path, err := exec.LookPath(shell[0])
	if err != nil {
		t.Skip("needs ", shell[0])
	}
	cmd := exec.Command(path, append(shell[1:], "-n")...)
	cmd.Stdin = strings.NewReader(src)
	var said bytes.Buffer
	cmd.Stderr = &said
	err = cmd.Run()
	if _, ok := err.(*exec.ExitError); err != nil && !ok {
		t.Fatal(err)
	}
	text := strings.ToLower(said.String())
	return err == nil && !strings.Contains(text, "syntax error") && !strings.Contains(text, "unexpected eof")
}

func TestBashAndDashTakeWhatJshTakes(t *testing.T) {
	for _, c := range good {
		for _, sh := range []struct{ letter, name string }{{"b", "bash"}, {"d", "dash"}} {
			want := strings.Contains(c.also, sh.letter)
			if got := accepts(t, c.src, sh.name); got != want {
				t.Errorf("%s accepts %q: %v; the table says %v", sh.name, c.src, got, want)
			}
		}
		if len(c.also) < 3 && c.why == "" {
			t.Errorf("%q: a difference without its reason", c.src)
		}
	}
}

func TestBashAndDashRefuseWhatJshRefuses(t *testing.T) {
	for _, c := range bad {
		for _, sh := range []string{"bash", "dash"} {
			if c.all && accepts(t, c.src, sh) {
				t.Errorf("%s accepts %q; jsh says %s", sh, c.src, c.msg)
			}
		}
	}
}

func TestAnIndependentParserTakesWhatJshTakes(t *testing.T) {
	for _, c := range good {
		_, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(c.src), "")
		if got, want := err == nil, strings.Contains(c.also, "m"); got != want {
			t.Errorf("mvdan.cc/sh accepts %q: %v (%v); the table says %v", c.src, got, err, want)
		}
	}
}

// TestScriptsOfTheMachineAreRead reads every sh script that the system came
// with and that dash accepts.
func TestScriptsOfTheMachineAreRead(t *testing.T) {
	if _, err := exec.LookPath("dash"); err != nil {
		t.Skip("needs dash")
	}
	read := 0
	for _, root := range []string{"/usr/bin", "/usr/sbin", "/etc", "/usr/lib", "/usr/share"} {
		filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return nil
			}
			if info, err := d.Info(); err != nil || info.Mode()&0o111 == 0 {
				return nil
			}
			f, err := os.Open(path)
			if err != nil {
				return nil
			}
			defer f.Close()
			head := make([]byte, 64)
			n, _ := f.Read(head)
			first, _, _ := strings.Cut(string(head[:n]), "\n")
			if !strings.HasPrefix(first, "#!") || !strings.HasSuffix(strings.Fields(first + " -")[0], "/sh") {
				return nil
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return nil
			}
			read++
			src := string(data)
			p, err := Parse(path, src, Options{})
			if err != nil {
				// dash finds a wrong ${…} only when it comes to it.
				if !strings.Contains(err.Error(), "jsh has no") && accepts(t, src, "dash") {
					t.Errorf("%v", err)
				}
				return nil
			}
			text := String(p)
			q, err := Parse(path, text, Options{})
			if err != nil {
				t.Errorf("%s: printed and read again: %v", path, err)
			} else if tree(p) != tree(q) {
				t.Errorf("%s: printed and read again it is another tree", path)
			}
			return nil
		})
	}
	if read == 0 {
		t.Skip("this machine has no sh scripts")
	}
	t.Logf("%d scripts", read)
}
