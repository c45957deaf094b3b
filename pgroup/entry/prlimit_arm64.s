#include "textflag.h"

// func prlimit(resource uintptr, now, old *Rlimit) int
TEXT ·prlimit(SB),NOSPLIT,$0-32
	MOVD	$0, R0
	MOVD	resource+0(FP), R1
	MOVD	now+8(FP), R2
	MOVD	old+16(FP), R3
	MOVD	$261, R8 // prlimit64
	SVC
	MOVD	R0, ret+24(FP)
	RET

// func affinity(n uintptr, set *[16]uint64) int
TEXT ·affinity(SB),NOSPLIT,$0-24
	MOVD	$0, R0
	MOVD	n+0(FP), R1
	MOVD	set+8(FP), R2
	MOVD	$122, R8 // sched_setaffinity
	SVC
	MOVD	R0, ret+16(FP)
	RET
