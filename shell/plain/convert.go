package plain

import (
	"bytes"
	"math"
	"slices"
	"strconv"
)

// text writes a string for %s, %b and %q: cut to the precision, then padded.
// The 0 flag means nothing for strings.
func text[T string | []byte](p *printer, d directive, s T) {
	if d.precision >= 0 && d.precision < len(s) {
		s = s[:d.precision]
	}
	start := len(p.out)
	p.out = append(p.out, s...)
	p.pad(d, start)
}

// integer writes a number for %d, %i, %o, %u, %x and %X.
func (p *printer) integer(d directive, size uint64, negative bool) {
	start := len(p.out)
	p.sign(d, negative)
	base := 10
	switch d.letter {
	case 'o':
		base = 8
	case 'x', 'X':
		base = 16
		if d.sharp && size != 0 {
			p.out = append(p.out, '0', d.letter)
		}
	}
	digits := len(p.out)
	if size != 0 || d.precision != 0 {
		p.out = strconv.AppendUint(p.out, size, base)
	}
	if d.letter == 'X' {
		upper(p.out[digits:])
	}
	if missing := d.precision - (len(p.out) - digits); missing > 0 {
		p.insert(digits, missing, '0')
	}
	if d.sharp && base == 8 && (digits == len(p.out) || p.out[digits] != '0') {
		p.insert(digits, 1, '0')
	}
	if d.zero && d.precision < 0 {
		p.padZero(d, start, digits)
	}
	p.pad(d, start)
}

// float writes a number for %a, %e, %f, %g and their capitals, as fprintf(3)
// writes a double.
func (p *printer) float(d directive, v float64) {
	start := len(p.out)
	p.sign(d, math.Signbit(v))
	v = math.Abs(v)
	letters := len(p.out)
	digits := letters
	switch {
	case math.IsInf(v, 0):
		p.out = append(p.out, "inf"...)
		d.zero = false
	case math.IsNaN(v):
		p.out = append(p.out, "nan"...)
		d.zero = false
	default:
		precision := d.precision
		if precision < 0 {
			precision = 6
		}
		switch d.letter | 0x20 {
		case 'a':
			p.hexFloat(v, d.precision)
			digits += len("0x")
		case 'e', 'f':
			p.out = strconv.AppendFloat(p.out, v, d.letter|0x20, precision, 64)
		case 'g':
			p.shorterFloat(v, max(precision, 1), d.sharp)
		}
		if d.sharp && bytes.IndexByte(p.out[letters:], '.') < 0 {
			p.insert(mantissaEnd(p.out, digits), 1, '.')
		}
	}
	if d.letter < 'a' {
		upper(p.out[letters:])
	}
	if d.zero {
		p.padZero(d, start, digits)
	}
	p.pad(d, start)
}

// hexFloat is C's %a; Go's own differs in writing an exponent below 10 with
// two digits.
func (p *printer) hexFloat(v float64, precision int) {
	start := len(p.out)
	p.out = strconv.AppendFloat(p.out, v, 'x', precision, 64)
	e := start + bytes.IndexByte(p.out[start:], 'p') + 2
	if p.out[e] == '0' && e+1 < len(p.out) {
		p.out = append(p.out[:e], p.out[e+1:]...)
	}
}

// shorterFloat is C's %g: the exponent that %e would show decides between %e
// and %f, and zeros at the end go unless keep is set.
func (p *printer) shorterFloat(v float64, precision int, keep bool) {
	start := len(p.out)
	p.out = strconv.AppendFloat(p.out, v, 'e', precision-1, 64)
	e := start + bytes.IndexByte(p.out[start:], 'e') + 1
	exponent, _ := strconv.Atoi(string(p.out[e:])) // written by AppendFloat just now
	if exponent >= -4 && exponent < precision {
		p.out = strconv.AppendFloat(p.out[:start], v, 'f', precision-1-exponent, 64)
	}
	if keep || bytes.IndexByte(p.out[start:], '.') < 0 {
		return
	}
	end := mantissaEnd(p.out, start)
	kept := len(bytes.TrimRight(p.out[:end], "0"))
	if p.out[kept-1] == '.' {
		kept--
	}
	p.out = append(p.out[:kept], p.out[end:]...)
}

// mantissaEnd is where the exponent begins in the number that begins at start.
func mantissaEnd(b []byte, start int) int {
	for i := start; i < len(b); i++ {
		if b[i] == 'p' || b[i] == '+' || b[i] == '-' {
			if b[i] == 'p' {
				return i
			}
			return i - 1
		}
	}
	return len(b)
}

func (p *printer) sign(d directive, negative bool) {
	switch {
	case negative:
		p.out = append(p.out, '-')
	case d.plus:
		p.out = append(p.out, '+')
	case d.space:
		p.out = append(p.out, ' ')
	}
}

// pad fills what stands from start with spaces up to the width.
func (p *printer) pad(d directive, start int) {
	missing := d.width - (len(p.out) - start)
	if missing <= 0 {
		return
	}
	if d.minus {
		start = len(p.out)
	}
	p.insert(start, missing, ' ')
}

// padZero fills up to the width with zeros before digits; - overrides that.
func (p *printer) padZero(d directive, start, digits int) {
	if missing := d.width - (len(p.out) - start); missing > 0 && !d.minus {
		p.insert(digits, missing, '0')
	}
}

// insert puts n times c at the position at.
func (p *printer) insert(at, n int, c byte) {
	end := len(p.out)
	p.out = slices.Grow(p.out, n)[:end+n]
	copy(p.out[at+n:], p.out[at:end])
	for i := range n {
		p.out[at+i] = c
	}
}

// upper makes ASCII letters capitals.
func upper(b []byte) {
	for i, c := range b {
		if 'a' <= c && c <= 'z' {
			b[i] = c - 'a' + 'A'
		}
	}
}
