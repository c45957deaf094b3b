package companion

import (
	"cmp"
	"slices"
	"time"

	"jsh/event"
	"jsh/proc"
)

// Shells and the watcher tell of the same things, each in its own time: that a
// program was started, the shell says after it was forked; the kernel's word for
// the fork may get here later all the same. So everything waits for holdTime and
// is merged by the clock. Within one source the order stands.

// holdTime is longer than a message or a look at /proc takes, and shorter than
// anybody sees.
const holdTime = 12 * time.Millisecond

// hold has what is there merged a little later: by the watcher, whose goroutine
// wakes anyhow (Poke it), or if there is none by a timer. The caller holds mu.
func (h *Hub) hold() {
	if h.held != 0 || h.closed {
		return
	}
	h.held = event.Now() + int64(holdTime)
	if h.watcher == nil {
		time.AfterFunc(holdTime, h.release)
	}
}

func (h *Hub) release() {
	h.mu.Lock()
	h.held = 0
	if !h.closed {
		h.merge()
	}
	h.mu.Unlock()
	h.changed()
	h.wentQuiet()
}

// merge takes all that waits. The caller holds mu.
func (h *Hub) merge() {
	told, batches := h.told, h.batches
	h.told, h.batches = nil, nil
	slices.SortStableFunc(told, func(a, b event.Event) int { return cmp.Compare(a.At, b.At) })
	for _, b := range batches {
		for i := range b.Events {
			told = h.takeUntil(told, b.Events[i].At)
			h.take(b.Events[i])
		}
		lookAround := func(all *proc.Snapshot) {
			told = h.takeUntil(told, all.At)
			h.lookAround(all)
		}
		if b.Snap != nil && b.Near != nil && b.Snap.At < b.Near.At { // they waited for us
			lookAround(b.Snap)
			b.Snap = nil
		}
		if b.Near != nil {
			told = h.takeUntil(told, b.Near.At)
			h.look(b.Near)
		}
		if b.Snap != nil {
			lookAround(b.Snap)
		}
	}
	for _, e := range told {
		h.take(e)
	}
}

// takeUntil takes what was told before a time, and returns the rest.
func (h *Hub) takeUntil(told []event.Event, at int64) []event.Event {
	for len(told) > 0 && told[0].At < at {
		h.take(told[0])
		told = told[1:]
	}
	return told
}
