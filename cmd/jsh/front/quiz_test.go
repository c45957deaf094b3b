package front

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"jsh/ptytest"
)

// quizzer is a learner in front of quiz ctrl-c.
type quizzer struct {
	*ptytest.Term
	t   *testing.T
	tmp string // where the quiz keeps its files while it runs
}

func openQuizzer(t *testing.T) *quizzer {
	t.Helper()
	tmp := t.TempDir()
	q := &quizzer{ptytest.Start(t, ptytest.Options{
		Argv: ptytest.FindShell(t, "jsh").Argv,
		Env:  []string{"TMPDIR=" + tmp},
	}), t, tmp}
	q.WaitPrompt()
	return q
}

// stopsFind begins the quiz, or goes on with it, and presses the first key.
func (q *quizzer) stopsFind() {
	q.t.Helper()
	q.WaitText(`^Now press \^Z`)
	q.WaitForegroundJob("find")
	q.Key(ptytest.CtrlZ)
	q.question()
}

func (q *quizzer) question() {
	q.t.Helper()
	q.WaitText(`^A letter, or names, or numbers; or quit: *\z`)
}

// predicts answers the question; the pipeline runs then.
func (q *quizzer) predicts(answer string) {
	q.t.Helper()
	q.Type(answer + "\r")
	q.WaitText(`^Now press \^C`)
	q.WaitForegroundJob("grep")
}

// pidOf finds a process of the session by name.
func (q *quizzer) pidOf(comm string) int {
	q.t.Helper()
	for _, p := range q.Session() {
		if p.Comm == comm {
			return p.Pid
		}
	}
	q.t.Fatalf("no %s runs", comm)
	return 0
}

// sees finds a line on the screen.
func (q *quizzer) sees(re string) {
	q.t.Helper()
	if !regexp.MustCompile(`(?m)` + re).MatchString(q.Screen()) {
		q.t.Errorf("no line matches %q:\n%s", re, q.Screen())
	}
}

// tidy checks the status of the quiz, and that it left nothing behind: no
// process, no job, no file, no variable.
func (q *quizzer) tidy(status, jobs string) {
	q.t.Helper()
	if got := q.Run("echo $?"); got != status {
		q.t.Errorf("status %s, want %s", got, status)
	}
	if got := q.Run("jobs"); got != jobs {
		q.t.Errorf("jobs: %q, want %q", got, jobs)
	}
	if got := q.Run(`echo "${JSH_STAND_IN-unset}"; case $PATH in *jsh-quiz*) echo $PATH;; esac; [ "$(pwd -P)" = "$HOME" ] && echo home`); got != "unset\nhome" {
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

func TestQuizGrades(t *testing.T) {
	const rightText = `^Right\. It was B: ls and grep\.$`
	tests := []struct {
		rule   string
		answer string
		ticks  string // of jsh, find, ls, grep
		says   string
	}{
		{"B is right: exactly ls and grep die", "B", "++++", rightText},
		{"names of the same processes are as good", "grep, ls", "++++", rightText},
		{"so are their numbers", "3 4", "++++", rightText},
		{"A is wrong: find lives", "A", "+x++", `^Not this time\. You said A; it was B: ls and grep\.$`},
		{"D is wrong: the shell lives too", "d", "xx++", `^Not this time\. You said D; it was B: ls and grep\.$`},
		{"marks that no option names are graded one by one", "find 3", "+x+x",
			`^Not this time\. You said find and ls; it was B: ls and grep\.$`},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			q := openQuizzer(t)
			q.Line("quiz ctrl-c")
			q.stopsFind()
			q.predicts(tt.answer)
			ls, grep := q.pidOf("ls"), q.pidOf("grep")
			q.Key(ptytest.CtrlC)
			q.WaitPrompt()
			for i, name := range []string{"jsh", "find", "ls", "grep"} {
				proof := `lives +/proc: still there`
				if name == "ls" || name == "grep" {
					proof = `KEYBOARD (?:dies|lives) +dies +wait\(\): killed by SIGINT`
				}
				mark := map[byte]string{'+': `[+✓]`, 'x': `[x✗]`}[tt.ticks[i]]
				q.sees(`^ ` + mark + ` ` + name + ` .*` + proof + `$`)
			}
			q.sees(tt.says)
			q.WaitGone(ls)
			q.WaitGone(grep)
			q.tidy("0", "")
		})
	}
}

