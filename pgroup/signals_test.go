package pgroup

import (
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"
)

// A signal that comes between the two halves of Pending is taken, and its
// wake-up is left over.
func TestPendingEmptiesTheWakeDescriptor(t *testing.T) {
	fd, err := OpenWake()
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		atomic.StoreInt64(&wakeFD, -1)
		unix.Close(fd)
	}()
	readable := func() bool {
		p := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		n, _ := unix.Poll(p, 0)
		return n > 0
	}
	set := SignalsOf(unix.SIGUSR1)
	Renote(set)
	if !readable() {
		t.Error("a signal does not wake")
	}
	atomic.StoreUint64(&caught, 0) // taken by somebody who read the descriptor earlier
	if got := Pending(); got != 0 {
		t.Errorf("Pending gave %b", got)
	}
	if readable() {
		t.Error("the descriptor is readable although nothing is pending")
	}
	Renote(set)
	if got := Pending(); got != set || readable() {
		t.Errorf("Pending gave %b, readable %v", got, readable())
	}
}
