package edit

import (
	"fmt"
	"strings"
	"testing"
)

// completing offers, for the last word, those of names that it begins.
func completing(names ...string) func(string, int) (int, []Candidate) {
	return func(line string, pos int) (int, []Candidate) {
		start := strings.LastIndexByte(line[:pos], ' ') + 1
		var c []Candidate
		for _, n := range names {
			if strings.HasPrefix(n, line[start:pos]) {
				c = append(c, Candidate{Text: n, Suffix: " "})
			}
		}
		return start, c
	}
}

func TestComplete(t *testing.T) {
	names := completing("apple", "apricot", "banana", "漢字", "漢語")
	for _, c := range []struct{ name, keys, want string }{
		{"the only candidate is inserted with what follows it", "ban\tx", "banana x"},
		{"what all have in common is inserted", "a\tp", "app"},
		{"a word in the middle is completed in its place", "ban x\x02\x02\t", "banana  x"},
		{"nothing is inserted where nothing fits", "x\t", "x"},
		{"wide characters are completed whole", "漢\t字\t", "漢字 "},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := start(t, 40, 10, Config{Complete: names})
			s.begin()
			s.typeKeys(c.keys + "\r")
			if r := s.end(); r.line != c.want {
				t.Errorf("got %q, want %q", r.line, c.want)
			}
		})
	}
	t.Run("the second Tab lists in columns, and the line comes back below", func(t *testing.T) {
		s := start(t, 20, 10, Config{Complete: names})
		s.begin()
		s.typeKeys("x\x01 \x02\t")
		s.shows("$  x")
		s.typeKeys("\t")
		s.shows("$  x\napple    漢字\napricot  漢語\nbanana\n$  x")
		s.typeKeys("y\r")
		if r := s.end(); r.line != "y x" {
			t.Errorf("got %q", r.line)
		}
	})
	var many []string
	for i := range 312 {
		many = append(many, fmt.Sprintf("file%03d", i))
	}
	t.Run("a long list is asked for, and shown by the screenful", func(t *testing.T) {
		s := start(t, 60, 6, Config{Complete: completing(many...)})
		s.begin()
		s.typeKeys("f\t\t")
		s.shows("$ file\nDisplay all 312 possibilities? (y or n)")
		s.typeKeys("y")
		if !s.await(func() bool { return m5(s.m) == "--More--" && strings.HasPrefix(s.m.line(0), "file000  file052") }) {
			t.Fatalf("the screen shows\n%s", s.text())
		}
		s.typeKeys("\r")
		if !s.await(func() bool { return m5(s.m) == "--More--" && strings.HasPrefix(s.m.line(0), "file001") }) {
			t.Fatalf("the screen shows\n%s", s.text())
		}
		s.typeKeys("q")
		if !s.await(func() bool { return m5(s.m) == "$ file" }) {
			t.Fatalf("the screen shows\n%s", s.text())
		}
		s.typeKeys("007\r")
		if r := s.end(); r.line != "file007" {
			t.Errorf("got %q", r.line)
		}
	})
	t.Run("a long list that is not wanted is not shown", func(t *testing.T) {
		s := start(t, 60, 6, Config{Complete: completing(many...)})
		s.begin()
		s.typeKeys("f\t\tn")
		s.shows("$ file\nDisplay all 312 possibilities? (y or n)\n$ file")
		s.typeKeys("\t\t\x03")
		if r := s.end(); r.err != ErrInterrupt || r.line != "file" {
			t.Errorf("got %q, %v", r.line, r.err)
		}
	})
	t.Run("names that hold control characters are shown by name", func(t *testing.T) {
		s := start(t, 60, 6, Config{NoColor: true, Complete: completing("a\x1b[2J", "a\n", "a\xff")})
		s.begin()
		s.typeKeys("\t\t")
		s.shows("$ a\na^[[2J  a^J     a\\xff\n$ a")
	})
}

// m5 is the row of the cursor.
func m5(m *model) string { return m.line(m.y) }
