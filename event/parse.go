package event

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// ParseJSON reads one event from a line that AppendJSON wrote, or that
// another program wrote in the same form: keys in any order, white space
// between tokens. It is strict: a key that is unknown or given twice, a value
// of the wrong type or out of range, a missing kind and anything after the
// object are errors, which name the column (in bytes, from 1).
func ParseJSON(line []byte) (Event, error) {
	p := parser{in: line}
	e, err := p.event()
	if err != nil {
		return Event{}, errors.New("event, column " + strconv.Itoa(p.at+1) + ": " + err.Error())
	}
	return e, nil
}

// CutString reads the JSON string with which b begins, in the form of
// AppendString, and returns what stands after it.
func CutString(b []byte) (s string, rest []byte, err error) {
	p := parser{in: b}
	if s, err = p.str(); err != nil {
		return "", b, errors.New("column " + strconv.Itoa(p.at+1) + ": " + err.Error())
	}
	return s, b[p.at:], nil
}

type parser struct {
	in []byte
	at int
}

func (p *parser) event() (Event, error) {
	var e Event
	var seen fieldSet
	if err := p.expect('{'); err != nil {
		return e, err
	}
	if p.peek() == '}' {
		return e, errors.New("an event needs a kind")
	}
	for {
		p.peek() // so that the column is the key's
		from := p.at
		key, err := p.str()
		if err != nil {
			return e, err
		}
		i := 0
		for i < len(keyNames) && keyNames[i] != key {
			i++
		}
		if i == len(keyNames) || seen&(1<<i) != 0 {
			p.at = from
			if i == len(keyNames) {
				return e, errors.New("unknown key " + strconv.Quote(key))
			}
			return e, errors.New("key " + strconv.Quote(key) + " is given twice")
		}
		seen |= 1 << i
		if err := p.expect(':'); err != nil {
			return e, err
		}
		p.peek()
		if err := p.value(&e, i); err != nil {
			return e, err
		}
		if p.peek() != ',' {
			break
		}
		p.at++
	}
	if err := p.expect('}'); err != nil {
		return e, err
	}
	if seen&(1<<keyKind) == 0 {
		return e, errors.New("an event needs a kind")
	}
	if p.peek() != 0 || p.at < len(p.in) {
		return e, errors.New("something follows the event")
	}
	return e, nil
}

func (p *parser) value(e *Event, i int) (err error) {
	switch i {
	case keySeq:
		e.Seq, err = p.unsigned()
	case keyAt:
		e.At, err = p.integer()
	case keyKind:
		var k int
		k, err = p.name(kindNames[:], "kind")
		e.Kind = Kind(k)
	case keySource:
		var s int
		s, err = p.name(sourceNames[:], "source")
		e.Source = Source(s)
	case keyCore:
		e.Core, err = p.truth()
	case keyFg:
		e.Fg, err = p.truth()
	case keyPath:
		e.Path, err = p.str()
	case keyArgv:
		e.Argv, err = p.list()
	case keyText:
		e.Text, err = p.str()
	case keyErrno:
		err = p.number(&e.Errno)
	default:
		err = p.number([...]*int{&e.Pid, &e.PPid, &e.Pgid, &e.Sid, &e.TTY, &e.Job, &e.Sig, &e.Status}[i-keyPid])
	}
	return err
}

// peek skips white space and returns the next byte, 0 at the end. A newline
// counts as white space: the line may end in one.
func (p *parser) peek() byte {
	for p.at < len(p.in) {
		switch c := p.in[p.at]; c {
		case ' ', '\t', '\r', '\n':
			p.at++
		default:
			return c
		}
	}
	return 0
}

func (p *parser) expect(c byte) error {
	if p.peek() != c {
		return errors.New("expected " + strconv.Quote(string(rune(c))))
	}
	p.at++
	return nil
}

func (p *parser) digits() (string, error) {
	from := p.at
	if p.at < len(p.in) && p.in[p.at] == '-' {
		p.at++
	}
	first := p.at
	for p.at < len(p.in) && p.in[p.at] >= '0' && p.in[p.at] <= '9' {
		p.at++
	}
	s := string(p.in[from:p.at])
	if p.at == first || p.in[first] == '0' && (p.at > first+1 || first > from) {
		p.at = from
		return "", errors.New("expected an integer")
	}
	return s, nil
}

