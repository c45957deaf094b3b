package screen

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/proc"
	"jsh/screen/grid"
	"jsh/viz"
)

func itoa(n int) string { return strconv.Itoa(n) }

// pictures makes the picture on a goroutine of its own, so that it never
// delays a key, and hands each over as a whole grid.
type pictures struct {
	post  int // eventfd that wakes the loop
	style viz.Style

	mu    sync.Mutex
	w, h  int
	pid   int
	keys  []event.Event
	ready *grid.Grid // made, not yet taken

	shown *grid.Grid // the loop's
	wake  chan struct{}
	quit  chan struct{}
}

func newPictures(post int) *pictures {
	p := &pictures{post: post, wake: make(chan struct{}, 1), quit: make(chan struct{})}
	p.style = viz.Style{ASCII: !utf8Locale(), Colour: os.Getenv("NO_COLOR") == ""}
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

func (p *pictures) size(w, h int)     { p.change(func() { p.w, p.h = w, h }) }
func (p *pictures) shell(pid int)     { p.change(func() { p.pid = pid }) }
func (p *pictures) key(e event.Event) { p.change(func() { p.keys = append(p.keys, e) }) }
func (p *pictures) setContrast(bool)  {}
func (p *pictures) close()            { close(p.quit) }
func (p *pictures) grid() *grid.Grid  { return p.shown }

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
	r, err := proc.Open()
	if err != nil {
		return
	}
	defer r.Close()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	var snap proc.Snapshot
	var tree *proc.Tree
	var last []string
	for {
		select {
		case <-p.quit:
			return
		case <-p.wake:
		case <-tick.C:
		}
		p.mu.Lock()
		w, h, pid := p.w, p.h, p.pid
		p.mu.Unlock()
		if w <= 0 || h <= 0 || r.Read(&snap) != nil {
			continue
		}
		style := p.style
		style.Width = w
		tree = proc.Next(tree, &snap, proc.World{Shell: pid})
		lines := viz.Tree(tree, style)
		if len(lines) > h {
			lines = lines[:h]
		}
		if slices.Equal(lines, last) {
			continue
		}
		last = slices.Clone(lines)
		g := grid.New(w, h, grid.Options{})
		g.Write([]byte("\x1b[?7l" + strings.Join(lines, "\r\n")))
		p.mu.Lock()
		p.ready = g
		p.mu.Unlock()
		unix.Write(p.post, []byte{1, 0, 0, 0, 0, 0, 0, 0})
	}
}
