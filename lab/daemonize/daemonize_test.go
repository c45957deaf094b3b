package daemonize

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/lab/puppet"
)

// The test's own binary is the puppets' helper.
func TestMain(m *testing.M) {
	if puppet.IsHelper(os.Args) {
		os.Exit(puppet.Helper())
	}
	os.Exit(m.Run())
}

// transcript runs the command with what the learner types.
func transcript(t *testing.T, typed string, args ...string) (out, errOut string, status int) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var o, e strings.Builder
	lines := strings.Split(typed, "\n")
	h := &Host{
		Exe: exe, Environ: []string{"PATH=" + os.Getenv("PATH")},
		Look: func(name string) (string, error) { return puppet.Look(name, os.Getenv("PATH")) },
		Out:  func(s string) { o.WriteString(s) },
		Err:  func(s string) { e.WriteString(s) },
		ReadLine: func() (string, bool) {
			if len(lines) < 2 {
				return "", false
			}
			l := lines[0]
			o.WriteString("\n") // the echo of Enter
			lines = lines[1:]
			return l, true
		},
		Cols:     80,
		Bold:     func(s string) string { return s },
		Timeline: func([]event.Event, int64, int) []string { return nil },
	}
	status = Run(args, h)
	for line := range strings.Lines(o.String()) {
		if len([]rune(strings.TrimSuffix(line, "\n"))) > 80 {
			t.Errorf("a line of more than 80 columns: %q", line)
		}
	}
	return o.String(), e.String(), status
}

// daemonOf is the process that a transcript tells of; it is killed at the end.
func daemonOf(t *testing.T, out string) (pid int, status map[string]string) {
	t.Helper()
	m := regexp.MustCompile(`(?m)^pid (\d+) sleep`).FindStringSubmatch(out)
	if m == nil {
		t.Fatalf("no daemon is told:\n%s", out)
	}
	pid, _ = strconv.Atoi(m[1])
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		t.Fatalf("process %d: %v", pid, err)
	}
	t.Cleanup(func() {
		unix.PidfdSendSignal(fd, unix.SIGKILL, nil, 0)
		unix.Close(fd)
	})
	status = map[string]string{}
	text, _ := os.ReadFile("/proc/" + m[1] + "/status")
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(line, ":")
		status[name] = strings.TrimSpace(value)
	}
	stat, _ := os.ReadFile("/proc/" + m[1] + "/stat")
	f := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	status["ppid"], status["pgid"], status["sid"], status["tty"] = f[1], f[2], f[3], f[4]
	status["cwd"], _ = os.Readlink("/proc/" + m[1] + "/cwd")
	fds, _ := filepath.Glob("/proc/" + m[1] + "/fd/*")
	for _, fd := range fds {
		to, _ := os.Readlink(fd)
		status["fds"] += " " + filepath.Base(fd) + ":" + to
	}
	return pid, status
}

func TestItMakesADaemonThatIsOne(t *testing.T) {
	out, errOut, status := transcript(t, "", "--", "sleep", "300")
	pid, at := daemonOf(t, out)
	self := strconv.Itoa(pid)
	if status != 0 || errOut != "" || !strings.Contains(out, "is a daemon") {
		t.Fatalf("status %d\n%s%s", status, out, errOut)
	}
	if at["sid"] == self || at["pgid"] == self || at["sid"] != at["pgid"] || at["tty"] != "0" || at["ppid"] == strconv.Itoa(os.Getpid()) {
		t.Errorf("%v", at)
	}
	if at["fds"] != " 0:/dev/null 1:/dev/null 2:/dev/null" || at["cwd"] != "/" || at["Umask"] != "0000" {
		t.Errorf("%v", at)
	}
	if strings.Trim(at["SigIgn"]+at["SigBlk"], "0") != "" {
		t.Errorf("signals: %v %v", at["SigIgn"], at["SigBlk"])
	}
}

