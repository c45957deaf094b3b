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
//	go run ./bench screen          # the split screen beside tmux
//	go run ./bench classroom       # 120 learners at once
//
// With the word picture it measures what seeing processes costs, beside ps and
// pstree, on a machine filled up to 1,000 and to 10,000 processes:
//
//	go run ./bench picture
//	go run ./bench -sizes 1000 -seconds 20 picture
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

func main() {
	runs := flag.Int("runs", 11, "runs of each shell in each case")
	only := flag.String("case", "", "only cases whose name holds this text")
	with := flag.String("shells", "dash,bash,mksh,zsh", "the shells to compare with, where they are installed")
	path := flag.String("jsh", "", "measure this jsh instead of building one")
	raw := flag.Bool("raw", false, "print every run to standard error")
	sizes := flag.String("sizes", "1000,10000", "picture: how many processes")
	seconds := flag.Int("seconds", 10, "picture, classroom: how long to watch")
	learners := flag.Int("learners", 120, "classroom: how many")
	flag.Parse()
	var err error
	switch flag.Arg(0) {
	case "picture":
		err = benchPicture(*path, *runs, *sizes, *seconds)
	case "classroom":
		err = benchClassroom(*path, *learners, *seconds)
	case "screen":
		err = benchScreen(*path, 300)
	default:
		err = bench(*runs, *only, *with, *path, *raw)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// shellUnderTest is one column of the table.
type shellUnderTest struct {
	name, path string
}

func bench(runs int, only, with, jsh string, raw bool) error {
	dir, jsh, _, err := programs(jsh)
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
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

// benchPicture prints the second table.
func benchPicture(jsh string, runs int, sizes string, seconds int) error {
	dir, jsh, tiny, err := programs(jsh)
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var n []int
	for _, s := range strings.Split(sizes, ",") {
		size, err := strconv.Atoi(s)
		if err != nil {
			return fmt.Errorf("-sizes: %w", err)
		}
		n = append(n, size)
	}
	return picture(dir, jsh, tiny, runs, n, seconds)
}

// programs makes a directory with what every case needs: jsh, unless one is
// given, and tiny.
func programs(given string) (dir, jsh, tiny string, err error) {
	if dir, err = os.MkdirTemp("", "jsh-bench-"); err != nil {
		return "", "", "", err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(dir)
		}
	}()
	if jsh = given; jsh == "" {
		jsh = filepath.Join(dir, "jsh")
		build := exec.Command("go", "build", "-o", jsh, "jsh/cmd/jsh")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return dir, "", "", fmt.Errorf("cannot build jsh: %w", err)
		}
	}
	if jsh, err = filepath.Abs(jsh); err != nil {
		return dir, "", "", err
	}
	tiny = filepath.Join(dir, "tiny")
	return dir, jsh, tiny, writeTiny(tiny)
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
