package viz

import (
	"slices"
	"strings"
	"testing"

	"jsh/event"
)

func ms(f float64) int64 { return 5e9 + int64(f*1e6) }

// barsOf are the bars of a process, in order.
func (p *past) barsOf(pid int) (bars []*bar) {
	for _, g := range p.bands {
		for _, b := range g.bars {
			if b.pid == pid {
				bars = append(bars, b)
			}
		}
	}
	slices.SortStableFunc(bars, func(a, b *bar) int { return int(a.from - b.from) })
	return bars
}

// recalled is the past of a tale that ends after ten seconds.
func recalled(t *testing.T, lines int, text string) *past {
	t.Helper()
	p := recall(tale(text), lines, ms(10000))
	if p == nil {
		t.Fatal("nothing is recalled")
	}
	return p
}

func TestBars(t *testing.T) {
	t.Run("a bar goes from the start to the end that the shell heard of", func(t *testing.T) {
		b := recalled(t, 0, "0 line\n1 spawn 7 7 ls\n3 exited 7 4").barsOf(7)[0]
		if b.from != ms(1) || b.to != ms(3) || b.end != exited || b.status != 4 || b.name != "ls" {
			t.Errorf("%+v", b)
		}
	})
	t.Run("who was not told to have ended lives until now", func(t *testing.T) {
		b := recalled(t, 0, "0 line\n1 spawn 7 7 ls\n2 stopped 7 20").barsOf(7)[0]
		if b.to != ms(10000) || b.end != lives || !b.stopsAt(b.to) || b.endWords() != "stopped" {
			t.Errorf("%+v", b)
		}
	})
	t.Run("a pid that is used again is another bar", func(t *testing.T) {
		bars := recalled(t, 0, "0 line\n1 spawn 7 7 ls\n2 exited 7 1\n3 spawn 7 7 wc\n4 exited 7 2").barsOf(7)
		if len(bars) != 2 || bars[0].status != 1 || bars[1].status != 2 || bars[0].band == bars[1].band {
			t.Errorf("%+v", bars)
		}
	})
	t.Run("an end that nobody told lies before the next use of the pid", func(t *testing.T) {
		bars := recalled(t, 0, "0 line\n1 spawn 7 7 ls\n3 spawn 7 7 wc\n4 exited 7 2").barsOf(7)
		if len(bars) != 2 || bars[0].end != gone || bars[0].to != ms(3) {
			t.Errorf("%+v", bars)
		}
	})
	t.Run("an end that two sources tell is one", func(t *testing.T) {
		b := recalled(t, 0, "0 line\n1 spawn 7 7 ls\n3 gone 7\n4 exited 7 5\n6 exited 7 9").barsOf(7)
		if len(b) != 1 || b[0].to != ms(3) || b[0].end != exited || b[0].status != 5 {
			t.Errorf("%+v", b)
		}
	})
	t.Run("an end without a beginning began before the log", func(t *testing.T) {
		p := recalled(t, 0, "0 line\n1 spawn 8 8 ls\n3 killed 7 15")
		if b := p.barsOf(7)[0]; !b.before || b.from != p.from || b.sig != sigterm || b.band.pgid != 0 {
			t.Errorf("%+v", b)
		}
	})
	t.Run("a program that was not started has no bar, but a mark", func(t *testing.T) {
		p := recall([]event.Event{{At: 1, Kind: event.Spawn, Pid: 7, Pgid: 7, Path: "/bin/x", Errno: 2}}, 0, 0)
		if len(p.bands) != 0 || len(p.marks) != 1 || p.marks[0].text != "x: ENOENT" {
			t.Errorf("%+v", p)
		}
	})
	t.Run("SIGCONT continues at once, whoever tells it later", func(t *testing.T) {
		b := recalled(t, 0, "0 line\n1 spawn 7 7 ls\n2 stopped 7 20\n5 kill -7 18\n6 continued 7\n8 exited 7 0").barsOf(7)[0]
		if len(b.stops) != 1 || b.stops[0] != (stop{ms(2), ms(5), sigtstp}) {
			t.Errorf("%+v", b)
		}
	})
	t.Run("a SIGCONT that the kernel refused continues nobody", func(t *testing.T) {
		b := recalled(t, 0, "0 line\n1 spawn 7 7 ls\n2 stopped 7 20\n5 kill -7 18 1\n8 killed 7 9").barsOf(7)[0]
		if len(b.stops) != 1 || b.stops[0].to != ms(8) {
			t.Errorf("%+v", b)
		}
	})
	t.Run("without job control the group is the shell's", func(t *testing.T) {
		for text, want := range map[string]int{"0 line\n1 spawn 7 0 ls": 800, "1 spawn 7 0 ls": ownGroup} {
			if g := recalled(t, 0, text).bands[0]; g.pgid != want || g.bars[0].pid != 7 {
				t.Errorf("%+v", g)
			}
		}
	})
	t.Run("who changes the group has a bar in each", func(t *testing.T) {
		bars := recalled(t, 0, "0 line\n1 spawn 7 7 sh\n2 moved 7 800 9 7 group\n5 exited 7 0").barsOf(7)
		if len(bars) != 2 || bars[0].end != left || bars[0].into != 9 || bars[0].to != ms(2) ||
			bars[1].band.pgid != 9 || bars[1].from != ms(2) || bars[1].end != exited {
			t.Errorf("%+v", bars)
		}
	})
	t.Run("of a snapshot of the machine only what came from the shell is shown", func(t *testing.T) {
		p := recalled(t, 0, `0 line
			1 seen 1 0 1 1 init
			1 seen 800 1 800 800 jsh
			1 spawn 7 7 sh
			2 seen 8 7 7 800 child
			3 exited 7 0`)
		if len(p.barsOf(1))+len(p.barsOf(800)) != 0 || len(p.barsOf(8)) != 1 || p.barsOf(8)[0].end != lives {
			t.Errorf("%+v", p.bands)
		}
	})
}

