package companion

import (
	"golang.org/x/sys/unix"

	"jsh/event"
)

// Teller connects to a hub for a process that is no shell but has events to tell,
// such as what it makes puppets do. The function that it returns sends one; it
// never waits, and what the hub has no room for is lost.
func Teller(path string) (tell func(event.Event), err error) {
	fd, err := connect(path)
	if err != nil {
		return nil, err
	}
	if err := send(fd, []byte{msgTeller}); err != nil {
		unix.Close(fd)
		return nil, err
	}
	return func(e event.Event) {
		if fd < 0 {
			return
		}
		trim(&e)
		msg := append(event.AppendJSON([]byte{msgEvents}, &e), '\n')
		switch err := send(fd, msg); err {
		case nil, unix.EAGAIN, unix.ENOBUFS, unix.ENOMEM, unix.EMSGSIZE:
		default:
			unix.Close(fd)
			fd = -1
		}
	}, nil
}
