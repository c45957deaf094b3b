package tutor

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jsh/ptytest"
)

// home is where one learner's jsh keeps what it keeps.
type home struct{ dir string }

func newHome(t *testing.T) *home {
	t.Helper()
	h := &home{t.TempDir()}
	for _, d := range []string{"run", "state"} {
		if err := os.Mkdir(filepath.Join(h.dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

func (h *home) env() []string {
	return []string{"XDG_RUNTIME_DIR=" + h.dir + "/run", "XDG_STATE_HOME=" + h.dir + "/state"}
}

// shell is a plain jsh there.
func (h *home) shell(t *testing.T) *ptytest.Term {
	t.Helper()
	term := ptytest.Start(t, ptytest.Options{Argv: []string{ptytest.JSH(t), "--plain"}, Cols: 100, Env: h.env()})
	term.WaitPrompt()
	return term
}

// waitKept waits until the newest record of a lesson holds a text.
func (h *home) waitKept(t *testing.T, term *ptytest.Term, id, text string) {
	t.Helper()
	term.WaitFor("the record of "+id+" to have: "+text, func() bool {
		files, _ := filepath.Glob(h.dir + "/state/jsh/lessons/" + id + ".*.log")
		if len(files) == 0 {
			return false
		}
		b, _ := os.ReadFile(files[len(files)-1])
		return strings.Contains(string(b), text)
	})
}

// testLesson is the path of a lesson in testdata.
func testLesson(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// playFacts plays testdata/facts.md to its end, with one wrong way.
func playFacts(t *testing.T, h *home, term *ptytest.Term) {
	t.Helper()
	term.Line("lesson run " + testLesson(t, "facts.md") + " 1 0")
	term.WaitText(`\[1 of 3\]`)
	term.WaitPrompt()
	term.Line("sleep 300 &")
	term.WaitText("would die of a hang-up")
	term.WaitPrompt()
	term.Line("kill %1; nohup sleep 301 >/dev/null 2>&1 &")
	term.WaitText("Enter goes on")
	term.WaitPrompt()
	term.Line("")
	term.WaitText(`\[2 of 3\]`)
	term.WaitPrompt()
	term.Line("(cd /; umask 077; exec sleep 400 >/dev/null) &")
	term.WaitText("Enter goes on")
	term.WaitPrompt()
	term.Line("")
	term.WaitText(`\[3 of 3\]`)
	term.WaitPrompt()
	term.Line("cat")
	term.WaitForegroundJob("cat")
	h.waitKept(t, term, "facts", "at the end, wrong 1, done")
	term.Type("\x04")
	term.WaitPrompt()
}

func TestWhatProcWasAskedIsInTheRecordingAndProvesTheStep(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "ada.rec")
	h := newHome(t)
	term := h.shell(t)
	term.Line("record " + file)
	term.WaitText("Recording into")
	term.WaitPrompt()
	playFacts(t, h, term)
	term.Line("record stop")
	term.WaitText("events are in")
	term.WaitPrompt()
	term.Run("kill -KILL %2 %3")
	steps, _, text, status := verdicts(t, "--with", "testdata/facts.md", dir)
	if got := strings.Join(steps, ", "); got != "held, held, held" || status != 0 {
		b, _ := os.ReadFile(file)
		t.Errorf("%s, status %d\n%s\n%s", got, status, text, b)
	}
}
