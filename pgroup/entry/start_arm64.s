//go:build go1.26 && !go1.27

#include "textflag.h"

// _rt0_arm64_linux is the program's entry point. The runtime has one of this
// name, a jump to _rt0_arm64; the linker takes ours in its place, because of two
// definitions of which one is DUPOK it keeps that one if it is larger. So every
// way to build works, and no linker flag is needed (-E, which go install could not
// pass). That is no promise of Go's: the build constraint names the releases in
// which it was tried; others build without it, and SignalsKnown is false. A C start
// file (external linking) does not come here either.
//
// Nothing of Go runs yet. The stack is the kernel's, with argc at the top; it is
// handed on as it was found.
TEXT _rt0_arm64_linux(SB),NOSPLIT|NOFRAME|DUPOK,$0
	SUB	$32, RSP	// a struct sigaction
	MOVD	$1, R19		// the signal
	MOVD	$0, R20		// the set
next:
	MOVD	R19, R0
	MOVD	$0, R1
	MOVD	RSP, R2
	MOVD	$8, R3
	MOVD	$134, R8	// rt_sigaction
	SVC
	CBNZ	R0, not
	MOVD	0(RSP), R4
	CMP	$1, R4		// SIG_IGN
	BNE	not
	SUB	$1, R19, R5
	MOVD	$1, R6
	LSL	R5, R6, R6
	ORR	R6, R20, R20
not:
	ADD	$1, R19, R19
	CMP	$65, R19
	BLT	next
	ADD	$32, RSP
	MOVD	R20, ·ignored(SB)
	MOVD	$0, R19		// the descriptor
	MOVD	$0, R20		// the set
look:
	MOVD	R19, R0
	MOVD	$1, R1		// F_GETFD
	MOVD	$25, R8		// fcntl
	SVC
	CMN	$9, R0		// -EBADF
	BNE	open
	MOVD	$1, R6
	LSL	R19, R6, R6
	ORR	R6, R20, R20
open:
	ADD	$1, R19, R19
	CMP	$3, R19
	BLT	look
	MOVD	R20, ·closed(SB)
	MOVD	$0, R0		// this process
	MOVD	$7, R1		// RLIMIT_NOFILE
	MOVD	$0, R2
	MOVD	$·limit(SB), R3
	MOVD	$261, R8	// prlimit64
	SVC
	CBNZ	R0, start
	MOVD	·limit+8(SB), R4
	MOVD	R4, ·few+8(SB)	// the hard limit stays
	CMP	$3, R4
	BLO	start		// is it lower still?
	MOVD	$7, R1
	MOVD	$·few(SB), R2
	MOVD	$0, R3
	SVC
	CBNZ	R0, start
	MOVD	$1, R4
	MOVD	R4, ·lowered(SB)
start:
	MOVD	$0, R0		// this thread
	MOVD	$128, R1
	MOVD	$·cpus(SB), R2
	MOVD	$123, R8	// sched_getaffinity
	SVC
	CMP	$0, R0
	BLE	free
	MOVD	R0, ·cpusLen(SB)
	MOVD	$·cpu(SB), R0
	MOVD	$0, R1
	MOVD	$0, R2
	MOVD	$168, R8	// getcpu
	SVC
	CBNZ	R0, free
	MOVD	·cpu(SB), R4
	CMP	$1023, R4
	BHI	free
	LSR	$6, R4, R5
	AND	$63, R4, R4
	MOVD	$1, R6
	LSL	R4, R6, R6
	MOVD	$·one(SB), R2
	MOVD	R6, (R2)(R5<<3)
	MOVD	$0, R0
	MOVD	$128, R1
	MOVD	$122, R8	// sched_setaffinity
	SVC
	CBNZ	R0, free
	MOVD	$1, R4
	MOVD	R4, ·pinned(SB)
free:
	MOVD	$1, R4
	MOVD	R4, ·seen(SB)
	JMP	_rt0_arm64(SB)
