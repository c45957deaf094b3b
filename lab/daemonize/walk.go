package daemonize

import (
	"slices"
	"strconv"
	"strings"

	"jsh/event"
	"jsh/lab/puppet"
)

// walk is daemonize --pause.
func (c *command) walk(a arguments) int {
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
	var steps []Step
	for _, s := range Steps() {
		if !slices.Contains(a.without, s.Name) {
			steps = append(steps, s)
		}
	}
	n := len(steps) + 1
	c.Out(fold("Process "+strconv.Itoa(p.Pid)+" is to be the daemon "+event.Visible(a.argv[0])+". A shell would have started it as this one was: "+
		"it leads a process group, in the session of this terminal.", "", c.width()))
	before, _ := p.Condition()
	for i, s := range steps {
		c.heading(i+1, n, s.Name, s.Title, s.Kind)
		c.Out(fold(s.Will, "    ", c.width()))
		c.Out(fold("Why: "+s.Why, "    ", c.width()))
		switch c.ask("Enter does it, s leaves it out, q leaves: ") {
		case 'q':
			return c.left(r)
		case 's':
			c.Out(fold("Left out: "+s.Mistaken+".", "    ", c.width()))
			continue
		}
		log, err := r.Do(s.Name)
		c.Out(c.calls(log))
		if err != nil {
			c.Err("daemonize: " + err.Error() + "\n")
			return 1
		}
		after, _ := r.Cur.Condition()
		c.Out(c.changes(&before, &after))
		before = after
	}
	c.heading(n, n, "exec", "become "+event.Visible(a.argv[0]), "the program")
	c.Out(fold("execve() replaces what runs in this process by "+event.Visible(path)+": pid, group, session, descriptors, directory and umask stay.", "    ", c.width()))
	if c.ask("Enter does it, q leaves: ") == 'q' {
		return c.left(r)
	}
	return c.become(r, path, a.argv)
}

func (c *command) heading(i, n int, name, title, kind string) {
	c.Out("\n" + c.Bold("step "+strconv.Itoa(i)+" of "+strconv.Itoa(n)+"  "+name+": "+title) + "  (" + kind + ")\n")
}

func (c *command) left(r *Recipe) int {
	c.Out("You left: process " + strconv.Itoa(r.Cur.Pid) + " is ended, and no daemon was made.\n")
	return 1
}

// ask waits for a key with Enter: 0, s or q. The end of the input is q.
func (c *command) ask(prompt string) byte {
	for {
		c.Out(c.Bold(prompt))
		line, ok := c.ReadLine()
		if !ok {
			c.Out("\n")
			return 'q'
		}
		switch strings.TrimSpace(line) {
		case "":
			return 0
		case "s", "skip":
			return 's'
		case "q", "quit":
			return 'q'
		}
		c.Out("    " + event.Visible(strings.TrimSpace(line)) + ": only Enter, s or q\n")
	}
}

// calls are the calls of a step, those of one process in a row; many of a kind
// are told as one.
func (c *command) calls(log []Entry) string {
	out, row, pid := "", "", 0
	flush := func() {
		if row != "" {
			out += fold(row, "      ", c.width())
		}
		row = ""
	}
	for i := 0; i < len(log); i++ {
		e := log[i]
		text := answer(e.Answer)
		last := i
		for last+1 < len(log) && log[last+1].Answer.Call.Verb == "sigaction" && e.Answer.Call.Verb == "sigaction" {
			last++
		}
		if last > i {
			text = "sigaction(SIGHUP, SIG_DFL) = 0 and so on for " + strconv.Itoa(last-i+1) + " signals"
			i = last
		}
		if e.Pid != pid {
			flush()
			pid = e.Pid
			row = strconv.Itoa(pid) + ": " + text
			continue
		}
		row += ", " + text
	}
	flush()
	return out
}

