package tutor

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"jsh/event"
	"jsh/lessons/page"
	"jsh/lessons/scenes"
	"jsh/ptytest"
	"jsh/screen/grid"
	"jsh/tutor/wire"
)

// stage starts a jsh with its screen, and a scene in it.
func stage(t *testing.T, scene string) *ptytest.Term {
	t.Helper()
	s := ptytest.Start(t, ptytest.Options{Argv: []string{ptytest.JSH(t)}, Cols: 100, Rows: 30, Deadline: time.Minute,
		Env: []string{"XDG_RUNTIME_DIR=" + shortDir(t), "XDG_STATE_HOME=" + t.TempDir()}})
	s.WaitText("ready>( |$)")
	s.Type("demo " + scene + "\r")
	return s
}

// shortDir is a directory with a short name: a socket's path has 107 bytes.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "jd")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// press presses Enter when the band says what it does, and has the keyboard.
func press(s *ptytest.Term, what string) {
	s.WaitText("keys: lesson (.*\n)+.*" + what)
	s.Key(ptytest.Enter)
}

func TestEachSceneIsShownByOneKeyAndLeavesNothing(t *testing.T) {
	for i, l := range scenes.All() {
		t.Run(l.ID, func(t *testing.T) {
			if err := wanting(l); err != nil {
				t.Skip(err)
			}
			if !*all && l.ID != "prompt" && l.ID != "ctrl-c" && l.ID != "stolen-keys" {
				t.Skip("all scenes take a minute: -lessons plays them")
			}
			t.Parallel()
			s := stage(t, l.ID)
			for n, step := range l.Steps {
				s.WaitText(num(n+1) + " of " + num(len(l.Steps)) + "  " + regexp.QuoteMeta(step.Title[:min(10, len(step.Title))]))
				press(s, "Enter: type it")
				s.WaitText("Enter: (go on|the end)")
				if n == 0 && i == 0 { // anew, in one key
					s.Type("r")
					press(s, "Enter: type it")
					s.WaitText("Enter: go on")
				}
				s.Key(ptytest.Enter)
			}
			s.WaitScreen("the band to go", func(g *grid.Grid) bool { return !strings.Contains(g.Text(), "LESSON") })
			s.Type("\rcd; jobs; echo left$((40+2))\r")
			s.WaitText("left42")
			s.Type("exit\r")
			s.WaitExit()
		})
	}
}

func TestASceneIsLeftInTheMiddleOfWhatItDoes(t *testing.T) {
	t.Parallel()
	s := stage(t, "ctrl-c")
	press(s, "Enter: type it")
	s.WaitText("Enter: go on")
	s.Key(ptytest.Enter)
	s.WaitText("2 of 3")
	press(s, "Enter: type it")
	s.WaitText("Enter: go on") // ls and grep have the keyboard
	s.Type("q")
	s.WaitScreen("the band to go", func(g *grid.Grid) bool { return !strings.Contains(g.Text(), "LESSON") })
	s.WaitText(`\^C\n(.*\n)*ready>`)
	s.Type("\recho left$((40+2))\r")
	s.WaitText("left42")
	s.Type("exit\r")
	s.WaitExit()
}

func TestScenesAreWholeAndEachStepHasACheckAndANote(t *testing.T) {
	if n := len(scenes.All()); n != 8 {
		t.Errorf("%d scenes", n)
	}
	for _, l := range scenes.All() {
		if l.Kind != page.KindScene || len(l.Claims) == 0 || len(l.Cleanup) == 0 {
			t.Errorf("%s: kind %q, claims %v, cleanup %q", l.ID, l.Kind, l.Claims, l.Cleanup)
		}
		for i, s := range l.Steps {
			if len(s.Solutions) != 1 || len(s.Checks) == 0 || len(scenes.Note(l, i+1)) == 0 || len(s.Why) == 0 || len(s.Text) > 3 {
				t.Errorf("%s, %s: something is missing, or the text is long", l.ID, s.Title)
			}
		}
	}
	if scenes.Named("3") == nil || scenes.Named("3").ID != "ctrl-c" || scenes.Named("nosuch") != nil {
		t.Error("a scene is found by its number and its name")
	}
}

func TestTheNotesFollowTheScene(t *testing.T) {
	var at teleprompter
	tell := func(text string) { at.take(&event.Event{Kind: event.Told, Text: text}) }
	if !strings.Contains(at.text(), "No scene runs") {
		t.Error(at.text())
	}
	tell("lesson demo:eperm seed 1 step 1")
	if text := at.text(); !strings.Contains(text, "EPERM   1 of 2") || !strings.Contains(text, "show of hands") || !strings.Contains(text, "p1 setsid") || !strings.Contains(text, "Next: Fork first") {
		t.Error(text)
	}
	tell(wire.Place{Step: 2, Done: true}.String())
	tell("lesson demo:eperm recorded step 1")
	if text := at.text(); !strings.Contains(text, "RECORDING") || !strings.Contains(text, "EPERM   1 of 2") {
		t.Error(text)
	}
	tell(wire.Place{Step: 2}.String())
	if text := at.text(); !strings.Contains(text, "EPERM   2 of 2") || strings.Contains(text, "Next:") {
		t.Error(text)
	}
	tell("lesson pipeline seed 1 step 1")
	if !strings.Contains(at.text(), "No scene runs") {
		t.Error(at.text())
	}
}

func num(n int) string { return string(rune('0' + n)) }
