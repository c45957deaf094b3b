package ptytest

import (
	"bytes"
	"crypto/rand"
	"errors"
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

	"golang.org/x/sys/unix"

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
	// here gets: HOME (an empty directory of this test), PATH, TERM, LC_ALL and
	// PS1. Nothing else of the test's own environment goes to the program.
	Env []string
	// Dir is the working directory; HOME if empty.
	Dir string
	// Prompt is PS1, which WaitPrompt waits for; Prompt if empty.
	Prompt string
	// MayStay tells whether a process may outlive the hang-up at the end of the
	// test. It is killed all the same. Nil: none may.
	MayStay func(ProcInfo) bool
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

// Type sends bytes as if they were typed. It waits for nothing.
func (t *Term) Type(s string) {
	t.t.Helper()
	t.master.SetWriteDeadline(time.Now().Add(t.deadline))
	if _, err := t.master.WriteString(s); err != nil {
		t.fail("typing %q: %v", s, err)
	}
}

// Key sends one key. Read the package's comment before sending one that makes
// a signal.
func (t *Term) Key(k Key) {
	t.t.Helper()
	t.Type(string(k))
}

// Key is what a key of the keyboard sends.
type Key string

const (
	CtrlA      Key = "\x01"
	CtrlB      Key = "\x02"
	CtrlC      Key = "\x03" // SIGINT
	CtrlD      Key = "\x04" // end of file
	CtrlE      Key = "\x05"
	CtrlK      Key = "\x0b"
	CtrlL      Key = "\x0c"
	CtrlQ      Key = "\x11" // output goes on
	CtrlR      Key = "\x12"
	CtrlS      Key = "\x13" // output stops
	CtrlU      Key = "\x15"
	CtrlV      Key = "\x16"
	CtrlW      Key = "\x17"
	CtrlY      Key = "\x19"
	CtrlZ      Key = "\x1a" // SIGTSTP
	CtrlSlash  Key = "\x1c" // ^\ SIGQUIT
	CtrlSquare Key = "\x1d" // ^]
	Enter      Key = "\r"
	Tab        Key = "\t"
	Esc        Key = "\x1b"
	Backspace  Key = "\x7f"
	Up         Key = "\x1b[A"
	Down       Key = "\x1b[B"
	Right      Key = "\x1b[C"
	Left       Key = "\x1b[D"
	Home       Key = "\x1b[H"
	End        Key = "\x1b[F"
	Delete     Key = "\x1b[3~"
	F2         Key = "\x1bOQ"
)

// Resize changes the terminal's size: the foreground process group gets
// SIGWINCH.
func (t *Term) Resize(cols, rows int) {
	t.t.Helper()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.screen.Resize(cols, rows)
	t.o.Cols, t.o.Rows = cols, rows
	err := control(t.master, func(fd int) error {
		return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, winsize(cols, rows))
	})
	if err != nil {
		t.t.Fatalf("ptytest: TIOCSWINSZ: %v", err)
	}
}

// Foreground is the terminal's foreground process group (tcgetpgrp(3)), asked
// at the master; 0 if the terminal has no session any more.
func (t *Term) Foreground() int {
	var pgid int
	err := control(t.master, func(fd int) (err error) {
		pgid, err = unix.IoctlGetInt(fd, unix.TIOCGPGRP)
		return err
	})
	if err != nil {
		return 0
	}
	return pgid
}

// Modes are the terminal's modes (termios(3)), asked at the master.
func (t *Term) Modes() unix.Termios {
	t.t.Helper()
	var modes *unix.Termios
	err := control(t.master, func(fd int) (err error) {
		modes, err = unix.IoctlGetTermios(fd, unix.TCGETS)
		return err
	})
	if err != nil {
		t.t.Fatalf("ptytest: TCGETS: %v", err)
	}
	return *modes
}

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

// Session returns the processes of the terminal's session, zombies too.
func (t *Term) Session() []ProcInfo { return Session(t.Pid()) }

// Zombies returns the processes of the session that ended and were not waited
// for.
func (t *Term) Zombies() []ProcInfo {
	return slices.DeleteFunc(t.Session(), func(p ProcInfo) bool { return !p.Zombie() })
}

// Group returns the processes of one process group of the session.
func (t *Term) Group(pgid int) []ProcInfo {
	return slices.DeleteFunc(t.Session(), func(p ProcInfo) bool { return p.Pgid != pgid })
}

// members are the living processes that came from this Term: those of the
// session, those that carry its marker, and their descendants. A zombie is
// left out: only its parent can remove it.
func (t *Term) members() []ProcInfo {
	all := allProcs()
	ours := map[int]bool{}
	for _, p := range all {
		if p.Sid == t.Pid() || p.Pid != os.Getpid() && hasEnv(p.Pid, t.entry) {
			ours[p.Pid] = true
		}
	}
	for grown := true; grown; {
		grown = false
		for _, p := range all {
			if !ours[p.Pid] && ours[p.PPid] {
				ours[p.Pid], grown = true, true
			}
		}
	}
	return slices.DeleteFunc(all, func(p ProcInfo) bool { return !ours[p.Pid] || p.Zombie() })
}

// Hangup closes the master: the kernel sends SIGHUP to the session leader, as
// when a terminal's window is closed. Nothing can be typed or read after it.
func (t *Term) Hangup() { t.master.Close() }

// end hangs up, gives the processes time to go, and removes those that stay.
func (t *Term) end() {
	before := t.members()
	t.Hangup()
	var left []ProcInfo
	gone := func() bool {
		left = t.members()
		for _, p := range before { // one that shed session, marker and parent
			now, ok := Proc(p.Pid)
			if ok && now.Start == p.Start && !now.Zombie() && !contains(left, now) {
				left = append(left, now)
			}
		}
		return !slices.ContainsFunc(left, func(p ProcInfo) bool {
			return t.o.MayStay == nil || !t.o.MayStay(p)
		})
	}
	grace := t.deadline / 4
	if t.t.Failed() {
		grace = t.deadline / 20
	}
	ok := poll(grace, gone)
	if !ok && !t.t.Failed() {
		t.t.Errorf("ptytest: left behind after the hang-up:\n%s", tree(left))
	}
	killed := poll(t.deadline, func() bool {
		for _, p := range left {
			if now, ok := Proc(p.Pid); ok && now.Start == p.Start {
				syscall.Kill(p.Pid, syscall.SIGKILL)
			}
		}
		left = t.members()
		return len(left) == 0
	})
	if !killed {
		t.t.Errorf("ptytest: cannot kill:\n%s", tree(left))
		return
	}
	<-t.exited
}

func contains(procs []ProcInfo, p ProcInfo) bool {
	return slices.ContainsFunc(procs, func(q ProcInfo) bool { return q.Pid == p.Pid && q.Start == p.Start })
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

var errClosed = errors.New("nobody has the terminal open any more")

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
