package check

import (
	"strings"

	"golang.org/x/sys/unix"

	"jsh/lab/trace"
)

// whole sums up what daemon(3) would have done.
func (r *run) whole(chain []*person, vs ...verdict) verdict {
	v := verdict{claim: "C8", mark: pass, text: "all that daemon(3) does is done: fork, setsid, chdir, /dev/null"}
	_, bad := find(chain, func(c *call) bool {
		switch c.Kind {
		case trace.Setsid, trace.Chdir, trace.Dup2, trace.Fork, trace.Clone:
			return c.Errno != 0
		}
		return false
	})
	var missing []string
	for _, x := range vs {
		switch x.mark {
		case fail:
			missing = append(missing, x.claim)
		case unknown:
			if v.mark == pass {
				v.mark, v.text = unknown, "it ended before it could be looked at"
			}
		}
	}
	switch {
	case len(missing) > 0:
		v.mark, v.text = fail, "daemon(3) would have done what "+strings.Join(missing, ", ")+" asks for"
	case bad != nil:
		v.mark, v.text, v.line = note, bad.Text+" "+bad.Result()+" was refused, and it went on", bad.line
	}
	return v
}

func (r *run) sighup(d *person) verdict {
	v := verdict{claim: "HUP"}
	_, c := find(r.chain(d), func(c *call) bool { return c.Kind == trace.Sigaction && c.Sig == int(unix.SIGHUP) })
	v.line = lineOf(c)
	switch {
	case !r.signals:
		v.text = "not tried: no daemon was left running"
	case r.hup == "ignored":
		v.mark, v.text = note, "SIGHUP is ignored; many daemons read their configuration again on it"
	case r.hup == "its handler runs":
		v.mark, v.text = pass, "SIGHUP runs its handler, and it lives on"
	case r.hup == "another":
		v.mark, v.text = pass, "SIGHUP made it start itself anew, as pid "+num(r.heir)
	case r.hup == "ends after its handler":
		v.mark, v.text = note, "SIGHUP runs its handler, and then it ends"
	default:
		v.mark, v.text = note, "SIGHUP ended it; many daemons read their configuration again on it"
	}
	return v
}

func (r *run) sigterm(d *person) verdict {
	v := verdict{claim: "TERM"}
	_, c := find(r.chain(d), func(c *call) bool { return c.Kind == trace.Sigaction && c.Sig == int(unix.SIGTERM) })
	v.line = lineOf(c)
	switch r.term {
	case "ended":
		v.mark, v.text = pass, "SIGTERM ended it"
	case "stays":
		v.mark, v.text, v.todo = fail, "SIGTERM did not end it within 2 seconds", "end on SIGTERM: shutdown and service managers send it"
	default:
		v.text = "not tried: no daemon was left running"
	}
	return v
}

func (r *run) pid(d *person) verdict {
	v := verdict{claim: "PID"}
	if r.pidFile == "" {
		v.text = "no file with a pid was written"
		return v
	}
	for _, p := range r.order {
		for _, c := range p.calls {
			if c.file == r.pidFile {
				v.line = c.line
			}
		}
	}
	if r.pidText == num(d.pid) {
		v.mark, v.text = pass, r.pidFile+" has its pid, "+r.pidText
		return v
	}
	v.mark, v.todo = fail, "write the file in the last child"
	v.text = r.pidFile + " has pid " + r.pidText + ", but the daemon is " + num(d.pid)
	if p := r.people[atoi(r.pidText)]; p != nil && p.ended {
		v.text += "; " + r.pidText + " was its ancestor and has ended"
	}
	return v
}

func (r *run) zombie() verdict {
	v := verdict{claim: "ZOMBIE", mark: pass, text: "no child of it is a zombie"}
	if !r.long {
		v.mark, v.text = unknown, "not looked at: no daemon was left running"
		return v
	}
	if len(r.zombies) > 0 {
		z := r.people[r.zombies[0]]
		v.mark, v.pid = fail, z.pid
		v.text = "pid " + num(z.pid) + " ended with status " + num(z.status) + " and is a zombie: pid " + num(z.parent) + " has not waited for it"
		v.todo = "wait for it, on SIGCHLD with WNOHANG"
		v.line = lineOf(r.birth(z))
	}
	return v
}
