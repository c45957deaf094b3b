// Package trial tries a lesson's scripts as a learner would: each solution is typed
// on a real terminal into a fresh jsh and must bring the step to its end, each wrong
// way must not, and must get its answer. It is lesson test.
//
// It owns the terminals, and the homes that it makes for each try; it leaves nothing
// behind. What the lesson says of itself it reads in the companion's log (package
// wire, Place), as the real jsh: tutor writes it there.
package trial

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"jsh/lessons/check"
	"jsh/lessons/page"
)

// Options say how to try.
type Options struct {
	Exe      string // of jsh
	Screen   bool   // in the split screen, else plain
	Parallel int    // tries at the same time; 0: 1
	// Limit bounds each wait, for what never comes; 0: 20 s.
	Limit time.Duration
	First bool   // stop at the first that fails
	Again bool   // what fails is tried once more, which is told
	Seed  uint64 // of the first way's random parts, and of the wrong ways'
	Ways  bool   // leave the wrong ways out
	// Kept gets the log that was kept of a try that was right, as lesson hand-in
	// would take it; wrong is the step in which a wrong way was taken, -1 none. It is
	// called on any goroutine.
	Kept func(l *page.Lesson, way, wrong int, log []byte)

	argv       []string // nil: jsh as Screen says
	cols, rows int      // of the terminal; 0: 100 and 30
}

// Lesson is a lesson with the file that jsh is to play.
type Lesson struct {
	*page.Lesson
	Path string
}

// Result is one try.
type Result struct {
	File    string
	Line    int    // of the script that was tried
	What    string // "the solutions 1" or "a wrong way of step 3"
	Failed  string // why; "" it did what it should
	Skipped string `json:",omitempty"` // why it was not tried
	Again   string // why the first try failed, where the second did not
	Screen  string // the end of what was shown, where it failed
	Seconds float64
}

// String is a line of a report, and what was shown where it failed.
func (r *Result) String() string {
	s := r.File + ":" + strconv.Itoa(r.Line) + ": " + r.What
	if r.Again != "" {
		return s + ": ok at the second try; the first: " + r.Again
	}
	if r.Failed == "" {
		return s + ": ok"
	}
	return s + ": FAILED: " + r.Failed + "\n    " + strings.ReplaceAll(r.Screen, "\n", "\n    ")
}

// try is one session to be made.
type try struct {
	l     Lesson
	way   int // index of the solutions that are typed
	step  int // of the wrong way; -1: none, to the end
	wrong int
}

// tries are all sessions that a lesson needs.
func tries(l Lesson, seed uint64) (list []try) {
	ways := 1
	for _, s := range l.Steps {
		ways = max(ways, len(s.Solutions))
	}
	if len(l.Vars) > 0 {
		ways = max(ways, 3)
	}
	for w := range ways { // each way with random parts of its own
		list = append(list, try{Lesson{l.Instance(seed + uint64(w)), l.Path}, w, -1, 0})
	}
	for i, s := range l.Steps {
		for w := range s.Wrongs {
			if len(s.Wrongs[w].Type) > 0 {
				list = append(list, try{Lesson{l.Instance(seed), l.Path}, 0, i, w})
			}
		}
	}
	return list
}

// Run tries lessons, and reports each try as soon as it is over.
func Run(lessons []Lesson, o Options, report func(Result)) (failed int) {
	if o.Limit == 0 {
		o.Limit = 20 * time.Second
	}
	var all []try
	for _, l := range lessons {
		all = append(all, tries(l, o.Seed)...)
	}
	if o.Ways {
		all = slices.DeleteFunc(all, func(t try) bool { return t.step >= 0 })
	}
	next := make(chan try)
	var mu sync.Mutex
	var workers sync.WaitGroup
	for range max(o.Parallel, 1) {
		workers.Go(func() {
			for t := range next {
				r := t.run(&o)
				if first := r.Failed; first != "" && o.Again {
					if r = t.run(&o); r.Failed == "" {
						r.Again = first
					}
				}
				mu.Lock()
				if r.Failed != "" {
					failed++
				}
				report(r)
				mu.Unlock()
			}
		})
	}
	for _, t := range all {
		mu.Lock()
		enough := o.First && failed > 0
		mu.Unlock()
		if enough {
			break
		}
		next <- t
	}
	close(next)
	workers.Wait()
	return failed
}

// run makes the session.
func (t try) run(o *Options) (r Result) {
	began := time.Now()
	r = Result{File: t.l.Path, Line: 1, What: "way " + strconv.Itoa(t.way+1) + " through all steps"}
	if t.step >= 0 {
		r.Line = t.l.Steps[t.step].Wrongs[t.wrong].Line
		r.What = "a wrong way in step " + strconv.Itoa(t.step+1)
	}
	defer func() { r.Seconds = time.Since(began).Seconds() }()
	l, err := sit(o)
	if err != nil {
		r.Failed = err.Error()
		return r
	}
	defer l.leave()
	if err := t.play(l); err != nil {
		r.Failed, r.Screen = err.Error(), l.term.text()
		var at *placed
		if errors.As(err, &at) && t.step < 0 {
			r.Line = at.line
		}
	} else if o.Kept != nil {
		log, err := l.kept()
		if err != nil {
			r.Failed = err.Error()
			return r
		}
		o.Kept(t.l.Lesson, t.way, t.step, log)
	}
	return r
}

