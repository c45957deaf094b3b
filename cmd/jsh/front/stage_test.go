package front

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"jsh/proc"
	"jsh/ptytest"
)

func TestAStageIsTakenAwayAgain(t *testing.T) {
	tmp := t.TempDir()
	ruleOn(t, "directory, PATH and files are as before", onlyJsh, ptytest.Options{Env: []string{"TMPDIR=" + tmp}}, func(s *session) {
		before := s.Run(`echo "$PWD" "$PATH" "${JSH_STAND_IN-none}"; pwd -P`)
		s.expect("lesson-stage clock; echo $?", "0")
		dir := s.Run("pwd -P")
		if !strings.HasPrefix(dir, tmp) || s.Run("echo $PWD") != dir {
			t.Errorf("the lesson's directory: %q", dir)
		}
		s.expect("ls; lesson-stage window; command -v clock; command -v window", filepath.Dir(dir)+"/bin/clock\n"+filepath.Dir(dir)+"/bin/window")
		s.expect("lesson-stage -; lesson-stage -; echo $?", "0")
		if after := s.Run(`echo "$PWD" "$PATH" "${JSH_STAND_IN-none}"; pwd -P`); after != before {
			t.Errorf("before %q, after %q", before, after)
		}
		if left, _ := filepath.Glob(tmp + "/*"); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
		mine := s.background("sleep 1001 &")
		s.Run("lesson-stage thief")
		killed, spared := s.background("sleep 1002 &"), s.background("cat </dev/zero >/dev/null &")
		s.Run("lesson-stage - sleep")
		s.waitNoGroup(killed)
		if len(s.living(mine)) == 0 || len(s.living(spared)) == 0 {
			t.Error("a job is gone that was not the lesson's")
		}
		s.match("lesson-stage nonsense; echo $?", `(?s).*nonsense: no such stand-in.*\n2(\n\[\d\][^\n]*)*`) // a notice may follow
		s.kill(-mine, unix.SIGKILL)
		s.kill(-spared, unix.SIGKILL)
	})
	ruleOn(t, "^S holds the clock in its write, and ^C ends it all the same", onlyJsh, ptytest.Options{Env: []string{"TMPDIR=" + tmp}}, func(s *session) {
		s.Run("lesson-stage clock")
		s.Line("clock")
		s.WaitForegroundJob("clock")
		s.WaitText(`^\d\d:\d\d:\d\d`)
		s.Type("\x13")
		clock := s.find("clock")
		r, err := proc.Open()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		s.WaitFor("clock to be held in its write", func() bool { return r.Waits(clock.Pid) == "writes the terminal" })
		s.WaitFor("clock to be called so", func() bool { p, _ := ptytest.Proc(clock.Pid); return p.Comm == heldName })
		s.Key(ptytest.CtrlC)
		s.WaitPrompt()
		s.Run("lesson-stage -")
	})
}

// sleeper starts a job inside the window and returns its pid.
func (s *session) sleeper() int {
	s.t.Helper()
	s.Type("sleep 1000 &\r")
	pid, _ := strconv.Atoi(s.WaitText(`^\[1\] (\d+)\n.*> *\z`)[1])
	return pid
}

func TestAWindowThatIsClosedHangsUpItsJobs(t *testing.T) {
	open := func(s *session) {
		s.Run("lesson-stage window")
		s.Line("window")
		s.WaitForegroundJob("window")
		s.WaitText(`(?s)A window of its own.*> *\z`)
	}
	for sig, status := range map[string]string{"TERM": "143", "KILL": "137"} {
		rule(t, "the window ends of SIG"+sig+": the job is hung up", onlyJsh, func(s *session) {
			open(s)
			pid := s.sleeper()
			s.Type("kill -" + sig + " $PPID\r")
			s.WaitGone(pid)
			s.WaitPrompt()
			s.expect("echo $?", status)
			s.expect("stty -a | grep -c ' icanon'; lesson-stage -", "1")
		})
	}
	for end, status := range map[string]string{"exit": "0", "kill -KILL $$": "137"} {
		rule(t, "its shell ends by "+end+": the job lives on", onlyJsh, func(s *session) {
			open(s)
			pid := s.sleeper()
			s.Type(end + "\r")
			s.WaitForegroundShell()
			if p, ok := ptytest.Proc(pid); !ok || p.Zombie() {
				t.Errorf("sleep: %+v, %v", p, ok)
			}
			s.kill(pid, unix.SIGKILL)
			s.expect("echo $?", status)
			s.Run("lesson-stage -")
		})
	}
}

func TestAShellThatEndsInALessonTakesTheLessonsJobsAlong(t *testing.T) {
	tmp, lesson := t.TempDir(), filepath.Join(t.TempDir(), "jobs.md")
	text := "---\nid: jobs\ntitle: Jobs\n---\n## One\n```setup\nlesson-stage\nsleep 1000 &\n```\n```do\nType fg.\n```\n```check\nforeground(\"sleep\")\n```\n```cleanup\nlesson-stage - sleep\n```\n"
	if err := os.WriteFile(lesson, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ruleOn(t, "exit", onlyJsh, ptytest.Options{Env: []string{"TMPDIR=" + tmp}}, func(s *session) {
		s.Run("lesson run " + lesson)
		s.WaitText("Type fg.")
		pid, err := strconv.Atoi(s.Run("jobs -p"))
		if err != nil {
			t.Fatal(err)
		}
		s.Line("exit")
		s.WaitExit()
		s.WaitGone(pid)
		if left, _ := filepath.Glob(tmp + "/*"); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	})
}
