package edit

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// The history file holds an entry a line. A newline within an entry is \n, a
// backslash is \\; anything else stands for itself, so that the file can be
// read with any tool. Several shells append to it at once: each entry is one
// write with O_APPEND, made under flock(2).

// maxHistoryFile is how much of a file's end is read. A file that is larger,
// or that holds twice the entries wanted, is cut when it is read.
const maxHistoryFile = 16 << 20

const lockPatience = time.Second

var errHistoryLocked = errors.New("another process holds its lock")

func encodeEntry(line string) string {
	if !strings.ContainsAny(line, "\\\n") {
		return line
	}
	return strings.NewReplacer(`\`, `\\`, "\n", `\n`).Replace(line)
}

// decodeEntry is lenient: a backslash before anything else is itself, as in
// files that other shells wrote.
func decodeEntry(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			switch s[i+1] {
			case 'n':
				b.WriteByte('\n')
				i++
				continue
			case '\\':
				i++
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// appendHistory adds an entry to the file, which it makes if need be, for its
// owner only. A write that came short, on a full disk, is taken back.
func appendHistory(path, line string) error {
	return withHistory(path, unix.O_RDWR|unix.O_CREAT|unix.O_APPEND, func(fd int, st *unix.Stat_t) error {
		entry := encodeEntry(line) + "\n"
		if st.Size > 0 { // an entry whose end is missing must not swallow this one
			var last [1]byte
			if n, _ := unix.Pread(fd, last[:], st.Size-1); n == 1 && last[0] != '\n' {
				entry = "\n" + entry
			}
		}
		n, err := writeOnce(fd, entry)
		if n == len(entry) {
			return nil
		}
		unix.Ftruncate(fd, st.Size)
		if err == nil {
			err = unix.ENOSPC
		}
		return err
	})
}

func writeOnce(fd int, s string) (int, error) {
	for {
		n, err := unix.Write(fd, []byte(s))
		if err != unix.EINTR {
			return max(n, 0), err
		}
	}
}

// readHistory reads the last max entries of the file, and cuts it when it has
// become too long. No file is no error.
func readHistory(path string, max int) ([]string, error) {
	var lines []string
	cut := false
	err := withHistory(path, unix.O_RDONLY, func(fd int, st *unix.Stat_t) error {
		from := st.Size - maxHistoryFile
		if from < 0 {
			from = 0
		}
		data := make([]byte, st.Size-from)
		got := 0
		for got < len(data) {
			n, err := unix.Pread(fd, data[got:], from+int64(got))
			if err == unix.EINTR {
				continue
			}
			if err != nil {
				return err
			}
			if n == 0 {
				break
			}
			got += n
		}
		data = data[:got]
		if from > 0 {
			_, data, _ = bytes.Cut(data, []byte("\n"))
		}
		total := bytes.Count(data, []byte("\n"))
		cut = from > 0 || total > 2*max
		for len(data) > 0 {
			var one []byte
			one, data, _ = bytes.Cut(data, []byte("\n"))
			if total > max {
				total--
				continue
			}
			if len(one) > 0 {
				lines = append(lines, decodeEntry(string(one)))
			}
		}
		return nil
	})
	if errors.Is(err, unix.ENOENT) {
		return nil, nil
	}
	if err == nil && cut {
		err = rewriteHistory(path, max)
	}
	return lines, err
}

// rewriteHistory keeps the last max entries. A new file takes the old one's
// place, so that a crash leaves one or the other.
func rewriteHistory(path string, max int) error {
	path = resolveLinks(path)
	return withHistory(path, unix.O_RDWR, func(fd int, st *unix.Stat_t) error {
		size := min(st.Size, maxHistoryFile)
		data := make([]byte, size)
		n, err := unix.Pread(fd, data, st.Size-size)
		if err != nil || int64(n) != size {
			return err
		}
		if size < st.Size {
			_, data, _ = bytes.Cut(data, []byte("\n"))
		}
		for total := bytes.Count(data, []byte("\n")); total > max; total-- {
			_, data, _ = bytes.Cut(data, []byte("\n"))
		}
		tmp := path + "." + strconv.Itoa(unix.Getpid()) + ".new"
		out, err := unix.Open(tmp, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_CLOEXEC|unix.O_NOFOLLOW, 0o600)
		if err != nil {
			return err
		}
		defer unix.Close(out)
		if err = write(out, data); err == nil {
			err = unix.Rename(tmp, path)
		}
		if err != nil {
			unix.Unlink(tmp)
		}
		return err
	})
}

// resolveLinks follows symbolic links, so that a rename replaces the file
// itself and not a link to it.
func resolveLinks(path string) string {
	var buf [unix.PathMax]byte
	for range 40 {
		n, err := unix.Readlink(path, buf[:])
		if err != nil {
			return path
		}
		to := string(buf[:n])
		if !strings.HasPrefix(to, "/") {
			to = path[:strings.LastIndexByte(path, '/')+1] + to
		}
		path = to
	}
	return path
}

// withHistory calls f with the history file open and locked. A file that was
// replaced while its lock was awaited is opened again. What is no regular
// file, such as /dev/null, is left alone.
func withHistory(path string, flags int, f func(fd int, st *unix.Stat_t) error) error {
	until := time.Now().Add(lockPatience)
	for {
		done, err := tryHistory(path, flags, f)
		if done || err == nil && time.Now().After(until) {
			if err == nil && !done {
				err = errHistoryLocked
			}
			if err != nil {
				return &historyError{path, err}
			}
			return nil
		}
		time.Sleep(2 * time.Millisecond)
	}
}

func tryHistory(path string, flags int, f func(fd int, st *unix.Stat_t) error) (done bool, err error) {
	fd, err := unix.Open(path, flags|unix.O_CLOEXEC|unix.O_NOCTTY|unix.O_NONBLOCK, 0o600)
	if err != nil {
		return true, err
	}
	defer unix.Close(fd)
	var st, now unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return true, err
	}
	if st.Mode&unix.S_IFMT != unix.S_IFREG {
		return true, nil
	}
	switch err := unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB); err {
	case nil, unix.ENOLCK, unix.ENOSYS, unix.EOPNOTSUPP: // a file system without locks
	case unix.EWOULDBLOCK, unix.EINTR:
		return false, nil
	default:
		return true, err
	}
	// The size may have changed before we had the lock, and the file too.
	if err := unix.Fstat(fd, &st); err != nil {
		return true, err
	}
	if err := unix.Stat(path, &now); err != nil || now.Ino != st.Ino || now.Dev != st.Dev {
		return false, nil
	}
	return true, f(fd, &st)
}

// historyError says what does not work and what follows from it.
type historyError struct {
	path string
	err  error
}

func (e *historyError) Error() string {
	return "history file " + e.path + ": " + e.err.Error() + "; lines of this session are remembered until it ends"
}

func (e *historyError) Unwrap() error { return e.err }
