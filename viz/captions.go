package viz

import (
	"strings"

	"jsh/event"
	"jsh/typeset"
)

// A caption is what the foot says of an event: English, then the system call
// in brackets, then perhaps why such a thing happens.
type caption struct {
	words string
	call  string
	why   string
	key   bool // it tells the way of a key: that stays as long as there is room
}

// captionWidth is how wide captions are at most.
func (l *live) captionWidth() int { return min(l.w, 76) }

// need is how many rows the newest caption must have, or a key's way.
func (l *live) need(told []caption) int {
	if len(told) == 0 {
		return 0
	}
	newest := told[len(told)-1]
	if k := lastKey(told); k >= 0 {
		newest = told[k]
	}
	return min(l.reserved(), len(wrap(newest.words, l.captionWidth())))
}

// captions are the foot's rows, n at most: the newest events, the last of them
// in full.
func (l *live) captions(told []caption, n int) []row {
	if n <= 0 {
		return nil
	}
	if len(told) == 0 {
		if l.m.Line == "" && l.m.Episode == 0 && l.tree != nil {
			return []row{{{typeset.Cut("Nothing was typed yet. What you start appears here.", l.w, l.lines.more), faint}}}
		}
		return nil
	}
	kept := 0 // rows for a key's way that is not the newest
	if k := lastKey(told); k >= 0 && k < len(told)-1 {
		kept = len(wrap(told[k].words, l.captionWidth()))
		if kept >= n { // no room for both
			told, kept = told[:k+1], 0
		}
	}
	var out []row
	for i := len(told) - 1; i >= 0; i-- {
		c, ink := told[i], plain
		if i < len(told)-1 {
			c.why, ink = "", faint
		}
		if c.key && kept > 0 {
			kept, ink = 0, plain
		}
		room := n - len(out) - kept
		if i < len(told)-1 && len(wrap(c.words, l.captionWidth())) > room {
			if kept > 0 {
				continue
			}
			break
		}
		var rows []row
		for _, line := range c.lines(l.captionWidth(), room) {
			rows = append(rows, row{{l.visible(line), ink}})
		}
		out = append(rows, out...)
	}
	return out
}

// lastKey is the newest caption that tells the way of a key, -1 if none does.
func lastKey(told []caption) int {
	for i := len(told) - 1; i >= 0; i-- {
		if told[i].key {
			return i
		}
	}
	return -1
}

// lines breaks a caption into at most n lines. What it can do without goes
// first: the reason, then the call.
func (c *caption) lines(width, n int) []string {
	lines := wrap(c.words, width)
	if at := len(lines) - 1; c.call != "" {
		switch w := typeset.Width(c.call); {
		case typeset.Width(lines[at])+2+w <= width:
			lines[at] += "  " + c.call
		case at+2 <= n && w <= width:
			lines = append(lines, c.call)
		}
	}
	if c.why != "" {
		if more := wrap(c.why, width-2); len(lines)+len(more) <= n {
			for _, line := range more {
				lines = append(lines, "  "+line)
			}
		}
	}
	if len(lines) > n && n > 0 {
		lines = lines[:n]
		lines[n-1] = typeset.Prefix(lines[n-1], max(0, width-4)) + " ..."
	}
	return lines
}

// wrap breaks text between words into lines of at most width columns; a word
// that is longer is cut.
func wrap(text string, width int) []string {
	if typeset.Width(text) <= width {
		return []string{text}
	}
	lines := typeset.Fold(text, width)
	for i := range lines {
		lines[i] = typeset.Prefix(lines[i], width)
	}
	return lines
}

// keyCall names where the signal comes from: the line discipline's ISIG
// (termios(3)).
func keyCall(w *KeyWay) string {
	if len(w.Procs) == 0 {
		return "[termios: ISIG]"
	}
	return ""
}

// caption is an event in words.
func (l *live) caption(e *event.Event) caption {
	context := l.m.Context
	if e.Kind == event.Exec && e.Source != event.Shell {
		context.Name = nil // it has another name by now
	}
	lines := event.Narrate(e, context)
	c := caption{words: lines[0]}
	if at := strings.LastIndex(c.words, "  ["); at > 0 {
		c.words, c.call = c.words[:at], c.words[at+2:]
	}
	for _, line := range lines[1:] {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "[") {
			c.call = line
		} else {
			c.why = line
		}
	}
	return c
}
