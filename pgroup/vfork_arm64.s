#include "textflag.h"

#define SYS_write 64
#define SYS_gettid 178

// func vfork(trap, arg1, arg2 uintptr) (pid, errno uintptr)
//
// The return address is in a register already (R30), but so that the child's
// calls cannot touch what the parent needs nothing is kept on the stack.
TEXT ·vfork(SB),NOSPLIT|NOFRAME,$0-40
	MOVD	trap+0(FP), R8
	MOVD	arg1+8(FP), R0
	MOVD	arg2+16(FP), R1
	MOVD	$0, R2
	MOVD	$0, R3
	MOVD	$0, R4
	SVC
	CMN	$4095, R0
	BCC	ok
	NEG	R0, R0
	MOVD	ZR, pid+24(FP)
	MOVD	R0, errno+32(FP)
	RET
ok:
	MOVD	R0, pid+24(FP)
	MOVD	ZR, errno+32(FP)
	RET

// noteStop is the handler for stop signals between vfork and exec: it runs in
// the child, on memory shared with the shell, and only leaves the number.
TEXT ·noteStop(SB),NOSPLIT|NOFRAME,$0
	MOVD	$·notedStop(SB), R1
	MOVD	R0, (R1)
	RET

// noteSignal is the shell's handler: it sets bit number-1 of caught and makes
// the wake descriptor readable. On a thread other than the main one it also blocks
// otherThreads there, in the mask that the return puts back (ucontext, uc_sigmask).
// rt_sigreturn puts all registers back.
TEXT ·noteSignal(SB),NOSPLIT|NOFRAME,$0
	MOVD	R2, R9
	SUB	$1, R0, R0
	MOVD	$1, R1
	LSL	R0, R1, R1
	MOVD	$·caught(SB), R2
again:
	LDAXR	(R2), R3
	ORR	R1, R3, R3
	STLXR	R3, (R2), R4
	CBNZ	R4, again
	MOVD	·mainThread(SB), R10
	CBZ	R10, main
	MOVD	$SYS_gettid, R8
	SVC
	CMPW	R10, R0
	BEQ	main
	MOVD	·otherThreads(SB), R1
	MOVD	40(R9), R3
	ORR	R1, R3, R3
	MOVD	R3, 40(R9)
main:
	MOVD	·wakeFD(SB), R0
	MOVD	$·one(SB), R1
	MOVD	$8, R2
	MOVD	$SYS_write, R8
	SVC
	RET

// func codeAddresses() (noteStop, noteSignal, signalReturn uintptr)
//
// arm64 returns from handlers through the vDSO; no restorer is needed.
TEXT ·codeAddresses(SB),NOSPLIT,$0-24
	MOVD	$·noteStop(SB), R0
	MOVD	R0, stop+0(FP)
	MOVD	$·noteSignal(SB), R0
	MOVD	R0, signal+8(FP)
	MOVD	ZR, ret+16(FP)
	RET
