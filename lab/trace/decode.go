package trace

import (
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// decode fills in what a call says before it is made; false where it is none
// of those that are told.
func (t *Tracer) decode(p *process, c *Call) bool {
	a := &c.Args
	switch c.Kind {
	case Fork, Vfork, Setsid:
		if c.Kind == Vfork {
			c.Flags = unix.CLONE_VFORK | unix.CLONE_VM
		}
		c.Text = c.Kind.String() + "()"
	case Clone:
		c.Flags = a[0]
		c.Text = "clone(" + cloneFlags(a[0]) + ")"
	case Clone3:
		c.Flags, _ = readWord(c.Pid, a[0])
		c.Text = "clone3(" + cloneFlags(c.Flags) + ")"
	case Execve, Execveat:
		i := 0
		if c.Kind == Execveat {
			i = 1
		}
		c.Path, _ = readString(c.Pid, a[i], 4096)
		c.Argv = readArgv(c.Pid, a[i+1])
		c.Text = c.Kind.String() + "(" + quote(c.Path) + ", [" + quoteAll(c.Argv) + "])"
	case Setpgid:
		pid, pgid := int(int32(a[0])), int(int32(a[1]))
		c.Target = c.Pid
		if pid != 0 {
			c.Target = t.outer(p, pid)
		}
		c.Text = "setpgid(" + num(pid) + ", " + num(pgid) + ")"
	case Ioctl:
		return decodeIoctl(c)
	case Dup:
		c.source = int(int32(a[0]))
		c.Text = "dup(" + num(c.source) + ")"
	case Dup2, Dup3:
		c.source = int(int32(a[0]))
		c.Text = c.Kind.String() + "(" + num(c.source) + ", " + num(int(int32(a[1]))) + ")"
	case Fcntl:
		if a[1] != unix.F_DUPFD && a[1] != unix.F_DUPFD_CLOEXEC {
			return false
		}
		c.source = int(int32(a[0]))
		name := "F_DUPFD"
		if a[1] != unix.F_DUPFD {
			name = "F_DUPFD_CLOEXEC"
		}
		c.Text = "fcntl(" + num(c.source) + ", " + name + ", " + num(int(int32(a[2]))) + ")"
	case Close:
		if a[0] > 2 {
			return false
		}
		c.Text = "close(" + num(int(a[0])) + ")"
	case CloseRange:
		if uint32(a[0]) > 2 {
			return false
		}
		c.Text = "close_range(" + num(int(uint32(a[0]))) + ", " + strconv.FormatUint(uint64(uint32(a[1])), 10) + ")"
	case Open, Openat, Creat:
		return t.decodeOpen(c)
	case Chdir, Chroot:
		c.Path, _ = readString(c.Pid, a[0], 4096)
		c.Text = c.Kind.String() + "(" + quote(c.Path) + ")"
	case Fchdir:
		c.Text = "fchdir(" + num(int(int32(a[0]))) + ")"
		c.Path = link(c.Pid, "fd/"+num(int(int32(a[0]))))
	case Umask:
		c.Text = "umask(" + octal(a[0]&0o777) + ")"
	case Sigaction:
		return decodeSigaction(c)
	case Kill, Tkill:
		target := int(int32(a[0]))
		c.Sig = int(int32(a[1]))
		c.Target = target
		if target > 0 {
			c.Target = t.outer(p, target)
		}
		c.Text = c.Kind.String() + "(" + num(target) + ", " + sigName(c.Sig) + ")"
	case Tgkill:
		c.Target, c.Sig = t.outer(p, int(int32(a[0]))), int(int32(a[2]))
		c.Text = "tgkill(" + num(int(int32(a[0]))) + ", " + num(int(int32(a[1]))) + ", " + sigName(c.Sig) + ")"
	case Setuid, Setgid:
		c.Text = c.Kind.String() + "(" + id(a[0]) + ")"
	case Setreuid, Setregid:
		c.Text = c.Kind.String() + "(" + id(a[0]) + ", " + id(a[1]) + ")"
	case Setresuid, Setresgid:
		c.Text = c.Kind.String() + "(" + id(a[0]) + ", " + id(a[1]) + ", " + id(a[2]) + ")"
	case Setgroups:
		var list []string
		for i := uint64(0); i < min(a[0], 32); i++ {
			g, _ := readInt(c.Pid, a[1]+4*i)
			list = append(list, num(g))
		}
		c.Text = "setgroups([" + strings.Join(list, ", ") + "])"
	case Wait4:
		c.Flags = a[2]
		c.Text = "wait4(" + num(int(int32(a[0]))) + ", " + waitFlags(a[2]) + ")"
	case Waitid:
		c.Flags = a[3]
		c.Text = "waitid(" + [...]string{"P_ALL", "P_PID", "P_PGID", "P_PIDFD"}[a[0]&3] + ", " + num(int(int32(a[1]))) + ", " + waitFlags(a[3]) + ")"
	case Exit, ExitGroup:
		c.Text = c.Kind.String() + "(" + num(int(int32(a[0]))) + ")"
	}
	return true
}

// outer is the tracer's number for a process that p calls by pid.
func (t *Tracer) outer(p *process, pid int) int {
	if p.inner == p.pid {
		return pid
	}
	for _, q := range t.procs {
		if q.inner == pid {
			return q.pid
		}
	}
	if dead := p.dead[pid]; dead != 0 {
		return dead
	}
	return pid
}

func decodeIoctl(c *Call) bool {
	name := ""
	arg := ""
	switch uint32(c.Args[1]) {
	case unix.TIOCSPGRP:
		name = "TIOCSPGRP"
		pgid, _ := readInt(c.Pid, c.Args[2])
		arg = ", [" + num(pgid) + "]"
		c.Target = -pgid
	case unix.TIOCSCTTY:
		name = "TIOCSCTTY"
		arg = ", " + num(int(int32(c.Args[2])))
	case unix.TIOCNOTTY:
		name = "TIOCNOTTY"
	default:
		return false
	}
	c.Text = "ioctl(" + num(int(int32(c.Args[0]))) + ", " + name + arg + ")"
	return true
}

func (t *Tracer) decodeOpen(c *Call) bool {
	at, dir := 0, ""
	switch c.Kind {
	case Openat:
		at = 1
		if d := int(int32(c.Args[0])); d != unix.AT_FDCWD {
			dir = num(d) + ", "
		}
		c.Flags = c.Args[2]
	case Creat:
		c.Flags = unix.O_CREAT | unix.O_WRONLY | unix.O_TRUNC
	default:
		c.Flags = c.Args[1]
	}
	var ok bool
	if c.Path, ok = readString(c.Pid, c.Args[at], 4096); !ok {
		return false
	}
	writes := c.Flags&(unix.O_CREAT|unix.O_WRONLY|unix.O_RDWR) != 0
	if !isTerminalOrNull(c.Path) && !(t.Files && writes) {
		return false
	}
	c.Text = "open(" + dir + quote(c.Path) + ", " + openFlags(c.Flags)
	if c.Flags&unix.O_CREAT != 0 {
		mode := c.Args[at+2]
		if c.Kind == Creat {
			mode = c.Args[1]
		}
		c.Text += ", " + octal(mode&0o7777)
	}
	c.Text += ")"
	return true
}

// isTerminalOrNull tells whether a path names a terminal, the multiplexer of
// pseudo-terminals or /dev/null.
func isTerminalOrNull(path string) bool {
	if !strings.HasPrefix(path, "/dev/") {
		return false
	}
	var st unix.Stat_t
	if unix.Stat(path, &st) != nil || st.Mode&unix.S_IFMT != unix.S_IFCHR {
		return false
	}
	major, minor := unix.Major(st.Rdev), unix.Minor(st.Rdev)
	switch {
	case major == 1:
		return minor == 3
	case major == 4, major == 5, major >= 136 && major <= 143:
		return true
	}
	return event.TTYName(int(st.Rdev))[0] >= 'a' // not told as numbers: one of the usual terminals
}

func decodeSigaction(c *Call) bool {
	c.Sig = int(int32(c.Args[0]))
	if c.Args[1] == 0 {
		return false // only asked
	}
	handler, ok := readWord(c.Pid, c.Args[1])
	if !ok {
		return false
	}
	what := "a handler"
	switch handler {
	case 0:
		what = "SIG_DFL"
	case 1:
		what = "SIG_IGN"
	}
	c.Path = what
	c.Text = "sigaction(" + sigName(c.Sig) + ", " + what + ")"
	return true
}

func readArgv(pid int, addr uint64) []string {
	var argv []string
	for range 64 {
		p, ok := readWord(pid, addr)
		if !ok || p == 0 {
			return argv
		}
		s, _ := readString(pid, p, 512)
		argv = append(argv, s)
		addr += 8
	}
	return append(argv, "…")
}

func quote(s string) string {
	return `"` + strings.ReplaceAll(event.Visible(s), `"`, `\"`) + `"`
}

// quoteAll is a list of arguments, cut where it gets long.
func quoteAll(argv []string) string {
	s := ""
	for i, a := range argv {
		if i > 0 {
			s += ", "
		}
		if len(s) > 200 {
			return s + "…"
		}
		s += quote(a)
	}
	return s
}

func octal(n uint64) string {
	s := strconv.FormatUint(n, 8)
	return strings.Repeat("0", max(0, 3-len(s))) + s
}

func sigName(sig int) string {
	if sig == 0 {
		return "0"
	}
	return event.SigName(sig)
}

func id(n uint64) string {
	if uint32(n) == 0xffffffff {
		return "-1"
	}
	return strconv.FormatUint(uint64(uint32(n)), 10)
}

// flagName is one bit or field of a set of flags.
type flagName struct {
	bits uint64
	name string
}

func flags(v uint64, zero string, names ...flagName) string {
	var out []string
	for _, f := range names {
		if v&f.bits == f.bits {
			out = append(out, f.name)
			v &^= f.bits
		}
	}
	if v != 0 {
		out = append(out, "0x"+strconv.FormatUint(v, 16))
	}
	if len(out) == 0 {
		return zero
	}
	return strings.Join(out, "|")
}

// cloneFlags names what tells a process from a thread; of a thread's many flags
// the rest is left out.
func cloneFlags(v uint64) string {
	switch {
	case v&unix.CLONE_THREAD != 0:
		return "CLONE_THREAD …"
	case v&unix.CLONE_VFORK != 0:
		return "CLONE_VFORK|CLONE_VM"
	}
	v &^= 0xff | unix.CLONE_CHILD_SETTID | unix.CLONE_CHILD_CLEARTID | unix.CLONE_PARENT_SETTID | unix.CLONE_PIDFD | unix.CLONE_CLEAR_SIGHAND
	return flags(v, "SIGCHLD", flagName{unix.CLONE_VM, "CLONE_VM"}, flagName{unix.CLONE_NEWUSER, "CLONE_NEWUSER"},
		flagName{unix.CLONE_NEWPID, "CLONE_NEWPID"}, flagName{unix.CLONE_NEWNS, "CLONE_NEWNS"}, flagName{unix.CLONE_PARENT, "CLONE_PARENT"})
}

func openFlags(v uint64) string {
	mode := [...]string{"O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE"}[v&unix.O_ACCMODE]
	rest := flags(v&^(unix.O_ACCMODE|unix.O_LARGEFILE), "", flagName{unix.O_CREAT, "O_CREAT"}, flagName{unix.O_EXCL, "O_EXCL"},
		flagName{unix.O_TRUNC, "O_TRUNC"}, flagName{unix.O_APPEND, "O_APPEND"}, flagName{unix.O_NOCTTY, "O_NOCTTY"},
		flagName{unix.O_CLOEXEC, "O_CLOEXEC"}, flagName{unix.O_NONBLOCK, "O_NONBLOCK"}, flagName{unix.O_SYNC, "O_SYNC"},
		flagName{unix.O_DSYNC, "O_DSYNC"}, flagName{unix.O_DIRECTORY, "O_DIRECTORY"}, flagName{unix.O_NOFOLLOW, "O_NOFOLLOW"},
		flagName{unix.O_PATH, "O_PATH"})
	if rest == "" {
		return mode
	}
	return mode + "|" + rest
}

func waitFlags(v uint64) string {
	return flags(v&0xffffffff, "0", flagName{unix.WNOHANG, "WNOHANG"}, flagName{unix.WUNTRACED, "WUNTRACED"},
		flagName{unix.WEXITED, "WEXITED"}, flagName{unix.WCONTINUED, "WCONTINUED"}, flagName{unix.WNOWAIT, "WNOWAIT"},
		flagName{unix.WALL, "__WALL"}, flagName{0x20000000, "__WNOTHREAD"}, flagName{unix.WCLONE, "__WCLONE"})
}

// waited says what wait4 told of a child.
func waited(c *Call) string {
	if c.Errno != 0 || c.Ret == 0 || c.Kind != Wait4 {
		return ""
	}
	v, ok := readInt(c.Pid, c.Args[1])
	if !ok {
		return ""
	}
	ws := unix.WaitStatus(v)
	switch {
	case ws.Exited():
		return "ended with status " + num(ws.ExitStatus())
	case ws.Signaled():
		return "was killed by " + event.SigName(int(ws.Signal()))
	case ws.Stopped():
		return "was stopped by " + event.SigName(int(ws.StopSignal()))
	}
	return "was continued"
}
