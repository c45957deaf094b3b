package viewer

import (
	"strconv"
	"time"

	"jsh/companion"
)

// Player moves through a recording as time went by in it.
type Player struct {
	speed   float64
	playing bool
}

// NewPlayer plays so many times as fast as it happened; with step it waits for
// keys.
func NewPlayer(speed float64, step bool) *Player {
	return &Player{speed: speed, playing: !step}
}

// A pause in the recording is no longer than this: nobody wants to see a
// prompt wait.
const longestPause = 3 * time.Second

func (p *Player) start() companion.Place { return companion.Place{Episode: -1, Step: 1} }

// pause is how long the moment at a place is to be shown.
func (p *Player) pause(src companion.Moments, at companion.Place) time.Duration {
	next := src.Next(at)
	if next.Live() {
		return longestPause
	}
	d := time.Duration(float64(src.Moment(next).At-src.Moment(at).At) / p.speed)
	return min(max(d, 0), longestPause)
}

// step goes on by one event. At the last it stays.
func (p *Player) step(src companion.Moments, at companion.Place) companion.Place {
	next := src.Next(at)
	if next.Live() {
		p.playing = false
		return src.Moment(at).Place
	}
	return next
}

func (p *Player) toggle() { p.playing = !p.playing }

func (p *Player) change(faster bool) {
	if faster {
		p.speed = min(p.speed*2, 1024)
	} else {
		p.speed = max(p.speed/2, 1.0/64)
	}
}

func (p *Player) words() string { return strconv.FormatFloat(p.speed, 'g', 4, 64) + "x" }
