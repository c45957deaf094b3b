// Package pgroup makes the kernel calls of job control: starting a program
// into a process group, giving the terminal to a group, waiting, signals and
// terminal modes. Each call is one documented function; those that are asked
// on a learner's behalf also tell the log, as one event with the kernel's
// answer.
//
// It decides nothing: which group, when the terminal changes hands and what a
// status means is its caller's business. It never uses os.File, os/exec or
// os/signal: they set O_NONBLOCK on shared descriptions, collect children
// behind the shell's back, and deliver signals too late for a trap.
//
// # How a program is started
//
// Spawn makes a vfork (clone with CLONE_VM and CLONE_VFORK) of its own. In the
// child, before exec, come: dispositions, setpgid, tcsetpgrp, descriptors, the
// resource limit that the Go runtime raised, and an empty signal mask. Three
// properties rest on this that syscall.ForkExec cannot give:
//
//   - The group has the terminal before the program's first instruction, and a
//     ^Z that arrives before exec cannot stop the child inside vfork, where it
//     would hang the shell: until exec, SIGTSTP, SIGTTIN and SIGTTOU run a
//     handler that only notes the signal. exec makes them default again, and
//     Spawn hands the noted signal to its caller (Child.Stopped).
//   - Signals are ignored or default in the program exactly as asked, without
//     signal.Ignore, which would leak into every other child.
//   - No pipe is needed to learn why exec failed: the memory is shared.
//
// # How the shell hears of signals
//
// Catch installs a handler that sets one bit and writes to an event
// descriptor; nothing of the Go runtime runs. When the kernel has delivered a
// signal, Pending already shows it: kill(getpid(), sig) and wait4 return after
// the handler ran, if the caller runs on the main thread. os/signal delivers
// later, through a goroutine.
//
// Invariants: every descriptor that this package opens is close-on-exec; no
// function leaves a signal blocked on its thread; SIGTTOU is blocked around
// every terminal call that could raise it, so that none of them stops the
// shell.
package pgroup
