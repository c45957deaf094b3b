package shell_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"jsh/ptytest"
)

// The other half of the signal matrix: the signals are sent, and what follows
// must be what the masks promise.

// fate is what becomes of a process that gets a signal.
func (c cell) fate() string {
	switch c.want() {
	case caught:
		return "trapped alive"
	case ignored, harmless:
		return "alive"
	}
	switch c.sig {
	case unix.SIGURG, unix.SIGCHLD, unix.SIGCONT:
		return "alive"
	case unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU:
		return "stopped"
	}
	return "killed by " + signalName(c.sig)
}

// setupText is what makes the setup in the shell's own text, and what it is
// started with ignored.
func (c cell) setupText() (text, entry string) {
	name := signalName(c.sig)
	switch c.setup {
	case atEntry:
		return "", name
	case byTrap:
		return "trap '' " + name + "\n", ""
	case trapped:
		return "trap 'echo trapped >>$OUT' " + name + "\n", ""
	case atEntryTrapped:
		return "trap 'echo trapped >>$OUT' " + name + "\n", name
	}
	return "", ""
}

func TestTheShellDoesWithASignalWhatTheMatrixSays(t *testing.T) {
	jsh := ptytest.JSH(t)
	n := 0
	for _, interactive := range []bool{false, true} {
		for _, monitor := range []bool{false, true} {
			for _, setup := range setups {
				for _, sig := range matrixSignals {
					c := cell{sig, setup, interactive, monitor, itself}
					if sig == unix.SIGINT && c.want() == harmless {
						continue // it drops the rest of the text; session tests have it
					}
					n++
					if got, want := sendToItself(t, jsh, c), c.fate(); got != want {
						t.Errorf("%v: %s, want %s", c, got, want)
					}
				}
			}
		}
	}
	t.Logf("%d cells", n)
}

// sendToItself starts a shell that sends itself the signal, and tells its fate.
// Job control needs a terminal; without, the test is the parent and sees stops.
func sendToItself(t *testing.T, jsh string, c cell) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out")
	text, entry := c.setupText()
	argv := []string{jsh}
	if entry != "" {
		// Go's own programs cannot be found by name without a terminal of
		// package ptytest; bash ignores every signal as it is told.
		argv = []string{"bash", "-c", "trap '' " + entry + `; exec "$@"`, "bash", jsh}
	}
	argv = append(argv, strings.Fields(strings.TrimPrefix(mode(c.interactive, c.monitor), "+i "))...)
	argv = append(argv, "-c", text+"kill -"+signalName(c.sig)+" $$\necho alive >>$OUT")
	var fate []string
	if c.monitor {
		term := ptytest.Start(t, ptytest.Options{Argv: argv, Env: []string{"OUT=" + out, quickExit}})
		if status := term.WaitExit(); status > 128 {
			fate = append(fate, "killed by "+signalName(unix.Signal(status-128)))
		}
	} else {
		fate = runAlone(t, out, argv)
	}
	text2, _ := os.ReadFile(out)
	return strings.Join(append(strings.Fields(string(text2)), fate...), " ")
}

// runAlone runs a program in a group of its own, which is not orphaned, and says
// which signal stopped or killed it.
func runAlone(t *testing.T, out string, argv []string) (fate []string) {
	t.Helper()
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), "OUT="+out, quickExit)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	pid := cmd.Process.Pid
	for {
		var ws unix.WaitStatus
		_, err := unix.Wait4(pid, &ws, unix.WUNTRACED, nil)
		switch {
		case err == unix.EINTR:
		case err != nil:
			t.Fatal(err)
		case ws.Stopped():
			fate = append(fate, "stopped")
			unix.Kill(pid, unix.SIGKILL)
		case ws.Signaled() && ws.Signal() == syscall.SIGKILL && len(fate) > 0:
			return fate
		case ws.Signaled():
			return append(fate, "killed by "+signalName(ws.Signal()))
		default:
			return fate
		}
	}
}

func TestDescendantsDoWithASignalWhatTheMatrixSays(t *testing.T) {
	jsh := ptytest.JSH(t)
	n := 0
	for _, interactive := range []bool{false, true} {
		for _, monitor := range []bool{false, true} {
			for _, setup := range setups {
				if *soak == 0 && (interactive != monitor || setup != atEntry && setup != trapped) {
					continue // the masks have told of them
				}
				n += sendToDescendants(t, jsh, setup, interactive, monitor)
			}
		}
	}
	t.Logf("%d cells", n)
}

