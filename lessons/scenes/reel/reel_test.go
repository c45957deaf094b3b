package reel

import (
	"reflect"
	"strings"
	"testing"

	"jsh/lessons/page"
)

func TestAReelIsReadAsItWasWritten(t *testing.T) {
	r := &Reel{Scene: "x", Steps: "1f", Kernel: "6.1", Machine: "x86_64", Date: "2026-11-25", Version: "0.1",
		Marks: []Mark{{1, 2, 3}},
		Log:   []Line{{0, []byte(`{"about":{}}`)}, {2, []byte(`{"seq":1}`)}},
		Shown: []Piece{{At: 1, Cols: 80, Rows: 24}, {At: 2, Text: "a \"b\"\r\n\x1b[0m é"}}}
	got, err := Read(r.Bytes())
	if err != nil || !reflect.DeepEqual(got, r) {
		t.Errorf("%v\n%+v\nwant\n%+v", err, got, r)
	}
	for _, bad := range []string{"", "hello", string(r.Bytes()[:9])} {
		if _, err := Read([]byte(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestAnEditedStepNeedsANewRecordingAndOtherWordsDoNot(t *testing.T) {
	steps := func(edit func(string) string) string {
		l, problems := page.Parse("x.md", []byte(edit("---\nid: x\ntitle: X\nkind: scene\n---\n\n## One\n\nWords.\n\n```solution\nsleep 1\n```\n```check\nended(\"sleep\")\n```\n")))
		if l == nil || page.Fatal(problems) {
			t.Fatal(problems)
		}
		return Steps(l)
	}
	same := steps(func(s string) string { return s })
	if steps(func(s string) string { return strings.ReplaceAll(s, "Words.", "Other words.") }) != same {
		t.Error("other words")
	}
	if steps(func(s string) string { return strings.ReplaceAll(s, "sleep 1", "sleep 2") }) == same ||
		steps(func(s string) string { return strings.ReplaceAll(s, "ended(", "running(") }) == same {
		t.Error("an edited step is taken for the same")
	}
}
