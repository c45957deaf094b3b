package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"jsh/screen/grid"
)

// A classroom: many learners on one machine, each in a jsh of his own on a terminal
// of 80×24, who type a line every three seconds or so. What is written to the
// terminals is read here at once, into a model of each; that costs, too, and is not
// counted.

// classroom is what was measured.
type classroom struct {
	ready        time.Duration // from the first start to the last prompt
	memory       float64       // MB for each learner
	cpu          float64       // cores in use by all of them
	echo, prompt []time.Duration
}

func benchClassroom(given string, learners, seconds int) error {
	dir, jsh, _, err := programs(given)
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var found []classroom
	for _, args := range [][]string{{jsh}, {jsh, "--plain"}} {
		c, err := teach(dir, args, learners, time.Duration(seconds)*time.Second)
		if err != nil {
			return err
		}
		found = append(found, c)
	}
	fmt.Printf("| %d learners at once | with the screen | --plain |\n|---|---:|---:|\n", learners)
	line := func(name string, f func(c *classroom) string) {
		fmt.Printf("| %s | %s | %s |\n", name, f(&found[0]), f(&found[1]))
	}
	line("memory for each", func(c *classroom) string { return fmt.Sprintf("%.1f MB", c.memory) })
	line("processors in use, all together", func(c *classroom) string { return fmt.Sprintf("%.2f", c.cpu) })
	line("key echo, median", func(c *classroom) string { return millis(c.echo[len(c.echo)/2]) })
	line("key echo, 99 of 100", func(c *classroom) string { return millis(c.echo[len(c.echo)*99/100]) })
	line("from Enter to the next prompt, a program, median", func(c *classroom) string { return millis(c.prompt[len(c.prompt)/2]) })
	line("the same, 99 of 100", func(c *classroom) string { return millis(c.prompt[len(c.prompt)*99/100]) })
	line("all prompts are there after", func(c *classroom) string { return fmt.Sprintf("%.1f s", c.ready.Seconds()) })
	return nil
}

// teach has all learners work for a while.
func teach(dir string, argv []string, learners int, length time.Duration) (c classroom, err error) {
	began := time.Now()
	class := make([]*pupil, learners)
	defer func() {
		for _, p := range class {
			p.leave()
		}
	}()
	for i := range class {
		if class[i], err = enrol(filepath.Join(dir, "home"+strconv.Itoa(i)), argv); err != nil {
			return c, err
		}
	}
	var mu sync.Mutex
	var ready, over sync.WaitGroup
	start := make(chan struct{})
	for _, p := range class {
		ready.Add(1)
		over.Go(func() {
			e := p.until(60*time.Second, p.prompted)
			ready.Done()
			<-start
			for end := time.Now().Add(length); e == nil && time.Now().Before(end); {
				time.Sleep(2*time.Second + rand.N(2*time.Second))
				var echo, prompt time.Duration
				if echo, prompt, e = p.work(); e == nil {
					mu.Lock()
					c.echo, c.prompt = append(c.echo, echo), append(c.prompt, prompt)
					mu.Unlock()
				}
			}
			if e != nil {
				mu.Lock()
				err = e
				mu.Unlock()
			}
		})
	}
	ready.Wait()
	c.ready = time.Since(began)
	cpu, _, at := costs(dir)
	close(start)
	over.Wait()
	if err != nil {
		return c, err
	}
	cpu2, memory, at2 := costs(dir)
	c.memory = memory / float64(learners)
	c.cpu = (cpu2 - cpu) / at2.Sub(at).Seconds()
	if len(c.echo) == 0 {
		return c, errors.New("nobody has typed anything in that time")
	}
	slices.Sort(c.echo)
	slices.Sort(c.prompt)
	return c, nil
}

// pupil is one learner at a terminal.
type pupil struct {
	cmd     *exec.Cmd
	master  *os.File
	drained chan struct{}
	moved   chan struct{}

	mu     sync.Mutex
	screen *grid.Grid
}

