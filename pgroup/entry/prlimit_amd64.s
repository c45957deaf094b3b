#include "textflag.h"

// func prlimit(resource uintptr, now, old *Rlimit) int
TEXT ·prlimit(SB),NOSPLIT,$0-32
	XORL	DI, DI
	MOVQ	resource+0(FP), SI
	MOVQ	now+8(FP), DX
	MOVQ	old+16(FP), R10
	MOVL	$302, AX // prlimit64
	SYSCALL
	MOVQ	AX, ret+24(FP)
	RET

// func affinity(n uintptr, set *[16]uint64) int
TEXT ·affinity(SB),NOSPLIT,$0-24
	XORL	DI, DI
	MOVQ	n+0(FP), SI
	MOVQ	set+8(FP), DX
	MOVL	$203, AX // sched_setaffinity
	SYSCALL
	MOVQ	AX, ret+16(FP)
	RET
