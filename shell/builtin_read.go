package shell

import (
	"bytes"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/sys/unix"

	"jsh/pgroup"
)

// readRequest is how read was called.
type readRequest struct {
	raw, silent bool
	prompt      string
	delim       byte
	chars       int // -n: so many characters at most; -1: a whole line
	limited     bool
	within      time.Duration // -t, where limited
	names       []string
}

// builtinRead is read (POSIX.1-2024) with bash's -n, -p, -s and -t. It takes
// nothing beyond the line: what follows belongs to the next reader of the same
// file.
func builtinRead(s *Shell, args []string) int {
	q, status := s.readOptions(args)
	if q == nil {
		return status
	}
	fd := s.fds.at(0)
	if fd == closed {
		s.complain("read: standard input is closed (EBADF)")
		return 2
	}
	if q.prompt != "" && pgroup.IsTerminal(fd) {
		s.fds.write(2, []byte(q.prompt))
	}
	if q.silent || q.chars >= 0 {
		if undo := s.terminalForRead(fd, q); undo != nil {
			defer undo()
		}
	}
	r := lineReader{s: s, fd: fd, q: q}
	status = r.read()
	if status > 1 && !r.timedOut {
		return status
	}
	ifs, set := s.get("IFS")
	if !set {
		ifs = " \t\n"
	}
	for i, v := range splitRead(r.text, r.quoted, ifs, len(q.names), s.UTF8) {
		if err := s.set(q.names[i], v); err != nil {
			s.complain("read: " + err.Error())
			return 2
		}
	}
	return status
}

// readOptions takes the command line of read apart; a nil request failed with
// the status.
func (s *Shell) readOptions(args []string) (*readRequest, int) {
	q := &readRequest{delim: '\n', chars: -1}
	a := args[1:]
	for len(a) > 0 && len(a[0]) > 1 && a[0][0] == '-' {
		w := a[0]
		a = a[1:]
		if w == "--" {
			break
		}
		for i := 1; i < len(w); i++ {
			c := w[i]
			switch c {
			case 'r':
				q.raw = true
				continue
			case 's':
				q.silent = true
				continue
			case 'p', 'd', 'n', 't':
			default:
				return nil, s.usage("read", "-"+string(rune(c))+": no such option (there are -r raw, -d delimiter, -n characters, -p prompt, -s silent, -t seconds)")
			}
			value := w[i+1:]
			i = len(w)
			if value == "" {
				if len(a) == 0 {
					return nil, s.usage("read", "-"+string(rune(c))+": its argument is missing")
				}
				value, a = a[0], a[1:]
			}
			switch c {
			case 'p':
				q.prompt = value
			case 'd':
				q.delim = 0
				if value != "" {
					q.delim = value[0]
				}
			case 'n':
				n, err := strconv.Atoi(value)
				if err != nil || n < 0 {
					return nil, s.usage("read", "-n "+value+": not a number of characters")
				}
				q.chars = n
			case 't':
				sec, err := strconv.ParseFloat(value, 64)
				if err != nil || sec < 0 || sec > 1e9 {
					return nil, s.usage("read", "-t "+value+": not a number of seconds")
				}
				q.limited, q.within = true, time.Duration(sec*float64(time.Second))
			}
		}
	}
	if len(a) == 0 {
		a = []string{"REPLY"}
	}
	for _, n := range a {
		if !isName(n) {
			return nil, s.usage("read", n+": not a name for a variable")
		}
	}
	q.names = a
	return q, 0
}

// terminalForRead sets a terminal's modes for -s (no echo) and -n (no line
// editing, so that the characters come at once); nil where fd is no terminal.
func (s *Shell) terminalForRead(fd int, q *readRequest) (undo func()) {
	m, err := pgroup.GetModes(fd)
	if err != nil {
		return nil
	}
	now := *m
	if q.silent {
		now.Lflag &^= unix.ECHO
	}
	if q.chars >= 0 {
		now.Lflag &^= unix.ICANON
		now.Cc[unix.VMIN], now.Cc[unix.VTIME] = 1, 0
	}
	s.Kernel.SetModes(fd, &now, 0)
	return func() {
		s.Kernel.SetModes(fd, m, 0)
		if q.silent {
			s.fds.write(2, []byte("\n"))
		}
	}
}

