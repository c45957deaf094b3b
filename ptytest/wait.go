package ptytest

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"jsh/screen/grid"
)

// poll looks at a condition every millisecond (less often if looking is
// expensive) until it holds or the time is over. It is for the state of the
// kernel that gives no event, and for nothing else.
func poll(limit time.Duration, f func() bool) bool {
	end := time.Now().Add(limit)
	for {
		began := time.Now()
		if f() {
			return true
		}
		now := time.Now()
		if now.After(end) {
			return false
		}
		timer := time.NewTimer(max(time.Millisecond, now.Sub(began)))
		<-timer.C
	}
}

// WaitFor polls the kernel's state until f holds. why says what is waited for.
// To wait for output use the other functions.
func (t *Term) WaitFor(why string, f func() bool) {
	t.t.Helper()
	if !poll(t.deadline, f) {
		t.fail("waited for %s", why)
	}
}

// WaitForeground waits until the terminal's foreground process group
// satisfies f, and returns it.
func (t *Term) WaitForeground(why string, f func(pgid int) bool) int {
	t.t.Helper()
	var pgid int
	t.WaitFor(why, func() bool {
		pgid = t.Foreground()
		return f(pgid)
	})
	return pgid
}

// WaitForegroundJob waits until a process group other than the shell's has the
// terminal and a process of it has the name comm (proc_pid_comm(5): the name of
// the program's file, 15 bytes of it at most), and returns the group.
//
// The name matters: it changes at exec. Between the hand-over of the terminal
// and exec the child of a shell that forks still has the shell's dispositions,
// and a ^Z that comes then is ignored (seen with bash).
func (t *Term) WaitForegroundJob(comm string) int {
	t.t.Helper()
	shell := t.Pid()
	return t.WaitForeground("the job "+comm+" in the foreground", func(pgid int) bool {
		if pgid == shell || pgid <= 0 {
			return false
		}
		if p, ok := Proc(pgid); ok && p.Comm == comm {
			return true
		}
		return slices.ContainsFunc(t.Group(pgid), func(p ProcInfo) bool { return p.Comm == comm })
	})
}

// WaitForegroundShell waits until the shell has the terminal.
func (t *Term) WaitForegroundShell() {
	t.t.Helper()
	shell := t.Pid()
	t.WaitForeground("the shell in the foreground", func(pgid int) bool { return pgid == shell })
}

// WaitState waits until process pid is in one of the given states (letters of
// proc_pid_stat(5): R S D T t Z), and returns what /proc says of it then.
func (t *Term) WaitState(pid int, states string) ProcInfo {
	t.t.Helper()
	var p ProcInfo
	t.WaitFor(fmt.Sprintf("state %s of process %d", states, pid), func() bool {
		var ok bool
		p, ok = Proc(pid)
		return ok && strings.IndexByte(states, p.State) >= 0
	})
	return p
}

// WaitGone waits until there is no process pid, not even a zombie.
func (t *Term) WaitGone(pid int) {
	t.t.Helper()
	t.WaitFor(fmt.Sprintf("the end of process %d", pid), func() bool {
		_, ok := Proc(pid)
		return !ok
	})
}

// wait looks at f, which may read everything that mu guards, after each chunk
// of output until it holds.
func (t *Term) wait(why string, f func() bool) {
	t.t.Helper()
	timer := time.NewTimer(t.deadline)
	defer timer.Stop()
	for {
		t.mu.Lock()
		ok, changed, eof := f(), t.changed, t.eof
		t.mu.Unlock()
		if ok {
			return
		}
		if eof {
			t.fail("waited for %s: nobody has the terminal open any more", why)
		}
		select {
		case <-changed:
		case <-timer.C:
			t.fail("waited for %s", why)
		}
	}
}

// WaitScreen waits until the screen satisfies f. f must not keep the grid.
func (t *Term) WaitScreen(why string, f func(*grid.Grid) bool) {
	t.t.Helper()
	t.wait(why, func() bool { return f(t.screen) })
}

// WaitText waits until the screen's text matches a regular expression (^ and $
// are the ends of a line) and returns the match with its groups. What was typed
// is on the screen too: choose what the echo cannot match.
func (t *Term) WaitText(re string) []string {
	t.t.Helper()
	r := regexp.MustCompile("(?m)" + re)
	var match []string
	t.wait("text that matches "+re, func() bool {
		match = r.FindStringSubmatch(t.screen.Text())
		return match != nil
	})
	return match
}

