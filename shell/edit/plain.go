package edit

import (
	"io"

	"golang.org/x/sys/unix"
)

// readPlain reads a line without editing it: the terminal driver does that,
// or there is no terminal. It too reads one byte at a time, so that what
// follows the line stays for others.
func (e *Editor) readPlain(prompt string) (string, error) {
	prompt = PlainPrompt(prompt)
	if err := write(e.cfg.Out, []byte(prompt)); err == unix.EIO {
		return "", ErrHangup
	}
	var line []byte
	for {
		if await(e.cfg.TTY, e.cfg.Wake, e.visitor, -1)&wakeReady != 0 {
			notice, action := "", Continue
			if e.cfg.OnWake != nil {
				notice, action = e.cfg.OnWake()
			}
			if notice != "" {
				write(e.cfg.Out, append(appendLines([]byte("\r\n"), notice), prompt...))
			}
			switch action {
			case Interrupt:
				write(e.cfg.Out, []byte("\r\n"))
				return string(line), ErrInterrupt
			case Quit:
				return string(line), ErrHangup
			case Pause:
				write(e.cfg.Out, []byte("\r\n"))
				return "", ErrPaused
			}
			continue
		}
		b, ok, err := readByte(e.cfg.TTY)
		switch {
		case err == unix.EINTR || err == unix.EAGAIN:
		case err == unix.EIO && !e.term.foreground():
			return string(line), ErrBackground
		case err == unix.EIO:
			return string(line), ErrHangup
		case err != nil:
			return string(line), err
		case !ok && len(line) == 0:
			return "", io.EOF
		case !ok || b == '\n':
			return string(line), nil
		case b != 0:
			line = append(line, b)
		}
	}
}

// PlainPrompt is a prompt for a terminal without escape sequences.
func PlainPrompt(s string) string {
	var out []byte
	for i := 0; i < len(s); {
		if n := escapeLen(s[i:]); n > 0 {
			i += n
			continue
		}
		if s[i] == 1 {
			for i < len(s) && s[i] != 2 {
				i++
			}
		} else if s[i] != 2 {
			out = append(out, s[i])
		}
		i++
	}
	return string(out)
}
