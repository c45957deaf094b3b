package trace

import (
	"encoding/binary"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The requests and constants that package unix lacks (linux/ptrace.h).
const (
	ptraceGetSyscallInfo = 0x420e
	eventStop            = 128 // PTRACE_EVENT_STOP

	opNone  = 0 // PTRACE_SYSCALL_INFO_NONE
	opEntry = 1
	opExit  = 2
)

const options = unix.PTRACE_O_TRACESYSGOOD | unix.PTRACE_O_TRACEFORK | unix.PTRACE_O_TRACEVFORK |
	unix.PTRACE_O_TRACECLONE | unix.PTRACE_O_TRACEEXEC | unix.PTRACE_O_TRACEEXIT

// ptrace makes one request (ptrace(2)).
func ptrace(request, tid int, addr, data uintptr) error {
	_, _, e := unix.RawSyscall6(unix.SYS_PTRACE, uintptr(request), uintptr(tid), addr, data, 0, 0)
	if e != 0 {
		return e
	}
	return nil
}

// callInfo is what PTRACE_GET_SYSCALL_INFO tells of a stop: the same on every
// architecture (Linux 5.3 on).
type callInfo struct {
	op   byte
	arch uint32 // AUDIT_ARCH_…
	ip   uint64
	sp   uint64
	nr   uint64
	args [6]uint64
	ret  int64
	bad  bool // ret is an error
}

func syscallInfo(tid int) (c callInfo, err error) {
	var b [88]byte
	if err = ptrace(ptraceGetSyscallInfo, tid, uintptr(len(b)), uintptr(unsafe.Pointer(&b))); err != nil {
		return c, err
	}
	c.op = b[0]
	c.arch = binary.NativeEndian.Uint32(b[4:])
	c.ip = binary.NativeEndian.Uint64(b[8:])
	c.sp = binary.NativeEndian.Uint64(b[16:])
	switch c.op {
	case opEntry:
		c.nr = binary.NativeEndian.Uint64(b[24:])
		for i := range c.args {
			c.args[i] = binary.NativeEndian.Uint64(b[32+8*i:])
		}
	case opExit:
		c.ret = int64(binary.NativeEndian.Uint64(b[24:]))
		c.bad = b[32] != 0
	}
	return c, nil
}

// eventMessage is the pid of a fork event, the former tid of an exec event or
// the wait status of an exit event, in the numbers of the tracer's pid namespace.
func eventMessage(tid int) (uint64, error) {
	var msg uint64
	err := ptrace(unix.PTRACE_GETEVENTMSG, tid, 0, uintptr(unsafe.Pointer(&msg)))
	return msg, err
}

// sigInfo is the part of siginfo_t that the words need.
type sigInfo struct {
	signo, code int
	pid         int // the sender, where code is SI_USER, SI_QUEUE or SI_TKILL
}

func signalInfo(tid int) (s sigInfo, err error) {
	var b [128]byte
	if err = ptrace(unix.PTRACE_GETSIGINFO, tid, 0, uintptr(unsafe.Pointer(&b))); err != nil {
		return s, err
	}
	s.signo = int(int32(binary.NativeEndian.Uint32(b[0:])))
	s.code = int(int32(binary.NativeEndian.Uint32(b[8:])))
	s.pid = int(int32(binary.NativeEndian.Uint32(b[16:])))
	return s, nil
}

// readMemory fills b from a traced process's memory; it returns how much of it
// could be read.
func readMemory(pid int, addr uint64, b []byte) int {
	if addr == 0 || len(b) == 0 {
		return 0
	}
	n, err := unix.ProcessVMReadv(pid,
		[]unix.Iovec{{Base: &b[0], Len: uint64(len(b))}},
		[]unix.RemoteIovec{{Base: uintptr(addr), Len: len(b)}}, 0)
	if err != nil {
		return 0
	}
	return n
}

// readString reads a C string of at most limit bytes; ok is false where it
// cannot be read. It reads page by page, for the next one may not be there.
func readString(pid int, addr uint64, limit int) (s string, ok bool) {
	var out []byte
	for len(out) < limit {
		var page [4096]byte
		want := min(4096-int(addr&4095), limit-len(out))
		n := readMemory(pid, addr, page[:want])
		if n == 0 {
			return string(out), len(out) > 0
		}
		for i, c := range page[:n] {
			if c == 0 {
				return string(append(out, page[:i]...)), true
			}
		}
		out = append(out, page[:n]...)
		addr += uint64(n)
	}
	return string(out) + "…", true
}

func readWord(pid int, addr uint64) (uint64, bool) {
	var b [8]byte
	if readMemory(pid, addr, b[:]) < len(b) {
		return 0, false
	}
	return binary.NativeEndian.Uint64(b[:]), true
}

func readInt(pid int, addr uint64) (int, bool) {
	var b [4]byte
	if readMemory(pid, addr, b[:]) < len(b) {
		return 0, false
	}
	return int(int32(binary.NativeEndian.Uint32(b[:]))), true
}
