package tutor

import (
	"strconv"
	"strings"
	"time"

	"jsh/event"
	"jsh/lessons/check"
	"jsh/lessons/page"
	"jsh/lessons/scenes"
)

// enough is how long a step of a scene may stand still, with nothing left to type or
// waiting for what does not come, before it counts as refused. A class waits no
// longer.
const enough = 7 * time.Second

// stuck is how long a scene has stood still.
type stuck struct {
	at    string // where it stands
	since time.Time
}

// watchScene finds a step that does not come out.
func (t *tutor) watchScene() {
	p, ok := t.player.(*scenes.Player)
	if !ok || !p.Running() || t.done {
		t.stuck = stuck{}
		return
	}
	at := strconv.Itoa(p.Progress().Step)
	if y := t.typing; y != nil {
		at += " " + strconv.Itoa(len(y.inputs)) + " " + strconv.Itoa(y.at)
	}
	if at != t.stuck.at {
		t.stuck = stuck{at, t.now()}
	}
	if t.now().Sub(t.stuck.since) < enough {
		return
	}
	w := t.log.World()
	why := ""
	if y := t.typing; y != nil && len(y.inputs) > 0 && y.inputs[0].Kind == page.Await {
		if e, err := check.Compile(y.inputs[0].Text); err == nil {
			why = e.Eval(w).Explain()
		}
	}
	if why == "" {
		why = p.Lacks(w)
	}
	if why == "" {
		why = "what the step waits for does not come"
	}
	if no := t.refusal(); no != "" {
		why = no + "; " + why
	}
	var rescue []string
	if l := scenes.Named(strings.TrimPrefix(t.lesson.ID, sceneID)); l != nil {
		if _, err := scenes.Recorded(l); err == nil {
			n := strconv.Itoa(p.Progress().Step + 1)
			rescue = []string{"command demo --recorded --step " + n + " --because " + quoted(why) + " " + l.ID}
		}
	}
	p.Stuck(why, rescue)
}

// refusal is the newest call since the step began that the kernel refused the shell:
// its words name the errno. Else it is a command that failed.
func (t *tutor) refusal() string {
	said := ""
	for _, e := range t.log.World().Events {
		if e.Seq <= t.log.From || e.Source != event.Shell {
			continue
		}
		if e.Errno != 0 {
			if lines := event.Narrate(&e, event.Context{ShellPid: t.log.Story.Shell}); len(lines) > 0 {
				said = lines[0]
			}
		} else if e.Kind == event.LineEnd && e.Status != 0 && e.Status < 128 && said == "" {
			said = "a command ended with status " + strconv.Itoa(e.Status)
		}
	}
	return said
}

// quoted is a word for the shell.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
