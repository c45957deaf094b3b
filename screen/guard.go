package screen

import (
	"errors"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/pgroup"
	"jsh/pgroup/entry"
)

// ProcessName is argv[0] of the screen's process: the hidden entry by which jsh
// re-executes itself.
const ProcessName = "jsh: screen"

// What the screen tells its guard, a byte at a time.
const (
	tellsEntered = 'e' // the terminal is raw and shows the screen
	tellsLeft    = 'l' // it is as it was before
)

// Guard runs the screen in a child process and waits for it, so that the
// learner's terminal is put in order whatever becomes of the screen. exe is
// the path of this program, name what the shell is to be called ($0), cast a file
// for an asciicast of what is shown, or -1; inner says that it is to be one of the
// shell's part alone. It
// returns the exit status for jsh. It must be called on the main thread.
// An error says that the screen could not be started: nothing has changed.
func Guard(exe, name string, cast int, inner bool) (status int, err error) {
	g := &guard{exe: exe, name: name, cast: cast, inner: inner, k: pgroup.New(nil)}
	if g.modes, err = pgroup.GetModes(0); err != nil {
		return 0, err
	}
	ignore := pgroup.IgnoredAtEntry()
	if g.wake, err = pgroup.OpenWake(); err != nil {
		return 0, err
	}
	for _, sig := range []unix.Signal{unix.SIGCHLD, unix.SIGTERM, unix.SIGHUP, unix.SIGINT, unix.SIGQUIT, unix.SIGTSTP} {
		if sig == unix.SIGCHLD || !ignore.Has(sig) {
			pgroup.Catch(sig)
		}
	}
	for {
		if err := g.start(ignore); err != nil {
			return 0, err
		}
		status, again := g.watch()
		if !g.opened && status == cannot {
			return 0, errors.New(strings.TrimSpace(g.words))
		}
		if !again {
			return status, nil
		}
		g.cast = -1 // the recording of one screen is not that of another
	}
}

type guard struct {
	exe, name string
	cast      int // the file for an asciicast, or -1
	inner     bool
	k         *pgroup.Kernel
	modes     *pgroup.Modes
	wake      int
	screen    int    // its pid
	line      int    // our end of the socket to it
	trace     int    // a file in memory: what the screen wrote to standard error
	entered   bool   // what it told last
	opened    bool   // it was entered at least once
	words     string // why it could not be started
}

// cannot is the screen's exit status where it could not even begin.
const cannot = 125

// start starts the screen's process.
func (g *guard) start(ignore pgroup.SignalSet) error {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return os.NewSyscallError("socketpair", err)
	}
	defer unix.Close(pair[1])
	if g.trace, err = unix.MemfdCreate("stderr", unix.MFD_CLOEXEC); err != nil {
		unix.Close(pair[0])
		return os.NewSyscallError("memfd_create", err)
	}
	var limit *unix.Rlimit
	if entry.Known {
		limit = &unix.Rlimit{Cur: entry.NoFile.Cur, Max: entry.NoFile.Max}
	}
	above := "0"
	if hasShellAbove() {
		above = "1"
	}
	files := []pgroup.File{{Child: 0, From: 0}, {Child: 1, From: 1}, {Child: 2, From: g.trace}, {Child: lineFD, From: pair[1]}}
	record := "0"
	if g.cast >= 0 {
		record = tapesAll
		if g.inner {
			record = tapesShell
		}
		files = append(files, pgroup.File{Child: castFD, From: g.cast})
	}
	c, err := g.k.Spawn(&pgroup.Spec{
		Path: g.exe, Argv: []string{ProcessName, g.exe, g.name, above, record}, Env: os.Environ(),
		Files: files,
		Group: pgroup.SameGroup, Ignore: ignore, NoFile: limit,
	})
	if err != nil {
		unix.Close(pair[0])
		unix.Close(g.trace)
		return err
	}
	g.screen, g.line, g.entered = c.Pid, pair[0], false
	return nil
}

// lineFD is where the screen finds its end of the socket.
const lineFD = 3

// castFD is where it finds the file for an asciicast.
const castFD = 4

