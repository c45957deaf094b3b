package screen

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"jsh/screen/grid"
)

func TestEveryCellBelongsToOnePartAtEverySize(t *testing.T) {
	for cols := 1; cols <= 220; cols += 1 + cols/20 {
		for rows := 1; rows <= 70; rows++ {
			for _, w := range []wish{{}, {picture: true}, {picture: true, band: 4}, {picture: true, alt: true}, {alt: true, band: 3}, {band: 30, picture: true}} {
				w.high = usualHeight(rows)
				l := arrange(cols, rows, w)
				cells := make([]int, cols*rows)
				for _, r := range []rect{l.shell, l.picture, l.rule, l.band} {
					for y := r.y; y < r.y+r.h; y++ {
						for x := r.x; x < r.x+r.w; x++ {
							if x < 0 || y < 0 || x >= cols || y >= rows {
								t.Fatalf("%d×%d %+v: %+v reaches out", cols, rows, w, r)
							}
							cells[y*cols+x]++
						}
					}
				}
				for i, n := range cells {
					if n != 1 {
						t.Fatalf("%d×%d %+v: cell %d,%d is in %d parts: %+v", cols, rows, w, i%cols, i/cols, n, l)
					}
				}
				if l.shell.w < 1 || l.shell.h < 1 {
					t.Fatalf("%d×%d %+v: no shell: %+v", cols, rows, w, l)
				}
				if w.alt && (l.shell.w != cols || l.shell.h != rows) {
					t.Fatalf("%d×%d %+v: a program on the alternate screen gets %+v", cols, rows, w, l.shell)
				}
			}
		}
	}
}

func TestAFullPictureLeavesTheShellsSize(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {100, 30}, {160, 48}} {
		w := wish{picture: true, high: usualHeight(size[1])}
		split := arrange(size[0], size[1], w)
		w.full = true
		whole := arrange(size[0], size[1], w)
		if split.shell != whole.shell || whole.picture.w != size[0] || whole.picture.h != size[1] {
			t.Errorf("%v: %+v, then %+v", size, split, whole)
		}
	}
}

// tell collects what split makes of chunks.
func tell(k *keys, chunks ...string) string {
	var b strings.Builder
	now := time.Now()
	for _, c := range chunks {
		k.split([]byte(c), now, func(t token) {
			switch t.kind {
			case menuKey:
				b.WriteString("<menu>")
			case mouseReport:
				b.WriteString("<mouse>")
			case scrollKey:
				b.WriteString("<scroll>")
			default:
				b.Write(t.bytes)
			}
		})
	}
	k.release(func(t token) { b.Write(t.bytes) })
	return b.String()
}

func TestKeysGoThroughUnchangedHoweverTheyAreCut(t *testing.T) {
	menu, _ := menuKeys("")
	for _, c := range []struct{ in, want string }{
		{"plain text\r", "plain text\r"},
		{"a\x1bOQb", "a<menu>b"},
		{"a\x1b[12~b", "a<menu>b"},
		{"a\x1b[[Bb", "a<menu>b"},
		{"a\x1db", "a<menu>b"},
		{"\x1b", "\x1b"},
		{"a\x1b[5;2~\x1b[5~", "a<scroll>\x1b[5~"},
		{"\x1b\x1b[A\x1bOP\x1b[15~\x1b[1;5C", "\x1b\x1b[A\x1bOP\x1b[15~\x1b[1;5C"},
		{"\x1b[<0;12;5M\x1b[<0;12;5m", "<mouse><mouse>"},
		{"\x1b[<0;12\x1b[A", "\x1b[<0;12\x1b[A"},
		{"\x1b[200~a\x1db\x1bOQ\x1b[201~\x1d", "\x1b[200~a\x1db\x1bOQ\x1b[201~<menu>"},
		{"\x1b[I\x1b[O世界\xff\x00", "\x1b[I\x1b[O世界\xff\x00"},
	} {
		for i := range len(c.in) + 1 {
			for j := i; j <= len(c.in); j++ {
				k := &keys{menu: menu, mouse: true}
				if got := tell(k, c.in[:i], c.in[i:j], c.in[j:]); got != c.want {
					t.Fatalf("%q cut at %d and %d: %q, want %q", c.in, i, j, got, c.want)
				}
			}
		}
	}
}

func FuzzKeysAreNeitherLostNorAdded(f *testing.F) {
	f.Add([]byte("a\x1b[200~x\x1b[201~"), uint8(3))
	f.Fuzz(func(t *testing.T, in []byte, cut uint8) {
		k := &keys{menu: []string{"\x1bOQ"}, mouse: true}
		var out []byte
		now := time.Now()
		i := min(int(cut), len(in))
		for _, part := range [][]byte{in[:i], in[i:]} {
			k.split(part, now, func(t token) { out = append(out, t.bytes...) })
		}
		k.release(func(t token) { out = append(out, t.bytes...) })
		if !bytes.Equal(in, out) {
			t.Errorf("%q became %q", in, out)
		}
	})
}

func TestTheMenuKeyIsChosenByName(t *testing.T) {
	for _, c := range []struct {
		in, first, name string
	}{
		{"", "\x1b[12~", "F2"},
		{"F1", "\x1b[11~", "F1"},
		{"f12", "\x1b[24~", "F12"},
		{"^g", "\a", "^G"},
		{"^], F5", "\x1d", "^]"},
		{"none", "", ""},
		{"^[", "\x1b[12~", "F2"}, // Esc begins every other key
		{"F13,,x,", "\x1b[12~", "F2"},
	} {
		keys, name := menuKeys(c.in)
		first := ""
		if len(keys) > 0 {
			first = keys[0]
		}
		if first != c.first || name != c.name {
			t.Errorf("JSH_MENU_KEY=%q: %q %q, want %q %q", c.in, first, name, c.first, c.name)
		}
	}
}

