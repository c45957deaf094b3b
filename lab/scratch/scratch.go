// Package scratch makes directories for a while: a sandbox mounts its home on one,
// a lesson works in one. Their owner holds a lock on each; who is killed cannot
// remove his, so the next one made with the same prefix does, where nobody holds
// the lock. It removes nothing that others made: only directories of this user
// whose names are the prefix and a number.
package scratch

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// A Dir is such a directory.
type Dir struct {
	Path string
	fd   int // holds the lock; -1: removed
}

// Make makes a directory in TMPDIR (or /tmp), and sweeps away those of owners that
// were killed. Its name is the prefix and the number, or, where that is taken, another
// number. An error is the kernel's.
func Make(prefix string, number int) (*Dir, error) {
	temp := os.TempDir()
	sweep(temp, prefix)
	path := filepath.Join(temp, prefix+strconv.Itoa(number))
	err := os.Mkdir(path, 0o700)
	for range 3 {
		if err != nil {
			path, err = os.MkdirTemp(temp, prefix)
		}
		if err != nil {
			return nil, err
		}
		var fd int
		if fd, err = lock(path, unix.LOCK_EX); err == nil {
			return &Dir{path, fd}, nil
		}
		// swept before it was locked
	}
	return nil, err
}

// Remove removes it with all that is in it. It may be called twice.
func (d *Dir) Remove() {
	if d.fd >= 0 {
		os.RemoveAll(d.Path)
		unix.Close(d.fd)
		d.fd = -1
	}
}

// lock locks a directory, and makes sure that it is still there.
func lock(dir string, how int) (fd int, err error) {
	fd, err = unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	if err = unix.Flock(fd, how); err == nil {
		var mine, now unix.Stat_t
		if err = unix.Fstat(fd, &mine); err == nil {
			err = unix.Lstat(dir, &now)
		}
		if err == nil && (mine.Ino != now.Ino || mine.Dev != now.Dev || int(mine.Uid) != unix.Geteuid()) {
			err = unix.ESTALE
		}
	}
	if err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// sweep removes the directories whose owner was killed.
func sweep(temp, prefix string) {
	for _, name := range names(temp) {
		number, ok := strings.CutPrefix(name, prefix)
		if _, err := strconv.ParseUint(number, 10, 64); !ok || err != nil {
			continue
		}
		path := filepath.Join(temp, name)
		if fd, err := lock(path, unix.LOCK_EX|unix.LOCK_NB); err == nil {
			os.RemoveAll(path)
			unix.Close(fd)
		}
	}
}

// names lists a directory. An os.File would bring the runtime's poller to life, and
// this process may become the shell after all.
func names(dir string) (list []string) {
	fd, err := unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	defer unix.Close(fd)
	buf := make([]byte, 8<<10)
	for {
		n, err := unix.Getdents(fd, buf)
		if err != nil || n <= 0 {
			return list
		}
		_, _, list = unix.ParseDirent(buf[:n], -1, list)
	}
}
