// Package viewer shows moments of a log on a whole terminal: the live picture
// and its past, or a recording.
//
// It owns the terminal for as long as it runs: modes, alternate screen, keys. It
// runs in a process of its own, never in the shell's. It decides nothing about
// processes: what is to be seen comes from package companion, the drawing from
// package viz.
//
// Invariants: on every way out the terminal is as it was found: q, ^C, SIGTERM,
// SIGHUP, ^Z (and back at SIGCONT), a companion that is killed; after SIGKILL the
// guard sees to it.
// Nothing is drawn or changed while another process group has the terminal. A
// terminal that takes no output costs frames, never the answer to a key or a
// signal.
package viewer

import (
	"time"

	"golang.org/x/sys/unix"

	"jsh/companion"
	"jsh/pgroup"
	"jsh/viz"
)

// Options say how to show.
type Options struct {
	Style  viz.Style // Width is the viewer's to set
	Player *Player   // of a recording; nil is live
}

// Run shows src until the viewer leaves: 0. It must be called on the main thread. The status is 1 where there is no
// terminal to draw on, with the reason as error; 128 + the signal's number where
// one ended it. What is to be said afterwards, below the learner's prompt, is
// last.
func Run(src companion.Moments, o Options) (status int, last string, err error) {
	tty, err := openTerminal()
	if err != nil {
		return 1, "", err
	}
	unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGHUP), 0, 0, 0) // the guard's end is ours
	signals, err := catchSignals()
	if err != nil {
		return 1, "", err
	}
	v := &view{src: src, style: o.Style, player: o.Player, tty: tty}
	if v.player != nil {
		v.at = v.player.start()
	}
	status = v.run(signals)
	return status, v.last, nil
}

// Show is something else than moments that takes the whole terminal. Its methods
// are called by Run's goroutine alone.
type Show interface {
	// Page is what is to be seen, exactly h lines.
	Page(style viz.Style, w, h int) []string
	// Key takes a key: enter, space, right, left, down, up, home, end, r, q. It says
	// whether that was the end.
	Key(name string) (over bool)
	// Pause is how long until something moves by itself; ok is false where nothing will.
	Pause() (d time.Duration, ok bool)
	// Tick comes after the pause.
	Tick()
}

// RunShow is Run for a Show.
func RunShow(show Show, style viz.Style) (status int, err error) {
	tty, err := openTerminal()
	if err != nil {
		return 1, err
	}
	unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGHUP), 0, 0, 0)
	signals, err := catchSignals()
	if err != nil {
		return 1, err
	}
	v := &view{show: show, style: style, tty: tty}
	return v.run(signals), nil
}

// view is one viewer at work. It belongs to the goroutine of run.
type view struct {
	src    companion.Moments
	style  viz.Style
	player *Player
	show   Show // instead of src
	tty    *terminal

	at   companion.Place
	help bool
	last string // to be said after the end

	shown []string // what the terminal shows, a line each; nil: draw everything
	w, h  int
}

func (v *view) run(signals <-chan unix.Signal) int {
	v.tty.enter()
	defer v.tty.leave()
	keys := v.tty.keys()
	v.draw()
	var updates <-chan struct{}
	if v.src != nil {
		updates = v.src.Updates()
	}
	for {
		var tick <-chan time.Time
		var timer *time.Timer
		switch {
		case !v.tty.inFront():
			timer = time.NewTimer(200 * time.Millisecond) // fg tells a running job nothing
		case v.player != nil && v.player.playing && !v.at.Live():
			timer = time.NewTimer(v.player.pause(v.src, v.at))
		case v.show != nil:
			if d, ok := v.show.Pause(); ok {
				timer = time.NewTimer(d)
			}
		}
		if timer != nil {
			tick = timer.C
		}
		select {
		case sig := <-signals:
			if status := v.signal(sig, signals); status >= 0 {
				return status
			}
		case key, ok := <-keys:
			if !ok { // the terminal hung up
				return 128 + int(unix.SIGHUP)
			}
			if status := v.key(key, signals); status >= 0 {
				return status
			}
		case <-updates:
			// The more there is to draw, the more waits for the next time.
			time.Sleep(frameTime)
		case <-tick:
			if v.tty.inFront() && v.player != nil && v.player.playing {
				v.at = v.player.step(v.src, v.at)
			} else if v.show != nil && v.tty.inFront() {
				v.show.Tick()
			}
		}
		if timer != nil {
			timer.Stop()
		}
		if v.src != nil && v.player == nil {
			if gone := v.src.Moment(v.at).Gone; gone != "" {
				v.last = "viz: " + gone + "; the picture ends here."
				return 1
			}
		}
		v.draw()
	}
}

