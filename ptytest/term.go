package ptytest

import (
	"bytes"
	"crypto/rand"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"jsh/screen/grid"
)

// Prompt is the PS1 that a program gets if Options.Prompt says nothing else.
const Prompt = "ready> "

// marker is the name of the environment variable by which the processes of one
// Term are known, wherever they went.
const marker = "JSHTEST_ID"

// maxTranscript is how many bytes of output are kept.
const maxTranscript = 1 << 20

// Options say what to start and where. Only Argv is needed.
type Options struct {
	// Argv is the program and its arguments. The program is looked for in the
	// PATH of the test.
	Argv []string
	// Cols and Rows are the terminal's size; 80 and 24 if 0.
	Cols, Rows int
	// Env are NAME=value entries on top of the environment that every program
	// here gets: HOME (a new directory of this test), PATH, TERM, LC_ALL and
	// PS1. Nothing else of the test's own environment goes to the program.
	Env []string
	// Dir is the working directory; HOME if empty.
	Dir string
	// Prompt is PS1, which WaitPrompt waits for; Prompt if empty.
	Prompt string
	// MayStay tells whether a process may outlive the hang-up at the end of the
	// test. It is killed all the same. Nil: none may.
	MayStay func(ProcInfo) bool
	// Newcomer leaves HOME quite empty. Else it has an empty ~/.jsh_history, so
	// that jsh does not take the test for somebody who never typed a line.
	Newcomer bool
	// Deadline is how long one wait may take; 20 s if 0. It is longer under the
	// race detector.
	Deadline time.Duration
}

// Term is a program on a terminal of its own.
type Term struct {
	t        testing.TB
	o        Options
	home     string
	entry    string // JSHTEST_ID=…
	master   *os.File
	cmd      *exec.Cmd
	exited   chan struct{} // closed when the program was waited for
	deadline time.Duration

	mu      sync.Mutex
	screen  *grid.Grid
	output  []byte        // the transcript, or its tail
	total   int           // bytes of output since the start
	replies []byte        // what the emulator answers, not yet written
	changed chan struct{} // closed and replaced at each change of what mu guards
	eof     bool          // nobody has the terminal open any more

	entered int // total at the last Enter of Line
}

// Start runs a program as leader of a new session whose controlling terminal
// is a new pty. When the test ends the terminal hangs up and what the program
// left behind is removed, and reported as a failure.
func Start(t testing.TB, o Options) *Term {
	t.Helper()
	if len(o.Argv) == 0 {
		t.Fatal("ptytest: no program to start")
	}
	if o.Cols == 0 {
		o.Cols = 80
	}
	if o.Rows == 0 {
		o.Rows = 24
	}
	if o.Prompt == "" {
		o.Prompt = Prompt
	}
	if o.Deadline == 0 {
		o.Deadline = 20 * time.Second
	}
	if raceEnabled {
		o.Deadline *= 4
	}
	term := &Term{
		t:        t,
		o:        o,
		home:     t.TempDir(),
		entry:    marker + "=" + rand.Text(),
		exited:   make(chan struct{}),
		deadline: o.Deadline,
		changed:  make(chan struct{}),
	}
	if !o.Newcomer { // jsh offers a newcomer a lesson at the first Enter
		os.WriteFile(filepath.Join(term.home, ".jsh_history"), nil, 0o600)
	}
	master, slave, err := openPty(o.Cols, o.Rows)
	if err != nil {
		t.Fatalf("ptytest: cannot make a pty: %v", err)
	}
	term.master = master
	term.screen = grid.New(o.Cols, o.Rows, grid.Options{
		Scrollback: 10_000,
		Reply:      func(b []byte) { term.replies = append(term.replies, b...) },
	})
	unignore()
	term.cmd = term.command(slave)
	if err := term.cmd.Start(); err != nil {
		master.Close()
		slave.Close()
		t.Fatalf("ptytest: cannot start %q: %v", o.Argv, err)
	}
	slave.Close()
	go func() {
		term.cmd.Wait()
		close(term.exited)
	}()
	read := make(chan struct{})
	go func() {
		defer close(read)
		term.read()
	}()
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		term.answer()
	}()
	t.Cleanup(func() {
		term.end()
		<-read
		<-answered
	})
	return term
}

