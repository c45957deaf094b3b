package lessons

import (
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// The processes of an imagined run: the shell 10, find 20 in the background, ls
// 30 and grep 31 in the foreground.
var cast = []actor{{"jsh", 10, 10}, {"find", 20, 20}, {"ls", 30, 30}, {"grep", 31, 30}}

var everybody = map[int]bool{10: true, 20: true, 30: true, 31: true}

func without(pids ...int) map[int]bool {
	alive := map[int]bool{}
	for pid := range everybody {
		alive[pid] = true
	}
	for _, pid := range pids {
		delete(alive, pid)
	}
	return alive
}

// logged puts events into a log, which numbers them, after those of the start.
func logged(events ...event.Event) []event.Event {
	l := event.NewLog(100)
	l.Append(event.Event{Kind: event.Spawn, Source: event.Shell, Pid: 30, Pgid: 30, Fg: true, Path: "/x/ls"})
	l.Append(event.Event{Kind: event.Spawn, Source: event.Shell, Pid: 31, Pgid: 30, Path: "/x/grep"})
	for _, e := range events {
		e.Source = event.Shell
		l.Append(e)
	}
	all, _ := l.Since(0)
	return all
}

func killed(pid int, sig unix.Signal) event.Event {
	return event.Event{Kind: event.Killed, Pid: pid, Sig: int(sig)}
}

func stopped(pid int, sig unix.Signal) event.Event {
	return event.Event{Kind: event.Stopped, Pid: pid, Sig: int(sig)}
}

func TestGrade(t *testing.T) {
	pipeline := logged(killed(30, unix.SIGINT), killed(31, unix.SIGINT))
	rest := without(30, 31)
	tests := []struct {
		rule   string
		p      prediction
		events []event.Event
		alive  map[int]bool
		right  bool
		option string // that happened, "" for none of the four
		byRule bool
	}{
		{"who foretold exactly the dead is right",
			predicted("ls", "grep"), pipeline, rest, true, "B", true},
		{"one dead too many is wrong",
			predicted("ls", "grep", "find"), pipeline, rest, false, "B", true},
		{"one dead too few is wrong",
			predicted("ls"), pipeline, rest, false, "B", true},
		{"nobody foretold and somebody dead is wrong",
			predicted(), pipeline, rest, false, "B", true},
		{"all foretold is wrong while the shell lives",
			predicted("jsh", "find", "ls", "grep"), pipeline, rest, false, "B", true},
		{"what counts is what happened: with find dead too, A is right",
			predicted("find", "ls", "grep"),
			logged(killed(20, unix.SIGINT), killed(30, unix.SIGINT), killed(31, unix.SIGINT)),
			without(20, 30, 31), true, "A", false},
		{"and B is wrong then",
			predicted("ls", "grep"),
			logged(killed(20, unix.SIGINT), killed(30, unix.SIGINT), killed(31, unix.SIGINT)),
			without(20, 30, 31), false, "A", false},
		{"find alone dead is C",
			predicted("find"), logged(killed(20, unix.SIGINT)), without(20), true, "C", false},
		{"a set that no option names is graded all the same",
			predicted("grep"), logged(killed(31, unix.SIGINT)), without(31), true, "", false},
		{"a process that was stopped and continued lives",
			predicted("ls", "grep"),
			logged(stopped(20, unix.SIGSTOP), event.Event{Kind: event.Continued, Pid: 20},
				killed(30, unix.SIGINT), killed(31, unix.SIGINT)), rest, true, "B", true},
		{"processes that the question is not about do not matter",
			predicted("ls", "grep"),
			logged(killed(99, unix.SIGQUIT), killed(30, unix.SIGINT), killed(31, unix.SIGINT)), rest, true, "B", true},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			g := gradeInterrupt(cast, tt.p, tt.events, tt.alive)
			if g.spoiler != "" {
				t.Fatalf("no grade: %s", g.spoiler)
			}
			if g.right() != tt.right {
				t.Errorf("right is %v, want %v", g.right(), tt.right)
			}
			letter := ""
			if o := optionOf(g.died, ctrlCOptions); o != nil {
				letter = o.letter
			}
			if letter != tt.option {
				t.Errorf("it was option %q, want %q", letter, tt.option)
			}
			if g.foreground != 30 || g.asByRule() != tt.byRule {
				t.Errorf("foreground %d, by the rule %v; want 30, %v", g.foreground, g.asByRule(), tt.byRule)
			}
			for _, f := range g.fates {
				if f.proof == "" {
					t.Errorf("%s: no proof", f.name)
				}
			}
		})
	}
}

