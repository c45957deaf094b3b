package front

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"jsh/ptytest"
)

// What only lessons need is initialised after a shell has gone its way (package
// begin): every subshell is a start. go/parser is not: its path stands before jsh's
// and it needs no more than front does. It takes some 10 µs.
func TestAShellsStartInitialisesNothingThatOnlyLessonsNeed(t *testing.T) {
	cmd := exec.Command(ptytest.JSH(t), "-c", ":")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(out), "init jsh/shell ") {
		t.Fatalf("no trace of what is initialised:\n%s", out)
	}
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		if len(f) < 2 || f[0] != "init" {
			continue
		}
		for _, late := range []string{"github.com/yuin/goldmark", "go.yaml.in", "regexp", "net", "html", "crypto", "math/big", "jsh/tutor", "jsh/lessons/"} {
			if f[1] == late || strings.HasPrefix(f[1], strings.TrimSuffix(late, "/")+"/") {
				t.Errorf("jsh -c : initialises %s", f[1])
			}
		}
	}
}
