package daemonize

import (
	"errors"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/lab/puppet"
)

// experiments are what is tried for a step. There is more than one where the
// answer depends on the shell that started the daemon.
func experiments(step string) []experiment {
	switch step {
	case Fork:
		return []experiment{{after: triesFork}}
	case Setsid:
		return []experiment{{after: triesSetsid}, {plain: true, after: triesSetsidInAScript}}
	case DevNull:
		return []experiment{{after: triesDevNull}}
	case Chdir:
		return []experiment{{before: mountsOne, after: triesChdir}}
	case Umask:
		return []experiment{{before: masks, after: triesUmask}}
	case SecondFork:
		return []experiment{{after: triesSecondFork}}
	case CloseFDs:
		return []experiment{{before: pipes, after: triesCloseFDs}}
	}
	return []experiment{{before: ignores, after: triesResetSignals}}
}

// came says how a call went, in a few words.
func came(a puppet.Answer) string {
	switch {
	case a.Errno != 0:
		return "= -1 " + unix.ErrnoName(a.Errno)
	case a.State == puppet.Busy:
		return "waits"
	case a.State == puppet.Stopped:
		return "stopped"
	case a.State == puppet.Ended:
		return "ended"
	}
	return "= " + strconv.Itoa(a.Ret)
}

// triesFork: the shell's wait, and whether the process leads a session.
func triesFork(s *side) ([][2]string, error) {
	prompt := "back at step " + s.back
	if s.waiting {
		prompt = "not back: the shell waits for its child"
	}
	at, err := s.daemon.Place()
	if err != nil {
		return nil, err
	}
	session := "its own: setsid() worked"
	if at.Sid == s.shell.Pid {
		session = "the shell's: setsid() = -1 EPERM"
	}
	tty := "none"
	if at.TTY != 0 {
		tty = "the shell's, " + event.TTYName(at.TTY)
	}
	return [][2]string{{"the prompt", prompt}, {"session", session}, {"terminal", tty}}, nil
}

// counts has the daemon count the signals that the terminal sends.
func counts(s *side) error {
	var err error
	do := doer{&err}
	do.do(s.daemon, puppet.Sigaction(unix.SIGINT, puppet.Count))
	do.do(s.daemon, puppet.Sigaction(unix.SIGHUP, puppet.Count))
	return err
}

// pressInterrupt types ^C and waits until the shell, which is in the foreground,
// has met it: then so has everybody who should.
func (s *side) pressInterrupt() error {
	n := s.shell.Counted(unix.SIGINT)
	s.event(event.Event{Kind: event.Key, Text: "^C"})
	s.pty.types("\x03")
	if !within(probePatience, func() bool { return s.shell.Counted(unix.SIGINT) > n }) {
		return errors.New("^C did not reach the terminal's foreground group")
	}
	return nil
}

// triesSetsid is C9: in the session of a job-control shell.
func triesSetsid(s *side) ([][2]string, error) {
	if err := counts(s); err != nil {
		return nil, err
	}
	open := s.daemon.Do(puppet.OpenFile("/dev/tty", unix.O_RDWR, 0))
	has := came(open)
	if open.Errno != 0 {
		has += ": it has none"
	} else {
		has += ": it has it still"
	}
	read := "no terminal to read"
	if open.Errno == 0 {
		a := s.daemon.Do(puppet.Read(open.Ret, 100))
		read = came(a)
		if a.Errno == unix.EIO {
			read += ": an orphaned group in the background"
		}
	}
	if err := s.pressInterrupt(); err != nil {
		return nil, err
	}
	s.daemon.Do(puppet.Getpid())
	key := "does not reach it: not in that session"
	switch at, err := s.daemon.Place(); {
	case err != nil:
		return nil, err
	case s.daemon.Counted(unix.SIGINT) > 0:
		key = "reaches it"
	case at.Sid == s.shell.Pid:
		key = "does not reach it: its group is in the background"
	}
	s.pty.hangUp()
	write := "no terminal to write to"
	if open.Errno == 0 {
		write = came(s.daemon.Do(puppet.Write(open.Ret, "log\n")))
	}
	hup := "no SIGHUP, it lives"
	if s.daemon.State() == puppet.Ended {
		hup = "it is dead"
	} else if s.daemon.Counted(unix.SIGHUP) > 0 {
		hup = "SIGHUP, which it handled"
	}
	at, err := s.daemon.Place()
	if err != nil {
		return nil, err
	}
	if open.Errno == 0 && at.TTY == 0 {
		hup += ", but it has lost the terminal"
	}
	return [][2]string{
		{"open /dev/tty", has}, {"read it", read}, {"^C there", key}, {"hang-up", hup}, {"write then", write},
	}, nil
}

