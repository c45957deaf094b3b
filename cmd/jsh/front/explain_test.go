package front

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jsh/ptytest"
)

// groupMade is a process group: of a plan, or of the log.
type groupMade struct {
	Keyboard bool
	Names    []string
}

// planned asks explain for the groups that a line would make.
func (s *session) planned(line string) (gs []groupMade) {
	s.t.Helper()
	os.WriteFile(filepath.Join(s.Home(), "line"), []byte(line), 0o600)
	if got := s.Run(`explain --json "$(cat line)" >plan`); got != "" {
		s.t.Fatalf("explain %s wrote %q", line, got)
	}
	text, _ := os.ReadFile(filepath.Join(s.Home(), "plan"))
	var plan struct {
		Jobs []struct {
			Keyboard  bool
			Processes []struct{ Name string }
		}
	}
	if err := json.Unmarshal(text, &plan); err != nil {
		s.t.Fatalf("%v: %s", err, text)
	}
	for _, j := range plan.Jobs {
		g := groupMade{Keyboard: j.Keyboard}
		for _, p := range j.Processes {
			g.Names = append(g.Names, p.Name)
		}
		gs = append(gs, g)
	}
	return gs
}

// made runs a line and reads from the shell's log which groups it made.
func (s *session) made(line string) (gs []groupMade) {
	s.t.Helper()
	for l := range strings.SplitSeq(line, "\n") {
		s.Line(l)
		if l != line {
			s.WaitOutput(`\n`)
		}
	}
	s.WaitPrompt()
	s.Run("timeline --json >made")
	text, _ := os.ReadFile(filepath.Join(s.Home(), "made"))
	var order []int
	byGroup := map[int]*groupMade{}
	for l := range strings.Lines(string(text)) {
		var e struct {
			Kind      string
			Pid, Pgid int
			Errno     any
			Fg        bool `json:"foreground"`
			Path      string
			Argv      []string
		}
		if err := json.Unmarshal([]byte(l), &e); err != nil {
			s.t.Fatalf("%v: %s", err, l)
		}
		if e.Kind != "spawn" || e.Pgid == 0 || e.Pid == 0 {
			continue
		}
		g := byGroup[e.Pgid]
		if g == nil {
			g = &groupMade{Keyboard: e.Fg}
			byGroup[e.Pgid] = g
			order = append(order, e.Pgid)
		}
		g.Names = append(g.Names, filepath.Base(e.Argv[0]))
	}
	for _, pgid := range order {
		gs = append(gs, *byGroup[pgid])
	}
	return gs
}

func TestWhatExplainForetellsIsWhatTheKernelMakes(t *testing.T) {
	for _, line := range []string{
		"true",
		"/bin/true | cat",
		"echo one",
		"echo one | cat",
		"cat </dev/null | sort | wc -l >n 2>&1",
		"cd / && ls >/dev/null; cd",
		"sleep 0 &",
		"sleep 0 | cat &",
		"{ ls; pwd; } >/dev/null",
		"{ ls; pwd; } | cat >/dev/null",
		"(cd /; ls >/dev/null)",
		"(exit 3)",
		"(/bin/true) | (cat) &",
		"for i in 1 2; do :; done",
		"for i in 1; do echo $i | cat >/dev/null; done",
		"if ls /dev/null >/dev/null; then /bin/echo yes; fi",
		"while false; do :; done; ls >/dev/null",
		"f() { ls >/dev/null; pwd | cat; }; f",
		"g() { :; }; g | cat",
		"x=$(date) && echo $x | wc -c",
		"a=1 ls >/dev/null",
		"ls /dev/null && /bin/true || :",
		"! ls /nosuch 2>/dev/null",
		"time /bin/true",
		"case a in a) ls /dev/null;; esac | cat",
		"ls /dev/null |& cat",
		"nosuchprogram",
		"nosuchprogram | cat",
		"/bin/true && /bin/true &",
		"command ls /dev/null",
		"p=cat; $HOME/nosuch 2>/dev/null; echo | cat",
		"ls $HOME | sort -r >/dev/null",
		"ls *.nothing 2>/dev/null",
		"cat <<< hello | tr a-z A-Z",
		`env A="$(echo 1)" cat </dev/null | cat`,
		"[ -d / ] && [[ -d / ]] && test -d /",
		"wait; jobs; trap",
		"umask 022; (umask 077; ls >/dev/null); umask",
		"until /bin/true; do :; done",
		"eval :",
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			s := open(t, "jsh", ptytest.Options{})
			want := s.planned(line)
			if got := s.made(line); !slices.EqualFunc(got, want, func(a, b groupMade) bool {
				return a.Keyboard == b.Keyboard && slices.Equal(a.Names, b.Names)
			}) {
				t.Errorf("%s\nforetold %+v\nmade     %+v", line, want, got)
			}
		})
	}
}

func TestExplainRunsNothingAndChangesNothing(t *testing.T) {
	s := open(t, "jsh", ptytest.Options{})
	s.Run("hash -r; RANDOM=1; x=old; set -- a b")
	before := s.Run("hash; echo $x $# $PWD $?; jobs; umask; alias; trap")
	for _, line := range []string{"touch made", "x=new; cd /; umask 0", ": >made", "echo $(touch made)", "touch made | cat",
		"ls; cat", "${y:=made}", "set --; shift", "alias l=ls", "trap : INT", "exec ls", "exit", "echo $((x=3))", "f() { :; }",
		"touch made &", "(touch made)", "eval touch made", "read x", "$RANDOM", "echo $RANDOM | cat", "cat <<E\n$(touch made)\nE"} {
		os.WriteFile(filepath.Join(s.Home(), "line"), []byte(line), 0o600)
		s.Run(`read -r -d "" line <line; explain "$line" >text`)
	}
	s.Run("unset line; x=${x-}; set -- ${1+a b}; (exit 0)")
	if after := s.Run("hash; echo $x $# $PWD $?; jobs; umask; alias; trap"); after != before {
		t.Errorf("before %q\nafter  %q", before, after)
	}
	if _, err := os.Stat(filepath.Join(s.Home(), "made")); err == nil {
		t.Error("a file was made")
	}
	number := s.Run(`type f 2>/dev/null; echo ${y-unset} $RANDOM`)
	s.expect("RANDOM=1; echo unset $RANDOM", number)
}

func TestExplainShowsWhereALineIsWrong(t *testing.T) {
	s := open(t, "jsh", ptytest.Options{})
	s.match("explain 'ls | | wc'; echo $?", `(?s)jsh: explain: syntax error: .*\| \| wc.*\^.*\n2`)
	s.match("explain; echo $?", `(?s).*the line is missing.*\n2`)
}

func TestExplainAnswersOtherShells(t *testing.T) {
	cmd := exec.Command(ptytest.JSH(t), "explain", "ls | wc")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "A job in the foreground:  ls | wc") || !strings.Contains(string(out), "aliases of the shell that") {
		t.Errorf("%v: %s", err, out)
	}
	cmd = exec.Command(ptytest.JSH(t), "explain")
	if out, _ := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != 2 || !strings.Contains(string(out), "the line is missing") {
		t.Errorf("%s", out)
	}
}
