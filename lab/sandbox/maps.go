package sandbox

import (
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// idMaps are the IDs of a user namespace (user_namespaces(7)): inside 0 is the
// user outside. Several need /etc/subuid and the helpers of package uidmap,
// which are set-user-ID root, or root itself.
type idMaps struct {
	uid, gid []span
	helper   bool
}

type span struct{ inside, outside, count int }

// many is how many IDs a sandbox of several has: those of common distributions.
const many = 65536

func mapsFor(uid, gid int) idMaps {
	if uid == 0 {
		return idMaps{uid: own(0), gid: own(0)}
	}
	one := idMaps{uid: []span{{0, uid, 1}}, gid: []span{{0, gid, 1}}}
	if find("newuidmap") == "" || find("newgidmap") == "" {
		return one
	}
	u, ok := subordinate("/etc/subuid", uid)
	g, ok2 := subordinate("/etc/subgid", uid)
	if !ok || !ok2 {
		return one
	}
	u.inside, g.inside = 1, 1
	return idMaps{uid: append(one.uid, u), gid: append(one.gid, g), helper: true}
}

// own maps root's IDs to themselves, as many as are mapped where we are.
func own(from int) []span {
	b, _ := os.ReadFile("/proc/self/uid_map")
	f := strings.Fields(string(b))
	n := many
	if len(f) == 3 {
		if have, err := strconv.ParseInt(f[2], 10, 64); err == nil && have < many {
			n = int(have)
		}
	}
	return []span{{from, from, n}}
}

// IDs is how many user IDs a sandbox of this user would have.
func IDs() int {
	m := mapsFor(unix.Getuid(), unix.Getgid())
	return m.count()
}

func (m *idMaps) count() int {
	n := 0
	for _, s := range m.uid {
		n += s.count
	}
	return n
}

// subordinate finds the user's range (subuid(5)): by name or number.
func subordinate(file string, uid int) (span, bool) {
	b, err := os.ReadFile(file)
	if err != nil {
		return span{}, false
	}
	name := userNamed(uid)
	for line := range strings.Lines(string(b)) {
		f := strings.Split(strings.TrimSpace(line), ":")
		if len(f) != 3 || f[0] != name && f[0] != strconv.Itoa(uid) || f[0] == "" {
			continue
		}
		first, err1 := strconv.Atoi(f[1])
		n, err2 := strconv.Atoi(f[2])
		if err1 == nil && err2 == nil && n > 0 {
			return span{0, first, min(n, many-1)}, true
		}
	}
	return span{}, false
}

func userNamed(uid int) string {
	b, _ := os.ReadFile("/etc/passwd")
	for line := range strings.Lines(string(b)) {
		if f := strings.Split(line, ":"); len(f) > 2 && f[2] == strconv.Itoa(uid) {
			return f[0]
		}
	}
	return ""
}

// find looks a program up where the system keeps such.
func find(name string) string {
	for _, dir := range []string{"/usr/bin/", "/bin/", "/usr/local/bin/"} {
		if unix.Access(dir+name, unix.X_OK) == nil {
			return dir + name
		}
	}
	return ""
}

// write gives the user namespace of pid its maps.
func (m *idMaps) write(pid int) error {
	if m.helper {
		if runMapper("newuidmap", pid, m.uid) && runMapper("newgidmap", pid, m.gid) {
			return nil
		}
		// Refused, by a stale /etc/subuid perhaps: one ID does without.
		m.uid, m.gid = m.uid[:1], m.gid[:1]
	}
	dir := "/proc/" + strconv.Itoa(pid) + "/"
	if err := writeFile(dir+"uid_map", text(m.uid)); err != nil {
		return err
	}
	if unix.Getuid() != 0 {
		// Without privilege only where groups cannot be dropped any more.
		if err := writeFile(dir+"setgroups", "deny"); err != nil && err != unix.ENOENT {
			return err
		}
	}
	return writeFile(dir+"gid_map", text(m.gid))
}

func text(spans []span) string {
	s := ""
	for _, p := range spans {
		s += strconv.Itoa(p.inside) + " " + strconv.Itoa(p.outside) + " " + strconv.Itoa(p.count) + "\n"
	}
	return s
}

func runMapper(name string, pid int, spans []span) bool {
	argv := []string{name, strconv.Itoa(pid)}
	for _, p := range spans {
		argv = append(argv, strconv.Itoa(p.inside), strconv.Itoa(p.outside), strconv.Itoa(p.count))
	}
	null, err := unix.Open("/dev/null", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return false
	}
	defer unix.Close(null)
	n := uintptr(null)
	child, err := syscall.ForkExec(find(name), argv, &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{n, n, n}})
	if err != nil {
		return false
	}
	for {
		var ws unix.WaitStatus
		_, err := unix.Wait4(child, &ws, 0, nil)
		if err == unix.EINTR {
			continue
		}
		return err == nil && ws.Exited() && ws.ExitStatus() == 0
	}
}

// writeFile writes a file of /proc in one write. The error is an errno.
func writeFile(name, contents string) error {
	fd, err := unix.Open(name, unix.O_WRONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	_, err = unix.Write(fd, []byte(contents))
	return err
}
