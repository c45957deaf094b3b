package front

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"jsh/ptytest"
)

// whyAnswer is an answer of why --json.
type whyAnswer struct {
	Pid, Job int
	Head     string
	Claims   []struct{ Key, Text, Source string }
	Type     []struct{ Command, Effect string }
}

// why asks the shell's own why.
func (s *session) why(operand string) []whyAnswer {
	s.t.Helper()
	os.Remove(filepath.Join(s.Home(), "why.json"))
	if got := s.Run("why --json " + operand + " >why.json"); strings.Contains(got, "jsh:") {
		s.t.Fatalf("why %s wrote %q", operand, got)
	}
	text, err := os.ReadFile(filepath.Join(s.Home(), "why.json"))
	if err != nil {
		s.t.Fatal(err)
	}
	return parseWhy(s.t, text)
}

// whyOutside asks jsh why from no terminal at all.
func (s *session) whyOutside(pid int) []whyAnswer {
	s.t.Helper()
	text, err := exec.Command(ptytest.JSH(s.t), "why", "--json", strconv.Itoa(pid)).Output()
	if err != nil {
		s.t.Fatal(err)
	}
	return parseWhy(s.t, text)
}

func parseWhy(t *testing.T, text []byte) (as []whyAnswer) {
	t.Helper()
	if err := json.Unmarshal(text, &as); err != nil || len(as) == 0 {
		t.Fatalf("%v: %s", err, text)
	}
	for _, a := range as {
		for _, c := range a.Claims {
			if c.Source == "" || c.Text == "" || c.Key == "" {
				t.Errorf("a claim lacks its source or text: %+v", c)
			}
		}
	}
	return as
}

// claims checks that an answer has these keys; one that begins with ! must not
// be there; one that begins with $ is a command that it must offer; of two with
// a slash between them one must be there.
func (s *session) claims(a whyAnswer, keys string) {
	s.t.Helper()
	var have, offered []string
	for _, c := range a.Claims {
		have = append(have, c.Key)
	}
	for _, c := range a.Type {
		offered = append(offered, c.Command)
	}
	for key := range strings.SplitSeq(keys, ",") {
		key = strings.TrimSpace(key)
		one, other, _ := strings.Cut(key, "/")
		ok := slices.Contains(have, one) || other != "" && slices.Contains(have, other)
		switch key[0] {
		case '!':
			ok = !slices.Contains(have, key[1:])
		case '$':
			ok = slices.Contains(offered, key[1:])
		}
		if !ok {
			s.t.Errorf("%s: want %s, have %v and the commands %v", a.Head, key, have, offered)
		}
	}
}

// plight compiles the program that gets into the states that no other program
// gets into on demand.
var plight = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "jshtest-plight-")
	if err != nil {
		return "", err
	}
	source := filepath.Join(dir, "plight.c")
	if err := os.WriteFile(source, []byte(plightSource), 0o600); err != nil {
		return "", err
	}
	_, err = exec.Command("gcc", "-o", filepath.Join(dir, "plight"), source).CombinedOutput()
	return dir, err
})

const plightSource = `
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>
static void nothing(int s) {}
int main(int argc, char **argv) {
	char *m = argv[1], c;
	int p[2];
	sigset_t set;
	sigemptyset(&set); sigaddset(&set, SIGINT);
	if (!strcmp(m, "block")) sigprocmask(SIG_BLOCK, &set, 0);
	if (!strcmp(m, "catch")) { signal(SIGINT, nothing); signal(SIGTERM, nothing); }
	if (!strcmp(m, "ignore")) signal(SIGINT, SIG_IGN);
	if (!strcmp(m, "zombie") && fork() == 0) _exit(3);
	if (!strcmp(m, "zombie-chld")) { signal(SIGCHLD, nothing); if (fork() == 0) { signal(SIGCHLD, SIG_DFL); _exit(3); } }
	if (!strcmp(m, "vfork") && vfork() == 0) { pause(); _exit(0); }
	if (!strcmp(m, "lock")) {
		int fd = open(argv[2], O_CREAT | O_RDWR, 0600);
		flock(fd, LOCK_EX);
	}
	if (!strcmp(m, "ownpipe")) { pipe(p); read(p[0], &c, 1); }
	if (!strcmp(m, "fill")) { for (;;) write(1, m, 1); }
	if (!strcmp(m, "traced")) { pid_t k = fork();
		if (k == 0) { pause(); _exit(0); }
		ptrace(PTRACE_SEIZE, k, 0, 0); ptrace(PTRACE_INTERRUPT, k, 0, 0); waitpid(k, 0, __WALL); }
	if (!strcmp(m, "spin")) for (;;) ;
	if (!strcmp(m, "orphan") ) { if (fork() == 0) { pause(); _exit(0); } _exit(0); }
	if (!strcmp(m, "segv")) raise(SIGSEGV);
	if (!strcmp(m, "abort")) abort();
	for (;;) pause();
}
`

