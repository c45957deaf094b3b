package plain

import "time"

// FS is what test asks of the world outside its arguments. It is the seam to
// the kernel: [Kernel] answers for real, and a shell whose descriptors are
// virtual embeds Kernel and replaces IsTerminal.
type FS interface {
	// Stat describes the file that path leads to; ok is false if there is none.
	Stat(path string) (info FileInfo, ok bool)
	// Lstat is Stat, but describes a symbolic link itself.
	Lstat(path string) (info FileInfo, ok bool)
	// Access says whether the effective user may use path as asked:
	// faccessat(2) with AT_EACCESS. The mode is R_OK, W_OK or X_OK of access(2).
	Access(path string, mode uint32) bool
	// IsTerminal says whether fd is open and a terminal, as isatty(3).
	IsTerminal(fd int) bool
	// EffectiveIDs gives the effective user and group, for -O and -G.
	EffectiveIDs() (uid, gid uint32)
}

// FileInfo is the part of struct stat, stat(2), that test decides by.
type FileInfo struct {
	Mode     uint32 // st_mode: file type and permission bits, as in inode(7)
	UID, GID uint32
	Size     int64 // bytes
	Dev, Ino uint64
	Atime    time.Time // last read
	Mtime    time.Time // last written
}
