package trace_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"jsh/event"
	"jsh/ptytest"
)

// followed starts a shell whose jobs are followed, and recorded in the file rec.
func followed(t *testing.T, argv ...string) (term *ptytest.Term, rec string) {
	t.Helper()
	if argv == nil {
		argv = []string{ptytest.JSH(t), "--plain"}
	}
	term = ptytest.Start(t, ptytest.Options{Argv: argv})
	term.WaitPrompt()
	term.Run("record rec")
	if out := term.Run("trace-jobs on; trace-jobs"); !strings.Contains(out, "trace-jobs is on") {
		if strings.Contains(out, "EPERM") {
			t.Skip(out)
		}
		t.Fatal(out)
	}
	return term, filepath.Join(term.Home(), "rec")
}

func TestAllThatAShellStartsIsInTheLogWhereItsJobsAreFollowed(t *testing.T) {
	exe := program(t, "doublefork")
	term, rec := followed(t)
	n := max(5, *soak)
	term.Run(exe + " " + strconv.Itoa(n))
	whole := func(e *event.Event) bool { return e.Kind == event.Exited }
	term.WaitFor("the ends in the log", func() bool { return count(recorded(rec), whole) == 2*n+1 })
	events := recorded(rec)
	// The shell's fork is seen too; what is in between is the shell's own business.
	first := slices.IndexFunc(events, func(e event.Event) bool { return e.Kind == event.Exec && e.Path == exe })
	if first < 1 || events[first-1].Kind != event.Seen || events[first-1].PPid != term.Pid() {
		t.Fatalf("%v", events)
	}
	events[first].Kind = event.Seen
	exact(t, events[first:], n)
}

func TestJobControlOfAFollowedShellIsWhatItIs(t *testing.T) {
	term, rec := followed(t)
	term.Line("sleep 1000 | cat")
	cat := term.WaitForegroundJob("cat")
	term.Key(ptytest.CtrlZ)
	term.WaitText(`Stopped \(SIGTSTP\)`)
	term.WaitPrompt()
	term.Run("bg")
	term.Run("set -b")
	term.Line("cat &")
	term.WaitText(`Stopped \(SIGTTIN\)`)
	term.Line("")
	term.WaitPrompt()
	term.Run("kill -9 %2")
	term.Line("fg %1")
	term.WaitForegroundJob("cat")
	term.Key(ptytest.CtrlC)
	term.WaitPrompt()
	if out := term.Run("echo $?"); !strings.Contains(out, "130") {
		t.Error(out)
	}
	if out := term.Run("( exit 7 ); echo $?; x=$(echo sub); echo $x"); !strings.Contains(out, "7") || !strings.Contains(out, "sub") {
		t.Error(out)
	}
	stop := func(e *event.Event) bool { return e.Kind == event.Stopped && e.Sig == int(syscall.SIGTSTP) }
	killed := func(e *event.Event) bool { return e.Kind == event.Killed && e.Sig == int(syscall.SIGINT) }
	term.WaitFor("the story in the log", func() bool {
		events := recorded(rec)
		return count(events, stop) == 2 && count(events, killed) == 2
	})
	if count(recorded(rec), func(e *event.Event) bool { return e.Pid == term.Pid() }) > 0 {
		t.Error("the tracer tells of the shell itself")
	}
	_ = cat
	term.Line("kill -STOP $$")
	term.WaitFor("the shell to stop", func() bool { p, _ := ptytest.Proc(term.Pid()); return p.State == 'T' || p.State == 't' })
	syscall.Kill(term.Pid(), syscall.SIGCONT)
	term.WaitPrompt()
	if out := term.Run("trace-jobs off; trace-jobs; cat /proc/$$/status"); !strings.Contains(out, "is off") || !strings.Contains(out, "TracerPid:\t0") && !strings.Contains(out, "TracerPid: 0") {
		if !tracerless(out) {
			t.Error(out)
		}
	}
	term.Line("exit")
	if status := term.WaitExit(); status != 0 {
		t.Errorf("status %d", status)
	}
}

// tracerless reads TracerPid of a terminal's copy of /proc/PID/status.
func tracerless(screen string) bool {
	_, rest, ok := strings.Cut(screen, "TracerPid:")
	f := strings.Fields(rest)
	return ok && len(f) > 0 && f[0] == "0"
}

