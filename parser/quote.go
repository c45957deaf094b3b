package parser

import (
	"strconv"
	"unicode/utf8"
)

// dollarQuoted reads '…' after a $ (POSIX.1-2024 2.2.4).
func (p *Parser) dollarQuoted(start Pos) *Quoted {
	p.push("$'", start)
	p.pos++
	var raw []byte
	for {
		c := p.raw()
		if c == eof {
			p.unclosed()
		}
		p.pos++
		if c == '\'' {
			break
		}
		raw = append(raw, byte(c))
		if c == '\\' {
			if c = p.raw(); c == eof {
				p.unclosed()
			}
			raw = append(raw, byte(c))
			p.pos++
		}
	}
	p.pop()
	return &Quoted{Text: unescape(raw), Form: '$'}
}

// unescape gives the bytes that the inside of $'…' stands for. A NUL ends the
// text, as in bash.
func unescape(s []byte) string {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			out = append(out, s[i])
			continue
		}
		i++
		var v uint64
		switch c := s[i]; c {
		case 'a':
			v = 7
		case 'b':
			v = 8
		case 'e', 'E':
			v = 27
		case 'f':
			v = 12
		case 'n':
			v = 10
		case 'r':
			v = 13
		case 't':
			v = 9
		case 'v':
			v = 11
		case '\\', '\'', '"', '?':
			v = uint64(c)
		case 'c':
			if i+1 == len(s) {
				out = append(out, '\\', 'c')
				continue
			}
			i++
			if s[i] == '\\' && i+1 < len(s) && s[i+1] == '\\' {
				i++
			}
			if v = uint64(s[i]) & 0x1f; s[i] == '?' {
				v = 0x7f
			}
		case '0', '1', '2', '3', '4', '5', '6', '7':
			n := digits(s[i:], 3, 8)
			v, _ = strconv.ParseUint(string(s[i:i+n]), 8, 64)
			v &= 0xff
			i += n - 1
		case 'x', 'u', 'U':
			max := 2
			if c == 'u' {
				max = 4
			} else if c == 'U' {
				max = 8
			}
			n := digits(s[i+1:], max, 16)
			if n == 0 {
				out = append(out, '\\', c)
				continue
			}
			v, _ = strconv.ParseUint(string(s[i+1:i+1+n]), 16, 64)
			i += n
			if c != 'x' && v != 0 {
				out = utf8.AppendRune(out, rune(v))
				continue
			}
		default:
			out = append(out, '\\', c)
			continue
		}
		if v == 0 {
			return string(out)
		}
		out = append(out, byte(v))
	}
	return string(out)
}

// digits counts the digits of base that s begins with, up to max.
func digits(s []byte, max, base int) int {
	n := 0
	for n < max && n < len(s) {
		if _, err := strconv.ParseUint(string(s[n:n+1]), base, 8); err != nil {
			break
		}
		n++
	}
	return n
}
