package front

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"jsh/shell"
	"jsh/tutor/wire"
)

const lessonHelp = `usage: lesson                 goes on where you were, or begins the first
       lesson NAME | list
       lesson run FILE [STEP [SEED]]
       lesson hint|show|skip|next|again|back|restart|where|quit
       lesson hand-in [FILE]
       answer WORD...
Lessons that the kernel grades: each step asks for a prediction or for an
action, and what really happens is the answer. Any command that has the
effect is right.
  answer B, answer 3, answer find ls   what you predict
  lesson hint   a hint, then a larger one    lesson show   does it for you
  lesson skip   leaves this step out         lesson where  says it again
  lesson again  this step once more          lesson back   the one before
  lesson restart  all of it once more        lesson quit   go on later
Enter on an empty line goes on when a step is done. In the split screen the
lesson stands at the foot, and its keys are named there.
lesson hand-in [FILE] puts what you played into one file for your teacher,
and says what is in it; nothing is sent. Until then the logs of your lessons
lie in ~/.local/state/jsh/lessons, for you alone.
For authors: lesson new NAME, lint FILE..., test FILE...|--all, claims,
export; they run from any shell as jsh lesson ...
For teachers: lesson verify DIR grades again what a class handed in.
`

// tutor is this shell's connection to its lesson, nil where there is none. The
// interpreter's goroutine alone uses it.
var tutor *wire.Link

// builtinLesson is lesson.
func builtinLesson(s *shell.Shell, args []string) int {
	a := args[1:]
	switch {
	case len(a) > 0 && a[0] == "--help":
		s.WriteOut([]byte(lessonHelp))
		return 0
	case len(a) > 0 && wire.IsProgram(a[0]):
		if a[0] == "hand-in" {
			a = offStage(a)
		}
		return s.RunProgram(s.Exe(), append([]string{"jsh", "lesson"}, a...), args)
	case len(a) > 0 && strings.HasPrefix(a[0], "-"):
		s.Complain("lesson: " + a[0] + ": no such option (help lesson)")
		return 2
	}
	words := append([]string{"lesson"}, a...)
	if len(a) >= 2 && a[0] == "run" && !filepath.IsAbs(a[1]) { // the tutor is elsewhere
		dir, err := os.Getwd()
		if err != nil {
			s.Complain("lesson run: the working directory cannot be told: " + reason(err))
			return 1
		}
		words[2] = filepath.Join(dir, a[1])
	}
	return tellTutor(s, words)
}

const answerHelp = `usage: answer WORD...
What you predict, in the lesson that you are in: answer B; answer 3; answer
find ls (those that you mark); answer fork setsid (in that order).
`

// builtinAnswer is answer.
func builtinAnswer(s *shell.Shell, args []string) int {
	switch {
	case len(args) == 2 && args[1] == "--help":
		s.WriteOut([]byte(answerHelp))
		return 0
	case len(args) == 1:
		s.Complain("answer: what? (lesson where says the question again)")
		return 2
	case tutor == nil || tutor.FD < 0:
		s.Complain("answer: you are in no lesson; lesson begins one")
		return 1
	}
	return tellTutor(s, args)
}

// tellTutor passes on what the learner typed, and does what the lesson says.
func tellTutor(s *shell.Shell, words []string) int {
	if status := mayBeTutored(s, words[0]); status != 0 {
		return status
	}
	if !needCompanion(s, words[0]) {
		return 1
	}
	say, status := askTutor(s, words)
	if say == nil {
		return status
	}
	return doSay(s, words[0], say)
}

// mayBeTutored says no, by a status, where nobody could see a lesson.
func mayBeTutored(s *shell.Shell, name string) int {
	switch {
	case !s.Interactive() || s.Pid() != s.ShellPid():
		s.Complain(name + ": only for an interactive shell, and not in a pipeline or ( )")
	case s.Terminal() < 0:
		s.Complain(name + ": this shell has no terminal, and the lessons are about terminals")
	case outer && link.Check() && link.Shell() != s.Pid():
		s.Complain(name + ": this jsh runs inside another one's picture; type it there")
	case (tutor == nil || tutor.FD < 0) && !s.JobControl():
		s.Complain(name + ": job control is off, and keys go to other processes then; set -m turns it on")
	default:
		return 0
	}
	return 1
}

// askTutor starts the lesson's process, if need be, and asks it. Without an answer,
// which was told, it is nil.
func askTutor(s *shell.Shell, words []string) (*wire.Say, int) {
	name := words[0]
	if tutor == nil || tutor.FD < 0 {
		if err := startTutor(s, true); err != nil {
			s.Complain(name + ": the lesson cannot be started: " + err.Error())
			return nil, 1
		}
	}
	say, err := tutor.Ask(words)
	if errors.Is(err, wire.ErrGone) { // it ended a moment ago
		if err = startTutor(s, true); err == nil {
			say, err = tutor.Ask(words)
		}
	}
	if err != nil {
		s.Complain(name + ": " + err.Error())
		return nil, 1
	}
	return &say, say.Status
}