// sendToDescendants has one shell send every signal to descendants of every kind.
// Left out are stops, and under -i or -m processes that die of SIGINT: they drop
// the rest of the text. Tests of job control have them.
func sendToDescendants(t *testing.T, jsh, setup string, interactive, monitor bool) int {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out")
	var text, entry strings.Builder
	var want []string
	for _, sig := range matrixSignals {
		for _, process := range []string{program, subshell, bgProgram, bgSubshell} {
			c := cell{sig, setup, interactive, monitor, process}
			if c.fate() == "stopped" || (interactive || monitor) && c.fate() == "killed by INT" ||
				interactive && monitor && slices.Contains(keyStops, sig) {
				continue
			}
			before, ignore := c.setupText()
			text.WriteString(strings.ReplaceAll(before, "echo trapped >>$OUT", "x=trapped"))
			entry.WriteString(" " + ignore)
			label := strings.ReplaceAll(process, " ", "-") + " " + signalName(sig)
			status := 0
			if !strings.HasSuffix(c.fate(), "alive") {
				status = 128 + int(sig)
			} else {
				want = append(want, label+" alive")
			}
			want = append(want, fmt.Sprintf("%s %d", label, status))
			command := "dash -c 'kill -" + signalName(sig) + " $$; echo " + label + " alive >>$OUT'"
			if c.isShell() {
				command = "(dash -c 'kill -" + signalName(sig) + " $PPID'; echo " + label + " alive >>$OUT)"
			}
			if process == bgProgram || process == bgSubshell {
				// A trapped SIGCHLD (17) ends wait: ask again.
				command += " & while wait $!; s=$?; [ $s -eq 145 ]; do :; done; (exit $s)"
			}
			text.WriteString(command + "\necho " + label + " $? >>$OUT\n")
		}
	}
	argv := []string{"env", "ignoring", entry.String(), jsh}
	argv = append(argv, strings.Fields(strings.TrimPrefix(mode(interactive, monitor), "+i "))...)
	argv = append(argv, "-c", text.String())
	term := ptytest.Start(t, ptytest.Options{Argv: argv, Env: []string{"OUT=" + out, quickExit}})
	term.WaitExit()
	got, _ := os.ReadFile(out)
	if w := strings.Join(want, "\n") + "\n"; string(got) != w {
		t.Errorf("%s, %s: got\n%s\nwant\n%s", mode(interactive, monitor), setup, got, w)
	}
	return len(want)
}

// countLate runs a script that counts how often a trap was late.
func countLate(t *testing.T, script string) {
	t.Helper()
	n := 1000
	if *soak > 0 {
		n = 10_000
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, ptytest.JSH(t), "-c", strings.ReplaceAll(script, "$N", fmt.Sprint(n)))
	cmd.Env = append(os.Environ(), quickExit)
	out, err := cmd.CombinedOutput()
	if want := fmt.Sprintf("%d of %d\n", n, n); err != nil || string(out) != want {
		t.Errorf("in time: %s (%v), want %s", out, err, want)
	}
}

func TestATrapHasRunBeforeTheNextCommand(t *testing.T) {
	for _, c := range []struct{ name, send string }{
		{"after kill", `kill -USR1 $$`},
		{"after kill in an AND-OR list", `kill -USR1 $$ && :`},
		{"after a child that signals the shell and exits", `"$0" -c 'kill -USR1 $PPID'`},
		{"after a subshell that signals the shell and exits", `(kill -USR1 $$)`},
		{"after a substitution that signals the shell and exits", `y=$(kill -USR1 $$)`},
		{"after a stage of a pipeline that signals the shell and exits", `: | kill -USR1 $$`},
	} {
		t.Run(c.name, func(t *testing.T) {
			send := strings.ReplaceAll(c.send, `"$0" -c`, "dash -c")
			countLate(t, `trap 'x=1' USR1; i=0 n=0
while [ $i -lt $N ]; do x=; `+send+`; [ "$x" ] && n=$((n+1)); i=$((i+1)); done; echo $n of $i`)
		})
	}
}
