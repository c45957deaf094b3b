package front

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"jsh/ptytest"
)

var deadline = flag.Duration("deadline", 20*time.Second, "how long one wait of a test may take")

func TestMain(m *testing.M) { ptytest.Main(m) }

// The shells that a rule is asked of. Where another shell answers otherwise,
// the rule says so, with the section of POSIX.1-2024 that decides.
var (
	onlyJsh = []string{"jsh"}
	bashToo = []string{"jsh", "bash"}
	all     = []string{"jsh", "bash", "dash"}
)

// session is one interactive shell on a terminal of its own.
type session struct {
	*ptytest.Term
	t     *testing.T
	shell string // jsh, bash or dash
}

func (s *session) jsh() bool  { return s.shell == "jsh" }
func (s *session) dash() bool { return s.shell == "dash" }

// rule runs a test named after a rule in each of the shells, each time on a
// new terminal.
func rule(t *testing.T, name string, shells []string, f func(s *session)) {
	t.Helper()
	ruleOn(t, name, shells, ptytest.Options{}, f)
}

func ruleOn(t *testing.T, name string, shells []string, o ptytest.Options, f func(s *session)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		ptytest.EachShell(t, shells, func(t *testing.T, sh ptytest.Shell) {
			f(open(t, sh.Name, o))
		})
	})
}

// open starts a shell and waits for its first prompt.
func open(t *testing.T, shell string, o ptytest.Options) *session {
	t.Helper()
	if o.Argv == nil {
		o.Argv = ptytest.FindShell(t, shell).Argv
	}
	o.Deadline = *deadline
	if shell != "jsh" {
		// dash does not hang up its jobs, bash not the stopped ones of each kind.
		o.MayStay = func(ptytest.ProcInfo) bool { return true }
	}
	s := &session{ptytest.Start(t, o), t, shell}
	s.WaitPrompt()
	return s
}

// expect runs a command line and compares all that it wrote.
func (s *session) expect(line, want string) {
	s.t.Helper()
	if got := s.Run(line); got != want {
		s.t.Errorf("%s: %s\nwrote %q\nwant  %q", s.shell, line, got, want)
	}
}

// match runs a command line and matches all that it wrote.
func (s *session) match(line, want string) []string {
	s.t.Helper()
	got := s.Run(line)
	m := regexp.MustCompile(`(?s)^(?:` + want + `)$`).FindStringSubmatch(got)
	if m == nil {
		s.t.Fatalf("%s: %s\nwrote %q\nwant a match of %q", s.shell, line, got, want)
	}
	return m
}

// mention runs a command line and finds a line that matches in what it wrote.
func (s *session) mention(line, want string) []string {
	s.t.Helper()
	got := s.Run(line)
	m := regexp.MustCompile(`(?m)^(?:` + want + `)$`).FindStringSubmatch(got)
	if m == nil {
		s.t.Fatalf("%s: %s\nwrote %q\nwant a line that matches %q", s.shell, line, got, want)
	}
	return m
}

// stop presses ^Z when comm runs in the foreground, and waits for the prompt.
// It returns comm's process group.
func (s *session) stop(comm string) int {
	s.t.Helper()
	pgid := s.WaitForegroundJob(comm)
	s.waitExec(pgid)
	s.Key(ptytest.CtrlZ)
	s.WaitPrompt()
	return pgid
}

// interrupt presses ^C when comm runs in the foreground, and waits for the
// prompt.
func (s *session) interrupt(comm string) int {
	s.t.Helper()
	pgid := s.WaitForegroundJob(comm)
	s.waitExec(pgid)
	s.Key(ptytest.CtrlC)
	s.WaitPrompt()
	return pgid
}

// waitExec waits until every process of a group is past its exec, or is a
// subshell that waits for another one. Before that the children of bash and
// dash have the shell's dispositions, and a key's signal can be lost.
func (s *session) waitExec(pgid int) {
	s.t.Helper()
	s.WaitFor("every process past its exec", func() bool {
		return !slices.ContainsFunc(s.living(pgid), func(p ptytest.ProcInfo) bool {
			if p.Comm != s.shell {
				return false
			}
			call := systemCall(p.Pid)
			return len(call) == 0 || call[0] != "61" && call[0] != "130"
		})
	})
}

// groupOf waits until the session has a process of that name, and returns its
// process group.
func (s *session) groupOf(comm string) int {
	s.t.Helper()
	return s.find(comm).Pgid
}

// find waits until the session has a living process of that name.
func (s *session) find(comm string) (found ptytest.ProcInfo) {
	s.t.Helper()
	s.WaitFor("a process "+comm, func() bool {
		for _, p := range s.Session() {
			if p.Comm == comm && !p.Zombie() {
				found = p
				return true
			}
		}
		return false
	})
	return found
}

