package check_test

import (
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"jsh/ptytest"
)

// hasSandbox tells whether check-daemon has a sandbox on this machine.
func hasSandbox(t *testing.T) bool {
	out, err := exec.Command(ptytest.JSH(t), "check-daemon", "true").CombinedOutput()
	return err != nil && !strings.Contains(string(out), "no sandbox here")
}

func TestADaemonThatDoesAllTheHarmItCanDoesNoneOutside(t *testing.T) {
	if !hasSandbox(t) {
		t.Skip("no sandbox on this machine")
	}
	exe := built(t, "testdata/harm/harm.c")
	outside, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range []string{"appended", "removed"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	// Somebody holds the port: in the sandbox it is free.
	l, err := net.Listen("tcp4", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	bystander := exec.Command("cat")
	in, err := bystander.StdinPipe()
	if err != nil || bystander.Start() != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(ptytest.JSH(t), "check-daemon", "--json", exe, dir,
		strconv.Itoa(l.Addr().(*net.TCPAddr).Port), strconv.Itoa(bystander.Process.Pid), outside)
	cmd.Stderr = os.Stderr
	out, _ := cmd.Output()
	var r report
	if err := json.Unmarshal(out, &r); err != nil || r.Status != 1 {
		t.Errorf("%v: %s", err, out)
	}
	for _, v := range r.Verdicts { // it came as far as that
		// The child's kill(-1) may be quicker than its parent's exit.
		ended := strings.Contains(v.Evidence, "status 0") || strings.Contains(v.Evidence, "SIGKILL")
		if v.Claim == "C2" && v.Verdict != "pass" || v.Claim == "C1" && !ended {
			t.Errorf("%+v", v)
		}
	}
	in.Close()
	if err := bystander.Wait(); err != nil {
		t.Errorf("a process outside: %v", err)
	}
	names := []string{}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if got := strings.Join(names, " "); got != "appended removed" {
		t.Errorf("the directory has %s", got)
	}
	if b, _ := os.ReadFile(filepath.Join(dir, "appended")); string(b) != "appended" {
		t.Errorf("%q", b)
	}
	nobodyLeft(t, exe)
}

func TestWhereThereIsNoSandboxCheckDaemonSaysWhyAndJudgesAllTheSame(t *testing.T) {
	exe := built(t, "testdata/daemons/good_classic.c")
	script := `echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"`
	args := []string{"-Ur", "sh", "-c", script, "sh", ptytest.JSH(t), "check-daemon", exe}
	if out, err := exec.Command("unshare", "-Ur", "sh", "-c", script, "sh", "true").CombinedOutput(); err != nil {
		t.Skipf("no user namespace whose limit can be set: %v %s", err, out)
	}
	out, err := exec.Command("unshare", args...).CombinedOutput()
	first, rest, _ := strings.Cut(string(out), "\n")
	if err != nil || !strings.Contains(first, "no sandbox here") || !strings.Contains(first, "ENOSPC") ||
		strings.Contains(rest, "pids of its sandbox") || !strings.Contains(rest, "nothing failed") {
		t.Errorf("%v %s", err, out)
	}
}

func TestInTheSandboxAUserIsWhoHeIs(t *testing.T) {
	if !hasSandbox(t) {
		t.Skip("no sandbox on this machine")
	}
	if os.Geteuid() != 0 {
		t.Skip("not run as root: nobody else to be")
	}
	// Everybody may run these.
	dir, err := os.MkdirTemp("", "jshtest-public-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	b, err := os.ReadFile(ptytest.JSH(t))
	jsh, script := filepath.Join(dir, "jsh"), filepath.Join(dir, "daemon")
	text := "#!/bin/sh\n[ $(id -u) = 4711 ] || exit 91\n[ \"$PWD\" = " + dir + " ] || exit 92\n: >mine && : >/tmp/jsh-mine || exit 93\n( : >/etc/jsh-test ) 2>/dev/null && exit 94\nsleep 60 & exit 7\n"
	if err != nil || os.Chmod(dir, 0o777) != nil || os.WriteFile(jsh, b, 0o755) != nil || os.WriteFile(script, []byte(text), 0o755) != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(jsh, "check-daemon", "./daemon")
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 4711, Gid: 4711}}
	out, _ := cmd.CombinedOutput()
	if !strings.Contains(string(out), "status 7") || !strings.Contains(string(out), "pids of its sandbox") {
		t.Errorf("%s", out)
	}
	if _, err := os.Stat(filepath.Join(dir, "mine")); err == nil {
		t.Error("what it wrote is there")
	}
}