func TestKeyboard(t *testing.T) {
	p := recalled(t, 0, "0 line\n1 spawn! 7 7 ls\n1 job 3 7 ls\n4 exited 7 0\n5 fg 800\n6 end")
	t.Run("it is the shell's until a group gets it, and again afterwards", func(t *testing.T) {
		want := []hold{{ms(0), ms(1), 800, 0}, {ms(1), ms(5), 7, 3}, {ms(5), p.to, 800, 0}}
		if !slices.Equal(p.holds, want) || p.to <= ms(5) {
			t.Errorf("%+v", p.holds)
		}
	})
	t.Run("of a shell without job control nothing is said", func(t *testing.T) {
		if p := recalled(t, 0, "0 line\n1 spawn 7 800 ls\n4 exited 7 0"); p.holds != nil {
			t.Errorf("%+v", p.holds)
		}
	})
}

func TestMarks(t *testing.T) {
	const start = "0 line\n1 spawn! 7 7 ls\n1 spawn! 8 7 wc\n1 job 1 7 ls | wc\n2 spawn 9 9 cat\n"
	for _, c := range []struct{ name, text, want string }{
		{"a stop of the foreground group is one SIGTSTP, not a key", "5 stopped 7 20\n6 stopped 8 20", "SIGTSTP"},
		{"a key that was seen is told, with its signal, once", "5 key ^C\n6 killed 7 2\n6 killed 8 2", "^C SIGINT"},
		{"the shell's own kill explains what follows", "5 kill -7 2\n6 killed 7 2\n6 killed 8 2", "SIGINT→%1"},
		{"a kill of one process names it", "5 kill 9 15\n6 killed 9 15", "SIGTERM→9"},
		{"a refused kill says why", "5 kill 9 15 1", "SIGTERM→9 (EPERM)"},
		{"signal 0 only asks", "5 kill 9 0", ""},
		{"SIGINT in the background is not the terminal's", "5 killed 9 2", ""},
		{"other signals stand at their bars alone", "5 killed 7 13", ""},
		{"a second ^C is a second mark", "5 killed 7 2\n5000 killed 8 2", "SIGINT SIGINT"},
		{"what was lost is marked", "5 gap lost", "?"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := recalled(t, 0, start+c.text)
			var got []string
			text := tell(p, Style{})
			for _, m := range p.marks {
				if m.kind != enter {
					got = append(got, text.markText(m))
				}
			}
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("%q", s)
			}
		})
	}
}

func TestOpening(t *testing.T) {
	const three = "0 fg 800\n1 line\n2 spawn 7 7 ls\n3 exited 7 0\n4 line\n5 end\n6 line\n7 kill 8 15\n8 line\n9 spawn 9 9 wc\n10 line\n11 exited 9 0"
	for _, c := range []struct {
		name         string
		text         string
		lines        int
		first, count int
	}{
		{"the last line in which something happened", three, 1, 8, 1},
		{"lines that started nothing do not count", three, 3, 1, 3},
		{"more lines than there are: all", three, 9, 1, 3},
		{"0 is everything, also before any line", three, 0, 0, 3},
		{"a log without lines is one stretch", "2 spawn 7 7 ls\n3 exited 7 0", 1, 0, 0},
		{"that a shell took the keyboard when it began is nothing yet", "1 fg 800\n2 line\n3 end\n4 line", 1, -1, 0},
		{"a log in which nothing was started is empty", "1 line\n2 end\n3 line", 1, -1, 0},
		{"an empty log is empty", "", 1, -1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if first, count := opening(tale(c.text), c.lines); first != c.first || count != c.count {
				t.Errorf("%d, %d", first, count)
			}
		})
	}
	t.Run("of a process from before the line the beginning is cut", func(t *testing.T) {
		p := recalled(t, 1, "0 line\n1 spawn 7 7 old\n2 line\n3 spawn 8 8 new\n4 exited 8 0\n5 exited 7 0")
		if b := p.barsOf(7)[0]; !b.before || b.from != ms(2) || b.to != ms(5) {
			t.Errorf("%+v", b)
		}
		if b := p.barsOf(8)[0]; b.before {
			t.Errorf("%+v", b)
		}
	})
	t.Run("who ended before the line is not shown", func(t *testing.T) {
		if p := recalled(t, 1, "0 line\n1 spawn 7 7 old\n1.5 exited 7 0\n2 line\n3 spawn 8 8 new"); p.barsOf(7) != nil {
			t.Errorf("%+v", p.barsOf(7))
		}
	})
	t.Run("the line that asks is not drawn", func(t *testing.T) {
		if p := recalled(t, 1, "0 line\n1 spawn 7 7 ls\n9000 line"); len(p.marks) != 1 {
			t.Errorf("%+v", p.marks)
		}
	})
}
