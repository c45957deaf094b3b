package trace

import "golang.org/x/sys/unix"

// auditArch is AUDIT_ARCH_X86_64 (linux/audit.h): calls of another one, of a
// 32-bit program, have other numbers and are not decoded.
const auditArch = 0xc000003e

// x32 is __X32_SYSCALL_BIT: such calls have other structures in memory.
const x32 = 0x40000000

// Offsets into struct user (sys/user.h).
const (
	offsetRAX     = 10 * 8
	offsetOrigRAX = 15 * 8
)

// noCall makes the call that tid is about to make none at all: the kernel
// answers ENOSYS for it.
func noCall(tid int) error {
	return ptrace(unix.PTRACE_POKEUSR, tid, offsetOrigRAX, ^uintptr(0))
}

// setResult changes what the call that tid has just made returned.
func setResult(tid int, ret int64) error {
	return ptrace(unix.PTRACE_POKEUSR, tid, offsetRAX, uintptr(ret))
}

// numbers are the calls of this architecture.
func kindOf(nr uint64) Kind {
	switch nr {
	case unix.SYS_FORK:
		return Fork
	case unix.SYS_VFORK:
		return Vfork
	case unix.SYS_DUP2:
		return Dup2
	case unix.SYS_OPEN:
		return Open
	case unix.SYS_CREAT:
		return Creat
	case unix.SYS_GETPGRP:
		return 0
	}
	return commonKind(nr)
}
