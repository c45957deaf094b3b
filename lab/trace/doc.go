// Package trace follows a program and all its descendants call by call, by
// ptrace(2): every fork, exec, setsid, setpgid, change of terminal, descriptor,
// directory, mask, disposition, identity, every signal, wait and end, with the
// kernel's answer and what it changed.
//
// It owns Tracer, the loop that holds traced processes and lets them go on; the
// decoding of calls; the words; and trace, the command. It never decides what a
// program should do, and it never changes one, unless whoever is asked orders a
// call skipped or failed.
//
// # Processes
//
//	shell
//	└─ PROGRAM      first a jsh that waits to be attached to, then PROGRAM itself
//	tracer          a process of its own, in a session of its own
//
// What the shell started becomes PROGRAM, so it is the shell's child, leads its
// group where it would without a tracer, stops and continues and ends under the
// shell's eyes: ^Z, fg, bg, ^C and pipelines are what they are. The tracer is
// nobody's child and in nobody's group: no signal for the job reaches it. It may
// read the terminal all the same, because the kernel does not check processes of
// another session (drivers/tty/tty_jobctrl.c, __tty_check_change).
//
// Invariants: a Tracer belongs to one OS thread, for ptrace requests are answered
// to the thread that attached only. A process that is attached to is told to
// Handler before it makes its first call. The child of a fork makes no call
// before its parent's fork was told. When the tracer ends, by whatever, the kernel lets every
// traced process go on as if it had never been traced; only a call that was
// being skipped at that moment returns ENOSYS.
package trace
