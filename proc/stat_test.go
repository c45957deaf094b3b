package proc

import (
	"fmt"
	"strings"
	"testing"
)

const tail = " 4194304 2903 6545 18 0 1 2 3 4 20 0 1 0 987654 12345678 90 18446744073709551615 1 1 0\n"

func TestParseStat(t *testing.T) {
	for _, c := range []struct {
		name, comm string
	}{
		{"a plain name", "find"},
		{"a name with blanks", "my prog"},
		{"a name with parentheses", "a) R 1 1 (b"},
		{"a name that ends in a parenthesis", "x)"},
		{"a name with a newline", "a\nb"},
		{"a name that is not UTF-8", "\xff\x1b[31m"},
		{"an empty name", ""},
		{"a kernel worker's long name", "kworker/u16:3-events_unbound_and_longer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var p Proc
			line := "4711 (" + c.comm + ") T 4000 4710 4000 34819 4720" + tail
			name, ok := parseStat([]byte(line), &p)
			p.Name = string(name)
			want := Proc{Pid: 4711, Name: c.comm, State: 'T', PPid: 4000, Pgid: 4710, Sid: 4000,
				TTY: 34819, Tpgid: 4720, Threads: 1, Start: 987654}
			if !ok || p != want {
				t.Errorf("%v %+v", ok, p)
			}
		})
	}
	t.Run("a line that is cut off anywhere is refused", func(t *testing.T) {
		line := "4711 (find) T 4000 4710 4000 34819 -1" + tail
		whole := strings.Index(line, "987654")
		for i := range whole {
			if _, ok := parseStat([]byte(line[:i]), new(Proc)); ok {
				t.Errorf("taken: %q", line[:i])
			}
		}
	})
	t.Run("no terminal is tpgid -1", func(t *testing.T) {
		var p Proc
		if _, ok := parseStat([]byte("1 (init) S 0 1 1 0 -1"+tail), &p); !ok || p.Tpgid != -1 || p.TTY != 0 {
			t.Errorf("%v %+v", ok, p)
		}
	})
}

func FuzzParseStat(f *testing.F) {
	f.Add("find", 4711, 4000, 4710, -1, uint64(99))
	f.Add("a) R 1 (", 1, 0, 0, 34819, uint64(1)<<63)
	f.Fuzz(func(t *testing.T, comm string, pid, ppid, pgid, tpgid int, start uint64) {
		if pid <= 0 {
			pid = 1
		}
		line := fmt.Sprintf("%d (%s) S %d %d 1 0 %d 9 10 11 12 13 14 15 16 17 18 19 7 21 %d 23\n", pid, comm, ppid, pgid, tpgid, start)
		want := Proc{Pid: pid, State: 'S', PPid: ppid, Pgid: pgid, Sid: 1, Tpgid: tpgid, Threads: 7, Start: start}
		var p Proc
		name, ok := parseStat([]byte(line), &p)
		if !ok || p != want || string(name) != comm {
			t.Fatalf("%q\n%v %+v %q", line, ok, p, name)
		}
		parseStat([]byte(comm), &p) // must only not panic
	})
}

func TestParseStatus(t *testing.T) {
	s := parseStatus([]byte("Name:\tUid: 7\nUid:\t1000\t0\t1000\t5\nSigBlk:\t0000000000010000\nSigIgn:\t0000000000000004\nSigCgt:\t8000000000000001\n"))
	want := Status{Uid: [4]int{1000, 0, 1000, 5}, Blocked: 1 << 16, Ignored: 1 << 2, Caught: 1<<63 | 1}
	if s != want {
		t.Errorf("%+v", s)
	}
	for sig, has := range map[int]bool{3: true, 2: false, 0: false, -1: false, 65: false} {
		if s.Ignored.Has(sig) != has {
			t.Errorf("signal %d ignored: %v", sig, !has)
		}
	}
	if !s.Caught.Has(64) || !s.Caught.Has(1) {
		t.Error("signals 1 and 64 are caught")
	}
}