func TestAStepLeftOutIsSeenInTheResult(t *testing.T) {
	own, _ := unix.Getsid(0)
	for _, c := range []struct {
		step, says string
		check      func(pid string, at map[string]string) bool
	}{
		// And in its group, for this test has no job control: a script's ^C reaches it.
		{Setsid, "still in the session of its starter", func(_ string, at map[string]string) bool {
			return at["sid"] == strconv.Itoa(own) && (unix.Getpgrp() == unix.Getpid() || unix.Getpgrp() == 0 || // its leader is outside this pid namespace
				at["pgid"] == strconv.Itoa(unix.Getpgrp()))
		}},
		{Chdir, "it works in ", func(_ string, at map[string]string) bool { return at["cwd"] != "/" }},
		{SecondFork, "it leads its session", func(pid string, at map[string]string) bool { return at["sid"] == pid }},
		{Umask, "is a daemon", func(_ string, at map[string]string) bool { return at["Umask"] != "0000" }},
		{Fork, "still in the session of its starter", func(_ string, at map[string]string) bool { return at["sid"] == strconv.Itoa(own) }},
	} {
		t.Run(c.step, func(t *testing.T) {
			out, errOut, status := transcript(t, "", "--without", c.step, "--", "sleep", "300")
			pid, at := daemonOf(t, out)
			if status != 0 || !strings.Contains(strings.Join(strings.Fields(out), " "), c.says) || !c.check(strconv.Itoa(pid), at) {
				t.Errorf("status %d\n%s%s%v", status, out, errOut, at)
			}
			if refused := strings.Contains(errOut, "setsid() = -1 EPERM"); refused != (c.step == Fork) {
				t.Errorf("errors: %s", errOut)
			}
		})
	}
}

func TestTheWalkShowsEachStepAndMakesTheDaemon(t *testing.T) {
	out, errOut, status := transcript(t, strings.Repeat("\n", 10), "--pause", "--", "sleep", "300")
	daemonOf(t, out)
	if status != 0 || errOut != "" {
		t.Fatalf("status %d\n%s%s", status, out, errOut)
	}
	for _, want := range []string{
		`step 1 of 9  fork`, `\d+: fork\(\) = \d+, exit\(0\): it has ended`, `after +\d+\* +\d+\*`, `adopted by \d+`,
		`(?m)^      (\d+): setsid\(\) = \d+`, `dup2\(\d, 2\) = 2`, `chdir\("/"\) = 0`, `umask\(0\) = 0\d\d`,
		`step 6 of 9  second-fork`, `close_range`, `and so on for 62 signals`, `step 9 of 9  exec`, `is a daemon`,
	} {
		if !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("%s is not in the walk:\n%s", want, out)
		}
	}
}

func TestTheWalkCanBeLeftAndAStepLeftOut(t *testing.T) {
	out, _, status := transcript(t, "\nq\n", "--pause", "--", "sleep", "300")
	m := regexp.MustCompile(`You left: process (\d+) is ended`).FindStringSubmatch(out)
	if status != 1 || m == nil {
		t.Fatalf("status %d\n%s", status, out)
	}
	if b, err := os.ReadFile("/proc/" + m[1] + "/stat"); err == nil && !strings.Contains(string(b), ") Z ") {
		t.Fatalf("it was left behind: %s", b)
	}
	out, _, _ = transcript(t, "\n\nwhat\n\ns\n\n\n\n\n\n", "--pause", "--", "sleep", "300")
	_, at := daemonOf(t, out)
	if at["cwd"] == "/" || !strings.Contains(out, "what: only Enter, s or q") || !strings.Contains(out, "Left out: its file system cannot be unmounted") {
		t.Errorf("%v\n%s", at, out)
	}
	if out, _, status := transcript(t, "\n", "--pause", "--", "sleep", "300"); status != 1 || !strings.Contains(out, "You left") {
		t.Errorf("the end of the input: status %d\n%s", status, out)
	}
}

func TestWrongUsesAreTold(t *testing.T) {
	for _, c := range []struct {
		args   string
		says   string
		status int
	}{
		{"", "the command that is to be a daemon is missing", 2},
		{"--", "the command that is to be a daemon is missing", 2},
		{"--nosuch", "no such option", 2},
		{"--without", "needs the name of a step", 2},
		{"--without sleep -- x", "sleep: no such step; there are fork setsid", 2},
		{"--twin", "needs the name of a step", 2},
		{"--list -- sleep 1", "takes no command", 2},
		{"-- /nonexistent/x", "no such file or directory (ENOENT)", 127},
		{"-- /etc/passwd", "permission denied (EACCES)", 126},
		{"-- /", "permission denied (EACCES)", 126},
	} {
		_, errOut, status := transcript(t, "", strings.Fields(c.args)...)
		if status != c.status || !strings.Contains(errOut, c.says) {
			t.Errorf("daemonize %s: status %d, %s", c.args, status, errOut)
		}
	}
}

func TestTheListExplainsEachStep(t *testing.T) {
	out, _, status := transcript(t, "", "--list")
	for _, s := range Steps() {
		if !strings.Contains(out, s.Name) || !strings.Contains(strings.Join(strings.Fields(out), " "), s.Mistaken) {
			t.Errorf("%s is not explained", s.Name)
		}
	}
	if status != 0 {
		t.Error("status", status)
	}
	if out, _, status := transcript(t, "", "--help"); out != Usage || status != 0 {
		t.Error(status, out)
	}
}
