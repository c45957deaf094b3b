package play

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/lessons/check"
	"jsh/lessons/page"
	"jsh/typeset"
)

const shellPid = 100

// desk is a learner's shell as a test drives it: a log, and the player that sees it.
type desk struct {
	t   *testing.T
	log []event.Event
	p   *Player
}

func fenced(s string) string { return strings.ReplaceAll(s, "'''", "```") }

func sit(t *testing.T, lesson string, o Options) (*desk, Reply) {
	t.Helper()
	l, problems := page.Parse("test.md", []byte(fenced("---\nid: test\ntitle: A test\n---\n"+lesson)))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	d := &desk{t: t, p: New(l, o)}
	d.see() // a host may look before
	r := d.p.Begin()
	if len(r.Run) > 0 {
		d.p.Ran(0)
	}
	return d, r
}

func (d *desk) add(e event.Event) {
	e.Seq = uint64(len(d.log)) + 1
	e.At = int64(e.Seq) * 1000
	if e.Source == 0 {
		e.Source = event.Shell
	}
	d.log = append(d.log, e)
}

func (d *desk) see() bool {
	return d.p.See(&check.World{Events: d.log, Shell: shellPid, Sources: check.Plain | check.FromKeys})
}

func (d *desk) begin(line string) {
	d.add(event.Event{Kind: event.LineBegin, Pid: shellPid, Pgid: shellPid, Text: line})
}

func (d *desk) end() {
	d.add(event.Event{Kind: event.SetFg, Pgid: shellPid})
	d.add(event.Event{Kind: event.LineEnd, Pid: shellPid})
}

func (d *desk) spawn(pid, pgid int, name string) {
	d.add(event.Event{Kind: event.Spawn, Pid: pid, Pgid: pgid, Fg: true, Path: "/bin/" + name, Argv: []string{name}})
}

func (d *desk) stop(pid int, sig unix.Signal) {
	d.add(event.Event{Kind: event.Stopped, Pid: pid, Sig: int(sig)})
}
func (d *desk) killed(pid int, sig unix.Signal) {
	d.add(event.Event{Kind: event.Killed, Pid: pid, Sig: int(sig)})
}
func (d *desk) exited(pid int) { d.add(event.Event{Kind: event.Exited, Pid: pid}) }

// want asks for texts in what is new in plain mode.
func (d *desk) want(texts ...string) {
	d.t.Helper()
	got := d.p.Plain(80)
	for _, text := range texts {
		if !strings.Contains(got, text) {
			d.t.Errorf("no %q in\n%s", text, got)
		}
	}
	if strings.Contains(got, "\x1b") {
		d.t.Errorf("plain text with SGR: %q", got)
	}
}

func (d *desk) tell(words string) Reply {
	d.t.Helper()
	r := d.p.Tell(strings.Fields(words))
	if r.Err != "" {
		d.t.Errorf("%s: %s", words, r.Err)
	}
	if len(r.Run) > 0 {
		d.p.Ran(uint64(len(d.log)))
	}
	return r
}

// losesEditor does the first step of the lesson editor.
func (d *desk) losesEditor() {
	d.begin("vi letter")
	d.spawn(200, 200, "vi")
	d.stop(200, unix.SIGTSTP)
	d.end()
	d.see()
}

const editor = `
## Lost
You write a letter.
'''setup
cd /tmp
'''
'''do
Type  vi letter . Press ^Z.
'''
'''check
stopped("vi", SIGTSTP)
'''
'''hint
Hold Ctrl.
'''
'''hint
Type vi letter, then hold Ctrl, press z.
'''
'''solution
vi letter
@ foreground("vi")
^Z
'''
'''wrong
when: exited("vi")
seen: vi ended.
try: vi letter once more
'''
'''why
It **stops**.
'''

## Found
Where is it?
'''given
stopped("vi")
'''
'''predict
question: What will fg find?
options:
  A: {text: "a new vi", if: happened(start, "vi")}
  B: {text: the same one, if: '!happened(start, "vi") && happened(fg)'}
'''
'''do
Type  fg .
'''
'''check
happened(fg) && prompt()
'''
'''solution
fg
'''
'''cleanup
rm letter
'''
`

