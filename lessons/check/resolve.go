package check

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"jsh/event"
	"jsh/proc"
)

// about is a process as a question sees it: its life, and the tree's word where
// there is one.
type about struct {
	*life
	w *World
	p *proc.Process // nil: the tree does not show it
}

// with looks a life up in the tree.
func (w *World) with(l *life) about {
	a := about{life: l, w: w}
	if w.Tree != nil && l.pid > 0 && !l.gone {
		a.p = w.Tree.Process(l.pid)
	}
	return a
}

// word is how a sentence calls the process.
func (a about) word() string {
	if a.pid == a.w.story.shell {
		return "the shell"
	}
	name := a.name()
	if a.p != nil && name == "" {
		name = a.p.Name
	}
	if name == "" {
		return strconv.Itoa(a.pid)
	}
	if a.w.many(name) {
		if line := a.line(); line != "" && !a.w.doubled(a.life, line) {
			return event.Visible(line)
		}
		return event.Visible(name) + " (" + strconv.Itoa(a.pid) + ")"
	}
	return event.Visible(name)
}

// line is the command line where it has arguments and is short: "sleep 600".
func (a about) line() string {
	const most = 24
	if len(a.argv) < 2 || path.Base(a.argv[0]) != a.name() {
		return ""
	}
	line := a.name() + " " + strings.Join(a.argv[1:], " ")
	if len(line) > most {
		return ""
	}
	return line
}

// doubled says whether another of the learner's processes has the command line.
func (w *World) doubled(l *life, line string) bool {
	for _, m := range w.story.lives {
		if m != l && m.ours && m.name() == l.name() && (about{life: m, w: w}).line() == line {
			return true
		}
	}
	return false
}

// many says whether several of the learner's processes have the name.
func (w *World) many(name string) bool {
	n := 0
	for _, l := range w.story.lives {
		if l.ours && l.name() == name {
			n++
		}
	}
	return n > 1
}

// named are the learner's processes that a word means, oldest first.
func (w *World) named(word string) []about {
	var out []about
	if word == "shell" || word == "jsh" { // a child that is no program yet is called jsh, too
		if l := w.byPid(w.story.shell); l != nil {
			out = append(out, w.with(l))
		}
		return out
	}
	younger := false
	for _, l := range w.story.lives {
		if a := w.with(l); l.ours && !l.plumbing() && (a.p == nil || !a.p.Plumbing) && w.answers(a, word) {
			out = append(out, a)
			younger = younger || l.born > 0
		}
	}
	if younger { // older ones are meant only where the lesson has none of that name
		out = slices.DeleteFunc(out, func(a about) bool { return a.born == 0 })
	}
	return out
}

// answers is life.answers, where the arguments may have to be asked for.
func (w *World) answers(a about, word string) bool {
	if a.argv == nil && a.p != nil && w.Facts != nil && strings.Contains(word, " ") {
		if first, _, _ := strings.Cut(word, " "); a.life.answers(first) {
			if f, ok := w.Facts(a.pid, event.FactCmdline); ok {
				a.argv = f.Args
			}
		}
	}
	return a.life.answers(word)
}

// ofTree is a life for a process of which only the tree tells.
func ofTree(p *proc.Process) *life {
	return &life{pid: p.Pid, names: []string{p.Name}, ours: p.Ours, ppid: p.PPid, pgid: p.Pgid, sid: p.Sid,
		tty: p.TTY, placed: true, adopted: p.Adopted, stopped: p.State == 'T', waited: true}
}

// byPid is the process with a pid, living if there is one; nil if nobody told of it.
func (w *World) byPid(pid int) *life {
	if l := w.story.now[pid]; l != nil {
		return l
	}
	if w.Tree != nil {
		if p := w.Tree.Process(pid); p != nil {
			return ofTree(p)
		}
	}
	if pid == w.story.shell && pid != 0 {
		return &life{pid: pid, names: []string{"jsh"}, pgid: w.story.pgid}
	}
	return nil
}

