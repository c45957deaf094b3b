package front

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"jsh/companion"
	"jsh/ptytest"
	"jsh/screen/grid"
)

// watched is a rule for a jsh whose companion has a directory of its own. In the
// end the companion must be gone too.
func watched(t *testing.T, name string, f func(s *session, run string)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		run, err := os.MkdirTemp("", "jv") // short: a socket's path has 107 bytes
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.RemoveAll(run) })
		s := open(t, "jsh", ptytest.Options{Env: []string{"XDG_RUNTIME_DIR=" + run}})
		f(s, run)
		pid := companionOf(run)
		if s.Exited() || pid == 0 {
			return
		}
		s.Type("exit\rexit\r") // there may be stopped jobs
		s.WaitExit()
		s.WaitFor("the companion to end with the shell", func() bool { return gone(pid) })
	})
}

// companionOf is the pid of the companion whose socket is in a directory, 0 if
// there is none.
func companionOf(run string) int {
	names, _ := filepath.Glob(run + "/jsh/*.sock")
	for _, n := range names {
		pid, _ := strconv.Atoi(strings.TrimSuffix(filepath.Base(n), ".sock"))
		if !gone(pid) {
			return pid
		}
	}
	return 0
}

func gone(pid int) bool {
	p, ok := ptytest.Proc(pid)
	return !ok || p.Zombie()
}

// attach opens a viewer on a terminal of its own.
func attach(t *testing.T, run string, cols, rows int, words ...string) *ptytest.Term {
	t.Helper()
	return ptytest.Start(t, ptytest.Options{
		Argv: append([]string{ptytest.JSH(t), "viz", "--attach"}, words...), Cols: cols, Rows: rows,
		Env: []string{"XDG_RUNTIME_DIR=" + run}, Deadline: *deadline,
	})
}

