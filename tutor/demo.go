package tutor

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"jsh/companion"
	"jsh/event"
	"jsh/lessons/page"
	"jsh/lessons/scenes"
	"jsh/tutor/wire"
)

// chooseDemo makes a scene what is played.
func (t *tutor) chooseDemo(w []string) (say wire.Say, ok bool) {
	refuse := func(text string, status int) (wire.Say, bool) {
		return wire.Say{Text: "demo: " + text, Status: status}, false
	}
	if len(w) != 1 {
		return refuse("one scene at a time; demo alone lists them", 2)
	}
	l := scenes.Named(w[0])
	switch {
	case l == nil:
		return refuse(event.Visible(w[0])+": no such scene; demo alone lists them", 2)
	case !t.cl.Screen():
		return refuse("a scene is shown in the split screen, where its keys are; start jsh without -i and --plain", 1)
	}
	if err := wanting(l); err != nil {
		return refuse(err.Error(), 1)
	}
	l = l.Instance(1)
	l.ID = sceneID + l.ID // a lesson may have the same name
	t.play(l, scenes.New(l), false)
	return wire.Say{}, true
}

// sceneID stands before a scene's id in the log.
const sceneID = "demo:"

const demoUsage = "usage: demo | demo SCENE | demo --notes [PID]"

// demoCommand is the program demo: what needs no shell.
func demoCommand(args []string, out, errs io.Writer) int {
	switch {
	case len(args) == 0:
		for i, l := range scenes.All() {
			state := ""
			if wanting(l) != nil {
				state = "  (not on this machine)"
			}
			fmt.Fprintf(out, "  %d %-12s %-30s %d steps  %s%s\n", i+1, l.ID, l.Title, len(l.Steps), strings.Join(l.Claims, " "), state)
		}
		fmt.Fprintln(out, "demo SCENE shows one, a key at a time; demo --notes, in a second terminal, has the speaker's notes.")
		return 0
	case args[0] == "--help":
		fmt.Fprintln(out, demoUsage)
		return 0
	case args[0] == "--notes" && len(args) <= 2:
		return notes(strings.Join(args[1:], ""), out, errs)
	}
	fmt.Fprintln(errs, "demo: "+event.Visible(args[0])+": type it inside jsh: a scene is shown in its screen\n"+demoUsage)
	return 2
}

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
	scene *page.Lesson
	step  int
}

func (p *teleprompter) take(e *event.Event) {
	if e.Kind != event.Told {
		return
	}
	w := strings.Fields(e.Text)
	if len(w) >= 2 && w[0] == "lesson" {
		p.scene, p.step = nil, 0
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
	text := p.scene.Title + "   " + strconv.Itoa(i) + " of " + strconv.Itoa(n) + "   " + strings.Join(p.scene.Claims, " ") + "\n\n" +
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