// situation is one thing that puzzles learners, made to happen.
type situation struct {
	name string
	make func(s *session) (answers []whyAnswer)
	want string
}

// job makes a situation of a background command line, asked about as %1 when
// ready holds of the process named comm.
func asJob(line, comm string, ready func(s *session, pid int)) func(s *session) []whyAnswer {
	return func(s *session) []whyAnswer {
		s.Run(line)
		pid := s.find(comm).Pid
		if ready != nil {
			ready(s, pid)
		}
		return s.why("%1")
	}
}

func inState(states string) func(s *session, pid int) {
	return func(s *session, pid int) { s.WaitState(pid, states) }
}

// inCall waits until the process sleeps in a system call.
func inCall(names ...int) func(s *session, pid int) {
	return func(s *session, pid int) {
		s.WaitFor("the system call", func() bool {
			c := systemCall(pid)
			if len(c) == 0 {
				return false
			}
			n, err := strconv.Atoi(c[0])
			return err == nil && slices.Contains(names, n)
		})
	}
}

// sysPause is pause(2)'s number on amd64; arm64 has only ppoll.
const sysPause = 34

var (
	inPause = inCall(sysPause, unix.SYS_PPOLL)
	inSleep = inCall(unix.SYS_NANOSLEEP, unix.SYS_CLOCK_NANOSLEEP)
)

// child waits for a process with that parent, and returns its pid.
func (s *session) child(parent int) (pid int) {
	s.WaitFor("a child", func() bool {
		for _, p := range s.Session() {
			if p.PPid == parent {
				pid = p.Pid
				return true
			}
		}
		return false
	})
	return pid
}