func TestWhoeverGoesAheadOfALessonGetsWhatTheNextStepNeedsOnceMore(t *testing.T) {
	d, _ := sit(t, editor, Options{})
	d.losesEditor()
	d.begin("fg")
	d.exited(200)
	d.end()
	d.see()
	d.p.Plain(80)
	if r := d.p.Tell([]string{"next"}); r.Err != "" || len(r.Run) != 1 {
		t.Error(r)
	}
	d.p.Ran(d.log[len(d.log)-1].Seq)
	d.want("The next step needs what is not there: vi ended with status 0.", "once more from here: step 1", "[1 of 2]  Lost")

	d.begin("vi letter")
	d.spawn(201, 201, "vi")
	d.stop(201, unix.SIGTSTP)
	d.end()
	d.see()
	d.p.Tell([]string{"next"})
	d.want("[2 of 2]  Found")
	d.begin("fg")
	d.exited(201)
	d.end()
	d.see()
	if r := d.p.Tell([]string{"answer", "B"}); r.Err != "" || len(r.Run) != 1 {
		t.Error(r)
	}
	d.p.Ran(d.log[len(d.log)-1].Seq)
	d.want("before you said what it would show", "[1 of 2]  Lost")
	if s := d.p.Progress(); s.Asked != 0 {
		t.Errorf("it was graded: %+v", s)
	}
}

func TestALessonIsPlayedFromItsFirstStepToItsLast(t *testing.T) {
	d, r := sit(t, editor, Options{})
	if len(r.Run) != 1 || r.Run[0] != "cd /tmp" {
		t.Error(r)
	}
	d.want("[1 of 2]  Lost", "You write a letter.", "DO       Type  vi letter . Press ^Z.")
	if d.p.Waits() {
		t.Error("Enter goes on already")
	}
	d.begin("vi letter")
	d.spawn(200, 200, "vi")
	d.add(event.Event{Kind: event.JobNew, Job: 1, Pgid: 200})
	d.see()
	d.stop(200, unix.SIGTSTP)
	d.end()
	if !d.see() || !d.p.Waits() {
		t.Error("the step is not over")
	}
	d.want("Done.", "It stops.", "Enter goes on.")
	d.tell("next")
	d.want("[2 of 2]  Found", "PREDICT  What will fg find?", "  A  a new vi", "answer A")
	if r := d.p.Tell([]string{"next"}); !strings.Contains(r.Err, "first your prediction") {
		t.Error(r)
	}
	if r := d.p.Tell([]string{"answer", "C"}); !strings.Contains(r.Err, "C is none of A and B") {
		t.Error(r)
	}
	d.tell("answer A")
	d.tell("answer b") // nothing was done yet: a slip can be mended
	d.want("You say: B. Now let the kernel answer.", "DO       Type  fg .")
	d.begin("fg")
	d.add(event.Event{Kind: event.SetFg, Pgid: 200})
	d.add(event.Event{Kind: event.Continued, Pid: 200})
	d.see()
	if r := d.p.Tell([]string{"answer", "A"}); !strings.Contains(r.Err, "the experiment has begun") {
		t.Error(r)
	}
	d.exited(200)
	d.end()
	d.see()
	d.want("You said: B   + right", "Enter ends the lesson.")
	if got := d.p.Progress(); !got.Done || got.Asked != 1 || got.Right != 1 || got.Step != 1 {
		t.Errorf("%+v", got)
	}
	r = d.tell("next")
	if !r.Done || len(r.Run) != 1 || r.Run[0] != "rm letter" || !strings.Contains(r.Text, "agreed with 1 of your 1 predictions") {
		t.Error(r)
	}
	if r := d.p.Tell([]string{"hint"}); !strings.Contains(r.Err, "over") {
		t.Error(r)
	}
}

