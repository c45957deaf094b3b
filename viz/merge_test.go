package viz

import (
	"os"
	"slices"
	"strings"
	"testing"

	"jsh/event"
)

// The file is a real recording: shell, connector, snapshots and keyboard.
func TestOfWhatFourSourcesTellEachThingIsToldOnce(t *testing.T) {
	text, err := os.ReadFile("testdata/four-sources.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	events, _, message := readRecording(text)
	if message != "" {
		t.Fatal(message)
	}
	got := strings.Join(Timeline(events, 0, 0, Style{Width: 100}), "\n") + "\n"
	file := "testdata/four-sources.txt"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || got != string(want) {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
	}
}

func TestMerging(t *testing.T) {
	line := event.Event{At: 1, Kind: event.LineBegin, Source: event.Shell, Pid: 800, Pgid: 800}
	spawn := event.Event{At: 30, Kind: event.Spawn, Source: event.Shell, Pid: 7, Pgid: 7, Path: "/bin/ls"}
	fork := event.Event{At: 10, Kind: event.Seen, Source: event.Connector, Pid: 7, PPid: 800, Pgid: 800, Sid: 800, Text: "jsh"}
	found := event.Event{At: 20, Kind: event.Moved, Source: event.Proc, Pid: 7, PPid: 800, Pgid: 7, Sid: 800, Text: "group"}
	execs := event.Event{At: 21, Kind: event.Exec, Source: event.Connector, Pid: 7, Text: "ls"}
	grandchild := event.Event{At: 25, Kind: event.Seen, Source: event.Connector, Pid: 8, PPid: 7, Pgid: 800, Sid: 800, Text: "jsh"}
	ended := event.Event{At: 40, Kind: event.Exited, Source: event.Connector, Pid: 7, Status: 3}
	waited := event.Event{At: 50, Kind: event.Exited, Source: event.Shell, Pid: 7, Status: 3}
	gone := event.Event{At: 60, Kind: event.Gone, Source: event.Proc, Pid: 7}
	becomes := event.Event{At: 22, Kind: event.Exec, Source: event.Tracer, Pid: 7, Path: "/bin/ls", Text: "ls"}
	born := event.Event{At: 9, Kind: event.Seen, Source: event.Tracer, Pid: 7, PPid: 800, Pgid: 800, Sid: 800, Text: "jsh"}
	forked := event.Event{At: 26, Kind: event.Seen, Source: event.Tracer, Pid: 8, PPid: 7, Pgid: 7, Sid: 800, Text: "ls"}
	setsid := event.Event{At: 27, Kind: event.Call, Source: event.Tracer, Pid: 8, Text: "setsid() = 8"}
	over := event.Event{At: 39, Kind: event.Exited, Source: event.Tracer, Pid: 7, Status: 3}
	early := func(e event.Event, at int64) event.Event { e.At = at; return e }
	for _, c := range []struct {
		rule     string
		in, want []event.Event
	}{
		{"what one source tells stays as it is", []event.Event{line, spawn, waited}, []event.Event{line, spawn, waited}},
		{"the shell's word stands, from the moment of the fork", []event.Event{line, fork, found, execs, spawn, waited},
			[]event.Event{line, early(spawn, 10), waited}},
		{"the end is when the first saw it", []event.Event{line, fork, spawn, ended, waited, gone},
			[]event.Event{line, early(spawn, 10), ended, waited}},
		{"a child of the shell's child is where its parent was put", []event.Event{line, fork, grandchild, spawn},
			[]event.Event{line, early(spawn, 10), func() event.Event { g := grandchild; g.Pgid, g.Text = 7, "ls"; return g }()}},
		{"sources are merged by time", []event.Event{line, spawn, waited, fork}, []event.Event{line, early(spawn, 10), waited}},
		{"a number that is used again is another life", []event.Event{line, spawn, waited, early(fork, 3e9), early(spawn, 3e9+5)},
			[]event.Event{line, spawn, waited, early(spawn, 3e9)}},
		{"of what a tracer follows its word stands", []event.Event{line, fork, spawn, becomes, grandchild, forked, setsid, over, ended, waited, gone},
			[]event.Event{line, early(spawn, 10), forked, setsid, waited}},
		{"what a tracer no longer tells, the watcher does", []event.Event{line, forked, setsid, {At: 9e9, Kind: event.Exited, Source: event.Connector, Pid: 8}},
			[]event.Event{line, forked, setsid, {At: 9e9, Kind: event.Exited, Source: event.Connector, Pid: 8}}},
		{"where a tracer saw the start too, that is when it was", []event.Event{line, born, fork, becomes, spawn, early(over, 51), ended, waited},
			[]event.Event{line, early(spawn, 9), waited}},
		{"what nobody but the connector saw stays", []event.Event{line, early(grandchild, 2), early(gone, 3)},
			[]event.Event{line, early(grandchild, 2), early(gone, 3)}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			got := merged(c.in)
			same := func(a, b event.Event) bool {
				return a.At == b.At && a.Kind == b.Kind && a.Source == b.Source && a.Pid == b.Pid && a.Pgid == b.Pgid && a.Path == b.Path && a.Text == b.Text
			}
			if !slices.EqualFunc(got, c.want, same) {
				t.Errorf("got\n%v\nwant\n%v", got, c.want)
			}
		})
	}
}
