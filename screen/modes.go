package screen

import (
	"strconv"

	"jsh/screen/grid"
)

// Sequences for the learner's terminal (xterm's ctlseqs).
const (
	// seqEnter saves the title and the cursor, and shows the alternate screen.
	seqEnter = "\x1b[22;2t\x1b[?1049h\x1b[0m\x1b[2J\x1b[H"
	// seqLeave undoes all that the screen may have set, whatever it was in the
	// middle of: CAN ends a sequence that was cut off.
	seqLeave = "\x18\x1b[?2026l\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[?9l\x1b[?1006l\x1b[?1004l" +
		"\x1b[?2004l\x1b[?1l\x1b>\x1b[0m\x1b[?25h\x1b[?1049l\x1b[23;2t"
	seqPlainCursor = "\x1b[0 q"
)

// outer is what the learner's terminal was told last.
type outer struct {
	appCursor, appKeypad bool
	focus, paste         bool
	mouse                grid.Mouse
	visible              bool
	shape                grid.CursorShape
	title                string
	bells                uint64
	shapeWasSet          bool
}

// entered is the state after seqEnter.
func entered() outer { return outer{visible: true} }

func private(b []byte, mode int, on bool) []byte {
	b = append(b, "\x1b[?"...)
	b = strconv.AppendInt(b, int64(mode), 10)
	if on {
		return append(b, 'h')
	}
	return append(b, 'l')
}

// follow tells the terminal of the modes that the programs inside want of it.
func (o *outer) follow(b []byte, m grid.Modes) []byte {
	flag := func(have *bool, want bool, mode int) {
		if *have != want {
			*have = want
			b = private(b, mode, want)
		}
	}
	flag(&o.appCursor, m.AppCursor, 1)
	flag(&o.focus, m.Focus, 1004)
	flag(&o.paste, m.BracketedPaste, 2004)
	if o.appKeypad != m.AppKeypad {
		o.appKeypad = m.AppKeypad
		b = append(b, '\x1b', map[bool]byte{true: '=', false: '>'}[m.AppKeypad])
	}
	if o.mouse != m.Mouse {
		if n := mouseMode(o.mouse); n != 0 {
			b = private(b, n, false)
		}
		if n := mouseMode(m.Mouse); n != 0 {
			b = private(b, n, true)
		}
		if (o.mouse == grid.MouseOff) != (m.Mouse == grid.MouseOff) {
			b = private(b, 1006, m.Mouse != grid.MouseOff)
		}
		o.mouse = m.Mouse
	}
	return b
}

func mouseMode(m grid.Mouse) int {
	switch m {
	case grid.MouseX10, grid.MouseNormal:
		return 1000
	case grid.MouseDrag:
		return 1002
	case grid.MouseAny:
		return 1003
	}
	return 0
}

// cursor tells the terminal how its cursor is to look.
func (o *outer) cursor(b []byte, visible bool, shape grid.CursorShape) []byte {
	if o.shape != shape {
		o.shape, o.shapeWasSet = shape, true
		b = append(b, "\x1b["...)
		b = strconv.AppendInt(b, int64(shape), 10)
		b = append(b, " q"...)
	}
	if o.visible != visible {
		o.visible = visible
		b = private(b, 25, visible)
	}
	return b
}

// news passes on title and bell. The title is free of control characters
// (package grid).
func (o *outer) news(b []byte, g *grid.Grid) []byte {
	if t := g.Title(); t != o.title {
		o.title = t
		b = append(append(append(b, "\x1b]2;"...), t...), '\a')
	}
	if n := g.Bells(); n != o.bells {
		o.bells = n
		b = append(b, '\a')
	}
	return b
}
