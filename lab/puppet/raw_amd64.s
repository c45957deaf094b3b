#include "textflag.h"

#define SYS_rt_sigreturn 15

// func put(word *uint32, v uint32)
TEXT ·put(SB),NOSPLIT,$0-12
	MOVQ	word+0(FP), AX
	MOVL	v+8(FP), CX
	XCHGL	CX, (AX)
	RET

// func get(word *uint32) uint32
TEXT ·get(SB),NOSPLIT,$0-12
	MOVQ	word+0(FP), AX
	MOVL	(AX), AX
	MOVL	AX, ret+8(FP)
	RET

// countSignal is a signal handler: one more of this number.
TEXT ·countSignal(SB),NOSPLIT|NOFRAME,$0
	MOVQ	·counting(SB), AX
	MOVLQZX	DI, CX
	LOCK
	INCL	(AX)(CX*4)
	RET

// signalReturn is the restorer that the amd64 kernel requires (SA_RESTORER).
TEXT ·signalReturn(SB),NOSPLIT|NOFRAME,$0
	MOVL	$SYS_rt_sigreturn, AX
	SYSCALL
	INT	$3

// func codeAddresses() (handler, restorer uintptr)
TEXT ·codeAddresses(SB),NOSPLIT,$0-16
	LEAQ	·countSignal(SB), AX
	MOVQ	AX, handler+0(FP)
	LEAQ	·signalReturn(SB), AX
	MOVQ	AX, restorer+8(FP)
	RET
