package entry

// Written by start_*.s before the runtime starts: the signals that were ignored,
// which of descriptors 0-2 were closed, and 1.
var ignored, closed, seen uint64

// The soft limit on open files is few until our init, if lowered is 1; limit is
// what it was. So the runtime's look at the cgroups' processor quota (four files of
// /proc and /sys, a tenth of the start-up) ends at the first open: a shell
// whose work is done by one thread need not know. Only 0-2 can be opened, where
// they are closed.
var (
	//lint:ignore U1000 start_*.s hands it to the kernel
	few     = Rlimit{Cur: 3}
	limit   Rlimit
	lowered uint64
)

// Until our init the program may run on one processor only, that on which it was
// started, if pinned is 1; cpus are those that it was given. The runtime's
// start is a row of hand-overs between threads (its main goroutine is tied to the
// main thread): on one processor each is a plain switch, and GOMAXPROCS is 1, which
// is all that an interpreter of one thread needs. A tenth to a sixth of the start-up.
// The main thread, and so each child, gets its processors back here; the few threads
// that the runtime has started keep the one.
var (
	cpus    [16]uint64
	cpusLen uintptr
	//lint:ignore U1000 start_*.s hands it to the kernel
	one [16]uint64
	//lint:ignore U1000 the kernel writes it, start_*.s reads it
	cpu    uint64
	pinned uint64
)

// Pinned says that the runtime was started on one processor.
func Pinned() bool { return pinned != 0 }

// affinity is sched_setaffinity(2) of the calling thread; it returns 0 or -errno.
//
//go:noescape
func affinity(n uintptr, set *[16]uint64) int

func init() {
	if pinned != 0 {
		affinity(cpusLen, &cpus)
	}
	Ignored, Closed, SignalsKnown = ignored, closed, seen != 0
	if lowered != 0 && prlimit(rlimitNoFile, &limit, nil) == 0 {
		NoFile, Known = limit, true
	} else {
		Known = prlimit(rlimitNoFile, nil, &NoFile) == 0
	}
}
