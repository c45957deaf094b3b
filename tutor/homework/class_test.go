package homework

import (
	"strings"
	"testing"
)

func TestTheStepMostFailedIsThatOfMostLearners(t *testing.T) {
	work := func(v ...Verdict) []*Work {
		w := &Work{ID: "pipeline"}
		for i, v := range v {
			w.Steps = append(w.Steps, Step{Title: "step " + string(rune('a'+i)), Verdict: v})
		}
		return []*Work{w}
	}
	class := []Learner{
		{Name: "ada", Works: work(Held, Shown, Open)},
		{Name: "ben", Works: work(Held, Skipped, Held)},
		{Name: "eve", Works: work(Held, Refuted, Unproved)},
		{Name: "zoe"},
	}
	h := Hardest(class)
	if h == nil || h.Step != 2 || h.Failed != 3 || h.Of != 3 {
		t.Errorf("%+v", h)
	}
	text := Table(class)
	for _, want := range []string{"ada      1/3", "eve      2/3!", "zoe      -", "eve: ! pipeline, step 2", "Most failed: pipeline, step 2, step b: 3 of 3"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing:\n%s", want, text)
		}
	}
	if h := Hardest([]Learner{{Works: work(Held, Unproved)}}); h != nil {
		t.Errorf("nobody failed: %+v", h)
	}
}
