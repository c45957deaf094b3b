package tutor

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jsh/lab/doctor"
	"jsh/lessons/scenes"
	"jsh/lessons/scenes/reel"
	"jsh/ptytest"
	"jsh/screen/grid"
)

// onOneTerminal runs what follows where a single terminal can be had, which a screen
// takes: another one is refused with ENOSPC.
const onOneTerminal = `mount -t devpts -o newinstance,ptmxmode=0666,max=1 devpts /dev/pts && mount --bind /dev/pts/ptmx /dev/ptmx && exec "$0"`

func TestAMachineThatRefusesASceneShowsItsRecordingMarkedAsOne(t *testing.T) {
	t.Parallel()
	if err := exec.Command("unshare", "-m", "sh", "-c", strings.Replace(onOneTerminal, "exec", ":", 1), "x").Run(); err != nil {
		t.Skip("no mount namespace with terminals of its own here: ", err)
	}
	s := ptytest.Start(t, ptytest.Options{Argv: []string{"unshare", "-m", "sh", "-c", onOneTerminal, ptytest.JSH(t)}, Cols: 80, Rows: 24, Deadline: time.Minute,
		Env: []string{"XDG_RUNTIME_DIR=" + shortDir(t), "XDG_STATE_HOME=" + t.TempDir()}})
	s.WaitText("ready>( |$)")
	s.Type("demo double-fork\r")
	s.WaitText(`^ RECORDING(.*\n)+ Not live: spare-tty: (.*\n)*.*ENOSPC \(no space(.*\n)+.*RECORDED SCENE`)
	s.Key(ptytest.Enter)
	s.WaitText(`^ RECORDING(.*\n)+.*leads a new session(.*\n)+.*Enter: go on`)
	s.Type("q")
	s.WaitText(`double-fork is refused here:\n +spare-tty: (.*\n)+Its recording is shown`)
	s.Type("echo left$((40+2))\r")
	s.WaitText("left42")
	s.Type("exit\r")
	s.WaitExit()
}

func TestASceneThatDoesNotComeOutOffersItsRecording(t *testing.T) {
	if ok, why := doctor.Has(doctor.Connector); !ok {
		t.Skip("a tracer is in the scene then, and who runs is told too late for a scene that stands still: " + why)
	}
	t.Parallel()
	s := stage(t, "quit")
	s.Type("find() { return 3; }\rdemo ctrl-c\r")
	press(s, "Enter: type it")
	s.WaitText(`Refused here: a command ended with status 3; no process find(.*\n)+.*Enter shows a recording`)
	s.Key(ptytest.Enter)
	s.WaitText(`^ RECORDING(.*\n)+ Not live: a command ended with status 3`)
	s.Key(ptytest.Enter)
	s.WaitText(`^ RECORDING(.*\n)+.*Enter: go on`)
	s.Type("q")
	s.WaitScreen("the shell to be back", func(g *grid.Grid) bool { return !strings.Contains(g.Text(), "RECORD") })
	s.Type("\rjobs; echo left$((40+2))\r")
	s.WaitText("left42")
	s.Type("exit\r")
	s.WaitExit()
}

// A scene is played, recorded, and shown again: the same facts are there.
func TestASceneIsRecordedAndShownAgain(t *testing.T) {
	t.Parallel()
	if !*all {
		t.Skip("to record a scene takes half a minute: -lessons does")
	}
	dir := t.TempDir()
	out, err := exec.Command(ptytest.JSH(t), "demo", "--make-recordings", dir, "ctrl-c").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	file := filepath.Join(dir, "ctrl-c.reel")
	text, _ := os.ReadFile(file)
	r, err := reel.Read(text)
	if err != nil || r.Steps != reel.Steps(scenes.Named("ctrl-c")) || len(r.Marks) != 3 {
		t.Fatalf("%v, %d steps", err, len(r.Marks))
	}
	s := ptytest.Start(t, ptytest.Options{Argv: []string{ptytest.JSH(t), "demo", "--recorded", file}, Cols: 80, Rows: 24, Deadline: time.Minute})
	for _, want := range []string{`\[1\] find / -name xyz`, `ls \*x\* \| grep y`, `ls, grep died`} {
		s.WaitText(`^ RECORDING(.*\n)+.*Enter: type it`)
		s.Key(ptytest.Enter)
		s.WaitText(`^ RECORDING(.*\n)+.*` + want + `(.*\n)+.*Enter: (go on|the end)`)
		if text := s.Screen(); strings.Contains(want, "died") && !strings.Contains(text, "find") {
			t.Errorf("find is not there:\n%s", text)
		}
		s.Key(ptytest.Enter)
	}
	if status := s.WaitExit(); status != 0 {
		t.Error(status)
	}
}

func TestDemoCheckTellsOfEachScene(t *testing.T) {
	var out bytes.Buffer
	if status := demoCheck(&out); status != 0 {
		t.Errorf("status %d: a scene can be shown in no way\n%s", status, out.String())
	}
	for _, l := range scenes.All() {
		r, err := scenes.Recorded(l)
		if err != nil {
			t.Error(err)
			continue
		}
		if !strings.Contains(out.String(), l.ID) || !strings.Contains(out.String(), r.Made()) {
			t.Errorf("%s is not there:\n%s", l.ID, out.String())
		}
	}
}
