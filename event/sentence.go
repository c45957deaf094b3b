package event

import (
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Context is what a sentence may know besides the event. Each part may be
// left zero; the sentence then says the bare number.
type Context struct {
	ShellPid  int
	ShellPgid int
	Job       func(pgid int) int    // the job a group is, 0 if none
	Name      func(pid int) string  // the name of a process, "" if not known
	Group     func(pgid int) string // how a picture calls a group, as "B"; "" if it shows none such
}

// String is the event in one sentence of English, with the system call or
// the source that tells it in brackets. With short names it stays within 76
// columns.
func (e *Event) String() string {
	s, call := e.sentence(&Context{})
	return join(s, call)
}

// Narrate tells an event to a reader who is new to it: the sentence of
// String, made richer by what c knows, and where the event may puzzle (a
// refusal, a stop, a deadly signal) a second line that says why such a thing
// happens. A call that does not fit beside its sentence in 76 columns gets a
// line of its own.
func Narrate(e *Event, c Context) []string {
	s, call := e.sentence(&c)
	lines := []string{join(s, call)}
	if call != "" && columns(s)+columns(call) > 74 {
		lines = []string{s, "    " + call}
	}
	if why := e.why(&c); why != "" {
		lines = append(lines, "    "+why)
	}
	return lines
}

func join(sentence, call string) string {
	if call == "" {
		return sentence
	}
	return sentence + "  " + call
}

// columns is good enough for a choice of layout: names are mostly ASCII.
func columns(s string) int { return len([]rune(s)) }

func (e *Event) sentence(c *Context) (s, call string) {
	if e.Kind <= Exec && e.Errno != 0 {
		return "refused: " + refusal(e), "[" + e.call() + " = " + errnoName(e.Errno) + "]"
	}
	switch e.Kind {
	case Spawn:
		return e.spawned(c), "[" + e.call() + "]"
	case SetPgid:
		if e.Pid == e.Pgid {
			s = c.process(e.Pid) + " gets a new process group, " + num(e.Pgid)
		} else {
			s = c.process(e.Pid) + " joins " + c.group(e.Pgid)
		}
		return s, "[" + e.call() + "]"
	case SetFg:
		if c.ShellPgid != 0 && e.Pgid == c.ShellPgid {
			s = "the keyboard goes back to " + c.group(e.Pgid)
		} else {
			s = "the keyboard goes to " + c.group(e.Pgid)
		}
		return s, "[" + e.call() + "]"
	case Kill:
		if e.Sig == 0 {
			s = "asked whether " + c.target(e) + " is there"
		} else {
			s = "sent " + SigName(e.Sig) + " to " + c.target(e)
		}
		return s, "[" + e.call() + "]"
	case SaveModes:
		return "kept the terminal modes of " + owner(e.Job), "[" + e.call() + "]"
	case SetModes:
		return "put back the terminal modes of " + owner(e.Job), "[" + e.call() + "]"
	case Exec:
		if e.Source != Shell {
			return c.process(e.Pid) + " becomes " + e.program() + ", under the same pid", e.told("")
		}
		return "the shell becomes " + base(e.Path) + ", under the same pid", "[" + e.call() + "]"

	case Exited:
		s = c.process(e.Pid) + " ended with status " + num(e.Status)
		return s, e.told("wait: exited")
	case Killed:
		s = c.process(e.Pid) + " was killed by " + SigName(e.Sig)
		if e.Core {
			s += "; it left a core dump"
		}
		return s, e.told("wait: killed")
	case Stopped:
		return c.process(e.Pid) + " was stopped by " + SigName(e.Sig), e.told("wait: stopped")
	case Continued:
		return c.process(e.Pid) + " was continued: it runs again", e.told("wait: continued")
	case Signal:
		return "the shell received " + SigName(e.Sig), e.told("signal")

	case LineBegin:
		return "the line runs: " + Visible(e.Text), ""
	case LineEnd:
		return "the line is over, with status " + num(e.Status), ""
	case JobNew:
		s = "process group " + num(e.Pgid) + " is now job %" + num(e.Job)
		if e.Text != "" {
			s += ": " + Visible(e.Text)
		}
		return s, ""
	case JobState:
		return "job %" + num(e.Job) + " is now: " + Visible(e.Text), ""
	case JobGone:
		return "job %" + num(e.Job) + " left the job table", ""

	case Seen:
		if e.Source == Connector || e.Source == Tracer && e.Path == "" {
			return c.process(e.PPid) + " forked: " + c.process(e.Pid) + " is its child", e.told("")
		}
		s = "found " + num(e.Pid)
		if e.Text != "" {
			s += " " + Visible(e.Text)
		}
		if e.Source == Proc && e.Path != "" {
			return s + ", which came from this shell: group " + num(e.Pgid) + ", session " + num(e.Sid) + ", " + onTTY(e.TTY),
				"[/proc/" + num(e.Pid) + "/" + e.Path + "]"
		}
		return s + ": " + e.where(), e.told("")
	case Moved:
		return e.moved(c), e.told("")
	case Gone:
		return c.process(e.Pid) + " is gone", e.told("")
	case Fg:
		s = "the keyboard of " + TTYName(e.TTY) + " is with " + c.group(e.Pgid)
		return s, e.told("foreground process group")
	case Key:
		return keySentence(e.Text), ""
	case Named:
		if e.Source == Proc { // execve or prctl: /proc does not tell which
			return c.process(e.Pid) + " is called " + Visible(e.Text) + " now", e.told("")
		}
		return c.process(e.Pid) + " calls itself " + Visible(e.Text) + " now", e.told("")
	case User:
		return c.process(e.Pid) + " runs as " + Visible(e.Text) + " now", e.told("")
	case Meets:
		return e.meets(c)
	case Call:
		s = c.process(e.Pid) + ": " + Visible(e.Text)
		if e.Errno != 0 {
			s += " = -1 " + errnoName(e.Errno)
		}
		return s, e.told("")
	case Told:
		return "told the lesson: " + Visible(e.Text), e.told("")
	case Fact:
		return e.fact(c)
	case Gap:
		return "not everything was seen: " + Visible(e.Text), ""
	}
	return "an event of an unknown kind, " + e.Kind.String(), ""
}

// spawned tells what was asked: the child carries it out after the shell let
// go of it, so the shell has not seen it happen.
func (e *Event) spawned(c *Context) string {
	s := "started " + num(e.Pid) + " " + Visible(e.Started())
	letter := ""
	if c.Group != nil && c.Group(e.Pgid) != "" {
		letter = " " + c.Group(e.Pgid)
	}
	switch {
	case e.Pgid == 0 || c.ShellPgid != 0 && e.Pgid == c.ShellPgid:
		return s + " in the shell's own group"
	case e.Pgid == e.Pid && e.Fg:
		return s + ": new group" + letter + ", keyboard"
	case e.Pgid == e.Pid:
		return s + ": new group" + letter + ", in the background"
	case e.Fg:
		return s + " in " + c.group(e.Pgid) + ", keyboard"
	}
	return s + " in " + c.group(e.Pgid)
}

// Started is the name under which a Spawn event's program was started, in any
// bytes. jsh itself is several programs, by its argv[0].
func (e *Event) Started() string {
	name := e.Path[strings.LastIndexByte(e.Path, '/')+1:]
	if len(e.Argv) > 0 && name == "jsh" && e.Argv[0] != "" && !strings.Contains(e.Argv[0], "/") {
		return e.Argv[0]
	}
	return name
}

// moved says what changed, if Text names it ("parent", "group", "session",
// "terminal", with spaces between), and otherwise the whole new place.
func (e *Event) moved(c *Context) string {
	who := c.process(e.Pid)
	switch changed := " " + e.Text + " "; {
	case strings.Contains(changed, " session ") && e.Sid == e.Pid:
		return who + " leads a new session: group " + num(e.Pgid) + ", " + onTTY(e.TTY)
	case e.Text == "parent":
		return who + " was adopted by " + c.process(e.PPid)
	case e.Text == "group" && e.Pgid == e.Pid:
		return who + " leads a new process group, " + num(e.Pgid)
	case e.Text == "group":
		return who + " joined " + c.group(e.Pgid)
	case e.Text == "terminal" && e.TTY == 0:
		return who + " lost its controlling terminal"
	case e.Text == "terminal":
		return who + " has a controlling terminal now: " + TTYName(e.TTY)
	}
	return who + " is now: " + e.where()
}

func (e *Event) where() string {
	return "parent " + num(e.PPid) + ", group " + num(e.Pgid) +
		", session " + num(e.Sid) + ", " + onTTY(e.TTY)
}

// program is what an Exec event says of the new program.
func (e *Event) program() string {
	switch {
	case e.Path != "":
		return base(e.Path)
	case e.Text != "":
		return Visible(e.Text)
	}
	return "another program"
}

func onTTY(dev int) string {
	if dev == 0 {
		return "no terminal"
	}
	return "on " + TTYName(dev)
}

// meets names the line of /proc/PID/status that tells it (proc_pid_status(5)).
func (e *Event) meets(c *Context) (s, call string) {
	who, sig := c.process(e.Pid), SigName(e.Sig)
	switch e.Text {
	case "ignored":
		return who + " ignores " + sig, e.told("SigIgn")
	case "caught":
		return who + " has a handler for " + sig, e.told("SigCgt")
	case "blocked":
		return who + " blocks " + sig + ": it waits", e.told("SigBlk")
	}
	return who + " has no handler for " + sig, e.told("SigCgt, SigIgn")
}

func keySentence(key string) string {
	sig := ""
	switch key {
	case "^C":
		sig = "SIGINT"
	case "^Z":
		sig = "SIGTSTP"
	case `^\`:
		sig = "SIGQUIT"
	default:
		return Visible(key) + " was pressed"
	}
	return key + " was pressed: the terminal's cue for " + sig + " to its foreground group"
}

// told names the source in brackets; word is what the shell would say.
func (e *Event) told(word string) string {
	switch e.Source {
	case Proc:
		if word != "" {
			return "[/proc: " + word + "]"
		}
		return "[/proc]"
	case Connector:
		return "[proc connector]"
	case Tracer:
		return "[trace]"
	case Puppet:
		return "[puppet]"
	}
	if word == "" {
		return ""
	}
	return "[" + word + "]"
}

// call is the system call as a C program would write it.
func (e *Event) call() string {
	switch e.Kind {
	case Spawn:
		s := "fork"
		if e.Pgid != 0 {
			s += " setpgid"
		}
		if e.Fg {
			s += " tcsetpgrp"
		}
		return s + " execve"
	case SetPgid:
		return "setpgid(" + num(e.Pid) + ", " + num(e.Pgid) + ")"
	case SetFg:
		return "tcsetpgrp(" + num(e.Pgid) + ")"
	case Kill:
		to, sig := num(e.Pid), "0"
		if e.Pgid != 0 {
			to = num(-e.Pgid)
		}
		if e.Sig != 0 {
			sig = SigName(e.Sig)
		}
		return "kill(" + to + ", " + sig + ")"
	case SaveModes:
		return "tcgetattr"
	case SetModes:
		return "tcsetattr"
	}
	return "execve " + Visible(e.Path)
}

func owner(job int) string {
	if job == 0 {
		return "the shell"
	}
	return "job %" + num(job)
}

func (c *Context) process(pid int) string {
	if c.ShellPid != 0 && pid == c.ShellPid {
		return "the shell"
	}
	s := num(pid)
	if c.Name != nil {
		if name := c.Name(pid); name != "" {
			s += " " + Visible(name)
		}
	}
	return s
}

func (c *Context) group(pgid int) string {
	if c.ShellPgid != 0 && pgid == c.ShellPgid {
		if c.Group != nil && c.Group(pgid) != "" {
			return "the shell's group " + c.Group(pgid)
		}
		return "the shell's group " + num(pgid)
	}
	if c.Group != nil {
		if letter := c.Group(pgid); letter != "" {
			return "group " + letter
		}
	}
	s := "group " + num(pgid)
	if c.Job != nil {
		if job := c.Job(pgid); job != 0 {
			s += " (%" + num(job) + ")"
		}
	}
	return s
}

func (c *Context) target(e *Event) string {
	switch {
	case e.Pgid != 0:
		return c.group(e.Pgid)
	case e.Pid == 0:
		return "the shell's own group"
	case e.Pid == -1:
		return "every process that it may"
	case e.Pid < 0:
		return c.group(-e.Pid)
	}
	return c.process(e.Pid)
}

func base(path string) string {
	if i := strings.LastIndexByte(path, '/'); i >= 0 && i+1 < len(path) {
		path = path[i+1:]
	}
	return Visible(path)
}

func num(n int) string { return strconv.Itoa(n) }

func errnoName(errno int) string {
	if name := unix.ErrnoName(unix.Errno(errno)); name != "" {
		return name
	}
	return "errno " + num(errno)
}
