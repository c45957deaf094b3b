package front

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"jsh/companion"
	"jsh/ptytest"
)

// quizzer is a learner in front of quiz ctrl-c.
type quizzer struct {
	*ptytest.Term
	t   *testing.T
	tmp string // where the quiz keeps its files while it runs
	run string // where the companion's socket is
	log *companion.Client
}

func openQuizzer(t *testing.T) *quizzer {
	t.Helper()
	tmp := t.TempDir()
	run, err := os.MkdirTemp("", "jq") // short: a socket's path has 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(run) })
	q := &quizzer{t: t, tmp: tmp, run: run}
	q.Term = ptytest.Start(t, ptytest.Options{
		Argv: ptytest.FindShell(t, "jsh").Argv, Cols: 100, Rows: 60,
		Env: []string{"TMPDIR=" + tmp, "XDG_RUNTIME_DIR=" + run, "XDG_STATE_HOME=" + t.TempDir()},
	})
	q.WaitPrompt()
	return q
}

// asked begins the quiz and answers its question.
func (q *quizzer) asked(answer, says string) {
	q.t.Helper()
	reads(q.t, q.Term, "quiz ctrl-c", `^PREDICT`)
	reads(q.t, q.Term, "answer "+answer, says)
}

// searches has find in the background.
func (q *quizzer) searches() {
	q.t.Helper()
	q.Line("find / -name xyz > tmp")
	q.WaitForegroundJob("find")
	q.Key(ptytest.CtrlZ)
	q.WaitText(`Stopped \(SIGTSTP\)`)
	q.WaitPrompt()
	q.Run("bg")
}

// lists has the pipeline in the foreground.
func (q *quizzer) lists() {
	q.t.Helper()
	q.Line("ls *x* | grep y")
	q.WaitForegroundJob("grep")
	for _, name := range []string{"ls", "grep"} { // from then on signals do to it what they do to the program
		pid := q.pidOf(name)
		told := q.tmp + "/jsh.*/told/" + standInFile(name, pid)
		q.WaitFor(name+" to be past its start", func() bool { m, _ := filepath.Glob(told); return len(m) > 0 })
		q.WaitFor("the log to know "+name, func() bool { return q.known(pid, name) })
	}
}

// known says that the log knows a process by its name. Who lives for two milliseconds
// may be gone before anybody can look what it has become; no hand is that quick.
func (q *quizzer) known(pid int, name string) bool {
	if q.log == nil {
		paths, _ := filepath.Glob(q.run + "/jsh/*.sock")
		for _, path := range paths {
			if cl, err := companion.Dial(path); err == nil {
				q.log = cl
				q.t.Cleanup(cl.Close)
			}
		}
		return false
	}
	tree := q.log.Since(0).Tree
	if tree == nil {
		return false
	}
	p := tree.Process(pid)
	return p != nil && p.Name == name
}

// presses presses a key and waits for what the quiz says, and for the prompt.
func (q *quizzer) presses(key ptytest.Key, says string) {
	q.t.Helper()
	q.Key(key)
	q.WaitText(says)
	q.WaitPrompt()
}

// pidOf waits for a process of the session by name: one that is traced gets its name
// a moment later than the next one of its pipeline.
func (q *quizzer) pidOf(comm string) (pid int) {
	q.t.Helper()
	q.WaitFor(comm+" to run", func() bool {
		for _, p := range q.Session() {
			if p.Comm == comm {
				pid = p.Pid
			}
		}
		return pid != 0
	})
	return pid
}

// tidy checks that the quiz left nothing behind: no process, no job, no file, no
// variable.
func (q *quizzer) tidy(jobs string) {
	q.t.Helper()
	q.Run(":") // a notice of the end of find may come before this
	q.WaitFor("the quiz's processes to be gone", func() bool {
		return !slices.ContainsFunc(q.Session(), func(p ptytest.ProcInfo) bool { return slices.Contains([]string{"find", "ls", "grep"}, p.Comm) })
	})
	q.Run(":") // … or before this
	if got := q.Run("jobs"); got != jobs {
		q.t.Errorf("jobs: %q, want %q", got, jobs)
	}
	if got := q.Run(`echo "${JSH_STAND_IN-unset}"; case $PATH in *jsh.*) echo $PATH;; esac; [ "$(pwd -P)" = "$HOME" ] && echo home`); got != "unset\nhome" {
		q.t.Errorf("variables and directory: %q", got)
	}
	for _, p := range q.Session() {
		switch p.Comm {
		case "find", "ls", "grep":
			q.t.Errorf("still there: %v", p)
		}
	}
	if left, _ := filepath.Glob(q.tmp + "/*"); len(left) > 0 {
		q.t.Errorf("files are left: %v", left)
	}
}

