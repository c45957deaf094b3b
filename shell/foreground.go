package shell

import (
	"cmp"
	"errors"
	"slices"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/jobs"
	"jsh/pgroup"
	"jsh/shell/edit"
)

// hasTerminal tells whether the shell's own group is the terminal's foreground
// process group.
func (s *Shell) hasTerminal() bool {
	if s.tty < 0 {
		return false
	}
	fg, err := pgroup.Foreground(s.tty)
	return err == nil && fg == s.Kernel.Pgid
}

// changeOf translates what the kernel's wait told for the job table.
func changeOf(ws unix.WaitStatus) jobs.Change {
	switch {
	case ws.Exited():
		return jobs.Exited(ws.ExitStatus())
	case ws.Signaled():
		return jobs.KilledBy(int(ws.Signal()), ws.CoreDump())
	case ws.Stopped():
		return jobs.StoppedBy(int(ws.StopSignal()))
	}
	return jobs.Continued()
}

// take enters one change of a child into the job table, and returns its job;
// nil where it has none.
func (s *Shell) take(c pgroup.Change) *jobs.Job {
	j, ok := s.jobs.Update(c.Pid, changeOf(c.Status))
	if ok {
		s.log(event.Event{Kind: event.JobState,
			Job: j.ID(), Pgid: j.Pgid, Text: j.StateText()})
	}
	return j
}

func (s *Shell) waitFlags() pgroup.WaitFlags {
	if s.monitor {
		return pgroup.Stops
	}
	return 0
}

// reap takes every change that the kernel has ready, without waiting.
func (s *Shell) reap() {
	if s.lacks(Reap) {
		return
	}
	s.reapAll()
}

// reapAll is reap, whatever rule is missing.
func (s *Shell) reapAll() {
	for {
		c, ok, err := s.Kernel.Wait(s.waitFlags() | pgroup.NoBlock)
		if err == unix.EINTR {
			continue
		}
		if err != nil || !ok {
			return
		}
		s.take(c)
	}
}

// waitForeground waits until the foreground job has ended or stopped, takes
// the terminal back, and says what that means for the rest of the command
// line.
//
// A trap does not interrupt it: it runs when the job is over (POSIX 2.12).
func (s *Shell) waitForeground(j *jobs.Job) unwind {
	defer s.afterWait()
	if s.missing != nil {
		s.missing.job, s.missing.keys = j, 0
		defer func() { s.missing.job = nil }()
	}
	s.speak()
	s.slow.beforeWait(s, j)
	var handlers []int // those that handle the SIGINT of which the first process died
	survived := false  // one of them ended by itself
	if len(j.Procs) > 1 {
		// A ^C in the middle of the launch: those started after it survive it
		// without having handled it.
		s.reap()
		if killedBy(j, unix.SIGINT) {
			handlers = []int{}
		}
	}
	for j.State() == jobs.Running {
		c, err := s.waitChange(s.waitedPid(j), s.waitFlags())
		if err == errHungUp {
			return uwExit
		}
		if err != nil {
			break // ECHILD: somebody else reaped it; nothing more will come
		}
		if s.take(c) != j {
			continue
		}
		if handlers == nil && c.Status.Signaled() && c.Status.Signal() == unix.SIGINT {
			handlers = s.handling(j, unix.SIGINT)
		}
		survived = survived || c.Status.Exited() && slices.Contains(handlers, c.Pid)
	}
	return s.foregroundOver(j, survived)
}

// errHungUp says that the shell was hung up while it waited.
var errHungUp = errors.New("hung up")

// waitChange waits for the next change of a child, or of any where pid is -1.
// Errors: ECHILD, errHungUp (an interactive shell only).
//
// An interactive shell must not sleep in wait4: a SIGHUP whose handler runs
// just before the call would not end it, and the shell would outlive its
// terminal. It sleeps in poll on the wake descriptor, which keeps what came.
// Any other shell dies of SIGHUP, or runs its trap when the job is over.
func (s *Shell) waitChange(pid int, flags pgroup.WaitFlags) (pgroup.Change, error) {
	if s.interactive {
		flags |= pgroup.NoBlock
	}
	for {
		if s.interactive && s.hungUp() {
			return pgroup.Change{}, errHungUp
		}
		var c pgroup.Change
		var ok bool
		var err error
		if pid == -1 {
			c, ok, err = s.Kernel.Wait(flags)
		} else {
			c, ok, err = s.Kernel.WaitFor(pid, flags)
		}
		switch {
		case ok:
			return c, nil
		case err == unix.EINTR:
		case err != nil:
			return c, err
		case s.interactive:
			s.awaitInput(closed)
		}
	}
}

