package screen_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"jsh/companion"
	"jsh/ptytest"
	"jsh/screen/grid"
)

func TestMain(m *testing.M) { ptytest.Main(m) }

// opened is a jsh with its screen.
type opened struct {
	*ptytest.Term
	t                    *testing.T
	guard, screen, shell int // pids
}

// open starts a bare jsh and waits for the first prompt in its screen.
func open(t *testing.T, o ptytest.Options) *opened {
	t.Helper()
	if o.Argv == nil {
		o.Argv = []string{ptytest.JSH(t)}
	}
	s := &opened{Term: ptytest.Start(t, o), t: t}
	s.WaitText("live, from")
	s.WaitText("ready>( |$)")
	s.guard = s.Pid()
	s.find()
	return s
}

// openIn starts a jsh with its screen from a shell, as learners do.
func openIn(t *testing.T, shell string) *opened {
	t.Helper()
	return openInWith(t, shell, "")
}

// openInWith starts it by the program prefix.
func openInWith(t *testing.T, shell, prefix string) *opened {
	t.Helper()
	sh := ptytest.FindShell(t, shell)
	s := &opened{Term: ptytest.Start(t, ptytest.Options{Argv: sh.Argv}), t: t}
	s.Line("exec 2>&1; PS1='inner> ' " + prefix + " " + ptytest.JSH(t) + "; echo status $?")
	s.WaitText("live, from")
	s.WaitText("inner>$")
	s.guard = children(s.Pid())[0]
	s.find()
	return s
}

func (s *opened) find() {
	s.t.Helper()
	s.WaitFor("the screen and its shell", func() bool {
		if c := children(s.guard); len(c) == 1 {
			s.screen = c[0]
			if c := children(s.screen); len(c) == 1 {
				s.shell = c[0]
				return true
			}
		}
		return false
	})
}

// companion is where the log of this screen can be read.
func (s *opened) companion() string {
	s.t.Helper()
	env, err := os.ReadFile("/proc/" + strconv.Itoa(s.shell) + "/environ")
	if err != nil {
		s.t.Fatal(err)
	}
	_, rest, _ := strings.Cut("\x00"+string(env), "\x00"+companion.EnvName+"=")
	path, _, _ := strings.Cut(rest, "\x00")
	return path
}

// children are the pids of the processes that pid started and has not reaped.
func children(pid int) []int {
	var pids []int
	for _, f := range tasks(pid) {
		text, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/task/" + f + "/children")
		for _, w := range strings.Fields(string(text)) {
			n, _ := strconv.Atoi(w)
			pids = append(pids, n)
		}
	}
	return pids
}

func tasks(pid int) []string {
	d, err := os.Open("/proc/" + strconv.Itoa(pid) + "/task")
	if err != nil {
		return nil
	}
	defer d.Close()
	names, _ := d.Readdirnames(-1)
	return names
}

// gone waits until pid has ended; whoever adopted it may be slow to reap it.
func (s *opened) gone(what string, pid int) {
	s.t.Helper()
	s.WaitFor(what+" to end", func() bool {
		p, ok := ptytest.Proc(pid)
		return !ok || p.Zombie()
	})
}

// line types a line in the screen's shell.
func (s *opened) line(text string) {
	s.t.Helper()
	s.WaitText("(ready|inner)>( |$)")
	s.Type(text)
	s.WaitText("> " + regexpQuote(text) + "( |$)")
	s.Key(ptytest.Enter)
}

