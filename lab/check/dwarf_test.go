package check

import (
	"debug/dwarf"
	"debug/elf"
	"encoding/binary"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestLinesAreThoseOfTheStandardLibrarysReader(t *testing.T) {
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("gcc is not installed: a C program cannot be built")
	}
	for _, flags := range [][]string{{"-gdwarf-5"}, {"-gdwarf-4"}, {"-gdwarf-3"}, {"-gdwarf-2"}, {"-gdwarf-5", "-static"}, {"-g", "-O2", "-no-pie"}} {
		exe := filepath.Join(t.TempDir(), "x")
		src, _ := filepath.Glob("testdata/daemons/*.c")
		if len(src) == 0 {
			t.Fatal("no source")
		}
		if msg, err := exec.Command("gcc", append(flags, "-o", exe, src[0])...).CombinedOutput(); err != nil {
			t.Skipf("%v: %s", err, msg)
		}
		f, err := elf.Open(exe)
		if err != nil {
			t.Fatal(err)
		}
		d, err := f.DWARF()
		if err != nil {
			t.Fatal(err)
		}
		table := readLines(exe)
		if table == nil {
			t.Fatalf("%v: no lines", flags)
		}
		checked := 0
		r := d.Reader()
		for e, _ := r.Next(); e != nil; e, _ = r.Next() {
			if e.Tag != dwarf.TagCompileUnit {
				continue
			}
			lr, err := d.LineReader(e)
			if err != nil || lr == nil {
				continue
			}
			var rows []dwarf.LineEntry
			var x dwarf.LineEntry
			for lr.Next(&x) == nil {
				rows = append(rows, x)
			}
			for i := range rows {
				// Of rows at one address the last counts.
				if rows[i].EndSequence || rows[i].Line == 0 || i+1 < len(rows) && rows[i+1].Address == rows[i].Address {
					continue
				}
				want := filepath.Base(rows[i].File.Name) + ":" + num(rows[i].Line)
				if got := table.at(rows[i].Address); got != want {
					t.Fatalf("%v: %#x is %s, want %s", flags, rows[i].Address, got, want)
				}
				checked++
			}
		}
		if checked < 5 {
			t.Errorf("%v: only %d rows", flags, checked)
		}
	}
}

func FuzzTheLineProgram(f *testing.F) {
	f.Add([]byte{5, 0, 8, 0, 10, 0, 0, 0, 1, 1, 1, 0xfb, 14, 13, 0, 1, 1, 1, 1}, false)
	f.Fuzz(func(t *testing.T, b []byte, wide bool) {
		r := reader{b: b, order: binary.LittleEndian}
		unit(&r, wide, b, b)
	})
}
