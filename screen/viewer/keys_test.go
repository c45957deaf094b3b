package viewer

import (
	"slices"
	"testing"
)

func TestKeysAreToldFromTheBytesThatTerminalsSend(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []key
		rest string
	}{
		{"q", []key{keyQuit}, ""},
		{"\x03", []key{keyQuit}, ""},
		{"\x1a", []key{keyStop}, ""},
		{"\x1b[D\x1b[C\x1b[A\x1b[B", []key{keyLeft, keyRight, keyUp, keyDown}, ""},
		{"\x1bOD\x1bOC", []key{keyLeft, keyRight}, ""},
		{"\x1b[5~\x1b[6~", []key{keyUp, keyDown}, ""},
		{"\x1b[H\x1b[F\x1b[1~\x1b[4~\x1bOH\x1bOF", []key{keyHome, keyEnd, keyHome, keyEnd, keyHome, keyEnd}, ""},
		{"\x1b[1;5D", []key{keyOther}, ""}, // Ctrl-Left is another key
		{"?c a", []key{keyHelp, keyContrast, keySpace, keyAll}, ""},
		{"\x1b", nil, "\x1b"},
		{"\x1b[", nil, "\x1b["},
		{"\x1b[5", nil, "\x1b[5"},
		{"\x1bq", []key{keyQuit}, ""},
		{"x\x1b[D", []key{keyOther, keyLeft}, ""},
	} {
		list, rest := decode([]byte(c.in))
		if !slices.Equal(list, c.want) || string(rest) != c.rest {
			t.Errorf("%q: %v and %q left, want %v and %q", c.in, list, rest, c.want, c.rest)
		}
	}
}

// What is typed may be cut anywhere, and nothing that is typed grows the rest.
func FuzzKeysCutAnywhereAreTheSame(f *testing.F) {
	f.Add([]byte("a\x1b[D\x1b[5~q"), 3)
	f.Add([]byte("\x1b[\x1b[\x1b[1;2"), 4)
	f.Fuzz(func(t *testing.T, in []byte, at int) {
		whole, left := decode(slices.Clone(in))
		if len(left) > 20 {
			t.Errorf("%q: %d bytes are kept", in, len(left))
		}
		if at < 0 || at > len(in) {
			return
		}
		first, rest := decode(slices.Clone(in[:at]))
		second, rest := decode(append(slices.Clone(rest), in[at:]...))
		if !slices.Equal(append(first, second...), whole) || string(rest) != string(left) {
			t.Errorf("%q cut at %d: %v %v %q, whole %v %q", in, at, first, second, rest, whole, left)
		}
	})
}