func TestQuizAtTheQuestion(t *testing.T) {
	for _, tt := range []struct {
		rule string
		keys string
	}{
		{"^C leaves the quiz", string(ptytest.CtrlC)},
		{"^D leaves the quiz", string(ptytest.CtrlD)},
		{"quit leaves the quiz", "quit\r"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			q := openQuizzer(t)
			q.Line("quiz ctrl-c")
			q.stopsFind()
			find := q.pidOf("find")
			q.Type(tt.keys)
			q.WaitText(`^You left the quiz`)
			q.WaitPrompt()
			q.WaitGone(find)
			q.tidy("1", "")
		})
	}

	t.Run("an empty line and a wrong word get a hint, and the question again", func(t *testing.T) {
		t.Parallel()
		q := openQuizzer(t)
		q.Line("quiz ctrl-c")
		q.stopsFind()
		q.Type("\r")
		q.WaitText(`^A thought that helps: who has the keyboard`)
		q.question()
		q.Type("cat\r")
		q.WaitText(`^cat is none of them\.$`)
		q.question()
		q.predicts("B")
		q.Key(ptytest.CtrlC)
		q.WaitPrompt()
		q.sees(`^Right\.`)
		q.tidy("0", "")
	})
}

func TestQuizWrongKeys(t *testing.T) {
	for _, tt := range []struct {
		rule string
		key  ptytest.Key
		says string
	}{
		{`^\ in the place of ^C gives no grade`, ptytest.CtrlSlash, `^No grade: ls was killed by SIGQUIT, which is \^\\`},
		{"^Z in the place of ^C gives no grade", ptytest.CtrlZ, `^No grade: ls was stopped by SIGTSTP, which is \^Z`},
	} {
		t.Run(tt.rule+", and one may start over", func(t *testing.T) {
			t.Parallel()
			q := openQuizzer(t)
			q.Line("quiz ctrl-c")
			q.stopsFind()
			q.predicts("B")
			ls, find := q.pidOf("ls"), q.pidOf("find")
			q.Key(tt.key)
			q.WaitText(tt.says)
			q.WaitText(`^Enter to start over; or quit: *\z`)
			q.WaitGone(ls)
			q.WaitGone(find)
			q.Type("\r")
			q.WaitText(`(?s)start over; or quit:.*^Now press \^Z`)
			q.stopsFind()
			q.predicts("A")
			q.Key(ptytest.CtrlC)
			q.WaitPrompt()
			q.sees(`^Not this time\. You said A; it was B`)
			q.tidy("0", "")
		})
	}

	t.Run("^C in the place of ^Z is told, and one may leave then", func(t *testing.T) {
		t.Parallel()
		q := openQuizzer(t)
		q.Line("quiz ctrl-c")
		q.WaitText(`^Now press \^Z`)
		q.WaitForegroundJob("find")
		q.Key(ptytest.CtrlC)
		q.WaitText(`^Seen: find was killed by SIGINT, which is \^C\. To go on it takes \^Z\.$`)
		q.WaitText(`^Enter to start over; or quit: *\z`)
		q.Type("quit\r")
		q.WaitText(`^You left the quiz`)
		q.WaitPrompt()
		q.tidy("1", "")
	})

	t.Run("a second ^C, which reaches the shell, changes nothing", func(t *testing.T) {
		t.Parallel()
		q := openQuizzer(t)
		q.Line("quiz ctrl-c")
		q.stopsFind()
		q.predicts("B")
		syscall.Kill(q.Pid(), syscall.SIGINT) // pending until the pipeline is over
		q.Key(ptytest.CtrlC)
		q.WaitPrompt()
		q.sees(`^Right\.`)
		q.tidy("0", "")
	})

	t.Run("a SIGINT from elsewhere is measured like any other, and told apart", func(t *testing.T) {
		t.Parallel()
		q := openQuizzer(t)
		q.Line("quiz ctrl-c")
		q.stopsFind()
		q.predicts("B")
		find := q.pidOf("find")
		syscall.Kill(find, syscall.SIGINT)
		q.WaitGone(find)
		q.Key(ptytest.CtrlC)
		q.WaitPrompt()
		q.sees(`^ [x✗] find .*wait\(\): killed by SIGINT`)
		q.sees(`^Not this time\. You said B; it was A: find, ls and grep\.$`)
		q.sees(`Somebody else must have sent a SIGINT as well\.$`)
		if got := q.Run("echo $?"); !strings.HasSuffix(got, "0") {
			t.Errorf("status %s", got)
		}
	})
}

func TestQuizLeavesTheLearnersOwn(t *testing.T) {
	t.Run("stopped jobs, files and names", func(t *testing.T) {
		t.Parallel()
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
		q.Line("quiz ctrl-c")
		q.stopsFind()
		q.predicts("ls grep")
		q.Key(ptytest.CtrlC)
		q.WaitPrompt()
		q.sees(`^Right\.`)
		q.tidy("0", jobs)
		if got := q.Run("cat tmp"); got != "mine" {
			t.Errorf("the learner's own file tmp holds %q", got)
		}
		if got := q.Run("command -v find"); strings.Contains(got, "jsh-quiz") {
			t.Errorf("find is still %s", got)
		}
	})

	t.Run("a function of the same name is told of, not run", func(t *testing.T) {
		t.Parallel()
		q := openQuizzer(t)
		q.Run("ls() { command sleep 1000; }")
		q.Line("quiz ctrl-c")
		q.stopsFind()
		q.Type("B\r")
		q.WaitText(`^Something else runs instead\. Press \^C\.`)
		q.WaitForegroundJob("grep")
		q.Key(ptytest.CtrlC)
		q.WaitText(`^alias or a function one of the names ls and grep\? \(unalias, unset -f\)$`)
		q.WaitText(`^Enter to start over; or quit: *\z`)
		q.Key(ptytest.CtrlD)
		q.WaitText(`^You left the quiz`)
		q.WaitPrompt()
		q.tidy("1", "")
	})
}

