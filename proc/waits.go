package proc

import (
	"bytes"
	"strconv"

	"golang.org/x/sys/unix"
)

// Sleeps is Reader.Waits of a process that sleeps for a time, nanosleep(2).
const Sleeps = "sleeps"

// sleeps tells in words what a process waits for by the kernel function it
// sleeps in, /proc/PID/wchan. The names are the kernel's own and change with
// it: what is not here is not told. Each entry is a prefix, since compilers
// add ".constprop.0" and the like.
var sleeps = [...]struct{ function, words string }{
	{"anon_pipe_read", "reads a pipe"}, // 6.15 on
	{"pipe_read", "reads a pipe"},
	{"pipe_wait_readable", "reads a pipe"},
	{"anon_pipe_write", "writes a pipe"},
	{"pipe_write", "writes a pipe"},
	{"pipe_wait_writable", "writes a pipe"},
	{"wait_for_partner", "opens a FIFO"},
	{"n_tty_read", "reads the terminal"},
	{"do_wait", "waits for a child"},
	{"hrtimer_nanosleep", Sleeps},
	{"do_nanosleep", Sleeps},
	{"poll_schedule_timeout", "waits for events"},
	{"do_sys_poll", "waits for events"},
	{"do_select", "waits for events"},
	{"ep_poll", "waits for events"},
	{"do_epoll_wait", "waits for events"},
	{"sigsuspend", "waits for a signal"},
	{"do_sigtimedwait", "waits for a signal"},
	{"__do_sys_pause", "waits for a signal"},
	{"__ia32_sys_pause", "waits for a signal"},
	{"__x64_sys_pause", "waits for a signal"},
	{"inet_csk_accept", "waits for a client"},
}

// Waits says what a sleeping process waits for, in words that follow
// "waiting": "reads a pipe", "waits for a child". "" is: not known, not allowed to
// know (proc_pid_wchan(5)), or not asleep.
func (r *Reader) Waits(pid int) string {
	function, err := r.file(pid, "wchan")
	if err != nil {
		return ""
	}
	for _, s := range sleeps {
		if bytes.HasPrefix(function, []byte(s.function)) {
			return s.words
		}
	}
	// Terminals and sockets share this function. The system call tells the
	// descriptor, and its link what that is.
	if bytes.HasPrefix(function, []byte("wait_woken")) {
		return r.atTerminal(pid)
	}
	return ""
}

// atTerminal says whether pid is in read(2) or, held up by ^S, in write(2) on a terminal; "": in
// neither.
func (r *Reader) atTerminal(pid int) string {
	call, err := r.file(pid, "syscall") // "0 0x3 …": number, then arguments
	if err != nil {
		return ""
	}
	number, rest, _ := bytes.Cut(call, []byte(" "))
	arg, _, _ := bytes.Cut(rest, []byte(" "))
	words := ""
	switch n, err := strconv.Atoi(string(number)); {
	case err != nil:
	case n == unix.SYS_READ:
		words = "reads the terminal"
	case n == unix.SYS_WRITE:
		words = "writes the terminal"
	}
	fd, err := strconv.ParseUint(string(arg), 0, 64)
	if err != nil || words == "" {
		return ""
	}
	link := strconv.Itoa(pid) + "/fd/" + strconv.FormatUint(fd, 10)
	n, err := unix.Readlinkat(r.root, link, r.buf)
	if err != nil || !bytes.HasPrefix(r.buf[:n], []byte("/dev/pts/")) && !bytes.HasPrefix(r.buf[:n], []byte("/dev/tty")) {
		return ""
	}
	return words
}
