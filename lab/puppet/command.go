package puppet

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// Host is what the command puppet needs from its process.
type Host struct {
	Options
	Environ  []string
	Out, Err func(text string)
	ReadFile func(name string) (text string, err error)
	// Prompt reads a line from somebody at a terminal. It calls news now and
	// then, and shows what that returns above the line. The error is the end.
	Prompt func(prompt string, complete func(line string) (start int, words []string), news func() string) (string, error)
	// Interactive says that there is somebody.
	Interactive bool
	Cols        int
}

// Usage is what --help prints.
const Usage = `usage: puppet [FILE]
Makes real processes do one system call at a time. The first is p1; a child
that it forks is p1.1. Each line is NAME CALL ARG...:
  p1 fork            p1.1 setsid         p1.1 open /dev/tty O_RDWR
  p1 exit 0          p1.1 kill -p1 TERM  p1.1 exec sleep 300
A puppet's name stands for its pid, with - before it for that group.
  new [NAME]   one more, in a process group of its own
  show         where all of them are: group, session, terminal, descriptors
  help         the calls
  quit         ends all that are puppets still
With FILE the lines come from there; # begins a comment.
`

// Run is the command puppet. args are without its name. It returns the exit
// status: 0, 1 if a file cannot be read or no puppet be made, 2 for what it cannot
// understand.
func Run(args []string, h *Host) int {
	fail := func(status int, text string) int {
		h.Err("puppet: " + text + "\n")
		return status
	}
	if len(args) > 0 && args[0] == "--help" {
		h.Out(Usage)
		return 0
	}
	if len(args) > 1 || len(args) == 1 && strings.HasPrefix(args[0], "-") && args[0] != "-" {
		return fail(2, "only the name of a file may follow; puppet --help tells more")
	}
	var text string
	if len(args) == 1 || !h.Interactive {
		name := "-"
		if len(args) == 1 {
			name = args[0]
		}
		var err error
		if text, err = h.ReadFile(name); err != nil {
			return fail(1, err.Error())
		}
	}
	t, err := Open(h.Options)
	if err != nil {
		return fail(1, err.Error())
	}
	defer t.Close()
	c := &command{Host: h, t: t}
	if _, err := t.New(""); err != nil {
		return fail(1, err.Error())
	}
	if len(args) == 0 && h.Interactive {
		c.byHand()
		c.farewell()
		return 0
	}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\n")
		o, err := parseOrder(line)
		if err == nil && o.verb == "" {
			continue
		}
		h.Out(event.Visible(line) + "\n")
		if err == nil {
			err = c.obey(o)
		}
		if err == errQuit {
			break
		}
		if err != nil {
			return fail(2, "line "+strconv.Itoa(n)+": "+event.Visible(err.Error()))
		}
		c.settle()
	}
	c.farewell()
	return 0
}

var errQuit = errors.New("quit")

type command struct {
	*Host
	t *Troupe
}

// byHand reads orders until there are no more.
func (c *command) byHand() {
	p := c.t.all[0]
	c.Out(p.Name + " is process " + itoa(p.Pid) + ", in a process group of its own. Type p1 fork, or help.\n")
	for {
		line, err := c.Prompt("puppet> ", c.complete, c.news)
		if err != nil {
			c.Out("\n")
			return
		}
		c.Out(c.news())
		o, err := parseOrder(line)
		if err == nil && o.verb != "" {
			err = c.obey(o)
		}
		if err == errQuit {
			return
		}
		if err != nil {
			c.Err(event.Visible(err.Error()) + "\n")
		}
	}
}

