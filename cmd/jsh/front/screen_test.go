package front

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jsh/ptytest"
)

// entersScreen is how the transcript begins to show the split screen.
const entersScreen = "\x1b[?1049h"

func TestABareJshOnALargeTerminalOpensTheScreen(t *testing.T) {
	jsh := ptytest.JSH(t)
	for _, c := range []struct {
		name string
		o    ptytest.Options
	}{
		{"80×24", ptytest.Options{Argv: []string{jsh}}},
		{"160×48", ptytest.Options{Argv: []string{jsh}, Cols: 160, Rows: 48}},
		{"a login shell", ptytest.Options{Argv: []string{jsh, "--login"}}},
		{"a variable of a screen that is gone", ptytest.Options{Argv: []string{jsh}, Env: []string{"JSH_SCREEN=0"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			term := ptytest.Start(t, c.o)
			term.WaitText("KEYBOARD")
			if !slices.Contains(c.o.Argv, "--login") { // which may set another prompt
				term.WaitText("ready>( |$)")
			}
			if !strings.Contains(term.Transcript(), entersScreen) {
				t.Error("no screen was opened")
			}
			term.Type("exit\r")
			term.WaitExit()
		})
	}
}

func TestTheScreenDoesNotOpenWhereItIsNotWanted(t *testing.T) {
	jsh := ptytest.JSH(t)
	dir := t.TempDir()
	script := filepath.Join(dir, "script")
	if err := os.WriteFile(script, []byte("exec "+jsh+" --plain\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	sh := filepath.Join(dir, "sh")
	if err := os.Symlink(jsh, sh); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		o    ptytest.Options
	}{
		{"--plain", ptytest.Options{Argv: []string{jsh, "--plain"}}},
		{"-i", ptytest.Options{Argv: []string{jsh, "-i"}}},
		{"-c", ptytest.Options{Argv: []string{jsh, "-c", jsh + " --plain; exit"}}},
		{"a file", ptytest.Options{Argv: []string{jsh, script}}},
		{"-s", ptytest.Options{Argv: []string{jsh, "-s"}}},
		{"an option", ptytest.Options{Argv: []string{jsh, "-o", "notify"}}},
		{"79 columns", ptytest.Options{Argv: []string{jsh}, Cols: 79}},
		{"23 rows", ptytest.Options{Argv: []string{jsh}, Rows: 23}},
		{"TERM=dumb", ptytest.Options{Argv: []string{jsh}, Env: []string{"TERM=dumb"}}},
		{"TERM empty", ptytest.Options{Argv: []string{jsh}, Env: []string{"TERM="}}},
		{"the name sh", ptytest.Options{Argv: []string{sh}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			term := ptytest.Start(t, c.o)
			term.WaitText("ready>( |$)")
			if strings.Contains(term.Transcript(), entersScreen) {
				t.Error("the screen was opened")
			}
			term.Type("exit\r")
			term.WaitExit()
		})
	}
	t.Run("standard output is no terminal", func(t *testing.T) {
		t.Parallel()
		term := ptytest.Start(t, ptytest.Options{Argv: []string{ptytest.JSH(t), "-c", jsh + " | cat"}})
		term.WaitText("ready>( |$)")
		if strings.Contains(term.Transcript(), entersScreen) {
			t.Error("the screen was opened")
		}
		term.Type("exit\r")
		term.WaitExit()
	})
	t.Run("standard input is no terminal", func(t *testing.T) {
		t.Parallel()
		out, err := exec.Command(jsh).CombinedOutput()
		if err != nil || len(out) > 0 {
			t.Errorf("jsh on /dev/null wrote %q (%v)", out, err)
		}
	})
	t.Run("inside another screen", func(t *testing.T) {
		t.Parallel()
		term := ptytest.Start(t, ptytest.Options{Argv: []string{jsh}, Cols: 200, Rows: 60})
		term.WaitText("ready>( |$)")
		term.Type("PS1='nested> ' " + jsh + "\r")
		term.WaitText("nested>( |$)")
		if n := strings.Count(term.Transcript(), "live, from"); n > 1 {
			t.Error("a second screen was opened")
		}
		term.Type("exit\r")
		term.WaitText("ready>( |$)")
		term.Type("exit\r")
		term.WaitExit()
	})
}
