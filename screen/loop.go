package screen

import (
	"bytes"
	"time"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/pgroup"
	"jsh/screen/grid"
)

const (
	frame      = 16 * time.Millisecond // at most one drawing in this time while output flows
	pause      = 6 * time.Millisecond  // or in this, when output has paused
	echo       = 1 * time.Millisecond  // or in this, after a key
	echoWindow = 100 * time.Millisecond
	syncLimit  = 150 * time.Millisecond // the longest that a program may hold back a drawing

	// deafFor is how long the shell's terminal is left alone after nobody had
	// it open.
	deafFor = 200 * time.Millisecond

	// maxInput is how much typed text waits for a shell that does not read: more
	// than anybody pastes. Beyond it the learner's terminal is not read either,
	// so that nothing is lost; nor is then the menu's key.
	maxInput = 64 << 20
	// batch is how much output is taken before keys are looked at again.
	batch = 64 << 10
)

// run is the loop. It returns the exit status.
func (s *screen) run() int {
	s.enter()
	buf := make([]byte, 64<<10)
	for !s.quit {
		s.wait(time.Now())
		if s.quit {
			break
		}
		s.signals()
		s.readKeys(buf)
		s.writeShell()
		s.drained = s.readShell(buf)
		for _, f := range s.queued() {
			f()
		}
		if s.pics.take() {
			s.dirty = true
		}
		s.draw(time.Now())
		s.flush()
	}
	if !s.away {
		s.leave()
		if s.code == 128+int(unix.SIGTERM) { // kill $PPID, typed at the wrong prompt: the screen is the parent
			say("jsh: the screen was ended by SIGTERM; the shell inside and its jobs are hung up\n(SIGHUP). " + whatNext)
		}
	}
	s.pics.close()
	s.hangUp()
	s.waitShell(3 * time.Second)
	return s.code
}

// wait sleeps until there is something to do.
func (s *screen) wait(now time.Time) {
	fds := [...]unix.PollFd{
		{Fd: int32(s.wake), Events: unix.POLLIN},
		{Fd: int32(s.post), Events: unix.POLLIN},
		{Fd: int32(s.line), Events: unix.POLLIN},
		{Fd: int32(s.tty)},
		{Fd: int32(s.master)}, // ignored where it is below 0
	}
	if len(s.toShell) < maxInput {
		fds[3].Events |= unix.POLLIN
	}
	if len(s.pending) > 0 && !s.away {
		fds[3].Events |= unix.POLLOUT
	}
	if s.away {
		fds[3].Events = 0
	}
	if s.master >= 0 {
		fds[4].Events |= unix.POLLIN
		if len(s.toShell) > 0 {
			fds[4].Events |= unix.POLLOUT
		}
	}
	timeout := time.Duration(-1)
	if d := deafFor - now.Sub(s.deaf); d > 0 && s.master >= 0 {
		fds[4].Fd = -1 // it would be ready all the time, with nothing but a hang-up
		timeout = d
	}
	if d, ok := s.keys.due(now); ok && (timeout < 0 || d < timeout) {
		timeout = d
	}
	if (s.dirty || s.fresh) && !s.away && len(s.pending) == 0 {
		if d := s.untilDraw(now); timeout < 0 || d < timeout {
			timeout = d
		}
	}
	ts := unix.NsecToTimespec(int64(timeout))
	arg := &ts
	if timeout < 0 {
		arg = nil
	}
	unix.Ppoll(fds[:], arg, nil)
	if fds[1].Revents != 0 {
		var b [8]byte
		unix.Read(s.post, b[:])
	}
	if fds[2].Revents != 0 { // the guard has died: nobody writes to us
		s.guardDied()
	}
	if fds[3].Revents&(unix.POLLHUP|unix.POLLERR) != 0 {
		s.end(128 + int(unix.SIGHUP))
	}
}

// guardDied is for a screen whose guard was killed. A shell above that saw its
// job end may have the terminal by now.
func (s *screen) guardDied() {
	if !s.away { // else another job has the terminal: nothing is written to it
		s.leave()
		say("jsh: the screen's guard was killed, so the screen ended. Your terminal is as it\n" +
			"was before; the shell inside and its jobs are hung up (SIGHUP).\n" + whatNext)
	}
	s.end(1)
}

func (s *screen) signals() {
	set := pgroup.Pending()
	if set == 0 {
		return
	}
	if set.Has(unix.SIGCHLD) {
		s.reap()
	}
	switch {
	case set.Has(unix.SIGHUP):
		s.end(128 + int(unix.SIGHUP))
	case set.Has(unix.SIGTERM):
		s.end(128 + int(unix.SIGTERM))
	case set.Has(unix.SIGTSTP):
		s.suspend()
	case set.Has(unix.SIGCONT):
		s.enter()
	case set.Has(unix.SIGWINCH):
		// Even if the size is the same by now: the terminal may have been
		// smaller in between, and have lost what stood there.
		s.resize()
		s.redraw()
	}
}

