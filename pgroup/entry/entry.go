// Package entry remembers what the process was given at its start and the Go
// runtime and its packages change before main: which signals were ignored, which
// the runtime forgets for all but a few when it installs its handlers; which of
// descriptors 0-2 were closed, over which the runtime opens /dev/null; and the
// limit on open files, which package syscall raises in its init.
//
// It imports nothing: Go initialises packages in the order of their import
// paths as soon as what they import is ready, so that this one comes before
// syscall. A test holds that.
package entry

// Rlimit is the kernel's struct rlimit64 (getrlimit(2)).
type Rlimit struct{ Cur, Max uint64 }

// NoFile is RLIMIT_NOFILE as the process was started with it; Known says
// whether the kernel told.
var (
	NoFile Rlimit
	Known  bool
)

// Ignored are the signals (bit n-1 is signal n) that were ignored when the
// process was started. SignalsKnown says whether they could be seen: not in a
// build by a release of Go that start_*.s does not know, nor with a C start file.
var (
	Ignored      uint64
	SignalsKnown bool
)

// Closed are those of descriptors 0-2 (bit n is descriptor n) that were closed
// when the process was started; none where SignalsKnown is false.
var Closed uint64

const rlimitNoFile = 7

// prlimit is prlimit64(2) of the calling process; it returns 0 or -errno.
//
//go:noescape
func prlimit(resource uintptr, now, old *Rlimit) int