// scribble writes something at random, wide and combining characters too.
func scribble(g *grid.Grid, r *rand.Rand) {
	for range 1 + r.IntN(20) {
		switch r.IntN(9) {
		case 0:
			g.Write([]byte("\x1b[" + itoa(1+r.IntN(12)) + ";" + itoa(1+r.IntN(30)) + "H"))
		case 1:
			g.Write([]byte("\x1b[" + []string{"0", "1", "7", "4", "38;5;200", "48;2;1;2;3", "31", "102", "4:3"}[r.IntN(9)] + "m"))
		case 2:
			g.Write([]byte("世界"[:3*(1+r.IntN(2))]))
		case 3:
			g.Write([]byte("e\u0301\U0001f600"))
		case 4:
			g.Write([]byte("\x1b[" + []string{"J", "K", "1K", "L", "M", "2P", "3@", "S"}[r.IntN(8)]))
		case 5:
			g.Write([]byte("\r\n"))
		default:
			g.Write([]byte("some text "[r.IntN(9):]))
		}
	}
}

// The terminal, played by a grid, must show what the painter was given, after
// each of many changes.
func TestThePainterBringsTheTerminalToWhatItShouldShow(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const cols, rows = 30, 12
	inner := grid.New(cols, rows, grid.Options{})
	outer := grid.New(cols, rows, grid.Options{})
	p := &painter{depth: full}
	p.reset(cols, rows)
	cells := make([]grid.Cell, cols)
	for step := range 3000 {
		scribble(inner, r)
		for y := range rows {
			inner.CopyRow(cells, y)
			for x := range cells {
				cells[x] = p.own(inner, cells[x])
			}
			p.row(y, cells)
		}
		outer.Write(p.out)
		p.out = p.out[:0]
		for y := range rows {
			for x := range cols {
				a, b := inner.Cell(x, y), outer.Cell(x, y)
				at, bt := inner.Cluster(a), outer.Cluster(b)
				if at == " " {
					at = ""
				}
				if bt == " " {
					bt = ""
				}
				if at != bt || a.Width() != b.Width() || a.Bg != b.Bg || a.Width() > 0 && at != "" && (a.Fg != b.Fg || a.Attr != b.Attr) {
					t.Fatalf("step %d, cell %d,%d: %q %+v is shown as %q %+v", step, x, y, at, a, bt, b)
				}
			}
		}
	}
}

func TestWhatDidNotChangeIsNotDrawn(t *testing.T) {
	p := &painter{depth: palette}
	p.reset(80, 2)
	row := make([]grid.Cell, 80)
	g := grid.New(80, 1, grid.Options{})
	g.Write([]byte("\x1b[31msome red text"))
	g.CopyRow(row, 0)
	p.row(0, row)
	p.out = p.out[:0]
	p.row(0, row)
	if len(p.out) > 0 {
		t.Errorf("drawn again: %q", p.out)
	}
	g.Write([]byte("!"))
	g.CopyRow(row, 0)
	p.row(0, row)
	if len(p.out) > 20 {
		t.Errorf("for one character: %q", p.out)
	}
}

func TestColoursAreShownInWhatTheTerminalHas(t *testing.T) {
	red := grid.RGB(250, 10, 10)
	for _, c := range []struct {
		d     depth
		color grid.Color
		want  string
	}{
		{full, red, ";38;2;250;10;10"},
		{palette, red, ";38;5;196"},
		{few, red, ";91"},
		{mono, red, ""},
		{few, grid.Indexed(1), ";31"},
		{few, grid.Indexed(244), ";37"},
		{palette, grid.Indexed(9), ";91"},
		{palette, grid.RGB(128, 128, 128), ";38;5;244"},
	} {
		p := &painter{depth: c.d}
		if got := string(p.colour(nil, c.color, 30)); got != c.want {
			t.Errorf("%d %x: %q, want %q", c.d, c.color, got, c.want)
		}
	}
}

func TestTheBarOfScrollingFits80Columns(t *testing.T) {
	s := &screen{back: 20000, grid: grid.New(80, 5, grid.Options{})}
	for w := range 81 {
		line := (&scrollPanel{}).lines(s, w)[0]
		if len(line) > 79 || w >= 48 && len(line) > w {
			t.Errorf("%d columns of %d: %q", len(line), w, line)
		}
	}
}

func TestAnswersThatNobodyReadsTakeNoMemoryAndLeaveRoomForKeys(t *testing.T) {
	s := &screen{master: -1}
	g := grid.New(80, 24, grid.Options{Reply: s.reply})
	for range 100_000 { // yes "$(tput u7)"
		g.Write([]byte("\x1b[6n"))
	}
	if n := len(s.toShell); n == 0 || n > maxAnswers {
		t.Errorf("%d bytes wait for the program", n)
	}
	s.toShell = s.toShell[len(s.toShell):] // it reads them all
	s.writeShell()
	g.Write([]byte("\x1b[6n"))
	if string(s.toShell) != "\x1b[1;1R" {
		t.Errorf("afterwards it is answered %q", s.toShell)
	}
}
