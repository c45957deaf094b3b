package shell

import (
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/parser"
	"jsh/pgroup"
)

// redirError is a redirection that failed; its text names file and errno.
type redirError struct{ text string }

func (e redirError) Error() string { return e.text }

// redirect makes redirections in order (POSIX 2.7). The caller has saved the
// table and restores it, also after an error.
func (s *Shell) redirect(rs []*parser.Redir) error {
	for _, r := range rs {
		if err := s.redirectOne(r); err != nil {
			return err
		}
	}
	return nil
}

func (s *Shell) redirectOne(r *parser.Redir) error {
	n := r.N
	if n < 0 {
		n = 1
		switch r.Op {
		case parser.RedirIn, parser.RedirReadWrite, parser.RedirDupIn, parser.RedirHere, parser.RedirHereStr:
			n = 0
		}
	}
	if s.noFile != nil && uint64(n) >= s.noFile.Cur {
		return redirError{itoa(n) + ": no descriptor may have this number: the limit on open files is " + itoa(int(s.noFile.Cur)) + " (EBADF; ulimit -n)"}
	}
	switch r.Op {
	case parser.RedirHere:
		text, err := s.x.HereDoc(r.Here)
		if err != nil {
			return err
		}
		return s.hereFile(n, text)
	case parser.RedirHereStr:
		text, err := s.x.Field(r.Word)
		if err != nil {
			return err
		}
		return s.hereFile(n, text+"\n")
	}
	word, err := s.x.Field(r.Word)
	if err != nil {
		return err
	}
	switch r.Op {
	case parser.RedirDupIn, parser.RedirDupOut:
		return s.dupOnto(n, word)
	}
	fd, err := s.openFor(r.Op, word)
	if err != nil {
		return err
	}
	s.fds.put(n, fd)
	if r.Op == parser.RedirBoth || r.Op == parser.RedirBothAppend {
		return s.dupOnto(2, "1")
	}
	return nil
}

// dupOnto makes descriptor n a copy of the one that word names, or closes it
// (word "-").
func (s *Shell) dupOnto(n int, word string) error {
	if word == "-" {
		s.fds.put(n, closed)
		return nil
	}
	from, err := strconv.Atoi(word)
	if err != nil || from < 0 {
		return redirError{word + ": a descriptor number or - belongs after >& and <& (for both outputs write >file 2>&1)"}
	}
	real := s.fds.at(from)
	if real == closed {
		return redirError{strconv.Itoa(from) + ": this descriptor is not open (EBADF); exec " + strconv.Itoa(from) + ">FILE would open it"}
	}
	fd, err := unix.FcntlInt(uintptr(real), unix.F_DUPFD_CLOEXEC, pgroup.FirstOwnFD)
	if err != nil {
		return redirError{strconv.Itoa(from) + ": cannot duplicate the descriptor: " + errnoText(err)}
	}
	s.fds.put(n, fd)
	return nil
}

// openFor opens the file of a redirection.
func (s *Shell) openFor(op parser.RedirOp, file string) (int, error) {
	name := s.fds.path(file)
	flags := unix.O_CLOEXEC
	verb := "create"
	switch op {
	case parser.RedirIn:
		flags |= unix.O_RDONLY
		verb = "open"
	case parser.RedirReadWrite:
		flags |= unix.O_RDWR | unix.O_CREAT
	case parser.RedirAppend, parser.RedirBothAppend:
		flags |= unix.O_WRONLY | unix.O_CREAT | unix.O_APPEND
	case parser.RedirClobber:
		flags |= unix.O_WRONLY | unix.O_CREAT | unix.O_TRUNC
	default:
		flags |= unix.O_WRONLY | unix.O_CREAT | unix.O_TRUNC
		if s.opts.noclobber {
			// POSIX 2.7.2: fail if it exists and is a regular file.
			var st unix.Stat_t
			if unix.Stat(name, &st) == nil {
				if st.Mode&unix.S_IFMT == unix.S_IFREG {
					return closed, redirError{file + ": exists, and set -C (noclobber) is on; >| overwrites it"}
				}
				flags &^= unix.O_CREAT | unix.O_TRUNC
			} else {
				flags = flags&^unix.O_TRUNC | unix.O_EXCL
			}
		}
	}
	for {
		fd, err := unix.Open(name, flags, 0o666)
		if err == unix.EINTR {
			if u := s.poll(); u != uwNone {
				return closed, substUnwound{u}
			}
			continue
		}
		if err == nil {
			fd, err = own(fd)
		}
		if err != nil {
			text := file + ": cannot " + verb + ": " + errnoText(err)
			if dir := missingDir(name); err == unix.ENOENT && verb == "create" && dir != "" {
				text += ": there is no directory " + dir
			}
			if a := advice(err); a != "" {
				text += ": " + a
			}
			return closed, redirError{text}
		}
		return fd, nil
	}
}

// missingDir is the directory that a file was to be made in, if there is none.
func missingDir(name string) string {
	i := strings.LastIndexByte(name, '/')
	if i <= 0 || unix.Access(name[:i], unix.F_OK) == nil {
		return ""
	}
	return name[:i]
}

// hereFile makes text readable on descriptor n: a pipe where it fits, else a
// file in memory.
func (s *Shell) hereFile(n int, text string) error {
	if len(text) <= 4096 {
		var p [2]int
		if err := unix.Pipe2(p[:], unix.O_CLOEXEC); err != nil {
			return redirError{"here-document: cannot make a pipe: " + errnoText(err)}
		}
		for b := []byte(text); len(b) > 0; {
			w, err := unix.Write(p[1], b)
			if err != nil && err != unix.EINTR {
				break
			}
			b = b[max(w, 0):]
		}
		unix.Close(p[1])
		fd, err := own(p[0])
		if err != nil {
			return redirError{"here-document: " + errnoText(err)}
		}
		s.fds.put(n, fd)
		return nil
	}
	fd, err := memFile("here-document", []byte(text))
	if err != nil {
		return redirError{"here-document: " + errnoText(err)}
	}
	s.fds.put(n, fd)
	return nil
}

// memFile makes a file in memory (memfd_create(2)) that reads b from its start.
// Where a sandbox refuses that call, as the one man(1) runs nroff in does, it is
// a file without a name in /tmp.
func memFile(name string, b []byte) (int, error) {
	fd, err := unix.MemfdCreate(name, unix.MFD_CLOEXEC)
	if err == unix.ENOSYS || err == unix.EPERM {
		refused := err
		if fd, err = unix.Open("/tmp", unix.O_TMPFILE|unix.O_RDWR|unix.O_EXCL|unix.O_CLOEXEC, 0o600); err != nil {
			err = refused
		}
	}
	if err != nil {
		return closed, err
	}
	if fd, err = own(fd); err != nil {
		return closed, err
	}
	for off := 0; off < len(b); {
		w, err := unix.Pwrite(fd, b[off:], int64(off))
		if err != nil && err != unix.EINTR {
			unix.Close(fd)
			return closed, err
		}
		off += max(w, 0)
	}
	return fd, nil
}

// mayBlock tells whether opening a redirection could wait for another process:
// a FIFO. The shell must not wait there itself when it starts a background job.
func mayBlock(name string) bool {
	var st unix.Stat_t
	return unix.Stat(name, &st) == nil && st.Mode&unix.S_IFMT == unix.S_IFIFO
}
