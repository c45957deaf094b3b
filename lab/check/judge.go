package check

import (
	"strings"

	"jsh/event"
	"jsh/lab/trace"
)

// mark is how a claim came out.
type mark uint8

const (
	unknown mark = iota // not determinable here
	pass
	fail
	note // worth knowing, no fault
)

var markNames = [...]string{unknown: "unknown", pass: "pass", fail: "fail", note: "note"}

// verdict is one claim, judged.
type verdict struct {
	claim string
	mark  mark
	text  string // what was seen
	todo  string // what to do about it
	pid   int
	line  string
}

// judge holds what was seen against the claims. d is the process that is
// judged, chain the processes from the one that was started to it.
func (r *run) judge() (d *person, vs []verdict) {
	if d = r.judged; d == nil {
		d = r.daemon()
	}
	chain := r.chain(d)
	add := func(v verdict) {
		if v.pid == 0 {
			v.pid = d.pid
		}
		vs = append(vs, v)
	}
	c1 := r.leavesParent(d)
	c2, setsid := r.setsid(chain)
	c3 := r.session(d, setsid)
	c4 := r.descriptors(d, chain)
	add(r.background(c1, c3, c4))
	add(c1)
	add(c2)
	add(c3)
	add(c4)
	c5 := r.directory(d, chain)
	add(c5)
	add(r.mask(d, chain))
	add(r.secondFork(d, chain, setsid))
	add(r.whole(chain, c1, c3, c4, c5))
	add(r.sighup(d))
	add(r.sigterm(d))
	add(r.pid(d))
	add(r.zombie())
	return d, vs
}

func (r *run) chain(d *person) (chain []*person) {
	for p := d; p != nil; p = r.people[p.parent] {
		chain = append([]*person{p}, chain...)
		if p.pid == r.first {
			break
		}
	}
	return chain
}

// find is the last call of a family that a process of the chain made.
func find(chain []*person, want func(*call) bool) (who *person, c *call) {
	for _, p := range chain {
		for _, x := range p.calls {
			if want(x) {
				who, c = p, x
			}
		}
	}
	return who, c
}

func is(kinds ...trace.Kind) func(*call) bool {
	return func(c *call) bool {
		for _, k := range kinds {
			if c.Kind == k {
				return true
			}
		}
		return false
	}
}

func lineOf(c *call) string {
	if c == nil {
		return ""
	}
	return c.line
}

func says(p *person, c *call) string {
	return c.Text + " by pid " + num(p.pid) + " " + c.Result()
}

// forkOf is the call with which p made child.
func forkOf(p *person, child int) *call {
	for _, c := range p.calls {
		if c.Makes() && c.Child == child {
			return c
		}
	}
	return nil
}

func (r *run) leavesParent(d *person) verdict {
	v := verdict{claim: "C1", pid: r.first}
	first := r.people[r.first]
	var child *call
	for _, c := range first.calls {
		if c.Makes() && c.Done && c.Errno == 0 {
			child = c
			break
		}
	}
	if chain := r.chain(d); len(chain) > 1 {
		if c := forkOf(first, chain[1].pid); c != nil {
			child = c // it may have made helpers before
		}
	}
	switch {
	case child == nil:
		v.mark, v.text = fail, "pid "+num(r.first)+", the process that was started, never forked"
		if first.ended {
			v.text += ", and ended with status " + num(first.status)
		}
		v.todo = "fork, and let the parent exit"
		if c := firstCall(first); c != nil {
			v.line = c.line
		}
	case r.stays || d.pid == r.first:
		v.mark, v.text, v.line = fail, "pid "+num(r.first)+" forked "+num(child.Child)+" but did not exit: the shell waits on", child.line
		v.todo = "let the parent exit after fork"
		if _, c := find([]*person{first}, is(trace.Wait4, trace.Waitid)); c != nil {
			v.text, v.line = "pid "+num(r.first)+" forked "+num(child.Child)+" and waits for it: the shell waits on", c.line
		}
	case first.sig != 0:
		v.mark, v.text, v.line = fail, "pid "+num(r.first)+" forked and was killed by "+event.SigName(first.sig), child.line
	case r.waitedFor(d.pid):
		v.mark, v.text, v.line = fail, "pid "+num(r.first)+" waited for its child before it ended", child.line
	default:
		v.mark, v.text, v.line = pass, "pid "+num(r.first)+" forked "+num(child.Child)+" and ended with status "+num(first.status), child.line
	}
	return v
}

