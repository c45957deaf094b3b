package front

import (
	"regexp"
	"strings"
	"testing"

	"jsh/typeset"
)

func TestFoldWords(t *testing.T) {
	for _, c := range []struct {
		rule    string
		text    string
		columns int
		want    string
	}{
		{"what fits stays", "one two\nthree\n", 7, "one two\nthree\n"},
		{"a line is broken at the last blank that fits", "one two three", 9, "one two\nthree"},
		{"a blank just beyond the edge is where to break", "one two three", 7, "one two\nthree"},
		{"as often as it takes", "a b c d e f", 3, "a b\nc d\ne f"},
		{"the rest begins where the line began", "  one two\n", 6, "  one\n  two\n"},
		{"more than one blank makes one break", "one    two", 5, "one\ntwo"},
		{"a word that is wider stays whole", "abcdefgh ij", 4, "abcdefgh\nij"},
		{"characters are counted, not bytes", "✓ ✓ ✓", 5, "✓ ✓ ✓"},
		{"empty lines stay", "\n\nab cd\n", 2, "\n\nab\ncd\n"},
		{"blanks at the end count for nothing", "ab   \n", 2, "ab   \n"},
		{"colours take no columns", "\x1b[1;32mone\x1b[0m two", 7, "\x1b[1;32mone\x1b[0m two"},
		{"a coloured line is broken where a plain one is", "\x1b[1mone two\x1b[0m three", 9, "\x1b[1mone two\x1b[0m\nthree"},
		{"an indent as wide as the terminal is not repeated", "    ab cd", 4, "    ab\ncd"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			if got := foldWords(c.text, c.columns); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func FuzzFoldWords(f *testing.F) {
	sgr := regexp.MustCompile(`\x1b\[[0-9;]*m`)
	f.Add("one two  three\n   four", 5)
	f.Add("        x", 3)
	f.Fuzz(func(t *testing.T, text string, columns int) {
		got := foldWords(text, columns)
		if strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(text), " ") {
			t.Errorf("%q lost something of %q", got, text)
		}
		for l := range strings.SplitSeq(got, "\n") {
			l = sgr.ReplaceAllString(l, "")
			if columns > 0 && typeset.Width(strings.TrimRight(l, " ")) > columns && strings.Contains(strings.Trim(l, " "), " ") {
				t.Errorf("%q is wider than %d", l, columns)
			}
		}
	})
}
