package viz

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"jsh/proc"
	"jsh/typeset"
)

// Whoever predicts must see at every size what was marked, whole and beside
// its process.
func TestAMarkStandsWholeBesideItsProcess(t *testing.T) {
	for _, s := range scenes {
		for _, mark := range []string{"?", "✓", "✗", "1", "dies?"} {
			for _, size := range sizes {
				for _, style := range []Style{{}, {ASCII: true}} {
					m := s.moment()
					m.Events, m.Marks = nil, map[int]string{} // captions tell of processes too
					for p := range m.Tree.All {
						m.Marks[p.Pid] = mark
					}
					want := "[" + mark + "]"
					if style.ASCII {
						want = strings.NewReplacer("✓", "ok", "✗", "no").Replace(want)
					}
					lines := Live(m, style, size.w, size.h)
					for p := range m.Tree.All {
						if !p.Ours {
							continue
						}
						for _, line := range lines {
							if times([]string{line}, p.Pid) == 1 && strings.Count(line, want) == 0 {
								t.Errorf("%s at %d × %d: %d has no %s\n%s", s.name, size.w, size.h, p.Pid, want, strings.Join(lines, "\n"))
							}
						}
					}
				}
			}
		}
	}
}

func TestAMarkIsReversedWhereThereIsColour(t *testing.T) {
	m := scenes[1].moment()
	m.Marks = map[int]string{834: "?"}
	for _, style := range []Style{{Colour: true}, {Colour: true, Bright: true}} {
		if picture := strings.Join(Live(m, style, 80, 10), "\n"); !strings.Contains(picture, "\x1b[1;7m[?]\x1b[0m") {
			t.Errorf("no mark in reverse:\n%q", picture)
		}
	}
}

// A learner goes over the processes with the arrow keys: the lines must stand
// still.
func TestAMarkThatGoesFromProcessToProcessMovesNothingInItsBox(t *testing.T) {
	m := scenes[1].moment()
	var bare []string
	for _, pid := range []int{834, 835} {
		m.Marks = map[int]string{pid: "?"}
		lines := Live(m, Style{}, 80, 10)
		for i := range lines {
			lines[i] = strings.NewReplacer("[?]", " │", "  │", " │").Replace(lines[i])
		}
		if bare != nil && strings.Join(bare, "\n") != strings.Join(lines, "\n") {
			t.Errorf("with the mark at 834:\n%s\nat 835:\n%s", strings.Join(bare, "\n"), strings.Join(lines, "\n"))
		}
		bare = lines
	}
}

func TestWhoIsMarkedIsAmongTheLastToFold(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	for range 500 {
		m := randomMoment(r, 6+r.IntN(24))
		m.Events = nil
		var own []*proc.Process
		for p := range m.Tree.All {
			if p.Session == m.Tree.Shell.Session {
				own = append(own, p)
			}
		}
		pid := own[r.IntN(len(own))].Pid
		m.Marks = map[int]string{pid: "?"}
		w, h := 60+r.IntN(110), 8+r.IntN(40)
		lines := Live(m, Style{}, w, h)
		picture := strings.Join(lines, "\n")
		if strings.Contains(picture, "KEYBOARD") && times(lines, pid) == 0 || strings.Count(picture, "[?]") != times(lines, pid) {
			t.Fatalf("%d × %d: %d is marked, and is shown %d times, its mark %d times\n%s", w, h, pid, times(lines, pid), strings.Count(picture, "[?]"), picture)
		}
		for _, line := range lines {
			if typeset.Width(line) > w {
				t.Fatalf("%d × %d: %q", w, h, line)
			}
			if strings.Contains(line, "[?]") && !strings.Contains(line, strconv.Itoa(pid)) {
				t.Fatalf("%d × %d: the mark is not at %d\n%s", w, h, pid, picture)
			}
		}
	}
}

func TestAProcessOfAnotherPidNamespaceHasBothNumbers(t *testing.T) {
	m := scenes[1].moment()
	m.Inside = map[int]string{834: "5"}
	if text := strings.Join(Live(m, Style{}, 80, 24), "\n"); !strings.Contains(text, " 834=5 sleep") {
		t.Errorf("no 834=5 in\n%s", text)
	}
}
