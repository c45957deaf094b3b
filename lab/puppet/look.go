package puppet

import (
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// Look finds a program along path (a value of PATH) as execvp(3) does, and gives
// its absolute name: a puppet may be in another directory. The error is an errno:
// ENOENT, or EACCES where what was found may not be executed.
func Look(name, path string) (string, error) {
	if name == "" {
		return "", unix.ENOENT
	}
	if strings.Contains(name, "/") {
		return executable(name)
	}
	var refused error = unix.ENOENT
	for dir := range strings.SplitSeq(path, ":") {
		if dir == "" {
			dir = "."
		}
		file, err := executable(filepath.Join(dir, name))
		if err == nil {
			return file, nil
		}
		if err == unix.EACCES {
			refused = err
		}
	}
	return "", refused
}

func executable(name string) (string, error) {
	var st unix.Stat_t
	if err := unix.Stat(name, &st); err != nil {
		return "", err
	}
	if st.Mode&unix.S_IFMT != unix.S_IFREG {
		return "", unix.EACCES
	}
	if err := unix.Faccessat(unix.AT_FDCWD, name, unix.X_OK, unix.AT_EACCESS); err != nil {
		return "", err
	}
	if filepath.IsAbs(name) {
		return name, nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", unix.ENOENT
	}
	return filepath.Join(dir, name), nil
}
