// Package check judges a daemon: it starts a program as a shell would, on a
// terminal of its own, follows every call by ptrace until the program is quiet,
// looks at what is left in /proc, and tries what signals do to it.
//
// It owns check-daemon, the command: the private terminal and the process that
// plays the shell there, the verdicts on the claims A1 and C1 to C8 and on what a
// long-running daemon should do besides, and the source lines. The following is
// package trace's. It never leaves a process behind: all that it started is
// killed at the end, and by the kernel if check-daemon itself is killed. It works
// as pid 1 of a container (package sandbox), where there can be one.
//
// Invariants: a verdict cites what was seen, a call with its answer or /proc; what
// was not seen is "not determinable" and never a pass. Nobody's parent is graded: an orphan's
// new parent is whoever the system chose.
package check
