package edit

import (
	"flag"
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

var (
	soak     = flag.Int("soak", 12, "how many random sessions of 30 lines are typed")
	onlySeed = flag.Int("seed", 0, "type the session of this seed only")
)

// texts and keys are what the sessions type.
var (
	texts = []string{
		"a", "b", "c", "z", "0", " ", " ", "-", "/", "word ", "long-option=value ", "漢", "字", "뷁", "é", "a\u0301",
		"\u0301", "👍", "👍🏽", "👨\u200d👩\u200d👧", "🇩🇪", "❤\ufe0f", "\xff", "\xc3", "\xe6\xbc", "\xa2", "\u200b", "\u202e",
		"\x16\x01", "\x16\t", "\x16\x1b", "\x16\x7f", "\ue0b0",
	}
	moves = []string{
		"\x01", "\x05", "\x02", "\x06", "\x1b[D", "\x1bOC", "\x1b[H", "\x1b[4~", "\x1bf", "\x1bb", "\x1b[1;5C", "\x1b[1;3D",
		"\x02", "\x02", "\x06", "\x10", "\x0e", "\x1b[A", "\x1bOB",
	}
	cuts = []string{
		"\x7f", "\x7f", "\x7f", "\x08", "\x1b[3~", "\x0b", "\x15", "\x17", "\x17", "\x1bd", "\x1b\x7f", "\x19", "\x19", "\x14",
		"\x0c", "\x1a", "\x1c", "\x1b[15~", "\x07", "\x00",
		"\x1b[200~one\rtwo\x1b[201~", "\x1b[200~x\x03y \r\r漢\x1b[201~", "\x1b[200~lost\rtoo\x1b[201~\x1f",
	}
	// wild are keys whose effect is not modelled: only that nothing breaks.
	wild = []string{
		"\x12", "\x13", "\x1f", "\x18", "\x18\x15", "\x1b", "\x1b[", "\x1bO", "\x1b[1;", "\x1b[[", "\t", "\t\t", "y", "n", "q", "\x1b.", "\x1by",
		"\x16", "\x1br", "\x1b<", "\x1b>", "\x1bu", "\x1bc", "\x1bl", "\x1b\x1b[A", "\x07", "\x1b[?1;2c", "\x1b[999999999999C", "\x1b[I",
	}
	prompts = []string{
		"$ ", "", "> ", "user@host:~/a/long/directory/name/that/wraps/at/many/widths/and/goes/on$ ",
		"first line\nsecond漢 ", "\x1b[1;32mcolour\x1b[m \x1b]0;title\x07> ", "\x01\x1b[31m\x02r\x01\x1b[0m\x02ed$ ", "one\ntwo\nthree\nfour\nfive\nsix# ",
	}
)

// TestSessions types random sessions and holds the editor against the naive
// one: what it returns, what two models of a terminal show, the cursor, the
// terminal's modes, and the line above the prompt.
func TestSessions(t *testing.T) {
	n := *soak
	if testing.Short() {
		n = min(n, 3)
	}
	for seed := 1; seed <= n; seed++ {
		if *onlySeed != 0 && seed != *onlySeed {
			continue
		}
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { typeSession(t, int64(seed)) })
	}
}

