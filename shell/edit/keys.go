package edit

import "unicode/utf8"

// key is one key press, or one paste.
type key struct {
	code rune // a control character, a named key, or with meta a character
	meta bool
	ctrl bool   // of named keys only
	text []byte // of keyText and keyPaste
}

// Named keys stand behind the last character.
const (
	keyText  rune = utf8.MaxRune + 1 + iota // insert text
	keyPaste                                // insert text as one change
	keyUp
	keyDown
	keyRight
	keyLeft
	keyHome
	keyEnd
	keyDelete
	keyUnknown // a key that means nothing here
)

type decoderState uint8

const (
	ground decoderState = iota
	inChar              // a character of several bytes is not complete
	inEsc
	inCSI
	inSS3
	inLinuxFn // ESC [ [ and one more: function keys of the Linux console
	inPaste
)

// decoder makes keys of bytes. It keeps no byte that it has not understood
// longer than until the next one, except inside a paste.
type decoder struct {
	state   decoderState
	meta    bool
	literal bool // the next character is text, whatever it is
	buf     []byte
}

const (
	maxCSI   = 64
	pasteEnd = "\x1b[201~"
)

// feed appends to out the keys that byte b completes. NUL is dropped: it is
// what the line discipline leaves of ^D when canonical mode ends with input
// waiting, and no command line can hold it.
func (d *decoder) feed(b byte, out []key) []key {
	if b == 0 {
		return out
	}
	switch d.state {
	case inChar:
		return d.feedChar(b, out)
	case inEsc:
		return d.feedEsc(b, out)
	case inCSI:
		return d.feedCSI(b, out)
	case inSS3:
		d.state = ground
		if b >= 'A' && b <= 'z' {
			return append(out, named(b, nil, d.meta))
		}
		return d.feed(b, append(out, key{code: 'O', meta: true}))
	case inLinuxFn:
		d.state = ground
		if b < ' ' {
			return d.feed(b, out)
		}
		return append(out, key{code: keyUnknown})
	case inPaste:
		d.buf = append(d.buf, b)
		if n := len(d.buf) - len(pasteEnd); b == '~' && n >= 0 && string(d.buf[n:]) == pasteEnd {
			d.state = ground
			return append(out, key{code: keyPaste, text: newlines(d.buf[:n])})
		}
		return out
	}
	switch {
	case d.literal && b < utf8.RuneSelf:
		d.literal = false
		return append(out, key{code: keyText, text: []byte{b}})
	case b == 0x1b:
		d.state, d.meta = inEsc, false
	case b >= utf8.RuneSelf:
		d.state, d.buf = inChar, d.buf[:0]
		return d.feedChar(b, out)
	case b < ' ' || b == 0x7f:
		return append(out, key{code: rune(b)})
	default:
		return append(out, key{code: keyText, text: []byte{b}})
	}
	return out
}

// feedChar collects a character of several bytes. Bytes that turn out to be
// none become text one by one.
func (d *decoder) feedChar(b byte, out []key) []key {
	d.buf = append(d.buf, b)
	if !utf8.FullRune(d.buf) {
		return out
	}
	d.state, d.literal = ground, false
	buf := d.buf
	r, n := utf8.DecodeRune(buf)
	out = append(out, key{code: keyText, text: append([]byte(nil), buf[:n]...)})
	if r == utf8.RuneError && n == 1 {
		rest := append([]byte(nil), buf[1:]...)
		for _, c := range rest {
			out = d.feed(c, out)
		}
	}
	return out
}

func (d *decoder) feedEsc(b byte, out []key) []key {
	switch {
	case b == '[':
		d.state, d.buf = inCSI, d.buf[:0]
		return out
	case b == 'O':
		d.state = inSS3
		return out
	case b == 0x1b: // ESC before a named key: Alt with it
		d.meta = true
		return out
	}
	d.state = ground
	if b >= utf8.RuneSelf || b == ctrlC {
		return d.feed(b, out)
	}
	return append(out, key{code: rune(b), meta: true})
}

func (d *decoder) feedCSI(b byte, out []key) []key {
	switch {
	case b < ' ' || b >= 0x7f: // not part of any sequence: ^C must get through
		d.state = ground
		return d.feed(b, out)
	case b == '[' && len(d.buf) == 0:
		d.state = inLinuxFn
		return out
	case b < 0x40:
		if len(d.buf) < maxCSI {
			d.buf = append(d.buf, b)
		}
		return out
	}
	if b == '~' && string(d.buf) == "200" {
		d.state, d.buf = inPaste, nil
		return out
	}
	d.state = ground
	return append(out, named(b, d.buf, d.meta))
}

// named is the key of a sequence ESC [ par final or ESC O final, as xterm,
// the VT220 and the Linux console send them.
func named(final byte, par []byte, meta bool) key {
	n, mod, field := 0, 0, 0
	for _, c := range par {
		switch {
		case c == ';':
			field++
		case c >= '0' && c <= '9' && field == 0:
			n = min(n*10+int(c-'0'), 999)
		case c >= '0' && c <= '9' && field == 1:
			mod = min(mod*10+int(c-'0'), 99)
		default:
			return key{code: keyUnknown}
		}
	}
	k := key{code: keyUnknown, meta: meta}
	if mod > 0 { // xterm: 1 + (1 shift, 2 alt, 4 control)
		k.meta = k.meta || (mod-1)&2 != 0
		k.ctrl = (mod-1)&4 != 0
	}
	switch final {
	case 'A':
		k.code = keyUp
	case 'B':
		k.code = keyDown
	case 'C':
		k.code = keyRight
	case 'D':
		k.code = keyLeft
	case 'H':
		k.code = keyHome
	case 'F':
		k.code = keyEnd
	case 'a', 'b', 'c', 'd': // rxvt with control
		k.code, k.ctrl = keyUp+rune(final-'a'), true
	case 'M':
		k.code = enter // the keypad's Enter
	case '~':
		switch n {
		case 1, 7:
			k.code = keyHome
		case 4, 8:
			k.code = keyEnd
		case 3:
			k.code = keyDelete
		}
	}
	return k
}

// newlines is pasted text with one newline for what ends a line. Terminals
// send CR for it.
func newlines(s []byte) []byte {
	out := make([]byte, 0, len(s))
	for i, c := range s {
		switch {
		case c == '\n' && i > 0 && s[i-1] == '\r':
		case c == '\r':
			out = append(out, '\n')
		default:
			out = append(out, c)
		}
	}
	return out
}

// Control characters that are keys.
const (
	ctrlA = 'A' & 0x1f
	ctrlB = 'B' & 0x1f
	ctrlC = 'C' & 0x1f
	ctrlD = 'D' & 0x1f
	ctrlE = 'E' & 0x1f
	ctrlF = 'F' & 0x1f
	ctrlG = 'G' & 0x1f
	ctrlH = 'H' & 0x1f
	tab   = 'I' & 0x1f
	ctrlJ = 'J' & 0x1f
	ctrlK = 'K' & 0x1f
	ctrlL = 'L' & 0x1f
	enter = 'M' & 0x1f
	ctrlN = 'N' & 0x1f
	ctrlP = 'P' & 0x1f
	ctrlQ = 'Q' & 0x1f
	ctrlR = 'R' & 0x1f
	ctrlS = 'S' & 0x1f
	ctrlT = 'T' & 0x1f
	ctrlU = 'U' & 0x1f
	ctrlV = 'V' & 0x1f
	ctrlW = 'W' & 0x1f
	ctrlX = 'X' & 0x1f
	ctrlY = 'Y' & 0x1f
	undo  = '_' & 0x1f
	del   = 0x7f
)