// What the screen is to record into that file.
const (
	tapesAll   = "1" // what the terminal shows
	tapesShell = "2" // what the shell's terminal shows
)

// watch waits until the screen has ended and tidies up after it. again says
// that the learner wants another one.
func (g *guard) watch() (status int, again bool) {
	defer unix.Close(g.trace)
	defer unix.Close(g.line)
	var giveUp time.Time // after a hang-up
	for {
		timeout := -1
		if !giveUp.IsZero() {
			timeout = max(1, int(time.Until(giveUp)/time.Millisecond))
			if time.Now().After(giveUp) {
				unix.Kill(g.screen, unix.SIGKILL)
				giveUp = time.Now().Add(time.Second)
			}
		}
		unix.Poll([]unix.PollFd{{Fd: int32(g.wake), Events: unix.POLLIN}}, timeout)
		set := pgroup.Pending()
		for _, sig := range []unix.Signal{unix.SIGTERM, unix.SIGHUP, unix.SIGINT, unix.SIGQUIT} {
			if set.Has(sig) {
				unix.Kill(g.screen, sig)
				if sig != unix.SIGINT && sig != unix.SIGQUIT && giveUp.IsZero() {
					giveUp = time.Now().Add(4 * time.Second)
				}
			}
		}
		if set.Has(unix.SIGTSTP) {
			unix.Kill(g.screen, unix.SIGTSTP) // it stops in good order, and we after it
		}
		for {
			var ws unix.WaitStatus
			pid, err := unix.Wait4(g.screen, &ws, unix.WNOHANG|unix.WUNTRACED, nil)
			if err == unix.EINTR {
				continue
			}
			if err != nil {
				return 1, false // ECHILD: cannot be
			}
			if pid == 0 {
				break
			}
			switch {
			case ws.Stopped():
				g.stopped(ws.StopSignal())
			case ws.Exited() && !g.hasTerminal():
				g.words = g.lastWords()
				return ws.ExitStatus(), false
			default:
				return g.ended(ws)
			}
		}
	}
}

// hasTerminal tells whether the screen has changed the terminal and not put it
// back.
func (g *guard) hasTerminal() bool {
	var buf [64]byte
	for {
		n, _, err := unix.Recvfrom(g.line, buf[:], unix.MSG_DONTWAIT)
		if err == unix.EINTR {
			continue
		}
		if err != nil || n <= 0 {
			return g.entered
		}
		g.entered = buf[n-1] == tellsEntered
		g.opened = true
	}
}

// restore gives the terminal back as it was. The modes are put back only where
// they are the screen's still: a shell above may have set its own by now.
func (g *guard) restore() { restoreTerminal(1, g.modes) }

func restoreTerminal(fd int, modes *pgroup.Modes) {
	now, err := pgroup.GetModes(fd)
	pgroup.WithTTOUBlocked(func() {
		writeAll(fd, seqLeave)
		if err == nil && *now == *raw(*modes) {
			unix.IoctlSetTermios(fd, unix.TCSETS, modes)
		}
	})
}

// writeAll writes to a terminal, and gives up where that takes no more.
func writeAll(fd int, s string) {
	end := time.Now().Add(time.Second)
	for len(s) > 0 && time.Now().Before(end) {
		p := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}
		if n, _ := unix.Poll(p, 200); n == 0 || p[0].Revents&unix.POLLOUT == 0 {
			if p[0].Revents != 0 {
				return // hung up
			}
			continue
		}
		n, err := unix.Write(fd, []byte(s[:min(len(s), 200)]))
		switch {
		case err == unix.EINTR || err == unix.EAGAIN:
		case err != nil:
			return
		default:
			s = s[n:]
		}
	}
}

const whatNext = "What to do next: jsh starts anew; jsh --plain does without the screen.\n"

// say writes to the learner's terminal, which is in its own modes again.
func say(s string) {
	pgroup.WithTTOUBlocked(func() { writeAll(1, s) })
}