// frameTime is the least time between two pictures: 25 a second.
const frameTime = 40 * time.Millisecond

// signal does what a signal asks for. status is -1 where the viewer goes on.
func (v *view) signal(sig unix.Signal, signals <-chan unix.Signal) (status int) {
	switch sig {
	case unix.SIGWINCH:
	case unix.SIGCONT:
		v.back()
	case unix.SIGTSTP:
		v.suspend(signals)
	case unix.SIGINT:
		return 0
	default:
		return 128 + int(sig)
	}
	return -1
}

// suspend gives the terminal back and stops the process, as if SIGTSTP had not been
// caught; its guard stops with it.
func (v *view) suspend(signals <-chan unix.Signal) {
	v.tty.leave()
	pgroup.Default(unix.SIGTSTP)
	unix.Kill(unix.Getpid(), unix.SIGTSTP)
	// The stop may come a moment later on another thread; in an orphaned group it
	// never does.
	for waiting := time.After(100 * time.Millisecond); ; {
		select {
		case sig := <-signals:
			if sig != unix.SIGCONT {
				continue
			}
		case <-waiting:
		}
		break
	}
	pgroup.Catch(unix.SIGTSTP)
	v.back()
}

// back takes the terminal again after a stop, if it is ours again.
func (v *view) back() {
	v.tty.enter()
	v.shown = nil
}

// key does what a key asks for. status is -1 where the viewer goes on.
func (v *view) key(k key, signals <-chan unix.Signal) (status int) {
	if v.help && k != keyStop {
		v.help = false
		return -1
	}
	if v.show != nil {
		return v.showKey(k, signals)
	}
	pause := true
	switch k {
	case keyQuit:
		return 0
	case keyStop:
		v.suspend(signals)
	case keyHelp:
		v.help = true
	case keyContrast:
		v.style.Colour, v.style.Bright = true, !v.style.Bright
		pause = false
	case keyAll:
		v.style.All = !v.style.All
		pause = false
	case keyRedraw:
		v.shown, pause = nil, false
	case keyLeft:
		v.at = v.src.Prev(v.at)
	case keyRight:
		v.at = v.src.Next(v.at)
	case keyUp:
		v.at = v.src.PrevEpisode(v.at)
	case keyDown:
		v.at = v.src.NextEpisode(v.at)
	case keyHome:
		v.at = v.src.First()
	case keyEnd:
		v.at = companion.Place{}
	case keySpace:
		if v.player != nil {
			v.player.toggle()
			if v.player.playing && v.src.Next(v.at).Live() {
				v.at = v.src.First()
			}
		}
		pause = false
	case keyFaster, keySlower:
		if v.player != nil {
			v.player.change(k == keyFaster)
		}
		pause = false
	default:
		return -1
	}
	if v.player != nil {
		if v.at.Live() { // a recording has no present
			v.at = v.src.Prev(v.at)
		}
		v.player.playing = v.player.playing && !pause
	}
	return -1
}

// showKeys are the names by which a Show knows the keys.
var showKeys = [...]string{keyQuit: "q", keySpace: "space", keyEnter: "enter", keyAgain: "r", keyLeft: "left", keyRight: "right",
	keyUp: "up", keyDown: "down", keyHome: "home", keyEnd: "end"}

// showKey does what a key asks for that belongs to every terminal, and gives the
// rest to the show.
func (v *view) showKey(k key, signals <-chan unix.Signal) (status int) {
	switch {
	case k == keyStop:
		v.suspend(signals)
	case k == keyContrast:
		v.style.Colour, v.style.Bright = true, !v.style.Bright
	case k == keyRedraw:
		v.shown = nil
	case int(k) < len(showKeys) && showKeys[k] != "" && v.show.Key(showKeys[k]):
		return 0
	}
	return -1
}
