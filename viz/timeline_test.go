package viz

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"jsh/event"
	"jsh/typeset"
)

func TestTimelines(t *testing.T) {
	for _, tl := range tales {
		var all strings.Builder
		for _, style := range []Style{
			{Width: 80}, {Width: 60}, {Width: 160}, {Width: 36}, {Width: 20},
			{Width: 80, ASCII: true}, {Width: 80, Colour: true}, {Width: 80, All: true},
		} {
			if style.All && len(Timeline(tl.events, tl.lines, ms(tl.now), style)) > 60 {
				continue
			}
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
			for _, line := range Timeline(tl.events, tl.lines, ms(tl.now), style) {
				all.WriteString(strings.ReplaceAll(line, "\x1b", "␛") + "\n")
			}
		}
		t.Run(tl.name, func(t *testing.T) {
			compare(t, "testdata/timeline/"+strings.ReplaceAll(tl.name, " ", "-")+".txt", all.String())
		})
	}
}

func compare(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("the drawing differs from %s:\n%s", file, got)
	}
}

func TestTimelineEveryWidth(t *testing.T) {
	for _, tl := range tales {
		for _, ascii := range []bool{false, true} {
			for width := 1; width <= 200; width++ {
				lines := Timeline(tl.events, tl.lines, ms(tl.now), Style{Width: width, ASCII: ascii, All: true})
				picture := strings.Join(lines, "\n")
				for _, line := range lines {
					if w := typeset.Width(line); w > width {
						t.Fatalf("%s: %d columns at width %d\n%s", tl.name, w, width, picture)
					}
					if strings.HasSuffix(line, " ") {
						t.Fatalf("%s: blanks at the end of a line at width %d\n%s", tl.name, width, picture)
					}
					for _, r := range line {
						if r < ' ' || r == 0x7f || ascii && r > '~' {
							t.Fatalf("%s: %q in a line at width %d: %q", tl.name, r, width, line)
						}
					}
				}
				if width < 40 {
					continue // too narrow for numbers to stay whole
				}
				for _, e := range tl.events {
					if e.Pid == 0 || e.Pid == 800 || e.Pid == 4711 && tl.name == "a new session" {
						continue
					}
					if pid := strconv.Itoa(e.Pid); !strings.Contains(picture, "\n  "+pid+" ") && !strings.Contains(picture, "> "+pid+" ") {
						t.Fatalf("%s: %s is missing at width %d\n%s", tl.name, pid, width, picture)
					}
				}
			}
		}
	}
}

func TestTimelineColour(t *testing.T) {
	t.Run("without its colours a timeline is the same timeline", func(t *testing.T) {
		for _, tl := range tales {
			plainLines := Timeline(tl.events, tl.lines, ms(tl.now), Style{Width: 80})
			for i, line := range Timeline(tl.events, tl.lines, ms(tl.now), Style{Width: 80, Colour: true}) {
				bare := line
				for _, code := range sgr[1:] {
					bare = strings.ReplaceAll(bare, "\x1b["+code+"m", "")
				}
				if bare = strings.TrimRight(strings.ReplaceAll(bare, "\x1b[0m", ""), " "); bare != plainLines[i] {
					t.Errorf("%s: %q, want %q", tl.name, bare, plainLines[i])
				}
			}
		}
	})
}

func TestTimelineShape(t *testing.T) {
	t.Run("a group's band and its longest bar end in the same column", func(t *testing.T) {
		lines := Timeline(tales[0].events, 1, ms(9000), Style{Width: 80})
		column := func(part, sign string) int {
			for _, line := range lines {
				if strings.Contains(line, part) && strings.Contains(line, sign) {
					return typeset.Width(line[:strings.LastIndex(line, sign)])
				}
			}
			t.Fatalf("no line with %q and %q", part, sign)
			return 0
		}
		if a, b := column("group 4711 %1", "┓"), column("4712 wc", "█"); a != b {
			t.Errorf("%d and %d\n%s", a, b, strings.Join(lines, "\n"))
		}
	})
	t.Run("the legend names what was drawn, and nothing else", func(t *testing.T) {
		for _, tl := range tales {
			lines := Timeline(tl.events, tl.lines, ms(tl.now), Style{Width: 80})
			legend := -1
			for i, line := range lines {
				if strings.HasPrefix(line, "█ alive") {
					legend = i
				}
			}
			if legend < 0 {
				t.Fatalf("%s has no legend", tl.name)
			}
			above := strings.Join(lines[:legend], "\n")
			for _, sign := range []string{"░", "✗", "╱╱", "▒", "◂"} {
				if drawn := strings.Contains(above, sign); drawn != strings.Contains(lines[legend], sign) {
					t.Errorf("%s: %s is drawn: %v\n%s", tl.name, sign, drawn, strings.Join(lines, "\n"))
				}
			}
		}
	})
	t.Run("of nothing there is no timeline", func(t *testing.T) {
		if lines := Timeline(tale("0 line\n1 end"), 1, ms(2), Style{Width: 80}); lines != nil {
			t.Errorf("%q", lines)
		}
	})
}

// Without the connector a daemon is found when its parents have ended.
func TestADaemonThatItsEnvironmentShowsIsInTheTimeline(t *testing.T) {
	text := strings.Join(Timeline([]event.Event{
		begins("setsid sleep 50"), spawns(834, 834, true, "/usr/bin/setsid"),
		at(event.Event{Kind: event.Exited, Pid: 834}, 2), at(event.Event{Kind: event.SetFg, Pgid: 812}, 3),
		{At: 1e9 + 50e6, Kind: event.Seen, Source: event.Proc, Pid: 835, PPid: 1, Pgid: 835, Sid: 835, Text: "sleep", Path: "environ"},
		{At: 1e9 + 51e6, Kind: event.Seen, Source: event.Proc, Pid: 840, PPid: 1, Pgid: 840, Sid: 840, Text: "other"},
	}, 1, 2e9, Style{Width: 80}), "\n")
	if !strings.Contains(text, "835 sleep") || strings.Contains(text, "other") {
		t.Error(text)
	}
}
