package viz

import (
	"flag"
	"os"
	"strconv"
	"strings"
	"testing"

	"jsh/proc"
	"jsh/typeset"
)

var update = flag.Bool("update", false, "write the drawings to testdata instead of comparing")

func TestDrawings(t *testing.T) {
	for _, s := range stories {
		var all strings.Builder
		for _, style := range []Style{
			{Width: 80}, {Width: 100}, {Width: 160}, {Width: 60}, {Width: 40}, {Width: 14},
			{}, {Width: 80, ASCII: true}, {Width: 80, Colour: true}, {Width: 80, All: true},
		} {
			all.WriteString("== width " + strconv.Itoa(style.Width))
			if style.ASCII {
				all.WriteString(", ASCII")
			}
			if style.Colour {
				all.WriteString(", colour")
			}
			if style.All {
				all.WriteString(", all")
			}
			all.WriteString("\n")
			for _, line := range Tree(s.tree(), style) {
				all.WriteString(strings.ReplaceAll(line, "\x1b", "␛") + "\n")
			}
		}
		t.Run(s.name, func(t *testing.T) {
			file := "testdata/" + strings.ReplaceAll(s.name, " ", "-") + ".txt"
			if *update {
				if err := os.WriteFile(file, []byte(all.String()), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if string(want) != all.String() {
				t.Errorf("the drawing differs from %s:\n%s", file, all.String())
			}
		})
	}
}

func TestEveryWidth(t *testing.T) {
	for _, s := range stories {
		for _, ascii := range []bool{false, true} {
			for width := 1; width <= 200; width++ {
				tree := s.tree()
				lines := Tree(tree, Style{Width: width, ASCII: ascii, All: true})
				picture := strings.Join(lines, "\n")
				for _, line := range lines {
					if w := typeset.Width(line); w > width {
						t.Fatalf("%s: %d columns at width %d\n%s", s.name, w, width, picture)
					}
					for _, r := range line {
						if r < ' ' || r == 0x7f || ascii && r > '~' {
							t.Fatalf("%s: %q in a line at width %d: %q", s.name, r, width, line)
						}
					}
				}
				if width < 24 {
					continue // too narrow for numbers to stay whole
				}
				for p := range tree.All {
					if n := pidCount(lines, p.Pid); n != 1 {
						t.Fatalf("%s: pid %d begins %d lines at width %d\n%s", s.name, p.Pid, n, width, picture)
					}
				}
			}
		}
	}
}

// pidCount counts where pid stands in the place of a process's number: right
// after a border and blanks.
func pidCount(lines []string, pid int) int {
	n := 0
	want := strconv.Itoa(pid)
	for _, line := range lines {
		for _, cell := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune("│┃|#", r) }) {
			if word, _, _ := strings.Cut(strings.TrimLeft(cell, " "), " "); word == want {
				n++
			}
		}
	}
	return n
}

func TestColour(t *testing.T) {
	t.Run("without its colours a drawing is the same drawing", func(t *testing.T) {
		for _, s := range stories {
			plainLines := Tree(s.tree(), Style{Width: 80})
			for i, line := range Tree(s.tree(), Style{Width: 80, Colour: true}) {
				bare := line
				for _, code := range sgr[1:] {
					bare = strings.ReplaceAll(bare, "\x1b["+code+"m", "")
				}
				if bare = strings.ReplaceAll(bare, "\x1b[0m", ""); bare != plainLines[i] {
					t.Errorf("%s: %q, want %q", s.name, bare, plainLines[i])
				}
			}
		}
	})
}

func TestScope(t *testing.T) {
	tree := func() *proc.Tree {
		return proc.Next(nil, snapshot(`
			1 0 1 1 0 -1 S 1 init
			300 1 300 300 0 -1 S 5 sshd
			812 300 812 812 3 812 R 10 jsh
			820 812 820 812 3 812 S 12 helper
			830 812 830 830 0 -1 S 20 served`), proc.World{Shell: 812, Plumbing: []int{820}})
	}
	for _, c := range []struct {
		name  string
		style Style
		want  map[int]bool
	}{
		{"the shell's session and what was started from it, without plumbing", Style{Width: 80},
			map[int]bool{812: true, 830: true}},
		{"all means all", Style{Width: 80, All: true},
			map[int]bool{1: true, 300: true, 812: true, 820: true, 830: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			lines := Tree(tree(), c.style)
			for _, pid := range []int{1, 300, 812, 820, 830} {
				if got := pidCount(lines, pid) == 1; got != c.want[pid] {
					t.Errorf("pid %d is shown: %v\n%s", pid, got, strings.Join(lines, "\n"))
				}
			}
		})
	}
}
