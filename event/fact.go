package event

import (
	"strconv"
	"strings"
)

// Forms of a Fact's answer, by its Path.
const (
	FactStatus  = "status"  // Text: words and values in turn, SigBlk SigIgn SigCgt in hexadecimal, Umask in octal
	FactCmdline = "cmdline" // Argv
	FactCwd     = "cwd"     // Text: a path
	FactFd      = "fd"      // Argv: "NUMBER PATH" of each descriptor
	FactWchan   = "wchan"   // Text: what it sleeps in, in words

	// About no process: Argv is NAME=VALUE.

	FactMachine = "machine" // who played where: user, boot, kernel, jsh, date
	FactLesson  = "lesson"  // what was played: id, seed, text (a hash of the lesson's file)
	FactHandIn  = "hand-in" // at the head of what a learner hands in: user, date, jsh
	FactSum     = "sum"     // its last line: a hash of all that stands before
)

// Value is that of a name in the Argv of a Fact about no process, "" for none.
func (e *Event) Value(name string) string {
	for _, a := range e.Argv {
		if n, v, ok := strings.Cut(a, "="); ok && n == name {
			return v
		}
	}
	return ""
}

// fact tells what the lesson was answered.
func (e *Event) fact(c *Context) (s, call string) {
	if e.Pid == 0 {
		what := map[string]string{FactMachine: "played by ", FactLesson: "the lesson is ", FactHandIn: "handed in by ", FactSum: "checksum "}[e.Path]
		if what == "" {
			what = Visible(e.Path) + ": "
		}
		return what + Visible(strings.Join(e.Argv, ", ")), ""
	}
	who, call := c.process(e.Pid), "[/proc/"+num(e.Pid)+"/"+Visible(e.Path)+"]"
	if e.Errno != 0 {
		return "the lesson asked about " + who + ", in vain: " + errnoName(e.Errno), call
	}
	switch e.Path {
	case FactStatus:
		s = who + " " + dispositions(e.Text)
	case FactCmdline:
		s = who + " is  " + Visible(strings.Join(e.Argv, " "))
	case FactCwd:
		s = who + " works in " + Visible(e.Text)
	case FactFd:
		s = who + " has descriptors " + Visible(strings.Join(e.Argv, ", "))
	case FactWchan:
		if s = who + " " + Visible(e.Text); e.Text == "" {
			s = who + " sleeps in nothing that is told"
		}
	default:
		s = who + ": " + Visible(e.Text)
	}
	return s, call
}

// dispositions are the words of FactStatus for a reader.
func dispositions(text string) string {
	verbs := map[string]string{"SigIgn": "ignores", "SigCgt": "catches", "SigBlk": "blocks"}
	var parts []string
	words := strings.Fields(text)
	for i := 0; i+1 < len(words); i += 2 {
		if words[i] == "Umask" {
			parts = append(parts, "umask "+Visible(words[i+1]))
			continue
		}
		set, err := strconv.ParseUint(words[i+1], 16, 64)
		if verb := verbs[words[i]]; verb != "" && err == nil && set != 0 {
			parts = append(parts, verb+" "+signals(set))
		}
	}
	if len(parts) == 0 {
		return "ignores, catches and blocks nothing"
	}
	return strings.Join(parts, ", ")
}

// signals names a few of a set, and counts many.
func signals(set uint64) string {
	const few = 3
	var names []string
	n := 0
	for sig := 1; sig <= 64; sig++ {
		if set>>(sig-1)&1 == 1 {
			if n++; n <= few {
				names = append(names, SigName(sig))
			}
		}
	}
	if n > few {
		return num(n) + " signals"
	}
	return strings.Join(names, " ")
}
