// Package puppet makes real processes that do one system call at a time, when
// they are told to: fork, setsid, open, read, kill, exec and the rest. So a step
// of a daemon's birth can be done, left out, or looked at from outside while it
// stands still.
//
// It owns the processes (Troupe, Puppet), the calls that they know (Call), their
// spelling in a file (Parse), and the sentence that says why the kernel refused
// one (Why). It never draws and never decides what is worth trying: lab/daemonize,
// the lessons and the builtin puppet do.
//
// How it works. A Go program cannot simply fork: only the calling thread is in
// the child, and the runtime is lost there. So a small helper, a re-executed jsh
// (HelperName), forks with a raw system call, and the child stays for ever in the
// function that forked (loop.go): it touches only memory that is shared with the
// driver, calls nothing but raw system calls, and its orders come through that
// memory and a futex. No descriptor is needed for that: a puppet may close all it
// has, and dup2 anything anywhere.
//
// Invariants:
//
//   - A puppet's word (slot.word) holds its pid for as long as it is a puppet, and
//     is on its robust list: the kernel itself marks the word when the puppet ends
//     or becomes another program, so that neither is ever missed or mistaken.
//   - No puppet outlives its driver: the helper reads a pipe of the driver's, and
//     at its end kills every process that is still a puppet. A puppet whose helper
//     is gone ends by itself. What a puppet became by exec is nobody's puppet and
//     lives on.
//   - A puppet has the dispositions, the mask and the limit on open files that the
//     driver was started with, not those of the Go runtime.
package puppet