// lineReader reads one line for read. quoted[i] says that byte i of text was
// escaped by a backslash.
type lineReader struct {
	s        *Shell
	fd       int
	q        *readRequest
	text     []byte
	quoted   []bool
	timedOut bool
}

// timedOutStatus is what read -t returns when the time is over: as if SIGALRM
// had ended it (as in bash).
const timedOutStatus = 128 + int(unix.SIGALRM)

// read gives the status: 0, 1 at the end of the file, 2 for an error, more
// than 128 for a signal or when the time is over.
//
// From a file that can be sought in it reads a block and puts the offset back;
// from anything else a byte at a time.
func (r *lineReader) read() int {
	var deadline time.Time
	if r.q.limited {
		deadline = time.Now().Add(r.q.within)
	}
	size := 1
	if _, err := unix.Seek(r.fd, 0, io.SeekCurrent); err == nil {
		size = 256
	}
	buf := make([]byte, size)
	esc, chars, more := false, 0, 0
	for {
		if r.q.chars >= 0 && chars >= r.q.chars && more == 0 {
			return 0
		}
		if r.q.limited {
			if status := r.wait(deadline); status != 0 {
				return status
			}
		} else if r.s.interactive || r.s.traps.any() {
			r.s.awaitInput(r.fd)
			if pgroup.AnyPending() {
				if status := r.interrupted(); status != 0 {
					return status
				}
				continue
			}
		}
		n, err := unix.Read(r.fd, buf)
		if err == unix.EINTR {
			if status := r.interrupted(); status != 0 {
				return status
			}
			continue
		}
		if err != nil {
			r.s.complain("read: cannot read standard input: " + errnoText(err))
			return 2
		}
		if n == 0 {
			return 1
		}
		in := buf[:n]
		if size > 1 && r.q.chars < 0 && !esc {
			// The usual line: nothing in it to look at.
			if i := bytes.IndexByte(in, r.q.delim); i >= 0 && (r.q.raw || bytes.IndexByte(in[:i], '\\') < 0) && bytes.IndexByte(in[:i], 0) < 0 {
				r.text = append(r.text, in[:i]...)
				r.quoted = append(r.quoted, make([]bool, i)...)
				r.giveBack(n - i - 1)
				return 0
			}
		}
		for i, c := range in {
			if more > 0 {
				more--
			} else {
				chars++
				if r.q.chars >= 0 && c >= 0xc2 && r.s.UTF8() {
					more = 1 + b2i(c >= 0xe0) + b2i(c >= 0xf0)
				}
			}
			switch {
			case esc:
				esc = false
				if c == '\n' {
					r.continuation()
					break
				}
				if c == 0 {
					break
				}
				r.text, r.quoted = append(r.text, c), append(r.quoted, true)
			case c == '\\' && !r.q.raw:
				esc = true
			case c == r.q.delim:
				r.giveBack(n - i - 1)
				return 0
			case c == 0: // no variable can hold it
			default:
				r.text, r.quoted = append(r.text, c), append(r.quoted, false)
			}
			if r.q.chars >= 0 && chars >= r.q.chars && more == 0 {
				r.giveBack(n - i - 1)
				return 0
			}
		}
		if size > 1 && size < 16<<10 {
			size *= 4
			buf = make([]byte, size)
		}
	}
}

// interrupted looks at the signals that came. One with a trap ends read, and the
// trap runs after it; only SIGCHLD, which every job sends, does not.
func (r *lineReader) interrupted() int {
	set := pgroup.Pending()
	pgroup.Renote(set)
	for sig := unix.Signal(1); sig <= 64; sig++ {
		if set.Has(sig) && sig != unix.SIGCHLD && r.s.traps.actions[sig].action != "" {
			return 128 + int(sig)
		}
	}
	if u := r.s.poll(); u != uwNone {
		r.s.next = u
		return r.s.status // of the signal: ^C, or a hang-up
	}
	return 0
}

