package companion

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Messages: the first byte is the kind, the rest is text.
const (
	msgShell  = 'S' // shell → hub: its pid
	msgEvents = 'E' // shell → hub: events, a JSON line each
	msgJobs   = 'J' // shell → hub: all jobs, "PGID JOB" lines
	msgRecord = 'R' // shell → hub, with a descriptor: write what happens there
	msgStop   = 'X' // shell → hub: no longer
	msgLog    = 'L' // shell → hub, with a descriptor: write what happened there
	msgScreen = 'W' // shell → hub: something for the screen to do
	msgTeller = 'T' // a process that is no shell → hub: it has events to tell; with a pid: it follows all that this shell starts
	msgViewer = 'V' // viewer → hub: send everything
	msgVouch  = 'U' // shell → hub: the pid of the process that may type at the screen
	msgType   = 'K' // that one → hub: type this
	msgBand   = 'B' // that one → hub: its band
	msgWho    = 'Q' // anybody → hub: who is that?

	msgReady  = 'O' // hub → shell: it knows the shell; the socket's path
	msgYes    = 'Y' // hub → asker: done, and what there is to say
	msgNo     = 'N' // hub → asker: refused, and why
	msgStream = 'D' // hub → viewer: bytes of the stream
	msgKey    = 'I' // hub → who has the band: a key's name
)

// maxMessage bounds a message: two of them fit into a socket's usual buffer of
// 208 KiB (net.core.wmem_default) with the kernel's own share.
const maxMessage = 60 << 10

// Dir is the directory for the sockets of this user, made if it is not there:
// $XDG_RUNTIME_DIR/jsh, else jsh-UID in /tmp. A directory that somebody else
// made, or may enter, or that a symbolic link leads to, is refused.
func Dir() (string, error) {
	uid := os.Geteuid()
	if run := os.Getenv("XDG_RUNTIME_DIR"); strings.HasPrefix(run, "/") && len(run) < 80 && ownDir(run, uid, 0o022) == nil {
		return makeDir(run+"/jsh", uid)
	}
	return makeDir("/tmp/jsh-"+strconv.Itoa(uid), uid)
}

func makeDir(dir string, uid int) (string, error) {
	if err := unix.Mkdir(dir, 0o700); err != nil && err != unix.EEXIST {
		return "", errors.New(dir + ": mkdir: " + errText(err))
	}
	if err := ownDir(dir, uid, 0o077); err != nil {
		return "", errors.New(dir + " " + err.Error() + "; no socket is put there: remove it (rm -r " + dir + ")")
	}
	return dir, nil
}

// ownDir tells why a directory is not to be trusted. In /tmp, which is sticky,
// nobody else can replace a directory that is ours.
func ownDir(dir string, uid int, forbidden uint32) error {
	var st unix.Stat_t
	if err := unix.Lstat(dir, &st); err != nil {
		return errors.New("cannot be looked at: " + errText(err))
	}
	switch {
	case st.Mode&unix.S_IFMT == unix.S_IFLNK:
		return errors.New("is a symbolic link")
	case st.Mode&unix.S_IFMT != unix.S_IFDIR:
		return errors.New("is no directory")
	case int(st.Uid) != uid:
		return errors.New("belongs to user " + strconv.Itoa(int(st.Uid)) + ", not to you")
	case st.Mode&forbidden != 0:
		return errors.New("is open to others (mode " + strconv.FormatUint(uint64(st.Mode&0o7777), 8) + ")")
	}
	return nil
}

const socketFlags = unix.SOCK_SEQPACKET | unix.SOCK_CLOEXEC | unix.SOCK_NONBLOCK

// listen makes a socket with mode 0600 for others to connect to, under a name that
// is free or a dead process's; EADDRINUSE says that somebody listens there.
//
// Another pid namespace that has the same directory may have the same numbers, and
// whoever sweeps takes a socket away that refuses connections. So a socket gets its
// name only when it listens already, by link(2), which replaces nothing.
func listen(path string) (int, error) {
	fd, err := unix.Socket(unix.AF_UNIX, socketFlags, 0)
	if err != nil {
		return -1, errors.New("socket: " + errText(err))
	}
	early := filepath.Dir(path) + "/" + strconv.FormatInt(time.Now().UnixNano(), 36) + earlySuffix
	step := "bind"
	if err = unix.Bind(fd, &unix.SockaddrUnix{Name: early}); err == nil {
		step = "chmod"
		if err = unix.Chmod(early, 0o600); err == nil {
			step = "listen"
			err = unix.Listen(fd, 16)
		}
		if err == nil {
			step = "link"
			if err = unix.Link(early, path); err == unix.EEXIST && sweep(path) {
				err = unix.Link(early, path)
			}
			if err == unix.EEXIST {
				err = unix.EADDRINUSE
			}
		}
		unix.Unlink(early)
	}
	if err != nil {
		unix.Close(fd)
		return -1, &listenError{path, step, err}
	}
	return fd, nil
}

