package event

import (
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestString(t *testing.T) {
	esrch, eperm := int(unix.ESRCH), int(unix.EPERM)
	for _, c := range []struct {
		e    Event
		want string
	}{
		{Event{Kind: Spawn, Source: Shell, Pid: 4711, Pgid: 4711, Fg: true, Path: "/usr/bin/find"},
			"started 4711 find: new group, keyboard  [fork setpgid tcsetpgrp execve]"},
		{Event{Kind: Spawn, Source: Shell, Pid: 4711, Pgid: 4711, Path: "/usr/bin/find"},
			"started 4711 find: new group, in the background  [fork setpgid execve]"},
		{Event{Kind: Spawn, Source: Shell, Pid: 4712, Pgid: 4711, Path: "/usr/bin/wc"},
			"started 4712 wc in group 4711  [fork setpgid execve]"},
		{Event{Kind: Spawn, Source: Shell, Pid: 4712, Path: "/usr/bin/wc"},
			"started 4712 wc in the shell's own group  [fork execve]"},
		{Event{Kind: Spawn, Source: Shell, Path: "/bin/nope", Errno: int(unix.ENOENT)},
			"refused: nope: no such file, or its interpreter is missing  [fork execve = ENOENT]"},
		{Event{Kind: SetPgid, Source: Shell, Pid: 5, Pgid: 5}, "5 gets a new process group, 5  [setpgid(5, 5)]"},
		{Event{Kind: SetPgid, Source: Shell, Pid: 6, Pgid: 5}, "6 joins group 5  [setpgid(6, 5)]"},
		{Event{Kind: SetPgid, Source: Shell, Pid: 6, Pgid: 5, Errno: int(unix.EACCES)},
			"refused: that child has already called execve  [setpgid(6, 5) = EACCES]"},
		{Event{Kind: SetFg, Source: Shell, Pgid: 4711}, "the keyboard goes to group 4711  [tcsetpgrp(4711)]"},
		{Event{Kind: SetFg, Source: Shell, Pgid: 4711, Errno: eperm},
			"refused: no such group in the shell's session  [tcsetpgrp(4711) = EPERM]"},
		{Event{Kind: Kill, Source: Shell, Pgid: 4711, Sig: 18}, "sent SIGCONT to group 4711  [kill(-4711, SIGCONT)]"},
		{Event{Kind: Kill, Source: Shell, Pid: 4711, Sig: 36}, "sent SIGRTMIN+2 to 4711  [kill(4711, SIGRTMIN+2)]"},
		{Event{Kind: Kill, Source: Shell, Pid: 4711}, "asked whether 4711 is there  [kill(4711, 0)]"},
		{Event{Kind: Kill, Source: Shell, Pgid: 4711, Sig: 18, Errno: esrch},
			"refused: no such process or group  [kill(-4711, SIGCONT) = ESRCH]"},
		{Event{Kind: SaveModes, Source: Shell, Job: 1}, "kept the terminal modes of job %1  [tcgetattr]"},
		{Event{Kind: SetModes, Source: Shell}, "put back the terminal modes of the shell  [tcsetattr]"},
		{Event{Kind: Exec, Source: Shell, Path: "/usr/bin/vim"},
			"the shell becomes vim, under the same pid  [execve /usr/bin/vim]"},
		{Event{Kind: Exited, Source: Shell, Pid: 4711, Status: 2}, "4711 ended with status 2  [wait: exited]"},
		{Event{Kind: Killed, Source: Shell, Pid: 4711, Sig: 11, Core: true},
			"4711 was killed by SIGSEGV; it left a core dump  [wait: killed]"},
		{Event{Kind: Killed, Source: Tracer, Pid: 4711, Sig: 9}, "4711 was killed by SIGKILL  [trace]"},
		{Event{Kind: Stopped, Source: Shell, Pid: 4711, Sig: 20}, "4711 was stopped by SIGTSTP  [wait: stopped]"},
		{Event{Kind: Continued, Source: Shell, Pid: 4711}, "4711 was continued: it runs again  [wait: continued]"},
		{Event{Kind: Signal, Source: Shell, Sig: 28}, "the shell received SIGWINCH  [signal]"},
		{Event{Kind: LineBegin, Source: Shell, Text: "ls | wc\x1b[2J"}, `the line runs: ls | wc\e[2J`},
		{Event{Kind: LineEnd, Source: Shell, Status: 130}, "the line is over, with status 130"},
		{Event{Kind: JobNew, Source: Shell, Job: 1, Pgid: 4711, Text: "find /"}, "process group 4711 is now job %1: find /"},
		{Event{Kind: JobState, Source: Shell, Job: 1, Text: "Stopped"}, "job %1 is now: Stopped"},
		{Event{Kind: JobGone, Source: Shell, Job: 1}, "job %1 left the job table"},
		{Event{Kind: Seen, Source: Proc, Pid: 9, PPid: 8, Pgid: 7, Sid: 6, TTY: 0x8803, Text: "sh"},
			"found 9 sh: parent 8, group 7, session 6, on pts/3  [/proc]"},
		{Event{Kind: Moved, Source: Proc, Pid: 9, PPid: 1, Pgid: 7, Sid: 6, Text: "parent"}, "9 was adopted by 1  [/proc]"},
		{Event{Kind: Moved, Source: Proc, Pid: 9, PPid: 1, Pgid: 9, Sid: 9, Text: "group session terminal"},
			"9 leads a new session: group 9, no terminal  [/proc]"},
		{Event{Kind: Moved, Source: Proc, Pid: 9, PPid: 1, Pgid: 9, Sid: 6, Text: "group"}, "9 leads a new process group, 9  [/proc]"},
		{Event{Kind: Moved, Source: Proc, Pid: 9, PPid: 1, Pgid: 9, Sid: 6, Text: "terminal"}, "9 lost its controlling terminal  [/proc]"},
		{Event{Kind: Moved, Source: Tracer, Pid: 9, PPid: 1, Pgid: 9, Sid: 6},
			"9 is now: parent 1, group 9, session 6, no terminal  [trace]"},
		{Event{Kind: Gone, Source: Connector, Pid: 9}, "9 is gone  [proc connector]"},
		{Event{Kind: Fg, Source: Proc, TTY: 0x8803, Pgid: 4711},
			"the keyboard of pts/3 is with group 4711  [/proc: foreground process group]"},
		{Event{Kind: Key, Source: Keyboard, Text: "^Z"},
			"^Z was pressed: the terminal's cue for SIGTSTP to its foreground group"},
		{Event{Kind: Seen, Source: Connector, Pid: 9, PPid: 8}, "8 forked: 9 is its child  [proc connector]"},
		{Event{Kind: Exec, Source: Connector, Pid: 9, Text: "ls"}, "9 becomes ls, under the same pid  [proc connector]"},
		{Event{Kind: Exec, Source: Connector, Pid: 9}, "9 becomes another program, under the same pid  [proc connector]"},
		{Event{Kind: Moved, Source: Connector, Pid: 9, PPid: 1, Pgid: 9, Sid: 9, Text: "group session terminal"},
			"9 leads a new session: group 9, no terminal  [proc connector]"},
		{Event{Kind: Named, Source: Connector, Pid: 9, Text: "worker"}, "9 calls itself worker now  [proc connector]"},
		{Event{Kind: Named, Source: Proc, Pid: 9, Text: "ls"}, "9 is called ls now  [/proc]"},
		{Event{Kind: User, Source: Connector, Pid: 9, Text: "user 65534"}, "9 runs as user 65534 now  [proc connector]"},
		{Event{Kind: Meets, Source: Proc, Pid: 835, Sig: 2, Text: "ignored"}, "835 ignores SIGINT  [/proc: SigIgn]"},
		{Event{Kind: Meets, Source: Proc, Pid: 835, Sig: 2, Text: "default"}, "835 has no handler for SIGINT  [/proc: SigCgt, SigIgn]"},
		{Event{Kind: Call, Source: Puppet, Pid: 12, Text: "setsid() = 12"}, "12: setsid() = 12  [puppet]"},
		{Event{Kind: Call, Source: Puppet, Pid: 12, Text: "setsid()", Errno: 1}, "12: setsid() = -1 EPERM  [puppet]"},
		{Event{Kind: Gap, Text: gapText(3)}, "not everything was seen: 3 events are older than the log remembers"},
		{Event{Kind: 99}, "an event of an unknown kind, kind 99"},
	} {
		t.Run(c.want, func(t *testing.T) {
			got := c.e.String()
			if got != c.want {
				t.Errorf("got %q", got)
			}
			if len(got) > 76 && c.e.Path != "/bin/nope" {
				t.Errorf("%d columns", len(got))
			}
		})
	}
}

func TestNarrate(t *testing.T) {
	c := Context{
		ShellPid: 4000, ShellPgid: 4000,
		Job:  func(pgid int) int { return map[int]int{4711: 1}[pgid] },
		Name: func(pid int) string { return map[int]string{4711: "find", 666: "\x1b[31m"}[pid] },
	}
	for _, x := range []struct {
		rule string
		e    Event
		want string
	}{
		{"names, jobs and the shell's own group are said",
			Event{Kind: SetFg, Source: Shell, Pgid: 4711},
			"the keyboard goes to group 4711 (%1)  [tcsetpgrp(4711)]"},
		{"the shell's group is known again",
			Event{Kind: SetFg, Source: Shell, Pgid: 4000},
			"the keyboard goes back to the shell's group 4000  [tcsetpgrp(4000)]"},
		{"a stop says why such a thing happens",
			Event{Kind: Stopped, Source: Shell, Pid: 4711, Sig: int(unix.SIGTTIN)},
			"4711 find was stopped by SIGTTIN  [wait: stopped]\n" +
				"    A background group that reads the terminal gets SIGTTIN; fg lets it."},
		{"a call that does not fit goes below",
			Event{Kind: Exec, Source: Shell, Path: "/a/rather/long/path/to/some/program"},
			"the shell becomes program, under the same pid\n    [execve /a/rather/long/path/to/some/program]"},
		{"a name cannot act on the terminal",
			Event{Kind: Exited, Source: Shell, Pid: 666},
			`666 \e[31m ended with status 0  [wait: exited]`},
	} {
		t.Run(x.rule, func(t *testing.T) {
			if got := strings.Join(Narrate(&x.e, c), "\n"); got != x.want {
				t.Errorf("got\n%s\nwant\n%s", got, x.want)
			}
		})
	}

	t.Run("every line of every kind, signal and errno stays within 76 columns", func(t *testing.T) {
		for k := Spawn; k <= Call; k++ {
			for n := range 65 {
				for _, errno := range []int{0, n} {
					e := Event{Kind: k, Source: Shell, Pid: 1234567, PPid: 1234567, Pgid: 1234567, Sid: 1234567,
						TTY: 0x8803, Job: 12, Sig: n, Status: n, Errno: errno, Path: "/usr/bin/find", Text: "text"}
					for _, line := range Narrate(&e, c) {
						if len(line) > 76 {
							t.Errorf("%v, %d: %d columns: %s", k, n, len(line), line)
						}
					}
				}
			}
		}
	})
}

func TestTTYName(t *testing.T) {
	dev := func(major, minor int) int { return minor&0xff | major<<8 | minor&^0xff<<12 }
	for _, c := range []struct {
		dev  int
		want string
	}{
		{0, "no terminal"},
		{dev(136, 3), "pts/3"},
		{dev(136, 255), "pts/255"},
		{dev(136, 256), "pts/256"},
		{dev(136, 1048575), "pts/1048575"},
		{dev(137, 0), "pts/256"},
		{dev(4, 1), "tty1"},
		{dev(4, 64), "ttyS0"},
		{dev(5, 1), "console"},
		{dev(188, 2), "ttyUSB2"},
		{dev(229, 0), "hvc0"},
		{dev(77, 5), "77:5"},
	} {
		if got := TTYName(c.dev); got != c.want {
			t.Errorf("device %#x is %q, want %q", c.dev, got, c.want)
		}
	}
	t.Run("a device number above 2³¹ is negative in /proc", func(t *testing.T) {
		if got := TTYName(int(int32(uint32(dev(136, 524288))))); got != "pts/524288" {
			t.Errorf("%q", got)
		}
	})
}

func TestVisible(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"find", "find"},
		{"", ""},
		{"a b\\", "a b\\"},
		{"héllo 日本", "héllo 日本"},
		{"\x1b[2J\x07\n\t\x7f", `\e[2J\x07\n\t\x7f`},
		{"\u009b31m", `\x9b31m`},
		{"\x9b\xff", `\x9b\xff`},
		{"a\u202eb\u200d\ufe0f\u2028", `a\u202eb\u200d\ufe0f\u2028`},
		{"\U000e0041", `\U000e0041`},
	} {
		if got := Visible(c.in); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.in, got, c.want)
		}
	}
}

func TestSigName(t *testing.T) {
	for sig, want := range map[int]string{2: "SIGINT", 18: "SIGCONT", 34: "SIGRTMIN", 64: "SIGRTMIN+30", 32: "signal 32", 0: "signal 0", -1: "signal -1", 99: "signal 99"} {
		if got := SigName(sig); got != want {
			t.Errorf("signal %d is %q, want %q", sig, got, want)
		}
	}
}