// reap learns what became of the shell.
func (s *screen) reap() {
	for {
		var ws unix.WaitStatus
		pid, err := unix.Wait4(-1, &ws, unix.WNOHANG|unix.WUNTRACED|unix.WCONTINUED, nil)
		if err == unix.EINTR {
			continue
		}
		if err != nil || pid <= 0 {
			return
		}
		if pid != s.shellPid {
			continue
		}
		switch {
		case ws.Exited():
			s.shellPid = 0
			if !s.quit && !s.replacing {
				s.drainShell()
				s.end(ws.ExitStatus())
			}
		case ws.Signaled():
			s.shellPid = 0
			if !s.quit && !s.replacing {
				s.drainShell()
				s.shellKilled(ws.Signal())
			}
		case ws.Stopped():
			s.shellStopped(ws.StopSignal())
		case ws.Continued():
			s.stopped = false
			if _, ok := s.panel.(*stoppedPanel); ok {
				s.show(nil)
			}
		}
	}
}

// drainShell takes what a shell that has ended wrote last.
func (s *screen) drainShell() {
	buf := make([]byte, 4096)
	for range 1024 {
		if s.master < 0 {
			return
		}
		n, err := unix.Read(s.master, buf)
		if n <= 0 || err != nil {
			return
		}
		s.grid.Write(buf[:n])
		s.fresh = true
	}
}

// readKeys takes what was typed.
func (s *screen) readKeys(buf []byte) {
	if s.away || len(s.toShell) >= maxInput {
		return
	}
	now := time.Now()
	n, err := unix.Read(s.tty, buf[:4096])
	switch {
	case n > 0:
		s.keys.split(buf[:n], now, s.key)
	case err == unix.EIO && s.inBackground():
		s.leave()
	case err == nil:
		// Somebody has set other modes (stty -F from elsewhere): an end of file
		// was typed, or VMIN is 0. That the terminal is gone, poll tells.
		if !s.inBackground() {
			unix.IoctlSetTermios(s.tty, unix.TCSETS, raw(*s.saved))
		}
	case err == unix.EIO:
		s.end(128 + int(unix.SIGHUP)) // the terminal is gone
	}
	if d, ok := s.keys.due(now); ok && d == 0 {
		s.keys.release(s.key)
	}
}

// key takes one piece of what was typed to where it belongs.
func (s *screen) key(t token) {
	s.typed = time.Now()
	switch {
	case t.kind == mouseReport:
		s.mouse(t.mouse)
	case t.kind == scrollKey && s.panel == nil && !s.grid.Modes().Alternate && s.grid.Scrollback() > 0:
		s.show(&scrollPanel{})
		s.panel.key(s, "pgup")
	case t.kind == menuKey:
		s.pressMenu(t.bytes)
	case s.panel != nil:
		for b := t.bytes; len(b) > 0; {
			if s.panel == nil { // closed by the key before
				s.type_(b)
				return
			}
			if n := s.pasted(b); n > 0 {
				b = b[n:]
				continue
			}
			name, n := nextKey(b)
			b = b[n:]
			s.panel.key(s, name)
			s.dirty = true
		}
	default:
		s.pasting = s.keys.paste
		s.type_(s.bandKeys(t.bytes))
	}
}

// pasted tells how many bytes at the beginning of b are pasted text, or its marks.
// A panel has no use for them but to look for: the text may have a q in it that
// would end everything.
func (s *screen) pasted(b []byte) int {
	switch {
	case bytes.HasPrefix(b, []byte(pasteBegin)):
		s.pasting = true
		return len(pasteBegin)
	case bytes.HasPrefix(b, []byte(pasteEnd)):
		s.pasting = false
		return len(pasteEnd)
	case !s.pasting:
		return 0
	}
	if p, ok := s.panel.(*scrollPanel); ok && p.search.asking {
		return 0
	}
	if i := bytes.IndexByte(b[1:], 0x1b); i >= 0 {
		return i + 1
	}
	return len(b)
}

// type_ sends bytes to the shell's terminal.
func (s *screen) type_(b []byte) {
	if s.master < 0 {
		return
	}
	s.noteSignalKeys(b)
	s.toShell = append(s.toShell, b...)
}