func TestViz(t *testing.T) {
	watched(t, "viz draws, starts a companion in a session of its own, and says how to look", func(s *session, run string) {
		out := s.Run("viz")
		for _, want := range []string{"YOUR TERMINAL", "KEYBOARD", ` viz --attach ` + strconv.Itoa(s.Pid())} {
			if !strings.Contains(out, want) {
				s.t.Errorf("no %q in\n%s", want, out)
			}
		}
		pid := companionOf(run)
		p, ok := ptytest.Proc(pid)
		if !ok || p.Sid != pid || p.TTY != 0 || p.PPid == s.Pid() || p.Comm != "jsh: companion" {
			s.t.Errorf("the companion is %v", p)
		}
		s.Run("viz")
		if again := companionOf(run); again != pid {
			s.t.Errorf("the second viz has companion %d, the first %d", again, pid)
		}
		s.expect("jobs; wait; echo $?", "0")
		s.mention("env", "JSH_COMPANION="+run+"/jsh/"+strconv.Itoa(pid)+`\.sock`)
	})
	watched(t, "a shell that is not interactive, or a pipeline, starts no companion", func(s *session, run string) {
		s.Run(ptytest.JSH(s.t) + " -c viz")
		s.Run("viz | cat")
		s.mention("(record x)", ".*record: only an interactive shell.*")
		if pid := companionOf(run); pid != 0 {
			s.t.Errorf("companion %d", pid)
		}
		s.expect("viz --nosuch 2>/dev/null; echo $?", "2")
	})
	watched(t, "a viewer in another terminal sees jobs come, stop, go on and end", func(s *session, run string) {
		s.Run("viz")
		v := attach(s.t, run, 80, 24)
		v.WaitText(`YOUR TERMINAL pts/\d+ = session ` + strconv.Itoa(s.Pid()))
		s.Line("sleep 1000 | cat")
		pgid := s.WaitForegroundJob("cat")
		v.WaitText(strconv.Itoa(pgid) + ` sleep .*\n.* cat .*`)
		v.WaitText(`KEYBOARD`)
		s.stop("cat")
		v.WaitText(`stopped by SIGTSTP`)
		s.Line("fg")
		s.WaitForegroundJob("cat")
		v.WaitText(`line \d of \d: fg`)
		s.interrupt("cat")
		v.WaitText(`(?:killed|died).*SIGINT`)
		v.Type("q")
		if status := v.WaitExit(); status != 0 {
			s.t.Errorf("q: status %d", status)
		}
	})
	watched(t, "one goes back by command line and by event, and End is now", func(s *session, run string) {
		s.Run("viz")
		v := attach(s.t, run, 80, 24, strconv.Itoa(s.Pid()))
		s.Run("true first")
		s.Run("true second")
		v.WaitText(`line \d of \d: true second`)
		v.Type("\x1b[5~") // PgUp
		v.WaitText("LOOKING BACK: moment .* of `true first`")
		v.Type("\x1b[6~")
		v.WaitText("LOOKING BACK: moment .* of `true second`")
		v.Type("\x1b[H")
		v.WaitText("LOOKING BACK: moment 1 of")
		v.Type("\x1b[C")
		v.WaitText("LOOKING BACK: moment (?:2|1) of")
		v.Type("\x1b[F")
		v.WaitText("live, from")
		v.Type("?")
		v.WaitText("Any key ends this help")
		v.Type(" ")
		v.WaitText("live, from")
		v.Type("q")
		v.WaitExit()
	})
	watched(t, "the viewer fits a terminal of any size, plainly where it must, and ends with it", func(s *session, run string) {
		s.Run("viz")
		s.Run("sleep 1000 | cat &")
		v := ptytest.Start(s.t, ptytest.Options{Argv: []string{ptytest.JSH(s.t), "viz", "--attach"}, Cols: 60, Rows: 18,
			Env: []string{"XDG_RUNTIME_DIR=" + run, "NO_COLOR=1", "LC_ALL=C"}, Deadline: *deadline})
		v.WaitText(`\+- YOUR TERMINAL pts/\d+ = session ` + strconv.Itoa(s.Pid()))
		v.WaitText(`\| \d+ cat `)
		for _, size := range [][2]int{{80, 24}, {100, 30}, {160, 48}, {40, 10}, {1, 1}, {20, 5}, {60, 18}} {
			v.Resize(size[0], size[1])
			if size[0] >= 40 {
				v.WaitText(`[+]?- ?YOUR TERMINAL`)
			}
		}
		if strings.ContainsFunc(v.Screen(), func(r rune) bool { return r > '~' }) || grep(v.Transcript(), "\x1b\\[[0-9;]*[1-9][0-9;]*m") != "" {
			s.t.Errorf("not plain:\n%s", v.Screen())
		}
		v.Hangup()
		v.WaitExit()
		s.Run("kill %1")
	})
	watched(t, "a companion that is killed leaves the shell alone, and the next viz says so", func(s *session, run string) {
		s.Run("viz")
		v := attach(s.t, run, 60, 18)
		v.WaitText("YOUR TERMINAL")
		pid := companionOf(run)
		s.kill(pid, unix.SIGKILL)
		v.WaitText("viz: the companion has ended; the picture ends here")
		if status := v.WaitExit(); status != 1 {
			s.t.Errorf("the viewer's status is %d", status)
		}
		if v.Modes().Lflag&unix.ICANON == 0 {
			s.t.Error("the viewer left the terminal raw")
		}
		s.expect("echo still here", "still here")
		s.mention("viz", "The companion had ended.*")
		if again := companionOf(run); again == 0 || again == pid {
			s.t.Errorf("the companion is %d, after %d", again, pid)
		}
	})
	watched(t, "a stopped companion does not hold up the shell", func(s *session, run string) {
		s.Run("viz")
		pid := companionOf(run)
		s.kill(pid, unix.SIGSTOP)
		s.expect("i=0; while [ $i -lt 300 ]; do i=$((i+1)); sh -c :; done; echo $i", "300")
		s.kill(pid, unix.SIGCONT)
		s.expect("echo on", "on")
	})
	watched(t, "a shell within the shell tells the same companion", func(s *session, run string) {
		s.Run("viz")
		v := attach(s.t, run, 100, 30)
		v.WaitText("YOUR TERMINAL")
		s.Line(ptytest.JSH(s.t))
		s.WaitForegroundJob("jsh")
		s.WaitPrompt()
		s.Run("true inner")
		v.WaitText(`line \d of \d: true inner`)
		v.Type("q")
		v.WaitExit()
		s.Line("exit")
		s.WaitForegroundShell()
		s.WaitPrompt()
	})
}