// stopped is for a screen that was stopped. If it stopped itself, the terminal
// is in order. The guard stops too, so that the shell above sees its job
// stopped; where there is none it asks.
func (g *guard) stopped(sig unix.Signal) {
	if g.hasTerminal() {
		g.restore()
	}
	if hasShellAbove() {
		pgroup.Default(sig)
		unix.Kill(unix.Getpid(), sig)
		// Here again somebody has sent SIGCONT, to the guard or to both.
		pgroup.Catch(unix.SIGTSTP)
	} else {
		if a := g.ask("\njsh: the screen was stopped by "+event.SigName(int(sig))+". No shell above could continue it.\n"+
			"Press Enter to continue it (SIGCONT), or type q and Enter to leave. ", g.screenMoved); a == 'q' || a == 'Q' {
			unix.Kill(g.screen, unix.SIGTERM)
		}
	}
	unix.Kill(g.screen, unix.SIGCONT)
}

// hasShellAbove tells whether somebody could continue this job: our parent is
// in our session, in another group (so that ours is not orphaned).
func hasShellAbove() bool {
	ppid := unix.Getppid()
	sid, err := unix.Getsid(ppid)
	own, err2 := unix.Getsid(0)
	pgid, err3 := unix.Getpgid(ppid)
	return err == nil && err2 == nil && err3 == nil && sid == own && pgid != unix.Getpgrp()
}

// ended is for a screen that ended without putting the terminal in order.
func (g *guard) ended(ws unix.WaitStatus) (status int, again bool) {
	if g.hasTerminal() {
		g.restore()
	}
	status = 1
	how := "failed"
	if ws.Signaled() {
		status = 128 + int(ws.Signal())
		how = "was killed by " + event.SigName(int(ws.Signal()))
	}
	say("\njsh: the screen " + how + ". Your terminal is as it was before;\n" +
		"the shell inside and its jobs were hung up (SIGHUP).\n" + g.lastWords())
	if hasShellAbove() {
		say(whatNext)
		return status, false
	}
	return status, g.ask("Press Enter to start anew, or type q and Enter to leave. ", func() bool { return false }) == '\n'
}

// lastWords are the first lines that the screen wrote to standard error.
func (g *guard) lastWords() string {
	var buf [600]byte
	n, err := unix.Pread(g.trace, buf[:], 0)
	if err != nil || n == 0 {
		return ""
	}
	lines := strings.SplitAfterN(string(buf[:n]), "\n", 4)
	return visible(lines[:min(len(lines), 3)])
}

// ask asks something of the learner until the answer is q, or an empty line: '\n'.
// Where nobody can answer, it is q. It is 0 where over says, after a signal, that
// there is no more to ask.
func (g *guard) ask(question string, over func() bool) byte {
	unix.IoctlSetInt(0, unix.TCFLSH, unix.TCIFLUSH) // that was typed for what is gone
	say(question)
	var first byte
	for {
		fds := []unix.PollFd{{Fd: 0, Events: unix.POLLIN}, {Fd: int32(g.wake), Events: unix.POLLIN}}
		if _, err := unix.Poll(fds, -1); err != nil && err != unix.EINTR {
			return 'q'
		}
		set := pgroup.Pending()
		switch {
		case set.Has(unix.SIGHUP) || set.Has(unix.SIGTERM) || set.Has(unix.SIGINT):
			return 'q'
		case over():
			return 0
		case fds[0].Revents == 0:
			continue
		}
		var b [1]byte
		n, err := unix.Read(0, b[:])
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil || n == 0:
			return 'q'
		}
		if first == 0 {
			first = b[0]
		}
		if b[0] == '\n' {
			if first == '\n' || first == 'q' || first == 'Q' {
				return first
			}
			first = 0
			say("Enter, or q and Enter: ")
		}
	}
}

// screenMoved tells whether the screen that was stopped has been continued by
// somebody else, or has ended. It takes no status from Wait4.
func (g *guard) screenMoved() bool {
	var info unix.Siginfo
	err := unix.Waitid(unix.P_PID, g.screen, &info, unix.WEXITED|unix.WCONTINUED|unix.WNOHANG|unix.WNOWAIT, nil)
	return err == nil && info.Signo != 0
}

func visible(lines []string) string {
	var b strings.Builder
	for _, l := range lines {
		if l = strings.TrimRight(l, "\n"); l != "" {
			b.WriteString("  " + event.Visible(l) + "\n")
		}
	}
	return b.String()
}
