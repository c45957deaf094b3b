// Package plain holds the builtins that touch nothing of the shell's state:
// echo, printf, test and its other name [, true and false.
//
// It owns what these utilities decide and write. It never writes to a
// descriptor, never reads a variable and never changes anything: text goes in
// as arguments, bytes come out appended to the caller's buffer, and messages
// come back as strings that already begin with the utility's name ("printf: …").
//
// Invariants:
//
//   - Arguments are bytes. What is not UTF-8 passes through unchanged.
//   - The same arguments give the same answer; only test looks outside, and
//     only through [FS].
//   - A status of 0 comes with no message; a message comes with a status above 0.
//
// Sources: POSIX.1-2024, XCU 3, the pages echo, printf, test, true and false.
// Where POSIX leaves the answer open, it is bash's. The locale is taken to be
// UTF-8 for characters and C for order and for the decimal point.
package plain

// True is the utility true: it ignores its arguments and succeeds.
func True([]string) (status int) { return 0 }

// False is the utility false: it ignores its arguments and fails with 1.
func False([]string) (status int) { return 1 }
