package puppet

import (
	"errors"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/pgroup"
)

// A verb is a call as it is written in a file: its arguments, and what it makes
// of them.
type verb struct {
	name  string
	args  string // as the help writes them
	least int
	most  int
	make  func(r *reader, a []string) Call
}

// reader turns words into arguments, and keeps the first that is wrong.
type reader struct {
	t   *Troupe
	p   *Puppet
	env []string
	err error
}

func (r *reader) wrong(text string) {
	if r.err == nil {
		r.err = errors.New(text)
	}
}

func (r *reader) number(s string) int {
	n, err := strconv.ParseInt(s, 0, 64)
	if err != nil {
		r.wrong(s + ": not a number")
	}
	return int(n)
}

func (r *reader) octal(s string) int {
	n, err := strconv.ParseUint(s, 8, 32)
	if err != nil {
		r.wrong(s + ": not an octal number, such as 022")
	}
	return int(n)
}

// pid is a number or the name of a puppet; a - before it means a group.
func (r *reader) pid(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	name, group := strings.CutPrefix(s, "-")
	p := r.t.Find(name)
	switch {
	case p == nil:
		r.wrong(s + ": neither a number nor the name of a puppet")
		return 0
	case group:
		return -p.Pid
	}
	return p.Pid
}

func (r *reader) signal(s string) unix.Signal {
	if n, err := strconv.Atoi(s); err == nil && n >= 0 && n <= 64 {
		return unix.Signal(n)
	}
	name := strings.ToUpper(s)
	if !strings.HasPrefix(name, "SIG") {
		name = "SIG" + name
	}
	for sig := 1; sig <= 64; sig++ {
		if event.SigName(sig) == name {
			return unix.Signal(sig)
		}
	}
	r.wrong(s + ": no such signal; SIGTERM, for example")
	return 0
}

func (r *reader) flags(s string) (n int) {
next:
	for f := range strings.SplitSeq(strings.ToUpper(s), "|") {
		for _, o := range openFlags {
			if f == o.name {
				n |= o.bits
				continue next
			}
		}
		r.wrong(f + ": no flag of open; O_RDWR|O_NOCTTY, for example")
	}
	return n
}

func oneOf[T any](r *reader, s string, names []string, values []T) (v T) {
	for i, n := range names {
		if s == n {
			return values[i]
		}
	}
	r.wrong(s + ": one of " + strings.Join(names, ", "))
	return v
}

func ids(verbName string, f func(...int) Call, n int, args string) verb {
	return verb{verbName, args, n, n, func(r *reader, a []string) Call {
		v := make([]int, len(a))
		for i, s := range a {
			v[i] = r.number(s)
		}
		return f(v...)
	}}
}

// verbs are made anew for each caller, so that they cost nothing at start.
func verbs() []verb {
	plain := func(name string, c func() Call) verb {
		return verb{name, "", 0, 0, func(*reader, []string) Call { return c() }}
	}
	one := func(f func(int) Call) func(...int) Call { return func(v ...int) Call { return f(v[0]) } }
	two := func(f func(a, b int) Call) func(...int) Call { return func(v ...int) Call { return f(v[0], v[1]) } }
	three := func(f func(a, b, c int) Call) func(...int) Call {
		return func(v ...int) Call { return f(v[0], v[1], v[2]) }
	}
	return []verb{
		{"fork", "[NAME]", 0, 1, func(r *reader, a []string) Call { return Fork(strings.Join(a, "")) }},
		{"exit", "[STATUS]", 0, 1, func(r *reader, a []string) Call {
			if len(a) == 0 {
				return Exit(0)
			}
			return Exit(r.number(a[0]))
		}},
		plain("setsid", Setsid),
		{"setpgid", "PID PGID", 2, 2, func(r *reader, a []string) Call { return Setpgid(r.pid(a[0]), r.pid(a[1])) }},
		{"chdir", "DIR", 1, 1, func(r *reader, a []string) Call { return Chdir(a[0]) }},
		{"umask", "MASK", 1, 1, func(r *reader, a []string) Call { return Umask(r.octal(a[0])) }},
		{"open", "FILE FLAGS [MODE]", 2, 3, func(r *reader, a []string) Call {
			mode := 0o666
			if len(a) > 2 {
				mode = r.octal(a[2])
			}
			return OpenFile(a[0], r.flags(a[1]), mode)
		}},
		ids("dup2", two(Dup2), 2, "FROM TO"),
		ids("close", one(Close), 1, "FD"),
		ids("closefrom", one(CloseFrom), 1, "FD"),
		ids("tiocsctty", one(TIOCSCTTY), 1, "FD"),
		ids("tiocnotty", one(TIOCNOTTY), 1, "FD"),
		{"tcsetpgrp", "FD PGID", 2, 2, func(r *reader, a []string) Call { return Tcsetpgrp(r.number(a[0]), r.pid(a[1])) }},
		{"read", "FD [N]", 1, 2, func(r *reader, a []string) Call {
			n := 1000
			if len(a) > 1 {
				n = r.number(a[1])
			}
			return Read(r.number(a[0]), n)
		}},
		{"write", "FD TEXT", 2, 2, func(r *reader, a []string) Call { return Write(r.number(a[0]), a[1]) }},
		{"sigaction", "SIGNAL default|ignore|count", 2, 2, func(r *reader, a []string) Call {
			return Sigaction(r.signal(a[0]), oneOf(r, a[1], []string{"default", "ignore", "count"}, []Disposition{Default, Ignore, Count}))
		}},
		{"sigprocmask", "block|unblock|set SIGNAL...", 1, 65, func(r *reader, a []string) Call {
			how := oneOf(r, a[0], []string{"block", "unblock", "set"}, []How{Block, Unblock, SetMask})
			var set pgroup.SignalSet
			for _, s := range a[1:] {
				if sig := r.signal(s); sig > 0 {
					set = set.With(sig)
				}
			}
			return Sigprocmask(how, set)
		}},
		{"kill", "PID|-PGID SIGNAL", 2, 2, func(r *reader, a []string) Call { return Kill(r.pid(a[0]), r.signal(a[1])) }},
		{"wait", "[PID]", 0, 1, func(r *reader, a []string) Call {
			if len(a) == 0 {
				return Wait4(-1, 0)
			}
			return Wait4(r.pid(a[0]), unix.WUNTRACED)
		}},
		plain("pause", Pause),
		plain("getpid", Getpid), plain("getppid", Getppid), plain("getuid", Getuid), plain("geteuid", Geteuid),
		plain("getgid", Getgid), plain("getegid", Getegid),
		{"getpgid", "[PID]", 0, 1, func(r *reader, a []string) Call { return Getpgid(r.optional(a)) }},
		{"getsid", "[PID]", 0, 1, func(r *reader, a []string) Call { return Getsid(r.optional(a)) }},
		ids("setuid", one(Setuid), 1, "UID"), ids("seteuid", one(Seteuid), 1, "UID"),
		ids("setreuid", two(Setreuid), 2, "RUID EUID"), ids("setresuid", three(Setresuid), 3, "RUID EUID SUID"),
		ids("setgid", one(Setgid), 1, "GID"), ids("setegid", one(Setegid), 1, "GID"),
		ids("setregid", two(Setregid), 2, "RGID EGID"), ids("setresgid", three(Setresgid), 3, "RGID EGID SGID"),
		{"setgroups", "[GID...]", 0, 65, func(r *reader, a []string) Call {
			v := make([]int, len(a))
			for i, s := range a {
				v[i] = r.number(s)
			}
			return Setgroups(v)
		}},
		{"exec", "CMD [ARG...]", 1, 1000, func(r *reader, a []string) Call {
			path, err := Look(a[0], variable(r.env, "PATH"))
			if err != nil {
				path = a[0] // the kernel is to say so
			}
			return Exec(path, a, r.env)
		}},
	}
}

