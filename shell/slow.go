package shell

import (
	"errors"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/jobs"
	"jsh/pgroup"
)

// Slow has foreground pipelines start step by step: before fork, setpgid,
// tcsetpgrp and exec the learner presses Enter.
//
// The usual start makes all that between vfork and exec, with the shell asleep.
// Here the child is a gate (gate.go), which takes one step at a time. As soon as
// its group has the keyboard the shell cannot read the Enter: the gate does. A ^C
// then ends the gates, as it would end the programs; before, it leaves the line.
type Slow struct {
	// Show gives a drawing of where everybody is, after each step; nil: none.
	Show func() string

	gates []*gate // of the pipeline that is being started
	quick bool    // the learner wants no more pauses in this one
	fg    bool    // a gate's group has the keyboard
	left  bool    // the learner left the line
	back  bool    // the shell has taken the keyboard back before it waits
	job   *jobs.Job
}

// gate is the shell's side of one.
type gate struct {
	pid, sock int
	name      string
	path      string
}

// errLeft says that the learner left a start that was under way.
var errLeft = errors.New("left before it was started")

// SetSlow turns the steps on, or with nil off.
func (s *Shell) SetSlow(sl *Slow) { s.slow = sl }

// Slowly is what SetSlow set.
func (s *Shell) Slowly() *Slow { return s.slow }

// slowFor says whether a pipeline is to be started step by step, and begins.
func (s *Shell) slowFor(foreground bool) *Slow {
	if s.slow == nil || !foreground || !s.interactive || s.repl == nil || s.repl.ed == nil || s.subshell {
		return nil
	}
	sl := s.slow
	sl.gates, sl.quick, sl.fg, sl.left, sl.back, sl.job = nil, false, false, false, false, nil
	return sl
}

// pause asks for Enter. It says false when the learner leaves: then the pipeline
// is not to be started.
func (sl *Slow) pause(s *Shell, call, text string) bool {
	if sl.left {
		return false
	}
	if sl.quick {
		return true
	}
	prompt := "slow: " + call + ": " + text + " [Enter, q] "
	if len(prompt) > 78 {
		pgroup.WithTTOUBlocked(func() { s.say("slow: " + call + ": " + text) })
		prompt = "  [Enter, q] "
	}
	if sl.fg {
		pgroup.WithTTOUBlocked(func() { writeAll(s.tty, []byte(prompt)) })
		n, err := sl.gates[0].order(s, gateAsk, 0)
		sl.quick = n == 1
		return err == nil
	}
	line, err := s.Ask(prompt)
	if err != nil {
		sl.left = true
		return false
	}
	if line = strings.TrimSpace(line); line == "q" {
		sl.quick = true
	}
	return true
}

// did tells what came of a step.
func (sl *Slow) did(s *Shell, text string) {
	if sl.Show != nil && !sl.quick {
		text += "\n" + strings.TrimRight(sl.Show(), "\n")
	}
	pgroup.WithTTOUBlocked(func() { s.say(text) })
	s.speak()
}

// order tells the gate to do something and gives its answer. The error is
// errGateGone, or errLeft when the shell was hung up meanwhile.
func (g *gate) order(s *Shell, order byte, n int) (int, error) {
	if g.sock < 0 {
		return 0, errGateGone
	}
	if err := sendGate(g.sock, order, n); err != nil {
		return 0, errGateGone
	}
	return g.answer(s)
}

func (g *gate) answer(s *Shell) (int, error) {
	// SIGINT is for the gates' group alone when that has the keyboard; what else
	// comes waits until the start is over.
	for s.SleepOn(g.sock) {
		if s.later.Has(unix.SIGHUP) && !s.traps.actions[unix.SIGHUP].set {
			return 0, errLeft
		}
	}
	_, n, err := receiveGate(g.sock)
	if err != nil {
		return 0, errGateGone
	}
	return n, nil
}

func (g *gate) close() {
	if g.sock >= 0 {
		unix.Close(g.sock)
		g.sock = -1
	}
}

