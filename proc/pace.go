package proc

import (
	"runtime"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// pace decides when to look, by what the looks cost: while something happens
// the near ones may take a hundredth of a core, and where there is no
// connector the quick ones as much; when nothing happens less than a third of that. The
// full one is made so seldom that it takes a thousandth: it finds only what no message and
// no list of pids can tell of those who are not the shell's. All times are CLOCK_MONOTONIC ns.
type pace struct {
	near, quick, full             int64 // what the latest looks cost, in CPU time: on a busy machine the clock says more
	lastNear, lastQuick, lastFull int64 // when they began
	lastNearSnap, lastSnap        int64
	active                        int64 // when something happened last
	asked                         int64 // when Poke was called last
	poked                         bool  // since the latest look
}

const (
	ms           = int64(time.Millisecond)
	shortest     = 50 * ms  // between two looks while something happens
	longest      = 250 * ms // while nothing does
	activeFor    = 2000 * ms
	surveyEvery  = 3000 * ms
	betweenSnap  = 100 * ms // as often as a picture is drawn; and 1 ms more for each 20 processes in it
	betweenPoke  = 5 * ms
	betweenStale = 1000 * ms // of everybody; and 1 ms more for each process

	// After messages that concern nobody the connector is not heard for a
	// while, lest a busy machine wake us a thousand times a second: a short one
	// soon after something that did, or a Poke; a long one where nothing did for a while.
	betweenStrangers = 50 * ms
	betweenHearing   = 20 * ms
	betweenHot       = 6 * ms
	hotFor           = 200 * ms
)

// interval is the time between two looks.
func (p *pace) interval(now int64) int64 {
	if now-p.active < activeFor {
		return max(shortest, 100*p.near)
	}
	return max(longest, 250*p.near)
}

// due is when the next look must begin, and which one.
func (p *pace) due(now int64) (at int64, what look) {
	if p.lastFull == 0 {
		return now, lookFull
	}
	at = p.lastNear + p.interval(now)
	if p.poked {
		at = min(at, p.lastNear+max(betweenPoke, 50*p.near))
	}
	every := max(surveyEvery, 500*p.quick)
	if now-p.active > activeFor {
		every = max(surveyEvery, 2000*p.quick)
	}
	if survey := p.lastQuick + every; survey <= max(at, now) {
		at, what = min(at, survey), lookQuick
	}
	if survey := p.lastFull + max(surveyEvery, 1000*p.full); survey <= max(at, now) {
		at, what = min(at, survey), lookFull
	}
	return at, what
}

// quickDue says whether a list of all pids may be read again, if anything says
// that it differs.
func (p *pace) quickDue(now int64) bool {
	if now-p.active < activeFor {
		return now-p.lastQuick >= 200*p.quick
	}
	return now-p.lastQuick >= 1000*p.quick
}

// took notes a look.
func (p *pace) took(what look, began, cost int64) {
	p.lastNear, p.poked = began, false
	switch what {
	case lookFull:
		p.lastFull, p.lastQuick, p.full = began, began, cost
	case lookQuick:
		p.lastQuick, p.quick = began, cost
	default:
		p.near = cost
	}
}

// run is the watcher's goroutine.
func (w *Watcher) run(x *eye) {
	defer w.ended.Done()
	defer close(w.ran)
	defer x.close()
	var p pace
	for {
		now := event.Now()
		w.turn(x, &p, now)
		after := event.Now()
		at, _ := p.due(after)
		deaf := x.heardOf > 0 && p.active != now
		switch {
		case deaf && now-max(p.active, p.asked) < hotFor:
			at = min(at, now+betweenHot)
		case deaf && now-max(p.active, p.asked) < activeFor:
			at = min(at, now+betweenHearing)
		case deaf:
			at = min(at, now+betweenStrangers)
		}
		if x.dirty && !x.everybody() {
			at = min(at, p.lastNearSnap+x.betweenNear())
		}
		if x.stale {
			at = min(at, p.lastSnap+x.betweenSnap())
		}
		if w.again > 0 {
			at = min(at, w.again)
		}
		if !x.heard { // a flood is not over
			at = after
			runtime.Gosched()
		}
		for _, e := range x.rest.until(after, at, !deaf) {
			switch int(e.Fd) {
			case x.rest.wake:
				p.poked, p.asked = true, event.Now()
				w.asked = true
			case x.rest.timer, x.rest.queue:
			default:
				p.poked = true // a pidfd: a process has ended
			}
		}
		select {
		case <-w.done:
			return
		default:
		}
	}
}

// turn hears, looks where that is due, and hands over what is new.
func (w *Watcher) turn(x *eye, p *pace, now int64) {
	x.heardOf = 0
	x.heard = x.drain()
	if x.c != nil && x.c.lost > 0 {
		x.tell(event.Event{At: now, Kind: event.Gap, Source: event.Connector, Text: lostText(x.c.lost)})
		x.c.lost = 0
		x.gap = true
	}
	x.settle()
	w.mu.Lock()
	told := w.told
	w.told = nil
	w.mu.Unlock()
	x.told(told)
	if x.c == nil {
		x.spoken = append(x.spoken, told[:min(len(told), max(0, maxTold-len(x.spoken)))]...)
	}
	if at, what := p.due(now); x.gap || now >= at {
		switch {
		case x.gap:
			what = lookFull
		case what == lookNear && x.c == nil && p.quickDue(now) && x.stirred():
			what = lookQuick
		}
		runtime.LockOSThread() // its CPU time is what the look costs
		before, began := len(x.events), cpuTime()
		if x.look(what) == nil {
			x.gap = false
			happens := p.poked || len(x.events) > before
			if x.c == nil && what != lookNear {
				x.births(!happens && now-p.active > activeFor/2)
			}
			if x.c == nil && happens {
				x.admit(now)
			}
		}
		if p.poked {
			p.active = now
		}
		p.took(what, now, cpuTime()-began)
		runtime.UnlockOSThread()
		if x.c == nil {
			w.interval.Store(max(shortest, max(100*p.near, 200*p.quick)) / ms)
		}
	}
	if len(x.events) > 0 {
		p.active = now
	}
	var near, all *Snapshot
	if x.begun && x.heard {
		due := x.stale && now-p.lastSnap >= x.betweenSnap()
		if x.dirty && !x.everybody() && (due || now-p.lastNearSnap >= x.betweenNear()) {
			near, p.lastNearSnap = x.nearSnapshot(), now
		}
		if due {
			all, p.lastSnap = x.snapshot(), now
		}
	}
	is := near != nil || all != nil || len(x.events) > 0
	switch {
	case w.tell != nil:
		if is || w.asked || w.again > 0 && now >= w.again {
			w.again, w.asked = w.tell(w, Batch{slices.Clone(x.events), near, all}), false
		}
	case is:
		w.put(x.events, near, all)
	}
	x.events = x.events[:0]
}

// betweenNear is the time between two snapshots of who is near. Events do not
// wait for it.
func (x *eye) betweenNear() int64 { return betweenSnap + int64(len(x.nearest))*ms/20 }

// betweenSnap is the same for snapshots of everybody.
func (x *eye) betweenSnap() int64 {
	if x.everybody() && x.dirty {
		return betweenSnap + int64(len(x.known))*ms/20
	}
	return betweenStale + int64(len(x.known))*ms
}

// cpuTime is what this thread has used so far, in ns.
func cpuTime() int64 {
	if t, ok := clock(unix.CLOCK_THREAD_CPUTIME_ID); ok {
		return t
	}
	return event.Now()
}

func lostText(n uint64) string {
	if n == 1 {
		return "1 message or more was lost: the kernel's queue was full"
	}
	return strconv.FormatUint(n, 10) + " messages were lost: the kernel's queue was full"
}
