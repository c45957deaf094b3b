package parser

import (
	"errors"
	"strings"
	"testing"
)

func TestWhatIsWrongIsSaidInPlainWords(t *testing.T) {
	for _, c := range bad {
		_, err := Parse("test", c.src, Options{})
		var s *SyntaxError
		if !errors.As(err, &s) {
			t.Errorf("%q: got %v, want a SyntaxError", c.src, err)
			continue
		}
		if !strings.Contains(s.Msg, c.msg) {
			t.Errorf("%q:\n got %s\nwant %s", c.src, s.Msg, c.msg)
		}
		if s.Incomplete != c.incomplete {
			t.Errorf("%q: Incomplete = %v: %s", c.src, s.Incomplete, s.Msg)
		}
	}
}
