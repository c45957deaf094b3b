//go:build go1.26 && !go1.27

#include "textflag.h"

// _rt0_amd64_linux is the program's entry point. The runtime has one of this
// name, a jump to _rt0_amd64; the linker takes ours in its place, because of two
// definitions of which one is DUPOK it keeps that one if it is larger. So every
// way to build works, and no linker flag is needed (-E, which go install could not
// pass). That is no promise of Go's: the build constraint names the releases in
// which it was tried; others build without it, and SignalsKnown is false. A C start
// file (external linking) does not come here either.
//
// Nothing of Go runs yet. The stack is the kernel's, with argc at the top; it is
// handed on as it was found.
TEXT _rt0_amd64_linux(SB),NOSPLIT|NOFRAME|DUPOK,$0
	SUBQ	$32, SP		// a struct sigaction
	MOVQ	$1, DI		// the signal
	XORL	R8, R8		// the set
next:
	XORL	SI, SI
	MOVQ	SP, DX
	MOVL	$8, R10
	MOVL	$13, AX		// rt_sigaction
	SYSCALL
	TESTQ	AX, AX
	JNZ	not
	CMPQ	(SP), $1	// SIG_IGN
	JNE	not
	LEAQ	-1(DI), CX
	MOVL	$1, AX
	SHLQ	CX, AX
	ORQ	AX, R8
not:
	INCQ	DI
	CMPQ	DI, $64
	JLE	next
	ADDQ	$32, SP
	MOVQ	R8, ·ignored(SB)
	XORL	DI, DI		// the descriptor
	XORL	R8, R8		// the set
look:
	MOVL	$1, SI		// F_GETFD
	MOVL	$72, AX		// fcntl
	SYSCALL
	CMPQ	AX, $-9		// -EBADF
	JNE	open
	MOVQ	DI, CX
	MOVL	$1, AX
	SHLQ	CX, AX
	ORQ	AX, R8
open:
	INCQ	DI
	CMPQ	DI, $2
	JLE	look
	MOVQ	R8, ·closed(SB)
	XORL	DI, DI		// this process
	MOVL	$7, SI		// RLIMIT_NOFILE
	XORL	DX, DX
	LEAQ	·limit(SB), R10
	MOVL	$302, AX	// prlimit64
	SYSCALL
	TESTQ	AX, AX
	JNZ	start
	MOVQ	·limit+8(SB), AX
	MOVQ	AX, ·few+8(SB)	// the hard limit stays
	CMPQ	AX, $3
	JCS	start		// is it lower still?
	LEAQ	·few(SB), DX
	XORL	R10, R10
	MOVL	$302, AX
	SYSCALL
	TESTQ	AX, AX
	JNZ	start
	MOVQ	$1, ·lowered(SB)
start:
	XORL	DI, DI		// this thread
	MOVL	$128, SI
	LEAQ	·cpus(SB), DX
	MOVL	$204, AX	// sched_getaffinity
	SYSCALL
	CMPQ	AX, $0
	JLE	free
	MOVQ	AX, ·cpusLen(SB)
	LEAQ	·cpu(SB), DI
	XORL	SI, SI
	XORL	DX, DX
	MOVL	$309, AX	// getcpu
	SYSCALL
	TESTQ	AX, AX
	JNZ	free
	MOVQ	·cpu(SB), CX
	CMPQ	CX, $1023
	JHI	free
	MOVQ	CX, AX
	SHRQ	$6, AX
	ANDQ	$63, CX
	MOVL	$1, R8
	SHLQ	CX, R8
	LEAQ	·one(SB), DX
	MOVQ	R8, (DX)(AX*8)
	XORL	DI, DI
	MOVL	$128, SI
	MOVL	$203, AX	// sched_setaffinity
	SYSCALL
	TESTQ	AX, AX
	JNZ	free
	MOVQ	$1, ·pinned(SB)
free:
	MOVQ	$1, ·seen(SB)
	JMP	_rt0_amd64(SB)
