package grid

import "unicode/utf8"

// The parser is the state machine of DEC's terminals as Paul Williams wrote it
// down (vt100.net/emu/dec_ansi_parser), without 8-bit controls: input is
// UTF-8, where their bytes are parts of characters.

type state uint8

const (
	ground state = iota
	escape
	escapeInter
	csiParam
	csiInter
	csiIgnore
	str    // inside OSC, DCS, SOS, PM, APC or screen's title string
	strEsc // the same, after ESC: a backslash ends it
)

const (
	maxParams = 32
	maxParam  = 65535
	// maxString is how long a string (OSC, DCS, …) may be, in bytes. A longer
	// one is read to its end and ignored.
	maxString = 4096
)

type parser struct {
	state state

	// Of the control sequence that is being read.
	prefix byte // one of < = > ?, or 0
	inter  byte // the last intermediate byte; 0xff if there were several
	params params

	// Of the string that is being read.
	strKind byte // ']' OSC, 'P' DCS, 'X' SOS, '^' PM, '_' APC, 'k' title
	strBuf  []byte
	strLong bool // it passed maxString

	// Of the character that is being read: its first bytes.
	utf     [utf8.UTFMax]byte
	utfLen  int
	utfNeed int
}

// params are the numeric parameters of a control sequence.
type params struct {
	v   [maxParams]int32 // -1: left out
	n   int
	sub uint32 // bit i: parameter i is a subparameter (after a colon)
}

// get is parameter i, or def if it was left out or is 0.
func (p *params) get(i, def int) int {
	if i >= p.n || p.v[i] <= 0 {
		return def
	}
	return int(p.v[i])
}

func (p *params) isSub(i int) bool { return i < p.n && p.sub>>i&1 != 0 }

func (p *params) digit(b byte) {
	if p.n == 0 {
		p.n, p.v[0] = 1, -1
	}
	if p.n > maxParams {
		return
	}
	v := &p.v[p.n-1]
	*v = min(max(*v, 0)*10+int32(b-'0'), maxParam)
}

func (p *params) next(sub bool) {
	if p.n == 0 {
		p.n, p.v[0] = 1, -1
	}
	if p.n < maxParams {
		p.v[p.n] = -1
		if sub {
			p.sub |= 1 << p.n
		}
	}
	p.n = min(p.n+1, maxParams+1) // one past the end: the rest is dropped
}

// Write gives bytes to the terminal. It takes all of them.
func (g *Grid) Write(data []byte) (int, error) {
	p := &g.parser
	for i := 0; i < len(data); {
		b := data[i]
		if p.state == ground && p.utfNeed == 0 {
			switch {
			case b >= ' ' && b < 0x7f:
				n := i + 1
				for n < len(data) && data[n] >= ' ' && data[n] < 0x7f {
					n++
				}
				g.printASCII(data[i:n])
				i = n
				continue
			case b >= 0x80:
				if r, n := utf8.DecodeRune(data[i:]); r != utf8.RuneError {
					g.printRune(r)
					i += n
					continue
				}
			}
		}
		i++
		if b >= 0x80 || p.utfNeed > 0 {
			g.highByte(b)
			continue
		}
		g.byte(b)
	}
	return len(data), nil
}

// highByte takes a byte of a character that is not ASCII, or one that ends
// such a character too early. A malformed character becomes U+FFFD, once for
// each maximal part that could have begun one (Unicode, chapter 3.9).
func (g *Grid) highByte(b byte) {
	p := &g.parser
	if p.state == str || p.state == strEsc {
		p.state = str
		g.strByte(b)
		return
	}
	if p.state != ground {
		return // no part of a control sequence; xterm passes over it
	}
	if p.utfNeed > 0 {
		if g.continues(b) {
			p.utf[p.utfLen] = b
			p.utfLen++
			if p.utfLen == p.utfNeed {
				r, _ := utf8.DecodeRune(p.utf[:p.utfLen])
				p.utfNeed = 0
				g.printRune(r)
			}
			return
		}
		p.utfNeed = 0
		g.printRune(utf8.RuneError)
		if b < 0x80 {
			g.byte(b)
			return
		}
	}
	switch {
	case b >= 0xc2 && b <= 0xdf:
		p.utfNeed = 2
	case b >= 0xe0 && b <= 0xef:
		p.utfNeed = 3
	case b >= 0xf0 && b <= 0xf4:
		p.utfNeed = 4
	default:
		g.printRune(utf8.RuneError)
		return
	}
	p.utf[0], p.utfLen = b, 1
}