// job is the group of a job's word: %1, %+, %%, %-.
func (w *World) job(word string) (pgid int, ok bool) {
	s := w.story
	switch word {
	case "%+", "%%", "%":
		if len(s.order) > 0 {
			pgid, ok = s.jobs[s.order[len(s.order)-1]]
		}
		return pgid, ok
	case "%-":
		if len(s.order) > 1 {
			pgid, ok = s.jobs[s.order[len(s.order)-2]]
		}
		return pgid, ok
	}
	n, err := strconv.Atoi(word[1:])
	if err != nil {
		return 0, false
	}
	if pgid, ok = s.jobs[n]; ok {
		return pgid, true
	}
	for g, j := range s.jobsOf { // it has left the table: the newest of that number
		if j == n && (!ok || s.groups[g] > s.groups[pgid]) {
			pgid, ok = g, true
		}
	}
	if !ok && w.Tree != nil {
		w.Tree.All(func(p *proc.Process) bool {
			if p.Group != nil && p.Group.Job == n {
				pgid, ok = p.Pgid, true
			}
			return !ok
		})
	}
	return pgid, ok
}

// members are the processes of a group, oldest first, also those that ended.
func (w *World) members(pgid int) []about {
	var out []about
	for _, l := range w.story.lives {
		if a := w.with(l); a.group() == pgid {
			out = append(out, a)
		}
	}
	if len(out) == 0 && w.Tree != nil {
		w.Tree.All(func(p *proc.Process) bool {
			if p.Pgid == pgid && !p.Gone {
				out = append(out, w.with(ofTree(p)))
			}
			return true
		})
	}
	return out
}

// dead says that the process has ended, if only to wait for being reaped.
func (a about) dead() bool {
	switch {
	case a.ended:
		return true
	case a.p != nil:
		return a.p.Exited()
	}
	return a.w.Tree != nil && a.w.Tree.At > a.at
}

// untold says that it may be stopped without anybody's having told: the shell is
// told of its own children alone, and the tree is not asked.
func (a about) untold() bool {
	return a.p == nil && !a.ended && !a.stopped && !a.waited && a.pid != a.w.story.shell
}

// held says that it is stopped.
func (a about) held() bool {
	if a.p != nil && !a.ended {
		return a.p.State == 'T' || a.stopped && a.p.State == 't'
	}
	return a.stopped && !a.ended
}

func (a about) group() int {
	if a.p != nil && !a.ended {
		return a.p.Pgid
	}
	return a.pgid
}

// session is 0 where it is not known.
func (a about) session() (sid, tty int, ok bool) {
	if a.p != nil && (a.placedAt == 0 || a.placedAt < a.w.Tree.At) {
		return a.p.Sid, a.p.TTY, true
	}
	return a.sid, a.tty, a.placed
}

// mayHave says that it may have acquired a terminal since its session was looked at:
// the leader of a session without one has opened something (tty_open_proc_set_tty in the
// kernel's drivers/tty/tty_jobctrl.c).
func (a about) mayHave() bool {
	seen := max(a.movedAt, a.placedAt)
	if a.p != nil {
		seen = max(seen, a.w.Tree.At)
	}
	sid, _, _ := a.session()
	return sid == a.pid && a.openedAt > seen
}

func (a about) parent() int {
	if a.p != nil {
		return a.p.PPid
	}
	return a.ppid
}

// foreground is the foreground group of the process's terminal; 0: not known.
func (a about) foreground() int {
	if a.p != nil && a.p.Session != nil && a.p.Session.Foreground != 0 {
		return a.p.Session.Foreground
	}
	if _, tty, ok := a.session(); ok && tty != 0 && a.w.story.fg[tty] != 0 && a.w.story.ownFg == 0 {
		return a.w.story.fg[tty]
	}
	return a.w.story.ownFg
}

// how is what became of the process, in a sentence.
func (a about) how() string {
	who := a.word()
	switch {
	case a.ended && a.told && a.killed:
		return who + " was killed by " + event.SigName(a.sig)
	case a.ended && a.told:
		return who + " ended with status " + strconv.Itoa(a.status)
	case a.dead():
		return who + " has ended; nobody told how"
	case a.held() && a.sig != 0 && a.stopped:
		return who + " was stopped by " + event.SigName(a.sig)
	case a.held():
		return who + " is stopped"
	}
	return who + " runs"
}
