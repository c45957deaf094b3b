package viz

import (
	"encoding/binary"
	"slices"
	"testing"

	"jsh/event"
	"jsh/typeset"
)

// eventsFrom makes events of any bytes: few pids and groups, so that they meet;
// times in order, out of order and at the ends of their range.
func eventsFrom(data []byte) []event.Event {
	var events []event.Event
	at := int64(0)
	for len(data) >= 6 && len(events) < 300 {
		e := event.Event{
			Kind: event.Kind(data[0] % (uint8(event.Gap) + 2)), Source: event.Source(data[1] % 7),
			Pid: int(data[2] % 8), Pgid: int(data[3] % 8), PPid: int(data[4] % 8), Sid: int(data[4] >> 5),
			Sig: int(data[5] % 66), Status: int(data[5]), Job: int(data[3] >> 5), TTY: int(data[1] >> 6),
			Fg: data[1]&8 != 0, Core: data[1]&16 != 0, Path: string(data[2:5]), Text: string(data[3:6]),
		}
		if data[1]&32 != 0 {
			e.Errno = int(data[5])
		}
		if data[2]&0x40 != 0 {
			e.Pid = -e.Pid
		}
		if e.Kind == event.Key {
			e.Text = []string{"^C", "^Z", `^\`, "\x1b"}[data[3]%4]
		}
		switch step := data[4] >> 3 & 7; {
		case data[2]&0x80 == 0:
			at += 1 << (4 * step)
		case step < 4:
			at -= 1 << (4 * step)
		case len(data) >= 14:
			at = int64(binary.LittleEndian.Uint64(data[6:14]))
			data = data[8:]
		}
		e.At = at
		events = append(events, e)
		data = data[6:]
	}
	return events
}

// FuzzPast holds for any events in any order: nothing panics, all that is
// recalled lies on the axis, and both drawings keep to their sizes.
func FuzzPast(f *testing.F) {
	f.Add([]byte("line by line, nothing that means anything at all"), 1, int64(0), 80)
	kinds := []event.Kind{event.LineBegin, event.Spawn, event.JobNew, event.Stopped, event.Spawn, event.Kill, event.Continued,
		event.SetFg, event.Moved, event.Key, event.Killed, event.Exited, event.Gap, event.Exited, event.Gone, event.Seen}
	var seed []byte
	for i, k := range kinds {
		seed = append(seed, byte(k), 9, byte(1+i%3), byte(1+i%2)|32, byte(i<<3), 20)
	}
	f.Add(seed, 0, int64(1<<40), 60)
	f.Add(slices.Concat(seed, seed), 2, int64(-5), 36)
	f.Fuzz(func(t *testing.T, data []byte, lines int, now int64, width int) {
		lines, width = max(lines%5, 0), 1+max(width%200, 0)
		events := eventsFrom(data)
		p := recall(events, lines, now)
		if p == nil {
			return
		}
		if p.from >= p.to {
			t.Fatalf("an axis from %d to %d", p.from, p.to)
		}
		on := func(what string, from, to int64) {
			if from < p.from || to > p.to || from > to {
				t.Fatalf("%s from %d to %d, the axis from %d to %d", what, from, to, p.from, p.to)
			}
		}
		for _, g := range p.bands {
			on("a band", g.from, g.to)
			if len(g.bars) == 0 {
				t.Fatal("a band without bars")
			}
			for _, b := range g.bars {
				on("a bar", b.from, b.to)
				at := b.from
				for _, s := range b.stops {
					if s.from < at || s.to < s.from || s.to > b.to {
						t.Fatalf("stops %+v of a bar from %d to %d", b.stops, b.from, b.to)
					}
					at = s.to
				}
			}
		}
		for i, h := range p.holds {
			on("a hold", h.from, h.to)
			if i > 0 && h.from < p.holds[i-1].to {
				t.Fatalf("two groups have the keyboard: %+v", p.holds)
			}
		}
		for _, m := range p.marks {
			on("a mark", m.at, m.at)
		}
		s := newScale(p, 56)
		for _, g := range p.bands {
			for _, b := range g.bars {
				if a, z := s.columns(b.from, b.to); a < 0 || z > 56 || a >= z {
					t.Fatalf("a bar in columns %d to %d", a, z)
				}
			}
		}
		for _, line := range Timeline(events, lines, now, Style{Width: width, ASCII: data[0]&1 != 0}) {
			if w := typeset.Width(line); w > width {
				t.Fatalf("%d columns at width %d: %s", w, width, line)
			}
		}
		checkSVG(t, TimelineSVG(events, lines, now))
	})
}

// FuzzRecording holds for any text: it is read or refused, and what was read
// is drawn.
func FuzzRecording(f *testing.F) {
	for _, tl := range tales[:4] {
		var text []byte
		for i := range tl.events {
			text = append(event.AppendJSON(text, &tl.events[i]), '\n')
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		events, _, message := readRecording(text)
		if message != "" || len(events) > 500 {
			return
		}
		for _, line := range Timeline(events, 0, 0, Style{Width: 80}) {
			if typeset.Width(line) > 80 {
				t.Fatal(line)
			}
		}
		if doc := TimelineSVG(events, 0, 0); doc != nil {
			checkSVG(t, doc)
		}
	})
}
