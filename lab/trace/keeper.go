package trace

import (
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// A shell that waits although its job is over, because the tracer has more to
// tell or to ask, connects to the tracer. It waits until the other end closes;
// what it writes makes the tracer detach.
//
// The address is abstract (unix(7)) and made of the pid that the shell started;
// each side makes sure that the other is its own user.
func address(pid int) *unix.SockaddrUnix {
	return &unix.SockaddrUnix{Name: "@jsh-trace-" + num(pid)}
}

// keeper is the tracer's end.
type keeper struct {
	present atomic.Bool
	leave   func() // puts the terminal in order before the tracer ends
	end     func() // ends the tracer
}

func keeperFor(pid int, c *console, end func()) *keeper {
	k := &keeper{leave: func() {}, end: end}
	if c != nil {
		c.keeper, c.first = k, pid
		k.leave = c.restore
	}
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return k
	}
	if unix.Bind(fd, address(pid)) != nil || unix.Listen(fd, 1) != nil {
		unix.Close(fd)
		return k
	}
	go func() {
		for {
			c, _, err := unix.Accept4(fd, unix.SOCK_CLOEXEC)
			if err == unix.EINTR {
				continue
			}
			if err != nil {
				return
			}
			if ours(c) {
				k.serve(c)
			}
			unix.Close(c)
		}
	}()
	return k
}

func (k *keeper) serve(fd int) {
	k.present.Store(true)
	defer k.present.Store(false)
	var b [1]byte
	for {
		n, err := unix.Read(fd, b[:])
		if err == unix.EINTR {
			continue
		}
		if n <= 0 || err != nil {
			return
		}
		k.leave()
		writeAll(fdOut, "\n      detached: the programs run on untraced\n")
		k.end()
	}
}

func ours(fd int) bool {
	c, err := unix.GetsockoptUcred(fd, unix.SOL_SOCKET, unix.SO_PEERCRED)
	return err == nil && int(c.Uid) == unix.Geteuid()
}

// Keep is for the shell that started pid as trace, and whose job is over: it
// returns when the tracer has nothing more to tell. sleep waits until fd is
// readable and tells whether the learner pressed ^C instead: then the tracer
// lets the programs go.
func Keep(pid int, sleep func(fd int) (interrupted bool)) {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return
	}
	defer unix.Close(fd)
	if unix.Connect(fd, address(pid)) != nil || !ours(fd) {
		return // it is gone already
	}
	for {
		if sleep(fd) {
			unix.Write(fd, []byte{'d'})
		}
		var b [1]byte
		n, err := unix.Read(fd, b[:])
		if err == unix.EINTR {
			continue
		}
		if n <= 0 || err != nil {
			return
		}
	}
}
