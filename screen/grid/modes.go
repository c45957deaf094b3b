package grid

// Modes are the modes that programs set and that whoever shows the screen, or
// sends it keys, has to know.
type Modes struct {
	Insert   bool // IRM
	NewLine  bool // LNM: line feed returns to the first column too
	Origin   bool // DECOM
	AutoWrap bool // DECAWM
	Reverse  bool // DECSCNM: the whole screen in inverse video

	AppCursor bool // DECCKM: cursor keys send ESC O
	AppKeypad bool // DECKPAM

	CursorVisible bool // DECTCEM
	Alternate     bool // the alternate screen is shown

	Mouse          Mouse
	MouseSGR       bool // 1006: the mouse's reports are ESC [ < …
	Focus          bool // 1004: focus changes are reported
	BracketedPaste bool // 2004
	Synchronized   bool // 2026: the program is in the middle of a redraw
}

// Mouse is what a program wants to know of the mouse.
type Mouse uint8

const (
	MouseOff    Mouse = iota
	MouseX10          // 9: presses
	MouseNormal       // 1000: presses and releases
	MouseDrag         // 1002: and motion with a button down
	MouseAny          // 1003: and all motion
)

func (m Mouse) String() string {
	switch m {
	case MouseX10:
		return "presses"
	case MouseNormal:
		return "buttons"
	case MouseDrag:
		return "drags"
	case MouseAny:
		return "motion"
	}
	return "off"
}

// flag is the field of a mode that is no more than a flag; nil for others.
func (m *Modes) flag(mode int, private bool) *bool {
	if !private {
		switch mode {
		case 4:
			return &m.Insert
		case 20:
			return &m.NewLine
		}
		return nil
	}
	switch mode {
	case 1:
		return &m.AppCursor
	case 5:
		return &m.Reverse
	case 6:
		return &m.Origin
	case 7:
		return &m.AutoWrap
	case 25:
		return &m.CursorVisible
	case 66:
		return &m.AppKeypad
	case 1004:
		return &m.Focus
	case 1006:
		return &m.MouseSGR
	case 2004:
		return &m.BracketedPaste
	case 2026:
		return &m.Synchronized
	}
	return nil
}

var mouseModes = [...]struct {
	mode  int
	mouse Mouse
}{{9, MouseX10}, {1000, MouseNormal}, {1002, MouseDrag}, {1003, MouseAny}}

func (g *Grid) setMode(mode int, on bool) {
	if f := g.modes.flag(mode, false); f != nil {
		*f = on
	}
}

func (g *Grid) setPrivateMode(mode int, on bool) {
	if f := g.modes.flag(mode, true); f != nil {
		changed := *f != on
		*f = on
		switch mode {
		case 5:
			if changed {
				g.dirty.markAll(g.rows)
			}
		case 6:
			g.position(0, 0)
		case 7:
			if !on {
				g.cur.wrap = false
			}
		}
		return
	}
	for _, m := range mouseModes {
		if m.mode == mode {
			switch {
			case on:
				g.modes.Mouse = m.mouse
			case g.modes.Mouse == m.mouse:
				g.modes.Mouse = MouseOff
			}
			return
		}
	}
	switch mode {
	case 47:
		g.showAlternate(on)
	case 1047:
		if !on && g.buf == &g.alt {
			g.alt.clearScreen()
		}
		g.showAlternate(on)
	case 1048:
		if on {
			g.saveCursor()
		} else {
			g.restoreCursor()
		}
	case 1049:
		if on {
			if g.buf == &g.main {
				g.saveCursor()
			}
			g.showAlternate(true)
			g.eraseDisplay(2)
		} else {
			g.showAlternate(false)
			g.restoreCursor()
		}
	}
}

// showAlternate shows the alternate screen or the main one. The cursor stays.
func (g *Grid) showAlternate(on bool) {
	buf := &g.main
	if on {
		buf = &g.alt
	}
	if g.buf == buf {
		return
	}
	g.buf = buf
	g.modes.Alternate = on
	g.dirty.markAll(g.rows)
}
