package why

import (
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/proc"
)

// otherEnd finds the processes that hold the other end of a pipe or FIFO: those
// that may write it where the call reads, and the other way round. known is
// false where some process could not be asked and none was found.
func (g *gatherer) otherEnd(pid int, c *Call) (peers []proc.Proc, known bool) {
	want := unix.O_WRONLY
	if c.Name == "write" {
		want = unix.O_RDONLY
	}
	known = true
	for i := range g.snap.Procs {
		p := &g.snap.Procs[i]
		if p.Exited() {
			continue
		}
		fds, err := listFDs(p.Pid)
		if err != nil {
			if err != unix.ENOENT && err != unix.ESRCH {
				known = false
			}
			continue
		}
		for _, fd := range fds {
			if p.Pid == pid && fd == strconv.Itoa(c.FD) {
				continue
			}
			if link, err := readlink(path(p.Pid, "fd/"+fd)); err != nil || link != c.File {
				continue
			}
			if mode := accessMode(p.Pid, fd); mode == want || mode == unix.O_RDWR {
				peers = append(peers, *p)
				break
			}
		}
	}
	return peers, known || len(peers) > 0
}

// accessMode is how a descriptor was opened (proc_pid_fdinfo(5)); -1: not known.
func accessMode(pid int, fd string) int {
	b, err := read(path(pid, "fdinfo/"+fd))
	if err != nil {
		return -1
	}
	for line := range strings.Lines(string(b)) {
		if v, ok := strings.CutPrefix(line, "flags:"); ok {
			n, err := strconv.ParseInt(strings.TrimSpace(v), 8, 64)
			if err != nil {
				return -1
			}
			return int(n) & unix.O_ACCMODE
		}
	}
	return -1
}

func listFDs(pid int) ([]string, error) {
	dir, err := unix.Open(path(pid, "fd"), unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	defer unix.Close(dir)
	var names []string
	buf := make([]byte, 8<<10)
	for {
		n, err := unix.Getdents(dir, buf)
		if err != nil || n <= 0 {
			return names, err
		}
		_, _, names = unix.ParseDirent(buf[:n], -1, names)
	}
}

// lockHolders finds who holds the lock that pid waits for (proc_locks(5)): a line
// with "->" waits for the one above it without.
func (g *gatherer) lockHolders(pid int) (holders []proc.Proc, known bool) {
	b, err := read("/proc/locks")
	if err != nil {
		return nil, false
	}
	holder := 0
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(line)
		if len(f) < 6 {
			continue
		}
		if f[1] != "->" {
			holder, _ = strconv.Atoi(f[4])
			continue
		}
		if len(f) < 6 || f[5] != strconv.Itoa(pid) {
			continue
		}
		known = true
		if p := g.snap.Find(holder); p != nil {
			holders = append(holders, *p)
		}
	}
	return holders, known
}
