package why

import (
	"strings"

	"jsh/event"
)

// waiting says what a living, unstopped process does or waits for.
func (e *explainer) waiting() {
	f, p := e.f, e.f.P
	c := &p.Call
	call := e.file("syscall")
	fd := call
	if c.FD >= 0 {
		fd += ", fd/" + num(c.FD)
	}
	on := ""
	if c.FD >= 0 {
		on = " (descriptor " + num(c.FD) + ")"
	}
	switch {
	case p.State == 'R':
		e.claim("runs", "It waits for nothing: it runs, or is next to run on a processor.", e.file("stat")+" state R")
		return
	case c.Name == "vfork":
		e.claim("waits-vfork", "It called vfork() and sleeps until its child"+e.kids()+" calls execve() or ends.", call+"; vfork(2)")
		for i := range f.Kids {
			e.offer("kill -KILL "+num(f.Kids[i].Pid), "ends that child: the parent goes on")
		}
	case p.State == 'D':
		in := ""
		if c.Name != "" {
			in = " in " + callWord(c.Name)
		}
		e.claim("uninterruptible", "It waits for the kernel"+in+", mostly for a disk or a network file system. No signal, SIGKILL included, ends it before that answers.", e.file("stat")+" state D")
	case c.Name == "read" && c.Kind == Terminal:
		e.readsTerminal(fd, on)
	case c.Name == "read" && (c.Kind == Pipe || c.Kind == Fifo):
		e.claim("reads-pipe", "It reads a pipe"+on+", "+e.others("whose writer is ", "which nobody else has open for writing: it should see the end soon", "whose writers cannot be looked up")+".", fd+"; /proc/*/fd")
		e.ownWriter()
		if len(c.Peers) > 0 && e.mayKill() {
			e.offer("kill "+num(c.Peers[0].Pid), "ends the writer: a pipe without a writer is at its end")
		}
	case c.Name == "read" && c.Kind == Socket:
		e.claim("reads-socket", "It waits for something to come over a socket"+on+".", fd)
	case c.Name == "read":
		e.claim("reads", "It reads "+c.File+on+".", fd)
	case c.Name == "write" && c.Kind == Terminal:
		e.claim("writes-tty", "It writes to the terminal, and the terminal takes nothing: ^S stops output, ^Q lets it go on.", fd+"; POSIX 11.1.9")
		e.offer("^Q", "a key: output goes on after ^S")
	case c.Name == "write" && (c.Kind == Pipe || c.Kind == Fifo):
		e.claim("writes-pipe", "It writes to a pipe"+on+" that is full; "+e.others("its reader is ", "nobody else has it open for reading", "its readers cannot be looked up")+".", fd+"; /proc/*/fd; pipe(7)")
	case c.Name == "open":
		e.claim("opens-fifo", "It waits in open()"+pathOf(c)+": a FIFO opens when somebody opens the other end.", call+"; fifo(7)")
		if c.File != "" {
			e.offer("echo hello >"+c.File, "opens the other end for writing, if it waits to read")
		}
	case c.Name == "wait4" || c.Name == "waitid":
		e.claim("waits-child", "It waits for a child"+e.kids()+" to change state.", call+"; POSIX wait()")
	case c.Name == "nanosleep":
		e.claim("sleeps", "It sleeps for a time that it asked for; a signal can end that.", call+"; nanosleep(2)")
	case c.Name == "restart_syscall":
		e.claim("sleeps-on", "It goes on with a sleep, or a wait with a time limit, that a stop had interrupted.", call+"; restart_syscall(2)")
	case c.Name == "poll" || c.Name == "select" || c.Name == "epoll_wait":
		e.claim("waits-events", "It waits in "+c.Name+"() until one of several descriptors is ready, or a time is over.", call)
	case c.Name == "pause" || c.Name == "sigsuspend" || c.Name == "sigtimedwait":
		e.claim("waits-signal", "It waits in "+c.Name+"() for a signal, and does nothing else.", call)
	case c.Op == "lock":
		e.claim("waits-lock", "It waits for a lock on "+c.File+on+", "+e.others("held by ", "held by nobody now", "whose holder cannot be looked up")+".", fd+"; /proc/locks")
		if len(c.Peers) > 0 {
			e.offer("kill "+num(c.Peers[0].Pid), "ends the holder: its locks go with it")
		}
	case c.Name == "futex":
		e.claim("waits-thread", "It waits in futex() for another thread, of its own or of a process that shares memory with it.", call+"; futex(2)")
	case c.Name == "accept":
		e.claim("waits-client", "It waits for a client to connect"+on+".", fd+"; accept(2)")
	case c.Name != "":
		e.claim("waits-call", "It sleeps in "+callWord(c.Name)+on+".", call)
	case p.Denied:
		e.claim("denied", "What it waits for may not be looked at: it belongs to user "+num(p.Uid)+", or may not be traced.", call+": EACCES; ptrace(2)")
	default:
		e.claim("waits-unknown", "It sleeps; the kernel does not say in what.", e.file("stat")+" state "+string(rune(p.State)))
	}
}

// readsTerminal is the case with the most answers.
func (e *explainer) readsTerminal(fd, on string) {
	f, p := e.f, e.f.P
	switch {
	case f.TTY == nil || f.TTY.Name == "" || "/dev/"+f.TTY.Name != p.Call.File && p.Call.File != "/dev/tty":
		e.claim("reads-foreign-tty", "It reads "+p.Call.File+on+", which does not control its session: no SIGTTIN holds it back, and it takes keys from whoever types there.", fd+"; POSIX 11.1.4")
	case p.Pgid == f.TTY.Foreground:
		e.claim("reads-tty", "It waits for you to type: it reads the terminal"+on+", and its group has the keyboard. ^D at the begin of a line is the end of its input.", fd)
	default:
		e.claim("reads-tty-background", "It reads the terminal"+on+" from the background and was not stopped: it was in the foreground when it began to wait. The next key makes it stop.", fd+"; POSIX 11.1.4")
	}
}

// ownWriter tells of the classic mistake: the reader holds the writing end too.
func (e *explainer) ownWriter() {
	for i := range e.f.P.Call.Peers {
		if e.f.P.Call.Peers[i].Pid == e.f.Pid {
			e.claim("own-writer", "It has the writing end of that pipe open itself, so the end never comes: it should have closed it.", "/proc/"+num(e.f.Pid)+"/fd; pipe(7)")
		}
	}
}

// others tells who is at the other end.
func (e *explainer) others(some, none, unknown string) string {
	c := &e.f.P.Call
	switch {
	case len(c.Peers) > 0:
		return some + names(c.Peers)
	case c.PeersKnown:
		return none
	}
	return unknown
}

func (e *explainer) kids() string {
	if len(e.f.Kids) == 0 {
		return ""
	}
	return ", " + names(e.f.Kids) + ","
}

func pathOf(c *Call) string {
	if c.File == "" {
		return ""
	}
	return " of " + event.Visible(c.File)
}

func callWord(name string) string {
	if strings.Contains(name, " ") {
		return name
	}
	return name + "()"
}
