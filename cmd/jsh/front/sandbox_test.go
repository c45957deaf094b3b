package front

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"jsh/ptytest"
)

// publicJSH is jsh where every user may run it.
func publicJSH(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "jshtest-public-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	b, err := os.ReadFile(ptytest.JSH(t))
	path := filepath.Join(dir, "jsh")
	if err != nil || os.Chmod(dir, 0o755) != nil || os.WriteFile(path, b, 0o755) != nil {
		t.Fatal(err)
	}
	return path
}

// asUsers runs a test as root, where it is run by root, and as an ordinary user.
// It is skipped where the kernel makes no sandbox for that user.
func asUsers(t *testing.T, f func(t *testing.T, sandbox func(args ...string) *exec.Cmd)) {
	jsh := publicJSH(t)
	for _, user := range []string{"root", "an ordinary user"} {
		t.Run("as "+user, func(t *testing.T) {
			if user == "root" && os.Geteuid() != 0 {
				t.Skip("not run as root")
			}
			run := func(args ...string) *exec.Cmd {
				cmd := exec.Command(jsh, append([]string{"--sandbox"}, args...)...)
				cmd.Dir = "/"
				cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=/", "TERM=xterm"}
				if user != "root" && os.Geteuid() == 0 {
					cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
				}
				return cmd
			}
			if out, err := run("true").CombinedOutput(); err != nil || len(out) > 0 {
				t.Skipf("no sandbox here: %v %s", err, out)
			}
			f(t, run)
		})
	}
}

// output runs a script in a sandbox.
func output(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v: %s", err, out)
	}
	return strings.TrimSpace(string(out))
}

func TestASandboxIsAWorldOfItsOwn(t *testing.T) {
	asUsers(t, func(t *testing.T, sandbox func(args ...string) *exec.Cmd) {
		got := output(t, sandbox("sh", "-c", `id -u; hostname; cat /proc/1/comm; echo $PPID; ls /proc | grep -c '^[0-9]*$'; pwd | grep -c jsh-sandbox; ls | wc -l; set -- $(cat /proc/$$/stat); echo $(($5 > 0)) $(($6 == $$))`))
		lines := strings.Split(got, "\n")
		n, _ := strconv.Atoi(lines[min(4, len(lines)-1)])
		if want := "0 sandbox jsh: init 1"; len(lines) < 8 || strings.Join(lines[:4], " ") != want || n > 6 ||
			lines[5] != "1" || strings.TrimSpace(lines[6]) != "0" || lines[7] != "1 1" {
			t.Errorf("%q", lines)
		}
	})
}

func TestASandboxHandsOnTheStatus(t *testing.T) {
	asUsers(t, func(t *testing.T, sandbox func(args ...string) *exec.Cmd) {
		for script, want := range map[string]int{"exit 7": 7, "kill -TERM $$": 143, ":": 0} {
			err := sandbox("sh", "-c", script).Run()
			got := 0
			if ee, ok := err.(*exec.ExitError); ok {
				got = ee.ExitCode()
			}
			if got != want {
				t.Errorf("%s: status %d, want %d (%v)", script, got, want, err)
			}
		}
		out, err := sandbox("/no/such").CombinedOutput()
		if ee, ok := err.(*exec.ExitError); !ok || ee.ExitCode() != 127 || !strings.Contains(string(out), "ENOENT") {
			t.Errorf("%v %s", err, out)
		}
	})
}

func TestTheInitOfASandboxAdoptsAndReapsAndMindsNoSignal(t *testing.T) {
	asUsers(t, func(t *testing.T, sandbox func(args ...string) *exec.Cmd) {
		got := output(t, sandbox("sh", "-c", `kill 1; kill -INT 1; kill -HUP 1; kill -KILL 1
			(sh -c 'read x </proc/self/stat; exec sleep 1000' & echo $! >pid); p=$(cat pid)
			until grep -q '^PPid:.1$' /proc/$p/status; do :; done
			kill $p; while [ -e /proc/$p ]; do :; done; until [ -s .init.log ]; do :; done; cat .init.log`))
		if !strings.Contains(got, "init (pid 1) reaped") || !strings.Contains(got, "SIGTERM") {
			t.Errorf("%q", got)
		}
	})
}

