package grid_test

import (
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"

	"jsh/screen/grid"
)

// show writes to a terminal of 10 columns and 4 rows.
func show(in string) *grid.Grid {
	g := grid.New(10, 4, grid.Options{Scrollback: 5})
	g.Write([]byte(in))
	return g
}

func TestScreen(t *testing.T) {
	cases := []struct {
		rule, in, text string
		x, y           int
	}{
		{"text in the last column does not wrap yet", "0123456789", "0123456789", 9, 0},
		{"the next character wraps", "0123456789a", "0123456789\na", 1, 1},
		{"a return after the last column stays on the line", "0123456789\rA", "A123456789", 1, 0},
		{"a line feed after the last column moves down once", "0123456789\nA", "0123456789\n         A", 9, 1},
		{"a backspace in the last column leaves the pending wrap", "0123456789\bA", "01234567A9", 9, 0},
		{"a tab keeps the pending wrap", "0123456789\tA", "0123456789\nA", 1, 1},
		{"erasing the line ends the pending wrap, and erases the last column", "0123456789\x1b[KA", "012345678A", 9, 0},
		{"colours keep the pending wrap", "0123456789\x1b[31mA", "0123456789\nA", 1, 1},
		{"a saved cursor keeps the pending wrap", "0123456789\x1b7\x1b[H\x1b8A", "0123456789\nA", 1, 1},
		{"without autowrap the last column is written over", "\x1b[?7l0123456789abc", "012345678c", 9, 0},
		{"a wide character that does not fit goes to the next line", "012345678世", "012345678\n世", 2, 1},
		{"writing over the right half of a wide character blanks the left", "世\x1b[2GA", " A", 2, 0},
		{"writing over the left half of a wide character blanks the right", "世x\rA", "A x", 1, 0},
		{"deleting half of a wide character blanks the rest", "世x\r\x1b[P", " x", 0, 0},
		{"a wide character pushed over the edge by half is blank", "\x1b[9G世\r\x1b[@A", "A", 1, 0},
		{"a mark joins the character before it", "e\u0301x", "e\u0301x", 2, 0},
		{"a mark joins the character in the last column", "012345678e\u0301", "012345678e\u0301", 9, 0},
		{"a mark joins a wide character", "世\u0301", "世\u0301", 2, 0},
		{"a mark with nothing before it is dropped", "\u0301x", "x", 1, 0},
		{"the last row scrolls", "1\r\n2\r\n3\r\n4\r\n5", "2\n3\n4\n5", 1, 3},
		{"a scrolling region leaves the rest", "1\r\n2\r\n3\r\n4\x1b[2;3r\x1b[3H\nx", "1\n3\nx\n4", 1, 2},
		{"reverse index at the top scrolls down", "1\r\n2\x1b[H\x1bMx", "x\n1\n2", 1, 0},
		{"origin mode counts from the region", "\x1b[2;3r\x1b[?6h\x1b[1;1Hx\x1b[9;1Hy", "\nx\ny", 1, 2},
		{"a region of one line is refused", "\x1b[3;3rx\x1b[4H\ny", "\n\n\ny", 1, 3},
		{"insert mode pushes text to the right", "abc\r\x1b[4hX", "Xabc", 1, 0},
		{"REP repeats the last character", "ab\x1b[3b", "abbbb", 5, 0},
		{"REP repeats nothing after a control character", "ab\r\x1b[3b", "ab", 0, 0},
		{"DEC graphics draw lines until they are left", "\x1b(0lqk\x1b(Blqk", "┌─┐lqk", 6, 0},
		{"G1 is used between SO and SI", "\x1b)0\x0eq\x0fq", "─q", 2, 0},
		{"a tab stop can be set and cleared", "\x1b[3g\x1b[4G\x1bH\r\tx\x1b[4G\x1b[g\r\ty", "   x     y", 9, 0},
		{"back tab goes to the stop before", "\x1b[10G\x1b[Zx", "        x", 9, 0},
		{"DECALN fills the screen", "\x1b#8", "EEEEEEEEEE\nEEEEEEEEEE\nEEEEEEEEEE\nEEEEEEEEEE", 0, 0},
		{"the alternate screen leaves the main one as it was", "main\x1b[?1049halternate\x1b[?1049l!", "main!", 5, 0},
		{"mode 47 does not move the cursor", "ab\x1b[?47hx", "  x", 3, 0},
		{"insert line pushes the rest down", "1\r\n2\x1b[H\x1b[L", "\n1\n2", 0, 0},
		{"delete line pulls the rest up", "1\r\n2\r\n3\x1b[H\x1b[M", "2\n3", 0, 0},
		{"a control character inside a sequence acts at once", "ab\x1b[\r1Cx", "ax", 2, 0},
		{"CAN aborts a sequence", "a\x1b[3\x18Cx", "aCx", 3, 0},
		{"an escape inside a sequence begins a new one", "a\x1b[3\x1b[2Cx", "a  x", 4, 0},
		{"an unknown sequence is passed over whole", "a\x1b[<5;3!wb", "ab", 2, 0},
		{"the title is not shown", "a\x1b]0;title\ab\x1b]2;more\x1b\\c", "abc", 3, 0},
		{"screen's title is not shown", "a\x1bktitle\x1b\\b", "ab", 2, 0},
		{"each broken character is shown as one", "a\xe4\xb8b\xffc", "a\ufffdb\ufffdc", 5, 0},
		{"a C1 control in UTF-8 is not obeyed", "ab\u009b2Jc", "ab2Jc", 5, 0},
		{"RIS clears all", "a\x1b[31m\x1b[?6h\x1bcb", "b", 1, 0},
		{"a huge count is cut", "ab\x1b[99999999999Cx\x1b[99999999999Ay", "ab       y", 9, 0},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			g := show(c.in)
			if got := g.Text(); got != c.text {
				t.Errorf("text is %q, want %q", got, c.text)
			}
			if cur := g.Cursor(); cur.X != c.x || cur.Y != c.y {
				t.Errorf("cursor is at %d,%d, want %d,%d", cur.X, cur.Y, c.x, c.y)
			}
		})
	}
}

