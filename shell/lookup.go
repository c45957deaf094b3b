package shell

import (
	"strings"

	"golang.org/x/sys/unix"
)

// kindOf is what a command name means (POSIX 2.9.1.4).
type kindOf uint8

const (
	notFound kindOf = iota
	special         // a special built-in utility (2.15)
	function
	ordinary // another builtin
	external
)

// lookup finds a command name. For external the path is given; it may be a
// file that cannot be run.
func (s *Shell) lookup(name string) (kind kindOf, b Builtin, path string) {
	if strings.IndexByte(name, '/') >= 0 {
		return external, nil, name
	}
	if e, ok := builtins[name]; ok && e.special {
		return special, e.run, ""
	}
	if s.funcs[name] != nil {
		return function, nil, ""
	}
	if e, ok := builtins[name]; ok {
		return ordinary, e.run, ""
	}
	if b, ok := s.extra[name]; ok {
		return ordinary, b, ""
	}
	if _, ok := s.own[name]; ok {
		return external, nil, s.self()
	}
	if p, ok := s.hashed[name]; ok && isExecutable(p) {
		return external, nil, p
	}
	if p := s.search(name, s.Var("PATH")); p != "" {
		s.hashed[name] = p
		return external, nil, p
	}
	return notFound, nil, ""
}

// search looks a program up along a PATH (XBD 8.3): the first executable
// regular file; without one the first file at all, so that the error can say
// why it does not run; else "".
func (s *Shell) search(name, path string) string {
	if name == "" {
		return ""
	}
	second := ""
	for {
		dir, rest, more := strings.Cut(path, ":")
		p := dir + "/" + name
		if dir == "" {
			p = "./" + name
		}
		var st unix.Stat_t
		if unix.Stat(p, &st) == nil && st.Mode&unix.S_IFMT != unix.S_IFDIR {
			if unix.Faccessat(unix.AT_FDCWD, p, unix.X_OK, unix.AT_EACCESS) == nil && st.Mode&0o111 != 0 {
				return p
			}
			if second == "" {
				second = p
			}
		}
		if !more {
			return second
		}
		path = rest
	}
}

func isExecutable(p string) bool {
	var st unix.Stat_t
	return unix.Stat(p, &st) == nil && st.Mode&unix.S_IFMT == unix.S_IFREG && st.Mode&0o111 != 0
}

// listDir is the names in a directory, without . and ..; nothing where it
// cannot be read.
func listDir(dir string) []string {
	if dir == "" {
		dir = "."
	}
	fd, err := unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	defer unix.Close(fd)
	var names []string
	buf := make([]byte, 32<<10)
	for {
		n, err := unix.Getdents(fd, buf)
		if err != nil || n <= 0 {
			return names
		}
		_, _, names = unix.ParseDirent(buf[:n], -1, names)
	}
}