func TestTheDecksQuestionOnCtrlCIsGradedByWhatTheKernelDid(t *testing.T) {
	for _, tt := range []struct{ rule, answer, says, grade string }{
		{"B is right: exactly ls and grep die", "B", `^You say: B\.`, `^You said: B .*right\n^Seen: find runs; ls was killed by SIGINT; grep was killed by SIGINT`},
		{"the names of these are as good", "grep, ls", `^You say: B\.`, `^You said: B .*right`},
		{"A is wrong: find lives", "a", `^You say: A\.`, `^You said: A .*not so\n^The kernel: B, ls and grep`},
		{"D is wrong: the shell lives too", "find ls grep jsh", `^You say: D\.`, `^You said: D .*not so\n^The kernel: B, ls and grep`},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			q := openQuizzer(t)
			q.asked(tt.answer, tt.says)
			q.searches()
			q.lists()
			find, ls, grep := q.pidOf("find"), q.pidOf("ls"), q.pidOf("grep")
			q.presses(ptytest.CtrlC, tt.grade+`(?s).*foreground process group`)
			q.WaitGone(ls)
			q.WaitGone(grep)
			reads(t, q.Term, "", `^You predicted [01] of 1 right\.`)
			q.WaitGone(find)
			q.tidy("")
		})
	}
	t.Run("a SIGINT from elsewhere is measured like any other, and told apart", func(t *testing.T) {
		t.Parallel()
		q := openQuizzer(t)
		q.asked("B", `^You say: B`)
		q.searches()
		q.lists()
		find := q.pidOf("find")
		syscall.Kill(find, syscall.SIGINT)
		q.WaitGone(find)
		q.presses(ptytest.CtrlC, `^You said: B .*not so\n^The kernel: A, find, ls and grep(?s).*^The textbook says B; your kernel says A\.`)
	})
}

func TestAWrongKeyInTheQuizIsToldAndCanBeMadeGood(t *testing.T) {
	for _, tt := range []struct {
		rule string
		key  ptytest.Key
		says string
	}{
		{`^\ in the place of ^C`, ptytest.CtrlSlash, `^Seen: that was \^\\`},
		{"^Z in the place of ^C", ptytest.CtrlZ, `^Seen: that was \^Z; ls and grep are stopped`},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			q := openQuizzer(t)
			q.asked("B", `^You say: B`)
			q.searches()
			q.lists()
			q.presses(tt.key, tt.says)
			q.lists()
			q.presses(ptytest.CtrlC, `^You said: B .*right`)
			reads(t, q.Term, "quiz quit", `^You predicted 1 of 1 right\.`)
			q.tidy("")
		})
	}
	t.Run("^C in the place of ^Z", func(t *testing.T) {
		t.Parallel()
		q := openQuizzer(t)
		q.asked("B", `^You say: B`)
		q.Line("find / -name xyz > tmp")
		q.WaitForegroundJob("find")
		q.presses(ptytest.CtrlC, `^Seen: find has ended`)
		q.searches()
		q.lists()
		q.presses(ptytest.CtrlC, `^You said: B .*right`)
	})
	t.Run("a function in the place of ls", func(t *testing.T) {
		t.Parallel()
		q := openQuizzer(t)
		q.Run("ls() { :; }")
		q.asked("B", `^You say: B`)
		q.searches()
		reads(t, q.Term, "ls *x* | grep y", `^Seen: grep ran, but no program ls`)
		q.Run("unset -f ls")
		q.lists()
		q.presses(ptytest.CtrlC, `^You said: B .*right`)
	})
	t.Run("a second ^C, which reaches the shell, changes nothing", func(t *testing.T) {
		t.Parallel()
		q := openQuizzer(t)
		q.asked("B", `^You say: B`)
		q.searches()
		q.lists()
		syscall.Kill(q.Pid(), syscall.SIGINT) // pending until the pipeline is over
		q.presses(ptytest.CtrlC, `^You said: B .*right`)
	})
	t.Run("a word that is no answer", func(t *testing.T) {
		t.Parallel()
		q := openQuizzer(t)
		q.asked("cat", `cat is none of A, B, C and D`)
		reads(t, q.Term, "answer find ls", `none of the answers says just that`)
		reads(t, q.Term, "quiz hint", `A prediction has no wrong side`)
		reads(t, q.Term, "quiz quit", `^You left the quiz\.`)
		q.tidy("")
	})
}

