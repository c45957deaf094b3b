package shell

import (
	"golang.org/x/sys/unix"

	"jsh/jobs"
	"jsh/pgroup"
)

// OwnProgram is a program that jsh itself is when it is started under that name:
// found as a builtin is, before PATH, and started as a program is. So in
// pipelines, redirections and jobs it needs nothing special.
type OwnProgram struct {
	Help string // what help NAME prints
	// Over, if it is there, is called when a foreground job with that program
	// is over and the shell has the terminal back; pid is the program's.
	Over func(s *Shell, pid int)
}

// noteOwn keeps in mind what is to be done when an own program's job is over.
func (s *Shell) noteOwn(name string, pid int) {
	p := s.own[name]
	if p.Over == nil || !s.interactive {
		return
	}
	if s.over == nil {
		s.over = map[int]func(*Shell, int){}
	}
	s.over[pid] = p.Over
}

// ownOver does what is to be done for the own programs of a job.
func (s *Shell) ownOver(j *jobs.Job) {
	for _, p := range j.Procs {
		if f := s.over[p.Pid]; f != nil {
			delete(s.over, p.Pid)
			f(s, p.Pid)
		}
	}
}

// SleepOn sleeps until descriptor fd can be read, and tells whether SIGINT or a
// hang-up came instead. It is for OwnProgram.Over; other signals wait until that
// returns.
func (s *Shell) SleepOn(fd int) (interrupted bool) {
	for {
		s.awaitInput(fd)
		if !pgroup.AnyPending() {
			return false
		}
		set := pgroup.Pending()
		if set.Has(unix.SIGINT) {
			s.later |= set.Without(unix.SIGINT)
			return true
		}
		s.later |= set
		if set.Has(unix.SIGHUP) {
			return true
		}
	}
}
