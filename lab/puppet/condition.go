package puppet

import (
	"bytes"
	"os"
	"slices"
	"strconv"
	"strings"

	"jsh/event"
	"jsh/pgroup"
	"jsh/proc"
)

// Condition is all that a daemon's steps change about a process, as /proc has it.
type Condition struct {
	proc.Proc
	Files   []File // by number
	Dir     string
	Umask   int // -1: not told
	Uid     [3]int
	Ignored pgroup.SignalSet
	Blocked pgroup.SignalSet
	Caught  pgroup.SignalSet
}

// File is an open descriptor and what it is open on: a path, or pipe:[…].
type File struct {
	FD   int
	Path string
}

// Condition reads how the process is now. The error is proc.ErrGone when it is
// nowhere; what may not be read, or what a zombie has not, is left zero.
func (p *Puppet) Condition() (Condition, error) {
	at, err := p.Place()
	if err != nil {
		return Condition{}, err
	}
	c := Condition{Proc: at, Umask: -1}
	dir := "/proc/" + itoa(p.Pid)
	c.Dir, _ = os.Readlink(dir + "/cwd")
	fds, _ := os.ReadDir(dir + "/fd")
	for _, f := range fds {
		n, err := strconv.Atoi(f.Name())
		if err != nil {
			continue
		}
		if path, err := os.Readlink(dir + "/fd/" + f.Name()); err == nil {
			c.Files = append(c.Files, File{n, path})
		}
	}
	slices.SortFunc(c.Files, func(a, b File) int { return a.FD - b.FD })
	status, _ := os.ReadFile(dir + "/status")
	for line := range bytes.Lines(status) {
		name, value, _ := strings.Cut(strings.TrimSpace(string(line)), ":")
		value = strings.TrimSpace(value)
		switch name {
		case "Umask":
			if n, err := strconv.ParseInt(value, 8, 32); err == nil {
				c.Umask = int(n)
			}
		case "Uid":
			for i, f := range strings.Fields(value) {
				if i < 3 {
					c.Uid[i], _ = strconv.Atoi(f)
				}
			}
		case "SigIgn":
			c.Ignored = signalSet(value)
		case "SigBlk":
			c.Blocked = signalSet(value)
		case "SigCgt":
			c.Caught = signalSet(value)
		}
	}
	return c, nil
}

func signalSet(hex string) pgroup.SignalSet {
	n, _ := strconv.ParseUint(hex, 16, 64)
	return pgroup.SignalSet(n)
}

// FD is what descriptor n is open on; "" is closed.
func (c *Condition) FD(n int) string {
	for _, f := range c.Files {
		if f.FD == n {
			return f.Path
		}
	}
	return ""
}

// Terminal is the controlling terminal's name, "none" without one.
func (c *Condition) Terminal() string {
	if c.TTY == 0 {
		return "none"
	}
	return event.TTYName(c.TTY)
}

// Names are the signals of a set, with a blank between them; "none" if empty.
func Names(set pgroup.SignalSet) string {
	var names []string
	for sig := 1; sig <= 64; sig++ {
		if set&(1<<(sig-1)) != 0 {
			names = append(names, strings.TrimPrefix(event.SigName(sig), "SIG"))
		}
	}
	if names == nil {
		return "none"
	}
	return strings.Join(names, " ")
}
