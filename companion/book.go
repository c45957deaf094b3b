package companion

import (
	"strings"
	"sync"

	"jsh/event"
	"jsh/proc"
)

// Moments is what the Hub, a Client and a Recording have in common: a log with
// a present and a past. Its methods may be called from any goroutine.
type Moments interface {
	// Updates delivers after something new came, once for many things.
	Updates() <-chan struct{}
	// Moment is what there is to see at a place, or at the nearest that is
	// still remembered.
	Moment(at Place) Moment
	// Next and Prev are the places one event later and earlier. Next of the
	// newest is live; Prev of the oldest is itself.
	Next(at Place) Place
	Prev(at Place) Place
	// NextEpisode is the end of the episode after, live after the last; the end
	// of the one before is PrevEpisode.
	NextEpisode(at Place) Place
	PrevEpisode(at Place) Place
	// First is the oldest place.
	First() Place
}

// book is the log with what belongs to it.
type book struct {
	mu      sync.Mutex
	hist    *proc.History
	shell   int            // pid of the shell whose picture it is
	pgid    int            // its process group
	jobs    map[int]int    // pgid → job, of all shells that join
	hidden  []int          // plumbing
	around  *proc.Snapshot // everybody, where hist has but who is near the shell; nil else
	source  string
	lost    uint64
	keys    bool
	gone    string
	marks   map[int]string // beside processes, now
	inside  map[int]string // pid → its number in the pid namespace that it is in
	room    [2]int         // columns and lines that a band may have
	base    int            // episodes before the first that was ever in hist
	begun   int            // episodes that were ever in hist
	last    uint64         // number of the newest event
	newest  int64          // time of the newest event
	updates chan struct{}
}

func newBook(limit int) *book {
	return &book{hist: proc.NewHistory(limit), jobs: make(map[int]int), updates: make(chan struct{}, 1)}
}

// Updates is described at Moments.
func (b *book) Updates() <-chan struct{} { return b.updates }

func (b *book) changed() {
	select {
	case b.updates <- struct{}{}:
	default:
	}
}

// append takes one event into the log, and returns it with its number. The
// caller holds mu.
func (b *book) append(e event.Event) event.Event {
	switch e.Kind {
	case event.JobNew:
		b.jobs[e.Pgid] = e.Job
	case event.JobState:
		// A foreground job leaves the table without a word when it has ended.
		if e.Text != "Running" && !strings.HasPrefix(e.Text, "Stopped") && b.jobs[e.Pgid] == e.Job {
			delete(b.jobs, e.Pgid)
		}
	case event.JobGone:
		for pgid, job := range b.jobs {
			if job == e.Job && (e.Pgid == 0 || e.Pgid == pgid) {
				delete(b.jobs, pgid)
			}
		}
	case event.LineBegin:
		b.begun++
		if e.Pid == b.shell && e.Pgid != 0 {
			b.pgid = e.Pgid
		}
	case event.Key:
		b.keys = true
	}
	b.newest = max(b.newest, e.At)
	e.Seq = b.hist.Append(e)
	b.last = e.Seq
	return e
}

// frame folds a snapshot in; ours are pids that the log itself may not know to
// have come from the shell. The caller holds mu.
func (b *book) frame(s *proc.Snapshot, ours []int) {
	jobs := make(map[int]int, len(b.jobs))
	for pgid, job := range b.jobs {
		jobs[pgid] = job
	}
	b.hist.Frame(s, proc.World{Shell: b.shell, Jobs: jobs, Plumbing: b.hidden, Ours: ours})
	b.newest = max(b.newest, s.At)
	if t := b.hist.Now(); t != nil && t.Shell != nil {
		b.pgid = t.Shell.Pgid
	}
}

// stretch is an episode, or what came before the first one: Number 0.
type stretch struct {
	number      int
	first, last uint64
	line        string
}

// stretches are all that are remembered, oldest first; there is always one.
func (b *book) stretches() []stretch {
	eps := b.hist.Episodes()
	list := make([]stretch, 0, len(eps)+1)
	switch {
	case len(eps) == 0:
		list = append(list, stretch{b.base + b.begun, 1, b.last, ""})
	case b.begun == len(eps) && eps[0].First > 1:
		list = append(list, stretch{b.base, 1, eps[0].First - 1, ""})
	}
	for i, e := range eps {
		list = append(list, stretch{b.base + b.begun - len(eps) + i + 1, e.First, e.Last, e.Line})
	}
	return list
}

// steps is how many events there are in it.
func (b *book) steps(s stretch) int {
	if s.line == "" && s.first == 1 { // its beginning may be forgotten
		return len(b.events(s))
	}
	return int(s.last + 1 - s.first)
}