func TestAWrongTryIsToldWhatWasSeenAndWhatToTry(t *testing.T) {
	d, _ := sit(t, editor, Options{})
	d.want()
	d.begin("vi letter")
	d.spawn(200, 200, "vi")
	d.exited(200)
	d.end()
	d.see()
	d.want("Seen: vi ended.\nTry:  vi letter once more")
	// A way that the lesson does not know is told by the evidence, once.
	d.begin("vi letter &")
	d.spawn(201, 201, "vi")
	d.end()
	d.see()
	d.p.Rest()
	d.want("Not yet: vi (201) runs.\nTry:  what is asked for above; lesson hint")
	d.begin("bg")
	d.killed(201, unix.SIGKILL)
	d.end()
	d.see()
	d.p.Rest()
	d.want("Not yet: vi (201) was killed by SIGKILL.\nTry:  what is asked for above; lesson hint")
	d.begin("ls")
	d.end()
	d.see()
	if d.p.Rest() {
		t.Error("the same is told twice")
	}
	d.begin("lesson where")
	d.end()
	d.see()
	if d.p.Rest() {
		t.Error("a word to the lesson is taken for a try")
	}
}

// That something did not happen goes on being true: it is no new try.
func TestAWrongTryIsToldOnceThoughItAsksForWhatDidNotHappen(t *testing.T) {
	d, _ := sit(t, strings.Replace(editor, `when: exited("vi")`, `when: ended("vi") && !happened(start, "ed") || happened(cont, "vi")`, 1), Options{})
	d.begin("vi letter")
	d.spawn(200, 200, "vi")
	d.exited(200)
	d.end()
	d.see()
	d.want("Seen: vi ended.")
	for range 3 {
		d.begin("ls")
		d.end()
		d.see()
		if got := d.p.Plain(80); strings.Contains(got, "Seen:") {
			t.Fatal(got)
		}
	}
	for range 2 {
		d.begin("fg")
		d.add(event.Event{Kind: event.Continued, Pid: 200})
		d.end()
		d.see()
	}
	if d.p.Progress().Wrong != 1 {
		t.Error(d.p.Progress().Wrong)
	}
}

func TestHintsGrowAndShowTypesASolution(t *testing.T) {
	d, _ := sit(t, editor, Options{})
	d.want()
	d.tell("hint")
	d.want("Hint: Hold Ctrl.", "(1 more)")
	d.tell("hint")
	d.want("Hint: Type vi letter", "the last one")
	d.tell("hint")
	d.want("Hint: Type vi letter")
	r := d.tell("show")
	if len(r.Type) != 3 || r.Type[2].Text != "^Z" {
		t.Error(r)
	}
	if p := d.p.Progress(); p.Hints != 2 || p.Shown != 1 {
		t.Errorf("%+v", p)
	}
	d.see()
	if w := d.tell("where").Text; !strings.Contains(w, "A test, step 1 of 2") || !strings.Contains(w, "Hint:\nHold Ctrl.") || !strings.Contains(w, "So far: no process vi") {
		t.Error(w)
	}
}

func TestAStepThatNeedsAnEarlierOneIsNotEnteredWithoutIt(t *testing.T) {
	d, r := sit(t, editor, Options{Step: 1})
	d.want("What step 2 needs is gone", "once more from here: step 1", "[1 of 2]")
	if len(r.Run) != 1 {
		t.Error(r)
	}
	r = d.tell("skip")
	if !r.Done || !strings.Contains(r.Text, "Left out: 1") {
		t.Error(r)
	}
	// Where it is there, it is entered.
	d, _ = sit(t, editor, Options{})
	d.losesEditor()
	d.tell("next")
	d.tell("back")
	d.tell("skip")
	d.want("[2 of 2]  Found")
	r = d.tell("restart")
	if len(r.Run) != 2 || r.Run[0] != "rm letter" || d.p.Progress().Step != 0 {
		t.Error(r)
	}
	if r := d.tell("quit"); !r.Done {
		t.Error(r)
	}
}

