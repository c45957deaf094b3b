package tutor

import (
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"jsh/companion"
	"jsh/event"
	"jsh/lab/doctor"
	"jsh/lessons/page"
	"jsh/lessons/play"
	"jsh/lessons/scenes"
	"jsh/tutor/wire"
	"jsh/tutor/world"
)

// tutor is one learner's lesson. Its loop's goroutine owns all but in.
type tutor struct {
	cl       *companion.Client
	file     string // of progress; "" is nowhere
	path     string // of the socket
	listener *os.File
	log      *world.Follower
	in       chan incoming
	conns    map[*conn]bool
	shell    *conn // the learner's; nil: it is gone
	met      bool  // a shell was heard: until then the first one is still to come
	terms    wire.Shell

	player  player // nil: no lesson yet
	lesson  *page.Lesson
	print   string // of the lesson's text
	past    string // lessons that were gone past, and why; told once
	done    bool
	traced  bool     // trace-jobs is on for this lesson
	leaving []string // what cleans up after a lesson that was left for another

	// What waits for the log to have the shell's newest event.
	asked  *wire.Request // a prompt
	since  time.Time     // when it was asked for
	ran    int64         // lines were run by then; -1: they are being run, 0: none
	ranAt  time.Time     // when that was known
	next   time.Time     // Enter was pressed, and what the next step needs is not seen yet
	typing *typing       // a script that is being typed
	stuck  stuck         // of a scene

	screen string     // what the screen was last told to show
	place  wire.Place // where the learner is, as the log was last told
	// answered is when the log was last told what /proc had said.
	answered time.Time
	saved    record
	now      func() time.Time
	keeper   *keeper // nil: nothing is kept
	lost     bool    // the learner knows why
	failed   string  // why the file of progress cannot be written; told once
}

const (
	// patience bounds how long a prompt waits for the log; the shell gives up at
	// 300 ms.
	patience = 220 * time.Millisecond
	// settling is how long a prompt waits for those who only watch, when the log
	// has all that the shell did and the step is not over; late where they look at
	// intervals.
	settling = 50 * time.Millisecond
	late     = 150 * time.Millisecond
	// calm is how long those who watch have had nothing to tell when a step begins
	// after its set-up, calmer where /proc alone is looked at; noisy bounds the wait
	// for that.
	calm   = 30 * time.Millisecond
	calmer = 100 * time.Millisecond
	noisy  = 200 * time.Millisecond
	// resting is how long nothing may have happened before the learner is told what
	// is lacking.
	resting = 600 * time.Millisecond
	// glance is how often /proc is asked anew while nothing happens.
	glance = 250 * time.Millisecond
)

func newTutor(cl *companion.Client, file string) *tutor {
	t := &tutor{cl: cl, file: file, in: make(chan incoming), conns: map[*conn]bool{}, now: time.Now}
	t.log = world.Follow(cl)
	return t
}

// run is the loop. It ends with the lesson, or with all who could be in it.
func (t *tutor) run(end <-chan struct{}) {
	tick := time.NewTicker(glance)
	defer tick.Stop()
	for {
		wait := time.NewTimer(time.Hour)
		if t.asked != nil || t.ran > 0 || !t.next.IsZero() {
			wait.Reset(10 * time.Millisecond)
		} else if t.typing != nil {
			wait.Reset(t.typing.pause())
		}
		select {
		case <-t.cl.Updates():
		case m := <-t.in:
			t.hear(m)
		case k, ok := <-t.cl.Keys():
			if ok {
				t.key(k)
			}
		case <-tick.C:
			if t.player != nil && t.ran == 0 && t.asked == nil && t.log.Rests(resting) {
				t.player.Rest()
			}
			t.watchScene()
		case <-wait.C:
		case <-end:
			t.save()
			return
		}
		wait.Stop()
		t.follow()
		t.goOn()
		t.typeOn()
		t.mark()
		t.show()
		t.save()
		if k := t.keeper; k != nil {
			if why := k.failed.Load(); why != nil {
				t.unkept(*why)
			}
		}
		if t.over() {
			t.lastWord()
			return
		}
	}
}

// over says that nobody is left who needs this process.
func (t *tutor) over() bool {
	if t.done && t.asked == nil && t.typing == nil {
		return true
	}
	if t.log.Story.Gone != "" {
		return true
	}
	return t.met && len(t.conns) == 0 && !t.cl.Screen()
}

