package ptytest

import (
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

var build struct {
	once sync.Once
	path string
	out  []byte
	err  error
}

// JSH builds jsh, once in a run of the test binary, and returns the path of
// the program. It needs Main. Under the race detector jsh has it too. Started
// without --plain or -i on a terminal of 80×24 it opens with the split screen;
// FindShell gives the plain shell.
func JSH(t testing.TB) string {
	t.Helper()
	if programs.temp == "" {
		t.Fatal("ptytest: JSH needs a TestMain that calls ptytest.Main")
	}
	build.once.Do(func() {
		build.path = filepath.Join(programs.temp, "jsh")
		args := []string{"build", "-o", build.path}
		cgo := "CGO_ENABLED=0"
		if raceEnabled {
			args = append(args, "-race")
			cgo = "CGO_ENABLED=1"
		}
		cmd := exec.Command("go", append(args, "jsh/cmd/jsh")...)
		cmd.Env = append(os.Environ(), cgo)
		build.out, build.err = cmd.CombinedOutput()
	})
	if build.err != nil {
		t.Fatalf("ptytest: go build jsh/cmd/jsh: %v\n%s", build.err, build.out)
	}
	return build.path
}

// Shell is an interactive shell that can be started.
type Shell struct {
	Name string // "jsh", "bash" or "dash"
	Argv []string
}

// EachShell runs a test with each of the shells named, as a subtest: the same
// script at the same kernel. One that is not installed is skipped.
func EachShell(t *testing.T, names []string, f func(t *testing.T, sh Shell)) {
	t.Helper()
	for _, name := range names {
		t.Run(name, func(t *testing.T) { f(t, FindShell(t, name)) })
	}
}

// FindShell returns one of the shells jsh, bash and dash, to be interactive and
// to read no start-up file. It skips the test if the shell is not installed.
func FindShell(t testing.TB, name string) Shell {
	t.Helper()
	if name == "jsh" {
		return Shell{Name: name, Argv: []string{JSH(t), "--plain"}} // without the split screen
	}
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	argv := []string{path, "-i"}
	if name == "bash" {
		argv = []string{path, "--norc", "--noprofile", "-i"}
	}
	return Shell{Name: name, Argv: argv}
}
