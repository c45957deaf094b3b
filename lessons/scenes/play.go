package scenes

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"jsh/lessons/check"
	"jsh/lessons/page"
	"jsh/lessons/play"
	"jsh/typeset"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Player shows one scene. A host plays it as it plays a play.Player.
type Player struct {
	scene  *page.Lesson
	step   int
	phase  phase
	checks []*check.Expr
	seen   uint64 // the newest event
	from   uint64 // the first that counts for the step
	ready  bool   // the setup has run
	left   bool
	busy   bool   // a job of the scene has the keyboard
	told   string // what Plain has said

	stuck  string   // why the step has not come out so far; "" it may yet
	rescue []string // lines that show the scene's recording
}

// phase is how far a step is.
type phase int

const (
	before  phase = iota // the words are there, and nothing is typed yet
	running              // it is typed, and happens
	shown                // it has happened
)

// New shows a scene from its beginning.
func New(scene *page.Lesson) *Player { return &Player{scene: scene} }

// Begin enters the first step.
func (p *Player) Begin() play.Reply { return p.enter(0) }

func (p *Player) enter(i int) play.Reply {
	s := &p.scene.Steps[i]
	p.step, p.phase, p.checks = i, before, nil
	p.stuck, p.rescue = "", nil
	for _, line := range s.Checks {
		e, err := check.Compile(line.Text)
		if err != nil {
			e = nil // lint has told
		}
		p.checks = append(p.checks, e)
	}
	if len(s.Solutions) == 0 {
		p.phase = shown
	}
	p.ready = len(s.Setup) == 0
	p.from = p.seen + 1
	return play.Reply{Run: slices.Clone(s.Setup)}
}

// Ran is play.Player.Ran.
func (p *Player) Ran(seq uint64) {
	p.seen = max(p.seen, seq)
	p.from, p.ready = p.seen+1, true
}

// See looks whether what was typed has happened.
func (p *Player) See(w *check.World) (changed bool) {
	for i := range w.Events {
		p.seen = max(p.seen, w.Events[i].Seq)
	}
	w.From = p.from
	p.busy = !atPrompt().Eval(w).Holds()
	if p.phase != running || !p.ready {
		return false
	}
	for _, e := range p.checks {
		if e == nil || !e.Eval(w).Holds() {
			return false
		}
	}
	p.phase, p.stuck = shown, ""
	return true
}

// atPrompt says that the shell has the keyboard.
var atPrompt = sync.OnceValue(func() *check.Expr {
	e, err := check.Compile("prompt()")
	if err != nil {
		panic(err) // a word of ours
	}
	return e
})

// Rest has nothing to say: the speaker says it.
func (p *Player) Rest() bool { return false }

// Running says that a step's lines are being typed, or that what they lead to has
// not happened yet.
func (p *Player) Running() bool { return p.phase == running }

// Lacks is the evidence against the first check of a running step that does not hold,
// "" where all hold.
func (p *Player) Lacks(w *check.World) string {
	w.From = p.from
	return check.Lacks(p.checks, w)
}

// Stuck says that a running step does not come out on this machine, and why. From now
// on a key leaves the scene and runs lines, those that show its recording; without any,
// there is none. The step may still come to its end.
func (p *Player) Stuck(why string, rescue []string) {
	if p.phase == running {
		p.stuck, p.rescue = why, rescue
	}
}

// Happened says that the step has come to its end, for a host that shows a scene of
// another day: nobody's kernel is asked then.
func (p *Player) Happened() {
	if p.phase == running {
		p.phase = shown
	}
}

// Waits tells whether a key goes on.
func (p *Player) Waits() bool { return p.ready && p.phase != running }

// Progress is where the scene is.
func (p *Player) Progress() play.Progress {
	return play.Progress{ID: p.scene.ID, Seed: p.scene.Seed, Step: p.step, Steps: len(p.scene.Steps),
		Done: p.step == len(p.scene.Steps)-1 && p.phase == shown}
}

// Tell takes next, back, restart, where and quit.
func (p *Player) Tell(words []string) play.Reply {
	switch words[0] {
	case "next", "show", "skip":
		return p.next()
	case "back":
		return p.enter(max(0, p.step-1))
	case "restart":
		return p.reset()
	case "where":
		p.told = ""
		return play.Reply{}
	case "quit":
		return p.quit()
	}
	return play.Reply{Err: "a scene asks nothing: demo next, back, restart, quit"}
}

// Key takes the keys of the band: one to go on, one to begin anew.
func (p *Player) Key(name string) play.Reply {
	switch name {
	case "enter", "space", "right", "pgdn", "down":
		return p.next()
	case "left", "pgup", "up":
		return p.enter(max(0, p.step-1))
	case "r":
		return p.reset()
	case "q":
		return p.quit()
	}
	return play.Reply{}
}

