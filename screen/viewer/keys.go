package viewer

// key is what the viewer understands of what is typed.
type key int

const (
	keyOther key = iota
	keyQuit
	keyStop
	keyHelp
	keyContrast
	keyAll
	keyRedraw
	keyLeft
	keyRight
	keyUp
	keyDown
	keyHome
	keyEnd
	keySpace
	keyFaster
	keySlower
	keyEnter
	keyAgain
)

// plain are the keys of one byte.
func plain(c byte) key {
	switch c {
	case 'q', 'Q', 0x03, 0x04: // ^C, ^D
		return keyQuit
	case 0x1a: // ^Z
		return keyStop
	case '?':
		return keyHelp
	case 'c', 'C':
		return keyContrast
	case 'a', 'A':
		return keyAll
	case 0x0c: // ^L
		return keyRedraw
	case ' ':
		return keySpace
	case '\r', '\n':
		return keyEnter
	case 'r', 'R':
		return keyAgain
	case '+', '=':
		return keyFaster
	case '-':
		return keySlower
	case 'h':
		return keyLeft
	case 'l':
		return keyRight
	case 'k':
		return keyUp
	case 'j':
		return keyDown
	case 'g':
		return keyHome
	case 'G':
		return keyEnd
	}
	return keyOther
}

// sequences are the keys that send more, behind ESC [ or ESC O (xterm, VT220,
// the Linux console).
func sequence(s string) key {
	switch s {
	case "D":
		return keyLeft
	case "C":
		return keyRight
	case "A", "5~":
		return keyUp
	case "B", "6~":
		return keyDown
	case "H", "1~", "7~":
		return keyHome
	case "F", "4~", "8~":
		return keyEnd
	}
	return keyOther
}

// decode takes the keys out of typed bytes. What may be the beginning of a
// longer key stays in rest. A lone ESC is no key: the terminals' keys begin with
// it.
func decode(in []byte) (list []key, rest []byte) {
	for len(in) > 0 {
		if in[0] != 0x1b {
			list = append(list, plain(in[0]))
			in = in[1:]
			continue
		}
		if len(in) < 2 {
			return list, in
		}
		if in[1] != '[' && in[1] != 'O' {
			in = in[1:] // ESC, then something else
			continue
		}
		end := 2
		for end < len(in) && (in[end] < 0x40 || in[end] > 0x7e) {
			if in[end] < 0x20 || end > 16 { // no sequence of a key
				break
			}
			end++
		}
		if end == len(in) {
			return list, in
		}
		list = append(list, sequence(string(in[2:end+1])))
		in = in[end+1:]
	}
	return list, nil
}
