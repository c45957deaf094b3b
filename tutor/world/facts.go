package world

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"jsh/lessons/check"
	"jsh/proc"
)

// facts asks /proc of a process.
func facts(r *proc.Reader, pid int) (f check.Facts, ok bool) {
	status, err := r.Status(pid)
	if err != nil {
		return f, false
	}
	f.Ignored, f.Blocked, f.Caught = status.Ignored, status.Blocked, status.Caught
	f.Args, _ = r.Cmdline(pid)
	dir := "/proc/" + strconv.Itoa(pid)
	f.Cwd, _ = os.Readlink(dir + "/cwd")
	f.Umask = umask(dir)
	if entries, err := os.ReadDir(dir + "/fd"); err == nil {
		f.Fds = make(map[int]string, len(entries))
		for _, e := range entries {
			if n, err := strconv.Atoi(e.Name()); err == nil {
				if to, err := os.Readlink(filepath.Join(dir, "fd", e.Name())); err == nil {
					f.Fds[n] = to
				}
			}
		}
	}
	f.Waits = r.Waits(pid)
	return f, true
}

// umask is that of /proc/PID/status, -1 where it is not told (before Linux 4.7).
func umask(dir string) int {
	b, err := os.ReadFile(dir + "/status")
	if err != nil {
		return -1
	}
	for line := range strings.Lines(string(b)) {
		if v, ok := strings.CutPrefix(line, "Umask:"); ok {
			if n, err := strconv.ParseInt(strings.TrimSpace(v), 8, 32); err == nil {
				return int(n)
			}
		}
	}
	return -1
}