func TestWhatHappenedBeforeThePredictionDecidesNothing(t *testing.T) {
	d, _ := sit(t, `
## Guess
'''predict
question: Who dies?
marks: [cat, sleep, jsh]
if: killed_by(it, SIGINT)
'''
'''do
Press ^C.
'''
'''check
happened(killed, "cat")
'''
'''solution
^C
'''
`, Options{})
	d.begin("cat")
	d.spawn(200, 200, "cat")
	d.killed(200, unix.SIGINT)
	d.end()
	d.see()
	d.want("First your prediction, then the experiment.", "answer cat sleep")
	if d.p.Waits() {
		t.Fatal("the step is over without a prediction")
	}
	d.tell("answer cat, jsh")
	d.see()
	if d.p.Waits() {
		t.Fatal("an old event ended the step")
	}
	d.begin("sleep & cat")
	d.spawn(300, 300, "sleep")
	d.spawn(301, 301, "cat")
	d.see()
	if b := d.p.Band(80, 8, Style{}); b.Marks[301] != "?" || b.Marks[shellPid] != "?" || b.Marks[300] != "" {
		t.Error(b.Marks)
	}
	d.add(event.Event{Kind: event.Key, Source: event.Keyboard, Text: "^C", Pgid: 301})
	d.killed(301, unix.SIGINT)
	d.end()
	d.see()
	d.want("You said: cat and jsh   x not so", "The kernel: cat   [x] cat +  [ ] sleep +  [x] jsh x", "Seen: the shell runs")
	if b := d.p.Band(80, 8, Style{}); b.Marks[301] != "✓" || b.Marks[shellPid] != "✗" || b.Marks[300] != "✓" {
		t.Error(b.Marks)
	}
}

func TestEachFormOfAQuestionIsGraded(t *testing.T) {
	for _, c := range []struct{ predict, say, want string }{
		{"question: q\nmany: true\noptions:\n  A: {text: a, if: 'killed_by(\"cat\", SIGINT)'}\n  B: {text: b, if: 'alive(\"cat\")'}\n  C: {text: c, if: 'ended(\"cat\")'}", "AC", "You said: A and C   + right"},
		{"question: q\nmany: true\noptions:\n  A: {text: a, if: 'killed_by(\"cat\", SIGINT)'}\n  B: {text: b, if: 'alive(\"cat\")'}", "none", "The kernel: A   [ ] A x  [ ] B +"},
		{"question: q\nnumber: count(\"*\")", "2", "The kernel: 0"},
		{"question: q\nnumber: count(\"*\")", "0", "You said: 0   + right"},
		{"question: q\norder: {exit: 'happened(end, \"cat\")', line: 'happened(ran)', start: 'happened(start, \"cat\")'}", "start exit line", "You said: start, exit, line   + right"},
		{"question: q\norder: {exit: 'happened(end, \"cat\")', start: 'happened(start, \"cat\")'}", "exit start", "The kernel: start, exit   exit x  start x"},
		{"question: q\norder: {exit: 'happened(end, \"cat\")', never: 'happened(stop, \"cat\")'}", "exit never", "This was not measured: never was not seen."},
		{"question: q\noptions: {A: x, B: y}\nstored: B", "A", "Stored answer (nothing here can measure it): B, y"},
		{"question: q\nnumber: pgid(\"x\")\nstored: 3", "3", "You said: 3   + right"},
		{"question: q\noptions:\n  A: {text: a, if: 'stopped(\"cat\")'}\n  B: {text: b, if: 'alive(\"cat\")'}", "A", "This was not measured: what happened is none of A and B."},
		{"question: q\noptions:\n  A: {text: a, if: 'tty(\"cat\") == none'}\n  B: {text: b, if: 'alive(\"cat\")'}", "A", "This was not measured: nobody told which terminal cat has."},
		{"question: q\nexpect: A\noptions:\n  A: {text: a, if: 'alive(\"cat\")'}\n  B: {text: b, if: 'ended(\"cat\")'}", "B", "The textbook says A; your kernel says B."},
	} {
		d, _ := sit(t, "\n## Q\n'''predict\n"+c.predict+"\n'''\n'''do\ncat\n'''\n'''check\nhappened(ran)\n'''\n'''solution\ncat\n'''\n", Options{})
		d.tell("answer " + c.say)
		d.begin("cat")
		d.spawn(200, 200, "cat")
		d.killed(200, unix.SIGINT)
		d.end()
		d.see()
		d.want(c.want)
	}
}

