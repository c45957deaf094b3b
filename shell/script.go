package shell

import (
	"bytes"
	"io"

	"golang.org/x/sys/unix"

	"jsh/parser"
)

// fileLines reads a script line by line and never ahead of the line: a child
// may read the rest of the same file (sh, INPUT FILES). Where the file can be
// sought in it reads a block and puts the offset back; from a pipe it reads a
// byte at a time.
type fileLines struct {
	fd       int
	seekable int8 // 0: not known yet, 1: yes, -1: no
	private  bool // nobody else reads it: blocks need not be given back
	buf      []byte
}

// inputLines is the script on standard input: whatever that is when the next
// line is wanted, for exec <FILE changes it.
type inputLines struct {
	fileLines
	fds *fdTable
}

func (l *inputLines) ReadLine(continuation bool) (string, error) {
	switch fd := l.fds.at(0); fd {
	case closed:
		return "", unix.EBADF
	case l.fd:
	default:
		l.fileLines = fileLines{fd: fd}
	}
	return l.fileLines.ReadLine(continuation)
}

func (f *fileLines) ReadLine(bool) (string, error) {
	if f.seekable == 0 {
		f.seekable = -1
		if _, err := unix.Seek(f.fd, 0, io.SeekCurrent); err == nil {
			f.seekable = 1
		}
	}
	if f.private || f.seekable == 1 {
		return f.block()
	}
	return f.bytewise()
}

// block takes a line out of a buffer. For a file that others may read too, the
// offset stands after the line whenever ReadLine returns.
func (f *fileLines) block() (string, error) {
	if !f.private {
		f.buf = f.buf[:0]
	}
	for {
		if i := bytes.IndexByte(f.buf, '\n'); i >= 0 {
			line := string(f.buf[:i+1])
			if f.private {
				f.buf = f.buf[i+1:]
			} else if extra := len(f.buf) - (i + 1); extra > 0 {
				unix.Seek(f.fd, int64(-extra), io.SeekCurrent)
			}
			return line, nil
		}
		size := 4096
		if f.private {
			size = 64 << 10
		}
		chunk := make([]byte, size)
		n, err := unix.Read(f.fd, chunk)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return "", err
		}
		if n == 0 {
			line := string(f.buf)
			f.buf = nil
			if line == "" {
				return "", io.EOF
			}
			return line, io.EOF
		}
		f.buf = append(f.buf, chunk[:n]...)
	}
}

func (f *fileLines) bytewise() (string, error) {
	var line []byte
	var b [1]byte
	for {
		n, err := unix.Read(f.fd, b[:])
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return "", err
		}
		if n == 0 {
			return string(line), io.EOF
		}
		line = append(line, b[0])
		if b[0] == '\n' {
			return string(line), nil
		}
	}
}

// verboseLines writes each line as it is read (set -v).
type verboseLines struct {
	parser.Lines
	s *Shell
}

func (v verboseLines) ReadLine(continuation bool) (string, error) {
	line, err := v.Lines.ReadLine(continuation)
	if v.s.opts.verbose && line != "" {
		v.s.say(line)
	}
	return line, err
}

// RunString is jsh -c. With -i it has job control too, where monitor asks for it.
func (s *Shell) RunString(text string, monitor bool) int {
	s.initSignals()
	if s.interactive && monitor {
		if err := s.startJobControl(); err != nil {
			s.complain(err.Error())
		}
	}
	s.runMain(parser.FromString(text))
	return s.finish()
}

// RunScript runs the file at path with its arguments.
func (s *Shell) RunScript(path string) int {
	s.initSignals()
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil && s.search(path, s.Var("PATH")) != "" && !bytes.Contains([]byte(path), []byte("/")) {
		fd, err = unix.Open(s.search(path, s.Var("PATH")), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	}
	if err == nil {
		fd, err = own(fd)
	}
	if err != nil {
		s.say("jsh: " + path + ": cannot open the script: " + errnoText(err))
		if err == unix.ENOENT {
			return 127
		}
		return 126
	}
	if looksBinary(path) {
		s.say("jsh: " + path + ": this is no script: it has a NUL byte in its first line")
		return 126
	}
	s.runMain(&fileLines{fd: fd, private: true})
	return s.finish()
}

// RunStdin runs what standard input gives.
func (s *Shell) RunStdin() int {
	s.initSignals()
	s.runMain(&inputLines{fileLines{fd: s.fds.at(0)}, &s.fds})
	return s.finish()
}

func (s *Shell) runMain(lines parser.Lines) {
	if s.loginFiles(); s.done {
		return
	}
	s.runLines(verboseLines{lines, s}, s.name, false)
}
