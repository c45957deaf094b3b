package viz

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jsh/event"
	"jsh/proc"
	"jsh/typeset"
)

// sizes are those that the screen and a second screen have.
var sizes = []struct{ w, h int }{{80, 5}, {80, 7}, {80, 10}, {80, 14}, {100, 10}, {44, 40}, {60, 18}, {80, 24}, {160, 48}}

func TestLiveDrawings(t *testing.T) {
	for _, s := range scenes {
		var all strings.Builder
		draw := func(title string, style Style, w, h int) {
			all.WriteString("== " + strconv.Itoa(w) + " × " + strconv.Itoa(h) + title + "\n")
			for _, line := range Live(s.moment(), style, w, h) {
				all.WriteString(strings.TrimRight(strings.ReplaceAll(line, "\x1b", "␛"), " ") + "\n")
			}
		}
		for _, size := range sizes {
			draw("", Style{}, size.w, size.h)
		}
		draw(", ASCII", Style{ASCII: true}, 80, 10)
		draw(", colour", Style{Colour: true}, 80, 10)
		draw(", bright colour", Style{Colour: true, Bright: true}, 60, 18)
		t.Run(s.name, func(t *testing.T) {
			file := "testdata/live/" + strings.NewReplacer(" ", "-", "|", "pipe", "&", "bg", "^", "ctrl-").Replace(s.name) + ".txt"
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

// randomMoment is a moment of up to n processes with names of every kind.
func randomMoment(r *rand.Rand, n int) Moment {
	names := []string{"sh", "cat", "fifteen-letters", "日本語の名前", "\x1b[31mred\x07", "a\xff\n", "", "e\u0301\u202e"}
	var s proc.Snapshot
	shell := proc.Proc{Pid: 10100, PPid: 1, Pgid: 10100, Sid: 10100, TTY: pts3, Tpgid: 10100, State: 'S', Threads: 1, Start: 5, Name: "jsh"}
	if r.IntN(8) == 0 {
		shell.TTY, shell.Tpgid = 0, -1
	}
	s.Procs = append(s.Procs, proc.Proc{Pid: 1, Pgid: 1, Sid: 1, Tpgid: -1, State: 'S', Threads: 1, Start: 1, Name: "init"}, shell)
	for i := range n {
		p := proc.Proc{Pid: 10101 + i, PPid: 10100 + r.IntN(i+1), Start: uint64(10 + i), Threads: 1, State: "RSSSTZD"[r.IntN(7)], Name: names[r.IntN(len(names))]}
		parent := s.Procs[len(s.Procs)-1]
		p.Pgid, p.Sid, p.TTY = parent.Pgid, parent.Sid, parent.TTY
		switch r.IntN(6) {
		case 5: // a group of its own wherever its parent is: there are jobs in other sessions, too
			p.Pgid = p.Pid
		case 0:
			p.Pgid, p.Sid, p.TTY, p.PPid = p.Pid, p.Pid, 0, 1
		case 1, 2:
			p.Pgid = p.Pid
			p.Sid, p.TTY = shell.Sid, shell.TTY
		}
		s.Procs = append(s.Procs, p)
	}
	fg := shell.Pgid
	for _, p := range s.Procs {
		if p.Sid == shell.Sid && r.IntN(3) == 0 {
			fg = p.Pgid
		}
	}
	for i := range s.Procs {
		if s.Procs[i].TTY != 0 {
			s.Procs[i].Tpgid = fg
		}
	}
	w := proc.World{Shell: 10100, Jobs: map[int]int{fg: r.IntN(20)}}
	before := proc.Next(nil, &s, w)
	after := proc.Snapshot{}
	for _, p := range s.Procs {
		if p.Pid <= 10100 || r.IntN(5) > 0 {
			after.Procs = append(after.Procs, p)
		} else {
			w.Events = append(w.Events, event.Event{Kind: []event.Kind{event.Exited, event.Killed}[r.IntN(2)], Pid: p.Pid, Sig: r.IntN(65), Status: r.IntN(256)})
		}
	}
	m := Moment{Tree: proc.Next(before, &after, w), Source: "the kernel's proc connector", Line: names[r.IntN(len(names))] + " | \x1b[2Jx", Episode: r.IntN(9), Episodes: 9, Lost: uint64(r.IntN(3))}
	for range r.IntN(6) {
		m.Events = append(m.Events, event.Event{Kind: event.Kind(1 + r.IntN(int(event.Meets))), Pid: 10100 + r.IntN(n+1), Pgid: fg, Sig: 2,
			Text: []string{"^C", "caught", "parent", "\x1b[1m"}[r.IntN(4)], Path: "/bin/\x1bx"})
	}
	m.Past = r.IntN(3) == 0
	m.Step, m.Steps = r.IntN(5), 5
	return m
}

func TestLiveIsOfItsSizeAndHarmless(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for i := range 3000 {
		m := randomMoment(r, r.IntN(30))
		w, h := 1+r.IntN(170), 1+r.IntN(50)
		if i%3 == 0 {
			size := sizes[r.IntN(len(sizes))]
			w, h = size.w, size.h
		}
		style := Style{ASCII: r.IntN(2) == 0}
		lines := Live(m, style, w, h)
		picture := strings.Join(lines, "\n")
		if len(lines) != h {
			t.Fatalf("%d × %d: %d lines\n%s", w, h, len(lines), picture)
		}
		for _, line := range lines {
			if n := typeset.Width(line); n > w {
				t.Fatalf("%d × %d: %d columns\n%s", w, h, n, picture)
			}
			for _, c := range line {
				if c < ' ' || c == 0x7f || style.ASCII && c > '~' {
					t.Fatalf("%q in %q", c, line)
				}
			}
		}
		if w < 44 || h < 5 {
			continue
		}
		own := m.Tree.Shell.Session
		there := slices.ContainsFunc(own.Groups, func(g *proc.Group) bool { return g.Foreground })
		if there && !strings.Contains(picture, "KEYBOARD") {
			t.Fatalf("%d × %d: the keyboard's group is not shown\n%s\n%+v", w, h, picture, own)
		}
		m.Events = nil // captions name it too
		lines = Live(m, style, w, h)
		picture = strings.Join(lines, "\n")
		if h >= 6 && times(lines, m.Tree.Shell.Pid) != 1 {
			t.Fatalf("%d × %d: the shell is shown %d times\n%s", w, h, times(lines, m.Tree.Shell.Pid), picture)
		}
	}
}

func TestLiveShowsEachProcessOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 1500 {
		m := randomMoment(r, r.IntN(14))
		m.Events = nil
		w, h := 60+r.IntN(110), 5+r.IntN(50)
		lines := Live(m, Style{}, w, h)
		picture := strings.Join(lines, "\n")
		folded := strings.Contains(picture, "more") || strings.Contains(picture, " +") ||
			slices.ContainsFunc(lines, func(l string) bool { // a session in one line that has no room for all its groups
				return strings.HasPrefix(l, "session ") && strings.HasSuffix(strings.TrimRight(l, " "), "…")
			})
		for p := range m.Tree.All {
			if !p.Ours {
				continue
			}
			if n := times(lines, p.Pid); n > 1 || n == 0 && !folded && h >= 8 {
				t.Fatalf("%d × %d: %d is shown %d times\n%s\n%+v %+v", w, h, p.Pid, n, picture, p, p.Group)
			}
		}
	}
}

// times counts where pid stands as a process's own number.
func times(lines []string, pid int) int {
	n := 0
	want := strconv.Itoa(pid)
	for _, line := range lines {
		words := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" │┃|#:,", r) })
		for i, word := range words {
			before := ""
			if i > 0 {
				before = words[i-1]
			}
			if word == want && before != "group" && before != "session" && before != "by" {
				n++
			}
		}
	}
	return n
}

