package front

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jsh/ptytest"
)

// asker is a learner in front of the quiz that the lesson's process plays.
func asker(t *testing.T, cols, rows int) *ptytest.Term {
	t.Helper()
	q := ptytest.Start(t, ptytest.Options{Argv: ptytest.FindShell(t, "jsh").Argv, Cols: cols, Rows: rows,
		Env: []string{"TMPDIR=" + t.TempDir(), "XDG_STATE_HOME=" + t.TempDir()}})
	q.WaitPrompt()
	return q
}

// reads types a line and waits for what the quiz answers, and for the prompt.
func reads(t *testing.T, q *ptytest.Term, line, want string) {
	t.Helper()
	q.Line(line)
	q.WaitText(want)
	q.WaitPrompt()
}

func TestAQuizIsAskedInTheLearnersShellAndTheKernelGrades(t *testing.T) {
	t.Run("a right prediction", func(t *testing.T) {
		q := asker(t, 90, 50)
		reads(t, q, "quiz status --seed 0", `(?s)PREDICT.*after .sh -c 'kill -TERM \$\$'`)
		reads(t, q, "answer 143", `^You say: 143\.`)
		reads(t, q, "sh -c 'kill -TERM $$'", `(?s)^You said: 143 .*right.*128 \+\s+15`)
		reads(t, q, "", `^You predicted 1 of 1 right\.`)
		if got := q.Run("quiz"); !strings.Contains(got, "1 of 1 right") {
			t.Errorf("the score is not in the list:\n%s", got)
		}
	})
	t.Run("a wrong one", func(t *testing.T) {
		q := asker(t, 90, 50)
		reads(t, q, "quiz status --seed 0", `PREDICT`)
		reads(t, q, "answer 15", `^You say: 15\.`)
		reads(t, q, "sh -c 'kill -TERM $$'", `(?s)^You said: 15 .*not so.*^The kernel: 143`)
		reads(t, q, "", `^You predicted 0 of 1 right\.`)
	})
	t.Run("a stored answer is called so", func(t *testing.T) {
		q := asker(t, 90, 50)
		reads(t, q, "quiz sa-handler", `PREDICT`)
		reads(t, q, "answer D", `(?s)Stored answer`)
		reads(t, q, "quiz quit", `^You predicted 1 of 1 right\.`)
	})
	t.Run("one question follows the other, with a seed the same ones again", func(t *testing.T) {
		q := asker(t, 90, 50)
		reads(t, q, "quiz signals --seed 3", `^QUESTION 1 of \d+, signals\n(.*)\n`)
		reads(t, q, "quiz skip", `^QUESTION 2 of`)
		first := q.Screen()
		reads(t, q, "quiz quit", `^You left the quiz\. The same again:  quiz signals --seed 3`)
		q.Run("clear")
		reads(t, q, "quiz signals --seed 3", `^QUESTION 1 of`)
		reads(t, q, "quiz skip", `^QUESTION 2 of`)
		for _, line := range strings.Split(q.Screen(), "\n") {
			if strings.HasPrefix(line, "PREDICT") && !strings.Contains(first, line) {
				t.Errorf("the second time it asks: %s", line)
			}
		}
		reads(t, q, "quiz quit", `You left the quiz`)
	})
}

func TestWithoutAScreenWhatAnotherProgramReadsIsForTheLearnerToType(t *testing.T) {
	q := asker(t, 90, 50)
	reads(t, q, "quiz leader", `PREDICT`)
	reads(t, q, "answer C", `^You say: C`)
	reads(t, q, "quiz show", `(?s)^Another program reads it, so it is for you to type:\n  puppet\n  p1 setsid\n`)
	for _, p := range q.Session() {
		if p.Comm == "puppet" {
			t.Errorf("%v runs", p)
		}
	}
	reads(t, q, "quiz quit", `You left the quiz`)
}

func TestAClassVotesTwiceBeforeTheExperiment(t *testing.T) {
	q := asker(t, 60, 40)
	reads(t, q, "quiz present sigpipe", `(?s)QUESTION 1 of 1.*^First vote`)
	reads(t, q, "answer A 10 B 30", `(?s)25%.*^Talk it over`)
	reads(t, q, "answer a50b50", `(?s)25%.* 50%.*now the kernel`)
	q.Run("clear")
	reads(t, q, "", `^The experiment: Type yes \| head -n 1`) // and a hand types it
	q.WaitText(`(?s)^ [x✗] A .*25%.*50%.*^ [+✓] B .*75%.*50%.*^A write to a pipe`)
	q.WaitPrompt()
	reads(t, q, "", `^That was the last question\.`)
}

func TestAQuizThatIsNotOverLeavesNothingBehind(t *testing.T) {
	for name, end := range map[string]func(q *ptytest.Term){
		"the shell exits":       func(q *ptytest.Term) { q.Line("exit") },
		"the terminal hangs up": func(q *ptytest.Term) { q.Hangup() },
	} {
		t.Run(name, func(t *testing.T) {
			tmp := t.TempDir()
			q := ptytest.Start(t, ptytest.Options{Argv: ptytest.FindShell(t, "jsh").Argv,
				Env: []string{"TMPDIR=" + tmp, "XDG_STATE_HOME=" + t.TempDir()}})
			q.WaitPrompt()
			reads(t, q, "quiz offset", `PREDICT`)
			if left, _ := filepath.Glob(tmp + "/jsh.*"); len(left) != 1 {
				t.Fatalf("the question's directory: %v", left)
			}
			end(q)
			q.WaitExit()
			if left, _ := filepath.Glob(tmp + "/*"); len(left) > 0 {
				t.Errorf("files are left: %v", left)
			}
		})
	}
}

func TestQuestionsAreListedAndExportedFromAnyShell(t *testing.T) {
	run := func(args ...string) (string, error) {
		cmd := exec.Command(ptytest.JSH(t), append([]string{"quiz"}, args...)...)
		cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+t.TempDir())
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := run(); err != nil || !strings.Contains(out, "stopped-term") {
		t.Errorf("%v: %s", err, out)
	}
	file := filepath.Join(t.TempDir(), "q.gift")
	if out, err := run("export", "--gift", file); err != nil {
		t.Fatal(err, out)
	}
	if text, _ := os.ReadFile(file); !strings.Contains(string(text), "$CATEGORY: $course$/jsh/keys") {
		t.Errorf("%.200s", text)
	}
	if out, err := run("export", "--gift", file); err == nil || !strings.Contains(out, "is there already") {
		t.Errorf("a file is written over: %s", out)
	}
	if out, err := run("export", "--moodle"); err != nil || !strings.HasPrefix(out, "<?xml") {
		t.Errorf("%v: %.200s", err, out)
	}
	if out, err := run("keys"); err == nil || !strings.Contains(out, "type it inside jsh") {
		t.Errorf("%s", out)
	}
}
