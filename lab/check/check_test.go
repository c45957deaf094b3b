package check_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jsh/ptytest"
)

func TestMain(m *testing.M) { ptytest.Main(m) }

type report struct {
	Pid, Status int
	Verdicts    []struct {
		Claim, Verdict, Evidence, Advice, Line string
		Pid                                    int
	}
}

// checked runs check-daemon --json on a C program.
func checked(t *testing.T, options []string, source string, args ...string) (r report, exe string) {
	t.Helper()
	exe = built(t, source)
	cmd := exec.Command(ptytest.JSH(t), slices.Concat([]string{"check-daemon", "--json"}, options, []string{exe}, args)...)
	cmd.Dir = t.TempDir()
	cmd.Stderr = os.Stderr
	out, _ := cmd.Output()
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if r.Status != cmd.ProcessState.ExitCode() {
		t.Errorf("status %d, and in the report %d", cmd.ProcessState.ExitCode(), r.Status)
	}
	return r, exe
}

// built compiles a C program, for any user to run.
func built(t *testing.T, source string) (exe string) {
	t.Helper()
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("gcc is not installed: a C program cannot be built")
	}
	exe = filepath.Join(t.TempDir(), strings.TrimSuffix(filepath.Base(source), ".c"))
	if msg, err := exec.Command("gcc", "-g", "-O0", "-w", "-o", exe, source).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, msg)
	}
	return exe
}

var expectation = regexp.MustCompile(`(?m)expect: (.*?)(?: \*/)?$`)
var place = regexp.MustCompile(`/\* ([A-Z0-9 ]+\??) \*/`)

// Each source says in its first comment which claims fail, and in the comment
// of a line which of them that line is cited for.
func TestEachDaemonIsJudgedAsItsSourceSays(t *testing.T) {
	sources, err := filepath.Glob("testdata/daemons/*.c")
	if err != nil || len(sources) < 18 {
		t.Fatalf("%d daemons, %v", len(sources), err)
	}
	for _, source := range sources {
		name := filepath.Base(source)
		t.Run(strings.TrimSuffix(name, ".c"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(source)
			if err != nil {
				t.Fatal(err)
			}
			want := strings.Fields(strings.TrimPrefix(expectation.FindStringSubmatch(string(text))[1], "nothing"))
			for _, options := range [][]string{nil, {"--no-sandbox"}} {
				judged(t, source, string(text), options, want)
			}
		})
	}
}

func judged(t *testing.T, source, text string, options, want []string) {
	t.Helper()
	name := filepath.Base(source)
	pidFile := filepath.Join(t.TempDir(), "test.pid")
	r, exe := checked(t, options, source, pidFile)
	if _, err := os.Stat(pidFile); options == nil && err == nil && hasSandbox(t) {
		t.Error("what it wrote in the sandbox is there")
	}
	var got []string
	lines := map[string]string{}
	for _, v := range r.Verdicts {
		if v.Verdict == "fail" {
			got = append(got, v.Claim)
			lines[v.Claim] = v.Line
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%v: failed %v, want %v", options, got, want)
		for _, v := range r.Verdicts {
			t.Logf("%s %s: %s (%s)", v.Claim, v.Verdict, v.Evidence, v.Line)
		}
	}
	for i, l := range strings.Split(text, "\n") {
		m := place.FindStringSubmatch(l)
		if m == nil {
			continue
		}
		for _, c := range strings.Fields(m[1]) {
			if w := name + ":" + strconv.Itoa(i+1); !strings.HasSuffix(c, "?") && lines[c] != w {
				t.Errorf("%v: %s is cited at %q, want %s", options, c, lines[c], w)
			}
		}
	}
	nobodyLeft(t, exe)
}

// nobodyLeft holds that no process of a program is there any more.
func nobodyLeft(t *testing.T, exe string) {
	t.Helper()
	links, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, l := range links {
		if target, _ := os.Readlink(l); target == exe {
			t.Errorf("%s still runs %s", l, exe)
		}
	}
}

func TestAProgramThatCannotBeTriedIsStatus2(t *testing.T) {
	for _, args := range [][]string{{}, {"/no/such/program"}, {"--nonsense", "true"}, {"--timeout", "x", "true"}, {"/etc/passwd"}} {
		cmd := exec.Command(ptytest.JSH(t), append([]string{"check-daemon"}, args...)...)
		out, _ := cmd.CombinedOutput()
		if c := cmd.ProcessState.ExitCode(); c != 2 || !strings.HasPrefix(string(out), "check-daemon: ") {
			t.Errorf("%q: status %d, %s", args, c, out)
		}
	}
}
