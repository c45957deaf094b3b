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

func init() {
	Ignored, Closed, SignalsKnown = ignored, closed, seen != 0
	if lowered != 0 && prlimit(rlimitNoFile, &limit, nil) == 0 {
		NoFile, Known = limit, true
	} else {
		Known = prlimit(rlimitNoFile, nil, &NoFile) == 0
	}
}