// dies tells whether the daemon has died of a signal that was sent already: a
// signal is met before the next call returns.
func (s *side) dies(sig unix.Signal) bool {
	s.daemon.Do(puppet.Getpid())
	if s.daemon.State() != puppet.Ended {
		return false
	}
	s.event(event.Event{Kind: event.Killed, Pid: s.daemon.Pid, Sig: int(sig)})
	return true
}

// triesSetsidInAScript: the starter has no job control, so the daemon is in its
// group, and the group is in the foreground.
func triesSetsidInAScript(s *side) ([][2]string, error) {
	if err := s.pressInterrupt(); err != nil {
		return nil, err
	}
	key := "lives"
	if s.dies(unix.SIGINT) {
		key = "^C kills it: its group is the foreground's"
	}
	return [][2]string{{"^C, by a script", key}}, nil
}

// triesDevNull: both the shell and the daemon read, and the learner types.
func triesDevNull(s *side) ([][2]string, error) {
	s.daemon.Send(puppet.Read(0, 100))
	a := s.daemon.Wait(int64(100e6))
	s.shell.Send(puppet.Read(0, 100))
	s.event(event.Event{Kind: event.Key, Text: "ls"})
	s.pty.types("ls\n")
	shell := s.shell.Wait(int64(500e6))
	reads := "reads the end of the file"
	if a.State == puppet.Busy {
		a = s.daemon.Wait(probePatience)
	}
	switch {
	case a.Ret > 0:
		reads = "got " + strconv.Quote(string(a.Data)) + ": stolen"
	case a.State != puppet.Idle || a.Errno != 0:
		reads = came(a)
	}
	got := "got " + strconv.Quote(string(shell.Data))
	if shell.State == puppet.Busy {
		got = "got nothing"
	}
	s.daemon.Do(puppet.Write(1, "daemon: I log here\n"))
	screen := "clean"
	if s.seesLog() {
		screen = "\"daemon: I log here\""
	}
	during, after, write := s.atHangUp()
	return [][2]string{{"ls is typed: it", reads}, {".. the shell", got}, {"it logs: screen", screen},
		{"hang-up: its read", during}, {".. the next read", after}, {".. a write", write}}, nil
}

// atHangUp has the terminal hang up while the daemon reads from descriptor 0.
func (s *side) atHangUp() (during, after, write string) {
	s.daemon.Send(puppet.Read(0, 100))
	s.daemon.Wait(int64(50e6))
	s.event(event.Event{Kind: event.Key, Text: "hang-up"})
	s.pty.hangUp()
	during = came(s.daemon.Wait(probePatience))
	after = came(s.daemon.Do(puppet.Read(0, 100)))
	write = came(s.daemon.Do(puppet.Write(1, "log\n")))
	return during, after, write
}

// seesLog tells whether the daemon's line is on the screen. The shell writes after
// it: what comes first is there when the second is.
func (s *side) seesLog() bool {
	s.shell.Wait(1)
	s.pty.types("y\n") // its echo is the second
	s.pty.shows("y")
	return strings.Contains(s.pty.seen, "daemon: I log here")
}

// mountsOne gives the shell a file system of its own, and has it be there.
func mountsOne(s *side) error {
	dir, err := os.MkdirTemp("", "jsh-twin-")
	if err != nil {
		return errors.New("no directory to mount on (TMPDIR says where): " + err.Error())
	}
	s.dir = dir
	a := s.shell.Do(puppet.Unshare(unix.CLONE_NEWNS))
	if a.Errno == unix.EPERM {
		a = s.shell.Do(puppet.Unshare(unix.CLONE_NEWUSER | unix.CLONE_NEWNS))
	}
	if a.Errno == 0 {
		a = s.shell.Do(puppet.Mount("none", "/", "", unix.MS_REC|unix.MS_PRIVATE))
	}
	if a.Errno == 0 {
		a = s.shell.Do(puppet.Mount("jsh", dir, "tmpfs", 0))
	}
	if a.Errno == 0 {
		a = s.shell.Do(puppet.Chdir(dir))
	}
	if a.Errno != 0 {
		os.Remove(dir)
		return errors.New("a file system of its own takes root or a user namespace: " + refusal(a))
	}
	return nil
}

