package check

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/proc"
)

// life is what events told of one process. A pid that is used again is another
// life.
type life struct {
	pid     int
	born    uint64 // Seq of the event that told first; 0: it is older than the events
	at      int64  // when that was
	ours    bool   // came from the learner's shell
	names   []string
	argv    []string
	spawned bool // the shell told of its start
	execed  bool // somebody saw it become a program

	ppid, pgid, sid, tty int
	placed               bool // session and terminal are known
	adopted              bool
	placedAt             int64 // when a system call told session and terminal
	movedAt              int64 // when somebody who looks told of these
	openedAt             int64 // when a puppet opened what may be a terminal
	waited               bool  // the shell waits for it, or a tracer follows it: its stops are told

	puppet  bool // it tells its calls itself
	stopped bool
	sig     int // that stopped or killed it
	ended   bool
	told    bool // how it ended: killed by sig, or status
	killed  bool
	core    bool
	status  int
	endAt   int64
	gone    bool // no zombie any more
}

// name is the newest name, as much of it as is known.
func (l *life) name() string {
	if len(l.names) == 0 {
		return ""
	}
	return l.names[len(l.names)-1]
}

// commMax is how much of a name the kernel keeps (TASK_COMM_LEN, less the NUL).
const commMax = 15

func (l *life) call(name string) bool {
	if name == "" || name == l.name() {
		return false
	}
	// /proc tells of the name that the shell told in full.
	if old := l.name(); len(name) == commMax && strings.HasPrefix(old, name) {
		return false
	}
	l.names = append(l.names, name)
	return true
}

// subshell is what a re-executed jsh calls itself. Its last command takes its place, so
// that name means also what was called so once.
const subshell = "jsh: subshell"

// answers says whether a lesson's word means this process: its name, or the
// beginning of its command line.
func (l *life) answers(word string) bool {
	if word == "*" || word == subshell && slices.Contains(l.names, word) {
		return true
	}
	first, _, args := strings.Cut(word, " ")
	name := l.name()
	if name != first && !(len(name) == commMax && len(first) > commMax && strings.HasPrefix(first, name)) {
		return word == name
	}
	if !args {
		return true
	}
	if len(l.argv) == 0 {
		return word == name
	}
	have := strings.Join(append([]string{path.Base(l.argv[0])}, l.argv[1:]...), " ")
	return have == word || strings.HasPrefix(have, word+" ")
}

// story is the events of a World, folded.
type story struct {
	n       int    // events that are in it
	first   uint64 // Seq of the first
	renamed int    // counts births and new names: what a word means may have changed

	shell   int
	pgid    int        // of the shell
	was     *proc.Tree // who is older than the events; nil: nobody counts who is
	lives   []*life
	now     map[int]*life  // by pid
	jobs    map[int]int    // job → pgid
	jobsOf  map[int]int    // pgid → job, also after the job has gone
	order   []int          // jobs, the current one last
	fg      map[int]int    // terminal → foreground group
	ownFg   int            // foreground group of the shell's terminal, 0 not known
	lineAt  uint64         // Seq of the newest LineBegin
	groups  map[int]uint64 // pgid → Seq at which it was first heard of
	running bool           // a command line runs
	aside   bool           // the line that runs is about the lesson
	lines   int
	line    string
	status  int
	gap     uint64 // Seq of the newest gap
	deaf    uint64 // Seq of the newest gap in what the shell itself told
	gapText string
	deeds   map[uint64]string // by Seq: fg and bg of an older job, ran of a line's end
	memo    map[*call]memo
	once    map[askedOnce]held
}

func newStory(shell int) *story {
	return &story{shell: shell, now: map[int]*life{}, jobs: map[int]int{}, jobsOf: map[int]int{},
		fg: map[int]int{}, groups: map[int]uint64{}, memo: map[*call]memo{}, once: map[askedOnce]held{}, deeds: map[uint64]string{}}
}

// Follow takes over what was folded for an earlier world of the same lesson, so
// that only what is new has to be.
func (w *World) Follow(prev *World) {
	if prev == nil || prev.story == nil || prev.story.shell != w.Shell || prev.story.was != w.Old {
		return
	}
	s := prev.story
	if s.n > len(w.Events) || s.n > 0 && w.Events[0].Seq != s.first {
		return
	}
	w.story = s
}