func TestTheViewerGivesTheTerminalBack(t *testing.T) {
	ways := []struct {
		name string
		do   func(s *session, viewer ptytest.ProcInfo)
	}{
		{"q", func(s *session, _ ptytest.ProcInfo) { s.Type("q") }},
		{"^C", func(s *session, _ ptytest.ProcInfo) { s.Type("\x03") }},
		{"SIGTERM", func(s *session, p ptytest.ProcInfo) { s.kill(p.Pid, unix.SIGTERM) }},
		{"SIGHUP", func(s *session, p ptytest.ProcInfo) { s.kill(p.Pid, unix.SIGHUP) }},
		{"SIGINT", func(s *session, p ptytest.ProcInfo) { s.kill(p.Pid, unix.SIGINT) }},
		{"SIGQUIT", func(s *session, p ptytest.ProcInfo) { s.kill(p.Pid, unix.SIGQUIT) }},
		{"SIGKILL", func(s *session, p ptytest.ProcInfo) { s.kill(s.child(p.Pid), unix.SIGKILL) }},
		{"SIGKILL of its guard", func(s *session, p ptytest.ProcInfo) {
			v := s.child(p.Pid)
			s.kill(p.Pid, unix.SIGKILL)
			s.WaitGone(v)
			s.WaitScreen("what was there before", func(g *grid.Grid) bool { return strings.Contains(g.Text(), "echo before") })
			s.Key(ptytest.Enter) // the prompt came before that
		}},
		{"SIGSTOP, fg and q", func(s *session, p ptytest.ProcInfo) {
			s.kill(s.child(p.Pid), unix.SIGSTOP)
			s.resumeViewer(p)
		}},
		{"^Z, fg and q", func(s *session, p ptytest.ProcInfo) { s.suspendViewer("\x1a", p) }},
		{"SIGTSTP, fg and q", func(s *session, p ptytest.ProcInfo) { s.suspendViewer("", p) }},
	}
	for _, way := range ways {
		watched(t, way.name, func(s *session, run string) {
			s.Run("echo before")
			s.Line("viz --attach")
			s.WaitText("YOUR TERMINAL")
			pgid := s.WaitForegroundJob("jsh")
			p, _ := ptytest.Proc(pgid)
			s.WaitFor("the viewer's modes", func() bool { return s.Modes().Lflag&unix.ISIG == 0 })
			way.do(s, p)
			s.WaitForegroundShell()
			s.WaitPrompt()
			if !strings.Contains(s.Screen(), "echo before") || strings.Contains(s.Screen(), "YOUR TERMINAL") {
				s.t.Errorf("afterwards the screen is\n%s", s.Screen())
			}
			s.expect("stty -a | grep -c ' icanon\\| isig'", "1")
		})
	}
}

// suspendViewer stops the viewer by a key, or by a signal where that is "", and
// brings it back.
func (s *session) suspendViewer(key string, p ptytest.ProcInfo) {
	if key != "" {
		s.Type(key)
	} else {
		s.kill(p.Pid, unix.SIGTSTP)
	}
	s.resumeViewer(p)
}

// resumeViewer waits for the stop of the job and continues it.
func (s *session) resumeViewer(p ptytest.ProcInfo) {
	s.WaitState(p.Pid, "T")
	s.WaitForegroundShell()
	s.WaitPrompt()
	s.expect("echo between", "between")
	s.Line("fg")
	s.WaitForegroundJob("jsh")
	s.WaitScreen("the picture alone", func(g *grid.Grid) bool {
		return strings.Contains(g.Text(), "YOUR TERMINAL") && !strings.Contains(g.Text(), "between")
	})
	s.WaitFor("the viewer's modes", func() bool { return s.Modes().Lflag&unix.ISIG == 0 })
	s.Type("q")
}