func TestNoGrade(t *testing.T) {
	tests := []struct {
		rule   string
		events []event.Event
		alive  map[int]bool
		says   string
	}{
		{"nothing died", logged(), everybody, "SIGINT killed nothing"},
		{"^Z stopped the pipeline", logged(stopped(30, unix.SIGTSTP), stopped(31, unix.SIGTSTP)), everybody,
			"ls was stopped by SIGTSTP, which is ^Z"},
		{`^\ killed the pipeline`, logged(killed(30, unix.SIGQUIT), killed(31, unix.SIGQUIT)), without(30, 31),
			`ls was killed by SIGQUIT, which is ^\`},
		{"another signal killed one of them", logged(killed(30, unix.SIGINT), killed(31, unix.SIGTERM)), without(30, 31),
			"grep was killed by SIGTERM"},
		{"find was killed, but not by SIGINT",
			logged(killed(20, unix.SIGTERM), killed(30, unix.SIGINT), killed(31, unix.SIGINT)), without(20, 30, 31),
			"find was killed by SIGTERM"},
		{"the pipeline ended by itself",
			logged(event.Event{Kind: event.Exited, Pid: 30}, event.Event{Kind: event.Exited, Pid: 31, Status: 1}), without(30, 31),
			"ls ended by itself, with status 0"},
		{"find is gone without a word", logged(killed(30, unix.SIGINT), killed(31, unix.SIGINT)), without(20, 30, 31),
			"find is gone, and nobody told the shell how it ended"},
		{"events are missing",
			append(logged(killed(30, unix.SIGINT), killed(31, unix.SIGINT)), event.Event{Kind: event.Gap, Text: "3 events"}),
			without(30, 31), "the log has a gap: 3 events"},
	}
	for _, tt := range tests {
		t.Run("there is no grade if "+tt.rule, func(t *testing.T) {
			g := gradeInterrupt(cast, predicted("ls", "grep"), tt.events, tt.alive)
			if g.spoiler != tt.says {
				t.Errorf("says %q, want %q", g.spoiler, tt.says)
			}
		})
	}
}

func TestReport(t *testing.T) {
	p := predicted("find", "ls")
	g := gradeInterrupt(cast, p, logged(killed(30, unix.SIGINT), killed(31, unix.SIGINT)), without(30, 31))
	got := ctrlCReport(&g, p, true)
	for _, want := range []string{
		"+ jsh   10       10               lives  lives   /proc: still there\n",
		"x find  20       20               dies   lives   /proc: still there\n",
		"+ ls    30       30      KEYBOARD dies   dies    wait(): killed by SIGINT\n",
		"x grep  31       30      KEYBOARD lives  dies    wait(): killed by SIGINT\n",
		"Not this time. You said find and ls; it was B: ls and grep.\n",
		"here 30.\nOne pipeline is one group: ls and grep. To jsh and find it sent nothing.",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the report lacks %q:\n%s", want, got)
		}
	}

	t.Run("the rule is not said to explain what it does not explain", func(t *testing.T) {
		g := gradeInterrupt(cast, p, logged(killed(20, unix.SIGINT), killed(30, unix.SIGINT), killed(31, unix.SIGINT)),
			without(20, 30, 31))
		got := ctrlCReport(&g, p, true)
		if !strings.Contains(got, "Somebody else must have sent a SIGINT") || strings.Contains(got, "sent nothing") {
			t.Errorf("find died too, and the report says:\n%s", got)
		}
	})
}
