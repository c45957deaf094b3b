package viz

import (
	"fmt"
	"slices"
	"strings"

	"jsh/event"
	"jsh/proc"
)

// A story is a hand-made tree: what is on the screen, told as a learner would
// see it come about.
type story struct {
	name string
	tree func() *proc.Tree
}

const pts3 = 136<<8 | 3

// snapshot reads a table: pid ppid pgid sid tty(0 or 3) tpgid state start name.
func snapshot(table string) *proc.Snapshot {
	s := &proc.Snapshot{}
	for line := range strings.Lines(table) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		var p proc.Proc
		var state string
		n, err := fmt.Sscan(line, &p.Pid, &p.PPid, &p.Pgid, &p.Sid, &p.TTY, &p.Tpgid, &state, &p.Start, &p.Name)
		if err != nil || n != 9 {
			panic(line)
		}
		if p.TTY == 3 {
			p.TTY = pts3
		}
		p.State, p.Threads = state[0], 1
		s.Procs = append(s.Procs, p)
	}
	slices.SortFunc(s.Procs, func(a, b proc.Proc) int { return a.Pid - b.Pid })
	return s
}

// name renames a process of the snapshot to something that no table can hold.
func name(s *proc.Snapshot, pid int, name string) { s.Find(pid).Name = name }

func waits(t *proc.Tree, what map[int]string) *proc.Tree {
	for pid, words := range what {
		t.Process(pid).Waits = words
	}
	return t
}

var stories = []story{
	{"prompt", func() *proc.Tree {
		return proc.Next(nil, snapshot(`
			300 1 300 300 0 -1 S 5 sshd
			812 300 812 812 3 812 R 10 jsh`), proc.World{Shell: 812})
	}},
	{"pipeline", func() *proc.Tree {
		t := proc.Next(nil, snapshot(`
			1 0 1 1 0 -1 S 1 init
			300 1 300 300 0 -1 S 5 sshd
			812 300 812 812 3 834 S 10 jsh
			830 812 830 812 3 834 T 20 find
			834 812 834 812 3 834 R 30 ls
			835 812 834 812 3 834 S 31 grep`), proc.World{Shell: 812, Jobs: map[int]int{830: 1, 834: 2}})
		return waits(t, map[int]string{812: "waits for a child", 835: "reads a pipe"})
	}},
	{"daemon", func() *proc.Tree {
		const base = `
			1 0 1 1 0 -1 S 1 systemd
			300 1 300 300 0 -1 S 5 sshd
			812 300 812 812 3 812 R 10 jsh
			820 812 820 812 3 812 S 15 sh
			821 820 820 812 3 812 Z 16 true
			825 1 822 812 3 812 T 18 cat
			`
		w := proc.World{Shell: 812, Jobs: map[int]int{820: 1}}
		t := proc.Next(nil, snapshot(base+"830 812 830 812 3 830 S 20 served"), w)
		t = proc.Next(t, snapshot(base+"831 830 831 831 0 -1 S 21 served\n830 812 830 812 3 830 Z 20 served"), w)
		w.Events = []event.Event{{Kind: event.Exited, Pid: 830}}
		return proc.Next(t, snapshot(base+"831 1 831 831 0 -1 S 21 served\n832 831 831 831 0 -1 S 22 served"), w)
	}},
	{"episode", func() *proc.Tree {
		return proc.Next(nil, snapshot(`812 300 812 812 3 812 R 10 jsh`), proc.World{Shell: 812, Events: []event.Event{
			{Kind: event.LineBegin, Text: "find / | head"},
			{Kind: event.Spawn, Pid: 4711, Pgid: 4711, Fg: true, Path: "/usr/bin/find"},
			{Kind: event.Spawn, Pid: 4712, Pgid: 4711, Fg: true, Path: "/usr/bin/head"},
			{Kind: event.Exited, Pid: 4712},
			{Kind: event.Killed, Pid: 4711, Sig: 13},
		}})
	}},
	{"names", func() *proc.Tree {
		s := snapshot(`
			4000001 300 4000001 4000001 3 4000010 S 10 jsh
			4000010 4000001 4000010 4000001 3 4000010 R 20 x
			4000011 4000010 4000010 4000001 3 4000010 S 21 x
			4000012 4000011 4000010 4000001 3 4000010 D 22 x
			4000013 4000001 4000010 4000001 3 4000010 S 23 x
			4000014 4000001 4000014 4000001 3 4000010 t 24 fifteen-letters`)
		name(s, 4000010, "\x1b[31mred\x07")
		name(s, 4000011, "日本語の名前")
		name(s, 4000012, "a\xff\n")
		name(s, 4000013, "")
		t := proc.Next(nil, s, proc.World{Shell: 4000001, Jobs: map[int]int{4000010: 12, 4000014: 7}})
		return waits(t, map[int]string{4000001: "waits for a child", 4000011: "waits for a signal"})
	}},
	{"forks", func() *proc.Tree {
		var table strings.Builder
		table.WriteString("812 300 812 812 3 812 R 10 jsh\n")
		for i := range 12 {
			parent := 812
			if i > 0 {
				parent = 899 + i
			}
			fmt.Fprintf(&table, "%d %d 900 812 3 812 S %d deep\n", 900+i, parent, 20+i)
		}
		return proc.Next(nil, snapshot(table.String()), proc.World{Shell: 812, Jobs: map[int]int{900: 1}})
	}},
	{"no terminal", func() *proc.Tree {
		return proc.Next(nil, snapshot(`
			300 1 300 300 0 -1 S 5 cron
			812 300 812 300 0 -1 S 10 jsh
			813 812 812 300 0 -1 S 11 make`), proc.World{Shell: 812})
	}},
	{"keyboard nowhere", func() *proc.Tree {
		return proc.Next(nil, snapshot(`
			812 300 812 812 3 999 R 10 jsh
			830 1 830 831 0 -1 S 20 lost`), proc.World{Shell: 812})
	}},
}
