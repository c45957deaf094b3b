package viz

import (
	"fmt"
	"strconv"
	"strings"

	"jsh/event"
)

// A tale is a hand-made log, one event a line:
//
//	MS line [TEXT]            MS exited PID STATUS     MS fg PGID
//	MS spawn PID PGID NAME    MS killed PID SIG        MS kill PID|-PGID SIG [ERRNO]
//	MS spawn! PID PGID NAME   MS stopped PID SIG       MS key ^C
//	MS job N PGID TEXT        MS continued PID         MS gap TEXT
//	MS meets PID PGID SIG WORD
//	MS end                    MS gone PID              MS seen|moved PID PPID PGID SID NAME
//
// spawn! is in the foreground. The shell is 800, in its own group.
func tale(text string) []event.Event {
	var events []event.Event
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		ms, err := strconv.ParseFloat(f[0], 64)
		if err != nil {
			panic(line)
		}
		n := func(i int) int {
			v, err := strconv.Atoi(f[i])
			if err != nil {
				panic(line)
			}
			return v
		}
		rest := func(i int) string { return strings.Join(f[i:], " ") }
		e := event.Event{Seq: uint64(len(events) + 1), At: 5e9 + int64(ms*1e6), Source: event.Shell}
		switch f[1] {
		case "line":
			e.Kind, e.Pid, e.Pgid, e.Text = event.LineBegin, 800, 800, rest(2)
		case "end":
			e.Kind, e.Pid = event.LineEnd, 800
		case "spawn", "spawn!":
			e.Kind, e.Pid, e.Pgid, e.Path, e.Fg = event.Spawn, n(2), n(3), "/bin/"+f[4], f[1] == "spawn!"
			e.Argv = []string{rest(4)}
		case "job":
			e.Kind, e.Job, e.Pgid, e.Text = event.JobNew, n(2), n(3), rest(4)
		case "exited":
			e.Kind, e.Pid, e.Status = event.Exited, n(2), n(3)
		case "killed":
			e.Kind, e.Pid, e.Sig = event.Killed, n(2), n(3)
		case "stopped":
			e.Kind, e.Pid, e.Sig = event.Stopped, n(2), n(3)
		case "continued":
			e.Kind, e.Pid = event.Continued, n(2)
		case "gone":
			e.Kind, e.Source, e.Pid = event.Gone, event.Proc, n(2)
		case "fg":
			e.Kind, e.Pgid = event.SetFg, n(2)
		case "kill":
			e.Kind, e.Sig = event.Kill, n(3)
			if e.Pid = n(2); e.Pid < 0 {
				e.Pid, e.Pgid = 0, -e.Pid
			}
			if len(f) > 4 {
				e.Errno = n(4)
			}
		case "key":
			e.Kind, e.Source, e.Text = event.Key, event.Keyboard, f[2]
		case "meets":
			e.Kind, e.Source, e.Pid, e.Pgid, e.Sig, e.Text = event.Meets, event.Proc, n(2), n(3), n(4), f[5]
		case "gap":
			e.Kind, e.Source, e.Text = event.Gap, 0, rest(2)
		case "seen", "moved":
			e.Kind, e.Source = event.Seen, event.Tracer
			if f[1] == "moved" {
				e.Kind = event.Moved
			}
			e.Pid, e.PPid, e.Pgid, e.Sid, e.Text = n(2), n(3), n(4), n(5), rest(6)
		default:
			panic(line)
		}
		events = append(events, e)
	}
	return events
}

const (
	sigint, sigquit, sigkill, sigpipe, sigterm = 2, 3, 9, 13, 15
	sigcont, sigtstp, sigttin                  = 18, 20, 21
)