// marked are the living processes that carry a word in their environment or
// arguments.
func marked(word string) (pids []int) {
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, d := range dirs {
		b, _ := os.ReadFile(d + "/cmdline")
		if bytes.Contains(b, []byte(word)) {
			pid, _ := strconv.Atoi(filepath.Base(d))
			if p, ok := ptytest.Proc(pid); ok && !p.Zombie() {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}

func waitUntil(t *testing.T, what string, f func() bool) {
	t.Helper()
	end := time.Now().Add(*deadline)
	for !f() {
		if time.Now().After(end) {
			t.Fatalf("waited for %s", what)
		}
		timer := time.NewTimer(time.Millisecond)
		<-timer.C
	}
}

func TestAllEndsWithTheSandboxWhoeverIsKilled(t *testing.T) {
	asUsers(t, func(t *testing.T, sandbox func(args ...string) *exec.Cmd) {
		for _, victim := range []string{"nobody", "the outermost", "the one in the middle"} {
			word := "31415." + strconv.Itoa(os.Getpid()) + strconv.Itoa(len(victim))
			cmd := sandbox("sh", "-c", "setsid sleep "+word+" & setsid setsid sleep "+word+" & read x")
			in, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			sleeps := func() (n int) {
				for _, pid := range marked(word) {
					if p, ok := ptytest.Proc(pid); ok && p.Comm == "sleep" {
						n++
					}
				}
				return n
			}
			t.Cleanup(func() {
				for _, pid := range marked(word) { // of a test that failed
					unix.Kill(pid, unix.SIGKILL)
				}
			})
			waitUntil(t, "two daemons", func() bool { return sleeps() == 2 })
			switch victim {
			case "nobody":
				in.Close()
			case "the outermost":
				cmd.Process.Kill()
			default:
				b, _ := os.ReadFile("/proc/" + strconv.Itoa(cmd.Process.Pid) + "/task/" + strconv.Itoa(cmd.Process.Pid) + "/children")
				for f := range strings.FieldsSeq(string(b)) {
					pid, _ := strconv.Atoi(f)
					unix.Kill(pid, unix.SIGKILL)
				}
			}
			cmd.Wait()
			waitUntil(t, victim+" killed: the end of all", func() bool { return len(marked(word)) == 0 })
			in.Close()
		}
		left, _ := filepath.Glob("/tmp/jsh-sandbox.*/.init.log")
		if len(left) > 0 {
			t.Errorf("a scratch home is left with its files: %v", left)
		}
	})
}

func TestAForkBombIsHeld(t *testing.T) {
	asUsers(t, func(t *testing.T, sandbox func(args ...string) *exec.Cmd) {
		if got := output(t, sandbox("sh", "-c", "echo $JSH_SANDBOX")); strings.HasSuffix(got, " nothing") {
			t.Skip("root outside, and a kernel before 6.14")
		}
		got := output(t, sandbox("sh", "-c", `(while :; do sleep 1000 & done) 2>err; read -r said <err; echo "$said"`))
		if !strings.Contains(strings.ToLower(got), "fork") {
			t.Errorf("%q", got)
		}
	})
}

func TestARefusedSandboxIsToldAndJshGoesOnAsSubreaper(t *testing.T) {
	asUsers(t, func(t *testing.T, sandbox func(args ...string) *exec.Cmd) {
		jsh := sandbox().Path
		for _, c := range []struct{ make, stage, setting string }{
			{"echo 0 >/proc/sys/user/max_user_namespaces", "clone(CLONE_NEWUSER)", "max_user_namespaces is 0"},
			{"mount -t tmpfs none /proc/sys/fs", "mount of a fresh /proc", "covered by other mounts"},
		} {
			got := output(t, sandbox("sh", "-c", c.make+` && `+jsh+` --sandbox sh -c '(sleep 1000 & echo $! >pid); p=$(cat pid)
				until [ "$(sed -n s/PPid:.//p /proc/$p/status)" != $$ ]; do :; done; cat /proc/$(sed -n s/PPid:.//p /proc/$p/status)/comm; echo after $(id -u)'`))
			for _, want := range []string{"No sandbox here", c.stage, c.setting, "PR_SET_CHILD_SUBREAPER", "\njsh", "after 0"} {
				if !strings.Contains(got, want) {
					t.Errorf("%s: %q is not in %q", c.make, want, got)
				}
			}
			if strings.Count(got, "\n") > 16 {
				t.Errorf("that is no one message: %s", got)
			}
		}
	})
}

func TestASandboxAtATerminalHasAPtyOfItsOwn(t *testing.T) {
	for name, argv := range map[string][]string{
		"root":             {publicJSH(t), "--plain", "--sandbox"},
		"an ordinary user": {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", publicJSH(t), "--plain", "--sandbox"},
	} {
		t.Run("as "+name, func(t *testing.T) {
			if os.Geteuid() != 0 {
				t.Skip("not run as root")
			}
			if out, err := exec.Command(argv[0], append(argv[1:len(argv):len(argv)], "true")...).CombinedOutput(); err != nil || len(out) > 0 {
				t.Skipf("no sandbox here: %v %s", err, out)
			}
			s := open(t, "jsh", ptytest.Options{Argv: argv, Env: []string{"TMPDIR=/tmp"}, Dir: "/"})
			if !strings.Contains(s.Screen(), "Sandbox: pid 1 is jsh's own init") {
				t.Errorf("no welcome:\n%s", s.Screen())
			}
			s.mention("set -- $(cat /proc/$$/stat); echo $(( $5 == $$ && $6 == $$ && $8 == $$ ))", "1")
			nap := "2718." + strconv.Itoa(os.Getpid()) + strconv.Itoa(len(name))
			s.Line("sleep " + nap)
			s.WaitFor("sleep to have the inner terminal", func() bool {
				for _, pid := range marked(nap) {
					if p, ok := ptytest.Proc(pid); ok && p.Comm == "sleep" && p.Tpgid == p.Pgid {
						return true
					}
				}
				return false
			})
			s.Key(ptytest.CtrlZ)
			s.WaitPrompt()
			s.mention("jobs", `\[1\]\+ Stopped \(SIGTSTP\) +sleep `+nap)
			s.Resize(100, 30)
			s.mention("stty size", "30 100")
			s.Run("kill -KILL %1; wait") // else exit would warn of it
			s.Line("exit 3")
			if st := s.WaitExit(); st != 3 {
				t.Errorf("status %d", st)
			}
			after := s.Modes()
			if after.Lflag&(unix.ISIG|unix.ICANON|unix.ECHO) != unix.ISIG|unix.ICANON|unix.ECHO || after.Oflag&unix.OPOST == 0 {
				t.Errorf("the terminal was left raw: %+v", after)
			}
		})
	}
}

func TestASandboxHasSeveralUsersWhereTheUserHasARange(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("not run as root: another user is wanted")
	}
	if _, err := exec.LookPath("newuidmap"); err != nil {
		t.Skip("newuidmap (package uidmap) is not installed")
	}
	ranges, _ := os.ReadFile("/etc/subuid")
	users, _ := os.ReadFile("/etc/passwd")
	for line := range strings.Lines(string(users)) {
		f := strings.Split(line, ":")
		if len(f) < 4 || !strings.Contains("\n"+string(ranges), "\n"+f[0]+":") {
			continue
		}
		uid, _ := strconv.Atoi(f[2])
		gid, _ := strconv.Atoi(f[3])
		cmd := exec.Command(publicJSH(t), "--sandbox", "sh", "-c", "setpriv --reuid=5 --clear-groups id -u")
		cmd.Env, cmd.Dir = []string{"PATH=" + os.Getenv("PATH"), "HOME=/"}, "/"
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
		if got := output(t, cmd); got != "5" {
			t.Errorf("%q", got)
		}
		return
	}
	t.Skip("no user has a range in /etc/subuid")
}

func TestASandboxNeverReadsTheTerminalOutsideFromTheBackground(t *testing.T) {
	jsh := publicJSH(t)
	if out, err := exec.Command(jsh, "--sandbox", "true").CombinedOutput(); err != nil || len(out) > 0 {
		t.Skipf("no sandbox here: %v %s", err, out)
	}
	s := open(t, "jsh", ptytest.Options{})
	s.Run(jsh + " --sandbox cat | cat &")
	s.WaitFor("it to be stopped", func() bool { return strings.Contains(s.Run("jobs"), "Stopped (SIGTT") })
	s.mention("echo still $((1+1))", "still 2")
	s.Run("kill -KILL %1; wait")
	s.mention("echo x | "+jsh+" --sandbox cat", "x")
	s.mention(jsh+" --sandbox tty | cat", "/dev/pts/.*")
}