func TestATypedPredictionIsMetByAnyLineWithTheEffect(t *testing.T) {
	const q = "\n## Q\n'''predict\nquestion: What was typed?\ntyped: pgid(\"cat\") == pgid(\"sort\")\n'''\n'''solution\ncat | sort\n'''\n"
	d, _ := sit(t, q, Options{})
	d.want("PREDICT  What was typed?", "Type the command line")
	r := d.tell("answer cat & sort")
	if len(r.Type) != 1 || r.Type[0].Text != "cat & sort" {
		t.Error(r)
	}
	d.begin("cat & sort")
	d.spawn(200, 200, "cat")
	d.spawn(201, 201, "sort")
	d.end()
	d.see()
	d.p.Rest()
	d.want("Not yet: the group of cat is 200, the group of sort is 201.")
	d.begin("cat | sort")
	d.spawn(300, 300, "cat")
	d.spawn(301, 300, "sort")
	d.see()
	if !d.p.Waits() {
		t.Error("not over")
	}
}

func TestWhatWasDoneBeforeTheLessonWasBegunAnewDoesNotCount(t *testing.T) {
	for _, word := range []string{"restart", "back"} {
		d, _ := sit(t, editor, Options{})
		d.losesEditor()
		d.p.Plain(80)
		d.tell(word)
		d.see()
		d.exited(200) // the cleanup did it
		d.see()
		if got := d.p.Plain(80); d.p.Waits() || strings.Contains(got, "Seen:") {
			t.Errorf("%s: %s", word, got)
		}
		d.begin("vi letter")
		d.spawn(201, 201, "vi")
		d.stop(201, unix.SIGTSTP)
		d.end()
		d.see()
		if !d.p.Waits() {
			t.Errorf("%s: what is done now does not count either", word)
		}
	}
}

func TestAWrongWayOfAnEarlierStepIsNotToldAgain(t *testing.T) {
	const wrong = "'''wrong\nwhen: killed_by(\"cat\", SIGINT)\nseen: killed\ntry: again\n'''\n"
	const step = "'''do\nx\n'''\n'''check\nstopped(\"cat\")\n'''\n" + wrong
	d, _ := sit(t, "\n## One\n"+strings.Replace(step, "stopped", "ended", 1)+"\n## Two\n"+step, Options{})
	d.begin("cat")
	d.spawn(200, 200, "cat")
	d.killed(200, unix.SIGINT)
	d.end()
	d.see()
	d.tell("next")
	d.p.Plain(80)
	d.begin("ls")
	d.end()
	d.see()
	if got := d.p.Plain(80); got != "" {
		t.Error(got)
	}
	d.begin("cat")
	d.spawn(201, 201, "cat")
	d.see()
	d.killed(201, unix.SIGINT)
	d.end()
	d.see()
	d.want("Seen: killed")
}

func TestAMomentBetweenTwoLooksCounts(t *testing.T) {
	d, _ := sit(t, editor, Options{})
	d.begin("vi letter")
	d.spawn(200, 200, "vi")
	d.stop(200, unix.SIGTSTP)
	d.add(event.Event{Kind: event.Continued, Pid: 200})
	d.exited(200)
	d.end()
	d.see()
	if !d.p.Waits() {
		t.Error("the stop was not seen")
	}
}

func TestTheBandFitsAndItsKeysAnswer(t *testing.T) {
	d, _ := sit(t, editor, Options{})
	b := d.p.Band(80, 8, Style{})
	if b.Keys || !strings.Contains(b.Lines[0], "1 of 2  Lost") || !strings.Contains(strings.Join(b.Lines, "\n"), "DO") {
		t.Errorf("%+v", b)
	}
	d.begin("vi letter")
	d.spawn(200, 200, "vi")
	d.add(event.Event{Kind: event.JobNew, Job: 1, Pgid: 200})
	d.stop(200, unix.SIGTSTP)
	d.end()
	d.see()
	d.p.Key("enter")
	b = d.p.Band(80, 8, Style{Plain: true})
	if !b.Keys || !strings.Contains(strings.Join(b.Lines, "\n"), "  A  a new vi") {
		t.Errorf("%+v", b)
	}
	d.p.Key("enter") // on none of them: it answers nothing
	d.p.Key("down")
	d.p.Key("down")
	d.p.Key("enter")
	b = d.p.Band(80, 8, Style{Plain: true})
	if b.Keys || !strings.Contains(strings.Join(b.Lines, "\n"), "You say: B.") {
		t.Errorf("%+v", b)
	}
	// What does not fit is shown in two parts: the text, then the question.
	d.tell("back")
	d.tell("skip")
	b = d.p.Band(40, 4, Style{Plain: true})
	if !b.Keys || len(b.Lines) != 2 || !strings.Contains(b.Lines[1], "Where is it?") {
		t.Errorf("%+v", b)
	}
	d.p.Key("enter")
	b = d.p.Band(40, 4, Style{Plain: true})
	if !strings.Contains(strings.Join(b.Lines, "\n"), "What will fg find?") {
		t.Errorf("%+v", b)
	}
}

