package doctor

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// well is a machine on which all works.
func well() *Facts {
	return &Facts{Version: "0.1", Release: "6.18.1-arch", Machine: "x86_64", Uid: 1000, Pid1: "systemd",
		Source: "the kernel's proc connector", Exact: true, Calls: true, BoxIDs: 65536, Signals: true,
		Terminal: true, Term: "xterm-256color", Cols: 80, Rows: 24, Colours: 256, Locale: "LANG=C.UTF-8", UTF8: true, Compiler: "/usr/bin/cc"}
}

func TestWhereAllWorksNothingLooksDifferent(t *testing.T) {
	f := well()
	for _, x := range Report(f) {
		if !x.Good || x.Then != "" {
			t.Errorf("%+v", x)
		}
	}
	if l := Line(f, Report(f)); !strings.HasSuffix(l, "| all well") || strings.Contains(l, "\n") {
		t.Error(l)
	}
}

func TestWhatIsMissingIsToldWithWhatItMeans(t *testing.T) {
	for _, c := range []struct {
		key, then string
		change    func(f *Facts)
	}{
		{"kernel", "5.4", func(f *Facts) { f.Release = "4.18.0-553.el8" }},
		{"place", "zombies can stay", func(f *Facts) { f.Contain = "docker" }},
		{"proc", "ps-tree", func(f *Facts) { f.Proc = "/proc is mounted with hidepid" }},
		{"source", "misses processes", func(f *Facts) { f.Exact, f.Source = false, "/proc, every 50 ms" }},
		{"waits", "why cannot", func(f *Facts) { f.Calls = false }},
		{"sandbox", "subreaper", func(f *Facts) { f.Box, f.BoxText = "clone: EPERM", "A seccomp filter" }},
		{"users", "uidmap", func(f *Facts) { f.BoxIDs = 1 }},
		{"trace", "check-daemon", func(f *Facts) { f.Trace = "a child cannot be traced: EPERM" }},
		{"signals", "nohup", func(f *Facts) { f.Signals = false }},
		{"terminal", "job control", func(f *Facts) { f.Terminal = false }},
		{"terminal", "plainly", func(f *Facts) { f.Term = "dumb" }},
		{"size", "without the screen", func(f *Facts) { f.Cols = 60 }},
		{"colour", "nothing is lost", func(f *Facts) { f.NoColour = true }},
		{"locale", "+ - |", func(f *Facts) { f.UTF8, f.Locale = false, "" }},
		{"compiler", "daemon.c", func(f *Facts) { f.Compiler = "" }},
	} {
		f := well()
		c.change(f)
		fs := Report(f)
		found := false
		for _, x := range fs {
			if x.Key == c.key {
				found = found || !x.Good && strings.Contains(x.Then, c.then)
			} else if !x.Good {
				t.Errorf("%s makes %s look different too", c.key, x.Key)
			}
		}
		if !found || !strings.Contains(Line(f, fs), "differs: "+c.key) {
			t.Errorf("%s: %+v\n%s", c.key, fs, Line(f, fs))
		}
		for _, unicode := range []bool{false, true} {
			report, _, _ := strings.Cut(Text(f, fs, 80, unicode), "\nFor your teacher")
			for l := range strings.SplitSeq(report, "\n") {
				if utf8.RuneCountInString(l) > 80 {
					t.Errorf("wider than 80: %s", l)
				}
			}
		}
		if !json.Valid(JSON(f, fs)) {
			t.Errorf("%s", JSON(f, fs))
		}
	}
}

func TestReleasesAreComparedAsNumbers(t *testing.T) {
	for release, want := range map[string]bool{"5.4": true, "5.10.0-8-amd64": true, "6.0": true, "4.19": false, "5.3.9": false, "5.4-rc1": true, "": false} {
		if atLeast(release, 5, 4) != want {
			t.Error(release)
		}
	}
}
