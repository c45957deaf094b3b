package proc

import (
	"encoding/binary"
	"errors"
	"strconv"
	"unsafe"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// ErrGone is returned for a process that is not, or no longer, there.
var ErrGone = errors.New("no such process")

// Reader reads one mounted proc file system. It keeps its descriptor and
// buffers between calls, so that a snapshot costs no allocation once it is
// warm: getdents64, and openat, read and close for each process. A Reader
// belongs to one goroutine.
type Reader struct {
	root   int
	self   int // our own pid as this proc file system has it; 0 if it does not show us
	dirbuf []byte
	buf    []byte
	path   []byte
	names  map[string]string // interned: the same few names come in each snapshot
	hidden bool
	hurry  *hurry // nil: one thread reads
}

// maxNames bounds the interned names: a long-lived watcher on a busy machine
// must not grow for ever.
const maxNames = 4096

// Open begins to read /proc. Its errors say what is wrong with /proc and what
// to do about it. The descriptor is close-on-exec.
func Open() (*Reader, error) { return open("/proc", unix.Getpid()) }

func open(root string, pid int) (*Reader, error) {
	fd, err := unix.Open(root, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, errors.New(root + ": " + errText(err) + "; processes cannot be seen without it: mount -t proc proc " + root)
	}
	r := &Reader{
		root:   fd,
		dirbuf: make([]byte, 32<<10),
		buf:    make([]byte, 4<<10),
		path:   make([]byte, 0, 64),
		names:  make(map[string]string),
	}
	if err := r.check(root, pid); err != nil {
		unix.Close(fd)
		return nil, err
	}
	return r, nil
}

// check makes sure that this is a proc file system, and of our own pid
// namespace: pids of another one would name the wrong processes.
func (r *Reader) check(root string, pid int) error {
	var fs unix.Statfs_t
	if err := unix.Fstatfs(r.root, &fs); err != nil {
		return errors.New(root + ": " + errText(err))
	}
	if fs.Type != unix.PROC_SUPER_MAGIC {
		return errors.New(root + " holds another file system, not proc; processes cannot be seen: mount -t proc proc " + root)
	}
	n, err := unix.Readlinkat(r.root, "self", r.buf)
	if err == nil {
		r.self, _ = strconv.Atoi(string(r.buf[:n]))
	}
	if r.self != pid {
		return errors.New(root + " belongs to another pid namespace: its numbers are not ours; mount a fresh one here: mount -t proc proc " + root)
	}
	// Every pid namespace has a pid 1. Who does not see it is not meant to see
	// other users' processes.
	var st unix.Stat_t
	r.hidden = unix.Fstatat(r.root, "1", &st, 0) != nil
	return nil
}

// Close gives the descriptor back.
func (r *Reader) Close() error { return unix.Close(r.root) }

// Limits says in a sentence what this reader cannot see, "" if nothing is
// known to be hidden. s is the latest snapshot, nil before the first.
func (r *Reader) Limits(s *Snapshot) string {
	if r.hidden || s != nil && s.Denied > 0 {
		return "/proc is mounted with hidepid: other users' processes are not shown; root can change that: mount -o remount,hidepid=0 /proc"
	}
	return ""
}

// Read fills s with all processes, reusing its memory. A process that ends
// while it is being read is left out.
func (r *Reader) Read(s *Snapshot) error {
	s.At = event.Now()
	s.Procs, s.Denied = s.Procs[:0], 0
	if r.hurry != nil {
		err := r.readTogether(s)
		s.Took, s.slept = event.Now()-s.At, slept()
		return err
	}
	err := r.each(func() {
		s.Procs = append(s.Procs, Proc{})
		switch r.readStat(&s.Procs[len(s.Procs)-1]) {
		case nil:
			return
		case unix.EACCES, unix.EPERM:
			s.Denied++
		}
		s.Procs = s.Procs[:len(s.Procs)-1]
	})
	s.Took, s.slept = event.Now()-s.At, slept()
	return err
}

// slept is how long the machine slept since boot, in ns.
func slept() int64 {
	run, ok1 := clock(unix.CLOCK_MONOTONIC)
	boot, ok2 := clock(unix.CLOCK_BOOTTIME)
	if !ok1 || !ok2 {
		return 0
	}
	return max(boot-run, 0)
}

// clock reads one of the kernel's clocks, in ns.
func clock(which int) (int64, bool) {
	var ts unix.Timespec
	_, _, errno := unix.RawSyscall(unix.SYS_CLOCK_GETTIME, uintptr(which), uintptr(unsafe.Pointer(&ts)), 0)
	return ts.Nano(), errno == 0
}

// each calls f for each process, with its pid as digits in r.path. proc lists
// pids in ascending order, after its other files.
func (r *Reader) each(f func()) error {
	if _, err := unix.Seek(r.root, 0, unix.SEEK_SET); err != nil {
		return errors.New("/proc: " + errText(err))
	}
	for {
		got, _, errno := unix.RawSyscall(unix.SYS_GETDENTS64, uintptr(r.root), uintptr(unsafe.Pointer(&r.dirbuf[0])), uintptr(len(r.dirbuf)))
		if errno != 0 {
			return errors.New("/proc: " + errText(errno))
		}
		n := int(got)
		if n == 0 {
			return nil
		}
		r.entries(r.dirbuf[:n], f)
	}
}

// entries does the same for one buffer of getdents64(2).
func (r *Reader) entries(dir []byte, f func()) {
	const reclenAt, nameAt = 16, 19 // struct linux_dirent64
	for len(dir) > nameAt {
		reclen := int(binary.NativeEndian.Uint16(dir[reclenAt:]))
		if reclen <= nameAt || reclen > len(dir) {
			return
		}
		name := dir[nameAt:reclen]
		dir = dir[reclen:]
		if name[0] < '1' || name[0] > '9' {
			continue
		}
		r.path = r.path[:0]
		for _, c := range name {
			if c == 0 {
				break
			}
			r.path = append(r.path, c)
		}
		f()
	}
}

// digits is the pid in r.path.
func (r *Reader) digits() int {
	pid := 0
	for _, c := range r.path {
		pid = pid*10 + int(c-'0')
	}
	return pid
}

// readStat reads the process whose pid stands in r.path, as digits.
func (r *Reader) readStat(p *Proc) error {
	r.path = append(r.path, "/stat\x00"...)
	line, err := r.readPath()
	if err != nil {
		return err
	}
	name, ok := parseStat(line, p)
	if !ok {
		return unix.EINVAL
	}
	if p.Pgid < 0 {
		return unix.ESRCH // reaped while the kernel wrote the line (do_task_stat in fs/proc/array.c)
	}
	p.Name = r.intern(name)
	return nil
}

func (r *Reader) intern(name []byte) string {
	if s, ok := r.names[string(name)]; ok { // no allocation: the compiler looks up in place
		return s
	}
	if len(r.names) >= maxNames {
		clear(r.names)
	}
	s := string(name)
	r.names[s] = s
	return s
}

// readPath reads the whole file r.path, which is relative to /proc and ends
// in a NUL. The result stands in r.buf until the next call. It is for files that
// the kernel makes without waiting for anybody: the Go runtime is not told of these
// system calls, so that they do not wake its monitor thread (see rest).
func (r *Reader) readPath() ([]byte, error) {
	fd, errno := openRaw(r.root, r.path)
	if errno != 0 {
		return nil, errno
	}
	defer closeRaw(fd)
	return r.contents(fd, readRaw)
}

// readSlow does the same with a file for which the kernel may wait: for another
// process's memory or its execve.
func (r *Reader) readSlow() ([]byte, error) {
	fd, errno := openRaw(r.root, r.path)
	if errno != 0 {
		return nil, errno
	}
	defer closeRaw(fd)
	return r.contents(fd, func(fd int, b []byte) (int, unix.Errno) {
		n, _, errno := unix.Syscall(unix.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)))
		return int(n), errno
	})
}

