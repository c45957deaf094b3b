package front

import (
	"os"
	"strconv"

	"golang.org/x/sys/unix"

	"jsh/companion"
	"jsh/screen/viewer"
	"jsh/shell"
)

const recordHelp = `usage: record FILE
       record stop
Writes what happens from now on into FILE, for replay and timeline:
each event and how the processes change, as lines of JSON. The command lines
that this shell runs and the names of signal keys (^C) are in it; what is
typed at programs never is. The file is yours alone (mode 0600).
record stop ends it, and so does the end of this shell; record alone says
whether something is being recorded.
`

// recording is the file that is being written, "" for none.
var recording string

// builtinRecord is record.
func builtinRecord(s *shell.Shell, args []string) int {
	a := args[1:]
	switch {
	case len(a) == 1 && a[0] == "--help":
		s.WriteOut([]byte(recordHelp))
		return 0
	case len(a) > 0 && len(a[0]) > 1 && a[0][0] == '-' && a[0] != "--":
		s.Complain("record: " + a[0] + ": no such option (help record)")
		return 2
	case len(a) > 0 && a[0] == "--":
		a = a[1:]
	case len(a) == 1 && a[0] == "stop":
		return recordStop(s)
	}
	switch {
	case len(a) > 1:
		s.Complain("record: one FILE at a time (help record)")
		return 2
	case len(a) == 0 && recording == "":
		s.WriteOut([]byte("nothing is being recorded; record FILE begins\n"))
		return 0
	case len(a) == 0:
		s.WriteOut([]byte("recording into " + recording + "; record stop ends it\n"))
		return 0
	}
	if !needCompanion(s, "record") {
		return 1
	}
	fd, err := openRecording(s, a[0])
	if err != nil {
		s.Complain("record: " + a[0] + ": " + err.Error())
		return 1
	}
	err = link.Record(a[0], fd)
	unix.Close(fd)
	if err != nil {
		s.Complain("record: " + err.Error())
		return 1
	}
	recording = a[0]
	s.Say("Recording into " + recording + "; record stop ends it. Commands are written\n" +
		"down, and what the kernel makes of them; never what you type at programs.")
	return 0
}

type refusal string

func (r refusal) Error() string { return string(r) }

// openRecording makes the file, for its owner alone. One that exists is asked
// about.
func openRecording(s *shell.Shell, name string) (int, error) {
	const flags = unix.O_WRONLY | unix.O_CREAT | unix.O_CLOEXEC | unix.O_NOFOLLOW | unix.O_NONBLOCK | unix.O_NOCTTY
	fd, err := unix.Open(name, flags|unix.O_EXCL, 0o600)
	if err == nil {
		unix.Fchmod(fd, 0o600) // the umask may have taken more
		return fd, nil
	}
	if err != unix.EEXIST {
		return -1, refusal(reason(err))
	}
	var st unix.Stat_t
	if err := unix.Lstat(name, &st); err == nil && st.Mode&unix.S_IFMT != unix.S_IFREG {
		return -1, refusal("this is no ordinary file; name one that is not there yet")
	}
	answer, err := s.Ask(name + " exists. Write over it? [y/N] ")
	if err != nil || answer != "y" && answer != "Y" && answer != "yes" {
		return -1, refusal("left as it is")
	}
	if fd, err = unix.Open(name, flags, 0o600); err != nil {
		return -1, refusal(reason(err))
	}
	err = unix.Fchmod(fd, 0o600)
	if err == nil {
		err = unix.Ftruncate(fd, 0)
	}
	if err != nil {
		unix.Close(fd)
		return -1, refusal(reason(err))
	}
	return fd, nil
}

func recordStop(s *shell.Shell) int {
	if recording == "" {
		s.Complain("record stop: nothing is being recorded")
		return 1
	}
	n, err := link.StopRecord()
	name := recording
	if err == companion.ErrSilent {
		s.Complain("record stop: " + err.Error())
		return 1
	}
	recording = ""
	if err != nil {
		s.Complain("record stop: " + err.Error() + "; " + name + " holds what was written until then")
		return 1
	}
	s.Say(n + " events are in " + name + ":\n    replay " + name + "\n    timeline " + name)
	return 0
}

const replayHelp = `usage: replay [--speed N] [--step] FILE
       jsh replay [--speed N] [--step] FILE      in any terminal
Shows a recording (record FILE) as if it happened now.
  --speed N   N times as fast; 0.5 is half as fast
  --step      waits for your keys: left and right go by event
Space plays and pauses, + and - change the speed, PgUp and PgDn go by
command line, ? tells all keys, q leaves. A pause in the recording lasts 3 s
at most.
`

// replayArgs reads the words of replay. status is -1 where there is more to do.
func replayArgs(args []string, out, complain func(string)) (file string, speed float64, step bool, status int) {
	speed = 1
	a := args[1:]
	for len(a) > 0 && len(a[0]) > 1 && a[0][0] == '-' {
		word := a[0]
		a = a[1:]
		switch word {
		case "--help":
			out(replayHelp)
			return "", 0, false, 0
		case "--step":
			step = true
			continue
		case "--speed":
			if len(a) > 0 {
				v, err := strconv.ParseFloat(a[0], 64)
				if err == nil && v > 0 && v <= 1000 {
					speed, a = v, a[1:]
					continue
				}
			}
			complain("--speed: a number is needed, as 2 or 0.5, at most 1000")
			return "", 0, false, 2
		case "--":
		default:
			complain(word + ": no such option (help replay)")
			return "", 0, false, 2
		}
		break
	}
	if len(a) != 1 {
		complain("one FILE is needed (help replay)")
		return "", 0, false, 2
	}
	return a[0], speed, step, -1
}

// builtinReplay is replay: the viewer runs as a job of this shell.
func builtinReplay(s *shell.Shell, args []string) int {
	_, _, _, status := replayArgs(args, func(t string) { s.WriteOut([]byte(t)) }, func(m string) { s.Complain("replay: " + m) })
	if status >= 0 {
		return status
	}
	line := "command -- " + quoted(s.Exe())
	for _, a := range args {
		line += " " + quoted(a)
	}
	return s.RunLine(line)
}

// runReplay is jsh replay: a process of its own.
func runReplay(args []string) int {
	complain := func(msg string) { os.Stderr.WriteString("jsh replay: " + msg + "\n") }
	file, speed, step, status := replayArgs(args, func(t string) { os.Stdout.WriteString(t) }, complain)
	if status >= 0 {
		return status
	}
	if !guarded {
		return guard(args)
	}
	f, err := os.Open(file)
	if err != nil {
		complain(reason(err))
		return 1
	}
	rec, err := companion.Read(f)
	f.Close()
	if err != nil {
		complain(file + ": " + err.Error())
		return 1
	}
	if rec.First().Live() {
		complain(file + ": nothing happened while it was recorded")
		return 1
	}
	status = view(rec, viewer.Options{Style: EnvStyle(), Player: viewer.NewPlayer(speed, step)}, complain)
	if rec.Damage != "" {
		complain(file + ", " + rec.Damage + "\nWhat comes after that is not shown.")
	}
	return status
}
