package homework

import (
	"testing"

	"jsh/event"
)

// typed is a log of command lines at these times, in a lesson.
func typed(id string, at ...int64) *Log {
	l := &Log{Events: []event.Event{{At: at[0], Kind: event.Told, Source: event.Lesson, Text: "lesson " + id + " seed 1 step 1"}}}
	for _, t := range at[1:] {
		l.Events = append(l.Events, event.Event{At: t, Kind: event.LineBegin, Source: event.Shell})
	}
	return l
}

func TestTwoLearnersWithOneLogAreNamedAndTwoWhoTypedForThemselvesAreNot(t *testing.T) {
	learner := func(name string, l *Log) Learner {
		x := Learner{Name: name}
		x.Add([]*Log{l})
		return x
	}
	class := []Learner{
		learner("ada", typed("cat", 0, 1e9+7, 3e9+1, 9e9+3, 12e9)),
		learner("ben", typed("cat", 5e12, 5e12+1e9+7, 5e12+3e9+1, 5e12+9e9+3, 5e12+30e9)), // moved, another end
		learner("eve", typed("cat", 0, 1e9+8, 3e9+9, 8e9+3, 12e9)),
		learner("zoe", typed("dog", 0, 1e9+7, 3e9+1, 9e9+3, 12e9)),
		learner("kim", typed("cat", 0, 5e6, 9e6)), // a machine's pauses
		learner("lee", typed("cat", 0, 5e6, 9e6)),
	}
	list := Copies(class)
	if len(list) != 1 || list[0] != (Copy{"cat", [2]string{"ada", "ben"}, 3, 4}) {
		t.Errorf("%+v", list)
	}
}

func TestWhoHandsInTwiceIsJudgedOnce(t *testing.T) {
	one, later, other := typed("cat", 0, 1e9+7), typed("cat", 0, 1e9+7, 5e9), typed("cat", 0, 2e9)
	for name, c := range map[string]struct{ in, want []*Log }{
		"the same":      {[]*Log{one, typed("cat", 0, 1e9+7)}, []*Log{one}},
		"a later state": {[]*Log{one, later, other}, []*Log{later, other}},
		"another try":   {[]*Log{one, other}, []*Log{one, other}},
	} {
		got := Unique(c.in)
		if len(got) != len(c.want) {
			t.Errorf("%s: %d logs", name, len(got))
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: log %d is another", name, i)
			}
		}
	}
}

func TestTheNameOfAFileSaysWhoseItIs(t *testing.T) {
	for file, want := range map[string]string{
		"DIR/ada.rec": "ada", "ada_pipeline_2026-11-25.jsh-log": "ada", "ada_b_3-lessons_2026-11-25-2.jsh-log": "ada_b",
		"ada_pipeline_2026-11-25 (1).jsh-log": "ada", "ada.jsh-log": "ada", "ada_x_y.jsh-log": "ada_x_y", "_x_2026-11-25.jsh-log": "_x_2026-11-25", "ada": "ada",
	} {
		if got := NameOf(file); got != want {
			t.Errorf("%s is %s's, not %s's", file, got, want)
		}
	}
}
