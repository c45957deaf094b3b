package front

import (
	"os"
	"path/filepath"
	"strings"
	"time"

	"jsh/pgroup"
	"jsh/shell"
)

// The first screen: what a shell offers above its first prompt. Enter alone
// takes the offer; whatever else is typed there is a command as ever, and the
// offer is over.
const (
	offerFirst = "\nPress Enter: an experiment of ten seconds. Or type any command, as usual."
	offerAgain = "\nPress Enter to go on with the lesson "
	offerNext  = "\nPress Enter for the next lesson."
	offerLater = "For the lesson, later: type  lesson"
)

// shortWhile is for how long after a lesson the next one is offered.
const shortWhile = 24 * time.Hour

// offer is what to say to this learner, "" nothing: one who has never typed a
// line here is offered the first lesson, one in the middle of a lesson to go on.
func offer(s *shell.Shell, inv *invocation) string {
	own := link != nil && link.Shell() == s.Pid() // the shell of a screen
	if filepath.Base(strings.TrimPrefix(inv.name, "-")) == "sh" || inSandbox() != "" || !pgroup.IsTerminal(0) || !own && (outer || !inv.bare && !inv.plain) {
		return ""
	}
	id, step, begun := lastLesson()
	switch {
	case id != "":
		return offerAgain + id + ", step " + strings.Replace(step, "/", " of ", 1) + "."
	case step != "":
		return offerNext
	case begun || hasHistory(s):
		return ""
	}
	return offerFirst
}

// hasHistory says that lines have been typed before, or are not to be kept.
func hasHistory(s *shell.Shell) bool {
	if os.Getenv("HISTFILE") != "" {
		return true
	}
	home := s.Var("HOME")
	if home == "" {
		return true
	}
	_, err := os.Lstat(filepath.Join(home, ".jsh_history"))
	return err == nil
}

// lastLesson is the lesson that was played last, if it is not over; one that was
// ended a short while ago has a step and no id. begun says that there ever was one.
// The file is the tutor's: a lesson a line, the newest at the end.
func lastLesson() (id, step string, begun bool) {
	dir := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(os.Getenv("HOME"), ".local", "state")
	}
	text, err := os.ReadFile(filepath.Join(dir, "jsh", "progress"))
	if err != nil || len(text) == 0 {
		return "", "", false
	}
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	for len(lines) > 1 && strings.HasPrefix(lines[len(lines)-1], "quiz/") { // its questions stand there too
		lines = lines[:len(lines)-1]
	}
	f := strings.Fields(lines[len(lines)-1])
	if len(f) == 6 && f[5] == "done" {
		if at, err := time.Parse(time.RFC3339, f[3]); err == nil && time.Since(at) < shortWhile {
			return "", f[1], true
		}
	}
	if len(f) != 5 || len(f[0]) > 30 || strings.HasPrefix(f[0], "quiz/") || strings.Trim(f[1], "0123456789/") != "" {
		return "", "", true
	}
	return f[0], f[1], true
}

// greet takes Enter at the first prompt for the lesson. Where a lesson goes on
// already (its visitor is there) it does nothing.
func greet(s *shell.Shell) {
	if tutor != nil {
		return
	}
	first := true
	s.Visit(&shell.Visitor{FD: -1, Hear: func() shell.Errand { return shell.Errand{} },
		Prompt: func(empty bool) shell.Errand {
			if first {
				first = false
				return shell.Errand{}
			}
			s.Visit(nil)
			if empty {
				return shell.Errand{Typed: "lesson"}
			}
			return shell.Errand{Text: offerLater}
		}})
}