func triesChdir(s *side) ([][2]string, error) {
	defer os.Remove(s.dir)
	s.shell.Do(puppet.Chdir("/"))
	a := s.shell.Do(puppet.Umount(s.dir, 0))
	text := came(a)
	switch a.Errno {
	case 0:
		text += ": unmounted"
	case unix.EBUSY:
		text += ": the daemon keeps it in use"
	}
	return [][2]string{{"umount", text}}, nil
}

func masks(s *side) error {
	var err error
	doer{&err}.do(s.shell, puppet.Umask(0o077))
	return err
}

func triesUmask(s *side) ([][2]string, error) {
	dir, err := os.MkdirTemp("", "jsh-twin-")
	if err != nil {
		return nil, errors.New("no directory for a file (TMPDIR says where): " + err.Error())
	}
	defer os.RemoveAll(dir)
	doer{&err}.do(s.daemon, puppet.OpenFile(dir+"/log", unix.O_CREAT|unix.O_WRONLY, 0o666))
	var st unix.Stat_t
	if err == nil {
		err = unix.Stat(dir+"/log", &st)
	}
	if err != nil {
		return nil, err
	}
	return [][2]string{{"open(.., 0666)", "makes a file of mode 0" + mode(int(st.Mode&0o777))}}, nil
}

// triesSecondFork: two free terminals are opened, the first with O_NOCTTY.
func triesSecondFork(s *side) ([][2]string, error) {
	var text [2]string
	for i, flags := range []int{unix.O_RDWR | unix.O_NOCTTY, unix.O_RDWR} {
		p, err := openPty()
		if err != nil {
			return nil, err
		}
		s.spare = append(s.spare, p)
		do := doer{&err}
		do.do(s.daemon, puppet.OpenFile(p.path, flags, 0))
		at, placeErr := s.daemon.Place()
		if err = errors.Join(err, placeErr); err != nil {
			return nil, err
		}
		text[i] = "not acquired: terminal none"
		if at.TTY != 0 {
			text[i] = "acquired: its terminal is " + event.TTYName(at.TTY)
		}
	}
	s.event(event.Event{Kind: event.Key, Text: "^C on " + s.spare[1].name()})
	s.spare[1].types("\x03")
	if !s.spare[1].shows("^C") { // the echo comes after the signal (n_tty.c)
		return nil, errors.New("^C was typed, and no echo came")
	}
	key := "does not reach it"
	if s.dies(unix.SIGINT) {
		key = "kills it"
	}
	return [][2]string{{"free tty, NOCTTY", text[0]}, {"free tty, opened", text[1]}, {"^C on that tty", key}}, nil
}

// pipes has the job inherit a pipe that the shell reads.
func pipes(s *side) error {
	a := s.shell.Do(puppet.Pipe())
	if a.Errno != 0 || len(a.Data) < 8 {
		return errors.New("no pipe: " + came(a))
	}
	s.pipe = [2]int{int(a.Data[0]), int(a.Data[4])}
	return nil
}

func triesCloseFDs(s *side) ([][2]string, error) {
	s.shell.Do(puppet.Close(s.pipe[1]))
	s.shell.Send(puppet.Read(s.pipe[0], 100))
	a := s.shell.Wait(int64(1e9))
	text := came(a)
	switch {
	case a.State == puppet.Busy:
		text = "waits for ever: the daemon holds the other end"
	case a.Ret == 0:
		text += ": the end"
	}
	return [][2]string{{"a pipe's reader", text}}, nil
}

func ignores(s *side) error {
	var err error
	doer{&err}.do(s.shell, puppet.Sigaction(unix.SIGTERM, puppet.Ignore))
	return err
}

func triesResetSignals(s *side) ([][2]string, error) {
	a := s.shell.Do(puppet.Kill(s.daemon.Pid, unix.SIGTERM))
	if a.Errno != 0 {
		return nil, errors.New(refusal(a))
	}
	text := "lives: it ignores SIGTERM, as its starter did"
	if s.dies(unix.SIGTERM) {
		text = "ends it"
	}
	return [][2]string{{"kill -TERM", text}}, nil
}
