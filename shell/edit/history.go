package edit

import "strings"

// Entry is a line of the history. Numbers rise by one and are never used
// again within a session.
type Entry struct {
	Number int
	Line   string
}

// history is the list of entries, oldest first.
type history struct {
	entries []Entry
	next    int // number of the next entry
	max     int
}

func (h *history) add(line string) {
	h.entries = append(h.entries, Entry{h.next, line})
	h.next++
	if n := len(h.entries) - h.max; n > 0 {
		h.entries = h.entries[n:]
	}
}

// wanted decides by HISTCONTROL (bash(1)) whether a line is remembered.
func (h *history) wanted(line, control string) bool {
	if strings.TrimSpace(line) == "" {
		return false
	}
	for _, word := range strings.Split(control, ":") {
		both := word == "ignoreboth"
		if (both || word == "ignorespace") && isBlank(line[0]) {
			return false
		}
		if n := len(h.entries); (both || word == "ignoredups") && n > 0 && h.entries[n-1].Line == line {
			return false
		}
		if word == "erasedups" {
			kept := h.entries[:0]
			for _, e := range h.entries {
				if e.Line != line {
					kept = append(kept, e)
				}
			}
			h.entries = kept
		}
	}
	return true
}

func (h *history) remove(number int) bool {
	for i, e := range h.entries {
		if e.Number == number {
			h.entries = append(h.entries[:i], h.entries[i+1:]...)
			return true
		}
	}
	return false
}

// AddHistory remembers a line, and appends it to the history file. The error
// says once why the file cannot be written; the line is remembered all the
// same.
func (e *Editor) AddHistory(line string) error {
	line = strings.TrimRight(line, "\n")
	control := "ignoreboth"
	if e.cfg.HistControl != nil {
		control = e.cfg.HistControl()
	}
	if !e.hist.wanted(line, control) {
		return nil
	}
	e.hist.add(line)
	if e.cfg.HistoryFile == "" {
		return nil
	}
	err := appendHistory(e.cfg.HistoryFile, line)
	if err == nil {
		e.histFailed = false
		return nil
	}
	if e.histFailed {
		return nil
	}
	e.histFailed = true
	return err
}

// Entries are the lines remembered, oldest first.
func (e *Editor) Entries() []Entry { return append([]Entry(nil), e.hist.entries...) }

// DeleteEntry forgets an entry, in memory only. It reports whether there was
// one of that number.
func (e *Editor) DeleteEntry(number int) bool { return e.hist.remove(number) }

// ClearHistory forgets all entries, in memory only.
func (e *Editor) ClearHistory() { e.hist.entries = nil }

// recall is the walk through the history during one ReadLine. Lines that were
// changed on the way keep their change until it ends.
type recall struct {
	at      int            // index into entries; len(entries) is the new line
	changed map[int]string // lines left behind
	lastArg struct {       // of M-.
		at, from, to int
	}
}

// line is the text at index i.
func (e *Editor) recalled(i int) string {
	if s, ok := e.recall.changed[i]; ok {
		return s
	}
	if i < len(e.hist.entries) {
		return e.hist.entries[i].Line
	}
	return ""
}

// goTo leaves the present line, as it is, for another of the history.
func (e *Editor) goTo(i int) bool {
	if i < 0 || i > len(e.hist.entries) || i == e.recall.at {
		return false
	}
	e.leaveLine()
	e.recall.at = i
	text := e.recalled(i)
	e.buf.reset(text)
	return true
}

func (e *Editor) leaveLine() {
	if e.recall.changed == nil {
		e.recall.changed = make(map[int]string)
	}
	e.recall.changed[e.recall.at] = string(e.buf.text)
}

// lastArgument inserts the last word of the line before, and when repeated of
// lines further back.
func (e *Editor) lastArgument() bool {
	la := &e.recall.lastArg
	if e.last != didLastArg {
		la.at, la.from, la.to = len(e.hist.entries), e.buf.pos, e.buf.pos
	}
	for i := la.at - 1; i >= 0; i-- {
		w := lastWord(e.hist.entries[i].Line)
		if w == "" {
			continue
		}
		la.at = i
		e.buf.replace(la.from, la.to, w)
		la.to = la.from + len(w)
		return true
	}
	return false
}
