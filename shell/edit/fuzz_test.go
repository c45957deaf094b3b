package edit

import (
	"bytes"
	"testing"
	"unicode/utf8"
)

// FuzzDecoder: whatever comes, ^C at the end gets through, and text stays.
func FuzzDecoder(f *testing.F) {
	for _, s := range []string{"abc", "\x1b[1;5C", "\xe6\xbcx", "\x1b[[A", "\x1bO", "\x1b[200~a\rb\x1b[201~", "\x1b\x1b[3~"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		var d decoder
		var keys []key
		var text []byte
		for _, b := range in {
			keys = d.feed(b, keys)
		}
		plain := true
		for _, b := range in {
			plain = plain && b >= ' ' && b != 0x7f
		}
		if d.state == inPaste {
			return
		}
		keys = d.feed(ctrlC, keys)
		if n := len(keys); n == 0 || keys[n-1].code != ctrlC {
			t.Fatalf("%q swallows ^C: %v", in, keys)
		}
		for _, k := range keys {
			if k.code == keyText {
				text = append(text, k.text...)
			}
		}
		if plain && !bytes.Equal(text, in) {
			t.Errorf("%q became %q", in, text)
		}
	})
}

// FuzzDraw: every row fits, the cursor is on one, and nothing but printable
// characters is drawn for the line.
func FuzzDraw(f *testing.F) {
	f.Add("$ ", []byte("a\xff漢\x01\n\tb\u202e👨\u200d👩"), uint8(3), uint8(5))
	f.Add("\x1b]0;t\a\x01\x1b[1m\x02x", []byte("\u0301"), uint8(0), uint8(1))
	f.Fuzz(func(t *testing.T, prompt string, text []byte, at, cols uint8) {
		width := max(1, int(cols))
		pos := min(int(at), len(text))
		p := draw(prompt, text, pos, width, false)
		if p.y < 0 || p.y >= len(p.rows) || p.x < 0 || p.x >= width {
			t.Fatalf("the cursor is at %d,%d of %d rows of %d columns", p.y, p.x, len(p.rows), width)
		}
		for i, r := range p.rows {
			sum := 0
			for j, c := range r.cells {
				sum += c.w
				inPrompt := i < p.promptRows-1 || i == p.promptRows-1 && j < p.prompt
				for _, c := range c.s {
					if !inPrompt && (c < ' ' || c >= 0x7f && c < 0xa0 || c == utf8.RuneError && !bytes.Contains(text, []byte("\ufffd"))) {
						t.Fatalf("row %d draws %q", i, r.cells[j].s)
					}
				}
			}
			if sum != r.w || sum > width {
				t.Fatalf("row %d is %d wide, says %d, of %d", i, sum, r.w, width)
			}
		}
	})
}

// FuzzClusters: going forward and going back stop at the same places.
func FuzzClusters(f *testing.F) {
	f.Add([]byte("a\u0301漢\xff\xe6\xbc🇩🇪🇩👍🏽\r\n\u200d"))
	f.Fuzz(func(t *testing.T, s []byte) {
		var stops []int
		for pos := 0; pos < len(s); pos = nextCluster(s, pos) {
			stops = append(stops, pos)
			if snap(s, pos) != pos {
				t.Fatalf("%q: %d is a stop but snaps to %d", s, pos, snap(s, pos))
			}
		}
		for pos, i := len(s), len(stops)-1; pos > 0; i-- {
			pos = prevCluster(s, pos)
			if pos != stops[i] {
				t.Fatalf("%q: back to %d, want %d", s, pos, stops[i])
			}
		}
	})
}
