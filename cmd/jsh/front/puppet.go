package front

import (
	"errors"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
	"golang.org/x/term"

	"jsh/lab/puppet"
	"jsh/pgroup"
	"jsh/shell/edit"
)

// puppetCommand is the program jsh puppet.
func puppetCommand(args []string) int {
	lab := labHost()
	h := &puppet.Host{
		Options: puppet.Options{Exe: lab.Exe, Ignored: lab.Ignored, Tell: lab.Tell},
		Environ: lab.Environ, Out: lab.Out, Err: lab.Err, Cols: lab.Cols,
		Interactive: term.IsTerminal(0) && term.IsTerminal(1),
		ReadFile: func(name string) (string, error) {
			if name == "-" {
				return readInput()
			}
			b, err := readFile(name)
			return string(b), err
		},
	}
	if h.Interactive {
		h.Out = func(text string) { writeAll(1, foldWords(text, lab.Cols)) }
		h.Prompt = labPrompt()
	}
	return puppet.Run(args, h)
}

// readInput reads standard input to its end. To open /dev/stdin would fail where
// it belongs to another user.
func readInput() (string, error) {
	var text []byte
	var b [4096]byte
	for {
		n, err := unix.Read(0, b[:])
		switch {
		case err == unix.EINTR:
		case err != nil:
			return "", errors.New("standard input: " + reason(err))
		case n == 0:
			return string(text), nil
		default:
			text = append(text, b[:n]...)
		}
	}
}

// labPrompt reads lines with the shell's editor. A puppet may have taken the
// keyboard: it is taken back, and that is said.
func labPrompt() func(string, func(string) (int, []string), func() string) (string, error) {
	var completions func(string) (int, []string)
	var news func() string
	clock, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK)
	if err != nil {
		clock = -1
	} else {
		const often = 200e6
		unix.TimerfdSettime(clock, 0, &unix.ItimerSpec{Interval: unix.NsecToTimespec(often), Value: unix.NsecToTimespec(often)}, nil)
	}
	t := os.Getenv("TERM")
	ed, _ := edit.New(edit.Config{TTY: 0, Out: 1, Wake: clock, Dumb: t == "" || t == "dumb", NoColor: os.Getenv("NO_COLOR") != "",
		OnWake: func() (string, edit.Action) {
			var b [8]byte
			unix.Read(clock, b[:])
			return news(), edit.Continue
		},
		Complete: func(line string, cursor int) (int, []edit.Candidate) {
			start, words := completions(line[:cursor])
			var found []edit.Candidate
			for _, w := range words {
				found = append(found, edit.Candidate{Text: w, Suffix: " "})
			}
			return start, found
		}})
	k := pgroup.New(nil)
	reclaim := func() {
		fg, err := pgroup.Foreground(0)
		if err == nil && fg != k.Pgid && k.SetForeground(0, k.Pgid) == nil {
			writeAll(1, "(The keyboard was with group "+strconv.Itoa(fg)+"; puppet took it back to read your next line.)\n")
		}
	}
	return func(prompt string, complete func(string) (int, []string), n func() string) (string, error) {
		completions, news = complete, n
		reclaim()
		for {
			line, err := ed.ReadLine(prompt)
			switch {
			case errors.Is(err, edit.ErrBackground):
				reclaim()
				continue
			case errors.Is(err, edit.ErrInterrupt):
				continue // ^C drops the line, as at a shell's prompt
			}
			return line, err
		}
	}
}
