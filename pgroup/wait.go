package pgroup

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// Change is what wait4(2) told of one child.
type Change struct {
	Pid    int
	Status unix.WaitStatus
}

// WaitFlags says which changes Wait reports besides an end.
type WaitFlags int

const (
	// Stops reports children that stopped or were continued (WUNTRACED,
	// WCONTINUED): for shells with job control.
	Stops WaitFlags = unix.WUNTRACED | unix.WCONTINUED
	// NoBlock returns at once where there is nothing to report (WNOHANG).
	NoBlock WaitFlags = unix.WNOHANG
)

// Wait takes one change of any child (wait4(2) with pid -1) and reaps it if it
// ended. ok is false where there is nothing to take: with NoBlock that nothing
// has changed. Errors: ECHILD (no children), EINTR (a caught signal came; only
// without NoBlock).
func (k *Kernel) Wait(flags WaitFlags) (c Change, ok bool, err error) {
	pid, err := unix.Wait4(-1, &c.Status, int(flags), nil)
	if err != nil || pid <= 0 {
		return c, false, err
	}
	c.Pid = pid
	k.tellChange(c)
	return c, true, nil
}

// WaitFor takes changes of one child only. Errors as Wait.
func (k *Kernel) WaitFor(pid int, flags WaitFlags) (c Change, ok bool, err error) {
	got, err := unix.Wait4(pid, &c.Status, int(flags), nil)
	if err != nil || got <= 0 {
		return c, false, err
	}
	c.Pid = got
	k.tellChange(c)
	return c, true, nil
}

// EndedAlready tells, without reaping it, whether a child has ended, and whether
// a signal did it (waitid(2) with WNOWAIT). One that was waited for, or is no
// child, has ended.
func EndedAlready(pid int) (ended, killed bool) {
	var info struct { // siginfo_t for SIGCHLD on 64-bit machines
		_, _, code, _    int32
		pid, uid, status int32
		_                [100]byte
	}
	for {
		_, _, e := syscall.Syscall6(syscall.SYS_WAITID, unix.P_PID, uintptr(pid), uintptr(unsafe.Pointer(&info)),
			unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, 0, 0)
		if e == syscall.ECHILD {
			return true, false
		}
		if e != syscall.EINTR {
			break
		}
	}
	const exited = 1 // CLD_EXITED
	return info.pid != 0, info.pid != 0 && info.code != exited
}

// StoppedAlready tells, without taking the change, which signal a child has
// stopped by (waitid(2) with WNOWAIT); 0 where it has not.
func StoppedAlready(pid int) unix.Signal {
	var info struct { // siginfo_t for SIGCHLD on 64-bit machines
		_                [4]int32
		pid, uid, status int32
		_                [100]byte
	}
	for {
		_, _, e := syscall.Syscall6(syscall.SYS_WAITID, unix.P_PID, uintptr(pid), uintptr(unsafe.Pointer(&info)),
			unix.WSTOPPED|unix.WNOHANG|unix.WNOWAIT, 0, 0)
		if e != syscall.EINTR {
			break
		}
	}
	if info.pid == 0 {
		return 0
	}
	return unix.Signal(info.status)
}

func (k *Kernel) tellChange(c Change) {
	if k.Tell == nil {
		return
	}
	e := event.Event{Pid: c.Pid}
	switch ws := c.Status; {
	case ws.Exited():
		e.Kind, e.Status = event.Exited, ws.ExitStatus()
	case ws.Signaled():
		e.Kind, e.Sig, e.Core = event.Killed, int(ws.Signal()), ws.CoreDump()
	case ws.Stopped():
		e.Kind, e.Sig = event.Stopped, int(ws.StopSignal())
	default:
		e.Kind = event.Continued
	}
	k.tell(e)
}

// Kill sends a signal to one process (kill(2)).
func (k *Kernel) Kill(pid int, sig unix.Signal) error {
	at := event.Now() // before what comes of it
	err := unix.Kill(pid, sig)
	k.tell(event.Event{At: at, Kind: event.Kill, Pid: pid, Sig: int(sig), Errno: errnoOf(err)})
	return err
}

// KillGroup sends a signal to every member of a process group (kill(2) with a
// negative pid).
func (k *Kernel) KillGroup(pgid int, sig unix.Signal) error {
	at := event.Now()
	err := unix.Kill(-pgid, sig)
	k.tell(event.Event{At: at, Kind: event.Kill, Pgid: pgid, Sig: int(sig), Errno: errnoOf(err)})
	return err
}

// SetPgid puts the shell itself into the group pgid; 0 makes it the leader of
// a group of its own (setpgid(2)). Errors: EPERM for a session leader.
func (k *Kernel) SetPgid(pgid int) error {
	err := unix.Setpgid(0, pgid)
	k.Pgid = unix.Getpgrp()
	k.tell(event.Event{Kind: event.SetPgid, Pid: k.Pid, Pgid: k.Pgid, Errno: errnoOf(err)})
	return err
}