func TestColours(t *testing.T) {
	cases := []struct {
		rule, in string
		fg, bg   grid.Color
		attr     grid.Attr
	}{
		{"the ANSI colours", "\x1b[31;42m", grid.Indexed(1), grid.Indexed(2), 0},
		{"the bright colours", "\x1b[91;102m", grid.Indexed(9), grid.Indexed(10), 0},
		{"the palette with semicolons", "\x1b[38;5;200;48;5;17;1m", grid.Indexed(200), grid.Indexed(17), grid.Bold},
		{"the palette with colons", "\x1b[38:5:200;1m", grid.Indexed(200), 0, grid.Bold},
		{"true colour with semicolons", "\x1b[38;2;1;2;3;7m", grid.RGB(1, 2, 3), 0, grid.Inverse},
		{"true colour with colons, with and without a colour space", "\x1b[38:2::1:2:3;48:2:4:5:6;9m", grid.RGB(1, 2, 3), grid.RGB(4, 5, 6), grid.Strike},
		{"the underline's colour does not change the text's", "\x1b[58;5;1;3m", 0, 0, grid.Italic},
		{"22 ends bold and faint", "\x1b[1;2;3;22m", 0, 0, grid.Italic},
		{"0 ends all", "\x1b[1;4;31;44;0m", 0, 0, 0},
		{"nothing is 0", "\x1b[1;31m\x1b[m", 0, 0, 0},
		{"39 and 49 are the terminal's own", "\x1b[31;41;39;49;8m", 0, 0, grid.Invisible},
		{"xterm's modifyOtherKeys is no colour", "\x1b[5m\x1b[>4;1m", 0, 0, grid.Blink},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			cell := show(c.in+"x").Cell(0, 0)
			if cell.Fg != c.fg || cell.Bg != c.bg || cell.Attr != c.attr {
				t.Errorf("got %x on %x, attributes %x; want %x on %x, %x", cell.Fg, cell.Bg, cell.Attr, c.fg, c.bg, c.attr)
			}
		})
	}
	t.Run("a curly underline is told from a single one", func(t *testing.T) {
		g := show("\x1b[4ma\x1b[4:3mb\x1b[4:0mc\x1b[21md")
		for x, want := range []int{1, 3, 0, 2} {
			if got := g.Cell(x, 0).Attr.UnderlineStyle(); got != want {
				t.Errorf("column %d has style %d, want %d", x, got, want)
			}
		}
	})
	t.Run("erased cells take the background", func(t *testing.T) {
		g := show("abc\x1b[44m\r\x1b[K\x1b[2;3H\x1b[J")
		for _, at := range [][2]int{{0, 0}, {9, 0}, {2, 1}, {9, 3}} {
			if c := g.Cell(at[0], at[1]); c.Bg != grid.Indexed(4) || g.Cluster(c) != "" {
				t.Errorf("cell %v is %q on %x", at, g.Cluster(c), c.Bg)
			}
		}
		if g.Cell(1, 1).Bg != 0 {
			t.Error("a cell before the cursor was erased")
		}
	})
}

