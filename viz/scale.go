package viz

import (
	"cmp"
	"math"
	"slices"
	"strconv"
)

// scale maps the time of a past to columns: linear, but for stretches in which
// nothing happens and that would squeeze the rest to nothing. Those are cut
// out, each leaving a break of breakWidth columns.
type scale struct {
	from   int64
	pieces []piece // in order, without gaps
	width  float64
	rate   float64 // columns a nanosecond, outside of breaks
}

type piece struct {
	t0, t1 int64
	x0, x1 float64
	broken bool
}

const (
	breakWidth = 4
	maxBreaks  = 6
	breakCost  = 2           // in the weight of elements: a break hides how long something took
	leastBreak = int64(50e6) // in shorter stretches even the quickest programs are seen
	seen       = 2           // columns that something needs to be told from nothing
)

// element is something that has a length on the axis.
type element struct {
	t0, t1 int64
	weight int
}

// newScale finds the scale for p in width columns. It makes the breaks that
// let most be seen: a break must gain more than it costs.
func newScale(p *past, width int) *scale {
	elements, moments := p.elements()
	var gaps []piece
	for i := 1; i < len(moments); i++ {
		if moments[i]-moments[i-1] > leastBreak {
			gaps = append(gaps, piece{t0: moments[i-1], t1: moments[i]})
		}
	}
	slices.SortStableFunc(gaps, func(a, b piece) int { return cmp.Compare(b.t1-b.t0, a.t1-a.t0) })
	breaks, gaps := p.idle(gaps)
	best, score := buildScale(p, breaks, width), math.MinInt
	for k := 0; k <= min(maxBreaks, len(gaps)) && (k+len(breaks)+1)*breakWidth < width/2; k++ {
		s := buildScale(p, slices.Concat(breaks, gaps[:k]), width)
		n := -k * breakCost
		for _, e := range elements {
			if s.x(e.t1)-s.x(e.t0) >= seen {
				n += e.weight
			}
		}
		if n > score {
			best, score = s, n
		}
	}
	return best
}

// thinking is the shortest pause that is taken for somebody's at the prompt.
const thinking = int64(300e6)

// idle takes out of gaps, which stand longest first, those in which no process
// runs and that would fill 40 percent of the axis or more: somebody was
// thinking at the prompt. The last moment until now is not one of them: it shows
// what everything has come to.
func (p *past) idle(gaps []piece) (idle, rest []piece) {
	length := p.to - p.from
	for _, g := range gaps {
		if len(idle) < 3 && g.t1 < p.to && g.t1-g.t0 > thinking && (g.t1-g.t0)/2 > length/5 && !p.running(g.t0, g.t1) {
			idle = append(idle, g)
			length -= g.t1 - g.t0
			continue
		}
		rest = append(rest, g)
	}
	return idle, rest
}

// running says that a process runs in a stretch without events.
func (p *past) running(t0, t1 int64) bool {
	for _, g := range p.bands {
		for _, b := range g.bars {
			if b.from >= t1 || b.to <= t0 {
				continue
			}
			if !slices.ContainsFunc(b.stops, func(s stop) bool { return s.from <= t0 && s.to >= t1 }) {
				return true
			}
		}
	}
	return false
}

// elements are the things that should be visible, and all moments in order at
// which anything changes.
func (p *past) elements() (elements []element, moments []int64) {
	moments = append(moments, p.from, p.to)
	add := func(t0, t1 int64, weight int) {
		moments = append(moments, t0, t1)
		elements = append(elements, element{t0, t1, weight})
	}
	for _, g := range p.bands {
		for _, b := range g.bars {
			at := b.from
			for _, s := range b.stops {
				add(at, s.from, 2)
				add(s.from, s.to, 2)
				at = s.to
			}
			add(at, b.to, 2)
		}
	}
	for _, h := range p.holds {
		if h.pgid != p.shell {
			add(h.from, h.to, 1)
		}
	}
	for _, m := range p.marks {
		moments = append(moments, m.at)
	}
	slices.Sort(moments)
	return elements, slices.Compact(moments)
}