// doSay does what the lesson says.
func doSay(s *shell.Shell, name string, say *wire.Say) int {
	for _, line := range say.Run {
		if s.RunQuietly(line); noStage {
			return unstaged(s, name)
		}
	}
	if len(say.Run) > 0 {
		tutor.Ran(newest(s))
	}
	if say.Status != 0 {
		s.Complain(strings.TrimSuffix(say.Text, "\n"))
	} else if say.Text != "" {
		s.WriteOut([]byte(foldWords(say.Text, tutorColumns(s))))
	}
	if say.Over {
		leaveTutor(s)
	}
	return say.Status
}

// unstaged leaves a lesson whose stage cannot be put up, for a reason that the
// learner was told.
func unstaged(s *shell.Shell, name string) int {
	noStage = false
	tutor.Ask([]string{name, "quit"}) // its clean-up would find nothing
	leaveTutor(s)
	s.Complain(name + ": without that it cannot be played here; you left it")
	return 1
}

// startTutor joins the tutor beside the companion, or starts one if it may.
func startTutor(s *shell.Shell, may bool) error {
	me := wire.Shell{Pid: s.Pid(), Cols: tutorColumns(s), ASCII: !s.UTF8(), Colour: s.Colour()}
	l, _, err := wire.Join(link.Path, me)
	if err != nil && may {
		l, _, err = wire.Start(s.Exe(), link.Path, me)
	}
	if err != nil {
		return err
	}
	tutor = l
	s.Leaving = func() { leaving(s) }
	link.Vouch(l.Pid)
	s.Visit(&shell.Visitor{FD: l.FD,
		Hear: func() shell.Errand {
			say, err := l.Hear()
			return heard(s, say, err)
		},
		Prompt: func(empty bool) shell.Errand {
			say, err := l.Prompt(newest(s), empty)
			return heard(s, say, err)
		},
		Mean:  meant,
		Stuck: func() bool { return noStage },
		Ran: func() {
			if noStage {
				unstaged(s, "lesson")
			} else {
				l.Ran(newest(s))
			}
		},
	})
	return nil
}

// leaving is for a shell that ends in a lesson: what the lesson set up goes as when
// it is left in order.
func leaving(s *shell.Shell) {
	if tutor != nil && tutor.FD >= 0 {
		if say, err := tutor.Ask([]string{"lesson", "quit"}); err == nil && say.Status == 0 {
			doSay(s, "lesson", &say)
		}
		leaveTutor(s)
	}
	if onStage != nil {
		onStage.strike()
		onStage = nil
	}
}

// tutorColumns is how wide the lesson's text may be.
func tutorColumns(s *shell.Shell) int {
	if fd := s.Terminal(); fd >= 0 {
		return columns(fd)
	}
	return 80
}

// meant is what a learner means by a word that is for the lesson.
func meant(name string) string {
	if wire.ForLesson(name) {
		return "lesson " + name
	}
	if len(name) == 1 && (name[0] >= 'A' && name[0] <= 'H' || name[0] >= '0' && name[0] <= '9') {
		return "answer " + name
	}
	return ""
}

// newest is the time of the shell's newest event, which the companion has or will
// have soon.
func newest(s *shell.Shell) int64 {
	link.Flush()
	if events, _ := s.Log.Since(max(s.Log.Last(), 1) - 1); len(events) > 0 {
		return events[len(events)-1].At
	}
	return 0
}

// heard is what the lesson says at a prompt.
func heard(s *shell.Shell, say wire.Say, err error) shell.Errand {
	text := foldWords(strings.TrimSuffix(say.Text, "\n"), tutorColumns(s))
	if err != nil && !say.Over {
		text = strings.TrimPrefix(text+"\n"+s.Name()+": "+err.Error(), "\n")
	}
	if say.Over || errors.Is(err, wire.ErrGone) {
		leaveTutor(s)
	}
	return shell.Errand{Run: say.Run, Text: text, Typed: say.Typed}
}

// leaveTutor ends the connection.
func leaveTutor(s *shell.Shell) {
	if tutor != nil {
		tutor.Close()
		tutor = nil
	}
	s.Visit(nil)
}

// joinTutor lets a shell that took another's place in the screen go on with its
// lesson.
func joinTutor(s *shell.Shell) {
	if link != nil && link.Shell() == s.Pid() {
		startTutor(s, false)
	}
}

// offStage has a hand-in written where the learner came from: a lesson's own directory
// is removed with the lesson.
func offStage(a []string) []string {
	if onStage == nil || onStage.oldPwd == "" || len(a) > 2 {
		return a
	}
	if len(a) == 1 {
		return []string{a[0], onStage.oldPwd + "/"}
	}
	if !filepath.IsAbs(a[1]) && !strings.HasPrefix(a[1], "-") {
		return []string{a[0], filepath.Join(onStage.oldPwd, a[1])}
	}
	return a
}
