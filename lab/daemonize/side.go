package daemonize

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/lab/puppet"
	"jsh/proc"
)

// side is one run of the recipe in a world of its own: a terminal, a session on
// it, whose leader stands for the shell, and a process that the shell has started
// as a job in the foreground.
type side struct {
	t       *puppet.Troupe
	left    string // the step that is left out; "" is none
	plain   bool   // the shell has no job control: the job is in its group
	pty     *pty
	spare   []*pty // free terminals, for the second fork
	shell   *puppet.Puppet
	daemon  *puppet.Puppet // who is left at the recipe's end
	dir     string         // a directory of this side, where a file system or a file is needed
	pipe    [2]int         // in the shell
	rows    []row
	events  []event.Event
	names   map[int]string // by pid: parent, child ..
	waiting bool           // the shell waits for its job still
	back    string         // the step at which it stopped to
	twin    string         // the step that this is about
	last    map[string]string
}

// row is a step and what it changed, in words that do not depend on pids.
type row struct {
	step string
	text string
}

// begin makes the world. before is done in the shell, before the job is forked.
func (s *side) begin(before func(s *side) error) error {
	s.names = map[int]string{1: "init", s.t.Helper(): "helper"}
	s.last = map[string]string{}
	var err error
	if s.pty, err = openPty(); err != nil {
		return err
	}
	starter, err := s.t.New(proc.StagingName)
	if err != nil {
		return err
	}
	do := doer{&err}
	a := do.do(starter, puppet.Fork("shell"))
	if err != nil {
		return err
	}
	s.shell = a.Child
	s.names[s.shell.Pid], s.names[starter.Pid] = "the shell", "starter"
	do.do(s.shell, puppet.Setsid())
	do.do(s.shell, puppet.CloseFrom(0))
	do.do(s.shell, puppet.OpenFile(s.pty.path, unix.O_RDWR, 0)) // 0, and the session's terminal
	do.do(s.shell, puppet.Dup2(0, 1))
	do.do(s.shell, puppet.Dup2(0, 2))
	do.do(s.shell, puppet.Sigaction(unix.SIGTTOU, puppet.Ignore))
	do.do(s.shell, puppet.Sigaction(unix.SIGINT, puppet.Count))
	do.do(s.shell, puppet.Sigaction(unix.SIGHUP, puppet.Count))
	if err == nil && before != nil {
		err = before(s)
	}
	if err != nil {
		return err
	}
	job := do.do(s.shell, puppet.Fork(generations[0])).Child
	if err != nil {
		return err
	}
	s.daemon = job
	s.names[job.Pid] = generations[0]
	s.event(event.Event{Kind: event.LineBegin, Pid: s.shell.Pid, Pgid: s.shell.Pid, Text: "the recipe" + s.without()})
	pgid := s.shell.Pid
	if !s.plain {
		pgid = job.Pid
		do.do(job, puppet.Setpgid(0, 0))
		do.do(s.shell, puppet.Tcsetpgrp(0, job.Pid))
	}
	// As a program that was exec'd: what the shell handles is default again.
	do.do(job, puppet.Sigaction(unix.SIGINT, puppet.Default))
	do.do(job, puppet.Sigaction(unix.SIGHUP, puppet.Default))
	do.do(job, puppet.Sigaction(unix.SIGTTOU, puppet.Default))
	s.event(event.Event{Kind: event.Spawn, Pid: job.Pid, Pgid: pgid, Fg: !s.plain, Path: generations[0], Argv: []string{generations[0]}})
	s.waiting = true
	if err == nil {
		s.note("start", job, nil)
	}
	return err
}

func (s *side) without() string {
	if s.left == "" {
		return ""
	}
	return " without " + s.left
}

// doer makes calls that must succeed, and keeps the first failure.
type doer struct{ err *error }

func (d doer) do(p *puppet.Puppet, c puppet.Call) puppet.Answer {
	if *d.err != nil {
		return puppet.Answer{}
	}
	a := p.Do(c)
	switch {
	case a.Errno != 0:
		*d.err = errors.New(p.Name + ": " + refusal(a))
	case a.State != puppet.Idle:
		*d.err = errors.New(p.Name + ": " + c.String() + ": process " + strconv.Itoa(p.Pid) + " " + stateWord(a.State))
	}
	return a
}