func (t *Term) command(slave *os.File) *exec.Cmd {
	path := os.Getenv("PATH")
	if dir := programs.dir(); dir != "" {
		path = dir + ":" + path
	}
	cmd := exec.Command(t.o.Argv[0], t.o.Argv[1:]...)
	cmd.Env = append([]string{
		t.entry,
		"HOME=" + t.home,
		"PATH=" + path,
		"TERM=xterm-256color",
		"LC_ALL=C.UTF-8",
		"PS1=" + t.o.Prompt,
	}, t.o.Env...)
	cmd.Dir = t.o.Dir
	if cmd.Dir == "" {
		cmd.Dir = t.home
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	return cmd
}

// unignore makes the signals that this process was started with as ignored (a
// script's background job has SIGINT so, nohup SIGHUP) default in what it
// starts: they are caught here, and exec turns caught into default. A shell
// that finds a signal ignored at its start must leave it so for its children
// (POSIX, Shell Command Language 2.12), and ^C would end nothing.
var unignore = sync.OnceFunc(func() {
	dropped := make(chan os.Signal, 1)
	for sig := syscall.Signal(1); sig <= 31; sig++ {
		if signal.Ignored(sig) {
			signal.Notify(dropped, sig)
		}
	}
})

// read feeds the screen until nobody has the terminal open.
func (t *Term) read() {
	buf := make([]byte, 32<<10)
	for {
		n, err := t.master.Read(buf)
		t.mu.Lock()
		t.screen.Write(buf[:n])
		t.output = append(t.output, buf[:n]...)
		if over := len(t.output) - maxTranscript; over > maxTranscript/2 {
			t.output = slices.Delete(t.output, 0, over)
		}
		t.total += n
		t.eof = err != nil
		close(t.changed)
		t.changed = make(chan struct{})
		t.mu.Unlock()
		if err != nil {
			return // EIO: the last descriptor of the slave was closed
		}
	}
}

// answer writes the emulator's replies. It is no part of read: a write can
// block when the program reads nothing, and output must still be taken then.
func (t *Term) answer() {
	for {
		t.mu.Lock()
		b, changed, eof := t.replies, t.changed, t.eof
		t.replies = nil
		t.mu.Unlock()
		switch {
		case len(b) > 0:
			t.master.Write(b)
		case eof:
			return
		default:
			<-changed
		}
	}
}

// Pid is the process that was started: session leader, and leader of its
// process group until it changes that.
func (t *Term) Pid() int { return t.cmd.Process.Pid }

// Home is the program's HOME: a directory of this test alone.
func (t *Term) Home() string { return t.home }

// Screen is the text of the screen now.
func (t *Term) Screen() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.screen.Text()
}

// Transcript is what the programs wrote, byte by byte; the last megabyte of it
// if it was more.
func (t *Term) Transcript() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.output)
}

// WaitExit waits until the program that was started has ended, and returns its
// exit status; 128 and the signal's number if a signal ended it.
func (t *Term) WaitExit() int {
	t.t.Helper()
	timer := time.NewTimer(t.deadline)
	defer timer.Stop()
	select {
	case <-t.exited:
	case <-timer.C:
		t.fail("%s did not end", filepath.Base(t.o.Argv[0]))
	}
	ws := t.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if ws.Signaled() {
		return 128 + int(ws.Signal())
	}
	return ws.ExitStatus()
}

// Exited tells whether the program that was started has ended.
func (t *Term) Exited() bool {
	select {
	case <-t.exited:
		return true
	default:
		return false
	}
}

// clean makes lines of text of raw output, as the terminal would show it.
func (t *Term) clean(raw []byte) string {
	lines := bytes.Count(raw, []byte{'\n'}) + len(raw)/t.o.Cols + 1
	g := grid.New(t.o.Cols, min(lines+1, 2000), grid.Options{Scrollback: lines})
	g.Write(raw)
	var b strings.Builder
	for n := g.Scrollback(); n >= 1; n-- {
		b.WriteString(g.ScrollbackLine(n))
		b.WriteByte('\n')
	}
	b.WriteString(g.Text())
	return b.String()
}