var situations = []situation{
	{"a background read of the terminal", asJob("cat &", "cat", inState("T")),
		"stopped-ttin, call, other-group, $fg %1, $kill -KILL %1"},
	{"a background write with stty tostop", func(s *session) []whyAnswer {
		s.Run("stty tostop")
		s.Run("sh -c 'echo hello; sleep 9' &")
		s.waitStopped(s.find("sh").Pgid)
		return s.why("%1")
	}, "stopped-ttou-write, $fg %1, $stty -tostop"},
	{"a background change of the terminal's modes", asJob("stty -echo &", "stty", inState("T")),
		"stopped-ttou-modes, $fg %1"},
	{"^Z", func(s *session) []whyAnswer {
		s.Line("sleep 1000 | cat")
		s.WaitForegroundJob("cat")
		s.waitStopped(s.stop("cat"))
		return s.why("")
	}, "stopped-key, stopped-with, $fg %1, $bg %1"},
	{"kill -STOP by the learner", func(s *session) []whyAnswer {
		s.Run("sleep 1000 &")
		s.Run("kill -STOP %1")
		s.waitStopped(s.find("sleep").Pgid)
		return s.why("%1")
	}, "stopped-sent, stop-always, $fg %1"},
	{"SIGTSTP from somebody else", func(s *session) []whyAnswer {
		s.Run("sleep 1000 &")
		p := s.find("sleep")
		s.kill(p.Pid, syscall.SIGTSTP)
		s.waitStopped(p.Pgid)
		s.Run(":")
		return s.why("%1")
	}, "stopped-tstp, !stopped-sent"},
	{"SIGSTOP from somebody else", func(s *session) []whyAnswer {
		s.Run("sleep 1000 &")
		p := s.find("sleep")
		s.kill(p.Pid, syscall.SIGSTOP)
		s.waitStopped(p.Pgid)
		s.Run(":")
		return s.why("%1")
	}, "stopped-stop"},
	{"a tracer holds it", func(s *session) []whyAnswer {
		s.Run("plight traced &")
		pid := s.child(s.find("plight").Pid)
		s.WaitState(pid, "t")
		return s.why(strconv.Itoa(pid))
	}, "traced"},
	{"SIGINT is ignored", asJob("plight ignore &", "plight", inPause), "int-ignored, other-group, waits-signal"},
	{"SIGINT is ignored by nohup's cousin, trap", func(s *session) []whyAnswer {
		s.Run(`sh -c 'trap "" INT; sleep 1000; :' &`)
		s.find("sleep")
		inCall(unix.SYS_WAIT4)(s, s.find("sh").Pid)
		return s.why("%1")
	}, "waits-child, int-ignored"},
	{"SIGINT is blocked", asJob("plight block &", "plight", inPause), "int-blocked"},
	{"SIGINT waits in a process that blocks it", func(s *session) []whyAnswer {
		s.Run("plight block &")
		inPause(s, s.find("plight").Pid)
		s.Run("kill -INT %1")
		return s.why("%1")
	}, "int-blocked, pending"},
	{"SIGINT is handled", asJob("plight catch &", "plight", inPause), "int-caught, $kill -KILL %1"},
	{"SIGTERM was sent and is handled", func(s *session) []whyAnswer {
		s.Run("plight catch &")
		inPause(s, s.find("plight").Pid)
		s.Run("kill %1")
		return s.why("%1")
	}, "sent-caught, $kill -KILL %1"},
	{"a signal to a stopped process", func(s *session) []whyAnswer {
		s.Run("sleep 1000 &")
		p := s.find("sleep")
		s.Run("kill -STOP %1")
		s.waitStopped(p.Pgid)
		s.kill(p.Pid, syscall.SIGTERM)
		return s.why("%1")
	}, "stopped-sent, pending"},
	{"^C goes to the foreground group", asJob("sleep 1000 &", "sleep", inSleep), "other-group, sleeps, $kill %1"},
	{"another session, without a terminal", func(s *session) []whyAnswer {
		s.Run("setsid sh -c 'echo $$ >pid; exec sleep 1000' &")
		var pid int
		s.WaitFor("sleep in a session of its own", func() bool {
			b, _ := os.ReadFile(filepath.Join(s.Home(), "pid"))
			pid, _ = strconv.Atoi(strings.TrimSpace(string(b)))
			return pid > 0
		})
		return s.why(strconv.Itoa(pid))
	}, "no-terminal, leads-session"},
	{"the terminal's ISIG is off", func(s *session) []whyAnswer {
		s.Line("stty -isig; sleep 1000")
		pid := s.WaitForegroundJob("sleep")
		s.waitExec(pid)
		a := s.whyOutside(pid)
		s.kill(pid, syscall.SIGTERM)
		s.WaitPrompt()
		return a
	}, "isig-off"},
	{"a stopped program that had made the terminal raw", func(s *session) []whyAnswer {
		s.Line("sh -c 'stty raw; kill -STOP $$'")
		s.WaitPrompt()
		return s.why("%1")
	}, "isig-off, other-group, stopped-stop"},
	{"it has the keyboard and waits for a line", func(s *session) []whyAnswer {
		s.Line("cat")
		pid := s.WaitForegroundJob("cat")
		inCall(unix.SYS_READ)(s, pid)
		a := s.whyOutside(pid)
		s.Key(ptytest.CtrlC)
		s.WaitPrompt()
		return a
	}, "reads-tty, other-session, int-works"},
	{"a zombie whose parent does not wait", func(s *session) []whyAnswer {
		s.Run("plight zombie &")
		parent := s.find("plight").Pid
		inPause(s, parent)
		pid := s.child(parent)
		s.WaitState(pid, "Z")
		return s.why(strconv.Itoa(pid))
	}, "zombie, parent-no-wait, parent-busy"},
	{"a zombie whose parent has a handler", func(s *session) []whyAnswer {
		s.Run("plight zombie-chld &")
		parent := s.find("plight").Pid
		inPause(s, parent)
		pid := s.child(parent)
		s.WaitState(pid, "Z")
		a := s.why(strconv.Itoa(pid))
		s.claims(a[0], "$kill -CHLD "+strconv.Itoa(parent)+", $kill "+strconv.Itoa(parent))
		return a
	}, "parent-no-wait"},
	{"a zombie whose parent is stopped", func(s *session) []whyAnswer {
		s.Run("plight zombie &")
		p := s.find("plight")
		inPause(s, p.Pid)
		pid := s.child(p.Pid)
		s.WaitState(pid, "Z")
		s.kill(p.Pid, syscall.SIGSTOP)
		s.WaitState(p.Pid, "T")
		a := s.why(strconv.Itoa(pid))
		s.claims(a[0], "$kill -CONT "+strconv.Itoa(p.Pid))
		return a
	}, "parent-no-wait, parent-stopped"},
	{"an orphan that was adopted", func(s *session) []whyAnswer {
		s.Run("plight orphan")
		p := s.find("plight")
		s.WaitFor("the adoption", func() bool {
			q, ok := ptytest.Proc(p.Pid)
			return ok && q.PPid != s.Pid() && q.PPid != p.PPid || q.PPid == 1
		})
		return s.why(strconv.Itoa(p.Pid))
	}, "orphaned-group, adopted-init/adopted-subreaper"},
	{"a reader of a pipe, with its writer", func(s *session) []whyAnswer {
		s.Run("sleep 1000 | cat &")
		p := s.find("cat")
		inCall(unix.SYS_READ)(s, p.Pid)
		a := s.why(strconv.Itoa(p.Pid))
		if !strings.Contains(a[0].Claims[0].Text, strconv.Itoa(p.Pgid)+" (sleep)") {
			s.t.Errorf("the writer is not named: %+v", a[0].Claims[0])
		}
		return a
	}, "reads-pipe"},
	{"a pipeline as a whole", func(s *session) []whyAnswer {
		s.Run("sleep 1000 | cat &")
		inCall(unix.SYS_READ)(s, s.find("cat").Pid)
		inSleep(s, s.find("sleep").Pid)
		a := s.why("%1")
		if len(a) != 2 {
			s.t.Fatalf("%d answers for two processes", len(a))
		}
		s.claims(a[1], "reads-pipe")
		return a
	}, "sleeps"},
	{"a writer to a full pipe", func(s *session) []whyAnswer {
		s.Run("plight fill | sleep 1000 &")
		pid := s.find("plight").Pid
		inCall(unix.SYS_WRITE)(s, pid)
		return s.why(strconv.Itoa(pid))
	}, "writes-pipe"},
	{"a reader that holds the writing end itself", asJob("plight ownpipe &", "plight", inCall(unix.SYS_READ)), "reads-pipe, own-writer"},
	{"a FIFO without another end", func(s *session) []whyAnswer {
		s.Run("mkfifo gate")
		s.Run("cat gate &")
		pid := s.find("cat").Pid
		inCall(unix.SYS_OPENAT)(s, pid)
		return s.why("%1")
	}, "opens-fifo"},
	{"a shell that waits for its child", func(s *session) []whyAnswer {
		s.Run("sh -c 'sleep 1000; :' &")
		s.find("sleep")
		inCall(unix.SYS_WAIT4)(s, s.find("sh").Pid)
		return s.why("%1")
	}, "waits-child"},
	{"a lock that another one holds", func(s *session) []whyAnswer {
		s.Run("plight lock L &")
		inPause(s, s.find("plight").Pid)
		s.Run("flock L true &")
		pid := s.find("flock").Pid
		inCall(unix.SYS_FLOCK)(s, pid)
		a := s.why("%2")
		if !strings.Contains(a[0].Claims[0].Text, "(plight)") {
			s.t.Errorf("the holder is not named: %+v", a[0].Claims[0])
		}
		return a
	}, "waits-lock"},
	{"a parent in vfork, in an uninterruptible sleep", asJob("plight vfork &", "plight", func(s *session, pid int) { s.WaitState(s.child(s.Pid()), "DS") }), "waits-vfork"},
	{"a program that runs", asJob("plight spin &", "plight", inState("R")), "runs, other-group"},
	{"a program file that was removed", func(s *session) []whyAnswer {
		s.Run("cp $(command -v sleep) nap")
		s.Run("./nap 1000 &")
		pid := s.find("nap").Pid
		inSleep(s, pid)
		s.Run("rm nap")
		return s.why(strconv.Itoa(pid))
	}, "exe-deleted, sleeps"},
	{"^C ended it", func(s *session) []whyAnswer {
		s.Line("sleep 1000")
		s.interrupt("sleep")
		return s.why("")
	}, "killed-key"},
	{"kill ended it", func(s *session) []whyAnswer {
		s.Run("sleep 1000 &")
		pid := s.find("sleep").Pid
		s.Run("kill %1")
		s.WaitGone(pid)
		return s.why("")
	}, "killed-sent"},
	{"SIGKILL from somebody else ended it", func(s *session) []whyAnswer {
		s.Run("sleep 1000 &")
		pid := s.find("sleep").Pid
		s.kill(pid, syscall.SIGKILL)
		s.WaitGone(pid)
		return s.why("")
	}, "killed-kill"},
	{"it wrote to a pipe that nobody reads", func(s *session) []whyAnswer {
		s.Run("yes | true")
		return s.why("")
	}, "killed-pipe"},
	{"a bug ended it", func(s *session) []whyAnswer {
		s.Run("ulimit -c 0; plight abort")
		return s.why("")
	}, "killed-abort"},
	{"it ended by itself", func(s *session) []whyAnswer {
		s.Run("sh -c 'exit 3' & wait $!; x=$!")
		return s.why("$x")
	}, "exited"},
	{"there never was such a process", func(s *session) []whyAnswer {
		b, _ := os.ReadFile("/proc/sys/kernel/pid_max")
		return s.why(strings.TrimSpace(string(b)))
	}, "no-process"},
}