// Stand-ins never outlive the shell: the harness fails a test whose session has
// a process left when it ends.
func TestQuizAndTheEndOfTheShell(t *testing.T) {
	for _, tt := range []struct {
		rule string
		end  func(q *quizzer)
	}{
		{"the terminal hangs up", func(q *quizzer) { q.Hangup() }},
		{"the shell is killed", func(q *quizzer) { syscall.Kill(q.Pid(), syscall.SIGKILL) }},
	} {
		t.Run(tt.rule+" while find waits for ^Z", func(t *testing.T) {
			t.Parallel()
			q := openQuizzer(t)
			q.Line("quiz ctrl-c")
			q.WaitText(`^Now press \^Z`)
			find := q.pidOf("find")
			tt.end(q)
			q.WaitGone(find)
			q.WaitExit()
		})
		t.Run(tt.rule+" at the question", func(t *testing.T) {
			t.Parallel()
			q := openQuizzer(t)
			q.Line("quiz ctrl-c")
			q.stopsFind()
			find := q.pidOf("find")
			tt.end(q)
			q.WaitGone(find)
			q.WaitExit()
		})
	}
	t.Run("a hang-up leaves no file", func(t *testing.T) {
		t.Parallel()
		q := openQuizzer(t)
		q.Line("quiz ctrl-c")
		q.stopsFind()
		q.Hangup()
		q.WaitExit()
		if left, _ := filepath.Glob(q.tmp + "/*"); len(left) > 0 {
			t.Errorf("files are left: %v", left)
		}
	})
}

func TestQuizRefuses(t *testing.T) {
	tests := []struct {
		rule, line, says, status string
	}{
		{"in a pipeline, which is a subshell", "quiz ctrl-c 2>&1 | cat", "quiz: nobody can press ^C here", "0"},
		{"in a command substitution", `echo "$(quiz ctrl-c 2>&1)"`, "quiz: nobody can press ^C here", "0"},
		{"in a shell that is not interactive", `"$JSH" -c 'quiz ctrl-c'`, "quiz: nobody can press ^C here", "1"},
		{"without job control", "set +m; quiz ctrl-c", "quiz: job control is off", "1"},
		{"where PATH may not be changed", "readonly PATH; quiz ctrl-c", "quiz: the stand-ins cannot be set up: PATH", "1"},
		{"a topic that is not there", "quiz nosuch", "quiz: nosuch: no such topic", "2"},
		{"nothing, and lists the topics", "quiz", "            ctrl-c ignored", "0"},
		{"nothing, and helps", "quiz --help", "usage: quiz [TOPIC|QUESTION|all]", "0"},
		{"nothing, and help quiz says the same", "help quiz", "usage: quiz [TOPIC|QUESTION|all]", "0"},
	}
	for _, tt := range tests {
		t.Run("it refuses "+tt.rule, func(t *testing.T) {
			t.Parallel()
			argv := ptytest.FindShell(t, "jsh").Argv
			term := ptytest.Start(t, ptytest.Options{Argv: argv, Env: []string{"JSH=" + argv[0]}})
			term.WaitPrompt()
			if got := term.Run(tt.line); !strings.Contains(got, tt.says) {
				t.Errorf("wrote %q; want %q in it", got, tt.says)
			}
			if got := term.Run("echo $?"); got != tt.status {
				t.Errorf("status %s, want %s", got, tt.status)
			}
		})
	}
	t.Run("it refuses where there is no room for the stand-ins", func(t *testing.T) {
		t.Parallel()
		term := ptytest.Start(t, ptytest.Options{Argv: ptytest.FindShell(t, "jsh").Argv, Env: []string{"TMPDIR=/nosuch"}})
		term.WaitPrompt()
		if got := term.Run("quiz ctrl-c"); !strings.Contains(got, "TMPDIR") || !strings.Contains(got, "(ENOENT)") {
			t.Errorf("wrote %q", got)
		}
		if got := term.Run("echo $?"); got != "1" {
			t.Errorf("status %s, want 1", got)
		}
	})
	t.Run("it refuses without a terminal", func(t *testing.T) {
		cmd := exec.Command(ptytest.JSH(t), "-i")
		cmd.Stdin = strings.NewReader("quiz ctrl-c\necho status $?\n")
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		out, _ := cmd.CombinedOutput()
		if !strings.Contains(string(out), "quiz: no terminal") || !strings.Contains(string(out), "status 1") {
			t.Errorf("wrote %q", out)
		}
	})
}
