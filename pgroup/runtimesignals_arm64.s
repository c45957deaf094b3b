#include "textflag.h"

#define SYS_tgkill 131
#define SYS_rt_sigaction 134
#define SYS_gettid 178

#define SIGURG 23
#define SI_TKILL -6

// func sharedAddress() uintptr
TEXT ·sharedAddress(SB),NOSPLIT,$0-8
	MOVD	$·sharedSignal(SB), R0
	MOVD	R0, ret+0(FP)
	RET

// sharedSignal is the handler of the signals that the runtime needs too: the
// number is in R0, the siginfo_t in R1. What is the runtime's goes on to its
// handler with the arguments, the stack and the return address as they came.
TEXT ·sharedSignal(SB),NOSPLIT|NOFRAME,$0
	MOVW	8(R1), R3	// si_code
	CMPW	$SIGURG, R0
	BEQ	urgent
	CMPW	$0, R3		// positive: the kernel tells of a fault
	BGT	runtime
	B	ours
urgent:
	CMPW	$SI_TKILL, R3
	BNE	ours
	MOVW	16(R1), R4	// si_pid
	MOVD	·ownPid(SB), R5
	CMPW	R5, R4
	BEQ	runtime
ours:
	SUB	$1, R0, R3
	MOVD	$1, R4
	LSL	R3, R4, R4
	MOVD	·sharedCaught(SB), R5
	TST	R4, R5
	BNE	note
	MOVD	·sharedIgnored(SB), R5
	TST	R4, R5
	BNE	done
	CMPW	$SIGURG, R0
	BEQ	done
	// The default action: the signal is sent again, to this thread, and ends the
	// process when the handler returns.
	MOVD	R0, R9
	MOVD	$·defaultAction(SB), R1
	MOVD	$0, R2
	MOVD	$8, R3
	MOVD	$SYS_rt_sigaction, R8
	SVC
	MOVD	$SYS_gettid, R8
	SVC
	MOVD	R0, R1
	MOVD	·ownPid(SB), R0
	MOVD	R9, R2
	MOVD	$SYS_tgkill, R8
	SVC
done:
	RET
note:
	B	·noteSignal(SB)
runtime:
	MOVD	$·runtimeHandlers(SB), R3
	MOVD	(R3)(R0<<3), R3
	B	(R3)
