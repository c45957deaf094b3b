package viz

import (
	"jsh/event"
	"jsh/proc"
)

// A scene is a moment as the companion would hand it over, made from a table
// of processes before and after, and the events between.
type scene struct {
	name   string
	moment func() Moment
}

// play folds tables of processes one after the other; the events come with
// the last.
func play(jobs map[int]int, events []event.Event, tables ...string) *proc.Tree {
	var t *proc.Tree
	for i, table := range tables {
		w := proc.World{Shell: 812, Jobs: jobs}
		if i == len(tables)-1 {
			w.Events = events
		}
		t = proc.Next(t, snapshot(table), w)
	}
	return t
}

const (
	outside  = "1 0 1 1 0 -1 S 1 systemd\n300 1 300 300 0 -1 S 5 sshd\n"
	shellOn  = outside + "812 300 812 812 3 812 S 10 jsh\n"
	shellOff = outside + "812 300 812 812 3 834 S 10 jsh\n"
)

func begins(line string) event.Event {
	return event.Event{At: 1e9, Kind: event.LineBegin, Source: event.Shell, Pid: 812, Pgid: 812, Text: line}
}

func spawns(pid, pgid int, fg bool, path string) event.Event {
	return event.Event{At: 1e9 + int64(pid), Kind: event.Spawn, Source: event.Shell, Pid: pid, Pgid: pgid, Fg: fg, Path: path}
}

func at(e event.Event, ms int) event.Event {
	e.Source, e.At = event.Shell, 1e9+int64(ms)*1e6
	return e
}

