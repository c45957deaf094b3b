package front

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"jsh/ptytest"
)

// TestTimeline asks the shell itself: its own log must hold what a timeline
// needs.
func TestTimeline(t *testing.T) {
	const axis = `(?s)The last command line: \d.*keyboard +.*`
	rule(t, "before anything has run timeline says so", onlyJsh, func(s *session) {
		s.mention("timeline", "timeline: nothing has run yet: .*")
		s.expect("timeline 2>/dev/null; echo $?", "1")
	})
	rule(t, "a pipeline is a band with a bar for each program, and how each ended", onlyJsh, func(s *session) {
		s.Run("sh -c 'exit 3' | cat")
		out := s.match("timeline", axis)[0]
		if grep(out, `^group \d+ %1 .*━`) == "" || grep(out, ` sh -c 'exit 3' \| cat`) == "" || grep(out, `^  \d+ sh +█+ exit 3`) == "" || grep(out, `^  \d+ cat +█+ exit 0`) == "" {
			s.t.Errorf("%s", out)
		}
	})
	rule(t, "timeline shows the same line again when it is asked again", onlyJsh, func(s *session) {
		s.Run("sh -c 'exit 4'")
		first := s.Run("timeline")
		if again := s.Run("timeline"); again != first || grep(first, "exit 4") == "" {
			s.t.Errorf("%s\n%s", first, again)
		}
	})
	// Wide, so that each key has room for its word, however soon after another.
	ruleOn(t, "^Z, bg, fg and ^C can be told from the picture", onlyJsh, ptytest.Options{Cols: 240}, func(s *session) {
		s.Line("sleep 1001 | cat")
		s.waitGroup(s.groupOf("sleep"), "sleep", "cat") // else ^Z may come before cat is in the group
		pgid := s.stop("sleep")
		s.Run("bg")
		s.Line("fg")
		s.interrupt("sleep")
		out := s.Run("timeline 3")
		for _, want := range []string{
			`^The last 3 command lines: `,
			`SIGTSTP`, `SIGCONT→%1`, `SIGINT`,
			`^group ` + strconv.Itoa(pgid) + ` %1 .*sleep 1001`,
			`^  ` + strconv.Itoa(pgid) + ` sleep +[█░].* ✗ SIGINT$`,
			`^  \d+ cat +[█░].* ✗ SIGINT$`,
			`^█ alive .*░ stopped .*━ has the keyboard`,
		} {
			if grep(out, want) == "" {
				s.t.Errorf("nothing matches %q in\n%s", want, out)
			}
		}
	})
	rule(t, "a recording and a picture can be written, and a recording read", onlyJsh, func(s *session) {
		s.Run("sh -c 'exit 5' | cat")
		s.expect("timeline --json > rec; timeline --svg pic.svg; ps-tree --svg tree.svg; echo $?", "0")
		if out := s.Run("timeline --from rec"); grep(out, "sh +█+ exit 5") == "" {
			s.t.Errorf("%s", out)
		}
		for _, name := range []string{"pic.svg", "tree.svg"} {
			doc, err := os.Open(filepath.Join(s.Home(), name))
			if err != nil {
				s.t.Fatal(err)
			}
			d := xml.NewDecoder(doc)
			for err == nil {
				_, err = d.Token()
			}
			doc.Close()
			if !errors.Is(err, io.EOF) {
				s.t.Errorf("%s: %v", name, err)
			}
		}
		s.match("timeline --svg /nowhere/x.svg", "timeline: /nowhere/x.svg: no such file or directory")
	})
	rule(t, "in a pipeline it says why it has nothing to show", onlyJsh, func(s *session) {
		s.Run("sh -c 'exit 6'")
		s.mention("timeline | cat", "timeline: this is a subshell, .*")
	})
	ruleOn(t, "it keeps to the width of a narrow terminal", onlyJsh, ptytest.Options{Cols: 60}, func(s *session) {
		s.Run("sh -c 'exit 7' | cat")
		for line := range strings.Lines(s.Run("timeline")) {
			if n := len([]rune(strings.TrimRight(line, "\n"))); n > 60 {
				s.t.Errorf("%d columns: %s", n, line)
			}
		}
	})
}
