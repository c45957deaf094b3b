package front

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"jsh/ptytest"
)

func TestANewcomerIsOfferedALesson(t *testing.T) {
	newcomer := func(t *testing.T, progress string) *session {
		o := ptytest.Options{Newcomer: true, Argv: ptytest.FindShell(t, "jsh").Argv, Deadline: *deadline}
		if progress != "" {
			state := t.TempDir()
			os.Mkdir(filepath.Join(state, "jsh"), 0o700)
			os.WriteFile(filepath.Join(state, "jsh", "progress"), []byte(progress), 0o600)
			o.Env = []string{"XDG_STATE_HOME=" + state}
		}
		s := &session{ptytest.Start(t, o), t, "jsh"}
		s.WaitPrompt()
		return s
	}
	has := func(t *testing.T, s *session, want string) {
		t.Helper()
		if got := grep(s.Screen(), "^Press Enter.*"); got != want {
			t.Errorf("offered: %q", got)
		}
	}
	t.Run("who types a command gets a shell, and Enter is only Enter then", func(t *testing.T) {
		s := newcomer(t, "")
		has(t, s, "Press Enter: an experiment of ten seconds. Or type any command, as usual.")
		s.Run("echo one")
		s.WaitText("For the lesson, later: type  lesson")
		s.Key(ptytest.Enter)
		s.WaitPrompt()
		s.expect("echo two", "two")
		if grep(s.Screen(), "vi letter") != "" {
			t.Error("a lesson began")
		}
	})
	t.Run("Enter begins the first lesson", func(t *testing.T) {
		s := newcomer(t, "")
		s.Key(ptytest.Enter)
		s.WaitText(`vi letter`)
		s.WaitPrompt()
		s.Run("lesson quit")
	})
	t.Run("a lesson that is not over is offered", func(t *testing.T) {
		has(t, newcomer(t, "pipeline 3/5 7 2026-01-02T03:04:05Z 1/2\n"), "Press Enter to go on with the lesson pipeline, step 3 of 5.")
	})
	t.Run("a lesson is offered also after a quiz, and a quiz is not", func(t *testing.T) {
		const answered = "quiz/status 1/1 7 2026-01-02T03:04:06Z 1/1\n"
		has(t, newcomer(t, "pipeline 3/5 7 2026-01-02T03:04:05Z 1/2\n"+answered), "Press Enter to go on with the lesson pipeline, step 3 of 5.")
		has(t, newcomer(t, answered), "")
	})
	t.Run("soon after a lesson that is over the next one is", func(t *testing.T) {
		has(t, newcomer(t, "pipeline 5/5 7 "+time.Now().UTC().Format(time.RFC3339)+" 1/2 done\n"), "Press Enter for the next lesson.")
	})
	t.Run("long after it, it is just a shell", func(t *testing.T) {
		has(t, newcomer(t, "pipeline 5/5 7 2026-01-02T03:04:05Z 1/2 done\n"), "")
	})
	t.Run("so it is for who has typed here before", func(t *testing.T) {
		has(t, open(t, "jsh", ptytest.Options{}), "")
	})
}
