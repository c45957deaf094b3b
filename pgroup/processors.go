package pgroup

import (
	"os"
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"

	"jsh/pgroup/entry"
)

// AllProcessors undoes what package entry does for a quick start: the runtime,
// which was started on one processor, may use all that the process was given.
// It is for what is no script: whatever draws, watches or serves. It must be
// called on the main thread.
func AllProcessors() {
	if !entry.Pinned() {
		return
	}
	var set unix.CPUSet
	if unix.SchedGetaffinity(0, &set) != nil {
		return
	}
	// A thread that is made meanwhile has its maker's processors: look again.
	for range 2 {
		tasks, _ := os.ReadDir("/proc/self/task")
		for _, t := range tasks {
			if tid, err := strconv.Atoi(t.Name()); err == nil {
				unix.SchedSetaffinity(tid, &set)
			}
		}
	}
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(set.Count())
	}
}
