#include "textflag.h"

// func prlimit(resource uintptr, old *Rlimit) int
TEXT ·prlimit(SB),NOSPLIT,$0-24
	XORL	DI, DI
	MOVQ	resource+0(FP), SI
	XORL	DX, DX
	MOVQ	old+8(FP), R10
	MOVL	$302, AX // prlimit64
	SYSCALL
	MOVQ	AX, ret+16(FP)
	RET
