package projector

import (
	"os"
	"time"

	"jsh/companion"
	"jsh/lessons/page"
	"jsh/lessons/scenes"
	"jsh/lessons/scenes/reel"
	"jsh/screen/grid"
	"jsh/screen/viewer"
	"jsh/viz"
)

// Scene is what is to be shown.
type Scene struct {
	Lesson  *page.Lesson
	Reel    *reel.Reel
	Step    int      // to begin with, from 0
	Because string   // why it is not live; "" it was asked for
	Tell    func(At) // who follows where the scene is; nil: nobody
}

// At is where a scene is.
type At struct {
	Step      int  // from 1
	Done, End bool // a key goes on; the last step has happened
}

// Guard runs jsh with args in a child that Run is called in, and puts the terminal in order
// whatever becomes of it (viewer.Guard).
func Guard(args []string) int {
	exe, err := os.Executable()
	if err != nil {
		exe = "/proc/self/exe"
	}
	return viewer.Guard(exe, args)
}

// Run shows a scene until its end, or until it is left. It must be called on the main
// thread, in a child of Guard.
func Run(s Scene, style viz.Style) (status int, err error) {
	p := newProjection(s)
	p.told()
	return viewer.RunShow(p, style)
}

// projection is a scene that is being shown. It belongs to one goroutine.
type projection struct {
	Scene
	player *scenes.Player
	film   *companion.Film
	grid   *grid.Grid
	fed    int   // pieces that the grid has been shown
	at     int64 // the time in the recording

	playing bool
	from    int64     // the time in the recording at which playing began
	since   time.Time // when that was
	until   int64     // where it pauses
	opened  bool      // a key was pressed: why it is not live has been read
	damage  error     // of the log
	place   At        // what was told last
}

func newProjection(s Scene) *projection {
	lines := make([]companion.Line, len(s.Reel.Log))
	for i, l := range s.Reel.Log {
		lines[i] = companion.Line(l)
	}
	p := &projection{Scene: s, player: scenes.New(s.Lesson), film: companion.NewFilm(lines)}
	p.player.Begin()
	p.player.Ran(0)
	for range min(s.Step, len(s.Lesson.Steps)-1) {
		p.pass()
	}
	p.rewind()
	p.show(p.mark().Begin)
	return p
}

// pass goes to the next step.
func (p *projection) pass() {
	p.player.Key("enter")
	p.player.Happened()
	p.player.Key("enter")
	p.player.Ran(0)
}

func (p *projection) step() int { return p.player.Progress().Step }

func (p *projection) mark() reel.Mark { return p.Reel.Marks[min(p.step(), len(p.Reel.Marks)-1)] }

// rewind begins with an empty terminal.
func (p *projection) rewind() {
	cols, rows := 80, 24
	for _, s := range p.Reel.Shown {
		if s.Text == "" {
			cols, rows = s.Cols, s.Rows
			break
		}
	}
	p.grid, p.fed = grid.New(cols, rows, grid.Options{Scrollback: 200}), 0
}

// show goes to a time of the recording.
func (p *projection) show(at int64) {
	if at < p.at {
		p.rewind()
	}
	p.at = at
	for ; p.fed < len(p.Reel.Shown) && p.Reel.Shown[p.fed].At <= at; p.fed++ {
		if s := &p.Reel.Shown[p.fed]; s.Text != "" {
			p.grid.Write([]byte(s.Text))
		} else {
			p.grid.Resize(s.Cols, s.Rows)
		}
	}
	p.damage = p.film.To(at)
}

// Key is viewer.Show's.
func (p *projection) Key(name string) (over bool) {
	p.opened = true
	step, ran := p.step(), p.player.Running()
	switch name {
	case "home", "end":
		return false
	}
	if p.player.Key(name).Done {
		return true
	}
	p.player.Ran(0)
	switch {
	case p.player.Running() && !ran:
		m := p.mark()
		p.show(m.Begin)
		p.playing, p.from, p.since, p.until = true, m.Begin, time.Now(), m.End
	case p.step() != step || name == "r" || !p.player.Running() && ran || name == "left" || name == "up":
		p.playing = false
		p.show(p.mark().Begin)
	}
	p.told()
	return false
}

// beat is the time between two pages while something moves.
const beat = 40 * time.Millisecond

// Pause is viewer.Show's.
func (p *projection) Pause() (time.Duration, bool) { return beat, p.playing }

// Tick is viewer.Show's.
func (p *projection) Tick() {
	if !p.playing {
		return
	}
	p.goTo(p.from + int64(time.Since(p.since)))
}

// goTo goes on to a time of the step that is playing.
func (p *projection) goTo(at int64) {
	at = min(at, p.until)
	p.show(at)
	if at >= p.mark().Done {
		p.player.Happened()
		p.told()
	}
	p.playing = at < p.until
}

// told tells where the scene is, if that has changed.
func (p *projection) told() {
	at := p.player.Progress()
	place := At{Step: at.Step + 1, Done: p.player.Waits(), End: at.Done}
	if place != p.place && p.Tell != nil {
		p.Tell(place)
	}
	p.place = place
}
