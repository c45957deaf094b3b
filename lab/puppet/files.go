package puppet

import (
	"encoding/binary"
	"strconv"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// Chdir is chdir(2).
func Chdir(path string) Call { return ofPath("chdir", unix.SYS_CHDIR, path) }

// ofPath is a call whose first argument is a path, and the others numbers.
func ofPath(verb string, nr uintptr, path string, more ...int) Call {
	c := simple(verb, nr, append([]int{0}, more...)...)
	c.text = verb + "(" + cString(path)
	for _, m := range more {
		c.text += ", " + itoa(m)
	}
	c.text += ")"
	c.fill = func(w *arena) { w.args[0] = w.string(path) }
	return c
}

func cString(s string) string { return `"` + event.Visible(s) + `"` }

// Umask is umask(2); the answer is the mask that was there.
func Umask(mask int) Call {
	return renamed("umask", simple("umask", unix.SYS_UMASK, mask), octal(mask))
}

func octal(n int) string {
	if n == 0 {
		return "0"
	}
	return "0" + strconv.FormatInt(int64(n), 8)
}

// OpenFile is open(2). Flags are unix.O_….
func OpenFile(path string, flags, mode int) Call {
	c := Call{Verb: "open", nr: unix.SYS_OPENAT, args: [6]int{unix.AT_FDCWD, 0, flags, mode}, noFile: true}
	c.text = "open(" + cString(path) + ", " + flagNames(flags)
	if flags&unix.O_CREAT != 0 {
		c.text += ", " + octal(mode)
	}
	c.text += ")"
	c.fill = func(w *arena) { w.args[1] = w.string(path) }
	return c
}

// Dup2 is dup2(2).
func Dup2(from, to int) Call {
	if from == to { // dup3, which every machine has, refuses that
		return renamed("dup2", simple("dup2", unix.SYS_FCNTL, from, unix.F_DUPFD, from), itoa(from)+", "+itoa(to))
	}
	return renamed("dup2", simple("dup2", unix.SYS_DUP3, from, to, 0), itoa(from)+", "+itoa(to))
}

// Close is close(2).
func Close(fd int) Call { return simple("close", unix.SYS_CLOSE, fd) }

// CloseFrom closes every descriptor from fd on (close_range(2)).
func CloseFrom(fd int) Call {
	return renamed("close_range", simple("close_range", unix.SYS_CLOSE_RANGE, fd, 1<<32-1, 0), itoa(fd)+", ~0, 0")
}

// Pipe is pipe(2); the answer's Data are the two numbers, 4 bytes each.
func Pipe() Call {
	return Call{Verb: "pipe", nr: unix.SYS_PIPE2, text: "pipe(fd)", noFile: true,
		fill: func(w *arena) { _, w.args[0] = w.room(8) },
		result: func(s *slot, a *Answer) {
			a.Data = append([]byte(nil), s.data[:8]...)
		}}
}

// The calls on a controlling terminal.
func TIOCSCTTY(fd int) Call {
	return renamed("ioctl", simple("ioctl", unix.SYS_IOCTL, fd, unix.TIOCSCTTY, 0), itoa(fd)+", TIOCSCTTY, 0")
}

func TIOCNOTTY(fd int) Call {
	return renamed("ioctl", simple("ioctl", unix.SYS_IOCTL, fd, unix.TIOCNOTTY, 0), itoa(fd)+", TIOCNOTTY")
}

// Tcsetpgrp is tcsetpgrp(3): TIOCSPGRP.
func Tcsetpgrp(fd, pgid int) Call {
	c := Call{Verb: "tcsetpgrp", nr: unix.SYS_IOCTL, args: [6]int{fd, unix.TIOCSPGRP}, text: "tcsetpgrp(" + itoa(fd) + ", " + itoa(pgid) + ")"}
	c.fill = func(w *arena) {
		b, at := w.room(4)
		binary.NativeEndian.PutUint32(b, uint32(pgid))
		w.args[2] = at
	}
	return c
}

// Read is read(2), of at most n bytes; what was read is the answer's Data.
func Read(fd, n int) Call {
	n = min(max(n, 0), dataSize)
	c := renamed("read", simple("read", unix.SYS_READ, fd, 0, n), itoa(fd)+", buffer, "+itoa(n))
	c.fill = func(w *arena) { _, w.args[1] = w.room(n) }
	c.result = func(s *slot, a *Answer) { a.Data = append([]byte(nil), s.data[:a.Ret]...) }
	return c
}

// Write is write(2).
func Write(fd int, text string) Call {
	c := renamed("write", simple("write", unix.SYS_WRITE, fd, 0, len(text)), itoa(fd)+", "+cString(text)+", "+itoa(len(text)))
	c.fill = func(w *arena) { w.args[1] = w.string(text) }
	return c
}

// Unshare is unshare(2).
func Unshare(flags int) Call { return simple("unshare", unix.SYS_UNSHARE, flags) }

// Mount is mount(2).
func Mount(source, target, kind string, flags int) Call {
	c := Call{Verb: "mount", nr: unix.SYS_MOUNT, text: "mount(" + cString(source) + ", " + cString(target) + ", " + cString(kind) + ")", noFile: true}
	c.fill = func(w *arena) {
		w.args[0], w.args[1], w.args[2], w.args[3] = w.string(source), w.string(target), w.string(kind), uint64(flags)
	}
	return c
}

// Umount is umount2(2).
func Umount(target string, flags int) Call {
	return renamed("umount", ofPath("umount", unix.SYS_UMOUNT2, target, flags), cString(target))
}

// flagNames are the flags of open by name.
func flagNames(flags int) string {
	s := [...]string{"O_RDONLY", "O_WRONLY", "O_RDWR", "3"}[flags&3]
	for _, f := range openFlags {
		if f.bits > 3 && flags&f.bits == f.bits {
			s += "|" + f.name
		}
	}
	return s
}

// openFlag is a flag of open(2).
type openFlag struct {
	name string
	bits int
}

var openFlags = [...]openFlag{
	{"O_RDONLY", unix.O_RDONLY}, {"O_WRONLY", unix.O_WRONLY}, {"O_RDWR", unix.O_RDWR},
	{"O_CREAT", unix.O_CREAT}, {"O_EXCL", unix.O_EXCL}, {"O_TRUNC", unix.O_TRUNC}, {"O_APPEND", unix.O_APPEND},
	{"O_NOCTTY", unix.O_NOCTTY}, {"O_NONBLOCK", unix.O_NONBLOCK}, {"O_CLOEXEC", unix.O_CLOEXEC}, {"O_DIRECTORY", unix.O_DIRECTORY},
}
