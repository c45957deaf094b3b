package proc

import (
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// soak is how many rounds the long tests make: 1,000 double forks, 2,000
// trees.
var soak = flag.Int("soak", 0, "rounds of the long tests; 0: a few")

// listening begins to watch with the connector, or skips the test where it does not
// answer.
func listening(t *testing.T, o WatchOptions) *Watcher {
	t.Helper()
	w := watch(t, o)
	if w.Source() != "the kernel's proc connector" {
		t.Skip("no proc connector here: ", w.Source())
	}
	return w
}

// perl starts a Perl program that does what it reads a line for. Perl can
// fork as C can; Go cannot.
func perl(t *testing.T, text string, args ...string) (cmd *exec.Cmd, in io.WriteCloser, out io.Reader) {
	t.Helper()
	if _, err := exec.LookPath("perl"); err != nil {
		t.Skip(err)
	}
	cmd = exec.Command("perl", append([]string{"-e", "use POSIX (); use IO::Handle; $| = 1; sub nap { select undef, undef, undef, $_[0] }\n" + text}, args...)...)
	// A session of its own: the watcher also tells of whoever shares the shell's.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	var err error
	if in, err = cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if out, err = cmd.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
	return cmd, in, out
}

// doubleForks makes daemons in the textbook's way that live for a millisecond.
const doubleForks = `
	<STDIN>;
	for (1 .. $ARGV[0]) {
		my $child = fork;
		if (!$child) {
			POSIX::setsid();
			if (!fork) { nap(0.001); POSIX::_exit(7) }
			nap(0.001);
			POSIX::_exit(3);
		}
		waitpid $child, 0;
	}
	print "done\n";
	<STDIN>;
`

func TestDoubleForksOfAMillisecondAreToldCompleteAndInOrder(t *testing.T) {
	n := max(*soak, 20)
	cmd, in, _ := perl(t, doubleForks, fmt.Sprint(n))
	w := listening(t, WatchOptions{Shell: cmd.Process.Pid})
	until(t, w, "perl", func(b Batch) bool { return b.Snap != nil && b.Snap.Find(cmd.Process.Pid) != nil })
	fmt.Fprintln(in, "go")

	// What was told of each child and grandchild, in order.
	type life struct{ child, grandchild string }
	lives := make(map[int]*life)
	parent := make(map[int]int)
	told, ended := 0, 0
	until(t, w, "all ends", func(b Batch) bool {
		for _, e := range b.Events {
			if e.Kind == event.Gap {
				t.Fatal(e.String())
			}
			if e.Source != event.Connector || e.Pid == cmd.Process.Pid {
				continue // the end of perl's own exec may still be told
			}
			told++
			switch {
			case e.Kind == event.Seen && e.PPid == cmd.Process.Pid:
				lives[e.Pid] = &life{child: "fork"}
			case e.Kind == event.Seen && lives[e.PPid] != nil:
				lives[e.PPid].child += " fork"
				lives[e.PPid].grandchild = "born"
				parent[e.Pid] = e.PPid
			case e.Kind == event.Moved && lives[e.Pid] != nil && e.Sid == e.Pid && e.TTY == 0:
				lives[e.Pid].child += " setsid"
			case e.Kind == event.Exited && lives[e.Pid] != nil && e.Status == 3:
				lives[e.Pid].child += " exit"
				ended++
			case e.Kind == event.Exited && parent[e.Pid] != 0 && e.Status == 7:
				lives[parent[e.Pid]].grandchild += " exit"
				ended++
			default:
				t.Errorf("unexpected: %s", e.String())
			}
		}
		return ended >= 2*n
	})
	for pid, l := range lives {
		if l.child != "fork setsid fork exit" || l.grandchild != "born exit" {
			t.Errorf("%d: child %q, grandchild %q", pid, l.child, l.grandchild)
		}
	}
	if told != 5*n {
		t.Errorf("%d events of %d", told, 5*n)
	}
	t.Logf("%d events of %d double forks", told, n)
}

func TestWithoutTheConnectorWhatWasMissedIsSaid(t *testing.T) {
	cmd, in, _ := perl(t, doubleForks, fmt.Sprint(20))
	w := watch(t, WatchOptions{Shell: cmd.Process.Pid, Poll: true})
	until(t, w, "perl", func(b Batch) bool { return b.Snap != nil && b.Snap.Find(cmd.Process.Pid) != nil })
	fmt.Fprintln(in, "go")
	until(t, w, "a gap", func(b Batch) bool {
		w.Poke()
		for _, e := range b.Events {
			if e.Kind == event.Gap && strings.Contains(e.Text, "came and went between two looks") {
				return true
			}
		}
		return false
	})
	if !strings.HasPrefix(w.Source(), "/proc, every ") {
		t.Error(w.Source())
	}
}

// TestTheConnectorSaysWhyItIsSilent runs itself again where the connector does
// not answer.
func TestTheConnectorSaysWhyItIsSilent(t *testing.T) {
	if want := os.Getenv("JSH_TEST_SILENT"); want != "" {
		w, err := Watch(WatchOptions{})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		if s := w.Source(); !strings.HasPrefix(s, "/proc, every ") || !strings.Contains(s, want) {
			t.Errorf("%s", s)
		}
		until(t, w, "a snapshot", func(b Batch) bool { return b.Snap != nil })
		return
	}
	if os.Getuid() != 0 {
		t.Skip("only root may make namespaces for sure")
	}
	for _, c := range []struct {
		name, want string
		unshare    []string
	}{
		{"in another network namespace", "ECONNREFUSED", []string{"-n"}},
		{"in another pid namespace", "silent", []string{"-p", "-f", "--mount-proc"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if out, err := exec.Command("unshare", append(c.unshare, "true")...).CombinedOutput(); err != nil {
				t.Skipf("cannot unshare here: %s %v", out, err)
			}
			cmd := exec.Command("unshare", append(c.unshare, "/proc/self/exe", "-test.run", "^"+t.Name()[:strings.IndexByte(t.Name(), '/')]+"$")...)
			cmd.Args[len(cmd.Args)-3], _ = os.Executable()
			cmd.Env = append(os.Environ(), "JSH_TEST_SILENT="+c.want)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s\n%v", out, err)
			}
		})
	}
}

