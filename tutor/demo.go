package tutor

import (
	"fmt"
	"io"
	"strings"

	"jsh/event"
	"jsh/lessons/scenes"
	"jsh/tutor/wire"
)

// chooseDemo makes a scene what is played.
func (t *tutor) chooseDemo(w []string) (say wire.Say, ok bool) {
	refuse := func(text string, status int) (wire.Say, bool) {
		return wire.Say{Text: text, Status: status}, false
	}
	if len(w) != 1 {
		return refuse("demo: one scene at a time; demo alone lists them", 2)
	}
	l := scenes.Named(w[0])
	if l == nil {
		return refuse("demo: "+event.Visible(w[0])+": no such scene; demo alone lists them", 2)
	}
	reason := strings.Join(lacking(l), "; ")
	if !t.cl.Screen() {
		reason = noScreen
	}
	if reason != "" {
		if _, err := scenes.Recorded(l); err != nil {
			return refuse("demo: "+l.ID+" is not played here: "+reason+"; and "+err.Error(), 1)
		}
		return refuse(reason, wire.Refused)
	}
	l = l.Instance(1)
	l.ID = sceneID + l.ID // a lesson may have the same name
	t.play(l, scenes.New(l), false)
	return wire.Say{}, true
}

// noScreen is why a scene is not played in a shell without a screen.
const noScreen = "this shell has no split screen, in which a scene is played: start jsh without -i and --plain, on 80 columns and 24 rows at least (jsh --screen: 60 and 18)"

// sceneID stands before a scene's id in the log.
const sceneID = "demo:"

const demoUsage = `usage: demo | demo --check | demo --notes [PID] | demo --recorded [SCENE|FILE.reel]
       demo --make-recordings DIR [SCENE...]
       demo SCENE (inside jsh)`

// demoCommand is the program demo: what needs no shell. guarded says that another
// process puts the terminal in order after this one.
func demoCommand(args []string, guarded bool, host Host, out, errs io.Writer) int {
	switch {
	case len(args) == 0:
		return demoList(out)
	case args[0] == "--help":
		fmt.Fprintln(out, demoUsage)
		return 0
	case args[0] == "--notes" && len(args) <= 2:
		return notes(strings.Join(args[1:], ""), out, errs)
	case args[0] == "--check" && len(args) == 1:
		return demoCheck(out)
	case args[0] == "--recorded":
		return showRecorded(args, guarded, host, errs)
	case args[0] == "--make-recordings" && len(args) > 1:
		return makeRecordings(args[1], args[2:], host, out, errs)
	case strings.HasPrefix(args[0], "-"):
		fmt.Fprintln(errs, "demo: "+event.Visible(args[0])+": no such option, or it wants something else behind it\n"+demoUsage)
		return 2
	}
	fmt.Fprintln(errs, "demo: "+event.Visible(args[0])+": type it inside jsh: a scene is played in its screen. Its recording is shown\nanywhere: jsh demo --recorded "+event.Visible(args[0]))
	return 2
}

// demoList names the scenes.
func demoList(out io.Writer) int {
	for i, l := range scenes.All() {
		state := ""
		if len(lacking(l)) > 0 {
			state = "  (recorded)"
			if _, err := scenes.Recorded(l); err != nil {
				state = "  (not on this machine)"
			}
		}
		steps := fmt.Sprintf("%d steps", len(l.Steps))
		if len(l.Steps) == 1 {
			steps = "1 step "
		}
		fmt.Fprintf(out, "  %d %-12s %-30s %s  %s%s\n", i+1, l.ID, l.Title, steps, strings.Join(l.Claims, " "), state)
	}
	fmt.Fprintln(out, "demo SCENE plays one, a key at a time; demo --notes, in a second terminal, has the speaker's notes.")
	return 0
}

// demoCheck tells of each scene whether it is live on this machine, and which
// recording there is. The status is 1 where one can be shown in neither way.
func demoCheck(out io.Writer) int {
	status := 0
	for i, l := range scenes.All() {
		r, err := scenes.Recorded(l)
		lacks := lacking(l)
		state, made := "live", ""
		if len(lacks) > 0 {
			state = "recorded"
		}
		if err == nil {
			made = "recording: " + r.Made()
		} else {
			made = err.Error()
			if len(lacks) > 0 {
				state, status = "not", 1
			}
		}
		fmt.Fprintf(out, "  %d %-12s %-9s %s\n", i+1, l.ID, state, made)
		for _, line := range lacks {
			fmt.Fprintln(out, "      "+line)
		}
	}
	fmt.Fprintln(out, "A live scene is played in jsh's split screen. What does not come out there is offered as its\nrecording. demo --recorded SCENE shows one.")
	return status
}
