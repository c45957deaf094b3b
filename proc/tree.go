package proc

import (
	"slices"
)

// Tree is the kernel's picture of processes: session ⊃ process group ⊃
// process, at the time of one snapshot, with what earlier trees remember.
type Tree struct {
	At       int64      // CLOCK_MONOTONIC ns, of the snapshot
	Sessions []*Session // the shell's own first, then by birth, session 0 last
	Shell    *Process   // nil if the shell is not there
	More     int        // processes that ended since the last command line began and are no longer in the tree: the oldest

	live    []Process    // sorted by pid; what the pointers point to
	founder map[int]bool // pids of ours that lead or led a group or session
}

// Session is a session: a leader called setsid(2), and its descendants stay
// in it until they call setsid themselves.
type Session struct {
	Sid        int // 0: the leader is outside this pid namespace, or these are kernel threads
	Leader     *Process
	TTY        int      // device number of the controlling terminal; 0 is none
	Foreground int      // pgid that the terminal has in the foreground; 0 is none
	Groups     []*Group // the leader's own first, then in the order of their birth

	born birth
}

// Group is a process group.
type Group struct {
	Pgid       int
	Job        int  // the shell's word for it; 0 is none
	Foreground bool // of the session's controlling terminal
	// Orphaned follows POSIX.1-2024, 3.247: the parent of every member is
	// either a member too or of another session. Members that only wait to be
	// reaped do not count, as in the kernel (will_become_orphaned_pgrp); a
	// group of nothing else is not called orphaned. Of a parent that the
	// snapshot lacks nothing is known, so the group is not called orphaned.
	Orphaned   bool
	LeaderGone bool // no live process has the group's number as its pid
	Members    []*Process

	// Letter is the picture's name for the group: A, B … Z, AA. A group keeps
	// it for as long as it is in the tree. "" for what is not the shell's.
	Letter string

	born   birth
	letter int // A is 1; 0 is none
}

// Process is a process in its place.
type Process struct {
	Proc
	Parent  *Process // nil if the snapshot lacks it
	Session *Session
	Group   *Group

	Ours     bool // the shell, or started from it, by however many steps
	Plumbing bool // serves the shell or the picture; a learner did not start it

	// Adopted says that the parent is not the process that forked it: that
	// one ended. Forker is its pid, 0 if it was never seen.
	Adopted bool
	Forker  int

	// Gone says that it has ended since the last command line began, and
	// shows its last known place. With Told it is known how: by Sig, or if
	// that is 0 with Status.
	Gone   bool
	Told   bool
	Status int
	Sig    int

	forker ID
	staged bool // StagingName, or started from such a process
	fate   fate // of a zombie
	halted bool // an event told that it stopped, and none that it went on
	asked  bool // while Next finds out who is ours
}

// fate is how a zombie ended, if an event told.
type fate struct {
	told        bool
	status, sig int
}

// Staged says that the process is a puppet of StagingName or was started from
// one.
func (p *Process) Staged() bool { return p.staged }

// IsShell says whether the process is the shell that the tree was made for.
func (p *Process) IsShell(t *Tree) bool { return t.Shell == p }

// LeadsSession says whether the process is its session's leader.
func (p *Process) LeadsSession() bool { return p.Pid == p.Sid }

// LeadsGroup says whether the process is its group's leader.
func (p *Process) LeadsGroup() bool { return p.Pid == p.Pgid }