// awaitInput sleeps until a descriptor can be read or a caught signal is
// pending. The signal may have come before the call: a read(2) would sleep on.
func (s *Shell) awaitInput(fd int) {
	p := [2]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}, {Fd: int32(s.wake), Events: unix.POLLIN}}
	for !pgroup.AnyPending() {
		unix.Poll(p[:], -1)
		switch {
		case p[0].Revents != 0:
			return
		case p[1].Revents != 0 && !pgroup.AnyPending():
			pgroup.Renote(pgroup.Pending()) // a wake-up whose signal was taken before
		}
	}
}

// foregroundOver says what the end or the stop of the foreground job means for
// the rest of the command line.
//
// A stop discards it. POSIX.1-2024 2.11 gives two choices for the AND-OR lists
// after a stopped one: they become part of the suspended job, or they are
// discarded. To run them now, as bash and dash do, is neither: sleep 100; rm x
// would remove x at ^Z. Loops and functions are left for the same reason.
//
// A job that died of SIGINT ends the line too: the ^C was meant for all that
// was typed. A program that handles SIGINT goes on, and so does the list when it
// ends: an editor, or less, which outlives the command whose output it shows.
// That is what survived says.
func (s *Shell) foregroundOver(j *jobs.Job, survived bool) unwind {
	s.status = j.Status()
	s.setPipeStatus(j)
	stopped := j.State() == jobs.Stopped
	sig := deadly(j)
	if survived && sig == unix.SIGINT {
		sig = 0
	}
	if stopped && j.Pgid != 0 && s.tty >= 0 {
		awaitStop(j.Pgid)
	}
	s.takeTerminalBack(j, stopped || killed(j))
	s.slow.over(s, j)
	if stopped && s.tty >= 0 || s.interactive && (sig == unix.SIGINT || sig == unix.SIGQUIT) {
		s.announce("") // the terminal's echo of the key stands in this line
	}
	s.speak()
	if stopped {
		s.tellNotices()
		return uwStop
	}
	s.jobs.Remove(j)
	s.ownOver(j)
	switch {
	case sig == unix.SIGINT && s.interactive:
		return uwAbort
	case sig == unix.SIGINT && s.monitor:
		// The ^C went to the job's group alone, but it was typed at the whole
		// script: as if the shell had got it too.
		s.Kernel.Kill(s.Kernel.Pid, sig)
	case sig != 0 && sig != unix.SIGINT && sig != unix.SIGPIPE && s.interactive:
		s.announce(j.StateText() + "  " + j.Text)
	}
	return uwNone
}

// deadly is the signal that ended a job: that of the last process, or SIGINT
// if any of them died of it; 0 where the job ended by itself.
func deadly(j *jobs.Job) unix.Signal {
	if killedBy(j, unix.SIGINT) {
		return unix.SIGINT
	}
	if last := j.Procs[len(j.Procs)-1]; last.Killed {
		return unix.Signal(last.Sig)
	}
	return 0
}

// killedBy tells whether a process of the job died of that signal.
func killedBy(j *jobs.Job, sig unix.Signal) bool {
	return slices.ContainsFunc(j.Procs, func(p jobs.Proc) bool { return p.Killed && p.Sig == int(sig) })
}

// killed tells whether a signal ended a process of the job.
func killed(j *jobs.Job) bool {
	for _, p := range j.Procs {
		if p.Killed {
			return true
		}
	}
	return false
}

// takeTerminalBack makes the shell's group the foreground group again, if the
// job had the terminal, and puts right the terminal's modes. Those of a stopped
// job are kept for fg.
func (s *Shell) takeTerminalBack(j *jobs.Job, restore bool) {
	if s.tty < 0 {
		return
	}
	fg, err := pgroup.Foreground(s.tty)
	if err != nil {
		return
	}
	if fg != s.Kernel.Pgid {
		if !s.monitor || fg != j.Pgid && groupExists(fg) && !s.ours(fg) && !s.leftBehind(fg) {
			return // this shell was put into the background meanwhile
		}
		s.Kernel.SetForeground(s.tty, s.Kernel.Pgid)
	}
	if s.modes != nil && j.State() == jobs.Stopped {
		if m, err := s.Kernel.SaveModes(s.tty, j.ID()); err == nil {
			j.Modes = m
		}
	}
	s.settleModes(restore)
}