func TestAnswers(t *testing.T) {
	cases := []struct{ rule, in, want string }{
		{"the cursor's position counts from 1", "\x1b[3;4H\x1b[6n", "\x1b[3;4R"},
		{"a pending wrap does not show in it", "0123456789\x1b[6n", "\x1b[1;10R"},
		{"it counts from the region in origin mode", "\x1b[2;3r\x1b[?6h\x1b[6n", "\x1b[1;1R"},
		{"the terminal is well", "\x1b[5n", "\x1b[0n"},
		{"device attributes", "\x1b[c", "\x1b[?62;22c"},
		{"secondary device attributes", "\x1b[>c", "\x1b[>0;1;0c"},
		{"a mode that is set", "\x1b[?7$p", "\x1b[?7;1$y"},
		{"a mode that is not", "\x1b[?2004$p", "\x1b[?2004;2$y"},
		{"a mode that nobody knows", "\x1b[?4711$p", "\x1b[?4711;0$y"},
		{"the scrolling region", "\x1b[2;3r\x1bP$qr\x1b\\", "\x1bP1$r2;3r\x1b\\"},
		{"a capability", "\x1bP+q436f\x1b\\", "\x1bP0+r\x1b\\"},
		{"the size", "\x1b[18t", "\x1b[8;4;10t"},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			var got []byte
			g := grid.New(10, 4, grid.Options{Reply: func(b []byte) { got = append(got, b...) }})
			g.Write([]byte(c.in))
			if string(got) != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestModes(t *testing.T) {
	g := show("\x1b[?1h\x1b=\x1b[?25l\x1b[?1002;1006h\x1b[?2004h\x1b[?1004h\x1b[4 q\x1b[?1049h\a\a\x1b]2;a\x1b[2J\x1b]2;vim\a")
	m := g.Modes()
	want := grid.Modes{AppCursor: true, AppKeypad: true, AutoWrap: true, Alternate: true,
		Mouse: grid.MouseDrag, MouseSGR: true, BracketedPaste: true, Focus: true}
	if m != want {
		t.Errorf("modes are %+v, want %+v", m, want)
	}
	if c := g.Cursor(); c.Shape != 4 || c.Visible {
		t.Errorf("cursor is %+v", c)
	}
	if g.Bells() != 2 || g.Title() != "vim" {
		t.Errorf("%d bells, title %q", g.Bells(), g.Title())
	}
	g.Write([]byte("\x1b[!p"))
	if m := g.Modes(); m.AppCursor || m.AppKeypad || !m.CursorVisible || !m.Alternate || !m.BracketedPaste {
		t.Errorf("after DECSTR modes are %+v", m)
	}
}

func TestScrollback(t *testing.T) {
	g := show("1\r\n2\r\n3\r\n4\r\n5\r\n6")
	if g.Scrollback() != 2 || g.ScrollbackLine(1) != "2" || g.ScrollbackLine(2) != "1" || g.ScrollbackLine(3) != "" {
		t.Errorf("%d lines: %q, %q", g.Scrollback(), g.ScrollbackLine(1), g.ScrollbackLine(2))
	}
	g.Write([]byte(strings.Repeat("x\r\n", 100)))
	if g.Scrollback() != 5 {
		t.Errorf("%d lines are remembered, want the limit of 5", g.Scrollback())
	}
	g.Write([]byte("\x1b[?1049h" + strings.Repeat("y\r\n", 100)))
	if g.Scrollback() != 0 {
		t.Errorf("the alternate screen remembers %d lines", g.Scrollback())
	}
	g.Write([]byte("\x1b[?1049l\x1b[3J"))
	if g.Scrollback() != 0 {
		t.Errorf("ESC [ 3 J left %d lines", g.Scrollback())
	}
}

func TestResize(t *testing.T) {
	t.Run("a narrower and again wider screen shows the old text", func(t *testing.T) {
		g := show("0123456789\r\nsecond")
		g.Resize(4, 4)
		if got := g.Text(); got != "0123\nseco" {
			t.Errorf("narrow: %q", got)
		}
		g.Resize(12, 4)
		if got := g.Text(); got != "0123456789\nsecond" {
			t.Errorf("wide again: %q", got)
		}
	})
	t.Run("a lower screen gives its first lines to the history and takes them back", func(t *testing.T) {
		g := show("1\r\n2\r\n3\r\n4")
		g.Resize(10, 2)
		if g.Text() != "3\n4" || g.Scrollback() != 2 || g.Cursor().Y != 1 {
			t.Errorf("low: %q, %d lines, cursor %+v", g.Text(), g.Scrollback(), g.Cursor())
		}
		g.Resize(10, 4)
		if g.Text() != "1\n2\n3\n4" || g.Scrollback() != 0 || g.Cursor().Y != 3 {
			t.Errorf("high again: %q, %d lines, cursor %+v", g.Text(), g.Scrollback(), g.Cursor())
		}
	})
	t.Run("empty lines below the cursor go first", func(t *testing.T) {
		g := show("1\r\n2")
		g.Resize(10, 2)
		if g.Text() != "1\n2" || g.Scrollback() != 0 {
			t.Errorf("%q, %d lines", g.Text(), g.Scrollback())
		}
	})
	t.Run("the main screen is resized while the alternate one is shown", func(t *testing.T) {
		g := show("1\r\n2\r\n3\r\n4\x1b[?1049hfull")
		g.Resize(20, 2)
		g.Resize(20, 6)
		g.Write([]byte("\x1b[?1049l!"))
		if got := g.Text(); got != "1\n2\n3\n4!" {
			t.Errorf("%q", got)
		}
	})
}

func TestDirtyRowsCoverEveryChange(t *testing.T) {
	for seed := range uint64(40) {
		g := grid.New(80, 24, grid.Options{Scrollback: 10})
		before := make([]string, 24)
		for _, op := range saneOps(seed) {
			for y := range 24 {
				before[y] = rowState(g, y)
			}
			g.ClearDirty()
			g.Write(op)
			for y := range 24 {
				if !g.Dirty(y) && rowState(g, y) != before[y] {
					t.Fatalf("stream %d: row %d changed by %q and is not dirty", seed, y, op)
				}
			}
		}
	}
	g := show("a\r\nb")
	g.ClearDirty()
	g.Write([]byte("c"))
	if g.Dirty(0) || !g.Dirty(1) || g.Dirty(2) {
		t.Error("one character in row 1 must make row 1 dirty and no other")
	}
}

func rowState(g *grid.Grid, y int) string {
	var b []byte
	cols, _ := g.Size()
	for x := range cols {
		c := g.Cell(x, y)
		b = g.AppendCluster(b, c)
		b = append(b, ' ', byte(c.Fg), byte(c.Bg), byte(c.Attr))
	}
	return string(b)
}

func TestMemoryIsBounded(t *testing.T) {
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	cases := []struct {
		name string
		next func(i int) string
	}{
		{"a title without end", func(int) string { return "\x1b]0;" + strings.Repeat("x", 10_000) }},
		{"a device control string without end", func(int) string { return "\x1bP" + strings.Repeat("x", 10_000) }},
		{"titles pushed without end", func(int) string { return "\x1b]0;" + strings.Repeat("x", 4000) + "\a\x1b[22t" }},
		{"marks on one cell", func(int) string { return "e" + strings.Repeat("\u0301", 5000) + "\r" }},
		{"clusters that are never the same", func(i int) string {
			return "e" + string(rune(0x300+i%100)) + string(rune(0x300+i/100%100)) + string(rune(0x300+i/10000%100))
		}},
		{"lines without end", func(int) string { return strings.Repeat("line\r\n", 2000) }},
		{"parameters without end", func(int) string { return "\x1b[" + strings.Repeat("1;", 5000) + "m" }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := grid.New(80, 24, grid.Options{Scrollback: 100})
			before := heap()
			for i := range 5000 {
				g.Write([]byte(c.next(i)))
			}
			if after := heap(); after > before+4<<20 {
				t.Errorf("the heap grew by %d bytes", after-before)
			}
			runtime.KeepAlive(g)
		})
	}
}

// TestWidths checks the generated table against the library that it was made
// from, through the screen: the table must be neither old nor edited.
func TestWidths(t *testing.T) {
	c := runewidth.Condition{StrictEmojiNeutral: true}
	g := grid.New(10, 2, grid.Options{})
	for r := rune(0xa0); r <= utf8.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		g.Write([]byte("\r" + string(r)))
		x := g.Cursor().X
		if w := c.RuneWidth(r); w == 2 && x != 2 && x != 0 || w == 1 && x == 2 {
			t.Errorf("%U takes %d columns, go-runewidth says %d", r, x, w)
		}
	}
	for r, want := range map[rune]int{'é': 1, '世': 2, '🙂': 2, '─': 1, '\u0301': 0, '\u200d': 0, '\u00ad': 1, '±': 1, '\u0600': 1, '한': 2} {
		g.Write([]byte("\r" + string(r)))
		if got := g.Cursor().X; got != want {
			t.Errorf("%U takes %d columns, want %d", r, got, want)
		}
	}
}
