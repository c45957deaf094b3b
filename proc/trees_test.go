package proc

import (
	"bufio"
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// plan is what one process of a random tree does: its own moves first, then
// its children, then how it goes on. It is written as letters for the Perl program
// below.
type plan struct {
	moves    string // g: a group of its own; j: joins its elder sibling's group; s: a session of its own
	children []plan
	last     byte // w: waits; t: stops; x: ends
}

func randomPlan(r *rand.Rand, depth int) plan {
	p := plan{last: "wwtx"[r.IntN(4)]}
	for r.IntN(3) == 0 && len(p.moves) < 3 {
		p.moves += string("gjs"[r.IntN(3)])
	}
	if depth > 0 {
		for range r.IntN(4) {
			p.children = append(p.children, randomPlan(r, depth-1))
		}
	}
	return p
}

func (p plan) String() string {
	s := "(" + p.moves
	for _, c := range p.children {
		s += c.String()
	}
	return s + string(p.last) + ")"
}

// stay counts the processes that do not end.
func (p plan) stay() int {
	n := 0
	if p.last != 'x' {
		n = 1
	}
	for _, c := range p.children {
		n += c.stay()
	}
	return n
}

// treePerl walks a plan. Who waits does so until descriptor 3 ends; each process
// that is in its place says so with its pid on descriptor 4. The root waits.
const treePerl = `
	$SIG{HUP} = $SIG{TTOU} = $SIG{TTIN} = 'IGNORE'; $SIG{CHLD} = 'DEFAULT';
	open $hold, '<&=', 3; open $up, '>&=', 4; $up->autoflush(1);
	my ($plan, $at) = ($ARGV[0], 0);
	sub skip { my $depth = 0; do { my $c = substr $plan, $at++, 1; $depth++ if $c eq '('; $depth-- if $c eq ')' } while $depth }
	sub live {
		my ($elder) = @_; $at++; my $younger = 0;
		while (1) {
			my $c = substr $plan, $at++, 1;
			if ($c eq 'g') { setpgrp 0, 0 }
			elsif ($c eq 'j') { setpgrp 0, $elder if $elder }
			elsif ($c eq 's') { POSIX::setsid() }
			elsif ($c eq '(') {
				$at--;
				my $child = fork // die "fork: $!";
				if (!$child) { live($younger); POSIX::_exit(0) }
				skip(); $younger = $child;
			}
			else {
				POSIX::_exit(0) if $c eq 'x';
				syswrite $up, "$$\n";
				while ($c eq 't') { kill STOP => $$ }
				sysread $hold, my $x, 1;
				POSIX::_exit(0);
			}
		}
	}
	live(0);
`

// TestRandomTreesAreAsPsSaysThem compares what the reader and the watchers say
// of random trees of real processes with ps.
func TestRandomTreesAreAsPsSaysThem(t *testing.T) {
	for _, tool := range []string{"ps", "perl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(err)
		}
	}
	reader := reader(t)
	watchers := []*Watcher{watch(t, WatchOptions{Shell: os.Getpid()}), watch(t, WatchOptions{Shell: os.Getpid(), Poll: true})}
	r := rand.New(rand.NewPCG(11, uint64(os.Getpid())))
	processes := 0
	for range max(8, *soak) {
		p := randomPlan(r, 3)
		p.last = 'w'
		processes += compareWithPs(t, reader, watchers, p)
		if t.Failed() {
			t.Fatal("the plan was ", p)
		}
	}
	t.Logf("%d processes in %d trees; the watchers used %s; %s", processes, max(8, *soak), watchers[0].Source(), watchers[1].Source())
}