// remember makes lives of the learner's processes in a tree that is older than all
// events. Without it nobody would know who it was that ends.
func (s *story) remember(t *proc.Tree) {
	if s.was = t; t == nil {
		return
	}
	var old []*proc.Process
	for p := range t.All {
		if p.Ours && !p.Plumbing && !p.Gone && !p.IsShell(t) {
			old = append(old, p)
		}
	}
	slices.SortFunc(old, func(a, b *proc.Process) int { return cmp.Or(cmp.Compare(a.Start, b.Start), a.Pid-b.Pid) })
	for _, p := range old {
		l := ofTree(p)
		s.lives, s.now[l.pid] = append(s.lives, l), l
	}
}

// Since is the world as somebody knows it who knows nothing that is older than
// event number seq.
func (w *World) Since(seq uint64) *World {
	i, _ := slices.BinarySearchFunc(w.Events, seq, func(e event.Event, seq uint64) int { return cmp.Compare(e.Seq, seq) })
	return &World{Tree: w.Tree, Events: w.Events[i:], From: w.From, Shell: w.Shell, Sources: w.Sources, Old: w.Old, Facts: w.Facts}
}

// fold brings the story up to the first n events.
func (w *World) fold(n int) *story {
	if w.story == nil || w.story.n > n {
		w.story = newStory(w.Shell)
		w.story.remember(w.Old)
	}
	s := w.story
	for ; s.n < n; s.n++ {
		e := &w.Events[s.n]
		if s.n == 0 {
			s.first = e.Seq
		}
		s.take(e)
	}
	return s
}

// Moments calls see for each moment after event number after: first as only the
// events up to one of them tell it, without the tree, which is newer than they
// are; at last for w itself. It stops where see returns false, and says which
// event was the last.
func (w *World) Moments(after uint64, see func(at *World) bool) (last uint64) {
	last = after
	i, _ := slices.BinarySearchFunc(w.Events, after, func(e event.Event, seq uint64) int {
		if e.Seq <= seq {
			return -1
		}
		return 1
	})
	if w.story != nil && w.story.n > i {
		i = w.story.n
	}
	for ; i < len(w.Events); i++ {
		e := &w.Events[i]
		w.fold(i + 1)
		last = e.Seq
		if i == len(w.Events)-1 || !w.story.matters(e) {
			continue
		}
		at := *w
		at.Events, at.Tree, at.Facts = w.Events[:i+1], nil, nil
		if !see(&at) {
			return last
		}
	}
	w.fold(len(w.Events))
	see(w)
	return last
}

// matters says whether an event may change an answer: most of what a watcher
// tells is of other people's processes.
func (s *story) matters(e *event.Event) bool {
	switch e.Kind {
	case event.Seen, event.Moved, event.Gone, event.Named, event.User, event.Exec:
		l := s.now[e.Pid]
		return e.Source != event.Proc && e.Source != event.Connector || l != nil && l.ours
	case event.Fact:
		return false // it is an answer
	}
	return true
}