// answer is a call with what came of it.
func answer(a puppet.Answer) string {
	switch {
	case a.Errno != 0:
		return refusal(a)
	case a.State == puppet.Ended:
		return a.Call.String() + ": it has ended"
	case a.State == puppet.Busy:
		return a.Call.String() + "  it waits in there"
	case a.State == puppet.Stopped:
		return a.Call.String() + "  a signal has stopped it"
	}
	if a.Call.Verb == "umask" {
		return a.Call.String() + " = " + mode(a.Ret)
	}
	return a.Call.String() + " = " + strconv.Itoa(a.Ret)
}

// mode is a mode or mask as C writes it.
func mode(n int) string {
	s := strconv.FormatInt(int64(n), 8)
	return strings.Repeat("0", max(0, 3-len(s))) + s
}

// changes shows a process before and after a step, the changed fields marked.
// Columns in which there is nothing to see are left out.
func (c *command) changes(before, after *puppet.Condition) string {
	old, now := cells(before), cells(after)
	gap, total := 2, 10
	for i, name := range columns {
		if old[i] != "" || now[i] != "" {
			total += max(runes(name), runes(old[i]), runes(now[i])+1) + gap
		}
	}
	if total > c.width() {
		gap = 1
	}
	lines := [3]string{"  " + pad("", 8), "  " + pad("before", 8), "  " + pad("after", 8)}
	for i, name := range columns {
		if old[i] == "" && now[i] == "" {
			continue
		}
		changed := old[i] != now[i]
		if changed {
			now[i] += "*"
		}
		width := max(runes(name), runes(old[i]), runes(now[i])) + gap
		lines[0] += pad(name, width)
		lines[1] += pad(old[i], width)
		if changed {
			lines[2] += c.Bold(now[i]) + pad("", width-runes(now[i]))
		} else {
			lines[2] += pad(now[i], width)
		}
	}
	s := ""
	for _, l := range lines {
		s += strings.TrimRight(l, " ") + "\n"
	}
	if before.PPid != after.PPid {
		s += "  * adopted by " + strconv.Itoa(after.PPid) + " " + adopter(after.PPid) + "\n"
	}
	return s
}

var columns = [...]string{"pid", "parent", "group", "session", "terminal", "0 1 2", "directory", "umask", "others", "ignores"}

func cells(c *puppet.Condition) []string {
	n := strconv.Itoa
	umask := "?"
	if c.Umask >= 0 {
		umask = mode(c.Umask)
	}
	others := ""
	for _, f := range c.Files {
		if f.FD > 2 {
			others += " " + n(f.FD)
		}
	}
	if len(others) > 8 {
		others = others[:6] + ".."
	}
	return []string{n(c.Pid), n(c.PPid), n(c.Pgid), n(c.Sid), c.Terminal(), standard(c), shortPath(c.Dir), umask, strings.TrimSpace(others), shortNames(c)}
}

// standard is where 0, 1 and 2 lead, once if it is the same place.
func standard(c *puppet.Condition) string {
	var s [3]string
	for fd := range s {
		s[fd] = strings.TrimPrefix(c.FD(fd), "/dev/")
		if s[fd] == "" {
			s[fd] = "closed"
		}
		if kind, _, ok := strings.Cut(s[fd], ":["); ok {
			s[fd] = kind
		}
		if strings.Contains(s[fd], "/") && !strings.HasPrefix(s[fd], "pts/") {
			s[fd] = "file"
		}
	}
	if s[0] == s[1] && s[1] == s[2] {
		return s[0]
	}
	return strings.Join(s[:], " ")
}

func shortPath(p string) string {
	if runes(p) > 10 {
		r := []rune(p)
		return ".." + string(r[len(r)-8:])
	}
	return p
}

func shortNames(c *puppet.Condition) string {
	if c.Ignored == 0 {
		return ""
	}
	names := strings.Fields(puppet.Names(c.Ignored))
	if len(names) > 1 {
		return strconv.Itoa(len(names)) + " signals"
	}
	return names[0]
}