// glance is how long nothing happens before a learner types.
const glance = 60 * time.Millisecond

// placed is an error with its place in the file.
type placed struct {
	line int
	error
}

// play goes through the lesson.
func (t try) play(l *learner) error {
	if l.o.Screen { // it has a companion from the beginning
		if err := l.connect(); err != nil {
			return err
		}
	}
	if err := l.line("lesson run '" + t.l.Path + "' 1 " + strconv.FormatUint(t.l.Seed, 10)); err != nil {
		return err
	}
	if l.cl == nil {
		if err := l.connect(); err != nil {
			return err
		}
	}
	for i := range t.l.Steps {
		s := &t.l.Steps[i]
		if err := l.until("step "+strconv.Itoa(i+1), func() bool { return l.told && (l.place.Step == i+1 || l.place.End) }); err != nil {
			return &placed{s.Line, err}
		}
		l.asks = asksProc(s)
		before := l.place // other steps' predictions may be wrong
		// Nobody types before he has seen what stands there.
		if err := l.until("a moment of rest", func() bool { return l.log.Rests(glance) }); err != nil {
			return &placed{s.Line, err}
		}
		if err := l.predict(s); err != nil {
			return &placed{s.Line, fmt.Errorf("step %d, the prediction: %w", i+1, err)}
		}
		if i == t.step {
			return t.goWrong(l, s)
		}
		line, inputs := s.Line, []page.Input(nil)
		if len(s.Solutions) > 0 {
			way := &s.Solutions[t.way%len(s.Solutions)]
			line, inputs = way.Line, way.Inputs
		}
		if err := l.do(inputs); err != nil {
			return &placed{line, fmt.Errorf("step %d: %w%s", i+1, err, lacks(l, s))}
		}
		if err := l.until("the end of step "+strconv.Itoa(i+1), l.passed(i)); err != nil {
			return &placed{line, fmt.Errorf("step %d: %w%s", i+1, err, lacks(l, s))}
		}
		if p := s.Predict; p != nil && p.Expect != "" && l.place.Right-before.Right != l.place.Asked-before.Asked {
			return &placed{p.Line, fmt.Errorf("step %d: the kernel's answer is not the expected one, %s", i+1, p.Expect)}
		}
		if i < len(t.l.Steps)-1 {
			if err := l.line(""); err != nil {
				return &placed{line, fmt.Errorf("step %d, Enter: %w", i+1, err)}
			}
		}
	}
	return nil
}

// passed says that step i is over.
func (l *learner) passed(i int) func() bool {
	return func() bool { return l.place.End || l.place.Step > i+1 || l.place.Step == i+1 && l.place.Done }
}

// predict answers the question of a step, if it has one.
func (l *learner) predict(s *page.Step) error {
	p := s.Predict
	if p == nil {
		return nil
	}
	answer := p.Expect
	switch {
	case p.Kind == page.Typed:
		return nil // the solution is the answer
	case answer != "":
	case p.Stored != "":
		answer = p.Stored
	case p.Kind == page.Number:
		answer = "1"
	case p.Kind == page.Order:
		for _, it := range p.Items {
			answer += it.Key + " "
		}
	case p.Kind == page.Marks:
		answer = "none"
	default:
		answer = p.Options[0].Key
	}
	if l.o.Screen { // the band has the keyboard
		l.escaped = false
		l.term.write("\x1b")
		if err := l.until("the keyboard", func() bool { return l.escaped }); err != nil {
			return err
		}
	}
	return l.line("answer " + answer)
}

// goWrong takes a wrong way, and sees that it is one.
func (t try) goWrong(l *learner, s *page.Step) error {
	w := &s.Wrongs[t.wrong]
	before := l.place.Wrong
	if err := l.do(w.Type); err != nil {
		return err
	}
	err := l.until("its answer", func() bool { return l.place.Wrong > before || l.passed(t.step)() })
	switch {
	case err != nil:
		return errors.New(err.Error() + seen(l, w.When))
	case l.passed(t.step)():
		return errors.New("the step is over: the wrong way is a right one")
	}
	return nil
}

// lacks says what the step's checks still want.
func lacks(l *learner, s *page.Step) string {
	text := ""
	for _, c := range s.Checks {
		text += seen(l, c.Text)
	}
	return text
}

// seen is what an expression says now, where it is not true.
func seen(l *learner, text string) string {
	e, err := check.Compile(text)
	if err != nil || l.log == nil {
		return ""
	}
	if v := e.Eval(l.see()); !v.Holds() {
		return "\n    " + text + " is " + v.Truth.String() + ": " + v.Why
	}
	return ""
}
