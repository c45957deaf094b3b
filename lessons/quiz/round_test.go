package quiz

import (
	"slices"
	"strings"
	"testing"

	"jsh/event"
	"jsh/lessons/check"
	"jsh/lessons/page"
	"jsh/lessons/play"
	"jsh/lessons/questions"
)

// host plays a round with a log made by hand.
type host struct {
	t   *testing.T
	r   *Round
	log []event.Event
}

func (h *host) world() *check.World {
	return &check.World{Shell: 10, Sources: check.Plain, Events: slices.Clone(h.log)}
}

// line is a command line that was run.
func (h *host) line(text string, status int) {
	for _, e := range []event.Event{{Kind: event.LineBegin, Text: text}, {Kind: event.LineEnd, Status: status}} {
		e.Seq, e.Source, e.Pid = uint64(len(h.log)+1), event.Shell, 10
		h.log = append(h.log, e)
	}
	h.r.See(h.world())
}

// says tells the round something and runs what it wants run.
func (h *host) says(line string) (ran string, done bool) {
	h.t.Helper()
	reply := tell(h.t, h.r, line)
	for _, l := range reply.Run {
		h.line(l, 0)
	}
	if len(reply.Run) > 0 {
		h.r.Ran(uint64(len(h.log)))
	}
	h.r.See(h.world())
	return strings.Join(reply.Run, ";") + reply.Text, reply.Done
}

func begin(t *testing.T, qs ...*page.Lesson) *host {
	h := &host{t: t, r: NewRound(qs, "keys", 7)}
	h.line("before", 3)
	h.r.See(h.world())
	h.r.Progress()
	for _, l := range h.r.Begin().Run {
		h.line(l, 0)
	}
	h.r.Ran(uint64(len(h.log)))
	return h
}

func TestARoundAsksOneQuestionAfterTheOtherAndCounts(t *testing.T) {
	h := begin(t, exitStatus(t), stored(t), exitStatus(t))
	if b := h.r.Band(80, 8, play.Style{Plain: true}); !strings.HasPrefix(b.Lines[0], " 1 of 3  ") {
		t.Errorf("the band: %q", b.Lines)
	}
	text := h.r.Plain(80)
	for _, want := range []string{"QUESTION 1 of 3, keys", "Which status?", "A  three"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in the question:\n%s", want, text)
		}
	}
	h.says("answer A")
	if h.r.Waits() {
		t.Error("the status of a line before the question counts")
	}
	h.line("(exit 3)", 3)
	if !h.r.Waits() || h.r.Progress().Right != 1 || h.r.Progress().ID != "quiz/exit" {
		t.Errorf("the first question: %+v", h.r.Progress())
	}
	if ran, _ := h.says("next"); ran != "cleanup exit;setup stored" {
		t.Errorf("between two questions runs %q", ran)
	}
	if text := h.r.Plain(80); !strings.Contains(text, "QUESTION 2 of 3, keys; 1 of 1 right so far") {
		t.Errorf("the second question:\n%s", text)
	}
	h.says("answer A")
	if text := h.r.Plain(80); !strings.Contains(text, "Stored answer") || h.r.Progress().Right != 0 {
		t.Errorf("a stored answer:\n%s", text)
	}
	if ran, done := h.says("next"); done || !strings.HasSuffix(ran, "setup exit") {
		t.Errorf("ran %q, done %v", ran, done)
	}
	h.says("answer A")
	if h.r.Waits() {
		t.Error("what happened in an earlier question decides a later one")
	}
	h.line("(exit 4)", 4)
	h.r.Plain(80)
	ran, done := h.says("next")
	if !done || !strings.Contains(ran, "You predicted 1 of 3 right. The same again:  quiz keys --seed 7") {
		t.Errorf("the end says %q", ran)
	}
}

func TestARoundIsLeftAtOnceAndAQuestionCanBeSkipped(t *testing.T) {
	h := begin(t, exitStatus(t), stored(t))
	if _, done := h.says("skip"); done {
		t.Error("to skip a question ends the quiz")
	}
	if !strings.Contains(h.r.Plain(80), "QUESTION 2 of 2") {
		t.Error("skip does not lead to the next question")
	}
	if ran, done := h.says("quit"); !done || !strings.Contains(ran, "cleanup stored") {
		t.Errorf("quit: %q, %v", ran, done)
	}
}

func TestASeedDealsTheSameQuestionsWithTheSameNumbers(t *testing.T) {
	all := questions.All()
	first := map[string]bool{}
	for seed := range uint64(30) {
		a, b := Deal(all, seed), Deal(all, seed)
		if len(a) != len(all) {
			t.Fatal(len(a))
		}
		for i := range a {
			if a[i].ID != b[i].ID || a[i].Steps[0].Predict.Question != b[i].Steps[0].Predict.Question {
				t.Errorf("seed %d: %s and %s", seed, a[i].ID, b[i].ID)
			}
		}
		first[a[0].ID] = true
	}
	if len(first) < 5 {
		t.Errorf("30 seeds begin with %d questions", len(first))
	}
}

func TestAWordAfterQuizMeansATopicOrAQuestion(t *testing.T) {
	all := questions.All()
	for word, want := range map[string]int{"all": len(all), "ctrl-c": 1, "nosuch": 0, "": 0} {
		if n := len(Find(all, word)); n != want {
			t.Errorf("%q means %d questions, want %d", word, n, want)
		}
	}
	if n := len(Find(all, "keys")); n < 3 {
		t.Errorf("keys has %d", n)
	}
}
