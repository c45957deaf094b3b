package why

import (
	"golang.org/x/sys/unix"

	"jsh/event"
)

// zombie speaks of a process that has ended and was not waited for.
func (e *explainer) zombie() {
	f := e.f
	e.a.Head = e.head("ended, and not yet reaped: a zombie")
	e.claim("zombie", "It has ended. What is left is its number and its exit status, kept for its parent.", e.file("stat")+" state Z; POSIX wait()")
	pp := f.Parent
	switch {
	case pp == nil:
		e.claim("parent-unseen", "Its parent is not visible here.", e.file("stat")+" ppid")
		return
	case pp.Pid == f.Shell && f.Neglects:
		e.claim("parent-neglects", "Its parent is this shell, which was told to wait for nobody (--without reap).", e.file("stat")+" ppid; POSIX wait()")
		e.offer("wait", "has the shell wait for its children all the same")
		return
	case pp.Pid == f.Shell:
		e.claim("parent-shell", "Its parent is this shell, which reaps before the next prompt.", e.file("stat")+" ppid")
		return
	}
	e.claim("parent-no-wait", "Its parent "+name(&pp.Proc)+" has not called wait() for it. Nobody else can remove it, and kill does nothing to it: it is dead already.",
		e.file("stat")+" ppid; POSIX wait()")
	switch {
	case pp.State == 'T':
		e.claim("parent-stopped", "The parent cannot: it is stopped.", "/proc/"+num(pp.Pid)+"/stat state T")
		e.offer("kill -CONT "+num(pp.Pid), "continues the parent, which can then call wait()")
	case pp.Call.Name != "":
		e.claim("parent-busy", "The parent is in "+callWord(pp.Call.Name)+" instead.", "/proc/"+num(pp.Pid)+"/syscall")
	}
	if pp.Caught.Has(sigChld) {
		e.offer("kill -CHLD "+num(pp.Pid), "reminds the parent: it has a handler for SIGCHLD")
	}
	if f.Uid != 0 && pp.Uid != f.Uid {
		e.claim("other-user", "The parent belongs to user "+num(pp.Uid)+": you cannot signal it (EPERM).", "/proc/"+num(pp.Pid)+"/status Uid")
		return
	}
	if pp.Pid != 1 {
		e.offer("kill "+num(pp.Pid), "ends the parent: whoever adopts the zombie reaps it")
	}
}

// nameFromLog is the program's name as the log has it.
func (e *explainer) nameFromLog() string {
	for i := len(e.f.Events) - 1; i >= 0; i-- {
		ev := &e.f.Events[i]
		if ev.Kind == event.Spawn && ev.Pid == e.f.Pid {
			return baseName(ev.Path)
		}
	}
	return e.f.watchedName(e.f.Pid)
}

// gone speaks of a process that is no longer there.
func (e *explainer) gone() {
	f := e.f
	var end *event.Event
	for i := len(f.Events) - 1; i >= 0 && end == nil; i-- {
		ev := &f.Events[i]
		if ev.Pid == f.Pid && (ev.Kind == event.Exited || ev.Kind == event.Killed || ev.Kind == event.Gone) {
			end = ev
		}
	}
	if end == nil {
		end = f.watchedEnd(f.Pid)
	}
	switch {
	case end == nil && !f.HasLog && len(f.Watched) == 0:
		e.a.Head = e.head("no such process")
		e.claim("no-process", "There is no process with this number, and no log here tells whether there was one.", "/proc")
	case end == nil:
		e.a.Head = e.head("no such process")
		e.claim("no-process", "There is no process with this number, and the log has none that had it.", "/proc; log")
	case end.Kind == event.Gone:
		e.a.Head = e.head("gone")
		e.claim("gone", "It has ended; how was not seen.", "log")
	case end.Kind == event.Exited:
		e.a.Head = e.head("ended with status " + num(end.Status))
		e.exited(end)
	default:
		e.a.Head = e.head("ended by " + event.SigName(end.Sig))
		e.killed(end)
	}
}

func (e *explainer) exited(end *event.Event) {
	status, source := end.Status, told(end)
	switch {
	case status == 0:
		e.claim("exited", "It ended by itself, with status 0: no complaint.", source)
	case status > 128 && status <= 128+64:
		e.claim("exited-128", "It ended by itself with status "+num(status)+", the way a shell passes on that a signal ended its last command: "+
			event.SigName(status-128)+".", source+"; POSIX 2.8.2")
	case status == 127 || status == 126:
		e.claim("exited-not-run", "Status "+num(status)+" is how a shell says that a command was not found (127) or could not be run (126).", source+"; POSIX 2.8.2")
	default:
		e.claim("exited", "It ended by itself, with status "+num(status)+". No signal did it; what the number means is the program's own.", source)
	}
}

func (e *explainer) killed(end *event.Event) {
	sig, source := end.Sig, told(end)
	nm := event.SigName(sig)
	switch {
	case e.sentByShell(sig):
		e.claim("killed-sent", "This shell sent it "+nm+": somebody typed kill.", "log")
	case (sig == sigInt || sig == int(unix.SIGQUIT)) && e.hadTerminal(event.Killed):
		key := "^C"
		if sig != sigInt {
			key = `^\`
		}
		e.claim("killed-key", key+" was pressed: the terminal sent "+nm+" to its foreground process group, and this process was in it.", "log; POSIX 11.1.9")
	case e.f.sender(sig) != 0 && e.sentBy("killed-by", sig):
	case sig == int(unix.SIGPIPE):
		e.claim("killed-pipe", "It wrote to a pipe that nobody reads any more: SIGPIPE ends who does that, so that pipelines do not go on for nobody.", source+"; pipe(7)")
	case sig == sigHup:
		e.claim("killed-hup", "SIGHUP: its terminal hung up, its stopped group became orphaned, or somebody sent it.", source+"; POSIX _exit()")
	case sig == int(unix.SIGSEGV) || sig == int(unix.SIGBUS):
		e.claim("killed-memory", "It touched memory that it does not have, and the kernel sent "+nm+". That is a bug of the program.", source+"; signal(7)")
	case sig == int(unix.SIGABRT):
		e.claim("killed-abort", "It ended itself with abort(): it found that something was wrong.", source+"; signal(7)")
	case sig == int(unix.SIGFPE) || sig == int(unix.SIGILL):
		e.claim("killed-fault", "The processor refused what it did, and the kernel sent "+nm+". That is a bug of the program.", source+"; signal(7)")
	case sig == sigKill:
		e.claim("killed-kill", "SIGKILL ended it. This shell did not send it: another process did, or the kernel when memory ran out (dmesg tells).", source)
	default:
		e.claim("killed", nm+" ended it. The kernel does not record who sent it.", source+"; signal(7)")
	}
	if end.Core {
		e.claim("core", "It left a core dump: its memory at that moment, for a debugger.", source+" WCOREDUMP; core(5)")
	}
}