// hear takes a message of a shell.
func (t *tutor) hear(m incoming) {
	t.met = true
	if m.r == nil {
		delete(t.conns, m.c)
		m.c.file.Close()
		if t.shell == m.c {
			t.shell, t.asked = nil, nil
			if t.ran < 0 {
				t.ran = 0
				t.player.Ran(t.log.Last())
			}
		}
		return
	}
	t.conns[m.c] = true
	switch m.r.Kind {
	case wire.Hello:
		t.shell, t.terms = m.c, m.r.Shell
		t.reply(m, wire.Say{Text: strconv.Itoa(os.Getpid())})
	case wire.Words:
		t.follow()
		t.reply(m, t.words(m.r.Words))
	case wire.Ran:
		if t.ran < 0 {
			t.ran, t.ranAt = max(m.r.At, 1), t.now()
		}
	case wire.Prompt:
		t.asked, t.since = m.r, t.now()
	}
}

func (t *tutor) reply(m incoming, say wire.Say) { m.c.send(say.Answer(m.r.Number)) }

// words does what was typed at lesson or answer.
func (t *tutor) words(w []string) wire.Say {
	if w[0] == "lesson" || w[0] == "quiz" || w[0] == "demo" {
		switch {
		case t.player == nil && len(w) == 2 && wire.ForLesson(w[1]):
			return wire.Say{Text: "lesson " + w[1] + ": you are in no lesson; lesson begins one", Status: 1}
		case t.player == nil || len(w) >= 2 && !wire.ForLesson(w[1]):
			choose := t.choose
			switch w[0] {
			case "quiz":
				choose = t.chooseQuiz
			case "demo":
				choose = t.chooseDemo
			}
			if say, ok := choose(w[1:]); !ok {
				return say
			}
			return t.begin()
		case len(w) == 1:
			w = []string{"lesson", "where"}
		}
		w = w[1:]
	}
	if t.player == nil {
		return wire.Say{Text: "no lesson has begun; lesson begins one", Status: 1}
	}
	t.tell(strings.Join(w, " "))
	return t.act(t.player.Tell(w))
}

// tell puts what the learner said into the log.
func (t *tutor) tell(text string) {
	t.cl.Tell(event.Event{Kind: event.Told, Text: text})
}

// choose loads the lesson that was asked for: none is where the learner was.
func (t *tutor) choose(w []string) (say wire.Say, ok bool) {
	refuse := func(text string) (wire.Say, bool) { return wire.Say{Text: "lesson: " + text, Status: 1}, false }
	lines, err := readProgress(t.file)
	if err != nil {
		return refuse(t.file + ": " + err.Error())
	}
	c, err := chosen(w, records(lines))
	if err != nil {
		return refuse(err.Error())
	}
	l := c.lesson.Instance(c.seed)
	t.play(l, play.New(l, play.Options{Step: c.step}), c.resumed)
	t.print, t.past = c.print, c.past
	return wire.Say{}, true
}

// play makes p what is played; l is the lesson of it that comes first.
func (t *tutor) play(l *page.Lesson, p player, resumed bool) {
	if t.player != nil {
		t.save()
		if !t.done {
			t.leaving = t.after(t.player.Tell([]string{"quit"}).Run)
		}
	}
	t.lesson, t.player, t.print = l, p, ""
	t.typing, t.done = nil, false
	t.log.Begin(resumed)
	t.saved, t.place, t.screen = record{}, wire.Place{}, ""
}

// begin enters the lesson.
func (t *tutor) begin() wire.Say {
	t.keep()
	t.tell("lesson " + t.player.Progress().ID + " seed " + strconv.FormatUint(t.lesson.Seed, 10) + " step " + strconv.Itoa(t.player.Progress().Step+1))
	t.player.See(t.log.World())
	r := t.player.Begin()
	t.introduce()
	if !t.log.Exact() && !t.traced && traceable() {
		r.Run = slices.Insert(r.Run, 0, "trace-jobs on") // then the tracer misses no process
		r.Text = tracerWatches + r.Text
		t.traced = true
	}
	r.Text, t.past = t.past+r.Text, ""
	r.Run = append(t.leaving, r.Run...)
	t.leaving = nil
	if len(r.Run) == 0 { // its end says up to where the log is of what was before
		r.Run = []string{":"}
	}
	say := t.act(r)
	if p := t.player.Progress(); t.cl.Screen() && t.lesson.Kind == page.KindLesson {
		say.Text = "Lesson " + p.ID + ": " + t.lesson.Title + ", step " + strconv.Itoa(p.Step+1) + " of " + strconv.Itoa(p.Steps) + ".\n" + say.Text
	}
	return say
}

