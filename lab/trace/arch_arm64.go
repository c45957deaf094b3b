package trace

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// auditArch is AUDIT_ARCH_AARCH64 (linux/audit.h): calls of another one, of a
// 32-bit program, have other numbers and are not decoded.
const auditArch = 0xc00000b7

// x32 does not exist here.
const x32 = 1 << 63

// Register sets (linux/elf.h).
const (
	ntPRStatus      = 1
	ntARMSystemCall = 0x404
)

// noCall makes the call that tid is about to make none at all: the kernel
// answers ENOSYS for it.
func noCall(tid int) error {
	nr := int32(-1)
	iov := unix.Iovec{Base: (*byte)(unsafe.Pointer(&nr)), Len: 4}
	return ptrace(unix.PTRACE_SETREGSET, tid, ntARMSystemCall, uintptr(unsafe.Pointer(&iov)))
}

// setResult changes what the call that tid has just made returned: it stands
// in x0 (struct user_pt_regs).
func setResult(tid int, ret int64) error {
	var regs [34]uint64
	iov := unix.Iovec{Base: (*byte)(unsafe.Pointer(&regs)), Len: uint64(unsafe.Sizeof(regs))}
	if err := ptrace(unix.PTRACE_GETREGSET, tid, ntPRStatus, uintptr(unsafe.Pointer(&iov))); err != nil {
		return err
	}
	regs[0] = uint64(ret)
	return ptrace(unix.PTRACE_SETREGSET, tid, ntPRStatus, uintptr(unsafe.Pointer(&iov)))
}

// kindOf knows the calls of this architecture: it has no fork, vfork, dup2 or
// open; the C library makes them of clone, dup3 and openat.
func kindOf(nr uint64) Kind { return commonKind(nr) }
