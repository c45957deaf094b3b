package trace

import (
	"os"
	"strconv"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// AttachHost begins to follow what a running process starts: a shell. Of the
// process itself nothing is told, and none of its calls stops. Errors are those
// of Attach.
func (t *Tracer) AttachHost(pid int) error {
	p := &process{pid: pid, inner: innerPid(pid), place: t.place(pid), host: true}
	p.name, p.path = p.place.Name, link(pid, "exe")
	t.procs[pid] = p
	// A thread that a thread starts meanwhile is attached by the kernel or met in
	// the next round.
	for found := true; found; {
		found = false
		entries, err := os.ReadDir("/proc/" + num(pid) + "/task")
		if err != nil {
			return unix.ESRCH
		}
		for _, e := range entries {
			tid, err := strconv.Atoi(e.Name())
			if err != nil || t.tasks[tid] != nil {
				continue
			}
			switch err := ptrace(unix.PTRACE_SEIZE, tid, 0, uintptr(options)); {
			case err == nil:
				found = true
				t.newTask(tid, p)
			case tid == pid:
				return err
			case statusField(tid, "TracerPid") == num(unix.Getpid()):
				found = true
				t.newTask(tid, p)
			}
		}
	}
	return nil
}

// happened tells the Handler of what came to a process, if it is to hear of that.
func (t *Tracer) happened(p *process, h *Happening) {
	if !p.host {
		t.h.Happened(h)
	}
}

// forget strikes out a process that was let go.
func (t *Tracer) forget(k *task, why string) {
	delete(t.tasks, k.tid)
	delete(t.procs, k.p.pid)
	t.letGo(k)
	if why != "" {
		t.h.Happened(&Happening{What: Note, Pid: k.p.pid, Place: k.p.place, Text: why})
	}
}

// A process that makes hurry calls within a second is slowed down by being
// followed, many times (dd bs=1: 20 to 40 times). The start of a large program,
// such as python, takes half as many.
const hurry = 4096

// count counts a call.
func (t *Tracer) count(p *process) {
	if !t.Spares {
		return
	}
	if p.calls == 0 {
		p.since = event.Now()
	}
	if p.calls++; p.calls < hurry {
		return
	}
	p.calls = 0
	if event.Now()-p.since > 1e9 {
		return
	}
	p.hurried = true
	if !p.light {
		t.h.Happened(&Happening{What: Note, Pid: p.pid, Place: p.place,
			Text: "process " + num(p.pid) + ", " + p.name + ", makes so many calls that following each would slow it down: only its forks, execs, stops and end are told from now on"})
	}
}