func TestAnOrderIsGivenByKeys(t *testing.T) {
	d, _ := sit(t, "\n## Q\n'''predict\nquestion: q\norder: {a: 'happened(ran)', b: 'happened(stop)', c: 'happened(fg)'}\n'''\n'''do\nx\n'''\n'''check\nhappened(ran)\n'''\n", Options{})
	for _, k := range []string{"down", "space", "space", "backspace", "3", "1", "enter", "enter"} {
		d.p.Key(k)
	}
	d.want("You say: c, a, b.")
}

// TestNoWalkLeadsNowhere plays at random: whatever is said, pressed and done, the
// band fits, nothing panics, and the lesson can be left.
func TestNoWalkLeadsNowhere(t *testing.T) {
	lesson := editor + `
## Marks
'''predict
question: Which of these programs, all of which were started by your shell in one line, dies?
marks: [cat, sleep, jsh, a-program-with-a-very-long-name-indeed]
if: killed_by(it, SIGINT)
'''
'''do
Press.
'''
'''check
happened(killed)
'''

## Order
'''predict
question: q
order: {start: 'happened(start)', stop: 'happened(stop)', ran: 'happened(ran)'}
'''
'''do
x
'''
'''check
happened(ran)
'''

## Number
'''predict
question: q
number: count("*")
'''
'''do
x
'''
'''check
happened(ran)
'''
'''wrong
when: happened(stop)
seen: a
try: b
'''

## Typed
'''predict
question: q
typed: stopped("cat")
'''

## Stored
'''predict
question: q
many: true
options: {A: a, B: b, C: c}
stored: [A, C]
'''
## Text
Only **text**, and CCsome code of two wordsCC in it: CCjobsCC, CCfg %1CC, CCbgCC, **twice a term** and CConce more codeCC.
`
	said := strings.Split("hint|show|skip|next|back|restart|where|answer A|answer AC|answer 3|answer none|answer cat jsh|answer ran start stop|answer|nonsense|answer \x1b[31m|next now|next|next", "|")
	pressed := strings.Split("up down left right space enter esc tab backspace a b 1 3 9 x enter space", " ")
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		d, _ := sit(t, strings.ReplaceAll(lesson, "CC", "`"), Options{Step: r.IntN(9)})
		pid, live := 200, []int{}
		over := false
		for range 120 {
			var reply Reply
			switch r.IntN(4) {
			case 0:
				reply = d.p.Tell(strings.Fields(said[r.IntN(len(said))]))
			case 1:
				reply = d.p.Key(pressed[r.IntN(len(pressed))])
			default:
				switch n := r.IntN(8); {
				case n < 2:
					d.begin([]string{"x", "lesson next", "", "fg"}[r.IntN(4)])
				case n < 4:
					d.end()
				case n < 6 || len(live) == 0:
					pid++
					d.spawn(pid, pid-r.IntN(2), []string{"cat", "vi", "sleep"}[r.IntN(3)])
					live = append(live, pid)
				case n == 6:
					d.stop(live[r.IntN(len(live))], unix.SIGTSTP)
				default:
					d.killed(live[r.IntN(len(live))], unix.SIGINT)
				}
				d.see()
				d.p.Rest()
			}
			if len(reply.Run) > 0 && !reply.Done {
				if r.IntN(3) == 0 {
					d.see()
				}
				d.p.Ran(uint64(len(d.log)))
			}
			cols, rows := 20+r.IntN(150), 1+r.IntN(12)
			b := d.p.Band(cols, rows, Style{Plain: r.IntN(2) == 0, ASCII: r.IntN(2) == 0})
			if len(b.Lines) > rows {
				t.Fatalf("seed %d: %d lines for %d rows", seed, len(b.Lines), rows)
			}
			for _, l := range b.Lines {
				if typeset.Width(l) > cols || strings.ContainsAny(l, "\n\r") {
					t.Fatalf("seed %d: %d columns for %d: %q", seed, typeset.Width(l), cols, l)
				}
			}
			if s := d.p.Plain(cols); strings.Contains(s, "\x1b") {
				t.Fatalf("seed %d: %q", seed, s)
			}
			over = over || reply.Done
			if over {
				break
			}
		}
		if !over {
			if reply := d.p.Tell([]string{"quit"}); !reply.Done {
				t.Fatalf("seed %d: quit: %+v", seed, reply)
			}
		}
	}
}

