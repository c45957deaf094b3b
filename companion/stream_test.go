package companion

import (
	"bytes"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/proc"
)

// randomSnapshots are snapshots that follow each other: processes come, go and
// change.
func randomSnapshots(r *rand.Rand, n int) []*proc.Snapshot {
	var list []*proc.Snapshot
	now := map[int]proc.Proc{}
	for i := range n {
		for range r.IntN(6) {
			pid := 1 + r.IntN(40)
			switch r.IntN(3) {
			case 0:
				delete(now, pid)
			default:
				now[pid] = proc.Proc{Pid: pid, Name: "p\xff\"" + string(rune('a'+r.IntN(26))), State: "RSDZT"[r.IntN(5)], PPid: r.IntN(40), Pgid: r.IntN(40),
					Sid: r.IntN(40), TTY: r.IntN(3) * 34816, Tpgid: r.IntN(40) - 1, Threads: r.IntN(3), Start: r.Uint64(), Waits: []string{"", "reads a pipe"}[r.IntN(2)]}
			}
		}
		s := &proc.Snapshot{At: int64(i)}
		for pid := range 41 {
			if p, ok := now[pid]; ok {
				s.Procs = append(s.Procs, p)
			}
		}
		list = append(list, s)
	}
	return list
}

func TestFramesLeadFromEachSnapshotToTheNext(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 1))
		var before, rebuilt *proc.Snapshot
		for i, s := range randomSnapshots(r, 30) {
			f, changed := between(before, s)
			f.jobs, f.hidden, f.ours = map[int]int{7: 1, 3: 2}, []int{5, 1}, []int{9, 2}
			if !changed {
				continue
			}
			rec, err := parseLine(appendFrame(nil, &f))
			if err != nil || rec.frame == nil {
				t.Fatalf("seed %d, frame %d: %v", seed, i, err)
			}
			if !reflect.DeepEqual(rec.frame.jobs, f.jobs) || !reflect.DeepEqual(rec.frame.hidden, f.hidden) || !reflect.DeepEqual(rec.frame.ours, f.ours) {
				t.Fatalf("seed %d: jobs %v, hidden %v", seed, rec.frame.jobs, rec.frame.hidden)
			}
			rebuilt = rec.frame.after(rebuilt)
			if rebuilt == nil || rebuilt.At != s.At || len(rebuilt.Procs) != len(s.Procs) {
				t.Fatalf("seed %d, frame %d: %v, want %v", seed, i, rebuilt, s)
			}
			for k := range s.Procs {
				if rebuilt.Procs[k] != s.Procs[k] {
					t.Fatalf("seed %d, frame %d: %+v, want %+v", seed, i, rebuilt.Procs[k], s.Procs[k])
				}
			}
			before = s
		}
	}
}

func TestAStreamCutAnywhereIsReadTheSame(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	stream := appendAbout(nil, about{shell: 4, source: "somebody\n", lost: 3, episodes: 5, keys: true})
	var before *proc.Snapshot
	for i, s := range randomSnapshots(r, 20) {
		f, _ := between(before, s)
		before = s
		stream = appendFrame(stream, &f)
		e := event.Event{At: int64(i), Kind: event.LineBegin, Source: event.Shell, Pid: 4, Text: "line " + string(rune('a'+i))}
		stream = append(event.AppendJSON(stream, &e), '\n')
	}
	whole := reader{b: newBook(1 << 20)}
	if err := whole.bytes(bytes.Clone(stream)); err != nil {
		t.Fatal(err)
	}
	pieces := reader{b: newBook(1 << 20)}
	for rest := stream; len(rest) > 0; {
		n := min(len(rest), 1+r.IntN(50))
		if err := pieces.bytes(bytes.Clone(rest[:n])); err != nil {
			t.Fatal(err)
		}
		rest = rest[n:]
	}
	if a, b := dump(whole.b), dump(pieces.b); a != b || !strings.Contains(a, "line t") {
		t.Errorf("whole:\n%s\nin pieces:\n%s", a, b)
	}
	if m := whole.b.Moment(Place{}); m.Episode != 25 || m.Lost != 3 || !m.Keys || m.Source != "somebody\n" {
		t.Errorf("%+v", m)
	}
}