var scenes = []scene{
	{"at the prompt", func() Moment {
		return Moment{Tree: play(nil, nil, shellOn), Source: "the kernel's proc connector"}
	}},
	{"sleep 100 | cat &", func() Moment {
		events := []event.Event{begins("sleep 100 | cat &"),
			spawns(834, 834, false, "/bin/sleep"), spawns(835, 834, false, "/bin/cat"),
			at(event.Event{Kind: event.JobNew, Job: 1, Pgid: 834, Text: "sleep 100 | cat"}, 3),
			at(event.Event{Kind: event.LineEnd}, 4)}
		t := play(map[int]int{834: 1}, events, shellOn, shellOn+"834 812 834 812 3 812 S 30 sleep\n835 812 834 812 3 812 S 31 cat")
		waits(t, map[int]string{812: "reads the terminal", 834: "sleeps", 835: "reads a pipe"})
		return Moment{Tree: t, Events: events, Line: "sleep 100 | cat &", Episode: 1, Episodes: 1, Source: "the kernel's proc connector"}
	}},
	{"setsid sleep 50", func() Moment {
		events := []event.Event{begins("setsid sleep 50"),
			spawns(834, 834, true, "/usr/bin/setsid"),
			{At: 1e9 + 3e6, Kind: event.Seen, Source: event.Connector, Pid: 836, PPid: 834, Pgid: 834, Sid: 812, TTY: pts3, Text: "setsid"},
			{At: 1e9 + 4e6, Kind: event.Moved, Source: event.Connector, Pid: 836, PPid: 834, Pgid: 836, Sid: 836, Text: "group session terminal"},
			at(event.Event{Kind: event.Exited, Pid: 834}, 5),
			{At: 1e9 + 6e6, Kind: event.Moved, Source: event.Proc, Pid: 836, PPid: 1, Pgid: 836, Sid: 836, Text: "parent"},
			at(event.Event{Kind: event.SetFg, Pgid: 812}, 7)}
		t := play(nil, events, shellOn, shellOff+"834 812 834 812 3 834 S 30 setsid\n836 834 836 836 0 -1 S 31 setsid\n",
			shellOn+"836 1 836 836 0 -1 S 31 sleep\n")
		waits(t, map[int]string{812: "reads the terminal", 836: "sleeps"})
		return Moment{Tree: t, Events: events, Line: "setsid sleep 50", Episode: 2, Episodes: 2, Source: "the kernel's proc connector"}
	}},
	{"a daemon", func() Moment {
		events := []event.Event{begins("served"), spawns(834, 834, true, "/usr/sbin/served"),
			at(event.Event{Kind: event.Exited, Pid: 834}, 5),
			at(event.Event{Kind: event.SetFg, Pgid: 812}, 7),
			{At: 1e9 + 8e6, Kind: event.Moved, Source: event.Proc, Pid: 837, PPid: 1, Pgid: 836, Sid: 836, Text: "parent"}}
		t := play(nil, events, shellOn,
			shellOff+"834 812 834 812 3 834 S 30 served\n836 834 836 836 0 -1 S 31 served\n837 836 836 836 0 -1 S 32 served",
			shellOn+"837 1 836 836 0 -1 S 32 served")
		waits(t, map[int]string{812: "reads the terminal", 837: "waits for a client"})
		return Moment{Tree: t, Events: events, Line: "served", Episode: 3, Episodes: 3, Source: "/proc, every 50 ms: no answer from the proc connector", Lost: 3}
	}},
	{"^Z", func() Moment {
		events := []event.Event{begins("vi notes"), spawns(834, 834, true, "/usr/bin/vi"),
			{At: 2e9, Kind: event.Key, Source: event.Keyboard, Text: "^Z", Pgid: 834, TTY: pts3},
			{At: 2e9, Kind: event.Meets, Source: event.Proc, Pid: 834, Pgid: 834, Sig: 20, Text: "caught"},
			at(event.Event{Kind: event.Stopped, Pid: 834, Sig: 20}, 1002),
			at(event.Event{Kind: event.SetFg, Pgid: 812}, 1003),
			at(event.Event{Kind: event.JobNew, Pgid: 834, Job: 1, Text: "vi notes"}, 1004)}
		t := play(map[int]int{834: 1}, events, shellOn, shellOn+"834 812 834 812 3 812 T 30 vi")
		waits(t, map[int]string{812: "reads the terminal"})
		return Moment{Tree: t, Events: events, Line: "vi notes", Episode: 4, Episodes: 4, Source: "the kernel's proc connector"}
	}},
	{"fg", func() Moment {
		events := []event.Event{begins("fg"), at(event.Event{Kind: event.SetFg, Pgid: 834}, 1),
			at(event.Event{Kind: event.Kill, Pgid: 834, Sig: 18}, 2), at(event.Event{Kind: event.Continued, Pid: 834}, 3)}
		t := play(map[int]int{834: 1}, events, shellOn, shellOff+"834 812 834 812 3 834 S 30 vi")
		waits(t, map[int]string{812: "waits for a child", 834: "reads the terminal"})
		return Moment{Tree: t, Events: events, Line: "fg", Episode: 5, Episodes: 5, Source: "the kernel's proc connector"}
	}},
	{"^C", func() Moment {
		events := []event.Event{begins("find / | grep x | less"), spawns(834, 834, true, "/usr/bin/find"),
			spawns(835, 834, true, "/usr/bin/grep"), spawns(836, 834, true, "/usr/bin/less"), spawns(837, 834, true, "/usr/bin/nohup"),
			{At: 2e9, Kind: event.Key, Source: event.Keyboard, Text: "^C", Pgid: 834, TTY: pts3},
			{At: 2e9, Kind: event.Meets, Source: event.Proc, Pid: 834, Pgid: 834, Sig: 2, Text: "default"},
			{At: 2e9, Kind: event.Meets, Source: event.Proc, Pid: 835, Pgid: 834, Sig: 2, Text: "default"},
			{At: 2e9, Kind: event.Meets, Source: event.Proc, Pid: 836, Pgid: 834, Sig: 2, Text: "caught"},
			{At: 2e9, Kind: event.Meets, Source: event.Proc, Pid: 837, Pgid: 834, Sig: 2, Text: "ignored"},
			at(event.Event{Kind: event.Killed, Pid: 834, Sig: 2}, 1002),
			at(event.Event{Kind: event.Killed, Pid: 835, Sig: 2}, 1003)}
		const crew = "834 812 834 812 3 834 R 30 find\n835 812 834 812 3 834 S 31 grep\n"
		const rest = "836 812 834 812 3 834 S 32 less\n837 812 834 812 3 834 S 33 sleep\n"
		t := play(nil, events, shellOn, shellOff+crew+rest, shellOff+rest)
		waits(t, map[int]string{812: "waits for a child", 836: "reads the terminal", 837: "sleeps"})
		return Moment{Tree: t, Events: events, Line: "find / | grep x | less", Episode: 6, Episodes: 6, Source: "the kernel's proc connector"}
	}},
	{"ls | wc", func() Moment {
		events := []event.Event{begins("ls | wc"), spawns(834, 834, true, "/bin/ls"), spawns(835, 834, true, "/usr/bin/wc"),
			at(event.Event{Kind: event.Exited, Pid: 834}, 5), at(event.Event{Kind: event.Exited, Pid: 835}, 6),
			at(event.Event{Kind: event.SetFg, Pgid: 812}, 7), at(event.Event{Kind: event.LineEnd}, 8)}
		t := play(nil, events, shellOn, shellOn)
		waits(t, map[int]string{812: "reads the terminal"})
		return Moment{Tree: t, Events: events, Line: "ls | wc", Episode: 7, Episodes: 7, Source: "the kernel's proc connector"}
	}},
	{"looking back", func() Moment {
		events := []event.Event{begins("ls | wc"), spawns(834, 834, true, "/bin/ls"), spawns(835, 834, true, "/usr/bin/wc")}
		t := play(nil, events, shellOn, shellOff+"834 812 834 812 3 834 R 30 ls\n835 812 834 812 3 834 S 31 wc")
		waits(t, map[int]string{812: "waits for a child", 835: "reads a pipe"})
		return Moment{Tree: t, Events: events, Line: "ls | wc", Episode: 7, Episodes: 7, Step: 3, Steps: 12, Past: true, Source: "the kernel's proc connector"}
	}},
}
