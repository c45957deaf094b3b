package grid

import (
	"bytes"
	"fmt"
	"testing"
)

func BenchmarkSeq(b *testing.B) {
	var in bytes.Buffer
	for i := range 1_000_000 {
		fmt.Fprintf(&in, "%d\r\n", i+1)
	}
	b.SetBytes(int64(in.Len()))
	for b.Loop() {
		g := New(80, 24, Options{Scrollback: 10_000})
		g.Write(in.Bytes())
	}
}

func FuzzWrite(f *testing.F) {
	f.Add([]byte("hi\x1b[31mred\x1b[2J\x1b[10;10Hx\x1b[?1049h世界\x1b[3@\x1b[P"), uint8(20), uint8(5))
	f.Fuzz(func(t *testing.T, data []byte, cols, rows uint8) {
		g := New(int(cols), int(rows), Options{Scrollback: 30})
		g.Write(data)
		check(t, g)
		g.Resize(int(rows), int(cols))
		check(t, g)
		g.Write(data)
		check(t, g)
	})
}

func check(t *testing.T, g *Grid) {
	t.Helper()
	cols, rows := g.Size()
	c := g.Cursor()
	if c.X < 0 || c.X >= cols || c.Y < 0 || c.Y >= rows {
		t.Fatalf("cursor %+v is outside of %d×%d", c, cols, rows)
	}
	if c.PendingWrap && c.X != cols-1 {
		t.Fatalf("pending wrap in column %d of %d", c.X, cols)
	}
	for y := range rows {
		for x := range cols {
			switch w := g.Cell(x, y).Width(); {
			case w == 2 && (x == cols-1 || g.Cell(x+1, y).Width() != 0):
				t.Fatalf("wide character at %d,%d without its right half", x, y)
			case w == 0 && (x == 0 || g.Cell(x-1, y).Width() != 2):
				t.Fatalf("right half at %d,%d stands alone", x, y)
			}
		}
	}
}
