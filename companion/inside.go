package companion

import (
	"os"
	"strconv"

	"jsh/proc"
)

// inside knows which of the shell's processes live in another pid namespace than
// this one, and which number they have there: a learner who asks $$ in unshare or
// in a sandbox is told that one, and the picture has ours.
type inside struct {
	own   string             // our pid namespace, as its link in /proc reads
	known map[proc.ID]string // the number inside, "" in ours
	now   map[int]string     // pid → the number inside
}

// look takes a snapshot of who is near the shell. It tells whether anything has
// changed. Each process costs a readlink, once.
func (in *inside) look(near *proc.Snapshot) (changed bool) {
	if in.known == nil {
		in.own, _ = os.Readlink("/proc/self/ns/pid")
		in.known = make(map[proc.ID]string)
	}
	var r *proc.Reader
	now := make(map[int]string)
	known := in.known
	if len(known) > 2*len(near.Procs)+64 {
		in.known = make(map[proc.ID]string, len(near.Procs)) // without those that are gone
	}
	for i := range near.Procs {
		p := &near.Procs[i]
		number, ok := known[p.ID()]
		if !ok && p.State != 'Z' { // a zombie is in no namespace any more
			if ns, err := os.Readlink("/proc/" + strconv.Itoa(p.Pid) + "/ns/pid"); err == nil && ns != in.own {
				if r == nil {
					if r, err = proc.Open(); err != nil {
						return false
					}
					defer r.Close()
				}
				if pids, err := r.NSpid(p.Pid); err == nil && len(pids) > 1 {
					number = strconv.Itoa(pids[len(pids)-1])
				}
			}
		}
		in.known[p.ID()] = number
		if number != "" {
			now[p.Pid] = number
		}
	}
	changed = marksText(now) != marksText(in.now)
	in.now = now
	return changed
}