// settleModes puts the terminal's modes right after a command that may have
// changed them. Those of a program that stopped or was killed are undone: it
// had no chance to do so itself. Those of a program that exited become the
// shell's: that is what stty is for.
func (s *Shell) settleModes(restore bool) {
	if s.modes == nil {
		return
	}
	if restore && s.lacks(RestoreModes) {
		s.neglectModes()
		return
	}
	if restore {
		s.Kernel.SetModes(s.tty, s.modes, 0)
	} else if m, err := pgroup.GetModes(s.tty); err == nil {
		if edit.IsOwn(*m, *s.modes) { // started in the background it found the editor's modes, and has put them back
			s.Kernel.SetModes(s.tty, s.modes, 0)
			return
		}
		s.modes = m
	}
}

// groupExists tells whether a process group has a member.
func groupExists(pgid int) bool {
	err := unix.Kill(-pgid, 0)
	return err == nil || err == unix.EPERM
}

// ours tells whether a group belongs to one of the shell's jobs.
func (s *Shell) ours(pgid int) bool {
	for _, j := range s.jobs.All() {
		if j.Pgid == pgid {
			return true
		}
	}
	return false
}

// announce tells what became of a job, on the shell's own standard error: that
// of the job may be redirected while it runs (sleep 100 2>/dev/null). A script
// tells it only a terminal: what its standard error collects are errors.
func (s *Shell) announce(text string) {
	if fd := s.fds.outermost(2); fd >= 0 && (s.interactive || pgroup.IsTerminal(fd)) {
		writeAll(fd, []byte(text+"\n"))
	}
}

// tellNotices writes what is to be told about jobs.
func (s *Shell) tellNotices() {
	if text := s.noticeText(); text != "" {
		s.announce(text)
	}
}

// noticeText takes the notices that are due as text, a line each.
func (s *Shell) noticeText() string {
	text, remark := "", ""
	for _, n := range s.jobs.Notices() {
		if text != "" {
			text += "\n"
		}
		text += n.Line
		if s.Remark != nil {
			remark = cmp.Or(s.Remark(n.Job), remark)
		}
		if n.Job.State() == jobs.Done {
			s.log(event.Event{Kind: event.JobGone,
				Job: n.Job.ID(), Pgid: n.Job.Pgid})
		}
	}
	if remark != "" {
		text += "\n" + remark
	}
	return text
}

// continueJob makes a job go on, in the foreground or not. A foreground job gets
// the terminal, with the modes that it left, before SIGCONT (2.11).
//
// A job that runs gets no SIGCONT: it would undo a ^Z that is typed as soon as
// the job has the terminal. But it may have stopped for want of the terminal
// just before it got it.
func (s *Shell) continueJob(j *jobs.Job, foreground bool) error {
	if foreground && s.tty >= 0 && j.Pgid != 0 && !s.lacks(GiveTerminal) {
		if err := s.Kernel.SetForeground(s.tty, j.Pgid); err != nil && groupExists(j.Pgid) {
			return err
		}
		if m, ok := j.Modes.(*pgroup.Modes); ok && m != nil {
			s.Kernel.SetModes(s.tty, m, j.ID())
			j.Modes = nil
		}
	}
	stopped := j.State() == jobs.Stopped
	s.jobs.Resume(j, foreground)
	if !stopped {
		s.reap()
		if j.State() != jobs.Stopped || !stoppedForTerminal(j) {
			return nil
		}
		s.jobs.Resume(j, foreground)
	}
	return s.Kernel.KillGroup(j.Pgid, unix.SIGCONT)
}

// stoppedForTerminal tells whether a process of the job stopped because it was
// in the background of its terminal.
func stoppedForTerminal(j *jobs.Job) bool {
	return slices.ContainsFunc(j.Procs, func(p jobs.Proc) bool {
		return p.State == jobs.Stopped && (p.Sig == int(unix.SIGTTIN) || p.Sig == int(unix.SIGTTOU))
	})
}

// setPipeStatus keeps the statuses of a pipeline's stages for PIPESTATUS.
func (s *Shell) setPipeStatus(j *jobs.Job) {
	s.pipeStatus = s.pipeStatus[:0]
	for i := range j.Procs {
		s.pipeStatus = append(s.pipeStatus, j.Procs[i].ExitStatus())
	}
}