func (s *story) take(e *event.Event) {
	l := s.now[e.Pid]
	if l != nil && e.Source == event.Tracer {
		l.waited = true
	}
	if l != nil && e.Source == event.Puppet && e.Kind == event.Call {
		l.puppet = true
	}
	switch e.Kind {
	case event.Call:
		if l != nil && e.Errno == 0 && called(e, "setsid") { // puppets tell their calls, not what these change
			l.pgid, l.sid, l.tty, l.placed, l.placedAt = e.Pid, e.Pid, 0, true, e.At
			s.group(l.pgid, e.Seq)
		}
		if l != nil && e.Errno == 0 && e.Source == event.Puppet && called(e, "open") && !strings.Contains(e.Text, "O_NOCTTY") && !strings.Contains(e.Text, "/dev/null") {
			l.openedAt = e.At
		}
	case event.Spawn:
		if e.Errno != 0 || e.Pid <= 0 {
			return
		}
		// A child that somebody else saw end before the shell told of its start is the same
		// one: its number is not free before the shell has waited for it.
		if l == nil || l.ended && e.At > l.endAt && (l.spawned || l.ppid != s.shell) {
			l = s.birth(e)
		}
		if l.born == 0 { // the tree was made when it had begun
			l.born, l.at = e.Seq, e.At
		}
		l.spawned = true
		if !l.ours {
			l.ours = true
			s.renamed++
		}
		l.waited = true
		if l.ppid == 0 {
			l.ppid = s.shell
		}
		name := path.Base(e.Path)
		if len(e.Argv) > 0 && strings.HasPrefix(e.Argv[0], "jsh: ") { // it calls itself so: subshells do
			name = e.Argv[0]
		}
		// The shell may tell of its start when the program has already become another.
		if now := l.name(); !l.execed || now == name || len(now) == commMax && strings.HasPrefix(name, now) {
			l.argv = e.Argv
			if l.call(name) {
				s.renamed++
			}
		} else if len(l.names) > 0 {
			l.names = slices.Insert(l.names, len(l.names)-1, name)
			s.renamed++
		}
		l.pgid = e.Pgid
		if e.Pgid == 0 {
			l.pgid = s.pgid
		}
		s.group(l.pgid, e.Seq)
		if e.Fg && e.Pgid != 0 {
			s.ownFg = e.Pgid
		}
	case event.Seen:
		s.seen(e, l)
	case event.Moved:
		if l == nil {
			return
		}
		if l.ppid != 0 && e.PPid != 0 && e.PPid != l.ppid {
			l.adopted = true
		}
		l.place(e)
		l.movedAt = e.At
		s.group(l.pgid, e.Seq)
	case event.SetPgid:
		if l != nil && e.Errno == 0 {
			l.pgid = e.Pgid
			s.group(l.pgid, e.Seq)
		}
	case event.Exec, event.Named:
		if l == nil || e.Errno != 0 {
			return
		}
		name := e.Text
		if e.Path != "" {
			name = path.Base(e.Path)
		}
		l.execed = l.execed || e.Kind == event.Exec && name != ""
		if l.call(name) {
			s.renamed++
			l.argv = nil // of another program
		}
		if e.Argv != nil {
			l.argv = e.Argv
		}
	case event.Stopped:
		if l != nil {
			l.stopped, l.sig = true, e.Sig
		}
		s.current(s.jobsOf[s.pgidOf(l)])
	case event.Continued:
		if l != nil {
			l.stopped = false
		}
	case event.Exited, event.Killed:
		if l == nil {
			return
		}
		l.stopped = false
		l.gone = l.gone || e.Source == event.Shell
		if !l.told {
			l.ended, l.told, l.endAt = true, true, e.At
			l.killed, l.sig, l.status, l.core = e.Kind == event.Killed, e.Sig, e.Status, e.Core
		}
	case event.Gone:
		if l != nil {
			if !l.ended {
				l.ended, l.endAt = true, e.At
			}
			l.gone, l.stopped = true, false
		}
	case event.SetFg:
		if e.Errno != 0 {
			return
		}
		if e.Source == event.Shell && s.older(e.Pgid) {
			s.deeds[e.Seq] = "fg"
		}
		s.ownFg = e.Pgid
	case event.Kill:
		if e.Errno == 0 && e.Source == event.Shell && e.Sig == int(unix.SIGCONT) && s.older(e.Pgid) && s.ownFg != e.Pgid {
			s.deeds[e.Seq] = "bg"
		}
	case event.Fg:
		s.fg[e.TTY] = e.Pgid
	case event.JobNew:
		s.jobs[e.Job], s.jobsOf[e.Pgid] = e.Pgid, e.Job
		s.group(e.Pgid, e.Seq)
		s.current(e.Job)
	case event.JobGone:
		delete(s.jobs, e.Job)
		s.order = slices.DeleteFunc(s.order, func(j int) bool { return j == e.Job })
	case event.LineBegin:
		if s.shell == 0 {
			s.shell = e.Pid
		}
		if e.Pid != 0 && e.Pid != s.shell {
			return // a shell that was started in this one
		}
		if s.pgid == 0 {
			s.pgid = e.Pgid
		}
		s.running, s.lineAt = true, e.Seq
		if s.aside = Aside(e.Text); !s.aside {
			s.line = strings.TrimSpace(e.Text)
			s.lines++
		}
	case event.LineEnd:
		if e.Pid != 0 && e.Pid != s.shell {
			return
		}
		s.running = false
		if !s.aside {
			s.status = e.Status
			s.deeds[e.Seq] = "ran"
		}
	case event.Gap:
		s.gap, s.gapText = e.Seq, e.Text
		if e.Source != event.Proc && e.Source != event.Connector {
			s.deaf = e.Seq
		}
	}
}