// giveBack puts the offset before the last n bytes that were read.
func (r *lineReader) giveBack(n int) {
	if n > 0 {
		unix.Seek(r.fd, int64(-n), io.SeekCurrent)
	}
}

// continuation prompts for the rest of a line that ended in a backslash.
func (r *lineReader) continuation() {
	if r.s.interactive && pgroup.IsTerminal(r.fd) {
		r.s.fds.write(2, []byte(r.s.promptString("PS2")))
	}
}

// wait waits until there is something to read; a status other than 0 ends
// read.
func (r *lineReader) wait(deadline time.Time) int {
	for {
		left := max(time.Until(deadline), 0)
		p := []unix.PollFd{{Fd: int32(r.fd), Events: unix.POLLIN}}
		n, err := unix.Poll(p, int((left+time.Millisecond-1)/time.Millisecond))
		switch {
		case err == unix.EINTR:
			if status := r.interrupted(); status != 0 {
				return status
			}
		case err != nil || n > 0:
			return 0
		case left <= 0:
			r.timedOut = true
			return timedOutStatus
		}
	}
}

// splitRead splits what read got into n fields: the last takes the rest with
// its separators, without IFS white space at its end (POSIX, read). isUTF8 is
// asked only where IFS is not ASCII.
func splitRead(text []byte, quoted []bool, ifs string, n int, isUTF8 func() bool) []string {
	ascii := strings.IndexFunc(ifs, func(c rune) bool { return c >= 0x80 }) < 0
	if ascii || !isUTF8() {
		out, _ := splitBytes(text, quoted, ifs, n)
		return out
	}
	// A separator of several bytes is a NUL while the text is split: no variable
	// can hold one.
	var narrow []byte
	var narrowQuoted []bool
	var wide []string
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRune(text[i:])
		if size > 1 && strings.ContainsRune(ifs, c) && !quoted[i] {
			wide = append(wide, string(text[i:i+size]))
			narrow, narrowQuoted = append(narrow, 0), append(narrowQuoted, false)
		} else {
			narrow, narrowQuoted = append(narrow, text[i:i+size]...), append(narrowQuoted, quoted[i:i+size]...)
		}
		i += size
	}
	ifs = strings.Map(func(c rune) rune {
		if c >= 0x80 {
			return -1
		}
		return c
	}, ifs) + "\x00"
	out, from := splitBytes(narrow, narrowQuoted, ifs, n)
	rest := out[n-1]
	for k := bytes.Count(narrow[:from], []byte{0}); strings.IndexByte(rest, 0) >= 0; k++ {
		rest = strings.Replace(rest, "\x00", wide[k], 1)
	}
	out[n-1] = rest
	return out
}

// splitBytes is splitRead for separators of one byte. The last field begins at
// from.
func splitBytes(text []byte, quoted []bool, ifs string, n int) (fields []string, from int) {
	white := func(i int) bool {
		c := text[i]
		return !quoted[i] && (c == ' ' || c == '\t' || c == '\n') && strings.IndexByte(ifs, c) >= 0
	}
	sep := func(i int) bool { return !quoted[i] && strings.IndexByte(ifs, text[i]) >= 0 }
	out := make([]string, n)
	i, end := 0, len(text)
	for i < end && white(i) {
		i++
	}
	for f := 0; f < n-1 && i < end; f++ {
		start := i
		for i < end && !sep(i) {
			i++
		}
		out[f] = string(text[start:i])
		for i < end && white(i) {
			i++
		}
		if i < end && sep(i) && !white(i) {
			// One separator that is no white space, with white space
			// around it, ends one field.
			i++
			for i < end && white(i) {
				i++
			}
		}
	}
	for end > i && white(end-1) {
		end--
	}
	rest := text[i:end]
	// A single trailing separator that ends the last field goes as well.
	if len(rest) > 0 && sep(end-1) {
		only := true
		for k := i; k < end-1; k++ {
			only = only && !sep(k)
		}
		if only {
			rest = rest[:len(rest)-1]
		}
	}
	out[n-1] = string(rest)
	return out, i
}