func TestAQuizLeavesTheLearnersOwnJobsFilesAndNames(t *testing.T) {
	q := openQuizzer(t)
	if err := os.WriteFile(filepath.Join(q.Home(), "tmp"), []byte("mine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	q.Line("sleep 1000")
	q.WaitForegroundJob("sleep")
	q.Key(ptytest.CtrlZ)
	q.WaitPrompt()
	jobs := q.Run("jobs")
	q.Run("alias ls='ls --color=auto'; set -u")
	q.asked("B", `^You say: B`)
	q.searches()
	q.lists()
	q.presses(ptytest.CtrlC, `^You said: B .*right`)
	q.lists() // and a round that is left in the middle
	q.Key(ptytest.CtrlZ)
	q.WaitPrompt()
	reads(t, q.Term, "quiz quit", `^You predicted 1 of 1 right\.`)
	q.tidy(jobs)
	if got := q.Run("cat tmp"); got != "mine" {
		t.Errorf("the learner's own file tmp holds %q", got)
	}
}

// Stand-ins never outlive the shell: the harness fails a test whose session has
// a process left when it ends.
func TestTheQuizAndTheEndOfTheShell(t *testing.T) {
	for name, end := range map[string]func(q *quizzer){
		"the terminal hangs up": func(q *quizzer) { q.Hangup() },
		"the shell is killed":   func(q *quizzer) { syscall.Kill(q.Pid(), syscall.SIGKILL) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := openQuizzer(t)
			q.asked("B", `^You say: B`)
			q.searches()
			q.lists()
			find, ls := q.pidOf("find"), q.pidOf("ls")
			end(q)
			q.WaitGone(find)
			q.WaitGone(ls)
			q.WaitExit()
		})
	}
}

func TestAQuizRefusesWhereItCannotBePlayed(t *testing.T) {
	tests := []struct {
		rule, line, says, status string
	}{
		{"in a pipeline, which is a subshell", "quiz ctrl-c 2>&1 | cat", "quiz: only for an interactive shell, and not in a pipeline", "0"},
		{"in a command substitution", `echo "$(quiz ctrl-c 2>&1)"`, "quiz: only for an interactive shell", "0"},
		{"in a shell that is not interactive", `"$JSH" -c 'quiz ctrl-c'`, "quiz: only for an interactive shell", "1"},
		{"without job control", "set +m; quiz ctrl-c", "quiz: job control is off", "1"},
		{"where PATH may not be changed", "readonly PATH; quiz ctrl-c", "lesson-stage: the stand-ins cannot be set up: PATH", "1"},
		{"a topic that is not there", "quiz nosuch", "quiz: nosuch: no such topic", "2"},
		{"nothing, and lists the topics", "quiz", "            ctrl-c ignored", "0"},
		{"nothing, and helps", "quiz --help", "usage: quiz [TOPIC|QUESTION|all]", "0"},
		{"nothing, and help quiz says the same", "help quiz", "usage: quiz [TOPIC|QUESTION|all]", "0"},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			argv := ptytest.FindShell(t, "jsh").Argv
			term := ptytest.Start(t, ptytest.Options{Argv: argv, Env: []string{"JSH=" + argv[0], "XDG_STATE_HOME=" + t.TempDir()}})
			term.WaitPrompt()
			if got := term.Run(tt.line); !strings.Contains(got, tt.says) {
				t.Errorf("wrote %q; want %q in it", got, tt.says)
			}
			if got := term.Run("echo $?"); got != tt.status {
				t.Errorf("status %s, want %s", got, tt.status)
			}
		})
	}
	t.Run("where there is no room for the stand-ins, and no file of the learner's is touched", func(t *testing.T) {
		t.Parallel()
		term := ptytest.Start(t, ptytest.Options{Argv: ptytest.FindShell(t, "jsh").Argv, Env: []string{"TMPDIR=/nosuch", "XDG_STATE_HOME=" + t.TempDir()}})
		term.WaitPrompt()
		for _, line := range []string{"quiz ctrl-c", "lesson ctrl-c"} { // the lesson's setup makes files besides
			got := term.Run(line)
			if !strings.Contains(got, "TMPDIR") || !strings.Contains(got, "(ENOENT)") || regexp.MustCompile(`PREDICT|DO `).MatchString(got) {
				t.Errorf("%s wrote %q", line, got)
			}
			if got := term.Run("echo $?; echo *"); got != "1\n*" {
				t.Errorf("%s: status and files: %q, want 1 and none", line, got)
			}
		}
	})
	t.Run("without a terminal", func(t *testing.T) {
		cmd := exec.Command(ptytest.JSH(t), "-i")
		cmd.Stdin = strings.NewReader("quiz ctrl-c\necho status $?\n")
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		out, _ := cmd.CombinedOutput()
		if !strings.Contains(string(out), "quiz: this shell has no terminal") || !strings.Contains(string(out), "status 1") {
			t.Errorf("wrote %q", out)
		}
	})
}
