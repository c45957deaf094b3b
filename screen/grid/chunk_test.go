package grid_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jsh/screen/grid"
)

// state is all that can be asked of a grid, as text.
func state(g *grid.Grid) string {
	var b strings.Builder
	cols, rows := g.Size()
	for y := -g.Scrollback(); y < rows; y++ {
		for x := range cols {
			c := g.Cell(x, y)
			if y < 0 {
				c = g.ScrollbackCell(x, -y)
			}
			fmt.Fprintf(&b, "%q/%d/%x/%x/%x ", g.Cluster(c), c.Width(), c.Fg, c.Bg, c.Attr)
		}
		fmt.Fprintln(&b, g.Wrapped(y))
	}
	fmt.Fprintf(&b, "%+v %+v %q %d", g.Cursor(), g.Modes(), g.Title(), g.Bells())
	return b.String()
}

func TestHowTheBytesAreSplitMakesNoDifference(t *testing.T) {
	streams := map[string][]byte{}
	files, _ := filepath.Glob("testdata/*.bytes")
	if len(files) == 0 {
		t.Fatal("no recorded streams")
	}
	for _, file := range files {
		stream, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		streams[file] = stream
	}
	r := rand.New(rand.NewPCG(1, 2))
	for seed := range uint64(30) {
		stream := saneStream(seed)
		streams[fmt.Sprint("sane ", seed)] = stream
		// The same with bytes changed: broken characters and sequences.
		broken := slices.Clone(stream)
		for range 1 + len(broken)/20 {
			broken[r.IntN(len(broken))] = byte(r.IntN(256))
		}
		streams[fmt.Sprint("broken ", seed)] = broken
	}
	for name, stream := range streams {
		var replies, parts []byte
		whole := grid.New(80, 24, grid.Options{Scrollback: 50, Reply: func(b []byte) { replies = append(replies, b...) }})
		whole.Write(stream)
		for _, most := range []int{1, 3, 100} {
			parts = parts[:0]
			g := grid.New(80, 24, grid.Options{Scrollback: 50, Reply: func(b []byte) { parts = append(parts, b...) }})
			for rest := stream; len(rest) > 0; {
				n := min(1+r.IntN(most), len(rest))
				g.Write(rest[:n])
				rest = rest[n:]
			}
			if state(g) != state(whole) {
				t.Errorf("%s in parts of at most %d bytes gives another screen:\n%s\nwhole:\n%s", name, most, g.Text(), whole.Text())
			}
			if string(parts) != string(replies) {
				t.Errorf("%s in parts of at most %d bytes: replies %q, whole %q", name, most, parts, replies)
			}
		}
	}
}
