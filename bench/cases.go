package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// benchCase is one row: a script that every shell runs, or, where probe is
// set, something else to be measured of a shell.
type benchCase struct {
	name   string
	script string // tiny is the program to start; it ends at once
	// per is how many of the things that the row tells the script does.
	per   int
	times int    // more runs than asked for, where one is short
	unit  string // of the result: µs, ms or MB
	// terminal has the script run on a terminal of its own, as set -m needs.
	terminal bool
	goal     string // from the plan: "1.05 × dash (1.4)"
	probe    func(sh shellUnderTest) (float64, error)
}

func cases() []benchCase {
	loop := func(n int, body string) string {
		return "i=0; while [ $i -lt " + strconv.Itoa(n) + " ]; do " + body + "\ni=$((i+1)); done"
	}
	pipeline := func(stages int) string {
		return "tiny" + strings.Repeat(" | tiny", stages-1)
	}
	jobs := func(n int) string { return loop(n, "tiny &") + "; jobs >/dev/null; wait" }
	return []benchCase{
		{name: "start-up, `-c :`", script: ":", per: 1, times: 10, unit: "ms", goal: "1.0 × bash (1.3)"},
		{name: "spawn and wait, a program", script: loop(500, "tiny"), per: 500, unit: "µs", goal: "1.05 × dash (1.4)"},
		{name: "the same under `-m`", script: "set -m; " + loop(500, "tiny"), per: 500, unit: "µs", terminal: true, goal: "1.05 × dash (1.4)"},
		{name: "`( cd /; pwd )`", script: loop(50, "( cd /; pwd ) >/dev/null"), per: 50, unit: "µs", goal: "3 × bash (5)"},
		{name: "`x=$(f)`, a function", script: "f() { echo a; }; " + loop(50, "x=$(f)"), per: 50, unit: "µs", goal: "3 × bash (5)"},
		{name: "`( cd /; tiny; : )`", script: loop(50, "( cd /; tiny; : )"), per: 50, unit: "µs", goal: "3 × bash (5)"},
		{name: "`x=$(g)`, a function with a program", script: "g() { tiny; echo a; }; " + loop(50, "x=$(g)"), per: 50, unit: "µs", goal: "3 × bash (5)"},
		{name: "`x=$(tiny)`", script: loop(100, "x=$(tiny)"), per: 100, unit: "µs"},
		{name: "`x=$(echo a | cat)`", script: loop(50, "x=$(echo a | cat)"), per: 50, unit: "µs"},
		{name: "pipeline of 2", script: loop(100, pipeline(2)), per: 100, unit: "µs", goal: "1.0 × bash (1.3)"},
		{name: "pipeline of 10", script: loop(20, pipeline(10)), per: 20, unit: "µs", goal: "1.0 × bash (1.3)"},
		{name: "pipeline of 100", script: loop(3, pipeline(100)), per: 3, unit: "ms", goal: "1.0 × bash (1.3)"},
		{name: "500 background jobs", script: jobs(500), per: 1, unit: "ms"},
		{name: "2,000 background jobs", script: jobs(2000), per: 1, unit: "ms", goal: "1.0 × dash (1.5)"},
		{name: "100,000 rounds of arithmetic and test", script: loop(100000, ":"), per: 1, unit: "ms", goal: "1.0 × bash (1.5)"},
		{name: "100,000-line `while read`", script: "while read -r a b; do n=$b; done <lines", per: 1, unit: "ms", goal: "1.0 × bash (1.5)"},
		{name: "10,000-line `while read`, a pipe", script: "cat tenth | while read -r a b; do n=$b; done", per: 1, unit: "ms", goal: "1.0 × bash (1.5)"},
		{name: "resident memory at the prompt", unit: "MB", probe: memoryAtPrompt, goal: "15 MB (20)"},
	}
}

// measure runs a case in every shell, in turns, and takes the medians. The
// first turn is not counted.
func (c *benchCase) measure(dir string, shells []shellUnderTest, runs int, raw bool) (row, error) {
	if err := prepare(dir); err != nil {
		return row{}, err
	}
	times := make([][]float64, len(shells))
	for turn := -1; turn < runs*max(c.times, 1); turn++ {
		for i, sh := range shells {
			v, err := c.once(dir, sh)
			if err != nil {
				return row{}, fmt.Errorf("%s: %w", sh.name, err)
			}
			if turn >= 0 {
				times[i] = append(times[i], v)
			}
		}
	}
	r := row{name: c.name, unit: c.unit, goal: c.goal}
	for i := range shells {
		if raw {
			fmt.Fprintf(os.Stderr, "%s, %s: %.4g\n", c.name, shells[i].name, times[i])
		}
		r.medians = append(r.medians, median(times[i]))
	}
	return r, nil
}

// once is one run, in the unit of the case.
func (c *benchCase) once(dir string, sh shellUnderTest) (float64, error) {
	if c.probe != nil {
		return c.probe(sh)
	}
	if c.terminal {
		cmd := exec.Command(sh.path, "-c", c.script)
		cmd.Dir, cmd.Env = dir, cleanEnv(dir)
		return c.onTerminal(cmd)
	}
	said, err := os.Create(filepath.Join(dir, "stderr"))
	if err != nil {
		return 0, err
	}
	defer said.Close()
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return 0, err
	}
	defer null.Close()
	v, err := c.timed(func() error {
		return startAndWait(sh.path, []string{sh.name, "-c", c.script}, &syscall.ProcAttr{Dir: dir, Env: cleanEnv(dir),
			Files: []uintptr{null.Fd(), null.Fd(), said.Fd()}})
	})
	text, _ := os.ReadFile(said.Name())
	if err == nil && len(text) > 0 {
		err = errors.New("it complained")
	}
	if err != nil {
		err = fmt.Errorf("%w: %s", err, text)
	}
	return v, err
}

// startAndWait runs a program with as little of our own around it as can be:
// os/exec would add a thread or two to each measurement.
func startAndWait(path string, argv []string, attr *syscall.ProcAttr) error {
	pid, err := syscall.ForkExec(path, argv, attr)
	if err != nil {
		return err
	}
	for {
		var ws syscall.WaitStatus
		switch _, err := syscall.Wait4(pid, &ws, 0, nil); {
		case err == syscall.EINTR:
		case err != nil:
			return err
		case ws != 0:
			return fmt.Errorf("wait status %#x", int(ws))
		default:
			return nil
		}
	}
}

func (c *benchCase) timed(run func() error) (float64, error) {
	start := time.Now()
	err := run()
	d := time.Since(start)
	if c.unit == "µs" {
		return float64(d.Nanoseconds()) / 1e3 / float64(c.per), err
	}
	return float64(d.Nanoseconds()) / 1e6 / float64(c.per), err
}

// cleanEnv is a small environment without anybody's startup files. tiny stands
// in the first directory of PATH.
func cleanEnv(dir string) []string {
	return []string{"PATH=" + dir + ":/usr/bin:/bin", "HOME=" + dir, "LC_ALL=C", "TERM=dumb", "PS1=READY# "}
}

// prepare writes the files that the scripts read.
func prepare(dir string) error {
	var b bytes.Buffer
	write := func(name string, lines int) error {
		b.Reset()
		for i := range lines {
			fmt.Fprintf(&b, "line %d of the file\n", i)
		}
		return os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o600)
	}
	if err := write("lines", 100000); err != nil {
		return err
	}
	return write("tenth", 10000)
}