// packet is a datagram of the connector.
func packet(what uint32, cpu, seq uint32, data ...uint32) []byte {
	b := make([]byte, netlinkHeader+cnHeader+procEventData)
	e := binary.NativeEndian
	e.PutUint32(b[16:], cnIdxProc)
	e.PutUint32(b[20:], cnValProc)
	e.PutUint32(b[24:], seq)
	e.PutUint32(b[36:], what)
	e.PutUint32(b[40:], cpu)
	e.PutUint64(b[44:], 5_000_000_000)
	for _, v := range data {
		b = e.AppendUint32(b, v)
	}
	return b
}

func TestConnectorMessages(t *testing.T) {
	t.Run("each kind is read", func(t *testing.T) {
		m, ok := decode(packet(toldFork, 1, 7, 10, 11, 20, 21))
		if !ok || m.parent != 11 || m.pid != 20 || m.tgid != 21 || m.cpu != 1 || m.seq != 7 || m.at != 5_000_000_000 {
			t.Errorf("fork: %+v, %v", m, ok)
		}
		if m, ok = decode(packet(toldExit, 0, 0, 20, 20, 3<<8, 17, 10, 10)); !ok || m.pid != 20 || m.code != 3<<8 || m.parent != 10 {
			t.Errorf("exit: %+v, %v", m, ok)
		}
		if m, ok = decode(packet(toldComm, 0, 0, 20, 20, 0x00636261)); !ok || string(m.comm()) != "abc" {
			t.Errorf("comm: %+v, %v", m, ok)
		}
		if m, ok = decode(packet(toldUser, 0, 0, 20, 20, 1000, 0xfffffffe)); !ok || userText(&m) != "user 1000, effective 4294967294" {
			t.Errorf("uid: %+v, %v", m, ok)
		}
	})
	t.Run("a datagram that is cut off or not the connector's is refused", func(t *testing.T) {
		b := packet(toldFork, 1, 7, 10, 11, 20, 21)
		for n := range b {
			if _, ok := decode(b[:n]); ok {
				t.Errorf("%d bytes were taken", n)
			}
		}
		b[16] = 9
		if _, ok := decode(b); ok {
			t.Error("another connector's was taken")
		}
	})
	t.Run("missing numbers are counted on each CPU by itself", func(t *testing.T) {
		c := &connector{next: make(map[uint32]uint32)}
		for _, m := range []message{{cpu: 0, seq: 5}, {cpu: 1, seq: 90}, {cpu: 0, seq: 6}, {cpu: 1, seq: 93}, {cpu: 0, seq: 7}} {
			c.count(&m)
		}
		if c.lost != 2 {
			t.Errorf("%d lost", c.lost)
		}
	})
	t.Run("a status is told as wait tells it", func(t *testing.T) {
		for code, want := range map[int]event.Event{
			3 << 8:        {Kind: event.Exited, Status: 3},
			9:             {Kind: event.Killed, Sig: 9},
			11 | 1<<7:     {Kind: event.Killed, Sig: 11, Core: true},
			0x12345 << 16: {Kind: event.Exited},
		} {
			var e event.Event
			if end(&e, code); e.Kind != want.Kind || e.Sig != want.Sig || e.Core != want.Core {
				t.Errorf("%#x: %+v", code, e)
			}
		}
	})
}

