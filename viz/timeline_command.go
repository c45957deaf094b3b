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
}

// Files reads and writes files by name. Errors are told as they are.
type Files struct {
	Read  func(name string) ([]byte, error)
	Write func(name string, contents []byte) error
}

const timelineUsage = `usage: timeline [N] [-a] [--ascii] [--json] [--svg FILE] [--from FILE]
Draws the last command line, or the last N, in time: processes as bars, their
groups as bands, who had the keyboard, what was typed and which signals came.
Lines that started nothing (cd, jobs, timeline itself) do not count.
  -a, --all    every process of a long pipeline, every group of a loop
  --ascii      draw with # . - = instead of block characters
  --json       the events themselves, one a line: a recording for --from
  --from FILE  draw a recording instead of the shell's log
  --svg FILE   write the drawing as a picture that a browser shows
  --help       this text
Bars begin when the shell started the process and end when it heard of its end.
`

// RunTimeline runs the command timeline with its arguments (without its name).
// It returns the exit status: 0, 1 if there is nothing to show or a file
// cannot be read or written, 2 for a wrong argument or a damaged recording.
func RunTimeline(args []string, in TimelineInput, out, errOut func([]byte)) int {
	fail := func(status int, message string) int {
		errOut([]byte("timeline: " + message + "\n"))
		return status
	}
	a, message := parseTimeline(args)
	switch {
	case message != "":
		return fail(2, message)
	case a.help:
		out([]byte(timelineUsage))
		return 0
	}
	events, now, lines := in.Events, in.Now, max(a.lines, 1)
	if a.from != "" {
		text, err := in.Files.Read(a.from)
		if err != nil {
			return fail(1, err.Error())
		}
		if events, message = readRecording(text); message != "" {
			return fail(2, quote(a.from)+", "+message)
		}
		now, lines = 0, a.lines
	}
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
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		switch arg {
		case "-a", "--all":
			a.all = true
		case "--ascii":
			a.ascii = true
		case "--json":
			a.json = true
		case "--help":
			a.help = true
		case "--svg", "--from":
			if len(args) == 0 || args[0] == "" {
				return a, arg + " needs the name of a file"
			}
			if arg == "--svg" {
				a.svg = args[0]
			} else {
				a.from = args[0]
			}
			args = args[1:]
		default:
			if strings.HasPrefix(arg, "-") {
				return a, "unknown option " + quote(arg) + "; timeline --help lists what there is"
			}
			if a.lines != 0 {
				return a, "one number of command lines is enough"
			}
			n, err := strconv.Atoi(arg)
			if err != nil || n < 1 {
				return a, quote(arg) + " is no number of command lines: 1 or more"
			}
			a.lines = n
		}
	}
	if a.json && a.svg != "" {
		return a, "--json and --svg are two different things: one at a time"
	}
	return a, ""
}

// readRecording reads JSON lines; empty ones are left out. What is wrong with
// them is a message that names the line.
func readRecording(text []byte) (events []event.Event, message string) {
	n := 0
	for line := range bytes.Lines(text) {
		n++
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		e, err := event.ParseJSON(line)
		if err != nil {
			return nil, "line " + strconv.Itoa(n) + ": " + err.Error()
		}
		events = append(events, e)
	}
	return events, ""
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
