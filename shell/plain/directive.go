package plain

import (
	"strconv"
	"strings"
)

// directive is one conversion specification of a format.
type directive struct {
	number    int // n of %n$, or 0 for the next argument
	minus     bool
	plus      bool
	space     bool
	sharp     bool
	zero      bool
	width     int // in bytes
	precision int // -1 if there is none
	letter    byte
}

// directive reads the conversion specification that s begins with, and takes
// the arguments that a * asks for. length is how much of s was read; after a
// mistake that is the part to show.
func (p *printer) directive(s string) (d directive, length int, err string) {
	d.precision = -1
	i := 1
	if n, digits := readCount(s[i:]); digits > 0 && i+digits < len(s) && s[i+digits] == '$' {
		i += digits + 1
		if n == 0 || n > p.maxField {
			return d, i, "arguments are numbered from 1 to " + strconv.Itoa(p.maxField)
		}
		d.number = n
	}
	for ; i < len(s); i++ {
		switch s[i] {
		case '-':
			d.minus = true
		case '+':
			d.plus = true
		case ' ':
			d.space = true
		case '#':
			d.sharp = true
		case '0':
			d.zero = true
		case '\'': // groups of thousands: the C locale has none
		default:
			goto width
		}
	}
width:
	n, taken, err := p.count(s[i:])
	i += taken
	if err != "" {
		return d, i, err
	}
	if n < 0 {
		d.minus = true
		n = -n
	}
	d.width = n
	if i < len(s) && s[i] == '.' {
		i++
		d.precision, taken, err = p.count(s[i:])
		i += taken
		if err != "" {
			return d, i, err
		}
	}
	for i < len(s) && strings.IndexByte("hlLjzt", s[i]) >= 0 {
		i++
	}
	if i == len(s) {
		return d, i, "the letter of a conversion is missing; write %% for a percent sign"
	}
	d.letter = s[i]
	i++
	switch d.letter {
	case 'b', 'c', 'q', 's':
	case 'd', 'i', 'o', 'u', 'x', 'X', 'a', 'A', 'e', 'E', 'f', 'F', 'g', 'G':
		if d.precision > p.maxField {
			return d, i, p.tooLarge()
		}
	case 'n':
		return d, i, "not supported: it would write to a variable"
	case '(':
		return d, i, "the format for a time is not supported; use date +FORMAT"
	default:
		return d, i, "unknown conversion"
	}
	if d.width > p.maxField {
		return d, i, p.tooLarge()
	}
	return d, i, ""
}

func (p *printer) tooLarge() string {
	return "a width or precision can be at most " + strconv.Itoa(p.maxField)
}

// count reads a width or a precision: digits, *, *n$ or nothing, which is 0.
// Only an argument can be negative.
func (p *printer) count(s string) (n, taken int, err string) {
	if s == "" || s[0] != '*' {
		n, taken = readCount(s)
		return n, taken, ""
	}
	taken = 1
	number, digits := readCount(s[1:])
	if digits > 0 && 1+digits < len(s) && s[1+digits] == '$' {
		taken += digits + 1
		if number == 0 || number > p.maxField {
			return 0, taken, "arguments are numbered from 1 to " + strconv.Itoa(p.maxField)
		}
	} else {
		number = 0
	}
	arg, _ := p.argument(number)
	v, f := readSigned(arg)
	p.report(arg, f)
	return int(min(max(v, -countLimit), countLimit)), taken, ""
}

// countLimit is where readCount stops counting: above every maxField.
const countLimit = 1<<31 - 1

// readCount reads decimal digits; a number too large becomes countLimit.
func readCount(s string) (n, digits int) {
	for digits < len(s) && '0' <= s[digits] && s[digits] <= '9' {
		n = min(n, countLimit/10)*10 + int(s[digits]-'0')
		digits++
	}
	return min(n, countLimit), digits
}
