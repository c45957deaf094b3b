package trace

import "errors"

// ErrNoInjection says that a process cannot be made to call: it is not waiting
// in a system call, or the architecture is not supported.
var ErrNoInjection = errors.New("not supported on this architecture")

// Inject is there for amd64 only.
func (t *Tracer) Inject(pid int, f func(call func(nr uint64, args [3]uint64, text string, at int) (int64, error))) error {
	return ErrNoInjection
}
