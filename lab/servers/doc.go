// Package servers has the small real servers of the course's questions: per-request
// and pre-fork, which answer the same requests, one by a child forked for each, the
// other by workers forked before; client, which asks them; and graderd, which tries
// what of its work needs root.
//
// It owns these programs, from their start to their status. They are run on a
// lesson's stage (lesson-stage), in whose directory their sockets and files are. They
// measure nothing that a slow machine could change: the times that client tells are
// told, and decide nothing.
//
// Invariants: the children of the two servers are real forks, copies of the server,
// called handler and worker; a server and its workers end with the shell that
// started it; after setuid a trial of graderd never gets its rights back.
package servers

import (
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

// Names are the programs, by which a process is started as one of them.
var Names = [...]string{PerRequest, PreFork, "client", "graderd", trialName}

// Children are what the servers' children are called.
var Children = [...]string{"handler", "worker"}

const (
	PerRequest = "per-request"
	PreFork    = "pre-fork"
)

// Main is the program args[0] on the stage whose directory for such things is dir.
// It returns the exit status.
func Main(args []string, dir string) int {
	switch filepath.Base(args[0]) {
	case PerRequest:
		return serve(dir, PerRequest)
	case PreFork:
		return serve(dir, PreFork)
	case "client":
		return client(args[1:], dir)
	case "graderd":
		return graderd(dir)
	}
	return trial(args[1:])
}

func say(fd int, text string) {
	for b := []byte(text); len(b) > 0; {
		n, err := unix.Write(fd, b)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return
		}
		b = b[n:]
	}
}

// reason is an errno by name and meaning.
func reason(err error) string {
	if e, ok := err.(unix.Errno); ok {
		return unix.ErrnoName(e) + " (" + e.Error() + ")"
	}
	return err.Error()
}

// address is a server's socket. The path goes through a descriptor of the directory,
// since a socket's may have 107 bytes only.
func address(dir, name string) (*unix.SockaddrUnix, error) {
	fd, err := unix.Open(dir, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	return &unix.SockaddrUnix{Name: "/proc/self/fd/" + strconv.Itoa(fd) + "/" + name + ".sock"}, nil
}
