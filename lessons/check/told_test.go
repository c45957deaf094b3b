package check

import (
	"reflect"
	"testing"

	"jsh/event"
)

func TestWhatProcSaidIsReadFromTheLogAsItWasWritten(t *testing.T) {
	all := Facts{Ignored: 1, Blocked: 2, Caught: 1 << 40, Args: []string{"sleep", "1 2"}, Cwd: "/a b", Umask: 0o27,
		Fds: map[int]string{0: "/dev/pts/1", 12: "/a b"}, Waits: "reads the terminal"}
	for file, want := range map[string]Facts{
		event.FactStatus:  {Ignored: 1, Blocked: 2, Caught: 1 << 40, Umask: 0o27},
		event.FactCmdline: {Umask: -1, Args: all.Args},
		event.FactCwd:     {Umask: -1, Cwd: all.Cwd},
		event.FactFd:      {Umask: -1, Fds: all.Fds},
		event.FactWchan:   {Umask: -1, Waits: all.Waits},
	} {
		e := all.Event(7, file)
		var got Facts
		if !got.Take(&e) || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v became %+v", file, want, got)
		}
	}
	var got Facts
	none := (&Facts{Umask: -1}).Event(7, event.FactFd)
	if !got.Take(&none) || got.Fds != nil {
		t.Error("descriptors that may not be read are none")
	}
	cut := event.Event{Kind: event.Fact, Pid: 7, Path: event.FactFd, Argv: []string{"0 /dev/null", "…"}}
	if !got.Take(&cut) || got.Fds != nil {
		t.Error("of a list that was cut nothing is known")
	}
	for _, bad := range []event.Event{{Kind: event.Fact, Pid: 7, Path: "status", Text: "SigBlk x"}, {Kind: event.Fact, Pid: 7, Path: "cwd", Errno: 3}, {Kind: event.Fact, Path: "cwd"}, {Kind: event.Told, Pid: 7, Path: "cwd"}} {
		if got.Take(&bad) {
			t.Errorf("%+v was taken", bad)
		}
	}
}
