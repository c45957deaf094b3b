package expand

import "strconv"

// constant reads a string that is an integer constant and nothing else: what
// nearly all variables in arithmetic hold.
func constant(s string) (n int64, ok bool) {
	i := 0
	for i < len(s) && s[i] == ' ' {
		i++
	}
	neg := false
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		neg = s[i] == '-'
		i++
	}
	if i == len(s) || s[i] == '0' && i+1 < len(s) { // empty, or octal and hexadecimal
		return 0, false
	}
	for ; i < len(s); i++ {
		d := s[i] - '0'
		if d > 9 {
			return 0, false
		}
		n = n*10 + int64(d)
	}
	if neg {
		n = -n
	}
	return n, true
}

// number reads a constant: decimal, 0 octal, 0x hexadecimal, base#digits. One
// that is too great wraps around.
func (a *arith) number() int64 {
	at := a.i
	base := int64(10)
	if a.next(0) == '0' {
		base = 8
		if c := a.next(1); c == 'x' || c == 'X' {
			base = 16
			a.i += 2
			if digit(a.next(0), 16) >= 16 {
				a.fail("hexadecimal digits are missing", a.i)
				return 0
			}
		}
	}
	n := a.digits(base)
	if a.next(0) != '#' {
		return n
	}
	if n < 2 || n > 64 || a.s[at] == '0' {
		a.fail("a base must be from 2 to 64", at)
		return 0
	}
	a.i++
	if digit(a.next(0), n) >= 64 {
		a.fail("digits are missing after the #", a.i)
		return 0
	}
	return a.digits(n)
}

func (a *arith) digits(base int64) (n int64) {
	for ; ; a.i++ {
		d := digit(a.next(0), base)
		if d >= 64 {
			return n
		}
		if d >= base {
			a.fail("digit too great for base "+strconv.FormatInt(base, 10), a.i)
			return 0
		}
		n = n*base + d
	}
}

// digit is the value of c as a digit, 64 where it is none: 0–9, a–z, A–Z, @, _;
// up to base 36 the case of letters does not matter.
func digit(c byte, base int64) int64 {
	switch {
	case '0' <= c && c <= '9':
		return int64(c - '0')
	case 'a' <= c && c <= 'z':
		return int64(c-'a') + 10
	case 'A' <= c && c <= 'Z' && base <= 36:
		return int64(c-'A') + 10
	case 'A' <= c && c <= 'Z':
		return int64(c-'A') + 36
	case c == '@':
		return 62
	case c == '_':
		return 63
	}
	return 64
}