func TestWhyTellsTheCauseOfWhatReallyHappened(t *testing.T) {
	dir, err := plight()
	if err != nil {
		t.Skipf("the program of the test does not compile (gcc): %v", err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	for _, w := range situations {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, "jsh", ptytest.Options{Env: []string{"PATH=" + dir + ":" + os.Getenv("PATH")},
				MayStay: func(ptytest.ProcInfo) bool { return true }})
			s.claims(w.make(s)[0], w.want)
		})
	}
}

func TestAPuzzlingStopOffersWhyOnceForEachKind(t *testing.T) {
	t.Parallel()
	s := open(t, "jsh", ptytest.Options{})
	stop := func() string {
		s.Run("cat &")
		s.WaitState(s.find("cat").Pid, "T")
		text := s.Run(":") + s.Run(":") // the notice stands before one of the prompts
		s.Run("kill -KILL %1; wait")
		s.noneLeft()
		return text
	}
	if got := stop(); strings.Count(got+s.Screen(), "    type why") == 0 {
		t.Errorf("no offer: %q\n%s", got, s.Screen())
	}
	before := strings.Count(s.Transcript(), "type why")
	stop()
	if after := strings.Count(s.Transcript(), "type why"); after != before || after != 1 {
		t.Errorf("offered %d times, then %d", before, after)
	}
	plain := open(t, "jsh", ptytest.Options{Env: []string{"NO_COLOR=1"}})
	plain.Run("cat &")
	plain.WaitState(plain.find("cat").Pid, "T")
	plain.Run(":")
	plain.Run(":")
	if strings.Contains(plain.Transcript(), "type why") {
		t.Error("offered where it cannot be dim")
	}
}

