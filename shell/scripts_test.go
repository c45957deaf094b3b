package shell_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"jsh/ptytest"
)

func TestMain(m *testing.M) { ptytest.Main(m) }

// soak asks for a longer run than go test ./... makes.
var soak = flag.Int("soak", 0, "how many random scripts to run; 0: a few")

// TestScripts runs testdata/scripts/*.sh in jsh, bash and mksh (POSIX mode),
// dash and busybox ash.
// A file is a row of cases; each begins with a line
//
//	### the rule that it proves
//
// and is a script of its own, run in an empty directory with $SH naming the
// shell, so that a case can start another. The shells must agree on standard
// output, exit status, and whether anything was written to standard error.
// Comments directly under the title tell where they need not:
//
//	# differs: dash: why, and the section of POSIX that decides
//	# skips: mksh: why it is not run there (it would wait for ever)
//	#> a line of the right output
//	#? the right exit status (0 where it is not given)
//	#! standard error is written to
//
// The right output must be given where no other shell has it.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("../testdata/scripts/*.sh")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts:", err)
	}
	jsh := ptytest.JSH(t)
	here := 0
	for _, sh := range peers {
		if _, err := exec.LookPath(sh.argv[0]); err != nil {
			t.Logf("%s is not installed: not compared", sh.name)
			continue
		}
		here++
	}
	if here == 0 {
		defer t.Skip("no other shell is installed: jsh was held only against the results that are written down")
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(file), ".sh"), func(t *testing.T) {
			t.Parallel()
			for _, c := range parseCases(t, file, string(text)) {
				t.Run(c.name, func(t *testing.T) { c.check(t, jsh) })
			}
		})
	}
}

// peers are the shells that the scripts are compared with.
var peers = []struct {
	name string
	argv []string
}{
	{"bash", []string{"bash", "--posix"}},
	{"dash", []string{"dash"}},
	{"mksh", []string{"mksh", "-o", "posix"}},
	{"busybox", []string{"busybox", "ash"}},
}

// scriptCase is one case of a script file.
type scriptCase struct {
	name    string
	script  string
	differs map[string]string // shell → why
	skips   map[string]bool   // shells that would hang
	mayHang bool              // an endless script is no error
	told    bool              // the right result is given
	want    outcome
}

// outcome is what a script did, as far as it is compared.
type outcome struct {
	stdout   string
	status   int
	complain bool
	stderr   string // for messages only
	hung     bool   // it was killed after a minute
}

func (o outcome) same(p outcome) bool {
	return o.stdout == p.stdout && o.status == p.status && o.complain == p.complain
}

func (o outcome) String() string {
	return fmt.Sprintf("status %d, stdout:\n%s\nstderr:\n%s", o.status, o.stdout, o.stderr)
}

func parseCases(t *testing.T, file, text string) []*scriptCase {
	t.Helper()
	var cases []*scriptCase
	for i, part := range strings.Split("\n"+text, "\n### ") {
		if i == 0 {
			continue // the file's own comment
		}
		name, body, _ := strings.Cut(part, "\n")
		c := &scriptCase{name: name, differs: map[string]string{}, skips: map[string]bool{}}
		for strings.HasPrefix(body, "#") {
			line, rest, _ := strings.Cut(body, "\n")
			switch {
			case strings.HasPrefix(line, "# differs: "):
				shells, why, ok := strings.Cut(line[len("# differs: "):], ": ")
				if !ok || why == "" {
					t.Fatalf("%s: %s: a difference without a reason", file, name)
				}
				for _, sh := range strings.Split(shells, ", ") {
					c.differs[sh] = why
				}
			case strings.HasPrefix(line, "# skips: "):
				shells, why, ok := strings.Cut(line[len("# skips: "):], ": ")
				if !ok || why == "" {
					t.Fatalf("%s: %s: skipped without a reason", file, name)
				}
				for _, sh := range strings.Split(shells, ", ") {
					c.skips[sh] = true
				}
			case strings.HasPrefix(line, "#>"):
				c.told = true
				c.want.stdout += strings.TrimPrefix(line[2:], " ") + "\n"
			case strings.HasPrefix(line, "#? "):
				c.told = true
				if _, err := fmt.Sscan(line[3:], &c.want.status); err != nil {
					t.Fatalf("%s: %s: %s", file, name, line)
				}
			case line == "#!":
				c.told, c.want.complain = true, true
			}
			body = rest
		}
		c.script = strings.TrimSuffix(body, "\n") + "\n"
		if len(c.differs) >= len(peers) && !c.told {
			t.Fatalf("%s: %s: no shell is left that tells the right result; write it down", file, name)
		}
		cases = append(cases, c)
	}
	return cases
}

func (c *scriptCase) check(t *testing.T, jsh string) {
	got := c.run(t, "jsh", jsh)
	if c.told && !got.same(c.want) {
		t.Errorf("jsh: %v\nwanted: %v\nscript:\n%s", got, c.want, c.script)
	}
	for _, sh := range peers {
		path, err := exec.LookPath(sh.argv[0])
		if err != nil {
			continue // TestScripts has said so
		}
		if c.skips[sh.name] {
			continue
		}
		other := c.run(t, sh.name, append([]string{path}, sh.argv[1:]...)...)
		why, differs := c.differs[sh.name]
		switch {
		case !differs && !other.same(got):
			t.Errorf("%s does otherwise: %v\njsh: %v\nscript:\n%s", sh.name, other, got, c.script)
		case differs && other.same(got):
			t.Logf("%s does the same here, although it is said to differ: %s", sh.name, why)
		}
	}
}

func (c *scriptCase) run(t *testing.T, name string, argv ...string) outcome {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "script")
	if err := os.WriteFile(file, []byte(c.script), 0o644); err != nil {
		t.Fatal(err)
	}
	work := filepath.Join(dir, "work")
	if err := os.Mkdir(work, 0o755); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], append(argv[1:], "../script")...)
	cmd.Dir = work
	cmd.Env = []string{"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=" + work, "LC_ALL=C", "SH=" + strings.Join(argv, " "), "TMPDIR=" + work}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s: %v\nscript:\n%s", name, err, c.script)
	}
	ws := cmd.ProcessState.Sys().(syscall.WaitStatus)
	status := ws.ExitStatus()
	if ws.Signaled() {
		status = 128 + int(ws.Signal())
	}
	if ctx.Err() != nil && !c.mayHang {
		t.Errorf("%s: not finished after a minute\nscript:\n%s", name, c.script)
	}
	return outcome{stdout: stdout.String(), status: status, complain: stderr.Len() > 0, stderr: stderr.String(), hung: ctx.Err() != nil}
}
