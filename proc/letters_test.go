package proc

import (
	"strings"
	"testing"

	"jsh/event"
)

// lettered writes the groups down with their letters.
func lettered(t *Tree) string {
	var list []string
	for _, s := range t.Sessions {
		for _, g := range s.Groups {
			if g.Letter != "" {
				list = append(list, g.Letter+"="+g.Members[0].Name)
			}
		}
	}
	return strings.Join(list, " ")
}

func TestAGroupKeepsItsLetterForLife(t *testing.T) {
	w := World{Shell: 812}
	line := World{Shell: 812, Events: []event.Event{{Kind: event.LineBegin, Pid: 812}}}
	var tree *Tree
	for _, c := range []struct {
		rule, table string
		w           World
		want        string
	}{
		{"the shell is A, strangers have none", "", w, "A=jsh"},
		{"newcomers get the next", "830 812 830 812 3 812 S 20 one\n831 812 831 812 3 812 S 21 two", w, "A=jsh B=one C=two"},
		{"a session of its own too, and the others keep theirs", "830 812 830 812 3 812 S 20 one\n831 812 831 812 3 812 S 21 two\n840 812 840 840 0 -1 S 30 away", w, "A=jsh B=one C=two D=away"},
		{"who has ended keeps it within the episode", "831 812 831 812 3 812 S 21 two\n840 1 840 840 0 -1 S 30 away", w, "A=jsh B=one C=two D=away"},
		{"in the next nobody takes a letter that stands before one in use", "831 812 831 812 3 812 S 21 two\n840 1 840 840 0 -1 S 30 away\n850 812 850 812 3 812 S 40 new", line, "A=jsh C=two E=new D=away"},
		{"those that ended are still there", "831 812 831 812 3 812 S 21 two", w, "A=jsh C=two E=new D=away"},
		{"the last letters are used again", "831 812 831 812 3 812 S 21 two\n860 812 860 812 3 812 S 50 newer", line, "A=jsh C=two D=newer"},
	} {
		tree = Next(tree, withShell(812, c.table), c.w)
		if got := lettered(tree); got != c.want {
			t.Fatalf("%s: %s, want %s", c.rule, got, c.want)
		}
	}
}

func TestLettersGoOnBehindZ(t *testing.T) {
	for n, want := range map[int]string{0: "", 1: "A", 26: "Z", 27: "AA", 52: "AZ", 53: "BA", 702: "ZZ", 703: "AAA"} {
		if got := letters(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}

// A snapshot may catch a child between fork and execve. Once it is gone, what
// the shell said of it stands.
func TestWhoWasSeenHalfStartedGetsTheShellsWord(t *testing.T) {
	spawn := event.Event{Kind: event.Spawn, Source: event.Shell, Pid: 830, Pgid: 830, Path: "/usr/bin/setsid"}
	exited := event.Event{Kind: event.Exited, Source: event.Shell, Pid: 830}
	half := withShell(812, "830 812 812 812 3 812 R 20 jsh")
	for _, c := range []struct {
		rule   string
		events [][]event.Event
	}{
		{"start and end come with one snapshot", [][]event.Event{{spawn, exited}}},
		{"its end is seen before the shell's word comes", [][]event.Event{{exited}, {spawn}}},
	} {
		tree := Next(nil, half, World{Shell: 812})
		for _, events := range c.events {
			tree = Next(tree, withShell(812, ""), World{Shell: 812, Events: events})
		}
		var got *Process
		for p := range tree.All {
			if p.Pid == 830 {
				got = p
			}
		}
		if got == nil || !got.Gone || got.Name != "setsid" || got.Pgid != 830 || got.Group.Pgid != 830 {
			t.Errorf("%s: %+v", c.rule, got)
		}
	}
}
