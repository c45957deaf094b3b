package front

import (
	"errors"

	"golang.org/x/sys/unix"
)

// reason is an error with its errno by name, where it has one.
func reason(err error) string {
	var e unix.Errno
	if errors.As(err, &e) {
		return err.Error() + " (" + unix.ErrnoName(e) + ")"
	}
	return err.Error()
}
