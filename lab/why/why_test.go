package why

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"jsh/event"
	"jsh/proc"
)

// asleep is a process in the background of pts/3, asked about by its shell 800.
func asleep() *Facts {
	return &Facts{Pid: 812, Shell: 800, ShellPgid: 800, ShellSid: 800, HasLog: true,
		P:   &Process{Proc: proc.Proc{Pid: 812, Name: "cat", State: 'S', PPid: 800, Pgid: 812, Sid: 800, TTY: 0x8803}, Call: Call{FD: -1}},
		TTY: &TTY{Name: "pts/3", Foreground: 800, Known: true, ISIG: true},
		Job: &Job{ID: 1, Pgid: 812, Text: "cat"},
	}
}

func keys(a Answer) (ks []string) {
	for _, c := range a.Claims {
		ks = append(ks, c.Key)
	}
	return ks
}

func TestClaimsFollowFromFactsAlone(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(f *Facts)
		want   string // keys that must be there
		not    string
	}{
		{"a disk that does not answer", func(f *Facts) { f.P.State = 'D'; f.P.Call.Name = "fsync" }, "uninterruptible int-uninterruptible", ""},
		{"a thread of the kernel", func(f *Facts) { f.Kernel = true }, "kernel-thread", "other-group"},
		{"a process of another user", func(f *Facts) { f.Uid, f.P.Uid, f.P.Denied = 1000, 33, true }, "denied other-user", ""},
		{"a shell in a session of another pid namespace", func(f *Facts) { f.ShellSid = 0 }, "other-session", ""},
		{"pid 1", func(f *Facts) { f.Pid, f.P.Pid, f.Job = 1, 1, nil }, "init", ""},
		{"a stop of which nobody knows the signal", func(f *Facts) { f.P.State, f.HasLog = 'T', false }, "stopped-unknown", "stopped-ttin"},
		{"a stop in a read of the terminal is SIGTTIN without a log too", func(f *Facts) {
			f.P.State, f.HasLog = 'T', false
			f.P.Call = Call{Name: "read", FD: 0, File: "/dev/pts/3", Kind: Terminal}
		}, "stopped-ttin call", ""},
		{"tcsetpgrp from the background", func(f *Facts) {
			f.P.State = 'T'
			f.P.Call = Call{Name: "ioctl", Op: "foreground", FD: 0, File: "/dev/pts/3", Kind: Terminal}
		}, "stopped-ttou-fg", ""},
		{"a stop that was continued since is none", func(f *Facts) {
			f.P.State = 'T'
			f.Events = []event.Event{{Kind: event.Stopped, Pid: 812, Sig: 21}, {Kind: event.Continued, Pid: 812}}
		}, "stopped-unknown", "stopped-ttin"},
		{"a read of somebody else's terminal", func(f *Facts) {
			f.P.Call = Call{Name: "read", FD: 0, File: "/dev/pts/3", Kind: Terminal}
			f.TTY = nil
		}, "reads-foreign-tty no-terminal", "reads-tty"},
		{"output held by ^S", func(f *Facts) { f.P.Call = Call{Name: "write", FD: 1, File: "/dev/pts/3", Kind: Terminal} }, "writes-tty", ""},
		{"a pipe whose writers nobody may look up", func(f *Facts) { f.P.Call = Call{Name: "read", FD: 0, File: "pipe:[1]", Kind: Pipe} }, "reads-pipe", "own-writer"},
		{"a kill that was refused", func(f *Facts) {
			f.Events = []event.Event{{Kind: event.Kill, Pid: 812, Sig: 15, Errno: 1}}
		}, "kill-refused", "sent-ignored"},
		{"a zombie that the shell itself will reap", func(f *Facts) {
			f.P.State = 'Z'
			f.Parent = &Process{Proc: proc.Proc{Pid: 800, Name: "jsh", State: 'R'}}
		}, "zombie parent-shell", "parent-no-wait"},
		{"adopted by a subreaper", func(f *Facts) {
			f.Adopted, f.Forker = true, 811
			f.Parent = &Process{Proc: proc.Proc{Pid: 700, Name: "systemd"}}
		}, "adopted-subreaper", "adopted-init"},
		{"a hang-up", func(f *Facts) { f.P = nil; f.Events = []event.Event{{Kind: event.Killed, Pid: 812, Sig: 1}} }, "killed-hup", "killed-sent"},
		{"^C in the background is not the key", func(f *Facts) {
			f.P = nil
			f.Events = []event.Event{{Kind: event.Spawn, Pid: 812, Pgid: 812}, {Kind: event.Killed, Pid: 812, Sig: 2}}
		}, "killed", "killed-key"},
		{"a core dump", func(f *Facts) {
			f.P = nil
			f.Events = []event.Event{{Kind: event.Killed, Pid: 812, Sig: 11, Core: true}}
		}, "killed-memory core", ""},
		{"a command that was not found", func(f *Facts) { f.P = nil; f.Events = []event.Event{{Kind: event.Exited, Pid: 812, Status: 127}} }, "exited-not-run", ""},
		{"a shell that passes a signal on", func(f *Facts) { f.P = nil; f.Events = []event.Event{{Kind: event.Exited, Pid: 812, Status: 143}} }, "exited-128", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := asleep()
			c.change(f)
			a := Explain(f)
			have := keys(a)
			for _, k := range strings.Fields(c.want) {
				if !slices.Contains(have, k) {
					t.Errorf("%s is not in %v", k, have)
				}
			}
			for _, k := range strings.Fields(c.not) {
				if slices.Contains(have, k) {
					t.Errorf("%s is in %v", k, have)
				}
			}
			for _, cols := range []int{40, 80, 200} {
				for l := range strings.SplitSeq(a.Text(Style{Cols: cols}), "\n") {
					if utf8.RuneCountInString(l) > min(cols, 80) {
						t.Errorf("wider than %d: %s", cols, l)
					}
				}
			}
		})
	}
}

func TestANameFullOfEscapesDoesNotReachTheTerminal(t *testing.T) {
	f := asleep()
	f.P.Name = "\x1b[2Jcat"
	a := Explain(f)
	if strings.Contains(a.Text(Style{Cols: 80}), "\x1b") {
		t.Errorf("%q", a.Head)
	}
}