// WaitOutput waits until the bytes that were written since the last Enter of
// Line match a regular expression.
func (t *Term) WaitOutput(re string) []string {
	t.t.Helper()
	r := regexp.MustCompile("(?m)" + re)
	var match []string
	t.wait("output that matches "+re, func() bool {
		match = r.FindStringSubmatch(string(t.sinceEnter()))
		return match != nil
	})
	return match
}

// sinceEnter is the output since the last Enter of Line.
func (t *Term) sinceEnter() []byte {
	return t.output[max(0, len(t.output)-(t.total-t.entered)):]
}

// WaitPrompt waits until the shell is ready for a line: since the last Enter of
// Line a new line was begun, the prompt was written, and it stands right before
// the cursor with nothing after it.
func (t *Term) WaitPrompt() {
	t.t.Helper()
	t.wait("the prompt "+t.o.Prompt, t.atPrompt)
}

func (t *Term) atPrompt() bool {
	if t.entered > 0 {
		out := t.sinceEnter()
		end := bytes.IndexByte(out, '\n')
		if end < 0 || !bytes.Contains(out[end:], []byte(strings.TrimRight(t.o.Prompt, " "))) {
			return false
		}
	}
	c := t.screen.Cursor()
	before := t.before(c, 0)
	return strings.HasSuffix(before, t.o.Prompt) && t.screen.Line(c.Y) == strings.TrimRight(before, " ")
}

// before is the text that stands before the cursor, from the begin of the row
// that many rows above it.
func (t *Term) before(c grid.Cursor, rows int) string {
	var b strings.Builder
	cols, _ := t.screen.Size()
	for y := max(0, c.Y-rows); y <= c.Y; y++ {
		end := cols
		if y == c.Y {
			end = c.X
			if c.PendingWrap {
				end = cols
			}
		}
		for x := range end {
			switch s := t.screen.Cluster(t.screen.Cell(x, y)); {
			case s != "":
				b.WriteString(s)
			case t.screen.Cell(x, y).Width() > 0:
				b.WriteByte(' ')
			}
		}
	}
	return b.String()
}

// Line waits for the prompt, types s, waits for its echo, and types Enter. The
// echo is waited for because a signal key that follows would throw it away.
// s must not hold characters that the line editor acts on.
func (t *Term) Line(s string) {
	t.t.Helper()
	t.WaitPrompt()
	t.Type(s)
	t.wait("the echo of "+s, func() bool {
		cols, _ := t.screen.Size()
		return strings.HasSuffix(t.before(t.screen.Cursor(), len(s)/cols+1), s)
	})
	t.mu.Lock()
	t.entered = t.total
	t.mu.Unlock()
	t.Key(Enter)
}

// Run is Line, then WaitPrompt; it returns what the command wrote, as lines of
// text without the newline at the end.
func (t *Term) Run(s string) string {
	t.t.Helper()
	t.Line(s)
	t.WaitPrompt()
	t.mu.Lock()
	defer t.mu.Unlock()
	out := t.sinceEnter()
	out = out[bytes.IndexByte(out, '\n')+1:]
	if i := bytes.LastIndex(out, []byte(strings.TrimRight(t.o.Prompt, " "))); i >= 0 {
		out = out[:i]
	}
	return strings.TrimRight(t.clean(out), "\n")
}

// fail ends the test with all that is known about the terminal.
func (t *Term) fail(format string, args ...any) {
	t.t.Helper()
	t.mu.Lock()
	screen, c := t.screen.Text(), t.screen.Cursor()
	tail := t.output[max(0, len(t.output)-600):]
	t.mu.Unlock()
	t.t.Fatalf("ptytest: %s\nscreen (cursor at column %d, row %d):\n%s\nlast output: %q\nforeground process group: %d\nprocesses of session %d:\n%s",
		fmt.Sprintf(format, args...), c.X, c.Y, indent(screen), tail, t.Foreground(), t.Pid(), tree(t.members()))
}

func indent(s string) string {
	return "  | " + strings.ReplaceAll(s, "\n", "\n  | ")
}
