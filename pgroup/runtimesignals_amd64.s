#include "textflag.h"

#define SYS_rt_sigaction 13
#define SYS_gettid 186
#define SYS_tgkill 234

#define SIGURG 23
#define SI_TKILL -6

// func sharedAddress() uintptr
TEXT ·sharedAddress(SB),NOSPLIT,$0-8
	LEAQ	·sharedSignal(SB), AX
	MOVQ	AX, ret+0(FP)
	RET

// sharedSignal is the handler of the signals that the runtime needs too: the
// number is in DI, the siginfo_t in SI. What is the runtime's goes on to its
// handler with the registers and the stack as they came.
TEXT ·sharedSignal(SB),NOSPLIT|NOFRAME,$0
	MOVL	8(SI), AX	// si_code
	CMPL	DI, $SIGURG
	JEQ	urgent
	CMPL	AX, $0		// positive: the kernel tells of a fault
	JGT	runtime
	JMP	ours
urgent:
	CMPL	AX, $SI_TKILL
	JNE	ours
	MOVL	16(SI), CX	// si_pid
	CMPL	CX, ·ownPid(SB)
	JEQ	runtime
ours:
	LEAQ	-1(DI), CX
	MOVL	$1, AX
	SHLQ	CX, AX
	TESTQ	AX, ·sharedCaught(SB)
	JNZ	note
	TESTQ	AX, ·sharedIgnored(SB)
	JNZ	done
	CMPL	DI, $SIGURG
	JEQ	done
	// The default action: the signal is sent again, to this thread, and ends the
	// process when the handler returns.
	MOVQ	DI, R12
	LEAQ	·defaultAction(SB), SI
	XORL	DX, DX
	MOVL	$8, R10
	MOVL	$SYS_rt_sigaction, AX
	SYSCALL
	MOVL	$SYS_gettid, AX
	SYSCALL
	MOVL	AX, SI
	MOVQ	·ownPid(SB), DI
	MOVQ	R12, DX
	MOVL	$SYS_tgkill, AX
	SYSCALL
done:
	RET
note:
	JMP	·noteSignal(SB)
runtime:
	LEAQ	·runtimeHandlers(SB), AX
	MOVQ	(AX)(DI*8), AX
	JMP	AX