// spawn is Kernel.Spawn, a step at a time up to where exec is due.
func (sl *Slow) spawn(s *Shell, spec *pgroup.Spec) (pgroup.Child, error) {
	name := spec.Argv[0]
	if name == SubshellName {
		name = "a subshell"
	}
	if !sl.pause(s, "fork()", "the shell makes a copy of itself, for "+name+".") {
		return pgroup.Child{}, errLeft
	}
	g, err := sl.fork(s, spec)
	if err != nil {
		return pgroup.Child{}, err
	}
	g.name = name
	sl.gates = append(sl.gates, g)
	sl.did(s, "  = "+itoa(g.pid)+": in the shell's group "+itoa(s.Kernel.Pgid)+", still a copy of the shell")
	fail := func(step string, errno int) (pgroup.Child, error) {
		sl.undo(g)
		if errno == 0 {
			return pgroup.Child{}, errLeft
		}
		return pgroup.Child{}, &pgroup.SpawnError{Step: step, Path: spec.Path, Errno: unix.Errno(errno)}
	}

	pgid := int(spec.Group)
	text := itoa(g.pid) + " gets a process group of its own."
	if pgid != 0 {
		text = itoa(g.pid) + " joins group " + itoa(pgid) + "."
	}
	if !sl.pause(s, "setpgid(0, "+itoa(pgid)+")", text) {
		return fail("setpgid", 0)
	}
	n, err := g.order(s, gateSetpgid, pgid)
	if err != nil || n != 0 {
		return fail("setpgid", n)
	}
	if pgid == 0 {
		pgid = g.pid
	}
	s.Kernel.Tell(event.Event{Kind: event.SetPgid, Source: event.Shell, Pid: g.pid, Pgid: pgid})
	sl.did(s, "  = 0: "+itoa(g.pid)+" is in group "+itoa(pgid))

	if spec.Foreground {
		if !sl.pause(s, "tcsetpgrp("+itoa(pgid)+")", "the keyboard goes to group "+itoa(pgid)+".") {
			return fail("tcsetpgrp", 0)
		}
		n, err := g.order(s, gateFg, 0)
		if err != nil || n != 0 {
			return fail("tcsetpgrp", n)
		}
		s.Kernel.Tell(event.Event{Kind: event.SetFg, Source: event.Shell, Pgid: pgid})
		sl.fg = true
		sl.did(s, "  = 0: group "+itoa(pgid)+" has the keyboard. The shell cannot read it any more:\n  your next Enter goes to "+itoa(g.pid))
	}
	return pgroup.Child{Pid: g.pid, Pgid: pgid}, nil
}

// fork starts a gate.
func (sl *Slow) fork(s *Shell, spec *pgroup.Spec) (*gate, error) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	for i := range pair {
		if pair[i], err = own(pair[i]); err != nil {
			unix.Close(pair[1-i])
			return nil, err
		}
	}
	defer unix.Close(pair[1])
	p := gateProgram{path: spec.Path, fallback: s.self(), argv: spec.Argv, env: spec.Env, ignore: spec.Ignore, mask: spec.Mask}
	if spec.NoFile != nil {
		p.hasLimit, p.soft, p.hard = true, spec.NoFile.Cur, spec.NoFile.Max
	}
	memo, err := memFile("jsh program", p.encode())
	if err != nil {
		unix.Close(pair[0])
		return nil, err
	}
	defer unix.Close(memo)
	// Its own descriptors are above all that the program has.
	free := max(pgroup.FirstOwnFD, pair[1]+1, memo+1)
	for _, f := range spec.Files {
		free = max(free, f.Child+1, f.From+1)
	}
	tell := s.Kernel.Tell
	s.Kernel.Tell = nil // it would tell of a jsh; what is started is the program
	c, err := s.Kernel.Spawn(&pgroup.Spec{Path: s.self(), Argv: []string{GateName, itoa(free), itoa(free + 1)}, Env: spec.Env,
		Files: append(append([]pgroup.File(nil), spec.Files...), pgroup.File{Child: free, From: pair[1]}, pgroup.File{Child: free + 1, From: memo}),
		Group: pgroup.SameGroup, Ignore: spec.Ignore})
	s.Kernel.Tell = tell
	if err != nil {
		unix.Close(pair[0])
		return nil, err
	}
	g := &gate{pid: c.Pid, sock: pair[0], path: spec.Path}
	s.Kernel.Tell(event.Event{Kind: event.Spawn, Source: event.Shell, Pid: g.pid, Path: spec.Path, Argv: spec.Argv})
	if _, err := g.answer(s); err != nil {
		sl.undo(g)
		return nil, errLeft
	}
	return g, nil
}