func compareWithPs(t *testing.T, reader *Reader, watchers []*Watcher, p plan) int {
	_, tty := terminal(t)
	holdEnd, hold, _ := os.Pipe()
	upEnd, up, _ := os.Pipe()
	cmd := exec.Command("perl", "-e", "use POSIX (); use IO::Handle;"+treePerl, p.String())
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	cmd.ExtraFiles = []*os.File{holdEnd, up}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	holdEnd.Close()
	up.Close()
	var pids []int // those that stay
	defer func() {
		for _, pid := range pids {
			// Whatever its state: one that was stopped may run for a moment, for its
			// group became orphaned, and stop again.
			if q, err := reader.ReadOne(pid); err == nil && q.Name == "perl" {
				unix.Kill(pid, unix.SIGKILL)
			}
		}
		hold.Close()
		cmd.Wait()
		upEnd.Close()
		tty.Close()
	}()
	lines := bufio.NewReader(upEnd)
	for len(pids) < p.stay() {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("%d of %d processes said that they stay: %v; plan %s", len(pids), p.stay(), err, p)
		}
		pid, _ := strconv.Atoi(strings.TrimSpace(line))
		pids = append(pids, pid)
	}
	// concerned are the processes of the tree as ps would write them: those that stay, and
	// their children that ended and are not reaped.
	concerned := func(s *Snapshot) (lines []string, settled bool) {
		settled = true
		for i := range s.Procs {
			q := &s.Procs[i]
			switch {
			case slices.Contains(pids, q.Pid):
				settled = settled && (q.State == 'S' || q.State == 'T')
				// A parent that is about to end has to be gone.
				if up := s.Find(q.PPid); !slices.Contains(pids, q.PPid) && (up == nil || up.Name == q.Name) {
					settled = false
				}
			case !slices.Contains(pids, q.PPid):
				continue
			default:
				settled = settled && q.State == 'Z'
			}
			name := "?"
			if q.TTY != 0 {
				name = strings.TrimPrefix(tty.Name(), "/dev/")
			}
			flags := ""
			if q.Pid == q.Sid {
				flags = "s"
			}
			if q.TTY != 0 && q.Tpgid == q.Pgid {
				flags += "+"
			}
			lines = append(lines, fmt.Sprintf("%d %d %d %d %s %d %c%s", q.Pid, q.PPid, q.Pgid, q.Sid, name, q.Tpgid, q.State, flags))
		}
		return lines, settled
	}
	var s Snapshot
	var want []string
	for begun := time.Now(); ; {
		if time.Since(begun) > 30*time.Second {
			t.Fatalf("the tree did not settle:\n%s\nplan %s", strings.Join(want, "\n"), p)
		}
		if err := reader.Read(&s); err != nil {
			t.Fatal(err)
		}
		before, settled := concerned(&s)
		if want = before; !settled {
			continue
		}
		out, err := exec.Command("ps", "-eo", "pid=,ppid=,pgid=,sid=,tty=,tpgid=,stat=").Output()
		if err != nil {
			continue // the machine has no room for a process just now
		}
		if err := reader.Read(&s); err != nil {
			t.Fatal(err)
		}
		if after, _ := concerned(&s); !slices.Equal(before, after) {
			continue
		}
		var got []string
		for line := range strings.Lines(string(out)) {
			f := strings.Fields(line)
			pid, _ := strconv.Atoi(f[0])
			ppid, _ := strconv.Atoi(f[1])
			if slices.Contains(pids, pid) || slices.Contains(pids, ppid) {
				f[6] = strings.Map(func(c rune) rune {
					if strings.ContainsRune("STZRDs+", c) {
						return c
					}
					return -1 // nice, locked, threads: not what is compared
				}, f[6])
				got = append(got, strings.Join(f, " "))
			}
		}
		slices.SortFunc(got, func(a, b string) int {
			return first(a) - first(b)
		})
		if !slices.Equal(got, want) {
			t.Errorf("the snapshot has\n%s\nps has\n%s", strings.Join(want, "\n"), strings.Join(got, "\n"))
			return 0
		}
		break
	}
	// The watchers come to say the same. Without a connector a process whose parents
	// all ended before a look is nobody's for them: it stands among everybody.
	for _, w := range watchers {
		var last []string
		var near, all *Snapshot
		late := time.After(20 * time.Second)
		for !slices.Equal(last, want) {
			w.Poke()
			select {
			case b := <-w.Batches():
				near, all = cmp.Or(b.Near, near), cmp.Or(b.Snap, all)
				if near == nil {
					continue
				}
				seen := near
				if last, _ = concerned(near); !w.kernel && !slices.Equal(last, want) && all != nil {
					f := frame{}
					f.gone, f.changed = differ(all.Procs, near.Procs)
					f.gone = nil
					seen = apply(all, &f)
				}
				if last, _ = concerned(seen); slices.Equal(last, want) {
					checkTree(t, Next(nil, seen, World{Shell: cmd.Process.Pid}), seen)
				}
			case <-late:
				t.Errorf("ps has\n%s\nthe watcher with %s has\n%s", strings.Join(want, "\n"), w.Source(), strings.Join(last, "\n"))
				return 0
			}
		}
	}
	return len(want)
}

func first(line string) int {
	n, _ := strconv.Atoi(line[:strings.IndexByte(line, ' ')])
	return n
}
