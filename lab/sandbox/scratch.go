package sandbox

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// scratchPrefix begins the names of the directories on which sandboxes mount their
// home.
const scratchPrefix = "jsh-sandbox."

// scratch makes such a directory. Its owner holds a lock on it: who is killed
// cannot remove it, so the next sandbox does, where nobody holds the lock. done
// removes it, and may be called twice.
func scratch() (dir string, done func(), err error) {
	sweep(os.TempDir())
	for range 3 {
		dir, err = os.MkdirTemp("", scratchPrefix)
		if err != nil {
			break
		}
		fd, lerr := lock(dir, unix.LOCK_EX)
		if lerr != nil { // swept before it was locked
			continue
		}
		return dir, func() {
			if fd >= 0 {
				unix.Rmdir(dir)
				unix.Close(fd)
				fd = -1
			}
		}, nil
	}
	errno := syscall.EIO
	errors.As(err, &errno)
	return "", nil, &Refusal{stageHome, errno}
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

// sweep removes the directories of sandboxes whose outermost process was killed.
// They are empty: the home itself went with its mount namespace.
func sweep(temp string) {
	for _, name := range names(temp) {
		if !strings.HasPrefix(name, scratchPrefix) {
			continue
		}
		dir := filepath.Join(temp, name)
		fd, err := lock(dir, unix.LOCK_EX|unix.LOCK_NB)
		if err != nil {
			continue
		}
		unix.Rmdir(dir)
		unix.Close(fd)
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