func (r *reader) optional(a []string) int {
	if len(a) == 0 {
		return 0
	}
	return r.pid(a[0])
}

func variable(env []string, name string) string {
	for _, e := range env {
		if v, ok := strings.CutPrefix(e, name+"="); ok {
			return v
		}
	}
	return ""
}

// order is a line of a script.
type order struct {
	who  string   // a puppet, or "" where the order is not for one
	verb string   // "" is an empty line
	args []string // its words
}

// parseOrder splits a line into words. A word may be in '…' or in "…"; in the
// latter \n, \t, \\ and \" mean what they do in C. # begins a comment.
func parseOrder(line string) (o order, err error) {
	words, err := split(line)
	if err != nil || len(words) == 0 {
		return order{}, err
	}
	switch words[0] {
	case "new", "show", "help", "quit", "q", "exit":
		if words[0] == "q" || words[0] == "exit" {
			words[0] = "quit"
		}
		return order{verb: words[0], args: words[1:]}, nil
	}
	if len(words) == 1 {
		return order{}, errors.New(words[0] + ": a line is NAME CALL ARG..., such as p1 fork; or new, show, help, quit")
	}
	return order{who: words[0], verb: words[1], args: words[2:]}, nil
}

func split(line string) (words []string, err error) {
	var w strings.Builder
	in := false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == ' ' || c == '\t' || c == '\r':
			if in {
				words, in = append(words, w.String()), false
				w.Reset()
			}
		case c == '#' && !in:
			return words, nil
		case c == '\'' || c == '"':
			in = true
			end := i + 1
			for ; end < len(line) && line[end] != c; end++ {
				ch := line[end]
				if c == '"' && ch == '\\' && end+1 < len(line) {
					end++
					switch line[end] {
					case 'n':
						ch = '\n'
					case 't':
						ch = '\t'
					default:
						ch = line[end]
					}
				}
				w.WriteByte(ch)
			}
			if end >= len(line) {
				return nil, errors.New("the " + string(c) + " in column " + itoa(i+1) + " is not closed")
			}
			i = end
		default:
			in = true
			w.WriteByte(c)
		}
	}
	if in {
		words = append(words, w.String())
	}
	return words, nil
}

// call makes the call of an order.
func (t *Troupe) call(o order, env []string) (*Puppet, Call, error) {
	p := t.Find(o.who)
	if p == nil {
		return nil, Call{}, errors.New(o.who + ": no such puppet; show lists them")
	}
	for _, v := range verbs() {
		if v.name != o.verb {
			continue
		}
		if len(o.args) < v.least || len(o.args) > v.most {
			return nil, Call{}, errors.New(strings.TrimSpace("usage: " + o.who + " " + v.name + " " + v.args))
		}
		r := &reader{t: t, p: p, env: env}
		c := v.make(r, o.args)
		return p, c, r.err
	}
	return nil, Call{}, errors.New(o.verb + ": a puppet knows no such call; help lists them")
}
