package trace

import (
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// Place is where the kernel has a process (/proc/PID/stat), in the numbers of
// the pid namespace that /proc was mounted in.
type Place struct {
	Name                   string
	PPid, Pgid, Sid        int
	TTY                    int // device number of the controlling terminal; 0 is none
	Tpgid                  int // that terminal's foreground process group; -1 is none
	Known                  bool
	Uids, Gids, Umask, Cwd string // filled in for the calls that change them
}

// place reads a process's place; not Known if it is gone.
func (t *Tracer) place(pid int) Place {
	p, err := t.reader.ReadOne(pid)
	if err != nil {
		return Place{}
	}
	return Place{Name: event.Visible(p.Name), PPid: p.PPid, Pgid: p.Pgid, Sid: p.Sid, TTY: p.TTY, Tpgid: p.Tpgid, Known: true}
}

// moved tells what differs between two places of a process.
func moved(pid int, old, new Place) []Change {
	if !old.Known || !new.Known {
		return nil
	}
	var c []Change
	add := func(what, a, b string) {
		if a != b {
			c = append(c, Change{Of: pid, What: what, Old: a, New: b})
		}
	}
	add("parent", num(old.PPid), num(new.PPid))
	add("session", num(old.Sid), num(new.Sid))
	add("group", num(old.Pgid), num(new.Pgid))
	add("terminal", terminal(old.TTY), terminal(new.TTY))
	if old.TTY == new.TTY && old.TTY != 0 {
		add("keyboard of "+event.TTYName(old.TTY), group(old.Tpgid), group(new.Tpgid))
	}
	return c
}

func terminal(dev int) string {
	if dev == 0 {
		return "none"
	}
	return event.TTYName(dev)
}

func group(pgid int) string {
	if pgid <= 0 {
		return "nobody"
	}
	return "group " + num(pgid)
}

func num(n int) string { return strconv.Itoa(n) }

// more reads what a call of this kind may change besides the place.
func (t *Tracer) more(c *Call) [3]string {
	switch c.Kind {
	case Dup, Dup2, Dup3, Fcntl, Open, Openat, Creat, Close, CloseRange:
		return [3]string{openFile(c.Pid, 0), openFile(c.Pid, 1), openFile(c.Pid, 2)}
	case Chdir, Fchdir:
		return [3]string{link(c.Pid, "cwd")}
	case Chroot:
		return [3]string{link(c.Pid, "root")}
	case Umask:
		return [3]string{statusField(c.Pid, "Umask")}
	case Setuid, Setreuid, Setresuid:
		return [3]string{ids(statusField(c.Pid, "Uid"))}
	case Setgid, Setregid, Setresgid:
		return [3]string{ids(statusField(c.Pid, "Gid"))}
	case Setgroups:
		return [3]string{statusField(c.Pid, "Groups")}
	case Sigaction:
		return [3]string{t.disposition(c.Pid, c.Sig)}
	}
	return [3]string{}
}

// moreNames says what the parts of more are called.
func moreNames(k Kind) [3]string {
	switch k {
	case Chdir, Fchdir:
		return [3]string{"working directory"}
	case Chroot:
		return [3]string{"root directory"}
	case Umask:
		return [3]string{"umask"}
	case Setuid, Setreuid, Setresuid:
		return [3]string{"uids (real, effective, saved)"}
	case Setgid, Setregid, Setresgid:
		return [3]string{"gids (real, effective, saved)"}
	case Setgroups:
		return [3]string{"groups"}
	case Sigaction:
		return [3]string{"disposition"}
	}
	return [3]string{"descriptor 0", "descriptor 1", "descriptor 2"}
}

// openFile is what a descriptor is open on, "closed" if it is not.
func openFile(pid, fd int) string {
	if s := link(pid, "fd/"+num(fd)); s != "" {
		return s
	}
	return "closed"
}

func link(pid int, name string) string {
	var buf [512]byte
	n, err := unix.Readlink("/proc/"+num(pid)+"/"+name, buf[:])
	if err != nil {
		return ""
	}
	return event.Visible(string(buf[:n]))
}

// statusField is one line of /proc/PID/status, "" if it is not there.
func statusField(pid int, name string) string {
	text := ReadFile("/proc/" + num(pid) + "/status")
	for text != "" {
		var l string
		l, text, _ = strings.Cut(text, "\n")
		if rest, ok := strings.CutPrefix(l, name+":"); ok {
			return strings.TrimSpace(strings.ReplaceAll(rest, "\t", " "))
		}
	}
	return ""
}

// ReadFile is what a file of /proc says; "" where it cannot be read.
func ReadFile(path string) string {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return ""
	}
	defer unix.Close(fd)
	var out []byte
	var buf [4096]byte
	for {
		n, err := unix.Read(fd, buf[:])
		if err == unix.EINTR {
			continue
		}
		if n <= 0 || err != nil {
			return string(out)
		}
		out = append(out, buf[:n]...)
	}
}

// ids are the first three numbers of the line Uid or Gid.
func ids(s string) string {
	f := strings.Fields(s)
	if len(f) < 3 {
		return s
	}
	return strings.Join(f[:3], " ")
}

// innerPid is a process's pid in its own pid namespace.
func innerPid(pid int) int {
	f := strings.Fields(statusField(pid, "NSpid"))
	if len(f) == 0 {
		return pid
	}
	n, err := strconv.Atoi(f[len(f)-1])
	if err != nil {
		return pid
	}
	return n
}

// disposition is what a signal does to a process, as far as /proc tells.
func (t *Tracer) disposition(pid, sig int) string {
	s, err := t.reader.Status(pid)
	switch {
	case err != nil:
		return ""
	case s.Ignored.Has(sig):
		return "ignored"
	case s.Caught.Has(sig):
		return "handler"
	}
	return "default"
}
