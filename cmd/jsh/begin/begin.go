// Package begin starts jsh before package main.
//
// The whole shell runs inside init. The interpreter must stay on the main
// thread: the kernel delivers signals for the process to it first, so that a
// trap is pending before the call that met the signal returns. During init the
// runtime keeps the main goroutine there anyway. runtime.LockOSThread would do
// the same, but starts one more thread, and every shell, subshells included,
// would start 70 µs later.
//
// It is a package apart from main so that the tests of front do not become a
// shell, and so that what main alone imports need not be initialised before a
// shell runs: packages are initialised in the order of their import paths, each
// as soon as all that it imports is (Go specification, Program initialization).
package begin

import (
	"os"

	"jsh/cmd/jsh/front"
	"jsh/tutor/wire"
)

func init() {
	if !wire.IsEntry(os.Args) {
		os.Exit(front.Run(os.Args))
	}
}
