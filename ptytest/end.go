package ptytest

import (
	"os"
	"slices"
	"syscall"
)

// living are the members without the zombies: only its parent can remove a
// zombie.
func (t *Term) living() []ProcInfo {
	return slices.DeleteFunc(t.members(), ProcInfo.Zombie)
}

// members are the processes that came from this Term: those of the session,
// those that carry its marker, and their descendants.
func (t *Term) members() []ProcInfo {
	all := allProcs()
	ours := map[int]bool{}
	for _, p := range all {
		if p.Sid == t.Pid() || p.Pid != os.Getpid() && hasEnv(p.Pid, t.entry) {
			ours[p.Pid] = true
		}
	}
	for grown := true; grown; {
		grown = false
		for _, p := range all {
			if !ours[p.Pid] && ours[p.PPid] {
				ours[p.Pid], grown = true, true
			}
		}
	}
	return slices.DeleteFunc(all, func(p ProcInfo) bool { return !ours[p.Pid] })
}

// Hangup closes the master: the kernel sends SIGHUP to the session leader, as
// when a terminal's window is closed. Nothing can be typed or read after it.
func (t *Term) Hangup() { t.master.Close() }

// end hangs up, gives the processes time to go, and removes those that stay.
func (t *Term) end() {
	before := t.living()
	t.Hangup()
	var left []ProcInfo
	look := func(known []ProcInfo) {
		left = t.living()
		for _, p := range known { // one that shed session, marker and parent
			now, ok := Proc(p.Pid)
			if ok && now.Start == p.Start && !now.Zombie() && !contains(left, now) {
				left = append(left, now)
			}
		}
	}
	gone := func() bool {
		look(before)
		return !slices.ContainsFunc(left, func(p ProcInfo) bool {
			return t.o.MayStay == nil || !t.o.MayStay(p)
		})
	}
	grace := t.deadline / 4
	if t.t.Failed() {
		grace = t.deadline / 20
	}
	ok := poll(grace, gone)
	if !ok && !t.t.Failed() {
		t.t.Errorf("ptytest: left behind after the hang-up:\n%s", tree(left))
	}
	killed := poll(t.deadline, func() bool {
		for _, p := range left {
			if now, ok := Proc(p.Pid); ok && now.Start == p.Start {
				syscall.Kill(p.Pid, syscall.SIGKILL)
			}
		}
		look(left)
		return len(left) == 0
	})
	if !killed {
		t.t.Errorf("ptytest: cannot kill:\n%s", tree(left))
		return
	}
	<-t.exited
}

func contains(procs []ProcInfo, p ProcInfo) bool {
	return slices.ContainsFunc(procs, func(q ProcInfo) bool { return q.Pid == p.Pid && q.Start == p.Start })
}
