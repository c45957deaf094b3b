package puppet

import (
	"encoding/binary"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Call is one system call with its arguments. The functions of this file make
// them; their names and arguments are those of the C library.
type Call struct {
	Verb string // its name
	text string // as a C program would write it

	op     uint32
	nr     uintptr
	args   [6]int
	fill   func(w *arena) // puts what arguments point to into the puppet's memory
	result func(s *slot, a *Answer)
	name   string  // of fork's child
	child  *Puppet // … when it is known
	exec   bool
	noFile bool // args[0] is no descriptor; for Why
	quiet  bool // no event
}

// Quiet is the same call, of which no event is made: for the others of a row.
func (c Call) Quiet() Call {
	c.quiet = true
	return c
}

// String is the call as a C program would write it.
func (c Call) String() string { return c.text }

// arena hands out the puppet's memory for arguments.
type arena struct {
	p    *Puppet
	s    *slot
	off  int
	args *[6]uint64
	full bool
}

// room is n bytes of memory, and the puppet's address of them.
func (w *arena) room(n int) ([]byte, uint64) {
	if w.off+n > dataSize {
		w.full = true
		return make([]byte, n), 0
	}
	b, at := w.s.data[w.off:w.off+n], w.p.farData(w.off)
	w.off += (n + 7) &^ 7
	return b, at
}

func (w *arena) string(s string) uint64 {
	b, at := w.room(len(s) + 1)
	b[copy(b, s)] = 0
	return at
}

func (w *arena) words(v ...uint64) uint64 {
	b, at := w.room(8 * len(v))
	for i, x := range v {
		binary.NativeEndian.PutUint64(b[8*i:], x)
	}
	return at
}

// encode puts the call into the slot. E2BIG: the arguments do not fit.
func (p *Puppet) encode(c *Call) unix.Errno {
	s := p.slot()
	w := &arena{p: p, s: s, args: &s.args}
	s.nr = uint64(c.nr)
	for i, a := range c.args {
		s.args[i] = uint64(a)
	}
	if c.fill != nil {
		c.fill(w)
	}
	if w.full {
		return unix.E2BIG
	}
	return 0
}

// simple is a call whose arguments are all numbers.
func simple(verb string, nr uintptr, args ...int) Call {
	c := Call{Verb: verb, nr: nr}
	words := make([]string, len(args))
	for i, a := range args {
		c.args[i] = a
		words[i] = itoa(a)
	}
	c.text = verb + "(" + strings.Join(words, ", ") + ")"
	return c
}

func itoa(n int) string { return strconv.Itoa(n) }

// Fork is fork(2): the child is a puppet too, named as its parent with .1, .2 …
// behind, or as told.
func Fork(name string) Call { return Call{Verb: "fork", text: "fork()", op: opFork, name: name} }

// Exit is _exit(2).
func Exit(status int) Call { return simple("exit", unix.SYS_EXIT_GROUP, status) }

// Setsid is setsid(2).
func Setsid() Call { return simple("setsid", unix.SYS_SETSID) }

// Setpgid is setpgid(2).
func Setpgid(pid, pgid int) Call { return simple("setpgid", unix.SYS_SETPGID, pid, pgid) }

// The calls that only ask.
func Getpid() Call { return simple("getpid", unix.SYS_GETPID) }

func Getppid() Call { return simple("getppid", unix.SYS_GETPPID) }

func Getpgid(pid int) Call { return simple("getpgid", unix.SYS_GETPGID, pid) }

func Getsid(pid int) Call { return simple("getsid", unix.SYS_GETSID, pid) }

func Getuid() Call { return simple("getuid", unix.SYS_GETUID) }

func Geteuid() Call { return simple("geteuid", unix.SYS_GETEUID) }

func Getgid() Call { return simple("getgid", unix.SYS_GETGID) }

func Getegid() Call { return simple("getegid", unix.SYS_GETEGID) }

// The calls that set user and group IDs; -1 leaves an ID as it is.
func Setuid(uid int) Call { return simple("setuid", unix.SYS_SETUID, uid) }

func Seteuid(uid int) Call { return renamed("seteuid", Setresuid(-1, uid, -1), itoa(uid)) }

func Setreuid(r, e int) Call { return simple("setreuid", unix.SYS_SETREUID, r, e) }

func Setresuid(r, e, saved int) Call { return simple("setresuid", unix.SYS_SETRESUID, r, e, saved) }

func Setgid(gid int) Call { return simple("setgid", unix.SYS_SETGID, gid) }

func Setegid(gid int) Call { return renamed("setegid", Setresgid(-1, gid, -1), itoa(gid)) }

func Setregid(r, e int) Call { return simple("setregid", unix.SYS_SETREGID, r, e) }

func Setresgid(r, e, saved int) Call { return simple("setresgid", unix.SYS_SETRESGID, r, e, saved) }

// Setgroups is setgroups(2).
func Setgroups(gids []int) Call {
	words := make([]string, len(gids))
	for i, g := range gids {
		words[i] = itoa(g)
	}
	return Call{Verb: "setgroups", nr: unix.SYS_SETGROUPS, text: "setgroups({" + strings.Join(words, ", ") + "})",
		fill: func(w *arena) {
			b, at := w.room(4 * len(gids))
			for i, g := range gids {
				binary.NativeEndian.PutUint32(b[4*i:], uint32(g))
			}
			w.args[0], w.args[1] = uint64(len(gids)), at
		}}
}

// renamed is a call under the name by which the C library knows it.
func renamed(verb string, c Call, args string) Call {
	c.Verb, c.text = verb, verb+"("+args+")"
	return c
}

// Wait4 is waitpid(2): -1 is any child. The answer's Ret is the pid, Status what
// became of it. Options are unix.WNOHANG and so on.
func Wait4(pid, options int) Call {
	names := "0"
	for _, o := range []struct {
		bit  int
		name string
	}{{unix.WNOHANG, "WNOHANG"}, {unix.WUNTRACED, "WUNTRACED"}, {unix.WCONTINUED, "WCONTINUED"}} {
		if options&o.bit != 0 {
			names = strings.TrimPrefix(names+"|"+o.name, "0|")
		}
	}
	c := renamed("waitpid", simple("waitpid", unix.SYS_WAIT4, pid, 0, options, 0), itoa(pid)+", &status, "+names)
	c.noFile = true
	c.fill = func(w *arena) { _, w.args[1] = w.room(8) }
	c.result = func(s *slot, a *Answer) {
		a.Status = unix.WaitStatus(binary.NativeEndian.Uint32(s.data[:4]))
	}
	return c
}

// Exec is execve(2). The answer's State is Became when it succeeded.
func Exec(path string, argv, env []string) Call {
	words := make([]string, len(argv))
	for i, a := range argv {
		words[i] = cString(a)
	}
	c := Call{Verb: "execve", nr: unix.SYS_EXECVE, exec: true, noFile: true,
		text: "execve(" + cString(path) + ", {" + strings.Join(words, ", ") + "}, environ)"}
	c.fill = func(w *arena) {
		w.args[0] = w.string(path)
		w.args[1], w.args[2], w.full = w.p.t.m.vectors(argv, env)
	}
	return c
}

// vectors puts two arrays of strings into the big memory, and gives their
// addresses in the puppet; full says that they do not fit.
func (m *memory) vectors(argv, env []string) (a, e uint64, full bool) {
	text := 8 * (len(argv) + len(env) + 2)
	at := 0
	base := m.farBig()
	var starts [2]uint64
	for i, list := range [][]string{argv, env} {
		starts[i] = base + uint64(at)
		for _, s := range list {
			if text+len(s)+1 > bigSize {
				return 0, 0, true
			}
			binary.NativeEndian.PutUint64(m.big[at:], base+uint64(text))
			at += 8
			text += copy(m.big[text:], s)
			m.big[text] = 0
			text++
		}
		binary.NativeEndian.PutUint64(m.big[at:], 0)
		at += 8
	}
	return starts[0], starts[1], false
}