func firstCall(p *person) *call {
	for _, c := range p.calls {
		if c.line != "" {
			return c
		}
	}
	return nil
}

func (r *run) setsid(chain []*person) (v verdict, done *call) {
	v.claim = "C2"
	who, done := find(chain, func(c *call) bool { return c.Kind == trace.Setsid && c.Done && c.Errno == 0 })
	badly, bad := find(chain, func(c *call) bool { return c.Kind == trace.Setsid && c.Errno != 0 })
	switch {
	case bad != nil && done == nil:
		v.mark, v.pid, v.line = fail, badly.pid, bad.line
		v.text = says(badly, bad)
		if bad.Leads {
			v.text += ": it leads process group " + num(badly.pid)
		}
		v.todo = "call setsid in the child: only a process that leads no group may"
	case bad != nil:
		v.mark, v.pid, v.line, v.text = note, badly.pid, bad.line, says(badly, bad)+", then "+says(who, done)
	case done != nil:
		v.mark, v.pid, v.line, v.text = pass, who.pid, done.line, says(who, done)+": it led no group"
	default:
		v.text = "setsid was never called"
	}
	return v, done
}

func (r *run) session(d *person, setsid *call) verdict {
	v := verdict{claim: "C3", line: lineOf(setsid)}
	s := d.last
	switch {
	case !s.known:
		v.text = "pid " + num(d.pid) + " ended before it could be looked at"
	case s.tty != 0:
		v.mark, v.text = fail, "pid "+num(d.pid)+" still has a terminal, "+event.TTYName(s.tty)+", in session "+num(s.sid)
		v.todo = "call setsid in the child"
		if setsid != nil {
			v.text += ", which it acquired after setsid"
			v.todo = "open terminals with O_NOCTTY"
			if _, c := find([]*person{d}, is(trace.Open, trace.Openat)); c != nil {
				v.line = c.line
			}
		} else if c := r.birth(d); c != nil {
			v.line = c.line
		}
	case s.sid == r.sid:
		v.mark, v.text, v.todo = fail, "pid "+num(d.pid)+" is still in session "+num(s.sid)+" of the shell", "call setsid in the child"
	default:
		v.mark, v.text = pass, "pid "+num(d.pid)+" is in session "+num(s.sid)+", which has no terminal"
	}
	return v
}

// birth is the fork that made a process.
func (r *run) birth(d *person) *call {
	if p := r.people[d.parent]; p != nil {
		return forkOf(p, d.pid)
	}
	return nil
}

func (r *run) descriptors(d *person, chain []*person) verdict {
	v := verdict{claim: "C4"}
	s := d.last
	if !s.known {
		v.text = "pid " + num(d.pid) + " ended before it could be looked at"
		return v
	}
	var terminals, closed, others []string
	beyond := false
	for fd := range 3 {
		switch f := s.files[fd]; {
		case f == "":
			closed = append(closed, num(fd))
		case r.isTerminal(f):
			terminals = append(terminals, num(fd))
		case f != "/dev/null":
			others = append(others, num(fd)+" on "+f)
		}
	}
	for fd, f := range s.files {
		if fd > 2 && r.isTerminal(f) {
			beyond = len(terminals) == 0
			terminals = append(terminals, num(fd)+" ("+f+")")
		}
	}
	// What was made of 0 to 2, and where.
	_, c := find(chain, func(c *call) bool {
		return (c.Kind == trace.Dup2 || c.Kind == trace.Dup3) && c.Args[1] <= 2 || c.Kind == trace.Close
	})
	v.line = lineOf(c)
	switch {
	case len(terminals) > 0:
		v.mark = fail
		v.text = "descriptor " + strings.Join(terminals, ", ") + " of pid " + num(d.pid) + " is still open on the terminal: it takes keystrokes and writes on the screen"
		v.todo = "open /dev/null and dup2 it onto 0, 1 and 2"
		if beyond {
			v.todo = "close it before it is a daemon"
			if _, c := find(chain, func(c *call) bool { return (c.Kind == trace.Open || c.Kind == trace.Openat) && c.file != "/dev/null" }); c != nil {
				v.line = c.line
			}
		}
	case len(closed) > 0:
		v.mark = fail
		v.text = "descriptor " + strings.Join(closed, ", ") + " of pid " + num(d.pid) + " is closed: the next file that it opens gets that number, and what is printed goes into it"
		v.todo = "open /dev/null and dup2 it onto 0, 1 and 2"
	case len(others) > 0:
		v.mark, v.text = note, "descriptor "+strings.Join(others, ", ")+"; no terminal among 0 to 2"
	default:
		v.mark, v.text = pass, "descriptors 0, 1 and 2 of pid "+num(d.pid)+" are open on /dev/null"
	}
	return v
}

