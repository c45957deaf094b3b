package screen_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jsh/ptytest"
	"jsh/screen/grid"
)

func TestARecordingOfTheScreenShowsWhatTheScreenShowed(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "a.cast")
	s := open(t, ptytest.Options{Argv: []string{ptytest.JSH(t), "--record", file}})
	s.line("echo $((6*7)) 世界")
	s.WaitText("^42 世界$")
	s.WaitText("ready>$")
	s.line("exit")
	s.WaitText("asciinema play shows it")
	st, err := os.Stat(file)
	if err != nil || st.Mode().Perm() != 0o600 {
		t.Fatal(st.Mode(), err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	g := grid.New(80, 24, grid.Options{})
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Scan()
	for lines.Scan() {
		var e []any
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		g.Write([]byte(e[2].(string)))
	}
	for _, want := range []string{"\n42 世界\n", "ready> exit", "F2: menu"} {
		if !strings.Contains(g.Text(), want) {
			t.Errorf("%q is missing:\n%s", want, g.Text())
		}
	}
	if bytes.Contains(text, []byte("is in ")) {
		t.Error("it goes on after the screen")
	}
}

func TestARecordingIsRefusedBeforeAnythingIsHarmed(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "a.cast")
	if err := os.WriteFile(file, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	s := ptytest.Start(t, ptytest.Options{Argv: []string{ptytest.JSH(t), "--record", file}})
	s.WaitText("it exists .EEXIST.; remove it, or name another")
	if text, _ := os.ReadFile(file); string(text) != "mine" {
		t.Errorf("%q", text)
	}
	for _, args := range [][]string{{"--record", file, "--plain"}, {"--record"}, {"--record", file, "-c", "exit 7"}} {
		err := exec.Command(ptytest.JSH(t), args...).Run()
		if e, ok := err.(*exec.ExitError); !ok || e.ExitCode() != 2 {
			t.Errorf("%q: %v", args, err)
		}
	}
	other := filepath.Join(t.TempDir(), "b.cast")
	cmd := exec.Command(ptytest.JSH(t), "-i", "--record", other)
	cmd.Stdin = nil
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "no screen here") {
		t.Errorf("%v: %s", err, out)
	}
	if _, err := os.Stat(other); err == nil {
		t.Error("an empty recording was left")
	}
}
