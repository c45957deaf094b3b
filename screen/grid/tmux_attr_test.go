package grid_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jsh/screen/grid"
)

// painted is the pane with its colours and attributes. tmux tells them as SGR
// sequences, which a grid of our own reads again.
func (tm *tmux) painted() *grid.Grid {
	tm.t.Helper()
	out := tm.run("capture-pane", "-p", "-e", "-N")
	// tmux's SGR go on from one line to the next.
	g := grid.New(tmuxCols+1, tmuxRows, grid.Options{})
	fmt.Fprint(g, strings.ReplaceAll(strings.TrimSuffix(out, "\n"), "\n", "\r\n"))
	return g
}

// TestColoursAndAttributesAreAsInTmux compares each cell's looks in the recorded
// sessions and in random streams. This is the written list of differences:
//
//   - colours of the palette 0–15 given as 38;5;n: tmux keeps the form, and so
//     do we, but 90–97 and 38;5;8–15 are the same colour here, two in tmux;
//   - colour and attributes of blank cells to the right of a line's last
//     character: tmux forgets that they were ever written;
//   - Invisible text and the colour of underlines are not compared.
func TestColoursAndAttributesAreAsInTmux(t *testing.T) {
	tm := startTmux(t)
	streams := map[string][]byte{}
	files, _ := filepath.Glob("testdata/*.bytes")
	for _, file := range files {
		stream, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		streams[file] = stream
	}
	for seed := range uint64(20) {
		streams[fmt.Sprint("random stream ", seed)] = saneStream(seed)
	}
	painted := 0
	for name, stream := range streams {
		tm.write(stream)
		want := tm.painted()
		g := grid.New(tmuxCols, tmuxRows, grid.Options{})
		g.Write(stream)
		differ := 0
		for y := range tmuxRows {
			last := tmuxCols
			for last > 0 && strings.TrimSpace(g.Cluster(g.Cell(last-1, y))) == "" && g.Cell(last-1, y).Width() != 0 {
				last--
			}
			for x := range last {
				a, b := g.Cell(x, y), want.Cell(x, y)
				if a.Fg != 0 || a.Bg != 0 || a.Attr != 0 {
					painted++
				}
				if a.Fg != b.Fg || a.Bg != b.Bg || a.Attr != b.Attr {
					if differ++; differ <= 3 {
						t.Errorf("%s: row %d column %d %q: fg %x bg %x attributes %x, in tmux %x %x %x", name, y, x,
							g.Cluster(a), a.Fg, a.Bg, a.Attr, b.Fg, b.Bg, b.Attr)
					}
				}
			}
		}
		if differ > 3 {
			t.Errorf("%s: %d cells look different", name, differ)
		}
	}
	if painted < 1000 {
		t.Errorf("only %d cells had any colour or attribute: this proves little", painted)
	}
}
