package typeset

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestAWideCharacterTakesTwoColumnsAndAColourNone(t *testing.T) {
	for s, want := range map[string]int{
		"": 0, "abc": 3, "┌─┐": 3, "✓": 1, "世界": 4, "a世b": 4, "e\u0301": 1, "한글": 4,
		"\x1b[1;32mok\x1b[0m": 2, "\x1b[1m世\x1b[0m": 2, "\x1b[m": 0,
	} {
		if got := Width(s); got != want {
			t.Errorf("%q takes %d columns, want %d", s, got, want)
		}
	}
}

func TestALineIsBrokenBetweenWords(t *testing.T) {
	for _, c := range []struct {
		text string
		cols int
		want string
	}{
		{"", 5, ""},
		{"one two three", 7, "one two|three"},
		{"one two three", 8, "one two|three"},
		{"  one\n two ", 3, "one|two"},
		{"a longerword b", 4, "a|longerword|b"},
		{"世界 世界", 8, "世界|世界"},
		{"世界 世界", 9, "世界 世界"},
		{"\x1b[1mone\x1b[0m two", 7, "\x1b[1mone\x1b[0m two"},
		{"a b", 0, "a|b"},
	} {
		if got := Fold(c.text, c.cols); !slices.Equal(got, strings.Split(c.want, "|")) {
			t.Errorf("%q in %d: %q, want %q", c.text, c.cols, got, c.want)
		}
	}
}

func TestATextHangsBesideWhatStandsBeforeIt(t *testing.T) {
	for _, c := range []struct {
		text             string
		cols, at, indent int
		want             string
	}{
		{"one two three", 20, 0, 2, "one two three"},
		{"one two three", 8, 0, 2, "one two\n  three"},
		{"one two three", 10, 7, 2, "one\n  two\n  three"},
		{"世 世 世", 6, 0, 1, "世 世\n 世"},
		{"one  two", 5, 0, 0, "one \ntwo"},
	} {
		if got := Hang(c.text, c.cols, c.at, c.indent); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestWhatIsTooLongIsShortenedAndNoCharacterIsCutInTwo(t *testing.T) {
	for _, c := range []struct {
		s    string
		cols int
		more string
		want string
	}{
		{"abcdef", 6, "~", "abcdef"},
		{"abcdef", 5, "~", "abcd~"},
		{"abcdef", 5, "...", "ab..."},
		{"世界世界", 8, "~", "世界世界"},
		{"世界世界", 7, "~", "世界世~"},
		{"世界世界", 6, "~", "世界~"},
		{"世界", 1, "~", "~"},
		{"abc", 0, "~", ""},
		{"abc", -3, "~", ""},
		{"abc", 2, "...", ""},
		{"ae\u0301bc", 3, "~", "ae\u0301~"},
		{"\x1b[1mabc\x1b[0mdef", 6, "~", "\x1b[1mabc\x1b[0mdef"},
		{"\x1b[1mabcdef\x1b[0m", 4, "~", "\x1b[1mabc\x1b[0m~"},
		{"世界", 3, "", "世"},
	} {
		if got := Cut(c.s, c.cols, c.more); got != c.want {
			t.Errorf("%q in %d: %q, want %q", c.s, c.cols, got, c.want)
		}
	}
	if got := Pad("世", 4) + "|" + Pad("abc", 2); got != "世  |abc" {
		t.Errorf("%q", got)
	}
}

func FuzzNothingIsWiderThanAsked(f *testing.F) {
	f.Add("one \x1b[1m世界\x1b[0m e\u0301", 4)
	f.Add("\x1b\x1b[", 1)
	f.Fuzz(func(t *testing.T, s string, cols int) {
		if !utf8.ValidString(s) || strings.ContainsFunc(withoutSGR(s), unicode.IsControl) {
			return // what is shown is made visible before
		}
		if got := Cut(s, cols, "~"); Width(got) > max(cols, 0) && Width(s) > cols {
			t.Errorf("%q in %d: %q", s, cols, got)
		}
		if !strings.HasPrefix(s, Prefix(s, cols)) {
			t.Errorf("Prefix of %q", s)
		}
		for _, l := range Fold(s, cols) {
			if Width(l) > cols && len(strings.Fields(l)) > 1 {
				t.Errorf("%q in %d: %q", s, cols, l)
			}
		}
	})
}
