package wire

import (
	"reflect"
	"testing"
)

func TestMessagesComeBackAsTheyWere(t *testing.T) {
	for _, r := range []Request{
		{Kind: Hello, Number: 1, Shell: Shell{Pid: 7, Cols: 80, Colour: true}},
		{Kind: Words, Number: 2, Words: []string{"answer", "find", "", "ls -l"}},
		{Kind: Prompt, Number: 3, At: 12345678901, Empty: true},
		{Kind: Ran, At: 5},
	} {
		got, err := ParseRequest(r.Bytes())
		if err != nil || !reflect.DeepEqual(*got, r) {
			t.Errorf("%+v: %+v, %v", r, got, err)
		}
	}
	for _, s := range []Say{
		{Text: "a\nb\n", Run: []string{"cd /", "sleep 9 &"}, Typed: "fg", Status: 2, Over: true},
		{Run: []string{}},
	} {
		got, number, err := parseSay(s.Answer(9))
		if err != nil || number != 9 || !reflect.DeepEqual(got, s) {
			t.Errorf("%+v: %+v, %d, %v", s, got, number, err)
		}
	}
	for _, bad := range []string{"", "x", "hello\x001\x00a\x00b\x001\x001", "prompt\x001\x00x\x001", "words\x001"} {
		if r, err := ParseRequest([]byte(bad)); err == nil {
			t.Errorf("%q became %+v", bad, r)
		}
	}
}

func TestAPlaceIsReadAsItWasWritten(t *testing.T) {
	for _, p := range []Place{{Step: 1}, {Step: 3, Done: true, Wrong: 2}, {Step: 12, Right: 1, Asked: 2, Wrong: 4}, {End: true}, {End: true, Right: 2, Asked: 2, Done: true}} {
		got, ok := ParsePlace(p.String())
		if !ok || got != p {
			t.Errorf("%+v is %q, which is %+v, %v", p, p, got, ok)
		}
	}
	for _, s := range []string{"answer B", "at step", "at step x", "at step 0", "at step 2, right x/y", "key enter"} {
		if p, ok := ParsePlace(s); ok {
			t.Errorf("%q became %+v", s, p)
		}
	}
}
