package tutor

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"jsh/ptytest"
)

// home is where one learner's jsh keeps what it keeps.
type home struct{ dir string }

func newHome(t *testing.T) *home {
	t.Helper()
	dir, err := os.MkdirTemp("", "h") // short: a socket's path has 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	h := &home{dir}
	for _, d := range []string{"run", "state"} {
		if err := os.Mkdir(filepath.Join(h.dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

func (h *home) env() []string {
	return []string{"XDG_RUNTIME_DIR=" + h.dir + "/run", "XDG_STATE_HOME=" + h.dir + "/state"}
}

// shell is a plain jsh there.
func (h *home) shell(t *testing.T) *ptytest.Term {
	t.Helper()
	term := ptytest.Start(t, ptytest.Options{Argv: []string{ptytest.JSH(t), "--plain"}, Cols: 200, Env: h.env()})
	term.WaitPrompt()
	return term
}

// waitKept waits until the newest record of a lesson holds a text.
func (h *home) waitKept(t *testing.T, term *ptytest.Term, id, text string) {
	t.Helper()
	term.WaitFor("the record of "+id+" to have: "+text, func() bool {
		files, _ := filepath.Glob(h.dir + "/state/jsh/lessons/" + id + ".*.log")
		if len(files) == 0 {
			return false
		}
		b, _ := os.ReadFile(files[len(files)-1])
		return strings.Contains(string(b), text)
	})
}

// testLesson is the path of a lesson in testdata.
func testLesson(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// playFacts plays testdata/facts.md to its end, with one wrong way.
func playFacts(t *testing.T, h *home, term *ptytest.Term) {
	t.Helper()
	term.Line("lesson run " + testLesson(t, "facts.md") + " 1 0")
	term.WaitText(`\[1 of 3\]`)
	term.WaitPrompt()
	term.Line("sleep 300 &")
	term.WaitText("would die of a hang-up")
	term.WaitPrompt()
	term.Line("kill %1; nohup sleep 301 >/dev/null 2>&1 &")
	term.WaitText("Enter goes on")
	term.WaitPrompt()
	term.Line("")
	term.WaitText(`\[2 of 3\]`)
	term.WaitPrompt()
	term.Line("(cd /; umask 077; exec sleep 400 >/dev/null) &")
	term.WaitText("Enter goes on")
	term.WaitPrompt()
	term.Line("")
	term.WaitText(`\[3 of 3\]`)
	term.WaitPrompt()
	term.Line("cat")
	term.WaitForegroundJob("cat")
	h.waitKept(t, term, "facts", "at the end, wrong 1, done")
	term.Type("\x04")
	term.WaitPrompt()
}

func TestWhatProcWasAskedIsInTheRecordingAndProvesTheStep(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "ada.rec")
	h := newHome(t)
	term := h.shell(t)
	term.Line("record " + file)
	term.WaitText("Recording into")
	term.WaitPrompt()
	playFacts(t, h, term)
	term.Line("record stop")
	term.WaitText("events are in")
	term.WaitPrompt()
	term.Run("kill -KILL %2 %3")
	steps, _, text, status := verdicts(t, "--with", "testdata/facts.md", dir)
	if got := strings.Join(steps, ", "); got != "held, held, held" || status != 0 {
		b, _ := os.ReadFile(file)
		t.Errorf("%s, status %d\n%s\n%s", got, status, text, b)
	}
}

// handIn runs lesson hand-in in dir, as the learner would from there, and returns the
// file.
func (h *home) handIn(t *testing.T, term *ptytest.Term, dir string) string {
	t.Helper()
	term.Run("cd " + dir)
	out := term.Run("lesson hand-in")
	files, _ := filepath.Glob(dir + "/*.jsh-log")
	if len(files) != 1 {
		t.Fatalf("there are %d files\n%s", len(files), out)
	}
	if n := strings.Count(strings.TrimSpace(out), "\n"); n > 4 || !strings.Contains(out, "each command line that you typed") || !strings.Contains(out, filepath.Base(files[0])) {
		t.Errorf("%d line ends:\n%s", n, out)
	}
	return files[0]
}

func TestLessonsThatWerePlayedAreHandedInAndVerifiedWithoutADoubt(t *testing.T) {
	h, dir := newHome(t), t.TempDir()
	term := h.shell(t)
	if out := term.Run("lesson hand-in"); !strings.Contains(out, "you have not played a lesson yet") {
		t.Errorf("with nothing played: %s", out)
	}
	playFacts(t, h, term)
	term.Run("lesson quit")
	term.Run("kill -KILL %2 %3")
	stopSleep(term, "lesson run "+testLesson(t, "small.md")+" 1 0", "A")
	file := h.handIn(t, term, dir)
	if want := "_2-lessons_"; !strings.Contains(file, want) {
		t.Errorf("%s has no %s", file, want)
	}
	term.Run("lesson quit")

	steps, hardest, text, status := verdicts(t, "--with", "testdata/facts.md", dir)
	if got := strings.Join(steps, ", "); got != "held, held, held, held right, unseen" || status != 0 || hardest != "Ignored" {
		b, _ := os.ReadFile(file)
		t.Errorf("%s, status %d, most failed %q\n%s\n%s", got, status, hardest, text, b)
	}
	if !strings.Contains(text, `"wrong": 1`) || !strings.Contains(text, `"boot"`) {
		t.Errorf("the wrong way or who played is missing:\n%s", text)
	}
	forgeries(t, file)
	if out := term.Run("timeline " + file); !strings.Contains(out, "sleep") {
		t.Errorf("timeline: %s", out)
	}
	if out := term.Run("lesson hand-in " + file); !strings.Contains(out, "is there already") {
		t.Errorf("a file that is there: %s", out)
	}
}

func TestWhatWasPlayedBeforeTheTutorAndTheShellWereKilledIsHandedIn(t *testing.T) {
	h, dir := newHome(t), t.TempDir()
	term := h.shell(t)
	begin := "lesson run " + testLesson(t, "small.md")
	stopSleep(term, begin+" 1 0", "B")
	h.waitKept(t, term, "small", "at step 1, right 0/1, done")
	syscall.Kill(tutorOf(t, h.dir), syscall.SIGKILL)
	term.WaitText("has ended; lesson goes on")
	term.WaitPrompt()
	term.Line(begin + " 2 0")
	term.WaitText(`\[2 of 2\]`)
	term.WaitPrompt()
	syscall.Kill(term.Pid(), syscall.SIGKILL)
	term.WaitExit()

	term = h.shell(t)
	term.Run("sleep 300 &")
	term.Line(begin + " 2 0")
	term.WaitText(`\[2 of 2\]`)
	term.WaitPrompt()
	term.Line("kill -KILL %1")
	h.waitKept(t, term, "small", "at the end")
	term.WaitPrompt()
	h.handIn(t, term, dir)
	steps, _, text, status := verdicts(t, dir)
	if got := strings.Join(steps, ", "); got != "held wrong, held" || status != 0 {
		t.Errorf("%s, status %d\n%s", got, status, text)
	}
}

// forgeries changes a true hand-in of facts.md and small.md in ways that must be found.
func forgeries(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	lines = lines[:len(lines)-1]
	edit := func(change func(line string) string) string {
		var b strings.Builder
		for _, l := range lines {
			b.WriteString(change(l))
		}
		return b.String()
	}
	swap := func(old, new string) string {
		return edit(func(l string) string { return strings.ReplaceAll(l, old, new) })
	}
	later := regexp.MustCompile(`"at":(\d+)`)
	whole := string(text)
	for name, c := range map[string]struct {
		files  map[string]string
		want   []string
		status int
	}{
		"an answer of /proc is changed": {map[string]string{"a.rec": swap("SigIgn 1 ", "SigIgn 0 ")},
			[]string{"a: ! facts, step 1: the log says done, but its check does not hold: sleep", "does not ignore SIGHUP", "a: ! no log of jsh's: a.rec: it was changed"}, 1},
		"the answers are missing": {map[string]string{"a.rec": edit(func(l string) string {
			if strings.Contains(l, `"path":"wchan"`) {
				return ""
			}
			return l
		})}, []string{"3/3?", "? facts, step 3: a recording cannot prove it"}, 1},
		"cut in a line": {map[string]string{"a.rec": whole[:len(whole)/2] + `{"seq`}, []string{"a: a.rec: cut off at line"}, 1},
		"cut behind a line": {map[string]string{"a.rec": strings.Join(lines[:len(lines)-3], "")},
			[]string{"a: a.rec: cut short: the last line that lesson hand-in writes is missing"}, 1},
		"the same file twice": {map[string]string{"a.rec": whole, "b.rec": swap(`user=`, `user=ben-`)},
			[]string{"3/3 =", "= a, b: the same log of facts, "}, 1},
		"a copy whose times were moved": {map[string]string{"a.rec": whole, "b.rec": edit(func(l string) string {
			return later.ReplaceAllStringFunc(l, func(at string) string { return at[:5] + "9" + at[5:] })
		})}, []string{"= a, b: the same log of facts, "}, 1},
		"another version of the lesson": {map[string]string{"a.rec": swap(`"text=`, `"text=9`)},
			[]string{"a: facts: another version of the lesson was played"}, 1},
		"events in another order": {map[string]string{"a.rec": strings.Join(append(append([]string{lines[0], lines[1]}, lines[9]), lines[2:]...), "")},
			[]string{"a: ! no log of jsh's: a.rec, line "}, 1},
		"nobody says who played": {map[string]string{"a.rec": edit(func(l string) string {
			if strings.Contains(l, `"path":"machine"`) || strings.Contains(l, `"path":"hand-in"`) {
				return ""
			}
			return l
		})}, []string{"a: the log does not say who played"}, 0},
		"all files of one student": {map[string]string{"ada_facts_2026-11-25.jsh-log": whole, "ada_2-lessons_2026-11-26.jsh-log": whole, "no.rec": "x\n", "empty.rec": ""},
			[]string{"ada      3/3 ", "no: no.rec: line 1: ", "empty: empty.rec: the file is empty", "step 1, Ignored: 0 of 1; wrong ways 1"}, 1},
	} {
		dir := t.TempDir()
		for name, text := range c.files {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		var out, errs bytes.Buffer
		status := verify([]string{"--with", "testdata/small.md", "--with", "testdata/facts.md", dir}, &out, &errs)
		for _, want := range c.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s: %q is missing:\n%s%s", name, want, out.String(), errs.String())
			}
		}
		if status != c.status {
			t.Errorf("%s: status %d\n%s%s", name, status, out.String(), errs.String())
		}
	}
	var out, errs bytes.Buffer
	if verify([]string{"--csv", "--with", "testdata/small.md", "--with", "testdata/facts.md", file}, &out, &errs); !strings.Contains(out.String(), ",facts,0,1,1,Ignored,held,1,no,no,,\n") {
		t.Errorf("--csv: %s%s", out.String(), errs.String())
	}
}

func TestAHandInFromALessonsOwnDirectoryIsWrittenWhereTheLearnerCameFrom(t *testing.T) {
	h, dir := newHome(t), t.TempDir()
	lesson := filepath.Join(dir, "stage.md")
	text := "---\nid: stage\ntitle: A stage\nminutes: 1\n---\n## One\n```setup\nlesson-stage\n```\n```do\nRun true.\n```\n```check\nhappened(end, \"true\")\n```\n```hint\nx\n```\n## Two\n```do\ny\n```\n```check\nrunning(\"z\")\n```\n```hint\nx\n```\n"
	if err := os.WriteFile(lesson, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	term := h.shell(t)
	term.Run("cd " + dir)
	term.Line("lesson run stage.md 1 0")
	term.WaitText(`\[1 of 2\]`)
	term.WaitPrompt()
	if out := term.Run("lesson hand-in"); !strings.Contains(out, "no step of a lesson is done yet") {
		t.Errorf("too early: %s", out)
	}
	term.Line("/bin/true")
	term.WaitText("Enter goes on")
	term.WaitPrompt()
	h.waitKept(t, term, "stage", "at step 1, done")
	for _, c := range []struct{ line, file string }{{"lesson hand-in", "*_stage_*.jsh-log"}, {"lesson hand-in mine", "mine"}} {
		out := term.Run(c.line)
		if files, _ := filepath.Glob(filepath.Join(dir, c.file)); len(files) != 1 || !strings.Contains(out, files[0]) {
			t.Errorf("%s: %v\n%s", c.line, files, out)
		}
	}
}

func TestTheOldestLogsMakeRoomForANewOne(t *testing.T) {
	dir := t.TempDir()
	make := func(name string, size int64) {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
	}
	names := func() (list []string) {
		files, err := keptFiles(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range files {
			list = append(list, k.id)
		}
		return list
	}
	make("b.20260102T000000.7.log", 9)
	make("a.20260101T000000.9.log", keptTotal-keptLimit-9)
	make("c-3.20260103T000000.8.log", 1)
	make("notes.txt", 1<<30)
	make("x.y.z.log", 5)
	if got := strings.Join(names(), " "); got != "a b c-3" {
		t.Errorf("there are %s", got)
	}
	makeRoom(dir)
	if got := strings.Join(names(), " "); got != "b c-3" {
		t.Errorf("there remain %s", got)
	}
	if list, err := keptFiles(dir + "/none"); err != nil || len(list) > 0 {
		t.Error(list, err)
	}
}
