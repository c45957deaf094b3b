package daemonize

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/lab/puppet"
	"jsh/pgroup"
)

// Host is what the command needs from its process.
type Host struct {
	Exe      string // jsh, to be the puppets' helper
	Environ  []string
	Look     func(name string) (path string, err error) // along PATH; the error is an errno
	Out, Err func(text string)
	// ReadLine reads a line from the learner; false is the end of the input.
	ReadLine func() (string, bool)
	Cols     int
	Bold     func(string) string
	ASCII    bool
	Ignored  pgroup.SignalSet // at the start of this process
	Tell     func(event.Event)
	// Timeline draws events.
	Timeline func(events []event.Event, now int64, cols int) []string
}

// Usage is what --help prints.
const Usage = `usage: daemonize [--pause] [--without STEP]... -- CMD [ARG...]
       daemonize --list | --twin STEP | --compare
Makes a daemon of CMD: a real process takes each step of the course's
recipe, then becomes CMD. Its pid is told.
  --pause         before each step say what it does and why, and wait for
                  Enter; after it show what changed
  --without STEP  leave that step out
  --list          the steps and their reasons
  --twin STEP     the recipe with and without STEP side by side, and what
                  becomes of a daemon that left it out
  --compare       that for every step, in one table
Steps: fork setsid dev-null chdir umask second-fork close-fds reset-signals
`

// Run is the command daemonize. args are without its name. It returns the exit
// status: 0, 1 where something failed, 2 for a wrong usage, 126 or 127 if CMD
// could not be run.
func Run(args []string, h *Host) int {
	c := command{Host: h}
	a, message := parse(args)
	switch {
	case message != "":
		h.Err("daemonize: " + message + "\n")
		return 2
	case a.help:
		h.Out(Usage)
	case a.list:
		c.list()
	case a.compare:
		return c.compare()
	case a.twin != "":
		return c.twin(a.twin)
	case a.pause:
		return c.walk(a)
	default:
		return c.make(a)
	}
	return 0
}

type command struct{ *Host }

type arguments struct {
	pause, list, compare, help bool
	without                    []string
	twin                       string
	argv                       []string
}

func parse(args []string) (a arguments, message string) {
	step := func(option string) bool {
		if len(args) == 0 {
			message = option + " needs the name of a step: " + stepNames()
			return false
		}
		if _, ok := find(args[0]); !ok {
			message = args[0] + ": no such step; there are " + stepNames()
			return false
		}
		return true
	}
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		switch arg {
		case "--pause":
			a.pause = true
		case "--list":
			a.list = true
		case "--compare":
			a.compare = true
		case "--help":
			a.help = true
		case "--without":
			if !step(arg) {
				return a, message
			}
			a.without, args = append(a.without, args[0]), args[1:]
		case "--twin":
			if !step(arg) {
				return a, message
			}
			a.twin, args = args[0], args[1:]
		case "--":
			a.argv, args = args, nil
		default:
			if strings.HasPrefix(arg, "-") {
				return a, arg + ": no such option (daemonize --help lists them)"
			}
			a.argv, args = append([]string{arg}, args...), nil
		}
	}
	alone := a.list || a.compare || a.help || a.twin != ""
	switch {
	case alone && len(a.argv) > 0:
		return a, "that takes no command: the processes of its own do"
	case !alone && len(a.argv) == 0:
		return a, "the command that is to be a daemon is missing: daemonize -- sleep 300"
	}
	return a, ""
}

func stepNames() string {
	var names []string
	for _, s := range Steps() {
		names = append(names, s.Name)
	}
	return strings.Join(names, " ")
}

func (c *command) list() {
	for i, s := range Steps() {
		c.Out(strconv.Itoa(i+1) + " " + c.Bold(pad(s.Name, 14)) + s.Title + " (" + s.Kind + ")\n")
		c.Out(fold(s.Will, "    ", 76))
		c.Out(fold(s.Why, "    ", 76))
		c.Out(fold("Left out: "+s.Mistaken+".", "    ", 76))
	}
	c.Out("daemon(3) does fork, setsid, chdir and dev-null; glibc's does not fork twice.\n")
}

