package jobs

import "strconv"

// MaxSig is the highest signal number of Linux.
const MaxSig = 64

// The real-time signals that a program may use: glibc keeps 32 and 33 for
// itself (signal(7)).
const (
	rtMin = 34
	rtMax = MaxSig
)

// sigNames has Linux's numbers as on x86, arm, riscv and the other machines
// that share asm-generic/signal.h; mips, sparc and alpha differ (signal(7)).
var sigNames = [...]string{
	1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 5: "SIGTRAP",
	6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL", 10: "SIGUSR1",
	11: "SIGSEGV", 12: "SIGUSR2", 13: "SIGPIPE", 14: "SIGALRM", 15: "SIGTERM",
	16: "SIGSTKFLT", 17: "SIGCHLD", 18: "SIGCONT", 19: "SIGSTOP", 20: "SIGTSTP",
	21: "SIGTTIN", 22: "SIGTTOU", 23: "SIGURG", 24: "SIGXCPU", 25: "SIGXFSZ",
	26: "SIGVTALRM", 27: "SIGPROF", 28: "SIGWINCH", 29: "SIGIO", 30: "SIGPWR",
	31: "SIGSYS",
}

// sigWords says what each signal that ends a process by default did to it.
var sigWords = [...]string{
	1: "Hangup", 2: "Interrupt", 3: "Quit", 4: "Illegal instruction",
	5: "Trace trap", 6: "Aborted", 7: "Bus error", 8: "Arithmetic error",
	9: "Killed", 10: "User signal 1", 11: "Segmentation fault",
	12: "User signal 2", 13: "Broken pipe", 14: "Alarm clock",
	15: "Terminated", 16: "Stack fault", 24: "CPU time limit exceeded",
	25: "File size limit exceeded", 26: "Virtual timer expired",
	27: "Profiling timer expired", 29: "I/O possible", 30: "Power failure",
	31: "Bad system call",
}

// SigName returns the name of a signal with its SIG: "SIGINT", "SIGRTMIN+3".
// It is "" for a number that names none, such as 0, 32 and 33.
func SigName(n int) string {
	switch {
	case n > 0 && n < len(sigNames):
		return sigNames[n]
	case n == rtMin:
		return "SIGRTMIN"
	case n == rtMax:
		return "SIGRTMAX"
	case n > rtMin && n <= rtMin+15:
		return "SIGRTMIN+" + strconv.Itoa(n-rtMin)
	case n > rtMin && n < rtMax:
		return "SIGRTMAX-" + strconv.Itoa(rtMax-n)
	}
	return ""
}

// SigNumber returns the number that a user's word names: "INT", "SIGINT",
// "int", "RTMIN+3", "RTMAX-1" or a decimal number, 0–64 (0 is kill's test for
// existence).
func SigNumber(word string) (int, bool) {
	if word == "" {
		return 0, false
	}
	if word[0] >= '0' && word[0] <= '9' {
		return decimal(word, MaxSig)
	}
	if len(word) > 3 && equalFold(word[:3], "SIG") {
		word = word[3:]
	}
	for n, name := range sigNames {
		if name != "" && equalFold(word, name[3:]) {
			return n, true
		}
	}
	switch {
	case equalFold(word, "CLD"):
		return 17, true
	case equalFold(word, "POLL"):
		return 29, true
	case equalFold(word, "IOT"):
		return 6, true
	}
	if len(word) < 5 {
		return 0, false
	}
	base, rest := word[:5], word[5:]
	switch {
	case equalFold(base, "RTMIN"):
		if rest == "" {
			return rtMin, true
		}
		if n, ok := decimal(rest[1:], rtMax-rtMin); ok && rest[0] == '+' {
			return rtMin + n, true
		}
	case equalFold(base, "RTMAX"):
		if rest == "" {
			return rtMax, true
		}
		if n, ok := decimal(rest[1:], rtMax-rtMin); ok && rest[0] == '-' {
			return rtMax - n, true
		}
	}
	return 0, false
}

// decimal reads an unsigned decimal number up to limit.
func decimal(s string, limit int) (int, bool) {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		if n = n*10 + int(s[i]-'0'); n > limit {
			return 0, false
		}
	}
	return n, s != ""
}

// equalFold compares s with the upper-case ASCII string upper, whatever the
// case of s. strings.EqualFold would take a long s (U+017F) for an S.
func equalFold(s, upper string) bool {
	if len(s) != len(upper) {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c != upper[i] {
			return false
		}
	}
	return true
}

// killedText says in words which signal ended a process: "Killed (SIGKILL)",
// "Segmentation fault (SIGSEGV, core dumped)".
func killedText(sig int, core bool) string {
	name := SigName(sig)
	if name == "" {
		name = "signal " + strconv.Itoa(sig)
	}
	word := "Ended by a signal"
	if sig > 0 && sig < len(sigWords) && sigWords[sig] != "" {
		word = sigWords[sig]
	}
	if core {
		name += ", core dumped"
	}
	return word + " (" + name + ")"
}

// stoppedText says which signal stopped a process: "Stopped (SIGTSTP)"
// (POSIX.1-2024, jobs).
func stoppedText(sig int) string {
	name := SigName(sig)
	if name == "" {
		name = "signal " + strconv.Itoa(sig)
	}
	return "Stopped (" + name + ")"
}
