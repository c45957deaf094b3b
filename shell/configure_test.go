package shell_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"jsh/ptytest"
)

// TestConfigureAndMake builds the package in testdata/realworld/hello twice,
// with dash and with jsh as the shell of configure and of make. Nothing that
// comes out may differ.
func TestConfigureAndMake(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"autoconf", "autoheader", "make", "cc"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " is not installed")
		}
	}
	dash, jsh := needDash(t), ptytest.JSH(t)
	src := t.TempDir()
	if err := os.CopyFS(src, os.DirFS("../testdata/realworld/hello")); err != nil {
		t.Fatal(err)
	}
	for _, tool := range []string{"autoheader", "autoconf"} {
		if r := runIn(t, src, nil, tool); r.status != 0 {
			t.Fatalf("%s: %v", tool, r)
		}
	}
	// The same directory for both, one after the other: it stands in the output.
	build := func(shell string) map[string]string {
		dir := filepath.Join(src, "build")
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		env := append(os.Environ(), "LC_ALL=C", "CONFIG_SHELL="+shell, "MAKEFLAGS=", "CONFIG_SITE=/dev/null")
		outcome := map[string]string{}
		steps := [][]string{
			{"configure", shell, "../configure", "--prefix=/p", "CFLAGS=-O0"},
			{"status", "./config.status", "--version"},
			{"make", "make", "SHELL=" + shell, "all"},
			{"check", "make", "SHELL=" + shell, "check"},
			{"install", "make", "SHELL=" + shell, "install", "DESTDIR=" + dir + "/root"},
			{"an error", "make", "SHELL=" + shell, "fail"},
			{"regenerate", "./config.status"},
			{"hello", "root/p/bin/hello", "you"},
			{"clean", "make", "SHELL=" + shell, "clean"},
			{"two at once", "make", "-s", "-j2", "SHELL=" + shell, "all"},
		}
		if *soak > 0 {
			steps = append(steps, [][]string{
				{"recheck", "./config.status", "--recheck"},
				{"no greeting", shell, "../configure", "--disable-greeting", "--quiet", "CFLAGS=-O0"},
				{"make again", "make", "SHELL=" + shell, "hello"},
				{"hello again", "./hello"},
			}...)
		}
		for _, step := range steps {
			r := runIn(t, dir, env, step[1:]...)
			if wrong := r.status != 0; wrong != (step[0] == "an error") {
				t.Errorf("%s with %s: %v", step[0], shell, r)
			}
			outcome[step[0]] = strings.ReplaceAll(r.String(), shell, "SHELL")
		}
		for _, file := range []string{"Makefile", "config.h", "config.status", "stamp", "words.txt"} {
			text, err := os.ReadFile(filepath.Join(dir, file))
			if err != nil {
				t.Error(err)
			}
			// Where configure finds no $LINENO it writes the numbers itself.
			outcome[file] = lineNumber.ReplaceAllString(strings.ReplaceAll(string(text), shell, "SHELL"), "LINE")
		}
		if err := os.Rename(dir, filepath.Join(src, "built-by-"+filepath.Base(shell))); err != nil {
			t.Fatal(err)
		}
		return outcome
	}
	want, got := build(dash), build(jsh)
	for what := range want {
		if got[what] != want[what] {
			t.Errorf("%s differs; with dash:\n%s\nwith jsh:\n%s", what, want[what], got[what])
		}
	}
	if !strings.Contains(got["hello"], "Hello, you (") {
		t.Errorf("the program says %s", got["hello"])
	}
	if again, ok := got["hello again"]; ok && !strings.Contains(again, "stdout:\nWorld (") {
		t.Errorf("the program without a greeting says %s", again)
	}
	if got["words.txt"] != "first\nB\n$C\nD\n" {
		t.Errorf("the recipe wrote %q", got["words.txt"])
	}
}

// lineNumber is what configure's errors are placed by.
var lineNumber = regexp.MustCompile(`\$LINENO|\d{3,}`)

// runIn runs a program in dir and wants nothing of it.
func runIn(t *testing.T, dir string, env []string, argv ...string) outcome {
	t.Helper()
	cmd := exec.Command(argv[0], argv[1:]...)
	if strings.HasPrefix(argv[0], "./") || strings.HasPrefix(argv[0], "root/") {
		cmd.Path = filepath.Join(dir, argv[0])
		cmd.Err = nil
	}
	cmd.Dir, cmd.Env = dir, env
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return outcome{stdout: stdout.String(), stderr: stderr.String(), status: cmd.ProcessState.ExitCode()}
}
