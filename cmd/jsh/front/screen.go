package front

import (
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/companion"
	"jsh/pgroup"
	"jsh/screen"
)

// wantsScreen tells whether this invocation opens with the split screen: it is
// a bare jsh on a terminal that is large enough, not inside another one's
// screen.
func wantsScreen(inv *invocation) bool {
	if !inv.bare || !inv.interactive || filepath.Base(strings.TrimPrefix(inv.name, "-")) == "sh" {
		return false
	}
	if term := os.Getenv("TERM"); term == "" || term == "dumb" {
		return false
	}
	var in, out unix.Stat_t
	if unix.Fstat(0, &in) != nil || unix.Fstat(1, &out) != nil || in.Rdev != out.Rdev {
		return false
	}
	if !pgroup.IsTerminal(0) || !pgroup.IsTerminal(1) {
		return false
	}
	ws, err := unix.IoctlGetWinsize(0, unix.TIOCGWINSZ)
	if err != nil || int(ws.Col) < screen.FirstCols || int(ws.Row) < screen.FirstRows {
		return false
	}
	return !insideScreen()
}

// insideScreen tells whether this process was started from a shell that has a
// companion which still runs: a screen, or a picture in another terminal.
func insideScreen() bool {
	path := os.Getenv(companion.EnvName)
	return path != "" && companion.Alive(path)
}

// runScreen opens the screen. ok is false where that was not possible.
func runScreen(inv *invocation) (status int, ok bool) {
	exe, err := os.Executable()
	if err != nil {
		exe = "/proc/self/exe"
	}
	name := inv.name
	if inv.login && !strings.HasPrefix(name, "-") {
		name = "-" + filepath.Base(name)
	}
	if inv.without != 0 {
		os.Setenv(withoutEnv, inv.without.String())
	}
	status, err = screen.Guard(exe, name)
	if err != nil {
		os.Stderr.WriteString("jsh: no screen here: " + err.Error() + "\n")
		return 0, false
	}
	return status, true
}