func (r *Reader) contents(fd int, read func(int, []byte) (int, unix.Errno)) ([]byte, error) {
	n := 0
	for {
		if n == len(r.buf) {
			r.buf = append(r.buf, make([]byte, len(r.buf))...)
		}
		m, errno := read(fd, r.buf[n:])
		if errno == unix.EINTR {
			continue
		}
		if errno != 0 {
			return nil, errno
		}
		n += m
		// These files are made at the read; one that leaves room was whole.
		if m == 0 || n < len(r.buf) {
			return r.buf[:n], nil
		}
	}
}

// openRaw opens a path that ends in a NUL.
func openRaw(dir int, path []byte) (int, unix.Errno) {
	for {
		fd, _, errno := unix.RawSyscall6(unix.SYS_OPENAT, uintptr(dir),
			uintptr(unsafe.Pointer(&path[0])), unix.O_RDONLY|unix.O_CLOEXEC, 0, 0, 0)
		if errno != unix.EINTR {
			return int(fd), errno
		}
	}
}

func readRaw(fd int, b []byte) (int, unix.Errno) {
	n, _, errno := unix.RawSyscall(unix.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)))
	return int(n), errno
}

func closeRaw(fd int) { unix.RawSyscall(unix.SYS_CLOSE, uintptr(fd), 0, 0) }

// ReadOne reads a single process; the error is ErrGone if there is none.
func (r *Reader) ReadOne(pid int) (Proc, error) {
	r.path = strconv.AppendInt(r.path[:0], int64(pid), 10)
	var p Proc
	if err := r.readStat(&p); err != nil {
		return Proc{}, r.gone(pid, "stat", err)
	}
	return p, nil
}

func (r *Reader) gone(pid int, file string, err error) error {
	if err == unix.ENOENT || err == unix.ESRCH {
		return ErrGone
	}
	return errors.New("/proc/" + strconv.Itoa(pid) + "/" + file + ": " + errText(err))
}

func errText(err error) string {
	var errno unix.Errno
	if errors.As(err, &errno) {
		if name := unix.ErrnoName(errno); name != "" {
			return errno.Error() + " (" + name + ")"
		}
	}
	return err.Error()
}
