package pgroup

// ballast is memory that is never touched, so it takes none.
//
//lint:ignore U1000 it is for the garbage collector to count
var ballast []byte

// CollectSeldom has the garbage collector wait until some n bytes more are in use
// than without it. It stands for debug.SetGCPercent: package runtime/debug, among
// what a shell imports, would have Go initialise what only lessons need before a
// shell runs (cmd/jsh/begin).
func CollectSeldom(n int) { ballast = make([]byte, n) }
