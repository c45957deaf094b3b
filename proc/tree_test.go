package proc

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"jsh/event"
)

const pts3 = 136<<8 | 3

// snapshot reads a table: pid ppid pgid sid tty(0 or 3) tpgid state start name.
func snapshot(table string) *Snapshot {
	s := &Snapshot{}
	for line := range strings.Lines(table) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		var p Proc
		var state string
		n, err := fmt.Sscan(line, &p.Pid, &p.PPid, &p.Pgid, &p.Sid, &p.TTY, &p.Tpgid, &state, &p.Start, &p.Name)
		if err != nil || n != 9 {
			panic(line + ": " + err.Error())
		}
		if p.TTY == 3 {
			p.TTY = pts3
		}
		p.State, p.Threads = state[0], 1
		if state == "Zl" { // the first thread has ended, others run
			p.Threads = 3
		}
		s.Procs = append(s.Procs, p)
	}
	slices.SortFunc(s.Procs, func(a, b Proc) int { return a.Pid - b.Pid })
	return s
}

// text writes a tree down for comparison.
func text(t *Tree) string {
	var b strings.Builder
	for _, s := range t.Sessions {
		fmt.Fprintf(&b, "session %d %s", s.Sid, event.TTYName(s.TTY))
		if s.Foreground != 0 {
			fmt.Fprintf(&b, " fg %d", s.Foreground)
		}
		if s.Leader == nil {
			b.WriteString(" leaderless")
		}
		b.WriteString("\n")
		for _, g := range s.Groups {
			fmt.Fprintf(&b, "  group %d", g.Pgid)
			if g.Job != 0 {
				fmt.Fprintf(&b, " %%%d", g.Job)
			}
			for _, f := range []struct {
				is   bool
				word string
			}{{g.Foreground, " FG"}, {g.Orphaned, " orphaned"}, {g.LeaderGone, " leaderless"}} {
				if f.is {
					b.WriteString(f.word)
				}
			}
			b.WriteString(":")
			for i, p := range g.Members {
				if i > 0 {
					b.WriteString(",")
				}
				fmt.Fprintf(&b, " %d %s", p.Pid, p.Name)
				if p.Ours {
					b.WriteString("*")
				}
				if p.Adopted {
					fmt.Fprintf(&b, " adopted(%d→%d)", p.Forker, p.PPid)
				}
				if p.Gone {
					b.WriteString(" gone")
				}
				if p.Told {
					fmt.Fprintf(&b, "(%d,%d)", p.Status, p.Sig)
				}
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

func compare(t *testing.T, tree *Tree, want string) {
	t.Helper()
	want = strings.TrimPrefix(want, "\n")
	if got := text(tree); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

const initAndShell = `
	1 0 1 1 0 -1 S 1 init
	300 1 300 300 0 -1 S 5 sshd
	812 300 812 812 3 %d S 10 jsh
`

func withShell(fg int, more string) *Snapshot {
	return snapshot(fmt.Sprintf(initAndShell, fg) + more)
}

func TestTreeOfOneSnapshot(t *testing.T) {
	const others = `session 1 no terminal
  group 1 orphaned: 1 init
session 300 no terminal
  group 300 orphaned: 300 sshd
`
	for _, c := range []struct {
		name, procs string
		fg          int
		jobs        map[int]int
		want        string
	}{
		{"the shell's session stands first, jobs are named, the foreground is marked", `
			830 812 830 812 3 834 T 20 find
			834 812 834 812 3 834 R 30 ls
			835 812 834 812 3 834 S 30 grep`,
			834, map[int]int{830: 1, 834: 2}, `
session 812 pts/3 fg 834
  group 812 orphaned: 812 jsh*
  group 830 %1: 830 find*
  group 834 %2 FG: 834 ls*, 835 grep*
` + others},
		{"a group lives on without its leader", `
			835 812 834 812 3 834 S 30 grep`,
			834, nil, `
session 812 pts/3 fg 834
  group 812 orphaned: 812 jsh*
  group 834 FG leaderless: 835 grep*
` + others},
		{"a zombie leader is still a leader", `
			834 812 834 812 3 834 Z 30 ls
			835 812 834 812 3 834 S 30 grep`,
			834, nil, `
session 812 pts/3 fg 834
  group 812 orphaned: 812 jsh*
  group 834 FG: 834 ls*, 835 grep*
` + others},
		{"a daemon has its own session and no terminal; its parent is known only if it descends from the shell", `
			840 812 840 840 0 -1 S 40 kid
			850 1 850 850 0 -1 S 50 daemon`,
			812, nil, `
session 812 pts/3 fg 812
  group 812 FG orphaned: 812 jsh*
` + others + `session 840 no terminal
  group 840 orphaned: 840 kid*
session 850 no terminal
  group 850 orphaned: 850 daemon
`},
		{"children with smaller pids than their parents are found: pids wrap around", `
			20 900 20 812 3 812 S 60 late
			900 812 900 812 3 812 S 50 early`,
			812, nil, `
session 812 pts/3 fg 812
  group 812 FG orphaned: 812 jsh*
  group 900: 900 early*
  group 20: 20 late*
` + others},
	} {
		t.Run(c.name, func(t *testing.T) {
			compare(t, Next(nil, withShell(c.fg, c.procs), World{Shell: 812, Jobs: c.jobs}), c.want)
		})
	}

	t.Run("without a shell nothing is ours", func(t *testing.T) {
		tree := Next(nil, withShell(812, ""), World{})
		if tree.Shell != nil {
			t.Error("there is a shell")
		}
		for p := range tree.All {
			if p.Ours {
				t.Errorf("%d is ours", p.Pid)
			}
		}
	})
	t.Run("an empty snapshot is an empty tree", func(t *testing.T) {
		compare(t, Next(nil, &Snapshot{}, World{Shell: 812}), "")
	})
	t.Run("of members that disagree about the foreground the one read last is believed", func(t *testing.T) {
		tree := Next(nil, snapshot(`
			812 300 812 812 3 812 S 10 jsh
			834 812 834 812 3 834 S 30 ls`), World{Shell: 812})
		if fg := tree.Sessions[0].Foreground; fg != 834 {
			t.Errorf("the foreground group is %d", fg)
		}
	})
}

func TestOrphaned(t *testing.T) {
	for _, c := range []struct {
		name, procs string
		pgid        int
		want        bool
	}{
		{"a job of the shell is not orphaned: the shell is in another group of the session",
			`830 812 830 812 3 812 S 20 a`, 830, false},
		{"a session leader's group is orphaned: its parent is in another session",
			``, 812, true},
		{"a child of init is orphaned: init is in another session",
			`830 1 830 812 3 812 S 20 a`, 830, true},
		{"one member with a parent in another group of the session is enough",
			`830 1 830 812 3 812 S 20 a
			 831 812 830 812 3 812 S 21 b`, 830, false},
		{"a parent in the same group does not count",
			`830 1 830 812 3 812 S 20 a
			 831 830 830 812 3 812 S 21 b`, 830, true},
		{"a parent in another session does not count",
			`840 812 840 840 0 -1 S 20 a
			 841 840 841 812 3 812 S 21 b`, 841, true},
		{"an exited leader's group with a child of the shell is not orphaned",
			`831 812 830 812 3 812 S 21 b`, 830, false},
		{"an exited leader's group that init adopted is",
			`831 1 830 812 3 812 S 21 b`, 830, true},
		{"a zombie's parent does not save its group",
			`830 812 830 812 3 812 Z 20 a
			 831 830 830 812 3 812 S 21 b`, 830, true},
		{"a process whose first thread alone has ended still counts",
			`830 812 830 812 3 812 Zl 20 a`, 830, false},
		{"a group of zombies only is not called orphaned",
			`830 812 830 812 3 812 Z 20 a`, 830, false},
		{"stopped members count like others",
			`830 1 830 812 3 812 T 20 a`, 830, true},
		{"a subreaper in the session keeps the group from being orphaned",
			`820 812 820 812 3 812 S 20 reaper
			 831 820 830 812 3 812 S 21 b`, 830, false},
		{"a parent outside the pid namespace is outside the session",
			`830 0 830 812 3 812 S 20 a`, 830, true},
		{"of a parent that the snapshot lacks nothing is known",
			`830 777 830 812 3 812 S 20 a`, 830, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree := Next(nil, withShell(812, c.procs), World{Shell: 812})
			for _, s := range tree.Sessions {
				for _, g := range s.Groups {
					if g.Pgid == c.pgid {
						if g.Orphaned != c.want {
							t.Errorf("orphaned: %v", g.Orphaned)
						}
						return
					}
				}
			}
			t.Errorf("no group %d in\n%s", c.pgid, text(tree))
		})
	}
}

func TestAdoptionInOneSnapshot(t *testing.T) {
	for _, c := range []struct {
		name, procs string
		pid         int
		want        bool
	}{
		{"the shell's child is not adopted", `830 812 830 812 3 812 S 20 a`, 830, false},
		{"init was never in the shell's session, so its child there is adopted",
			`830 1 830 812 3 812 S 20 a`, 830, true},
		{"so is the child of a subreaper that is older than the session",
			`831 300 830 812 3 812 S 20 a`, 831, true},
		{"a parent that made a session of its own later may have forked it",
			`840 812 840 840 0 -1 S 20 a
			 841 840 841 812 3 812 S 21 b`, 841, false},
		{"of a session leader one snapshot cannot tell", `830 1 830 830 0 -1 S 20 a`, 830, false},
		{"where the session's leader is gone, only init is proof",
			`861 300 860 860 0 -1 S 20 a`, 861, false},
		{"and init is", `861 1 860 860 0 -1 S 20 a`, 861, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree := Next(nil, withShell(812, c.procs), World{Shell: 812})
			if got := tree.Process(c.pid).Adopted; got != c.want {
				t.Errorf("adopted: %v", got)
			}
		})
	}
}

// TestRandomTrees checks every tree against the definitions, told naively.
func TestRandomTrees(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	random := func() *Snapshot {
		var s Snapshot
		n := 1 + r.IntN(12)
		for pid := 1; pid <= n; pid++ {
			p := Proc{Pid: pid, PPid: r.IntN(n + 2), Pgid: 1 + r.IntN(4), State: "RSTZ"[r.IntN(4)], Threads: 1,
				Start: uint64(r.IntN(4)), Name: "p"}
			p.Sid = 1 + p.Pgid%2
			if p.Sid == 1 {
				p.TTY, p.Tpgid = pts3, 1+r.IntN(3)
			}
			if r.IntN(4) > 0 {
				s.Procs = append(s.Procs, p)
			}
		}
		return &s
	}
	for range 3000 {
		var prev *Tree
		for range 4 {
			s := random()
			before := ""
			if prev != nil {
				before = text(prev)
			}
			w := World{Shell: 1 + r.IntN(4)}
			for range r.IntN(4) {
				w.Events = append(w.Events, event.Event{
					Kind: []event.Kind{event.Spawn, event.Exited, event.LineBegin, event.Seen, event.Gone}[r.IntN(5)],
					Pid:  1 + r.IntN(12), PPid: r.IntN(12), Pgid: r.IntN(12), Path: "/bin/p"})
			}
			tree := Next(prev, s, w)
			if prev != nil && text(prev) != before {
				t.Fatal("Next changed the tree before")
			}
			checkTree(t, tree, s)
			prev = tree
		}
	}
}

func checkTree(t *testing.T, tree *Tree, s *Snapshot) {
	t.Helper()
	count := map[int]int{}
	gone := map[int]int{}
	for _, ses := range tree.Sessions {
		for _, g := range ses.Groups {
			if len(g.Members) == 0 {
				t.Fatal("an empty group")
			}
			orphan, living := true, false
			for _, p := range g.Members {
				if p.Sid != ses.Sid || p.Pgid != g.Pgid || p.Session != ses || p.Group != g {
					t.Fatalf("%d stands in the wrong place\n%s", p.Pid, text(tree))
				}
				if p.Gone {
					gone[p.Pid]++
					continue
				}
				count[p.Pid]++
				if p.Exited() {
					continue
				}
				living = true
				parent := s.Find(p.PPid)
				if p.PPid != 0 && (p.PPid == p.Pid || parent == nil || parent.Sid == p.Sid && parent.Pgid != p.Pgid) {
					orphan = false
				}
			}
			if g.Orphaned != (orphan && living) {
				t.Fatalf("group %d orphaned: %v\n%s", g.Pgid, g.Orphaned, text(tree))
			}
		}
	}
	if len(count) != len(s.Procs) {
		t.Fatalf("%d of %d processes\n%s", len(count), len(s.Procs), text(tree))
	}
	for pid, n := range count {
		if n != 1 {
			t.Fatalf("%d appears %d times\n%s", pid, n, text(tree))
		}
	}
}

func BenchmarkNext(b *testing.B) {
	var table strings.Builder
	table.WriteString("1 0 1 1 0 -1 S 1 init\n812 1 812 812 3 812 S 10 jsh\n")
	for i := range 1000 {
		fmt.Fprintf(&table, "%d %d %d %d 0 -1 S %d p%d\n", 1000+i, 1+i%2*811, 1000+i, 1000+i/2*2, 20+i, i%20)
	}
	s := snapshot(table.String())
	prev := Next(nil, s, World{Shell: 812})
	b.ReportAllocs()
	for b.Loop() {
		prev = Next(prev, s, World{Shell: 812})
	}
}