func TestLiveWithoutItsColoursIsTheSame(t *testing.T) {
	strip := strings.NewReplacer("\x1b[0m", "")
	for _, style := range []Style{{Colour: true}, {Colour: true, Bright: true}} {
		codes := sgr
		if style.Bright {
			codes = sgrBright
		}
		for _, s := range scenes {
			bare := Live(s.moment(), Style{}, 80, 14)
			for i, line := range Live(s.moment(), style, 80, 14) {
				for _, code := range codes[1:] {
					if code != "" {
						line = strings.ReplaceAll(line, "\x1b["+code+"m", "")
					}
				}
				if strip.Replace(line) != bare[i] {
					t.Errorf("%s: %q, want %q", s.name, line, bare[i])
				}
			}
		}
	}
}

// place is where a group's title stands.
type place struct{ x, y int }

func places(lines []string) map[string]place {
	at := map[string]place{}
	for y, line := range lines {
		for i := 0; ; {
			k := strings.Index(line[i:], " group ")
			if k < 0 {
				break
			}
			i += k
			number, _, _ := strings.Cut(line[i+len(" group "):], " ")
			if _, err := strconv.Atoi(number); err == nil {
				at[number] = place{typeset.Width(line[:i]), y}
			}
			i += len(" group ")
		}
	}
	return at
}

