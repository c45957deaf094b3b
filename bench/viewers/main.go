// Command viewers measures what it costs to look at many processes: jsh beside
// ps and pstree, in one run, in turns. It starts the processes itself, and
// prints one Markdown table of medians with jsh's share. It decides nothing.
//
//	go run ./bench/viewers          # 1,000 processes
//	go run ./bench/viewers -n 10000
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"jsh/proc"
)

// viewer is a program that looks, or a function that does.
type viewer struct {
	name string
	argv []string
	in   func() error
}

// cost is of one look.
type cost struct{ wall, cpu time.Duration }

func main() {
	n := flag.Int("n", 1000, "processes to look at")
	runs := flag.Int("runs", 11, "looks of each")
	flag.Parse()
	if err := run(*n, *runs); err != nil {
		fmt.Fprintln(os.Stderr, "viewers:", err)
		os.Exit(1)
	}
}

func run(n, runs int) error {
	dir, err := os.MkdirTemp("", "jsh-viewers-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	jsh := filepath.Join(dir, "jsh")
	build := exec.Command("go", "build", "-o", jsh, "jsh/cmd/jsh")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("cannot build jsh: %w", err)
	}
	crowd, err := start(n)
	defer func() {
		for _, c := range crowd {
			c.Process.Kill()
			c.Wait()
		}
	}()
	if err != nil {
		return err
	}
	r, err := proc.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	var s proc.Snapshot
	columns := strings.Fields("ps -eo pid,ppid,pgid,sid,tty,tpgid,stat,comm")
	viewers := []viewer{
		{name: "`ps -eo pid,ppid,…`", argv: columns},
		{name: "`ps -ejH`", argv: []string{"ps", "-ejH"}},
		{name: "`pstree -apgs`", argv: []string{"pstree", "-apgs"}},
		{name: "a snapshot, in process", in: func() error { return r.Read(&s) }},
		{name: "`jsh ps-tree -a`", argv: []string{jsh, "ps-tree", "-a"}},
		{name: "`jsh ps-tree -a --by parent`", argv: []string{jsh, "ps-tree", "-a", "--by", "parent"}},
		{name: "`jsh ps-tree -a --json`", argv: []string{jsh, "ps-tree", "-a", "--json"}},
	}
	viewers = slices.DeleteFunc(viewers, func(v viewer) bool {
		if v.in != nil {
			return false
		}
		_, err := exec.LookPath(v.argv[0])
		return err != nil
	})
	costs := make([][]cost, len(viewers))
	for turn := -1; turn < runs; turn++ { // the first is not counted
		for i, v := range viewers {
			c, err := v.look()
			if err != nil {
				return fmt.Errorf("%s: %w", v.name, err)
			}
			if turn >= 0 {
				costs[i] = append(costs[i], c)
			}
		}
	}
	print(viewers, costs, len(s.Procs))
	return nil
}

// start makes the crowd: every tenth leads a session of its own.
func start(n int) (crowd []*exec.Cmd, err error) {
	for i := range n {
		c := exec.Command("sleep", "3600")
		c.SysProcAttr = &syscall.SysProcAttr{Setsid: i%10 == 0, Pdeathsig: syscall.SIGKILL}
		if err := c.Start(); err != nil {
			return crowd, err
		}
		crowd = append(crowd, c)
	}
	return crowd, nil
}

func (v *viewer) look() (cost, error) {
	began := time.Now()
	if v.in != nil {
		var before, after syscall.Rusage
		syscall.Getrusage(syscall.RUSAGE_SELF, &before)
		err := v.in()
		syscall.Getrusage(syscall.RUSAGE_SELF, &after)
		return cost{time.Since(began), busy(&after) - busy(&before)}, err
	}
	cmd := exec.Command(v.argv[0], v.argv[1:]...)
	err := cmd.Run()
	wall := time.Since(began)
	if err != nil {
		return cost{}, err
	}
	return cost{wall, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}, nil
}

func busy(u *syscall.Rusage) time.Duration {
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func print(viewers []viewer, costs [][]cost, n int) {
	median := func(i int, of func(cost) time.Duration) float64 {
		var all []time.Duration
		for _, c := range costs[i] {
			all = append(all, of(c))
		}
		slices.Sort(all)
		return float64(all[len(all)/2]) / 1e6
	}
	wall := func(c cost) time.Duration { return c.wall }
	cpu := func(c cost) time.Duration { return c.cpu }
	fmt.Printf("%d processes on this machine, medians of %d looks.\n\n", n, len(costs[0]))
	head, rule := "| look | time | CPU |", "|---|---:|---:|"
	var others []int
	for i, v := range viewers {
		if v.argv != nil && !strings.Contains(v.name, "jsh") {
			others = append(others, i)
			head += " CPU ÷ " + v.name + " |"
			rule += "---:|"
		}
	}
	fmt.Println(head + "\n" + rule)
	for i, v := range viewers {
		line := "| " + v.name + " | " + ms(median(i, wall)) + " | " + ms(median(i, cpu)) + " |"
		for _, o := range others {
			line += " " + strconv.FormatFloat(median(i, cpu)/median(o, cpu), 'f', 2, 64) + " |"
		}
		fmt.Println(line)
	}
}

func ms(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) + " ms" }
