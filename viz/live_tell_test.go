package viz

import (
	"strings"
	"testing"

	"jsh/event"
	"jsh/proc"
)

// foot is what the captions of a moment say, in a band of 80 columns.
func foot(m Moment, h int) string {
	return strings.Join(Live(m, Style{}, 80, h), "\n")
}

func TestWhatAWatcherNoticedLaterDoesNotPushOutWhatTheShellDid(t *testing.T) {
	for _, s := range scenes {
		if s.name != "^Z" && s.name != "fg" && s.name != "setsid sleep 50" {
			continue
		}
		m := s.moment()
		before := foot(m, 10)
		told := strings.Split(before, "\n")[7:9]
		for _, late := range []event.Event{
			{At: 60e9, Kind: event.Gone, Source: event.Proc, Pid: 834},
			{At: 60e9, Kind: event.Exec, Source: event.Connector, Pid: 834, Text: "other"},
			{At: 60e9, Kind: event.Moved, Source: event.Proc, Pid: 834, PPid: 1, Pgid: 834, Sid: 812, TTY: pts3, Text: "parent"},
		} {
			m.Events = append(m.Events[:len(m.Events):len(m.Events)], late)
			if after := strings.Split(foot(m, 10), "\n")[7:9]; told[0] != after[0] || told[1] != after[1] {
				t.Errorf("%s: %q pushes out %q:\n%q", s.name, late.Kind, told, after)
			}
		}
	}
}

func TestWhoFoundedASessionIsToldBeforeWhatCameAfter(t *testing.T) {
	for _, s := range scenes {
		if s.name == "setsid sleep 50" {
			if picture := foot(s.moment(), 10); !strings.Contains(picture, "836 sleep leads a new session") {
				t.Errorf("it is not told:\n%s", picture)
			}
		}
	}
}

// A helper forks, moves and names itself before it can be known as one.
func TestPlumbingMakesNoCaptionsAndItsPuppetsDo(t *testing.T) {
	seen := func(pid, ppid int, name string) event.Event {
		return event.Event{At: 1e9, Kind: event.Seen, Source: event.Connector, Pid: pid, PPid: ppid, Pgid: ppid, Sid: 812, TTY: pts3, Text: name}
	}
	named := func(pid int, name string) event.Event {
		return event.Event{At: 1e9, Kind: event.Named, Source: event.Connector, Pid: pid, Text: name}
	}
	call := func(pid int, text string) event.Event {
		return event.Event{At: 1e9, Kind: event.Call, Source: event.Puppet, Pid: pid, Text: text}
	}
	events := []event.Event{begins("daemonize --twin fork"),
		spawns(834, 834, true, "/bin/daemonize"),
		seen(835, 834, "daemonize"),
		{At: 1e9, Kind: event.Moved, Source: event.Proc, Pid: 835, PPid: 834, Pgid: 835, Sid: 812, TTY: pts3, Text: "group"},
		named(835, proc.PuppetsName),
		seen(836, 835, proc.PuppetsName), named(836, proc.StagingName), seen(837, 836, proc.StagingName), named(837, "shell"),
		call(837, "setsid() = 837"),
		seen(838, 835, proc.PuppetsName), named(838, "parent"),
		call(838, "umask(0) = 18"),
	}
	table := shellOn + "834 812 834 812 3 834 S 30 daemonize\n835 834 835 812 3 834 S 31 puppets\n838 835 835 812 3 834 S 32 parent\n"
	picture := strings.Join(Live(Moment{Tree: proc.Next(nil, snapshot(table), proc.World{Shell: 812}), Events: events}, Style{}, 100, 48), "\n")
	for _, want := range []string{"started 834 daemonize", "838 parent: umask(0) = 18"} {
		if !strings.Contains(picture, want) {
			t.Errorf("%q is not told:\n%s", want, picture)
		}
	}
	for _, pid := range []string{"835 leads", "835 is its child", "836", "837"} {
		if strings.Contains(picture, pid) {
			t.Errorf("%q is told:\n%s", pid, picture)
		}
	}
}

func TestWhatIsSaidToALessonAndAskedForItMakesNoCaption(t *testing.T) {
	s := scenes[0]
	m := s.moment()
	before := foot(m, 10)
	for _, e := range []event.Event{
		{At: 60e9, Kind: event.Told, Source: event.Lesson, Text: "answer B"},
		{At: 60e9, Kind: event.Fact, Source: event.Lesson, Pid: 812, Path: event.FactCwd, Text: "/tmp"},
		{At: 60e9, Kind: event.Fact, Source: event.Lesson, Path: event.FactMachine, Argv: []string{"user=ada"}},
	} {
		m.Events = append(m.Events[:len(m.Events):len(m.Events)], e)
		if after := foot(m, 10); after != before {
			t.Errorf("%s:\n%s\nnot\n%s", e.Kind, after, before)
		}
	}
}