func TestEverySkipAndNextComesToAnEnd(t *testing.T) {
	d, _ := sit(t, editor+"\n## More\nText.\n", Options{})
	for n := 0; ; n++ {
		if n > 10 {
			t.Fatal("no end")
		}
		if d.tell("skip").Done {
			break
		}
	}
}

func TestFoldKeepsWidthsAndMarks(t *testing.T) {
	for _, c := range []struct {
		in   string
		cols int
		want []string
	}{
		{"one two three", 8, []string{"one two", "three"}},
		{"a **new term** here", 10, []string{"a **new term**", "here"}},
		{"abcdefghijklmnop", 8, []string{"abcdefgh", "ijklmnop"}},
		{"type  ls -l  now", 40, []string{"type  ls -l  now"}},
	} {
		if got := fold(c.in, c.cols, "", false); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%q", got)
		}
	}
}

const freeze = `
## Frozen
'''predict
question: Does ^C reach a frozen clock?
options:
  A: {text: no, if: 'happened(cont, "clock")'}
  B: {text: yes, if: 'killed_by("clock", SIGINT)'}
'''
'''do
Type  clock . Press ^S, then ^C.
'''
'''check
killed_by("clock", SIGINT)
'''
`

func TestAnExperimentMadeBeforeThePredictionIsMadeOnceMore(t *testing.T) {
	d, _ := sit(t, freeze, Options{})
	d.see()
	try := func(pid int) {
		d.begin("clock")
		d.spawn(pid, pid, "clock")
		d.killed(pid, unix.SIGINT)
		d.end()
		d.see()
	}
	try(200)
	d.want("First your prediction, then the experiment.")
	d.tell("answer B")
	d.see()
	d.want("does not count: do it once more")
	if d.p.Waits() {
		t.Fatal("graded by what was before the prediction")
	}
	try(201)
	if !d.p.Waits() || d.p.Progress().Right != 1 {
		t.Error("the experiment after it is not graded")
	}
}

func TestAStepThatAsksForNothingToBeDoneIsOverWithThePrediction(t *testing.T) {
	text := strings.Replace(freeze, "'''check\nkilled_by(\"clock\", SIGINT)", "'''check\nrunning(\"clock\")", 1)
	d, _ := sit(t, text, Options{})
	d.begin("lesson")
	d.spawn(200, 200, "clock") // by the setup
	d.end()
	d.see()
	d.begin("ps")
	d.end()
	d.see()
	d.tell("answer B")
	d.see()
	if !d.p.Waits() {
		t.Error("what the setup made does not count")
	}
}

func TestKeysThatWereMeantForTheShellAnswerNothing(t *testing.T) {
	d, _ := sit(t, freeze, Options{})
	for _, k := range []string{"b", "g", "enter"} { // bg
		d.p.Key(k)
	}
	band := strings.Join(d.p.Band(80, 12, Style{Plain: true}).Lines, "\n")
	if d.p.phase != asking || !strings.Contains(band, "First a letter of A and B, then Enter.") {
		t.Error(band)
	}
	d.p.Key("x")
	if band := strings.Join(d.p.Band(80, 12, Style{Plain: true}).Lines, "\n"); !strings.Contains(band, "The lesson has the keyboard") {
		t.Error(band)
	}
	d.p.Key("b")
	d.p.Key("enter")
	if d.p.phase != doing {
		t.Error("a letter and Enter do not answer")
	}
}

