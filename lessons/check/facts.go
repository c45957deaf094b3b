package check

import (
	"path"
	"strconv"

	"jsh/event"
	"jsh/proc"
)

// asked asks what a file of /proc/PID says of the process that an operand means.
func asked(w *World, n node, file string, ask func(about, *Facts) val) val {
	return one(w, n, func(p about) val {
		if p.dead() {
			return val{why: p.how() + ", and what it was like nobody asked in time"}
		}
		if w.Facts == nil {
			return val{why: "nobody may ask /proc here"}
		}
		f, ok := w.Facts(p.pid, file)
		if !ok {
			return val{why: "/proc does not tell of " + p.word()}
		}
		return ask(p, &f)
	})
}

func disposition(w *World, a []node, set func(*Facts) proc.SigSet, yes, no string) val {
	sig := a[1].eval(w).num
	return asked(w, a[0], event.FactStatus, func(p about, f *Facts) val {
		if set(f).Has(sig) {
			return val{truth: True, why: p.word() + " " + yes + " " + event.SigName(sig)}
		}
		return val{truth: False, why: p.word() + " " + no + " " + event.SigName(sig)}
	})
}

func ignores(w *World, a []node) val {
	return disposition(w, a, func(f *Facts) proc.SigSet { return f.Ignored }, "ignores", "does not ignore")
}

func blocks(w *World, a []node) val {
	return disposition(w, a, func(f *Facts) proc.SigSet { return f.Blocked }, "blocks", "does not block")
}

func catches(w *World, a []node) val {
	return disposition(w, a, func(f *Facts) proc.SigSet { return f.Caught }, "has a handler for", "has no handler for")
}

// sleeping compares what a process sleeps in with the words of proc.Reader.Waits.
func sleeping(w *World, a []node, words string) val {
	return asked(w, a[0], event.FactWchan, func(p about, f *Facts) val {
		if p.held() {
			return val{truth: False, why: p.how()}
		}
		if f.Waits == "" {
			if p.p != nil && p.p.State == 'R' {
				return val{truth: False, why: p.word() + " does not sleep"}
			}
			return val{why: "what " + p.word() + " sleeps in is not told"}
		}
		return val{truth: truth(f.Waits == words), why: p.word() + " " + f.Waits}
	})
}

func readsTTY(w *World, a []node) val { return sleeping(w, a, "reads the terminal") }
func writesTTY(w *World, a []node) val {
	return sleeping(w, a, "writes the terminal")
}

func polls(w *World, a []node) val { return sleeping(w, a, "waits for events") }
func waits(w *World, a []node) val { return sleeping(w, a, "waits for a child") }

func umask(w *World, a []node) val {
	return asked(w, a[0], event.FactStatus, func(p about, f *Facts) val {
		if f.Umask < 0 {
			return val{why: "/proc does not tell the umask of " + p.word()}
		}
		return val{known: true, num: f.Umask, why: "the umask of " + p.word() + " is 0" + strconv.FormatInt(int64(f.Umask), 8)}
	})
}

func cwd(w *World, a []node) val {
	return asked(w, a[0], event.FactCwd, func(p about, f *Facts) val {
		if f.Cwd == "" {
			return val{why: "the working directory of " + p.word() + " may not be read"}
		}
		return val{known: true, str: f.Cwd, why: "the working directory of " + p.word() + " is " + event.Visible(f.Cwd)}
	})
}

func fd(w *World, a []node) val {
	n := a[1].eval(w).num
	return asked(w, a[0], event.FactFd, func(p about, f *Facts) val {
		which := "descriptor " + strconv.Itoa(n) + " of " + p.word()
		if f.Fds == nil {
			return val{why: which + " may not be read"}
		}
		to, open := f.Fds[n]
		if !open {
			return val{known: true, none: true, why: which + " is closed"}
		}
		return val{known: true, str: to, why: which + " leads to " + event.Visible(to)}
	})
}

func holds(w *World, a []node) val {
	name := a[1].eval(w).str
	return asked(w, a[0], event.FactFd, func(p about, f *Facts) val {
		if f.Fds == nil {
			return val{why: "the open files of " + p.word() + " may not be read"}
		}
		for _, to := range f.Fds {
			if to == name || path.Base(to) == name {
				return val{truth: True, why: p.word() + " has " + event.Visible(to) + " open"}
			}
		}
		return val{truth: False, why: p.word() + " has no " + event.Visible(name) + " open"}
	})
}
