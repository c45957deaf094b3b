package shell

import (
	"strings"

	"golang.org/x/sys/unix"
)

// The fields of a line of passwd(5).
const (
	passwdName = 0
	passwdUID  = 2
	passwdHome = 5
)

// passwdEntry is the first line of /etc/passwd whose field has that value; nil
// where there is none. jsh is linked statically and asks no name service.
func passwdEntry(field int, value string) []string {
	fd, err := unix.Open("/etc/passwd", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	defer unix.Close(fd)
	b, err := readAll(fd)
	if err != nil {
		return nil
	}
	for line := range strings.SplitSeq(string(b), "\n") {
		if f := strings.Split(line, ":"); len(f) > passwdHome && f[field] == value {
			return f
		}
	}
	return nil
}

// homeOf finds a user's home directory.
func homeOf(user string) (string, bool) {
	if e := passwdEntry(passwdName, user); e != nil {
		return e[passwdHome], true
	}
	return "", false
}

// userName is the name of the user that the shell acts as, "" if it has none.
func userName() string {
	if e := passwdEntry(passwdUID, itoa(unix.Geteuid())); e != nil {
		return e[passwdName]
	}
	return ""
}
