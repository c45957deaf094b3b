// Command bench measures jsh side by side with the other shells of this
// machine and prints one Markdown table.
//
// The shells take turns, run by run (dash, bash, …, jsh, dash, bash, …), so that
// whatever else the machine does meets all of them alike. The table gives the
// median of each and jsh's ratio to dash and to bash. It decides nothing:
// times are read by people, no test asserts them.
//
//	go run ./bench                 # all cases; builds jsh first
//	go run ./bench -case start-up  # the cases whose name holds "start-up"
//	go run ./bench -jsh ./jsh -runs 21
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	runs := flag.Int("runs", 11, "runs of each shell in each case")
	only := flag.String("case", "", "only cases whose name holds this text")
	with := flag.String("shells", "dash,bash,mksh,zsh", "the shells to compare with, where they are installed")
	path := flag.String("jsh", "", "measure this jsh instead of building one")
	raw := flag.Bool("raw", false, "print every run to standard error")
	flag.Parse()
	if err := bench(*runs, *only, *with, *path, *raw); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// shellUnderTest is one column of the table.
type shellUnderTest struct {
	name, path string
}

func bench(runs int, only, with, jsh string, raw bool) error {
	dir, err := os.MkdirTemp("", "jsh-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if jsh == "" {
		jsh = filepath.Join(dir, "jsh")
		build := exec.Command("go", "build", "-o", jsh, "jsh/cmd/jsh")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return fmt.Errorf("cannot build jsh: %w", err)
		}
	}
	if jsh, err = filepath.Abs(jsh); err != nil {
		return err
	}
	tiny := filepath.Join(dir, "tiny")
	if err := writeTiny(tiny); err != nil {
		return err
	}
	shells := installed(with)
	shells = append(shells, shellUnderTest{"jsh", jsh})
	var rows []row
	names := make([]string, len(shells))
	for i, s := range shells {
		names[i] = s.name
	}
	defer func() { fmt.Print(table(names, rows)) }() // also what was measured before an error
	for _, c := range cases() {
		if !strings.Contains(c.name, only) {
			continue
		}
		r, err := c.measure(dir, shells, runs, raw)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		rows = append(rows, r)
	}
	return nil
}

// installed are those of the shells that this machine has.
func installed(names string) []shellUnderTest {
	var out []shellUnderTest
	for _, name := range strings.Split(names, ",") {
		if path, err := exec.LookPath(name); err == nil {
			out = append(out, shellUnderTest{name, path})
		} else if name != "" {
			fmt.Fprintf(os.Stderr, "bench: %s is not installed\n", name)
		}
	}
	return out
}
