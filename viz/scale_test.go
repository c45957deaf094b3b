package viz

import (
	"testing"
)

func (s *scale) broken() (n int) {
	for _, p := range s.pieces {
		if p.broken {
			n++
		}
	}
	return n
}

func TestScale(t *testing.T) {
	for _, c := range []struct {
		name   string
		text   string
		breaks int
	}{
		{"one long life needs no break", "0 line\n1 spawn! 7 7 sleep\n100000 exited 7 0\n100000.1 fg 800", 0},
		{"nor does a pipeline of long lives", "0 line\n1 spawn! 7 7 sleep\n2 spawn! 8 7 cat\n5000 exited 7 0\n5001 exited 8 0\n5001.1 fg 800", 0},
		{"short lives after a long one do", `0 line
			1 spawn! 7 7 sleep
			1000 exited 7 0
			1000.1 fg 800
			1000.2 spawn! 8 8 ls
			1001 spawn! 9 8 wc
			1002 exited 8 0
			1003 exited 9 0
			1003.1 fg 800`, 1},
		{"and minutes at the prompt", "0 line\n1 spawn! 7 7 a\n3000 exited 7 0\n3000.1 fg 800\n123000 line\n123001 spawn! 8 8 b\n126000 exited 8 0\n126000.1 fg 800", 1},
		{"a short moment of the shell's own does not", "0 line\n3 spawn! 7 7 a\n3.1 exited 7 0\n3.2 fg 800", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScale(recalled(t, 0, c.text), 56)
			if s.broken() != c.breaks {
				t.Errorf("%d breaks: %+v", s.broken(), s.pieces)
			}
		})
	}
	t.Run("later is never further left, and nothing lies outside", func(t *testing.T) {
		for _, tl := range tales {
			p := recall(tl.events, tl.lines, ms(tl.now))
			for _, width := range []int{12, 56, 100} {
				s := newScale(p, width)
				before := 0.0
				for i := range int64(2000) {
					x := s.x(p.from + (p.to-p.from)/2000*i)
					if x < before || x > float64(width) {
						t.Fatalf("%s: %v after %v", tl.name, x, before)
					}
					before = x
				}
				if s.x(p.from) != 0 || s.x(p.to) < float64(width)-0.01 {
					t.Errorf("%s: %v to %v of %d", tl.name, s.x(p.from), s.x(p.to), width)
				}
				last := -100.0
				for _, k := range s.ticks(10) {
					if k.x-last < 10 || k.x > float64(width) {
						t.Errorf("%s: a tick at %v after %v", tl.name, k.x, last)
					}
					last = k.x
				}
			}
		}
	})
}

func TestTimesInWords(t *testing.T) {
	for _, c := range []struct {
		got, want string
	}{
		{clock(0, 1e6), "0"},
		{clock(3e6, 1e6), "3 ms"},
		{clock(500e3, 500e3), "0.5 ms"},
		{clock(20e3, 20e3), "0.02 ms"},
		{clock(1500e6, 500e6), "1.5 s"},
		{clock(40e9, 20e9), "40 s"},
		{clock(12_345e6, 1e6), "12.345 s"},
		{clock(120e9, 60e9), "2 min"},
		{clock(7200e9, 3600e9), "2 h"},
		{duration(999), "999 ns"},
		{duration(3_240e3), "3.24 ms"},
		{duration(32_400e3), "32.4 ms"},
		{duration(324e6), "324 ms"},
		{duration(2_500e6), "2.50 s"},
		{duration(125e9), "2 min 5 s"},
		{duration(3 * 3600e9), "3 h 0 min"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
	for shortest, want := range map[float64]int64{0.5: 1, 3: 5, 1.1e6: 2e6, 11e9: 20e9, 21e9: 30e9, 61e9: 120e9, 100e9: 120e9, 13 * 3600e9: 24 * 3600e9} {
		if got := stepOf(shortest); got != want {
			t.Errorf("a step of at least %v is %v, want %v", shortest, got, want)
		}
	}
}
