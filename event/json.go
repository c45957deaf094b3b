package event

import (
	"strconv"
	"unicode/utf8"
)

// The JSON form is one object on one line, the keys always in the order of
// the constants below. A key that is left out means zero. Keys that
// carry the kind's meaning are written even when zero: the status of an
// exited process, the parent of a seen one.
//
// Numbers are integers. Strings are UTF-8; a byte 0x80–0xff that is not part
// of valid UTF-8 is written as the lone surrogate \udc80–\udcff and read back
// as that byte, as Python's "surrogateescape" does (PEP 383).

// The fields, in the order of their keys. The eight ints from keyPid on stand
// together, so that one loop writes them.
const (
	keySeq = iota
	keyAt
	keyKind
	keySource
	keyPid
	keyPPid
	keyPgid
	keySid
	keyTTY
	keyJob
	keySig
	keyStatus
	keyCore
	keyErrno
	keyFg
	keyPath
	keyArgv
	keyText
)

var keyNames = [...]string{
	"seq", "at", "kind", "source", "pid", "ppid", "pgid", "sid", "tty",
	"job", "sig", "status", "core", "errno", "foreground", "path", "argv", "text",
}

// A set of fields has bit 1<<key for each.
type fieldSet uint32

const place = 1<<keyPPid | 1<<keyPgid | 1<<keySid | 1<<keyTTY

// always says which fields an event of a kind has even when they are zero.
var always = [...]fieldSet{
	Spawn:     1<<keyPid | 1<<keyPgid | 1<<keyFg | 1<<keyPath,
	SetPgid:   1<<keyPid | 1<<keyPgid,
	SetFg:     1 << keyPgid,
	Kill:      1 << keySig,
	SaveModes: 1 << keyJob,
	SetModes:  1 << keyJob,
	Exec:      1 << keyPath,
	Exited:    1<<keyPid | 1<<keyStatus,
	Killed:    1<<keyPid | 1<<keySig,
	Stopped:   1<<keyPid | 1<<keySig,
	Continued: 1 << keyPid,
	Signal:    1 << keySig,
	LineBegin: 1 << keyText,
	LineEnd:   1 << keyStatus,
	JobNew:    1<<keyJob | 1<<keyPgid,
	JobState:  1<<keyJob | 1<<keyText,
	JobGone:   1 << keyJob,
	Seen:      1<<keyPid | place | 1<<keyText,
	Moved:     1<<keyPid | place,
	Gone:      1 << keyPid,
	Fg:        1<<keyTTY | 1<<keyPgid,
	Key:       1 << keyText,
	Gap:       1 << keyText,
	Named:     1<<keyPid | 1<<keyText,
	User:      1<<keyPid | 1<<keyText,
	Meets:     1<<keyPid | 1<<keySig | 1<<keyText,
	Call:      1<<keyPid | 1<<keyText,
	Fact:      1 << keyPath,
}

// AppendJSON appends e to dst as one JSON object without a newline.
func AppendJSON(dst []byte, e *Event) []byte {
	w := objectWriter{buf: append(dst, '{')}
	if int(e.Kind) < len(always) {
		w.always = always[e.Kind]
	}
	if e.Seq != 0 {
		w.key(keySeq)
		w.buf = strconv.AppendUint(w.buf, e.Seq, 10)
	}
	w.number(keyAt, e.At)
	w.key(keyKind)
	w.buf = AppendString(w.buf, e.Kind.String())
	if e.Source != 0 {
		w.key(keySource)
		w.buf = AppendString(w.buf, e.Source.String())
	}
	for i, v := range [...]int{e.Pid, e.PPid, e.Pgid, e.Sid, e.TTY, e.Job, e.Sig, e.Status} {
		w.number(keyPid+i, int64(v))
	}
	w.truth(keyCore, e.Core)
	w.number(keyErrno, int64(e.Errno))
	w.truth(keyFg, e.Fg)
	w.text(keyPath, e.Path)
	if len(e.Argv) > 0 {
		w.key(keyArgv)
		for i, arg := range e.Argv {
			sep := byte(',')
			if i == 0 {
				sep = '['
			}
			w.buf = AppendString(append(w.buf, sep), arg)
		}
		w.buf = append(w.buf, ']')
	}
	w.text(keyText, e.Text)
	return append(w.buf, '}')
}

type objectWriter struct {
	buf    []byte
	always fieldSet
	begun  bool
}

func (w *objectWriter) key(i int) {
	if w.begun {
		w.buf = append(w.buf, ',')
	}
	w.begun = true
	w.buf = append(w.buf, '"')
	w.buf = append(w.buf, keyNames[i]...)
	w.buf = append(w.buf, '"', ':')
}

func (w *objectWriter) wants(i int, zero bool) bool {
	return !zero || w.always&(1<<i) != 0
}

func (w *objectWriter) number(i int, v int64) {
	if w.wants(i, v == 0) {
		w.key(i)
		w.buf = strconv.AppendInt(w.buf, v, 10)
	}
}

func (w *objectWriter) truth(i int, v bool) {
	if w.wants(i, !v) {
		w.key(i)
		w.buf = strconv.AppendBool(w.buf, v)
	}
}

func (w *objectWriter) text(i int, s string) {
	if w.wants(i, s == "") {
		w.key(i)
		w.buf = AppendString(w.buf, s)
	}
}

// AppendString appends s as a JSON string in the form described above.
func AppendString(dst []byte, s string) []byte {
	const digits = "0123456789abcdef"
	dst = append(dst, '"')
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
			i++
		case c == '\n':
			dst = append(dst, '\\', 'n')
			i++
		case c == '\t':
			dst = append(dst, '\\', 't')
			i++
		case c < ' ' || c == 0x7f:
			dst = append(dst, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
			i++
		case c < utf8.RuneSelf:
			dst = append(dst, c)
			i++
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			switch {
			case r == utf8.RuneError && n == 1:
				dst = append(dst, '\\', 'u', 'd', 'c', digits[c>>4], digits[c&15])
			case r == '\u2028' || r == '\u2029' || r < 0xa0: // some readers split lines there
				dst = append(dst, '\\', 'u', digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15])
			default:
				dst = append(dst, s[i:i+n]...)
			}
			i += n
		}
	}
	return append(dst, '"')
}
