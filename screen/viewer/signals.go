package viewer

import (
	"golang.org/x/sys/unix"

	"jsh/pgroup"
)

// caught are the signals that the viewer answers to. SIGTSTP is among them: the
// terminal is to be given back before the stop.
var caught = [...]unix.Signal{unix.SIGWINCH, unix.SIGCONT, unix.SIGTERM, unix.SIGHUP, unix.SIGINT, unix.SIGQUIT, unix.SIGTSTP}

// catchSignals delivers them from now on, but not those that were ignored when
// this process was started (nohup). It must be called on the main thread. os/signal
// would not do: after its Reset a signal does not stop the process.
func catchSignals() (<-chan unix.Signal, error) {
	wake, err := pgroup.OpenWake()
	if err != nil {
		return nil, err
	}
	entry := pgroup.IgnoredAtEntry()
	for _, sig := range caught {
		if !entry.Has(sig) {
			pgroup.Catch(sig)
		}
	}
	out := make(chan unix.Signal, len(caught))
	go func() {
		fds := []unix.PollFd{{Fd: int32(wake), Events: unix.POLLIN}}
		for {
			if n, err := unix.Poll(fds, -1); err != nil || n == 0 {
				continue // EINTR
			}
			set := pgroup.Pending()
			for _, sig := range caught {
				if set.Has(sig) {
					out <- sig
				}
			}
		}
	}()
	return out, nil
}
