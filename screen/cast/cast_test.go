package cast

import (
	"bufio"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// read is a recording as a player reads it.
func read(t *testing.T, text string) (header map[string]any, shown string, resized []string, last float64) {
	t.Helper()
	lines := bufio.NewScanner(strings.NewReader(text))
	for first := true; lines.Scan(); first = false {
		if first {
			if err := json.Unmarshal(lines.Bytes(), &header); err != nil {
				t.Fatal(err)
			}
			continue
		}
		var e [3]any
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatalf("%v: %s", err, lines.Text())
		}
		if at := e[0].(float64); at < last {
			t.Errorf("time goes back: %s", lines.Text())
		} else {
			last = at
		}
		switch e[1] {
		case "o":
			shown += e[2].(string)
		case "r":
			resized = append(resized, e[2].(string))
		}
	}
	return header, shown, resized, last
}

func TestACharacterIsNeverCutWhateverThePieces(t *testing.T) {
	const text = "a\x1b[1m世界 é \"q\" \\ \x00\x7f 🙂\r\n"
	r := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		var b strings.Builder
		began := time.Unix(1_700_000_000, 0)
		w := New(&b, Header{Cols: 80, Rows: 24, At: began, Term: "xterm", Shell: "jsh"})
		at := began
		for rest := []byte(text); len(rest) > 0; {
			n := 1 + r.IntN(len(rest))
			at = at.Add(time.Millisecond)
			w.Output(at, rest[:n])
			rest = rest[n:]
		}
		w.Resize(at, 100, 30)
		header, shown, resized, last := read(t, b.String())
		if shown != text || len(resized) != 1 || resized[0] != "100x30" {
			t.Fatalf("%q, %q", shown, resized)
		}
		if header["version"] != 2.0 || header["width"] != 80.0 || header["timestamp"] != 1.7e9 || last != at.Sub(began).Seconds() {
			t.Fatalf("%v, %v", header, last)
		}
	}
}

func TestWhatIsNoCharacterIsShownAsOneAndHoldsNothingUp(t *testing.T) {
	var b strings.Builder
	w := New(&b, Header{})
	w.Output(time.Time{}, []byte("a\xff\xc3"))
	w.Output(time.Time{}, []byte("b\xe4\xb8"))
	w.Output(time.Time{}, []byte("c"))
	if _, shown, _, _ := read(t, b.String()); shown != "a\ufffd\ufffdb\ufffd\ufffdc" && shown != "a\ufffd\ufffdb\ufffdc" {
		t.Errorf("%q", shown)
	}
}

type full struct{ n int }

func (f *full) Write(b []byte) (int, error) {
	if f.n++; f.n > 2 {
		return 0, errors.New("no space left")
	}
	return len(b), nil
}

func TestAfterAnErrorNothingIsWritten(t *testing.T) {
	f := new(full)
	w := New(f, Header{})
	for range 5 {
		w.Output(time.Now(), []byte("x"))
	}
	if w.Err() == nil || f.n != 3 {
		t.Errorf("%v after %d writes", w.Err(), f.n)
	}
}
