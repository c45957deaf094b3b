package viz

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"jsh/event"
)

// TimelineInput is what timeline needs to know from its caller.
type TimelineInput struct {
	Events []event.Event // the shell's log
	Now    int64         // CLOCK_MONOTONIC, nanoseconds
	Cols   int           // width of the terminal; 0: the output is no terminal
	ASCII  bool
	Colour bool
	Files  Files
	// Outside says that there is no shell whose log could be drawn.
	Outside bool
}

// Files reads and writes files by name. Errors are told as they are.
type Files struct {
	Read  func(name string) ([]byte, error)
	Write func(name string, contents []byte) error
}

const timelineUsage = `usage: timeline [-n N | FILE] [-a] [--ascii] [--json] [--svg FILE]
Draws the last command line, or the last N, in time: processes as bars, their
groups as bands, who had the keyboard, what was typed and which signals came.
Lines that started nothing (cd, jobs, timeline itself) do not count.
  -n N         the last N command lines (of FILE: all, if it is not given)
  FILE         draw a recording instead of the shell's log
  -a, --all    every process of a long pipeline, every group of a loop
  --ascii      draw with # . - = instead of block characters
  --json       the events themselves, one a line: a recording
  --svg FILE   write the drawing as a picture that a browser shows
  --help       this text
Bars begin when the shell started the process and end when it heard of its end.
From another shell, or of a recording by itself: jsh timeline FILE.
`

// RunTimeline runs the command timeline with its arguments (without its name).
// It returns the exit status: 0, 1 if there is nothing to show or a file
// cannot be read or written, 2 for a wrong argument or a damaged recording. A
// recording whose last line broke off is drawn as far as it goes, with a word
// about it.
func RunTimeline(args []string, in TimelineInput, out, errOut func([]byte)) int {
	say := func(message string) { errOut([]byte("timeline: " + message + "\n")) }
	fail := func(status int, message string) int {
		say(message)
		return status
	}
	a, message := parseTimeline(args)
	switch {
	case message != "":
		return fail(2, message)
	case a.help:
		out([]byte(timelineUsage))
		return 0
	case a.from == "" && in.Outside:
		return fail(2, "from outside a shell only a recording can be drawn: jsh timeline FILE")
	}
	events, now, lines := in.Events, in.Now, max(a.lines, 1)
	if a.from != "" {
		text, err := in.Files.Read(a.from)
		if err != nil {
			return fail(1, err.Error())
		}
		var broken string
		if events, broken, message = readRecording(text); message != "" {
			return fail(2, quote(a.from)+", "+message)
		}
		if broken != "" {
			say(quote(a.from) + ", " + broken)
		}
		now, lines = 0, a.lines
	}
	k := newKin(events)
	k.all = a.all
	events = k.among(events)
	first, _ := opening(events, lines)
	if first < 0 {
		if a.from != "" {
			return fail(1, quote(a.from)+" tells of no process")
		}
		return fail(1, "nothing has run yet: start a program, sleep 1 | cat, and ask again")
	}
	style := Style{Width: in.Cols, ASCII: in.ASCII || a.ascii, Colour: in.Colour, All: a.all}
	switch {
	case a.json:
		var b []byte
		for _, i := range recording(events, first) {
			b = append(event.AppendJSON(b, &events[i]), '\n')
		}
		out(b)
	case a.svg != "":
		if err := in.Files.Write(a.svg, TimelineSVG(events, lines, now)); err != nil {
			return fail(1, err.Error())
		}
	default:
		out([]byte(strings.Join(Timeline(events, lines, now, style), "\n") + "\n"))
	}
	return 0
}

type timelineArgs struct {
	lines                  int // 0: not given
	all, ascii, json, help bool
	svg, from              string
}

func parseTimeline(args []string) (a timelineArgs, message string) {
	const number = "a number of command lines, 1 or more"
	message = parseOptions("timeline", args, []option{
		toggle(&a.all, "-a", "--all"), toggle(&a.ascii, "--ascii"), toggle(&a.json, "--json"), toggle(&a.help, "--help"),
		fileName(&a.svg, "--svg"), fileName(&a.from, "--from"),
		{[]string{"-n"}, number, func(value string) string {
			n, err := strconv.Atoi(value)
			if err != nil || n < 1 {
				return "-n needs " + number + ", not " + quote(value)
			}
			a.lines = n
			return ""
		}},
	}, func(word string, only bool) string {
		n, err := strconv.Atoi(word)
		switch {
		case err == nil && n >= 1 && a.lines == 0 && !only:
			a.lines = n
		case err == nil && !only && a.lines != 0:
			return "one number of command lines is enough"
		case err == nil && !only:
			return quote(word) + " is no number of command lines: 1 or more"
		case word == "":
			return `"" is no file`
		case a.from != "":
			return "one recording at a time, not both " + quote(a.from) + " and " + quote(word)
		default:
			a.from = word
		}
		return ""
	})
	if message == "" && a.json && a.svg != "" {
		message = "--json and --svg are two different things: one at a time"
	}
	return a, message
}

// readRecording reads the events among JSON lines; empty ones are left out. What is wrong with
// them is a message that names the line. A last line without its newline that
// cannot be read broke off while it was written, as when a recorder is killed:
// broken tells of it, and the events before it stand.
func readRecording(text []byte) (events []event.Event, broken, message string) {
	n := 0
	for line := range bytes.Lines(text) {
		n++
		whole := line[len(line)-1] == '\n'
		line = bytes.TrimSpace(line)
		if len(line) == 0 || bytes.HasPrefix(line, []byte(`{"frame":`)) || bytes.HasPrefix(line, []byte(`{"about":`)) {
			continue // what the live picture needs besides
		}
		e, err := event.ParseJSON(line)
		switch {
		case err == nil:
			events = append(events, e)
		case !whole && n > 1:
			return events, "line " + strconv.Itoa(n) + ", the last one, is not whole: the recording broke off there; this is what came before", ""
		default:
			return nil, "", "line " + strconv.Itoa(n) + ": " + err.Error()
		}
	}
	return events, "", ""
}

// recording are the indexes of the events from first on, and of those before
// that tell of processes that still lived then, or that something was lost.
func recording(events []event.Event, first int) (list []int) {
	about := make(map[int][]int) // pid → events that tell of it
	for i := range events[:first] {
		switch e := &events[i]; e.Kind {
		case event.Spawn:
			if e.Errno == 0 {
				about[e.Pid] = []int{i}
			}
		case event.Seen, event.Moved, event.Stopped, event.Continued:
			about[e.Pid] = append(about[e.Pid], i)
		case event.JobNew:
			if about[e.Pgid] != nil {
				about[e.Pgid] = append(about[e.Pgid], i)
			}
		case event.Exited, event.Killed, event.Gone:
			delete(about, e.Pid)
		case event.Gap:
			list = append(list, i)
		}
	}
	for _, some := range about {
		list = append(list, some...)
	}
	slices.Sort(list)
	for i := first; i < len(events); i++ {
		list = append(list, i)
	}
	return list
}