// Moment is described at Moments.
func (b *book) Moment(at Place) Moment {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := b.stretches()
	s := list[len(list)-1]
	m := Moment{Source: b.source, Lost: b.lost, Keys: b.keys, Gone: b.gone, Marks: b.marks, Inside: b.inside, Episodes: s.number}
	if !at.Live() {
		s = nearest(list, at.Episode)
	}
	older := uint64(0) // events of the present that nobody draws
	if at.Live() && s.last >= s.first {
		older = s.last + 1 - s.first
		older -= min(older, liveEvents)
		s.first += older
	}
	events := b.events(s)
	steps := int(older) + len(events)
	m.Line, m.Episode, m.Steps, m.Step = s.line, s.number, steps, steps
	m.Tree, m.At = b.hist.Now(), b.newest
	if !at.Live() && len(events) > 0 {
		m.Step = min(max(at.Step, 1), len(events))
		events = events[:m.Step]
		m.Past, m.At = true, events[m.Step-1].At
		m.Place = Place{s.number, m.Step}
		if t, err := b.hist.At(events[m.Step-1].Seq); err == nil {
			m.Tree = t
		}
	}
	m.Events = events
	m.Context = b.context(m.Tree)
	return m
}

// liveEvents bounds the events of a live Moment: a loop may run for an hour.
const liveEvents = 1000

func nearest(list []stretch, number int) stretch {
	for _, s := range list {
		if s.number >= number {
			return s
		}
	}
	return list[len(list)-1]
}

// events are those of one stretch.
func (b *book) events(s stretch) []event.Event {
	if s.last < s.first {
		return nil
	}
	all, _ := b.hist.Since(s.first - 1)
	for i := range all {
		if all[i].Seq > s.last {
			return all[:i]
		}
	}
	return all
}

// context names processes and jobs as the tree has them.
func (b *book) context(t *proc.Tree) event.Context {
	c := event.Context{ShellPid: b.shell, ShellPgid: b.pgid}
	if t == nil {
		return c
	}
	names, jobs := make(map[int]string), make(map[int]int)
	for p := range t.All {
		if _, known := names[p.Pid]; !known || !p.Gone {
			names[p.Pid] = p.Name
		}
		if p.Group != nil && p.Group.Job != 0 {
			jobs[p.Pgid] = p.Group.Job
		}
	}
	around := b.around
	c.Name = func(pid int) string {
		if name := names[pid]; name != "" || around == nil {
			return name
		}
		if p := around.Find(pid); p != nil {
			return p.Name
		}
		return ""
	}
	c.Job = func(pgid int) int { return jobs[pgid] }
	return c
}

// where is the index of the place's stretch, and its number of events.
func (b *book) where(list []stretch, at Place) (i, steps int) {
	i = len(list) - 1
	if !at.Live() {
		for k, s := range list {
			if s.number >= at.Episode {
				i = k
				break
			}
		}
	}
	return i, b.steps(list[i])
}

// Next is described at Moments.
func (b *book) Next(at Place) Place {
	b.mu.Lock()
	defer b.mu.Unlock()
	if at.Live() {
		return at
	}
	list := b.stretches()
	i, steps := b.where(list, at)
	if at.Step < steps {
		return Place{list[i].number, at.Step + 1}
	}
	for i++; i < len(list); i++ {
		if b.steps(list[i]) > 0 {
			return Place{list[i].number, 1}
		}
	}
	return Place{}
}

// Prev is described at Moments.
func (b *book) Prev(at Place) Place {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := b.stretches()
	i, steps := b.where(list, at)
	if at.Live() {
		at.Step = steps + 1
	}
	if at.Step = min(at.Step, steps+1); at.Step > 1 {
		return Place{list[i].number, at.Step - 1}
	}
	for k := i - 1; k >= 0; k-- {
		if n := b.steps(list[k]); n > 0 {
			return Place{list[k].number, n}
		}
	}
	return Place{list[i].number, 1}
}

// NextEpisode is described at Moments.
func (b *book) NextEpisode(at Place) Place {
	b.mu.Lock()
	defer b.mu.Unlock()
	if at.Live() {
		return at
	}
	list := b.stretches()
	i, _ := b.where(list, at)
	for i++; i < len(list); i++ {
		if n := b.steps(list[i]); n > 0 {
			return Place{list[i].number, n}
		}
	}
	return Place{}
}

// PrevEpisode is described at Moments.
func (b *book) PrevEpisode(at Place) Place {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := b.stretches()
	i, _ := b.where(list, at)
	for k := i - 1; k >= 0; k-- {
		if n := b.steps(list[k]); n > 0 {
			return Place{list[k].number, n}
		}
	}
	return Place{list[i].number, 1}
}

// First is described at Moments.
func (b *book) First() Place {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.stretches() {
		if b.steps(s) > 0 {
			return Place{s.number, 1}
		}
	}
	return Place{}
}
