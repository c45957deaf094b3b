package check

import (
	"strings"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/lab/trace"
)

// call is one call that was seen.
type call struct {
	trace.Call
	line string // in the source, "" where that is not known
	file string // the absolute path of an open
}

// person is a process that was seen.
type person struct {
	pid, parent int
	name        string
	calls       []*call
	ended       bool
	status, sig int
	born        int64
	last        state // when it was about to end
	got         map[int]string
}

// state is what /proc says of a process at one moment.
type state struct {
	known                bool
	mark                 byte // R, S, Z …
	ppid, pgid, sid, tty int
	cwd, umask           string
	files                map[int]string
}

func look(pid int) (s state) {
	text := trace.ReadFile("/proc/" + num(pid) + "/stat")
	i := strings.LastIndexByte(text, ')')
	if i < 0 {
		return s
	}
	f := strings.Fields(text[i+1:])
	if len(f) < 6 {
		return s
	}
	s.known, s.mark = true, f[0][0]
	s.ppid, s.pgid, s.sid, s.tty = atoi(f[1]), atoi(f[2]), atoi(f[3]), atoi(f[4])
	s.cwd = link("/proc/" + num(pid) + "/cwd")
	for l := range strings.SplitSeq(trace.ReadFile("/proc/"+num(pid)+"/status"), "\n") {
		if rest, ok := strings.CutPrefix(l, "Umask:"); ok {
			s.umask = strings.TrimSpace(rest)
		}
	}
	s.files = map[int]string{}
	for fd := range 256 {
		if l := link("/proc/" + num(pid) + "/fd/" + num(fd)); l != "" {
			s.files[fd] = l
		}
	}
	return s
}

func link(path string) string {
	var buf [4096]byte
	n, err := unix.Readlink(path, buf[:])
	if err != nil {
		return ""
	}
	return event.Visible(string(buf[:n]))
}

func atoi(s string) (n int) {
	neg := strings.HasPrefix(s, "-")
	for _, c := range strings.TrimPrefix(s, "-") {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	if neg {
		return -n
	}
	return n
}

func (r *run) person(pid int) *person {
	p := r.people[pid]
	if p == nil {
		p = &person{pid: pid, got: map[int]string{}}
		r.people[pid] = p
		r.order = append(r.order, p)
	}
	return p
}

// daemon is the process that is judged: of those alive the first that has no
// traced parent alive, but not the one that was started, if there is another; of
// those that have all ended the last one born in the line of first children.
func (r *run) daemon() *person {
	alive := func(p *person) bool { return p != nil && !p.ended }
	for _, p := range r.order {
		if alive(p) && p.pid != r.first && !alive(r.people[p.parent]) {
			return p
		}
	}
	first := r.people[r.first]
	if alive(first) {
		// The parent stays: what was meant to be the daemon is the end of the
		// line of only children, if it has left the session.
		last := first
		for next := last; next != nil; {
			last, next = next, nil
			for _, p := range r.order {
				if alive(p) && p.parent == last.pid {
					if next != nil {
						next = nil
						break
					}
					next = p
				}
			}
		}
		if look(last.pid).sid != r.sid {
			return last
		}
		return first
	}
	// All have ended: the one that came furthest, which is the last whose
	// parent did not wait for it.
	best := first
	for _, p := range r.order {
		if best != nil && p.parent == best.pid && !r.waitedFor(p.pid) {
			best = p
		}
	}
	return best
}

// waitedFor tells whether some wait told of a process.
func (r *run) waitedFor(pid int) bool {
	for _, p := range r.order {
		for _, c := range p.calls {
			if (c.Kind == trace.Wait4 || c.Kind == trace.Waitid) && c.Done && c.Errno == 0 && int(c.Ret) == pid {
				return true
			}
		}
	}
	return false
}

func (r *run) findPidFile() {
	for _, p := range r.order {
		for _, c := range p.calls {
			if c.file == "" || !c.Done || c.Errno != 0 || strings.HasPrefix(c.file, "/dev/") || strings.HasPrefix(c.file, "/proc/") {
				continue
			}
			text := trace.ReadFile(c.file)
			if len(text) > 32 {
				continue
			}
			text = strings.TrimSpace(text)
			if n := atoi(text); n > 0 && num(n) == text {
				r.pidFile, r.pidText = c.file, text
				return
			}
		}
	}
}

// findZombies finds children that ended and that nobody has waited for.
func (r *run) findZombies() {
	for _, p := range r.order {
		parent := r.people[p.parent]
		if p.ended && parent != nil && !parent.ended && look(p.pid).mark == 'Z' {
			r.zombies = append(r.zombies, p.pid)
		}
	}
}