// tales are drawn at all widths and in all styles.
var tales = []struct {
	name   string
	lines  int
	now    float64 // ms
	events []event.Event
}{
	{"a pipeline of three milliseconds", 1, 9000, tale(`
		0 line
		0.7 spawn! 4711 4711 ls
		1.1 spawn! 4712 4711 wc
		1.2 job 1 4711 ls / | wc
		2.0 exited 4711 0
		2.7 exited 4712 0
		2.72 fg 800
		2.9 end
		5000 line`)},
	{"one in the background", 1, 5000, tale(`
		0 line
		1 spawn 4711 4711 sleep
		1 job 1 4711 sleep 1
		2 spawn! 4712 4712 sleep
		2 job 2 4712 sleep 2
		1003 exited 4711 0
		2004 exited 4712 0
		2004.2 fg 800
		2005 end`)},
	{"stopped, continued, killed", 3, 9000, tale(`
		0 line
		1 spawn! 4711 4711 sleep
		2 spawn! 4712 4711 cat
		2 job 1 4711 sleep 100 | cat
		1500 key ^Z
		1500.1 stopped 4711 20
		1500.2 stopped 4712 20
		1500.3 fg 800
		1501 end
		2500 line
		2500.2 kill -4711 18
		2500.3 end
		3500 line
		3500.2 fg 4711
		3500.3 kill -4711 18
		4200 killed 4711 2
		4200.1 killed 4712 2
		4200.2 fg 800
		4201 end`)},
	{"who got the key", 1, 9000, tale(`
		0 line find / | grep x | less
		1 spawn! 4711 4711 find
		2 spawn! 4712 4711 grep
		3 spawn! 4713 4711 less
		4 spawn! 4714 4711 nohup
		4 job 1 4711 find / | grep x | less
		1500 key ^C
		1500 meets 4711 4711 2 default
		1500 meets 4712 4711 2 default
		1500 meets 4713 4711 2 caught
		1500 meets 4714 4711 2 ignored
		1500.1 killed 4711 2
		1500.2 killed 4712 2
		3000 exited 4713 0
		3001 exited 4714 0
		3002 fg 800
		3003 end`)},
	{"the terminal stops a reader in the background", 1, 2000, tale(`
		0 line
		1 spawn 4711 4711 cat
		1 job 1 4711 cat
		3 stopped 4711 21
		4 end
		2000 line`)},
	{"two minutes of thinking", 2, 130000, tale(`
		0 line
		1 spawn! 4711 4711 make
		1 job 1 4711 make
		3000 stopped 4711 20
		3000.1 fg 800
		3001 end
		123000 line
		123000.1 fg 4711
		123000.2 kill -4711 18
		126000 exited 4711 2
		126000.1 fg 800
		126001 end`)},
	{"a new session", 1, 2000, tale(`
		0 line setsid sleep 50
		1 spawn! 4711 4711 setsid
		1 job 1 4711 setsid sleep 50
		2 seen 4713 4711 4711 800 setsid
		2.5 moved 4713 4711 4713 4713 session
		3 exited 4711 0
		3.1 fg 800
		3.2 end
		2000 line`)},
	{"what the log has lost", 0, 0, tale(`
		0 gap 12 events are older than the log remembers
		0 killed 4700 15
		1 line
		2 spawn! 4711 4711 true
		3 gap the connector lost some
		4 exited 4711 1
		4.1 fg 800`)},
	{"names that are none", 1, 9000, append(tale(`
		0 line
		1 spawn! 4000001 4000001 jsh: subshell
		2 spawn! 4000002 4000001 日本語の名前`),
		event.Event{At: 5e9 + 2e6, Kind: event.Spawn, Pid: 4000003, Pgid: 4000001, Path: "/bin/\x1b[31m<&\xff"},
		event.Event{At: 5e9 + 2e6, Kind: event.JobNew, Pgid: 4000001, Job: 12, Text: "( \x07 ) | 日本語の名前 && \"x\"\n"},
		event.Event{At: 5e9 + 5e6, Kind: event.Spawn, Path: "/bin/nothing", Errno: 2},
		event.Event{At: 5e9 + 6e6, Kind: event.Exited, Pid: 4000001, Status: 255},
		event.Event{At: 5e9 + 7e6, Kind: event.Killed, Pid: 4000002, Sig: 3, Core: true},
		event.Event{At: 5e9 + 8e6, Kind: event.Killed, Pid: 4000003, Sig: 13},
		event.Event{At: 5e9 + 8e6, Kind: event.SetFg, Pgid: 800})},
	{"a hundred stages", 1, 9000, hundred()},
	{"a loop", 1, 90000, loop()},
}

func hundred() []event.Event {
	var b strings.Builder
	b.WriteString("0 line\n")
	for i := range 100 {
		fmt.Fprintf(&b, "%d spawn! %d 5000 cat\n", 1+i, 5000+i)
	}
	b.WriteString("101 job 1 5000 " + strings.Repeat("cat | ", 99) + "cat\n")
	for i := range 100 {
		fmt.Fprintf(&b, "%d.5 exited %d 0\n", 110+i/10, 5000+i)
	}
	return tale(b.String() + "121 fg 800\n")
}

func loop() []event.Event {
	var b strings.Builder
	b.WriteString("0 line\n")
	for i := range 30 {
		pid := 5000 + i
		fmt.Fprintf(&b, "%d spawn! %d %d ls\n%d job 1 %d ls\n%d.9 exited %d 0\n%d.95 fg 800\n",
			2*i, pid, pid, 2*i, pid, 2*i, pid, 2*i)
	}
	return tale(b.String())
}
