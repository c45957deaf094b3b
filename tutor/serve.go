package tutor

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"jsh/companion"
	"jsh/tutor/wire"
)

// conn is a shell's connection.
type conn struct {
	file *os.File
	raw  syscall.RawConn
	out  [][]byte // what the socket had no room for
}

// incoming is a message of a shell, or, without one, its end.
type incoming struct {
	c *conn
	r *wire.Request
}

// listen opens the socket for shells that come later, such as one that takes the
// first one's place.
func (t *tutor) listen(path string) error {
	fd, err := companion.Listen(path)
	if err != nil {
		return err
	}
	t.path, t.listener = path, os.NewFile(uintptr(fd), "lesson")
	raw, err := t.listener.SyscallConn()
	if err != nil {
		return err
	}
	go func() {
		for {
			fd := -1
			err := raw.Read(func(l uintptr) bool {
				var err error
				fd, _, err = unix.Accept4(int(l), unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK)
				if err != nil {
					fd = -1
				}
				return err != unix.EAGAIN
			})
			if err != nil {
				return
			}
			if fd >= 0 {
				t.serve(fd)
			}
		}
	}()
	return nil
}

// serve takes over a connected socket.
func (t *tutor) serve(fd int) {
	if _, err := companion.Peer(fd); err != nil {
		unix.Close(fd)
		return
	}
	c := &conn{file: os.NewFile(uintptr(fd), "shell")}
	var err error
	if c.raw, err = c.file.SyscallConn(); err != nil {
		c.file.Close()
		return
	}
	go func() {
		buf := make([]byte, companion.MaxMessage)
		for {
			var n int
			var err error
			rerr := c.raw.Read(func(fd uintptr) bool {
				n, err = companion.Receive(int(fd), buf)
				return err != unix.EAGAIN
			})
			if rerr != nil || err != nil || n == 0 {
				break
			}
			r, err := wire.ParseRequest(buf[:n])
			if err != nil {
				break
			}
			t.in <- incoming{c, r}
		}
		t.in <- incoming{c: c}
	}()
}

// send sends a message, or keeps it until there is room.
func (c *conn) send(msg []byte) {
	c.out = append(c.out, msg)
	c.flush()
}

func (c *conn) flush() {
	c.raw.Control(func(fd uintptr) {
		for len(c.out) > 0 {
			switch err := companion.Send(int(fd), c.out[0]); err {
			case unix.EAGAIN, unix.ENOBUFS, unix.ENOMEM:
				return
			default: // sent, or the shell is gone, which its reader tells
				c.out = c.out[1:]
			}
		}
	})
}

// close removes the socket.
func (t *tutor) close() {
	if t.listener != nil {
		unix.Unlink(t.path)
		t.listener.Close()
	}
	for c := range t.conns {
		c.file.Close()
	}
}
