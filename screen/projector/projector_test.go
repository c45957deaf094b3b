package projector

import (
	"strings"
	"testing"

	"jsh/lessons/scenes"
	"jsh/screen/grid"
	"jsh/viz"
)

// seen is a page as a terminal shows it.
func seen(t *testing.T, p *projection, style viz.Style, w, h int) string {
	t.Helper()
	lines := p.Page(style, w, h)
	if len(lines) != h {
		t.Fatalf("%d lines for %d rows", len(lines), h)
	}
	g := grid.New(w, h, grid.Options{})
	g.Write([]byte("\x1b[?7l" + strings.Join(lines, "\x1b[0m\r\n")))
	text := g.Text()
	if first, _, _ := strings.Cut(text, "\n"); w >= 12 && !strings.Contains(first, "RECORDING") {
		t.Errorf("%d×%d: the first line is %q", w, h, first)
	}
	if strings.Contains(text, "live, from") || strings.Contains(text, "── live") {
		t.Errorf("a recording says that it is live:\n%s", text)
	}
	return text
}

// open is a scene's recording; playStep plays its step to the end, and returns the last
// page at 80×24.
func open(t *testing.T, id string) *projection {
	t.Helper()
	l := scenes.Named(id)
	r, err := scenes.Recorded(l)
	if err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	return newProjection(Scene{Lesson: l, Reel: r})
}

func playStep(t *testing.T, p *projection) string {
	t.Helper()
	if p.Key("enter") || !p.playing {
		t.Fatalf("%s: Enter plays nothing at step %d", p.Lesson.ID, p.step()+1)
	}
	for at := p.from; p.playing; at += 1e8 {
		p.goTo(at)
		seen(t, p, viz.Style{Colour: true}, 80, 24)
	}
	if p.damage != nil {
		t.Errorf("%s: %v", p.Lesson.ID, p.damage)
	}
	return seen(t, p, viz.Style{}, 80, 24)
}

func TestEachSceneHasARecordingOfItsSteps(t *testing.T) {
	for _, l := range scenes.All() {
		p := open(t, l.ID)
		for i, s := range l.Steps {
			if p.step() != i {
				t.Errorf("%s: step %d, want %d", l.ID, p.step()+1, i+1)
			}
			text := playStep(t, p)
			if why := strings.ReplaceAll(s.Why[0].Text, "`", ""); !strings.Contains(text, why) {
				t.Errorf("%s, %s: not there: %q\n%s", l.ID, s.Title, why, text)
			}
			for _, size := range [][2]int{{60, 18}, {100, 30}, {160, 48}, {20, 5}, {3, 2}} {
				seen(t, p, viz.Style{Colour: true}, size[0], size[1])
				seen(t, p, viz.Style{ASCII: true}, size[0], size[1])
			}
			if over := p.Key("enter"); over != (i == len(l.Steps)-1) {
				t.Errorf("%s: over %t after step %d", l.ID, over, i+1)
			}
		}
	}
}

func TestARecordingShowsTheFactsOfTheScene(t *testing.T) {
	has := func(text string, all ...string) {
		t.Helper()
		for _, want := range all {
			if !strings.Contains(text, want) {
				t.Errorf("not there: %q\n%s", want, text)
			}
		}
	}
	p := open(t, "ctrl-c")
	has(seen(t, p, viz.Style{}, 80, 24), "Enter: type it", "1 of 3")
	has(playStep(t, p), "find", "[1] find / -name xyz", "KEYBOARD")
	p.Key("enter")
	has(playStep(t, p), "ls *x* | grep y", "2 of 3")
	p.Key("space")
	text := playStep(t, p)
	has(text, "^C: the terminal sends SIGINT", "ls, grep died", "Enter: the end")
	for line := range strings.Lines(text) {
		if strings.Contains(line, "find") && strings.Contains(line, "SIGINT") && strings.Contains(line, "killed") {
			t.Errorf("find died: %s", line)
		}
	}
	if p.step() != 2 {
		t.Error(p.step())
	}
	// Anew, and back, are as live.
	p.Key("r")
	text = seen(t, p, viz.Style{}, 80, 24)
	if has(text, "1 of 3"); strings.Contains(text, "find /") {
		t.Errorf("what comes later is seen:\n%s", text)
	}
	playStep(t, p)
	p.Key("enter")
	playStep(t, p)
	p.Key("left")
	has(seen(t, p, viz.Style{}, 80, 24), "1 of 3", "Enter: type it")
	if !p.Key("q") {
		t.Error("q leaves")
	}
	has(playStep(t, open(t, "eperm")), "EPERM (operation not permitted)")
	has(playStep(t, open(t, "prompt")), "sleep 300", "killed by SIGINT")
	has(playStep(t, open(t, "sigttin")), "stopped by SIGTTIN")
	p = open(t, "sighup")
	playStep(t, p)
	p.Key("enter")
	has(playStep(t, p), "SIGHUP: the configuration is read again: a tick every 0.1 s")
}

func TestWhyItIsNotLiveIsSaidUntilAKey(t *testing.T) {
	p := open(t, "eperm")
	p.Because = "spare-tty: /dev/ptmx: ENOSPC (no space left on device)"
	for _, w := range []int{60, 80, 160} {
		if text := seen(t, p, viz.Style{}, w, 24); !strings.Contains(text, "Not live: spare-tty: /dev/ptmx: ENOSPC") || !strings.Contains(text, "Enter") {
			t.Errorf("%d:\n%s", w, text)
		}
	}
	p.Key("enter")
	if text := seen(t, p, viz.Style{}, 80, 24); strings.Contains(text, "Not live:") {
		t.Error(text)
	}
}

func TestTheStepsAreToldToWhoFollows(t *testing.T) {
	p := open(t, "eperm")
	var told []At
	p.Tell = func(at At) { told = append(told, at) }
	p.told()
	playStep(t, p)
	p.Key("enter")
	playStep(t, p)
	want := []At{{1, true, false}, {1, false, false}, {1, true, false}, {2, true, false}, {2, false, false}, {2, true, true}}
	if len(told) != len(want) {
		t.Fatal(told)
	}
	for i := range want {
		if told[i] != want[i] {
			t.Errorf("%d: %v, want %v", i, told[i], want[i])
		}
	}
}