// Process returns the live process with this pid, nil if there is none.
func (t *Tree) Process(pid int) *Process {
	lo, hi := 0, len(t.live)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if t.live[mid].Pid < pid {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(t.live) && t.live[lo].Pid == pid {
		return &t.live[lo]
	}
	return nil
}

// All calls yield for each process in the order of the drawing.
func (t *Tree) All(yield func(*Process) bool) {
	for _, s := range t.Sessions {
		for _, g := range s.Groups {
			for _, p := range g.Members {
				if !yield(p) {
					return
				}
			}
		}
	}
}

// arrange builds sessions and groups from processes, whose order it changes.
// Births are taken over from prev, or a group would move when its oldest member
// ends.
func arrange(t, prev *Tree, all []*Process, jobs map[int]int) {
	slices.SortFunc(all, func(a, b *Process) int {
		if a.Sid != b.Sid {
			return a.Sid - b.Sid
		}
		if a.Pgid != b.Pgid {
			return a.Pgid - b.Pgid
		}
		if d := a.birth().compare(b.birth()); d != 0 {
			return d
		}
		return gone(a) - gone(b)
	})
	// Members of a group stand side by side now, groups of a session too, so
	// that each list is a part of one.
	sessions, groups := 0, 0
	for i, p := range all {
		if i == 0 || p.Sid != all[i-1].Sid {
			sessions++
			groups++
		} else if p.Pgid != all[i-1].Pgid {
			groups++
		}
	}
	t.Sessions = make([]*Session, 0, sessions)
	sessionStore, groupStore := make([]Session, 0, sessions), make([]Group, 0, groups)
	groupList := make([]*Group, 0, groups)
	for i := 0; i < len(all); {
		sid, from := all[i].Sid, len(groupList)
		sessionStore = append(sessionStore, Session{Sid: sid, born: all[i].birth()})
		s := &sessionStore[len(sessionStore)-1]
		t.Sessions = append(t.Sessions, s)
		for i < len(all) && all[i].Sid == sid {
			pgid, first := all[i].Pgid, i
			groupStore = append(groupStore, Group{Pgid: pgid, Job: jobs[pgid], born: all[i].birth()})
			g := &groupStore[len(groupStore)-1]
			groupList = append(groupList, g)
			for ; i < len(all) && all[i].Sid == sid && all[i].Pgid == pgid; i++ {
				p := all[i]
				p.Session, p.Group = s, g
				if !p.Gone && p.LeadsSession() {
					s.Leader = p
				}
			}
			g.Members = all[first:i:i]
			if g.born.compare(s.born) < 0 {
				s.born = g.born
			}
		}
		s.Groups = groupList[from:len(groupList):len(groupList)]
	}
	t.inherit(prev)
	for _, s := range t.Sessions {
		s.settle(t)
	}
	var own *Session
	if t.Shell != nil {
		own = t.Shell.Session
	}
	slices.SortStableFunc(t.Sessions, func(a, b *Session) int {
		if (a == own) != (b == own) {
			if a == own {
				return -1
			}
			return 1
		}
		if (a.Sid == 0) != (b.Sid == 0) { // the kernel's own threads stand last
			return b.Sid - a.Sid
		}
		return a.born.compare(b.born)
	})
}

// gone sorts the dead behind the living.
func gone(p *Process) int {
	if p.Gone {
		return 1
	}
	return 0
}

// inherit takes the births of sessions and groups over from prev. Sessions
// still stand by sid, groups by pgid.
func (t *Tree) inherit(prev *Tree) {
	if prev == nil {
		return
	}
	for _, old := range prev.Sessions {
		i, ok := slices.BinarySearchFunc(t.Sessions, old.Sid, func(s *Session, sid int) int { return s.Sid - sid })
		if !ok {
			continue
		}
		s := t.Sessions[i]
		s.born = old.born
		for _, g := range old.Groups {
			if k, ok := slices.BinarySearchFunc(s.Groups, g.Pgid, func(g *Group, pgid int) int { return g.Pgid - pgid }); ok {
				s.Groups[k].born = g.born
			}
		}
	}
}

// settle fills in what a session's members say about it and its groups.
func (s *Session) settle(t *Tree) {
	// tpgid is the terminal's, read anew with each process: the last read is
	// the freshest. Snapshots are read by ascending pid.
	freshest := 0
	for _, g := range s.Groups {
		for _, p := range g.Members {
			if !p.Gone && p.TTY != 0 && p.Pid > freshest {
				freshest = p.Pid
				s.TTY, s.Foreground = p.TTY, max(p.Tpgid, 0)
			}
		}
	}
	for _, g := range s.Groups {
		g.Foreground = s.Foreground != 0 && g.Pgid == s.Foreground
		g.LeaderGone = t.Process(g.Pgid) == nil
		g.Orphaned = orphaned(g.Members)
	}
	slices.SortStableFunc(s.Groups, func(a, b *Group) int {
		if (a.Pgid == s.Sid) != (b.Pgid == s.Sid) {
			if a.Pgid == s.Sid {
				return -1
			}
			return 1
		}
		return a.born.compare(b.born)
	})
}

// orphaned applies the definition at Group.Orphaned. The kernel also passes
// over children of the system's first init; that matters only where init
// itself is in the session, and cannot be told from inside a pid namespace.
func orphaned(members []*Process) bool {
	living := false
	for _, p := range members {
		if p.Gone || p.Exited() {
			continue
		}
		living = true
		switch {
		case p.PPid == 0: // the parent is outside this pid namespace, so outside the session
		case p.Parent == nil:
			return false
		case p.Parent.Sid == p.Sid && p.Parent.Pgid != p.Pgid:
			return false
		}
	}
	return living
}