func buildScale(p *past, breaks []piece, width int) *scale {
	s := &scale{from: p.from, width: float64(width)}
	breaks = slices.Clone(breaks)
	slices.SortFunc(breaks, func(a, b piece) int { return cmp.Compare(a.t0, b.t0) })
	rest := p.to - p.from
	for _, b := range breaks {
		rest -= b.t1 - b.t0
	}
	s.rate = (s.width - breakWidth*float64(len(breaks))) / float64(max(rest, 1))
	at, x := p.from, 0.0
	linear := func(to int64) {
		if to > at {
			next := x + float64(to-at)*s.rate
			s.pieces = append(s.pieces, piece{at, to, x, next, false})
			at, x = to, next
		}
	}
	for _, b := range breaks {
		linear(b.t0)
		s.pieces = append(s.pieces, piece{b.t0, b.t1, x, x + breakWidth, true})
		at, x = b.t1, x+breakWidth
	}
	linear(p.to)
	return s
}

// x is the place of a time, from 0 to the width.
func (s *scale) x(t int64) float64 {
	for _, p := range s.pieces {
		if t <= p.t1 {
			part := float64(t-p.t0) / float64(max(p.t1-p.t0, 1))
			return min(max(p.x0+part*(p.x1-p.x0), 0), s.width)
		}
	}
	return s.width
}

// columns are the first column of a stretch and the one after its last; there
// is at least one.
func (s *scale) columns(from, to int64) (a, b int) {
	last := int(s.width)
	a = min(int(s.x(from)), last-1)
	b = min(int(math.Ceil(s.x(to)-0.25)), last)
	return a, max(b, a+1)
}

// tick is a place on the axis with its time.
type tick struct {
	x     float64
	label string
}

// stepOf is the shortest distance between ticks that reads well and is at
// least shortest, both in nanoseconds.
func stepOf(shortest float64) int64 {
	for unit := int64(1); unit <= 10e9; unit *= 10 {
		for _, n := range [...]int64{unit, 2 * unit, 5 * unit} {
			if float64(n) >= shortest && n <= 20e9 {
				return n
			}
		}
	}
	for _, seconds := range [...]int64{30, 60, 120, 300, 600, 1800, 3600, 2 * 3600, 6 * 3600, 12 * 3600} {
		if float64(seconds)*1e9 >= shortest {
			return seconds * 1e9
		}
	}
	step := int64(24 * 3600 * 1e9)
	for float64(step) < shortest && step < farthest {
		step *= 2
	}
	return step
}

// ticks are at least apart columns from each other.
func (s *scale) ticks(apart float64) []tick {
	step := stepOf(apart / s.rate)
	var list []tick
	for _, p := range s.pieces {
		if p.broken {
			continue
		}
		n := (p.t0 - s.from + step - 1) / step
		for t := n * step; t <= p.t1-s.from; t += step {
			x := s.x(s.from + t)
			if len(list) > 0 && x-list[len(list)-1].x < apart {
				continue
			}
			list = append(list, tick{x, clock(t, step)})
		}
	}
	return list
}

// clock is a time on the axis, as exact as the step asks for.
func clock(t, step int64) string {
	unit, name := int64(1e6), " ms"
	switch {
	case t == 0:
		return "0"
	case step >= 3600e9:
		unit, name = 3600e9, " h"
	case step >= 60e9:
		unit, name = 60e9, " min"
	case step >= 100e6 || t >= 10e9:
		unit, name = 1e9, " s"
	}
	decimals := 0
	for n := step; n < unit; n *= 10 {
		decimals++
	}
	return strconv.FormatFloat(float64(t)/float64(unit), 'f', decimals, 64) + name
}

// duration is a length of time with three digits or so.
func duration(t int64) string {
	float := func(v float64, name string) string {
		decimals := 0
		for n := v; n < 100 && decimals < 2; n *= 10 {
			decimals++
		}
		return strconv.FormatFloat(v, 'f', decimals, 64) + name
	}
	switch {
	case t < 1e3:
		return strconv.FormatInt(t, 10) + " ns"
	case t < 1e9:
		return float(float64(t)/1e6, " ms")
	case t < 120e9:
		return float(float64(t)/1e9, " s")
	}
	s := t / 1e9
	if s < 7200 {
		return strconv.FormatInt(s/60, 10) + " min " + strconv.FormatInt(s%60, 10) + " s"
	}
	return strconv.FormatInt(s/3600, 10) + " h " + strconv.FormatInt(s/60%60, 10) + " min"
}