// recipe does the steps. After each the shell does what a shell does when its job
// has ended: it takes the keyboard back.
func (s *side) recipe() error {
	r := &Recipe{Cur: s.daemon}
	for _, step := range Steps() {
		if step.Name == s.left {
			s.rows = append(s.rows, row{step.Name, "left out"})
			s.event(event.Event{Kind: event.Key, Text: "no " + step.Name + " (first difference)"})
			continue
		}
		if step.Name == s.twin {
			s.event(event.Event{Kind: event.Key, Text: step.Name + " (first difference)"})
		}
		before := r.Cur
		log, err := r.Do(step.Name)
		if err != nil {
			return err
		}
		if r.Cur != before {
			s.names[r.Cur.Pid] = r.Cur.Name
			if at, err := r.Cur.Place(); err == nil {
				s.event(event.Event{Kind: event.Seen, Pid: at.Pid, PPid: before.Pid, Pgid: at.Pgid, Sid: at.Sid, TTY: at.TTY, Text: at.Name})
			}
			s.event(event.Event{Kind: event.Exited, Pid: before.Pid})
			if s.waiting {
				if a := s.shell.Do(puppet.Wait4(before.Pid, 0)); a.State == puppet.Idle && a.Errno == 0 {
					s.waiting, s.back = false, step.Name
					if !s.plain {
						s.shell.Do(puppet.Tcsetpgrp(0, s.shell.Pid))
						s.event(event.Event{Kind: event.SetFg, Pgid: s.shell.Pid})
					}
				}
			}
		} else if step.Name == Setsid {
			if at, err := r.Cur.Place(); err == nil {
				s.event(event.Event{Kind: event.Moved, Pid: at.Pid, PPid: at.PPid, Pgid: at.Pgid, Sid: at.Sid, TTY: at.TTY, Text: "group session terminal"})
			}
		}
		s.note(step.Name, r.Cur, log)
		if s.back == step.Name {
			s.rows[len(s.rows)-1].text += "; the prompt is back"
		}
	}
	s.daemon = r.Cur
	return nil
}

func (s *side) event(e event.Event) {
	e.At, e.Source = event.Now(), event.Puppet
	s.events = append(s.events, e)
}

// note makes the row of a step: what the kernel refused, and what is different
// from before.
func (s *side) note(step string, p *puppet.Puppet, log []Entry) {
	var words []string
	for _, e := range log {
		if e.Answer.Errno != 0 {
			words = append(words, e.Answer.Call.Verb+": "+unix.ErrnoName(e.Answer.Errno))
		}
	}
	c, err := p.Condition()
	if err != nil {
		return
	}
	for _, f := range s.fields(&c) {
		if s.last[f[0]] != f[1] {
			words = append(words, f[0]+" "+f[1])
			s.last[f[0]] = f[1]
		}
	}
	if len(words) == 0 {
		words = []string{"nothing changes"}
	}
	s.rows = append(s.rows, row{step, strings.Join(words, ", ")})
}

// fields are what a step may change, by name and in words.
func (s *side) fields(c *puppet.Condition) [][2]string {
	who := func(pid int) string {
		if pid == c.Pid {
			return "its own"
		}
		if name := s.names[pid]; name != "" {
			if slices.Contains(generations[:], name) {
				return "the " + name + "'s"
			}
			return name + "'s"
		}
		return strconv.Itoa(pid)
	}
	parent := s.names[c.PPid]
	if parent == "" {
		parent = strconv.Itoa(c.PPid)
	}
	tty := c.Terminal()
	if tty == s.pty.name() {
		tty = "the shell's"
	}
	std := strings.ReplaceAll(standard(c), s.pty.name(), "terminal")
	dir := c.Dir
	if s.dir != "" && dir == s.dir {
		dir = "the mounted one"
	} else if dir != "/" {
		dir = "where it was"
	}
	others := "none"
	for _, f := range c.Files {
		if f.FD > 2 {
			others = "open"
		}
	}
	ignored := "none"
	if c.Ignored != 0 {
		ignored = puppet.Names(c.Ignored)
	}
	return [][2]string{
		{"process", s.names[c.Pid]}, {"parent", parent}, {"group", who(c.Pgid)}, {"session", who(c.Sid)}, {"tty", tty},
		{"0-2", std}, {"dir", dir}, {"umask", mode(c.Umask)}, {"other fds", others}, {"ignores", ignored},
	}
}

// close ends what the world consists of; the processes end with the troupe.
func (s *side) close() {
	for _, p := range append(s.spare, s.pty) {
		if p != nil {
			p.hangUp()
		}
	}
}