func (p *parser) integer() (int64, error) {
	from := p.at
	s, err := p.digits()
	if err != nil {
		return 0, err
	}
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		p.at = from
		return 0, errors.New("the integer is out of range")
	}
	return v, nil
}

func (p *parser) unsigned() (uint64, error) {
	from := p.at
	s, err := p.digits()
	if err != nil {
		return 0, err
	}
	v, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		p.at = from
		return 0, errors.New("the integer is out of range")
	}
	return v, nil
}

func (p *parser) number(into *int) error {
	from := p.at
	v, err := p.integer()
	if err == nil && (v > math.MaxInt || v < math.MinInt) {
		p.at = from
		err = errors.New("the integer is out of range")
	}
	*into = int(v)
	return err
}

func (p *parser) truth() (bool, error) {
	rest := string(p.in[p.at:min(p.at+5, len(p.in))])
	switch {
	case strings.HasPrefix(rest, "true"):
		p.at += 4
		return true, nil
	case rest == "false":
		p.at += 5
		return false, nil
	}
	return false, errors.New("expected true or false")
}

func (p *parser) name(names []string, what string) (int, error) {
	from := p.at
	s, err := p.str()
	if err != nil {
		return 0, err
	}
	for i, name := range names {
		if name == s && s != "" {
			return i, nil
		}
	}
	p.at = from
	return 0, errors.New("unknown " + what + " " + strconv.Quote(s))
}

func (p *parser) list() ([]string, error) {
	if err := p.expect('['); err != nil {
		return nil, err
	}
	if p.peek() == ']' {
		p.at++
		return nil, nil
	}
	var list []string
	for {
		p.peek()
		s, err := p.str()
		if err != nil {
			return nil, err
		}
		list = append(list, s)
		if p.peek() != ',' {
			return list, p.expect(']')
		}
		p.at++
	}
}

// str reads a string. Bytes that are not UTF-8 must have been escaped.
func (p *parser) str() (string, error) {
	if p.at >= len(p.in) || p.in[p.at] != '"' {
		return "", errors.New("expected a string")
	}
	p.at++
	var s []byte
	for p.at < len(p.in) {
		switch c := p.in[p.at]; {
		case c == '"':
			p.at++
			return string(s), nil
		case c < ' ':
			return "", errors.New("a control character must be escaped in a string")
		case c == '\\':
			var err error
			if s, err = p.escape(s); err != nil {
				return "", err
			}
		case c < utf8.RuneSelf:
			s = append(s, c)
			p.at++
		default:
			r, n := utf8.DecodeRune(p.in[p.at:])
			if r == utf8.RuneError && n == 1 {
				return "", errors.New("a byte that is not UTF-8; write it as \\udc80 to \\udcff")
			}
			s = append(s, p.in[p.at:p.at+n]...)
			p.at += n
		}
	}
	return "", errors.New("the string does not end")
}

func (p *parser) escape(s []byte) ([]byte, error) {
	if p.at+1 >= len(p.in) {
		return nil, errors.New("the string does not end")
	}
	if i := strings.IndexByte(`"\/bfnrt`, p.in[p.at+1]); i >= 0 {
		p.at += 2
		return append(s, "\"\\/\b\f\n\r\t"[i]), nil
	}
	u, ok := p.unit(p.at)
	switch {
	case !ok:
		return nil, errors.New("unknown escape in a string")
	case u >= 0xdc80 && u <= 0xdcff: // a byte that was not UTF-8
		p.at += 6
		return append(s, byte(u)), nil
	case utf16.IsSurrogate(u):
		low, _ := p.unit(p.at + 6)
		r := utf16.DecodeRune(u, low)
		if r == utf8.RuneError {
			return nil, errors.New("half of a surrogate pair")
		}
		p.at += 12
		return utf8.AppendRune(s, r), nil
	}
	p.at += 6
	return utf8.AppendRune(s, u), nil
}

// unit reads \uXXXX at position i.
func (p *parser) unit(i int) (rune, bool) {
	if i+6 > len(p.in) || p.in[i] != '\\' || p.in[i+1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range p.in[i+2 : i+6] {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return r, true
}