// tracerWatches is told where the kernel's proc connector is silent.
const tracerWatches = "Here a tracer watches what you start (doctor says why). To ps, what is\n" +
	"stopped is then in state t, not T; all else is as it would be without.\n"

// traceable says that a tracer may be had. Without one short lives are missed where
// the connector is silent, and questions about them stay without an answer.
func traceable() bool {
	ok, _ := doctor.Has(doctor.Ptrace)
	return ok
}

// after are the lines that clean up, with the tracer's end where the lesson began
// it.
func (t *tutor) after(lines []string) []string {
	if t.traced {
		t.traced = false
		return append(lines, "trace-jobs off")
	}
	return lines
}

// act makes of the player's reply what the shell is to do.
func (t *tutor) act(r play.Reply) wire.Say {
	if r.Err != "" {
		return wire.Say{Text: r.Err, Status: 2}
	}
	say := wire.Say{Text: ended(r.Text), Run: r.Run, Over: r.Done}
	if len(r.Run) > 0 {
		t.ran = -1
	}
	if len(r.Type) > 0 {
		say.Text += t.startTyping(r.Type)
	}
	if r.Done {
		t.done = true
		say.Run = t.after(say.Run)
	}
	if !t.cl.Screen() {
		say.Text += ended(t.player.Plain(t.columns()))
	}
	return say
}

// ended is text with a newline at its end, if there is any.
func ended(s string) string {
	if s == "" {
		return ""
	}
	return strings.TrimRight(s, "\n") + "\n"
}

func (t *tutor) columns() int {
	if t.terms.Cols > 0 {
		return min(t.terms.Cols, 100)
	}
	return 80
}

// key is a key for the band.
func (t *tutor) key(name string) {
	if t.player == nil {
		return
	}
	if t.player.Waits() && (name == "enter" || name == "space" || name == "right") && !t.ready() {
		t.next = t.now()
		return
	}
	t.tell("key " + name)
	r := t.player.Key(name)
	if p, ok := t.player.(*scenes.Player); ok && !p.Running() || r.Done {
		t.typing = nil // whatever was being typed belongs to a step that was left
	}
	t.unasked(t.act(r))
}

// ready says that what the next step needs is seen. It may be a moment late where
// only /proc tells of it.
func (t *tutor) ready() bool {
	p, ok := t.player.(interface{ Ready() bool })
	return !ok || p.Ready()
}

// settled says that those who watch have told what was to be told of the lines that
// were run.
func (t *tutor) settled() bool {
	if t.traced || t.log.Exact() {
		return t.log.Calm(calm)
	}
	return t.log.Calm(calmer) && t.now().Sub(t.ranAt) > calmer
}

// goOn does what an Enter in the band asked for, once the next step can be entered
// or that has been waited for long enough.
func (t *tutor) goOn() {
	if t.next.IsZero() || t.player == nil || t.player.Waits() && !t.ready() && t.now().Sub(t.next) < patience {
		return
	}
	t.next = time.Time{}
	t.tell("key enter")
	t.unasked(t.act(t.player.Key("enter")))
}

// unasked sends the shell what came of a key.
func (t *tutor) unasked(say wire.Say) {
	if t.shell == nil {
		if len(say.Run) > 0 {
			t.ran = 0
			t.player.Ran(t.log.Last())
		}
		return
	}
	if say.Text != "" || len(say.Run) > 0 || say.Over {
		t.shell.send(say.Answer(0))
	}
}

// follow takes what is new in the log, and lets the player see it.
func (t *tutor) follow() {
	t.log.Next()
	if t.player == nil {
		t.log.Begin(false)
		return
	}
	// A tracer, and who looks at /proc, may tell of what the lines did after the shell
	// has told that they are over.
	if t.ran > 0 && t.log.Said() >= t.ran && (t.settled() || t.now().Sub(t.ranAt) > noisy) {
		t.ran = 0
		t.player.Ran(t.log.Last())
	}
	if t.lesson.Kind == page.KindScene && t.typing != nil {
		return // a scene's step is over when all of it is typed
	}
	if t.ran == 0 {
		t.player.See(t.log.World())
	}
}

