package tutor

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jsh/lab/doctor"
	"jsh/lessons/course"
	"jsh/lessons/page"
	"jsh/lessons/play"
)

func TestWhatALessonMayWantIsWhatDoctorCanTry(t *testing.T) {
	for _, w := range play.Wants() {
		if !doctor.Known(w) {
			t.Errorf("lint takes wants: %s, which doctor does not know", w)
		}
	}
}

// A lesson is left out for nothing but what it says it wants, and the reason names it.
func TestALessonIsSkippedForAStatedReasonOnly(t *testing.T) {
	for _, e := range shipped() {
		l := e.Lesson
		missing := lacks(l)
		for _, w := range missing {
			if ok, _ := doctor.Has(w); ok || l.Wants == nil && !l.Exact {
				t.Errorf("%s is left out for %s", l.ID, w)
			}
		}
		why := unplayable(l, true)
		if (why == "") != (missing == nil) {
			t.Errorf("%s lacks %v, but: %q", l.ID, missing, why)
		}
		for _, w := range missing {
			if !strings.Contains(why, "\n  "+w+": ") {
				t.Errorf("%s: %s is missing, which is not said: %q", l.ID, w, why)
			}
		}
	}
	screen := &page.Lesson{ID: "keys", Wants: []string{doctor.Keys}}
	if why := unplayable(screen, false); !strings.Contains(why, "--screen") {
		t.Errorf("a lesson that needs keys is tried without the screen: %q", why)
	}
	if why := unplayable(screen, true); why != "" {
		t.Errorf("with the screen: %q", why)
	}
}

const wantingLesson = `---
id: far
title: Far away
minutes: 1
wants: [program:no-such-program]
---

## One

Text.
`

func TestWhatIsSkippedIsSaidAndCounted(t *testing.T) {
	file := filepath.Join(t.TempDir(), "far.md")
	if err := os.WriteFile(file, []byte(wantingLesson), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if status := test([]string{file}, "/nowhere/jsh", &out, &errs); status != 0 {
		t.Errorf("status %d", status)
	}
	if !strings.Contains(out.String(), "far.md: skipped: far cannot be played here") || !strings.Contains(out.String(), "no-such-program is not installed") {
		t.Errorf("%q", out.String())
	}
	if errs.String() != "lesson test: 1 skipped\n" {
		t.Errorf("%q", errs.String())
	}
}

func TestALearnerIsToldWhatIsMissingAndWhatCanBePlayedInstead(t *testing.T) {
	far := course.Read("far.md", []byte(wantingLesson))
	near := course.Read("near.md", []byte(strings.NewReplacer("id: far", "id: near", "wants: [program:no-such-program]\n", "").Replace(wantingLesson)))
	if far.Lesson == nil || near.Lesson == nil {
		t.Fatal(far.Problems, near.Problems)
	}
	all := []course.Entry{far, near}
	if text := instead(all, nil); !strings.Contains(text, "lesson near") {
		t.Error(text)
	}
	e, past, err := named(nil, all, nil)
	if err != nil || e.Lesson.ID != "near" || !strings.Contains(past, "far cannot be played here, for it needs\n  program:no-such-program: the program no-such-program is not installed") {
		t.Errorf("%v %q %v", e.Lesson, past, err)
	}
	// one that was begun elsewhere
	e, past, err = named(nil, all, []record{{id: "far", step: 1}})
	if err != nil || e.Lesson.ID != "near" || strings.Count(past, "far cannot") != 1 {
		t.Errorf("%v %q %v", e.Lesson, past, err)
	}
	if _, _, err = named(nil, all[:1], nil); err == nil || !strings.Contains(err.Error(), "no-such-program") {
		t.Error(err)
	}
}