// earlySuffix ends the name of a socket that does not listen yet.
const earlySuffix = ".new"

// listenError says which step of listen failed.
type listenError struct {
	path, step string
	err        error
}

func (e *listenError) Error() string { return e.path + ": " + e.step + ": " + errText(e.err) }
func (e *listenError) Unwrap() error { return e.err }

// sweep removes a socket that nobody listens at any more, and tells whether it is
// gone. One whose process is stopped has it open, and keeps it.
func sweep(path string) (gone bool) {
	fd, err := connect(path)
	if err == nil {
		unix.Close(fd)
	}
	if !errors.Is(err, unix.ECONNREFUSED) {
		return errors.Is(err, unix.ENOENT)
	}
	err = unix.Unlink(path)
	return err == nil || err == unix.ENOENT
}

// sweepDir removes what processes that were killed have left in the directory of
// the sockets.
func sweepDir(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		path := dir + "/" + e.Name()
		switch {
		case strings.HasSuffix(path, earlySuffix): // for microseconds it is right that it refuses
			if i, err := e.Info(); err == nil && time.Since(i.ModTime()) > time.Minute {
				sweep(path)
			}
		case e.Type() == os.ModeSocket:
			sweep(path)
		}
	}
}

// connect connects to a hub's socket and makes sure that the hub is this
// user's. It does not wait: where the hub does not take the connection at once
// the error is EAGAIN.
func connect(path string) (int, error) {
	fd, err := unix.Socket(unix.AF_UNIX, socketFlags, 0)
	if err != nil {
		return -1, err
	}
	if err = unix.Connect(fd, &unix.SockaddrUnix{Name: path}); err == nil {
		if _, err = peer(fd); err == nil {
			return fd, nil
		}
	}
	unix.Close(fd)
	return -1, err
}

// errStranger is returned where the other end of a socket is another user's.
var errStranger = errors.New("the other end belongs to another user")

// peer is the pid of the process at the other end, as this process's pid
// namespace has it; 0 if it is outside of that. Somebody else's end is refused
// with errStranger (SO_PEERCRED, unix(7)).
func peer(fd int) (pid int, err error) {
	c, err := unix.GetsockoptUcred(fd, unix.SOL_SOCKET, unix.SO_PEERCRED)
	if err != nil {
		return 0, err
	}
	if int(c.Uid) != os.Geteuid() {
		return 0, errStranger
	}
	return int(c.Pid), nil
}

// send sends one message and never waits: EAGAIN says that there is no room.
// files go with it (SCM_RIGHTS).
func send(fd int, msg []byte, files ...int) error {
	var rights []byte
	if len(files) > 0 {
		rights = unix.UnixRights(files...)
	}
	for {
		err := unix.Sendmsg(fd, msg, rights, nil, unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL)
		if err != unix.EINTR {
			return err
		}
	}
}

// receive takes one message into buf, and a descriptor that came with it (-1:
// none). It never waits: EAGAIN says that there is nothing. No bytes and no
// error: the other end is gone.
func receive(fd int, buf []byte) (n, file int, err error) {
	var room [64]byte
	for {
		n, oobn, flags, _, err := unix.Recvmsg(fd, buf, room[:], unix.MSG_DONTWAIT|unix.MSG_CMSG_CLOEXEC)
		if err == unix.EINTR {
			continue
		}
		file := -1
		if err == nil && oobn > 0 {
			file = descriptor(room[:oobn])
		}
		if err == nil && flags&unix.MSG_TRUNC != 0 {
			err = errors.New("a message is too long")
		}
		return n, file, err
	}
}

// descriptor is the first that a control message brought; more are closed.
func descriptor(oob []byte) int {
	file := -1
	msgs, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return file
	}
	for i := range msgs {
		fds, err := unix.ParseUnixRights(&msgs[i])
		if err != nil {
			continue
		}
		for _, fd := range fds {
			if file < 0 {
				file = fd
			} else {
				unix.Close(fd)
			}
		}
	}
	return file
}

func errText(err error) string {
	var e unix.Errno
	if errors.As(err, &e) {
		return unix.ErrnoName(e) + " (" + e.Error() + ")"
	}
	return err.Error()
}