// obey does one order. The error is for whoever wrote the line: what the kernel
// refuses is no error.
func (c *command) obey(o order) error {
	verb := o.verb
	if o.who != "" {
		verb = "a call"
	}
	switch verb {
	case "":
		return nil
	case "quit":
		return errQuit
	case "help":
		c.Out(callsHelp())
		return nil
	case "new":
		if len(o.args) > 1 {
			return errors.New("usage: new [NAME]")
		}
		name := strings.Join(o.args, "")
		if !goodName(name) {
			return errors.New(name + ": a name is made of letters, digits and . and begins with a letter")
		}
		p, err := c.t.New(name)
		if err != nil {
			return err
		}
		c.Out("= " + itoa(p.Pid) + " (" + p.Name + ")\n")
		return nil
	case "show":
		c.Out(c.table())
		return nil
	}
	if o.verb == "fork" && len(o.args) == 1 && !goodName(o.args[0]) {
		return errors.New(o.args[0] + ": a name is made of letters, digits and . and begins with a letter")
	}
	p, call, err := c.t.call(o, c.Environ)
	if err != nil {
		return err
	}
	if p.call != nil {
		before := *p.call
		a := p.Wait(Patience)
		if a.State == Busy || a.State == Stopped {
			c.Out(p.Name + " is in " + before.String() + " still: it takes no other call.\n")
			return nil
		}
		c.Out(p.Name + ": " + before.String() + " " + told(p, a))
	}
	c.Out(told(p, p.Do(call)))
	return nil
}

// goodName keeps a name from being taken for a number or a group.
func goodName(s string) bool {
	for i := range len(s) {
		ch := s[i] | 0x20
		letter := ch >= 'a' && ch <= 'z'
		if !letter && (i == 0 || s[i] != '.' && (s[i] < '0' || s[i] > '9')) {
			return false
		}
	}
	return len(s) < 16
}

// told is an answer as a line.
func told(p *Puppet, a Answer) string {
	switch {
	case a.Errno != 0:
		s := "= -1 " + unix.ErrnoName(a.Errno) + " (" + a.Errno.Error() + ")"
		if a.Why != "" {
			s += ": " + a.Why
		}
		return s + "\n"
	case a.State == Ended && a.Call.Verb == "exit":
		return p.Name + " has ended.\n"
	case a.State == Ended:
		return p.Name + " has ended: it makes no calls any more.\n"
	case a.State == Became && a.Call.exec:
		return p.Name + " is another program now: " + strings.TrimSuffix(strings.TrimPrefix(a.Call.text, "execve("), ", environ)") + "\n"
	case a.State == Became:
		return p.Name + " is another program: it makes no calls any more.\n"
	case a.State == Stopped:
		s := p.Name + " is stopped by a signal"
		switch a.Call.Verb {
		case "read":
			s += " in " + a.Call.String() + ": a background group that reads its terminal gets SIGTTIN"
		case "write", "tcsetpgrp":
			s += " in " + a.Call.String() + ": it is in the background, and that gets SIGTTOU"
		}
		return s + ". Let another one kill " + p.Name + " SIGCONT.\n"
	case a.State == Busy:
		return p.Name + " waits in " + a.Call.String() + ". Its answer will be told; go on with another one.\n"
	case a.Child != nil:
		return "= " + itoa(a.Ret) + " (" + a.Child.Name + ")\n"
	case a.Call.Verb == "waitpid" && a.Ret > 0:
		return "= " + itoa(a.Ret) + ": " + statusWords(a.Status) + "\n"
	case a.Call.Verb == "read":
		return "= " + itoa(a.Ret) + ": " + cString(string(a.Data)) + "\n"
	case a.Call.Verb == "umask":
		return "= " + octal(a.Ret) + "\n"
	}
	return "= " + itoa(a.Ret) + "\n"
}

func statusWords(ws unix.WaitStatus) string {
	switch {
	case ws.Exited():
		return "it exited with status " + itoa(ws.ExitStatus())
	case ws.Signaled():
		return "it was killed by " + event.SigName(int(ws.Signal()))
	case ws.Stopped():
		return "it was stopped by " + event.SigName(int(ws.StopSignal()))
	}
	return "it was continued"
}

