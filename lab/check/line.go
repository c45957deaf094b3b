package check

import (
	"encoding/binary"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/lab/trace"
)

// lines finds the source lines of calls, where the program was compiled with
// debug information (-g).
type lines struct {
	files map[string]*lineTable
}

// tableOf reads a file's line table; nil where it has none.
func (l *lines) tableOf(path string) *lineTable {
	if t, ok := l.files[path]; ok {
		return t
	}
	if l.files == nil {
		l.files = map[string]*lineTable{}
	}
	t := readLines(path)
	l.files[path] = t
	return t
}

// stackDepth is how far up the stack a caller is looked for, in bytes.
const stackDepth = 16 << 10

// caller finds the line from which a stopped thread made its call: the return
// address nearest to the top of the stack that lies in the program itself and
// behind a call instruction. It needs no unwind tables, which libraries may lack.
func (l *lines) caller(pid int, ip, sp uint64) string {
	exe := "/proc/" + num(pid) + "/exe"
	var buf [4096]byte
	n, err := unix.Readlink(exe, buf[:])
	if err != nil {
		return ""
	}
	t := l.tableOf(string(buf[:n]))
	if t == nil {
		return ""
	}
	base := uint64(0)
	if t.position {
		if base = loadedAt(pid, string(buf[:n])); base == 0 {
			return ""
		}
	}
	inside := func(a uint64) bool { return a >= base+t.lo && a < base+t.hi }
	if inside(ip) {
		if s := t.at(ip - base - 1); s != "" {
			return s
		}
	}
	stack := make([]byte, stackDepth)
	got := readMemory(pid, sp, stack)
	for i := 0; i+8 <= got; i += 8 {
		a := binary.NativeEndian.Uint64(stack[i:])
		if !inside(a) || !behindCall(pid, a) {
			continue
		}
		if s := t.at(a - base - 1); s != "" {
			return s
		}
	}
	return ""
}

// behindCall tells whether the instruction before an address is a call.
func behindCall(pid int, addr uint64) bool {
	var b [8]byte
	if readMemory(pid, addr-8, b[:]) < 8 {
		return false
	}
	switch runtime.GOARCH {
	case "amd64":
		// call rel32; call r/m64 in its lengths of 2, 3, 6 and 7 bytes.
		if b[3] == 0xe8 {
			return true
		}
		for _, length := range []int{2, 3, 6, 7} {
			op, modrm := b[8-length], b[8-length+1]
			if op == 0xff && modrm>>3&7 == 2 {
				return true
			}
		}
		return false
	case "arm64":
		w := binary.LittleEndian.Uint32(b[4:])
		return w>>26 == 0x25 || w&0xfffffc1f == 0xd63f0000 // BL, BLR
	}
	return true
}

// loadedAt is the address at which the first byte of a file is mapped.
func loadedAt(pid int, path string) uint64 {
	for l := range strings.SplitSeq(trace.ReadFile("/proc/"+num(pid)+"/maps"), "\n") {
		f := strings.Fields(l)
		if len(f) >= 6 && f[5] == path && f[2] == "00000000" {
			lo, _, _ := strings.Cut(f[0], "-")
			n, _ := strconv.ParseUint(lo, 16, 64)
			return n
		}
	}
	return 0
}

func readMemory(pid int, addr uint64, b []byte) int {
	n, err := unix.ProcessVMReadv(pid, []unix.Iovec{{Base: &b[0], Len: uint64(len(b))}},
		[]unix.RemoteIovec{{Base: uintptr(addr), Len: len(b)}}, 0)
	if err != nil {
		return 0
	}
	return n
}

func num(n int) string { return strconv.Itoa(n) }
