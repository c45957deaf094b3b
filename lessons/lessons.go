// Package lessons asks a learner for a prediction, lets the kernel answer, and
// grades the one by the other.
//
// It owns the questions, the words that lead through them, and the grading. It
// never starts a process, reads a key or draws by itself: it runs command lines
// in the learner's own shell and looks at the kernel through Host.
//
// Invariants:
//
//   - No answer is stored where an experiment can decide. A grade compares the
//     prediction with what the log of events and /proc say; where they do not
//     say enough there is no grade, and the learner is told why.
//   - A prediction is taken before the experiment that decides it.
//   - Whatever way a topic ends, what it started is ended by it, and the
//     learner's own jobs, files and variables are as they were.
package lessons

import (
	"errors"
	"strings"

	"jsh/event"
	"jsh/proc"
)

// Host is the learner's shell and the kernel below it, as a lesson needs them.
type Host interface {
	// Ready says why nothing can be played here, nil if it can: somebody has
	// to sit at a terminal, in a shell with job control.
	Ready() error
	// Out writes what was asked for: a list, a help text.
	Out(text string)
	// Say writes a text to the learner.
	Say(text string)
	// Complain writes an error message.
	Complain(text string)
	// Ask reads one line that the learner types. An error says that the
	// learner is gone or wants to be: ^C, ^D, hang-up.
	Ask(prompt string) (string, error)
	// Run runs a command line as if it had been typed at the prompt. If it
	// starts a job in the foreground, running is called once: all processes of
	// the job are started, and the shell does not wait yet.
	Run(line string, running func())
	// Log is the shell's log of events.
	Log() *event.Log
	// ShellPid is the learner's shell.
	ShellPid() int
	// Process is what /proc says of a process now; ok is false if there is
	// none of that pid.
	Process(pid int) (p proc.Proc, ok bool)
	// Picture draws session, groups and processes as they are now. marks are
	// written beside the names of processes, by pid.
	Picture(marks map[int]string) string
	// ASCII says that the learner's terminal shows no other characters.
	ASCII() bool
	// StandIns puts slow programs of these names before all others in PATH, and
	// the shell into an empty directory. undo puts both back.
	StandIns(names ...string) (undo func(), err error)
	// StandsIn tells whether a process is the stand-in of that name, and past
	// its start: signals do to it what they do to the real program.
	StandsIn(pid int, name string) bool
	// End ends a process group that Run started, waits until its processes are
	// reaped, and takes its job off the table without a notice.
	End(pgid int)
}

// topic is one question of the quiz.
type topic struct {
	name    string
	summary string // with how long it takes
	play    func(Host) int
}

var topics = []topic{
	{"ctrl-c", "which processes does ^C kill? (2 minutes)", playCtrlC},
}

const quizHelp = `usage: quiz [TOPIC]
A quiz runs an experiment in this shell: you predict how it ends, you press
the keys, and the kernel's answer is the grade. Without TOPIC: the list.
  quit, ^C or ^D at a question leaves the quiz
  status: 0 graded, right or wrong; 1 left, or not possible here;
          2 wrong usage, or no such topic
`

// Quiz is the command quiz; args[0] is its name. It returns the exit status: 0
// if the prediction was graded, right or wrong; 1 if the learner left or nothing
// can be played here; 2 for a wrong argument.
func Quiz(args []string, h Host) int {
	operands := args[1:]
	if len(operands) > 0 && operands[0] == "--help" {
		h.Out(quizHelp + "\n" + topicList())
		return 0
	}
	if len(operands) > 0 && operands[0] == "--" {
		operands = operands[1:]
	} else if len(operands) > 0 && strings.HasPrefix(operands[0], "-") {
		h.Complain("quiz: " + operands[0] + ": no such option; there is only --help")
		return 2
	}
	switch len(operands) {
	case 0:
		h.Out("quiz TOPIC: you predict, the kernel answers. The topics:\n" + topicList())
		return 0
	case 1:
	default:
		h.Complain("quiz: one topic at a time")
		return 2
	}
	for _, t := range topics {
		if t.name != operands[0] {
			continue
		}
		if err := h.Ready(); err != nil {
			h.Complain("quiz: " + err.Error())
			return 1
		}
		return t.play(h)
	}
	h.Complain("quiz: " + event.Visible(operands[0]) + ": no such topic; quiz alone lists them")
	return 2
}

func topicList() string {
	text := ""
	for _, t := range topics {
		text += "  " + t.name + "    " + t.summary + "\n"
	}
	return text
}

// errLeft says that the learner asked to leave.
var errLeft = errors.New("the learner left")

// ask reads an answer without the blanks around it. The error says that the
// learner leaves.
func ask(h Host, prompt string) (string, error) {
	answer, err := h.Ask(prompt)
	if err != nil {
		return "", err
	}
	answer = strings.TrimSpace(answer)
	switch strings.ToLower(answer) {
	case "quit", "exit", "q":
		return "", errLeft
	}
	return answer, nil
}