// has asserts that an answer makes a claim, and returns its text.
func (a *whyAnswer) has(t *testing.T, key string) string {
	t.Helper()
	for _, c := range a.Claims {
		if c.Key == key {
			return c.Text
		}
	}
	t.Errorf("no claim %s in %+v", key, a)
	return ""
}

func TestWhyKnowsOfTheCompanionWhatTheShellDidNotSee(t *testing.T) {
	s := open(t, "jsh", ptytest.Options{})
	s.Run("record rec")
	if out := s.Run("trace-jobs on; trace-jobs"); !strings.Contains(out, "is on") {
		t.Skip("nothing can be traced here: " + out)
	}
	// A daemon: its parent has ended, its sleep is nobody's whom this shell knows.
	s.Run(`sh -c '(sleep 1000 & echo $! >pid; exit 3); exit 4'`)
	b, err := os.ReadFile(filepath.Join(s.Home(), "pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, _ := strconv.Atoi(strings.TrimSpace(string(b)))
	t.Cleanup(func() { unix.Kill(pid, unix.SIGKILL) })
	s.WaitState(pid, "S")
	a := s.why(strconv.Itoa(pid))[0]
	adopted := ""
	for _, c := range a.Claims {
		if strings.HasPrefix(c.Key, "adopted-") {
			adopted = c.Text
		}
	}
	if !strings.Contains(adopted, "which forked it, has ended with status 3") {
		t.Errorf("who forked it is not told: %+v", a)
	}
	s.Run("sh -c 'kill -STOP " + strconv.Itoa(pid) + "; :'")
	s.WaitFor("the stop to be known", func() bool {
		a = s.why(strconv.Itoa(pid))[0]
		return strings.Contains(a.Head, "stopped by SIGSTOP")
	})
	if text := a.has(t, "stopped-by"); !strings.Contains(text, "(sh) sent it SIGSTOP") {
		t.Error(text)
	}
	s.Run("sh -c 'kill -CONT " + strconv.Itoa(pid) + "; kill -TERM " + strconv.Itoa(pid) + "; :'")
	s.WaitGone(pid)
	s.WaitFor("the end to be known", func() bool {
		a = s.why(strconv.Itoa(pid))[0]
		return strings.Contains(a.Head, "ended by")
	})
	if text := a.has(t, "killed-by"); !strings.Contains(text, "(sh) sent it SIGTERM") || !strings.Contains(a.Head, "sleep: ended by SIGTERM") {
		t.Errorf("%+v", a)
	}
}
