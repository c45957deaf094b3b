package tutor

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jsh/lessons/course"
	"jsh/lessons/page"
	"jsh/ptytest"
	"jsh/tutor/homework"
	"jsh/tutor/trial"
)

var (
	all    = flag.Bool("lessons", false, "type the solutions and wrong ways of all lessons, which takes minutes")
	screen = flag.Bool("screen", false, "with -lessons: in the split screen")
	ways   = flag.Bool("ways", false, "with -lessons: only the logs of the right ways")
	only   = flag.String("lesson", "", "with -lessons: the log of this lesson alone")
	keep   = flag.String("keep", "", "with -lessons: a directory for logs that prove too little")
)

func TestMain(m *testing.M) {
	// doctor tries what a machine can do with the program that runs, which is this one:
	// it is no jsh, and must not begin all tests again.
	if strings.HasPrefix(os.Args[0], "jsh: ") {
		os.Exit(1)
	}
	ptytest.Main(m)
}

// tried is the report of all tries of one file.
func tried(t *testing.T, path string, o trial.Options) (ok int, failed []string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	e := course.Read(path, text)
	if err := sound(e); err != nil {
		t.Fatal(err)
	}
	full, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	o.Exe, o.Parallel = ptytest.JSH(t), 2
	if o.Limit == 0 {
		o.First = true
	}
	trial.Run([]trial.Lesson{{Lesson: e.Lesson, Path: full}}, o, func(r trial.Result) {
		if r.Failed == "" {
			ok++
		} else {
			failed = append(failed, r.String())
		}
	})
	return ok, failed
}

func TestALessonIsPlayedByItsSolutionsAndAnswersItsWrongWays(t *testing.T) {
	for _, in := range []struct {
		name   string
		screen bool
	}{{"as plain text", false}, {"in the screen", true}} {
		t.Run(in.name, func(t *testing.T) {
			ok, failed := tried(t, "testdata/small.md", trial.Options{Screen: in.screen})
			if ok != 5 || len(failed) > 0 {
				t.Errorf("%d are right\n%s", ok, strings.Join(failed, "\n"))
			}
		})
	}
}

func TestAScriptThatLeadsNowhereIsFound(t *testing.T) {
	text, err := os.ReadFile("testdata/small.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, old, new, want string }{
		{"a solution", "kill -TSTP %1", "kill -CONT %1", "waited in vain for the end of step 1"},
		{"a wrong way that is right", "type: [bg]", "type: [kill -KILL %1]", "the wrong way is a right one"},
		{"a wrong way without its answer", "when: running(\"sleep\")", "when: exited(\"sleep\")", "waited in vain for its answer"},
		{"an expectation", "expect: A", "expect: B", "the kernel's answer is not the expected one"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.md")
			changed := bytes.Replace(text, []byte(c.old), []byte(c.new), 1)
			if err := os.WriteFile(path, changed, 0o600); err != nil {
				t.Fatal(err)
			}
			_, failed := tried(t, path, trial.Options{Limit: 3 * time.Second})
			if all := strings.Join(failed, "\n"); !strings.Contains(all, c.want) {
				t.Errorf("got %s", all)
			}
		})
	}
}

func TestAllLessonsAreSound(t *testing.T) {
	var out, errs bytes.Buffer
	if status := lint([]string{"--all"}, &out, &errs); status != 0 {
		t.Errorf("lesson lint --all: status %d\n%s%s", status, out.String(), errs.String())
	}
}

func TestAllLessonsScriptsDoWhatTheySay(t *testing.T) {
	if !*all {
		t.Skip("go test ./tutor -lessons types them all")
	}
	var out, errs bytes.Buffer
	args := []string{"--all"}
	if *screen {
		args = append(args, "--screen")
	}
	if status := test(args, ptytest.JSH(t), &out, &errs); status != 0 {
		t.Errorf("lesson test --all: status %d\n%s%s", status, out.String(), errs.String())
	}
}

func TestTheLogOfEachLessonProvesEachOfItsSteps(t *testing.T) {
	if !*all {
		t.Skip("go test ./tutor -lessons plays them all")
	}
	var lessons []trial.Lesson
	dir := t.TempDir()
	prints := map[string]string{}
	known := map[string]*page.Lesson{}
	for _, e := range course.All() {
		if e.Lesson.Kind != page.KindLesson || wanting(e.Lesson) != nil || *only != "" && e.Lesson.ID != *only {
			continue
		}
		path := filepath.Join(dir, e.Name)
		if err := os.WriteFile(path, e.Text, 0o600); err != nil {
			t.Fatal(err)
		}
		prints[e.Lesson.ID], known[e.Lesson.ID] = printOf(e.Text), e.Lesson
		lessons = append(lessons, trial.Lesson{Lesson: e.Lesson, Path: path})
	}
	find := func(id string) (*page.Lesson, string) { return known[id], prints[id] }
	o := trial.Options{Exe: ptytest.JSH(t), Parallel: 4, Screen: *screen, Ways: *ways, Kept: func(l *page.Lesson, way, wrong int, log []byte) {
		file := filepath.Join(dir, fmt.Sprint(l.ID, ".", way, ".", wrong, ".", rand.Uint32()))
		if err := os.WriteFile(file, log, 0o600); err != nil {
			t.Error(err)
		}
		got := graded([]handed{{l.ID, file}}, find)
		var verdicts []string
		proved := len(got.Works) == 1 && !got.Doubtful()
		for _, w := range got.Works {
			for i, s := range w.Steps {
				verdicts = append(verdicts, strings.TrimSpace(s.Verdict.String()+" "+s.Why))
				switch {
				case wrong < 0 || i < wrong:
					proved = proved && s.Verdict == homework.Held
				case i == wrong:
					proved = proved && s.Verdict == homework.Open && s.Wrong > 0
				default:
					proved = proved && s.Verdict == homework.Unseen
				}
			}
		}
		t.Logf("%s, way %d: %d KB", l.ID, way, len(log)>>10)
		if !proved {
			t.Errorf("%s, way %d, wrong in step %d: %s %v %v", l.ID, way, wrong+1, strings.Join(verdicts, "; "), got.Damage, got.Odd)
			if *keep != "" {
				os.WriteFile(filepath.Join(*keep, filepath.Base(file)), log, 0o600)
			}
		}
	}}
	trial.Run(lessons, o, func(r trial.Result) {
		if r.Failed != "" {
			t.Log(r.String()) // TestAllLessonsScriptsDoWhatTheySay says so
		}
	})
}

func TestANewLessonIsSoundAndCanBePlayed(t *testing.T) {
	ptytest.JSH(t) // is built from here
	t.Chdir(t.TempDir())
	var out, errs bytes.Buffer
	if status := newLesson([]string{"a-nap"}, &out, &errs); status != 0 {
		t.Fatal(errs.String())
	}
	if status := newLesson([]string{"a-nap"}, &out, &errs); status != 1 {
		t.Error("a file that is there was written over")
	}
	out.Reset()
	if status := lint([]string{"a-nap.md"}, &out, &errs); status != 0 || out.Len() > 0 {
		t.Errorf("lesson lint: status %d\n%s%s", status, out.String(), errs.String())
	}
	if ok, failed := tried(t, "a-nap.md", trial.Options{}); ok != 3 || len(failed) > 0 {
		t.Errorf("%d are right\n%s", ok, strings.Join(failed, "\n"))
	}
}