func typeSession(t *testing.T, seed int64) {
	rng := rand.New(rand.NewSource(seed))
	pick := func(from []string) string { return from[rng.Intn(len(from))] }
	size := func() (int, int) {
		if rng.Intn(4) == 0 {
			return 1 + rng.Intn(12), 1 + rng.Intn(5)
		}
		return 10 + rng.Intn(70), 2 + rng.Intn(22)
	}
	cols, rows := size()
	var s *session
	notices := 0 // touched by ReadLine's goroutine
	sent := 0
	var history []string
	cfg := Config{
		NoRewrap: seed%2 == 0,
		OnWake: func() (string, Action) {
			var b [16]byte
			n, _ := unix.Read(s.wake[0], b[:])
			notice := ""
			for _, c := range b[:max(0, n)] {
				if c == 'r' {
					s.e.Resize()
				} else {
					notices++
					notice = fmt.Sprintf("[%d]+  Done   sleep", notices)
				}
			}
			return notice, Continue
		},
		Complete: func(line string, pos int) (int, []Candidate) {
			var c []Candidate
			for i := range len(line) * 37 % 200 {
				c = append(c, Candidate{Text: fmt.Sprint("candidate漢", i)})
			}
			return pos, c
		},
	}
	s = start(t, cols, rows, cfg)
	joined := newModel(cols, rows, true)
	s.mu.Lock()
	s.models = append(s.models, joined)
	s.mu.Unlock()
	var modes, now unix.Termios
	getModes(t, s.slave, &modes)

	var kills []string
	for line := range 30 {
		s.prompt = pick(prompts)
		seen := PlainPrompt(s.prompt)
		n := newNaive(history)
		n.kill = kills
		var typed []string
		resized := false
		above := fmt.Sprint("above", line)
		unix.Write(s.slave, []byte(above+pick([]string{"\n", ""})))
		s.mu.Lock()
		s.raw = nil
		s.mu.Unlock()
		s.again <- true

		check := func() bool {
			t.Helper()
			ok := s.await(func() bool {
				return matches(s.m, n, seen, above, resized) && matches(joined, n, seen, above, resized)
			})
			if !ok {
				s.mu.Lock()
				defer s.mu.Unlock()
				want, y, x := n.shown(seen, cols, false)
				t.Errorf("line %d on %d×%d after %q\nshown, cursor %d,%d:\n%s\n-- and:\n%s\nwant %q cursor %d,%d\nraw %q",
					line, cols, rows, typed, s.m.y, s.m.x, s.m.text(), joined.text(), want, y, x, s.raw[max(0, len(s.raw)-600):])
			}
			return ok
		}
		if !check() {
			return
		}
		for range 1 + rng.Intn(12) {
			burst := ""
			for range 1 + rng.Intn(6) {
				k := ""
				switch r := rng.Intn(20); {
				case r < 12:
					k = pick(texts)
				case r < 16:
					k = pick(moves)
				default:
					k = pick(cuts)
				}
				n.press(k)
				typed = append(typed, k)
				burst += k
			}
			// A lone lead byte is held until the next key tells what it is.
			burst += "\x00"
			if last := strings.TrimRight(burst, "\x00"); last != "" && last[len(last)-1] >= 0x80 {
				burst += "\x07"
				n.press("\x07")
			}
			s.typeKeys(burst)
			if !check() {
				return
			}
			switch rng.Intn(12) {
			case 0:
				cols, rows = size()
				s.resize(cols, rows)
				resized = true
				unix.Write(s.wake[1], []byte("r"))
				if !check() {
					return
				}
			case 1:
				unix.Write(s.wake[1], []byte("n"))
				sent++
				above = fmt.Sprintf("[%d]+  Done   sleep", sent)
				if !s.await(func() bool { return strings.Contains(string(s.raw), above) }) {
					t.Errorf("line %d: no notice", line)
				}
				if !check() {
					return
				}
			}
		}
		want := result{n.text(), nil}
		if rng.Intn(4) == 0 {
			for range 1 + rng.Intn(15) {
				k := pick(wild)
				if rng.Intn(2) == 0 {
					k = pick(texts)
				}
				typed = append(typed, k)
				s.typeKeys(k)
			}
			s.typeKeys(" \x03")
			want.err = ErrInterrupt
		} else {
			s.typeKeys("\r")
		}
		var got result
		select {
		case got = <-s.result:
		case <-deadline():
			t.Fatalf("line %d: ReadLine did not return after %q; the screen is\n%s", line, typed, s.text())
		}
		if got.err != want.err || got.err == nil && got.line != want.line {
			t.Fatalf("line %d after %q\nreturned %q, %v\nwant     %q, %v", line, typed, got.line, got.err, want.line, want.err)
		}
		if !s.await(func() bool { return !s.m.paste }) {
			t.Fatal("bracketed paste is still on")
		}
		kills = n.kill
		if want.err != nil { // what the wild keys killed is not modelled
			kills, s.e.kills = nil, killRing{}
		}
		getModes(t, s.slave, &now)
		if now != modes {
			t.Fatalf("line %d: the modes are %+v, were %+v", line, now, modes)
		}
		if got.err == nil && strings.TrimSpace(got.line) != "" && got.line[0] != ' ' && rng.Intn(2) == 0 {
			if k := len(history); k == 0 || history[k-1] != got.line {
				if err := s.e.AddHistory(got.line); err != nil {
					t.Fatal(err)
				}
				history = nil
				for _, e := range s.e.Entries() {
					history = append(history, e.Line)
				}
			}
		}
	}
}

// matches tells whether a model shows the prompt and the line, with the cursor
// at its place, nothing below, and above it the last output.
func matches(m *model, n *naive, prompt, above string, resized bool) bool {
	want, y, x := n.shown(prompt, m.cols, m.clusters)
	if m.x != x || m.wrap || !m.paste {
		return false
	}
	for i := range m.rows {
		r := i - m.y + y // the row of the picture that stands on row i
		switch {
		case r < 0:
			if r == -1 && !resized && len(above)+1 < m.cols && !strings.HasPrefix(m.line(i), above) {
				return false
			}
		case r >= len(want):
			if m.line(i) != "" {
				return false
			}
		case strings.TrimRight(want[r], " ") != m.line(i):
			return false
		}
	}
	return true
}