func TestAnOverflowIsToldAndRepaired(t *testing.T) {
	r, err := Open()
	if err != nil {
		t.Skip(err)
	}
	c, why := openConnector()
	if c == nil {
		r.Close()
		t.Skip(why)
	}
	// A queue for a few messages: what 50 processes do is too much for it.
	if err := unix.SetsockoptInt(c.fd, unix.SOL_SOCKET, unix.SO_RCVBUF, 1); err != nil {
		t.Fatal(err)
	}
	cmd, in, out := perl(t, `<STDIN>; for (1 .. 50) { if (!fork) { POSIX::_exit(0) } wait }
		$p = fork; if (!$p) { <STDIN>; POSIX::_exit(0) } print "$p\n"; <STDIN>`)
	x := newEye(r, WatchOptions{Shell: cmd.Process.Pid})
	x.c = c
	defer x.close()
	w := &Watcher{full: make(chan struct{}, 1)} // no channel: all is pending
	var p pace
	w.turn(x, &p, event.Now())
	fmt.Fprintln(in, "go")
	var child int
	if _, err := fmt.Fscan(out, &child); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		w.turn(x, &p, event.Now())
	}
	gap, seen := false, false
	for _, e := range w.pending.Events {
		gap = gap || e.Kind == event.Gap
		seen = seen || e.Kind == event.Seen && e.Pid == child
	}
	if !gap || !seen || x.known[child] == nil {
		t.Errorf("gap told: %v, the child told: %v, known: %v", gap, seen, x.known[child] != nil)
	}
	in.Close()
}

func TestAPolledProcessIsToldWithItsStatus(t *testing.T) {
	// The child's parent is not the shell that is watched, so no wait of the shell's tells
	// of it.
	cmd, in, out := perl(t, `$p = fork; if (!$p) { $q = fork; if (!$q) { <STDIN>; POSIX::_exit(5) } print "$q\n"; waitpid $q, 0; nap(30) while !getppid(); <STDIN>; POSIX::_exit(0) } waitpid $p, 0`)
	var child int
	if _, err := fmt.Fscan(out, &child); err != nil {
		t.Fatal(err)
	}
	fd, err := unix.PidfdOpen(child, 0)
	if err != nil {
		t.Skip(err)
	}
	defer unix.Close(fd)
	if kernelBefore(6, 15) {
		t.Skip("this kernel tells no exit status by a pidfd")
	}
	w := watch(t, WatchOptions{Shell: cmd.Process.Pid, Poll: true})
	until(t, w, "the child", func(b Batch) bool { return b.Snap != nil && b.Snap.Find(child) != nil })
	in.Close()
	until(t, w, "its status", func(b Batch) bool {
		for _, e := range b.Events {
			if e.Pid == child && e.Kind == event.Exited {
				if e.Status != 5 || e.Source != event.Proc {
					t.Errorf("%+v", e)
				}
				return true
			}
		}
		return false
	})
}