func regexpQuote(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune(`\.+*?()|[]{}^$`, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func kill(t *testing.T, pid int, sig unix.Signal) {
	t.Helper()
	if err := unix.Kill(pid, sig); err != nil {
		t.Fatalf("kill %d: %v", pid, err)
	}
}

// wantCooked checks that the terminal is as it was, in modes and in what it was
// told.
func (s *opened) wantCooked(before unix.Termios) {
	s.t.Helper()
	s.WaitFor("the terminal's modes", func() bool {
		now := s.Modes()
		return now.Lflag&(unix.ICANON|unix.ECHO|unix.ISIG) != 0 && now.Iflag == before.Iflag && now.Oflag == before.Oflag
	})
	out := s.Transcript()
	for _, seq := range []string{"\x1b[?1049l", "\x1b[?25h", "\x1b[?2004l", "\x1b[?1000l", "\x1b[0m"} {
		if strings.LastIndex(out, seq) < strings.LastIndex(out, "\x1b[?1049h") {
			s.t.Errorf("the terminal was not told %q", seq)
		}
	}
}

func TestWhatIsTypedRunsAndThePictureShowsItsGroup(t *testing.T) {
	t.Parallel()
	s := open(t, ptytest.Options{})
	s.line("sleep 1000 | cat")
	s.WaitText(`sleep(.|\n)*cat(.|\n)*live, from`)
	s.WaitText(`KEYBOARD`)
	s.Key(ptytest.CtrlC)
	s.WaitText("(ready|inner)>( |$)")
	s.line("echo $((40+2))")
	s.WaitText("^42$")
	s.line("exit 7")
	if got := s.WaitExit(); got != 7 {
		t.Errorf("status %d, want the shell's: 7", got)
	}
}

func TestAfterTheShellsExitTheTerminalIsAsBefore(t *testing.T) {
	t.Parallel()
	sh := ptytest.FindShell(t, "dash")
	term := ptytest.Start(t, ptytest.Options{Argv: sh.Argv})
	term.WaitPrompt()
	before := term.Modes()
	s := &opened{Term: term, t: t}
	s.Line("PS1='inner> ' " + ptytest.JSH(t) + "; echo status $?")
	s.WaitText("inner>$")
	s.line("exit 3")
	s.WaitText("^status 3$")
	s.wantCooked(before)
	if now := s.Modes(); now != before {
		t.Errorf("modes are %+v, were %+v", now, before)
	}
}

func TestAScreenThatWasKilledLeavesACookedTerminalAndNothingInside(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"dash", "bash"} {
		t.Run(shell, func(t *testing.T) {
			s := openIn(t, shell)
			s.line("sleep 1000 & sleep 1001")
			s.WaitText(`sleep(.|\n)*sleep(.|\n)*live, from`)
			inside := children(s.shell)
			kill(t, s.screen, unix.SIGKILL)
			s.WaitText("the screen was killed by SIGKILL")
			s.WaitText("What to do next")
			s.WaitText("^status 137$")
			s.gone("the shell", s.shell)
			for _, pid := range inside {
				s.gone("a job", pid)
			}
			s.wantCooked(unix.Termios{Iflag: s.Modes().Iflag, Oflag: s.Modes().Oflag})
			s.Line("echo $((40+2))")
			s.WaitText("^42$")
		})
	}
}

// Where jsh is all that runs in a window there is nobody to start it again.
func TestWithoutAShellAboveAKilledScreenIsOfferedAnew(t *testing.T) {
	t.Parallel()
	s := open(t, ptytest.Options{})
	old := s.screen
	kill(t, old, unix.SIGKILL)
	s.WaitText("Press Enter to start anew")
	s.Type("\x1b[Ax\r") // no answer
	s.WaitText("^Enter, or q and Enter:")
	s.Key(ptytest.Enter)
	s.WaitText("live, from")
	s.find()
	s.line("echo $((40+2))")
	s.WaitText("^42$")
	kill(t, s.screen, unix.SIGKILL)
	s.WaitScreen("the second question", func(g *grid.Grid) bool {
		return strings.Count(g.Text(), "Press Enter to start anew") == 2
	})
	s.Type("q\r")
	if got := s.WaitExit(); got != 137 {
		t.Errorf("status %d", got)
	}

	s = open(t, ptytest.Options{})
	kill(t, s.screen, unix.SIGSTOP)
	s.WaitText("Press Enter to continue it")
	s.Key(ptytest.Enter)
	s.line("echo $((50+2))")
	s.WaitText("^52$")
	kill(t, s.screen, unix.SIGSTOP)
	s.WaitText("Press Enter to continue it")
	kill(t, s.screen, unix.SIGCONT) // by somebody else: the question is over, and takes no key
	s.line("echo $((60+2))")
	s.WaitText("^62$")
}

func TestTheMenuOpensHoweverMuchIsTypedAhead(t *testing.T) {
	t.Parallel()
	s := open(t, ptytest.Options{})
	s.line("sleep 1000")
	s.WaitText(`sleep(.|\n)*KEYBOARD`)
	s.Type(strings.Repeat(strings.Repeat("x", 99)+"\r", 15000)) // 1.5 MB
	s.Key(ptytest.F2)
	s.WaitText("MENU")
}

func TestAGuardThatWasKilledLeavesACookedTerminalAndNothingInside(t *testing.T) {
	t.Parallel()
	s := openIn(t, "dash")
	kill(t, s.guard, unix.SIGKILL)
	s.WaitText("guard")
	s.gone("the screen", s.screen)
	s.gone("the shell", s.shell)
	s.wantCooked(unix.Termios{Iflag: s.Modes().Iflag, Oflag: s.Modes().Oflag})
	s.Type("echo $((40+2))\r")
	s.WaitText("42$")
}

func TestAShellThatWasStoppedFromOutsideIsContinued(t *testing.T) {
	t.Parallel()
	s := open(t, ptytest.Options{})
	kill(t, s.shell, unix.SIGSTOP)
	s.WaitText("by SIGSTOP")
	s.Type("c")
	s.line("echo $((40+2))")
	s.WaitText("^42$")

	kill(t, s.shell, unix.SIGSTOP)
	s.WaitText("by SIGSTOP")
	kill(t, s.shell, unix.SIGCONT) // by somebody else
	s.WaitScreen("the question to go", func(g *grid.Grid) bool { return !strings.Contains(g.Text(), "SIGSTOP") })
	s.line("echo $((50+2))")
	s.WaitText("^52$")

	kill(t, s.shell, unix.SIGSTOP)
	s.WaitText("by SIGSTOP")
	old := s.shell
	s.Type("n")
	s.gone("the old shell", old)
	s.find()
	s.line("echo $((60+2))")
	s.WaitText("^62$")
}

func TestAShellThatWasKilledIsReplaced(t *testing.T) {
	t.Parallel()
	s := open(t, ptytest.Options{})
	kill(t, s.shell, unix.SIGKILL)
	s.WaitText("killed by SIGKILL")
	s.Type("\x1b[200~q\r\x1b[201~") // pasted: no answer
	s.Type("n")
	s.find()
	s.line("echo $((40+2))")
	s.WaitText("^42$")
	kill(t, s.shell, unix.SIGKILL)
	s.WaitText("killed by SIGKILL")
	s.Type("q")
	if got := s.WaitExit(); got != 137 {
		t.Errorf("status %d, want 137", got)
	}
}

func TestAHangUpLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	s := open(t, ptytest.Options{})
	s.line("sleep 1000 & sleep 1001")
	s.WaitText(`sleep(.|\n)*sleep(.|\n)*live, from`)
	inside := append(children(s.shell), s.guard, s.screen, s.shell)
	s.Hangup()
	for _, pid := range inside {
		s.gone("a process", pid)
	}
}

