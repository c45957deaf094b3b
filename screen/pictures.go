package screen

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"jsh/companion"
	"jsh/event"
	"jsh/screen/grid"
	"jsh/viz"
)

func itoa(n int) string { return strconv.Itoa(n) }

// pictures makes the picture on a goroutine of its own, so that it never
// delays a key, and hands each over as a whole grid.
type pictures struct {
	post int            // eventfd that wakes the loop
	hub  *companion.Hub // nil: there can be none, and broken says why
	path string         // where other terminals and the shell connect

	mu     sync.Mutex
	style  viz.Style
	w, h   int
	place  companion.Place
	broken string
	ready  *grid.Grid // made, not yet taken

	shown *grid.Grid // the loop's
	wake  chan struct{}
	quit  chan struct{}
	done  sync.WaitGroup
}

const (
	// refresh is the least time between two pictures: changes that come faster
	// than one can see are drawn together.
	refresh = 100 * time.Millisecond
	// share bounds what pictures cost where there are thousands of processes:
	// after each the pause is so many times what it took.
	share = 60
)

// newPictures begins to make pictures. request does what the shell asks of the
// screen, typist types at it, band shows a lesson's; plumbing are pids that serve
// the screen.
func newPictures(post int, request func(string) error, typist func(string), band func(companion.Band), plumbing ...int) *pictures {
	p := &pictures{post: post, wake: make(chan struct{}, 1), quit: make(chan struct{})}
	p.style = viz.Style{ASCII: !utf8Locale(), Colour: os.Getenv("NO_COLOR") == ""}
	o := companion.Options{Socket: true, Plumbing: plumbing, Screen: request, Type: typist, Band: band}
	var err error
	if p.hub, err = companion.NewHub(o); err != nil {
		p.broken = err.Error()
		o.Socket = false // the picture is there, though the shell cannot tell what it does
		if p.hub, err = companion.NewHub(o); err != nil {
			p.hub = nil
		}
	}
	if p.hub != nil {
		p.path = p.hub.Path()
	}
	p.done.Add(1)
	go p.work()
	return p
}

// utf8Locale tells whether the locale's characters are UTF-8.
func utf8Locale() bool {
	for _, n := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToUpper(os.Getenv(n)); v != "" {
			return strings.Contains(v, "UTF-8") || strings.Contains(v, "UTF8")
		}
	}
	return false
}

func (p *pictures) change(f func()) {
	p.mu.Lock()
	f()
	p.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

func (p *pictures) size(w, h int)    { p.change(func() { p.w, p.h = w, h }) }
func (p *pictures) contrast(on bool) { p.change(func() { p.style.Bright = on }) }
func (p *pictures) grid() *grid.Grid { return p.shown }
func (p *pictures) key(e event.Event) { // of a signal key
	if p.hub != nil {
		p.hub.Append(e)
	}
}

// room says how large a lesson's band may be.
func (p *pictures) room(cols, rows int) {
	if p.hub != nil {
		p.hub.SetRoom(cols, rows)
	}
}

// bandKey gives the lesson a key.
func (p *pictures) bandKey(name string) {
	if p.hub != nil {
		p.hub.BandKey(name)
	}
}

// shell says whose picture it is.
func (p *pictures) shell(pid int) {
	if p.hub == nil {
		return
	}
	if err := p.hub.SetShell(pid); err != nil {
		p.change(func() { p.broken = err.Error() })
	}
}

// look goes to another moment, which the function chooses from the present one.
func (p *pictures) look(f func(companion.Moments, companion.Place) companion.Place) {
	if p.hub == nil {
		return
	}
	p.change(func() { p.place = f(p.hub, p.place) })
}

// where is the moment that the picture shows.
func (p *pictures) where() companion.Place {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.place
}

// close waits a second at most: a recording may go to a file system that does
// not answer.
func (p *pictures) close() {
	close(p.quit)
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		p.done.Wait()
		if p.hub != nil {
			p.hub.Close()
		}
	}()
	select {
	case <-closed:
	case <-time.After(time.Second):
	}
}

// take takes over a picture that is ready.
func (p *pictures) take() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ready == nil {
		return false
	}
	p.shown, p.ready = p.ready, nil
	return true
}

func (p *pictures) work() {
	defer p.done.Done()
	var updates <-chan struct{}
	if p.hub != nil {
		updates = p.hub.Updates()
	}
	pause := time.NewTimer(0)
	defer pause.Stop()
	var last []string
	var lastW, lastH int
	for {
		select {
		case <-p.quit:
			return
		case <-p.wake:
		case <-updates:
		}
		select { // not faster than refresh
		case <-p.quit:
			return
		case <-pause.C:
		}
		p.mu.Lock()
		w, h := p.w, p.h
		p.mu.Unlock()
		if w <= 0 || h <= 0 {
			pause.Reset(refresh)
			continue
		}
		began := time.Now()
		lines := p.lines(w, h)
		pause.Reset(min(max(refresh, share*time.Since(began)), time.Second))
		if w == lastW && h == lastH && slices.Equal(lines, last) {
			continue
		}
		last, lastW, lastH = lines, w, h
		g := grid.New(w, h, grid.Options{})
		g.Write([]byte("\x1b[?7l" + strings.Join(lines, "\r\n")))
		p.mu.Lock()
		p.ready = g
		p.mu.Unlock()
		unix.Write(p.post, []byte{1, 0, 0, 0, 0, 0, 0, 0})
	}
}

// lines is the picture of now, or of the moment that is looked at.
func (p *pictures) lines(w, h int) []string {
	p.mu.Lock()
	style, place, broken := p.style, p.place, p.broken
	p.mu.Unlock()
	style.Width = w
	if p.hub == nil {
		return []string{"No picture: " + broken}
	}
	m := p.hub.Moment(place)
	lines := viz.Live(viz.Moment{
		Tree: m.Tree, Events: m.Events, Context: m.Context, Line: m.Line,
		Episode: m.Episode, Episodes: m.Episodes, Step: m.Step, Steps: m.Steps,
		Past: m.Past, Source: m.Source, Lost: m.Lost,
		Marks: m.Marks, Inside: m.Inside, Room: hintRoom,
	}, style, w, h)
	if broken != "" && len(lines) > 1 {
		lines[len(lines)-1] = "The shell's own events are missing: " + broken
	}
	return lines
}
