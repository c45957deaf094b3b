package plain

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// fault says what was wrong with a number, in the words of a message.
type fault string

const (
	fine       fault = ""
	notNumber  fault = "expected a number"
	notAll     fault = "not completely converted"
	outOfRange fault = "out of range, so the nearest possible number was used"
)

// readInteger reads a C integer constant without a suffix: blanks, a sign,
// then decimal, octal after 0, hexadecimal after 0x. It gives the size and the
// sign apart, because %d and %u have different limits. An empty string is 0,
// as in bash and dash.
func readInteger(s string) (size uint64, negative bool, f fault) {
	if s == "" {
		return 0, false, fine
	}
	i := skipSpace(s)
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		negative = s[i] == '-'
		i++
	}
	base := uint64(10)
	if i < len(s) && s[i] == '0' {
		base = 8
		if i+2 < len(s) && s[i+1]|0x20 == 'x' && digitValue(s[i+2]) < 16 {
			base = 16
			i += 2
		}
	}
	start := i
	for ; i < len(s); i++ {
		d := uint64(digitValue(s[i]))
		if d >= base {
			break
		}
		if size > (math.MaxUint64-d)/base {
			f = outOfRange
			size = math.MaxUint64
			continue
		}
		if f == fine {
			size = size*base + d
		}
	}
	switch {
	case i == start:
		return 0, false, notNumber
	case f == fine && i < len(s):
		f = notAll
	}
	return size, negative, f
}

// readSigned reads the value for %d and %i, at its limit if it is beyond it.
func readSigned(s string) (int64, fault) {
	if v, ok := characterConstant(s); ok {
		return int64(v), fine
	}
	size, negative, f := readInteger(s)
	if negative {
		if size > 1<<63 {
			return math.MinInt64, outOfRange
		}
		return -int64(size), f
	}
	if size > math.MaxInt64 {
		return math.MaxInt64, outOfRange
	}
	return int64(size), f
}

// readUnsigned reads the value for %o, %u, %x and %X. As strtoumax(3) does, it
// takes a negative number and wraps it round.
func readUnsigned(s string) (uint64, fault) {
	if v, ok := characterConstant(s); ok {
		return uint64(v), fine
	}
	size, negative, f := readInteger(s)
	if negative && f != outOfRange {
		size = -size
	}
	return size, f
}

// characterConstant reads an argument that begins with a quote: its value is
// the code of the character that follows. A byte that is not UTF-8 stands for
// itself. What comes after the character is ignored.
func characterConstant(s string) (v rune, ok bool) {
	if s == "" || s[0] != '\'' && s[0] != '"' {
		return 0, false
	}
	if len(s) == 1 {
		return 0, true
	}
	r, size := utf8.DecodeRuneInString(s[1:])
	if r == utf8.RuneError && size == 1 {
		return rune(s[1]), true
	}
	return r, true
}

// readFloat reads what strtod(3) reads in the C locale, and like POSIX (XCU
// 1.1.2.1) in the precision of a double.
func readFloat(s string) (float64, fault) {
	if v, ok := characterConstant(s); ok {
		return float64(v), fine
	}
	if s == "" {
		return 0, fine
	}
	start := skipSpace(s)
	n, hexNoExponent := floatLength(s[start:])
	if n == 0 {
		return 0, notNumber
	}
	text := s[start : start+n]
	if hexNoExponent {
		text += "p0" // Go wants the exponent that C lets one leave out
	}
	f := fine
	if start+n < len(s) {
		f = notAll
	}
	negative := text[0] == '-'
	if negative || text[0] == '+' {
		text = text[1:]
	}
	var v float64
	if text[0]|0x20 == 'n' {
		v = math.NaN()
	} else {
		var err error
		v, err = strconv.ParseFloat(text, 64)
		if err != nil {
			f = outOfRange // the syntax is floatLength's, so only the size can be wrong
		}
	}
	if negative {
		v = math.Copysign(v, -1)
	}
	return v, f
}

// floatLength is the length of the longest number that s begins with, 0 if
// there is none.
func floatLength(s string) (n int, hexNoExponent bool) {
	i := 0
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		i++
	}
	for _, word := range [...]string{"infinity", "inf", "nan"} {
		if hasPrefixFold(s[i:], word) {
			return i + len(word), false
		}
	}
	base, exponent := uint8(10), byte('e')
	hex := i+1 < len(s) && s[i] == '0' && s[i+1]|0x20 == 'x'
	if hex {
		if digits, _ := mantissaLength(s[i+2:], 16); digits == 0 {
			return i + 1, false // "0", and the x is left over
		}
		base, exponent = 16, 'p'
		i += 2
	}
	digits, length := mantissaLength(s[i:], base)
	if digits == 0 {
		return 0, false
	}
	i += length
	if i < len(s) && s[i]|0x20 == exponent {
		j := i + 1
		if j < len(s) && (s[j] == '-' || s[j] == '+') {
			j++
		}
		first := j
		for j < len(s) && digitValue(s[j]) < 10 {
			j++
		}
		if j > first {
			return j, false
		}
	}
	return i, hex
}

// mantissaLength counts the digits before and after a decimal point, and the
// bytes they and the point take.
func mantissaLength(s string, base uint8) (digits, length int) {
	point := false
	for length < len(s) {
		switch {
		case digitValue(s[length]) < base:
			digits++
		case s[length] == '.' && !point:
			point = true
		default:
			return digits, length
		}
		length++
	}
	return digits, length
}

func hasPrefixFold(s, lower string) bool {
	if len(s) < len(lower) {
		return false
	}
	for i := 0; i < len(lower); i++ {
		if s[i]|0x20 != lower[i] {
			return false
		}
	}
	return true
}

// skipSpace counts the leading bytes that isspace(3) knows in the C locale.
func skipSpace(s string) int {
	i := 0
	for i < len(s) && (s[i] == ' ' || '\t' <= s[i] && s[i] <= '\r') {
		i++
	}
	return i
}
