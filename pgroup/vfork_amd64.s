#include "textflag.h"

#define SYS_write 1
#define SYS_rt_sigreturn 15
#define SYS_gettid 186

// func vfork(trap, arg1, arg2 uintptr) (pid, errno uintptr)
//
// The child returns first, on the parent's stack, and overwrites it. The
// return address is kept in a register across the system call, where the child
// cannot reach it.
TEXT ·vfork(SB),NOSPLIT|NOFRAME,$0-40
	MOVQ	trap+0(FP), AX
	MOVQ	arg1+8(FP), DI
	MOVQ	arg2+16(FP), SI
	XORL	DX, DX
	XORL	R10, R10
	XORL	R8, R8
	POPQ	R12
	SYSCALL
	PUSHQ	R12
	CMPQ	AX, $0xfffffffffffff001
	JLS	ok
	NEGQ	AX
	MOVQ	$0, pid+24(FP)
	MOVQ	AX, errno+32(FP)
	RET
ok:
	MOVQ	AX, pid+24(FP)
	MOVQ	$0, errno+32(FP)
	RET

// noteStop is the handler for stop signals between vfork and exec: it runs in
// the child, on memory shared with the shell, and only leaves the number.
TEXT ·noteStop(SB),NOSPLIT|NOFRAME,$0
	MOVQ	DI, ·notedStop(SB)
	RET

// noteSignal is the shell's handler: it sets bit number-1 of caught and makes
// the wake descriptor readable. On a thread other than the main one it also blocks
// otherThreads there, in the mask that the return puts back (ucontext, uc_sigmask).
// rt_sigreturn puts all registers back.
TEXT ·noteSignal(SB),NOSPLIT|NOFRAME,$0
	LEAQ	-1(DI), CX
	MOVL	$1, AX
	SHLQ	CX, AX
	LOCK
	ORQ	AX, ·caught(SB)
	CMPQ	·mainThread(SB), $0
	JEQ	main
	MOVQ	DX, R12
	MOVL	$SYS_gettid, AX
	SYSCALL
	CMPL	AX, ·mainThread(SB)
	JEQ	main
	MOVQ	·otherThreads(SB), AX
	ORQ	AX, 296(R12)
main:
	MOVQ	·wakeFD(SB), DI
	LEAQ	·one(SB), SI
	MOVL	$8, DX
	MOVL	$SYS_write, AX
	SYSCALL
	RET

// signalReturn is the restorer that the amd64 kernel requires (SA_RESTORER).
TEXT ·signalReturn(SB),NOSPLIT|NOFRAME,$0
	MOVL	$SYS_rt_sigreturn, AX
	SYSCALL
	INT	$3

// func codeAddresses() (noteStop, noteSignal, signalReturn uintptr)
TEXT ·codeAddresses(SB),NOSPLIT,$0-24
	LEAQ	·noteStop(SB), AX
	MOVQ	AX, stop+0(FP)
	LEAQ	·noteSignal(SB), AX
	MOVQ	AX, signal+8(FP)
	LEAQ	·signalReturn(SB), AX
	MOVQ	AX, ret+16(FP)
	RET
