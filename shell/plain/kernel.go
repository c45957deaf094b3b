package plain

import (
	"time"

	"golang.org/x/sys/unix"
)

// Kernel is the [FS] of the running process: relative paths start at its
// working directory, and fd numbers are its own.
type Kernel struct{}

var _ FS = Kernel{}

// Stat is stat(2).
func (Kernel) Stat(path string) (FileInfo, bool) {
	var st unix.Stat_t
	for {
		err := unix.Stat(path, &st)
		if err == nil {
			return fileInfo(&st), true
		}
		if err != unix.EINTR {
			return FileInfo{}, false
		}
	}
}

// Lstat is lstat(2).
func (Kernel) Lstat(path string) (FileInfo, bool) {
	var st unix.Stat_t
	for {
		err := unix.Lstat(path, &st)
		if err == nil {
			return fileInfo(&st), true
		}
		if err != unix.EINTR {
			return FileInfo{}, false
		}
	}
}

// Access is faccessat(2) with AT_EACCESS, so that a set-user-ID shell is told
// what it may do, not what its user may.
func (Kernel) Access(path string, mode uint32) bool {
	for {
		err := unix.Faccessat(unix.AT_FDCWD, path, mode, unix.AT_EACCESS)
		if err != unix.EINTR {
			return err == nil
		}
	}
}

// IsTerminal asks by the request that tcgetattr(3) makes, as isatty(3) does.
func (Kernel) IsTerminal(fd int) bool {
	_, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	return err == nil
}

// EffectiveIDs is geteuid(2) and getegid(2).
func (Kernel) EffectiveIDs() (uid, gid uint32) {
	return uint32(unix.Geteuid()), uint32(unix.Getegid())
}

func fileInfo(st *unix.Stat_t) FileInfo {
	return FileInfo{
		Mode:  st.Mode,
		UID:   st.Uid,
		GID:   st.Gid,
		Size:  st.Size,
		Dev:   uint64(st.Dev),
		Ino:   st.Ino,
		Atime: time.Unix(st.Atim.Unix()),
		Mtime: time.Unix(st.Mtim.Unix()),
	}
}
