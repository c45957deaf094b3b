package tutor

import (
	"slices"
	"strings"
	"time"

	"jsh/lessons/check"
	"jsh/lessons/page"
)

// typing is a script that is being typed for the learner: key by key at the
// screen, or line by line through a plain shell's prompt.
type typing struct {
	inputs []page.Input
	at     int // bytes of the first input that are typed
	next   time.Time
}

const (
	keystroke = 35 * time.Millisecond  // between two keys
	breath    = 600 * time.Millisecond // before Enter, and before a line
)

// readers are the programs that, named alone, take the next lines of a script in the
// shell's place. At the shell's own prompt these would do something else: kill $PPID,
// meant for a window, would end the learner's terminal.
var readers = [...]string{"puppet", "window", "cat", "sh", "bash", "dash"}

// startTyping begins with a script, and returns what the learner is to know. A
// plain shell can take lines only: what needs keys is for the learner to type, and
// so is what another program reads.
func (t *tutor) startTyping(inputs []page.Input) (text string) {
	keys, inside := false, false
	for _, in := range inputs {
		keys = keys || in.Kind != page.TypeLine && in.Kind != page.Await
		inside = inside || in.Kind == page.TypeLine && slices.Contains(readers[:], strings.TrimSpace(in.Text))
	}
	if t.cl.Screen() || !keys && !inside {
		t.typing = &typing{inputs: inputs, next: t.now().Add(breath)}
		return ""
	}
	t.player.Plain(t.columns()) // says that it is typed for the learner
	text = "It takes keys, so it is for you to type:\n"
	if !keys {
		text = "Another program reads it, so it is for you to type:\n"
	}
	for _, in := range inputs {
		switch in.Kind {
		case page.TypeLine:
			text += "  " + in.Text + "\n"
		case page.TypeRaw:
			text += "  " + in.Text + "  (without Enter)\n"
		case page.TypeKey:
			text += "  " + in.Text + "  (hold Ctrl and press " + strings.ToLower(in.Text[1:]) + ")\n"
		}
	}
	return text
}

// pause is how long until the next key.
func (y *typing) pause() time.Duration { return max(time.Until(y.next), time.Millisecond) }

// line is the next line for a plain shell. What the script waits for before it is
// not waited for here: the shell has done all that it was told.
func (y *typing) line() string {
	for len(y.inputs) > 0 {
		in := y.inputs[0]
		y.inputs = y.inputs[1:]
		if in.Kind == page.TypeLine {
			return in.Text
		}
	}
	return ""
}

// typeOn types what is due at the screen.
func (t *tutor) typeOn() {
	y := t.typing
	if y == nil {
		return
	}
	if len(y.inputs) == 0 {
		t.typing = nil
		return
	}
	if !t.cl.Screen() || t.now().Before(y.next) {
		return
	}
	in := y.inputs[0]
	switch in.Kind {
	case page.Await:
		e, err := check.Compile(in.Text)
		if err == nil && !e.Eval(t.log.World()).Holds() {
			y.next = t.now().Add(keystroke)
			return
		}
		y.inputs = y.inputs[1:]
		return
	case page.TypeKey:
		t.cl.Type(control(in.Text))
		y.inputs, y.next = y.inputs[1:], t.now().Add(breath)
		return
	}
	if y.at < len(in.Text) {
		n := y.at + 1
		for n < len(in.Text) && in.Text[n]&0xc0 == 0x80 { // a character is typed as a whole
			n++
		}
		t.cl.Type(in.Text[y.at:n])
		y.at, y.next = n, t.now().Add(keystroke)
		if n == len(in.Text) {
			y.next = t.now().Add(breath / 2)
		}
		return
	}
	if in.Kind == page.TypeLine {
		t.cl.Type("\r")
	}
	y.inputs, y.at, y.next = y.inputs[1:], 0, t.now().Add(breath)
}

// control is the byte of a key such as ^C.
func control(key string) string {
	if len(key) == 2 && key[0] == '^' {
		return string(rune(key[1] & 0x1f))
	}
	return key
}
