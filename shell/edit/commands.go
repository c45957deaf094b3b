package edit

import (
	"io"
	"unicode"
	"unicode/utf8"
)

// command does what a key means on the line: readline's emacs keys. In a text
// of several lines, keys that go to the start or the end go to those of the
// line that the cursor is in.
func (e *Editor) command(k key) {
	b := &e.buf
	if e.prefix {
		e.prefix = false
		b.rest()
		switch k.code {
		case ctrlU, undo:
			e.ring(b.back())
		case ctrlC:
			e.end(ErrInterrupt)
		default:
			e.bell = true
		}
		return
	}
	if k.code != keyText || k.meta {
		b.rest()
	}
	if k.meta {
		e.metaCommand(k)
		return
	}
	switch k.code {
	case keyText:
		b.typed(k.text)
	case keyPaste:
		b.insert(k.text)
	case enter, ctrlJ:
		e.end(nil)
	case ctrlC:
		e.end(ErrInterrupt)
	case ctrlD:
		if len(b.text) == 0 {
			e.end(io.EOF)
			return
		}
		e.deleteChar()
	case keyDelete:
		e.deleteChar()
	case ctrlH, del:
		e.ring(b.cut(prevCluster(b.text, b.pos), b.pos) != nil)
	case ctrlA, keyHome:
		b.pos = lineStart(b.text, b.pos)
	case ctrlE, keyEnd:
		b.pos = lineEnd(b.text, b.pos)
	case ctrlB, keyLeft:
		if k.ctrl {
			e.move(wordStart(b.text, b.pos))
		} else {
			e.move(prevCluster(b.text, b.pos))
		}
	case ctrlF, keyRight:
		if k.ctrl {
			e.move(wordEnd(b.text, b.pos))
		} else {
			e.move(nextCluster(b.text, b.pos))
		}
	case ctrlP, keyUp:
		e.ring(e.lineUp() || e.goTo(e.recall.at-1))
	case ctrlN, keyDown:
		e.ring(e.lineDown() || e.goTo(e.recall.at+1))
	case ctrlK:
		end := lineEnd(b.text, b.pos)
		if end == b.pos && end < len(b.text) {
			end++
		}
		e.kill(b.pos, end)
	case ctrlU:
		start := lineStart(b.text, b.pos)
		if start == b.pos && start > 0 {
			start--
		}
		e.kill(start, b.pos)
	case ctrlW:
		e.kill(blankWordStart(b.text, b.pos), b.pos)
	case ctrlY:
		if s := e.kills.text(); s != "" {
			b.insert([]byte(s))
			e.this = didYank
		} else {
			e.bell = true
		}
	case ctrlT:
		e.ring(b.transpose())
	case undo:
		e.ring(b.back())
	case ctrlL:
		e.scr.out = append(e.scr.out, "\x1b[H\x1b[2J"...)
		e.scr.forget()
	case ctrlR:
		e.modal = newSearch(e, -1)
	case ctrlS:
		e.modal = newSearch(e, +1)
	case ctrlV, ctrlQ:
		e.keys.literal = true
		e.term.exactly(true)
	case ctrlX:
		e.prefix = true
	case tab:
		e.complete()
	default: // ^Z and ^\ too: there is nothing to stop
		e.bell = k.code != keyUnknown
	}
}

func (e *Editor) metaCommand(k key) {
	b := &e.buf
	switch unicode.ToLower(k.code) {
	case 'b', keyLeft:
		e.move(wordStart(b.text, b.pos))
	case 'f', keyRight:
		e.move(wordEnd(b.text, b.pos))
	case 'd', keyDelete:
		e.kill(b.pos, wordEnd(b.text, b.pos))
	case del, ctrlH:
		e.kill(wordStart(b.text, b.pos), b.pos)
	case 'y':
		e.yankPop()
	case '.', '_':
		if e.lastArgument() {
			e.this = didLastArg
		} else {
			e.bell = true
		}
	case 'u':
		e.changeWord(func(r rune, first bool) rune { return unicode.ToUpper(r) })
	case 'l':
		e.changeWord(func(r rune, first bool) rune { return unicode.ToLower(r) })
	case 'c':
		e.changeWord(func(r rune, first bool) rune {
			if first {
				return unicode.ToUpper(r)
			}
			return unicode.ToLower(r)
		})
	case 'r':
		for b.back() {
		}
	case '<':
		e.ring(e.goTo(0))
	case '>':
		e.ring(e.goTo(len(e.hist.entries)))
	case enter, ctrlJ: // a newline in the text
		b.insert([]byte{'\n'})
	default:
		e.bell = true
	}
}

// ring rings the bell unless the command could do something.
func (e *Editor) ring(ok bool) {
	if !ok {
		e.bell = true
	}
}

func (e *Editor) move(to int) {
	if to == e.buf.pos {
		e.bell = true
	}
	e.buf.pos = snap(e.buf.text, to)
}

func (e *Editor) deleteChar() {
	b := &e.buf
	e.ring(b.cut(b.pos, nextCluster(b.text, b.pos)) != nil)
}

// kill cuts [from, to) into the kill ring.
func (e *Editor) kill(from, to int) {
	before := to == e.buf.pos
	if s := e.buf.cut(from, to); s != nil {
		e.kills.add(string(s), e.last == didKill, before)
		e.this = didKill
	} else {
		e.bell = true
		if e.last == didKill {
			e.this = didKill
		}
	}
}

// yankPop puts the kill before in the place of the one just inserted.
func (e *Editor) yankPop() {
	if e.last != didYank {
		e.bell = true
		return
	}
	e.buf.back()
	e.kills.rotate()
	e.buf.insert([]byte(e.kills.text()))
	e.this = didYank
}

// changeWord changes the case from the cursor to the end of the word.
func (e *Editor) changeWord(f func(r rune, first bool) rune) {
	b := &e.buf
	end := wordEnd(b.text, b.pos)
	if end == b.pos {
		e.bell = true
		return
	}
	out := make([]byte, 0, end-b.pos)
	first := true
	for i := b.pos; i < end; {
		next := nextCluster(b.text, i)
		if isWord(b.text[i:next]) {
			r, n := utf8.DecodeRune(b.text[i:])
			out = utf8.AppendRune(out, f(r, first))
			out = append(out, b.text[i+n:next]...)
			first = false
		} else {
			out = append(out, b.text[i:next]...)
		}
		i = next
	}
	b.replace(b.pos, end, string(out))
}

// lineUp and lineDown move between the lines of a text of several, to the
// cluster of the same number.
func (e *Editor) lineUp() bool {
	b := &e.buf
	start := lineStart(b.text, b.pos)
	if start == 0 {
		return false
	}
	b.pos = clusterAt(b.text, lineStart(b.text, start-1), clusters(b.text[start:b.pos]))
	return true
}

func (e *Editor) lineDown() bool {
	b := &e.buf
	end := lineEnd(b.text, b.pos)
	if end == len(b.text) {
		return false
	}
	n := clusters(b.text[lineStart(b.text, b.pos):b.pos])
	b.pos = clusterAt(b.text, end+1, n)
	return true
}

func clusters(s []byte) (n int) {
	for len(s) > 0 {
		s = s[clusterLen(s):]
		n++
	}
	return n
}

// clusterAt is the place of the nth cluster of the line at start, or its end.
func clusterAt(s []byte, start, n int) int {
	for ; n > 0 && start < len(s) && s[start] != '\n'; n-- {
		start = nextCluster(s, start)
	}
	return start
}
