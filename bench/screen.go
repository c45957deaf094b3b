package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// The screen beside tmux: the same shell in both, on a terminal of 80×24. What
// it writes is read as fast as it comes, as a fast terminal does.

// pane is one way to run the shell.
type pane struct {
	name string
	argv []string
	end  func() // what is left when the terminal was closed
}

func benchScreen(jsh string, keys int) error {
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
	panes := []pane{{"jsh --plain", []string{jsh, "--plain"}, nil}}
	if tmux, err := exec.LookPath("tmux"); err == nil {
		socket := filepath.Join(dir, "tmux")
		panes = append(panes, pane{"in tmux", []string{tmux, "-S", socket, "-f", "/dev/null", "new-session", "exec env 'PS1=READY> ' " + jsh + " --plain"},
			func() { exec.Command(tmux, "-S", socket, "kill-server").Run() }})
	}
	panes = append(panes, pane{"in the screen", []string{jsh}, nil})

	results := make([]screenResult, len(panes))
	for i, p := range panes {
		if results[i], err = p.measure(dir, keys); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	fmt.Print("| case |")
	for _, p := range panes {
		fmt.Print(" " + p.name + " |")
	}
	fmt.Print("\n|---|" + strings.Repeat("---:|", len(panes)) + "\n")
	line := func(name string, f func(r screenResult) string) {
		fmt.Print("| " + name + " |")
		for _, r := range results {
			fmt.Print(" " + f(r) + " |")
		}
		fmt.Println()
	}
	line("`seq 1 1000000`", func(r screenResult) string { return seconds(r.seq) })
	line("`find /usr`", func(r screenResult) string { return seconds(r.find) })
	line("key echo, median", func(r screenResult) string { return millis(r.keys[len(r.keys)/2]) })
	line("key echo, 99 of 100", func(r screenResult) string { return millis(r.keys[len(r.keys)*99/100]) })
	line("^C until the prompt, in `yes`", func(r screenResult) string { return millis(r.stop) })
	return nil
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 2, 64) + " s" }
func millis(d time.Duration) string  { return strconv.FormatFloat(d.Seconds()*1e3, 'f', 2, 64) + " ms" }

type screenResult struct {
	seq, find time.Duration // the median of three
	keys      []time.Duration
	stop      time.Duration // the worst of five
}

// tap reads a terminal and wakes who waits for a text.
type tap struct {
	master *os.File
	data   chan []byte
	seen   []byte // what came since the last mark
}

func (t *tap) mark() { t.seen = t.seen[:0] }

// until waits for a text, and returns when it came.
func (t *tap) until(text string, limit time.Duration) (time.Time, error) {
	end := time.After(limit)
	for !bytes.Contains(t.seen, []byte(text)) {
		if over := len(t.seen) - 64<<10; over > 0 {
			t.seen = slices.Delete(t.seen, 0, over)
		}
		select {
		case b, ok := <-t.data:
			if !ok {
				return time.Time{}, fmt.Errorf("it ended before %q came", text)
			}
			t.seen = append(t.seen, b...)
		case <-end:
			return time.Time{}, fmt.Errorf("%q did not come; the last that did is %q", text, t.seen[max(0, len(t.seen)-300):])
		}
	}
	return time.Now(), nil
}

// quiet waits until nothing has come for a while.
func (t *tap) quiet(d time.Duration) {
	for {
		select {
		case b, ok := <-t.data:
			if !ok {
				return
			}
			t.seen = append(t.seen[:0], b...)
		case <-time.After(d):
			return
		}
	}
}

func (t *tap) Write(b []byte) (int, error) {
	t.data <- bytes.Clone(b)
	return len(b), nil
}

func (p pane) measure(dir string, keys int) (r screenResult, err error) {
	cmd := exec.Command(p.argv[0], p.argv[1:]...)
	cmd.Env = append(cleanEnv(dir), "TERM=xterm-256color", "LC_ALL=C.UTF-8", "PS1=READY> ")
	t := &tap{data: make(chan []byte, 1024)}
	master, drained, err := startOnTerminalOf(cmd, t, 80, 24)
	if err != nil {
		return r, err
	}
	t.master = master
	defer func() {
		if p.end != nil {
			p.end()
		}
		go func() {
			for range t.data {
			}
		}()
		master.Close()
		cmd.Process.Kill()
		cmd.Wait()
		<-drained
	}()
	if _, err = t.until("READY>", 20*time.Second); err != nil {
		return r, err
	}
	t.quiet(500 * time.Millisecond)
	run := func(command string) (time.Duration, error) {
		var took []time.Duration
		for i := range 3 {
			t.mark()
			done := "end-of-run-" + strconv.Itoa(i)
			began := time.Now()
			fmt.Fprintf(master, "%s; echo end-of''-run-%d\r", command, i)
			at, err := t.until(done, 120*time.Second)
			if err != nil {
				return 0, err
			}
			took = append(took, at.Sub(began))
			t.quiet(300 * time.Millisecond)
		}
		slices.Sort(took)
		return took[1], nil
	}
	if r.seq, err = run("seq 1 1000000"); err != nil {
		return r, err
	}
	if r.find, err = run("find /usr"); err != nil {
		return r, err
	}
	for i := range keys {
		key := string(rune('a' + i%26))
		t.mark()
		began := time.Now()
		master.WriteString(key)
		at, err := t.until(key, 10*time.Second)
		if err != nil {
			return r, err
		}
		r.keys = append(r.keys, at.Sub(began))
		if i%40 == 39 {
			master.WriteString("\x15") // a new line
		}
		t.quiet(15 * time.Millisecond)
	}
	slices.Sort(r.keys)
	master.WriteString("\x15")
	for range 5 {
		t.quiet(300 * time.Millisecond)
		t.mark()
		master.WriteString("yes\r")
		if _, err = t.until("y\r\ny", 10*time.Second); err != nil {
			if _, err = t.until("y", time.Second); err != nil {
				return r, err
			}
		}
		time.Sleep(500 * time.Millisecond)
		t.mark()
		for len(t.data) > 0 { // what is in our own hands
			<-t.data
		}
		began := time.Now()
		master.WriteString("\x03")
		at, err := t.until("READY>", 20*time.Second)
		if err != nil {
			return r, err
		}
		r.stop = max(r.stop, at.Sub(began))
	}
	return r, nil
}

// startOnTerminalOf is startOnTerminal on a terminal of a size.
func startOnTerminalOf(cmd *exec.Cmd, out *tap, cols, rows uint16) (*os.File, chan struct{}, error) {
	return startOnTerminal(cmd, out, &unix.Winsize{Col: cols, Row: rows})
}