// noteSignalKeys records that a signal key was pressed; of everything else
// that is typed nothing is kept.
func (s *screen) noteSignalKeys(b []byte) {
	var modes *pgroup.Modes
	for _, c := range b {
		if c >= ' ' && c < 0x7f {
			continue
		}
		if modes == nil {
			var err error
			if modes, err = pgroup.GetModes(s.master); err != nil {
				return
			}
		}
		if sig := signalKey(modes, c); sig != 0 {
			pgid, _ := pgroup.Foreground(s.master)
			s.pics.key(event.Event{
				Kind: event.Key, Source: event.Keyboard, Sig: int(sig), Pgid: pgid, Text: keyText(c),
			})
		}
	}
}

// keyText is a control character as it is written: ^C.
func keyText(c byte) string {
	if c < ' ' {
		return "^" + string(rune(c+'@'))
	}
	return event.Visible(string(rune(c)))
}

// mouse passes a report on to a program that asked for it, if it happened in
// the shell's part.
func (s *screen) mouse(m mouseEvent) {
	modes, r := s.grid.Modes(), s.lay.shell
	x, y := m.x-r.x, m.y-r.y
	if modes.Mouse == grid.MouseOff || s.panel != nil || x < 1 || y < 1 || x > r.w || y > r.h {
		return
	}
	if modes.Mouse == grid.MouseX10 && m.release {
		return
	}
	if b := m.reportFor(modes.MouseSGR, x, y); b != nil && s.master >= 0 {
		s.toShell = append(s.toShell, b...)
	}
}

// writeShell gives the shell's terminal what was typed, as far as it takes it.
func (s *screen) writeShell() {
	for len(s.toShell) > 0 && s.master >= 0 {
		n, err := unix.Write(s.master, s.toShell[:min(len(s.toShell), 4096)])
		if n > 0 {
			s.toShell = s.toShell[n:]
			continue
		}
		if err != unix.EINTR {
			break
		}
	}
	if len(s.toShell) == 0 {
		s.toShell, s.answers = nil, 0
	}
}

// readShell takes output. drained says that there is no more for now.
func (s *screen) readShell(buf []byte) (drained bool) {
	if s.master < 0 || time.Since(s.deaf) < deafFor {
		return true
	}
	was := s.grid.Modes()
	defer func() {
		now := s.grid.Modes()
		if now.Alternate != was.Alternate {
			s.resize()
		}
		if now.Synchronized && !was.Synchronized {
			s.synced = time.Now()
		}
		s.keys.mouse = now.Mouse != grid.MouseOff
	}()
	for taken := 0; taken < batch; {
		n, err := unix.Read(s.master, buf)
		switch {
		case n > 0:
			s.grid.Write(buf[:n])
			if s.inner.shown(buf[:n]) != nil {
				s.inner = nil // a full disk is no reason to have no shell
			}
			s.fresh = true
			taken += n
			if len(s.toShell) > 0 {
				s.writeShell() // an answer to what it asked
			}
			continue
		case err == unix.EINTR:
			continue
		case err == unix.EIO:
			// The last descriptor of the other side is closed. The shell is
			// about to end, and SIGCHLD tells the rest; or it has become a
			// program that wants no terminal, and may have another one day.
			s.deaf = time.Now()
		}
		return true
	}
	return false
}

// untilDraw is how long the next drawing has to wait.
func (s *screen) untilDraw(now time.Time) time.Duration {
	wait := frame
	if s.drained {
		wait = pause
		if now.Sub(s.typed) < echoWindow {
			wait = echo
		}
	}
	wait -= now.Sub(s.drawn)
	if s.grid.Modes().Synchronized {
		wait = max(wait, syncLimit-now.Sub(s.synced))
	}
	return max(wait, 0)
}

// draw brings the terminal up to date if it is time.
func (s *screen) draw(now time.Time) {
	if s.away || len(s.pending) > 0 || !s.dirty && !s.fresh || s.untilDraw(now) > 0 {
		return
	}
	if s.inBackground() {
		s.leave() // the shell above has the terminal; SIGCONT brings us back
		return
	}
	s.compose()
	s.drawn = now
}

// inBackground tells whether another group has the terminal: the guard was
// stopped, and the shell above took it.
func (s *screen) inBackground() bool {
	fg, err := pgroup.Foreground(s.tty)
	return err == nil && fg != 0 && fg != unix.Getpgrp()
}

// flush gives the terminal what was drawn, as far as it takes it.
func (s *screen) flush() {
	for len(s.pending) > 0 && !s.away {
		n, err := unix.Write(s.tty, s.pending)
		if n > 0 {
			if err := s.tape.shown(s.pending[:n]); err != nil {
				s.tape = nil
				s.show(&sayPanel{" The recording ends here: " + err.Error()})
			}
			s.pending = s.pending[n:]
			continue
		}
		if err != unix.EINTR {
			return
		}
	}
}