// dump is all there is to see in a log: every moment, each with its tree.
func dump(m Moments) string {
	var b strings.Builder
	for at, last := m.First(), (Place{-1, -1}); at != last; at, last = m.Next(at), at {
		mo := m.Moment(at)
		b.WriteString(mo.Line + "\n")
		if n := len(mo.Events); n > 0 {
			e := mo.Events[n-1]
			e.Seq = 0
			b.Write(append(event.AppendJSON(nil, &e), '\n'))
		}
		if mo.Tree != nil {
			b.WriteString(treeText(mo.Tree))
		}
		if at.Live() {
			break
		}
	}
	return b.String()
}

// treeText is what came from the shell, by pid: in a tree the order also tells
// what was there before the recording began.
func treeText(t *proc.Tree) string {
	var lines []string
	for p := range t.All {
		if !p.Ours {
			continue
		}
		e := p.Seen(0)
		line := "  " + string(event.AppendJSON(nil, &e)) + " " + string(p.State) + " " + p.Waits
		for _, w := range []struct {
			is   bool
			word string
		}{{p.Gone, " gone"}, {p.Adopted, " adopted"}, {p.Plumbing, " plumbing"}} {
			if w.is {
				line += w.word
			}
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n") + "\n"
}

func FuzzAStreamIsReadOrRefused(f *testing.F) {
	f.Add(appendAbout(nil, about{shell: 4, source: "x"}))
	r := rand.New(rand.NewPCG(1, 2))
	var before *proc.Snapshot
	for _, s := range randomSnapshots(r, 3) {
		fr, _ := between(before, s)
		before = s
		f.Add(appendFrame(nil, &fr))
	}
	f.Add([]byte(`{"seq":1,"at":5,"kind":"line-begin","text":"x"}` + "\n"))
	f.Fuzz(func(t *testing.T, stream []byte) {
		rd := reader{b: newBook(1 << 20)}
		if rd.bytes(stream) == nil {
			dump(rd.b)
		}
		for line := range bytes.Lines(stream) {
			rec, err := parseLine(line)
			if err != nil {
				continue
			}
			var again []byte
			switch {
			case rec.frame != nil:
				again = appendFrame(nil, rec.frame)
			case rec.about != nil:
				again = appendAbout(nil, *rec.about)
			default:
				continue
			}
			if _, err := parseLine(again); err != nil {
				t.Errorf("%q is read, and written as %q: %v", line, again, err)
			}
		}
	})
}

// A message of any content may cost its sender the connection, never more.
func FuzzAMessageCostsItsSenderAtMostTheConnection(f *testing.F) {
	for _, seed := range []string{"S1", "S-1", "E{}\n", `E{"kind":"line-begin"}` + "\n", "J1 2\n3 x\n", "Rname", "X", "V", "Q", "", "\x00", "D"} {
		f.Add([]byte(seed), []byte("Q"))
	}
	f.Fuzz(func(t *testing.T, one, two []byte) {
		if len(one) == 0 || len(two) == 0 || len(one)+len(two) > maxMessage || one[0] == msgShell || two[0] == msgShell {
			return
		}
		h, err := NewHub(Options{MemoryLimit: 1 << 20})
		if err != nil {
			t.Fatal(err)
		}
		defer h.Close()
		pair, err := unix.Socketpair(unix.AF_UNIX, socketFlags, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer unix.Close(pair[0])
		if err := h.Serve(pair[1]); err != nil {
			t.Fatal(err)
		}
		send(pair[0], one)
		send(pair[0], two)
		unix.Shutdown(pair[0], unix.SHUT_WR)
		for buf := make([]byte, maxMessage); ; { // until the hub hangs up
			n, _, err := receive(pair[0], buf)
			if err == unix.EAGAIN {
				unix.Poll([]unix.PollFd{{Fd: int32(pair[0]), Events: unix.POLLIN}}, -1)
				continue
			}
			if n == 0 || err != nil {
				break
			}
		}
	})
}

func TestARecordingGivesTheSameMomentsAsTheHub(t *testing.T) {
	h := newHub(t, Options{Socket: true})
	log := event.NewLog(1000)
	s := join(t, h, log)
	name := t.TempDir() + "/rec"
	file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Record(name, int(file.Fd())); err != nil {
		t.Fatal(err)
	}
	file.Close()
	for _, line := range []string{"one &", "two &"} {
		tell(log, s, event.Event{Kind: event.LineBegin, Pid: os.Getpid(), Text: line})
		c := child(t)
		pid := c.Process.Pid
		tell(log, s, event.Event{Kind: event.Spawn, Pid: pid, Pgid: pid, Path: "/x/sleeper", Argv: []string{"sleeper"}})
		tell(log, s, event.Event{Kind: event.JobNew, Job: 1, Pgid: pid})
		await(t, "the child", h.Updates(), func() bool { return find(h.Moment(Place{}).Tree, pid) != nil })
		c.Process.Signal(unix.SIGSTOP)
		await(t, "its stop", h.Updates(), func() bool { p := find(h.Moment(Place{}).Tree, pid); return p != nil && p.State == 'T' })
		c.Process.Kill()
		c.Wait()
		tell(log, s, event.Event{Kind: event.Killed, Pid: pid, Sig: 9})
		tell(log, s, event.Event{Kind: event.LineEnd, Pid: os.Getpid()})
		await(t, "its end", h.Updates(), func() bool {
			p := find(h.Moment(Place{}).Tree, pid)
			return p == nil || p.Gone
		})
	}
	last := log.Last()
	await(t, "the last event", h.Updates(), func() bool { return s.sent == last })
	n, err := s.StopRecord()
	if err != nil {
		t.Fatal(err)
	}
	file, err = os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rec, err := Read(file)
	if err != nil || rec.Damage != "" {
		t.Fatal(err, rec)
	}
	recorded := dump(rec)
	if !strings.Contains(recorded, "two &") || !strings.Contains(recorded, "} T ") {
		t.Fatalf("%s events: no stopped child in\n%.2000s", n, recorded)
	}
	// Of the last moment the hub may have seen more since.
	moments := 0
	for at := (Place{1, 1}); !rec.Next(at).Live(); at = rec.Next(at) {
		a, b := rec.Moment(at), h.Moment(at)
		if treeText(a.Tree) != treeText(b.Tree) || a.Line != b.Line || a.Step != b.Step {
			t.Fatalf("at %v the recording has %q\n%s\nthe hub %q\n%s", at, a.Line, treeText(a.Tree), b.Line, treeText(b.Tree))
		}
		moments++
	}
	if moments < 10 {
		t.Errorf("only %d moments", moments)
	}
}

func TestARecordingThatBeginsLateKnowsADaemonOfBefore(t *testing.T) {
	h := newHub(t, Options{Socket: true})
	log := event.NewLog(1000)
	s := join(t, h, log)
	c := child(t) // it leads a group of its own; in a session of its own it would be the same
	pid := c.Process.Pid
	tell(log, s, event.Event{Kind: event.Spawn, Pid: pid, Pgid: pid, Path: "/x/daemon"})
	await(t, "the daemon in a snapshot", h.Updates(), func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return h.last != nil && h.last.Find(pid) != nil && h.told == nil
	})
	h.mu.Lock()
	late := reader{b: newBook(1 << 20)}
	first := h.whole(appendAbout(nil, h.about(0)))
	h.mu.Unlock()
	// As if the shell were nobody's parent any more.
	first = bytes.Replace(first, []byte(",\"shell\":"+strconv.Itoa(os.Getpid())), []byte(`,"shell":1`), 1)
	if err := late.bytes(first); err != nil {
		t.Fatal(err)
	}
	if p := find(late.b.Moment(Place{}).Tree, pid); p == nil || !p.Ours {
		t.Errorf("%+v", p)
	}
}