// next types what is to be typed, or goes on to the next step.
func (p *Player) next() play.Reply {
	switch {
	case p.phase == running && p.stuck != "" && len(p.rescue) > 0:
		r := p.quit()
		r.Run = append(r.Run, p.rescue...)
		return r
	case !p.ready || p.phase == running:
		return play.Reply{}
	case p.phase == before:
		p.from = p.seen + 1
		p.phase = running
		if len(p.checks) == 0 {
			p.phase = shown
		}
		return play.Reply{Type: slices.Clone(p.scene.Steps[p.step].Solutions[0].Inputs)}
	case p.step == len(p.scene.Steps)-1:
		return p.quit()
	}
	return p.enter(p.step + 1)
}

// reset ends what the scene has started and begins anew, in one go.
func (p *Player) reset() play.Reply {
	r := p.enter(0)
	r.Run = append(slices.Clone(p.scene.Cleanup), r.Run...)
	r.Type = p.release()
	p.ready = len(r.Run) == 0
	return r
}

func (p *Player) quit() play.Reply {
	p.left = true
	return play.Reply{Run: slices.Clone(p.scene.Cleanup), Type: p.release(), Done: true}
}

// release is what a hand types so that the shell has the keyboard again, for only
// then it can clean up.
func (p *Player) release() []page.Input {
	if !p.busy {
		return nil
	}
	return []page.Input{{Kind: page.TypeKey, Text: "^C"}}
}

// Band is what the class sees: large words are the terminal's affair, few words
// ours.
func (p *Player) Band(cols, rows int, st play.Style) play.Band {
	if p.left || rows < 1 || cols < 8 {
		return play.Band{}
	}
	s := &p.scene.Steps[p.step]
	lines := texts(s.Text)
	help := "Enter: type it   r: anew   q: leave"
	switch p.phase {
	case running:
		help = "it happens now"
		if p.stuck != "" {
			help = "r: anew   q: leave"
			lines = typeset.Fold("Refused here: "+p.stuck+".", cols-2)
			lines = lines[:min(len(lines), 3)]
			if len(p.rescue) > 0 {
				help = "Enter: the recording   r: anew   q: leave"
				lines = append(lines, "What you see is live, and stays so. Enter shows a recording instead.")
			}
		}
	case shown:
		if len(s.Why) > 0 {
			lines = texts(s.Why)
		}
		help = "Enter: go on   r: anew   q: leave"
		if p.step == len(p.scene.Steps)-1 {
			help = "Enter: the end   r: anew"
		}
	}
	if !p.ready {
		help = "a moment"
	}
	b := play.Band{Keys: p.ready}
	b.Lines = append(b.Lines, head(itoa(p.step+1)+" of "+itoa(len(p.scene.Steps))+"  "+s.Title, help, cols, st))
	for _, l := range lines {
		if len(b.Lines) < rows {
			b.Lines = append(b.Lines, " "+looked(typeset.Cut(l, cols-1, "~"), st))
		}
	}
	return b
}

// Plain is for a terminal without a screen: the same words.
func (p *Player) Plain(cols int) string {
	if p.left {
		return ""
	}
	key := itoa(p.step) + itoa(int(p.phase))
	if key == p.told || p.phase == running {
		return ""
	}
	p.told = key
	s := &p.scene.Steps[p.step]
	if p.phase == shown && len(s.Why) > 0 {
		return strings.Join(texts(s.Why), "\n")
	}
	return "[" + itoa(p.step+1) + " of " + itoa(len(p.scene.Steps)) + "]  " + s.Title + "\n" + strings.Join(texts(s.Text), "\n")
}

func texts(lines []page.Line) (all []string) {
	for _, l := range lines {
		if l.Text != "" {
			all = append(all, l.Text)
		}
	}
	return all
}

// head is a title at the left and the keys at the right.
func head(title, help string, cols int, st play.Style) string {
	if first, _, more := strings.Cut(help, "   "); more && typeset.Width(title)+typeset.Width(help)+4 > cols {
		help = first // the key that goes on is there whatever the title
	}
	if room := cols - 4 - typeset.Width(help); room >= 12 {
		title = typeset.Cut(title, room, "~")
	}
	title = typeset.Cut(title, cols-2, "~")
	gap := cols - 2 - typeset.Width(title) - typeset.Width(help)
	if gap < 2 {
		help, gap = "", 0
	}
	if !st.Plain {
		title = "\x1b[1m" + title + "\x1b[0m"
		if help != "" {
			help = "\x1b[2m" + help + "\x1b[0m"
		}
	}
	return " " + title + strings.Repeat(" ", gap) + help
}

// looked is a line with its **new terms** in bold.
func looked(line string, st play.Style) string {
	bold, off := "\x1b[1m", "\x1b[0m"
	if st.Plain {
		bold, off = "", ""
	}
	for strings.Count(line, "**") >= 2 {
		line = strings.Replace(strings.Replace(line, "**", bold, 1), "**", off, 1)
	}
	return strings.ReplaceAll(line, "`", "")
}