func (r *run) isTerminal(path string) bool {
	return strings.HasPrefix(path, "/dev/pts/") || strings.HasPrefix(path, "/dev/tty") || path == "/dev/console"
}

func (r *run) background(c1, c3, c4 verdict) verdict {
	v := verdict{claim: "A1", mark: pass, text: "in the background, without a terminal, nothing of it open on one"}
	var not []string
	if c1.mark == fail {
		not = append(not, "it is not in the background")
	}
	if c3.mark == fail {
		not = append(not, "it has the shell's session or terminal")
	}
	if c4.mark == fail {
		not = append(not, "its descriptors 0 to 2 are not on /dev/null")
	}
	switch {
	case len(not) > 0:
		v.mark, v.text = fail, strings.Join(not, "; ")
	case c3.mark == unknown || c4.mark == unknown:
		v.mark, v.text = unknown, "it ended before it could be looked at"
	}
	return v
}

func (r *run) directory(d *person, chain []*person) verdict {
	v := verdict{claim: "C5"}
	_, c := find(chain, func(c *call) bool { return c.Kind == trace.Chdir || c.Kind == trace.Fchdir })
	v.line = lineOf(c)
	s := d.last
	switch {
	case !s.known:
		v.text = "pid " + num(d.pid) + " ended before it could be looked at"
	case s.cwd == "/":
		v.mark, v.text = pass, "its working directory is /"
	case c != nil && c.Errno == 0:
		v.mark, v.text = note, "its working directory is "+s.cwd+", by its own choice: that file system stays busy"
	default:
		v.mark, v.text, v.todo = fail, "its working directory is still "+s.cwd+": the file system there cannot be unmounted (EBUSY)", `chdir("/")`
		if c == nil {
			v.line = lineOf(r.birth(d))
		}
	}
	return v
}

func (r *run) mask(d *person, chain []*person) verdict {
	v := verdict{claim: "C6"}
	if _, c := find(chain, is(trace.Umask)); c != nil {
		v.mark, v.line = pass, c.line
		v.text = "it sets its own umask: " + d.last.umask
		if d.last.umask == "" {
			v.text = c.Text + " " + c.Result()
		}
		return v
	}
	v.mark, v.todo = fail, "call umask: 0 where it gives modes itself, 027 or 077 to be careful"
	v.text = "umask was never called: it has the one of whoever starts it"
	if d.last.umask != "" {
		v.text += ", here " + d.last.umask
	}
	v.line = lineOf(r.birth(d))
	return v
}

func (r *run) secondFork(d *person, chain []*person, setsid *call) verdict {
	v := verdict{claim: "C7", line: lineOf(setsid)}
	s := d.last
	switch {
	case setsid == nil:
		v.text = "it has no session of its own, so the question does not arise"
		v.line = ""
	case !s.known:
		v.text = "pid " + num(d.pid) + " ended before it could be looked at"
	case s.sid != d.pid:
		v.mark, v.text = pass, "pid "+num(d.pid)+" leads no session ("+num(s.sid)+" is its session): it can acquire no terminal"
		if r.lent == refused {
			v.text = "pid " + num(d.pid) + " leads no session (" + num(s.sid) + " is its session): given a spare terminal, it did not acquire it"
		}
		v.line = lineOf(r.birth(d))
	default:
		v.mark, v.text = fail, "pid "+num(d.pid)+" still leads session "+num(d.pid)+": "+r.acquires()
		v.todo = "fork once more after setsid"
	}
	return v
}

// acquires says what becomes of a session leader that opens a free terminal.
func (r *run) acquires() string {
	if r.lent == acquired {
		return "given a spare terminal, it acquired it"
	}
	return "a free terminal that it opens becomes its own (tty_ioctl(4), TIOCSCTTY)"
}
