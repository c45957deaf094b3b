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
	cast := -1
	if inv.record != "" {
		if cast, err = makeCast(inv.record); err != nil {
			os.Stderr.WriteString("jsh: --record " + inv.record + ": " + err.Error() + "\n")
			return 1, true
		}
	}
	status, err = screen.Guard(exe, name, cast, inv.recordShell)
	switch {
	case err != nil && cast >= 0:
		unix.Unlink(inv.record)
		os.Stderr.WriteString("jsh: --record: no screen here that could be recorded: " + err.Error() + "\n")
		return 1, true
	case err != nil:
		os.Stderr.WriteString("jsh: no screen here: " + err.Error() + "\n")
		return 0, false
	case cast >= 0:
		os.Stdout.WriteString("What the screen showed is in " + inv.record + " (asciinema play shows it).\n")
	}
	return status, true
}

// makeCast makes the file for a recording of the screen, for its owner alone. One
// that exists is not written over: nobody can be asked here.
func makeCast(name string) (int, error) {
	fd, err := unix.Open(name, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_CLOEXEC|unix.O_NOFOLLOW, 0o600)
	switch {
	case err == unix.EEXIST:
		return -1, refusal("it exists (EEXIST); remove it, or name another")
	case err != nil:
		return -1, refusal(reason(err))
	}
	return fd, nil
}
