package tutor

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"jsh/ptytest"
)

// handedIn is the recording of a learner who predicts wrongly, stops the sleep as
// asked, and lets the second step be shown.
func handedIn(t *testing.T, dir string) string {
	t.Helper()
	lesson, err := filepath.Abs("testdata/small.md")
	if err != nil {
		t.Fatal(err)
	}
	private := t.TempDir()
	for _, d := range []string{"run", "state"} {
		if err := os.Mkdir(filepath.Join(private, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "ada.rec")
	term := ptytest.Start(t, ptytest.Options{Argv: []string{ptytest.JSH(t), "--plain"}, Cols: 100,
		Env: []string{"XDG_RUNTIME_DIR=" + private + "/run", "XDG_STATE_HOME=" + private + "/state"}})
	term.WaitPrompt()
	term.Line("record " + file)
	term.WaitText("Recording into")
	term.WaitPrompt()
	stopSleep(term, "lesson run "+lesson+" 1 0", "B")
	term.Line("")
	term.WaitText(`\[2 of 2\]`)
	term.WaitPrompt()
	term.Line("lesson show")
	term.WaitText(`Terminated \(SIGTERM\)`)
	term.WaitPrompt()
	term.Line("record stop")
	term.WaitText("events are in")
	term.WaitPrompt()
	return file
}

// stopSleep begins the lesson small.md and does its first step.
func stopSleep(term *ptytest.Term, begin, answer string) {
	term.Line(begin)
	term.WaitText(`\[1 of 2\]`)
	term.WaitPrompt()
	term.Line("answer " + answer)
	term.WaitText("Type  sleep")
	term.WaitPrompt()
	term.Line("sleep 300")
	term.WaitForegroundJob("sleep")
	term.Type("\x1a")
	term.WaitText("SIGTSTP stops")
	term.WaitPrompt()
}

// verdicts are what verify says of recordings, step by step.
func verdicts(t *testing.T, args ...string) (steps []string, hardest, text string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	status = verify(append([]string{"--json", "--with", "testdata/small.md"}, args...), &out, &errs)
	var got struct {
		Class []struct {
			Lessons []struct {
				Steps []struct {
					Verdict          string
					Predicted, Right bool
				}
			}
		}
		Hardest *struct{ Title string } `json:"most_failed"`
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v\n%s%s", err, out.String(), errs.String())
	}
	for _, l := range got.Class {
		for _, w := range l.Lessons {
			for _, s := range w.Steps {
				v := s.Verdict
				if s.Predicted && s.Right {
					v += " right"
				} else if s.Predicted {
					v += " wrong"
				}
				steps = append(steps, v)
			}
		}
	}
	if got.Hardest != nil {
		hardest = got.Hardest.Title
	}
	return steps, hardest, out.String(), status
}

func TestARecordingIsGradedAgainByItsChecksAndOneThatWasEditedIsFound(t *testing.T) {
	dir := t.TempDir()
	file := handedIn(t, dir)
	steps, hardest, text, status := verdicts(t, dir)
	if got := strings.Join(steps, ", "); got != "held wrong, shown" || status != 0 || hardest != "End it" {
		t.Errorf("%s, status %d, most failed %q\n%s", got, status, hardest, text)
	}
	var out, errs bytes.Buffer
	if verify([]string{file}, &out, &errs); !strings.Contains(out.String(), "not known here (--with FILE): small") {
		t.Errorf("without its lesson: %s%s", out.String(), errs.String())
	}

	log, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var edited []byte // without the word that sleep was stopped by SIGTSTP
	for line := range bytes.Lines(log) {
		if bytes.Contains(line, []byte(`"kind":"stopped"`)) {
			line = bytes.Replace(line, []byte(`"sig":20`), []byte(`"sig":19`), 1)
		}
		edited = append(edited, line...)
	}
	if bytes.Equal(edited, log) {
		t.Fatal("no stop is in the recording")
	}
	if err := os.WriteFile(file, edited, 0o600); err != nil {
		t.Fatal(err)
	}
	if steps, _, text, status = verdicts(t, dir); len(steps) == 0 || !strings.HasPrefix(steps[0], "refuted") || status != 1 {
		t.Errorf("edited: %v, status %d\n%s", steps, status, text)
	}
}

func TestWhatIsNoRecordingIsSaidToBeNone(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"a.rec": "", "b.rec": "letter", ".hidden": "x"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out, errs bytes.Buffer
	status := verify([]string{dir}, &out, &errs)
	if got := out.String(); status != 1 || !strings.Contains(got, "a: a.rec: the file is empty") || !strings.Contains(got, "b: b.rec: line 1") || strings.Contains(got, "hidden") {
		t.Errorf("status %d\n%s%s", status, got, errs.String())
	}
	empty, mixed := t.TempDir(), t.TempDir()
	if err := os.Mkdir(filepath.Join(mixed, "eve"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(mixed, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		places []string
		status int
		out    string
		errs   string
	}{
		{[]string{empty}, 2, "", empty + ": no file is there"},
		{[]string{empty, dir}, 1, "a: a.rec: the file is empty", empty + ": no file is there"},
		{[]string{filepath.Join(dir, "none"), dir}, 1, "a: a.rec: the file is empty", "none: stat: no such file"},
		{[]string{mixed}, 1, "eve: no file is in the directory", "pipe: neither a file"},
	} {
		out.Reset()
		errs.Reset()
		if status := verify(c.places, &out, &errs); status != c.status || !strings.Contains(out.String(), c.out) || !strings.Contains(errs.String(), c.errs) {
			t.Errorf("%v: status %d\n%s%s", c.places, status, out.String(), errs.String())
		}
	}
	for _, args := range [][]string{nil, {"--nonsense"}, {"--with"}, {filepath.Join(dir, "none")}} {
		errs.Reset()
		if status := verify(args, &out, &errs); status != 2 || errs.Len() == 0 {
			t.Errorf("%v: status %d %s", args, status, errs.String())
		}
	}
}
