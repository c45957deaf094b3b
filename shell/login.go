package shell

import "golang.org/x/sys/unix"

// loginFiles runs what a login shell reads before all else: /etc/profile and
// ~/.profile, which set PATH and umask for the session. POSIX does not speak of
// login shells; those that have them agree on these two files. Another user's
// ~/.profile is not run with this one's rights.
func (s *Shell) loginFiles() {
	if !s.loginShell {
		return
	}
	s.runFirst("/etc/profile")
	if s.done || unix.Getuid() != unix.Geteuid() || unix.Getgid() != unix.Getegid() {
		return
	}
	if home := s.Var("HOME"); home != "" {
		s.runFirst(home + "/.profile")
	}
}

// runFirst runs a start-up file, if it is there. exit in it ends the shell,
// return the file.
func (s *Shell) runFirst(path string) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return
	}
	if fd, err = own(fd); err != nil {
		return
	}
	defer unix.Close(fd)
	s.dots++
	u := s.runLines(&fileLines{fd: fd}, path, false)
	s.dots--
	if u == uwExit {
		s.done = true
	}
}