func TestWhatDidNotChangeDoesNotMove(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for range 400 {
		size := []struct{ w, h int }{{160, 48}, {80, 24}, {60, 18}, {100, 30}, {44, 46}, {80, 12}}[r.IntN(6)]
		s := snapshot(shellOn)
		t0 := proc.Next(nil, s, proc.World{Shell: 812})
		before := places(Live(Moment{Tree: t0}, Style{}, size.w, size.h))
		group, fg := 812, 812
		for pid := 900; pid < 912; pid++ {
			p := proc.Proc{Pid: pid, PPid: 812, Pgid: group, Sid: 812, TTY: pts3, State: 'S', Threads: 1, Start: uint64(pid), Name: "x"}
			switch r.IntN(4) {
			case 0: // a session of its own
				p.Pgid, p.Sid, p.TTY = pid, pid, 0
			case 1: // one more in the pipeline
			default:
				p.Pgid, group = pid, pid
				fg = []int{812, pid}[r.IntN(2)]
			}
			s.Procs = append(s.Procs, p)
			for i := range s.Procs {
				if q := &s.Procs[i]; q.TTY != 0 {
					q.Tpgid = fg
				}
			}
			t0 = proc.Next(t0, s, proc.World{Shell: 812})
			lines := Live(Moment{Tree: t0}, Style{}, size.w, size.h)
			after := places(lines)
			picture := strings.Join(lines, "\n")
			if strings.Contains(picture, " +") || size.h < roomy && len(t0.Shell.Session.Groups) > 3 {
				break // it begins to fold
			}
			if len(after) < len(before) || strings.Contains(picture, ", no terminal:") && size.h >= roomy {
				break // no room for all as boxes any more
			}
			for number, at := range before {
				if after[number] != at && (number != strconv.Itoa(group) || size.h < roomy) {
					t.Fatalf("%d × %d: group %s moved from %v to %v\n%s", size.w, size.h, number, at, after[number], picture)
				}
			}
			before = after
		}
	}
}

func TestARecordingIsNeverSaidToBecomeLive(t *testing.T) {
	for _, s := range scenes {
		m := s.moment()
		if m.Past, m.Recorded = true, true; strings.Contains(strings.Join(Live(m, Style{}, 80, 24), "\n"), "live") {
			t.Errorf("%s is", s.name)
		}
	}
}

// Each of the things that the course begins with must be told apart by who did
// not see the typing, in a band of 80 columns without colour.
func TestWhatHappenedCanBeToldFromTheBandAlone(t *testing.T) {
	tells := map[string][]string{ // what the picture says, by the name of the scene
		"sleep 100 | cat &": {"go to: A", "%1", "sleep  waiting", "cat    reads a pipe"},
		"setsid sleep 50":   {"go to: A", "setsid  ended, status 0", "session 836, no terminal: C 836 sleep", "adopted by 1 systemd"},
		"a daemon":          {"go to: A", "834 served  ended, status 0", "session 836, no terminal, leader ended: C 837 served", "adopted by 1"},
		"^Z":                {"go to: A", "%1", "vi  stopped", "^Z: terminal pts/3 sends SIGTSTP to group B: vi stopped"},
		"fg":                {"go to: B", "KEYBOARD", "%1", "sent SIGCONT to group B"},
		"^C":                {"grep   killed by SIGINT", "^C: terminal pts/3 sends SIGINT to group B: find, grep died; less handles", "sleep ignores it"},
		"ls | wc":           {"go to: A", "ls  ended, status 0", "wc  ended, status 0", "the keyboard goes back"},
		"at the prompt":     {"go to: A", "jsh", "Nothing was typed yet"},
		"looking back":      {"go to: B", "LOOKING BACK: moment 3 of 12 of `ls | wc`; End = live"},
	}
	seen := map[string]string{}
	for _, s := range scenes {
		for _, h := range []int{9, 10, 12} {
			picture := strings.Join(Live(s.moment(), Style{}, 80, h), "\n")
			if tells[s.name] == nil {
				t.Errorf("%s: nobody says what it tells", s.name)
			}
			for _, want := range tells[s.name] {
				if !strings.Contains(picture, want) {
					t.Errorf("%s at 80 × %d does not say %q\n%s", s.name, h, want, picture)
				}
			}
			if seen[picture] != "" {
				t.Errorf("%s looks like %s", s.name, seen[picture])
			}
			seen[picture] = s.name
		}
	}
}
