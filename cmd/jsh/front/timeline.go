package front

import (
	"errors"
	"slices"

	"golang.org/x/sys/unix"
	"golang.org/x/term"

	"jsh/event"
	"jsh/shell"
	"jsh/viz"
)

// builtinTimeline is timeline: it reads the shell's own log, so it must run in
// the shell's own process.
func builtinTimeline(s *shell.Shell, args []string) int {
	in := viz.TimelineInput{Now: event.Now(), ASCII: !s.UTF8(), Files: files}
	in.Events = logOf(s)
	if fd := s.OutFD(); fd >= 0 && term.IsTerminal(fd) {
		in.Cols = columns(fd)
		in.Colour = s.Colour()
	}
	if len(in.Events) == 0 && s.Pid() != s.ShellPid() {
		s.Say("timeline: this is a subshell, and the log is the shell's: timeline must stand alone,\n" +
			"in no pipeline. timeline > FILE works, and then less FILE.")
		return 1
	}
	return viz.RunTimeline(args[1:], in,
		func(b []byte) { s.WriteOut(b) },
		func(b []byte) { s.Say(string(b)) })
}

// logOf is the companion's log where there is one, else the shell's own. A
// companion that several shells share tells of all their lines; then each shell
// shows its own.
func logOf(s *shell.Shell) []event.Event {
	own, _ := s.Log.Since(0)
	if link == nil || s.Pid() != s.ShellPid() {
		return own
	}
	all, err := link.Log()
	if err != nil || slices.ContainsFunc(all, func(e event.Event) bool { return e.Kind == event.LineBegin && e.Pid != s.Pid() }) {
		return own
	}
	return all
}

// runTimeline is jsh timeline, from any shell: without the log of a shell it
// draws recordings only.
func runTimeline(args []string) int {
	o := lookOutside()
	in := viz.TimelineInput{Outside: true, Now: event.Now(), Cols: o.cols, Colour: o.colour, ASCII: o.ascii, Files: files}
	return viz.RunTimeline(args, in, toStdout, toStderr)
}

// files are those of the learner's directory. The kernel is called directly: an
// os.File would bring the runtime's poller to life in the shell.
var files = viz.Files{Read: readFile, Write: writeFile}

func readFile(name string) ([]byte, error) {
	fd, err := unix.Open(name, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, errors.New(name + ": " + err.Error())
	}
	defer unix.Close(fd)
	var text []byte
	block := make([]byte, 64<<10)
	for {
		n, err := unix.Read(fd, block)
		switch {
		case err == unix.EINTR:
		case err != nil:
			return nil, errors.New(name + ": " + err.Error())
		case n <= 0:
			return text, nil
		default:
			text = append(text, block[:n]...)
		}
	}
}

func writeFile(name string, contents []byte) error {
	fd, err := unix.Open(name, unix.O_WRONLY|unix.O_CREAT|unix.O_TRUNC|unix.O_CLOEXEC, 0o666)
	for err == nil && len(contents) > 0 {
		var n int
		n, err = unix.Write(fd, contents)
		if err == unix.EINTR {
			err = nil
			continue
		}
		contents = contents[max(n, 0):]
	}
	if fd >= 0 {
		if closed := unix.Close(fd); err == nil {
			err = closed
		}
	}
	if err != nil {
		return errors.New(name + ": " + err.Error())
	}
	return nil
}
