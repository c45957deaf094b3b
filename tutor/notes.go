package tutor

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"jsh/companion"
	"jsh/event"
	"jsh/lessons/page"
	"jsh/lessons/scenes"
	"jsh/tutor/wire"
)

// notes shows what the speaker is to know of the scene that runs in another
// terminal, until that shell ends.
func notes(word string, out, errs io.Writer) int {
	found, err := companion.Named(word)
	if err != nil {
		fmt.Fprintln(errs, "demo --notes: "+err.Error())
		return 1
	}
	cl, err := companion.Dial(found.Path)
	if err != nil {
		fmt.Fprintln(errs, "demo --notes: "+err.Error())
		return 1
	}
	defer cl.Close()
	shown := ""
	var at teleprompter
	for seq := uint64(0); ; {
		s := cl.Since(seq)
		seq = s.Last
		for i := range s.Events {
			at.take(&s.Events[i])
		}
		if text := at.text(); text != shown {
			shown = text
			fmt.Fprint(out, "\x1b[H\x1b[2J"+text)
		}
		if s.Gone != "" {
			fmt.Fprintln(out, "\n"+s.Gone)
			return 0
		}
		<-cl.Updates()
	}
}

// teleprompter follows where a scene is, by what the log was told.
type teleprompter struct {
	scene    *page.Lesson
	step     int
	recorded bool
}

func (p *teleprompter) take(e *event.Event) {
	if e.Kind != event.Told {
		return
	}
	w := strings.Fields(e.Text)
	if len(w) >= 2 && w[0] == "lesson" {
		p.scene, p.step, p.recorded = nil, 0, slices.Contains(w, recordedWord)
		for _, l := range scenes.All() {
			if sceneID+l.ID == w[1] {
				p.scene, p.step = l, 1
			}
		}
		return
	}
	if at, ok := wire.ParsePlace(e.Text); ok {
		p.step = at.Step
	}
}

func (p *teleprompter) text() string {
	if p.scene == nil {
		return "No scene runs. demo SCENE, in the other terminal, begins one.\n"
	}
	n := len(p.scene.Steps)
	i := min(max(p.step, 1), n)
	text := ""
	if p.recorded {
		text = "RECORDING. The class sees one, not this machine.\n\n"
	}
	text += p.scene.Title + "   " + strconv.Itoa(i) + " of " + strconv.Itoa(n) + "   " + strings.Join(p.scene.Claims, " ") + "\n\n" +
		p.scene.Steps[i-1].Title + "\n\n  " + strings.Join(scenes.Note(p.scene, i), "\n  ") + "\n"
	if len(p.scene.Steps[i-1].Solutions) > 0 {
		text += "\nIt types:\n"
		for _, in := range p.scene.Steps[i-1].Solutions[0].Inputs {
			if in.Kind != page.Await {
				text += "  " + in.Text + "\n"
			}
		}
	}
	if i < n {
		text += "\nNext: " + p.scene.Steps[i].Title + "\n"
	}
	return text
}
