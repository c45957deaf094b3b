package edit

import "strings"

// search is ^R and ^S: the newest (or oldest) line of the history that holds
// what was typed so far.
type search struct {
	dir     int // -1: back in time
	pattern string
	at      int // the line found: an index into the history's entries
	pos     int // of the match in it
	failed  bool
	steps   []searchStep // what Backspace goes back to

	text string // the line and the cursor at the start, for ^G
	cur  int
}

type searchStep struct {
	pattern string
	at, pos int
	failed  bool
}

func newSearch(e *Editor, dir int) *search {
	return &search{dir: dir, at: e.recall.at, pos: e.buf.pos, text: string(e.buf.text), cur: e.buf.pos}
}

func (s *search) key(e *Editor, k key) bool {
	switch {
	case k.meta:
	case k.code == keyText:
		s.push()
		s.pattern += string(k.text)
		s.find(e, s.at)
		return true
	case k.code == ctrlR || k.code == ctrlS:
		s.dir = -1
		if k.code == ctrlS {
			s.dir = +1
		}
		s.push()
		if s.pattern == "" {
			s.pattern = e.pattern
			s.find(e, s.at)
		} else {
			s.find(e, s.at+s.dir)
		}
		return true
	case k.code == del || k.code == ctrlH:
		n := len(s.steps)
		if n == 0 {
			e.bell = true
			return true
		}
		st := s.steps[n-1]
		s.steps = s.steps[:n-1]
		s.pattern, s.at, s.pos, s.failed = st.pattern, st.at, st.pos, st.failed
		return true
	case k.code == ctrlG:
		e.modal = nil
		e.bell = true
		return true
	case k.code == keyUnknown:
		return true
	}
	s.accept(e)
	return false
}

func (s *search) push() {
	s.steps = append(s.steps, searchStep{s.pattern, s.at, s.pos, s.failed})
}

// find looks for the pattern from line at on. Lines equal to the one that is
// shown are passed over.
func (s *search) find(e *Editor, at int) {
	if s.pattern == "" {
		return
	}
	shown := s.line(e)
	for i := at; i >= 0 && i <= len(e.hist.entries); i += s.dir {
		line := s.lineAt(e, i)
		pos := strings.LastIndex(line, s.pattern)
		if pos < 0 || i != s.at && line == shown {
			continue
		}
		s.at, s.pos, s.failed = i, pos, false
		return
	}
	s.failed = true
	e.bell = true
}

func (s *search) line(e *Editor) string { return s.lineAt(e, s.at) }

func (s *search) lineAt(e *Editor, i int) string {
	if i == e.recall.at {
		return s.text
	}
	return e.recalled(i)
}

// accept ends the search with the line that is shown.
func (s *search) accept(e *Editor) {
	e.modal = nil
	if s.pattern != "" {
		e.pattern = s.pattern
	}
	if s.at != e.recall.at {
		e.goTo(s.at)
	}
	e.buf.pos = snap(e.buf.text, min(s.pos, len(e.buf.text)))
}

func (s *search) view(e *Editor) (string, []byte, int) {
	name := "(reverse-i-search)`"
	if s.dir > 0 {
		name = "(i-search)`"
	}
	if s.failed {
		name = "(failed " + name[1:]
	}
	// The pattern is the user's: shown as the line is, not as a prompt is.
	head := name + s.pattern + "': "
	line := s.line(e)
	return "", []byte(head + line), len(head) + min(s.pos, len(line))
}