func TestRecordAndReplay(t *testing.T) {
	watched(t, "what is recorded is read back: command lines and processes, no keystrokes", func(s *session, run string) {
		s.mention("record", "nothing is being recorded.*")
		s.Run("umask 0; record lesson")
		s.mention("record", "recording into lesson.*")
		s.Line("cat")
		s.WaitForegroundJob("cat")
		s.Type("secret\r")
		s.WaitText("secret\nsecret")
		s.stop("cat")
		s.Run("sh -c 'exit 3' | cat")
		s.match("record stop", `\d+ events are in lesson:.*`)
		var st unix.Stat_t
		if err := unix.Stat(s.Home()+"/lesson", &st); err != nil || st.Mode&0o777 != 0o600 {
			s.t.Errorf("mode %o, %v", st.Mode&0o777, err)
		}
		text, err := os.ReadFile(s.Home() + "/lesson")
		if err != nil || strings.Contains(string(text), "secret") {
			s.t.Errorf("%v; the recording is\n%s", err, text)
		}
		f, err := os.Open(s.Home() + "/lesson")
		if err != nil {
			s.t.Fatal(err)
		}
		defer f.Close()
		rec, err := companion.Read(f)
		if err != nil || rec.Damage != "" {
			s.t.Fatal(err, rec)
		}
		lines, stopped := "", false
		for at := rec.First(); !at.Live(); at = rec.Next(at) {
			m := rec.Moment(at)
			if !strings.HasSuffix(lines, m.Line+"\n") {
				lines += m.Line + "\n"
			}
			for p := range m.Tree.All {
				stopped = stopped || p.Name == "cat" && p.State == 'T'
			}
		}
		if !strings.Contains(lines, "cat\nsh -c 'exit 3' | cat\nrecord stop\n") || !stopped {
			s.t.Errorf("lines %q, a stopped cat: %v", lines, stopped)
		}
		s.Line("replay --step lesson")
		s.WaitText("LOOKING BACK: moment 1 of")
		s.Type("\x1b[F")
		s.WaitText("of `record stop`")
		s.Type("\x1b[5~")
		s.WaitText("of `sh -c 'exit 3' [|] cat`")
		s.Type("q")
		s.WaitForegroundShell()
		s.WaitPrompt()
		s.mention("timeline lesson", ".* exit 3.*")
	})
	watched(t, "a file that exists is asked about, and a link is refused", func(s *session, run string) {
		s.Run("echo mine > old; ln -s old link")
		s.Line("record old")
		s.WaitText("Write over it")
		s.Type("n\r")
		s.WaitText("left as it is")
		s.WaitPrompt()
		s.expect("cat old", "mine")
		s.mention("record link", ".*no ordinary file.*")
		s.mention("record /nosuch/file", `.*ENOENT.*`)
		s.Line("record old")
		s.WaitText("Write over it")
		s.Type("y\r")
		s.WaitPrompt()
		s.expect("stat -c %a old", "600")
		s.mention("record other", ".*being made already.*")
		s.mention("record stop", `\d+ events are in old.*`)
		s.mention("record stop", ".*nothing is being recorded")
	})
	watched(t, "what is no recording is refused, and one that is cut off is played as far as it goes", func(s *session, run string) {
		s.mention("echo nonsense > bad; replay bad", ".*this is no recording")
		s.mention("replay nosuch", ".*ENOENT.*")
		s.expect("replay 2>/dev/null; echo $?", "2")
		s.expect("replay --speed x f 2>/dev/null; echo $?", "2")
		s.Run("record whole; record stop")
		s.mention("replay whole", ".*nothing happened.*")
		s.Run("rm whole; record whole")
		s.Run("true")
		s.Run("record stop")
		s.Run("(cat whole; printf '{\"seq\":') > half")
		s.Line("replay --step half")
		s.WaitText("LOOKING BACK")
		s.Type("q")
		s.WaitText("What comes after that is not shown")
		s.WaitPrompt()
	})
}