func TestAFollowedShellAndItsJobsOutliveTheTracerWheneverThatIsKilled(t *testing.T) {
	term, _ := followed(t)
	term.Run("sleep 1000 &")
	term.Line("sleep 1001")
	sleep := term.WaitForegroundJob("sleep")
	tracer := tracerPid(term.Pid())
	if tracer == 0 || tracerPid(sleep) != tracer {
		t.Fatalf("the shell is traced by %d, its job by %d", tracer, tracerPid(sleep))
	}
	if err := syscall.Kill(tracer, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	term.WaitFor("the tracer's end", func() bool { return tracerPid(sleep) == 0 && tracerPid(term.Pid()) == 0 })
	term.WaitGone(tracer) // its descriptors are closed when the last of its threads has ended
	term.Key(ptytest.CtrlZ)
	term.WaitText(`Stopped \(SIGTSTP\)`)
	term.WaitPrompt()
	if out := term.Run("trace-jobs; jobs"); !strings.Contains(out, "trace-jobs is off") || !strings.Contains(out, "Running") {
		t.Error(out)
	}
	if out := term.Run("trace-jobs on; trace-jobs; true; echo $?"); !strings.Contains(out, "is on") {
		t.Error(out)
	}
	term.Run("kill -9 %1 %2")
}

func TestADaemonOfAFollowedShellIsFollowedBeyondTheShellsEnd(t *testing.T) {
	exe := program(t, "daemon3")
	term, _ := followed(t)
	file := filepath.Join(term.Home(), "told")
	term.Run(exe + " " + file + " 1000")
	var f []string
	term.WaitFor("the daemon to tell", func() bool {
		b, _ := os.ReadFile(file)
		f = strings.Fields(string(b))
		return len(f) == 4
	})
	pid, _ := strconv.Atoi(f[0])
	defer syscall.Kill(pid, syscall.SIGKILL)
	term.Line("exit")
	if term.WaitExit() != 0 {
		t.Error("the shell's status is not 0")
	}
	tracer := tracerPid(pid)
	if tracer == 0 {
		t.Fatal("nobody follows it")
	}
	syscall.Kill(pid, syscall.SIGTERM)
	term.WaitFor("the tracer's end with the last process", func() bool { return syscall.Kill(tracer, 0) == syscall.ESRCH || zombie(tracer) })
}

func zombie(pid int) bool {
	p, ok := ptytest.Proc(pid)
	return !ok || p.Zombie()
}

func TestWhatNeedsItsPrivilegeOrTracesByItselfIsLetGo(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can make a set-user-ID program of another user")
	}
	if _, err := exec.LookPath("setpriv"); err != nil {
		t.Skip("setpriv is not installed")
	}
	dir := openDir(t)
	b, err := os.ReadFile("/usr/bin/id")
	if err != nil {
		t.Skip(err)
	}
	id := filepath.Join(dir, "id")
	if err := os.WriteFile(id, b, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Chmod(id, 0o4755); err != nil {
		t.Fatal(err)
	}
	if !readableToAll(id) {
		t.Skip("the temporary directory is closed to other users")
	}
	home := t.TempDir()
	os.Chmod(home, 0o777)
	term := ptytest.Start(t, ptytest.Options{Argv: []string{"setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", shared(t), "--plain"}})
	term.WaitPrompt()
	term.Run("cd " + home)
	term.Run("unset XDG_RUNTIME_DIR; record rec")
	if out := term.Run("trace-jobs on; trace-jobs"); !strings.Contains(out, "is on") {
		t.Skip(out)
	}
	if out := term.Run(id + " -u; echo status $?"); !strings.Contains(out, "0\n") || !strings.Contains(out, "status 0") {
		t.Errorf("it has lost its privilege: %s", out)
	}
	if out := term.Run("trace --print -o told true; echo status $?"); !strings.Contains(out, "status 0") {
		t.Errorf("trace does not work in a followed shell: %s", out)
	}
	if out := term.Run("id -u"); !strings.Contains(out, "65534") {
		t.Error(out)
	}
	term.WaitFor("the log to say that it was let go", func() bool { // the recorder writes beside the shell
		b, _ := os.ReadFile(filepath.Join(home, "rec"))
		return bytes.Contains(b, []byte("set-user-ID"))
	})
}

func TestWhoIsInAHurryIsLetGoAlsoAtACallThatIsTold(t *testing.T) {
	term, rec := followed(t)
	if out := term.Run(`sh -c 'i=0; while [ $i -lt 20000 ]; do cd /; i=$((i+1)); done; echo done'`); !strings.Contains(out, "done") {
		t.Error(out)
	}
	if out := term.Run("( exit 3 ); echo $?"); !strings.Contains(out, "3") { // the tracer serves others again
		t.Error(out)
	}
	term.WaitFor("the end", func() bool {
		return count(recorded(rec), func(e *event.Event) bool { return e.Kind == event.Exited }) >= 1
	})
}

func TestOfJshsOwnProgramsTheLogHasTheStepsAndNotTheRuntimesHandlers(t *testing.T) {
	term, rec := followed(t)
	term.Run("echo file = ticks >t.conf; tickd t.conf; kill $(cat t.pid)")
	term.WaitFor("the ends", func() bool {
		return count(recorded(rec), func(e *event.Event) bool { return e.Kind == event.Exited }) >= 3
	})
	events := recorded(rec)
	for prefix, want := range map[string]int{"setsid(": 1, "chdir(": 1, "umask(": 1, "sigaction(": 0} {
		if got := count(events, call(prefix)); got != want {
			t.Errorf("%s: %d, want %d", prefix, got, want)
		}
	}
}

func TestTheLabMeasuresInAFollowedShellWhatItMeasuresElsewhere(t *testing.T) {
	term, _ := followed(t)
	term.Run("daemonize --compare >table 2>&1")
	b, err := os.ReadFile(filepath.Join(term.Home(), "table"))
	if err != nil || bytes.Contains(b, []byte("stopped by a signal")) || !bytes.Contains(b, []byte("reset-signals")) {
		t.Errorf("%v: %s", err, b)
	}
}

func TestAProgramInAHurryIsNotHeldUp(t *testing.T) {
	term, rec := followed(t)
	const n = 300_000
	if out := term.Run("dd if=/dev/zero of=/dev/null bs=1 count=" + strconv.Itoa(n) + " 2>/dev/null; echo status $?"); !strings.Contains(out, "status 0") {
		t.Error(out)
	}
	gap := func(e *event.Event) bool { return e.Kind == event.Gap && strings.Contains(e.Text, "so many calls") }
	term.WaitFor("the note in the log and the end", func() bool {
		events := recorded(rec)
		return count(events, gap) == 1 && count(events, func(e *event.Event) bool { return e.Kind == event.Exited }) == 1
	})
}

func TestAFloodOfStopKeysHangsNoStartOfAFollowedShell(t *testing.T) {
	term, _ := followed(t)
	stop, done := make(chan struct{}), make(chan struct{})
	pid := term.Pid()
	go func() { // ^Z as the terminal sends it: to whoever has the keyboard
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
				if fg := term.Foreground(); fg != pid && fg > 0 {
					syscall.Kill(-fg, syscall.SIGTSTP)
				}
			}
		}
	}()
	for range max(30, *soak) {
		term.Run("/bin/true | /bin/true")
	}
	close(stop)
	<-done
	term.Run("for g in $(jobs -p); do kill -9 -- -$g; done; wait")
	if out := term.Run("( exit 3 ); echo $?"); !strings.Contains(out, "3") {
		t.Error(out)
	}
}

func TestAProcessWithThreadsThatKillsItselfHangsNobody(t *testing.T) {
	term, rec := followed(t)
	term.Line(ptytest.JSH(t) + " --plain -i")
	inner := term.WaitForegroundJob("jsh")
	term.WaitPrompt()
	term.Run("sleep 1000 &")
	term.Run("kill -STOP $!")
	stopped := func(e *event.Event) bool { return e.Kind == event.Stopped && e.Sig == int(syscall.SIGSTOP) }
	term.WaitFor("the stop", func() bool { return count(recorded(rec), stopped) == 1 })
	term.Line("kill -KILL $$")
	term.WaitGone(inner)
	term.WaitForegroundShell()
	// The job's group was stopped and is orphaned now: SIGHUP and SIGCONT.
	hung := func(e *event.Event) bool { return e.Kind == event.Killed && e.Sig == int(syscall.SIGHUP) }
	term.WaitFor("the end of what was stopped", func() bool { return count(recorded(rec), hung) == 1 })
	if out := term.Run("( exit 3 ); echo $?"); !strings.Contains(out, "3") {
		t.Error(out)
	}
}