// news tells the answers that have come meanwhile.
func (c *command) news() string {
	s := ""
	for _, p := range c.t.all {
		if p.call == nil || p.index == 0 {
			continue
		}
		switch a := p.Wait(1); a.State {
		case Busy, Stopped:
		default:
			s += p.Name + ": " + a.Call.String() + " " + told(p, a)
		}
	}
	return s
}

// settle tells them to a reader of a file.
func (c *command) settle() { c.Out(c.news()) }

// farewell says what lives on.
func (c *command) farewell() {
	for _, p := range c.t.all {
		if p.State() == Became {
			c.Out(p.Name + " lives on as another program: kill " + itoa(p.Pid) + " ends it.\n")
		}
	}
}

// table shows where the puppets are.
func (c *command) table() string {
	rows := [][]string{{"name", "pid", "parent", "group", "session", "terminal", "0 1 2", "directory", "state"}}
	for _, p := range c.t.all {
		at, err := p.Condition()
		if err != nil {
			continue
		}
		fds := [3]string{}
		for i := range fds {
			fds[i] = strings.TrimPrefix(at.FD(i), "/dev/")
			if fds[i] == "" {
				fds[i] = "closed"
			}
		}
		std := fds[0]
		if fds[1] != std || fds[2] != std {
			std = "various"
		}
		state := [...]string{"idle", "in a call", "stopped", "a program", "ended"}[p.State()]
		if at.Exited() {
			state, std = "zombie", ""
		}
		rows = append(rows, []string{p.Name, itoa(p.Pid), itoa(at.PPid), itoa(at.Pgid), itoa(at.Sid), at.Terminal(), std, at.Dir, state})
	}
	widths := make([]int, len(rows[0]))
	for _, r := range rows {
		for i, f := range r {
			widths[i] = max(widths[i], len([]rune(f)))
		}
	}
	var b strings.Builder
	for _, r := range rows {
		line := ""
		for i, f := range r {
			line += f + strings.Repeat(" ", widths[i]-len([]rune(f))+1)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

func callsHelp() string {
	var b strings.Builder
	line := ""
	for _, v := range verbs() {
		cell := strings.TrimSpace(v.name + " " + v.args)
		switch {
		case line == "":
			line = "  " + cell
		case len(line) <= 38 && len(cell) <= 37:
			b.WriteString(line + strings.Repeat(" ", 40-len(line)) + cell + "\n")
			line = ""
		default:
			b.WriteString(line + "\n")
			line = "  " + cell
		}
	}
	if line != "" {
		b.WriteString(line + "\n")
	}
	return "A line is NAME CALL ARG..., such as p1 fork. The calls:\n" + b.String() + "Besides: new [NAME], show, help, quit.\n"
}

// complete gives the words that can stand at the end of a line.
func (c *command) complete(line string) (start int, words []string) {
	start = strings.LastIndexByte(line, ' ') + 1
	word := line[start:]
	var all []string
	switch n := len(strings.Fields(line[:start])); {
	case n == 0:
		for _, p := range c.t.all {
			if p.State() != Ended {
				all = append(all, p.Name)
			}
		}
		all = append(all, "new", "show", "help", "quit")
	case n == 1:
		for _, v := range verbs() {
			all = append(all, v.name)
		}
	default:
		switch strings.Fields(line)[1] {
		case "kill", "sigaction", "sigprocmask":
			for sig := 1; sig < 32; sig++ {
				all = append(all, event.SigName(sig))
			}
			all = append(all, "default", "ignore", "count", "block", "unblock", "set")
		case "open":
			all = append(all, "/dev/tty", "/dev/null")
			for _, f := range openFlags {
				all = append(all, f.name)
			}
		}
		for _, p := range c.t.all {
			all = append(all, p.Name, "-"+p.Name)
		}
	}
	for _, w := range all {
		if strings.HasPrefix(w, word) && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return start, words
}