func TestAStepThatIsResumedHasWhatEarlierOnesPrepared(t *testing.T) {
	text := strings.Replace(editor, "'''given\nstopped(\"vi\")\n'''\n", "'''setup\nsleep 9 &\n'''\n", 1)
	_, r := sit(t, text, Options{Step: 1})
	if len(r.Run) != 2 || r.Run[0] != "cd /tmp" || r.Run[1] != "sleep 9 &" {
		t.Error(r.Run)
	}
}

func TestWhatIsToBeTypedIsNotBrokenAndNoFullStopStandsAlone(t *testing.T) {
	for _, c := range []struct {
		line string
		cols int
		want []string
	}{
		{"In a new  window  start  sleep 1000  in one of these ways; then  kill $PPID", 72,
			[]string{"In a new  window  start  sleep 1000  in one of these ways; then", "kill $PPID"}},
		{"Hint: cat born  has the pids. For each:  ps -o pid,pgid,sid,tty,comm -p PID  and look", 76,
			[]string{"Hint: cat born  has the pids. For each:  ps -o pid,pgid,sid,tty,comm -p PID", "and look"}},
		{"Hint: cat born  has all the pids. For each:  ps -o pid,pgid,sid,tty,comm -p PID  and look", 76,
			[]string{"Hint: cat born  has all the pids. For each:", "ps -o pid,pgid,sid,tty,comm -p PID  and look"}},
		{"puppet , then  p1 fork  and  p1.1 setsid . (show  shows them.) Then  quit .", 73,
			[]string{"puppet , then  p1 fork  and  p1.1 setsid . (show  shows them.) Then", "quit ."}},
		{"one two three four", 9, []string{"one two", "three", "four"}},
		{"  a b c d e f g h i j k", 9, []string{"  a b c d", "e f g h i", "j k"}},
	} {
		if got := fold(c.line, c.cols, "", false); !slices.Equal(got, c.want) {
			t.Errorf("%q", got)
		}
	}
}

func TestAStepThatIsBegunAgainIsClearedAndPreparedAnew(t *testing.T) {
	d, _ := sit(t, editor, Options{})
	d.losesEditor()
	if r := d.tell("again"); !slices.Equal(r.Run, []string{"rm letter", "cd /tmp"}) {
		t.Error(r.Run)
	}
	d.see()
	if d.p.Waits() {
		t.Error("what was done before counts")
	}
}

func TestWhatWasSeenIsNotToldAnyMoreWhenItIsSoNoMore(t *testing.T) {
	d, _ := sit(t, strings.Replace(editor, `when: exited("vi")`, `when: foreground("vi") && running("vi")`, 1), Options{})
	band := func() string { return strings.Join(d.p.Band(80, 12, Style{Plain: true}).Lines, "\n") }
	d.begin("vi letter")
	d.spawn(200, 200, "vi")
	d.see()
	if !strings.Contains(band(), "Seen: vi ended.") {
		t.Fatal(band())
	}
	d.killed(200, unix.SIGINT)
	d.end()
	d.see()
	if b := band(); strings.Contains(b, "Seen:") || !strings.Contains(b, "Try:  vi letter once more") {
		t.Error(b)
	}
}

func TestTheFirstAnswerToAQuestionCountsAndTheEndSaysSo(t *testing.T) {
	d, _ := sit(t, editor, Options{})
	answer := func(pid int, say string) {
		t.Helper()
		d.begin("vi letter")
		d.spawn(pid, pid, "vi")
		d.stop(pid, unix.SIGTSTP)
		d.end()
		d.see()
		d.tell("next")
		d.tell("answer " + say)
		d.begin("fg")
		d.add(event.Event{Kind: event.SetFg, Pgid: pid})
		d.add(event.Event{Kind: event.Continued, Pid: pid})
		d.exited(pid)
		d.end()
		d.see()
		if !d.p.Progress().Done {
			t.Fatalf("%+v", d.p.Progress())
		}
	}
	answer(200, "A")
	d.tell("again") // back to the first step: what the second one needs is gone
	d.see()
	answer(201, "B")
	if r := d.tell("next"); !strings.Contains(r.Text, "agreed with 0 of your 1 predictions. The first answer to each counts.") {
		t.Error(r.Text)
	}
}
