package puppet

// These are in raw_*.s. They need no stack check, no write barrier and no
// instrumentation, so that a forked child may call them.

// put writes *word after all that was written before it; get reads it before all
// that is read after it.
//
//go:noescape
func put(word *uint32, v uint32)

//go:noescape
func get(word *uint32) uint32

// codeAddresses are those of the handler that counts signals and of what returns
// from it (0 where the kernel needs none).
func codeAddresses() (handler, restorer uintptr)

// counting is the address of the counts of the puppet that this process is. It is
// a number and no pointer: the child must not meet a write barrier.
//
//lint:ignore U1000 the handler, in assembly, reads it.
var counting uintptr
