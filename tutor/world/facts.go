package world

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"jsh/event"
	"jsh/lessons/check"
	"jsh/proc"
)

// facts asks what one file of /proc/PID says.
func facts(r *proc.Reader, pid int, file string) (f check.Facts, ok bool) {
	f.Umask = -1
	dir := "/proc/" + strconv.Itoa(pid)
	switch file {
	case event.FactStatus:
		status, err := r.Status(pid)
		if err != nil {
			return f, false
		}
		f.Ignored, f.Blocked, f.Caught, f.Umask = status.Ignored, status.Blocked, status.Caught, umask(dir)
		return f, true
	case event.FactCmdline:
		var err error
		f.Args, err = r.Cmdline(pid)
		return f, err == nil
	case event.FactCwd:
		f.Cwd, _ = os.Readlink(dir + "/cwd")
	case event.FactFd:
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
	case event.FactWchan:
		f.Waits = r.Waits(pid)
	}
	_, err := os.Lstat(dir)
	return f, err == nil
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
