package tutor

import (
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestProgressIsOneLineALessonAndStrangersLinesAreKept(t *testing.T) {
	path := t.TempDir() + "/jsh/progress"
	at := time.Date(2026, 11, 25, 18, 0, 0, 0, time.UTC)
	for i, r := range []record{
		{id: "a", step: 1, steps: 3, seed: 7, at: at},
		{id: "b", step: 2, steps: 4, seed: 8, at: at, right: 1, asked: 2},
		{id: "a", step: 3, steps: 3, seed: 7, at: at.Add(time.Minute), right: 1, asked: 1, done: true},
	} {
		if i == 1 {
			f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			f.WriteString("# my own remark\n")
			f.Close()
		}
		if err := saveProgress(path, r); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(path)
	want := "# my own remark\nb 2/4 8 2026-11-25T18:00:00Z 1/2\na 3/3 7 2026-11-25T18:01:00Z 1/1 done\n"
	if err != nil || string(b) != want {
		t.Errorf("%s, %v\nwant\n%s", b, err, want)
	}
	lines, err := readProgress(path)
	if rs := records(lines); err != nil || len(rs) != 2 || rs[1].id != "a" || !rs[1].done || rs[0].right != 1 {
		t.Errorf("%+v, %v", rs, err)
	}
}

func TestTwoShellsDoNotLoseEachOthersProgress(t *testing.T) {
	path := t.TempDir() + "/jsh/progress"
	var both sync.WaitGroup
	for _, id := range []string{"a", "b"} {
		both.Go(func() {
			for i := range 40 {
				if err := saveProgress(path, record{id: id, step: i + 1, steps: 40}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	both.Wait()
	b, _ := os.ReadFile(path)
	if s := string(b); !strings.Contains(s, "a 40/40 ") || !strings.Contains(s, "b 40/40 ") || strings.Count(s, "\n") != 2 {
		t.Error(s)
	}
}