func enrol(home string, argv []string) (*pupil, error) {
	if err := os.MkdirAll(home+"/run", 0o700); err != nil {
		return nil, err
	}
	p := &pupil{moved: make(chan struct{}, 1), screen: grid.New(80, 24, grid.Options{})}
	p.cmd = exec.Command(argv[0], argv[1:]...)
	p.cmd.Env = append(cleanEnv(home), "TERM=xterm-256color", "LC_ALL=C.UTF-8", "PS1=READY> ",
		"XDG_RUNTIME_DIR="+home+"/run", "XDG_STATE_HOME="+home)
	var err error
	p.master, p.drained, err = startOnTerminal(p.cmd, p, &unix.Winsize{Col: 80, Row: 24})
	return p, err
}

func (p *pupil) Write(b []byte) (int, error) {
	p.mu.Lock()
	p.screen.Write(b)
	p.mu.Unlock()
	select {
	case p.moved <- struct{}{}:
	default:
	}
	return len(b), nil
}

// until waits until the screen looks so.
func (p *pupil) until(limit time.Duration, so func() bool) error {
	end := time.After(limit)
	for {
		p.mu.Lock()
		yes := so()
		p.mu.Unlock()
		if yes {
			return nil
		}
		select {
		case <-p.moved:
		case <-p.drained:
			return errors.New("a shell ended")
		case <-end:
			p.mu.Lock()
			defer p.mu.Unlock()
			return fmt.Errorf("nothing came for %v; there stands\n%s", limit, p.screen.Text())
		}
	}
}

func (p *pupil) atCursor(text string) bool {
	c := p.screen.Cursor()
	return strings.TrimRight(p.screen.Line(c.Y), " ") == strings.TrimRight(text, " ") && c.X == len(text)
}

func (p *pupil) prompted() bool { return p.atCursor("READY> ") }

// work types one line: how long the echo of its first key took, and the time from
// Enter until the prompt stands below what the program wrote.
func (p *pupil) work() (echo, prompt time.Duration, err error) {
	const patience = 30 * time.Second
	lines := []string{"/bin/echo", "ls -d / && /bin/echo", "sleep 0.01 | cat; /bin/echo", "(cd /; /bin/echo a); /bin/echo"}
	word := fmt.Sprintf("%08d", rand.N(100000000))
	line := lines[rand.N(len(lines))] + " x''" + word
	began := time.Now()
	p.master.WriteString(line[:1])
	if err = p.until(patience, func() bool { return p.atCursor("READY> " + line[:1]) }); err != nil {
		return 0, 0, err
	}
	echo = time.Since(began)
	p.master.WriteString(line[1:])
	if err = p.until(patience, func() bool { return p.atCursor("READY> " + line) }); err != nil {
		return 0, 0, err
	}
	began = time.Now()
	p.master.WriteString("\r")
	err = p.until(patience, func() bool {
		y := p.screen.Cursor().Y
		return p.prompted() && y > 0 && strings.TrimSpace(p.screen.Line(y-1)) == "x"+word
	})
	return echo, time.Since(began), err
}

func (p *pupil) leave() {
	if p == nil || p.master == nil {
		return
	}
	p.master.Close()
	p.cmd.Process.Signal(unix.SIGHUP)
	done := make(chan struct{})
	go func() { p.cmd.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		p.cmd.Process.Kill()
		<-done
	}
}

// costs are of all processes that have dir in their environment: the processor time
// in seconds, with that of the children they have waited for (proc_pid_stat(5)), and
// the memory in MB, in which what several share is divided among them (Pss of
// proc_pid_smaps(5)).
func costs(dir string) (cpu, memory float64, at time.Time) {
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		env, err := os.ReadFile("/proc/" + e.Name() + "/environ")
		if err != nil || !strings.Contains(string(env), dir) {
			continue
		}
		rollup, _ := os.ReadFile("/proc/" + e.Name() + "/smaps_rollup")
		_, pss, _ := strings.Cut(string(rollup), "\nPss:")
		kb, _ := strconv.ParseFloat(strings.Fields(pss + " 0")[0], 64)
		memory += kb / 1024
		stat, _ := os.ReadFile("/proc/" + e.Name() + "/stat")
		_, rest, _ := strings.Cut(string(stat), ") ")
		for i, f := range strings.Fields(rest) {
			if i >= 11 && i <= 14 { // utime, stime, cutime, cstime
				n, _ := strconv.ParseFloat(f, 64)
				cpu += n / 100
			}
		}
	}
	return cpu, memory, time.Now()
}