// undo ends a gate that belongs to no job.
func (sl *Slow) undo(g *gate) {
	g.close()
	unix.Kill(g.pid, unix.SIGKILL)
	for {
		if _, err := unix.Wait4(g.pid, nil, 0, nil); err != unix.EINTR {
			break
		}
	}
	if n := len(sl.gates); n > 0 && sl.gates[n-1] == g {
		sl.gates = sl.gates[:n-1]
	}
}

// release has the gates of a job become their programs. failed is the status of the
// last one if that could not.
func (sl *Slow) release(s *Shell, j *jobs.Job) (failed int) {
	sl.job = j
	defer sl.drop()
	var who []string
	for _, g := range sl.gates {
		who = append(who, itoa(g.pid)+" becomes "+g.name)
	}
	if !sl.pause(s, "execve()", strings.Join(who, ", ")+".") {
		return 0 // the gates have met a ^C, or are ended by the closed sockets
	}
	if !sl.quick {
		pgroup.WithTTOUBlocked(func() { s.say("  The shell sleeps until they end or stop.") })
	}
	for i, g := range sl.gates {
		if err := sendGate(g.sock, gateExec, 0); err != nil {
			continue
		}
		n, err := g.answer(s)
		if err == nil && n != 0 {
			text, status := spawnText(g.name, &pgroup.SpawnError{Step: "execve", Path: g.path, Errno: unix.Errno(n)})
			pgroup.WithTTOUBlocked(func() { s.complain(text) })
			sendGate(g.sock, gateQuit, status)
			if i == len(sl.gates)-1 {
				failed = status
			}
		}
	}
	return failed
}

// drop ends the gates of a start that is given up.
func (sl *Slow) drop() {
	for _, g := range sl.gates {
		g.close()
	}
	sl.gates = nil
}

// beforeWait pauses between the end of a job's processes and the wait that asks
// how they ended: they are zombies then, and the shell has the keyboard back. Of a
// job that stops, or that a signal ended, the shell hears at once.
func (sl *Slow) beforeWait(s *Shell, j *jobs.Job) {
	if sl == nil || sl.job != j || sl.quick || j.State() != jobs.Running || killed(j) {
		return
	}
	for _, p := range j.Procs {
		for {
			ended, killed := pgroup.EndedAlready(p.Pid)
			if killed {
				return
			}
			if ended {
				break
			}
			for _, q := range j.Procs {
				_, killed := pgroup.EndedAlready(q.Pid)
				if killed || pgroup.StoppedAlready(q.Pid) != 0 {
					return
				}
			}
			s.awaitInput(closed)
			s.later |= pgroup.Pending()
			if s.later.Has(unix.SIGHUP) {
				return
			}
		}
	}
	if s.Kernel.SetForeground(s.tty, s.Kernel.Pgid) != nil {
		return
	}
	sl.fg, sl.back = false, true
	sl.did(s, "slow: tcsetpgrp("+itoa(s.Kernel.Pgid)+"): all have ended, and the shell takes the keyboard back")
	sl.pause(s, "waitpid()", "the shell asks how they ended; until then they are zombies.")
	sl.left = false
}

// over tells how the job of a slow start ended, when the shell has the terminal
// back.
func (sl *Slow) over(s *Shell, j *jobs.Job) {
	if sl == nil || sl.job != j {
		return
	}
	sl.job = nil
	var how []string
	for _, p := range j.Procs {
		how = append(how, itoa(p.Pid))
	}
	text := "slow: waitpid() told of " + strings.Join(how, ", ") + ": " + j.StateText() + "."
	if !sl.back {
		text += "\nslow: tcsetpgrp(" + itoa(s.Kernel.Pgid) + "): the keyboard is back with the shell."
	}
	sl.did(s, text)
}