func TestTheScreenSuspendsAndComesBack(t *testing.T) {
	t.Parallel()
	s := openIn(t, "bash")
	before := s.Transcript()
	s.Key(ptytest.F2)
	s.WaitText("MENU")
	s.Type("z")
	s.WaitText("Stopped")
	s.WaitState(s.guard, "T")
	s.WaitState(s.screen, "T")
	if strings.Count(s.Transcript(), "\x1b[?1049l") == strings.Count(before, "\x1b[?1049l") {
		t.Error("the alternate screen was not left")
	}
	s.WaitForegroundShell()
	s.Type("fg\r")
	s.WaitText("inner>$")
	s.line("echo $((40+2))")
	s.WaitText("^42$")
}

func TestSuspendInTheShellSuspendsTheScreen(t *testing.T) {
	t.Parallel()
	s := openIn(t, "bash")
	s.line("suspend")
	s.WaitText("Stopped")
	s.WaitState(s.screen, "T")
	s.WaitForegroundShell()
	s.Type("fg\r")
	s.line("echo $((40+2))")
	s.WaitText("^42$")
	s.line("exit")
	s.gone("the guard", s.guard)

	alone := open(t, ptytest.Options{})
	alone.line("suspend")
	alone.WaitText("no shell is above the screen")
}

func TestAScreenThatWasStoppedLeavesTheTerminalToTheShellAbove(t *testing.T) {
	t.Parallel()
	s := openIn(t, "bash")
	kill(t, s.screen, unix.SIGSTOP)
	s.WaitText("Stopped")
	s.WaitState(s.guard, "T")
	s.WaitForegroundShell()
	s.Type("fg\r")
	s.WaitText("inner>$")
	s.line("echo $((40+2))")
	s.WaitText("^42$")
}
