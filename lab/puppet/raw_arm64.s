#include "textflag.h"

// func put(word *uint32, v uint32)
TEXT ·put(SB),NOSPLIT,$0-12
	MOVD	word+0(FP), R0
	MOVW	v+8(FP), R1
	STLRW	R1, (R0)
	RET

// func get(word *uint32) uint32
TEXT ·get(SB),NOSPLIT,$0-12
	MOVD	word+0(FP), R0
	LDARW	(R0), R0
	MOVW	R0, ret+8(FP)
	RET

// countSignal is a signal handler: one more of this number.
TEXT ·countSignal(SB),NOSPLIT|NOFRAME,$0
	MOVD	$·counting(SB), R1
	MOVD	(R1), R1
	MOVWU	R0, R0
	LSL	$2, R0, R0
	ADD	R0, R1, R1
again:
	LDAXRW	(R1), R2
	ADDW	$1, R2, R2
	STLXRW	R2, (R1), R3
	CBNZ	R3, again
	RET

// func codeAddresses() (handler, restorer uintptr)
//
// arm64 returns from handlers through the vDSO; no restorer is needed.
TEXT ·codeAddresses(SB),NOSPLIT,$0-16
	MOVD	$·countSignal(SB), R0
	MOVD	R0, handler+0(FP)
	MOVD	ZR, restorer+8(FP)
	RET
