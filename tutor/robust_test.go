package tutor

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"jsh/ptytest"
	"jsh/tutor/wire"
)

// lessonShell is a plain jsh in a lesson, and the pid of the lesson's process.
func lessonShell(t *testing.T, text string) (term *ptytest.Term, tutor int) {
	t.Helper()
	dir := t.TempDir()
	for _, d := range []string{"run", "state"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "x.md")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	term = ptytest.Start(t, ptytest.Options{Argv: []string{ptytest.JSH(t), "--plain"}, Cols: 100,
		Env: []string{"XDG_RUNTIME_DIR=" + dir + "/run", "XDG_STATE_HOME=" + dir + "/state"}})
	term.WaitPrompt()
	term.Line("lesson run " + file + " 1 0")
	term.WaitText(`\[1 of \d\]`)
	term.WaitPrompt()
	return term, tutorOf(t, dir)
}

// tutorOf is the lesson's process whose companion listens below dir.
func tutorOf(t *testing.T, dir string) int {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile("/proc/" + e.Name() + "/cmdline")
		if err == nil && strings.HasPrefix(string(b), wire.ProcessName+"\x00") && strings.Contains(string(b), dir) {
			if pid, err := strconv.Atoi(e.Name()); err == nil {
				return pid
			}
		}
	}
	t.Fatal("there is no " + wire.ProcessName)
	return 0
}

const twoSteps = `---
id: two
title: Two steps
minutes: 1
---
## One
A text.
## Two
` + "```setup\ntrue\n```\n```do\nStop a sleep.\n```\n```check\nstopped(\"sleep\")\n```\n```hint\n^Z\n```\n"

func TestAStoppedTutorIsToldOfOnceAndCostsNoPromptAfterThat(t *testing.T) {
	term, tutor := lessonShell(t, twoSteps)
	syscall.Kill(tutor, syscall.SIGSTOP)
	term.WaitState(tutor, "T")
	term.Line("echo o''ne")
	term.WaitText("does not answer")
	term.WaitPrompt()
	if out := term.Run("echo t''wo"); strings.TrimSpace(out) != "two" {
		t.Errorf("after the first time it is told again: %q", out)
	}
	syscall.Kill(tutor, syscall.SIGCONT)
	term.Line("lesson where")
	term.WaitText(`A text\.`)
	term.WaitPrompt()
}

func TestALessonGoesOnAfterItsProcessWasKilled(t *testing.T) {
	term, tutor := lessonShell(t, twoSteps)
	syscall.Kill(tutor, syscall.SIGKILL)
	term.WaitText("has ended; lesson goes on")
	if out := term.Run("echo still here"); !strings.Contains(out, "still here") {
		t.Errorf("%q", out)
	}
	if out := term.Run("lesson hint"); !strings.Contains(out, "you are in no lesson") {
		t.Errorf("lesson hint: %q", out)
	}
}

func TestTheTutorEndsWithItsShellAndWithTheLesson(t *testing.T) {
	term, tutor := lessonShell(t, twoSteps)
	term.Line("exit")
	term.WaitExit()
	term.WaitGone(tutor)

	term, tutor = lessonShell(t, twoSteps)
	term.Run("lesson quit")
	term.WaitGone(tutor)
	if out := term.Run("echo still here"); !strings.Contains(out, "still here") {
		t.Errorf("%q", out)
	}
}

func TestAStepsSetupIsSilentAndLeavesTheStatusAlone(t *testing.T) {
	term, _ := lessonShell(t, twoSteps)
	term.Run("(exit 7)")
	term.Line("") // goes on: the set-up is true
	term.WaitText(`\[2 of 2\]`)
	term.WaitPrompt()
	if out := term.Run("echo =$?="); !strings.Contains(out, "=7=") {
		t.Errorf("%q", out)
	}
	if out := term.Run("fc -ln -2"); strings.Contains(out, "true") {
		t.Errorf("the set-up is in the history: %q", out)
	}
}

func TestALessonIsResumedAtItsStepWithItsSeed(t *testing.T) {
	known := []record{{id: "pipeline", step: 3, steps: 5, seed: 9}, {id: "ctrl-c", step: 6, steps: 6, done: true}}
	for _, c := range []struct {
		words []string
		id    string
		step  int
		seed  uint64
	}{{nil, "pipeline", 2, 9}, {[]string{"pipeline"}, "pipeline", 2, 9}, {[]string{"ctrl-c"}, "ctrl-c", 0, 0}} {
		got, err := chosen(c.words, known)
		if err != nil {
			t.Fatal(err)
		}
		if got.lesson.ID != c.id || got.step != c.step || c.seed != 0 && got.seed != c.seed {
			t.Errorf("lesson %v: %s, step %d, seed %d", c.words, got.lesson.ID, got.step, got.seed)
		}
	}
	if got, err := chosen(nil, nil); err != nil || got.step != 0 || got.resumed || len(got.lesson.Needs) > 0 {
		t.Errorf("the first lesson: %+v, %v", got, err)
	}
	if _, err := chosen([]string{"nosuch"}, nil); err == nil || !strings.Contains(err.Error(), "lesson list") {
		t.Error(err)
	}
}

func TestAPlainShellShowsWhatIsToBeTypedWhereKeysAreNeeded(t *testing.T) {
	text, err := os.ReadFile("testdata/small.md")
	if err != nil {
		t.Fatal(err)
	}
	term, _ := lessonShell(t, string(text))
	term.Run("answer A")
	out := term.Run("lesson show")
	if !strings.Contains(out, "for you to type") || !strings.Contains(out, "^Z  (hold Ctrl and press z)") || strings.Contains(out, "Watch") {
		t.Errorf("%s", out)
	}
}
