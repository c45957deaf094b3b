package front

import (
	"strings"

	"jsh/event"
	"jsh/pgroup"
	"jsh/proc"
	"jsh/shell"
)

// narrator tells what the shell asked of the kernel and what it answered, from
// the shell's own log.
type narrator struct {
	s     *shell.Shell
	told  uint64 // number of the last event that was told
	names map[int]string
	proc  *proc.Reader
}

const narrateHelp = `usage: narrate [on | off]
Says after each command what the shell asked of the kernel for it, and what
the kernel answered. Without an operand it says whether it is on.
`

// builtinNarrate is narrate.
func builtinNarrate(s *shell.Shell, args []string) int {
	if len(args) > 2 {
		s.Complain("narrate: only on or off may follow")
		return 2
	}
	word := ""
	if len(args) == 2 {
		word = args[1]
	}
	switch word {
	case "":
		state := "off"
		if s.Narrator != nil {
			state = "on"
		}
		s.WriteOut([]byte("narrate is " + state + "\n"))
	case "on":
		if !s.Interactive() {
			s.Complain("narrate: this shell is not interactive: nobody reads along")
			return 1
		}
		n := &narrator{s: s, told: s.Log.Last(), names: map[int]string{s.Pid(): "jsh"}}
		n.proc, _ = proc.Open() // without it nothing is confirmed
		s.Narrator = n.speak
		s.Say("From now on jsh says what it asks of the kernel, and what the kernel answers.")
	case "off":
		s.Narrator = nil
	case "--help":
		s.WriteOut([]byte(narrateHelp))
	default:
		s.Complain("narrate: " + word + ": on or off")
		return 2
	}
	return 0
}

// speak tells all that the log holds since it last spoke.
func (n *narrator) speak() {
	events, _ := n.s.Log.Since(n.told)
	if len(events) == 0 {
		return
	}
	n.told = n.s.Log.Last()
	jobs := n.s.JobOfGroup()
	c := event.Context{ShellPid: n.s.Pid(), ShellPgid: n.s.Kernel.Pgid,
		Job:  func(pgid int) int { return jobs[pgid] },
		Name: func(pid int) string { return n.names[pid] },
	}
	text := ""
	for i := range events {
		e := &events[i]
		switch e.Kind {
		case event.LineBegin, event.LineEnd, event.JobState:
			continue // the prompt and the waits say the same
		case event.Spawn:
			if len(e.Argv) > 0 && e.Argv[0] == shell.SubshellName {
				n.names[e.Pid] = "a subshell"
			} else if len(e.Argv) > 0 {
				n.names[e.Pid] = e.Argv[0]
			}
		}
		lines := event.Narrate(e, c)
		if e.Kind == event.Spawn && e.Errno == 0 && n.proc != nil {
			if p, err := n.proc.ReadOne(e.Pid); err == nil {
				if t := proc.Confirm(e, &p); t != "" {
					lines = append(lines, t)
				}
			}
		}
		for j, l := range lines {
			head := "    "
			if j == 0 {
				head = "  . "
			}
			text += head + fold(strings.TrimSpace(l), "    ") + "\n"
		}
	}
	if text != "" {
		pgroup.WithTTOUBlocked(func() { n.s.Say(n.dim(text)) })
	}
}

// dim sets the narration off from what programs write.
func (n *narrator) dim(text string) string {
	if !n.s.Colour() {
		return text
	}
	return "\x1b[2m" + strings.TrimSuffix(text, "\n") + "\x1b[0m"
}

// fold breaks a line between words so that no part is wider than a terminal of
// 80 columns with room for the indent.
func fold(line, indent string) string {
	const width = 75
	out := ""
	for len(line) > width {
		at := strings.LastIndexByte(line[:width+1], ' ')
		if at <= 0 {
			break
		}
		out += strings.TrimRight(line[:at], " ") + "\n" + indent
		line = line[at+1:]
	}
	return out + line
}
