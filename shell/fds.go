package shell

import (
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/pgroup"
	"jsh/pgroup/entry"
)

// closed marks a descriptor that the learner does not have.
const closed = -1

// inMemory marks a descriptor whose output fdTable.memory collects.
const inMemory = -2

// fdTable maps the learner's descriptors to real ones: entry n is the number of
// the real descriptor, or closed. A real descriptor at or above
// pgroup.FirstOwnFD belongs to exactly one entry. Entries below that stand for
// themselves: they were inherited, and stay open in the shell even where the
// learner closed them, so that the Go runtime can never take the number.
type fdTable struct {
	real      []int
	inherited uint64 // bit n: real descriptor n would reach a child
	inner     *session
	memory    []byte // what was written to a descriptor that is inMemory
}

// inherit takes over the descriptors that this process was started with. Those
// that the Go runtime opened for itself are close-on-exec, but for the /dev/null
// that it opens over each of 0-2 that was closed.
func (t *fdTable) inherit() {
	t.real = make([]int, 10, 16)
	for n := range t.real {
		t.real[n] = closed
	}
	// One poll tells of all which are open; it refuses more descriptors than
	// the limit on open files allows.
	var look [pgroup.FirstOwnFD]unix.PollFd
	for n := range look {
		look[n].Fd = int32(n)
	}
	_, err := unix.Poll(look[:], 0)
	told := err == nil
	for n := 0; n < pgroup.FirstOwnFD; n++ {
		if told && look[n].Revents&unix.POLLNVAL != 0 {
			continue
		}
		if flags, err := unix.FcntlInt(uintptr(n), unix.F_GETFD, 0); err == nil && flags&unix.FD_CLOEXEC == 0 {
			t.inherited |= 1 << n
			if entry.Closed>>n&1 == 0 {
				t.grow(n)
				t.real[n] = n
			}
		}
	}
}

func (t *fdTable) grow(n int) {
	for len(t.real) <= n {
		t.real = append(t.real, closed)
	}
}

// at is the real descriptor behind n, or closed.
func (t *fdTable) at(n int) int {
	if n < 0 || n >= len(t.real) {
		return closed
	}
	return t.real[n]
}

// outermost is what n stands for apart from all redirections that will be undone.
func (t *fdTable) outermost(n int) int {
	real := t.at(n)
	for ss := t.inner; ss != nil; ss = ss.outer {
		for _, o := range ss.was {
			if o.n == n {
				real = o.real
			}
		}
	}
	return real
}

// path translates the names under which the kernel shows a process its own
// descriptors (proc_pid_fd(5)): they speak of the learner's, and the shell must
// open the real one.
func (t *fdTable) path(name string) string {
	if !strings.HasPrefix(name, "/dev/") && !strings.HasPrefix(name, "/proc/self/fd/") {
		return name
	}
	n := 0
	switch name {
	case "/dev/stdin":
	case "/dev/stdout":
		n = 1
	case "/dev/stderr":
		n = 2
	default:
		digits, ok := strings.CutPrefix(name, "/dev/fd/")
		if !ok {
			digits, ok = strings.CutPrefix(name, "/proc/self/fd/")
		}
		v, err := strconv.ParseUint(digits, 10, 31)
		if !ok || err != nil {
			return name
		}
		n = int(v)
	}
	return "/proc/self/fd/" + itoa(t.at(n)) // -1 is there never
}

// own moves a fresh descriptor out of the learner's numbers.
func own(fd int) (int, error) {
	if fd >= pgroup.FirstOwnFD {
		return fd, nil
	}
	high, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, pgroup.FirstOwnFD)
	unix.Close(fd)
	if err == unix.EINVAL {
		// The limit on open files is below our numbers.
		err = unix.EMFILE
	}
	return high, err
}

// session is a run of redirections that can be undone: what each descriptor
// stood for before. Sessions nest; a table puts into the innermost.
type session struct {
	outer *session
	was   []oldFD
}

type oldFD struct{ n, real int }

// begin opens a session. It ends with restore or keep.
func (t *fdTable) begin() *session {
	t.inner = &session{outer: t.inner}
	return t.inner
}

// put makes n stand for real, which the table owns from now on.
func (t *fdTable) put(n, real int) {
	t.grow(n)
	known := false
	for _, o := range t.inner.was {
		known = known || o.n == n
	}
	if known {
		t.drop(t.real[n])
	} else {
		t.inner.was = append(t.inner.was, oldFD{n, t.real[n]})
	}
	t.real[n] = real
}

// drop closes a descriptor that no entry stands for any more.
func (t *fdTable) drop(real int) {
	if real >= pgroup.FirstOwnFD {
		unix.Close(real)
	}
}

// restore undoes a session; a nil one has nothing to undo.
func (t *fdTable) restore(ss *session) {
	if ss == nil {
		return
	}
	for i := len(ss.was) - 1; i >= 0; i-- {
		o := ss.was[i]
		t.drop(t.real[o.n])
		t.real[o.n] = o.real
	}
	t.inner = ss.outer
}

// keep makes a session's redirections permanent (exec without a command).
func (t *fdTable) keep(ss *session) {
	for _, o := range ss.was {
		t.drop(o.real)
	}
	t.inner = ss.outer
}

// files says how a program's descriptors are made from the table.
func (t *fdTable) files() []pgroup.File {
	var fs []pgroup.File
	for n, r := range t.real {
		switch {
		case r == n:
			// Inherited as it is.
		case r != closed:
			fs = append(fs, pgroup.File{Child: n, From: r})
		case n < 64 && t.inherited&(1<<n) != 0:
			fs = append(fs, pgroup.File{Child: n, From: closed})
		}
	}
	return fs
}

// write writes all of b to the learner's descriptor n, going on after short
// writes and signals.
func (t *fdTable) write(n int, b []byte) error {
	fd := t.at(n)
	switch fd {
	case closed:
		return unix.EBADF
	case inMemory:
		t.memory = append(t.memory, b...)
		return nil
	}
	return writeAll(fd, b)
}

// writeAll writes to a real descriptor, which somebody may have made
// non-blocking.
func writeAll(fd int, b []byte) error {
	for len(b) > 0 {
		w, err := unix.Write(fd, b)
		if w > 0 {
			b = b[w:]
		}
		switch err {
		case nil, unix.EINTR:
		case unix.EAGAIN:
			poll := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}
			unix.Poll(poll, -1)
		default:
			return err
		}
	}
	return nil
}
