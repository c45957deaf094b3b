package proc

import (
	"testing"

	"golang.org/x/sys/unix"

	"jsh/event"
)

func TestAWatcherAtRestIsWokenByTheTimeByAPokeAndByTheQueueItHears(t *testing.T) {
	wake, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		t.Skip(err)
	}
	defer unix.Close(wake)
	var queue [2]int
	if err := unix.Pipe2(queue[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
		t.Fatal(err)
	}
	defer unix.Close(queue[0])
	defer unix.Close(queue[1])
	r, err := newRest(wake, queue[0])
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	woken := func(after int64, hear bool) (by []int) {
		now := event.Now()
		for _, e := range r.until(now, now+after, hear) {
			by = append(by, int(e.Fd))
		}
		return by
	}
	only := func(by []int, fd int) bool { return len(by) == 1 && by[0] == fd }
	const never = 600_000 * ms
	if by := woken(0, true); len(by) != 0 {
		t.Errorf("nothing is there, and it was woken by %v", by)
	}
	if by := woken(2*ms, true); !only(by, r.timer) {
		t.Errorf("woken by %v, want the timer", by)
	}
	unix.Write(wake, []byte{1, 0, 0, 0, 0, 0, 0, 0})
	if by := woken(never, true); !only(by, wake) {
		t.Errorf("woken by %v, want the poke", by)
	}
	unix.Write(queue[1], []byte("x"))
	if by := woken(2*ms, false); !only(by, r.timer) {
		t.Errorf("deaf, and woken by %v", by)
	}
	for range 2 { // as long as there is something in it
		if by := woken(never, true); !only(by, queue[0]) {
			t.Errorf("woken by %v, want the queue", by)
		}
	}
	done := make(chan []int)
	go func() { done <- woken(never, false) }()
	unix.Write(wake, []byte{1, 0, 0, 0, 0, 0, 0, 0})
	if by := <-done; !only(by, wake) {
		t.Errorf("at rest, and woken by %v, want the poke", by)
	}
}
