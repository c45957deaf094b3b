// Package ptytest runs programs on a real terminal, for tests: a shell as
// session leader on a pseudo-terminal of its own, keys typed at it, its screen
// read through a terminal emulator, and the kernel asked through /proc and the
// terminal's ioctls what really happened.
//
// It owns the pty, the process it started, and the duty to leave nothing
// behind: when the test ends the terminal hangs up, and a process that is
// still there afterwards is killed and makes the test fail, unless the test
// said that it may stay. It never sleeps for a guessed time.
//
// How it waits:
//
//   - For output it waits for the reader: each chunk of bytes wakes whoever
//     waits, and the condition is looked at again (Term.WaitText and others).
//   - The kernel's state (foreground process group, states in /proc) gives no
//     event. It is polled, in one function, Term.WaitFor.
//
// A rule that costs hours if not kept: a signal key (^C, ^Z, ^\) makes the
// terminal's driver throw away pending input and output. Before such a key
// wait for the echo of what was typed and for the job to be in the foreground
// and past its exec:
//
//	term.Line("cat")
//	term.WaitForegroundJob("cat")
//	term.Key(ptytest.CtrlC)
//	term.WaitPrompt()
//
// A package that uses it has
//
//	func TestMain(m *testing.M) { ptytest.Main(m) }
//
// so that programs given to Register can be run by name from the shell under
// test, and what was built for the tests is removed.
//
// A Term belongs to the goroutine of its test.
package ptytest