// Aside says whether a command line is for the lesson, not part of what the
// learner does in it.
func Aside(line string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	switch word {
	case "", "lesson", "lesson-stage", "answer", "quiz", "demo", "why", "viz", "help", "narrate":
		return true
	}
	return false
}

// current makes a job the current one, %+.
func (s *story) current(job int) {
	if job == 0 {
		return
	}
	s.order = append(slices.DeleteFunc(s.order, func(j int) bool { return j == job }), job)
}

func (s *story) pgidOf(l *life) int {
	if l == nil {
		return 0
	}
	return l.pgid
}

func (s *story) group(pgid int, seq uint64) {
	if _, ok := s.groups[pgid]; !ok && pgid != 0 {
		s.groups[pgid] = seq
	}
}

// older says that a group was there before the command line that runs.
func (s *story) older(pgid int) bool {
	born, ok := s.groups[pgid]
	return ok && pgid != s.pgid && pgid != s.shell && born < s.lineAt
}

func (s *story) birth(e *event.Event) *life {
	l := &life{pid: e.Pid, born: e.Seq, at: e.At}
	s.lives, s.now[e.Pid] = append(s.lives, l), l
	// By the clock, not by the log: a source that is late may tell of the older one last.
	for i := len(s.lives) - 1; i > 0 && l.at != 0 && s.lives[i-1].at > l.at; i-- {
		s.lives[i-1], s.lives[i] = s.lives[i], s.lives[i-1]
	}
	s.renamed++
	return l
}

// seen takes that a process was found, or was forked. Only what came from the
// shell is kept.
func (s *story) seen(e *event.Event, l *life) {
	if e.Pid == s.shell {
		if s.pgid == 0 {
			s.pgid = e.Pgid
		}
		return
	}
	own := e.PPid != 0 && e.PPid == s.shell || s.own(e.PPid) ||
		e.Pgid != 0 && e.Pgid != s.pgid && s.own(e.Pgid) || e.Sid != 0 && e.Sid != s.shell && s.own(e.Sid) ||
		e.Source == event.Tracer || e.Source == event.Puppet
	inherited := e.Source == event.Proc && e.Path == "environ" // its environment proves it
	own = own || inherited
	if l != nil && l.ended && e.At <= l.endAt {
		return // told late
	}
	if l != nil && l.ended && (l.gone || e.Source == event.Connector) {
		l = nil // the number is used again
	}
	if l == nil {
		if !own {
			delete(s.now, e.Pid)
			return
		}
		l = s.birth(e)
		if p := s.now[e.PPid]; p != nil && e.Text == "" {
			l.names = append(l.names, p.name())
		}
	}
	l.puppet = l.puppet || e.Source == event.Puppet
	if own && !l.ours {
		l.ours = true
		s.renamed++
	}
	name := e.Text
	if e.Source == event.Proc && name != "" && !strings.HasPrefix(name, "jsh") {
		l.execed = true // not the copy of the shell that a fork is at first
	}
	if e.Path != "" && !inherited { // it became another program, as the tracer tells it
		name, l.argv = path.Base(e.Path), e.Argv
	}
	if l.call(name) {
		s.renamed++
	}
	if l.ppid == 0 || l.placed {
		l.ppid = e.PPid
	}
	l.place(e)
	s.group(l.pgid, e.Seq)
}

func (s *story) own(pid int) bool {
	l := s.now[pid]
	return l != nil && l.ours
}

func (l *life) place(e *event.Event) {
	if e.PPid != 0 {
		l.ppid = e.PPid
	}
	if e.Sid != 0 {
		l.pgid, l.sid, l.tty, l.placed = e.Pgid, e.Sid, e.TTY, true
	} else if e.Pgid != 0 {
		l.pgid = e.Pgid
	}
}

// plumbing says that a learner did not start it.
func (l *life) plumbing() bool {
	switch n := l.name(); n {
	case proc.TracerName, proc.PuppetsName, "jsh: companion", "jsh: tutor", "jsh: starts a t":
		return true
	}
	return false
}