// continues tells whether b can follow the bytes in p.utf in a well-formed
// character (Unicode, table 3-7).
func (g *Grid) continues(b byte) bool {
	lo, hi := byte(0x80), byte(0xbf)
	if g.parser.utfLen == 1 {
		switch g.parser.utf[0] {
		case 0xe0:
			lo = 0xa0
		case 0xed:
			hi = 0x9f
		case 0xf0:
			lo = 0x90
		case 0xf4:
			hi = 0x8f
		}
	}
	return lo <= b && b <= hi
}

// byte takes one ASCII byte.
func (g *Grid) byte(b byte) {
	p := &g.parser
	if p.state == str || p.state == strEsc {
		g.strByte(b)
		return
	}
	switch {
	case b == 0x1b:
		p.state = escape
		p.inter = 0
		return
	case b == 0x18 || b == 0x1a: // CAN and SUB abort a sequence
		p.state = ground
		return
	case b < ' ':
		g.control(b)
		return
	case b == 0x7f:
		return
	}
	switch p.state {
	case ground:
		g.printASCII([]byte{b})
	case escape:
		g.escapeByte(b)
	case escapeInter:
		if b < '0' {
			p.collect(b)
			return
		}
		p.state = ground
		g.escDispatch(b)
	case csiParam:
		switch {
		case b >= '0' && b <= '9':
			p.params.digit(b)
		case b == ';' || b == ':':
			p.params.next(b == ':')
		case b >= '<' && b <= '?':
			if p.params.n > 0 || p.prefix != 0 {
				p.state = csiIgnore
			}
			p.prefix = b
		case b < '0':
			p.collect(b)
			p.state = csiInter
		default:
			p.state = ground
			g.csiEnd(b)
		}
	case csiInter:
		switch {
		case b < '0':
			p.collect(b)
		case b < '@':
			p.state = csiIgnore
		default:
			p.state = ground
			g.csiEnd(b)
		}
	case csiIgnore:
		if b >= '@' {
			p.state = ground
		}
	}
}

func (p *parser) collect(b byte) {
	if p.inter != 0 {
		b = 0xff // no function has two that we know
	}
	p.inter = b
}

// csiEnd gives the finished sequence to its function.
func (g *Grid) csiEnd(final byte) {
	g.parser.params.n = min(g.parser.params.n, maxParams)
	g.csiDispatch(final)
}

func (g *Grid) escapeByte(b byte) {
	p := &g.parser
	switch b {
	case '[':
		p.state = csiParam
		p.prefix, p.inter = 0, 0
		p.params.n, p.params.sub = 0, 0
	case ']', 'P', 'X', '^', '_', 'k':
		p.state = str
		p.strKind = b
		p.strBuf = p.strBuf[:0]
		p.strLong = false
	default:
		if b < '0' {
			p.collect(b)
			p.state = escapeInter
			return
		}
		p.state = ground
		g.escDispatch(b)
	}
}

// strByte takes one byte of a string. ST (ESC \) ends it; BEL ends an OSC as
// well, as xterm has it. CAN, SUB and any other escape sequence abort it.
func (g *Grid) strByte(b byte) {
	p := &g.parser
	if p.state == strEsc {
		if b == '\\' {
			p.state = ground
			g.strEnd()
			return
		}
		p.strBuf = p.strBuf[:0]
		p.state = escape
		p.inter = 0
		g.byte(b)
		return
	}
	switch {
	case b == 0x1b:
		p.state = strEsc
	case b == 0x18 || b == 0x1a:
		p.strBuf = p.strBuf[:0]
		p.state = ground
	case b == 0x07 && p.strKind == ']':
		p.state = ground
		g.strEnd()
	case len(p.strBuf) >= maxString:
		p.strLong = true
	default:
		p.strBuf = append(p.strBuf, b)
	}
}

func (g *Grid) strEnd() {
	p := &g.parser
	if !p.strLong {
		switch p.strKind {
		case ']':
			g.osc(p.strBuf)
		case 'P':
			g.dcs(p.strBuf)
		}
	}
	p.strBuf = p.strBuf[:0]
}