// waitGroup waits until the processes of a group have these names, in the
// order of their pids, and returns them.
func (s *session) waitGroup(pgid int, comms ...string) (ps []ptytest.ProcInfo) {
	s.t.Helper()
	slices.Sort(comms)
	s.WaitFor(fmt.Sprintf("group %d to be %v", pgid, comms), func() bool {
		ps = s.living(pgid)
		var names []string
		for _, p := range ps {
			names = append(names, p.Comm)
		}
		slices.Sort(names)
		return slices.Equal(names, comms)
	})
	return ps
}

// living are the processes of a group that are no zombies.
func (s *session) living(pgid int) []ptytest.ProcInfo {
	return slices.DeleteFunc(s.Group(pgid), ptytest.ProcInfo.Zombie)
}

// waitStopped waits until every process of a group is stopped.
func (s *session) waitStopped(pgid int) {
	s.t.Helper()
	s.WaitFor(fmt.Sprintf("group %d to be stopped", pgid), func() bool {
		ps := s.living(pgid)
		return len(ps) > 0 && !slices.ContainsFunc(ps, func(p ptytest.ProcInfo) bool { return !threadsStopped(p.Pid) })
	})
}

// waitRunning waits until no process of a group is stopped.
func (s *session) waitRunning(pgid int) {
	s.t.Helper()
	s.WaitFor(fmt.Sprintf("group %d to run", pgid), func() bool {
		ps := s.living(pgid)
		return len(ps) > 0 && !slices.ContainsFunc(ps, ptytest.ProcInfo.Stopped)
	})
}

// waitNoGroup waits until a group has no living process.
func (s *session) waitNoGroup(pgid int) {
	s.t.Helper()
	s.WaitFor(fmt.Sprintf("the end of group %d", pgid), func() bool { return len(s.living(pgid)) == 0 })
}

// background starts a job with & and returns its process group.
func (s *session) background(line string) int {
	s.t.Helper()
	m := s.match(line, `(?:\[\d+\] (\d+))?.*`)
	pid, _ := strconv.Atoi(m[1])
	if pid == 0 { // dash tells nothing
		pid, _ = strconv.Atoi(grep(s.Run("echo $!"), `^\d+$`))
	}
	p, ok := ptytest.Proc(pid)
	if !ok {
		s.t.Fatalf("%s: %s: process %d is gone", s.shell, line, pid)
	}
	return p.Pgid
}

// kill sends a signal from outside.
func (s *session) kill(pid int, sig syscall.Signal) {
	s.t.Helper()
	if err := unix.Kill(pid, sig); err != nil {
		s.t.Fatalf("kill %d %v: %v", pid, sig, err)
	}
}

// noneLeft checks that nothing but the shell is left in the session: no
// process, no zombie, and the terminal is the shell's.
func (s *session) noneLeft() {
	s.t.Helper()
	s.WaitFor("nothing but the shell in the session", func() bool {
		ps := s.Session()
		return len(ps) == 1 && ps[0].Pid == s.Pid() && s.Foreground() == s.Pid()
	})
}

// stoppedLine is how each shell tells of a stopped job; sig is SIGTSTP or
// another stop signal. jsh names the signal as POSIX wants it (jobs, STDOUT);
// dash and bash say only Stopped for SIGTSTP.
func (s *session) stoppedLine(job int, mark, sig, text string) string {
	switch s.shell {
	case "jsh":
		return fmt.Sprintf(`\[%d\]%s +Stopped \(%s\) +%s`, job, regexp.QuoteMeta(mark), sig, text)
	}
	return fmt.Sprintf(`\[%d\] ?%s +(?:Stopped|Suspended)(?: ?\(.*?\))? +%s`, job, regexp.QuoteMeta(mark), text)
}

// grep returns the first match in the text, "" if there is none.
func grep(text, re string) string { return regexp.MustCompile("(?m)" + re).FindString(text) }

// waitInWait waits until the shell itself, not a job of it, is blocked in the
// system call by which its wait builtin waits (proc_pid_syscall(5)): for jsh
// ppoll(2), with the terminal not in the line editor's modes.
func (s *session) waitInWait() {
	s.t.Helper()
	s.WaitForegroundShell()
	s.WaitFor("the shell to be in wait", func() bool {
		// The modes first: while the line editor reads, the shell sits in the same call.
		cooked := s.Modes().Lflag&unix.ICANON != 0
		call := systemCall(s.Pid())
		if s.jsh() {
			return cooked && len(call) > 2 && call[0] == "271" && call[2] == "0x2"
		}
		return len(call) > 0 && (call[0] == "61" || call[0] == "130")
	})
}

// systemCall is the number and the arguments of the system call that the main
// thread of a process is blocked in.
func systemCall(pid int) []string {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/syscall", pid))
	return strings.Fields(string(b))
}