func kernelBefore(major, minor int) bool {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return true
	}
	var a, b int
	fmt.Sscanf(string(u.Release[:]), "%d.%d", &a, &b)
	return a < major || a == major && b < minor
}

func TestThreadsAreFoldedIntoTheirProcess(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip(err)
	}
	cmd := exec.Command("python3", "-c", `
import os, sys, threading
print("ready", flush=True)
sys.stdin.readline()
def work(): pass
for _ in range(20):
    th = threading.Thread(target=work); th.start(); th.join()
def last():
    os._exit(9)
threading.Thread(target=last).start()
`)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fscan(out, new(string)); err != nil { // python3 may be a script that starts it
		t.Fatal(err)
	}
	w := listening(t, WatchOptions{Shell: cmd.Process.Pid})
	until(t, w, "python", func(b Batch) bool { return b.Snap != nil && b.Snap.Find(cmd.Process.Pid) != nil })
	fmt.Fprintln(in)
	until(t, w, "its end", func(b Batch) bool {
		for _, e := range b.Events {
			if e.Source != event.Connector {
				continue
			}
			if e.Kind == event.Exited && e.Pid == cmd.Process.Pid {
				if e.Status != 9 {
					t.Errorf("status %d", e.Status)
				}
				return true
			}
			t.Errorf("told: %s", e.String())
		}
		return false
	})
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 9 {
		t.Error(err)
	}
}

func TestAProcessInAContainerIsToldWithOurPid(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root may make namespaces for sure")
	}
	cmd, in, _ := perl(t, `<STDIN>; exec "unshare", "-p", "-f", "--mount-proc", "perl", "-e", 'fork or exec "sleep", "0.01"; wait'`)
	w := listening(t, WatchOptions{Shell: cmd.Process.Pid})
	until(t, w, "perl", func(b Batch) bool { return b.Snap != nil && b.Snap.Find(cmd.Process.Pid) != nil })
	fmt.Fprintln(in, "go")
	r := reader(t)
	first := 0 // the namespace's pid 1, as we number it
	until(t, w, "the sleep in the container", func(b Batch) bool {
		for _, e := range b.Events {
			switch {
			case e.Kind == event.Seen && e.PPid == cmd.Process.Pid:
				first = e.Pid
				if pids, err := r.NSpid(first); err == nil && !slices.Equal(pids, []int{first, 1}) {
					t.Errorf("%d has the pids %v", first, pids)
				}
			case e.Kind == event.Exited && e.PPid == first && first != 0:
				return true
			case e.Kind == event.Exited && e.Pid == cmd.Process.Pid && e.Status != 0:
				t.Skip("unshare is refused here")
			}
		}
		return false
	})
}

func TestASlowReaderCostsEventsAndIsTold(t *testing.T) {
	w := &Watcher{full: make(chan struct{}, 1), batches: make(chan Batch), done: make(chan struct{}), ran: make(chan struct{})}
	close(w.ran)
	for i := range maxPending + 7 {
		w.put([]event.Event{{Kind: event.Gone, Pid: i}}, nil, nil)
	}
	w.ended.Add(1)
	go w.deliver()
	b := <-w.Batches()
	close(w.done)
	w.ended.Wait()
	if len(b.Events) != maxPending+1 || b.Events[0].Kind != event.Gap || !strings.HasPrefix(b.Events[0].Text, "7 events") || b.Events[1].Pid != 7 {
		t.Errorf("%d events, first %s", len(b.Events), b.Events[0].String())
	}
}