// show brings the learner up to date: in the band, or through the shell.
func (t *tutor) show() {
	for c := range t.conns {
		c.flush()
	}
	screen := t.cl.Screen()
	if screen && t.player != nil {
		t.showBand()
	}
	if t.asked != nil {
		t.answerPrompt(screen)
		return
	}
	if !screen && t.player != nil && t.ran == 0 {
		if text := ended(t.player.Plain(t.columns())); text != "" {
			t.unasked(wire.Say{Text: text})
		}
	}
}

// answerPrompt lets the shell prompt as soon as there is no more to be said.
func (t *tutor) answerPrompt(screen bool) {
	waited := t.now().Sub(t.since)
	behind := t.log.Said() < t.asked.At || t.ran != 0
	if behind && waited < patience && !screen {
		return
	}
	say := wire.Say{}
	if t.player != nil && t.shell != nil {
		if t.asked.Empty && t.player.Waits() {
			if !t.ready() && waited < patience {
				return
			}
			t.tell("next")
			say = t.act(t.player.Tell([]string{"next"}))
		} else if !screen {
			if say.Text = ended(t.player.Plain(t.columns())); say.Text == "" && !t.player.Waits() {
				settled := settling
				if !t.log.Exact() && !t.traced {
					settled = late
				}
				if waited < settled {
					return
				}
			}
		}
		if t.typing != nil && !screen {
			say.Typed = t.typing.line()
		}
		say.Over = say.Over || t.done
	}
	if t.shell != nil {
		t.shell.send(say.Answer(t.asked.Number))
	}
	t.asked = nil
}

// showBand draws the band, if it differs.
func (t *tutor) showBand() {
	b := companion.Band{}
	if !t.done {
		cols, rows := t.cl.Size()
		p := t.player.Band(cols, rows, play.Style{Plain: !t.terms.Colour, ASCII: t.terms.ASCII})
		b = companion.Band{Lines: p.Lines, Keys: p.Keys, Marks: p.Marks}
	}
	if text := bandText(&b); text != t.screen {
		t.screen = text
		t.cl.SetBand(b)
	}
}

// bandText tells two bands apart.
func bandText(b *companion.Band) string {
	text := strconv.FormatBool(b.Keys) + strings.Join(b.Lines, "\n")
	for _, pid := range slices.Sorted(maps.Keys(b.Marks)) {
		text += "\x00" + strconv.Itoa(pid) + b.Marks[pid]
	}
	return text
}

// mark tells the log where the learner is, when that has changed: whoever grades
// or tests by the log alone knows by these words.
func (t *tutor) mark() {
	if t.player == nil || t.ran != 0 {
		return
	}
	p := t.player.Progress()
	place := wire.Place{Step: p.Step + 1, Done: t.player.Waits(), Wrong: p.Wrong, Asked: p.Asked, Right: p.Right, End: p.Done || t.done}
	if place.Done && !p.Done && t.lesson.Kind != page.KindScene {
		place.Step-- // Progress is ahead, for it is kept
	}
	moved := place != t.place
	all := moved || t.now().Sub(t.answered) >= glance
	if all {
		t.answered = t.now()
	}
	for _, e := range t.log.Answers(all) { // what decided is in the log before the decision
		t.cl.Tell(e)
	}
	if place.Step != t.place.Step {
		t.log.From = t.log.Last()
		t.log.Forget()
	}
	if moved {
		t.place = place
		t.tell(place.String())
	}
}

// save writes how far the learner is, when that has changed.
func (t *tutor) save() {
	if t.player == nil || t.lesson.Kind == page.KindScene {
		return
	}
	r := recordOf(t.player.Progress(), t.now())
	same := t.saved
	same.at = r.at
	if r == same {
		return
	}
	t.saved = r
	if err := saveProgress(t.file, r); err != nil && t.failed == "" {
		t.failed = err.Error()
		t.unasked(wire.Say{Text: "How far you are cannot be kept: " + t.failed + "\n"})
	}
}
