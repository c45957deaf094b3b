package why

// kin speaks of parents and groups: who adopted the process, and what an
// orphaned process group means for it.
func (e *explainer) kin() {
	f := e.f
	if f.Adopted && f.Parent != nil {
		was := "the process that forked it has ended"
		if f.Forker != 0 {
			was = num(f.Forker)
			if n := f.watchedName(f.Forker); n != "" {
				was += " (" + n + ")"
			}
			was += ", which forked it, "
			if how := f.howEnded(f.Forker); how != "" {
				was += how
			} else {
				was += "has ended"
			}
		}
		if f.Init {
			e.claim("adopted-init", "It is an orphan: "+was+", and pid 1 adopted it: "+name(&f.Parent.Proc)+". That one reaps it when it ends.", e.file("stat")+" ppid; POSIX _exit()")
		} else {
			e.claim("adopted-subreaper", "It is an orphan: "+was+", and the nearest subreaper above it adopted it, "+name(&f.Parent.Proc)+", before pid 1 could.", e.file("stat")+" ppid; prctl(2) PR_SET_CHILD_SUBREAPER")
		}
	}
	if f.Orphaned && f.TTY != nil && !f.P.Exited() && f.P.Sid != f.P.Pid {
		e.claim("orphaned-group", "Its process group is orphaned: no member has a parent in another group of the session. "+
			"^Z, SIGTTIN and SIGTTOU do not stop it, and reading the terminal from the background fails with EIO instead.", "/proc/*/stat; POSIX 3.247, 11.1.4")
	}
	if f.P.Pid == f.P.Sid && f.TTY == nil && !f.P.Exited() {
		e.claim("leads-session", "It leads session "+num(f.P.Sid)+", which has no terminal: as a daemon does after setsid().", e.file("stat")+" session")
	}
}

// program speaks of the program file.
func (e *explainer) program() {
	p := e.f.P
	if p.Deleted {
		e.claim("exe-deleted", "Its program file, "+p.Exe+", was removed or replaced after it was started: it still runs the old one. Only a new start runs the new one.", e.file("exe")+"; proc(5)")
	}
	if p.Tracer != 0 && p.State != 't' {
		e.claim("traced", "Process "+num(p.Tracer)+" traces it.", e.file("status")+" TracerPid")
	}
}
