package screen

import (
	"bytes"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// keys divides what comes from the learner's terminal: what the shell gets,
// unchanged and in order, and the few things that are the screen's own.
type keys struct {
	menu  []string // what the menu key may send
	mouse bool     // the terminal reports the mouse, because a program asked for it
	paste bool     // between the marks of a bracketed paste: all is text
	held  []byte   // a sequence whose end has not come yet
	since time.Time
}

// holdFor is how long the beginning of a sequence waits for its end. Terminals
// send a key's bytes at once; a network may cut them.
const holdFor = 15 * time.Millisecond

// token is one piece of input.
type token struct {
	kind  tokenKind
	bytes []byte // as they came; valid until the next call of next
	mouse mouseEvent
}

type tokenKind uint8

const (
	text tokenKind = iota // for the shell, or keys for an open panel
	menuKey
	mouseReport
	scrollKey // Shift-PgUp
)

// mouseEvent is a report in SGR form (xterm's mode 1006), from 1.
type mouseEvent struct {
	button, x, y int
	release      bool
}

const (
	pasteBegin = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
	shiftPgUp  = "\x1b[5;2~"
)

// split gives the pieces of data to f, one after the other.
func (k *keys) split(data []byte, now time.Time, f func(token)) {
	if len(k.held) > 0 {
		data = append(k.held, data...)
		k.held = nil
	}
	start := 0
	flush := func(end int) {
		if end > start {
			f(token{kind: text, bytes: data[start:end]})
		}
	}
	for i := 0; i < len(data); {
		rest := data[i:]
		if k.paste {
			j := bytes.IndexByte(rest, 0x1b)
			if j < 0 {
				break
			}
			i += j
			rest = rest[j:]
			switch {
			case bytes.HasPrefix(rest, []byte(pasteEnd)):
				k.paste = false
				i += len(pasteEnd)
			case len(rest) < len(pasteEnd) && strings.HasPrefix(pasteEnd, string(rest)):
				flush(i)
				k.hold(rest, now)
				return
			default:
				i++
			}
			continue
		}
		if n, partial := k.isMenu(rest); n > 0 {
			flush(i)
			f(token{kind: menuKey, bytes: rest[:n]})
			i += n
			start = i
			continue
		} else if partial {
			flush(i)
			k.hold(rest, now)
			return
		}
		if rest[0] != 0x1b {
			i++
			continue
		}
		switch {
		case bytes.HasPrefix(rest, []byte(shiftPgUp)):
			flush(i)
			f(token{kind: scrollKey, bytes: rest[:len(shiftPgUp)]})
			i += len(shiftPgUp)
			start = i
			continue
		case len(rest) < len(shiftPgUp) && len(rest) > 2 && strings.HasPrefix(shiftPgUp, string(rest)):
			flush(i)
			k.hold(rest, now)
			return
		case bytes.HasPrefix(rest, []byte(pasteBegin)):
			k.paste = true
			i += len(pasteBegin)
			continue
		case len(rest) < len(pasteBegin) && len(rest) > 2 && strings.HasPrefix(pasteBegin, string(rest)):
			flush(i)
			k.hold(rest, now)
			return
		}
		if k.mouse {
			m, n, partial := parseMouse(rest)
			switch {
			case n > 0:
				flush(i)
				f(token{kind: mouseReport, bytes: rest[:n], mouse: m})
				i += n
				start = i
				continue
			case partial:
				flush(i)
				k.hold(rest, now)
				return
			}
		}
		i++
	}
	flush(len(data))
}

func (k *keys) hold(b []byte, now time.Time) {
	k.held = append([]byte(nil), b...)
	k.since = now
}

// due tells for how long what is held waits still; ok is false if nothing is.
func (k *keys) due(now time.Time) (wait time.Duration, ok bool) {
	if len(k.held) == 0 {
		return 0, false
	}
	return max(0, holdFor-now.Sub(k.since)), true
}

// release gives up waiting: what is held was typed as it is.
func (k *keys) release(f func(token)) {
	b := k.held
	k.held = nil
	if len(b) > 0 {
		f(token{kind: text, bytes: b})
	}
}

// isMenu tells whether b begins with the menu key, or may do so with more.
func (k *keys) isMenu(b []byte) (n int, partial bool) {
	for _, m := range k.menu {
		if bytes.HasPrefix(b, []byte(m)) {
			return len(m), false
		}
		if len(b) < len(m) && strings.HasPrefix(m, string(b)) {
			partial = true
		}
	}
	return 0, partial
}

// parseMouse reads ESC [ < button ; x ; y M or m.
func parseMouse(b []byte) (m mouseEvent, n int, partial bool) {
	const intro = "\x1b[<"
	if len(b) < len(intro) {
		return m, 0, strings.HasPrefix(intro, string(b))
	}
	if string(b[:len(intro)]) != intro {
		return m, 0, false
	}
	var v [3]int
	at := 0
	for i := len(intro); i < len(b) && i < 24; i++ {
		switch c := b[i]; {
		case c >= '0' && c <= '9':
			v[at] = v[at]*10 + int(c-'0')
		case c == ';' && at < 2:
			at++
		case (c == 'M' || c == 'm') && at == 2:
			return mouseEvent{v[0], v[1], v[2], c == 'm'}, i + 1, false
		default:
			return m, 0, false
		}
	}
	return m, 0, len(b) < 24
}

// menuKeys reads JSH_MENU_KEY: names with commas between: F1…F12, ^A…^_, none.
// What it does not understand it leaves out; without any the default holds.
func menuKeys(s string) (keys []string, name string) {
	if s == "none" {
		return nil, ""
	}
	for _, w := range strings.Split(s, ",") {
		w = strings.TrimSpace(w)
		forms := keyForms(w)
		if len(forms) > 0 && name == "" {
			name = strings.ToUpper(w)
		}
		keys = append(keys, forms...)
	}
	if len(keys) == 0 {
		return append(keyForms("F2"), keyForms("^]")...), "F2"
	}
	return keys, name
}

// keyForms are the bytes that terminals send for a key: xterm's, the VT220's
// and the Linux console's forms of function keys.
func keyForms(name string) []string {
	name = strings.ToUpper(name)
	if len(name) == 2 && name[0] == '^' && name[1] >= '@' && name[1] <= '_' && name[1] != '[' {
		return []string{string(rune(name[1] - '@'))}
	}
	n, err := strconv.Atoi(strings.TrimPrefix(name, "F"))
	if err != nil || name[0] != 'F' || n < 1 || n > 12 {
		return nil
	}
	vt := [...]int{11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24}
	forms := []string{"\x1b[" + strconv.Itoa(vt[n-1]) + "~"}
	if n <= 4 {
		forms = append(forms, "\x1bO"+string(rune('P'+n-1)))
	}
	if n <= 5 {
		forms = append(forms, "\x1b[["+string(rune('A'+n-1)))
	}
	return forms
}

// nextKey takes one key off b for a panel, by name: "up", "pgdn", "esc",
// "enter", "^C", or the character itself. What it does not know is "".
func nextKey(b []byte) (name string, n int) {
	if len(b) == 0 {
		return "", 0
	}
	if b[0] == 0x1b && len(b) > 1 && (b[1] == '[' || b[1] == 'O') {
		n = 2
		for n < len(b) && (b[n] < 0x40 || b[n] > 0x7e) {
			n++
		}
		n = min(n+1, len(b))
		switch string(b[2:n]) {
		case "A":
			return "up", n
		case "B":
			return "down", n
		case "C":
			return "right", n
		case "D":
			return "left", n
		case "H", "1~", "7~":
			return "home", n
		case "F", "4~", "8~":
			return "end", n
		case "5~", "5;2~":
			return "pgup", n
		case "6~", "6;2~":
			return "pgdn", n
		}
		return "", n
	}
	switch c := b[0]; {
	case c == 0x1b:
		return "esc", 1
	case c == '\r' || c == '\n':
		return "enter", 1
	case c == ' ':
		return "space", 1
	case c == 0x7f || c == '\b':
		return "backspace", 1
	case c < 0x20:
		return "^" + string(rune(c+'@')), 1
	}
	r, n := utf8.DecodeRune(b)
	return string(r), n
}

// reportFor is a mouse report as the program wants it, x and y from 1 in the
// program's own terminal; nil if its form cannot say it.
func (m mouseEvent) reportFor(sgr bool, x, y int) []byte {
	if sgr {
		end := "M"
		if m.release {
			end = "m"
		}
		return []byte("\x1b[<" + strconv.Itoa(m.button) + ";" + strconv.Itoa(x) + ";" + strconv.Itoa(y) + end)
	}
	b := m.button
	if m.release {
		b = b&^3 | 3
	}
	if x > 223 || y > 223 || b > 223 {
		return nil
	}
	return []byte{0x1b, '[', 'M', byte(32 + b), byte(32 + x), byte(32 + y)}
}