// begin opens a troupe and finds the program.
func (c *command) begin(a arguments) (t *puppet.Troupe, path string, status int) {
	path, err := c.Look(a.argv[0])
	if err != nil {
		c.Err("daemonize: " + a.argv[0] + ": " + reason(err) + "\n")
		if errors.Is(err, unix.ENOENT) {
			return nil, "", 127
		}
		return nil, "", 126
	}
	o := puppet.Options{Exe: c.Exe, Tell: c.Tell, Ignored: c.Ignored}
	// Who never calls setsid stays in the group that a shell without job control has it
	// in. With setsid nothing of that remains, and without the fork it must lead a group, as a
	// job does, for EPERM to be seen.
	if pgid := unix.Getpgrp(); slices.Contains(a.without, Setsid) && pgid != unix.Getpid() { // 0: it is outside this pid namespace
		o.Group = pgid
	}
	t, err = puppet.Open(o)
	if err != nil {
		c.Err("daemonize: " + err.Error() + "\n")
		return nil, "", 1
	}
	return t, path, 0
}

// make is daemonize without a pause.
func (c *command) make(a arguments) int {
	t, path, status := c.begin(a)
	if t == nil {
		return status
	}
	defer t.Close()
	p, err := t.New(generations[0])
	if err != nil {
		c.Err("daemonize: " + err.Error() + "\n")
		return 1
	}
	r := &Recipe{Cur: p}
	for _, s := range Steps() {
		if slices.Contains(a.without, s.Name) {
			continue
		}
		log, err := r.Do(s.Name)
		for _, e := range log {
			if e.Answer.Errno != 0 {
				c.Err(fold("daemonize: "+refusal(e.Answer), "  ", c.width()))
			}
		}
		if err != nil {
			c.Err("daemonize: " + err.Error() + "\n")
			return 1
		}
	}
	return c.become(r, path, a.argv)
}

// become makes the process the program, and tells where it is now.
func (c *command) become(r *Recipe, path string, argv []string) int {
	answer := r.Cur.Do(puppet.Exec(path, argv, c.Environ))
	switch {
	case answer.Errno != 0:
		c.Err(fold("daemonize: "+refusal(answer), "  ", c.width()))
		if answer.Errno == unix.ENOENT {
			return 127
		}
		return 126
	case answer.State != puppet.Became:
		c.Err("daemonize: process " + strconv.Itoa(r.Cur.Pid) + " " + stateWord(answer.State) + "\n")
		return 1
	}
	at, err := r.Cur.Condition()
	if err != nil || at.Exited() {
		c.Out("pid " + strconv.Itoa(r.Cur.Pid) + " was " + argv[0] + ", and has ended already.\n")
		return 0
	}
	c.Out(fold(verdict(&at, r.Cur.Parent == nil), "  ", c.width()))
	return 0
}

// verdict tells what became of it: where it differs from a daemon, that is said.
func verdict(at *puppet.Condition, child bool) string {
	var bad []string
	if child {
		bad = append(bad, "its starter is its parent")
	}
	if sid, err := unix.Getsid(0); err == nil && sid == at.Sid {
		bad = append(bad, "it is still in the session of its starter, "+strconv.Itoa(sid))
	}
	if at.TTY != 0 {
		bad = append(bad, "its controlling terminal is "+at.Terminal())
	}
	for fd := range 3 {
		if isTerminal(at.FD(fd)) {
			bad = append(bad, "descriptor "+strconv.Itoa(fd)+" leads to "+at.FD(fd))
		}
	}
	if at.Dir != "/" {
		bad = append(bad, "it works in "+at.Dir)
	}
	if at.Sid == at.Pid {
		bad = append(bad, "it leads its session")
	}
	if at.Ignored != 0 {
		bad = append(bad, "it ignores "+puppet.Names(at.Ignored))
	}
	who := "pid " + strconv.Itoa(at.Pid) + " " + event.Visible(at.Name)
	if len(bad) > 0 {
		return who + " runs, but: " + strings.Join(bad, "; ") + ". kill " + strconv.Itoa(at.Pid) + " ends it."
	}
	return who + " is a daemon: session " + strconv.Itoa(at.Sid) + ", which it does not lead; no terminal; in /. kill " +
		strconv.Itoa(at.Pid) + " ends it."
}

func isTerminal(path string) bool {
	return strings.HasPrefix(path, "/dev/pts/") || strings.HasPrefix(path, "/dev/tty") || path == "/dev/console"
}

// refusal is a call that the kernel refused, by name and with the reason.
func refusal(a puppet.Answer) string {
	s := a.Call.String() + " = -1 " + unix.ErrnoName(a.Errno) + " (" + a.Errno.Error() + ")"
	if a.Why != "" {
		s += ": " + a.Why
	}
	return s
}

func reason(err error) string {
	var e unix.Errno
	if errors.As(err, &e) {
		return e.Error() + " (" + unix.ErrnoName(e) + ")"
	}
	return err.Error()
}

func (c *command) width() int {
	if c.Cols <= 0 {
		return 80
	}
	return c.Cols
}
