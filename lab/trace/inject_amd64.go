package trace

import (
	"errors"

	"golang.org/x/sys/unix"
)

// ErrNoInjection says that a process cannot be made to call: it is not waiting
// in a system call, or the architecture is not supported.
var ErrNoInjection = errors.New("the process is not waiting in a system call")

// Inject has the first thread of a process that waits in a system call make
// others, and then wait as before. f is given the function that makes one: text, if
// there is any, is put into the process's memory, and its address becomes argument
// number at; what the kernel answered comes back. Inject is to be called on the Tracer's
// thread, between two stops (Wake).
func (t *Tracer) Inject(pid int, f func(call func(nr uint64, args [3]uint64, text string, at int) (int64, error))) error {
	k := t.tasks[pid]
	if k == nil || k.p.stopped || k.p.foreign {
		return ErrNoInjection
	}
	if err := ptrace(unix.PTRACE_INTERRUPT, pid, 0, 0); err != nil {
		return err
	}
	var ret int64
	inCall := func(op byte) func(unix.WaitStatus) bool {
		return func(ws unix.WaitStatus) bool {
			if int(ws)>>8 != int(unix.SIGTRAP)|0x80 {
				return false
			}
			info, err := syscallInfo(pid)
			ret = info.ret
			return err == nil && info.op == op
		}
	}
	// A call in which it waited is interrupted, and comes to its end first.
	if !t.until(k, func(ws unix.WaitStatus) bool {
		return int(ws)>>8 == eventStop<<8|int(unix.SIGTRAP) || inCall(opExit)(ws)
	}) {
		return ErrNoInjection
	}
	var old unix.PtraceRegs
	if err := unix.PtraceGetRegs(pid, &old); err != nil {
		return err
	}
	var code [2]byte
	restart := int64(old.Rax) >= -516 && int64(old.Rax) <= -512
	if int64(old.Orig_rax) < 0 || !restart || readMemory(pid, old.Rip-2, code[:]) != 2 || code != [2]byte{0x0f, 0x05} {
		t.resume(k, 0)
		return ErrNoInjection
	}
	f(func(nr uint64, args [3]uint64, text string, at int) (int64, error) {
		if text != "" {
			place := (old.Rsp - 4096) &^ 15 // below the red zone
			if _, err := unix.PtracePokeData(pid, uintptr(place), append([]byte(text), 0)); err != nil {
				return 0, err
			}
			args[at] = place
		}
		regs := old
		regs.Rip -= 2 // the syscall instruction once more
		regs.Rax, regs.Orig_rax = nr, ^uint64(0)
		regs.Rdi, regs.Rsi, regs.Rdx = args[0], args[1], args[2]
		if err := unix.PtraceSetRegs(pid, &regs); err != nil {
			return 0, err
		}
		for _, op := range []byte{opEntry, opExit} {
			if err := ptrace(unix.PTRACE_SYSCALL, pid, 0, 0); err != nil {
				return 0, err
			}
			if !t.until(k, inCall(op)) {
				return 0, ErrNoInjection
			}
		}
		return ret, nil
	})
	// The call in which it waited is made again.
	old.Rip -= 2
	if int64(old.Rax) == -516 {
		old.Rax = unix.SYS_RESTART_SYSCALL
	} else {
		old.Rax = old.Orig_rax
	}
	old.Orig_rax = ^uint64(0)
	err := unix.PtraceSetRegs(pid, &old)
	t.resume(k, 0)
	return err
}

// until serves one thread until it comes to a stop that is wanted; false when it
// ends instead.
func (t *Tracer) until(k *task, wanted func(unix.WaitStatus) bool) bool {
	for t.tasks[k.tid] == k {
		var ws unix.WaitStatus
		tid, err := unix.Wait4(k.tid, &ws, unix.WALL, nil)
		if err == unix.EINTR {
			continue
		}
		if err != nil || tid != k.tid {
			return false
		}
		if ws.Stopped() && wanted(ws) {
			return true
		}
		t.changed(tid, ws)
	}
	return false
}
